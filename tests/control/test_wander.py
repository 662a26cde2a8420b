"""Drift: slow, around what was asked for, and the same every night."""

import itertools
from random import Random

import pytest

from vjdream.control.wander import CHANGE_EVERY, FADE, Wander
from vjdream.exchange import Mixes, alone
from vjdream.parameters import TABLE, State

PALETTE = ("eye", "fire", "leaf", "ocean", "bee", "moon")
START = State(
    class_1="eye",
    class_2="fire",
    class_3="leaf",
    class_4="ocean",
    wander=1.0,
    split_shape="quarters",
)


def wander(seed: int = 0) -> Wander:
    dice = Random(seed)
    return Wander(START, lambda seen: dice.choice([c for c in PALETTE if c not in seen]))


def drift(made: Wander, state: State, seconds: float, asked: int = 0) -> list[tuple[State, Mixes]]:
    """Let it drift; `asked` is how often region 1 was asked for a class."""
    times = (asked, 0, 0, 0)
    return [made.drifted(state, alone(state), 0.1, times) for _ in range(round(seconds * 10))]


def test_without_wander_nothing_moves() -> None:
    still = START.with_value(TABLE["wander"], 0.0)
    assert all(seen == (still, alone(still)) for seen in drift(wander(), still, 60))


def test_every_region_takes_another_class_in_its_time() -> None:
    seen = [state.classes for state, _ in drift(wander(), START, 2 * CHANGE_EVERY)]
    for region in range(4):
        changes = sum(a[region] != b[region] for a, b in itertools.pairwise(seen))
        assert changes in (1, 2)
    assert all(len(set(classes)) == 4 for classes in seen)


def test_at_half_wander_it_takes_twice_as_long() -> None:
    half = START.with_value(TABLE["wander"], 0.5)
    seen = [state.class_4 for state, _ in drift(wander(), half, 4 * CHANGE_EVERY + 1)]
    assert sum(a != b for a, b in itertools.pairwise(seen)) == 2


def test_regions_that_are_not_shown_stay_and_take_nothing_from_the_others() -> None:
    halves = START.with_value(TABLE["split/shape"], "line")
    seen = [state.classes for state, _ in drift(wander(), halves, 20 * CHANGE_EVERY)]
    assert {classes[2:] for classes in seen} == {("leaf", "ocean")}
    assert {classes[0] for classes in seen} == set(PALETTE)
    assert all(classes[0] != classes[1] for classes in seen)


def test_a_palette_that_is_all_seen_changes_nothing() -> None:
    made = Wander(START, lambda seen: "eye")
    assert {state.classes for state, _ in drift(made, START, 60)} == {START.classes}


def test_one_class_gives_way_to_another_by_shares() -> None:
    shares = [dict(mixes[3]) for _, mixes in drift(wander(), START, CHANGE_EVERY + FADE + 1)]
    both = [mix for mix in shares if len(mix) == 2]
    assert FADE * 9 < len(both) < FADE * 10 + 2
    assert all(sum(mix.values()) == pytest.approx(1) for mix in shares)
    assert len(shares[-1]) == 1
    assert "ocean" not in shares[-1]


def test_the_camera_sways_slowly_and_stays_in_range() -> None:
    seen = [state for state, _ in drift(wander(), START, 300)]
    for name in ("zoom", "rotate", "pan/x", "pan/y"):
        values = [float(state.value(TABLE[name])) for state in seen]
        assert max(values) - min(values) > 0.02
        steps = [abs(b - a) for a, b in itertools.pairwise(values)]
        assert max(steps) < 0.03 * (max(values) - min(values))
        assert TABLE[name].minimum <= min(values) <= max(values) <= TABLE[name].maximum


def test_a_camera_at_its_limit_stays_in_range() -> None:
    fast = State(wander=1.0, zoom=2.0, rotate=180.0)
    assert all(s.zoom <= 2 and s.rotate <= 180 for s, _ in drift(wander(), fast, 120))


def test_a_class_that_is_asked_for_is_shown_at_once_and_given_its_time() -> None:
    made = wander()
    drift(made, START, 40)
    asked = START.with_value(TABLE["class/1"], "bee")
    seen = [state.class_1 for state, _ in drift(made, asked, CHANGE_EVERY - 0.5, 1)]
    assert set(seen) == {"bee"}


def test_a_class_that_is_asked_for_again_comes_back_at_once() -> None:
    made = wander()
    assert drift(made, START, 40)[-1][0].class_1 != "eye"
    assert made.drifted(START, alone(START), 0.1, (1, 0, 0, 0))[0].class_1 == "eye"


def test_during_a_morph_the_morph_alone_changes_classes() -> None:
    made = wander()
    drift(made, START, 40)
    half = ((("eye", 0.4), ("bee", 0.6)), *alone(START)[1:])
    for _ in range(300):
        _, mixes = made.drifted(START, half, 0.1, (1, 1, 1, 1), morphing=True)
        assert mixes == half


def test_when_wander_ends_the_asked_classes_come_back() -> None:
    made = wander()
    drift(made, START, 40)
    still = START.with_value(TABLE["wander"], 0.0)
    seen = drift(made, still, 2 * FADE + 1)
    assert seen[-1] == (still, alone(still))


def test_the_same_show_drifts_the_same_way() -> None:
    assert drift(wander(), START, 100) == drift(wander(), START, 100)
    assert drift(wander(1), START, 100) != drift(wander(2), START, 100)
