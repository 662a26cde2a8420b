"""The pull of an input: the canvas is drawn to a picture, a video or a live camera.

The pull is a half-life, so it does not depend on how many keyframes a machine affords. With motion
it follows what moves: a scene at rest is left to the dream, a hand that waves tears it open.
"""

import math
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn import functional

from vjdream.camera import Viewpoint
from vjdream.dream.canvas import Canvas
from vjdream.dream.resample import warp
from vjdream.frames import Picture
from vjdream.parameters import State

MOTION_GRID = (36, 64)
"""Rows and columns on which motion is felt."""

MOTION = 0.04
"""Change of a place's light between two pictures that counts as full motion."""

MOTION_MEMORY = 0.5
"""Half-life in seconds of the trace that motion leaves."""

TEAR = 12.0
"""Halvings per second where the input moves, at full motion."""


class Still(Protocol):
    """One picture of an input, which keeps its number as long as it is the same."""

    @property
    def picture(self) -> Picture: ...

    @property
    def number(self) -> int: ...


class Source(Protocol):
    """Where pictures come from."""

    def at(self, time: float) -> Still | None: ...

    def close(self) -> None: ...


class Pull:
    """Draws a canvas to a source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.fresh = False  # the canvas takes the first picture whole
        self._number: int | None = None
        self._picture = torch.zeros(1, 3, 1, 1)
        self._light: Tensor | None = None  # of the picture before; None: there was none
        self._motion = torch.zeros(1, 1, *MOTION_GRID)

    def draw(
        self, canvas: Canvas, state: State, viewpoint: Viewpoint, time: float, seconds: float
    ) -> None:
        """Draw the canvas to what the source shows at `time`, as far as `seconds` allow."""
        still = self._source.at(time)
        if still is None:
            return
        self._motion = self._motion * 2 ** (-seconds / MOTION_MEMORY)
        if still.number != self._number:
            self._see(still, canvas.picture.device)
        rate = state.input_pull * (1 - state.input_motion * (1 - self._motion))
        rate = rate + state.input_motion * TEAR * self._motion
        if self.fresh and state.input_pull > 0:
            self.fresh, rate = False, torch.full_like(self._motion, math.inf)
        if float(rate.max()) == 0:
            return
        height, width = canvas.picture.shape[-2:]
        to_picture = self._to_picture(canvas, viewpoint)
        share = (1 - 2 ** (-rate * seconds)).expand(1, 3, *MOTION_GRID).to(canvas.picture.device)
        fine = functional.interpolate(share, self._picture.shape[-2:], mode="bilinear")
        shares = warp(fine, to_picture, height, width, "linear")
        wanted = warp(self._picture, to_picture, height, width, "linear")
        canvas.picture = torch.lerp(canvas.picture, wanted, shares).clamp_(0, 1)

    def _see(self, still: Still, device: torch.device) -> None:
        """Take a new picture in, and feel where it differs from the one before."""
        rgb = torch.from_numpy(still.picture[..., 2::-1].copy())
        picture = rgb.permute(2, 0, 1)[None].float() / 255
        light = functional.adaptive_avg_pool2d(picture.mean(dim=1, keepdim=True), MOTION_GRID)
        if self._light is not None:
            change = ((light - self._light).abs() / MOTION).clamp(max=1)
            change = functional.max_pool2d(change, 3, stride=1, padding=1)  # its edges move with it
            self._motion = torch.maximum(self._motion, change)
        self._light, self._number = light, still.number
        self._picture = picture.to(device)

    def state_dict(self) -> dict[str, Any]:
        """Return what the next draws depend on, as plain values.

        Without the source's picture, which is asked for again, and its number, which a source that
        is opened again may have given to another: to see the same picture twice changes nothing.
        """
        return {"fresh": self.fresh, "light": self._light, "motion": self._motion}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where another pull was."""
        self._number = None
        self.fresh, self._light, self._motion = state["fresh"], state["light"], state["motion"]

    @staticmethod
    def _to_picture(canvas: Canvas, viewpoint: Viewpoint) -> Tensor:
        """The matrix from the canvas to the source's picture, both -1..1.

        The picture fills the view and stands still, while the canvas travels under it.
        """
        matrix = canvas.in_view(viewpoint)
        matrix[0] /= canvas.output.width / canvas.output.height / 2
        matrix[1] /= 0.5
        return torch.from_numpy(matrix).to(canvas.picture.device)
