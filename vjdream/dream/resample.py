"""Resampling pictures of torch: one warp, two engines.

Matrices are 3×3 tensors on the picture's device and map normalised coordinates (-1..1 from edge to
edge) of the target to those of the source. On a CPU OpenCV does the work on the tensor's own
memory, several times faster than torch's `grid_sample`; tensors are kept channels-last for that. On
a GPU torch does it.
"""

from typing import Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Method = Literal["linear", "cubic", "catmull-rom"]
"""cubic is the kernel that OpenCV and torch call so, with a slope of -0.75; catmull-rom is Keys'
(1981) with -0.5, a little softer, which continues with the border's pixels beyond the picture.
"""


def shrink(picture: Tensor, height: int, width: int) -> Tensor:
    """Return the picture (1, 3, h, w) at another size, without aliases where it gets smaller."""
    if picture.shape[-2:] == (height, width):
        return picture
    if picture.device.type != "cpu":
        return functional.interpolate(
            picture, (height, width), mode="bilinear", antialias=True, align_corners=False
        )
    return _from_array(cv2.resize(_array(picture), (width, height), interpolation=cv2.INTER_AREA))


def warp(
    picture: Tensor, matrix: Tensor, height: int, width: int, method: Method, mirrored: bool = True
) -> Tensor:
    """Return what lies under the matrix, (1, 3, height, width).

    Args:
        picture: (1, 3, h, w).
        mirrored: what lies beyond the picture: its mirror image, or 0.
    """
    if method == "catmull-rom":
        return _catmull_rom(picture, matrix, height, width)
    if picture.device.type != "cpu":
        theta = matrix[None, :2].to(picture.dtype)
        grid = functional.affine_grid(theta, [1, 3, height, width], align_corners=False)
        return functional.grid_sample(
            picture,
            grid,
            mode="bicubic" if method == "cubic" else "bilinear",
            padding_mode="reflection" if mirrored else "zeros",
            align_corners=False,
        )
    source = _array(picture)
    to_normalised = np.array([[2 / width, 0, 1 / width - 1], [0, 2 / height, 1 / height - 1]])
    half_height, half_width = source.shape[0] / 2, source.shape[1] / 2
    to_pixels = np.array([[half_width, 0, half_width - 0.5], [0, half_height, half_height - 0.5]])
    warped = cv2.warpAffine(
        source,
        to_pixels @ matrix.numpy() @ np.vstack([to_normalised, [0, 0, 1]]),
        (width, height),
        flags=cv2.WARP_INVERSE_MAP | (cv2.INTER_CUBIC if method == "cubic" else cv2.INTER_LINEAR),
        borderMode=cv2.BORDER_REFLECT if mirrored else cv2.BORDER_CONSTANT,
    )
    return _from_array(warped)


def _catmull_rom(picture: Tensor, matrix: Tensor, height: int, width: int) -> Tensor:
    """Cubic convolution, written out: sixteen neighbours of each place, weighted."""
    rows, columns = picture.shape[-2:]
    device = picture.device
    y = (torch.arange(height, device=device, dtype=torch.float64) + 0.5) * 2 / height - 1
    x = (torch.arange(width, device=device, dtype=torch.float64) + 0.5) * 2 / width - 1
    (a, b, c), (d, e, f) = matrix.to(torch.float64)[:2].unbind()
    across = (a * x + b * y[:, None] + c + 1) * columns / 2 - 0.5  # (height, width), pixels
    down = (d * x + e * y[:, None] + f + 1) * rows / 2 - 0.5
    left, top = across.floor(), down.floor()
    by_column, by_row = _keys(across - left), _keys(down - top)
    flat = picture[0].flatten(1)  # (3, rows * columns)
    total = picture.new_zeros(3, height, width)
    for i, down_weight in enumerate(by_row):
        row = (top.long() + i - 1).clamp(0, rows - 1) * columns
        for j, across_weight in enumerate(by_column):
            column = (left.long() + j - 1).clamp(0, columns - 1)
            total += flat[:, row + column] * (down_weight * across_weight).to(picture.dtype)
    return total[None]


def _keys(t: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Weights of the four neighbours at -1, 0, 1 and 2 for a place `t` (0..1) behind the second."""
    return (
        0.5 * (-t + 2 * t**2 - t**3),
        0.5 * (2 - 5 * t**2 + 3 * t**3),
        0.5 * (t + 4 * t**2 - 3 * t**3),
        0.5 * (-(t**2) + t**3),
    )


def _array(picture: Tensor) -> NDArray[np.float32]:
    """The picture's memory as (h, w, 3)."""
    last = picture.detach().contiguous(memory_format=torch.channels_last)
    return np.asarray(last[0].permute(1, 2, 0).numpy())


def _from_array(array: object) -> Tensor:
    return torch.from_numpy(np.asarray(array)).permute(2, 0, 1)[None]
