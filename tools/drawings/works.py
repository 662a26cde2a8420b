"""What people build and play: clocks, castles, bridges, wheels, robots, pianos, books, pagodas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .canvas import WHITE, Array, Canvas, Place, coverage, ellipse, pick, ramp, rgb, segment, step
from .creatures import places
from .finish import finished
from .grounds import SKIES, ground, sky
from .noise import Noise

Mask = npt.NDArray[np.bool_]

PAINTS = (
    "2a0a12 b8283c ffb4a0",
    "081c3c 2868c0 b0e0ff",
    "06281c 1f8a58 c8f0a0",
    "2c1440 8840b8 f0c0ff",
    "3c1c04 d07818 ffe89c",
    "04282c 149098 b8fff0",
    "3c2c30 c89890 fff4e8",
    "0c0c14 34384c 8890b0",
    "5c5848 c8c0a4 fffcec",
    "380828 d83888 ffc8dc",
    "1c1408 6c5028 d0b070",
    "283808 8cb020 f4f890",
)
DREAM_SKIES = (
    *SKIES,
    "0c3428 3c9c78 e0f4c0",
    "30104c a048b0 ffb8d0",
    "4c1c38 e06880 ffe0c0",
    "0c0c30 4038a0 60c8e0",
    "e8f0f4 a8d0e8 f4d8e0",
    "241408 8c6420 f8e08c",
)
LAMPS = (
    "ffd070 fff4c8 ff9838",
    "70e8ff ffffff c060ff",
    "ff80b0 ffe070 80e8ff",
    "b0ff70 fff0a0 ff6050",
)


def box(u: Array, v: Array, a: float, b: float, corner: float = 0.0) -> Array:
    """Roughly the signed distance to a rectangle with half sides `a` and `b`."""
    p, q = np.abs(u) - a + corner, np.abs(v) - b + corner
    outside = np.hypot(np.maximum(p, 0), np.maximum(q, 0))
    distance: Array = outside + np.minimum(np.maximum(p, q), 0) - corner
    return distance


def bounds(mask: Mask) -> tuple[slice, slice]:
    """The rows and columns that hold all of a mask, and never too few to light a relief."""
    slices = []
    for axis, size in ((1, mask.shape[0]), (0, mask.shape[1])):
        hit = np.flatnonzero(mask.any(axis))
        low = min(int(hit[0]), size - 4) if len(hit) else 0
        slices.append(slice(low, max(int(hit[-1]) + 1, low + 4) if len(hit) else 4))
    return slices[0], slices[1]


@contextmanager
def closeup(canvas: Canvas, at: Place, mask: Mask) -> Iterator[tuple[Canvas, Place]]:
    """The part of the canvas around a mask: small things are not worth a whole picture's time."""
    rows, columns = bounds(mask)
    part = copy(canvas)
    part.x, part.y = canvas.x[rows, columns], canvas.y[rows, columns]
    part.picture = canvas.picture[rows, columns].copy()
    yield part, Place(at.u[rows, columns], at.v[rows, columns], at.pixel, at.scale)
    canvas.picture[rows, columns] = part.picture


def solid(
    canvas: Canvas,
    at: Place,
    shape: Array,
    palette: Array,
    tone: Array | float,
    bevel: float = 0.06,
    gloss: float = 0.0,
    shadow: float = 0.4,
) -> None:
    """Lay a shape with lit edges and a soft shadow on what lies behind."""
    tones = np.broadcast_to(np.clip(tone, 0, 1), shape.shape)
    touched = shape < (0.14 if shadow else at.pixel)
    window = bounds(touched)
    with closeup(canvas, at, touched) as (part, _):
        shape = shape[window]
        if shadow:
            part.shade(1 - shadow * step(0.14, -0.02, shape))
        cover = coverage(shape, at.pixel)
        face, shine = part.relief(-np.clip(shape, -bevel, 0.02) * at.scale, 1.2)
        part.lay(np.clip(ramp(tones[window], palette) * face[..., None], 0, 1), cover)
        if gloss:
            part.glow(WHITE, shine * gloss * cover)


def surface(canvas: Canvas, u: Array, v: Array, noise: Noise) -> Array:
    """What a material adds to its tone: nothing, grain, stripes, blotches or courses of blocks."""
    rng = canvas.rng
    kind = rng.random()
    if kind < 0.2:
        return np.zeros_like(u)
    if kind < 0.4:
        return 0.25 * noise.octaves(u * 8, v * 8, 3, 0.7)
    if kind < 0.55:
        return 0.13 * np.sin(v * rng.uniform(30, 70) + 2 * noise.at(u * 3, v * 3))
    if kind < 0.7:
        return 0.35 * noise.octaves(u * 2.5, v * 2.5, 2)
    tall = rng.uniform(0.06, 0.13)
    row = np.floor(v / tall)
    column = u / (tall * 1.8) + 0.5 * np.mod(row, 2)
    # The joints lie where both halves are near their ends.
    edge = np.maximum(np.abs((v / tall) % 1 - 0.5), 0.5 - 1.8 * (0.5 - np.abs(column % 1 - 0.5)))
    return 0.16 * noise.at(np.floor(column) * 3.7, row * 5.3) - 0.25 * step(0.36, 0.48, edge)


def heaven(canvas: Canvas, horizon: float) -> tuple[Noise, Array, bool]:
    """A sky of any hour, or what any thing may lie on; with its haze, and whether it is night."""
    rng = canvas.rng
    if rng.random() < 0.2:
        return ground(canvas), canvas.picture.mean((0, 1))[None], bool(rng.random() < 0.5)
    noise, palette = sky(canvas, horizon, *DREAM_SKIES)
    night = bool(rng.random() < 0.35)
    if night:
        canvas.picture *= rng.uniform(0.25, 0.55)
        nearest, _, name = noise.cells(canvas.x * 7, canvas.y * 7)
        canvas.glow(WHITE, step(0.13, 0.03, nearest) * name)
    if rng.random() < 0.3:  # sun or moon
        x, y = rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0)
        radius = rng.uniform(0.12, 0.4)
        reach = np.hypot(canvas.x - x, canvas.y - y)
        light = np.clip(palette[-1] * 1.15, 0, 1)
        canvas.lay(light, coverage(reach - radius, canvas.pixel * 2))
        canvas.glow(light, 0.5 * np.exp(-np.clip(reach - radius, 0, 9) * 5))
    return noise, palette, night


def mirrored(canvas: Canvas, shore: float, noise: Noise) -> None:
    """Water from `shore` down, in which the picture above stands on its head."""
    size, tint = canvas.size, pick(canvas.rng, *PAINTS)
    distance = np.clip(canvas.y - shore, 0, 2)
    wave = noise.octaves(canvas.x * 3, canvas.y * 24 / (1 + distance), 2)
    up = shore - distance * 0.9 + 0.06 * wave * distance
    rows = np.clip((up + 1) / 2 * size, 0, size - 1).astype(int)
    shift = 0.03 * wave + 0.01
    columns = np.clip((canvas.x + shift + 1) / 2 * size, 0, size - 1).astype(int)
    image = canvas.picture[rows, columns] * 0.8 + tint[1] * 0.12
    image = image * (0.9 + 0.22 * wave[..., None])
    canvas.lay(np.clip(image, 0, 1), step(shore, shore + 0.02, canvas.y))
    canvas.glow(tint[2], 0.25 * step(0.35, 0.9, wave) * (canvas.y > shore))


def hills(canvas: Canvas, shore: float, noise: Noise, haze: Array) -> None:
    """Far ridges above the shore."""
    palette = pick(canvas.rng, *PAINTS)
    for layer in range(2):
        low = 0.12 + 0.14 * (1 - layer)
        crest = shore - low * (
            1 + noise.octaves(canvas.x * (1.5 + layer) + 7 * layer, 0 * canvas.y, 3)
        )
        colour = haze[-1] * (0.5 - 0.25 * layer) + palette[1] * (0.2 + 0.15 * layer)
        canvas.lay(colour, coverage(crest - canvas.y, canvas.pixel))


# Strokes of the signs on a dial, in a box from -0.5 to 0.5 and -1 to 1.
STROKES = {
    "0": "0 -1 -.4 -.6 -.48 0 -.4 .6 0 1 .4 .6 .48 0 .4 -.6 0 -1",
    "1": "-.25 -.6 .1 -1 .1 1",
    "2": "-.45 -.55 -.25 -.92 .25 -.92 .45 -.5 .3 -.05 -.5 1 .5 1",
    "3": "-.45 -.7 -.1 -1 .35 -.85 .42 -.4 0 -.05 .45 .3 .42 .75 0 1 -.48 .75",
    "4": ".25 1 .25 -1 -.5 .4 .55 .4",
    "5": ".45 -1 -.35 -1 -.42 -.1 .1 -.25 .48 .2 .42 .75 0 1 -.48 .75",
    "6": ".35 -.95 -.1 -.7 -.45 .1 -.4 .75 0 1 .4 .75 .42 .2 0 -.1 -.42 .25",
    "7": "-.5 -1 .5 -1 -.1 1",
    "8": "0 -.1 -.38 -.4 -.3 -.85 0 -1 .3 -.85 .38 -.4 0 -.1 -.45 .35 -.38 .8 0 1 .38 .8 .45 .35 0"
    " -.1",
    "9": "-.35 .95 .1 .7 .45 -.1 .4 -.75 0 -1 -.4 -.75 -.42 -.2 0 .1 .42 -.25",
    "I": "0 -1 0 1",
    "V": "-.5 -1 0 1 .5 -1",
    "X": "-.5 -1 .5 1 0 0 .5 -1 -.5 1",
}
FIELD = 28  # pixels of one numeral's field of distances
REACH = 1.4  # which covers this far around its centre


def numeral(text: str) -> Array:
    """Distances to the strokes of a numeral, for `FIELD` by `FIELD` points."""
    axis = np.linspace(-REACH, REACH, FIELD).astype(np.float32)
    x, y = np.meshgrid(axis, axis)
    widths = [0.55 if sign == "I" else 1.25 for sign in text]
    squeeze = min(1.0, 2.1 / sum(widths))
    distance = np.full_like(x, 9)
    left = -sum(widths) / 2
    for sign, width in zip(text, widths, strict=True):
        points = np.array(STROKES[sign].split(), dtype=np.float32).reshape(-1, 2)
        points = (points + np.array([left + width / 2, 0])) * np.array([squeeze, 1])
        for a, b in pairwise(points):
            away, _ = segment(x, y, (float(a[0]), float(a[1])), (float(b[0]), float(b[1])))
            distance = np.minimum(distance, away)
        left += width
    return distance


ARABIC = np.stack([numeral(str(hour or 12)) for hour in range(12)])
HOURS = ("XII", "I", "II", "III", "IIII", "V", "VI", "VII", "VIII", "IX", "X", "XI")
ROMAN = np.stack([numeral(text) for text in HOURS])


def numerals(at: Place, fields: Array, middle: float, height: float, radial: bool) -> Array:
    """Distance to the numerals of a dial, which stand upright or with their feet to the axle."""
    turn = np.arctan2(at.u, -at.v) * 6 / np.pi
    hour = np.round(turn)
    angle = hour * np.pi / 6
    du, dv = at.u - middle * np.sin(angle), at.v + middle * np.cos(angle)
    if radial:
        c, s = np.cos(angle), np.sin(angle)
        du, dv = c * du + s * dv, c * dv - s * du
    p = np.clip((du / height + REACH) / (2 * REACH) * (FIELD - 1), 0, FIELD - 1.01)
    q = np.clip((dv / height + REACH) / (2 * REACH) * (FIELD - 1), 0, FIELD - 1.01)
    i, j, k = p.astype(int), q.astype(int), hour.astype(int) % 12
    fp, fq = p - i, q - j
    top = fields[k, j, i] * (1 - fp) + fields[k, j, i + 1] * fp
    low = fields[k, j + 1, i] * (1 - fp) + fields[k, j + 1, i + 1] * fp
    distance: Array = (top * (1 - fq) + low * fq) * height
    return distance


def hand(at: Place, angle: float, long: float, wide: float, style: int) -> Array:
    """Signed distance to one hand of a clock."""
    spot = at.moved(0, 0, 1, angle)
    u, v = spot.u, -spot.v  # v runs along the hand
    if style == 0:  # baton
        return box(u, v - long / 2 + 0.08, wide, long / 2 + 0.08)
    if style == 1:  # leaf
        t = np.clip(v / long, 0, 1)
        shape = np.abs(u) - wide * 2.4 * np.sqrt(np.clip(t * (1 - t) * 4, 0, 1)) * (1 - 0.5 * t)
        return np.maximum(shape, np.maximum(-v, v - long))
    stem = np.maximum(np.abs(u) - wide * 0.6, np.maximum(-v - 0.15, v - long))
    if style == 2:  # ring near the tip
        return np.minimum(stem, np.abs(np.hypot(u, v - long * 0.72) - wide * 2.1) - wide * 0.6)
    head = np.maximum(np.abs(u) - wide * 0.9 * (long - v) / (0.16 * long + 0.02), v - long)
    return np.minimum(stem, np.maximum(head, long * 0.68 - v))  # spade


def dial(canvas: Canvas, at: Place, noise: Noise) -> None:
    """A face of radius 1 with ticks, numerals and hands."""
    rng = canvas.rng
    face, ink = pick(rng, *PAINTS), pick(rng, *PAINTS)
    light = rng.random() < 0.6
    reach, angle = np.hypot(at.u, at.v), np.arctan2(at.u, -at.v)
    inside = coverage(reach - 1, at.pixel)
    guilloche = np.sin(angle * rng.integers(24, 48) + 9 * reach) * (rng.random() < 0.3)
    grain = 0.08 * noise.octaves(at.u * 5, at.v * 5, 3)
    base = (0.86 if light else 0.12) + grain + 0.06 * guilloche
    inner = rng.uniform(0.45, 0.6)
    if rng.random() < 0.4:
        base = base + (-0.3 if light else 0.3) * (reach < inner)
    sheen = rng.uniform(0, 0.25) * np.cos(2 * (angle - canvas.light))
    canvas.lay(ramp(np.clip(base + sheen * 0.5, 0, 1), face), inside)
    mark = ink[0] * 0.6 if light else np.clip(ink[2] * 1.1, 0, 1)
    minute = np.abs(angle * 30 / np.pi - np.round(angle * 30 / np.pi)) * np.pi / 30 * reach
    hours = np.abs(angle * 6 / np.pi - np.round(angle * 6 / np.pi)) * np.pi / 6 * reach
    outer = np.abs(reach - 0.92)
    style = rng.random()
    ticks = np.maximum(minute - 0.008, outer - 0.035)
    if style < 0.4:
        ticks = np.minimum(ticks, np.maximum(hours - 0.022, outer - 0.045))
        signs = numerals(at, ARABIC, 0.71, 0.115, False) - 0.022
    elif style < 0.8:
        ticks = np.minimum(ticks, np.abs(outer - 0.045) - 0.008)
        signs = numerals(at, ROMAN, 0.68, 0.14, True) - 0.021
    elif style < 0.9:
        signs = np.maximum(hours - 0.035, np.abs(reach - 0.76) - 0.14)
    else:
        signs = np.hypot(hours, reach - 0.75) - 0.06
    canvas.lay(mark, coverage(np.minimum(ticks, signs), at.pixel) * inside)
    if rng.random() < 0.3:
        canvas.lay(mark, coverage(np.abs(reach - inner) - 0.01, at.pixel))
    time = rng.uniform(0, 12)
    kind = int(rng.integers(4))
    colour = pick(rng, *PAINTS)[1] if rng.random() < 0.4 else mark
    wide = rng.uniform(0.026, 0.042)
    short = hand(at, time * np.pi / 6, 0.52, wide * 1.35, kind)
    long = hand(at, time * 2 * np.pi, 0.82, wide, kind)
    both = np.minimum(np.minimum(short, long), reach - 0.07)
    canvas.shade(1 - 0.4 * step(0.07, -0.01, both) * inside)
    canvas.lay(colour, coverage(both, at.pixel))
    if rng.random() < 0.5:
        sweep = hand(at, rng.uniform(0, 2 * np.pi), 0.88, 0.012, 0)
        canvas.lay(pick(rng, "e02020", "20a0e0", "f0b020", "f0f0f0")[0], coverage(sweep, at.pixel))
    canvas.lay(face[1], coverage(reach - 0.03, at.pixel))
    canvas.shade(1 - 0.4 * inside * step(0.86, 1.0, reach))
    if rng.random() < 0.35:  # the glass
        spot = ellipse(at.u + 0.3 * np.cos(canvas.light), at.v + 0.45, 0.6, 0.4)
        canvas.glow(WHITE, inside * 0.3 * step(0.05, -0.2, spot))


def clock(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    tower = rng.random() < 0.25
    noise = heaven(canvas, 1.0)[0] if tower else ground(canvas)
    turn = 0.12 if tower or rng.random() < 0.6 else np.pi
    for at in places(canvas, 4, turn)[: 1 if tower else 4]:
        if rng.random() < 0.2:  # melting, as in dreams
            bend = rng.uniform(-0.35, 0.35)
            at = Place(at.u, at.v - bend * at.u**2 + bend / 3, at.pixel, at.scale)
        at = at.moved(0, 0, 0.36 + 0.28 / at.scale if tower else 0.82)
        reach, angle = np.hypot(at.u, at.v), np.arctan2(at.v, at.u)
        metal = pick(rng, *PAINTS)
        lathe = (
            0.5 + 0.35 * np.cos(2 * (angle - canvas.light)) + 0.08 * noise.at(reach * 30, 0 * reach)
        )
        kind = rng.random()
        if tower:
            stone = surface(canvas, at.u, at.v, noise)
            paint = pick(rng, *PAINTS)
            half = float(rng.uniform(1.25, 1.45))
            wall = np.maximum(np.abs(at.u) - half, -1.4 - at.v)
            solid(canvas, at, wall, paint, 0.5 + stone, 0.1)
            pitch = float(rng.uniform(0.45, 0.9))
            roof = np.maximum(np.abs(at.u) - half * 1.2 + (-1.5 - at.v) * pitch, at.v + 1.5)
            slates = 0.12 * np.sin(at.v * 30) + 0.2 * np.sin(at.u * 12)
            solid(canvas, at, roof, pick(rng, *PAINTS), 0.5 + slates, 0.12)
            for level in (-1.45, 1.45):
                ledge = box(at.u, at.v - level, half * 1.2, 0.1, 0.03)
                solid(canvas, at, ledge, paint, 0.75 + stone, 0.06)
            solid(canvas, at, box(at.u, at.v, 1.15, 1.15, 0.05), metal, 0.3, 0.08)
            studs = np.hypot(np.abs(at.u) - 0.97, np.abs(at.v) - 0.97) - 0.1
            solid(canvas, at, studs, metal, 0.9, 0.08, 0.5)
        elif kind < 0.45:  # pocket watch
            stem = box(at.u, at.v + 1.2, 0.09, 0.12, 0.03)
            ring = np.abs(np.hypot(at.u, at.v + 1.45) - 0.2) - 0.04
            solid(canvas, at, np.minimum(stem, ring), metal, 0.65, 0.05, 0.7)
        elif kind < 0.7:  # alarm clock with its bells and feet
            foot, _ = segment(np.abs(at.u), at.v, (0.5, 0.8), (0.8, 1.25))
            solid(canvas, at, foot - 0.08, metal, 0.4, 0.07, 0.5)
            side = np.hypot(np.abs(at.u) - 0.66, at.v + 0.98) - 0.36
            flat = 0.56 * (np.abs(at.u) - 0.66) - 0.83 * (at.v + 0.98) - 0.05
            solid(canvas, at, np.maximum(side, -flat - 0.1), metal, lathe, 0.2, 0.8)
        rim = rng.uniform(1.1, 1.24)
        solid(canvas, at, reach - rim, metal, lathe, 0.09, 0.7, 0.5)
        dial(canvas, at.moved(0, 0, 1.02), noise)
    return finished(canvas)


def battlement(u: Array, v: Array, half: float, width: float, tall: float) -> Array:
    """Signed distance to a wall below v = 0 with merlons on top, between -half and half."""
    merlon = np.abs((u / width) % 1 - 0.5) * width - width * 0.29
    top = np.where(merlon < 0, -v - tall, -v)
    return np.maximum(top, np.abs(u) - half)


def castle(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    at = canvas.place(0.65, 1.5, 0.06, 0.3)
    foot = float(rng.uniform(0.55, 0.8))
    noise, _, night = heaven(canvas, 0.9)
    stone, tiles, hill = pick(rng, *PAINTS), pick(rng, *PAINTS), pick(rng, *PAINTS)
    lamp = pick(rng, *LAMPS)[0]
    u, v = at.u, at.v
    rough = surface(canvas, u, v, noise)
    base = 0.3 if night else float(rng.uniform(0.4, 0.72))
    side = np.cos(canvas.light)
    fortress = rng.random() < 0.35
    roofed = 0.15 if fortress else 0.9
    pennant = pick(rng, "f02030", "f8c020", "40c0f0", "f8f8f8", "e040c0")[0]
    slope = foot + 0.35 * u * u + 0.12 * noise.octaves(u * 3, v * 3, 3)
    merlon = rng.uniform(0.09, 0.14)

    def wall(half: float, x: float, top: float, low: float) -> None:
        shape = np.maximum(battlement(u - x, v - top, half, merlon, merlon * 0.7), v - low)
        ledge = 0.12 * (np.abs(v - top - 0.05) < 0.03)
        solid(canvas, at, shape, stone, base + rough + ledge, 0.03, 0.0, 0.35)

    def tower(x: float, half: float, top: float, low: float, roof: bool) -> None:
        mask = np.abs(u - x) < 2.8 * half
        stones = rough[bounds(mask)]
        with closeup(canvas, at, mask) as (part, spot):
            raise_tower(part, spot, stones, x, half, top, low, roof)

    def raise_tower(
        canvas: Canvas,
        at: Place,
        stones: Array,
        x: float,
        half: float,
        top: float,
        low: float,
        roof: bool,
    ) -> None:
        u, v = at.u, at.v
        across = np.clip((u - x) / half, -1, 1)
        light = base + stones + 0.3 * side * across - 0.2 * across**2
        shaft = np.maximum(np.abs(u - x) - half, np.maximum(top - v, v - low))
        crown = battlement(u - x, v - top, half * 1.22, half * 0.6, half * 0.3)
        shape = np.minimum(shaft, np.maximum(crown, v - top - half * 0.45))
        canvas.shade(1 - 0.3 * step(0.1, 0.0, shape))
        under = step(0.5, 0.7, (v - top) / half) * step(1.4, 0.7, (v - top) / half)
        shade = np.clip(light - 0.2 * under, 0, 1)
        canvas.lay(ramp(shade, stone), coverage(shape, at.pixel))
        pitch = (v - top) / half
        slit = np.abs(pitch % 2.2 - 1.5) - 0.35
        window = np.maximum(np.maximum(np.abs(u - x) - half * 0.17, slit * half), top + half - v)
        glass = coverage(np.maximum(window, v - low), at.pixel)
        canvas.lay(lamp if night else stone[0] * 0.4, glass)
        if night:
            canvas.glow(lamp, 0.5 * step(0.12, 0.0, window) * (v < low))
        if roof:
            tall = half * float(rng.uniform(2.4, 4.2))
            height = (top - v) / tall
            reach = half * 1.35 * np.clip(1 - height, 0, 2) ** 1.15
            cone = np.maximum(np.abs(u - x) - reach, -height * tall)
            slates = 0.1 * np.sin(height * 40) + 0.35 * side * across
            canvas.lay(
                ramp(np.clip(base + slates + 0.16 * noise.at(u * 5, v * 5), 0, 1), tiles),
                coverage(np.maximum(cone, (height - 1) * tall), at.pixel),
            )
            peak = top - tall
        else:
            peak = top
        if roof or rng.random() < 0.5:
            pole = box(u - x, v - peak + half * 0.5, 0.012, half * 0.6)
            canvas.lay(stone[0], coverage(pole, at.pixel))
            long = half * 1.6
            along = (u - x) / long
            wave = 0.06 * half * np.sin(along * 9 + x * 7)
            flag = np.abs(v - peak + half * 0.85 + wave) - half * 0.32 * (1 - along)
            canvas.lay(
                pennant, coverage(np.maximum(flag, np.maximum(x - u, u - x - long)), at.pixel)
            )

    if fortress:
        tower(0.0, 0.28, -0.62, foot, bool(rng.random() < 0.3))
        wall(0.95, 0.0, -0.02, foot + 0.2)
        for x in (-0.95, 0.95):
            tower(x, 0.22, -0.35, foot + 0.2, bool(rng.random() < roofed))
        gate = 0.5
        for x in (-0.36, 0.36):
            tower(x, 0.16, -0.18, foot + 0.2, bool(rng.random() < roofed))
    else:
        count = int(rng.integers(3, 6))
        for x in rng.permutation(np.linspace(-0.6, 0.6, count)):
            top = -0.75 + 0.9 * abs(x) + rng.uniform(-0.12, 0.12)
            tower(float(x), float(rng.uniform(0.09, 0.16)), float(top), foot, True)
        wall(0.55, 0.0, 0.08, foot + 0.2)
        for x in (-0.62, 0.62):
            tower(
                x, float(rng.uniform(0.13, 0.18)), float(rng.uniform(-0.15, 0.1)), foot + 0.2, True
            )
        gate = 0.38
    arch = float(rng.uniform(0.17, 0.2))
    door = np.where(
        v < foot - gate * 0.5, np.hypot(u, v - foot + gate * 0.5) - arch, np.abs(u) - arch
    )
    door = np.maximum(door, v - foot - 0.2)
    canvas.lay(ramp(np.clip(base + 0.25 + rough, 0, 1), stone), coverage(door - 0.045, at.pixel))
    bars = np.minimum(np.abs((u * 14) % 1 - 0.5), np.abs((v * 14) % 1 - 0.5))
    inner = (lamp * 0.75 if night else stone[0] * 0.35) * step(0.1, 0.2, bars)[..., None]
    canvas.lay(inner, coverage(door, at.pixel))
    if rng.random() < 0.35:
        mirrored(canvas, float(np.clip(0.3 * at.scale + 0.45, 0.4, 0.85)), noise)
    else:
        grass = 0.45 + 0.3 * noise.octaves(u * 5, v * 9, 3) - 0.3 * night
        path = np.abs(u - 0.2 * np.sin((v - foot) * 6)) - 0.1 - 0.35 * (v - foot)
        shape = np.maximum(slope - v, -np.maximum(path, foot - 0.02 - v))
        canvas.lay(
            ramp(np.clip(grass * (0.6 if night else 1.0), 0, 1), hill), coverage(shape, at.pixel)
        )
        track = np.maximum(path, foot + 0.02 - v)
        canvas.lay(stone[1] * (0.6 if night else 1.0), coverage(track, at.pixel * 2))
    return finished(canvas)


def oblique(at: Place, amount: float) -> Place:
    """The same plane seen at a slant, so that one side is nearer."""
    near = np.clip(1 + amount * at.u, 0.3, None)
    return Place(at.u / near, at.v / near, at.pixel, at.scale)


def walkway(canvas: Canvas, at: Place, noise: Noise, night: bool) -> None:
    """A bridge seen from its own deck, which runs to the origin through the gate of a tower."""
    rng = canvas.rng
    u, v = at.u, at.v
    side = np.maximum(np.abs(u), 0.02)
    away = 1 / side  # how far off the sides of the deck are in this column
    paint, planks = pick(rng, *PAINTS), pick(rng, *PAINTS)
    base = 0.25 if night else float(rng.uniform(0.35, 0.75))
    rough = surface(canvas, u, v, noise)
    half, high = float(rng.uniform(0.4, 0.52)), float(rng.uniform(0.75, 1.05))
    tower = box(u, v + high / 2 - 0.15, half, high / 2 + 0.15)
    if rng.random() < 0.6:  # pointed gates in stone
        gate = np.abs(np.abs(u) - half * 0.48)
        gate = np.maximum(
            gate - half * 0.3 * np.sqrt(np.clip((v + high * 0.62) * 4, 0, 1)), -v - high * 0.62
        )
    else:  # beams of steel
        gate = np.maximum(
            np.abs(u) - half * 0.78, np.abs((v + high) % (high * 0.5) - high * 0.28) - high * 0.19
        )
    solid(canvas, at, np.maximum(tower, -gate), paint, base + rough, 0.04, 0.0, 0.3)
    rail = v - 0.5 * side
    floor = coverage(-rail, at.pixel)
    far = 1 / np.maximum(v, 0.03)
    board = np.sin(far * rng.uniform(5, 9)) * step(9, 3, far)
    lane = step(0.06, 0.04, np.abs(u) * far) * (rng.random() < 0.6)
    tone = np.clip(base - 0.05 + 0.15 * board + 0.5 * lane + 0.1 * noise.at(u * far * 4, far), 0, 1)
    canvas.lay(ramp(tone, planks), floor)
    # The cables sag from the tower's top; a plane through each carries the hangers.
    drop = np.clip(1 - np.abs(away - 1 / half) * half / 0.95, 0, 1)
    cable = side * (0.12 - (high / half + 0.12) * drop * drop)
    steep = np.hypot(1, 1.2 * high * drop / half)
    rope = np.abs(v - cable) / steep - 0.03 * side - 0.012
    pitch = float(rng.uniform(0.12, 0.25))
    hanger = np.abs((away / pitch) % 1 - 0.5) * pitch * side**2 - 0.008
    hanger = np.where(away < 5, np.maximum(hanger, np.maximum(cable - v, rail)), 9)
    fence = np.minimum(np.abs(rail + 0.1 * side), np.abs(rail)) - 0.016 * side - 0.006
    lines = np.minimum(np.minimum(rope, hanger), fence)
    solid(canvas, at, lines, paint, base + 0.2, 0.02, 0.0, 0.25)
    if night:
        lamp = pick(rng, *LAMPS)
        bead = np.hypot(np.abs((away / pitch) % 1 - 0.5) * pitch * side**2, v - cable) / side
        bead = np.where(away < 5, bead, 9)
        canvas.glow(lamp[0], np.exp(-bead * 18))
        canvas.glow(WHITE, step(0.04, 0.01, bead))


def bridge(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    shore = float(rng.uniform(0.3, 0.75))
    noise, haze, night = heaven(canvas, shore)
    if rng.random() < 0.6:
        hills(canvas, shore, noise, haze)
    if rng.random() < 0.25:
        shore = float(rng.uniform(0.0, 0.5))
        mirrored(canvas, shore, noise)
        at = canvas.place(0.8, 1.5, 0.05, 0.0)
        walkway(canvas, at.moved(float(rng.uniform(-0.3, 0.3)), shore / at.scale), noise, night)
        return finished(canvas)
    scale = float(np.exp(rng.uniform(np.log(0.7), np.log(1.5))))
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    # Its foot stands in the water, wherever its middle is.
    at = whole.moved(float(rng.uniform(-0.5, 0.5)), shore - 0.42 * scale, scale)
    at = oblique(at, float(rng.uniform(-0.35, 0.35)) if rng.random() < 0.6 else 0.0)
    u, v = at.u, at.v
    paint = pick(rng, *PAINTS)
    lamp = pick(rng, *LAMPS)
    rough = surface(canvas, u, v, noise)
    base = 0.38 if night else float(rng.uniform(0.35, 0.75))
    deck = 0.12 - 0.06 * np.clip(1 - u * u, 0, 1)
    kind = rng.random()
    if kind < 0.5:  # suspension
        half = float(rng.uniform(0.55, 0.8))
        high = float(rng.uniform(0.7, 1.0))
        beyond = np.abs(u) > half
        t = np.where(beyond, (np.abs(u) - half) / (half * 1.1), 1 - np.abs(u) / half)
        cable = deck - 0.03 - high * np.where(beyond, 1 - t, (1 - t) ** 2) * (t < 1)
        slope = np.where(beyond, 1.0, 2 * (1 - t)) * high / half
        rope = np.abs(v - cable) / np.sqrt(1 + slope * slope) - rng.uniform(0.02, 0.034)
        pitch = rng.uniform(0.07, 0.13)
        hanger = np.abs((u / pitch) % 1 - 0.5) * pitch - 0.011
        hanger = np.maximum(hanger, np.maximum(cable - v, v - deck))
        hanger = np.where(t < 1, hanger, 9)
        canvas.lay(ramp(np.full_like(u, base), paint), 0.85 * coverage(hanger, at.pixel))
        leg = np.abs(np.abs(u) - half)
        slim = 0.07 + 0.015 * v
        if rng.random() < 0.5:  # portal towers seen a little from the side
            hole = np.maximum(leg - slim * 0.35, np.abs((v + 0.05) % 0.3 - 0.15) - 0.1)
            tower = np.maximum(leg - slim, -np.maximum(hole, -high + 0.12 - v))
        else:  # stone towers with pointed openings
            slim = slim * 1.6
            top = -high * 0.45
            hole = np.maximum(
                leg - 0.035 - 0.25 * (v - top) * (v < top), np.maximum(-v + top - 0.14, v - deck)
            )
            tower = np.maximum(leg - slim, -hole)
        tower = np.maximum(tower, np.maximum(-high - 0.05 - v, v - 0.6))
        solid(canvas, at, tower, paint, base + rough, 0.03, 0.0, 0.0)
        solid(canvas, at, rope, paint, base + 0.2, 0.02, 0.0, 0.0)
        girder = np.abs(v - deck - 0.03) - 0.035
        lattice = 0.25 * np.abs((u * 18) % 2 - 1) - 0.12
        solid(canvas, at, girder, paint, base + lattice, 0.03, 0.0, 0.0)
        line = cable
    elif kind < 0.75:  # stone arches
        width = float(rng.uniform(0.42, 0.75))
        spread = (u / width) % 1 - 0.5
        rise = float(rng.uniform(0.25, 0.42))
        crown = deck + 0.42 - rise
        arch = ellipse(spread * width, v - deck - 0.42, width * 0.4, rise)
        arch = np.where(v > deck + 0.42, np.abs(spread) * width - width * 0.4, arch)
        wall = np.maximum(deck - 0.03 - v, -arch)
        ring = (
            0.22
            * step(0.07, 0.05, np.abs(arch))
            * (0.7 + 0.3 * np.sign(np.sin(np.arctan2(spread, v - crown) * 40)))
        )
        solid(canvas, at, np.maximum(wall, v - 0.7), paint, base + rough + ring, 0.05, 0.0, 0.0)
        rail = np.maximum(
            np.abs(v - deck + 0.06) - 0.04,
            -np.maximum(np.abs(v - deck + 0.055) - 0.02, np.abs((u * 14) % 1 - 0.5) / 14 - 0.02),
        )
        solid(canvas, at, rail, paint, base + 0.15, 0.02, 0.0, 0.0)
        line = deck - 0.1
    else:  # steel trusses, straight or arched
        width = float(rng.uniform(0.16, 0.26))
        high = float(rng.uniform(0.3, 0.75))
        arched = rng.random() < 0.6
        span = float(rng.uniform(0.8, 1.2))
        bow = np.clip(1 - (u / span) ** 2, -0.4, 1)
        top = deck - 0.1 - (high * bow if arched else 0.6 * high)
        low = deck - high * 0.75 * bow + 0.12 if arched and rng.random() < 0.6 else deck
        fu = (u / width) % 1
        fv = np.clip((v - top) / (low - top + 0.001), 0, 1)
        gap = np.maximum(low - top, 0.05)
        lean = 1 / np.sqrt(1 / width**2 + 1 / gap**2)
        cross = np.minimum(np.abs(fu - fv), np.abs(fu - 1 + fv)) * lean
        web = np.minimum(cross - 0.012, np.minimum(fu, 1 - fu) * width - 0.014)
        web = np.maximum(web, np.maximum(top - v, v - low))
        chords = np.minimum(np.abs(v - top), np.abs(v - low)) - 0.028
        hanger = np.maximum(np.minimum(fu, 1 - fu) * width - 0.008, np.maximum(low - v, v - deck))
        frame = np.minimum(np.minimum(web, chords), hanger)
        frame = np.where(np.abs(u) < span + 0.05, frame, 9) if arched else frame
        solid(canvas, at, frame, paint, base + rough * 0.6, 0.02, 0.0, 0.0)
        pier = (
            np.abs(np.abs(u) - span) - 0.09 if arched else np.abs((u / 1.1) % 1 - 0.5) * 1.1 - 0.08
        )
        pier = np.maximum(pier, np.maximum(deck - 0.14 * arched - v, v - 0.7))
        solid(canvas, at, pier, paint[::-1], 1 - base + rough, 0.05, 0.0, 0.0)
        solid(canvas, at, np.abs(v - deck - 0.02) - 0.03, paint, base + 0.2, 0.03, 0.0, 0.0)
        line = top
    if night or rng.random() < 0.25:
        for height, pitch, hue in ((line, 0.1, lamp[0]), (deck - 0.04, 0.16, lamp[2])):
            reach = np.hypot(np.abs((u / pitch) % 1 - 0.5) * pitch, v - height)
            canvas.glow(hue, np.exp(-reach * 26))
            canvas.glow(WHITE, step(0.022, 0.005, reach))
    mirrored(canvas, shore, noise)
    return finished(canvas)


def ferris_wheel(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, haze, night = heaven(canvas, 1.0)
    scale = float(np.exp(rng.uniform(np.log(0.55), np.log(1.2))))
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    x, y = rng.uniform(-0.35, 0.35), rng.uniform(-0.3, 0.15) + 0.3 * max(scale - 1, 0)
    if rng.random() < 0.3:  # near its rim
        scale = float(rng.uniform(1.2, 1.8))
        heading, far = rng.uniform(0, np.pi), rng.uniform(0.45, 0.75) * scale
        x, y = far * np.cos(heading), far * np.sin(heading)
    at = whole.moved(float(x), float(y), scale, float(rng.uniform(-0.05, 0.05)))
    squash = float(rng.uniform(0.55, 1.0)) if rng.random() < 0.4 else 1.0
    wheel = Place(at.u / squash, at.v, at.pixel, at.scale)
    frame = pick(rng, *PAINTS)
    cabins = pick(
        rng,
        "e83040 f8c030 30a0e8 40c060",
        "f070b0 70d0f0 f8f0a0 b080f0",
        "f0f0f0 e04838 f0f0f0 e04838",
        "2060d0 60b0f0 d0f0ff 4030a0",
        "f89030 f8d860 d04020 802840",
        "30c0a0 a0e060 f0f8b0 108080",
        "281838 7048b0 e8a0d0 382858",
    )
    lamp = pick(rng, *LAMPS)
    if rng.random() < 0.7:
        hills(canvas, y + 1.3 * scale, noise, haze)
    u, v = wheel.u, wheel.v
    reach, angle = np.hypot(u, v), np.arctan2(v, u)
    count = int(rng.choice([8, 10, 12, 14, 16]))
    spin = float(rng.uniform(0, 2 * np.pi))
    base = 0.4 if night else float(rng.choice([0.25, 0.8]))
    foot, _ = segment(np.abs(at.u), at.v, (0.0, 0.0), (0.6, 1.35))
    solid(canvas, at, foot - 0.045, frame, base + 0.1, 0.04, 0.0, 0.0)
    turn = (angle - spin) * count / (2 * np.pi)
    off = (turn - np.round(turn)) * 2 * np.pi / count * reach
    inner = float(rng.uniform(0.72, 0.86))
    rims = np.minimum(np.abs(reach - 0.97), np.abs(reach - inner)) - 0.018
    zigzag = np.abs(np.abs(turn * 2 % 2 - 1) - (reach - inner) / (0.97 - inner)) * np.pi / count
    zigzag = np.where((reach > inner) & (reach < 0.97), zigzag * 0.8 - 0.012, 9)
    spokes = np.where(reach < 0.97, np.abs(np.abs(off) - 0.02 * (rng.random() < 0.5)) - 0.011, 9)
    bars = np.minimum(np.minimum(rims, zigzag), np.minimum(spokes, np.abs(reach - 0.4) - 0.012))
    solid(canvas, wheel, bars, frame, base + 0.1 * np.sign(np.sin(turn * np.pi)), 0.02, 0.0, 0.25)
    solid(canvas, wheel, reach - 0.12, frame, 0.75, 0.1, 0.5, 0.3)
    if night or rng.random() < 0.3:
        hue = np.clip(lamp[np.mod(np.round(turn), 3).astype(int)] * 1.1, 0, 1)
        bulb = np.abs((reach * 9) % 1 - 0.5) / 9
        string = np.where(reach < 0.97, np.hypot(np.abs(off), bulb), 9)
        string = string if rng.random() < 0.5 else np.full_like(reach, 9)
        beads = (angle * count * 3 / (2 * np.pi)) % 1 - 0.5
        hoop = np.hypot(beads * 2 * np.pi / (3 * count) * reach, reach - 0.97)
        near = np.minimum(string, hoop)
        canvas.glow(hue, np.exp(-near * 30))
        canvas.glow(
            hue, 0.35 * np.exp(-np.minimum(np.abs(reach - 0.97), np.abs(off)) * 18) * (reach < 1.1)
        )
        canvas.glow(WHITE, step(0.022, 0.004, near))
    # Cabins hang upright from the rim, so the nearest is found by where their middles are.
    big = min(float(rng.uniform(0.14, 0.22)), 2.4 / count)
    hang = at.v - big * 0.6
    turn = (np.arctan2(hang, u) - spin) * count / (2 * np.pi)
    name = np.mod(np.round(turn), count)
    where = name * 2 * np.pi / count + spin
    du, dv = at.u - np.cos(where) * squash, hang - np.sin(where)
    if rng.random() < 0.5:
        shape = box(du, dv, big * 0.75, big * 0.7, big * 0.3)
    else:
        shape = np.hypot(du, dv) - big * 0.78
    roof = np.maximum(
        np.abs(du) - big * 0.9 * np.clip((dv + big * 1.2) / (big * 0.7), 0, 1),
        np.abs(dv + big * 0.85) - big * 0.35,
    )
    canvas.shade(1 - 0.35 * step(0.08, 0.0, shape))
    face, _ = canvas.relief(-np.clip(shape, -0.07, 0.02) * at.scale, 1.2)
    paint = cabins[np.mod(name, len(cabins)).astype(int)]
    paint = paint * (0.75 if night else 1.0)
    canvas.lay(np.clip(paint * face[..., None], 0, 1), coverage(shape, at.pixel))
    glass = np.maximum(np.abs(du) - big * 0.5, np.abs(dv + big * 0.15) - big * 0.25)
    canvas.lay(lamp[1] if night else frame[0], coverage(glass, at.pixel))
    canvas.lay(np.clip(paint[..., ::-1] * 0.9, 0, 1), coverage(roof, at.pixel))
    if scale < 1.2 and rng.random() < 0.4:
        mirrored(canvas, min(y + 1.32 * scale, 0.9), noise)
    return finished(canvas)


def robot_face(canvas: Canvas, at: Place, noise: Noise, metal: Array, trim: Array) -> None:
    """A head of about radius 1 around the origin, with its antennae and ears."""
    rng = canvas.rng
    u, v = at.u, at.v
    side = np.abs(u)
    tone = float(rng.uniform(0.4, 0.7))
    wide, tall = float(rng.uniform(0.72, 0.95)), float(rng.uniform(0.6, 0.8))
    lamp = pick(rng, "ff3020", "30ffb0", "40c0ff", "ffc830", "ff60d0", "c0ff40", "f8f8ff")[0]
    style = rng.random()
    if rng.random() < 0.5:
        antenna, _ = segment(u, v, (0.0, -tall), (0.0, -tall - 0.4))
        tip = np.hypot(u, v + tall + 0.42)
    else:
        antenna, _ = segment(side, v, (0.3, -tall + 0.1), (0.55, -tall - 0.35))
        tip = np.hypot(side - 0.55, v + tall + 0.37)
    solid(canvas, at, antenna - 0.035, trim, 0.6, 0.03, 0.4)
    solid(canvas, at, tip - 0.1, np.stack([lamp * 0.5, lamp, WHITE]), 0.5, 0.1, 0.8)
    ear = box(side - wide - 0.06, v, 0.13, float(rng.uniform(0.15, 0.3)), 0.06)
    solid(canvas, at, ear, trim, 0.5 + 0.2 * np.sign(np.sin(v * 40)), 0.08, 0.5)
    if style < 0.5:
        head = box(u, v, wide, tall, float(rng.uniform(0.05, 0.25)))
    elif style < 0.8:  # a dome on a straight jaw
        head = np.where(
            v < 0.1, np.hypot(u * 0.85 / wide, v - 0.1) - 0.85, box(u, v - 0.1, wide, tall, 0.1)
        )
    else:
        head = box(u * (1 + 0.25 * v), v, wide, tall, 0.2)
    grain = surface(canvas, u, v, noise)
    sheen = 0.12 * np.cos(3 * u - 2 * v + canvas.light)
    solid(canvas, at, head, metal, tone + 0.6 * grain + sheen, 0.14, 0.6, 0.5)
    canvas.shade(1 - 0.5 * step(0.025, 0.0, np.abs(v - 0.2)) * (head < -0.03))
    rivets = np.hypot(side - wide + 0.13, np.abs(v) - tall + 0.13) - 0.05
    solid(canvas, at, rivets, trim, 0.75, 0.05, 0.7)
    eyes = rng.random()
    gap = float(rng.uniform(0.32, 0.42))
    if eyes < 0.55:  # round lamps
        radius = float(rng.uniform(0.2, 0.3))
        reach = np.hypot(side - gap, v + 0.15)
        solid(canvas, at, reach - radius - 0.06, trim, 0.35, 0.05, 0.5)
        shape = reach - radius
        centre = step(radius * 0.5, radius * 0.35, reach)
    elif eyes < 0.75:  # square
        half = float(rng.uniform(0.17, 0.24))
        shape = box(side - gap, v + 0.15, half, half, 0.04)
        solid(canvas, at, shape - 0.06, trim, 0.35, 0.05, 0.5)
        centre = step(0.02, 0.0, box(side - gap, v + 0.15, half * 0.4, half * 0.4))
    elif eyes < 0.9:  # a visor with two points of light
        shape = box(u, v + 0.15, wide * 0.75, 0.17, 0.12)
        solid(canvas, at, shape - 0.05, trim, 0.3, 0.05, 0.5)
        centre = step(0.13, 0.08, np.hypot(side - gap, v + 0.15))
    else:  # one eye
        reach = np.hypot(u, v + 0.13)
        solid(canvas, at, reach - 0.4, trim, 0.35, 0.07, 0.5)
        shape = reach - 0.32
        centre = step(0.16, 0.1, reach)
    dark = bool(rng.random() < 0.4) or eyes >= 0.75
    glass = coverage(shape, at.pixel)
    canvas.lay(lamp * (0.15 if dark else 0.95), glass)
    canvas.lay(np.clip(lamp * 1.1, 0, 1) if dark else rgb(0.03, 0.03, 0.06), glass * centre)
    canvas.glow(lamp, 0.4 * np.exp(-np.clip(shape, 0, 9) * 7))
    mouth = box(u, v - 0.45, wide * 0.55, 0.12, 0.05)
    solid(canvas, at, mouth, trim, 0.1, 0.03)
    kind = rng.random()
    if kind < 0.5:  # grille
        teeth = np.abs((u * 7) % 1 - 0.5) / 7 - 0.035
    elif kind < 0.75:  # wave
        teeth = np.abs(v - 0.45 - 0.06 * np.sin(u * 18)) - 0.02
    else:  # lights
        teeth = np.hypot(np.abs((u * 5) % 1 - 0.5) / 5, v - 0.45) - 0.055
    canvas.lay(lamp if kind > 0.5 else trim[2], coverage(np.maximum(teeth, mouth + 0.02), at.pixel))


def robot_body(canvas: Canvas, at: Place, noise: Noise, metal: Array, trim: Array) -> None:
    """A whole robot, about 1 from the middle of its chest to its crown and to its feet."""
    rng = canvas.rng
    u, v = at.u, at.v
    side = np.abs(u)
    lift = float(rng.uniform(-0.5, 0.5))
    elbow = (0.72, 0.12 + 0.3 * lift)
    arm, _ = segment(side, v, (0.42, -0.12), elbow)
    wrist = (0.82, 0.12 + 0.9 * lift)
    fore, _ = segment(side, v, elbow, wrist)
    limbs = np.minimum(arm, fore) - 0.075
    leg, _ = segment(side, v, (0.2, 0.5), (0.22, 1.0))
    limbs = np.minimum(limbs, leg - 0.1)
    ribs = 0.5 + 0.2 * np.sign(np.sin((side + v) * 38))
    solid(canvas, at, limbs, trim, ribs, 0.07, 0.4)
    claw = np.hypot(side - wrist[0], v - wrist[1])
    claw = np.maximum(
        np.abs(claw - 0.11) - 0.045, -box(side - wrist[0] - 0.12, v - wrist[1], 0.12, 0.05)
    )
    shoe = box(side - 0.25, v - 1.05, 0.18, 0.09, 0.06)
    solid(canvas, at, np.minimum(claw, shoe), metal, 0.6, 0.06, 0.6)
    body = box(u * (1 + rng.uniform(-0.2, 0.3) * v), v - 0.18, 0.46, 0.42, 0.1)
    solid(canvas, at, body, metal, 0.5 + 0.6 * surface(canvas, u, v, noise), 0.1, 0.5)
    panel = box(u, v - 0.16, 0.3, 0.22, 0.05)
    solid(canvas, at, panel, trim, 0.2, 0.03, 0.0, 0.2)
    lamp = pick(rng, *LAMPS)
    which = np.mod(np.floor(u * 7), 3).astype(int)
    bulbs = np.hypot(np.abs((u * 7) % 1 - 0.5) / 7, np.abs(v - 0.16) - 0.09) - 0.045
    canvas.lay(lamp[which], coverage(np.maximum(bulbs, panel + 0.01), at.pixel))
    robot_face(canvas, at.moved(0, -0.62, 0.44), noise, metal, trim)


def robot(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    whole = rng.random() < 0.4
    for place in places(canvas, 2 if whole else 4, 0.35):
        metal, trim = pick(rng, *PAINTS), pick(rng, *PAINTS)
        if rng.random() < 0.3:
            metal = metal[::-1]
        with closeup(canvas, place, np.hypot(place.u, place.v * 0.7) < 1.35) as (part, at):
            if whole:
                robot_body(part, at.moved(0, 0, 0.95), noise, metal, trim)
                continue
            at = at.moved(0, 0.08, 0.75)
            neck = box(at.u, at.v - 0.9, 0.28, 0.3)
            solid(part, at, neck, trim, 0.4 + 0.3 * np.sin(at.v * 45), 0.1)
            chest = box(at.u, at.v - 1.7, 1.15, 0.62, 0.4)
            solid(part, at, chest, metal, 0.5, 0.14, 0.5)
            robot_face(part, at, noise, metal, trim)
    return finished(canvas)


IVORY = (
    "e8e0d0 fffaf0",
    "f0f0f4 ffffff",
    "d8b890 f8e8c8",
    "a8c8f0 e8f4ff",
    "f0a8c0 ffe8f0",
    "a0e0c0 e8fff0",
    "f0d060 fff8c0",
    "c0a0f0 f0e8ff",
)
EBONY = (
    "060608 30303c",
    "140804 583020",
    "04081c 203880",
    "1c0414 702050",
    "041810 186048",
    "180830 5828a0",
    "200404 981818",
)


def piano(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    kind = rng.random()
    at = canvas.place(0.5, 1.5, 0.5 if rng.random() < 0.6 else np.pi, 0.3)
    u, v = at.u, at.v
    if 0.4 <= kind < 0.7:  # seen along its length
        at = oblique(at, float(rng.choice([-1, 1]) * rng.uniform(0.25, 0.6)))
        u, v = at.u, at.v
    elif 0.7 <= kind < 0.85:  # a ring
        at = at.moved(0, 0, 0.75)
        reach = np.hypot(at.u, at.v)
        radius = float(rng.uniform(1.15, 1.7))
        v = (reach - radius) * float(rng.choice([-1, 1])) * 1.1
        count = np.round(2 * np.pi * radius / 0.16 / 7) * 7
        u = np.arctan2(at.v, at.u) * count / (2 * np.pi) * 0.16
    elif kind >= 0.85:  # a wave
        bend, long = rng.uniform(0.15, 0.35), rng.uniform(1.8, 3.5)
        v = v + bend * np.sin(u * long + rng.uniform(0, 6))
    white, black = pick(rng, *IVORY), pick(rng, *EBONY)
    if rng.random() < 0.4:
        white, black = pick(rng, *PAINTS)[1:], pick(rng, *PAINTS)[:2] * 0.6
    if rng.random() < 0.2:  # a harpsichord has them the other way round
        white, black = black, white
    wood, felt = pick(rng, *PAINTS), pick(rng, *PAINTS)
    length = float(rng.choice([9.0, 1.12, 0.84])) if kind < 0.7 else 9.0
    grain = 0.2 * noise.octaves(u * 1.5, v * 16, 3)
    case = np.maximum(np.abs(v) - 0.78, np.abs(u) - length - 0.14)
    solid(canvas, at, case, wood, 0.35 + grain, 0.06, 0.5)
    gloss = rng.uniform(0, 0.4)
    canvas.glow(WHITE, gloss * step(0.1, 0.0, np.abs(v + 0.6 - 0.05 * u)) * (case < 0))
    bed = np.maximum(np.abs(v) - 0.5, np.abs(u) - length)
    inside = coverage(bed, at.pixel)
    wide = 0.16
    place = u / wide
    key = np.floor(place)
    fu = place - key
    jig = noise.at(key * 3.1, 0 * key + 1.5)
    down = step(0.6, 0.75, noise.at(key * 5.7, 0 * key + 8.5))
    edge = np.minimum(fu, 1 - fu) * wide
    gap = step(0.004, 0.02, edge - 0.3 * at.pixel)
    front = step(0.40, 0.43, v - 0.03 * down)
    tone = 0.85 + 0.1 * jig - 0.3 * down - 0.5 * front + 0.25 * (v - 0.1)
    keys = ramp(np.clip(tone, 0, 1), white) * (0.25 + 0.75 * gap)[..., None]
    keys = keys * (1 - 0.45 * front - 0.12 * down)[..., None]
    canvas.lay(keys, inside)
    canvas.lay(felt[1], inside * step(-0.44, -0.46, v))
    canvas.shade(1 - 0.5 * inside * step(-0.25, -0.45, v))
    # A black key stands at every joint but two of the seven.
    joint = np.round(place)
    there = ~np.isin(np.mod(joint, 7), (0, 3))
    du = (place - joint) * wide
    shape = np.where(there, box(du, v + 0.16, 0.048, 0.29, 0.015), 9)
    drop = np.where(there, box(du - 0.03 * np.cos(canvas.light), v + 0.13, 0.055, 0.3, 0.02), 9)
    canvas.shade(1 - 0.5 * inside * step(0.02, -0.02, drop))
    top = np.where(there, box(du, v + 0.185, 0.03, 0.26, 0.01), 9)
    face, shine = canvas.relief(-np.clip(top, -0.01, 0.05) * at.scale, 1.6)
    body = ramp(np.clip(0.35 + 0.5 * step(0.01, -0.01, top) * (0.3 - v), 0, 1), black)
    canvas.lay(np.clip(body * face[..., None], 0, 1), coverage(shape, at.pixel) * inside)
    canvas.glow(WHITE, 0.6 * shine * inside * step(0.02, -0.02, shape))
    if rng.random() < 0.45:  # coloured light, or keys that glow while they sound
        light = pick(rng, *PAINTS)
        if rng.random() < 0.5:
            lit = step(0.35, 0.4, noise.at(key * 7.3, 0 * key + 4.5)) * inside * (shape > 0)
            hue = ramp((key / 7) % 1, light)
            canvas.lay(hue * (0.5 + 0.5 * gap)[..., None], lit * 0.75)
        else:
            wash = step(-0.8, 0.8, canvas.x * np.cos(3 * canvas.light) + canvas.y * 0.6)
            canvas.picture *= 0.25 + 0.95 * ramp(wash, light[1:])
    return finished(canvas)


BOOKS = (
    "8c1c1c 1c4c8c c89c30 2c6c3c e8dcc0",
    "103c6c 1c8ca0 e8e4d0 e87830 6c1c50",
    "f06078 f8b848 50c0b0 5868c0 f8f0e0",
    "2c1c14 6c4428 a87840 3c2c30 d0b080",
    "3c1c6c a040b0 e890c8 2c58b8 f0d8f8",
    "0c2c24 2c7850 9cc060 e8e8a0 184858",
    "101018 2c2c40 c02838 e0e0e8 585870",
    "e8d8c0 c8b8a8 f8f0e0 a8a0a0 d8a088",
    "e83020 f8d020 2060e0 20a050 f8f8f8",
)


def spines(canvas: Canvas, u: Array, v: Array, noise: Noise, shelf: Array) -> Array:
    """Colours of endless shelves whose rows are 1 high."""
    rng = canvas.rng
    rows, long = 6, 9.0
    row = np.floor(v)
    fv = v - row
    lean = np.clip(noise.at(u * 0.9, row * 3.3) - 0.25, 0, 1) * rng.uniform(0, 0.9)
    across = np.mod(u + lean * (1 - fv), long)
    count = int(rng.integers(40, 75))
    edges = np.cumsum(rng.uniform(0.5, 1.6, (rows, count)), -1)
    edges = edges / edges[:, -1:] * long
    flat = (edges + np.arange(rows)[:, None] * long).ravel()
    book = np.searchsorted(flat, across + np.mod(row, rows) * long).clip(0, rows * count - 1)
    left = np.concatenate([[0.0], flat[:-1]])
    width = (flat - left)[book]
    fu = (across + np.mod(row, rows) * long - left[book]) / width
    fate = rng.random((rows * count, 4)).astype(np.float32)
    tall = 0.62 + 0.26 * fate[book, 0]
    palette = pick(rng, *BOOKS)
    if rng.random() < 0.4:  # volumes of one set
        palette = ramp(np.linspace(rng.uniform(0, 0.5), 1, 5), pick(rng, *PAINTS))
    hue = palette[(fate[:, 1] * len(palette)).astype(int).clip(0, len(palette) - 1)]
    hue = np.clip(hue * (0.75 + 0.5 * fate[:, 3:]), 0, 1)[book]
    height = (0.92 - fv) / tall  # 0 at the foot of the spine, 1 at its head
    bulge = (
        1
        - rng.uniform(0.35, 0.75) * np.abs(2 * fu - 1) ** 2.5
        + 0.25 * np.cos(canvas.light) * (2 * fu - 1)
    )
    bands = fate[book, 2]
    gilt = np.clip(palette[-1] * 0.3 + rgb(0.75, 0.62, 0.3), 0, 1)
    ribs = np.abs((height * np.round(3 + 4 * bands)) % 1 - 0.5) - 0.07
    label = np.maximum(np.abs(height - 0.7) - 0.12, np.abs(fu - 0.5) - 0.32)
    text = np.maximum(np.abs(fu - 0.5) - 0.16, np.abs(height - 0.45) - 0.28)
    letters = noise.at(height * 26, book * 1.7) > 0
    mark = np.where(bands < 0.35, ribs, np.where(bands < 0.65, label, np.where(letters, text, 9)))
    colour = hue + (gilt - hue) * (0.8 * step(0.03, -0.03, mark))[..., None]
    colour = colour * bulge[..., None] * (0.9 + 0.2 * fate[book, 3:])
    back = shelf[0] * 0.45 if rng.random() < 0.6 else shelf[1] * 0.8
    void = (height > 1) | (fate[book, 2] > 0.97)
    colour = np.where(void[..., None], back, colour)
    shadow = 1 - 0.55 * step(0.3, 0.08, fv) * (fv > 0.08)
    colour = colour * shadow[..., None]
    board = (fv > 0.92) | (fv < 0.04)
    grain = 0.6 + 0.25 * noise.octaves(u * 2, v * 14, 2) - 0.4 * (fv < 0.04)
    wood = ramp(np.clip(grain, 0, 1), shelf)
    return np.clip(np.where(board[..., None], wood, colour), 0, 1)


def library(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    shelf = pick(rng, *PAINTS)
    kind = rng.random()
    at = canvas.place(0.35, 1.0, 0.12 if rng.random() < 0.8 else 0.6, 0.5)
    if kind < 0.5:  # a wall of books, straight on or at a slant
        at = oblique(at, float(rng.uniform(-0.25, 0.25)))
        canvas.picture = spines(canvas, at.u, at.v, noise, shelf)
    elif kind < 0.75:  # an aisle between two walls
        x, y = rng.uniform(-0.35, 0.35), rng.uniform(-0.25, 0.35)
        du, dv = canvas.x - x, canvas.y - y
        end = float(rng.uniform(0.1, 0.2))
        away = np.maximum(np.abs(du), end)
        rows = int(rng.integers(2, 4))
        wall = dv / away
        books = spines(canvas, 1.6 / away + 20 * (du > 0), wall * rows * 0.72 + 3, noise, shelf)
        canvas.picture = books
        level = 3.0 / rows / 0.72
        level = float(np.clip(level, 0.9, 1.4))
        plank = 0.4 + 0.2 * np.sign(np.sin(du / np.maximum(np.abs(dv), 0.1) * 12))
        floor = ramp(
            np.clip(plank + 0.2 * noise.at(canvas.x * 4, canvas.y * 9), 0, 1), pick(rng, *PAINTS)
        )
        canvas.lay(floor, coverage((level - np.abs(wall)) * away, canvas.pixel) * (dv > 0))
        canvas.lay(shelf[0], coverage((level - np.abs(wall)) * away, canvas.pixel) * (dv < 0))
        back = np.maximum(np.abs(du) - end, np.abs(dv) - end * level)
        light = pick(rng, *LAMPS)
        canvas.shade(np.clip(0.45 + 0.75 * np.hypot(du, dv), 0, 1.15))
        canvas.lay(light[1] * 0.9, coverage(back, canvas.pixel * 2))
        canvas.glow(light[0], 0.7 * np.exp(-np.clip(back, 0, 9) * 7))
    else:  # a bookcase
        rows = int(rng.integers(2, 5))
        half = float(rng.uniform(0.6, 1.0))
        at = canvas.place(0.6, 1.0, 0.15, 0.25)
        frame = box(at.u, at.v, half + 0.09, 1.0, 0.03)
        solid(canvas, at, frame, shelf, 0.55 + surface(canvas, at.u, at.v, noise), 0.05, 0.2, 0.6)
        books = spines(canvas, at.u * rows * 0.55, (at.v + 0.92) * rows / 1.86 + 12, noise, shelf)
        canvas.lay(books, coverage(box(at.u, at.v, half, 0.92), at.pixel))
    if rng.random() < 0.4:  # lamplight
        x, y = rng.uniform(-0.8, 0.8, 2)
        reach = np.hypot(canvas.x - x, canvas.y - y)
        canvas.shade(np.clip(1.25 - 0.55 * reach, 0.3, 1.2))
        canvas.glow(pick(rng, *LAMPS)[0], 0.35 * np.exp(-reach * 2.2))
    return finished(canvas)


FOOT = 0.95  # where a pagoda's walls meet the ground


def temple(canvas: Canvas, at: Place, noise: Noise, tiers: int, night: bool) -> None:
    """One pagoda with its spire at about -1 and its plinth at 1."""
    rng = canvas.rng
    tiles, timber = pick(rng, *PAINTS), pick(rng, *PAINTS)
    lamp = pick(rng, *LAMPS)
    rim = pick(rng, *PAINTS)[2]
    lantern = pick(rng, "f03028", "f8a020", "f060a0", "60e0c0", "f8f0c0", "a070ff")[0]
    rough = surface(canvas, at.u, at.v, noise)
    base = 0.25 if night else float(rng.uniform(0.4, 0.7))
    low = float(rng.uniform(0.7, 0.95))
    pitch = 1.75 / (tiers + 0.45)
    roof_share = float(rng.uniform(0.5, 0.62))
    curl = float(rng.uniform(0.45, 0.8))
    ridge = float(rng.uniform(14, 26))
    # From the lowest roof up, each smaller than the one it stands on.
    for tier in range(tiers):
        shrink = 1 - 0.55 * tier / max(tiers, 3)
        wide = low * shrink * (1.15 if tiers < 3 else 0.9)
        room = wide * 0.6
        bottom = FOOT - tier * pitch
        tall = pitch * roof_share
        eave = bottom - pitch * (1 - roof_share)
        peak = eave - tall
        storey = (at.v > peak - 0.6 * tall) & (at.v < bottom) & (np.abs(at.u) < 1.35 * wide)
        with closeup(canvas, at, storey) as (part, spot):
            u, v = spot.u, spot.v
            side = np.abs(u)
            body = np.maximum(side - room, np.maximum(eave - 0.25 * tall - v, v - bottom))
            post = np.abs((u / room * 2.5) % 1 - 0.5)
            height = (v - eave) / (bottom - eave)
            panel = (post < 0.34) & (height > 0.3) & (height < 0.85) & (side < room * 0.97)
            slats = np.minimum(np.abs((u * 22) % 1 - 0.5), np.abs((v * 22) % 1 - 0.5))
            glow = (0.55 + 0.45 * step(0.1, 0.25, slats))[..., None]
            cover = coverage(body, spot.pixel)
            part.lay(
                ramp(np.clip(base + rough[bounds(storey)] + 0.15 * (post > 0.4), 0, 1), timber),
                cover,
            )
            glass = lamp[0] if night else timber[2] * 0.35 + lamp[1] * 0.5
            part.lay(glass * glow, cover * panel)
            part.shade(1 - 0.6 * cover * step(0.35, 0.0, height))
            # The eaves rise towards their ends: the whole roof is lifted there.
            end = np.clip(side / wide, 0, 1.3)
            lifted = v + curl * tall * end**4
            t = np.clip((lifted - peak) / tall, 0, 1)
            narrow = room * 0.72 if tier < tiers - 1 else 0.03
            outline = side - narrow - (wide - narrow) * t**1.7
            shape = np.maximum(outline * 0.6, np.maximum(peak - lifted, lifted - eave))
            rows = np.cos(u / (narrow + (wide - narrow) * t**1.7 + 0.02) * ridge)
            tone = base - 0.1 + 0.22 * rows + 0.25 * (1 - t) + 0.1 * noise.at(u * 6, v * 14)
            part.lay(ramp(np.clip(tone, 0, 1), tiles), coverage(shape, spot.pixel))
            edge = np.maximum(np.abs(lifted - eave + 0.015) - 0.022, side - wide * 1.02)
            part.lay(rim * (0.5 if night else 0.95), coverage(edge, spot.pixel))
            hang = eave - curl * tall * 0.86**4 + 0.09 * wide + 0.02
            reach = ellipse(side - wide * 0.86, v - hang, 0.075 * wide + 0.012, 0.09 * wide + 0.012)
            part.lay(lantern, coverage(reach, spot.pixel))
            part.glow(lantern, (0.5 if night else 0.15) * np.exp(-np.clip(reach, 0, 9) * 22))
            part.glow(WHITE, 0.3 * step(0.0, -0.07, reach))
    u, v, side = at.u, at.v, np.abs(at.u)
    spire = FOOT - tiers * pitch
    pole = np.maximum(side - 0.015, np.maximum(spire - 0.3 - v, v - spire - 0.05))
    rings = np.hypot(u, (v - spire) % 0.07 - 0.035) - 0.032
    rings = np.maximum(rings, np.maximum(spire - 0.24 - v, v - spire))
    canvas.lay(rim * (0.6 if night else 1.0), coverage(np.minimum(pole, rings), at.pixel))
    plinth = box(u, v - FOOT - 0.05, low * 0.75, 0.06)
    canvas.lay(ramp(np.clip(base + 0.2 + rough, 0, 1), timber[::-1]), coverage(plinth, at.pixel))


def pagoda(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, haze, night = heaven(canvas, 0.9)
    single = rng.random() < 0.3
    tiers = int(rng.integers(1, 3)) if single else int(rng.integers(3, 7))
    scale = float(np.exp(rng.uniform(np.log(0.65), np.log(1.35))))
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    x, y = rng.uniform(-0.35, 0.35), rng.uniform(-0.15, 0.3)
    if rng.random() < 0.6:
        hills(canvas, y + 0.9 * scale, noise, haze)
    spots = [whole.moved(float(x), float(y), scale, float(rng.uniform(-0.06, 0.06)))]
    if not single and rng.random() < 0.35:  # smaller ones, farther away
        for side in (-1, 1)[: int(rng.integers(1, 3))]:
            far = scale * float(rng.uniform(0.4, 0.6))
            beside = x + side * scale * rng.uniform(0.85, 1.05)
            spots.insert(0, whole.moved(float(beside), float(y + FOOT * (scale - far)), far))
    for spot in spots:
        with closeup(canvas, spot, np.maximum(np.abs(spot.u), np.abs(spot.v)) < 1.4) as (part, at):
            temple(part, at, noise, tiers, night)
    shore = y + (FOOT + 0.1) * scale
    u, v = spots[-1].u, spots[-1].v
    if shore < 0.85 and rng.random() < 0.5:
        mirrored(canvas, shore, noise)
    else:
        garden = ramp(
            np.clip((0.3 if night else 0.6) + 0.3 * noise.octaves(u * 6, v * 6, 3), 0, 1),
            pick(rng, *PAINTS),
        )
        mound = FOOT + 0.1 + 0.06 * noise.octaves(u * 4, 0 * v, 2) - v
        canvas.lay(garden * 0.8, coverage(mound, at.pixel))
    return finished(canvas)
