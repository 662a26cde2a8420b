"""Canonical messages: what a recording has of a message, whoever sent it and however."""

from pathlib import Path

import pytest

from tests.fakes import vocabulary
from vjdream.control.dispatch import Dispatcher
from vjdream.control.outcome import Request
from vjdream.control.ownership import Ownership
from vjdream.control.punch_in import PunchIn
from vjdream.errors import VJDreamError
from vjdream.exchange import Rewind
from vjdream.messages import Argument, Message, Told
from vjdream.parameters import TABLE, State
from vjdream.preset_library import Library
from vjdream.session_text import LONGEST_MARK

START = State(class_1="red", class_2="green", class_3="blue", class_4="dark", layer="colours")
HAND = ("10.0.0.2", 9000)


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dispatcher:
    monkeypatch.setattr("vjdream.preset_library.shipped_folder", lambda: tmp_path / "none")
    (tmp_path / "calm.yaml").write_text("vjdream: 1\nzoom: 1.25\n")
    (tmp_path / "wild one.yaml").write_text("vjdream: 1\nzoom: 0.5\n")
    return Dispatcher(vocabulary(), START, Library(vocabulary(), tmp_path, first=START))


def told(player: Dispatcher, name: str, *arguments: Argument, at: float = 0.0) -> tuple[Told, ...]:
    return player.apply(Message(at, f"/vjdream/{name}", arguments, HAND)).canonical


@pytest.mark.parametrize(
    ("name", "arguments", "canonical"),
    [
        ("zoom", (1.5,), [("zoom", 1.5)]),
        ("zoom", ("+", 0.25), [("zoom", 1.3)]),
        ("zoom", (99.0,), [("zoom", 2.0)]),
        ("norm/weight/1", (0.25,), [("weight/1", 0.5)]),
        ("steps", (7.4,), [("steps", 7)]),
        ("blackout", ("!",), [("blackout", True)]),
        ("mode", (1,), [("mode", "layer")]),
        ("class/1", (2,), [("class/1", "blue")]),
        (
            "classes",
            ("blue+red",),
            [(f"class/{n}", s) for n, s in enumerate(("blue", "red") * 2, 1)],
        ),
        ("pan", (0.5, -0.5), [("pan/x", 0.5), ("pan/y", -0.5)]),
        ("weight/[12]", (0.5,), [("weight/1", 0.5), ("weight/2", 0.5)]),
        ("palette/3", (), [("class/1", "blue")]),
        ("next/2", (1,), [("class/2", "blue")]),
    ],
)
def test_values_are_told_as_absolute_values_of_their_addresses(
    player: Dispatcher,
    name: str,
    arguments: tuple[Argument, ...],
    canonical: list[tuple[str, Argument]],
) -> None:
    found = told(player, name, *arguments)
    assert [address.removeprefix("/vjdream/") for address, _ in found] == [n for n, _ in canonical]
    for (_, (value,)), (_, wanted) in zip(found, canonical, strict=True):
        assert value == pytest.approx(wanted) if isinstance(wanted, float) else value == wanted


@pytest.mark.parametrize(
    ("name", "arguments", "canonical"),
    [
        ("preset/load", ("CALM", 4), ("preset/load", ("calm", 4.0))),
        ("preset", ("wild\u00a0one",), ("preset/load", ("wild one", 2.0))),
        ("preset/next", (1,), ("preset/load", ("calm", 2.0))),
        ("preset/previous", (), ("preset/load", ("wild one", 2.0))),
        ("preset/save", ("Tonight",), ("preset/save", ("tonight",))),
        ("reset/look", (), ("reset/look", (1,))),
        ("reset/canvas", (), ("reset/canvas", (1,))),
        ("release", (1.0,), ("release", (1,))),
        ("rewind", (8,), ("rewind", (8.0,))),
        ("rewind", (900,), ("rewind", (60.0,))),
        ("mark", ("The  drop ",), ("mark", ("The  drop",))),
        ("mark", (), ("mark", ("mark 1",))),
    ],
)
def test_what_is_asked_for_is_told_in_one_message(
    player: Dispatcher, name: str, arguments: tuple[Argument, ...], canonical: Told
) -> None:
    address, given = canonical
    assert told(player, name, *arguments) == ((f"/vjdream/{address}", given),)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("zoom", ("?",)), ("sync", ()), ("subscribe", (9001,)), ("record/start", ("friday",)),
        ("record/stop", ()), ("snapshot", ()), ("rewind", (0,)), ("mark", (0,)), ("release", (0,)),
    ],
)  # fmt: skip
def test_what_does_nothing_to_the_show_is_not_told(
    player: Dispatcher, name: str, arguments: tuple[Argument, ...]
) -> None:
    assert told(player, name, *arguments) == ()


def test_a_repetition_is_not_told(player: Dispatcher) -> None:
    assert told(player, "zoom", 1.5) != ()
    assert told(player, "zoom", 1.5, at=0.1) == ()


def test_a_session_that_vjdream_recorded_repeats_nothing_by_chance(player: Dispatcher) -> None:
    own, foreign = (
        Message(0.0, "/vjdream/zoom", (1.5,), s) for s in ("session", "foreign session")
    )
    assert player.apply(own).changes and player.apply(own).changes
    assert player.apply(foreign).changes and not player.apply(foreign).changes


def test_what_was_told_does_the_same_again(player: Dispatcher, tmp_path: Path) -> None:
    messages = [
        ("class/1", 2), ("zoom", "*", 1.1), ("preset/next",), ("norm/blur", 0.5), ("palette/4", 1),
        ("split/shape", "QUARTERS"), ("random/2",), ("classes", "red", "dark"), ("release",),
        ("preset/previous",), ("pan", 0.1, 0.2), ("rewind", 3.0), ("reset/canvas",), ("hold", "on"),
    ]  # fmt: skip
    again = Dispatcher(vocabulary(), START, Library(vocabulary(), tmp_path, first=START))
    for number, (name, *arguments) in enumerate(messages):
        for address, given in told(player, name, *arguments, at=float(number)):
            again.apply(Message(float(number), address, given, "session"))
        for one in (player, again):
            one.values.advance(number + 0.5, 0.5)
    assert again.target == player.target
    assert again.values.current == player.values.current
    assert again.recall.wishes == player.recall.wishes
    assert again.recall.preset == player.recall.preset


def test_a_release_on_top_of_a_session_is_told_as_the_values_that_it_gives() -> None:
    session = Ownership(START)
    hands = PunchIn(START, session)
    player = Dispatcher(vocabulary(), START, values=hands)
    told(player, "zoom", 1.5)
    session.touch(TABLE["zoom"], 0.75)
    hands.follow(((TABLE["zoom"], 0.75),))
    assert told(player, "release") == (("/vjdream/zoom", (0.75,)),)


@pytest.mark.parametrize(
    ("name", "arguments", "request_"),
    [
        ("record/start", ("Friday Night",), Request("record", "friday night")),
        ("record/start", (1,), Request("record")),
        ("record/stop", (), Request("stop")),
        ("snapshot", (), Request("snapshot")),
        ("snapshot", ("best\u00a0one",), Request("snapshot", "best one")),
        ("mark", ("x" * 999,), Request("mark", "x" * LONGEST_MARK)),
    ],
)
def test_what_needs_files_is_asked_of_the_show(
    player: Dispatcher, name: str, arguments: tuple[Argument, ...], request_: Request
) -> None:
    message = Message(0.0, f"/vjdream/{name}", arguments, HAND)
    assert player.apply(message).request == request_


@pytest.mark.parametrize("name", ["../up", "a/b", "c:x", ".hidden", "con", "x" * 65])
@pytest.mark.parametrize("address", ["record/start", "snapshot"])
def test_no_message_names_a_path(player: Dispatcher, address: str, name: str) -> None:
    with pytest.raises(VJDreamError, match="is no name for /vjdream/"):
        told(player, address, name)


def test_marks_without_a_name_are_numbered(player: Dispatcher) -> None:
    assert [told(player, "mark", at=float(n))[0][1] for n in range(2)] == [("mark 1",), ("mark 2",)]


@pytest.mark.parametrize("arguments", [(), ("far",), (-1.0,), (float("nan"),), (1.0, 2.0), (True,)])
def test_a_rewind_needs_seconds(player: Dispatcher, arguments: tuple[Argument, ...]) -> None:
    with pytest.raises(VJDreamError, match=r"/vjdream/rewind needs seconds \(0 to 60\)"):
        told(player, "rewind", *arguments)
    assert player.recall.wishes.rewind == Rewind()


def test_rewinds_are_counted(player: Dispatcher) -> None:
    told(player, "rewind", 8.0)
    told(player, "rewind", 4.0, at=1.0)
    assert player.recall.wishes.rewind == Rewind(2, 4.0)


@pytest.mark.parametrize("given", ["/vjdream/zoom", "zoom", "palette/3", "/vjdream/preset/next"])
def test_midi_learns_an_address_that_exists(player: Dispatcher, given: str) -> None:
    message = Message(0.0, "/vjdream/midi/learn", (given,), HAND)
    address = given if given.startswith("/") else f"/vjdream/{given}"
    assert player.apply(message).request == Request("learn", address)


@pytest.mark.parametrize("arguments", [(), (1,), ("zooom",), ("/other/zoom",), ("a", "b"), ("",)])
def test_midi_learns_nothing_else(player: Dispatcher, arguments: tuple[Argument, ...]) -> None:
    with pytest.raises(VJDreamError):
        told(player, "midi/learn", *arguments)
