"""OSC address patterns."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vjdream.control.patterns import MOST_WILDCARDS, matching
from vjdream.parameters import TABLE

# -- address patterns -----------------------------------------------------------------------------

tokens = st.sampled_from(
    ["*", "**", "?", "[a-z]", "[!a-r]", "[xyo1]", "{a,zo}", "{,o}", "{}", "/", "{zoom,pan}", "om"]
)
pieces = st.lists(tokens | st.sampled_from([*TABLE]) | st.sampled_from("abeorstxz12/_"), max_size=7)


def matches(pattern: str, name: str) -> bool:
    """What OSC 1.0 says of patterns, word by word and without regard to time."""
    if not pattern:
        return not name
    if pattern[0] == "{":
        words, _, rest = pattern[1:].partition("}")
        return any(
            name.startswith(word) and matches(rest, name[len(word) :]) for word in words.split(",")
        )
    if pattern[0] == "*" and matches(pattern[1:], name):
        return True
    if not name:
        return False
    if pattern[0] in "*?":
        return name[0] != "/" and matches(pattern if pattern[0] == "*" else pattern[1:], name[1:])
    if pattern[0] == "[":
        inside, _, rest = pattern[1:].partition("]")
        return name[0] != "/" and bool(SETS[inside](name[0])) and matches(rest, name[1:])
    return name[0] == pattern[0] and matches(pattern[1:], name[1:])


SETS: dict[str, Callable[[str], bool]] = {
    "a-z": lambda letter: "a" <= letter <= "z",
    "!a-r": lambda letter: not "a" <= letter <= "r",
    "xyo1": lambda letter: letter in "xyo1",
    "/": lambda letter: False,
}


@given(pieces.map("".join))
@settings(max_examples=1000, deadline=None)
@example("*{,o}*{m,}")
@example("split[/]angle")
def test_a_pattern_matches_what_the_specification_says(pattern: str) -> None:
    if sum(pattern.count(c) for c in "*[{") <= MOST_WILDCARDS:
        expected = [name for name in TABLE if matches(pattern, name)]
        assert [parameter.name for parameter in matching(pattern)] == expected


@pytest.mark.parametrize(
    "bomb", ["{,,,,,,,,,,,,,,,,,,,,}" * 8 + "Q", "*{a,}" * 4 + "Q", "*a*e*r*t*s*i*n*Q", "?" * 250]
)
def test_no_pattern_holds_the_show(bomb: str) -> None:
    """A regular expression of the first would take years; the test's time limit would tell."""
    assert matching(bomb) == ()
