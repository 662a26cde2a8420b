"""Counts flashes in frames, as WCAG 2.2 SC 2.3.1 describes them; shares nothing with the limiter.

Give it times of show (frame number over frame rate, or timecodes), not times of arrival: jitter
pushes flashes of one second into another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np

GRID = (18, 24)
"""Rows and columns in which flashes are counted, where nothing else is said."""

TOGETHER = 0.034
"""Seconds within which changes are concurrent."""


LINEAR = np.array(
    [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.linspace(0, 1, 256)],
    np.float32,
)
"""sRGB levels in linear light."""


class Flashes(NamedTuple):
    """The largest numbers in any second; the half of a flash is a change without its opposite."""

    general: float
    red: float


def shrunk(picture: np.ndarray, grid: tuple[int, int] = GRID) -> np.ndarray:
    """Mean relative luminance, R - G - B and R + G + B in linear light, and R: (4, rows, columns).

    Args:
        picture: (height, width, 4) BGRX.
    """
    linear = LINEAR[picture[..., :3]]
    if picture.shape[:2] != grid:
        linear = cv2.resize(linear, grid[::-1], interpolation=cv2.INTER_AREA)
    blue, green, red = linear[..., 0], linear[..., 1], linear[..., 2]
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.array([luminance, np.maximum(red - green - blue, 0), red + green + blue, red])


@dataclass
class FlashCounter:
    """Takes frames one by one and keeps of each only a small grid."""

    grid: tuple[int, int] = GRID
    together: float = TOGETHER
    times: list[float] = field(default_factory=list)
    grids: list[np.ndarray] = field(default_factory=list)

    def add(self, time: float, picture: np.ndarray) -> None:
        self.times.append(time)
        self.grids.append(shrunk(picture, self.grid))

    def count(self) -> Flashes:
        grids = np.array(self.grids)
        luminance, redness, total, red = np.moveaxis(grids, 1, 0)  # (frames, rows, columns) each
        saturated = (red >= 0.8 * total) & (total > 0)
        return Flashes(
            self._most(*general_changes(luminance)),
            self._most(*red_changes(redness * 320, saturated)),
        )

    def _most(self, up: np.ndarray, down: np.ndarray) -> float:
        """The most flashes in any second of any window a third of the picture wide and high."""
        rows, columns = self.grid
        height, width = max(1, round(rows / 3)), max(1, round(columns / 3))
        most = 0.0
        for top in range(0, rows - height + 1, max(1, height // 3)):
            for left in range(0, columns - width + 1, max(1, width // 3)):
                part = np.s_[:, top : top + height, left : left + width]
                ups, downs = up[part].mean(axis=(1, 2)), down[part].mean(axis=(1, 2))
                most = max(most, most_in_a_second(self._concurrent(ups, downs)) / 2)
        return most

    def _concurrent(self, ups: np.ndarray, downs: np.ndarray) -> list[float]:
        """Times at which more than a quarter of a window changed against the last such change.

        It did so in one frame; or within a few frames, less what changed the other way (where a
        pattern moves, as much rises as falls).
        """
        changes: list[float] = []
        times = np.array(self.times)
        last, since = 0, -np.inf
        for index in np.flatnonzero(ups + downs):
            now = times[index]
            near = (times > max(now - self.together, since)) & (times <= now)
            net = (ups[near] - downs[near]).sum()
            rises = ups[index] > 0.25 or net > 0.25
            falls = downs[index] > 0.25 or net < -0.25
            if (rises and last <= 0) or (falls and last >= 0):
                changes.append(now)
            if rises or falls:
                last, since = int(rises) - int(falls), now
        return changes


def count_flashes(
    frames: Iterable[tuple[float, np.ndarray]],
    grid: tuple[int, int] = GRID,
    together: float = TOGETHER,
) -> Flashes:
    """The largest number of general and of red flashes in any second of (time, picture) pairs."""
    counter = FlashCounter(grid, together)
    for time, picture in frames:
        counter.add(time, picture)
    return counter.count()


def most_in_a_second(times: list[float]) -> int:
    """The most times in any second, which includes its beginning but not its end."""
    sorted_times = np.array(times)
    ends = np.searchsorted(sorted_times, sorted_times + 1 - 1e-6)
    return int((ends - np.arange(len(times))).max(initial=0))


def general_changes(luminance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where relative luminance has gone up, and down, by 0.1 since its last valley or peak."""
    up, down = np.zeros((2, *luminance.shape), bool)
    peak = valley = luminance[0]
    last = np.zeros(luminance.shape[1:])
    for index, now in enumerate(luminance):
        up[index] = (last < 1) & (now - valley >= 0.1) & (valley < 0.8)
        down[index] = (last > -1) & (peak - now >= 0.1) & (now < 0.8)
        last = np.where(up[index], 1, np.where(down[index], -1, last))
        turned = up[index] | down[index]
        peak = np.where(turned, now, np.maximum(peak, now))
        valley = np.where(turned, now, np.minimum(valley, now))
    return up, down


def red_changes(redness: np.ndarray, saturated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where redness has gone up, and down, by more than 20, to or from a saturated red."""
    up, down = np.zeros((2, *redness.shape), bool)
    peak = valley = redness[0]
    peak_saturated = valley_saturated = saturated[0]
    last = np.zeros(redness.shape[1:])
    for index, (now, red) in enumerate(zip(redness, saturated, strict=True)):
        up[index] = (last < 1) & (now - valley > 20) & (red | valley_saturated)
        down[index] = (last > -1) & (peak - now > 20) & (red | peak_saturated)
        last = np.where(up[index], 1, np.where(down[index], -1, last))
        turned = up[index] | down[index]
        peak_saturated = np.where(turned | (now >= peak), red, peak_saturated)
        valley_saturated = np.where(turned | (now <= valley), red, valley_saturated)
        peak = np.where(turned, now, np.maximum(peak, now))
        valley = np.where(turned, now, np.minimum(valley, now))
    return up, down
