"""Weighting a gradient by frequency and colour, on waves whose answer is known."""

import math

import pytest
import torch
from torch import Tensor

from vjdream.dream.spectrum import weight_by_frequency, weight_colour

HEIGHT, WIDTH = 32, 64


def wave(cycles: int, down: int = 0) -> Tensor:
    """A cosine with whole cycles across the width and down the height."""
    x = torch.arange(WIDTH) / WIDTH
    y = torch.arange(HEIGHT)[:, None] / HEIGHT
    return torch.cos(2 * math.pi * (cycles * x + down * y)).expand(1, 3, HEIGHT, WIDTH)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(("cycles", "down"), [(4, 0), (0, 5), (3, 4), (32, 0)])
def test_a_wave_is_multiplied_by_its_frequency_to_minus_the_power(
    power: float, cycles: int, down: int
) -> None:
    frequency = math.hypot(cycles / WIDTH, down / HEIGHT)
    weighted = weight_by_frequency(wave(cycles, down), power)
    assert torch.allclose(weighted, wave(cycles, down) * frequency**-power, rtol=1e-4, atol=1e-3)


def test_power_0_leaves_every_wave_as_it_is() -> None:
    gradient = wave(3)
    assert torch.allclose(weight_by_frequency(gradient, 0.0), gradient, atol=1e-5)


def test_the_mean_counts_for_nothing() -> None:
    weighted = weight_by_frequency(torch.ones(1, 3, HEIGHT, WIDTH), 1.0)
    assert torch.allclose(weighted, torch.zeros_like(weighted), atol=1e-4)


@pytest.mark.parametrize("size", [(33, 65), (64, 33), (65, 64)])
def test_odd_sizes_keep_their_size(size: tuple[int, int]) -> None:
    assert weight_by_frequency(torch.rand(1, 3, *size), 0.5).shape == (1, 3, *size)


def test_the_sum_of_waves_is_weighted_wave_by_wave() -> None:
    both = weight_by_frequency(wave(4) + wave(9), 1.0)
    apart = weight_by_frequency(wave(4), 1.0) + weight_by_frequency(wave(9), 1.0)
    assert torch.allclose(both, apart, atol=1e-4)


def test_a_grey_gradient_keeps_its_size_whatever_the_colour_weight() -> None:
    grey = wave(3)
    assert torch.allclose(weight_colour(grey, 0.2), grey)


def test_without_colour_the_gradient_is_its_grey() -> None:
    gradient = torch.rand(1, 3, 8, 8)
    expected = gradient.mean(dim=1, keepdim=True).expand_as(gradient)
    assert torch.allclose(weight_colour(gradient, 0.0), expected)


def test_a_colour_weight_of_one_changes_nothing() -> None:
    gradient = torch.rand(1, 3, 8, 8)
    assert torch.allclose(weight_colour(gradient, 1.0), gradient)


def test_the_colour_weight_multiplies_the_difference_from_grey() -> None:
    gradient = torch.tensor([3.0, 0.0, 0.0]).view(1, 3, 1, 1)
    assert weight_colour(gradient, 0.5).flatten().tolist() == pytest.approx([2.0, 0.5, 0.5])
