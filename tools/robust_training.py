"""What adversarial training is made of: the network in training, random views, and the attack.

The attack is projected gradient descent in L2 (Madry et al. 2018).
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vjdream.dream.dreamnet import DreamNet


class Trainee(nn.Module):
    """A dreamnet with batch normalisation after each convolution, as long as it learns."""

    def __init__(self, network: DreamNet) -> None:
        super().__init__()
        self.network = network
        self.norms = nn.ModuleDict()
        for name, width in network.description.layers[:-1]:
            norm = nn.BatchNorm2d(width, momentum=0.05)
            self.norms[name.replace(".", "_")] = norm
            layer = network.get_submodule(name)
            layer.register_forward_hook(lambda _layer, _input, output, norm=norm: norm(output))

    def forward(self, pictures: Tensor) -> Tensor:
        return self.network(pictures).mean((2, 3))  # (n, classes)

    @torch.no_grad()
    def folded(self) -> DreamNet:
        """The same network without normalisation: its scale and shift join the convolutions."""
        result = DreamNet(self.network.description)
        result.load_state_dict(
            {name: value.clone() for name, value in self.network.state_dict().items()}
        )
        for name, _ in self.network.description.layers[:-1]:
            norm = self.norms[name.replace(".", "_")]
            layer = result.get_submodule(name)
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            layer.weight.mul_(scale[:, None, None, None])
            layer.bias.copy_((layer.bias - norm.running_mean) * scale + norm.bias)
        return result.eval().to(memory_format=torch.channels_last)


def crops(pictures: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Random views of uint8 pictures (n, 3, s, s): turned, scaled, shifted, mirrored, relit."""
    n = len(pictures)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    angle = uniform(-0.3, 0.3)
    # Share of the drawing's side that the crop shows: from a detail to nearly all of it.
    zoom = torch.exp(uniform(float(np.log(0.55)), float(np.log(0.95))))
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    slack = 1 - zoom
    matrix = torch.zeros(n, 2, 3)
    matrix[:, 0, 0] = zoom * torch.cos(angle) * mirror
    matrix[:, 0, 1] = -zoom * torch.sin(angle)
    matrix[:, 1, 0] = zoom * torch.sin(angle) * mirror
    matrix[:, 1, 1] = zoom * torch.cos(angle)
    matrix[:, 0, 2] = slack * uniform(-1, 1)
    matrix[:, 1, 2] = slack * uniform(-1, 1)
    grid = F.affine_grid(matrix, [n, 3, side, side], align_corners=False)
    views = F.grid_sample(
        pictures.float() / 255, grid, padding_mode="reflection", align_corners=False
    )
    light = uniform(0.85, 1.15)[:, None, None, None]
    tint = 1 + 0.05 * torch.randn(n, 3, 1, 1, generator=generator)
    grain = 0.02 * torch.rand(n, 1, 1, 1, generator=generator)
    views = views * light * tint + grain * torch.randn(views.shape, generator=generator)
    return views.clamp(0, 1).to(memory_format=torch.channels_last)


def norm_of(difference: Tensor) -> Tensor:
    return difference.flatten(1).norm(dim=1).clamp_min(1e-9)[:, None, None, None]


def attacked(
    model: nn.Module, pictures: Tensor, truth: Tensor, epsilon: float, steps: int
) -> Tensor:
    """Pictures within `epsilon` (L2, in 0..1 units) that the model tells as badly as it found."""
    change = torch.randn_like(pictures)
    change *= epsilon * 0.3 / norm_of(change)
    for _ in range(steps):
        probe = (pictures + change).clamp(0, 1).requires_grad_(True)
        with torch.autocast("cpu", torch.bfloat16):
            loss = F.cross_entropy(model(probe), truth)
        (gradient,) = torch.autograd.grad(loss, probe)
        gradient = gradient.float()
        change = change + 1.5 * epsilon / steps * gradient / norm_of(gradient)
        change = change * (epsilon / norm_of(change)).clamp_max(1)
    return (pictures + change).clamp(0, 1).detach()
