"""Places for new files: never that of another one."""

from pathlib import Path

import pytest

from vjdream import places
from vjdream.errors import SessionError
from vjdream.places import free_place


def test_the_first_file_has_its_plain_name_and_the_next_ones_are_numbered(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    names = []
    for _ in range(3):
        path = free_place(folder, "friday night", ".png")
        path.touch()
        names.append(path.name)
    assert names == ["friday night.png", "friday night 2.png", "friday night 3.png"]


def test_a_folder_that_cannot_be_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SessionError, match=r"folder .*file.* cannot be used"):
        free_place(tmp_path / "file" / "sessions", "a", ".png")


def test_a_folder_that_is_full_of_a_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_NAMES", 3)
    for _ in range(2):
        free_place(tmp_path, "a", ".png").touch()
    with pytest.raises(SessionError, match="has 3 files of the name 'a'"):
        free_place(tmp_path, "a", ".png")


def test_a_name_is_taken_when_any_of_its_files_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt.jsonl").touch()
    assert free_place(tmp_path, "a", ".txt", (".jsonl", ".png")).name == "a 2.txt"
