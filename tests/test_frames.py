"""Pictures: scaled to cover, and the size of what is published."""

import numpy as np
import pytest

from vjdream.camera import OVERSCAN
from vjdream.frames import Picture, Size, cover, published_size

SIZES = [Size(1280, 720), Size(1920, 1080), Size(128, 128), Size(720, 1280), Size(130, 131)]


def ramp(width: int, height: int) -> Picture:
    """Blue tells the column, green the row, both from 0 to 255."""
    picture = np.full((height, width, 4), 255, np.uint8)
    picture[..., 0] = np.linspace(0, 255, width)[None, :]
    picture[..., 1] = np.linspace(0, 255, height)[:, None]
    return picture


@pytest.mark.parametrize("target", [(100, 50), (50, 100), (640, 360), (33, 77), (200, 100)])
def test_a_covered_picture_has_the_size_that_was_asked_for(target: tuple[int, int]) -> None:
    covered = cover(ramp(200, 100), *target)
    assert covered.shape == (target[1], target[0], 4)
    assert covered.flags.c_contiguous


def test_covering_keeps_the_middle() -> None:
    covered = cover(ramp(400, 100), 100, 100)
    assert covered[:, 0, 0].mean() == pytest.approx(255 * 150 / 400, abs=3)
    assert covered[:, -1, 0].mean() == pytest.approx(255 * 250 / 400, abs=3)
    assert covered[0, 0, 1] < 4
    assert covered[-1, 0, 1] > 251


def test_covering_does_not_stretch() -> None:
    covered = cover(ramp(400, 400), 200, 100)
    assert float(covered[0, :, 0].max()) - float(covered[0, :, 0].min()) > 250
    assert covered[0, 0, 1] == pytest.approx(255 / 4, abs=3)


def test_a_picture_that_fits_is_not_changed() -> None:
    assert np.array_equal(cover(ramp(64, 36), 64, 36), ramp(64, 36))


@pytest.mark.parametrize("target", [(300, 300), (30, 30)])
def test_covering_keeps_the_fourth_byte(target: tuple[int, int]) -> None:
    assert cover(ramp(100, 80), *target)[..., 3].min() == 255


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_published_picture_is_a_little_larger_than_the_output(size: Size) -> None:
    width, height = published_size(size)
    assert width % 2 == height % 2 == 0
    assert width == pytest.approx(size.width * OVERSCAN, abs=1)
    assert height == pytest.approx(size.height * OVERSCAN, abs=1)
