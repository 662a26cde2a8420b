"""The equaliser draws the octaves of a picture towards those of photographs."""

import pytest
import torch
from torch import Tensor

from vjdream.dream.equaliser import FINEST_SHARE, LIMITS, TARGET, _octaves_of, equalised


def picture(deviations: list[float], side: int = 128) -> Tensor:
    """Grey noise whose octaves, from fine to coarse, were given these deviations."""
    generator = torch.Generator().manual_seed(4)
    details, coarse = _octaves_of(torch.randn(1, 1, side, side, generator=generator) * 0.1)
    assert len(details) == len(deviations)
    mixed = torch.full_like(coarse, 0.5)
    for detail, deviation in zip(reversed(details), reversed(deviations), strict=True):
        size = (detail.shape[-2], detail.shape[-1])
        mixed = torch.nn.functional.interpolate(mixed, size, mode="bilinear")
        mixed = mixed + detail * (deviation / detail.square().mean().sqrt())
    return mixed.expand(1, 3, -1, -1).contiguous()


def deviations(seen: Tensor) -> list[float]:
    details, _ = _octaves_of(seen)
    return [float(detail.mean(dim=1).square().mean().sqrt()) for detail in details]


def test_the_octaves_of_a_picture_add_up_to_it() -> None:
    seen = torch.rand(1, 3, 70, 91, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(equalised(seen, 0.0), seen, atol=1e-6)


def test_weak_octaves_grow_and_strong_ones_shrink() -> None:
    before = picture([0.005, 0.01, 0.2, 0.3])
    fine, _, _, coarse = deviations(before)
    after = deviations(equalised(before, 0.5))
    assert fine < after[0] <= TARGET * FINEST_SHARE
    assert coarse > after[3] >= TARGET


def test_a_picture_of_many_steps_ends_at_the_targets() -> None:
    seen = picture([0.02, 0.03, 0.1, 0.12])
    for _ in range(200):
        seen = equalised(seen, 0.2)
    targets = [TARGET * FINEST_SHARE, TARGET, TARGET, TARGET]
    assert deviations(seen) == pytest.approx(targets, rel=0.15)


def test_one_step_never_more_than_multiplies_an_octave_by_the_limits() -> None:
    before = torch.full((1, 3, 64, 64), 0.5)
    before[..., 20:24, 20:24] += 1e-4  # hardly anything, everywhere far below the targets
    after = equalised(before, 1.0)
    assert float((after - 0.5).abs().max()) <= 1e-4 * LIMITS[1] * 1.01


def test_the_mean_and_the_colours_of_large_areas_stay() -> None:
    seen = torch.zeros(1, 3, 64, 64)
    seen[:, 0], seen[:, 1], seen[:, 2] = 0.7, 0.4, 0.2
    assert torch.allclose(equalised(seen, 1.0), seen, atol=1e-5)
