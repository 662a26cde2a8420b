"""The patch prior: how unlike natural pictures a picture's 8×8×3 patches are.

The filters are a PCA whitening of natural patches; on a natural picture every filter's response z
has about unit deviation. The energy is, per response,

* Student-t: ``log(1 + z² / v)``, the form of the 2015 system (v = 0.665 there), or
* Gaussian:  ``z² / 2``,

averaged over filters and patches. A patch at every pixel would cost more than the network; a random
offset of a stride-8 grid is one `pixel_unshuffle` and one matrix product, and its gradient is an
unbiased sample of the exact one. Coarser scales are reached by giving a smaller picture.
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

Form = Literal["student", "gaussian"]


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


def _grid(picture: Tensor, offset: tuple[int, int]) -> tuple[int, int]:
    height, width = picture.shape[-2:]
    return (height - offset[0]) // PATCH, (width - offset[1]) // PATCH


def _patches(picture: Tensor, offset: tuple[int, int]) -> Tensor:
    rows, columns = _grid(picture, offset)
    top, left = offset
    inner = picture[:, :, top : top + rows * PATCH, left : left + columns * PATCH]
    return functional.pixel_unshuffle(inner, PATCH).permute(0, 2, 3, 1).reshape(-1, 3 * PATCH**2)
