"""What every drawing is painted on: coordinates, colour ramps, edges and light.

A drawing is a small shader: arrays over the whole pixel grid instead of loops over pixels.
Canvas coordinates run from -1 to 1, x to the right and y down; a `Place` is a turned, scaled and
moved copy of them in which one object is drawn around the origin with a radius of about 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


def colours(text: str) -> Array:
    """Turn `"ffcc00 102030"` into rows of red, green and blue in 0..1."""
    rows = [[int(word[i : i + 2], 16) / 255 for i in (0, 2, 4)] for word in text.split()]
    return np.array(rows, dtype=np.float32)


def rgb(red: float, green: float, blue: float) -> Array:
    return np.array((red, green, blue), dtype=np.float32)


WHITE = rgb(1, 1, 1)


def pick(rng: np.random.Generator, *palettes: str) -> Array:
    """Choose one of several palettes and let each of its colours wander a little."""
    palette = colours(palettes[int(rng.integers(len(palettes)))])
    return np.clip(palette + rng.normal(0, 0.03, palette.shape), 0, 1).astype(np.float32)


def ramp(t: Array, palette: Array) -> Array:
    """Colour of each value of `t` in 0..1 along a palette of any length."""
    stops = np.linspace(0, 1, len(palette))
    return np.stack([np.interp(t, stops, palette[:, c]) for c in range(3)], -1).astype(np.float32)


def step(low: float, high: float, value: Array) -> Array:
    """Smooth step: 0 below `low`, 1 above `high`; falls where `low` > `high`."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def coverage(distance: Array, pixel: float) -> Array:
    """Antialiased share of each pixel inside a shape whose signed distance is negative there."""
    return np.clip(0.5 - distance / pixel, 0, 1)


def segment(
    u: Array, v: Array, a: tuple[float, float], b: tuple[float, float]
) -> tuple[Array, Array]:
    """Distance to a line from `a` to `b`, and the position along it in 0..1."""
    du, dv = b[0] - a[0], b[1] - a[1]
    along = np.clip(((u - a[0]) * du + (v - a[1]) * dv) / (du * du + dv * dv + 1e-9), 0, 1)
    return np.hypot(u - a[0] - along * du, v - a[1] - along * dv), along


def ellipse(u: Array, v: Array, a: float, b: float) -> Array:
    """Roughly the signed distance to an ellipse with half axes `a` and `b`."""
    return (np.sqrt((u / a) ** 2 + (v / b) ** 2 + 1e-9) - 1) * min(a, b)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one object is drawn: its own coordinates, and how wide a pixel is in them."""

    u: Array
    v: Array
    pixel: float
    scale: float

    def moved(self, du: float, dv: float, scale: float = 1.0, turn: float = 0.0) -> Place:
        """The place of a part of the object."""
        c, s = np.cos(turn), np.sin(turn)
        u, v = (self.u - du) / scale, (self.v - dv) / scale
        return Place(
            (c * u + s * v).astype(np.float32),
            (c * v - s * u).astype(np.float32),
            self.pixel / scale,
            self.scale * scale,
        )


class Canvas:
    """A picture under way, with the light that falls on everything in it."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        axis = ((np.arange(size) + 0.5) / size * 2 - 1).astype(np.float32)
        self.rng = rng
        self.size = size
        self.pixel = 2 / size
        self.x, self.y = np.meshgrid(axis, axis)
        self.picture: Array = np.zeros((size, size, 3), dtype=np.float32)
        self.light = float(rng.uniform(-np.pi, 0))  # from above, left or right

    def place(
        self, low: float = 0.3, high: float = 1.3, turn: float = np.pi, spread: float = 0.4
    ) -> Place:
        """A random place for an object whose radius is between `low` and `high`."""
        scale = float(np.exp(self.rng.uniform(np.log(low), np.log(high))))
        x, y = self.rng.uniform(-spread, spread, 2)
        whole = Place(self.x, self.y, self.pixel, 1.0)
        return whole.moved(float(x), float(y), scale, float(self.rng.uniform(-turn, turn)))

    def fill(self, colour: Array) -> None:
        self.picture = np.broadcast_to(colour, self.picture.shape).astype(np.float32).copy()

    def lay(self, colour: Array, share: Array) -> None:
        """Cover the picture with a colour (or a picture of colours) where `share` says so."""
        self.picture += (colour - self.picture) * share[..., None]

    def glow(self, colour: Array, amount: Array) -> None:
        """Add light, so that bright places saturate softly instead of clipping."""
        self.picture = 1 - (1 - self.picture) * (1 - np.clip(amount[..., None] * colour, 0, 1))

    def shade(self, factor: Array) -> None:
        self.picture *= factor[..., None]

    def relief(self, height: Array, depth: float = 1.0) -> tuple[Array, Array]:
        """Light a height map (in canvas units): diffuse share around 1, and highlights in 0..1."""
        dy = np.empty_like(height)
        dx = np.empty_like(height)
        dy[1:-1], dx[:, 1:-1] = height[2:] - height[:-2], height[:, 2:] - height[:, :-2]
        dy[0], dy[-1], dx[:, 0], dx[:, -1] = dy[1], dy[-2], dx[:, 1], dx[:, -2]
        dx *= depth / (2 * self.pixel)
        dy *= depth / (2 * self.pixel)
        length = np.sqrt(dx * dx + dy * dy + 1)
        lx, ly, lz = 0.64 * np.cos(self.light), 0.64 * np.sin(self.light), 0.77
        diffuse = np.clip((lz - lx * dx - ly * dy) / length, 0, 1)
        half = np.array([lx, ly, lz + 1]) / np.sqrt(lx * lx + ly * ly + (lz + 1) ** 2)
        mirror = np.clip((half[2] - half[0] * dx - half[1] * dy) / length, 0, 1)
        shine = np.clip((mirror**24 - 0.15) / 0.85, 0, 1)
        return (0.25 + 0.98 * diffuse).astype(np.float32), shine.astype(np.float32)
