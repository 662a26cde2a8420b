"""How the view is divided among classes: soft masks that sum to 1 everywhere.

Points are given in picture heights from the centre of the view, x to the right, y down.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vjdream.parameters import State

Field = NDArray[np.float64]


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


_SHAPES: dict[str, Callable[[State, Field, Field, float], Field]] = {
    "whole": _whole,
    "line": _line,
    "quarters": _quarters,
}


def _beside(state: State, x: Field, y: Field, aspect: float, angle: float) -> Field:
    """Return 1 on region 1's side of the border and 0 beyond it, with a smoothstep between.

    The normal points from region 1 to region 2: down at angle 0, and clockwise from there. Near
    the ends of its way the border gets harder, so that 0 and 1 really leave one region alone.
    """
    normal_x, normal_y = -math.sin(angle), math.cos(angle)
    reach = aspect / 2 * abs(normal_x) + 0.5 * abs(normal_y)
    position = state.split_position
    distance = x * normal_x + y * normal_y - (2 * position - 1) * reach
    narrowing = min(1.0, 4 * min(position, 1 - position))
    feather = state.split_feather * min(aspect, 1.0) * narrowing
    if feather < 1e-6:
        return np.asarray((distance < 0).astype(np.float64))
    t = np.clip(0.5 - distance / feather, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))
