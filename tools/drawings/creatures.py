"""Living things that swim, fly and look."""

from __future__ import annotations

import numpy as np

from .canvas import WHITE, Array, Canvas, Place, coverage, ellipse, pick, ramp, rgb, segment, step
from .finish import finished
from .grounds import ground, water
from .noise import Noise


def several(rng: np.random.Generator, most: int = 4) -> tuple[int, float, float]:
    """How many objects a picture shows, and how large they are: one large or some small ones."""
    if rng.random() < 0.65:
        return 1, 0.6, 1.7
    return int(rng.integers(2, most + 1)), 0.34, 0.58


def positions(rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    """Centres that do not lie on top of each other."""
    if count == 1:
        x, y = rng.uniform(-0.35, 0.35, 2)
        return [(float(x), float(y))]
    start = rng.uniform(0, 2 * np.pi)
    angles = start + 2 * np.pi * np.arange(count) / count + rng.normal(0, 0.15, count)
    return [(float(0.55 * np.cos(a)), float(0.55 * np.sin(a))) for a in angles]


def places(canvas: Canvas, most: int = 4, turn: float = np.pi) -> list[Place]:
    """Places for the objects of one picture."""
    count, low, high = several(canvas.rng, most)
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    return [
        whole.moved(
            x,
            y,
            float(np.exp(canvas.rng.uniform(np.log(low), np.log(high)))),
            float(canvas.rng.uniform(-turn, turn)),
        )
        for x, y in positions(canvas.rng, count)
    ]


def iris(canvas: Canvas, at: Place, noise: Noise, slit: bool, palette: Array) -> Array:
    """An iris of radius 1 with its fibres, pupil, dark rim and reflections; returns its cover."""
    rng = canvas.rng
    radius = np.hypot(at.u, at.v)
    angle = np.arctan2(at.v, at.u)
    cover = coverage(radius - 1, at.pixel)
    fibres = noise.octaves(np.cos(angle) * 7 + radius, np.sin(angle) * 7 - radius, 3, 0.6)
    canvas.lay(ramp(0.15 + 0.7 * radius + 0.35 * fibres, palette), cover)
    canvas.shade(1 - cover * 0.75 * step(0.78, 1.0, radius))
    wide = rng.uniform(0.3, 0.5)
    hole = ellipse(at.u, at.v, wide * 0.3, 0.9) if slit else radius - wide
    canvas.lay(rgb(0.01, 0.01, 0.02), coverage(hole, at.pixel * 1.5) * cover)
    canvas.glow(palette[1], cover * 0.45 * step(0.25, 0.9, radius) * step(-0.2, 0.8, at.v))
    shift = rng.uniform(-0.45, 0.1)
    spot = ellipse(at.u - shift, at.v + 0.35, 0.22, 0.17)
    canvas.glow(WHITE, coverage(spot, 0.08) * cover * 0.95)
    return cover


def eye(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    skin = (
        "3b1d12 9a6044 f0c8a4",
        "2a1a14 6a4630 b08a68",
        "22301a 5d7a3a c0c878",
        "1c2634 4c6a86 b8c8d0",
        "2c1424 7a3a5c d89ab0",
        "3a2a10 a8742c f0cc80",
    )
    noise = ground(canvas, *skin)
    folds = noise.octaves(canvas.x * 3, canvas.y * 6, 4)
    canvas.shade(canvas.relief(folds * 0.04, 1.5)[0])
    palette = pick(
        rng,
        "0a1c3c 2f74b8 a8dcec",
        "12240c 4f8a3a d8d878",
        "2a0f04 8a4a18 e8b050",
        "101820 4a6a74 c0d4cc",
        "300c04 c04a10 ffd848",
        "1a0a2c 6a3a9c d0a0e8",
    )
    for at in places(canvas, 3, 0.6):
        slit = bool(rng.random() < 0.25)
        opening = rng.uniform(0.5, 0.85)
        width = 1.05
        top = opening * (1 - (at.u / width) ** 2)
        low = 0.75 * opening * (1 - (at.u / width) ** 2)
        lid = np.maximum(-at.v - top, at.v - low)  # negative inside the opening
        canvas.shade(1 - 0.6 * step(0.35, 0.0, lid))  # the socket
        crease = np.abs(lid - 0.16) * (1 + 2 * (at.v > 0))
        canvas.shade(1 - 0.5 * step(0.07, 0.0, crease) * (at.v < 0))
        white = coverage(lid, at.pixel)
        tone = rgb(0.93, 0.9, 0.88) * (1 - 0.45 * step(0.5, 1.1, np.abs(at.u)))[..., None]
        veins = noise.ridges(at.u * 3, at.v * 3, 3) ** 6
        canvas.lay(tone - veins[..., None] * rgb(0.1, 0.4, 0.4), white)
        before = canvas.picture.copy()
        iris(canvas, at.moved(float(rng.uniform(-0.2, 0.2)), 0.0, 0.52), noise, slit, palette)
        canvas.picture = before + (canvas.picture - before) * white[..., None]
        canvas.shade(1 - 0.6 * white * step(0.28, 0.0, at.v + top))  # shadow of the upper lid
        fan = at.u * 16 + at.u * at.v * 8
        lash = (
            step(0.5, 0.9, np.cos(fan * 2)) * step(0.34, 0.02, -at.v - top) * (-at.v - top > -0.02)
        )
        canvas.shade(1 - 0.85 * lash * (np.abs(at.u) < 1))
        canvas.shade(1 - 0.8 * step(0.045, 0.0, np.abs(lid)) * (np.abs(at.u) < 1.05))
    return finished(canvas)


def plume(canvas: Canvas, at: Place, noise: Noise, palette: Array, bars: float) -> None:
    """One feather along u from -1 (quill) to 1 (tip)."""
    rng = canvas.rng
    bend = rng.uniform(-0.35, 0.35)
    v = at.v - bend * at.u**2 + bend * 0.4
    t = (at.u + 1) / 2
    wide = rng.uniform(0.26, 0.42)
    edge = wide * np.clip(t * 4, 0, 1) ** 0.7 * np.clip(1 - t**4, 0, 1) ** 0.6
    side = np.abs(v)
    slant = at.u - side * rng.uniform(0.7, 1.3)
    split = noise.at(slant * 5, np.sign(v) * 3 + 0 * v)
    edge = edge * (1 - 0.3 * step(0.3, 0.8, split))
    inside = coverage(side - edge, at.pixel * 1.5) * (np.abs(at.u) < 1)
    barbs = 0.5 + 0.5 * np.cos(slant * rng.uniform(60, 90))
    band = 0.5 + 0.5 * np.sin(slant * bars + noise.at(slant * 3, side * 6))
    tone = np.clip(0.75 * t + 0.35 * (side / wide) - 0.1, 0, 1)
    body = ramp(np.clip(tone * 0.6 + 0.4 * band * (bars > 0) + 0.1 * split, 0, 1), palette)
    canvas.shade(1 - 0.45 * step(0.14, 0.0, np.abs(v - 0.06) - edge) * (np.abs(at.u) < 1))
    light = (0.68 + 0.4 * barbs) * (1 - 0.35 * step(0.1, 0.0, side)) * (0.9 + 0.25 * (v < 0))
    canvas.lay(body * light[..., None], inside)
    quill = coverage(side - 0.022 * (1.4 - t), at.pixel) * (at.u > -1.25) * (at.u < 0.9)
    canvas.lay(np.clip(palette[-1] * 1.15, 0, 1), quill * 0.9)


FEATHERS = (
    "1a1210 7a4a2a f0d8b0",
    "0a2038 1f78a8 a8e8e0",
    "102010 3a8a3c e8e060",
    "2a0810 c02a30 ffb070",
    "20202c 70748c f4f2ee",
    "140a2c 6a3ab0 e8a0d8",
    "301804 d07818 ffe890",
    "0c2c2c 108a80 f0b840",
)


def feather(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = pick(rng, *FEATHERS)
    bars = float(rng.choice([0, 12, 20, 28]))
    count = int(rng.choice([1, 1, 2, 3, 6]))
    first = float(rng.uniform(-np.pi, np.pi))
    for number in range(count):
        at = canvas.place(0.6, 1.4 if count == 1 else 1.0, 0.0, 0.15 + 0.1 * count)
        plume(canvas, at.moved(0, 0, 1, first + (number - count / 2) * 0.5), noise, palette, bars)
    return finished(canvas)


def bee(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    fur = pick(rng, "2a1602 d89010 ffd860", "241004 b86a14 f4c070", "30200a e8b820 fff0a0")
    for at in places(canvas):
        u, v = at.u, at.v
        for side in (-1, 1):  # legs
            for root in (-0.15, 0.1, 0.3):
                a, b = (root, 0.15 * side), (root * 2.2 - 0.05, 0.55 * side)
                line = segment(u, v, a, b)[0]
                canvas.lay(rgb(0.08, 0.05, 0.03), coverage(line - 0.025, at.pixel))
        belly = ellipse(u + 0.45, v, 0.5, 0.3)
        hair = 0.03 * noise.octaves(u * 22, v * 22, 2)
        light = np.clip(1.1 - 1.6 * np.abs(v + 0.08) ** 1.5, 0.25, 1.1)
        bands = step(-0.25, 0.25, np.sin((u - 0.25 * v * v) * 21 + 0.6) + hair * 6)
        coat = ramp(0.5 + 0.5 * light - 0.3 * (noise.octaves(u * 12, v * 20, 2) < 0), fur)
        dark = rgb(0.07, 0.045, 0.03)
        stripes = coat * bands[..., None] + dark * (1 - bands)[..., None]
        canvas.lay(stripes * light[..., None], coverage(belly + hair * 0.5, at.pixel * 2))
        shine = step(0.1, 0.0, np.abs(v + 0.14)) * coverage(belly, at.pixel)
        canvas.glow(WHITE, 0.25 * shine)
        chest = ellipse(u - 0.17, v, 0.26, 0.27)
        fluff = noise.octaves(u * 16, v * 16, 3)
        canvas.lay(
            ramp(0.45 + 0.4 * fluff - 0.5 * v, fur), coverage(chest + 0.05 * fluff, at.pixel * 3)
        )
        head = ellipse(u - 0.5, v, 0.16, 0.2)
        canvas.lay(dark * (1.3 + fluff[..., None]), coverage(head, at.pixel))
        for side in (-1, 1):
            ball = ellipse(u - 0.52, v - 0.14 * side, 0.1, 0.075)
            canvas.lay(rgb(0.25, 0.1, 0.06), coverage(ball, at.pixel))
            canvas.glow(WHITE, 0.6 * coverage(ball + 0.05, 0.05))
            horn = segment(u, v, (0.62, 0.05 * side), (0.92, 0.22 * side))[0]
            canvas.lay(dark, coverage(horn - 0.018, at.pixel))
            for root, spread, long in ((0.15, 1.05, 0.75), (0.02, 0.7, 0.5)):  # wings
                wing = at.moved(root, 0.1 * side, 1, side * (np.pi - spread))
                shape = ellipse(wing.u - long * 0.5, wing.v, long * 0.55, long * 0.2)
                cover = coverage(shape, at.pixel)
                veins = noise.ridges(wing.u * 3, wing.v * 7, 2) ** 5
                canvas.lay(rgb(0.85, 0.9, 0.95), cover * (0.35 + 0.2 * wing.u))
                canvas.lay(dark, cover * np.clip(veins, 0, 1) * 0.5)
                canvas.lay(dark, coverage(np.abs(shape) - 0.012, at.pixel) * 0.6)
    return finished(canvas)


FISHES = (
    "0c2c50 e87818 fff0c8",
    "10303c 30a0b0 f0f0a0",
    "200c30 b03c90 ffd060",
    "302010 d0a020 fff8d8",
    "081830 3060c8 c8e8ff",
    "301010 d83020 ffc8a0",
    "182820 608868 e8e8c0",
    "202028 8090a0 f8f8f8",
)


def fish(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = water(canvas) if rng.random() < 0.75 else ground(canvas)
    palette = pick(rng, *FISHES)
    look = float(rng.random())
    tall = rng.uniform(0.32, 0.62)
    facing = float(rng.choice([0, np.pi]))
    for at in places(canvas, 6, 0.5):
        at = at.moved(0, 0, 1, facing)
        u, v = at.u, at.v * (1 if facing == 0 else -1)
        fan = np.hypot(u + 0.5, v)
        angle = np.arctan2(v, -(u + 0.5))
        tail = np.maximum(np.abs(angle) - 0.62, fan - 0.55 + 0.2 * np.cos(angle * 3))
        rays = 0.75 + 0.3 * np.cos(angle * 34)
        canvas.lay(
            ramp(0.35 + 0.8 * fan, palette) * rays[..., None], coverage(tail, at.pixel * 1.5) * 0.9
        )
        crown = -v - tall * 0.75 * np.clip(1 - ((u + 0.05) / 0.62) ** 2, 0, 1) - tall * 0.5
        keel = v - tall * 0.65 * np.clip(1 - ((u + 0.15) / 0.35) ** 2, 0, 1) - tall * 0.45
        fins = np.minimum(np.maximum(crown, v), np.maximum(keel, -v)) + 10 * (
            np.abs(u + 0.1) > 0.52
        )
        comb = 0.7 + 0.35 * np.cos((u * 0.9 + v * 0.4) * 48)
        canvas.lay(
            ramp(0.5 + 0.5 * np.abs(v), palette) * comb[..., None],
            coverage(fins, at.pixel * 1.5) * 0.9,
        )
        body = np.abs(v) - tall * (
            1 - np.clip((u - 0.12) / np.where(u > 0.12, 0.7, 0.8), -1, 1) ** 2
        )
        cover = coverage(body, at.pixel)
        row = np.round(v * 15)
        su, sv = u * 15 + 0.5 * (row % 2), v * 15
        scale = np.hypot(su - np.round(su) - 0.15, (sv - row) * 0.9)
        if look < 0.45:
            band = step(-0.3, 0.3, np.sin(u * rng.uniform(9, 16) + 2 * noise.at(u * 2, v * 2) + 1))
        elif look < 0.7:
            band = step(-0.2, 0.4, np.sin(v * 26 + 1.5 * noise.at(u * 2, v * 2)))
        else:
            band = step(0.0, 0.35, noise.octaves(u * 4, v * 4, 2))
        tone = 0.25 + 0.55 * band - 0.45 * v / tall * 0.5 + 0.2
        skin = ramp(np.clip(tone, 0, 1), palette) * (1.12 - 0.45 * step(0.2, 0.7, scale))[..., None]
        light = np.clip(1.15 - 0.9 * (v / tall + 0.35) ** 2, 0.35, 1.15)
        canvas.lay(skin * light[..., None], cover)
        canvas.glow(rgb(0.9, 1, 1), cover * 0.45 * step(0.16, 0.0, np.abs(v / tall + 0.45)))
        gill = np.abs(np.hypot(u - 0.68, v) - 0.36)
        canvas.shade(1 - 0.55 * cover * step(0.05, 0, gill) * (u < 0.6))
        side = at.moved(0.12, 0.08 * (1 if facing == 0 else -1), 1, 0.4)
        fin = ellipse(side.u + 0.16, side.v, 0.22, 0.1)
        canvas.lay(
            np.clip(palette[1] * 1.2, 0, 1) * (0.7 + 0.4 * np.cos(side.v * 70))[..., None],
            coverage(fin, at.pixel) * 0.85,
        )
        ball = np.hypot(u - 0.56, v + tall * 0.2)
        canvas.lay(rgb(0.95, 0.92, 0.75), coverage(ball - 0.085, at.pixel) * cover)
        canvas.lay(rgb(0.02, 0.02, 0.03), coverage(ball - 0.055, at.pixel) * cover)
        canvas.glow(
            WHITE,
            coverage(np.hypot(u - 0.58, v + tall * 0.2 + 0.02) - 0.018, 0.03),
        )
    return finished(canvas)


def jellyfish(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = water(canvas)
    canvas.picture *= rng.uniform(0.35, 0.9)
    palette = pick(
        rng,
        "281060 a040d0 ffc0f0",
        "083060 20a0d8 d0ffff",
        "601020 e85070 ffe0c8",
        "104038 40c8a0 f0ffd8",
        "502808 f09840 fff4d0",
        "202040 8088d8 f0f0ff",
    )
    for at in places(canvas, 4, 0.6):
        u, v = at.u, at.v + 0.35
        for _ in range(int(rng.integers(7, 13))):  # tentacles
            root, long = rng.uniform(-0.5, 0.5), rng.uniform(0.7, 1.5)
            wave, phase = rng.uniform(3, 7), rng.uniform(0, 6.3)
            path = root * (1 + 0.25 * v) + 0.09 * np.sin(v * wave + phase) * np.clip(v * 2, 0, 1)
            fade = (v > 0.05) * step(long, long * 0.4, v)
            thin = np.abs(u - path)
            canvas.glow(
                palette[2], fade * (0.65 * step(0.03, 0.0, thin) + 0.25 * step(0.1, 0.0, thin))
            )
        for _ in range(3):  # frilled arms
            root, phase = rng.uniform(-0.22, 0.22), rng.uniform(0, 6.3)
            path = root + 0.1 * np.sin(v * 4 + phase)
            frill = 0.11 + 0.05 * np.sin(v * 24 + phase * 3) + 0.04 * noise.at(u * 9, v * 12)
            fade = (v > 0) * step(1.2, 0.5, v) * step(1.0, 0.5, np.abs(u - path) / frill)
            canvas.glow(palette[1], fade * (0.4 + 0.3 * np.sin(v * 24 + phase * 3)))
        rim = 0.06 * np.cos(u * 26)
        bell = np.maximum(ellipse(u, v, 0.72, 0.62), v - 0.1 - rim)
        cover = coverage(bell, at.pixel * 2)
        across = np.arcsin(
            np.clip(u / (0.72 * np.sqrt(np.clip(1 - (v / 0.62) ** 2, 0.02, 1))), -1, 1)
        )
        ribs = 0.5 + 0.5 * np.cos(across * 14)
        edge = step(-0.28, 0.0, bell)
        tone = (
            0.25
            + 0.4 * edge
            + 0.3 * ribs * (0.3 + np.clip(v + 0.5, 0, 1))
            + 0.15 * noise.octaves(u * 5, v * 5, 3)
        )
        canvas.lay(ramp(np.clip(tone, 0, 1), palette), cover * (0.5 + 0.4 * edge))
        canvas.glow(palette[2], cover * step(0.28, 0.0, np.hypot(u + 0.2, (v + 0.32) * 1.6)) * 0.5)
        canvas.glow(palette[1], step(0.5, 0.0, bell) * 0.3)
    return finished(canvas)


WINGS = (
    "180804 e06810 ffd070",
    "04081c 1860d8 80d8ff",
    "100818 8030a8 f8a0d8",
    "0c1408 388030 e8f080",
    "1c1008 b08840 fff0d0",
    "180408 c01830 ffb090",
    "081818 10a098 d8fff0",
    "141414 787068 f8f4e8",
)


def butterfly(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = pick(rng, *WINGS)
    eyed = rng.random() < 0.5
    fold = rng.uniform(0.65, 1.1)
    for at in places(canvas):
        u, v = np.abs(at.u) / fold, at.v
        cover = np.zeros_like(u)
        for turn, long, wide, fu, fv in (
            (0.5, 0.95, 0.42, 0.42, -0.32),
            (-0.55, 0.7, 0.42, 0.36, 0.32),
        ):
            c, s = np.cos(turn), np.sin(turn)
            p, q = c * (u - fu) - s * (v - fv), s * (u - fu) + c * (v - fv)
            q = q * (1.15 - 0.5 * p)
            notch = 0.03 * np.cos(np.arctan2(q, p) * 13)
            shape = ellipse(p, q, long * 0.55, wide * 0.75) + notch
            part = coverage(shape, at.pixel)
            angle = np.arctan2(v - 0.0, u + 0.05)
            reach = np.hypot(u, v)
            tone = 0.55 + 0.5 * np.sin(reach * 5 + 0.8) + 0.25 * noise.octaves(u * 4, v * 4, 3)
            fine = 0.9 + 0.12 * noise.at(u * 40, v * 40)
            colour = ramp(np.clip(tone, 0.1, 1), palette) * fine[..., None]
            light = 0.75 + 0.4 * step(0.9, 0.0, np.abs(reach - 0.55))
            canvas.lay(colour * light[..., None], part)
            veins = step(0.92, 1.0, np.cos(angle * 17 + 0.8 * reach)) * step(0.1, 0.3, reach)
            canvas.lay(palette[0], part * veins * 0.85)
            canvas.lay(palette[0], part * step(-0.12, -0.06, shape))
            beads = step(0.2, 0.6, np.cos(np.arctan2(q, p) * 22)) * step(
                0.035, 0.015, np.abs(shape + 0.055)
            )
            canvas.lay(palette[2], part * beads)
            if eyed:
                ring = np.hypot(p - long * 0.22, q)
                for radius, tint in (
                    (0.15, palette[0]),
                    (0.12, palette[2]),
                    (0.085, palette[1]),
                    (0.05, palette[0]),
                ):
                    canvas.lay(tint, coverage(ring - radius, at.pixel) * part)
                canvas.glow(
                    WHITE,
                    coverage(np.hypot(p - long * 0.24, q + 0.02) - 0.018, 0.02) * part,
                )
            cover = np.maximum(cover, part)
        trunk = ellipse(at.u, v - 0.05, 0.055, 0.45)
        hair = 0.8 + 0.5 * np.cos(v * 45)
        canvas.lay(palette[0] + 0.12 * hair[..., None] * palette[1], coverage(trunk, at.pixel))
        feeler = (
            np.abs(u * fold - 0.28 * np.clip(-v - 0.35, 0, 1) ** 0.7)
            + 9 * (v > -0.38)
            + 9 * (v < -0.8)
        )
        canvas.lay(palette[0], coverage(feeler - 0.014, at.pixel))
    return finished(canvas)


def fur(noise: Noise, u: Array, v: Array, turn: float) -> Array:
    """Hair that lies in one direction, in about -1..1."""
    c, s = np.cos(turn), np.sin(turn)
    return noise.octaves((c * u + s * v) * 6, (c * v - s * u) * 34, 2)


def tiger(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    coat = pick(
        rng,
        "401004 d06818 ffb860",
        "381c08 c88838 ffe0a0",
        "301008 e07020 ffc880",
        "505058 c8c4c0 fffaf4",
    )
    dark = rgb(0.06, 0.04, 0.03)
    if rng.random() < 0.5:  # the face
        for at in places(canvas, 2, 0.35):
            u, v = np.abs(at.u), at.v
            for radius, tint in ((0.3, coat[1]), (0.19, coat[0] * 0.7)):
                canvas.lay(tint, coverage(np.hypot(u - 0.62, v + 0.68) - radius, at.pixel))
            shape = ellipse(at.u, v - 0.02, 0.9, 0.92) + 0.05 * noise.at(at.u * 12, v * 12)
            cover = coverage(shape, at.pixel * 2)
            hair = fur(noise, at.u, v, 1.4)
            white = np.maximum(
                step(0.42, 0.2, ellipse(u - 0.2, v - 0.5, 0.3, 0.26) + 0.3), step(0.6, 0.8, u)
            )
            white = np.maximum(white, step(0.1, 0.0, ellipse(u - 0.34, v + 0.36, 0.2, 0.1)))
            base = ramp(np.clip(0.55 + 0.2 * hair - 0.25 * v, 0, 1), coat)
            base = (
                base
                + (rgb(0.97, 0.95, 0.9) * (0.85 + 0.15 * hair[..., None]) - base) * white[..., None]
            )
            canvas.lay(base, cover)
            bow = v + 0.35 * u * u
            swirl = bow * 15 + 4 * u + 1.6 * noise.at(u * 4, v * 4 + 9)
            where = np.maximum(step(0.42, 0.65, u), step(-0.4, -0.6, v)) * step(
                -0.1, 0.1, noise.at(u * 6, v * 9) + 0.45
            )
            canvas.lay(dark, cover * step(0.25, 0.55, np.sin(swirl)) * where)
            for_eye = at.moved(0, 0)
            for side in (-1, 1):
                part = for_eye.moved(0.34 * side, -0.2, 0.15)
                lens = np.maximum(
                    np.hypot(part.u, part.v + 0.5) - 1.15, np.hypot(part.u, part.v - 0.5) - 1.15
                )
                canvas.lay(dark, coverage(lens - 0.35, part.pixel))
                canvas.lay(pick(rng, "e8b830", "b8d060", "90c8d8")[0], coverage(lens, part.pixel))
                canvas.lay(dark, coverage(np.hypot(part.u, part.v) - 0.42, part.pixel))
                canvas.glow(
                    WHITE,
                    coverage(np.hypot(part.u + 0.2, part.v + 0.25) - 0.16, 0.2),
                )
            nose = np.maximum(np.abs(at.u) - 0.2 + 0.55 * (v - 0.22), np.abs(v - 0.32) - 0.11)
            canvas.lay(rgb(0.75, 0.4, 0.38), coverage(nose, at.pixel * 2))
            mouth = np.abs(v - 0.55 - 0.12 * np.cos(u * 9)) + 9 * (u > 0.35)
            mouth = np.minimum(mouth, u + 9 * (np.abs(v - 0.53) > 0.12))
            canvas.lay(dark, coverage(mouth - 0.02, at.pixel))
            whisker = np.abs(v - 0.5 - (u - 0.2) * 0.15 * np.round((v - 0.5) * 10)) + 9 * (u < 0.25)
            canvas.glow(WHITE, 0.4 * coverage(whisker - 0.008, at.pixel) * (u < 1.2))
        return finished(canvas)
    at = canvas.place(0.35, 1.1)
    u, v = at.u, at.v
    hair = fur(noise, u, v, 0.2)
    bulk = noise.octaves(u * 0.8, v * 0.8, 2)
    canvas.fill(ramp(np.clip(0.55 + 0.22 * hair + 0.35 * bulk, 0, 1), coat))
    canvas.lay(rgb(0.96, 0.93, 0.86), step(0.3, 0.9, bulk) * (0.8 + 0.2 * hair))
    warp = 1.1 * noise.octaves(u * 1.6, v * 1.1, 3)
    bands = (
        np.sin(u * 8 + 2.2 * warp + 0.8 * np.sin(v * 3)) - 0.9 + 0.75 * noise.at(u * 2 + 7, v * 2.5)
    )
    canvas.lay(dark * (1 + 0.6 * hair[..., None]), step(-0.35, -0.1, bands + 0.12 * hair))
    canvas.shade(canvas.relief(bulk * 0.35 * at.scale + 0.012 * hair, 1.2)[0])
    return finished(canvas)


def zebra(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(
        canvas,
        "4a3a18 a88a48 e8d8a0",
        "28381c 6a7a40 c8c890",
        "5a3018 b87840 f0c890",
        "304860 88a8c0 e0e8e8",
    )
    pale = pick(rng, "988878 fff8ec", "787c84 f8fafc", "907050 fce8cc")
    at = canvas.place(0.45, 1.1, 0.4 if rng.random() < 0.6 else np.pi)
    u, v = at.u, at.v
    whole = rng.random() < 0.5
    if whole:  # the animal: body, neck, head and legs
        body = ellipse(u + 0.1, v - 0.05, 0.62, 0.36)
        neck = segment(u, v, (0.35, -0.05), (0.72, -0.6))[0] - 0.19
        head = segment(u, v, (0.72, -0.62), (1.0, -0.28))[0] - 0.13
        shape = np.minimum(np.minimum(body, neck), head)
        for root in (-0.55, -0.35, 0.2, 0.38):
            shape = np.minimum(shape, segment(u, v, (root, 0.25), (root + 0.03, 1.0))[0] - 0.075)
        ear = segment(u, v, (0.66, -0.7), (0.62, -0.92))[0] - 0.05
        shape = np.minimum(shape, ear)
        phase = np.where(
            np.minimum(neck, head) < body, (0.6 * u - 0.8 * v) * 24, u * 19 + v * v * 6
        )
        phase = np.where(v > 0.36, v * 30, phase)
    else:
        shape = np.full_like(u, -1) + 0.3 * noise.octaves(u, v, 2)
        phase = u * 11 + 3 * np.sin(v * rng.uniform(0.8, 2)) + v * v
    cover = coverage(shape, at.pixel * 1.5) if whole else np.ones_like(u)
    hair = fur(noise, u, v, 1.2)
    bands = np.sin(phase + 2.4 * noise.octaves(u * 1.5, v * 1.5, 2)) + 0.1 * hair
    bulk = -np.clip(shape, -0.35, 0) if whole else noise.octaves(u * 0.7, v * 0.7, 2) * 0.4
    coat = ramp(np.clip(0.75 + 0.2 * hair + 0.3 * bulk, 0, 1), pale)
    dark = rgb(0.05, 0.04, 0.045)
    coat = coat + (dark - coat) * step(-0.2, 0.2, bands)[..., None]
    diffuse, _ = canvas.relief(np.sqrt(bulk + 0.5) * at.scale * 0.9 + 0.006 * hair, 1.0)
    canvas.lay(coat * np.clip(diffuse, 0.4, 1.2)[..., None], cover)
    if whole:
        mane = segment(u, v, (0.22, -0.25), (0.6, -0.8))[0] - 0.07 - 0.03 * np.cos(v * 60)
        tone = np.where(np.sin(phase) > 0, 0.08, 0.85).astype(np.float32)[..., None]
        canvas.lay(tone * WHITE, coverage(mane, at.pixel * 2))
        canvas.lay(dark, coverage(np.hypot(u - 1.02, v + 0.25) - 0.1, at.pixel * 3))
        canvas.lay(dark, coverage(np.hypot(u - 0.8, v + 0.6) - 0.035, at.pixel))
    return finished(canvas)


def peacock(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas, "04140c 0c4430 3a8a4c", "081424 10485c 30908c", "141404 48501c 98a040")
    greens = pick(rng, "06301c 1f8a48 c8d850", "042c34 108a84 a0e0a0", "1c2c08 6a8a20 f0d868")
    heart = pick(
        rng,
        "0a0838 1848c0 28c8d0 8a5a18 c8a030",
        "14084c 3a30c0 40a8e8 70703c d8c060",
        "040c2c 0c5a9c 48d8b0 a04c18 e8b048",
        "20083c 6028a8 30b8c0 787020 b8c840",
    )
    at = canvas.place(0.5, 1.5, 0.6, 0.2)
    u, v = at.u, at.v - 0.9
    reach = np.hypot(u, v) + 1e-3
    angle = np.arctan2(u, -v)
    barbs = 0.5 + 0.5 * np.cos(angle * 120 + 6 * noise.at(u * 3, v * 3))
    canvas.fill(
        ramp(np.clip(0.2 + 0.35 * barbs + 0.3 * noise.octaves(u * 3, v * 3, 3), 0, 1), greens)
    )
    count = int(rng.integers(9, 15))
    for ring in range(7, 0, -1):  # outer rows first: inner feathers lie over them
        radius = 0.28 * ring
        turn = angle * count / np.pi + 0.5 * (ring % 2)
        off = turn - np.round(turn)
        du = off * np.pi / count * radius
        dv = reach - radius
        big = 0.55 + 0.45 * ring / 7
        du, dv = du / big, dv / big
        fan = ellipse(du, dv + 0.03, 0.15, 0.2)
        comb = 0.65 + 0.45 * np.cos(np.arctan2(du, dv + 0.25) * 70)
        canvas.shade(1 - 0.5 * step(0.06, 0.0, fan))
        canvas.lay(
            ramp(np.clip(0.3 + 2.5 * np.abs(du) + dv, 0, 1), greens) * comb[..., None],
            coverage(fan, at.pixel * 2),
        )
        drop = np.hypot(du, (dv - 0.02) * (0.8 + 0.6 * (dv > 0))) + 0.0
        for size_, tint in ((0.12, heart[4]), (0.1, heart[3]), (0.078, heart[2]), (0.05, heart[1])):
            edge = coverage(drop - size_, at.pixel / big * 1.5)
            canvas.lay(tint * (0.8 + 0.35 * comb[..., None]), edge)
        notch = np.hypot(du, dv - 0.0) - 0.028 * (1 + 0.5 * np.cos(np.arctan2(du, -dv)))
        canvas.lay(heart[0], coverage(notch, at.pixel / big))
        canvas.glow(heart[2], 0.35 * step(0.05, 0.0, np.hypot(du + 0.03, dv - 0.05)))
    if rng.random() < 0.45:  # the bird itself
        bend = 0.1 * np.sin(v * 5)
        neck = np.maximum(np.abs(u - bend) - 0.12 - 0.14 * step(-0.5, 0.1, v), -v - 0.72)
        crown = np.hypot(u - 0.1 * np.sin(-3.4), v + 0.72) - 0.13
        scales = 0.8 + 0.25 * np.cos(u * 60) * np.cos(v * 60)
        blue = ramp(np.clip(0.5 + 2.2 * (u - bend), 0, 1), heart[:3]) * scales[..., None]
        canvas.lay(blue, coverage(np.minimum(neck, crown), at.pixel))
        canvas.lay(
            rgb(0.95, 0.95, 0.9),
            coverage(ellipse(u - 0.02, v + 0.74, 0.07, 0.03), at.pixel),
        )
        canvas.lay(rgb(0.02, 0.02, 0.02), coverage(np.hypot(u - 0.02, v + 0.74) - 0.025, at.pixel))
    canvas.shade(0.85 + 0.3 * step(-0.8, 0.8, noise.octaves(canvas.x, canvas.y, 2)))
    return finished(canvas)
