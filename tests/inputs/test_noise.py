"""The clouds."""

from itertools import pairwise

import numpy as np
import pytest

from vjdream.clock import VirtualClock
from vjdream.frames import Picture, Size
from vjdream.inputs import open_input
from vjdream.inputs.noise import RATE, NoiseInput

SIZE = Size(160, 90)


def clouds(seed: int, time: float, size: Size = SIZE) -> Picture:
    return NoiseInput(seed, size).at(time).picture


def difference(one: Picture, other: Picture) -> float:
    return float(np.abs(one[..., :3].astype(float) - other[..., :3]).mean())


def test_the_same_seed_and_time_are_the_same_clouds() -> None:
    source = open_input("noise:7", SIZE, VirtualClock())
    source.at(99.0)
    still = source.at(3.0)
    assert still is not None
    assert np.array_equal(still.picture, clouds(7, 3.0))


def test_another_seed_is_other_clouds() -> None:
    assert difference(clouds(1, 0.0), clouds(2, 0.0)) > 20


def test_clouds_are_opaque_and_of_the_size_that_was_asked_for() -> None:
    picture = clouds(0, 0.0, Size(64, 50))
    assert picture.shape == (50, 64, 4)
    assert picture.dtype == np.uint8
    assert (picture[..., 3] == 255).all()


@pytest.mark.parametrize("time", [0.0, 10.0, 1000.0])
def test_they_have_colour_and_contrast_at_every_moment(time: float) -> None:
    picture = clouds(5, time)[..., :3].astype(float)
    assert 90 < picture.mean() < 140
    assert (picture.std(axis=(0, 1)) > 20).all()
    assert picture.std(axis=2).mean() > 8  # the channels differ


def test_they_drift_without_a_jump_and_do_not_come_back() -> None:
    source = NoiseInput(4, SIZE)
    stills = [source.at(number / RATE).picture for number in range(4 * RATE)]
    steps = [difference(one, other) for one, other in pairwise(stills)]
    assert min(steps) > 0
    assert max(steps) < 2
    assert difference(stills[0], clouds(4, 61.0)) > 10


def test_the_finest_clouds_are_the_faintest() -> None:
    grey = clouds(9, 0.0, Size(128, 128))[..., 1].astype(float)
    spectrum = np.abs(np.fft.fft2(grey - grey.mean()))
    coarse, fine = spectrum[0, 2:6].mean(), spectrum[0, 24:40].mean()
    assert 5 < coarse / fine < 100


def test_a_still_has_the_number_of_its_moment() -> None:
    source = NoiseInput(0, SIZE)
    assert source.at(1.0) is source.at(1.0 + 0.5 / RATE)
    assert source.at(1.0).number != source.at(1.0 + 1.5 / RATE).number


def test_the_same_seed_has_the_same_clouds_on_a_bigger_picture() -> None:
    small, big = clouds(3, 1.0), clouds(3, 1.0, Size(320, 180))
    assert difference(small, np.ascontiguousarray(big[::2, ::2])) < 12
