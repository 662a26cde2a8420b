"""The camera that travels through the dream: pure geometry, shared by the stage and the dreamer.

A `Pose` says where the camera is. It maps a point ``v`` of the view (in picture heights, origin at
the centre, x to the right, y down) to a point ``w`` of the world::

    w = centre + exp(-log_zoom) * R(angle) * v

Poses form a group (`compose`, `inverse`), so what happened between two moments is one pose too,
and a picture painted at one pose is shown at another with one warp, never frame to frame.

A zoom that never ends would use up the digits of a float: the centre stays near 1 while the steps
shrink with ``exp(-log_zoom)``. The camera therefore moves the world's origin to itself now and
then; each such origin is a new `chart`, and `Viewpoint.rebased` carries older poses along.
"""

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

OVERSCAN = 1.08
"""The canvas covers the view this many times, so that small moves show no border."""

CHART_SIZE = 12.0
"""A chart is left when the log zoom has moved this far: exp(12) leaves 11 digits for the centre."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera is: log zoom, angle in radians, centre in picture heights."""

    log_zoom: float = 0.0
    angle: float = 0.0
    x: float = 0.0
    y: float = 0.0

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the view to the world."""
        scale = math.exp(-self.log_zoom)
        cosine, sine = scale * math.cos(self.angle), scale * math.sin(self.angle)
        return self.x + cosine * x - sine * y, self.y + sine * x + cosine * y

    def compose(self, inner: "Pose") -> "Pose":
        """Return the pose that applies `inner` first and this pose after it."""
        x, y = self.apply(inner.x, inner.y)
        return Pose(self.log_zoom + inner.log_zoom, self.angle + inner.angle, x, y)

    def inverse(self) -> "Pose":
        """Return the pose that undoes this one."""
        back = Pose(-self.log_zoom, -self.angle)
        x, y = back.apply(-self.x, -self.y)
        return Pose(-self.log_zoom, -self.angle, x, y)

    def seen_from(self, other: "Pose") -> "Pose":
        """Return the pose that maps points of this view to points of `other`'s view."""
        return other.inverse().compose(self)

    def matrix(self) -> NDArray[np.float64]:
        """The 2×3 matrix of this pose in picture heights."""
        x, y = self.apply(1.0, 0.0)
        cosine, sine = x - self.x, y - self.y
        return np.array([[cosine, -sine, self.x], [sine, cosine, self.y]])


@dataclass(frozen=True, slots=True)
class Rates:
    """How the camera moves: log zoom and radians per second, pan in heights per second."""

    log_zoom: float = 0.0
    angle: float = 0.0
    pan_x: float = 0.0
    pan_y: float = 0.0

    @classmethod
    def from_units(cls, zoom: float, rotate: float, pan_x: float, pan_y: float) -> Self:
        """Take the performer's units: zoom as a factor per second, rotation in degrees per second.

        A positive rotation turns the picture clockwise, so the camera turns the other way.
        """
        return cls(math.log(zoom), -math.radians(rotate), pan_x, pan_y)

    def over(self, seconds: float) -> Pose:
        """The move that these rates make in `seconds`."""
        return Pose(
            self.log_zoom * seconds,
            self.angle * seconds,
            self.pan_x * seconds,
            self.pan_y * seconds,
        )

    def eased(self, age: float) -> "Rates":
        """The rates that remain when the newest keyframe is `age` seconds old.

        Without new keyframes a zoom would end in mush. From `EASE_AFTER` on, zoom and pan fade
        exponentially; the time constant is chosen so that all that is still travelled stays within
        0.8 to 1.5 times (zoom) and a tenth of the height (pan). Rotation goes on, and a slow drift
        sets in, so the picture never freezes.
        """
        overtime = age - EASE_AFTER
        if overtime <= 0:
            return self
        limit = math.log(1.5) if self.log_zoom > 0 else -math.log(0.8)
        zoom_fade = _fade(overtime, limit, abs(self.log_zoom))
        pan_fade = _fade(overtime, 0.1, math.hypot(self.pan_x, self.pan_y))
        drift = DRIFT * (1.0 - math.exp(-overtime))
        return Rates(
            self.log_zoom * zoom_fade,
            self.angle,
            self.pan_x * pan_fade + drift * math.cos(0.4 * overtime),
            self.pan_y * pan_fade + drift * math.sin(0.4 * overtime),
        )


EASE_AFTER = 1.5
"""Seconds without a keyframe after which the camera comes to rest."""

DRIFT = 0.006
"""Heights per second of the slow circle that a resting camera describes (radius 1.5 % of it)."""


def _fade(overtime: float, distance: float, speed: float) -> float:
    """Fade whose integral times `speed` is at most `distance`."""
    return math.exp(-overtime / min(1.0, distance / max(speed, 1e-9)))


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A camera's pose with the chart it is expressed in and the way from the chart before."""

    pose: Pose = Pose()
    chart: int = 0
    origin: Pose = Pose()  # of this chart, as a pose of the chart before

    def moved(self, move: Pose) -> "Viewpoint":
        """Return where the camera is after `move`, in a new chart when this one is used up."""
        pose = self.pose.compose(move)
        if abs(pose.log_zoom) < CHART_SIZE and math.hypot(pose.x, pose.y) < 1e3:
            return replace(self, pose=pose)
        return Viewpoint(Pose(), self.chart + 1, pose)

    def rebased(self, older: "Viewpoint") -> Pose:
        """Return the pose of `older` in this viewpoint's chart.

        Two charts apart (minutes at ordinary speeds) the way between is forgotten, and the older
        picture is taken to be where the camera is now.
        """
        if older.chart == self.chart:
            return older.pose
        if older.chart == self.chart - 1:
            return older.pose.seen_from(self.origin)
        return self.pose

    def seen_from(self, older: "Viewpoint") -> Pose:
        """Return the pose that maps points of this view to points of the older view."""
        return self.pose.seen_from(self.rebased(older))


def pixel_matrix(
    relative: Pose,
    target: tuple[int, int],
    source: tuple[int, int],
    source_cover: float,
    target_cover: float = 1.0,
) -> NDArray[np.float64]:
    """Return the 2×3 matrix from target pixels to source pixels, for an inverse warp.

    Args:
        relative: maps points of the target's view to points of the source's view.
        target: width and height in pixels of the picture to fill.
        source: width and height in pixels of the picture to sample.
        source_cover, target_cover: how many times their heights cover their views.

    Pixel centres are at integers, as OpenCV has it.
    """
    target_width, target_height = target
    source_width, source_height = source
    pixel = target_cover / target_height
    to_view = np.array(
        [
            [pixel, 0, (0.5 - target_width / 2) * pixel],
            [0, pixel, (0.5 - target_height / 2) * pixel],
            [0, 0, 1],
        ]
    )
    scale = source_height / source_cover
    to_pixels = np.array(
        [
            [scale, 0, source_width / 2 - 0.5],
            [0, scale, source_height / 2 - 0.5],
        ]
    )
    middle = np.vstack([relative.matrix(), [0, 0, 1]])
    return np.asarray(to_pixels @ middle @ to_view)
