"""Order itself: spirals, combs, mandalas and fractals."""

from __future__ import annotations

import numpy as np

from .canvas import Array, Canvas, coverage, pick, ramp, step
from .finish import finished
from .grounds import ground
from .noise import Noise

JEWELS = (
    "1c0428 a81858 f8a030 fff0b0",
    "041c34 1078a0 68d8b8 f8f8d0",
    "200408 b02818 f0b048 fff8e0",
    "08201c 18805c c8d048 fff8d0",
    "100c30 5038b0 e078c8 ffe8e0",
    "201408 8c5c28 e8c888 fffaf0",
    "14181c 506878 b8c8c8 ffffff",
    "280c1c c04058 68b8b0 f8f0d8",
)


def spiral(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = pick(rng, *JEWELS)
    at = canvas.place(0.5, 1.7, np.pi, 0.3)
    wobble = 0.05 * noise.octaves(at.u * 2, at.v * 2, 2)
    reach, angle = np.hypot(at.u, at.v) + 1e-3, np.arctan2(at.v, at.u)
    hand = 1 if rng.random() < 0.5 else -1
    arms = int(rng.choice([1, 1, 2, 3, 5]))
    if rng.random() < 0.55:  # logarithmic, as in shells
        turns = (arms * hand * angle) / (2 * np.pi) + np.log(reach) * rng.uniform(1.0, 1.8) * max(
            1, arms * 0.6
        )
        band = reach * 0.5
    else:
        turns = (arms * hand * angle) / (2 * np.pi) + reach * rng.uniform(2.5, 4.5)
        band = np.full_like(reach, 0.16)
    turns = turns + wobble
    whorl = turns - np.floor(turns)
    tube = np.sqrt(np.clip(1 - (2 * whorl - 1) ** 2, 0, 1))
    along = angle * hand - np.log(reach) * 0.7
    septa = 0.5 + 0.5 * np.cos(along * int(rng.choice([9, 14, 22, 30])) + (whorl - 0.5) * 2.5)
    pearls = rng.random() < 0.35
    face, shine = canvas.relief((tube * band * 0.75 - 0.012 * septa) * at.scale, 1.0)
    tone = (
        0.15
        + 0.45 * whorl
        + 0.2 * septa
        + 0.16 * noise.octaves(at.u * 4, at.v * 4, 3)
        + 0.15 * np.sin(reach * 4)
    )
    colour = ramp(np.clip(tone, 0, 1), palette) * face[..., None]
    if pearls:
        colour = (
            colour
            + (palette[3] - colour)
            * (step(0.55, 0.95, septa) * step(0.3, 0.1, np.abs(whorl - 0.5)))[..., None]
        )
    disc = (
        coverage(reach - 1.05 - wobble, at.pixel * 3) if rng.random() < 0.6 else np.ones_like(reach)
    )
    canvas.shade(1 - 0.5 * step(0.25, 0.0, reach - 1.05))
    canvas.lay(colour, disc)
    canvas.shade(1 - disc * 0.6 * step(0.1, 0.0, np.minimum(whorl, 1 - whorl)))
    canvas.glow(palette[3], disc * shine * 0.55)
    return finished(canvas)


def honeycomb(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    wax = pick(
        rng,
        "5c3004 d08818 ffdc78",
        "6c4810 d8b048 fff4c0",
        "401c04 a85c14 f0b860",
        "4c4438 b0a488 f4ecd8",
        "283c10 88a028 e8f088",
    )
    honey = pick(
        rng,
        "2c0c00 a84804 ff9c10 fff0a0",
        "3c1c00 c87808 ffc828 fffad0",
        "180804 682008 d06818 ffd898",
        "101008 4c3c10 b89830 fff0b0",
    )
    at = canvas.place(0.5, 1.6, np.pi)
    lean = rng.uniform(-0.35, 0.35)
    depth = 1 + lean * at.v
    bend = 0.06 * noise.octaves(at.u * 1.5, at.v * 1.5, 2)
    u, v = (at.u / depth + bend) * 4.2, (at.v / depth + bend) * 4.2
    # Two rectangular lattices; the nearer centre of both makes the hexagons.
    wide, tall = 1.0, np.sqrt(3)
    au, av = np.round(u / wide) * wide, np.round(v / tall) * tall
    bu, bv = (np.floor(u / wide) + 0.5) * wide, (np.floor(v / tall) + 0.5) * tall
    first = (u - au) ** 2 + (v - av) ** 2 < (u - bu) ** 2 + (v - bv) ** 2
    cu, cv = np.where(first, au, bu), np.where(first, av, bv)
    p, q = u - cu, v - cv
    edge = 0.5 - np.maximum(np.abs(p), 0.5 * np.abs(p) + 0.866 * np.abs(q))  # 0 at the wall
    name = noise.at(cu * 2.31 + 0.2, cv * 1.87 + 0.7)
    wall = step(0.12, 0.05, edge)
    deep = np.clip(edge * 3, 0, 1)
    face, shine = canvas.relief((0.1 * wall - 0.05 * deep) * at.scale, 1.5)
    glint = np.hypot(p + 0.13 * np.cos(canvas.light), q + 0.13 * np.sin(canvas.light) + 0.05)
    liquid = ramp(
        np.clip(
            0.2 + 0.35 * deep + 0.35 * name + 0.25 * q + 0.2 * noise.octaves(u * 2, v * 2, 2), 0, 1
        ),
        honey,
    )
    canvas.fill(liquid)
    empty = step(0.25, 0.35, name)
    canvas.lay(honey[0] * 0.8, empty * deep * 0.9)
    capped = step(-0.35, -0.45, name) * float(rng.random() < 0.6)
    cap = ramp(np.clip(0.5 + 0.4 * noise.octaves(u * 4, v * 4, 3), 0, 1), wax)
    canvas.lay(cap, capped)
    canvas.glow(honey[3], (1 - empty) * (1 - capped) * step(0.16, 0.02, glint) * 0.9)
    canvas.lay(ramp(np.clip(0.65 + 0.3 * noise.octaves(u * 3, v * 3, 3), 0, 1), wax), wall)
    canvas.shade(np.clip(face, 0.3, 1.3))
    canvas.glow(wax[2], wall * shine * 0.5)
    canvas.shade(0.85 + 0.35 * noise.octaves(canvas.x, canvas.y, 2))
    return finished(canvas)


def mandala(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = np.concatenate([pick(rng, *JEWELS), pick(rng, *JEWELS)])
    at = canvas.place(0.6, 1.7, np.pi, 0.3)
    reach, angle = np.hypot(at.u, at.v) + 1e-3, np.arctan2(at.v, at.u)
    count = int(rng.choice([6, 8, 10, 12, 16]))
    height = np.zeros_like(reach)
    colour = np.broadcast_to(palette[0], canvas.picture.shape).copy()
    edges = np.cumsum(rng.uniform(0.09, 0.26, 9))
    edges = edges / edges[-1]
    for ring in range(8, -1, -1):
        high = edges[ring]
        low = edges[ring - 1] if ring else 0.0
        petals = count * (2 if ring > 5 else 1)
        turn = angle * petals / (2 * np.pi) + 0.5 * (ring % 2)
        off = (turn - np.round(turn)) * 2
        t = (reach - low) / (high - low)
        kind = int(rng.integers(4))
        if kind == 0:  # petals
            rim = high * (0.82 + 0.24 * np.sqrt(np.clip(1 - off**2, 0, 1)))
            shape = (reach - rim) / (high - low)
            mark = np.abs(off) + 0.5 * np.abs(t - 0.5) - 0.45
        elif kind == 1:  # points
            shape = (reach - high * (1.1 - 0.25 * np.abs(off))) / (high - low)
            mark = np.abs(np.abs(off) - 0.5 * t) - 0.12
        elif kind == 2:  # beads
            shape = (reach - high) / (high - low)
            mark = (
                np.hypot(off * np.pi / petals * (low + high) / 2, reach - (low + high) / 2)
                / (high - low)
                - 0.33
            )
        else:  # waves
            shape = (reach - high * (1 + 0.08 * np.cos(off * np.pi))) / (high - low)
            mark = np.abs(t - 0.5 - 0.25 * np.cos(off * np.pi)) - 0.13
        inside = step(0.06, -0.06, shape)
        main, trim = palette[(ring * 3 + 1) % 8], palette[(ring * 5 + 3) % 8]
        grade = 0.65 + 0.4 * np.clip(t, 0, 1) + 0.12 * noise.octaves(at.u * 6, at.v * 6, 2)
        layer = main * grade[..., None]
        layer = layer + (trim - layer) * step(0.05, -0.05, mark)[..., None]
        layer = (
            layer + (palette[3] - layer) * (0.8 * step(0.13, 0.0, np.abs(shape + 0.12)))[..., None]
        )
        colour = colour + (layer - colour) * inside[..., None]
        colour = colour * (1 - 0.4 * step(0.22, 0.0, shape) * step(-0.05, 0.05, shape))[..., None]
        height = height * (1 - inside) + inside * (
            0.03 * (8 - ring) + 0.05 * np.clip(-mark, 0, 0.4) + 0.04 * np.clip(-shape, 0, 0.3)
        )
    face, shine = canvas.relief(height * at.scale, 1.0)
    disc = step(0.04, -0.02, reach - 1.04)
    canvas.shade(1 - 0.5 * step(0.3, 0.0, reach - 1.02))
    canvas.lay(np.clip(colour * face[..., None], 0, 1), disc)
    canvas.glow(palette[3], disc * shine * 0.5)
    return finished(canvas)


SEEDS = (
    -0.8 + 0.156j,
    -0.4 + 0.6j,
    0.285 + 0.01j,
    -0.7269 + 0.1889j,
    -0.835 - 0.2321j,
    -0.12 + 0.75j,
    0.355 + 0.355j,
    -1.25 + 0.05j,
)


def fractal(rng: np.random.Generator, size: int) -> Array:
    """A Julia set, coloured by how fast points escape and lit as a landscape."""
    canvas = Canvas(rng, size)
    palette = pick(rng, *JEWELS)
    at = canvas.place(0.55, 2.2, np.pi, 0.4)
    z = (at.u + 1j * at.v).astype(np.complex64) * 1.35
    c = np.complex64(SEEDS[int(rng.integers(len(SEEDS)))] + complex(*rng.normal(0, 0.012, 2)))
    speed = np.zeros(z.shape, dtype=np.float32)
    trap = np.full(z.shape, 9, dtype=np.float32)
    for count in range(36):
        z = z * z + c
        size2 = z.real**2 + z.imag**2
        alive = size2 < 64
        speed += alive
        trap = np.where(
            alive, np.minimum(trap, np.abs(z.real * z.imag) + 0.15 * np.abs(size2 - 0.4)), trap
        )
        z = np.where(alive, z, np.complex64(8.1))
        if count > 8 and not alive.any():
            break
    t = np.sqrt(speed / 36)
    shade = np.exp(-trap * 5)
    cycle = 0.5 - 0.5 * np.cos(t * rng.uniform(7, 14) + rng.uniform(0, 6.3))
    face, shine = canvas.relief(np.clip(t, 0, 0.97) * 0.3 * at.scale + 0.05 * shade, 0.8)
    canvas.fill(ramp(np.clip(0.08 + 0.7 * cycle * (0.35 + 0.65 * t) + 0.5 * shade, 0, 1), palette))
    canvas.shade(np.clip(face, 0.35, 1.25))
    canvas.glow(palette[3], shine * 0.3 + 0.6 * step(0.25, 0.0, trap) * t)
    return finished(canvas)
