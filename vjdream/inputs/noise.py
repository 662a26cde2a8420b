"""Soft coloured clouds that drift: something to dream from where there is no picture.

Each octave is a random field on a coarse grid, twice as fine as the one before. In time it is a sum
of waves A cos(ωt) + B sin(ωt) with fields A and B, so its contrast is the same at every moment, it
moves without a seam, and any moment can be drawn without those before it. Octaves of equal contrast
have a 1/f amplitude spectrum, as natural pictures do (Field 1987, doi:10.1364/JOSAA.4.002379); here
each has `FALL` times the contrast of the coarser one, which is a little softer.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.frames import Picture, Size
from vjdream.inputs import Still

RATE = 15
"""New pictures per second of show time."""

COARSEST = 2  # cells in the height of the picture, of the first octave
OCTAVES = 7
FALL = 0.7

PERIODS = (61.0, 37.0)
"""Seconds of the waves in the first octave; no two are in step, so the clouds never come back."""

HURRY = 0.8
"""Finer octaves have periods this much shorter each."""

LEVEL, CONTRAST = 0.45, 0.19
"""Mean and standard deviation of the grey, of 1."""

COLOUR = 0.6
"""How much of each channel's deviation is its own and not the common grey."""


@dataclass(frozen=True, slots=True)
class Octave:
    """The fields of one octave and their angular speeds."""

    fields: NDArray[np.float32]  # (waves, 2, rows, columns, 3)
    speeds: tuple[float, ...]  # radians per second

    def at(self, time: float) -> NDArray[np.float32]:  # (rows, columns, 3)
        turns = [(math.cos(speed * time), math.sin(speed * time)) for speed in self.speeds]
        drawn: NDArray[np.float32] = np.einsum(
            "wq,wqrcb->rcb", np.array(turns, np.float32), self.fields
        )
        return drawn


class NoiseInput:
    """Clouds that are the same for the same seed, on a canvas of any number of pixels."""

    def __init__(self, seed: int, size: Size) -> None:
        self._size = size
        dice = np.random.default_rng(seed)
        self._octaves = [self._octave(dice, number) for number in range(OCTAVES)]
        self._last: Still | None = None

    def _octave(self, dice: np.random.Generator, number: int) -> Octave:
        rows = COARSEST * 2**number + 1
        columns = max(2, round(rows * self._size.width / self._size.height))
        waves = len(PERIODS)
        grey = dice.standard_normal((waves, 2, rows, columns, 1), np.float32)
        own = dice.standard_normal((waves, 2, rows, columns, 3), np.float32)
        mixed = math.sqrt(1 - COLOUR**2) * grey + COLOUR * own
        speeds = tuple(2 * math.pi / (period * HURRY**number) for period in PERIODS)
        return Octave(mixed * np.float32(FALL**number / math.sqrt(waves)), speeds)

    def at(self, time: float) -> Still:
        number = math.floor(time * RATE)
        if self._last is None or self._last.number != number:
            self._last = Still(self._draw(number / RATE), number)
        return self._last

    def _draw(self, time: float) -> Picture:
        """Add the octaves, each at twice the grid of the one before, and scale to the end."""
        total = self._octaves[0].at(time)
        for octave in self._octaves[1:]:
            finer = octave.at(time)
            total = _scaled(total, finer.shape[1], finer.shape[0]) + finer
        deviation = math.sqrt(sum(FALL ** (2 * number) for number in range(OCTAVES)))
        grey = LEVEL + CONTRAST / deviation * _scaled(total, self._size.width, self._size.height)
        picture = np.full((self._size.height, self._size.width, 4), 255, np.uint8)
        picture[..., :3] = np.clip(255 * grey + 0.5, 0, 255)
        return picture

    def close(self) -> None:
        pass


def _scaled(field: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC))
