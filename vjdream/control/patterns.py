"""OSC address patterns: one message for every parameter that matches.

A pattern is matched against all names at once. They stand one after another in one line, and every
place in it is one bit of an integer; a set bit says that the pattern so far can end there. Each
token of the pattern moves the bits to where it can end next ("shift-and": Baeza-Yates and Gonnet,
A New Approach to Text Searching, 1992). Nothing is ever tried again, so a pattern costs as much as
it is long, where a regular expression of ``{,,,}{,,,}{,,,}{,,,}`` can cost the whole evening.
"""

import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_

from vjdream.errors import MessageError
from vjdream.parameters import TABLE, Parameter

WILD = frozenset("*?[]{}")
MOST_WILDCARDS = 8
"""Nobody needs more; matching would stand it."""

_LINE = "".join(f"{name}\n" for name in TABLE)
_PLACES = {letter: sum(1 << i for i, c in enumerate(_LINE) if c == letter) for letter in set(_LINE)}
"""For each letter of any name, the bits of its places."""

_ENDS = _PLACES.pop("\n")
_STARTS = (_ENDS << 1 | 1) & ~(1 << len(_LINE))
_WITHIN = ((1 << len(_LINE)) - 1) & ~_ENDS & ~_PLACES["/"]
"""The places that a wildcard may cover: it stays within its part of an address."""

_BY_END = {
    1 << i: parameter
    for i, parameter in zip(
        (i for i, letter in enumerate(_LINE) if letter == "\n"), TABLE.values(), strict=True
    )
}

_TOKEN = re.compile(
    r"(?P<star>\*+)|(?P<any>\?)"
    r"|\[(?P<no>!?)(?P<set>[^][{}*?!,]+)\]"
    r"|\{(?P<words>[^][{}*?]*)\}"
    r"|(?P<plain>[^][{}*?]+)"
)


@lru_cache(maxsize=256)
def matching(pattern: str) -> tuple[Parameter, ...]:
    """Parameters whose names an OSC address pattern matches (OSC 1.0, "OSC Message Dispatching").

    Raises:
        MessageError: for a pattern that is malformed or holds too many wildcards.
    """
    if sum(pattern.count(c) for c in "*[{") > MOST_WILDCARDS:
        raise MessageError(f"a pattern may hold at most {MOST_WILDCARDS} wildcards")
    reached = _STARTS
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise MessageError(f"'{pattern}' is no OSC address pattern")
        position = token.end()
        reached = _after(token, reached)
    return tuple(parameter for end, parameter in _BY_END.items() if reached & end)


def _after(token: re.Match[str], reached: int) -> int:
    """Where one more token of a pattern can end, begun at any of the places reached so far."""
    kind = token.lastgroup
    if kind == "star":
        while (further := reached | (reached & _WITHIN) << 1) != reached:
            reached = further  # at most once for each letter of the longest name
        return reached
    if kind == "any":
        return (reached & _WITHIN) << 1
    if kind == "set":
        places = _union(_PLACES[letter] for letter in _letters(token["set"]))
        return (reached & _WITHIN & (~places if token["no"] else places)) << 1
    if kind == "words":
        return _union(_along(word, reached) for word in token["words"].split(","))
    return _along(token["plain"], reached)


def _along(word: str, reached: int) -> int:
    """Where a plain word can end."""
    for letter in word:
        reached = (reached & _PLACES.get(letter, 0)) << 1
        if not reached:
            break
    return reached


def _union(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)


def _letters(inside: str) -> set[str]:
    """Those letters of the names that stand between brackets, with ranges written out."""
    letters = set()
    for first, last, single in re.findall(r"(.)-(.)|(.)", inside):
        if single:
            letters.add(single)
        elif first > last:
            raise MessageError(f"'[{inside}]' is no OSC address pattern")
        else:
            letters.update(letter for letter in _PLACES if first <= letter <= last)
    return letters & _PLACES.keys()
