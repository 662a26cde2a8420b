"""The output that writes PNGs."""

import errno
from pathlib import Path

import cv2
import numpy as np
import pytest

from vjdream.errors import OutputError
from vjdream.frames import Frame, Picture
from vjdream.outputs.pictures import PictureFolder


def picture() -> Picture:
    made = np.random.default_rng(1).integers(0, 256, (20, 30, 4), np.uint8)
    made[..., 3] = 255
    return made


def test_a_frame_becomes_a_png_with_the_same_pixels(tmp_path: Path) -> None:
    PictureFolder(tmp_path).send(Frame(picture(), 12, 0.2), 0.2)
    read = cv2.imread(str(tmp_path / "frame-000012.png"), cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert np.array_equal(read, picture()[..., :3])


def test_a_folder_is_made_with_its_parents_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    PictureFolder(folder)
    assert list(folder.iterdir()) == []


def test_equal_frames_become_equal_bytes(tmp_path: Path) -> None:
    output = PictureFolder(tmp_path)
    output.send(Frame(picture(), 0, 0.0), 0.0)
    output.send(Frame(picture(), 1, 0.1), 0.1)
    files = sorted(tmp_path.iterdir())
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="cannot write into"):
        PictureFolder(tmp_path / "out")


def test_a_folder_that_vanished_is_an_output_error(tmp_path: Path) -> None:
    output = PictureFolder(tmp_path / "out")
    (tmp_path / "out").rmdir()
    with pytest.raises(OutputError, match="cannot write"):
        output.send(Frame(picture(), 0, 0.0), 0.0)


def test_it_says_where_the_pictures_are(tmp_path: Path) -> None:
    assert str(tmp_path) in PictureFolder(tmp_path).describe()


def test_a_full_disk_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes, lasting: bool) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("vjdream.outputs.pictures.write_whole", full)
    with pytest.raises(OutputError, match=r"cannot write .*frame-000000\.png: No space left"):
        PictureFolder(tmp_path).send(Frame(picture(), 0, 0.0), 0.0)
