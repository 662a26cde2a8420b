"""The presenter: turns two keyframes and a camera into the frame of this very moment.

Both keyframes are warped from the pose they were painted at to the pose of now, each by one
matrix, so they agree in everything but the detail that was dreamt between them. A linear fade of
detail whose correlation is rho loses contrast: its deviation falls to
``sqrt((1-t)² a² + t² b² + 2 t (1-t) rho a b)`` (a, b: the deviations of the two details). Low
frequencies are therefore blended linearly, and detail is divided by that loss, which keeps its
contrast constant (variance-preserving blending, Heitz & Neyret 2018).
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.camera import OVERSCAN, Pose, Viewpoint
from vjdream.frames import Keyframe, Picture, Size
from vjdream.stage.warp import Layer, warp

LOW_SHRINK = 8
"""The low-pass works on pictures this much smaller."""

LOW_DEVIATION = 12 / 720
"""Deviation of the low-pass in picture heights: larger forms blend linearly."""

MEASURE_HEIGHT = 240
"""Lines of the pictures on which correlation is measured."""


SHOWN = ("_before", "_after", "_waiting")
NUMBERS = ("_progress", "_composed_at", "_arrived_at", "_interval", "_deviation", "_details")
"""What a presenter remembers."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A keyframe as the presenter uses it: whole, and its low-pass on a small picture."""

    keyframe: Keyframe
    full: Layer
    low: Layer


class Presenter:
    """Blends the newest keyframes; knows nothing of clocks: every call is told the time."""

    def __init__(self, size: Size, first: Keyframe) -> None:
        self.size = size
        self._before = self._after = self._prepared(first)
        self._waiting: _Shown | None = None
        self._progress = 1.0
        self._composed_at = first.time
        self._arrived_at = first.time
        self._interval, self._deviation = 0.0, 0.0
        self._details = (1.0, 1.0, 1.0)  # deviation before, deviation after, correlation

    @property
    def newest(self) -> Keyframe:
        return (self._waiting or self._after).keyframe

    def age(self, now: float) -> float:
        """Seconds since the newest keyframe arrived."""
        return now - self._arrived_at

    def add(self, keyframe: Keyframe, now: float, interval: float) -> None:
        """Take a new keyframe; it fades in as soon as the fade under way is done.

        Args:
            interval: seconds between keyframes that are asked for, the first guess at the pace.
        """
        waited = min(now - self._arrived_at, 5.0)
        if self._interval == 0.0:
            self._interval = interval
        else:
            self._deviation += 0.2 * (abs(waited - self._interval) - self._deviation)
            self._interval += 0.3 * (waited - self._interval)
        self._arrived_at = now
        prepared = self._prepared(keyframe)
        if self._progress < 1.0:
            self._waiting = prepared  # a newer one replaces one that never got its turn
        else:
            self._start_fade(prepared)

    def _start_fade(self, after: _Shown) -> None:
        self._before, self._after = self._after, after
        self._progress = 0.0
        self._waiting = None
        self._details = self._measure()

    def _advance(self, now: float) -> None:
        """Move the fade on: it ends when the next keyframe is expected.

        A pace that varies is given more time, so a late keyframe stretches the fade; a keyframe
        that already waits doubles the speed of what is left.
        """
        elapsed = max(0.0, now - self._composed_at)
        self._composed_at = now
        if self._progress >= 1.0:
            if self._waiting is not None:
                self._start_fade(self._waiting)
            return
        expected = self._arrived_at + self._interval + 2 * self._deviation
        left = max(expected - (now - elapsed), elapsed, 1e-6)
        if self._waiting is not None:
            left = max(elapsed, 0.5 * (1 - self._progress) * self._interval)
        self._progress = min(1.0, self._progress + (1 - self._progress) * elapsed / left)
        if self._progress > 1 - 1e-6:
            self._progress = 1.0
            if self._waiting is not None:
                self._start_fade(self._waiting)

    def compose(self, viewpoint: Viewpoint, now: float, out: Picture) -> None:
        """Fill `out` (height, width, 4) with the ungraded frame of this moment."""
        self._advance(now)
        t, size = self._progress, (self.size.width, self.size.height)
        if t >= 1.0:
            warp(self._after.full, viewpoint, size, out=out)
            return
        if t <= 0.0:
            warp(self._before.full, viewpoint, size, out=out)
            return
        before = warp(self._before.full, viewpoint, size)
        warp(self._after.full, viewpoint, size, out=out)
        cv2.addWeighted(before, 1 - t, out, t, 0, dst=out)
        gain = 1 / contrast_kept(t, *self._details)
        if gain > 1.01:
            # low + gain * (blend - low), in one saturating sum
            cv2.addWeighted(out, gain, self._low(viewpoint, t), 1 - gain, 0, dst=out)

    def _low(self, viewpoint: Viewpoint, t: float) -> Picture:
        """The low-pass of the blend, blended from the two low-passes."""
        width, height = self.size.width, self.size.height
        small = (-(-width // LOW_SHRINK), -(-height // LOW_SHRINK))
        cover = small[1] * LOW_SHRINK / height
        before = warp(self._before.low, viewpoint, small, cover)
        after = warp(self._after.low, viewpoint, small, cover)
        low = cv2.addWeighted(before, 1 - t, after, t, 0)
        low = cv2.resize(low, None, fx=LOW_SHRINK, fy=LOW_SHRINK, interpolation=cv2.INTER_LINEAR)
        left, top = (low.shape[1] - width) // 2, (low.shape[0] - height) // 2
        return np.asarray(low[top : top + height, left : left + width])

    def _prepared(self, keyframe: Keyframe) -> _Shown:
        """Shrink and blur a keyframe; it is padded so that every small pixel is whole."""
        picture = keyframe.picture
        height, width = picture.shape[:2]
        rows, columns = -height % LOW_SHRINK, -width % LOW_SHRINK
        top, left = rows // 2, columns // 2
        padded = cv2.copyMakeBorder(
            picture, top, rows - top, left, columns - left, cv2.BORDER_REFLECT
        )
        small = cv2.resize(
            padded, None, fx=1 / LOW_SHRINK, fy=1 / LOW_SHRINK, interpolation=cv2.INTER_AREA
        )
        sigma = LOW_DEVIATION * height / OVERSCAN / LOW_SHRINK
        low = np.asarray(cv2.GaussianBlur(small, (0, 0), max(sigma, 0.3)), np.uint8)
        viewpoint = keyframe.viewpoint
        return _Shown(
            keyframe,
            Layer(picture, viewpoint, OVERSCAN),
            Layer(low, viewpoint, OVERSCAN * (height + rows) / height),
        )

    def _measure(self) -> tuple[float, float, float]:
        """Deviation of both details and their correlation, aligned by the camera."""
        scale = MEASURE_HEIGHT / self.size.height
        size = (max(2, round(self.size.width * scale)), MEASURE_HEIGHT)
        viewpoint = self._after.keyframe.viewpoint
        before = _detail(warp(self._before.full, viewpoint, size))
        after = _detail(warp(self._after.full, viewpoint, size))
        deviation_before = float(np.sqrt(np.mean(before**2))) + 1e-6
        deviation_after = float(np.sqrt(np.mean(after**2))) + 1e-6
        correlation = float(np.mean(before * after)) / (deviation_before * deviation_after)
        return deviation_before, deviation_after, min(max(correlation, 0.0), 1.0)

    def state_dict(self) -> dict[str, Any]:
        """Return all that later frames depend on, as plain values and arrays."""
        shown = {name: getattr(self, name) for name in SHOWN}
        return {
            **{name: getattr(self, name) for name in NUMBERS},
            **{name: one and _plain(one.keyframe) for name, one in shown.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where another presenter of this size was: with the same bytes."""
        for name in NUMBERS:
            setattr(self, name, state[name])
        for name in SHOWN:
            plain = state[name]
            setattr(self, name, None if plain is None else self._prepared(_keyframe(plain)))


def _plain(keyframe: Keyframe) -> dict[str, Any]:
    """A keyframe as plain values and one array."""
    values = {name: getattr(keyframe, name) for name in keyframe.__slots__}
    return {**values, "viewpoint": dataclasses.astuple(keyframe.viewpoint)}


def _keyframe(plain: dict[str, Any]) -> Keyframe:
    pose, chart, origin = plain["viewpoint"]
    return Keyframe(**{**plain, "viewpoint": Viewpoint(Pose(*pose), chart, Pose(*origin))})


def contrast_kept(t: float, before: float, after: float, correlation: float) -> float:
    """The deviation of a linear blend at `t`, relative to the blend of the deviations."""
    a, b = (1 - t) * before, t * after
    return math.sqrt(a * a + b * b + 2 * a * b * correlation) / (a + b)


def _detail(picture: Picture) -> NDArray[np.float32]:
    small = cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY).astype(np.float32)
    sigma = LOW_DEVIATION * picture.shape[0]
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), sigma))
