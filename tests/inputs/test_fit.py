"""How pictures are made to fit."""

import numpy as np
import pytest

from tests.inputs.drawn import SMALL, plain
from vjdream.frames import Size
from vjdream.inputs.fit import fit


def test_a_picture_of_the_right_size_keeps_every_pixel() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (9, 16, 3), np.uint8)
    fitted = fit(picture, SMALL)
    assert np.array_equal(fitted[..., :3], picture)
    assert fitted.shape == (9, 16, 4)
    assert (fitted[..., 3] == 255).all()


def test_it_is_a_copy() -> None:
    picture = plain(1, 2, 3, 255)
    fitted = fit(picture, SMALL)
    picture[:] = 0
    assert fitted[0, 0].tolist() == [1, 2, 3, 255]


def test_a_tall_picture_loses_its_top_and_bottom() -> None:
    picture = plain(0, 0, 0, size=Size(16, 27))
    picture[9:18] = 200
    assert (fit(picture, SMALL)[1:-1, :, :3] == 200).all()


def test_a_wide_picture_loses_its_sides() -> None:
    picture = plain(0, 0, 0, size=Size(48, 9))
    picture[:, 16:32] = 200
    assert (fit(picture, SMALL)[:, 1:-1, :3] == 200).all()


def test_what_is_scaled_down_is_averaged() -> None:
    picture = plain(0, 0, 0, size=Size(32, 18))
    picture[::2, ::2] = 200
    assert (fit(picture, SMALL)[..., :3] == 50).all()


@pytest.mark.parametrize(("alpha", "seen"), [(255, 200), (128, 100), (0, 0)])
def test_transparency_is_laid_over_black(alpha: int, seen: int) -> None:
    assert (fit(plain(200, 200, 200, alpha), SMALL) == [seen, seen, seen, 255]).all()


def test_hidden_colours_do_not_bleed_through_when_scaled() -> None:
    picture = plain(255, 255, 255, 0, size=Size(32, 18))
    picture[:, ::2] = (0, 0, 100, 255)
    assert (fit(picture, SMALL)[..., :3] == (0, 0, 50)).all()


@pytest.mark.parametrize(("size", "aspect"), [(Size(8, 9), 2.0), (Size(16, 18), 2.0)])
def test_pixels_that_are_not_square_are_made_so(size: Size, aspect: float) -> None:
    picture = plain(0, 0, 0, size=size)
    picture[:, size.width // 2 :] = 200  # an edge in the middle stays there
    fitted = fit(picture, SMALL, aspect)
    assert (fitted[:, :7, :3] == 0).all()
    assert (fitted[:, 9:, :3] == 200).all()


@pytest.mark.parametrize("size", [Size(1, 1), Size(1, 20000), Size(20000, 1), Size(3, 2)])
def test_odd_shapes_neither_fail_nor_fill_the_memory(size: Size) -> None:
    assert (fit(plain(9, 8, 7, size=size), Size(640, 360)) == [9, 8, 7, 255]).all()
