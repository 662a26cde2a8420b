"""One look of the network at the canvas: coarser, turned and shifted a little at random.

Steps at mixed scales paint forms of many sizes; the shift hides the network's sampling grid, the
rotation its axes. A look also knows how to carry a gradient back: by the inverse map, which differs
from the exact adjoint only in a factor and a slight low-pass, both harmless to a normalised step.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
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
        """The 3×3 matrix from this look's normalised coordinates to the canvas's."""
        aspect = self.width / self.height
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        return np.array(
            [
                [cosine, -sine / aspect, self.shift_x],
                [sine * aspect, cosine, self.shift_y],
                [0, 0, 1],
            ]
        )

    def take(self, canvas: Tensor) -> Tensor:
        """Return what the network sees, (1, 3, height, width)."""
        small = shrink(canvas, self.height, self.width)
        if self.plain:
            return small
        return warp(small, self.matrix(), self.height, self.width, "linear")

    def carry_back(self, gradient: Tensor, canvas_size: tuple[int, int]) -> Tensor:
        """Return a gradient with respect to the look as one with respect to the canvas."""
        if self.plain and canvas_size == (self.height, self.width):
            return gradient
        back = np.linalg.inv(self.matrix()).astype(np.float64)
        return warp(gradient, back, *canvas_size, "linear", mirrored=False)


def choose_look(
    state: State, canvas_size: tuple[int, int], cover: float, step: int, seed: int
) -> Look:
    """Return the look of ascent step number `step`: the same for the same seed.

    Scales follow the golden ratio's sequence rather than dice, so that a few steps already see all
    sizes evenly.

    Args:
        canvas_size: height and width in pixels.
        cover: how many times the canvas's height covers the view.
    """
    canvas_height, canvas_width = canvas_size
    dice = random.Random(f"{seed}:{step}")
    coarser = state.spread ** ((step * GOLDEN + seed * 0.7) % 1.0)
    lines = FINEST_LINES * cover / (state.scale * coarser)
    smallest = SMALLEST_SIDE * max(1.0, canvas_height / canvas_width)
    lines = min(max(lines, smallest), canvas_height)
    height = min(max(SIZE_STEP * round(lines / SIZE_STEP), SMALLEST_SIDE), canvas_height)
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
