"""What flashes in a stream of frames, in the shape of WCAG 2.2, success criterion 2.3.1.

From its "general flash and red flash thresholds":

* a transition is a change of relative luminance by 10 % of its maximum between a peak and a valley,
  the darker of which lies below 0.80; a flash is a pair of opposing transitions;
* a red flash is such a pair of changes of ``(R - G - B) * 320`` by more than 20 (linear light,
  negative values taken as 0) in which a state is a saturated red, ``R / (R + G + B) >= 0.8``;
* it counts where it fills more than a quarter of any 10° field: a third of the picture's width by a
  third of its height (341 × 256 of 1024 × 768).

Transitions are looked for at points, as a checkerboard that inverts has a constant mean. A window
as a whole makes one when its points do so at once, or when one after the other more of them have
risen than fallen. What moves makes single points go up and down too, but some up and some down and
not at once, so a travelling camera does not count. All thresholds keep a margin to the criterion's.
"""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.frames import Picture

POINTS, TILES = (72, 128), (18, 32)
"""Rows and columns of the points, and of the tiles in which areas are counted."""

WINDOW = (6, 10)
"""Tiles of a 10° field."""

CHANGE = 0.085
"""Change that makes a transition; the criterion says 0.1 of the maximum relative luminance."""

SURE = 0.115
"""Change that makes a transition for everybody; up to it, it may be made only now."""

DARKER = 0.9
"""The darker state lies below this relative luminance; the criterion says 0.80."""

AREA = 0.235
"""Share of a window in which transitions count; the criterion says 0.25."""

ALLOWED = 6
"""Transitions in any second: three flashes."""

SECOND = 1 - 1e-3
"""Transitions a second apart do not share one, however the clock rounds."""

ENDED = 0.25
"""Seconds without a transition after which nothing flashes any more (half a period of 2 Hz)."""

_LEVEL = np.arange(256) / 255
LINEAR = np.where(_LEVEL <= 0.04045, _LEVEL / 12.92, ((_LEVEL + 0.055) / 1.055) ** 2.4).astype("f")
"""Linear light of each sRGB level (IEC 61966-2-1)."""

MEASURES = np.array(
    [
        [0.0722, 0.7152, 0.2126, 0],  # relative luminance
        [-1.6, -1.6, 1.6, 0],  # R - G - B, where 20 / 320 becomes 0.1
        [-0.78, -0.78, 0.22, 0],  # above 0 in a saturated red; 0.78 for a margin
    ]
)
"""What is measured, of linear B, G, R, X."""

Values = NDArray[np.float32]
Flags = NDArray[np.bool_]


WATCHED = (
    *("_high", "_low", "_way", "_unsure", "_sure_at", "_red"),
    *("_window_way", "_times", "_drift"),
)
"""What a `Watch` remembers."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen in a frame: measures, and which of its points make a transition."""

    measures: Values  # (3, rows, columns)
    rising: Flags  # (2, rows, columns): luminance, red
    falling: Flags
    drift: Values | None  # (2, windows); None where no point makes a transition
    met: Flags | None  # (2, 2, windows): which rise or fall as a whole


class Watch:
    """Follows one stream of frames: the extremes of its points, and what whole windows do."""

    def __init__(self, points: Picture) -> None:
        measures = _measures(points)
        windows = (2, TILES[0] - WINDOW[0] + 1, TILES[1] - WINDOW[1] + 1)
        self._high, self._low = measures[:2].copy(), measures[:2].copy()
        self._way = np.zeros(self._high.shape, np.int8)  # of the last transition
        self._unsure = np.zeros(self._high.shape, bool)  # transitions smaller than `SURE` as yet
        self._sure_at = np.zeros_like(self._high)  # the level that makes them so
        self._red = measures[2] > 0  # has been a saturated red since the last transition
        self._window_way = np.zeros(windows, np.int8)
        self._times = np.full((ALLOWED, *windows), -math.inf)  # of transitions, newest first
        self._drift = np.zeros(windows, np.float32)  # rising less falling shares since then

    def look(self, points: Picture) -> Look:
        """See what a frame would do; change nothing."""
        measures = _measures(points)
        level = measures[:2]
        rising = level - self._low >= CHANGE
        falling = self._high - level >= CHANGE
        rising &= self._way <= 0
        falling &= self._way >= 0
        rising[0] &= self._low[0] < DARKER
        falling[0] &= level[0] < DARKER
        red = self._red | (measures[2] > 0)
        rising[1] &= red
        falling[1] &= red
        shares = _shares(rising, falling)
        if shares is None:
            return Look(measures, rising, falling, None, None)
        drift = self._drift + shares[0] - shares[1]
        # a pattern that inverts does so at once; what merely moves rises here and falls there
        met = (shares > AREA) | (np.array([drift, -drift]) > AREA)
        return Look(measures, rising, falling, drift, met)

    def excess(self, look: Look, now: float, allowed: int = ALLOWED) -> Flags | None:
        """Tiles where a frame would make more than so many transitions a second; None: nowhere."""
        if look.met is None:
            return None
        spent = self._times[allowed - 1] > now - SECOND
        over = (self._opposing(look.met) & spent).any(axis=0)
        if not over.any():
            return None
        corners = np.zeros(TILES, np.uint8)
        corners[: over.shape[0], : over.shape[1]] = over
        last = (WINDOW[1] - 1, WINDOW[0] - 1)
        return cv2.dilate(corners, np.ones(WINDOW, np.uint8), anchor=last) > 0

    def _opposing(self, met: Flags) -> Flags:
        return np.asarray((met[0] & (self._window_way <= 0)) | (met[1] & (self._window_way >= 0)))

    def keep(self, look: Look, now: float) -> None:
        """Take a frame as shown."""
        level, changed = look.measures[:2], look.rising | look.falling
        self._delay(level, now)
        if changed.any():
            self._sure_at[look.rising] = self._low[look.rising] + SURE
            self._sure_at[look.falling] = self._high[look.falling] - SURE
            self._unsure[look.rising] = level[look.rising] < self._sure_at[look.rising]
            self._unsure[look.falling] = level[look.falling] > self._sure_at[look.falling]
        np.maximum(self._high, level, out=self._high)
        np.minimum(self._low, level, out=self._low)
        self._red |= look.measures[2] > 0
        if changed.any():
            self._way[look.rising], self._way[look.falling] = 1, -1
            self._high[changed] = self._low[changed] = level[changed]
            self._red[changed[1]] = look.measures[2][changed[1]] > 0
        if look.drift is None or look.met is None:
            return
        opposing = self._opposing(look.met)
        self._times[1:, opposing] = self._times[:-1, opposing]
        self._times[0, opposing] = now
        rises, falls = look.met
        self._window_way[rises], self._window_way[falls] = 1, -1
        # where both halves of a pattern change, whatever comes next opposes one of them
        self._window_way[rises & falls] = 0
        self._drift = np.where(rises | falls, 0, look.drift)

    def _delay(self, level: Values, now: float) -> None:
        """Take the last transition for one of now where it is still growing.

        It was counted early, by a margin. Who counts by the criterion may count it later, and so
        find it in the same second as one that is yet to come.
        """
        if not self._unsure.any():
            return
        upwards = self._way > 0
        grows = self._unsure & np.where(upwards, level > self._high, level < self._low)
        for kind in (0, 1):
            if grows[kind].any():
                newest = self._times[0, kind]
                newest[(_in_windows(grows[kind]) > AREA / 2) & (newest > now - SECOND)] = now
        self._unsure &= np.where(upwards, level < self._sure_at, level > self._sure_at)

    def flashing(self, now: float) -> bool:
        """Whether a window has used up what is allowed, and has not stopped."""
        spent = self._times[-1] > now - SECOND
        return bool((spent & (self._times[0] > now - ENDED)).any())

    def state_dict(self) -> dict[str, Any]:
        """Return all that has been seen, as arrays."""
        return {name: getattr(self, name).copy() for name in WATCHED}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what another watch has seen."""
        for name in WATCHED:
            setattr(self, name, state[name].copy())


def points_of(picture: Picture) -> Picture:
    """The points of a picture; on a large one each is the mean of 2 × 2 pixels."""
    points = cv2.resize(picture, POINTS[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(points, np.uint8)


def _measures(points: Picture) -> Values:
    """What is measured at the points, (3, rows, columns)."""
    measures = cv2.transform(cv2.LUT(points, LINEAR), MEASURES)
    np.maximum(measures[..., 1], 0, out=measures[..., 1])
    return np.array(cv2.split(measures))


def _shares(rising: Flags, falling: Flags) -> Values | None:
    """Shares of each window that rise and fall, (2, 2, windows); None where none does."""
    shares = None
    for way, flags in enumerate((rising, falling)):
        for kind in (0, 1):
            if flags[kind].any():
                if shares is None:
                    windows = (TILES[0] - WINDOW[0] + 1, TILES[1] - WINDOW[1] + 1)
                    shares = np.zeros((2, 2, *windows), np.float32)
                shares[way, kind] = _in_windows(flags[kind])
    return shares


def _in_windows(flags: Flags) -> Values:
    tiles = cv2.resize(flags.astype(np.float32), TILES[::-1], interpolation=cv2.INTER_AREA)
    shares = cv2.boxFilter(tiles, -1, WINDOW[::-1], anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    return np.asarray(shares[: TILES[0] - WINDOW[0] + 1, : TILES[1] - WINDOW[1] + 1])
