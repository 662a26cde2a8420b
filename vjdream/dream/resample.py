"""Resampling pictures of torch: one warp, two engines.

Matrices are 3×3 and map normalised coordinates (-1..1 from edge to edge) of the target to those of
the source. On a CPU OpenCV does the work on the tensor's own memory, several times faster than
torch's `grid_sample`; tensors are kept channels-last for that. On a GPU torch does it.
"""

from typing import Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Method = Literal["linear", "cubic"]
Matrix = NDArray[np.float64]


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
    picture: Tensor, matrix: Matrix, height: int, width: int, method: Method, mirrored: bool = True
) -> Tensor:
    """Return what lies under the matrix, (1, 3, height, width).

    Args:
        picture: (1, 3, h, w).
        mirrored: what lies beyond the picture: its mirror image, or 0.
    """
    if picture.device.type != "cpu":
        theta = torch.tensor(matrix[None, :2], dtype=picture.dtype, device=picture.device)
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
        to_pixels @ matrix @ np.vstack([to_normalised, [0, 0, 1]]),
        (width, height),
        flags=cv2.WARP_INVERSE_MAP | (cv2.INTER_CUBIC if method == "cubic" else cv2.INTER_LINEAR),
        borderMode=cv2.BORDER_REFLECT if mirrored else cv2.BORDER_CONSTANT,
    )
    return _from_array(warped)


def _array(picture: Tensor) -> NDArray[np.float32]:
    """The picture's memory as (h, w, 3)."""
    last = picture.detach().contiguous(memory_format=torch.channels_last)
    return np.asarray(last[0].permute(1, 2, 0).numpy())


def _from_array(array: object) -> Tensor:
    return torch.from_numpy(np.asarray(array)).permute(2, 0, 1)[None]
