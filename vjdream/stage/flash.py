"""The flash limiter: what leaves has at most three flashes in any one second.

A frame that would make a seventh transition within a second is blended into the one that left
before it, just as far as it must, and while the source goes on flashing the picture becomes its
slow mean. Only the windows concerned and their surroundings are blended; all else stays alive. The
shape is that of WCAG 2.2, success criterion 2.3.1 (see `transitions`). This is a precaution, not a
certificate.
"""

import math
from copy import deepcopy
from typing import Any

import cv2
import numpy as np

from vjdream.frames import Picture, Size
from vjdream.stage.transitions import (
    ALLOWED,
    POINTS,
    SECOND,
    TILES,
    Flags,
    Values,
    Watch,
    points_of,
)

CALM = 0.6
"""Time constant in seconds of the mean that stands for a flashing source."""

RELEASE = 0.25
"""Seconds in which a picture comes back."""

NEARLY_ALL = 0.5
"""Share of the picture from which on all of it is blended, so that no edge is to be seen."""

GOLDEN = (math.sqrt(5) - 1) / 2

NUMBERS = ("_share", "_darkened", "_time", "_dither")
ARRAYS = ("_before", "_points", "_tiles")
WATCHES = ("_sent", "_source")
"""What a limiter remembers."""


class FlashLimiter:
    """Holds back what would flash more than three times in a second; is told the time."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._sent: Watch | None = None
        self._source: Watch | None = None  # watches what comes in, while something is held back
        self._before = np.zeros((size.height, size.width, 4), np.uint8)  # what left last
        self._points = np.zeros((*POINTS, 4), np.uint8)  # and its points
        self._tiles = np.zeros(TILES, np.float32)  # where frames are blended
        self._soft: tuple[tuple[slice, slice], Values, Values] | None = None  # them in pixels
        self._share = 1.0  # of the new frame in what leaves
        self._darkened = self._time = -math.inf
        self._dither = 0.0

    @property
    def held(self) -> float:
        """How much is held back now: 0 nothing, 1 every change of the whole picture."""
        return (1 - self._share) * float(self._tiles.mean())

    def limit(self, picture: Picture, now: float, dark: bool = False) -> None:
        """Change `picture` so that what leaves has at most three flashes in any second.

        Args:
            now: seconds of show time.
            dark: the performer wants black. It is never held back; the way up again may be.
        """
        points = points_of(picture)
        if self._sent is None:
            self._sent = Watch(points)
        elapsed, self._time = max(0.0, now - self._time), now
        if dark:
            self._darkened = now
        # who goes dark may do it again: keep a transition for the one that cannot be held back
        allowed = ALLOWED - 1 if now - self._darkened < SECOND else ALLOWED
        looks = self._sent.look(points)
        excess = None if dark else self._sent.excess(looks, now, allowed)
        if excess is not None:
            if self._source is None:
                self._source = deepcopy(self._sent)
            self._spread(excess)
        if self._source is not None:
            self._source.keep(self._source.look(points), now)
            self._share = self._share_after(elapsed, self._source.flashing(now))
            if not dark and (excess is not None or self._share < 1):
                points = self._held_back(self._sent, picture, points, now, allowed)
                looks = self._sent.look(points)
            if self._share >= 1:
                self._source = None
                self._tiles[:] = 0
        self._sent.keep(looks, now)
        np.copyto(self._before, picture)
        self._points = points

    def _share_after(self, elapsed: float, flashing: bool) -> float:
        if flashing:
            return -math.expm1(-elapsed / CALM)
        return min(1.0, self._share + elapsed / RELEASE)

    def _spread(self, excess: Flags) -> None:
        """Blend these tiles too, with a soft edge around them."""
        around = cv2.dilate(excess.astype(np.float32), np.ones((7, 7), np.uint8))
        np.maximum(self._tiles, cv2.blur(around, (5, 5)), out=self._tiles)
        self._soft = None
        if self._tiles.mean() > NEARLY_ALL:
            self._tiles[:] = 1

    def _held_back(
        self, sent: Watch, picture: Picture, points: Picture, now: float, allowed: int
    ) -> Picture:
        """Blend a frame as far as it must be; return its points."""
        change = points.astype(np.float32) - self._points
        for share in (self._share, self._share / 2, self._share / 4, self._share / 8, 0.0):
            weights = cv2.resize(self._tiles, POINTS[::-1], interpolation=cv2.INTER_LINEAR)
            blended = points - change * (1 - share) * weights[..., None]
            looks = sent.look(np.rint(blended).astype(np.uint8))
            excess = sent.excess(looks, now, allowed)
            if excess is None:
                break
            self._spread(excess)
        self._share = share
        self._blend(picture, share)
        points = points_of(picture)
        if sent.excess(sent.look(points), now, allowed) is not None:
            # rounding, or an edge of the blended part: once more what left before is always safe
            np.copyto(picture, self._before)
            return self._points
        return points

    def _blend(self, picture: Picture, share: float) -> None:
        # without dither a small share of a small difference would be rounded away for ever
        self._dither = (self._dither + GOLDEN) % 1
        dither = 0.98 * (self._dither - 0.5)
        if self._tiles.min() >= 1:
            cv2.addWeighted(picture, share, self._before, 1 - share, dither, dst=picture)
            return
        if self._soft is None:
            size = (self._size.width, self._size.height)
            mask = cv2.resize(self._tiles, size, interpolation=cv2.INTER_LINEAR)
            left, top, columns, rows = cv2.boundingRect((mask > 0).astype(np.uint8))
            part = np.s_[top : top + rows, left : left + columns]
            new = np.array(mask[part], np.float32)
            self._soft = part, new, np.subtract(1, new, dtype=np.float32)
        part, new, old = self._soft
        blended = cv2.addWeighted(picture[part], share, self._before[part], 1 - share, dither)
        picture[part] = cv2.blendLinear(blended, picture[part], new, old)

    def state_dict(self) -> dict[str, Any]:
        """Return all that later frames depend on, as plain values and arrays."""
        watches = {name: getattr(self, name) for name in WATCHES}
        return {
            **{name: getattr(self, name) for name in NUMBERS},
            **{name: getattr(self, name).copy() for name in ARRAYS},
            **{name: watch and watch.state_dict() for name, watch in watches.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where another limiter of this size was: with the same bytes."""
        for name in NUMBERS:
            setattr(self, name, state[name])
        for name in ARRAYS:
            setattr(self, name, state[name].copy())
        for name in WATCHES:
            watch = None if state[name] is None else Watch(self._points)
            if watch is not None:
                watch.load_state_dict(state[name])
            setattr(self, name, watch)
        self._soft = None  # is made anew of the tiles
