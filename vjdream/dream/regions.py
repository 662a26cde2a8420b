"""How the view is divided among classes: soft masks that sum to 1 everywhere.

Points are given in picture heights from the centre of the view, x to the right, y down.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vjdream.parameters import State

Field = NDArray[np.float64]

BAND = 0.25
"""Heights from one border of the stripes to the next: the network sees wide around each place, and
what is narrower than a fifth of the height comes out as mush."""

HARD = 1e-6
"""Heights: a soft border narrower than this is a hard one."""


def masks(state: State, x: Field, y: Field, aspect: float) -> Field:
    """Return how much each of the four class slots owns each point.

    Args:
        state: its ``split_…`` parameters are read.
        x, y: points of the view, any shape.
        aspect: width of the view divided by its height.

    Returns:
        array of shape (4, *x.shape); slots that the split does not use are 0.
    """
    return _SHAPES[state.split_shape](state, x, y, aspect)


def _whole(state: State, x: Field, y: Field, aspect: float) -> Field:
    nothing = np.zeros_like(x)
    return np.stack([np.ones_like(x), nothing, nothing, nothing])


def _line(state: State, x: Field, y: Field, aspect: float) -> Field:
    first = _beside(state, x, y, aspect, math.radians(state.split_angle))
    nothing = np.zeros_like(x)
    return np.stack([first, 1 - first, nothing, nothing])


def _quarters(state: State, x: Field, y: Field, aspect: float) -> Field:
    angle = math.radians(state.split_angle)
    top = _beside(state, x, y, aspect, angle)
    left = _beside(state, x, y, aspect, angle - math.pi / 2)
    right = 1 - left
    return np.stack([top * left, top * right, (1 - top) * right, (1 - top) * left])


def _circle(state: State, x: Field, y: Field, aspect: float) -> Field:
    """Region 1 inside a circle, region 2 around it.

    The radius follows the position, from the centre of the view to its corners: the border travels
    evenly under the fader, and at 0.5 region 1 has about half of the view (46 % of 16:9). The soft
    border reaches neither the centre nor the corners, so that 0 and 1 leave one region alone.
    """
    reach = math.hypot(aspect, 1.0) / 2
    radius = state.split_position * reach
    feather = min(state.split_feather * min(aspect, 1.0), 2 * radius, 2 * (reach - radius))
    first = _inside(np.hypot(x, y) - radius, feather)
    nothing = np.zeros_like(x)
    return np.stack([first, 1 - first, nothing, nothing])


def _stripes(state: State, x: Field, y: Field, aspect: float) -> Field:
    """Bands of one width across the angle: classes 1 to 4 and again, in order from the top at 0.5.

    The position moves them by one whole period from 0 to 1, downwards at angle 0; both ends look
    the same. Every border has the same softness, at most a whole band, so that two never meet.
    """
    normal_x, normal_y = _normal(math.radians(state.split_angle))
    place = (x * normal_x + y * normal_y + 1 - state.split_position) / BAND
    feather = max(min(state.split_feather * min(aspect, 1.0), BAND), HARD)
    bands = []
    for number in range(4):
        off = np.abs((place - number - 0.5 + 2) % 4 - 2)  # bands from this one's middle, 0..2
        bands.append(_inside((off - 0.5) * BAND, feather))
    return np.stack(bands)


_SHAPES: dict[str, Callable[[State, Field, Field, float], Field]] = {
    "whole": _whole,
    "line": _line,
    "quarters": _quarters,
    "circle": _circle,
    "stripes": _stripes,
}


def _beside(state: State, x: Field, y: Field, aspect: float, angle: float) -> Field:
    """Return 1 on region 1's side of the border and 0 beyond it, with a smoothstep between.

    Near the ends of its way the border gets harder, so that 0 and 1 really leave one region alone.
    """
    normal_x, normal_y = _normal(angle)
    reach = aspect / 2 * abs(normal_x) + 0.5 * abs(normal_y)
    position = state.split_position
    distance = x * normal_x + y * normal_y - (2 * position - 1) * reach
    narrowing = min(1.0, 4 * min(position, 1 - position))
    return _inside(distance, state.split_feather * min(aspect, 1.0) * narrowing)


def _normal(angle: float) -> tuple[float, float]:
    """The unit vector from region 1 to region 2: down at angle 0, and clockwise from there."""
    return -math.sin(angle), math.cos(angle)


def _inside(distance: Field, feather: float) -> Field:
    """Return 1 where the distance to a border is negative, 0 beyond, with a smoothstep between.

    Args:
        distance: from the border, in heights.
        feather: width of the smoothstep, in heights.
    """
    if feather < HARD:
        return np.asarray((distance < 0).astype(np.float64))
    t = np.clip(0.5 - distance / feather, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))
