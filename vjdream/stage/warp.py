"""Warping: a picture that lies somewhere in the world, as a camera somewhere else sees it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.camera import Viewpoint, pixel_matrix
from vjdream.frames import Picture

MOSTLY_INSIDE = 0.2
"""Share of mirrored pixels up to which a frame has all its resolution."""

WIDEST = 4.0
"""Pictures that a view may span."""

_GRID = np.stack(np.meshgrid((np.arange(16) + 0.5) / 16, (np.arange(12) + 0.5) / 12)).reshape(2, -1)
"""Points of a view, in widths and heights."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture that lies at a viewpoint and covers its view so many times."""

    picture: Picture
    viewpoint: Viewpoint
    cover: float


def warp(
    layer: Layer,
    viewpoint: Viewpoint,
    size: tuple[int, int],
    cover: float = 1.0,
    out: Picture | None = None,
) -> Picture:
    """Show a layer at a viewpoint, on width × height pixels that cover the view so many times.

    Mirrored pixels cost four times as much as others, and more with every mirror that they pass. So
    where many are seen, because the camera has left its keyframe far behind, half the resolution
    must do, and the camera is taken for nearer than it is.
    """
    source = (layer.picture.shape[1], layer.picture.shape[0])
    relative = viewpoint.seen_from(layer.viewpoint)
    matrix = nearer(pixel_matrix(relative, size, source, layer.cover, cover), size, source)
    if outside(matrix, size, source) <= MOSTLY_INSIDE:
        return _warp_pixels(layer.picture, matrix, size, out)
    half = (-(-size[0] // 2), -(-size[1] // 2))
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5)  # the middle of the first two by two pixels
    matrix[:, :2] *= 2
    small = _warp_pixels(layer.picture, matrix, half, None)
    return np.asarray(cv2.resize(small, size, dst=out, interpolation=cv2.INTER_LINEAR), np.uint8)


def _warp_pixels(
    picture: Picture, matrix: NDArray[np.float64], size: tuple[int, int], out: Picture | None
) -> Picture:
    warped = cv2.warpAffine(
        picture,
        matrix,
        size,
        dst=out,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )
    return np.asarray(warped, np.uint8)


def nearer(
    matrix: NDArray[np.float64], size: tuple[int, int], source: tuple[int, int]
) -> NDArray[np.float64]:
    """Return a matrix (2, 3) from output to source pixels whose way through the mirrors is short.

    A mirrored picture repeats after twice its length, so whole periods are left out. A view of more
    than `WIDEST` pictures is narrowed to that.
    """
    middle = np.array([(size[0] - 1) / 2, (size[1] - 1) / 2])
    there = matrix[:, :2] @ middle + matrix[:, 2]
    period = 2.0 * np.array(source)
    there = (there + period / 4) % period - period / 4
    linear = matrix[:, :2]
    spans = np.abs(linear) @ size / source
    linear = linear * min(1.0, WIDEST / spans.max())
    return np.column_stack([linear, there - linear @ middle])


def outside(matrix: NDArray[np.float64], size: tuple[int, int], source: tuple[int, int]) -> float:
    """Return the share of the output's pixels that lie outside the source, 0..1, roughly."""
    points = matrix @ np.stack([_GRID[0] * size[0], _GRID[1] * size[1], np.ones_like(_GRID[0])])
    inside = (points >= -0.5) & (points <= np.array(source)[:, None] - 0.5)
    return 1 - float(inside.all(axis=0).mean())
