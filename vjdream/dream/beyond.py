"""What lies beyond the canvas when the camera travels backwards or aside.

Mirroring alone repeats the same thin strip again and again and paints stripes. What comes into view
keeps the mirrored picture's large colours, and gets forms of its own from a texture that is fixed
in the world: wrapped around the camera's centre, and scaled with the logarithm of the distance, so
that rings that come into view one after another fit together, and look alike at every zoom.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from vjdream.camera import Pose
from vjdream.frames import Size

SIDE = 256
"""Pixels of the texture, around and along the logarithm of the distance."""

PERIOD = 2 * math.pi
"""Of the logarithm of the distance after which the texture repeats, as it does around."""

STRENGTH = 0.14
"""Deviation of the forms."""

COLOUR = 0.5
"""Of the forms, against light and dark."""

CALM = 0.3
"""Distance in heights within which forms, ever smaller towards the middle, fade to none."""

SHRINK = 8
"""The mirrored picture is reduced to colours this much coarser."""


class Beyond:
    """The world outside one canvas."""

    def __init__(self, size: Size, cover: float, seed: int, device: torch.device) -> None:
        y = (torch.arange(size.height) + 0.5) / size.height - 0.5
        x = ((torch.arange(size.width) + 0.5) / size.width - 0.5) * size.width / size.height
        vertical, horizontal = torch.meshgrid(y * cover, x * cover, indexing="ij")
        self._around = torch.atan2(vertical, horizontal).to(device)  # radians, (h, w)
        distance = torch.hypot(vertical, horizontal)
        self._outwards = torch.log(distance.clamp(min=1e-3)).to(device)
        self._calm = (distance / CALM).clamp(max=1).to(device)
        self._texture = _texture(seed).to(device)

    def fill(self, picture: Tensor, inside: Tensor, pose: Pose) -> Tensor:
        """Return the picture (1, 3, h, w) with new forms where `inside` (1, 1, h, w) is not 1."""
        if float(inside.min()) >= 1:
            return picture
        height, width = picture.shape[-2:]
        coarse = functional.adaptive_avg_pool2d(picture, (height // SHRINK, width // SHRINK))
        colours = functional.interpolate(coarse, (height, width), mode="bilinear")
        around = self._around + pose.angle
        outwards = self._outwards - pose.log_zoom
        turns = torch.stack([around / (2 * math.pi), outwards / PERIOD], dim=-1)
        grid = 2 * (turns - turns.floor()) - 1  # -1..1
        forms = functional.grid_sample(
            self._texture, grid[None], padding_mode="reflection", align_corners=False
        )
        new = (colours + STRENGTH * self._calm * forms).clamp(0, 1)
        return inside * picture + (1 - inside) * new


def _texture(seed: int) -> Tensor:
    """Noise with amplitudes of 1/f that repeats at its edges, (1, 3, SIDE, SIDE), deviation 1."""
    dice = torch.Generator().manual_seed(seed)
    noise = torch.fft.rfft2(torch.randn(1, 3, SIDE, SIDE, generator=dice))
    vertical = torch.fft.fftfreq(SIDE)[:, None] * SIDE
    horizontal = torch.fft.rfftfreq(SIDE)[None] * SIDE
    frequency = torch.hypot(vertical, horizontal)
    # forms of an eye's size: from three to forty around the view
    weights = torch.where((frequency > 3) & (frequency < 40), 1 / frequency.clamp(min=1), 0.0)
    texture = torch.fft.irfft2(noise * weights, s=(SIDE, SIDE))
    grey = texture.mean(dim=1, keepdim=True)
    texture = grey + COLOUR * (texture - grey)
    result: Tensor = texture / texture.std()
    return result
