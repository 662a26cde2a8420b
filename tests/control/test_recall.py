"""Presets by message: load, next, previous, save, reset, release."""

from pathlib import Path

import pytest

from tests.fakes import vocabulary
from vjdream.control.dispatch import Dispatcher
from vjdream.control.outcome import Outcome
from vjdream.errors import VJDreamError
from vjdream.messages import Argument, Message
from vjdream.parameters import State
from vjdream.preset_library import Library

START = State(class_1="red", class_2="green", class_3="blue", class_4="dark", layer="colours")
ALICE = ("10.0.0.2", 9000)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("vjdream.preset_library.shipped_folder", lambda: tmp_path / "none")
    for name, body in (
        ("calm", "zoom: 1.2\nclass/1: dark\npalette: [blue, night]\n"),
        ("fast", "zoom: 1.9\n"),
        ("wild", "zoom: 0.6\nstart:\n  fps: 30\n"),
    ):
        (tmp_path / f"{name}.yaml").write_text(f"vjdream: 1\n{body}")
    return tmp_path


@pytest.fixture
def player(own: Path) -> Dispatcher:
    return Dispatcher(vocabulary(), START, Library(vocabulary(), own, first=START))


def send(player: Dispatcher, name: str, *arguments: Argument, at: float = 0.0) -> Outcome:
    return player.apply(Message(at, f"/vjdream/{name}", arguments))


def refused(player: Dispatcher, name: str, *arguments: Argument) -> str:
    before = player.target
    with pytest.raises(VJDreamError) as caught:
        send(player, name, *arguments)
    assert player.target is before
    return str(caught.value)


@pytest.mark.parametrize("address", ["preset/load", "preset"])
def test_a_preset_is_loaded_by_its_name(player: Dispatcher, address: str) -> None:
    outcome = send(player, address, "calm")
    assert (player.target.zoom, player.target.class_1) == (1.2, "dark")
    assert {p.name for p, _ in outcome.changes} == {"zoom", "class/1"}
    assert outcome.derived
    assert player.recall.preset == "calm"
    assert player.palette.classes == ("blue", "dark")


def test_it_takes_the_time_that_comes_with_it(player: Dispatcher) -> None:
    send(player, "preset/load", "fast", 10.0)
    player.values.advance(5.0, 5.0)
    assert player.values.current.zoom == pytest.approx((1.05 * 1.9) ** 0.5, rel=0.01)


def test_else_it_takes_the_usual_time(player: Dispatcher) -> None:
    send(player, "preset/time", 20.0)
    send(player, "preset/load", "fast")
    player.values.advance(10.0, 10.0)
    assert player.values.current.zoom == pytest.approx((1.05 * 1.9) ** 0.5, rel=0.01)


def test_another_preset_replaces_all_of_the_first(player: Dispatcher) -> None:
    send(player, "preset/load", "calm")
    send(player, "preset/load", "fast")
    assert (player.target.zoom, player.target.class_1) == (1.9, "red")
    assert player.palette.named == ()


def test_values_of_the_evening_stay(player: Dispatcher) -> None:
    send(player, "master", 0.5)
    send(player, "preset/load", "calm")
    assert player.target.master == 0.5


def test_its_start_section_is_passed_over_with_a_note(player: Dispatcher) -> None:
    (note,) = send(player, "preset/load", "wild").notes
    assert note == "preset wild: its start section (fps) counts at the start only"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "needs a name"),
        (("clam",), "did you mean 'calm'"),
        ((3,), "needs a name, got 3"),
        (("calm", -1.0), "needs seconds"),
        (("calm", float("nan")), "needs seconds"),
        (("calm", "soon"), "needs seconds"),
        (("calm", 1.0, 2.0), "needs a name and perhaps seconds"),
        (("../calm",), "no preset is called"),
    ],
)
def test_what_cannot_be_loaded_is_refused(
    player: Dispatcher, arguments: tuple[Argument, ...], sentence: str
) -> None:
    assert sentence in refused(player, "preset/load", *arguments)
    assert player.recall.preset == ""


def test_a_preset_with_mistakes_changes_nothing(player: Dispatcher, own: Path) -> None:
    (own / "broken.yaml").write_text("vjdream: 1\nzoom: 1.5\nblur: much\n")
    assert "broken.yaml line 3" in refused(player, "preset/load", "broken")


def test_next_and_previous_go_round_in_the_order_of_names(player: Dispatcher) -> None:
    seen = []
    for name in ("next", "next", "next", "next", "previous", "previous"):
        send(player, f"preset/{name}", 1)
        seen.append(player.recall.preset)
    assert seen == ["calm", "fast", "wild", "calm", "wild", "fast"]


def test_previous_begins_with_the_last(player: Dispatcher) -> None:
    send(player, "preset/previous")
    assert player.recall.preset == "wild"


def test_next_passes_over_a_broken_preset_and_says_so(player: Dispatcher, own: Path) -> None:
    (own / "broken.yaml").write_text("nothing")
    (note,) = send(player, "preset/next").notes
    assert "broken.yaml" in note
    assert player.recall.preset == "calm"


@pytest.mark.parametrize(("way", "found"), [("next", "wild"), ("previous", "calm")])
def test_from_a_preset_that_was_deleted_its_neighbours_are_reached(
    player: Dispatcher, own: Path, way: str, found: str
) -> None:
    send(player, "preset/load", "fast")
    (own / "fast.yaml").unlink()
    for _ in range(3):  # until the new listing is there
        player.recall.library.names()
        player.recall.library._disk.submit(int).result()
    send(player, f"preset/{way}")
    assert player.recall.preset == found


def test_a_release_of_the_next_button_does_nothing(player: Dispatcher) -> None:
    send(player, "preset/next", 0.0)
    assert player.recall.preset == ""


def test_a_look_is_saved_and_loaded_again(player: Dispatcher) -> None:
    send(player, "zoom", 1.7)
    send(player, "preset/save", "tonight")
    assert player.recall.preset == "tonight"
    send(player, "preset/load", "calm")
    send(player, "preset/load", "tonight")
    assert (player.target.zoom, player.target.class_1) == (1.7, "red")


def test_a_saved_look_keeps_the_palette(player: Dispatcher) -> None:
    send(player, "preset/load", "calm")
    send(player, "preset/save", "tonight")
    send(player, "preset/load", "fast")
    send(player, "preset/load", "tonight")
    assert player.palette.named == ("blue", "dark")


@pytest.mark.parametrize("arguments", [(), ("a/b",), (5,), ("a", "b")])
def test_what_is_no_name_is_not_saved(player: Dispatcher, arguments: tuple[Argument, ...]) -> None:
    refused(player, "preset/save", *arguments)


def test_reset_look_returns_to_a_show_without_a_preset(player: Dispatcher) -> None:
    send(player, "preset/load", "calm")
    send(player, "blur", 0.03)
    send(player, "reset/look")
    assert player.target == START
    assert player.recall.preset == ""
    assert player.palette.named == ()


def test_reset_canvas_is_counted(player: Dispatcher) -> None:
    for argument in (1, 0, 1):
        send(player, "reset/canvas", argument)
    assert player.recall.wishes.resets == 2


def test_release_gives_back_what_was_touched(player: Dispatcher) -> None:
    send(player, "preset/load", "calm")
    send(player, "zoom", 0.7)
    outcome = send(player, "release")
    assert [(p.name, v) for p, v in outcome.changes] == [("zoom", 1.2)]
    assert player.target.zoom == 1.2


# -- constant senders -----------------------------------------------------------------------------


def test_a_machine_that_repeats_all_values_does_not_disturb_a_morph(player: Dispatcher) -> None:
    constant = {"zoom": 1.05, "blur": 0.0, "preset/next": 0.0, "palette/1": 0.0, "release": 0.0}

    def repeat(now: float) -> list[Outcome]:
        return [
            player.apply(Message(now, f"/vjdream/{name}", (value,), ALICE))
            for name, value in constant.items()
        ]

    repeat(0.0)
    send(player, "preset/load", "fast", 1.0, at=0.01)
    for frame in range(1, 120):
        assert all(outcome == Outcome() for outcome in repeat(frame / 60))
        player.values.advance(frame / 60, 1 / 60)
    assert player.values.current.zoom == 1.9


def test_a_machine_does_not_take_a_fader_back_from_a_hand(player: Dispatcher) -> None:
    for frame in range(120):
        player.apply(Message(frame / 60, "/vjdream/zoom", (1.05,), ALICE))
        if frame == 30:
            player.apply(Message(frame / 60, "/vjdream/zoom", (1.6,), ("10.0.0.3", 9000)))
    assert player.target.zoom == 1.6


@pytest.mark.parametrize("arguments", [("+", 0.1), ("*", 1.1), ("!",)])
def test_what_is_meant_relatively_counts_each_time(
    player: Dispatcher, arguments: tuple[Argument, ...]
) -> None:
    name = "blackout" if arguments == ("!",) else "zoom"
    changed = [
        bool(player.apply(Message(n / 60, f"/vjdream/{name}", arguments, ALICE)).changes)
        for n in range(5)
    ]
    assert all(changed)
