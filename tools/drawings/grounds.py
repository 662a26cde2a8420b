"""What lies behind things. Shared by all classes, so that no class is told by its background."""

from __future__ import annotations

import numpy as np

from .canvas import Array, Canvas, pick, ramp, step
from .noise import Noise

PLAIN = (
    "20242c 525a66 a9aca8",
    "2b1d14 6b4a2f c09a6b",
    "0c1a2a 27506b 8fb6bd",
    "16240f 47622a a7b46a",
    "2a1026 6d2f5a d690a0",
    "3a3a34 8c8672 e4dcc4",
    "08222a 0f5a5c 7fc0a2",
    "301010 8a3324 e0a070",
    "e8e2d4 bcae9a 857a70",
    "101018 2c2c48 6a6690",
)
WATER = (
    "03141f 0a4f66 4fb0ac",
    "041028 123f7d 58a0d0",
    "0a2620 1f6a58 9cc8a0",
    "0c0a26 2a2f72 7f86c8",
)
SKIES = (
    "17407c 4f8cc4 cfe2ea",
    "2a1a40 9c3f5c f6a764",
    "0b1026 2b3a68 8c86a8",
    "3a5a80 e0a890 ffe6b8",
    "5a7488 a4b4bc e4e4dc",
    "102a3c 2e7a86 e8d8a0",
    "401020 b8452c ffc060",
)


def ground(canvas: Canvas, *palettes: str) -> Noise:
    """Fill the canvas with something out of focus, or with a rough surface."""
    rng = canvas.rng
    noise = Noise(rng)
    palette = pick(rng, *(palettes or PLAIN))
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * canvas.x + np.sin(angle) * canvas.y
    cells = float(np.exp(rng.uniform(np.log(0.8), np.log(5))))
    soft = noise.octaves(canvas.x * cells, canvas.y * cells, 4, float(rng.uniform(0.25, 0.6)))
    canvas.fill(ramp(0.5 + 0.3 * slope * rng.uniform(0, 1) + 0.35 * soft, palette))
    kind = rng.random()
    if kind < 0.3:  # lights out of focus
        for _ in range(int(rng.integers(4, 12))):
            x, y = rng.uniform(-1.1, 1.1, 2)
            radius = rng.uniform(0.05, 0.3)
            disc = step(radius, radius * 0.7, np.hypot(canvas.x - x, canvas.y - y))
            canvas.glow(palette[int(rng.integers(len(palette)))], disc * rng.uniform(0.1, 0.5))
    elif kind < 0.5:  # rough surface, lit from the side
        diffuse, _ = canvas.relief(soft * 0.12 / cells, 2.0)
        canvas.shade(diffuse)
    return noise


def water(canvas: Canvas) -> Noise:
    """Depth, shafts of light and the net of bright lines that waves throw."""
    rng = canvas.rng
    noise = Noise(rng)
    palette = pick(rng, *WATER)
    depth = 0.5 - 0.4 * canvas.y + 0.25 * noise.octaves(canvas.x * 1.5, canvas.y * 1.5, 3)
    canvas.fill(ramp(depth, palette))
    if rng.random() < 0.5:
        lean = rng.uniform(-0.6, 0.6)
        shafts = noise.octaves((canvas.x + lean * canvas.y) * 3, canvas.y * 0.2, 3)
        canvas.glow(palette[2], np.clip(shafts, 0, 1) * 0.5 * step(1.0, -1.0, canvas.y))
    else:
        net = noise.ridges(canvas.x * 2.5, canvas.y * 4, 2)
        canvas.glow(palette[2], net**3 * 0.25)
    return noise


def sky(canvas: Canvas, horizon: float = 1.0, *palettes: str) -> tuple[Noise, Array]:
    """A sky down to `horizon` with some cloud; returns its palette for the haze."""
    rng = canvas.rng
    noise = Noise(rng)
    palette = pick(rng, *(palettes or SKIES))
    t = (canvas.y + 1) / (horizon + 1)
    stretch = rng.uniform(1, 4)
    cloud = noise.octaves(canvas.x * 1.5, canvas.y * 1.5 * stretch, 5, 0.55)
    canvas.fill(ramp(t, palette))
    bright = np.clip(palette[-1] * 1.1 + 0.05, 0, 1)
    canvas.lay(bright, np.clip(cloud * rng.uniform(0.2, 0.9), 0, 0.8))
    return noise, palette
