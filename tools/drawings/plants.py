"""Things that grow: in meadows, woods and reefs, and water that froze into branches."""

from __future__ import annotations

import numpy as np

from .canvas import WHITE, Array, Canvas, coverage, ellipse, pick, ramp, rgb, segment, step
from .creatures import places
from .finish import finished
from .grounds import ground, water
from .noise import Noise, labyrinth


def flower(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(
        canvas,
        "102a10 3c6a2c a0b860",
        "0c2420 2c6458 98b890",
        "2a3018 70803c d0cc88",
        "201828 504870 a898c0",
    )
    palette = pick(
        rng,
        "8c1030 f0507c ffd0dc",
        "c06008 ffb818 fff4b0",
        "401088 9048d8 e8c8ff",
        "a8a0b0 f4f0f4 ffffff",
        "801008 e83818 ffb088",
        "0c2c90 4878e8 c8e0ff",
        "90207c e060c8 ffe0f4",
        "a04010 f89058 ffe8d0",
    )
    heart = pick(rng, "5a3008 d8a018 ffe870", "281408 6a3c14 c88c38", "404808 a8b020 f0f088")
    count = int(rng.choice([5, 6, 8, 11, 16]))
    layers = int(rng.integers(1, 5))
    sharp = rng.uniform(0.35, 0.9)
    core = rng.uniform(0.14, 0.34)
    for at in places(canvas, 5):
        tilt = rng.uniform(0.7, 1)
        u, v = at.u, at.v / tilt
        reach, angle = np.hypot(u, v), np.arctan2(v, u)
        canvas.shade(1 - 0.4 * step(1.15, 0.7, np.hypot(u - 0.06, v - 0.1)))
        for layer in range(layers):
            radius = 1 - 0.72 * layer / (layers + 0.5)
            turn = (
                (angle + np.pi * layer / count + 0.05 * noise.at(u * 2, v * 2))
                * count
                / (2 * np.pi)
            )
            off = (turn - np.round(turn)) * 2  # -1..1 across a petal
            name = noise.at(np.round(turn) * 3.7 + 0 * u, np.float32(layer * 5.3) + 0 * u)
            rim = radius * (0.9 + 0.12 * name) * (0.45 + 0.55 * np.clip(1 - off**2, 0, 1) ** sharp)
            shape = reach - rim
            cover = coverage(shape * 0.8, at.pixel * 1.5)
            veins = 0.5 + 0.5 * np.cos(off * 16 + 0.5 * noise.at(reach * 6, off * 4))
            tone = (
                0.12
                + 0.75 * reach / radius
                + 0.12 * veins * (1 - np.abs(off))
                - 0.18 * np.abs(off)
                + 0.1 * name
            )
            light = 0.72 + 0.35 * (1 - off**2) + 0.12 * np.sin(angle - canvas.light + np.pi)
            canvas.shade(1 - 0.35 * step(0.12, 0.0, shape))
            canvas.lay(ramp(np.clip(tone, 0, 1), palette) * light[..., None], cover)
        inside = coverage(reach - core, at.pixel * 2)
        golden = np.pi * (3 - np.sqrt(5))
        seeds = np.zeros_like(u)
        for n in range(1, 60):
            r, a = core * np.sqrt(n / 60), n * golden
            seeds = np.maximum(
                seeds, 1 - np.hypot(u - r * np.cos(a), v - r * np.sin(a)) / (core * 0.13)
            )
        dome = np.clip(1 - (reach / core) ** 2, 0, 1)
        tone = 0.15 + 0.5 * np.clip(seeds, 0, 1) + 0.35 * dome
        canvas.lay(
            ramp(np.clip(tone, 0, 1), heart)
            * (0.75 + 0.4 * np.clip(-(u * 0.5 + v) / core, -1, 1))[..., None],
            inside,
        )
    return finished(canvas)


def leaf(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    greens = (
        "0c2408 3a7a20 b0d060",
        "082418 1f7050 90d0a0",
        "3a1004 c04814 ffc050",
        "300808 a81c20 f09060",
        "3c2c04 c89c18 fff090",
        "1c1430 5a3c88 b890d0",
        "142c04 6a9c14 e0f080",
    )
    teeth = float(rng.choice([0, 0.02, 0.05]))
    lobes = rng.random() < 0.3
    for at in places(canvas, 6):
        palette = pick(rng, *greens)
        u = at.u
        v = at.v - 0.12 * np.sin(u * 1.6)
        t = (u + 1) / 2
        wide = 0.95 * np.clip(t, 0, 1) ** 0.75 * np.clip(1 - t, 0, 1) ** 0.75 * 1.5 * 0.62
        if lobes:
            wide = wide * (0.7 + 0.45 * np.abs(np.sin(t * 11)))
        wide = wide + teeth * np.abs((u * 14) % 1 - 0.5)
        shape = np.abs(v) - wide
        cover = coverage(shape, at.pixel * 1.5) * (np.abs(u) < 1)
        canvas.shade(1 - 0.5 * step(0.2, 0.0, shape + 0.02) * (np.abs(u) < 1.05))
        slant = (u - np.abs(v) * 0.85) * 7.5
        off = np.abs(slant - np.round(slant)) / 7.5
        cell = noise.cells(u * 26, v * 26)
        net = step(0.16, 0.0, cell[1] - cell[0])
        pillow = np.clip(off * 7.5 * 2, 0, 1)
        mid = np.abs(v)
        height = 0.05 * pillow**0.6 + 0.06 * np.clip(mid * 4, 0, 1) - 0.006 * net
        diffuse, shine = canvas.relief(height * at.scale * cover, 1.3)
        spots = step(0.25, 0.6, noise.octaves(u * 3 + 5, v * 3, 3)) * 0.35
        tone = (
            0.42
            + 0.16 * pillow
            - 0.09 * net
            + 0.22 * noise.octaves(u * 2, v * 2, 3)
            + 0.2 * mid
            + spots
        )
        colour = ramp(np.clip(tone, 0, 1), palette) * diffuse[..., None]
        canvas.lay(colour, cover)
        vein = np.maximum(step(0.02, 0.006, off), step(0.035, 0.012, mid))
        canvas.lay(np.clip(palette[2] * 1.05, 0, 1), cover * vein * 0.75)
        canvas.glow(WHITE, cover * shine * 0.35)
        stalk = np.abs(v) + 9 * (u > -0.85) + 9 * (u < -1.35)
        canvas.lay(palette[1] * 0.8, coverage(stalk - 0.03, at.pixel))
    return finished(canvas)


def mushroom(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(
        canvas,
        "0c1408 2c3c18 788c48",
        "1c1008 4c3018 a07c48",
        "101820 344858 8ca0a0",
        "180c20 443058 9080a0",
    )
    floor = step(0.3, 0.8, canvas.y + 0.3 * noise.octaves(canvas.x * 3, canvas.y * 3, 3))
    moss = noise.octaves(canvas.x * 12, canvas.y * 12, 3)
    canvas.lay(
        ramp(0.4 + 0.5 * moss, pick(rng, "141c04 4c6414 a8b848", "201004 5c3c14 b08848")),
        floor * 0.9,
    )
    palette = pick(
        rng,
        "580808 d02010 ff8050",
        "3c1c08 a86428 f0c080",
        "200c38 7038a0 d8a8f0",
        "483808 d0a030 fff0a8",
        "082c30 20888c a0f0d8",
        "302420 988878 f0e8dc",
    )
    spotted = rng.random() < 0.6
    for at in sorted(places(canvas, 5, 0.35), key=lambda place: place.scale):
        u, v = at.u, at.v
        wide, flat = rng.uniform(0.65, 0.95), rng.uniform(0.45, 0.75)
        width = 0.16 + 0.07 * step(0.2, 1.0, v) + 0.02 * noise.at(v * 4, u * 2)
        stem = np.maximum(np.abs(u - 0.06 * np.sin(v * 3)) - width, np.maximum(-v - 0.1, v - 1.0))
        tone = (
            0.85
            - 0.9 * (u + 0.05) * np.sign(np.cos(canvas.light))
            + 0.15 * noise.octaves(u * 24, v * 3, 2)
        )
        cream = ramp(np.clip(tone, 0, 1), pick(rng, "503c28 c8b090 fff8e4"))
        canvas.lay(cream * (1 - 0.55 * step(0.45, 0.0, v))[..., None], coverage(stem, at.pixel))
        ring = np.maximum(np.abs(u) - 0.27, np.abs(v - 0.33 - 0.3 * u * u) - 0.035)
        canvas.lay(rgb(0.95, 0.9, 0.8), coverage(ring, at.pixel * 2))
        under = ellipse(u, v - 0.0, wide, 0.2)
        gills = 0.5 + 0.5 * np.cos(np.arctan2(u, v + 0.75) * 70)
        canvas.lay(
            rgb(0.75, 0.62, 0.48) * (0.3 + 0.6 * gills)[..., None],
            coverage(under, at.pixel),
        )
        cap = np.maximum(
            ellipse(u, v, wide, flat + 0.15), v - 0.0 + 0.14 * (1 - (u / wide) ** 2) - 0.08
        )
        cover = coverage(cap, at.pixel)
        ball = np.sqrt(np.clip(1 - (u / wide) ** 2 - (v / (flat + 0.15)) ** 2, 0, 1))
        side = np.clip(-(v / flat) * 0.6 + u / wide * 0.5 * np.cos(canvas.light) + 0.5 * ball, 0, 1)
        tone = 0.1 + 0.8 * side + 0.12 * noise.octaves(u * 5, v * 5, 3)
        canvas.lay(ramp(np.clip(tone, 0, 1), palette), cover)
        if spotted:
            depth = np.clip(ball, 0.25, 1)
            first, _, name = noise.cells(u / wide * 3.4 / depth**0.4, v / flat * 3.2, 0.7)
            wart = coverage(first - 0.16 - 0.16 * name, at.pixel * 6)
            canvas.lay(rgb(0.98, 0.94, 0.86) * (0.45 + 0.6 * side)[..., None], wart * cover)
        canvas.glow(
            WHITE,
            0.5 * cover * step(0.3, 0.0, np.hypot((u + 0.25) * 0.8, v + flat * 0.62)),
        )
        canvas.shade(1 - 0.5 * cover * step(-0.08, 0.0, cap) * (v > -0.2))
    return finished(canvas)


def forest(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    x, y = canvas.x, canvas.y
    palette = pick(
        rng,
        "081404 2c4c18 a8c068 f4f4c0",
        "04140c 1c4c40 80b0a0 e0f0e8",
        "180c04 6a3c10 e09c40 fff0b8",
        "0a1020 2a4468 90a8c8 f0f0f4",
        "140a18 58305c d08898 ffe8d0",
        "1c0804 8c2c14 f08c40 ffe8a0",
    )
    zoom = np.exp(rng.uniform(np.log(0.7), np.log(1.8)))
    haze = ramp(np.clip(0.7 - 0.35 * y + 0.25 * noise.octaves(x * 2, y * 2, 3), 0, 1), palette)
    canvas.fill(haze)
    conifer = rng.random() < 0.4
    horizon = rng.uniform(0.35, 0.8)
    for depth in range(5):
        near = depth / 4
        tone = palette[0] * near + palette[2] * (1 - near) * 0.85
        if conifer:
            spacing = (0.22 + 0.5 * near) / zoom
            column = np.round((x + 0.37 * depth) / spacing)
            jig = noise.at(column * 3.1, np.float32(depth * 7.7) + 0 * x)
            off = np.abs(x + 0.37 * depth - (column + 0.25 * jig) * spacing) / spacing
            top = -0.75 + 0.5 * near + 0.45 * jig
            t = (y - top) / (1.1 + 0.6 * near)
            tiers = 0.12 * np.abs((t * 9) % 1) + 0.05 * noise.at(x * 30 * zoom, y * 30)
            shape = off - np.clip(t * 0.55 + tiers - 0.05, 0, 0.62)
            cover = coverage(shape * spacing, canvas.pixel * 1.5) * (t > 0)
            snow = step(0.4, 1.0, (t * 9) % 1) * (0.2 + 0.4 * (jig > 0))
            canvas.lay(
                (tone * 0.75)[None, None] * (0.75 + 0.5 * snow[..., None])
                + 0.12 * snow[..., None] * palette[2],
                cover,
            )
            continue
        spacing = (0.2 + 0.55 * near**1.5) / zoom
        column = np.round((x + 0.31 * depth + 0.03 * np.sin(y * 3)) / spacing)
        jig = noise.at(column * 2.3 + 0.5, np.float32(depth * 3.3) + 0 * x)
        lean = x + 0.31 * depth + 0.06 * jig * y + 0.02 * noise.at(y * 3, column * 2.7)
        off = (lean - (column + 0.3 * jig) * spacing) / spacing
        half = (0.13 + 0.06 * jig) * (1 + 0.8 * step(0.55, 1.0, y - horizon + 0.9) * 0.5)
        cover = coverage((np.abs(off) - half) * spacing, canvas.pixel * 1.2)
        round_ = np.clip(1 - (off / np.maximum(half, 0.03)) ** 2, 0, 1)
        bark = noise.ridges(off * 9 + column * 5, y * 2.5 * zoom, 3)
        light = (
            0.35
            + 0.45 * round_ * (0.6 + off / np.maximum(half, 0.03) * np.cos(canvas.light))
            + 0.4 * near * (bark - 0.4)
        )
        canvas.lay(
            np.clip(
                tone[None, None] * 0.8 + palette[1] * (light * (0.35 + 0.5 * near))[..., None], 0, 1
            ),
            cover,
        )
        leaves = noise.octaves(
            x * (14 - 7 * near) * zoom + 9 * depth, y * (14 - 7 * near) * zoom, 3
        )
        crown = step(
            0.1, 0.5, leaves + 0.9 * (-y - 0.55 + 0.2 * near) + 0.4 * noise.at(x * 2 + depth, y * 2)
        )
        leaf_tone = ramp(np.clip(0.25 + 0.35 * leaves + 0.3 * (1 - near), 0, 1), palette)
        canvas.lay(leaf_tone, crown * 0.95)
        bush = step(0.0, 0.3, leaves * 0.5 + (y - horizon - 0.12 * near) * 3)
        canvas.lay(ramp(np.clip(0.15 + 0.35 * leaves + 0.25 * (1 - near), 0, 1), palette), bush)
    if rng.random() < 0.5:
        beam = np.clip(noise.octaves((x * 1.2 + rng.uniform(-0.8, 0.8) * y) * 3, 0.3 * y, 2), 0, 1)
        canvas.glow(palette[3], beam * 0.45 * step(0.9, -0.8, y))
    return finished(canvas)


def coral(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = water(canvas)
    palette = pick(
        rng,
        "500818 e04858 ffc8b0",
        "401050 b850b8 ffd0f0",
        "4c2004 e88828 fff0b0",
        "04383c 18a898 d0ffe0",
        "3c3008 c0a830 fff8c0",
        "181850 6078d8 e0e8ff",
        "4a1030 f078a0 fff0e8",
    )
    if rng.random() < 0.45:  # brain coral
        at = canvas.place(0.5, 1.4, np.pi, 0.3)
        reach = np.hypot(at.u, at.v) + 0.08 * noise.at(at.u * 2, at.v * 2)
        dome = np.sqrt(np.clip(1.05 - reach**2, 0.02, 1))
        stretch = (18 + 14 * rng.random()) / (0.55 + 0.45 * dome)
        folds = labyrinth(rng, at.u * stretch, at.v * stretch)
        ridge = step(-0.5, 0.6, folds)
        cover = coverage(reach - 1.02, at.pixel * 3)
        diffuse, shine = canvas.relief((0.07 * ridge + 0.55 * dome) * at.scale, 1.0)
        tone = 0.12 + 0.65 * ridge + 0.18 * noise.octaves(at.u * 3, at.v * 3, 2)
        groove = 0.85 + 0.25 * np.cos(folds * 14)
        canvas.lay(ramp(np.clip(tone * groove, 0, 1), palette) * diffuse[..., None], cover)
        canvas.glow(palette[2], cover * shine * 0.5)
        return finished(canvas)
    best = np.full_like(canvas.x, 9)
    tone = np.zeros_like(best)
    fan = rng.uniform(0.35, 0.75)
    at = canvas.place(0.7, 1.3, 0.5, 0.25)
    stack = [(0.15 * k - 0.15, 1.05, -np.pi / 2 + 0.5 * (k - 1), 0.45, 0.085, 0) for k in range(3)]
    while stack:
        x, y, angle, long, thick, depth = stack.pop()
        nx, ny = x + long * np.cos(angle), y + long * np.sin(angle)
        away, along = segment(at.u, at.v, (x, y), (nx, ny))
        shape = away - thick * (1 - 0.25 * along)
        nearer = shape < best
        best = np.where(nearer, shape, best)
        tone = np.where(nearer, (depth + along) / 5, tone)
        if depth < 3:
            for side in (-1, 1):
                turn = angle + side * rng.uniform(0.5, 1.2) * fan
                stack.append((nx, ny, turn, long * rng.uniform(0.68, 0.9), thick * 0.75, depth + 1))
    knob = noise.cells(at.u * 15, at.v * 15)[0]
    shape = best - 0.025 * (1 - knob)
    cover = coverage(shape, at.pixel * 1.2)
    inner = np.clip(-shape, 0, 0.07)
    diffuse, shine = canvas.relief((np.sqrt(inner * 0.08) * 2 - 0.02 * knob) * at.scale, 1.1)
    canvas.shade(1 - 0.4 * step(0.2, 0.0, shape))
    body = ramp(np.clip(0.2 + 0.7 * tone + 0.35 * (0.5 - knob), 0, 1), palette)
    canvas.lay(body * diffuse[..., None], cover)
    canvas.glow(palette[2], cover * (0.4 * shine + 0.5 * step(0.24, 0.05, knob) * tone))
    return finished(canvas)


def snowflake(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(
        canvas,
        "040c20 14386c 5890c8",
        "0c1018 38485c 98a8b8",
        "100824 382868 8878c0",
        "041c24 105464 60b0b8",
        "1c0c18 5c3050 b08098",
    )
    ice = pick(rng, "4878b0 b8dcf4 ffffff", "7070a8 d0d0f4 ffffff", "3c8890 b0ece8 ffffff")
    for at in places(canvas, 5):
        angle = np.arctan2(at.v, at.u)
        reach = np.hypot(at.u, at.v)
        fold = np.abs((angle + np.pi / 6) % (np.pi / 3) - np.pi / 6)
        p, q = reach * np.cos(fold), reach * np.sin(fold)
        shape = np.maximum(q - 0.035, p - 1)
        for start in np.sort(rng.uniform(0.2, 0.9, int(rng.integers(3, 7)))):
            long = rng.uniform(0.12, 0.45) * (1.1 - start * 0.6)
            reach_ = (start + long * 0.5, long * 0.866)
            shape = np.minimum(shape, segment(p, q, (start, 0), reach_)[0] - 0.028)
            for share in (0.45, 0.75):
                a = (start + long * 0.5 * share, long * 0.866 * share)
                shape = np.minimum(shape, segment(p, q, a, (a[0] + long * 0.3, a[1]))[0] - 0.018)
        plate = rng.uniform(0.1, 0.32)
        hexagon = p - plate
        shape = np.minimum(shape, np.maximum(hexagon, -hexagon - 0.05))
        shape = np.minimum(shape, hexagon + 0.12)
        cover = coverage(shape, at.pixel * 1.2)
        canvas.glow(ice[0], 0.5 * step(0.16, 0.0, shape))
        diffuse, shine = canvas.relief(np.clip(-shape, 0, 0.05) * 1.2 * at.scale, 1.2)
        tone = (
            0.35 + 0.5 * np.clip(-shape / 0.035, 0, 1) + 0.2 * noise.octaves(at.u * 6, at.v * 6, 2)
        )
        canvas.lay(ramp(np.clip(tone, 0, 1), ice) * diffuse[..., None], cover * 0.92)
        canvas.glow(WHITE, cover * shine * 0.7)
    return finished(canvas)
