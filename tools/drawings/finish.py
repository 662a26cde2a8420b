"""What happens to every drawing at the end: a surface, colours, and what a camera adds.

All classes share it, so that none is told by its finest texture or by a colour.
"""

from __future__ import annotations

import numpy as np

from .canvas import Array, Canvas, colours, ramp
from .noise import Noise

TONES = colours(
    "0a0c20 e8d8c0 201008 f0b860 08181c 98d8c8 18041c e888b8 0c1c08 c8d870 1c0404 f07848"
    " 040c24 78a8f0 101010 f4f0e8 140828 b890f0"
)  # dark and light in turn


def blurred(picture: Array, amount: float) -> Array:
    """A slight blur: each pixel mixed with its four neighbours."""
    edge = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = edge[:-2, 1:-1] + edge[2:, 1:-1] + edge[1:-1, :-2] + edge[1:-1, 2:]
    mixed: Array = picture * (1 - amount) + around * (amount / 4)
    return mixed


def tone(canvas: Canvas) -> None:
    """Let the tones take the colours of a ramp, as in a print."""
    rng = canvas.rng
    grey = np.clip(canvas.picture.mean(-1) * rng.uniform(1.0, 1.6), 0, 1)
    dark, middle, light = rng.integers(0, len(TONES) // 2, 3) * 2
    stops = np.stack([TONES[dark], 0.4 * TONES[middle] + 0.6 * TONES[middle + 1], TONES[light + 1]])
    if rng.random() < 0.15:  # a negative
        stops = stops[::-1]
    canvas.lay(ramp(grey, stops), np.full_like(grey, rng.uniform(0.3, 0.8)))


def surface(canvas: Canvas) -> None:
    """Draw it on paper, in strokes, in relief, out of focus, or leave it as it is."""
    rng = canvas.rng
    kind = rng.random()
    if kind < 0.22:  # out of focus
        for _ in range(int(rng.integers(1, 4))):
            canvas.picture = blurred(canvas.picture, 0.8)
    elif kind < 0.34:  # sharpened
        soft = blurred(canvas.picture, 0.8)
        canvas.picture = canvas.picture + (canvas.picture - soft) * rng.uniform(0.5, 1.5)
    elif kind < 0.48:  # strokes of a brush
        angle = rng.uniform(0, np.pi)
        c, s = float(np.cos(angle)), float(np.sin(angle))
        along, across = canvas.x * c + canvas.y * s, canvas.y * c - canvas.x * s
        bristles = Noise(rng).octaves(along * 5, across * rng.uniform(18, 40), 2)
        canvas.shade(1 + rng.uniform(0.1, 0.35) * bristles)
    elif kind < 0.62:  # rough paper
        fine = rng.uniform(12, 30)
        grain = Noise(rng).octaves(canvas.x * fine, canvas.y * fine, 2, 0.8)
        canvas.shade(1 + rng.uniform(0.1, 0.35) * grain)
    elif kind < 0.72:  # grain
        grain = rng.normal(0, rng.uniform(0.03, 0.08), (canvas.size, canvas.size, 1))
        canvas.picture = canvas.picture + grain.astype(np.float32)
    elif kind < 0.8:  # hatching or weave
        angle, count = rng.uniform(0, np.pi), rng.uniform(50, 110)
        across = np.cos(angle) * canvas.x + np.sin(angle) * canvas.y
        along = np.cos(angle) * canvas.y - np.sin(angle) * canvas.x
        lines = np.sin(across * count) * (1.0 if rng.random() < 0.5 else np.sin(along * count))
        canvas.shade(1 + rng.uniform(0.06, 0.22) * lines)
    elif kind < 0.9:  # thick paint, lit from the side
        scale = rng.uniform(5, 30, 2)
        stroke = Noise(rng).at(canvas.x * scale[0], canvas.y * scale[1])
        face, _ = canvas.relief(0.02 * stroke + 0.04 * canvas.picture.mean(-1))
        canvas.shade(np.clip(face, 0.4, 1.25))
    canvas.picture = np.clip(canvas.picture, 0, 1).astype(np.float32)


def turned(picture: Array, angle: float) -> Array:
    """A rotation about the grey axis: it moves every hue by the same angle."""
    c, s = np.cos(angle), np.sin(angle) / np.sqrt(3)
    matrix = np.full((3, 3), (1 - c) / 3) + c * np.eye(3)
    matrix += s * np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    mixed: Array = picture @ matrix.T.astype(np.float32)
    return mixed


def finished(canvas: Canvas) -> Array:
    """A surface and tones, then exposure, a cast, contrast, vignette, softness and grain."""
    rng = canvas.rng
    if rng.random() < 0.14:
        tone(canvas)
    surface(canvas)
    picture = canvas.picture
    grey = picture.mean(-1, keepdims=True)
    picture = grey + (picture - grey) * rng.uniform(0.8, 1.35)
    wild = rng.random() < 0.12
    picture = turned(picture, float(rng.uniform(-np.pi, np.pi) if wild else rng.normal(0, 0.15)))
    # A third of the way to one mean brightness: no class is told by being dark.
    picture = picture * (0.38 / (picture.mean() + 0.05)) ** rng.uniform(0.1, 0.5)
    picture = picture * rng.uniform(0.85, 1.25) + rng.uniform(-0.04, 0.06)
    picture = np.clip(picture, 0, 1) ** rng.uniform(0.75, 1.3)
    x, y = rng.uniform(-0.3, 0.3, 2)
    fall = (canvas.x - x) ** 2 + (canvas.y - y) ** 2
    picture = picture * (1 - rng.uniform(0, 0.22) * fall)[..., None]
    if rng.random() < 0.5:
        picture = blurred(picture, float(rng.uniform(0, 0.7)))
    picture = picture + rng.normal(0, rng.uniform(0, 0.03), picture.shape)
    return np.clip(picture, 0, 1).astype(np.float32)
