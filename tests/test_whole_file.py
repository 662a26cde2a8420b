"""Files that are there whole or not at all."""

import os
from pathlib import Path

import pytest

from vjdream.whole_file import write_whole


def test_a_file_is_written_in_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    for content in (b"one", b"another"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    write_whole(path, b"one")

    def full(descriptor: int) -> None:
        raise OSError("No space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"another")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_program_left_is_in_nobody_s_way(tmp_path: Path) -> None:
    (tmp_path / ".a.png.part").write_bytes(b"half")
    write_whole(tmp_path / "a.png", b"one", lasting=False)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
