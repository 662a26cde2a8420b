"""The patch prior against a plain loop in double precision and against autograd."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from vjdream.dream.prior import PATCH, Form, PatchPrior

SIZE = 3 * PATCH * PATCH
HEIGHT, WIDTH = 29, 38
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
def picture() -> Tensor:
    return torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(4))


def by_hand(
    prior: PatchPrior, picture: Tensor, offset: tuple[int, int], form: Form
) -> tuple[float, NDArray[np.float64]]:
    """Energy and gradient, patch by patch in float64."""
    filters = prior.filters.numpy().astype(np.float64)
    mean = prior.mean.numpy().astype(np.float64)
    pixels = picture[0].numpy().astype(np.float64)
    energies, gradient = [], np.zeros_like(pixels)
    corners = [
        (top, left)
        for top in range(offset[0], HEIGHT - PATCH + 1, PATCH)
        for left in range(offset[1], WIDTH - PATCH + 1, PATCH)
    ]
    for top, left in corners:
        place = (slice(None), slice(top, top + PATCH), slice(left, left + PATCH))
        z = filters @ pixels[place].reshape(-1) - mean
        if form == "gaussian":
            energies.append(z**2 / 2)
            slope = z
        else:
            energies.append(np.log(1 + z**2 / prior.v))
            slope = 2 * z / (prior.v + z**2)
        gradient[place] += (filters.T @ slope / (SIZE * len(corners))).reshape(3, PATCH, PATCH)
    return float(np.mean(energies)), gradient


@both_forms
@all_offsets
def test_the_energy_is_that_of_a_plain_loop(
    prior: PatchPrior, picture: Tensor, offset: tuple[int, int], form: Form
) -> None:
    energy, _ = by_hand(prior, picture, offset, form)
    assert float(prior.energy(picture, offset, form)) == pytest.approx(energy, rel=1e-5)


@both_forms
@all_offsets
def test_the_gradient_is_that_of_a_plain_loop(
    prior: PatchPrior, picture: Tensor, offset: tuple[int, int], form: Form
) -> None:
    _, gradient = by_hand(prior, picture, offset, form)
    written_out = prior.gradient(picture, offset, form)[0].numpy()
    assert np.allclose(written_out, gradient, rtol=1e-4, atol=1e-8)


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
