"""One look of the network at the canvas: coarser, turned and shifted a little at random.

Steps at mixed scales paint forms of many sizes; the shift hides the network's sampling grid, the
rotation its axes. A look also knows how to carry a gradient back: by the inverse map, which differs
from the exact adjoint only in a factor and a slight low-pass, both harmless to a normalised step.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vjdream.dream.resample import shrink, warp
from vjdream.parameters import State

FINEST_LINES = 270
"""Lines that the network sees across one picture height at its finest look, at `scale` 1."""

SMALLEST_SIDE = 64
SIZE_STEP = 16
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Look:
    """Size of the network's picture, and the small turn and shift of it.

    `angle` is in radians; the shift is in the canvas's normalised coordinates (-1..1).
    """

    height: int
    width: int
    angle: float = 0.0
    shift_x: float = 0.0
    shift_y: float = 0.0

    @property
    def plain(self) -> bool:
        return self.angle == 0 and self.shift_x == 0 and self.shift_y == 0

    def matrix(self) -> NDArray[np.float64]:
        """The 3×3 matrix from this look's normalised coordinates (-1..1) to the canvas's."""
        aspect = self.width / self.height
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        return np.array(
            [
                [cosine, -sine / aspect, self.shift_x],
                [sine * aspect, cosine, self.shift_y],
                [0, 0, 1],
            ]
        )


def take(canvas: Tensor, height: int, width: int, there: Tensor | None) -> Tensor:
    """Return what a look sees, (1, 3, height, width).

    Args:
        there: the look's matrix, None for a plain one.
    """
    small = shrink(canvas, height, width)
    return small if there is None else warp(small, there, height, width, "linear")


def carry_back(gradient: Tensor, height: int, width: int, back: Tensor | None) -> Tensor:
    """Return a gradient with respect to a look as one with respect to a canvas of that size.

    Args:
        back: the inverse of the look's matrix, None for a plain one.
    """
    if back is None and gradient.shape[-2:] == (height, width):
        return gradient
    if back is None:
        back = torch.eye(3, dtype=torch.float64, device=gradient.device)
    return warp(gradient, back, height, width, "linear", mirrored=False)


def choose_look(
    state: State,
    canvas_size: tuple[int, int],
    cover: float,
    step: int,
    seed: int,
    place: int = 0,
    repeating: bool = False,
) -> Look:
    """Return the look of ascent step number `step`: the same for the same seed.

    Scales follow the golden ratio's sequence rather than dice, so that a few steps already see all
    sizes evenly; with `octaves` they go through a few fixed ones in each keyframe, as Inceptionism
    did.

    Args:
        canvas_size: height and width in pixels.
        cover: how many times the canvas's height covers the view.
        place: of the step in its keyframe.
        repeating: choose the size by the place alone, so that keyframes have the same sizes.
    """
    canvas_height, canvas_width = canvas_size
    dice = random.Random(f"{seed}:{step}")
    lines = FINEST_LINES * cover / (state.scale * _coarser(state, step, seed, place, repeating))
    smallest = SMALLEST_SIDE * max(1.0, canvas_height / canvas_width)
    lines = min(max(lines, smallest), canvas_height)
    height = min(max(SIZE_STEP * round(lines / SIZE_STEP), SMALLEST_SIDE), canvas_height)
    if lines == canvas_height:
        height = canvas_height  # every pixel, whatever the step between sizes
    width = min(max(round(canvas_width * height / canvas_height), SMALLEST_SIDE), canvas_width)
    reach = 2 * state.jitter / cover  # of the view's height, in normalised coordinates
    aspect = canvas_width / canvas_height
    return Look(
        height,
        width,
        math.radians(state.sway) * dice.uniform(-1, 1),
        reach / aspect * dice.uniform(-1, 1),
        reach * dice.uniform(-1, 1),
    )


def _coarser(state: State, step: int, seed: int, place: int, repeating: bool) -> float:
    """How many times coarser than the finest this look is."""
    if state.octaves == 1:
        return 1.0
    if state.octaves > 1:  # coarse to fine, each for an equal part of the keyframe
        octave = min(place * state.octaves // state.steps, state.octaves - 1)
        return float(state.spread ** (1 - octave / (state.octaves - 1)))
    number = place if repeating else step
    return float(state.spread ** ((number * GOLDEN + seed * 0.7) % 1.0))
