"""Who moves a value: a hand, or the look that was recalled."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.control.ownership import Ownership
from vjdream.parameters import TABLE, State

ZOOM, BLUR, MASTER = TABLE["zoom"], TABLE["blur"], TABLE["master"]
CLASS = TABLE["class/1"]
LOOK = State(zoom=1.5, blur=0.04, class_1="eye", master=0.1)


def after(values: Ownership, seconds: float, since: float = 0.0) -> State:
    """Let time pass, a sixtieth of a second at a time."""
    frames = round(seconds * 60)
    for number in range(1, frames + 1):
        values.advance(since + number / 60, 1 / 60)
    return values.current


def test_a_recalled_look_arrives_in_its_time() -> None:
    values = Ownership(State())
    values.recall(LOOK, 2.0, 0.0)
    halfway = after(values, 1.0)
    assert 1.1 < halfway.zoom < 1.4
    there = after(values, 2.0, 1.0)
    assert (there.zoom, there.blur, there.class_1) == (1.5, 0.04, "eye")


def test_targets_are_those_of_the_look_at_once() -> None:
    values = Ownership(State())
    changes = values.recall(LOOK, 60.0, 0.0)
    assert {p.name: v for p, v in changes} == {"zoom": 1.5, "blur": 0.04, "class/1": "eye"}
    assert values.target.zoom == 1.5
    assert values.target.master == 1.0


def test_a_look_without_time_glides_like_a_fader() -> None:
    values = Ownership(State(glide=0.5))
    values.recall(LOOK, 0.0, 0.0)
    values.advance(1 / 60, 1 / 60)
    assert 1.05 < values.current.zoom < 1.15
    assert after(values, 2.0).zoom == 1.5


def test_a_value_never_jumps_when_looks_follow_each_other() -> None:
    values = Ownership(State())
    seen = [values.current.zoom]
    for number in range(240):
        if number % 20 == 0:
            values.recall(State(zoom=1.9 if number % 40 else 0.6), 1.0, number / 60)
        values.advance((number + 1) / 60, 1 / 60)
        seen.append(values.current.zoom)
    assert max(abs(b - a) for a, b in itertools.pairwise(seen)) < 0.05


def test_a_touched_value_leaves_the_morph_and_the_others_go_on() -> None:
    values = Ownership(State(glide=0.0))
    values.recall(LOOK, 2.0, 0.0)
    after(values, 1.0)
    values.touch(ZOOM, 0.8)
    there = after(values, 2.0, 1.0)
    assert (there.zoom, there.blur) == (0.8, 0.04)
    assert (values.owner(ZOOM), values.owner(BLUR)) == ("live", "morph")


def test_release_gives_a_touched_value_back() -> None:
    values = Ownership(State())
    values.recall(LOOK, 2.0, 0.0)
    values.touch(ZOOM, 0.8)
    values.touch(BLUR, 0.04)
    after(values, 3.0)
    assert values.release(3.0) == ((ZOOM, 1.5),)
    assert values.owner(ZOOM) == "morph"
    assert after(values, 2.0, 3.0).zoom == 1.5
    assert values.release(5.0) == ()


def test_what_is_released_during_a_morph_joins_it_without_a_jump() -> None:
    values = Ownership(State())
    values.recall(State(zoom=2.0), 4.0, 0.0)
    values.touch(ZOOM, 0.6)
    after(values, 2.0)
    values.release(2.0)
    values.advance(2.0 + 1 / 60, 1 / 60)
    assert values.current.zoom < 0.7
    assert after(values, 2.5, 2.0 + 1 / 60).zoom == 2.0


def test_a_released_class_does_not_bring_the_old_look_back() -> None:
    values = Ownership(State(class_1="fire"))
    values.recall(State(class_1="leaf"), 4.0, 0.0)
    values.touch(CLASS, "eye")
    after(values, 2.0)
    values.seen = values.mixes
    values.release(2.0)
    values.advance(2.0 + 1 / 60, 1 / 60)
    assert dict(values.mixes[0]).keys() <= {"eye", "leaf"}
    after(values, 2.5, 2.0 + 1 / 60)
    assert values.mixes[0] == (("leaf", 1.0),)


def test_how_often_a_region_is_asked_for_a_class_is_counted() -> None:
    values = Ownership(State())
    values.touch(CLASS, "eye")
    values.touch(CLASS, "eye")
    assert values.asked == [2, 0, 0, 0]
    values.recall(State(), 1.0, 0.0)
    assert values.asked == [3, 1, 1, 1]


def test_before_any_preset_release_returns_to_the_start() -> None:
    values = Ownership(State(zoom=1.3))
    values.touch(ZOOM, 0.8)
    assert values.release(0.0) == ((ZOOM, 1.3),)


def test_values_of_the_evening_belong_to_hands_alone() -> None:
    values = Ownership(State())
    values.touch(MASTER, 0.5)
    assert values.owner(MASTER) == "live"
    values.recall(LOOK, 0.0, 0.0)
    values.release(0.0)
    assert values.target.master == 0.5


def test_a_new_look_takes_what_hands_had_touched() -> None:
    values = Ownership(State())
    values.touch(ZOOM, 0.8)
    values.recall(LOOK, 0.0, 0.0)
    assert values.owner(ZOOM) == "morph"
    assert values.target.zoom == 1.5


def test_a_second_look_starts_from_the_classes_that_are_seen() -> None:
    values = Ownership(State(class_1="eye"))
    values.recall(State(class_1="fire"), 2.0, 0.0)
    after(values, 1.0)
    values.seen = values.mixes
    values.recall(State(class_1="leaf"), 2.0, 1.0)
    values.advance(1.0 + 1 / 60, 1 / 60)
    shares = dict(values.mixes[0])
    assert shares["eye"] == pytest.approx(0.5, abs=0.02)
    assert shares["fire"] == pytest.approx(0.5, abs=0.02)
    after(values, 2.0, 1.0 + 1 / 60)
    assert values.mixes[0] == (("leaf", 1.0),)


@given(
    st.lists(
        st.tuples(st.floats(0.5, 2.0), st.floats(0, 3), st.integers(1, 60), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_the_last_look_wins_whatever_came_before(
    looks: list[tuple[float, float, int, bool]],
) -> None:
    values, now = Ownership(State()), 0.0
    for zoom, seconds, frames, touch in looks:
        values.recall(State(zoom=zoom), seconds, now)
        if touch:
            values.touch(BLUR, 0.01)
        after(values, frames / 60, now)
        now += frames / 60
    after(values, 5.0, now)
    assert values.current == values.target
    assert values.current.zoom == looks[-1][0]


def test_what_hands_held_before_returns_to_its_look() -> None:
    values = Ownership(State(zoom=1.5, blur=0.01), ((ZOOM, 1.2),))
    assert (values.owner(ZOOM), values.owner(BLUR)) == ("live", "morph")
    assert values.touched == ((ZOOM, 1.2),)
    assert values.release(0.0) == ((ZOOM, 1.2),)
    assert values.touched == ()
