"""Presets by name: those that ship, those of the user, and those saved during a show."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import vocabulary
from vjdream import presets
from vjdream.errors import PresetError
from vjdream.parameters import TABLE, State, Value
from vjdream.preset_library import MOST_WAITING, Library, files, find, text, user_folder
from vjdream.vocabulary import load_descriptor

SHIPPED = files()
FIRST = State(class_1="red", class_2="green", class_3="blue", class_4="dark", layer="colours")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(vocabulary(), tmp_path / "presets", first=FIRST)


# -- finding --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_preset_loads_and_says_what_the_audience_sees(name: str) -> None:
    preset = presets.load(find(name), load_descriptor("dreamnet").vocabulary)
    assert len(preset.about) > 10
    assert preset.applied_to(State()) != State()


def test_eight_presets_ship_for_the_network_that_ships() -> None:
    words = load_descriptor("dreamnet").vocabulary
    loaded = [presets.load(path, words) for path in SHIPPED.values()]
    assert sum("network" not in preset.start for preset in loaded) >= 8


@pytest.mark.parametrize("name", [n for n in SHIPPED if n != "lsd-2015"])
def test_a_preset_ships_with_a_picture_of_it(name: str) -> None:
    assert SHIPPED[name].with_suffix(".jpg").stat().st_size > 4000


def test_a_mistyped_preset_names_the_nearest() -> None:
    name = next(iter(SHIPPED))
    with pytest.raises(PresetError, match=f"did you mean '{name}'"):
        find(name[:-1])


def test_a_preset_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "look.yaml"
    path.write_text("vjdream: 1\n")
    assert find(str(path)) == path


@pytest.mark.parametrize("name", ["nowhere.yaml", "../../etc/passwd", "", ".", "a/b.yml"])
def test_a_preset_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(PresetError):
        find(name)


def test_the_users_own_preset_wins_over_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "eyes.yaml").write_text("vjdream: 1\n")
    assert find("eyes", tmp_path) == tmp_path / "eyes.yaml"
    assert find("cathedral", tmp_path) == SHIPPED["cathedral"]


def test_capitals_do_not_matter(library: Library) -> None:
    assert find("Eyes") == SHIPPED["eyes"]


def test_the_users_folder_lies_among_the_users_documents() -> None:
    assert user_folder().parts[-2:] == ("vjdream", "presets")


# -- loading during a show ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "secret.yaml", "../presets/secret"])
def test_a_path_is_no_name(library: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.yaml").write_text("vjdream: 1\n")
    with pytest.raises(PresetError, match="no preset is called"):
        library.load(name)


def test_a_preset_is_read_once_and_again_when_it_has_changed(library: Library) -> None:
    assert library.own is not None
    library.own.mkdir()
    path = library.own / "mine.yaml"
    path.write_text("vjdream: 1\nzoom: 1.5\n")
    first = library.load("mine")
    assert library.load("mine") is first
    path.write_text("vjdream: 1\nzoom: 1.25\n")
    assert dict(library.load("mine").values)[TABLE["zoom"]] == 1.25


def test_a_broken_preset_is_told_when_it_is_loaded_and_not_before(library: Library) -> None:
    assert library.own is not None
    library.own.mkdir()
    (library.own / "broken.yaml").write_text("vjdream: 1\nzom: 3\n")
    library.preload()
    with pytest.raises(PresetError, match=r"broken.yaml line 2: .* did you mean 'zoom'"):
        library.load("broken")


def test_a_pipe_is_no_preset(library: Library) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes in folders")
    assert library.own is not None
    library.own.mkdir()
    os.mkfifo(library.own / "pipe.yaml")
    library.preload()
    with pytest.raises(PresetError, match="is no file"):
        library.load("pipe")


@pytest.mark.parametrize("name", ["._storm.yaml", ".part.yaml"])
def test_what_other_programs_leave_behind_is_no_preset(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x00\x05")
    assert files(tmp_path) == SHIPPED


def test_a_file_whose_name_no_text_can_hold_is_passed_over(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.yaml")).write_text("vjdream: 1\n")
    except (OSError, UnicodeError):
        pytest.skip("this system has no such names")
    assert files(tmp_path) == SHIPPED


def test_a_folder_called_like_a_preset_is_told_when_it_is_loaded(library: Library) -> None:
    assert library.own is not None
    (library.own / "folder.yaml").mkdir(parents=True)
    with pytest.raises(PresetError, match="is no file"):
        library.load("folder")


def test_mistakes_are_read_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert library.own is not None
    library.own.mkdir()
    (library.own / "broken.yaml").write_text("vjdream: 1\nzom: 3\n")
    with pytest.raises(PresetError) as first:
        library.load("broken")
    monkeypatch.setattr(presets, "load", lambda *arguments: pytest.fail("read again"))
    with pytest.raises(PresetError) as second:
        library.load("broken")
    assert str(first.value) == str(second.value)


def test_a_preset_that_appears_during_the_show_is_found(library: Library) -> None:
    library.preload()
    assert library.own is not None
    library.own.mkdir()
    (library.own / "late.yaml").write_text("vjdream: 1\n")
    assert library.load("late").name == "late"


def test_only_what_the_show_has_not_of_a_start_section_is_new(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("vjdream: 1\nstart:\n  fps: 30\n  size: 640x360\n")
    running = {"fps": "30", "size": "1280x720", "network": "dreamnet"}
    library = Library(vocabulary(), tmp_path, first=FIRST, running=running)
    assert library.new_to(library.load("one")) == ["size"]


# -- saving ---------------------------------------------------------------------------------------


def test_a_saved_look_can_be_loaded_at_once_and_later(library: Library) -> None:
    state = FIRST.with_value(TABLE["zoom"], 1.5).with_value(TABLE["class/1"], "dark")
    saved = library.save("Tonight", state, ("red", "blue"))
    assert library.load("tonight").applied_to(FIRST, FIRST) == state
    assert "tonight" in library.names()
    assert library.problems(wait=True) == []
    again = Library(vocabulary(), library.own, first=FIRST).load("tonight")
    assert again.applied_to(FIRST, FIRST) == state
    assert again.palette == saved.palette == ("red", "blue")
    assert again.about == "dark and green, saved during a show"


def test_only_what_differs_from_the_first_look_is_written(library: Library) -> None:
    state = FIRST.with_value(TABLE["zoom"], 1.5).with_value(TABLE["master"], 0.5)
    assert text(library.save("one", state, ())).splitlines()[1:] == ["vjdream: 1", "zoom: 1.5"]


def test_a_preset_of_another_network_names_it(tmp_path: Path) -> None:
    running = {"network": "vgg16"}
    other = Library(vocabulary(), tmp_path, "vgg16 with list.txt", FIRST, running)
    assert "start:\n  network: vgg16\n" in text(other.save("one", FIRST, ()))


@pytest.mark.parametrize(
    "name", ["", " ", "../up", "a/b", "a\\b", ".hidden", "a.yaml", "con", "COM1", "x" * 65, "a\nb"]
)
def test_what_is_no_plain_name_is_refused(library: Library, name: str) -> None:
    with pytest.raises(PresetError, match="is no name for a preset"):
        library.save(name, FIRST, ())
    assert library.names() == sorted(SHIPPED)


@pytest.mark.parametrize("name", ["a", "tonight", "über", "deep sea 2", "x" * 64, "a-b_c"])
def test_a_plain_name_is_taken(library: Library, name: str) -> None:
    library.save(name, FIRST, ())
    assert library.problems(wait=True) == []
    assert library.own is not None
    assert [path.name for path in library.own.iterdir()] == [f"{name}.yaml"]


def test_a_folder_that_cannot_be_made_is_told_once_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    library = Library(vocabulary(), tmp_path / "file" / "presets", first=FIRST)
    library.save("tonight", FIRST, ())
    (sentence,) = library.problems(wait=True)
    assert "tonight.yaml cannot be saved" in sentence
    assert library.problems(wait=True) == []
    with pytest.raises(PresetError):
        library.load("tonight")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    library = Library(vocabulary(), tmp_path, first=FIRST)
    library.save("tonight", FIRST, ())
    assert "cannot be saved" in library.problems(wait=True)[0]


def test_a_disk_that_cannot_keep_up_is_told(library: Library) -> None:
    for number in range(MOST_WAITING):
        library.save(f"look {number}", FIRST, ())
    library.problems(wait=True)
    for number in range(MOST_WAITING):
        library.save(f"look {number}", FIRST, ())
    with pytest.raises(PresetError, match="the disk is still busy"):
        library.save("one more", FIRST, ())


def test_without_a_folder_of_ones_own_nothing_is_saved() -> None:
    with pytest.raises(PresetError, match="no folder"):
        Library(vocabulary()).save("tonight", FIRST, ())


VALUES = {
    p.name: st.floats(p.minimum, p.maximum).map(lambda x: float(f"{x:.6g}"))
    if p.kind == "continuous"
    else st.integers(int(p.minimum), int(p.maximum))
    if p.kind == "integer"
    else st.sampled_from(p.choices)
    if p.kind == "choice"
    else st.sampled_from(["red", "sun_dog"] if p.words == "class" else ["colours", "logits"])
    for p in TABLE.values()
    if p.scope == "look"
}


@given(st.fixed_dictionaries({}, optional=VALUES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_any_look_survives_being_saved(tmp_path: Path, looks: dict[str, Value]) -> None:
    state = FIRST
    for name, value in looks.items():
        if not TABLE[name].wraps or value != TABLE[name].maximum:
            state = state.with_value(TABLE[name], value)
    writer = Library(vocabulary(), tmp_path, first=FIRST)
    writer.save("any", state, ())
    assert writer.problems(wait=True) == []
    reader = Library(vocabulary(), tmp_path, first=FIRST)
    assert reader.load("any").applied_to(FIRST, FIRST) == state
