"""The grade: hue and saturation as one colour matrix, all else as one look-up table.

Colours stay in sRGB levels 0..255; a neutral grade costs nothing.
"""

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.frames import Picture
from vjdream.parameters import State

LUMA = np.array([0.2126, 0.7152, 0.0722])  # of R, G, B: ITU-R BT.709


def apply_grade(picture: Picture, state: State) -> None:
    """Grade a picture in place, master fader and blackout included."""
    if state.blackout or state.master <= 0:
        picture[..., :3] = 0
        return
    if state.grade_saturation != 1 or state.grade_hue % 360 != 0:
        matrix = colour_matrix(round(state.grade_saturation, 3), round(state.grade_hue, 2))
        cv2.transform(picture, matrix, dst=picture)
    table = level_table(
        round(state.grade_brightness, 4),
        round(state.grade_contrast, 4),
        round(state.grade_gamma, 4),
        round(state.master, 4),
    )
    if table is not None:
        cv2.LUT(picture, table, dst=picture)


@lru_cache(maxsize=64)
def colour_matrix(saturation: float, hue: float) -> NDArray[np.float64]:
    """The 4×4 matrix on BGRX that turns hues by `hue` degrees and scales saturation.

    Hue turns about the grey axis and keeps luma (the matrix of SVG's ``hueRotate``).
    """
    red, green, blue = LUMA
    c, s = math.cos(math.radians(hue)), math.sin(math.radians(hue))
    weights = np.tile(LUMA, (3, 1))
    cosine = np.eye(3) - weights
    sine = np.array(
        [
            [-red, -green, 1 - blue],
            [0.143, 0.140, -0.283],
            [-(1 - red), green, blue],
        ]
    )
    turn = weights + c * cosine + s * sine
    saturate = weights + saturation * (np.eye(3) - weights)
    rgb = saturate @ turn
    matrix = np.eye(4)
    matrix[:3, :3] = rgb[::-1, ::-1]
    return matrix


@lru_cache(maxsize=256)
def level_table(
    brightness: float, contrast: float, gamma: float, master: float
) -> NDArray[np.uint8] | None:
    """The table (256, 1, 4) for contrast, brightness, gamma and master; None when neutral."""
    if (brightness, contrast, gamma, master) == (0, 1, 1, 1):
        return None
    level = np.arange(256) / 255
    level = np.clip((level - 0.5) * contrast + 0.5 + brightness, 0, 1) ** (1 / gamma) * master
    table = np.empty((256, 1, 4), np.uint8)
    table[..., :3] = np.clip(level * 255 + 0.5, 0, 255).astype(np.uint8)[:, None, None]
    table[..., 3] = np.arange(256, dtype=np.uint8)[:, None]
    return table
