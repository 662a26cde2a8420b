"""A picture's octaves of detail, and how they are brought to the strengths that photographs have.

The octaves are those of a Laplacian pyramid (Burt and Adelson 1983): what a picture has and its
half has not. In photographs each has about the same deviation (Field 1987), so the target is one
number for all.
"""

from torch import Tensor
from torch.nn import functional

TARGET = 0.06
"""Deviation of each octave's luminance. The photographs that the prior is fitted on have 0.02 to
0.13, 0.055 in the median."""

FINEST_SHARE = 0.5
"""Of the target, for the finest octave: photographs are never sharp to the pixel."""

SMALLEST = 8
"""Lines of the coarsest level; it is left as it is."""

LIMITS = (0.5, 1.6)
"""Of what one octave may become in a full step."""


def equalised(picture: Tensor, share: float) -> Tensor:
    """Return a picture (1, 3, h, w) with each octave a share of the way to its target."""
    details, result = _octaves_of(picture)
    for place, detail in reversed(list(enumerate(details))):
        target = TARGET * (FINEST_SHARE if place == 0 else 1.0)
        deviation = detail.mean(dim=1).square().mean().sqrt()  # of the luminance
        ratio = (target / (deviation + 1e-6)).clamp(*LIMITS)
        result = _enlarged(result, detail) + detail * (1 + share * (ratio - 1))
    return result


def _octaves_of(picture: Tensor) -> tuple[list[Tensor], Tensor]:
    """Return a picture's octaves, from the finest on, and what is left."""
    details = []
    while min(picture.shape[-2:]) // 2 >= SMALLEST:
        half = functional.avg_pool2d(picture, 2, ceil_mode=True, count_include_pad=False)
        details.append(picture - _enlarged(half, picture))
        picture = half
    return details, picture


def _enlarged(picture: Tensor, like: Tensor) -> Tensor:
    size = (like.shape[-2], like.shape[-1])
    return functional.interpolate(picture, size, mode="bilinear", align_corners=False)
