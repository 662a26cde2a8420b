"""The way between two looks, in numbers that can be checked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.control.morph import MOST_CLASSES, Morph, mixed
from vjdream.exchange import Mix, alone
from vjdream.parameters import TABLE, State


def morph(start: State, goal: State, seconds: float = 4.0) -> Morph:
    return Morph(start, alone(start), goal, 10.0, seconds)


def test_the_way_is_slow_at_both_ends_and_half_done_in_the_middle() -> None:
    made = morph(State(), State())
    assert [made.progress(t) for t in (9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 20.0)] == pytest.approx(
        [0, 0, 0.15625, 0.5, 0.84375, 1, 1]
    )
    assert not made.done(13.99)
    assert made.done(14.0)


@pytest.mark.parametrize(
    ("name", "start", "goal", "middle"),
    [
        ("blur", 0.0, 0.04, 0.02),
        ("zoom", 0.5, 2.0, 1.0),
        ("split/angle", 350.0, 30.0, 10.0),
        ("grade/hue", 170.0, -170.0, 180.0),
    ],
)
def test_a_number_travels_along_its_curve_and_the_short_way(
    name: str, start: float, goal: float, middle: float
) -> None:
    parameter = TABLE[name]
    before, after = State().with_value(parameter, start), State().with_value(parameter, goal)
    there = morph(before, after).aim(after, (), 12.0).value(parameter)
    assert float(there) % 360 == pytest.approx(middle % 360)


@pytest.mark.parametrize(
    ("name", "goal"), [("split/shape", "whole"), ("steps", 9), ("mode", "layer")]
)
def test_choices_and_whole_numbers_change_at_the_start(name: str, goal: str | int) -> None:
    after = State().with_value(TABLE[name], goal)
    assert morph(State(), after).aim(after, (), 10.0).value(TABLE[name]) == goal


def test_values_of_the_evening_are_left_alone() -> None:
    after = State(master=0.2, glide=3.0, zoom=1.5)
    there = morph(State(), after).aim(after, (), 10.0)
    assert (there.master, there.glide, there.zoom) == (0.2, 3.0, pytest.approx(1.05))


def test_what_a_hand_has_touched_stays_where_the_hand_put_it() -> None:
    before, after = State(zoom=1.2, blur=0.0), State(zoom=1.7, blur=0.04)
    held = after.with_value(TABLE["zoom"], 0.8)
    there = morph(before, after).aim(held, {"zoom"}, 12.0)
    assert (there.zoom, there.blur) == (0.8, pytest.approx(0.02))


def test_classes_change_by_their_shares() -> None:
    before, after = State(class_1="eye"), State(class_1="fire")
    mixes = morph(before, after).mixes_at(after, (), 11.0)
    assert dict(mixes[0]) == pytest.approx({"eye": 0.84375, "fire": 0.15625})
    assert mixes[1] == (("galaxy", 1.0),)


def test_a_class_that_a_hand_chose_is_there_at_once() -> None:
    before, after = State(class_1="eye"), State(class_1="fire")
    assert morph(before, after).mixes_at(after, {"class/1"}, 11.0)[0] == (("fire", 1.0),)


MIXES = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.floats(0.05, 1)),
    min_size=1,
    max_size=MOST_CLASSES,
    unique_by=lambda entry: entry[0],
).map(lambda entries: tuple((n, p / sum(x for _, x in entries)) for n, p in entries))


@given(MIXES, st.sampled_from("abcdefgh"), st.floats(0, 1))
def test_a_mix_of_any_classes_sums_to_one_and_stays_short(
    before: Mix, slug: str, share: float
) -> None:
    mix = mixed(before, slug, share)
    assert sum(part for _, part in mix) == pytest.approx(1)
    assert 1 <= len(mix) <= MOST_CLASSES
    assert len({name for name, _ in mix}) == len(mix)


def test_a_mix_ends_with_the_new_class_alone() -> None:
    assert mixed((("eye", 0.5), ("fire", 0.5)), "leaf", 1.0) == (("leaf", 1.0),)
