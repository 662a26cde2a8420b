"""Authors: whose change it was that the stage tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.osc_client import message, read
from vjdream.messages import Argument
from vjdream.parameters import TABLE
from vjdream.surfaces.authors import MOST_ADDRESSES, OWN, QUICK, Authors, meant, same

ZOOM, STEPS = "/vjdream/zoom", "/vjdream/steps"


def test_a_change_that_comes_back_belongs_to_who_sent_it() -> None:
    authors = Authors()
    authors.says(ZOOM, (1.2,), "web 1", 0.0)
    assert authors.of(ZOOM, (1.2,), 0.1) == "web 1"
    assert authors.of("/vjdream/blur", (1.2,), 0.1) == ""


def test_after_half_a_second_it_is_anybodys() -> None:
    authors = Authors()
    authors.says(ZOOM, (1.2,), "web 1", 0.0)
    assert authors.of(ZOOM, (1.2,), OWN) == "web 1"
    assert authors.of(ZOOM, (1.2,), OWN + 0.01) == ""


def test_what_became_something_else_is_told_to_its_author_too() -> None:
    """A number that was clamped, a word that was resolved."""
    authors = Authors()
    authors.says(ZOOM, (9.0,), "web 1", 0.0)
    authors.says("/vjdream/class/1", ("volcan",), "web 1", 0.0)
    assert authors.of(ZOOM, (2.0,), 0.1) == ""
    assert authors.of("/vjdream/class/1", ("volcano",), 0.1) == ""
    assert authors.mistaken(ZOOM, (2.0,), 0.1)
    assert not authors.mistaken(ZOOM, (9.0,), 0.1)
    assert not authors.mistaken(ZOOM, (2.0,), 1.0)


def test_a_fader_that_has_moved_on_still_owns_what_it_said_before() -> None:
    authors = Authors()
    for place, value in enumerate((0.6, 0.7, 0.8)):
        authors.says(ZOOM, (value,), "midi nano", place / 60)
    assert authors.of(ZOOM, (0.6,), 0.05) == "midi nano"


def test_of_two_who_said_the_same_the_last_is_meant() -> None:
    authors = Authors()
    authors.says(ZOOM, (1.1,), "web 1", 0.0)
    authors.says(ZOOM, (1.1,), "web 2", 0.1)
    assert authors.of(ZOOM, (1.1,), 0.2) == "web 2"


def test_the_same_value_again_at_once_says_nothing_new() -> None:
    authors = Authors()
    assert not authors.says(ZOOM, (1.1,), "web 1", 0.0)
    assert authors.says(ZOOM, (1.1,), "web 1", 0.1)
    assert authors.says(ZOOM, (1.1,), "web 1", 0.1 + 0.9 * QUICK)
    assert not authors.says(ZOOM, (1.1,), "web 2", 0.1), "another one says it, too"
    assert not authors.says(ZOOM, (1.2,), "web 1", 0.5)
    assert not authors.says(ZOOM, (1.2,), "web 1", 0.5 + QUICK), "a hand means it again"


def test_a_host_that_repeats_itself_leaves_the_fader_to_others() -> None:
    """TouchDesigner sends all its channels sixty times a second."""
    authors = Authors()
    authors.says(ZOOM, (1.0,), "web td", 0.0)
    authors.says(ZOOM, (1.3,), "web 1", 0.05)
    assert authors.says(ZOOM, (1.0,), "web td", 0.1)


def test_numbers_are_the_same_as_far_as_32_bits_tell() -> None:
    (heard,) = read(message(ZOOM, 1.05))[2]
    assert heard != 1.05
    assert same((heard,), (1.05,))
    assert same((5,), (5.0,))
    assert same((True,), (1,))
    assert not same((1.05,), (1.0501,))
    assert not same(("1",), (1,))


def test_a_normalised_value_is_known_as_the_value_itself() -> None:
    assert meant("/vjdream/norm/zoom", (0.5,)) == (ZOOM, (pytest.approx(1.0),))
    assert meant("/vjdream/norm/steps", (1.0,)) == (STEPS, (64,))
    assert meant("/vjdream/norm/zoom", (7.0,)) == (ZOOM, (pytest.approx(2.0),))


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        (ZOOM, ("+", 0.1)),
        (ZOOM, ("?",)),
        ("/vjdream/blackout", ("!",)),
        (ZOOM, ()),
        (ZOOM, (None,)),
        ("/vjdream/norm/mode", (0.5,)),
        ("/vjdream/norm/zoom", (float("nan"),)),
        ("/vjdream/norm/nothing", (0.5,)),
        ("/vjdream/preset/load", ("eyes",)),
        ("/vjdream/next/1", (1,)),
        ("zoom", (1.0,)),
        ("/vjdream/class/*", ("eye",)),
    ],
)
def test_what_means_something_else_each_time_is_no_plain_value(
    address: str, arguments: tuple[Argument, ...]
) -> None:
    assert meant(address, arguments) is None


@given(st.sampled_from(list(TABLE.values())), st.floats(0, 1))
def test_every_number_along_its_curve_is_known_when_it_comes_back(parameter, share) -> None:
    if not parameter.numeric:
        return
    found = meant(f"/vjdream/norm/{parameter.name}", (share,))
    assert found is not None
    value, note = parameter.number(parameter.denormalised(share))
    assert found == (parameter.address, (value,)) and not note


def test_few_things_are_remembered() -> None:
    authors = Authors()
    for number in range(MOST_ADDRESSES + 10):
        authors.says(f"/{number}", (1,), "web 1", 0.0)
    assert authors.of("/0", (1,), 0.1) == ""
    assert authors.of("/10", (1,), 0.1) == "web 1"
