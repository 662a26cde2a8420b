"""What comes into view has forms of its own, and they stay where they are in the world."""

import math

import pytest
import torch

from vjdream.camera import Pose
from vjdream.dream.beyond import STRENGTH, Beyond
from vjdream.frames import Size

SIZE = Size(128, 72)
GREY = torch.full((1, 3, 72, 128), 0.5)
NOTHING = torch.zeros(1, 1, 72, 128)


def beyond(seed: int = 0) -> Beyond:
    return Beyond(SIZE, 1.0, seed, torch.device("cpu"))


def test_what_lies_inside_is_not_touched() -> None:
    inside = NOTHING.clone()
    inside[..., 20:50, 30:90] = 1
    filled = beyond().fill(GREY, inside, Pose())
    assert torch.equal(filled[..., 20:50, 30:90], GREY[..., 20:50, 30:90])


def test_a_picture_that_is_all_inside_is_returned_as_it_is() -> None:
    assert beyond().fill(GREY, torch.ones_like(NOTHING), Pose()) is GREY


def test_forms_have_their_contrast_around_the_picture_s_own_colour() -> None:
    filled = beyond().fill(GREY, NOTHING, Pose())
    assert float(filled.std()) == pytest.approx(STRENGTH, rel=0.4)
    assert float(filled.mean()) == pytest.approx(0.5, abs=0.08)


def test_the_same_place_of_the_world_looks_the_same_from_farther_away() -> None:
    """Going back by a factor of 2, what was at half the distance is now at a quarter."""
    near = beyond().fill(GREY, NOTHING, Pose())
    far = beyond().fill(GREY, NOTHING, Pose(log_zoom=-math.log(2)))
    shrunk = torch.nn.functional.interpolate(near, (36, 64), mode="area")
    middle = far[..., 18:54, 32:96]
    ring = torch.ones(36, 64, dtype=torch.bool)
    ring[8:28, 16:48] = False  # the very centre is too fine to compare
    a, b = shrunk[..., ring] - 0.5, middle[..., ring] - 0.5
    assert float((a * b).mean() / (a.std() * b.std())) > 0.9


def test_another_seed_is_another_world() -> None:
    one, two = (beyond(seed).fill(GREY, NOTHING, Pose()) for seed in (1, 2))
    assert float((one - two).abs().mean()) > 0.05
