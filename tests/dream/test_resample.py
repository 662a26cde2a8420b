"""Both engines of the warp do the same."""

import math

import pytest
import torch
from torch.nn import functional

from vjdream.dream.resample import shrink, warp


def smooth(height: int, width: int) -> torch.Tensor:
    noise = torch.randn(1, 3, 6, 8, generator=torch.Generator().manual_seed(1))
    return functional.interpolate(noise, (height, width), mode="bicubic")


def turn(angle: float, zoom: float, x: float, y: float) -> torch.Tensor:
    c, s = math.cos(angle) / zoom, math.sin(angle) / zoom
    return torch.tensor([[c, -s, x], [s, c, y], [0, 0, 1]], dtype=torch.float64)


@pytest.mark.parametrize("method", ["linear", "cubic"])
@pytest.mark.parametrize("matrix", [turn(0.2, 1.1, 0.05, -0.1), turn(0, 0.9, 0, 0)])
def test_a_warp_is_what_torch_makes_of_it(method: str, matrix: torch.Tensor) -> None:
    picture = smooth(60, 80)
    warped = warp(picture, matrix, 48, 64, method)  # type: ignore[arg-type]
    theta = matrix[None, :2].float()
    grid = functional.affine_grid(theta, [1, 3, 48, 64], align_corners=False)
    expected = functional.grid_sample(
        picture,
        grid,
        mode="bicubic" if method == "cubic" else "bilinear",
        padding_mode="reflection",
        align_corners=False,
    )
    assert float((warped - expected).abs().max()) < 0.03


def test_the_identity_changes_nothing() -> None:
    picture = smooth(40, 56)
    assert torch.allclose(
        warp(picture, torch.eye(3, dtype=torch.float64), 40, 56, "linear"), picture, atol=1e-5
    )


def test_beyond_the_picture_lies_nothing_when_it_is_not_mirrored() -> None:
    warped = warp(torch.ones(1, 3, 32, 32), turn(0, 0.5, 0, 0), 32, 32, "linear", mirrored=False)
    assert float(warped[..., :6, :].abs().max()) == 0
    assert float(warped[..., 12:20, 12:20].min()) == 1


def test_shrinking_averages() -> None:
    picture = smooth(64, 96)
    assert torch.allclose(shrink(picture, 16, 24), functional.avg_pool2d(picture, 4), atol=1e-4)
