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

KNEE_ROOM = 0.25
"""Of the range 0..1: what the shoulder takes of it at most, and the toe as well."""


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
    level = softly_limited((level - 0.5) * contrast + 0.5 + brightness) ** (1 / gamma) * master
    table = np.empty((256, 1, 4), np.uint8)
    table[..., :3] = np.clip(level * 255 + 0.5, 0, 255).astype(np.uint8)[:, None, None]
    table[..., 3] = np.arange(256, dtype=np.uint8)[:, None]
    return table


def softly_limited(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit rising levels into 0..1: what lies beyond is compressed instead of cut off.

    Levels that stay inside are left as they are. Otherwise all above a knee is bent, so that the
    highest becomes 1 and neighbours still differ; below 0 the same, mirrored.
    """
    low, high = float(levels[0]), float(levels[-1])
    return 1 - _shoulder(1 - _shoulder(levels, high), 1 - low)


def _shoulder(levels: NDArray[np.float64], high: float) -> NDArray[np.float64]:
    """Bend levels above a knee so that `high` becomes 1.

    With an excess e = high - 1 the knee is at 1 - g, g = e r / (e + r) with r = `KNEE_ROOM`, so
    that it moves away from 1 with the excess and no further than r. Above it z = level - knee
    becomes z / (1 + a z), of slope 1 at the knee, with a = e / (g (e + g)) so that e + g becomes g.
    """
    excess = high - 1
    if excess <= 0:
        return levels
    room = excess * KNEE_ROOM / (excess + KNEE_ROOM)
    bend = excess / (room * (excess + room))
    beyond = np.maximum(levels - (1 - room), 0)
    return np.where(beyond > 0, 1 - room + beyond / (1 + bend * beyond), levels)
