"""Hands on top of a session: what they touch is theirs, all else moves as the session moves it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vjdream.control.ownership import Ownership
from vjdream.control.punch_in import PunchIn
from vjdream.parameters import TABLE, State

ZOOM, BLUR, MASTER, BLACKOUT = (TABLE[n] for n in ("zoom", "blur", "master", "blackout"))
FIRST, SECOND = TABLE["class/1"], TABLE["class/2"]
LOOK = State(zoom=1.5, blur=0.04, class_1="eye", class_2="shell")


class Show:
    """A session and the hands on top of it, moved frame by frame."""

    def __init__(self, start: State | None = None) -> None:
        self.session = Ownership(start or State())
        self.hands = PunchIn(start or State(), self.session)
        self.now = 0.0

    def play(self, name: str, value: object) -> dict[str, object]:
        """Let the session set a value; return what others are told."""
        parameter = TABLE[name]
        self.session.touch(parameter, value)  # type: ignore[arg-type]
        return {p.name: v for p, v in self.hands.follow(((parameter, value),))}  # type: ignore[arg-type]

    def recall(self, look: State, seconds: float) -> dict[str, object]:
        changes = self.session.recall(look, seconds, self.now)
        return {p.name: v for p, v in self.hands.follow(changes)}

    def go(self, seconds: float) -> State:
        for _ in range(round(seconds * 60)):
            self.now += 1 / 60
            self.hands.advance(self.now, 1 / 60)
        return self.hands.current


@pytest.fixture
def show() -> Show:
    return Show()


def test_without_hands_values_are_exactly_those_of_a_show_without_a_player() -> None:
    alone, show = Ownership(State()), Show()
    for frame in range(240):
        now = frame / 60
        if frame == 10:
            alone.recall(LOOK, 2.0, now)
            show.hands.follow(show.session.recall(LOOK, 2.0, now))
        if frame == 50:
            alone.touch(ZOOM, 0.8)
            show.play("zoom", 0.8)
        alone.advance(now, 1 / 60)
        show.hands.advance(now, 1 / 60)
        assert show.hands.current == alone.current
        assert show.hands.mixes == alone.mixes
        assert show.hands.target == alone.target
        assert show.hands.morphing == alone.morphing


def test_a_touched_value_stays_with_the_hand(show: Show) -> None:
    show.hands.touch(ZOOM, 1.2)
    assert show.play("zoom", 1.9) == {}
    assert show.play("blur", 0.02) == {"blur": 0.02}
    there = show.go(2.0)
    assert (there.zoom, there.blur) == (1.2, 0.02)
    assert (show.hands.target.zoom, show.hands.target.blur) == (1.2, 0.02)
    assert (show.hands.owner(ZOOM), show.hands.owner(BLUR)) == ("live", "session")


def test_values_of_the_evening_stay_with_the_hand_too(show: Show) -> None:
    show.hands.touch(BLACKOUT, True)
    show.play("blackout", False)
    assert show.go(0.1).blackout is True


def test_a_session_s_preset_leaves_what_is_touched(show: Show) -> None:
    show.hands.touch(ZOOM, 0.9)
    told = show.recall(LOOK, 1.0)
    assert "zoom" not in told and told["class/1"] == "eye"
    there = show.go(2.0)
    assert (there.zoom, there.blur, there.class_1) == (0.9, 0.04, "eye")


def test_a_released_value_glides_to_where_the_session_has_come(show: Show) -> None:
    show.hands.touch(ZOOM, 0.6)
    show.go(1.0)
    show.play("zoom", 1.8)
    show.go(1.0)
    changes = show.hands.release(show.now)
    assert [(p.name, value) for p, value in changes] == [("zoom", 1.8)]
    assert show.hands.target.zoom == 1.8
    assert 0.6 < show.go(2 / 60).zoom < 1.5
    assert show.go(1.0).zoom == 1.8
    show.play("zoom", 1.1)
    assert show.go(1.0).zoom == 1.1


def test_a_released_value_joins_a_morph_of_the_session(show: Show) -> None:
    show.hands.touch(ZOOM, 0.6)
    show.go(1.0)
    show.recall(LOOK, 4.0)
    show.go(1.0)
    show.hands.release(show.now)
    for _ in range(300):
        show.go(1 / 60)
    assert show.hands.current == show.session.current
    assert show.hands.current.zoom == 1.5


def test_nothing_is_told_of_a_release_that_changes_nothing(show: Show) -> None:
    show.hands.touch(ZOOM, 0.6)
    show.play("zoom", 0.6)
    assert show.hands.release(0.0) == ()
    assert show.hands.owner(ZOOM) == "session"


def test_a_look_that_the_player_recalls_takes_the_whole_look(show: Show) -> None:
    show.hands.recall(LOOK, 0.0, 0.0)
    assert show.play("zoom", 0.7) == {}
    assert show.play("master", 0.5) == {"master": 0.5}
    there = show.go(2.0)
    assert (there.zoom, there.master) == (1.5, 0.5)
    show.hands.release(show.now)
    assert show.go(2.0).zoom == 0.7


def test_regions_dream_what_the_session_says_but_for_those_that_hands_hold(show: Show) -> None:
    show.hands.touch(FIRST, "galaxy")
    show.recall(LOOK, 2.0)
    show.go(1.0)
    first, second, *_ = show.hands.mixes
    assert first == (("galaxy", 1.0),)
    assert {slug for slug, _ in second} == {"galaxy", "shell"}  # on its way from State's class


def test_a_class_counts_as_asked_for_whoever_asks(show: Show) -> None:
    before = sum(show.hands.asked)
    show.hands.touch(FIRST, "galaxy")
    show.play("class/2", "eye")
    assert sum(show.hands.asked) == before + 2
    show.hands.release(0.0)
    assert sum(show.hands.asked) == before + 3


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hand", "session", "look", "release", "wait"]),
            st.sampled_from(["zoom", "blur", "rotate"]),
            st.floats(0.01, 1.0),
        ),
        max_size=12,
    )
)
def test_whatever_was_touched_all_is_the_session_s_after_a_release(
    steps: list[tuple[str, str, float]],
) -> None:
    show = Show()
    for what, name, amount in steps:
        value = TABLE[name].denormalised(amount)
        if what == "hand":
            show.hands.touch(TABLE[name], value)
        elif what == "session":
            show.play(name, value)
        elif what == "look":
            show.recall(State(zoom=1 + amount), amount)
        elif what == "release":
            show.hands.release(show.now)
        show.go(0.1)
    show.hands.release(show.now)
    assert show.hands.target == show.session.target
    show.go(3.0)
    assert show.hands.current == show.session.current
