"""A picture, and a folder of them."""

import logging
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.inputs.drawn import SMALL, plain, png_header, save, upright
from vjdream.clock import VirtualClock
from vjdream.errors import SettingsError
from vjdream.frames import Size
from vjdream.inputs import Input, open_input
from vjdream.inputs.pictures import EACH, KEPT, natural


def opened(path: Path, size: Size = SMALL) -> Input:
    return open_input(str(path), size, VirtualClock())


def colour(source: Input, time: float) -> list[int]:
    still = source.at(time)
    assert still is not None
    assert (still.picture == still.picture[0, 0]).all()
    return [int(value) for value in still.picture[0, 0]]


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "tiff", "webp"])
def test_a_picture_is_shown_pixel_by_pixel(tmp_path: Path, suffix: str) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (9, 16, 3), np.uint8)
    still = opened(save(tmp_path / f"a.{suffix}", picture)).at(0.0)
    assert still is not None
    assert np.array_equal(still.picture[..., :3], picture)
    assert (still.picture[..., 3] == 255).all()


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "JPG"])
def test_a_jpeg_is_shown_nearly_so(tmp_path: Path, suffix: str) -> None:
    shown = colour(opened(save(tmp_path / f"a.{suffix}", plain(30, 160, 220))), 0.0)
    assert np.abs(np.subtract(shown, [30, 160, 220, 255])).max() <= 3


def test_a_picture_stays_the_same_for_ever(tmp_path: Path) -> None:
    source = opened(save(tmp_path / "a.png", plain(1, 2, 3)))
    assert source.at(0.0) is source.at(1e6)


def test_grey_and_sixteen_bits_become_colour_of_eight(tmp_path: Path) -> None:
    assert colour(opened(save(tmp_path / "a.png", plain(77))), 0.0) == [77, 77, 77, 255]
    deep = np.full((9, 16, 3), (0x1234, 0x8000, 0xFFFF), np.uint16)
    assert colour(opened(save(tmp_path / "b.png", deep)), 0.0) == [0x12, 0x80, 0xFF, 255]


@pytest.mark.parametrize("suffix", ["png", "webp", "tif"])
def test_what_is_transparent_is_black(tmp_path: Path, suffix: str) -> None:
    path = save(tmp_path / f"a.{suffix}", plain(200, 100, 50, 128))
    assert colour(opened(path), 0.0) == [100, 50, 25, 255]


def test_transparency_of_sixteen_bits_counts_too(tmp_path: Path) -> None:
    deep = np.full((9, 16, 4), (0xC800, 0x6400, 0x3200, 0x8000), np.uint16)
    assert colour(opened(save(tmp_path / "a.png", deep)), 0.0) == [100, 50, 25, 255]


def test_a_photograph_stands_as_its_camera_was_held(tmp_path: Path) -> None:
    lying = plain(0, 0, 0, size=Size(64, 32))
    lying[:, :32] = 255  # the left half becomes the top
    (tmp_path / "a.jpg").write_bytes(upright(lying))
    still = opened(tmp_path / "a.jpg", Size(32, 64)).at(0.0)
    assert still is not None
    assert (still.picture[:28, :, :3] > 250).all()
    assert (still.picture[36:, :, :3] < 5).all()


def test_a_huge_jpeg_looks_the_same_though_it_is_decoded_smaller(tmp_path: Path) -> None:
    picture = plain(0, 0, 0, size=Size(1600, 900))
    picture[:, 800:] = (30, 160, 220)
    still = opened(save(tmp_path / "a.jpg", picture)).at(0.0)
    assert still is not None
    assert (still.picture[:, :8, :3] < 5).all()
    assert np.abs(still.picture[:, 8:, :3].astype(int) - (30, 160, 220)).max() <= 4


def test_a_folder_is_shown_in_natural_order_and_again(tmp_path: Path) -> None:
    for level, name in enumerate(["2.png", "10.png", "Alpha.png", "beta.png"], 1):
        save(tmp_path / name, plain(level, level, level))
    source = opened(tmp_path)
    moments = [0.0, EACH - 0.01, EACH, 2 * EACH, 3 * EACH, 4 * EACH, 4 * EACH * 1000 + EACH]
    assert [colour(source, moment)[0] for moment in moments] == [1, 1, 2, 3, 4, 1, 2]


def test_the_number_changes_with_the_picture_and_only_then(tmp_path: Path) -> None:
    for level in (1, 2):
        save(tmp_path / f"{level}.png", plain(level, level, level))
    source = opened(tmp_path)
    numbers = [still.number for time in (0, 1, 8, 9, 16) if (still := source.at(time)) is not None]
    assert numbers == [0, 0, 1, 1, 0]


def test_a_bad_picture_gives_its_turn_to_the_next_and_is_reported_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(tmp_path / "1.png", plain(1, 1, 1))
    (tmp_path / "2.png").write_bytes(b"nothing of the kind")
    save(tmp_path / "3.png", plain(3, 3, 3))
    source = opened(tmp_path)
    with caplog.at_level(logging.WARNING):
        shown = [colour(source, EACH * turn)[0] for turn in range(6)]
    assert shown == [1, 3, 3, 1, 3, 3]
    assert [record.getMessage().count("2.png") for record in caplog.records] == [1]


def test_what_a_folder_shows_does_not_depend_on_what_was_asked_before(tmp_path: Path) -> None:
    (tmp_path / "0.png").write_bytes(b"")
    for level in range(1, 4):
        save(tmp_path / f"{level}.png", plain(level, level, level))
    forwards, backwards = opened(tmp_path), opened(tmp_path)
    times = [EACH * turn for turn in range(8)]
    assert [colour(forwards, time) for time in times] == [
        colour(backwards, time) for time in reversed(times)
    ][::-1]


def test_a_folder_bigger_than_the_memory_of_it_comes_round(tmp_path: Path) -> None:
    for level in range(KEPT + 3):
        save(tmp_path / f"{level}.png", plain(level, level, level))
    source = opened(tmp_path)
    for turn in range(2 * (KEPT + 3)):
        assert colour(source, EACH * turn)[0] == turn % (KEPT + 3)


def test_pictures_that_vanish_during_the_show_leave_the_last_one(tmp_path: Path) -> None:
    for level in (1, 2):
        save(tmp_path / f"{level}.png", plain(level, level, level))
    source = opened(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    assert colour(source, 0.0)[0] == 1
    assert colour(source, EACH)[0] == 1


def test_a_folder_of_bad_pictures_is_refused(tmp_path: Path) -> None:
    for name in ("1.png", "2.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8 nothing")
    with pytest.raises(SettingsError, match=r"none of the pictures in .* can be read"):
        opened(tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", cv2.imencode(".png", plain(1, 2, 3))[1][:40]])
def test_a_damaged_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(bytes(content))
    with pytest.raises(SettingsError, match=r"cannot read the picture .*a\.png"):
        opened(tmp_path / "a.png")


def test_a_picture_of_absurd_size_is_refused_by_its_header(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_header(20000, 10001))
    with pytest.raises(SettingsError, match="20000x10001 pixels"):
        opened(tmp_path / "a.png")


def test_names_sort_as_people_count() -> None:
    names = ["b10", "a", "b9", "B1", "b09x", "10", "9", "", "b10a2", "b10a10"]
    assert sorted(names, key=natural) == [
        "", "9", "10", "a", "B1", "b9", "b09x", "b10", "b10a2", "b10a10",
    ]  # fmt: skip
