"""Weighting a gradient by frequency and colour, on waves whose answer is known."""

import math

import pytest
import torch
from torch import Tensor

from vjdream.dream.spectrum import (
    _octaves,
    weight_colour,
    weight_spectrum,
    weights_by_frequency,
)

HEIGHT, WIDTH = 32, 64


def weight_by_frequency(gradient: Tensor, power: float) -> Tensor:
    height, width = gradient.shape[-2:]
    return weight_spectrum(gradient, weights_by_frequency(height, width, power, gradient.device))


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


def one_pixel(*colour: float) -> Tensor:
    return torch.tensor(colour).view(1, 3, 1, 1)


def length(gradient: Tensor) -> float:
    return float(gradient.square().sum().sqrt())


def test_natural_colours_climb_three_times_faster_from_warm_to_cool_than_otherwise() -> None:
    warm = length(weight_colour(one_pixel(1.0, 0.0, -1.0), 1.0, 1.0)) / 2**0.5
    green = length(weight_colour(one_pixel(-1.0, 2.0, -1.0), 1.0, 1.0)) / 6**0.5
    assert warm / green == pytest.approx(3.0)
    assert warm**2 + green**2 == pytest.approx(2.0)  # hues in even parts keep their length


def test_natural_colours_leave_light_and_the_direction_of_either_axis_as_they_are() -> None:
    assert torch.equal(weight_colour(one_pixel(0.5, 0.5, 0.5), 1.0, 2.0), one_pixel(0.5, 0.5, 0.5))
    for axis in (one_pixel(1.0, 0.0, -1.0), one_pixel(-1.0, 2.0, -1.0)):
        weighted = weight_colour(axis, 1.0, 2.0)
        assert torch.allclose(weighted / length(weighted), axis / length(axis))


def test_without_natural_all_hues_count_alike() -> None:
    gradient = torch.rand(1, 3, 8, 8)
    assert torch.allclose(weight_colour(gradient, 1.0, 0.0), gradient)


def even_octaves(gradient: Tensor, amount: Tensor) -> Tensor:
    return weight_spectrum(gradient, torch.ones(HEIGHT, WIDTH // 2 + 1), amount)


def octave_energies(gradient: torch.Tensor) -> torch.Tensor:
    members = _octaves(HEIGHT, WIDTH, gradient.device)
    power = torch.fft.rfft2(gradient).abs().square().sum(dim=(0, 1))
    return (members * power).sum(dim=(1, 2))


def test_each_frequency_belongs_to_octaves_whole() -> None:
    members = _octaves(HEIGHT, WIDTH, torch.device("cpu"))
    assert torch.allclose(members.sum(dim=0), torch.ones(HEIGHT, WIDTH // 2 + 1), atol=1e-5)


def test_without_evening_octaves_a_gradient_stays() -> None:
    gradient = wave(3) + 0.1 * wave(11)
    assert torch.allclose(even_octaves(gradient, torch.tensor(0.0)), gradient, atol=1e-4)


def test_a_weak_octave_grows_beside_a_strong_one() -> None:
    gradient = wave(4) + 0.3 * wave(16)
    before = octave_energies(gradient)
    half = octave_energies(even_octaves(gradient, torch.tensor(0.5)))
    full = octave_energies(even_octaves(gradient, torch.tensor(1.0)))
    weak, strong = 3, 1  # 8 and 2 cycles per height
    assert before[weak] / before[strong] == pytest.approx(0.09, rel=0.01)
    assert half[weak] / half[strong] == pytest.approx(0.3, rel=0.01)
    assert full[weak] / full[strong] == pytest.approx(1.0, rel=0.01)


def test_an_empty_octave_stays_empty() -> None:
    evened = even_octaves(wave(4), torch.tensor(1.0))
    assert torch.isfinite(evened).all()
    energies = octave_energies(evened)
    assert energies[3] < 1e-6 * energies[1]


def test_evening_nothing_gives_nothing() -> None:
    assert not even_octaves(torch.zeros(1, 3, HEIGHT, WIDTH), torch.tensor(1.0)).any()
