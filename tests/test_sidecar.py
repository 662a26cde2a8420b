"""Sidecars: what a session's text cannot say, readable after any crash."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.errors import SessionError
from vjdream.parameters import State
from vjdream.recipe import Recipe, recipe_of
from vjdream.settings import Settings
from vjdream.sidecar import Painted, SidecarWriter, read_sidecar, sidecar_path

RECIPE: Recipe = recipe_of(Settings(seed=3), State(zoom=1.5), "reef", ("eye",))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return tmp_path / "night.osc.txt"


def written(night: Path, *entries: dict[str, Any]) -> None:
    writer = SidecarWriter(night, RECIPE)
    for entry in entries:
        writer.add(entry)
    writer.close()


def test_a_sidecar_lies_beside_its_session_and_has_an_object_in_each_line(night: Path) -> None:
    written(night, {"restart": 1, "time": 2.0})
    path = night.with_name("night.osc.txt.jsonl")
    assert path == sidecar_path(night)
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert first["vjdream"] == 1 and first["seed"] == 3
    assert second == {"restart": 1, "time": 2.0}


def test_it_is_read_as_it_was_written(night: Path) -> None:
    written(
        night,
        {"keyframe": 0.5, "steps": 5},
        {"preset": "reef", "text": "vjdream: 1\n", "time": 0.25},
        {"restart": 1, "time": 0.6},
        {"picture": "night.osc.txt.png"},
        {"keyframe": 0.75, "steps": 4},
        {"end": 12.5},
    )
    found = read_sidecar(night)
    assert found is not None
    assert found.recipe == RECIPE
    assert found.presets == ((0.25, "reef", "vjdream: 1\n"),)
    assert found.picture == night.with_name("night.osc.txt.png")
    assert (found.duration, found.restarts) == (12.5, 1)
    assert list(found.painted()) == [Painted(0.5, 5), Painted(0.75, 4)] == list(found.painted())


def test_a_show_that_was_killed_lasts_until_its_last_keyframe(night: Path) -> None:
    written(night, {"keyframe": 7.25, "steps": 5})
    with sidecar_path(night).open("a") as file:
        file.write('{"keyframe": 9.0, "st')
    found = read_sidecar(night)
    assert found is not None and found.duration == 7.25
    assert len(list(found.painted())) == 1


def test_a_session_without_a_sidecar_has_none(night: Path) -> None:
    assert read_sidecar(night) is None


def test_a_sidecar_never_replaces_a_file(night: Path) -> None:
    written(night)
    with pytest.raises(SessionError, match="is there already"):
        SidecarWriter(night, RECIPE)


@pytest.mark.parametrize("picture", ["../night.png", "/etc/passwd", "a/b.png", 7, ""])
def test_a_picture_is_never_another_folder_s(night: Path, picture: object) -> None:
    written(night, {"picture": picture})
    found = read_sidecar(night)
    assert found is not None and found.picture is None


def test_what_is_no_sidecar_is_told_in_a_sentence(night: Path) -> None:
    for text, told in (
        ("hello\n", "does not begin with a recipe"),
        ("{}\n", "is of format 'None'"),
    ):
        sidecar_path(night).write_text(text)
        with pytest.raises(SessionError, match=rf"night\.osc\.txt\.jsonl {told}"):
            read_sidecar(night)


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_whatever_follows_the_recipe_is_read_or_passed_over(lines: list[bytes]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        night = Path(folder) / "night"
        written(night)
        with sidecar_path(night).open("ab") as file:
            file.write(b"\n".join([*lines, b"[" * 9999, b'{"keyframe": 1e999, "steps": 5}', b""]))
        found = read_sidecar(night)
        assert found is not None and found.recipe == RECIPE
        assert found.duration < 1e7
        list(found.painted())
