"""The patch prior against a plain loop in double precision and against autograd."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from vjdream.dream.prior import PATCH, Form, PatchPrior

Array = NDArray[np.float64]

SIZE = 3 * PATCH * PATCH
HEIGHT, WIDTH = 29, 38
TALL, WIDE = 33, 38
"""A picture with two scales; neither side is a multiple of the second one's squares."""

OFFSETS = [(0, 0), (3, 5), (7, 7)]
both_forms = pytest.mark.parametrize("form", ["student", "gaussian"])
all_offsets = pytest.mark.parametrize("offset", OFFSETS)


@pytest.fixture(scope="module")
def prior() -> PatchPrior:
    """Random filters: the arithmetic does not care what they were fitted on."""
    dice = torch.Generator().manual_seed(3)
    filters = torch.randn(SIZE, SIZE, generator=dice) / SIZE**0.5
    return PatchPrior(filters, torch.randn(SIZE, generator=dice) * 0.1, 0.7)


@pytest.fixture(scope="module")
def exact(prior: PatchPrior) -> PatchPrior:
    """The same prior, in double precision."""
    return PatchPrior(prior.filters.double(), prior.mean.double(), prior.v)


@pytest.fixture(scope="module")
def picture() -> Tensor:
    return torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(4))


@pytest.fixture(scope="module")
def tall() -> Tensor:
    return torch.rand(1, 3, TALL, WIDE, generator=torch.Generator().manual_seed(5))


class Loop(NamedTuple):
    """What the plain loop comes to."""

    energy: float
    gradient: Array


def double(values: Tensor) -> Array:
    return values.numpy().astype(np.float64)


def by_hand(
    prior: PatchPrior, pixels: Array, corners: Iterable[tuple[int, int]], form: Form
) -> Loop:
    """Energy and gradient of the patches at these corners, one filter after the other."""
    filters = double(prior.filters).reshape(SIZE, 3, PATCH, PATCH)
    means = double(prior.mean)
    total, count, gradient = 0.0, 0, np.zeros_like(pixels)
    for top, left in corners:
        patch = pixels[:, top : top + PATCH, left : left + PATCH]
        pull = gradient[:, top : top + PATCH, left : left + PATCH]
        for one, mean in zip(filters, means, strict=True):
            z = float((one * patch).sum()) - float(mean)
            if form == "gaussian":
                total += 0.5 * z * z  # its slope is z
                pull += z * one
            else:
                total += math.log(1 + z * z / prior.v)  # its slope is 2z / v / (1 + z²/v)
                pull += 2 * z / prior.v / (1 + z * z / prior.v) * one
            count += 1
    return Loop(total / count, gradient / count)


def on_a_grid(prior: PatchPrior, pixels: Array, offset: tuple[int, int], form: Form) -> Loop:
    rows = range(offset[0], pixels.shape[1] - PATCH + 1, PATCH)
    columns = range(offset[1], pixels.shape[2] - PATCH + 1, PATCH)
    return by_hand(prior, pixels, [(row, column) for row in rows for column in columns], form)


def on_two_scales(prior: PatchPrior, pixels: Array, form: Form) -> Loop:
    """Every patch of the picture, and of its averages over squares of 4x4 pixels."""
    assert 32 <= min(pixels.shape[1:]) < 64, "one scale more would fit"
    energies, total = [], np.zeros_like(pixels)
    for side in (1, 4):
        high, wide = pixels.shape[1] // side, pixels.shape[2] // side
        small = np.zeros((3, high, wide))
        for row in range(high * side):
            for column in range(wide * side):
                small[:, row // side, column // side] += pixels[:, row, column] / side**2
        every = [(row, column) for row in range(high - 7) for column in range(wide - 7)]
        energy, gradient = by_hand(prior, small, every, form)
        energies.append(energy)
        for row in range(high * side):
            for column in range(wide * side):
                total[:, row, column] += gradient[:, row // side, column // side] / side**2
    return Loop(sum(energies) / 2, total / 2)


@both_forms
@all_offsets
def test_the_energy_and_the_gradient_are_those_of_a_plain_loop(
    exact: PatchPrior, picture: Tensor, offset: tuple[int, int], form: Form
) -> None:
    shown = picture.double()
    energy, gradient = on_a_grid(exact, double(picture[0]), offset, form)
    assert float(exact.energy(shown, offset, form)) == pytest.approx(energy, rel=1e-12)
    ours = exact.gradient(shown, offset, form)[0].numpy()
    assert np.allclose(ours, gradient, rtol=1e-10, atol=1e-14)


@both_forms
@all_offsets
def test_single_precision_is_enough(
    prior: PatchPrior, picture: Tensor, offset: tuple[int, int], form: Form
) -> None:
    energy, gradient = on_a_grid(prior, double(picture[0]), offset, form)
    assert float(prior.energy(picture, offset, form)) == pytest.approx(energy, rel=1e-5)
    ours = prior.gradient(picture, offset, form)[0].numpy()
    assert np.allclose(ours, gradient, rtol=1e-4, atol=1e-8)


@both_forms
def test_the_energy_and_the_gradient_of_the_pyramid_are_those_of_a_plain_loop(
    exact: PatchPrior, tall: Tensor, form: Form
) -> None:
    energy, gradient = on_two_scales(exact, double(tall[0]), form)
    assert float(exact.pyramid_energy(tall.double(), form)) == pytest.approx(energy, rel=1e-12)
    ours = exact.pyramid_gradient(tall.double(), form)[0].numpy()
    assert np.allclose(ours, gradient, rtol=1e-10, atol=1e-14)


@both_forms
def test_the_gradient_is_the_slope_of_the_plain_loops_energy(
    exact: PatchPrior, picture: Tensor, tall: Tensor, form: Form
) -> None:
    """Central differences, which know nothing of derivatives, along a direction of chance."""
    step = 1e-5
    grid, pyramid = double(picture[0]), double(tall[0])
    dice = np.random.default_rng(6)
    one, other = dice.standard_normal(grid.shape), dice.standard_normal(pyramid.shape)

    def slope_of_a_grid(offset: tuple[int, int]) -> float:
        above = on_a_grid(exact, grid + step * one, offset, form).energy
        return (above - on_a_grid(exact, grid - step * one, offset, form).energy) / (2 * step)

    for offset in OFFSETS:
        ours = exact.gradient(picture.double(), offset, form)[0].numpy()
        assert float((ours * one).sum()) == pytest.approx(slope_of_a_grid(offset), rel=1e-7)
    above = on_two_scales(exact, pyramid + step * other, form).energy
    slope = (above - on_two_scales(exact, pyramid - step * other, form).energy) / (2 * step)
    ours = exact.pyramid_gradient(tall.double(), form)[0].numpy()
    assert float((ours * other).sum()) == pytest.approx(slope, rel=1e-7)


@both_forms
@all_offsets
def test_the_gradient_is_that_of_autograd(
    prior: PatchPrior, picture: Tensor, offset: tuple[int, int], form: Form
) -> None:
    followed = picture.clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(prior.energy(followed, offset, form), followed)
    assert torch.allclose(prior.gradient(picture, offset, form), gradient, rtol=1e-4, atol=1e-8)


@both_forms
def test_going_against_the_gradient_lowers_the_energy(
    prior: PatchPrior, picture: Tensor, form: Form
) -> None:
    gradient = prior.gradient(picture, (0, 0), form)
    step = 0.01 / float(gradient.square().mean().sqrt())
    lower = picture - step * gradient
    assert prior.energy(lower, (0, 0), form) < prior.energy(picture, (0, 0), form)


def test_pixels_outside_whole_patches_are_not_pulled(prior: PatchPrior, picture: Tensor) -> None:
    gradient = prior.gradient(picture, (3, 5), "student")
    assert gradient[:, :, :3].abs().max() == 0
    assert gradient[:, :, :, :5].abs().max() == 0
    assert gradient[:, :, 3 + 3 * PATCH :].abs().max() == 0


def test_the_shipped_prior_likes_smooth_pictures_more_than_noise() -> None:
    shipped = PatchPrior.load()
    assert shipped.filters.shape == (SIZE, SIZE)
    assert shipped.mean.shape == (SIZE,)
    rows = torch.linspace(0.3, 0.6, 64)[:, None].expand(64, 64)
    smooth = rows.expand(1, 3, 64, 64).contiguous()
    noisy = smooth + 0.1 * torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    assert shipped.energy(smooth, (0, 0), "student") < shipped.energy(noisy, (0, 0), "student")
