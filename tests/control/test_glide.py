"""Glide: how values travel, told the seconds."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vjdream.control.glide import glide
from vjdream.parameters import TABLE, State

CONTINUOUS = [p for p in TABLE.values() if p.kind == "continuous" and p.name != "glide"]


def after(seconds: float, frames: int, current: State, target: State) -> State:
    for _ in range(frames):
        current = glide(current, target, seconds / frames)
    return current


def test_a_value_covers_95_percent_within_the_glide_time() -> None:
    target = State(master=0.0, glide=2.0)
    assert after(2.0, 120, State(master=1.0), target).master == pytest.approx(0.05, abs=0.001)


def test_the_way_does_not_depend_on_the_frame_rate() -> None:
    target = State(zoom=2.0, pan_x=0.5, grade_hue=170.0, glide=1.0)
    slow, fast = after(0.5, 12, State(), target), after(0.5, 120, State(), target)
    for parameter in CONTINUOUS:
        assert slow.value(parameter) == pytest.approx(fast.value(parameter))


def test_a_value_arrives_exactly_and_then_rests() -> None:
    target = State(zoom=1.7, pan_x=-0.3, split_angle=300.0, grade_hue=-170.0)
    arrived = after(5.0, 300, State(), target)
    assert arrived == target
    assert glide(arrived, target, 1 / 60) is arrived


def test_without_glide_every_value_is_there_at_once() -> None:
    target = State(zoom=1.7, grade_hue=33.3, split_angle=123.4, master=0.2, glide=0.0)
    arrived = glide(State(grade_hue=0.1), target, 1 / 60)
    for parameter in CONTINUOUS:
        assert arrived.value(parameter) == pytest.approx(target.value(parameter))


def test_a_zoom_glides_in_equal_ratios() -> None:
    target = State(zoom=2.0, glide=1.0)
    first = glide(State(zoom=0.5), target, 0.1).zoom
    second = glide(State(zoom=first), target, 0.1).zoom
    third = glide(State(zoom=second), target, 0.1).zoom
    assert (third / second - 1) < (second / first - 1)
    share = (first / 0.5, 2.0 / 0.5)
    assert 1 < share[0] < share[1]


def test_an_angle_takes_the_short_way_round() -> None:
    moved = glide(State(split_angle=350.0), State(split_angle=20.0, glide=1.0), 0.1)
    assert moved.split_angle > 350.0 or moved.split_angle < 20.0


def test_a_hue_takes_the_short_way_through_half_a_turn() -> None:
    moved = glide(State(grade_hue=170.0), State(grade_hue=-170.0, glide=1.0), 0.1)
    assert abs(moved.grade_hue) > 170.0


def test_blackout_and_hold_do_not_glide() -> None:
    moved = glide(State(), State(blackout=True, hold=True, glide=10.0), 1e-3)
    assert moved.blackout
    assert moved.hold


def test_words_choices_and_whole_numbers_change_at_once() -> None:
    target = State(class_1="ocean", split_shape="quarters", steps=30, glide=10.0)
    moved = glide(State(), target, 1e-3)
    assert (moved.class_1, moved.split_shape, moved.steps) == ("ocean", "quarters", 30)


def test_the_glide_time_itself_acts_at_once() -> None:
    assert glide(State(), State(glide=7.0), 1e-3).glide == 7.0


def test_no_time_moves_nothing() -> None:
    start = State(zoom=0.5)
    assert glide(start, State(zoom=2.0, glide=1.0), 0.0).zoom == pytest.approx(0.5)


def test_a_value_never_overshoots() -> None:
    moved = glide(State(master=0.0), State(master=1.0, glide=0.01), 100.0)
    assert moved.master == 1.0


@given(
    st.sampled_from(CONTINUOUS),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 2),
    st.floats(0, 10),
)
@settings(deadline=None)
def test_a_gliding_value_stays_in_its_range(
    parameter: object, start: float, end: float, seconds: float, time: float
) -> None:
    assert parameter in CONTINUOUS
    line = next(p for p in CONTINUOUS if p is parameter)
    here, there = (line.number(line.denormalised(at))[0] for at in (start, end))
    current = State().with_value(line, here)
    target = dataclasses.replace(State().with_value(line, there), glide=time)
    moved = float(glide(current, target, seconds).value(line))
    slack = 1e-9 * (line.maximum - line.minimum)
    assert line.minimum - slack <= moved <= line.maximum + slack
    if not line.wraps:
        low, high = sorted((float(here), float(there)))
        assert low - slack <= moved <= high + slack
