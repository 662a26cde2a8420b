"""Sky, fire, water and stone, from a bolt of lightning to a galaxy."""

from __future__ import annotations

import itertools

import numpy as np

from .canvas import WHITE, Array, Canvas, Place, coverage, pick, ramp, rgb, segment, step
from .finish import finished
from .grounds import ground, sky
from .noise import Noise


def stars(canvas: Canvas, noise: Noise, cells: float, share: float) -> None:
    """Scattered points of light of unequal brightness."""
    first, _, name = noise.cells(canvas.x * cells, canvas.y * cells, 0.8)
    point = step(0.16, 0.02, first) * step(1 - share, 1, name)
    canvas.glow(rgb(0.95, 0.95, 1.0), point)


def galaxy(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    palette = pick(
        rng,
        "02020a 3420b0 c060e0 ffe0d0",
        "02040c 0c48b8 50b0f0 fff4d8",
        "060206 902060 f86878 fff0c0",
        "02080a 08808c 60e0b0 f8ffe0",
        "080402 a04c08 f8a838 fff8d8",
    )
    space = noise.octaves(canvas.x * 1.3, canvas.y * 1.3, 4)
    canvas.fill(ramp(np.clip(0.05 + 0.14 * space, 0, 1), palette))
    stars(canvas, noise, 9, 0.35)
    stars(canvas, noise, 17, 0.2)
    count = 1 if rng.random() < 0.8 else 2
    for _ in range(count):
        at = canvas.place(0.5, 1.5 if count == 1 else 0.6, np.pi, 0.25 * count)
        tilt = rng.uniform(0.35, 1)
        u, v = at.u, at.v / tilt
        reach, angle = np.hypot(u, v) + 1e-3, np.arctan2(v, u)
        arms = int(rng.choice([2, 2, 3, 4]))
        wind = rng.uniform(2, 4.5) * (1 if rng.random() < 0.5 else -1)
        ripple = noise.octaves(u * 5, v * 5, 4, 0.6)
        phase = arms * angle + arms * wind * np.log(reach + 0.15) + 0.7 * ripple
        arm = (0.5 + 0.5 * np.cos(phase)) ** 1.8
        fade = np.exp(-1.7 * reach**1.5) * step(1.4, 0.7, reach)
        disc = fade * (0.16 + 0.95 * arm) * (0.75 + 0.6 * ripple)
        canvas.glow(
            ramp(np.clip(0.95 - 0.75 * reach + 0.12 * arm, 0.25, 1), palette),
            np.clip(disc * 1.7, 0, 1),
        )
        dust = step(0.2, 0.8, np.cos(phase - 1.1)) * step(0.08, 0.3, reach) * fade
        canvas.shade(1 - 0.75 * np.clip(dust * (1.1 + ripple), 0, 1))
        knots = noise.cells(u * 11, v * 11)[0]
        canvas.glow(rgb(1, 0.55, 0.7), step(0.32, 0.05, knots) * arm * fade * 1.1)
        canvas.glow(palette[3], np.clip(np.exp(-((reach / 0.17) ** 1.2)) * 1.1, 0, 1))
    return finished(canvas)


def lightning(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, _ = sky(
        canvas,
        1.0,
        "06081a 20285c 50508c",
        "0a0614 3c2050 7c5488",
        "06121a 1c4450 5c8488",
        "0c0c10 383840 787880",
        "140808 4c2030 906068",
    )
    x, y = canvas.x, canvas.y
    billow = noise.octaves(x * 1.5, y * 2.5, 5, 0.55)
    canvas.shade(np.clip(0.75 + 0.6 * billow - 0.25 * y, 0.15, 1.5))
    tint = pick(rng, "a8a0ff", "80c8ff", "ffc0f0", "fff0c0", "b0fff0")[0]
    turn = (
        float(rng.uniform(-0.5, 0.5)) if rng.random() < 0.8 else float(rng.uniform(-np.pi, np.pi))
    )
    at = Place(x, y, canvas.pixel, 1.0).moved(0, 0, float(rng.uniform(0.7, 1.2)), turn)
    near = np.full_like(x, 9)
    core = np.full_like(x, 9)
    ends = []

    def strike(a: tuple[float, float], b: tuple[float, float], wide: float, splits: int) -> None:
        points = [a, b]
        rough = 0.28 * np.hypot(b[0] - a[0], b[1] - a[1])
        for _ in range(3):
            between = []
            for p, q in itertools.pairwise(points):
                mid = (
                    (p[0] + q[0]) / 2 + rng.normal(0, rough * 0.45),
                    (p[1] + q[1]) / 2 + rng.normal(0, rough * 0.15),
                )
                between += [p, mid]
            points = [*between, points[-1]]
            rough *= 0.55
        for p, q in itertools.pairwise(points):
            away, _ = segment(at.u, at.v, p, q)
            np.minimum(near, away / max(wide, 0.45), out=near)
            np.minimum(core, away - 0.018 * wide, out=core)
        ends.append(points[-1])
        for _ in range(splits):
            root = points[int(rng.integers(1, len(points) - 2))]
            to = (root[0] + rng.uniform(-0.8, 0.8), root[1] + rng.uniform(0.3, 0.8))
            strike(root, to, wide * 0.55, splits // 3)

    for _ in range(int(rng.choice([1, 1, 2]))):
        start = float(rng.uniform(-0.6, 0.6))
        strike(
            (start, -1.2),
            (start + float(rng.uniform(-0.5, 0.5)), float(rng.uniform(0.7, 1.2))),
            1.2,
            3,
        )
    canvas.glow(tint, 0.55 * np.exp(-near * 4) * (0.8 + 0.5 * billow))
    canvas.glow(tint, 0.8 * np.exp(-near * 16))
    canvas.glow(WHITE, coverage(core, at.pixel * 1.5))
    if rng.random() < 0.6:
        land = y - rng.uniform(0.6, 0.9) - 0.12 * noise.octaves(x * 4, 0 * y + 3, 4)
        canvas.lay(rgb(0.03, 0.03, 0.05), coverage(-land, canvas.pixel) * 0.95)
    return finished(canvas)


def clouds(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, palette = sky(canvas, 1.0)
    x, y = canvas.x, canvas.y
    sun = np.clip(palette[-1] * 1.1 + 0.1, 0, 1)
    shadow = palette[0] * 0.45 + palette[1] * 0.45 + 0.06
    if rng.random() < 0.4:
        canvas.glow(
            sun, np.exp(-3.5 * np.hypot(x - rng.uniform(-0.8, 0.8), y - rng.uniform(-0.7, 0.6)))
        )
    zoom = np.exp(rng.uniform(np.log(0.55), np.log(1.6)))
    amount = rng.uniform(-0.6, -0.15)
    for layer in range(2):
        u, v = (
            x * zoom * (1.5 - 0.5 * layer) + 7 * layer,
            y * zoom * (2.1 - 0.7 * layer) + 3 * layer,
        )
        warp = 0.35 * noise.octaves(u * 1.2, v * 1.2, 2)
        puffs = np.zeros_like(u)
        for cells, weight in ((1.6, 0.55), (3.6, 0.27), (8.0, 0.13)):  # round heads on round heads
            away = noise.cells(u * cells + warp, v * cells + 5 * weight, 1.0)[0]
            puffs += weight * np.sqrt(np.clip(1.0 - away**2, 0, 1))
        base = noise.octaves(u * 0.7 + 20, v * 0.75, 2) + amount - 0.25 * layer
        height = base + 0.9 * puffs - 0.45
        cover = step(0.0, 0.28, height)
        diffuse, _ = canvas.relief(puffs * 0.3 / zoom, 1.2)
        deep = step(0.0, 0.9, height)
        light = np.clip(0.95 * diffuse - 0.4 + 0.35 * puffs - 0.3 * deep * step(-1, 1, y), 0, 1)
        body = shadow + (sun - shadow) * light[..., None]
        body = body + palette[1] * (0.18 * (1 - light))[..., None]
        canvas.lay(np.clip(body, 0, 1), cover * (0.8 + 0.2 * layer))
    return finished(canvas)


def volcano(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, _palette = sky(canvas, 1.0)
    canvas.picture *= rng.uniform(0.35, 0.95)
    rock = pick(rng, "0c0808 3c2824 8c6c58", "08080c 2c2c38 707080", "140c06 503018 a07848")
    lava = pick(
        rng,
        "500400 e83808 ffb020 fff8c0",
        "480010 f02030 ff9838 fff0b0",
        "402000 f07008 ffd840 ffffe0",
    )
    at = canvas.place(0.55, 1.3, 0.12, 0.3)
    u, v = at.u, at.v - 0.1
    # Smoke and fountain rise from the crater at the origin.
    rise = np.clip(-v, 0, 3)
    lean = rng.uniform(-0.5, 0.5)
    wide = 0.16 + 0.5 * rise**0.9
    drift = u - lean * rise**1.4
    puff = noise.octaves(drift * 3, v * 3 + 4, 5, 0.6)
    smoke = step(1.15, 0.55, np.abs(drift) / wide - 0.55 * puff) * (v < 0.1)
    diffuse, _ = canvas.relief(np.clip(puff + 1 - (drift / wide) ** 2, 0, 2) * 0.16 * at.scale, 2.0)
    grey = ramp(np.clip(0.3 + 0.3 * puff, 0, 1), rock) * diffuse[..., None]
    canvas.lay(np.clip(grey * 1.2 + 0.05, 0, 1), smoke * rng.uniform(0.6, 1))
    canvas.glow(lava[1], smoke * np.exp(-rise * 2.2) * 0.8)
    canvas.glow(lava[1], 0.6 * np.exp(-2.6 * np.hypot(u, v)))
    for _ in range(int(rng.integers(8, 18))):  # flung stones
        side, high = rng.normal(0, 0.3), rng.uniform(0.3, 1.1)
        peak = np.abs(v + high * (1 - ((u - side) / (abs(side) + 0.06)) ** 2))
        arc = (np.sign(side) * u > 0) * (np.abs(u) < 2 * abs(side) + 0.1)
        canvas.glow(
            lava[2], 0.8 * arc * step(0.035, 0.0, peak) * step(-0.3, 0.5, noise.at(u * 12, v * 12))
        )
    jet = np.abs(u + 0.05 * noise.at(v * 5, u)) / (0.07 + 0.12 * rise)
    fountain = (
        step(1.2, 0.1, jet + 0.4 * noise.octaves(u * 9, v * 6, 3))
        * step(rng.uniform(0.3, 0.9), 0.0, rise)
        * (v < 0.15)
    )
    canvas.lay(ramp(np.clip(1.1 - 0.6 * jet - 0.6 * rise, 0, 1), lava), fountain * 0.95)
    # The cone.
    crags = noise.ridges(u * 3, v * 2, 4)
    slope = np.abs(u) * rng.uniform(0.9, 1.5) - 0.2 + 0.1 * (crags - 0.5)
    cone = np.maximum(slope - np.clip(v, -1, 3) - 0.02, -v - 0.02 + 0.05 * np.cos(u * 9))
    cover = coverage(cone, at.pixel * 2)
    face, _ = canvas.relief(
        (0.35 * noise.ridges(u * 2.5 + 3, v * 1.2, 5) - 0.3 * np.abs(u)) * at.scale, 0.9
    )
    tone = 0.3 + 0.4 * noise.octaves(u * 5, v * 5, 3) - 0.15 * v
    canvas.lay(ramp(np.clip(tone + 0.15, 0, 1), rock) * face[..., None], cover)
    spread = np.clip(v, 0.02, 3)
    rivers = noise.at(u / (0.25 + 0.75 * spread) * 3.5 + 0.5 * noise.at(u * 4, v * 4), v * 0.9 + 5)
    stream = step(0.22, 0.03, np.abs(rivers)) * step(1.4, 0.1, v + 0.3 * noise.at(u * 3, v * 2))
    hot = stream * cover
    crack = noise.cells(u * 9, v * 9)
    heat = np.clip(
        1.05
        - 0.5 * v
        - 0.4 * step(0.0, 0.22, np.abs(rivers))
        - 0.3 * step(0.1, 0.3, crack[1] - crack[0]),
        0,
        1,
    )
    canvas.glow(lava[1], cover * 0.45 * step(0.5, 0.0, np.abs(rivers)) * step(1.4, 0.1, v))
    canvas.lay(ramp(heat, lava), hot)
    crater = np.hypot(u * 0.8, (v - 0.02) * 3)
    canvas.glow(lava[2], step(0.3, 0.05, crater) * 0.9)
    return finished(canvas)


def mountain(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, palette = sky(canvas, 0.6)
    x, y = canvas.x, canvas.y
    if rng.random() < 0.4:
        disc = np.hypot(x - rng.uniform(-0.7, 0.7), y - rng.uniform(-0.8, -0.3))
        canvas.glow(
            palette[-1],
            np.maximum(
                coverage(disc - rng.uniform(0.06, 0.2), canvas.pixel * 2), 0.5 * np.exp(-disc * 3)
            ),
        )
    rock = pick(
        rng,
        "141820 484c5c a8a4a0",
        "1c1410 5c4434 b89878",
        "10181c 3c5058 98b0b0",
        "180c10 583440 c08c80",
    )
    meadow = pick(
        rng,
        "101c08 3c5818 90a850",
        "1c1c0c 60582c b0a468",
        "0c1c1c 2c5450 80a890",
        "241408 784818 c89c50",
    )
    layers = int(rng.integers(2, 4))
    snow_line = rng.uniform(-0.6, 0.2)
    zoom = np.exp(rng.uniform(np.log(0.6), np.log(1.5)))
    for layer in range(layers):
        near = (layer + 1) / layers
        base = -0.55 + 0.95 * layer / layers + rng.uniform(-0.1, 0.1)
        line = x * zoom * (0.9 + 0.5 * near) + 11 * layer
        peaks = noise.ridges(line, np.float32(5.3 * layer) + 0 * line, 5, 0.5)
        top = base + 0.75 * (0.75 - peaks) * (1.15 - 0.4 * near)
        cover = coverage(top - y, canvas.pixel * 1.3)
        depth = np.clip(y - top, 0, 3)
        # The same ridges run down the face, so that light finds planes in it.
        flow = line + 0.5 * depth * noise.at(line * 1.5, depth * 2)
        face = noise.ridges(flow * 1.3, depth * 1.1 + 5.3 * layer, 4, 0.58)
        light, _ = canvas.relief(face * 0.45 / zoom, 1.3)
        tone = 0.35 + 0.4 * (face - 0.4) + 0.1 * noise.octaves(x * 14, y * 14, 2)
        stone = ramp(np.clip(tone, 0, 1), rock)
        green = step(0.35, 0.9, depth + 0.25 * noise.octaves(x * 6, y * 6, 3))
        stone += (
            ramp(np.clip(0.4 + 0.5 * noise.octaves(x * 16, y * 20, 2), 0, 1), meadow) - stone
        ) * green[..., None]
        snow = step(
            0.18, -0.12, y - snow_line + 0.55 * (face - 0.5) + 0.1 * noise.at(x * 11, y * 11)
        ) * step(0.65, 0.3, depth)
        stone += (rgb(0.95, 0.96, 1.0) - stone) * snow[..., None]
        stone *= np.clip(light, 0.25, 1.2)[..., None]
        haze = (1 - near) * 0.6
        canvas.lay(
            np.clip(stone * (1 - haze) + (palette[1] * 0.6 + palette[-1] * 0.4) * haze, 0, 1), cover
        )
    return finished(canvas)


def fire(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(
        canvas,
        "020204 0c0a10 1c1418",
        "080402 1c0c06 301c10",
        "04060c 0c1424 1c2838",
        "0c0606 281414 4c2c24",
    )
    canvas.picture *= rng.uniform(0.3, 1)
    heat = pick(
        rng,
        "100000 a01000 f86008 ffd030 fffbe0",
        "140004 b01018 ff5a20 ffc040 fff4d0",
        "0c0400 983808 f89020 ffe868 ffffff",
        "00040c 083890 3888f0 a0d8ff ffffff",
        "0c0010 701090 e04890 ffb070 fff8e0",
    )
    at = canvas.place(0.5, 1.5, 0.2, 0.3)
    u, v = at.u, at.v
    bed = rng.uniform(0.5, 0.9)
    rise = bed - v
    sway = noise.octaves(u * 1.3, v * 0.9, 2) * 0.3 * np.clip(rise, 0, 2)
    p = u + sway
    warp = noise.octaves(p * 2.2, v * 1.3 + 8, 3)
    tongues = noise.at((p + 0.25 * warp) * rng.uniform(2, 4), v * 0.7 + 3)
    fine = noise.octaves(p * 7 + warp, v * 3.2 + 2, 3, 0.55)
    height = 1.25 + 0.75 * tongues - 0.6 * p * p * float(rng.random() < 0.7)
    t = rise / np.clip(height, 0.15, 3)
    body = (1 - t) * 1.25 + 0.45 * fine * np.clip(t + 0.25, 0, 1)
    strands = noise.ridges(p * 4 + 0.8 * warp, v * 1.6, 3)
    value = body * (0.55 + 0.75 * strands)
    cover = step(0.08, 0.34, value) * step(
        -0.35, 0.15, rise + 0.25 * fine + 0.12 * tongues - 0.25 * p * p
    )
    canvas.glow(heat[1], np.clip(0.7 * np.exp(-1.3 * np.hypot(u, v - 0.2)), 0, 1))
    canvas.lay(ramp(np.clip(value * 0.95, 0, 1), heat), cover)
    sparks, _, name = noise.cells(u * 6, v * 6)
    canvas.glow(heat[3], step(0.12, 0.02, sparks) * (name > 0.5) * step(1.8, 0.5, np.hypot(u, v)))
    if rng.random() < 0.5:  # logs or embers
        for k in range(3):
            tilt = rng.uniform(-0.5, 0.5)
            away, _ = segment(
                u, v, (-0.7, bed + tilt * 0.4 + 0.1 * k), (0.7, bed - tilt * 0.4 + 0.1 * k)
            )
            bark = noise.octaves(u * 6, v * 16 + k, 3)
            cells = noise.cells(u * 8, v * 8)
            ember = step(0.12, 0.0, cells[1] - cells[0])
            canvas.lay(
                rgb(0.1, 0.07, 0.06) * (1 + bark[..., None]) + heat[2] * ember[..., None] * 0.8,
                coverage(away - 0.09, at.pixel * 2),
            )
    return finished(canvas)


def ocean(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    horizon = rng.uniform(-0.7, 0.1) if rng.random() < 0.65 else -1.6
    noise, palette = sky(canvas, max(horizon, -0.7))
    x, y = canvas.x, canvas.y
    sea = pick(
        rng,
        "04182c 0c5070 48a8b0 d8f4f0",
        "02101c 143c5c 5890a8 e8f0f0",
        "041c1c 107058 68c0a0 f0fff0",
        "0a0c28 2c3c80 7898d0 f0f4ff",
        "101418 3c4c54 8ca0a0 f4f4f0",
    )
    turn = rng.uniform(-0.12, 0.12)
    down = np.clip(y + turn * x - horizon, 1e-3, 3)
    zoom = np.exp(rng.uniform(np.log(0.6), np.log(1.8)))
    far = zoom * 1.1 / (down + 0.12)
    p, q = x * far * 0.9, far * 2.4
    swell = noise.octaves(p * 0.7, q * 0.5, 2)
    crest = 0.5 + 0.5 * np.sin(q * 2.6 + 1.4 * swell + 0.5 * noise.at(p * 2, q))
    sharp = crest**2.2 * (0.55 + 0.6 * noise.octaves(p * 0.8 + 4, q * 0.6, 2))
    chop = noise.ridges(p * 2.4, q * 2.2, 4)
    height = 0.75 * sharp + 0.22 * chop
    face, shine = canvas.relief(height * 0.3 * down / zoom, 1.6)
    tone = 0.18 + 0.5 * height + 0.12 * chop
    surface = ramp(np.clip(tone, 0, 0.85), sea) * np.clip(face, 0.4, 1.25)[..., None]
    mirror = palette[-1] * 0.5 + palette[1] * 0.3
    surface = surface + (mirror - surface) * (0.45 * np.exp(-3 * down))[..., None]
    cover = step(-0.5 * canvas.pixel, 0.5 * canvas.pixel, y + turn * x - horizon)
    canvas.lay(np.clip(surface, 0, 1), cover)
    lace = noise.cells(p * 3.5, q * 3.5)
    net = step(0.25, 0.02, lace[1] - lace[0])
    foam = step(0.5, 0.85, sharp + 0.3 * (chop - 0.4)) * (0.5 + 0.5 * net) + 0.3 * net * step(
        0.25, 0.6, sharp
    )
    canvas.lay(sea[3], np.clip(foam, 0, 1) * cover * 0.92)
    if rng.random() < 0.5:
        path = np.exp(-((x - rng.uniform(-0.6, 0.6)) ** 2) / (0.02 + 0.1 * down))
        canvas.glow(palette[-1], cover * path * step(0.35, 0.75, chop + 0.2 * shine) * 0.8)
    return finished(canvas)


def crystal(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = pick(
        rng,
        "180838 7030b8 e0b0ff ffffff",
        "04203c 1880c0 a8f0ff ffffff",
        "042c18 18a060 b8ffd0 ffffff",
        "3c0818 d83070 ffc0d8 ffffff",
        "342404 d8a020 fff0a8 ffffff",
        "1c2430 7890a8 e8f4fc ffffff",
        "300c04 e06020 ffd0a0 ffffff",
    )
    at = canvas.place(0.6, 1.4, np.pi, 0.25)
    count = int(rng.integers(5, 13))
    fan = rng.uniform(0.7, 3.1)
    base = canvas.picture.copy()
    order = rng.permutation(count)
    for number in order:
        angle = (number / max(count - 1, 1) - 0.5) * 2 * fan + rng.normal(0, 0.12)
        long = rng.uniform(0.6, 1.25) * (1 - 0.25 * abs(angle) / np.pi)
        wide = rng.uniform(0.1, 0.24)
        part = at.moved(0, 0.45 * (fan < 1.6), 1, angle)
        u, v = part.u, part.v
        tip = long - wide * 1.5
        slope = np.clip((-v - tip) / (wide * 1.5), 0, 2)
        edge = wide * (1 - slope)
        shape = np.maximum(np.abs(u) - edge, np.maximum(v - 0.15, -v - long))
        cover = coverage(shape, at.pixel)
        ridge = rng.uniform(-0.35, 0.35) * wide
        side = (u > ridge * (1 - slope)).astype(np.float32)
        bevel = ((np.abs(u - ridge) > edge * 0.62) & (slope <= 0)).astype(np.float32)
        turn = np.cos(angle - canvas.light - np.pi / 2)
        tone = (
            0.34 + 0.22 * side * turn - 0.2 * (1 - side) * turn + 0.14 * bevel * np.sign(u) * turn
        )
        tone = (
            tone
            + 0.18 * (slope > 0) * (side - 0.3)
            - 0.22 * step(-0.2, 0.25, v)
            + 0.2 * (-v / long) ** 2
        )
        inner = noise.octaves(u * 4 + number * 3, v * 2, 2, 0.6)
        crack = step(0.06, 0.0, np.abs(noise.at(u * 5 + number * 7, v * 3)))
        tone = tone + 0.14 * inner + 0.12 * crack
        through = np.roll(base, (3, 4), (0, 1))
        colour = ramp(np.clip(tone, 0, 1), palette)
        canvas.shade(1 - 0.45 * step(0.08, 0.0, shape))
        canvas.lay(colour * 0.88 + through * 0.12, cover)
        lines = np.minimum(np.abs(shape), np.abs(u - ridge * (1 - slope)))
        canvas.glow(palette[3], cover * 0.75 * step(0.028, 0.0, lines) * (0.4 + 0.6 * side))
        canvas.glow(
            palette[2],
            cover * 0.55 * step(0.035, 0.0, np.abs(u + 0.45 * wide)) * step(0.0, -0.4, v),
        )
    facets, second, name = noise.cells(at.u * 7, at.v * 7)
    if rng.random() < 0.5:  # the druse they grow from
        bed = step(
            0.62,
            0.4,
            np.hypot(at.u, at.v - 0.45 * (fan < 1.6) * 1.4) + 0.2 * noise.at(at.u * 3, at.v * 3),
        )
        chip = (
            ramp(np.clip(0.1 + 0.75 * name, 0, 1), palette)
            * (0.6 + 0.5 * step(0.0, 0.2, second - facets))[..., None]
        )
        canvas.lay(chip, bed)
    return finished(canvas)
