"""Pads, next, previous and random play the palette."""

import pytest

from tests.fakes import vocabulary
from vjdream.control.dispatch import Dispatcher
from vjdream.errors import MessageError
from vjdream.messages import Message
from vjdream.parameters import State

START = State(class_1="red", class_2="green", class_3="blue", class_4="dark")
ALL = ("red", "green", "blue", "dark", "sunflower", "sun_dog")


@pytest.fixture
def player() -> Dispatcher:
    return Dispatcher(vocabulary(), START)


def send(player: Dispatcher, name: str, *arguments: float | str) -> tuple[str, ...]:
    player.apply(Message(0.0, f"/vjdream/{name}", arguments))
    return player.target.classes


def test_without_a_preset_all_classes_are_the_palette(player: Dispatcher) -> None:
    assert player.palette.classes == ALL


def test_a_pad_fills_the_target_region(player: Dispatcher) -> None:
    assert send(player, "palette/3") == ("blue", "green", "blue", "dark")
    send(player, "target", 2)
    assert send(player, "palette/6", 1.0) == ("blue", "sun_dog", "blue", "dark")


def test_a_pad_fills_every_region_when_the_target_is_0(player: Dispatcher) -> None:
    send(player, "target", 0)
    assert send(player, "palette/1", 1) == ("red",) * 4


def test_pads_play_the_palette_of_the_preset(player: Dispatcher) -> None:
    player.palette.named = ("dark", "sunflower")
    assert send(player, "palette/2")[0] == "sunflower"


def test_a_released_pad_does_nothing(player: Dispatcher) -> None:
    assert send(player, "palette/3", 0) == START.classes


def test_an_empty_pad_is_told(player: Dispatcher) -> None:
    with pytest.raises(MessageError, match=r"palette/7 is empty .the palette has 6 classes"):
        send(player, "palette/7")


@pytest.mark.parametrize("name", ["palette/0", "palette/65", "next/5", "random/0", "palette/01"])
def test_numbers_beyond_the_pads_are_no_addresses(player: Dispatcher, name: str) -> None:
    with pytest.raises(MessageError, match="unknown address"):
        send(player, name)


@pytest.mark.parametrize("argument", ["eye", b"x", float("nan")])
def test_what_is_no_trigger_is_refused(player: Dispatcher, argument: str | float) -> None:
    with pytest.raises(MessageError, match="needs no argument, or 1"):
        send(player, "next/1", argument)


def test_next_and_previous_go_round_the_palette(player: Dispatcher) -> None:
    seen = [send(player, "next/2")[1] for _ in range(6)]
    assert seen == ["blue", "dark", "sunflower", "sun_dog", "red", "green"]
    assert send(player, "previous/2")[1] == "red"
    assert send(player, "previous/2")[1] == "sun_dog"


@pytest.mark.parametrize(("name", "found"), [("next/1", "dark"), ("previous/1", "sunflower")])
def test_from_outside_the_palette_the_nearest_end_comes_first(
    player: Dispatcher, name: str, found: str
) -> None:
    player.palette.named = ("dark", "sunflower")
    assert send(player, name)[0] == found


def test_random_is_always_another_class_and_reaches_all(player: Dispatcher) -> None:
    seen = [send(player, "random/1")[0] for _ in range(100)]
    assert all(a != b for a, b in zip(["red", *seen], seen, strict=False))
    assert set(seen) == set(ALL)


def test_a_palette_of_one_class_has_no_other(player: Dispatcher) -> None:
    player.palette.named = ("dark",)
    assert send(player, "random/4")[3] == "dark"


def test_the_sender_is_told_what_a_pad_did(player: Dispatcher) -> None:
    outcome = player.apply(Message(0.0, "/vjdream/palette/3", (), ("10.0.0.2", 9000)))
    assert outcome.derived
    assert [(p.name, v) for p, v in outcome.changes] == [("class/1", "blue")]
