"""Random textures: smooth noise, its octaves, warped and ridged forms, and cells."""

from __future__ import annotations

import numpy as np

from .canvas import Array

PERIOD = 64  # the tables repeat after this many cells


class Noise:
    """Value noise that can be looked up anywhere; smooth, about -1..1."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.table = rng.uniform(-1, 1, (PERIOD, PERIOD)).astype(np.float32)
        self.points = rng.uniform(0, 1, (PERIOD, PERIOD, 3)).astype(np.float32)

    def at(self, u: Array, v: Array) -> Array:
        iu, iv = np.floor(u), np.floor(v)
        fu, fv = (u - iu).astype(np.float32), (v - iv).astype(np.float32)
        fu, fv = fu * fu * (3 - 2 * fu), fv * fv * (3 - 2 * fv)
        i0, j0 = iu.astype(np.int32) % PERIOD, iv.astype(np.int32) % PERIOD
        i1, j1 = (i0 + 1) % PERIOD, (j0 + 1) % PERIOD
        table = self.table
        top = table[j0, i0] * (1 - fu) + table[j0, i1] * fu
        low = table[j1, i0] * (1 - fu) + table[j1, i1] * fu
        value: Array = top * (1 - fv) + low * fv
        return value

    def octaves(self, u: Array, v: Array, count: int = 4, gain: float = 0.5) -> Array:
        """Noise with a hierarchy of sizes: large forms that carry smaller ones."""
        total = np.zeros_like(u)
        weight = 1.0
        for octave in range(count):
            # Turned between octaves, or the lattice shows.
            total += weight * self.at(u + 17.3 * octave, v + 9.1 * octave)
            u, v = 1.6 * u + 1.2 * v, 1.6 * v - 1.2 * u
            weight *= gain
        return total * (1 - gain) * 1.6

    def ridges(self, u: Array, v: Array, count: int = 4, gain: float = 0.55) -> Array:
        """Sharp crests in 0..1, as in mountains and veins."""
        total = np.zeros_like(u)
        weight = 1.0
        for octave in range(count):
            total += weight * (1 - np.abs(self.at(u + 5.7 * octave, v + 31.9 * octave))) ** 2
            u, v = 1.6 * u + 1.2 * v, 1.6 * v - 1.2 * u
            weight *= gain
        return total * (1 - gain) * 1.4

    def cells(self, u: Array, v: Array, jitter: float = 0.9) -> tuple[Array, Array, Array]:
        """Nearest and second nearest of scattered points, and a number in 0..1 for the nearest."""
        iu, iv = np.floor(u), np.floor(v)
        fu, fv = (u - iu).astype(np.float32), (v - iv).astype(np.float32)
        i0, j0 = iu.astype(np.int32), iv.astype(np.int32)
        first = np.full(u.shape, 9.0, dtype=np.float32)
        second = first.copy()
        name = np.zeros_like(first)
        for dj in (-1, 0, 1):
            for di in (-1, 0, 1):
                point = self.points[(j0 + dj) % PERIOD, (i0 + di) % PERIOD]
                du = di + 0.5 + jitter * (point[..., 0] - 0.5) - fu
                dv = dj + 0.5 + jitter * (point[..., 1] - 0.5) - fv
                squared = du * du + dv * dv
                nearer = squared < first
                second = np.where(nearer, first, np.minimum(second, squared))
                name = np.where(nearer, point[..., 2], name)
                first = np.where(nearer, squared, first)
        return np.sqrt(first), np.sqrt(second), name


def labyrinth(rng: np.random.Generator, u: Array, v: Array, waves: int = 9) -> Array:
    """Winding bands of one width: waves of one length and all directions, about -1..1."""
    total = np.zeros_like(u)
    for angle in np.pi * (np.arange(waves) + rng.uniform(0, 1, waves)) / waves:
        length = rng.uniform(0.85, 1.15)
        phase = rng.uniform(0, 2 * np.pi)
        total += np.cos(length * (np.cos(angle) * u + np.sin(angle) * v) + phase)
    return total * np.sqrt(1.2 / waves)
