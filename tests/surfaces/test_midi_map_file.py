"""What is learned goes into the file, and what a person wrote around it stays."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.surfaces.test_midi_map import bindings
from vjdream.settings import Settings
from vjdream.surfaces.midi_map import Binding, Control, MapError, MidiMap
from vjdream.surfaces.midi_map_file import MapFile, edited, own_map
from vjdream.surfaces.midi_reader import DEFAULT, load, parse

WRITTEN = """\
# my desk
vjdream: 1

controls:
  # left hand
  - {control: 1, target: zoom}   # the big one
  - control: 2
    target: blur
    range: 0 to 0.01
  # right hand
  - {note: 3, target: hold}

# that is all
"""


def learnt(number: int, target: str) -> Binding:
    return Binding(Control("control", number, 1, "nano"), target, "absolute")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "midi.yaml"


@pytest.fixture
def settings(path: Path) -> Settings:
    return Settings(midi="", midi_map=str(path))


def test_what_is_learned_is_there_after_a_restart(settings: Settings, path: Path) -> None:
    file = MapFile(settings)
    assert file.midi_map == load(DEFAULT)
    file.learn(learnt(1, "zoom"))
    assert file.midi_map.bindings[-1] == learnt(1, "zoom")
    assert MapFile(settings).midi_map == file.midi_map
    assert [p.name for p in path.parent.iterdir()] == ["midi.yaml"]


def test_comments_and_order_stay(settings: Settings, path: Path) -> None:
    path.parent.mkdir()
    path.write_text(WRITTEN)
    MapFile(settings).learn(learnt(9, "blur"))
    assert path.read_text() == WRITTEN.replace(
        "  - control: 2\n    target: blur\n    range: 0 to 0.01\n", ""
    ).replace(
        "target: hold}\n",
        "target: hold}\n  - {device: nano, channel: 1, control: 9, target: blur}\n",
    )


def test_what_somebody_wrote_meanwhile_counts(settings: Settings, path: Path) -> None:
    path.parent.mkdir()
    path.write_text(WRITTEN)
    file = MapFile(settings)
    path.write_text(WRITTEN.replace("control: 1", "control: 77"))
    file.learn(learnt(9, "prior"))
    assert [b.control.number for b in file.midi_map.bindings] == [77, 2, 3, 9]
    assert "control: 77, target: zoom}   # the big one" in path.read_text()


def test_a_file_that_has_got_mistakes_is_left_alone(settings: Settings, path: Path) -> None:
    path.parent.mkdir()
    path.write_text(WRITTEN)
    file = MapFile(settings)
    broken = WRITTEN.replace("target: zoom", "target: zom")
    path.write_text(broken)
    with pytest.raises(MapError, match="line 6"):
        file.learn(learnt(9, "prior"))
    assert path.read_text() == broken
    assert file.midi_map.bindings[-1] == learnt(9, "prior")


def test_what_could_not_be_written_is_written_with_the_next(settings: Settings, path: Path) -> None:
    file = MapFile(settings)
    path.parent.touch()  # a file where the folder would be
    with pytest.raises(MapError, match="cannot be written"):
        file.learn(learnt(8, "blur"))
    path.parent.unlink()
    file.learn(learnt(9, "prior"))
    assert [b.target for b in MapFile(settings).midi_map.bindings[-2:]] == ["blur", "prior"]


@pytest.mark.parametrize(
    "text",
    [
        "vjdream: 1\ncontrols: []\n",
        "vjdream: 1\n",
        "vjdream: 1\ncontrols: [{control: 1, target: zoom}, {control: 2, target: blur}]\n",
        "vjdream: 1\ncontrols:\n- {control: 1, target: zoom}",
        "{vjdream: 1, controls: [{control: 1, target: zoom}]}",
    ],
)
def test_a_file_of_any_shape_can_be_learned_into(text: str) -> None:
    before = parse(text, "x")
    after = before.learned(learnt(9, "prior"))
    assert parse(edited(text, before, after), "x").bindings == after.bindings


@given(st.lists(bindings(), max_size=4), bindings())
def test_whatever_is_learned_the_file_says_it(found: list[Binding], new: Binding) -> None:
    before = MidiMap(tuple(found), "mine")
    after = before.learned(new)
    text = edited(before.text(), before, after)
    assert parse(text, "x") == after


def test_the_map_lies_among_the_users_documents() -> None:
    assert own_map().parts[-2:] == ("vjdream", "midi.yaml")
