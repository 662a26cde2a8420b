"""What OSCQuery clients ask, over HTTP or as text over the WebSocket, and what they are answered.

Clients are read leniently, as they are: without a slash before ``?``, with a path where JSON should
be, with several JSON objects in one message.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from vjdream.surfaces.tree import READ, Tree, Values

FOUND, NOTHING, MALFORMED, MISSING = 200, 204, 400, 404
HOST_INFO = "HOST_INFO"

ATTRIBUTES = frozenset(
    {
        "FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "TAGS", "UNIT",
        "EXTENDED_TYPE", "CLIPMODE", "CRITICAL", "OVERLOADS", "HTML", "HELP",
    }
)  # fmt: skip
"""Those of the proposal, and HELP."""

EXTENSIONS = {
    name: name not in ("TAGS", "EXTENDED_TYPE", "CRITICAL", "OVERLOADS", "HTML")
    for name in (
        "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "TAGS", "UNIT", "EXTENDED_TYPE", "CLIPMODE",
        "CRITICAL", "OVERLOADS", "HTML", "HELP", "LISTEN", "PATH_CHANGED",
    )
}  # fmt: skip
"""What this server does, and what it says that it does not."""

LONGEST_PATH = 1024
MOST_WORDS = 1024
"""Requests in one text message: more than there are addresses."""


@dataclass(frozen=True, slots=True)
class Query:
    """A path and the one attribute that is asked for; "" asks for the whole node."""

    path: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """LISTEN or IGNORE."""

    command: str
    path: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A status of HTTP, and what is said with it."""

    status: int
    content: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """As JSON; numbers that JSON lacks are left out before."""
        return json.dumps(self.content, ensure_ascii=False, separators=(",", ":"))


def read_query(target: str) -> Query:
    """Read what stands in a request after the host: ``/path?ATTRIBUTE``."""
    target = target.partition("#")[0]
    path, _, asked = target.partition("?")
    path = "/" + unquote(path[:LONGEST_PATH]).strip("/")
    if HOST_INFO in asked:
        return Query(path, HOST_INFO)
    return Query(path, unquote(asked).strip().removesuffix("="))


def answer(query: Query, tree: Tree, values: Values, host: dict[str, Any]) -> Answer:
    """Answer one query.

    Args:
        host: what HOST_INFO is answered with.
    """
    if query.attribute == HOST_INFO:
        return Answer(FOUND, host)
    node = tree.node(query.path, values)
    if node is None:
        return Answer(MISSING)
    if not query.attribute:
        return Answer(FOUND, node)
    if query.attribute not in ATTRIBUTES:
        return Answer(MALFORMED)
    if query.attribute in node:
        return Answer(FOUND, {query.attribute: node[query.attribute]})
    if query.attribute == "VALUE" and node["ACCESS"] & READ:
        return Answer(FOUND, {})  # it has none yet
    return Answer(NOTHING)


def read_text(text: str) -> list[Query | Wish]:
    """Read a text message of a WebSocket; what cannot be understood is passed over."""
    text = text.strip()
    if text.startswith(("/", "?")) or text == HOST_INFO:
        return [read_query("?" + text if text == HOST_INFO else text)]
    found: list[Query | Wish] = []
    decoder = json.JSONDecoder()
    position = 0
    while position < len(text) and len(found) < MOST_WORDS:
        if text[position] != "{":  # between objects: spaces, commas, whatever
            position = text.find("{", position)
            if position < 0:
                break
        try:
            said, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        wish = _wish(said)
        if wish is not None:
            found.append(wish)
    return found


def _wish(said: object) -> Query | Wish | None:
    """Return what one JSON object asks for."""
    if not isinstance(said, dict):
        return None
    command, data = said.get("COMMAND"), said.get("DATA")
    if not isinstance(command, str) or not (data is None or isinstance(data, str)):
        return None
    command, path = command.upper(), (data or "/")[:LONGEST_PATH]
    if command in ("LISTEN", "IGNORE"):
        return Wish(command, path)
    if command == HOST_INFO:
        return Query("/", HOST_INFO)
    return None
