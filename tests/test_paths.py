"""What is wrong with a path that somebody has typed."""

from pathlib import Path

import pytest

from vjdream.paths import expanded, flaw, quoted


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text("")
    return path


def test_a_home_of_nobody_is_taken_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anne")
    assert expanded("~/dreams") == Path("/home/anne/dreams")
    assert expanded("~nobody-at-all/dreams") == Path("~nobody-at-all/dreams")


@pytest.mark.parametrize(
    ("system", "name", "word"),
    [
        ("posix", "my world.safetensors", "'my world.safetensors'"),
        ("posix", "world.safetensors", "world.safetensors"),
        ("nt", r"C:\worlds\w.safetensors", r"C:\worlds\w.safetensors"),
        ("nt", r"C:\my worlds\w.safetensors", r'"C:\my worlds\w.safetensors"'),
    ],
)
def test_a_path_is_quoted_as_its_system_wants_it(system: str, name: str, word: str) -> None:
    assert quoted(Path(name), system) == word


def test_what_is_there_has_no_flaw(file: Path) -> None:
    assert flaw(file) is None
    assert flaw(file.parent, folder=True) is None


def test_a_flaw_is_said_in_a_few_words(file: Path) -> None:
    assert flaw(file, folder=True) == "is no folder"
    assert flaw(file.parent) == "is a folder"
    assert flaw(file.parent / "nowhere") == flaw(file / "within") == "does not exist"
    assert flaw(file.parent / ("x" * 300)) == "cannot be read: File name too long"
    assert flaw(Path("/dev/null")) == "is no file"


def test_what_nobody_may_look_at_is_said_to_be_so(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", closed)
    assert flaw(file) == "cannot be read: Permission denied"
