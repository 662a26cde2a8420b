"""The patch prior: how unlike natural pictures a picture's 8×8×3 patches are.

The filters are a PCA whitening of natural patches; on a natural picture every filter's response z
has about unit deviation. The energy is, per response,

* Student-t: ``log(1 + z² / v)``, the form of the 2015 system (v = 0.665 there), or
* Gaussian:  ``z² / 2``,

averaged over filters and patches. A patch at every pixel would cost more than the network; a random
offset of a stride-8 grid is one `pixel_unshuffle` and one matrix product, and its gradient is an
unbiased sample of the exact one. Coarser scales are reached by giving a smaller picture.

`pyramid_energy` is the 2015 system's: every patch, of the picture and of its averages over 4, 8, 16
and 32 pixels. All of this is computed in float32: bfloat16 has too few digits for whitening.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from vjdream.vocabulary import DATA

PATCH = 8

POOLS = (1, 4, 8, 16, 32)
"""Sides of the squares whose averages make the scales of the pyramid."""

Form = Literal["student", "gaussian"]
FORMS: tuple[Form, ...] = ("student", "gaussian")


@dataclass(frozen=True)
class PatchPrior:
    """Energy of 8×8×3 patches under whitening filters, with its gradient in closed form."""

    filters: Tensor  # (192, 192), one filter a row
    mean: Tensor  # (192,)
    v: float

    @classmethod
    def load(cls, path: Path | None = None, device: torch.device | None = None) -> Self:
        """Read the fitted prior (the shipped one by default)."""
        content = load_file(path or DATA / "prior.safetensors")
        return cls(
            content["filters"].float().to(device),
            content["mean"].float().to(device),
            float(content["v"]),
        )

    def energy(self, picture: Tensor, offset: tuple[int, int], form: Form) -> Tensor:
        """Mean energy of the whole patches on the grid that starts at `offset` (row, column)."""
        z = self._responses(_patches(picture, offset))
        if form == "gaussian":
            return (z.square() / 2).mean()
        return torch.log1p(z.square() / self.v).mean()

    def pyramid_energy(self, picture: Tensor, form: Form) -> Tensor:
        """Mean over the scales of the mean energy of all patches, also those that overlap.

        Scales at which the picture is smaller than a patch are left out.
        """
        scales = [self._every_patch(_pooled(picture, pool), form) for pool in _pools(picture)]
        return torch.stack(scales).mean()

    def _every_patch(self, picture: Tensor, form: Form) -> Tensor:
        total, count = picture.new_zeros(()), 0
        for offset in _offsets(picture):
            rows, columns = _grid(picture, offset)
            total = total + self.energy(picture, offset, form) * (rows * columns)
            count += rows * columns
        return total / count

    def pyramid_gradient(self, picture: Tensor, form: Form) -> Tensor:
        """The gradient of `pyramid_energy`, written out."""
        height, width = picture.shape[-2:]
        total = torch.zeros_like(picture)
        pools = _pools(picture)
        for pool in pools:
            small = _pooled(picture, pool)
            high, wide = small.shape[-2:]
            count = (high - PATCH + 1) * (wide - PATCH + 1)
            gradient = torch.zeros_like(small)
            for offset in _offsets(small):
                rows, columns = _grid(small, offset)
                gradient += self.gradient(small, offset, form) * (rows * columns / count)
            # an average hands each of its pixels an equal share back
            spread = gradient.repeat_interleave(pool, dim=2).repeat_interleave(pool, dim=3)
            margins = (0, width - wide * pool, 0, height - high * pool)
            total += functional.pad(spread, margins) / (pool * pool * len(pools))
        return total

    def gradient(self, picture: Tensor, offset: tuple[int, int], form: Form) -> Tensor:
        """The gradient of `energy`, written out; zero where no whole patch lies.

        Args:
            picture: (1, 3, h, w) in 0..1.
        """
        patches = _patches(picture, offset)  # (rows·columns, 192)
        z = self._responses(patches)
        slope = z if form == "gaussian" else 2 * z / (self.v + z.square())
        into_patches = (slope / z.numel()) @ self.filters
        rows, columns = _grid(picture, offset)
        stacked = into_patches.view(1, rows, columns, 3 * PATCH * PATCH).permute(0, 3, 1, 2)
        inner = functional.pixel_shuffle(stacked, PATCH)
        gradient = torch.zeros_like(picture)
        top, left = offset
        gradient[:, :, top : top + rows * PATCH, left : left + columns * PATCH] = inner
        return gradient

    def _responses(self, patches: Tensor) -> Tensor:
        return torch.addmm(-self.mean, patches, self.filters.T)


def _pools(picture: Tensor) -> list[int]:
    return [pool for pool in POOLS if min(picture.shape[-2:]) // pool >= PATCH]


def _pooled(picture: Tensor, pool: int) -> Tensor:
    """Averages of squares; pixels beyond the last whole square are left out."""
    return functional.avg_pool2d(picture, pool) if pool > 1 else picture


def _offsets(picture: Tensor) -> list[tuple[int, int]]:
    """Where grids start that together hold every patch once."""
    height, width = picture.shape[-2:]
    return [
        (row, column)
        for row in range(min(PATCH, height - PATCH + 1))
        for column in range(min(PATCH, width - PATCH + 1))
    ]


def _grid(picture: Tensor, offset: tuple[int, int]) -> tuple[int, int]:
    height, width = picture.shape[-2:]
    return (height - offset[0]) // PATCH, (width - offset[1]) // PATCH


def _patches(picture: Tensor, offset: tuple[int, int]) -> Tensor:
    rows, columns = _grid(picture, offset)
    top, left = offset
    inner = picture[:, :, top : top + rows * PATCH, left : left + columns * PATCH]
    return functional.pixel_unshuffle(inner, PATCH).permute(0, 2, 3, 1).reshape(-1, 3 * PATCH**2)
