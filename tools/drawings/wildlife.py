"""Creatures and what is left of them: plumage, scales, suckers, shells and bones."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .canvas import WHITE, Array, Canvas, Place, coverage, ellipse, pick, ramp, rgb, segment, step
from .creatures import places
from .finish import finished
from .grounds import ground, water
from .noise import Noise

DARK = rgb(0.02, 0.02, 0.03)
# From shadow to light. All classes here share them: none may be told by its colour.
HIDES = (
    "1a1008 8a5a28 f0d098",
    "061830 1f70b0 a8e0f0",
    "0c2410 3f8f3a d8ec80",
    "2c0814 c02848 ffb0a0",
    "180c34 6c3cb8 e0a8f0",
    "301402 e07818 ffe088",
    "062826 12908a b0f4d8",
    "1c1c28 787c98 f4f4fa",
    "3a2a10 d0a030 fff4b8",
    "30082c c838a0 ffc0e0",
    "08080e 2c2c40 8c90b4",
    "7a6a58 dccbac fffcf0",
)
IRISES = (
    "602000 f09000 ffe860",
    "401000 e04010 ffb040",
    "204000 90b810 f0ff90",
    "002848 1088d0 b0f0ff",
    "300040 b040c0 ffc0ff",
    "402800 c89020 fff8c0",
)


def shingles(u: Array, v: Array) -> tuple[Array, Array, Array]:
    """Overlapping round scales, one wide and two long, with their tips towards +v.

    Returns the position from root to tip in 0..1, that across in -0.5..0.5, and the distance to
    the tip that ends nearest: positive on the scale, negative in its shadow.
    """
    row = np.floor(v)
    deep = v - row
    upper = u + 0.5 * (row % 2)
    lower = u + 0.5 * ((row + 1) % 2)
    upper, lower = upper - np.round(upper), lower - np.round(lower)
    tip = np.sqrt(np.clip(1 - 4 * upper * upper, 0, 1))
    over = deep < tip
    along = np.where(over, 1 + deep, deep) / 2
    return along, np.where(over, upper, lower), tip - deep


def winding(u: Array, v: Array, points: Array) -> tuple[Array, Array]:
    """Signed distance to a line through all points (the sign tells the side), and 0..1 along it."""
    nearest = np.full_like(u, 1e9)
    along = np.zeros_like(u)
    side = np.zeros_like(u)
    path = points.tolist()
    for number, ((ax, ay), (bx, by)) in enumerate(pairwise(path)):
        du, dv = bx - ax, by - ay
        pu, pv = u - ax, v - ay
        t = np.clip((pu * du + pv * dv) / (du * du + dv * dv + 1e-9), 0, 1)
        squared = (pu - t * du) ** 2 + (pv - t * dv) ** 2
        nearer = squared < nearest
        nearest = np.where(nearer, squared, nearest)
        along = np.where(nearer, number + t, along)
        side = np.where(nearer, pu * dv - pv * du, side)
    return np.sqrt(nearest) * np.sign(side), along / (len(path) - 1)


def window(canvas: Canvas, at: Place, points: Array, reach: float) -> tuple[Canvas, Place]:
    """The part of the picture around some points: what is painted there appears in the whole."""
    low, high = points.min(0) - reach, points.max(0) + reach
    near = (at.u > low[0]) & (at.u < high[0]) & (at.v > low[1]) & (at.v < high[1])
    cut = []
    for axis in (1, 0):
        hit = np.flatnonzero(near.any(axis))
        first = min(int(hit[0]), canvas.size - 3) if len(hit) else 0
        last = max(int(hit[-1]) + 1, first + 3) if len(hit) else 3
        cut.append(slice(first, last))
    rows, columns = cut
    part = copy(canvas)
    part.picture = canvas.picture[rows, columns]
    return part, Place(at.u[rows, columns], at.v[rows, columns], at.pixel, at.scale)


def curl(x: float, y: float, angle: float, long: float, bend: Array) -> Array:
    """Points of a line that starts at (x, y) and turns by `bend` between its parts."""
    heading = angle + np.cumsum(bend)
    part = long / len(bend)
    start = np.array([[x, y]])
    steps = np.stack([np.cos(heading), np.sin(heading)], -1) * part
    return np.concatenate([start, start + np.cumsum(steps, 0)]).astype(np.float32)


def dome(shape: Array, scale: float, wide: float = 0.4) -> Array:
    """Height in canvas units of something round whose outline is `shape`."""
    inner = np.clip(-shape / wide, 0, 1)
    return (np.sqrt(inner * (2 - inner)) * wide * scale).astype(np.float32)


def hide(rng: np.random.Generator) -> Array:
    """A palette of one of the `HIDES`; now and then with light and shadow exchanged."""
    palette = pick(rng, *HIDES)
    return palette[::-1] if rng.random() < 0.12 else palette


def plumage(u: Array, v: Array, noise: Noise, palette: Array, style: int) -> Array:
    """Colours of a coat of small feathers: plain with a rim, streaked or barred."""
    along, across, tip = shingles(u, v)
    mark = np.zeros_like(u)
    if style == 1:
        mark = step(0.16, 0.05, np.abs(across)) * step(0.3, 0.6, along)
    elif style == 2:
        mark = step(0.1, 0.5, np.sin(along * 16 + 3 * np.abs(across)))
    rim = step(0.25, 0.05, np.abs(tip))
    tone = 0.35 + 0.35 * along + 0.2 * noise.at(u * 0.7, v * 0.4) + 0.35 * rim - 0.55 * mark
    barbs = 0.92 + 0.12 * np.cos((along * 2 + np.abs(across)) * 24)
    shadow = 1 - 0.6 * step(0.5, 0.0, -tip) * (tip < 0)
    return ramp(np.clip(tone, 0, 1), palette) * (barbs * shadow)[..., None]


def owl_face(
    canvas: Canvas, at: Place, noise: Noise, palette: Array, mask: Array, eyes: Array, style: int
) -> None:
    """A head of radius 1: plumage, ear tufts, two discs of fine feathers, eyes and beak."""
    rng = canvas.rng
    u, v = at.u, at.v
    side = np.abs(u)
    head = ellipse(u, v, 1.02, 0.92) + 0.02 * noise.at(u * 14, v * 14)
    if rng.random() < 0.65:
        tuft = np.maximum(side - 0.86 + 0.12 * v, -v - 0.55 - 1.1 * np.clip(side - 0.25, 0, 0.56))
        head = np.minimum(head, np.maximum(tuft, v))
    canvas.shade(1 - 0.5 * step(0.3, 0.0, head))
    cover = coverage(head, at.pixel * 1.5)
    coat = plumage(u * 6 + 0.5, v * 11 - side * side * 4, noise, palette, style)
    canvas.lay(coat * (1.1 - 0.45 * step(-0.3, 0.0, head))[..., None], cover)
    apart, wide = rng.uniform(0.38, 0.44), rng.uniform(0.46, 0.54)
    du, dv = side - apart, v - 0.02
    reach = np.hypot(du, dv * (1 - 0.12 * (v > 0)))
    angle = np.arctan2(dv, du)
    disc = reach - wide
    canvas.shade(1 - 0.75 * step(0.1, 0.0, disc) * cover)
    barbs = np.cos(angle * 46 + 4 * noise.at(u * 5, v * 5))
    rings = np.cos(reach * rng.uniform(22, 46))
    tone = 0.72 - 0.5 * reach / wide * rng.uniform(-0.2, 1) + 0.16 * barbs + 0.16 * rings
    light = 0.85 + 0.2 * barbs - 0.5 * step(-0.09, 0.0, disc)
    canvas.lay(ramp(np.clip(tone, 0, 1), mask) * light[..., None], coverage(disc, at.pixel * 2))
    brow = np.abs(v + 0.28 + 0.62 * (side - 0.25)) - 0.14 * step(0.95, 0.1, side)
    brow = np.maximum(brow, side - 0.85)
    strokes = 0.8 + 0.3 * np.cos((side - v * 0.6) * 40)
    tint = mask[-1] if rng.random() < 0.6 else palette[0] * 0.8
    canvas.lay(tint * strokes[..., None], coverage(brow, at.pixel * 2.5))
    size = rng.uniform(0.23, 0.33)
    eye = Place((side - apart) / size, (v - 0.03) / size, at.pixel / size, at.scale * size)
    radius = np.hypot(eye.u, eye.v)
    canvas.lay(DARK, coverage(radius - 1.14, eye.pixel))
    iris = np.clip(0.25 + 0.6 * radius + 0.45 * eye.v * radius, 0, 1)
    canvas.lay(
        ramp(iris, eyes) * (1 - 0.5 * step(0.8, 1, radius))[..., None],
        coverage(radius - 1, eye.pixel),
    )
    canvas.lay(DARK, coverage(radius - rng.uniform(0.4, 0.62), eye.pixel))
    left = np.hypot(side - apart + 0.3 * size * np.sign(u), v + 0.33 * size) / size
    canvas.glow(WHITE, coverage(left - 0.2, max(eye.pixel, 0.12)))
    long = rng.uniform(0.36, 0.5)
    down = (v - 0.08) / long
    beak = side - 0.15 * np.sqrt(np.clip(1.02 - down, 0, 1))
    beak = np.maximum(beak, np.maximum(-down, down - 1) * long)
    horn = pick(rng, "301c08 c08020 ffe0a0", "101014 484854 c0c0cc", "402008 f0a010 fff0a0")
    canvas.shade(1 - 0.5 * step(0.1, 0.0, beak))
    tone = np.clip(0.75 - 2.5 * side + 0.2 * np.sign(u) - 0.3 * down, 0, 1)
    canvas.lay(ramp(tone, horn), coverage(beak, at.pixel))


def owl(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette, mask = hide(rng), hide(rng)
    if rng.random() < 0.5:
        mask = palette
    eyes = pick(rng, *IRISES)
    style = int(rng.integers(3))
    if rng.random() < 0.45:
        for at in places(canvas, 3, 0.35):
            owl_face(canvas, at, noise, palette, mask, eyes, style)
        return finished(canvas)
    flying = rng.random() < 0.35
    for at in places(canvas, 2, 0.3):
        at = at.moved(0, 0, 0.85)
        u, v = at.u, at.v
        side = np.abs(u)
        if flying:  # spread wings: long feathers around the shoulders
            du, dv = side - 0.2, v - 0.15
            reach, angle = np.hypot(du, dv), np.arctan2(dv, du)
            fan = angle * 5.5
            off = fan - np.round(fan)
            tip = 1.35 - 0.25 * np.abs(angle + 0.2) + 0.12 * np.sqrt(1 - 3.9 * off * off)
            wing = np.maximum(reach - tip, (np.abs(angle + 0.2) - 0.85) * reach)
            bars = 0.5 + 0.5 * np.cos(reach * 17 + 2 * np.abs(off))
            tone = 0.2 + 0.35 * bars * (reach > 0.55) + 0.35 * reach - 0.5 * off * off
            light = 1.1 - 0.7 * step(0.34, 0.5, np.abs(off))
            canvas.lay(
                ramp(np.clip(tone, 0, 1), palette) * light[..., None],
                coverage(wing, at.pixel * 1.5) * (du > -0.2),
            )
        tail = np.maximum(side - 0.24 - 0.12 * (v - 0.6), np.abs(v - 0.95) - 0.42)
        stripes = 0.75 + 0.3 * np.cos(v * 30) - 0.4 * step(0.7, 1.0, np.cos(u * 50))
        canvas.lay(palette[1] * stripes[..., None], coverage(tail, at.pixel))
        if not flying:
            perch = np.abs(v - 1.02 - 0.06 * noise.at(u * 2, 0 * u)) - 0.11
            bark = noise.octaves(u * 3, v * 16, 2)
            wood = pick(rng, "140c08 5a3c24 b08858", "101418 485058 98a4a8", "201008 804020 d09060")
            tone = np.clip(0.45 + 0.4 * bark - 3 * (v - 1.02), 0, 1)
            canvas.lay(ramp(tone, wood), coverage(perch, at.pixel))
        body = ellipse(u, v - 0.35, 0.6, 0.72)
        cover = coverage(body + 0.02 * noise.at(u * 14, v * 14), at.pixel * 1.5)
        belly = plumage(u * 5.5, v * 8, noise, mask, (style + 1) % 3)
        canvas.lay(belly * (1.12 - 0.6 * step(-0.35, 0.0, body))[..., None], cover)
        if not flying:  # folded wings
            wing = ellipse(side - 0.52 + 0.12 * v, v - 0.38, 0.22, 0.68)
            canvas.shade(1 - 0.45 * step(0.1, 0.0, wing) * cover)
            coat = plumage(u * 5 + 0.5, v * 4.5 - side * 3, noise, palette, style)
            canvas.lay(
                coat * (1.0 - 0.4 * step(-0.1, 0.0, wing))[..., None],
                coverage(wing, at.pixel * 1.5),
            )
        toes = ellipse((side - 0.22 + 0.33) % 0.11 - 0.055, v - 1.0, 0.05, 0.11)
        canvas.lay(eyes[1] * 0.9, coverage(toes, at.pixel) * (np.abs(side - 0.22) < 0.165))
        owl_face(canvas, at.moved(0, -0.42, 0.62), noise, palette, mask, eyes, style)
    return finished(canvas)


def snakeskin(
    along: Array, round_: Array, fine: float, palette: Array, marks: Array, style: int
) -> Array:
    """Colours of a scaly hide: `along` in scales, `round_` the angle around the body."""
    a, b = along + round_ * fine, along - round_ * fine
    na, nb = np.round(a), np.round(b)
    fall = np.maximum(np.abs(a - na), np.abs(b - nb))
    # The pattern takes the colour of whole scales.
    s, r = (na + nb) / 2, np.abs(na - nb) / (2 * fine)
    s = s * 3.2 / fine
    if style == 0:
        mark = step(0.1, 0.3, np.cos(s * 0.55) - 0.35 + 0.2 * r)
    elif style == 1:
        saw = np.abs((s / 9) % 1 - 0.5) * 2
        mark = step(0.12, 0.0, np.abs(r - 0.95 * saw) - 0.16)
    elif style == 2:
        mark = step(-0.1, 0.1, np.cos(s * 0.6) * 0.75 - np.abs(r - 0.1) + 0.05)
    else:
        mark = step(0.42, 0.3, r) * step(0.08, 0.2, r) + step(0.75, 0.9, r)
    tone = np.clip(0.62 - 0.25 * np.abs(round_) + 0.12 * np.sin(s * 12.9 + r * 78.2), 0, 1)
    skin = ramp(tone, palette)
    skin = skin + (ramp(tone, marks) - skin) * np.clip(mark, 0, 1)[..., None]
    bead = 1.12 - 0.85 * step(0.26, 0.5, fall)
    glint = step(0.3, 0.0, np.hypot(a - na + 0.12, b - nb - 0.12))
    result: Array = skin * bead[..., None] + 0.22 * (glint * (1 - np.abs(round_) / 2))[..., None]
    return result


def snake_head(
    canvas: Canvas, at: Place, noise: Noise, palette: Array, marks: Array, eyes: Array
) -> None:
    """A head from above that looks towards +u, with its forked tongue."""
    u, v = at.u, at.v
    side = np.abs(v)
    red = pick(canvas.rng, "d02030", "201020", "f060a0")[0]
    tongue = segment(u, v, (0.8, 0.0), (1.5, 0.06))[0]
    tongue = np.minimum(tongue, segment(u, v, (1.5, 0.06), (1.85, 0.26))[0])
    tongue = np.minimum(tongue, segment(u, v, (1.5, 0.06), (1.88, -0.1))[0])
    canvas.lay(red, coverage(tongue - 0.04, at.pixel))
    wide = 0.62 - 0.2 * step(-0.1, 0.9, u) - 0.12 * step(-0.3, -0.95, u)
    head = (np.sqrt(np.clip(u / 1.02, -9, 9) ** 4 + (side / wide) ** 2.4) - 1) * 0.45
    canvas.shade(1 - 0.6 * step(0.3, 0.0, head))
    cover = coverage(head, at.pixel * 1.5)
    fine = 4.5 - 1.5 * step(-0.4, 0.3, u)
    first, second, name = noise.cells(u * fine + 7, side * fine + 0.5, 0.5)
    gap = step(0.22, 0.05, second - first)
    tone = np.clip(0.6 - 0.35 * side / wide + 0.22 * (name - 0.5), 0, 1)
    skin = ramp(tone, palette)
    band = np.maximum(
        step(0.12, 0.05, np.abs(side - 0.5 + 0.22 * u)), step(0.1, 0.02, np.abs(u + 0.5 - side))
    )
    skin = skin + (ramp(tone, marks) - skin) * band[..., None]
    diffuse, shine = canvas.relief(dome(head, at.scale, 0.4) - 0.02 * at.scale * gap, 1.1)
    canvas.lay(skin * (diffuse * (1 - 0.45 * gap))[..., None] + 0.25 * shine[..., None], cover)
    ball = np.hypot(u - 0.28, side - 0.4) / 0.17
    canvas.lay(DARK, coverage(ball - 1.25, at.pixel / 0.17))
    canvas.lay(ramp(np.clip(1.1 - ball, 0, 1), eyes), coverage(ball - 1, at.pixel / 0.17))
    canvas.lay(DARK, coverage(ellipse(u - 0.28, side - 0.4, 0.15, 0.045), at.pixel))
    canvas.glow(WHITE, coverage(np.hypot(u - 0.22, side - 0.45) - 0.04, max(at.pixel, 0.03)))
    canvas.lay(DARK, coverage(ellipse(u - 0.86, side - 0.13, 0.06, 0.035), at.pixel))


@dataclass(frozen=True, slots=True)
class Snake:
    """What the snakes of one picture have in common."""

    palette: Array
    marks: Array
    eyes: Array
    style: int
    fine: float  # scales from the back to the flank

    def body(
        self, canvas: Canvas, at: Place, across: Array, along: Array, thick: Array, radius: float
    ) -> None:
        """A trunk: `across` in -1..1, `along` in units of the place."""
        shape = (np.abs(across) - 1) * thick
        canvas.shade(1 - 0.6 * step(radius * 0.8, 0.0, shape))
        around = np.arcsin(np.clip(across, -1, 1))
        skin = snakeskin(
            along / radius * self.fine, around, self.fine, self.palette, self.marks, self.style
        )
        diffuse, _ = canvas.relief(dome(shape, at.scale, radius), 0.9)
        light = diffuse * (1.08 - 0.75 * step(0.6, 1.0, np.abs(across)))
        canvas.lay(skin * light[..., None], coverage(shape, at.pixel))

    def coiled(self, canvas: Canvas, noise: Noise) -> None:
        """Rolled up, the head on top in the middle or at the outer end."""
        rng = canvas.rng
        at = canvas.place(0.7, 1.5, np.pi, 0.3)
        turns = rng.uniform(2.2, 3.4)
        pitch = 1 / turns
        middle = at.scale > 0.95 or rng.random() < 0.4
        at = Place(at.u, at.v * float(rng.choice([-1, 1])), at.pixel, at.scale)
        wind = np.hypot(at.u, at.v) / pitch
        angle = np.arctan2(at.v, at.u) / (2 * np.pi)
        turn = np.round(wind - angle) + angle
        inside = (turn > 0.15) & (turn < turns)
        tail = turns - turn if middle else turn - 0.15
        across = (wind - turn) * 2.08 / np.clip(tail * 1.5, 0.1, 1)
        across = np.where(inside, across, np.float32(9))
        thick = np.full_like(wind, pitch / 2)
        self.body(canvas, at, across, np.pi * pitch * turn * turn, thick, pitch / 2)
        if middle:
            grown = pitch * rng.uniform(0.75, 1.0)
            head = at.moved(0, 0, grown, rng.uniform(-3, 3))
        else:
            end = turns * 2 * np.pi
            head = at.moved(float(np.cos(end)), float(np.sin(end)), pitch * 0.9, end + np.pi / 2)
        snake_head(canvas, head, noise, self.palette, self.marks, self.eyes)

    def stretched(self, canvas: Canvas, noise: Noise, at: Place) -> None:
        """Winding across the picture."""
        rng = canvas.rng
        t = np.linspace(0, 1, 30)
        bend = rng.uniform(0.4, 0.58) * np.cos(t * rng.uniform(12, 18) + rng.uniform(0, 6))
        total = rng.uniform(3.2, 4.4)
        points = curl(0, 0, 0, total, bend + rng.uniform(-0.06, 0.06))
        # Near pictures look at the head's end, far ones at the whole.
        middle = (points.max(0) + points.min(0)) / 2
        points -= middle + (points[-1] - middle) * float(step(0.6, 1.2, np.float32(at.scale)))
        radius = rng.uniform(0.13, 0.2)
        part, near = window(canvas, at, points, radius * 2)
        away, along = winding(near.u, near.v, points)
        thick = radius * np.clip(along * 3.5, 0.08, 1) ** 0.7
        self.body(part, near, away / thick, total * along, thick, radius)
        (x0, y0), (x, y) = points[-2].tolist(), points[-1].tolist()
        head = at.moved(x, y, radius * 2.0, float(np.arctan2(y - y0, x - x0)))
        snake_head(canvas, head, noise, self.palette, self.marks, self.eyes)


def snake(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    kin = Snake(
        hide(rng), hide(rng), pick(rng, *IRISES), int(rng.integers(4)), rng.uniform(1.7, 3.5)
    )
    if rng.random() < 0.5:
        kin.coiled(canvas, noise)
    else:
        count = int(rng.choice([1, 1, 1, 2, 3]))
        for _ in range(count):
            at = canvas.place(0.65, 1.9 if count == 1 else 1.0, np.pi, 0.15 + 0.12 * count)
            kin.stretched(canvas, noise, at)
    return finished(canvas)


def tentacle(
    canvas: Canvas, at: Place, points: Array, long: float, thick: float, skin: Array, cup: Array
) -> None:
    """One arm that tapers to its end, with two rows of suckers that shrink with it."""
    rng = canvas.rng
    canvas, at = window(canvas, at, points, thick * 1.6)
    away, t = winding(at.u, at.v, points)
    width = thick * (1 - 0.9 * t)
    side = away / width
    body = np.abs(away) - width
    canvas.shade(1 - 0.5 * step(0.6 * thick, 0.0, body))
    cover = coverage(body, at.pixel)
    diffuse, shine = canvas.relief(dome(body, at.scale, thick), 0.9)
    # Suckers every so many widths: the integral of 1 / width along the arm.
    beat = -long / (0.9 * thick) * np.log(1 - 0.9 * t) * 1.25
    lean = float(rng.choice([-1, 1])) * rng.uniform(0.0, 0.3)
    tone = 0.55 + 0.3 * side * np.sign(lean) - 0.2 * t
    colour = ramp(np.clip(tone + 0.1 * np.sin(beat * 5 + side * 3), 0, 1), skin)
    under = np.abs(side - lean) - 0.72
    colour = colour + (cup[2] * 0.8 - colour) * (0.6 * step(0.05, -0.1, under))[..., None]
    canvas.lay(colour * diffuse[..., None] + 0.3 * shine[..., None], cover)
    # The two rows alternate.
    first = (beat - np.round(beat)) / 1.25
    second = (beat + 0.5 - np.round(beat + 0.5)) / 1.25
    one = np.hypot(first, side - lean + 0.34)
    two = np.hypot(second, side - lean - 0.34)
    sucker, du = np.minimum(one, two), np.where(one < two, first, second)
    edge = at.pixel / np.maximum(width, at.pixel)
    canvas.shade(1 - 0.5 * cover * step(0.4, 0.3, sucker))
    ring = cover * np.clip(0.5 - (sucker - 0.31) / edge, 0, 1)
    canvas.lay(ramp(np.clip(0.8 - 0.8 * du, 0, 1), cup), ring)
    canvas.lay(skin[0] * 0.6, cover * np.clip(0.5 - (sucker - 0.14) / edge, 0, 1))


def octopus(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = water(canvas) if rng.random() < 0.5 else ground(canvas)
    skin = hide(rng)
    cup = hide(rng) if rng.random() < 0.6 else skin
    if rng.random() < 0.4:  # arms close up
        at = canvas.place(0.9, 1.4, np.pi, 0.2)
        count = int(rng.integers(2, 5))
        start = rng.uniform(0, 2 * np.pi)
        for number in range(count):
            angle = start + 2 * np.pi * number / count + rng.normal(0, 0.2)
            long, thick = rng.uniform(2.0, 3.0), rng.uniform(0.24, 0.36)
            t = np.linspace(0, 1, 17)
            bend = rng.choice([-1, 1]) * (0.04 + rng.uniform(0.35, 0.6) * t**2)
            x, y = -1.15 * np.cos(angle), -1.15 * np.sin(angle)
            points = curl(x, y, angle + rng.normal(0, 0.3), long, bend)
            tentacle(canvas, at, points, long, thick, skin, cup)
        return finished(canvas)
    eyes = pick(rng, *IRISES)
    bald = rng.uniform(-0.2, 1)
    for at in places(canvas, 2, 0.7):
        at = at.moved(0, -0.05, 1.05)
        u, v = at.u, at.v
        curls = rng.choice([-1.0, 1.0], 8)
        for number in (0, 7, 1, 6, 2, 5, 3, 4):
            spread = (number - 3.5) / 3.5
            angle = np.pi / 2 - spread * 1.6 + rng.normal(0, 0.08)
            long = rng.uniform(1.0, 1.5)
            t = np.linspace(0, 1, 9)
            bend = -0.09 * spread + curls[number] * (1.2 * t**2 - 0.25)
            points = curl(0.3 * spread, 0.1, angle, long, bend)
            tentacle(canvas, at, points, long, rng.uniform(0.16, 0.21), skin, cup)
        mantle = ellipse(u, v + 0.45, 0.46, 0.54)
        neck = ellipse(u, v - 0.05, 0.4, 0.26)
        shape = np.minimum(mantle, neck)
        canvas.shade(1 - 0.5 * step(0.2, 0.0, shape))
        first, _, name = noise.cells(u * 7, v * 7)
        wart = step(0.45, 0.1, first) * (name > bald)
        spots = noise.at(u * 3 + v, v * 3 - u)
        height = dome(shape, at.scale, 0.4) + 0.03 * at.scale * wart
        diffuse, shine = canvas.relief(height, 1.0)
        tone = np.clip(0.55 + 0.25 * spots + 0.4 * wart, 0, 1)
        canvas.lay(
            ramp(tone, skin) * diffuse[..., None] + 0.35 * shine[..., None],
            coverage(shape, at.pixel),
        )
        ball = np.hypot(np.abs(u) - 0.27, v - 0.02)
        canvas.lay(skin[2] * 0.9, coverage(ball - 0.17, at.pixel))
        canvas.lay(ramp(np.clip(1 - ball * 6, 0, 1), eyes[::-1]), coverage(ball - 0.13, at.pixel))
        canvas.lay(DARK, coverage(ellipse(np.abs(u) - 0.27, v - 0.02, 0.1, 0.045), at.pixel))
        canvas.glow(WHITE, coverage(np.hypot(np.abs(u) - 0.24, v + 0.04) - 0.03, 0.03))
    return finished(canvas)


def beetle(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette, gleam = hide(rng), hide(rng)
    front = palette if rng.random() < 0.5 else hide(rng)
    limbs = palette[0] * 0.8 if rng.random() < 0.6 else front[0] * 0.5
    pattern = int(rng.choice([0, 1, 1, 2, 3, 4]))
    horned = pattern != 1 and rng.random() < 0.4
    wide = rng.uniform(0.66, 0.76) if pattern == 1 else rng.uniform(0.42, 0.64)
    spread = rng.uniform(0.4, 0.9) if rng.random() < 0.3 else 0.0
    spots = [(rng.uniform(0.1, 0.85), rng.uniform(-0.5, 0.8), rng.uniform(0.1, 0.17))]
    for _ in range(int(rng.integers(2, 5))):
        spots.append((rng.uniform(0.15, 0.8), rng.uniform(-0.7, 0.7), rng.uniform(0.09, 0.16)))
    dots = gleam[0] * 0.3 if palette[1].sum() > 0.9 else np.clip(gleam[2] + 0.1, 0, 1)
    grooves = 0.0 if pattern == 1 else float(rng.choice([0, 5, 7, 9]))
    rainbow = rng.uniform(0, 0.7)
    for at in places(canvas):
        at = at.moved(0, 0, 0.85)
        u, v = at.u, at.v
        side = np.abs(u)
        limb = np.full_like(u, 9)
        for root, knee, foot in ((-0.3, -0.55, -0.95), (0.05, 0.0, 0.25), (0.3, 0.5, 1.0)):
            limb = np.minimum(limb, segment(side, v, (0.2, root), (wide + 0.22, knee))[0] - 0.04)
            end = (wide + 0.42 - 0.12 * (root < 0), foot)
            limb = np.minimum(limb, segment(side, v, (wide + 0.22, knee), end)[0] - 0.026)
        feeler = segment(side, v, (0.1, -0.8), (0.42, -1.08))[0] - 0.018
        feeler = np.minimum(feeler, np.hypot(side - 0.44, v + 1.09) - 0.06)
        limb = np.minimum(limb, feeler)
        if horned:
            claw = np.maximum(np.abs(np.hypot(side - 0.02, v + 1.02) - 0.27) - 0.06, 0.06 - side)
            limb = np.minimum(limb, claw)
        canvas.shade(1 - 0.45 * step(0.12, 0.0, limb))
        canvas.lay(limbs, coverage(limb, at.pixel))
        canvas.glow(front[2], 0.5 * step(0.0, -0.03, limb))
        if spread:  # the thin wings that beetles fold under the hard ones
            wing = Place(side, v, at.pixel, at.scale).moved(0.1, -0.15, 1, -spread * 1.5)
            blade = ellipse(wing.u - 0.1, wing.v - 0.6, 0.3, 0.68)
            veins = noise.ridges(wing.u * 4, wing.v * 2, 2) ** 3
            canvas.lay(gleam[2] * (1.1 - 0.8 * veins[..., None]), coverage(blade, at.pixel) * 0.6)
            soft = ellipse(u, v - 0.3, wide * 0.7, 0.62)
            rings = 0.7 + 0.4 * np.cos(v * 34)
            canvas.lay(limbs + front[1] * 0.4 * rings[..., None], coverage(soft, at.pixel))
        half = Place(side, v, at.pixel, at.scale).moved(0, -0.25, 1, -spread)
        x, y = half.u / wide, (half.v - 0.5) / 0.72
        case = np.maximum((np.sqrt(x * x + y * y + 1e-6) - 1) * wide, -half.u + 0.012)
        canvas.shade(1 - 0.55 * step(0.14, 0.0, case))
        across = x / np.sqrt(np.clip(1.03 - y * y, 0.03, 1))
        mark = np.zeros_like(u)
        if pattern == 1:
            for sx, sy, radius in spots:
                mark = np.maximum(mark, coverage(np.hypot(x - sx, y - sy) - radius * 1.5, 0.06))
        elif pattern == 2:
            mark = step(-0.15, 0.15, np.cos(across * 9.4))
        elif pattern == 3:
            mark = step(-0.15, 0.15, np.cos(y * 8 + np.cos(across * 7)) - 0.1)
        tone = 0.62 - 0.3 * across * across + rainbow * 0.3 * np.sin(y * 3 + across * 4)
        shell = ramp(np.clip(tone, 0, 1), palette)
        other = ramp(np.clip(1 - tone + 0.2 * rainbow, 0, 1), gleam)
        other = dots if pattern == 1 else other
        shell = shell + (other - shell) * (mark * 0.95)[..., None]
        if pattern == 0:
            shell = shell + (other - shell) * step(0.1, 0.9, np.abs(y + 0.3 * across))[..., None]
        height = dome(ellipse(x, y, 1.0, 1.0), at.scale * wide, 1.0)
        if grooves:
            shell = shell * (0.8 + 0.3 * np.cos(across * grooves * np.pi))[..., None]
        diffuse, shine = canvas.relief(height, 0.85)
        cover = coverage(case, at.pixel)
        canvas.lay(shell * diffuse[..., None], cover)
        canvas.glow(WHITE, cover * (0.9 * shine + 0.3 * step(0.95, 1.25, diffuse)))
        canvas.glow(gleam[2], 0.4 * cover * step(0.1, 0.0, np.abs(np.hypot(x, y) - 0.82)))
        head = ellipse(u, v + 0.72, 0.25, 0.19)
        neck = ellipse(u, v + 0.42, min(0.5, wide * 0.86), 0.26)
        for shape in (head, neck):
            canvas.shade(1 - 0.5 * step(0.08, 0.0, shape))
            diffuse, shine = canvas.relief(dome(shape, at.scale, 0.25), 0.9)
            tone = np.clip(0.5 + 0.3 * rainbow * np.sin(side * 9) - 0.3 * (shape > -0.04), 0, 1)
            cover = coverage(shape, at.pixel)
            canvas.lay(ramp(tone, front) * diffuse[..., None], cover)
            canvas.glow(WHITE, 0.8 * cover * shine)
        ball = np.hypot(side - 0.2, v + 0.8) - 0.07
        canvas.lay(DARK, coverage(ball, at.pixel))
        canvas.glow(WHITE, 0.7 * coverage(np.hypot(side - 0.19, v + 0.82) - 0.025, 0.03))
    return finished(canvas)


def rosettes(noise: Noise, u: Array, v: Array, solid: float = 0.0) -> tuple[Array, Array]:
    """Spots of a coat, about one per unit: how dark the broken rings are, and their hearts."""
    wobble = noise.at(u * 2.6 + 9, v * 2.6)
    first, _, name = noise.cells(u, v, 0.55)
    reach = first + 0.09 * wobble
    outer = 0.38 + 0.08 * name
    heart = step(outer, outer - 0.06, reach)
    hollow = step(outer * 0.62, outer * 0.44, reach) * (1 - solid)
    gaps = step(0.4, 0.6, noise.at(u * 2.7 + 40, v * 2.7 + 7)) * (1 - solid)
    return heart * (1 - hollow) * (1 - gaps), heart * hollow


def coat(
    canvas: Canvas, u: Array, v: Array, noise: Noise, hair: Array, palette: Array, spot: Array
) -> Array:
    """Fur with rosettes; its spots are of the colour `spot`."""
    dark, heart = rosettes(noise, u * 3.2, v * 3.2)
    base = ramp(np.clip(0.7 + 0.16 * hair - 0.3 * heart, 0, 1), palette)
    spots = spot * (1 + 0.35 * hair[..., None])
    return base + (spots - base) * (dark * 0.94)[..., None]


def leopard(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    palette = pick(rng, *HIDES)
    spot = palette[0] * 0.45
    if rng.random() < 0.12:  # a dark cat with bright spots
        spot = palette[2]
        palette = np.stack([palette[0] * 0.4, palette[0] * 0.7, palette[1] * 0.7])
    length = rng.uniform(10, 24)
    face = rng.random() < 0.55
    if not face or rng.random() < 0.35:
        at = canvas.place(0.5, 2.0)
        u, v = at.u, at.v
        noise = Noise(rng)
        warp = noise.octaves(u * 0.9, v * 0.9, 2)
        hair = noise.octaves((u + v * 0.3) * length * 1.4, (v + 0.15 * warp) * length * 0.4, 2)
        stretched = 1 + rng.uniform(-0.2, 0.35)
        canvas.picture = coat(
            canvas, u * stretched + 0.2 * warp, v + 0.2 * warp, noise, hair, palette, spot
        )
        bulk = noise.octaves(u * 0.8 + 20, v * 0.8, 2)
        pale = step(0.3, 0.9, bulk) * rng.uniform(0, 0.8)
        canvas.lay(palette[2], pale * 0.7)
        height = bulk * 0.4 * at.scale + 0.012 * hair
        canvas.shade(canvas.relief(height.astype(np.float32), 1.1)[0])
        if not face:
            return finished(canvas)
        canvas.shade(np.full_like(u, rng.uniform(0.3, 0.75)))
    else:
        noise = ground(canvas)
    eyes = pick(rng, *IRISES)
    nose_tint = pick(rng, "c87870", "302028", "905070")[0]
    for at in places(canvas, 3, 0.4):
        u, v = at.u, at.v
        side = np.abs(u)
        for radius, tint in ((0.29, palette[0] * 0.8), (0.21, palette[1]), (0.12, palette[2])):
            canvas.lay(tint, coverage(np.hypot(side - 0.66, v + 0.64) - radius, at.pixel * 2))
        shape = ellipse(u * (1 + 0.14 * step(0.2, 0.9, v)), v - 0.02, 0.9, 0.92)
        shape = shape + 0.03 * noise.at(u * 12, v * 12)
        canvas.shade(1 - 0.55 * step(0.3, 0.0, shape))
        cover = coverage(shape, at.pixel * 2)
        reach = np.hypot(u, v - 0.3)
        hair = noise.octaves(reach * 6, np.arctan2(u, v - 0.3) * length, 2)
        muzzle = ellipse(side - 0.2, v - 0.5, 0.3, 0.25)
        chin = ellipse(u, v - 0.78, 0.26, 0.18)
        pale = step(0.1, -0.08, np.minimum(muzzle, chin))
        pale = np.maximum(pale, step(0.1, 0.0, ellipse(side - 0.36, v + 0.16, 0.24, 0.17)))
        dark, heart = rosettes(noise, side * 5.5 + 3, v * 5.5, 0.8)
        keep = step(0.02, 0.16, muzzle) * step(0.24, 0.34, np.hypot(side - 0.36, v + 0.14))
        keep = keep * step(0.12, 0.2, np.hypot(side * 0.8, (v - 0.02) * 0.45))
        tone = 0.62 + 0.16 * hair - 0.25 * heart * keep + 0.3 * pale - 0.12 * v
        fur = ramp(np.clip(tone, 0, 1), palette)
        fur = fur + (spot * (1 + 0.3 * hair[..., None]) - fur) * (dark * keep * 0.94)[..., None]
        ridge = 0.09 * np.exp(-((side / 0.2) ** 2)) * step(0.5, -0.2, v)
        height = dome(shape, at.scale, 0.7) * 0.5 + at.scale * (
            ridge + dome(muzzle, 0.35, 0.25) + 0.01 * hair
        )
        diffuse, _ = canvas.relief(height.astype(np.float32), 1.0)
        canvas.lay(fur * diffuse[..., None], cover)
        lens_u, lens_v = side - 0.36, v + 0.12 + 0.22 * (side - 0.36)
        lens = np.maximum(np.hypot(lens_u, lens_v + 0.1), np.hypot(lens_u, lens_v - 0.1)) - 0.21
        canvas.lay(DARK, coverage(lens - 0.05, at.pixel))
        tear = segment(side, v, (0.22, -0.04), (0.13, 0.3))[0] - 0.03
        canvas.lay(spot * 0.8, coverage(tear, at.pixel * 2) * 0.8)
        ball = np.hypot(lens_u, lens_v)
        canvas.lay(ramp(np.clip(0.2 + ball * 5 + 2 * lens_v, 0, 1), eyes), coverage(lens, at.pixel))
        canvas.lay(DARK, coverage(ball - 0.075, at.pixel))
        canvas.glow(WHITE, coverage(np.hypot(lens_u + 0.04, lens_v + 0.05) - 0.03, 0.03))
        nose = np.maximum(side - 0.2 + 0.6 * (v - 0.22), np.abs(v - 0.32) - 0.1)
        canvas.lay(nose_tint * (1.25 - 1.6 * (v - 0.22))[..., None], coverage(nose, at.pixel * 2))
        mouth = np.maximum(np.abs(v - 0.62 - 0.12 * np.cos(side * 9)), side - 0.36)
        mouth = np.minimum(mouth, np.maximum(side, np.abs(v - 0.53) - 0.12))
        canvas.lay(DARK, coverage(mouth - 0.018, at.pixel))
        row = np.round((v - 0.5) * 11)
        dot = np.hypot((side - 0.26) * 11 % 1 - 0.5, (v - 0.5) * 11 - row) + 9 * (np.abs(row) > 1)
        canvas.lay(DARK, coverage(dot - 0.26, at.pixel * 11) * (np.abs(side - 0.3) < 0.14) * 0.8)
        whisker = np.abs(v - 0.5 - (side - 0.3) * 0.16 * row) + 9 * (side < 0.3)
        whisker = whisker + 9 * (np.abs(row) > 2)
        canvas.glow(WHITE, 0.5 * coverage(whisker - 0.006, at.pixel) * (side < 1.15))
    return finished(canvas)


def starfish(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = water(canvas) if rng.random() < 0.3 else ground(canvas)
    palette, beads = hide(rng), hide(rng)
    if rng.random() < 0.4:
        beads = palette
    thick = rng.uniform(0.2, 0.42)
    thin = rng.uniform(0.25, 0.55)
    sway = rng.uniform(-0.35, 0.35)
    grain = rng.uniform(5, 13)
    look = int(rng.integers(4))
    for at in places(canvas, 5):
        reach = np.hypot(at.u, at.v)
        lively = 0.16 * noise.at(at.u * 1.1 + rng.uniform(0, 40), at.v * 1.1)
        angle = np.arctan2(at.v, at.u) + (sway + 1.6 * lively) * reach
        arm = np.round(angle * 5 / (2 * np.pi))
        fold = angle - arm * 2 * np.pi / 5
        along, side = reach * np.cos(fold), reach * np.sin(fold)
        long = 0.86 + 0.1 * np.cos(arm * 2.4 + sway * 9)
        away = np.hypot(np.maximum(along - long, 0), side)
        width = thick * (1 - thin * np.clip(along, 0, 1)) + 0.07 * step(0.55, 0.1, along)
        shape = (away - width) * 0.85
        canvas.shade(1 - 0.6 * step(0.22, 0.0, shape))
        cover = coverage(shape, at.pixel)
        across = np.abs(side) / width
        middle = step(0.16, 0.05, np.abs(side) - 0.03 * np.cos(along * 30))
        tone = 0.72 - 0.42 * across + 0.12 * np.cos(along * 7) * (look == 1)
        first, second, name = noise.cells(at.u * grain, at.v * grain, 0.8)
        if look == 0:  # a net of ridges between the cells
            bump = step(0.22, 0.02, second - first)
        elif look == 1:  # knobs in rows along each arm
            beat = along * grain * 0.8
            knob = np.hypot(beat - np.round(beat), (across % 0.5 - 0.25) * 1.8)
            bump = np.maximum(step(0.42, 0.12, knob), step(0.3, 0.0, np.abs(side) * grain) * 0.7)
        elif look == 2:  # large knobs down the middle on grainy skin
            beat = along * 5.5
            knob = np.hypot((beat - np.round(beat)) / 5.5, side) / (0.09 * (1.3 - along))
            bump = np.maximum(step(1.0, 0.5, knob), 0.35 * step(0.5, 0.1, first))
        else:  # seen from below: a groove with little feet on both sides
            feet = np.cos(along * 44) * step(0.55, 0.3, across)
            bump = 0.5 + 0.5 * feet - step(0.13, 0.02, across)
            tone = tone - 0.5 * step(0.16, 0.05, across)
        skin = ramp(np.clip(tone + 0.25 * (name - 0.5), 0, 1), palette)
        tips = np.clip(bump, 0, 1) * (0.85 if look != 3 else 0.5)
        skin = skin + (ramp(np.clip(0.85 - 0.2 * across, 0, 1), beads) - skin) * tips[..., None]
        skin = skin + (beads[1] - skin) * (0.4 * middle * (look < 2))[..., None]
        height = dome(shape, at.scale, 0.32) * 0.8 + at.scale * 0.03 * bump
        diffuse, shine = canvas.relief(height.astype(np.float32), 1.1)
        canvas.lay(skin * diffuse[..., None] + 0.22 * shine[..., None], cover)
    return finished(canvas)


def turtle(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    swims = rng.random() < 0.6
    noise = water(canvas) if swims and rng.random() < 0.65 else ground(canvas)
    shell, skin, seam = hide(rng), hide(rng), hide(rng)
    dark_seams = rng.random() < 0.6
    tint = shell[0] * 0.5 if dark_seams else seam[2]
    look = int(rng.integers(4))
    wide, taper = rng.uniform(0.58, 0.74), rng.uniform(0.0, 0.3) * swims
    rings = rng.uniform(14, 26)
    apart = rng.uniform(0.42, 0.5)
    for at in places(canvas, 4):
        at = at.moved(0, 0.05, 0.85)
        u, v = at.u, at.v
        side = np.abs(u)
        beat = rng.uniform(-0.3, 0.3)
        if swims:  # long bent flippers
            fore = segment(side, v, (0.45, -0.5), (0.95, -0.72 + beat))
            hand = segment(side, v, (0.95, -0.72 + beat), (1.3, -0.15 + beat))
            limb = np.minimum(
                fore[0] - 0.15 - 0.03 * fore[1], hand[0] - 0.18 * (1 - 0.75 * hand[1])
            )
            back = segment(side, v, (0.35, 0.65), (0.7, 1.02 - 0.4 * beat))
            limb = np.minimum(limb, back[0] - 0.09 - 0.06 * back[1])
        else:  # short legs with claws
            limb = np.full_like(u, 9)
            for y, reach in ((-0.5, -0.78 + beat * 0.5), (0.5, 0.8 + beat * 0.5)):
                leg = segment(side, v, (0.4, y), (0.8, reach))[0] - 0.17
                claws = ellipse(side - 0.86, (v - reach + 0.13) % 0.1 - 0.05, 0.13, 0.04)
                claws = np.maximum(claws, np.abs(v - reach) - 0.13)
                limb = np.minimum(np.minimum(limb, leg), claws)
        tail = segment(u, v, (0.0, 0.8), (0.05 * beat, 1.12))
        limb = np.minimum(limb, tail[0] - 0.07 * (1.2 - tail[1]))
        neck = segment(u, v, (0.0, -0.7), (beat * 0.4, -1.08))[0] - 0.15
        head = ellipse(u - beat * 0.4, v + 1.12, 0.2, 0.26)
        limb = np.minimum(limb, np.minimum(neck, head))
        canvas.shade(1 - 0.5 * step(0.2, 0.0, limb))
        first, second, name = noise.cells(side * 8 + 3, v * 8, 0.7)
        gap = step(0.06, 0.24, second - first)
        diffuse, shine = canvas.relief(dome(limb, at.scale, 0.16), 0.9)
        plates = ramp(np.clip(0.3 + 0.3 * gap + 0.3 * (name - 0.3), 0, 1), skin)
        plates = plates + (skin[2] - plates) * ((1 - gap) * 0.7)[..., None]
        canvas.lay(plates * diffuse[..., None] + 0.2 * shine[..., None], coverage(limb, at.pixel))
        ball = np.hypot(np.abs(u - beat * 0.4) - 0.14, v + 1.18)
        canvas.lay(DARK, coverage(ball - 0.055, at.pixel))
        canvas.glow(WHITE, coverage(ball - 0.02, 0.03))
        # The shell: five scutes in the middle, four on each side, a ring of small ones.
        x = u / (wide * (1 - taper * np.clip(v, -0.4, 1)))
        y = v / 0.86
        wheel = np.hypot(x, y)
        rim = (wheel - 1) * wide
        canvas.shade(1 - 0.65 * step(0.2, 0.0, rim))
        cover = coverage(rim, at.pixel)
        near = np.full_like(u, 9)
        next_ = near.copy()
        cx, cy = np.zeros_like(u), np.zeros_like(u)
        middles = [(0.0, row * 0.36 - 0.72) for row in range(5)]
        flanks = [(apart + 0.06 * (row in (1, 2)), row * 0.38 - 0.57) for row in range(4)]
        for px, py in middles + flanks:
            away = np.hypot(np.abs(x) - px, y - py)
            nearer = away < near
            next_ = np.where(nearer, near, np.minimum(next_, away))
            cx, cy = np.where(nearer, px, cx), np.where(nearer, py, cy)
            near = np.where(nearer, away, near)
        angle = np.arctan2(x, -y)
        edge_turn = angle * 24 / (2 * np.pi)
        edge = np.abs(edge_turn - np.round(edge_turn))
        outer = wheel > 0.84
        border = np.where(outer, (0.5 - edge) * 0.26, (next_ - near) * 0.5)
        border = np.minimum(border, np.abs(wheel - 0.84))
        groove = step(0.045, 0.012, border)
        spoke = np.arctan2(np.abs(x) - cx, y - cy)
        if look == 0:  # growth rings
            tone = 0.5 + 0.28 * np.cos(border * rings * 4) + 0.2 * step(0.05, 0.2, border)
        elif look == 1:  # rays from the middle of each scute
            tone = 0.45 + 0.4 * np.sin(spoke * 9 + 3 * noise.at(x * 3, y * 3)) * step(0, 0.2, near)
        elif look == 2:  # plain, brighter towards the middle
            tone = 0.15 + 4.0 * border + 0.12 * noise.octaves(x * 4, y * 4, 2)
        else:  # thin bright rays around a bright middle, as on a star tortoise
            ray = step(0.55, 0.9, np.cos(spoke * 6))
            tone = 0.2 + 0.75 * np.maximum(ray, step(0.1, 0.06, near))
        tone = np.where(outer, 0.3 + 0.55 * step(0.1, 0.4, 0.5 - edge), tone)
        plate = ramp(np.clip(tone, 0, 1), shell)
        plate = plate + (tint - plate) * (groove * 0.85)[..., None]
        bulge = np.sqrt(np.clip(border, 0, 0.12)) * (0.14 if look != 2 else 0.2)
        height = dome(rim, at.scale, wide) * 0.55 + at.scale * bulge
        diffuse, shine = canvas.relief(height.astype(np.float32), 1.0)
        canvas.lay(plate * diffuse[..., None] + 0.3 * shine[..., None], cover)
    return finished(canvas)


def heap(canvas: Canvas, noise: Noise) -> Place:
    """A place that repeats in rows, each copy moved and turned a little."""
    at = canvas.place(0.25, 0.5, 0.3)
    row = np.round(at.v / 1.62)
    u = at.u + 0.75 * (row % 2)
    column = np.round(u / 1.5)
    shift = noise.at(column * 3 + 0.5, row * 3)
    turn = 0.3 * noise.at(column * 5, row * 7 + 0.5)
    u, v = u - column * 1.5 + 0.06 * shift, at.v - row * 1.62 - 0.06 * shift
    c, s = np.cos(turn), np.sin(turn)
    return Place(c * u + s * v, c * v - s * u, at.pixel, at.scale)


def skull(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    bone = pick(rng, *HIDES)
    if rng.random() < 0.45:  # pale as real bone
        bone = np.stack([bone[0], bone[1] * 0.5 + 0.32, bone[2] * 0.35 + 0.64])
    elif rng.random() < 0.2:
        bone = bone[::-1]
    hollow = DARK + bone[0] * 0.25
    if bone[0].sum() > bone[2].sum():
        hollow = DARK + bone[2] * 0.3
    glow = hide(rng)[1:]
    burning = rng.random() < 0.25
    painted = int(rng.integers(4))
    ink = hide(rng)
    gape = rng.uniform(0.05, 0.22) if rng.random() < 0.4 else 0.0
    tilt = rng.uniform(-0.35, 0.35)
    wide = rng.uniform(0.92, 1.08)
    teeth = rng.uniform(9, 13)
    rough = rng.uniform(0.2, 1.0)
    heaped = rng.random() < 0.22
    for at in [heap(canvas, noise)] if heaped else places(canvas, 4, 0.4):
        at = at.moved(0, -0.05, 0.95)
        u, v = at.u / wide, at.v
        side = np.abs(u)
        cranium = ellipse(u, v + 0.3, 0.74, 0.68)
        cheek = ellipse(side - 0.4, v - 0.22, 0.28, 0.2)
        upper = np.maximum(side - 0.37, np.abs(v - 0.36) - 0.3)
        deep = v - gape
        chin = (side / 0.45) ** 3 + np.abs((deep - 0.56) / 0.42) ** 3
        jaw = np.maximum((np.cbrt(chin) - 1) * 0.4, 0.47 - deep)
        bar = np.maximum(np.abs(side - 0.44 + 0.08 * v) - 0.07, np.abs(v - 0.5) - 0.3)
        jaw = np.minimum(jaw - 0.03, bar)
        mask = np.minimum(np.minimum(cranium, cheek), upper - 0.03)
        shape = np.minimum(mask, jaw)
        canvas.shade(1 - 0.6 * step(0.28, 0.0, shape))
        canvas.lay(hollow, coverage(np.maximum(side - 0.42, np.abs(v - 0.55) - 0.3), at.pixel))
        temple = step(0.3, 0.0, ellipse(side - 0.72, v - 0.02, 0.1, 0.22))
        pu, pv = side - 0.31, v - 0.0
        ca, sa = float(np.cos(tilt)), float(np.sin(tilt))
        eu, ev = ca * pu + sa * pv, ca * pv - sa * pu
        socket = ((np.abs(eu / 0.21) ** 2.6 + np.abs(ev / 0.2) ** 2.6) ** 0.385 - 1) * 0.2
        lean = side - 0.05 - 0.3 * (v - 0.32)
        nose = np.maximum(ellipse(lean, v - 0.31, 0.075, 0.14), 0.012 - side)
        holes = np.minimum(socket, nose)
        texture = noise.octaves(u * 5, v * 5, 3)
        crack = step(0.9, 1.0, noise.ridges(u * 1.7 + 3, v * 1.7, 2)) * (v < -0.1)
        brow = 0.05 * step(0.12, 0.0, np.abs(v + 0.2 + 0.25 * (side - 0.3) ** 2)) * (side < 0.6)
        height = dome(mask, 1.0, 0.55) * 0.75 + dome(cheek, 0.35, 0.25) + brow
        height = np.where(mask < 0, height, dome(jaw, 0.7, 0.25))
        height = height + 0.1 * step(0.0, 0.1, holes) + 0.02 * texture * rough - 0.03 * crack
        # Teeth: round columns above and below the bite.
        bite = v - 0.585 - 0.04 * side - 0.5 * gape * (v > 0.6) * 2 * (v > 0.585)
        column = np.arcsin(np.clip(u / 0.4, -1, 1)) * teeth / 2
        gaps = np.abs(column - np.round(column))
        crown = np.where(v < 0.6, np.abs(v - 0.5) - 0.085, np.abs(deep - 0.69) - 0.08)
        crown = np.maximum(crown, side - 0.345) + 0.09 * gaps * gaps
        gum = coverage(np.maximum(crown - 0.035, side - 0.37), at.pixel)
        tooth = coverage(crown - 0.005, at.pixel * 1.5) * step(0.5, 0.4, gaps)
        height = height + 0.05 * tooth * np.sqrt(np.clip(1 - 3.6 * gaps * gaps, 0, 1))
        diffuse, shine = canvas.relief((height * at.scale).astype(np.float32), 1.15)
        tone = 0.78 + 0.2 * texture * rough - 0.4 * temple - 0.35 * step(-0.1, 0.0, mask) * (v < 0)
        tone = tone - 0.5 * crack - 0.45 * step(0.12, 0.0, holes) * (holes > 0)
        colour = ramp(np.clip(tone, 0, 1), bone)
        if painted == 1:  # petals around the sockets, a flower on the brow
            petals = np.abs(socket - 0.07 - 0.02 * np.cos(np.arctan2(ev, eu) * 12)) - 0.035
            bloom_u, bloom_v = u, v + 0.55
            turn = np.arctan2(bloom_v, bloom_u)
            bloom = np.hypot(bloom_u, bloom_v) - 0.2 - 0.06 * np.cos(turn * 6)
            paint = np.minimum(petals, np.abs(bloom + 0.05) - 0.04)
            paint = np.minimum(paint, np.hypot(bloom_u, bloom_v) - 0.06)
            swirl = np.abs(np.hypot(side - 0.42, v + 0.45) - 0.11) - 0.022
            paint = np.minimum(paint, swirl)
            colour = colour + (ink[1] - colour) * (coverage(paint, at.pixel) * 0.9)[..., None]
        cover = coverage(shape, at.pixel)
        canvas.lay(colour * diffuse[..., None] + 0.16 * shine[..., None], cover)
        canvas.lay(hollow * 0.6 + ramp(np.float32(0.25), bone) * 0.4, gum * 0.8)
        enamel = ramp(np.clip(0.95 - 0.5 * gaps, 0, 1), bone)
        canvas.lay(enamel * np.clip(diffuse, 0.5, 1.2)[..., None], tooth)
        canvas.lay(hollow, coverage(np.maximum(np.abs(bite) - 0.012, side - 0.38), at.pixel))
        canvas.lay(hollow, coverage(holes, at.pixel * 2))
        if burning:
            pit = np.hypot(pu, pv)
            canvas.glow(glow[0], step(0.2, 0.0, pit) * 0.8)
            canvas.glow(glow[1], step(0.1, 0.02, pit))
        else:
            canvas.glow(bone[1], 0.35 * step(-0.12, 0.0, socket) * (socket < 0) * (ev > 0))
    return finished(canvas)
