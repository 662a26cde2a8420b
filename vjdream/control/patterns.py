"""OSC address patterns: one message for every parameter that matches."""

import re
from functools import lru_cache

from vjdream.errors import MessageError
from vjdream.parameters import TABLE, Parameter

WILD = frozenset("*?[]{}")
MOST_WILDCARDS = 8
"""More than these make matching slow."""


@lru_cache(maxsize=256)
def matching(pattern: str) -> tuple[Parameter, ...]:
    """Parameters whose names an OSC address pattern matches (OSC 1.0, "OSC Message Dispatching").

    Raises:
        MessageError: for a pattern that is malformed or expensive.
    """
    if sum(pattern.count(c) for c in "*[{") > MOST_WILDCARDS:
        raise MessageError(f"a pattern may hold at most {MOST_WILDCARDS} wildcards")
    try:
        # a run of stars means one star, and would be slow to match
        expression = re.compile(_translated(re.sub(r"\*+", "*", pattern)))
    except re.error:
        raise MessageError(f"'{pattern}' is no OSC address pattern") from None
    return tuple(p for p in TABLE.values() if expression.fullmatch(p.name))


_TOKEN = re.compile(
    r"(?P<star>\*)|(?P<any>\?)"
    r"|\[(?P<no>!?)(?P<set>[^][{}*?!,]+)\]"
    r"|\{(?P<words>[^][{}*?]*)\}"
    r"|(?P<plain>[^][{}*?])"
)


def _translated(pattern: str) -> str:
    """An OSC address pattern as a regular expression."""
    parts = []
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise MessageError(f"'{pattern}' is no OSC address pattern")
        position = token.end()
        if token["star"]:
            parts.append("[^/]*")
        elif token["any"]:
            parts.append("[^/]")
        elif token["set"]:
            ranges = re.sub(
                r"(.)-(.)|(.)",
                lambda m: re.escape(m[3]) if m[3] else f"{re.escape(m[1])}-{re.escape(m[2])}",
                token["set"],
            )
            parts.append(f"[{'^' if token['no'] else ''}{ranges}]")
        elif token["words"] is not None:
            parts.append(f"(?:{'|'.join(map(re.escape, token['words'].split(',')))})")
        else:
            parts.append(re.escape(token["plain"]))
    return "".join(parts)
