"""Random views of pictures, and the change that makes each hardest to tell."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


def random_views(pictures: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Views (n, 3, side, side) of uint8 pictures (n, 3, s, s): turned, scaled, shifted, mirrored.

    Light and tint change a little: who changes them much makes a network that is blind to colour.
    """
    n = len(pictures)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    angle = uniform(-0.3, 0.3)
    # Share of the picture's side that a view shows: from a detail to nearly all of it.
    zoom = torch.exp(uniform(math.log(0.55), math.log(0.95)))
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    slack = 1 - zoom
    matrix = torch.zeros(n, 2, 3)
    matrix[:, 0, 0] = zoom * torch.cos(angle) * mirror
    matrix[:, 0, 1] = -zoom * torch.sin(angle)
    matrix[:, 1, 0] = zoom * torch.sin(angle) * mirror
    matrix[:, 1, 1] = zoom * torch.cos(angle)
    matrix[:, 0, 2] = slack * uniform(-1, 1)
    matrix[:, 1, 2] = slack * uniform(-1, 1)
    grid = functional.affine_grid(matrix, [n, 3, side, side], align_corners=False)
    views = functional.grid_sample(
        pictures.float() / 255, grid, padding_mode="reflection", align_corners=False
    )
    light = uniform(0.85, 1.15)[:, None, None, None]
    tint = 1 + 0.05 * torch.randn(n, 3, 1, 1, generator=generator)
    grain = 0.02 * torch.rand(n, 1, 1, 1, generator=generator)
    views = views * light * tint + grain * torch.randn(views.shape, generator=generator)
    return views.clamp(0, 1).to(memory_format=torch.channels_last)


def attacked(
    model: nn.Module,
    pictures: Tensor,
    truth: Tensor,
    epsilon: float,
    steps: int,
    generator: torch.Generator,
) -> Tensor:
    """Pictures within `epsilon` (L2, of values in 0..1) that the model tells as badly as was found.

    Projected gradient descent from a random start (Madry et al. 2018, L2).
    """
    change = torch.randn(pictures.shape, generator=generator).to(pictures)
    change = change * (epsilon * 0.3 / _norms(change))
    for _ in range(steps):
        probe = (pictures + change).clamp(0, 1).requires_grad_(True)
        with torch.autocast(pictures.device.type, torch.bfloat16):
            loss = functional.cross_entropy(model(probe), truth)
        (gradient,) = torch.autograd.grad(loss, probe)
        gradient = gradient.float()
        change = change + 1.5 * epsilon / steps * gradient / _norms(gradient)
        change = change * (epsilon / _norms(change)).clamp_max(1)
    return (pictures + change).clamp(0, 1).detach()


def _norms(difference: Tensor) -> Tensor:
    lengths: Tensor = torch.linalg.vector_norm(difference.flatten(1), dim=1)
    return lengths.clamp_min(1e-9)[:, None, None, None]
