"""Geometry and ornament: blocks, nested shapes, labyrinths, interlace, inlay, lace and balls."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from .canvas import WHITE, Array, Canvas, Place, coverage, pick, ramp, step
from .creatures import places
from .finish import blurred, finished
from .grounds import ground
from .noise import Noise
from .patterns import JEWELS

PIGMENTS = (
    *JEWELS,
    "101840 2858a8 50b0e8 f0d860",
    "30100c a04020 e89060 70d0c8",
    "182818 3c7840 a0c860 f8e8a0",
    "281038 7030a0 e85090 f8c880",
    "181818 4c4460 a888b0 f0e0e8",
    "082030 107080 f07850 f8e0b0",
)


def pigments(rng: np.random.Generator) -> Array:
    """Four colours from dark to light or from light to dark, of any hue."""
    palette = pick(rng, *PIGMENTS)[:, rng.permutation(3)]
    grey = palette.mean(-1, keepdims=True)
    palette = np.clip(grey + (palette - grey) * 1.2, 0, 1).astype(np.float32)
    return palette[::-1].copy() if rng.random() < 0.3 else palette


def tinted(palette: Array, tone: Array) -> Array:
    return ramp(np.clip(tone, 0, 1), palette)


Solid = Callable[[Array, Array, Array], Array]


def tumbling(rng: np.random.Generator) -> Solid:
    """A wall of corners that looks at us, with some blocks left out."""
    chance = rng.random((32, 32))
    share = float(rng.choice([0.0, 0.3, 0.5, 0.7]))

    def solid(i: Array, j: Array, k: Array) -> Array:
        layer = i + j + k
        return (layer < 0) | ((layer == 0) & (chance[i % 32, j % 32] < share))

    return solid


def towers(rng: np.random.Generator, most: int, endless: bool) -> Solid:
    """Blocks stacked on a floor: stairs, pyramids, random towers, or one heap of them."""
    i, j = np.meshgrid(np.arange(32), np.arange(32), indexing="ij")
    kind = rng.random()
    if endless:
        if kind < 0.35:  # stairs that run down towards us, then start again
            height = most - (i // int(rng.integers(1, 4)) + j) % (most + 1)
        elif kind < 0.65:
            wide = 2 * most
            height = most - np.maximum(np.abs(i % wide - most), np.abs(j % wide - most)) + 1
        else:
            height = np.floor(rng.random((32, 32)) ** 1.5 * (most + 1)).astype(int)
        height = np.maximum(height, 1)
    else:
        i, j = i - 16, j - 16
        wide = int(rng.integers(1, 4))
        inside = (i >= 0) & (j >= 0) & (i < wide) & (j < wide)
        stairs = wide - i - j if kind < 0.4 else wide - np.maximum(i, j)
        heap = np.floor(rng.random((32, 32)) * (most + 1)).astype(int)
        height = np.where(inside, stairs if kind < 0.7 else np.maximum(heap, 1), 0)
        if rng.random() < 0.5:  # single blocks that lie around
            height[rng.integers(13, 22, 5), rng.integers(13, 22, 5)] += 1

    def solid(i: Array, j: Array, k: Array) -> Array:
        return (k >= 0) & (k < height[(i + 16) % 32, (j + 16) % 32])

    return solid


def cubes(rng: np.random.Generator, size: int) -> Array:
    """Blocks on a lattice, seen along its diagonal: each pixel's ray walks from cell to cell."""
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = pigments(rng)
    kind = rng.random()
    if kind < 0.35:
        at = canvas.place(0.2, 0.6, np.pi, 0.3)
        solid, drops = tumbling(rng), 3
    elif kind < 0.65:
        at = canvas.place(0.18, 0.45, 0.35, 0.3)
        drops = int(rng.integers(2, 5))
        solid = towers(rng, drops, True)
    else:
        at = canvas.place(0.3, 0.58, 0.4, 0.25)
        drops = int(rng.integers(2, 4))
        solid = towers(rng, drops, False)
    a0, b0 = at.v + at.u / np.sqrt(3), at.v - at.u / np.sqrt(3)
    if kind < 0.35:
        top = np.ceil((4 - a0 - b0) / 3).astype(np.int32)
    else:
        a0, b0 = a0 - 0.3 * drops, b0 - 0.3 * drops
        top = np.full(a0.shape, drops, dtype=np.int32)
    side = np.full(a0.shape, -1, dtype=np.int32)
    i, j, k = np.zeros_like(side), np.zeros_like(side), np.zeros_like(side)
    t = np.zeros_like(a0)
    for _ in range(drops):
        ia, ib = np.floor(a0 + top).astype(np.int32), np.floor(b0 + top).astype(np.int32)
        rest_a, rest_b = a0 + top - ia, b0 + top - ib
        first = rest_a < rest_b
        for ci, cj, face, depth in (
            (ia, ib, 0, top),
            (ia - first, ib - ~first, 2 - first, top - np.minimum(rest_a, rest_b)),
            (ia - 1, ib - 1, 1 + first, top - np.maximum(rest_a, rest_b)),
        ):
            hit = (side < 0) & solid(ci, cj, top - 1)
            for kept, value in ((i, ci), (j, cj), (k, top - 1), (t, depth), (side, face)):
                np.copyto(kept, value, where=hit, casting="same_kind")
        top = top - 1
    p = np.where(side == 1, b0 + t - j, a0 + t - i)
    q = np.where(side == 0, b0 + t - j, t - k)
    # Corners between blocks are darker: is there a block beside the free cell before this face?
    fi, fj, fk = i + (side == 1), j + (side == 2), k + (side == 0)
    beside = solid(fi - (side != 1), fj - (side == 1), fk)
    below = solid(fi, fj - (side == 0), fk - (side != 0))
    corner = 1 - 0.5 * beside * step(0.5, 0, p) - 0.5 * below * step(0.5, 0, q)
    edge = np.minimum(np.minimum(p, 1 - p), np.minimum(q, 1 - q))
    name = noise.at(i * 2.31 + k * 0.77 + 0.2, j * 1.87 - k * 1.31 + 0.7)
    grain = noise.octaves(p * 3 + 7 * name, q * 9 + i, 2)
    style = int(rng.integers(3))
    if style == 0:  # one colour for each direction
        tone = np.choose(side % 3, rng.permutation([0.3, 0.6, 0.9])).astype(np.float32)
    elif style == 1:  # each block has its own
        tone = 0.6 + 0.5 * name
    else:
        tone = 0.35 + 0.18 * ((k + i * 0.5) % 4)
    colour = tinted(palette, tone + 0.1 * rng.random() * grain)
    levels = [1.3, *rng.permutation([0.85, 0.42])]
    if kind < 0.35:
        levels = list(rng.permutation([1.3, 0.85, 0.42]))
    light = np.choose(side % 3, levels) * corner * (1.1 - 0.25 * np.hypot(p - 0.3, q - 0.3))
    mark = rng.random()
    if mark < 0.14:
        panel = np.abs(edge - 0.16) - 0.035
    elif mark < 0.26:
        panel = np.hypot(p - 0.5, q - 0.5) - 0.24
    elif mark < 0.34:
        panel = np.abs((q * 3) % 1 - 0.5) / 3 - 0.07
    else:
        panel = np.full_like(p, 1)
    trim = palette[int(rng.choice([0, 3]))]
    colour = colour + (trim - colour) * (coverage(panel, at.pixel * 1.5) * 0.85)[..., None]
    colour = np.clip(colour * light[..., None], 0, 1)
    rim = step(0.07, 0.01, edge)[..., None]
    colour = colour + rim * ((WHITE - colour) * 0.3 if rng.random() < 0.6 else -0.5 * colour)
    if kind >= 0.65:
        canvas.shade(1 - 0.5 * step(2.4, 0.5, np.hypot(at.u, 1.6 * (at.v - 1.3))))
    canvas.lay(blurred(colour, 0.4), (side >= 0).astype(np.float32))
    return finished(canvas)


def sierpinski(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    tiled = rng.random() < 0.35
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    turn = float(rng.choice([0, np.pi / 3, rng.uniform(-np.pi, np.pi)]))
    if tiled:
        scale = float(rng.uniform(0.55, 1.3))
        spots = [whole.moved(*map(float, rng.uniform(-1, 1, 2)), scale, turn)]
    elif rng.random() < 0.7:
        scale = float(rng.uniform(0.85, 1.7))
        spots = [whole.moved(*map(float, rng.uniform(-0.2, 0.2, 2)), scale, turn)]
    else:
        spots = places(canvas, 3)
    style = int(rng.integers(3))
    ragged = rng.random() < 0.3
    grain = rng.choice([0.05, 0.15, 0.35])
    for at in spots:
        palette, hollow = pigments(rng), pigments(rng)
        angles = np.array([-0.5, 1 / 6, 5 / 6]) * np.pi
        parts = np.stack([(1 + 2 * (at.u * np.cos(a) + at.v * np.sin(a))) / 3 for a in angles])
        parts = parts.astype(np.float32)
        inside = coverage(-parts.min(0) * 1.5, at.pixel)
        turned = np.zeros(at.u.shape, dtype=bool)
        if tiled:
            inside = np.ones_like(inside)
            parts = parts - np.floor(parts)
            turned = parts.sum(0) > 1.5
            parts = np.where(turned, 1 - parts, parts)
        levels = int(np.clip(np.log2(1.5 / (rng.uniform(4, 9) * at.pixel)), 2, 5))
        depth = np.full(at.u.shape, levels, dtype=np.float32)
        hole = np.zeros(at.u.shape, dtype=bool)
        path = turned * 3.1
        length = np.full_like(depth, 0.5**levels)
        for level in range(levels):
            alive = depth == levels
            largest = parts.argmax(0)
            middle = (parts.max(0) < 0.5) & alive
            hole |= middle
            if ragged and level:
                middle |= alive & (noise.at(path * 1.7 + 0.4, path * 0.9 + 0.5) > 0.3)
            depth = np.where(middle, level, depth)
            length = np.where(middle, 0.5**level, length)
            grown = 2 * parts - (np.arange(3)[:, None, None] == largest)
            parts = np.where((alive & ~middle)[None], grown, parts).astype(np.float32)
            path = np.where(alive & ~middle, path * 1.9 + largest + 1, path)
        bank = np.where(hole, 0.5 - parts.max(0), parts.min(0)) * 1.5 * length
        name = noise.at(path * 0.63 + 0.5, depth + 0.5)
        facet = np.where(hole, parts.argmax(0), parts.argmin(0))
        lit = np.choose(facet, rng.permutation([1.3, 0.95, 0.55])).astype(np.float32)
        if style == 0:  # pyramids, and pits between them
            tone = 0.62 + 0.3 * name
            face, shine = np.where(hole, 0.3 + 0.6 * lit, lit), np.zeros_like(lit)
        else:
            height = np.where(hole, -1.0, 1.0) * np.minimum(bank, 0.05)
            face, shine = canvas.relief(height.astype(np.float32) * at.scale, 1.2)
            tone = 0.55 + 0.25 * name + 0.3 * (at.v * 0.5)
            face = 1.1 * face
        colour = tinted(palette, tone + grain * noise.octaves(at.u * 7, at.v * 7, 3))
        pit = tinted(hollow, 0.15 + 0.8 * depth / levels + 0.15 * name)
        if style == 2:  # the holes are open
            canvas.shade(1 - 0.3 * inside)
            pit = np.clip(canvas.picture, 0, 1)
        colour = np.where(hole[..., None], pit, colour) * face[..., None]
        colour = colour * (1 - 0.55 * step(2.5 * at.pixel, 0.3 * at.pixel, bank))[..., None]
        if not tiled:
            canvas.shade(1 - 0.45 * step(1.3, 0.5, np.hypot(at.u, at.v - 0.1)))
        canvas.lay(np.clip(colour, 0, 1), inside)
        canvas.glow(WHITE, inside * shine * 0.4)
    return finished(canvas)


def corridors(rng: np.random.Generator, count: int) -> tuple[Array, Array, Array]:
    """A maze of count × count cells: walls above and left of each cell, and how deep it lies."""
    above = np.ones((count + 1, count), dtype=bool)
    left = np.ones((count, count + 1), dtype=bool)
    depth = np.full((count, count), -1, dtype=np.float32)
    row, column = int(rng.integers(count)), int(rng.integers(count))
    trail = [(row, column)]
    depth[row, column] = 0
    turns = rng.random(8 * count * count)
    draw = 0
    while trail:
        row, column = trail[-1]
        ways = [
            (r, c)
            for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
            if 0 <= r < count and 0 <= c < count and depth[r, c] < 0
        ]
        if not ways:
            trail.pop()
            continue
        r, c = ways[int(turns[draw] * len(ways))]
        draw += 1
        if r != row:
            above[max(r, row), column] = False
        else:
            left[row, max(c, column)] = False
        depth[r, c] = depth[row, column] + 1
        trail.append((r, c))
    return above, left, depth / depth.max()


Walls = Callable[[Array, Array], tuple[Array, Array]]


def square_maze(rng: np.random.Generator, count: int) -> Walls:
    above, left, depth = corridors(rng, count)

    def walls(u: Array, v: Array) -> tuple[Array, Array]:
        x, y = (u + 1) * count / 2, (v + 1) * count / 2
        column = np.clip(np.floor(x), 0, count - 1).astype(np.int32)
        row = np.clip(np.floor(y), 0, count - 1).astype(np.int32)
        p, q = x - column, y - row
        near = np.hypot(p - np.round(np.clip(p, 0, 1)), q - np.round(np.clip(q, 0, 1)))
        outside = np.maximum(np.maximum(-x, x - count), np.maximum(-y, y - count))
        for wall, away in (
            (above[row, column], q),
            (above[row + 1, column], 1 - q),
            (left[row, column], p),
            (left[row, column + 1], 1 - p),
        ):
            near = np.where(wall, np.minimum(near, np.abs(away)), near)
        return np.maximum(near, outside) * 2 / count, depth[row, column]

    return walls


def round_maze(rng: np.random.Generator, count: int) -> Walls:
    gaps = rng.uniform(-np.pi, np.pi, (count + 2, 2))
    bars = rng.uniform(-np.pi, np.pi, (count + 2, 3))
    number = rng.integers(1, 4, count + 2)

    def walls(u: Array, v: Array) -> tuple[Array, Array]:
        reach, angle = np.hypot(u, v) + 1e-4, np.arctan2(v, u)
        ring = np.clip(np.round(reach * count), 1, count).astype(np.int32)
        near = np.abs(reach - ring / count)
        for way in range(2):
            off = np.abs((angle - gaps[ring, way] + np.pi) % (2 * np.pi) - np.pi) * reach
            away = np.hypot(near, np.maximum(0.55 / count - off, 0))
            near = np.where(ring > 1 - way, away, near)
        lane = np.clip(np.floor(reach * count), 0, count + 1).astype(np.int32)
        for bar in range(3):
            off = (angle - bars[lane, bar] + np.pi) % (2 * np.pi) - np.pi
            here = (lane > 0) & (lane < count) & (number[lane] > bar)
            near = np.where(here, np.minimum(near, np.abs(off) * reach), near)
        return near, np.clip(reach, 0, 1)

    return walls


def maze(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette, floor = pigments(rng), pigments(rng)
    circular = rng.random() < 0.45
    if circular:
        count = int(rng.integers(4, 8))
        walls = round_maze(rng, count)
        at = canvas.place(0.75, 1.5, np.pi, 0.25)
        cell = 1 / count
    else:
        count = int(rng.integers(5, 11))
        walls = square_maze(rng, count)
        at = canvas.place(0.7, 1.6, float(rng.choice([0.15, np.pi])), 0.2)
        cell = 2 / count
    lean = rng.uniform(-0.3, 0.3)
    depth = 1 + lean * at.v
    u, v = at.u / depth, at.v / depth
    thick = cell * rng.uniform(0.13, 0.24)
    pixel = at.pixel * 1.3
    away, far = walls(u, v)
    inside = np.hypot(u, v) - 1 if circular else np.maximum(np.abs(u), np.abs(v)) - 1
    inside = coverage(inside - thick, pixel)
    grain = noise.octaves(u * 6, v * 6, 3)
    gloss = rng.random()
    tone = 0.2 + 0.7 * far if rng.random() < 0.6 else 0.55 + 0.15 * grain
    ground_colour = tinted(floor, tone + 0.08 * grain)
    canvas.lay(ground_colour, inside)
    canvas.shade(1 - 0.35 * inside * step(cell * 0.5, thick, away))
    # The walls rise towards us: their tops are moved, and cast shadows away from the light.
    lift = cell * rng.uniform(0.15, 0.45)
    angle = rng.uniform(0, 2 * np.pi)
    up, across = lift * np.sin(angle), lift * np.cos(angle)
    glowing = rng.random() < 0.2
    if not glowing:
        shadow = np.zeros_like(away)
        for reach in (0.5, 1.0):
            long = reach * lift * 1.3
            x, y = u + long * np.cos(canvas.light), v + long * np.sin(canvas.light)
            np.maximum(shadow, coverage(walls(x, y)[0] - thick, pixel * 2), out=shadow)
        canvas.shade(1 - 0.6 * shadow * inside)
    body = coverage(away - thick, pixel)
    for rise in (0.33, 0.66):
        near = walls(u - rise * across, v - rise * up)[0]
        np.maximum(body, coverage(near - thick, pixel), out=body)
    top, _ = walls(u - across, v - up)
    cap = coverage(top - thick, pixel)
    np.maximum(body, cap, out=body)
    colour = tinted(palette, 0.62 + 0.25 * grain * rng.uniform(0.2, 1.2) + 0.2 * at.v)
    canvas.lay(colour * rng.uniform(0.3, 0.5), body)
    round_top = np.sqrt(np.clip(1 - (top / thick) ** 2, 0, 1)) * thick
    rough = 0.015 * grain * float(rng.random() < 0.4)
    face, shine = canvas.relief(((0.7 * round_top + rough) * at.scale).astype(np.float32), 1.3)
    canvas.lay(np.clip(colour * face[..., None], 0, 1), cap)
    canvas.glow(palette.max(0), cap * shine * gloss * 0.7)
    if glowing:
        canvas.shade(1 - 0.35 * (1 - cap))
        canvas.glow(palette.max(0), 0.9 * np.exp(-(((top / thick) / 1.2) ** 2)) * inside)
    return finished(canvas)


def polygon(u: Array, v: Array, corners: int) -> tuple[Array, Array, Array]:
    """Radius measured to the sides of a polygon, which side, and -1..1 along it."""
    angle = np.arctan2(v, u)
    if corners > 12:
        sector = angle * corners / (2 * np.pi)
        return np.hypot(u, v) + 1e-4, np.round(sector), 2 * (sector - np.round(sector))
    side = np.round(angle * corners / (2 * np.pi))
    middle = side * 2 * np.pi / corners
    radius = np.cos(middle) * u + np.sin(middle) * v + 1e-4
    along = (np.cos(middle) * v - np.sin(middle) * u) / (radius * np.tan(np.pi / corners))
    return radius, side, along


def tunnel(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    palette = pigments(rng)
    corners = int(rng.choice([3, 4, 4, 5, 6, 6, 8, 24, 24]))
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    x, y = map(float, rng.uniform(-0.4, 0.4, 2))
    turn = np.pi / 2 if rng.random() < 0.4 else float(rng.uniform(-np.pi, np.pi))
    at = whole.moved(x, y, float(rng.uniform(0.8, 1.5)), turn)
    end = palette[3] if rng.random() < 0.5 else palette[0] * 0.35
    if rng.random() < 0.5:  # walls of slabs, all the way down
        bend = rng.uniform(-0.15, 0.15, 2)
        near = np.exp(-2.5 * np.hypot(at.u, at.v))
        radius, side, along = polygon(at.u + bend[0] * near, at.v + bend[1] * near, corners)
        radius = np.maximum(radius, 0.02)
        deep = rng.random() < 0.5
        pace = rng.uniform(0.5, 1.1) if deep else rng.uniform(1.6, 3.2)
        z = pace / radius if deep else -np.log(radius) * pace
        slope = pace / radius**2 if deep else pace / radius
        lanes = int(rng.integers(1, 5)) if corners < 12 else 1
        lane = np.floor((along + 1) / 2 * lanes * 0.999)
        checks = (np.floor(z) + (lane + side if rng.random() < 0.6 else 0)) % 2
        name = noise.at(np.floor(z) * 1.31 + 0.5, lane * 1.7 + side * 2.9 + 0.5)
        seam = np.minimum(z % 1, 1 - z % 1)
        across = (along + 1) / 2 * lanes % 1
        joint = np.minimum(seam, np.minimum(across, 1 - across))
        rib = rng.random() < 0.5
        tone = 0.25 + 0.5 * checks + 0.15 * name
        tone = tone + 0.12 * rng.random() * noise.octaves(z * 3, along * 3 + side * 5, 2)
        lit = 0.75 + 0.4 * np.cos(side * 2 * np.pi / corners + turn - canvas.light)
        colour = tinted(palette, tone) * lit[..., None]
        colour = colour * (0.5 + 0.5 * step(0.02, 0.1, joint))[..., None]
        if rib:
            hoop = np.sqrt(np.clip(1 - (4 * seam) ** 2, 0, 1))
            face, _ = canvas.relief((0.1 * hoop * radius * at.scale).astype(np.float32), 2)
            colour = colour + (palette[3] - colour) * (0.7 * step(0.3, 0.5, hoop))[..., None]
            colour = colour * face[..., None]
        canvas.fill(np.clip(colour, 0, 1))
        fine = slope * at.pixel
        fog = np.maximum(step(0.25, 0.6, fine), 0.9 * np.exp(-((radius / 0.22) ** 2)))
        canvas.shade(0.35 + 0.75 * step(0.0, 0.7, radius))
        canvas.lay(end, fog)
        canvas.glow(end, 0.5 * np.exp(-4 * radius))
    else:  # frames behind frames
        ratio = rng.uniform(0.68, 0.84)
        count = int(min(12, np.log(0.06) / np.log(ratio)))
        twist = rng.uniform(-0.12, 0.12) if rng.random() < 0.4 else 0.0
        shift = rng.uniform(-0.5, 0.5, 2)
        width = rng.uniform(0.35, 0.75)
        height = np.zeros_like(at.u)
        colour = np.broadcast_to(palette[1], canvas.picture.shape).copy()
        stride = int(rng.choice([1, 1, 2]))
        for number in range(count):
            radius = 1.9 * ratio**number
            u = at.u - shift[0] * (1 - radius / 1.9) * 0.6
            v = at.v - shift[1] * (1 - radius / 1.9) * 0.6
            c, s = np.cos(twist * number), np.sin(twist * number)
            reach, side, _ = polygon(c * u + s * v, c * v - s * u, corners)
            t = (radius - reach) / (radius * (1 - ratio))  # 0..1 across this frame
            inside = coverage(reach - radius, at.pixel * 1.2)
            lit = 0.85 + 0.35 * np.cos(side * 2 * np.pi / corners + turn - canvas.light)
            lit = np.where(t < width, lit, 0.55 * (2 - lit)) * (1 - 0.5 * step(0.5, 1, t))
            tone = (number * stride % 3) / 2 * 0.7 + 0.15 + 0.15 * (t < width)
            main = ramp(np.clip(np.full_like(t, tone), 0, 1), palette) * lit[..., None]
            main = main + (end - main) * min(0.85, (number / count) ** 2)
            dark = 1 - 0.5 * step(0.25, 0.0, t) * step(-0.1, 0.05, t)
            colour = colour + (main * dark[..., None] - colour) * inside[..., None]
            bead = np.clip(1 - (2 * t / width - 1) ** 2, 0, 1) * radius * 0.07
            height = np.where(inside > 0.5, bead, height)
        face, shine = canvas.relief((height * at.scale).astype(np.float32), 1.5)
        grain = 1 + 0.2 * rng.random() * noise.octaves(at.u * 8, at.v * 8, 3)
        canvas.fill(np.clip(colour * (face * grain)[..., None], 0, 1))
        canvas.glow(WHITE, shine * 0.3)
        canvas.glow(end, 0.8 * np.exp(-9 * np.hypot(u, v)))
    return finished(canvas)


def woven(rng: np.random.Generator, wide: int, tall: int) -> Callable[[Array, Array], list[Array]]:
    """Interlace on a panel of tiles: strands cross in a tile, or turn away from each other.

    Horizontal strands lie above in every second tile, so that each strand goes over and under in
    turn. The rim joins strands in pairs by half circles; with `tall` 0 the panel has no end.
    """
    share = float(rng.choice([0.65, 0.8, 0.9, 1.0]))
    kinds = np.where(rng.random((16, 16)) < share, 0, rng.integers(1, 3, (16, 16)))
    if rng.random() < 0.6:  # in mirror symmetry, as ornament is
        quarter = kinds[: (tall + 1) // 2, : (wide + 1) // 2] if tall else kinds[:8, :8]
        half = np.concatenate([quarter, (3 - quarter[:, ::-1]) % 3], 1)
        whole = np.concatenate([half, (3 - half[::-1]) % 3], 0)
        kinds[: whole.shape[0], : whole.shape[1]] = whole

    def strands(x: Array, y: Array) -> list[Array]:
        """Distances from the middle of the upper strand, of the lower one, and a mark for it."""
        i, j = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
        p, q = x - i - 0.5, y - j - 0.5
        kind = kinds[j % 16, i % 16]
        flat = (i + j) % 2 == 0
        first = np.where(kind == 1, p, -p)
        arcs = np.minimum(
            np.abs(np.hypot(first + 0.5, q + 0.5) - 0.5),
            np.abs(np.hypot(first - 0.5, q - 0.5) - 0.5),
        )
        upper = np.where(kind == 0, np.where(flat, np.abs(q), np.abs(p)), arcs)
        lower = np.where(kind == 0, np.where(flat, np.abs(p), np.abs(q)), 9)
        if tall:
            ends = [(y, x), (tall - y, x)]
            if wide:
                ends += [(x, y), (wide - x, y)]
            for beyond, along in ends:
                turn = np.abs(along - 2 * np.floor(along / 2) - 1)
                cap = np.abs(np.hypot(turn, beyond) - 0.5)
                out = beyond < 0
                upper, lower = np.where(out, cap, upper), np.where(out, 9, lower)
            if wide:
                corner = np.maximum(np.maximum(-x, x - wide), 0) * np.maximum(
                    np.maximum(-y, y - tall), 0
                )
                upper = np.where(corner > 0, 9, upper)
        return [upper.astype(np.float32), lower.astype(np.float32), (i + 0.7 * j) * 0.37]

    return strands


def knot(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = pigments(rng)
    kind = rng.random()
    field = rng.random() < 0.25
    thick = rng.uniform(0.22, 0.36)
    spots = [canvas.place(0.75, 1.5, np.pi, 0.25)]
    if kind < 0.35 and rng.random() < 0.5:
        spots = places(canvas, 4)
    rows = 2 * int(rng.integers(1, 3)) if len(spots) == 1 else 2
    around = int(rng.choice([8, 10, 12, 14] if len(spots) == 1 else [14, 16])) * rows // 2
    wide = 2 * int(rng.integers(1, 4))
    if kind < 0.35:
        weave = woven(rng, 0, rows)
    elif field:
        weave = woven(rng, 0, 0)
    else:
        weave = woven(rng, wide, 2 * int(rng.integers(1, 3)))
    strands = int(rng.choice([2, 3, 3, 5]))
    lobes = int(rng.choice([3, 4, 5] if strands < 5 else [2, 3]))
    edging = rng.random()
    for at in spots:
        scale = np.ones_like(at.u)
        if kind < 0.35:  # a woven ring
            reach, angle = np.hypot(at.u, at.v) + 1e-3, np.arctan2(at.v, at.u)
            per = around / (2 * np.pi)
            layers = [weave((angle + np.pi) * per, rows / 2 + per * np.log(reach / 0.68))]
            scale = reach / per
        elif kind < 0.68:  # a woven panel, or cloth without end
            tiles = rng.uniform(1.6, 3.2) if field else wide / 1.7
            tilt = at.moved(0, 0, 1.0, np.pi / 4 if field else 0.0)
            x, y = tilt.u * tiles + wide / 2, tilt.v * tiles + 1
            layers = [weave(x, y)]
            scale = scale / tiles
        else:  # a plait: around a ring, or straight
            if kind < 0.86:
                reach, angle = np.hypot(at.u, at.v) + 1e-3, np.arctan2(at.v, at.u)
                swing = 1.15 / lobes
                across, phase = np.log(reach / 0.66) / swing, angle * lobes
                speed = lobes
                scale = reach
            else:
                swing = rng.uniform(0.22, 0.4)
                sway = 0.3 * np.sin(at.u * rng.uniform(1, 2.5)) * rng.random()
                speed = rng.uniform(0.8, 1.4) / swing
                across, phase = (at.v + sway) / swing, at.u * speed
            layers = []
            for strand in range(strands):
                # In a ring, every strand runs into the next one, or into itself.
                turn = phase + strand * 2 * np.pi / strands
                lean = np.sqrt(1 + (swing * speed * np.cos(turn)) ** 2)
                away = np.abs(across - np.sin(turn)) / lean
                over = np.cos(turn) if strands == 2 else np.sin(2 * turn)
                layers.append([away, over, np.full_like(away, strand)])
            scale = scale * swing
        if kind < 0.68:
            upper, lower, mark = layers[0]
            pieces = [(lower, mark), (upper, mark)]
        else:
            # The strands sorted by height at each pixel, lowest first.
            over = np.stack([layer[1] for layer in layers])
            order = over.argsort(0)
            away = np.take_along_axis(np.stack([layer[0] for layer in layers]), order, 0)
            pieces = [(away[n], order[n].astype(np.float32)) for n in range(strands)]
            thick = 0.3 if strands < 4 else 0.22
        pixel = at.pixel / scale
        height = np.zeros_like(at.u)
        colour = canvas.picture * 1.0
        cover = np.zeros_like(at.u)
        for away, mark in pieces:
            inside = np.clip(0.5 - (away - thick) / pixel, 0, 1)
            dark = 0.65 * step(thick * 1.7, thick * 0.9, away)
            colour = colour * (1 - dark)[..., None]
            t = np.clip(away / thick, 0, 1)
            tone = 0.62 + 0.14 * np.sin(mark * 2.4) + 0.14 * noise.octaves(at.u * 7, at.v * 7, 2)
            main = tinted(palette, tone)
            if edging < 0.35:
                main = main + (palette[3] - main) * step(0.35, 0.2, t)[..., None]
            elif edging < 0.65:
                main = main + (palette[1] - main) * (step(0.5, 0.7, t) * 0.9)[..., None]
            main = main * (1 - 0.6 * step(0.75, 1.0, t))[..., None]
            colour = colour + (main - colour) * inside[..., None]
            bulge = np.sqrt(np.clip(1 - t * t, 0, 1)) * thick
            height = np.where(inside > 0.5, bulge + 0.1, height * (1 - inside))
            cover = np.maximum(cover, inside)
        face, shine = canvas.relief((height * scale * at.scale).astype(np.float32), 1.1)
        gleam = rng.uniform(0.2, 0.7)
        canvas.picture = np.clip(
            colour * (1 + (face - 1) * np.clip(cover, 0, 1))[..., None], 0, 1
        ).astype(np.float32)
        canvas.glow(palette.max(0), cover * shine * gleam)
    return finished(canvas)


def laid(
    rng: np.random.Generator, across: Array, along: Array, wide: Array | float, reach: Array | float
) -> list[Array]:
    """Rows of small tiles: distance to the joint, row and place of each tile, and where in it.

    `wide` is the length of a tile in units of `along`; `reach` turns these into rows' widths.
    """
    shifts = rng.random(256)
    row = np.floor(across)
    turn = along / wide + shifts[row.astype(np.int32) % 256]
    # Tiles of one row are not equally long.
    turn = turn + 0.13 * np.sin(2.4 * turn + 5 * shifts[(row.astype(np.int32) + 7) % 256])
    place = np.floor(turn)
    p, q = turn - place, across - row
    joint = np.minimum(np.minimum(p, 1 - p) * wide * reach, np.minimum(q, 1 - q))
    return [joint, row, place, p, q]


def mosaic(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    palette, second = pigments(rng), pigments(rng)
    at = canvas.place(0.75, 1.7, np.pi, 0.3)
    rows = np.exp(rng.uniform(np.log(3.6), np.log(10))) * at.scale
    wobble = 0.025 * noise.octaves(at.u * 5, at.v * 5, 2)
    u, v = at.u + wobble, at.v + 0.025 * noise.octaves(at.u * 5 + 9, at.v * 5, 2)
    kind = rng.random()
    square = float(rng.uniform(0.85, 1.5))
    if kind < 0.35:  # fish-scale fans
        radius = rng.uniform(0.45, 0.8)
        per = round(rows * radius)
        x, y = u / radius, v / radius * 2
        below, reach, angle = np.zeros_like(x), np.full_like(x, 9), np.zeros_like(x)
        for lower in (2, 1, 0):  # the fan whose top comes first hides those behind it
            line = np.floor(y) + lower
            p = x - 2 * np.floor((x + line % 2 + 1) / 2) + line % 2
            q = (y - line) / 2
            away = np.hypot(p, q)
            here = away < 1
            below = np.where(here & (reach > 1), line * 3.1 + np.round((x - p) / 2), below)
            angle = np.where(here & (reach > 1), np.arctan2(q, p), angle)
            reach = np.where(here & (reach > 1), away, reach)
        reach = np.minimum(reach, 0.999)
        ring = np.floor(reach * per)
        wide = np.pi / np.maximum(np.round(np.pi * (ring + 0.5) / square), 2)
        joint, row, place, p, q = laid(rng, reach * per, angle, wide, ring + 0.5)
        tone = row / per + 0.25 * np.sin(below * 2.3)
        other = step(0.45, 0.55, (below * 0.37) % 1) * float(rng.random() < 0.5)
        unit = radius / per
    elif kind < 0.7:  # a sun, or rings around a few centres that meet
        reach, angle = np.full_like(u, 9), np.zeros_like(u)
        centre = np.zeros_like(u)
        for number in range(int(rng.choice([1, 1, 3, 4]))):
            du, dv = (u, v) if number == 0 else (u - rng.uniform(-1, 1), v - rng.uniform(-1, 1))
            here = np.hypot(du, dv) < reach
            reach = np.where(here, np.hypot(du, dv), reach)
            angle = np.where(here, np.arctan2(dv, du), angle)
            centre = np.where(here, number, centre)
        ring = np.floor(reach * rows)
        wide = 2 * np.pi / np.maximum(np.round(2 * np.pi * (ring + 0.5) / square), 3)
        joint, row, place, p, q = laid(rng, reach * rows, angle, wide, ring + 0.5)
        middle = (place + 0.5) * wide
        rays = int(rng.integers(6, 15))
        flame = 0.32 + 0.5 * np.abs((middle * rays / (2 * np.pi)) % 1 - 0.5) * 2
        r = (row + 0.5) / rows
        other = np.where(r < rng.uniform(0.65, 1.1) * flame, 0.0, 1.0)
        tone = np.where(other < 0.5, 1 - 0.7 * r, 0.45 + 0.3 * np.sin(r * rng.uniform(3, 9)))
        tone = np.where(r < 0.28, 0.95 - r, tone) + 0.15 * np.sin(centre * 2)
        unit = 1 / rows
    else:  # waves
        pace = rng.uniform(2, 4.5)
        high = rng.uniform(0.25, 0.65) / pace
        field = v + high * np.sin(pace * u + 0.8 * np.sin(pace * 0.6 * u))
        joint, row, place, p, q = laid(rng, field * rows, u * rows, square, 1.0)
        bands = int(rng.integers(2, 5)) * 3
        tone = 0.5 + 0.5 * np.sin(row * 2 * np.pi / bands)
        other = (np.floor(row / (bands / 2)) % 2 == 0).astype(np.float32)
        unit = 1 / rows
    shift = rng.random((64, 64))
    name = shift[row.astype(np.int32) % 64, place.astype(np.int32) % 64]
    tone = np.clip(0.12 + 0.76 * tone, 0, 1) + (name - 0.5) * rng.uniform(0.25, 0.6)
    tiles = ramp(np.clip(tone, 0, 1), palette)
    tiles = tiles + (ramp(np.clip(tone, 0, 1), second) - tiles) * other[..., None]
    gap = rng.uniform(0.07, 0.13)
    fine = at.pixel / unit
    body = np.clip(0.5 + (joint - gap) / np.maximum(fine, 0.02) / 1.2, 0, 1)
    # Each tile is set a little askew, so that each one catches the light differently.
    askew = shift[place.astype(np.int32) % 64, row.astype(np.int32) % 64] - 0.5
    askew = 1 + 0.4 * askew + 0.25 * (p - 0.5) * np.cos(20 * name) + 0.2 * (q - 0.5)
    stone = rng.uniform(0, 0.5) if rng.random() < 0.5 else 0.0
    askew = askew + stone * noise.octaves(u * 9 + 5 * name, v * 9, 3)
    tiles = tiles * askew[..., None]
    rounded = (np.minimum(joint, 0.3) * unit * at.scale).astype(np.float32)
    face, shine = canvas.relief(rounded, rng.uniform(0.1, 1.1))
    grout = palette[int(rng.integers(4))] * rng.uniform(0.45, 0.9)
    canvas.fill(grout * (0.9 + 0.2 * noise.octaves(u * 20, v * 20, 2))[..., None])
    canvas.lay(np.clip(tiles * np.clip(face, 0.4, 1.2)[..., None], 0, 1), body)
    canvas.glow(WHITE, body * (shine * 0.25 + step(0.85, 1, name) * 0.2 * rng.random()))
    canvas.shade(0.95 + 0.25 * noise.octaves(canvas.x, canvas.y, 2))
    return finished(canvas)


def lace(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = pigments(rng)
    bright = rng.random() < 0.7
    order = np.argsort(palette.sum(-1))
    cloth = palette[order[0 if bright else 2]]
    pale = rng.uniform(0.25, 0.7)
    thread = palette[order[3]] * (1 - pale) + pale if bright else palette[order[0]] * 0.4
    if not bright or rng.random() < 0.7:  # cloth instead of a distant ground
        folds = noise.octaves(canvas.x * 1.6, canvas.y * 1.6, 3)
        sheen = palette[order[1 if bright else 3]]
        mixed = np.clip(0.35 + 0.6 * folds, 0, 1)[..., None]
        canvas.fill(cloth + (sheen - cloth) * mixed)
        if rng.random() < 0.4:
            canvas.shade(1 + 0.12 * np.sin(canvas.x * 60) * np.sin(canvas.y * 60))
    else:
        canvas.shade(np.full_like(canvas.x, 0.55))
    kind = rng.random()
    petals = int(rng.integers(5, 9))
    if kind < 0.42:  # a doily
        at = canvas.place(0.7, 1.6, np.pi, 0.25)
        reach, angle = np.hypot(at.u, at.v) + 1e-3, np.arctan2(at.v, at.u)
        count = int(rng.choice([8, 10, 12, 14]))
        turn = angle * count / (2 * np.pi)
        per = 2 * np.pi / count
        away = reach
    elif kind < 0.75:  # an edging
        at = canvas.place(0.7, 1.3, np.pi, 0.3)
        per = rng.uniform(0.36, 0.5)
        turn, reach = at.u / per, at.v + 0.35
        angle, away = at.u, np.ones_like(at.u)
    else:  # a net with flowers all over
        at = canvas.place(0.5, 1.0, np.pi, 0.3)
        per, turn, reach, angle, away = 1.0, at.u, at.v, at.u, np.ones_like(at.u)
    pixel = at.pixel
    fine = max(0.013, 0.55 * pixel)
    lines = [np.full_like(at.u, 9.0)]  # distances to threads
    solid = [np.full_like(at.u, 9.0)]  # signed distances to parts of close stitches
    inside = np.ones_like(at.u, dtype=bool)

    def rosette(u: Array, v: Array, radius: float, turned: float = 0.0) -> Array:
        """A flower of outlined petals around an eye; returns where it is."""
        r, a = np.hypot(u, v) / radius, np.arctan2(v, u) + turned
        leaf = np.abs(np.sin(a * petals / 2))
        rim = 0.45 + 0.55 * np.sqrt(leaf)
        solid.append(np.maximum(r - 0.85 * rim + 0.05, 0.4 - r) * radius)
        lines.append(np.abs(r - rim) * radius * 0.9)
        lines.append(np.abs(r - 0.26) * radius)
        return r < rim

    if kind < 0.75:
        off = turn - np.round(turn)
        x = off * per * away
        half = turn + 0.5
        x_half = (half - np.round(half)) * per * away
        start = 0.0
        if kind < 0.42:
            rosette(at.u, at.v, 0.3)
            start = 0.34
        else:
            lines.append(np.abs(reach + 0.2))
        edges = (
            start + (0.86 - start) * np.array([0, 0.3, 0.62, 1.0]) + [0, *rng.normal(0, 0.02, 3)]
        )
        for low, high in itertools.pairwise(edges):
            band = (reach > low) & (reach < high)
            middle, tall = (low + high) / 2, high - low
            span = per * (middle if kind < 0.42 else 1.0)
            t = (reach - low) / tall
            choice = int(rng.integers(5))
            if choice == 0:  # a net of lozenges
                mesh = np.minimum(
                    np.abs((2 * turn + t) % 1 - 0.5), np.abs((2 * turn - t) % 1 - 0.5)
                )
                line = mesh * 0.5 * min(span, 2 * tall)
            elif choice == 1:  # rings
                a, b = span * 0.45, tall * 0.45
                line = np.abs(np.sqrt((x / a) ** 2 + ((reach - middle) / b) ** 2) - 1) * min(a, b)
                solid.append(np.hypot(x, reach - middle) - 0.25 * min(a, b))
            elif choice == 2:  # leaves of close stitches
                a = span * 0.42 * np.sin(np.pi * np.clip(t, 0, 1)) ** 0.7
                solid.append(np.where(band, np.abs(x) - a * 0.8, 9))
                line = np.abs(np.abs(x) - a)
            elif choice == 3:  # arches over arches
                bow = np.hypot(x / span * 2, t)
                line = np.minimum(np.abs(bow - 0.95), np.abs(bow - 0.55)) * min(span / 2, tall)
                line = np.minimum(line, np.where(bow > 0.95, 9, np.abs(x)))
            else:  # flowers
                rosette(x, reach - middle, 0.47 * min(span, tall))
                line = np.abs(x_half)
            lines.append(np.where(band, line, 9))
            lines.append(np.abs(reach - high))
        rim = edges[-1]
        bow = per * (rim if kind < 0.42 else 1.0) / 2
        scallop = np.hypot(x, reach - rim)
        outer = reach > rim
        lines.append(np.where(outer, np.abs(scallop - bow * 0.95) * 0.6, 9))
        lines.append(np.where(outer, np.abs(scallop - bow * 0.55), 9))
        inside = np.where(outer, scallop < bow, reach > (-1.0 if kind < 0.42 else -0.2))
        around = np.arctan2(reach - rim, x) * 9 / np.pi
        loop = np.hypot((around - np.round(around)) * bow * 0.35, scallop - bow * 1.08)
        lines.append(np.where(outer, np.abs(loop - 0.03), 9))
        if kind >= 0.42:  # the net that the edging hangs from
            cells = 2 / per
            net = np.minimum(
                np.abs((at.u + at.v) * cells % 1 - 0.5), np.abs((at.u - at.v) * cells % 1 - 0.5)
            )
            lines.append(np.where(reach < -0.2, net / cells * 0.7 + 0.004, 9))
    else:
        i = np.round(at.v / 0.87)
        u = at.u + 0.5 * (i % 2)
        p, q = u - np.round(u), at.v - i * 0.87
        flower = rosette(p, q, rng.uniform(0.36, 0.47), float(rng.uniform(0, 3)))
        cells = rng.uniform(3, 4.5)
        net = [
            np.abs((at.u * c + at.v * s) * cells % 1 - 0.5) for c, s in ((0.8, 0.6), (0.6, -0.8))
        ]
        lines.append(np.where(flower, 9, np.minimum(*net) / cells))
    line, dense = np.minimum.reduce(lines), np.minimum.reduce(solid)
    stitches = 0.72 + 0.28 * np.sin((at.u + at.v) * 45) * np.sin((at.u - at.v) * 45)
    strand = np.clip(0.5 - (line - fine) / (pixel * 1.2), 0, 1)
    cover = np.maximum(strand, coverage(dense, pixel) * (0.55 + 0.4 * stitches))
    shift = max(1, round(0.022 * at.scale / canvas.pixel))
    down = np.roll(cover, (shift, shift if np.cos(canvas.light) < 0 else -shift), (0, 1))
    canvas.shade(1 - 0.5 * down)
    tone = 0.85 + 0.15 * noise.octaves(canvas.x * 3, canvas.y * 3, 2)
    bulge = np.sqrt(np.clip(1 - (line / (2 * fine)) ** 2, 0, 1)) * fine
    bulge = np.maximum(bulge, np.where(dense < 0, 0.01 * stitches, 0)) * at.scale
    face, _ = canvas.relief(bulge.astype(np.float32), 0.8)
    colour = np.clip(thread * (tone * np.clip(face, 0.6, 1.2))[..., None], 0, 1)
    canvas.lay(colour, np.clip(cover, 0, 1))
    # Cloth shows a veil of the finest threads where there is lace at all.
    canvas.lay(thread, inside * 0.08)
    return finished(canvas)


def surroundings(palette: Array, x: Array, y: Array, z: Array, floor: float) -> Array:
    """What a ball mirrors: a sky above, a checkered floor below; directions with y down."""
    sky_colour = ramp(np.clip(1 + y * 1.2, 0, 1), palette[[0, 1, 3]])
    down = np.maximum(y, 0.05)
    checks = (np.floor(x / down * floor) + np.floor(z / down * floor)) % 2
    tiles = ramp(checks, palette[[1, 3]]) * (0.3 + 0.7 * step(0, 0.5, y))[..., None]
    seen: Array = sky_colour + (tiles - sky_colour) * step(0.04, 0.25, y)[..., None]
    return seen


def spheres(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette, other, around = pigments(rng), pigments(rng), pigments(rng)
    start = rng.random()
    x, y = canvas.x, canvas.y
    kind = rng.random()
    floor = float(rng.uniform(0.5, 1.6))
    horizon = float(rng.uniform(-0.35, 0.1))
    stage = kind > 0.3 and rng.random() < 0.55
    if stage:  # balls stand on the floor that they mirror
        down = np.maximum(y - horizon, 0.03)
        lean = rng.uniform(-0.4, 0.4)
        across, far = (x + lean) / down * floor, 1.2 / down * floor
        checks = (np.floor(across) + np.floor(far)) % 2
        checks = checks + (0.5 - checks) * step(0.15, 0.5, far * canvas.pixel / down)
        sky_colour = ramp(np.clip((y + 1) / (horizon + 1), 0, 1), around[[0, 1, 3]])
        canvas.fill(sky_colour)
        pair = around[[0, 3] if rng.random() < 0.5 else [1, 2]]
        canvas.lay(ramp(checks, pair), step(-0.01, 0.01, y - horizon))
    if kind < 0.3:  # packed without gaps that a ball would fit in
        at = canvas.place(0.2, 0.5, np.pi, 0.3)
        tall = np.sqrt(3) / 2
        first = np.full_like(x, 9.0)
        name, p, q = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
        line = np.floor(at.v / (2 * tall))
        for step_down in (0, 1):
            i = line + step_down
            u = at.u / 2 + 0.5 * (i % 2)
            du, dv = (u - np.round(u)) * 2, at.v - i * 2 * tall
            nearer = np.hypot(du, dv) < first
            first = np.where(nearer, np.hypot(du, dv), first)
            p, q = np.where(nearer, du, p), np.where(nearer, dv, q)
            name = np.where(nearer, noise.at(i * 1.7 + 0.3, np.round(u) * 2.3 + 0.6), name)
        # The light must not turn with the lattice.
        c = (at.u[0, 1] - at.u[0, 0]) / at.pixel
        s = (at.v[0, 1] - at.v[0, 0]) / at.pixel
        p, q = c * p + s * q, c * q - s * p
        radius = np.full_like(x, at.scale)
        canvas.shade(np.full_like(x, 0.35))
    else:
        count = int(rng.choice([1, 2, 3, 4, 5, 7, 9]))
        big = 0.95 if count == 1 else 0.62 if count < 4 else 0.42
        sizes = big * rng.uniform(0.45, 1.0, count)
        sizes[0] = big * rng.uniform(0.8, 1.0)
        spread = 0.3 if count == 1 else 0.75
        spots = rng.uniform(-spread, spread, (count, 2))
        if stage:  # what stands lower is nearer
            spots[:, 1] = np.sort(horizon + 0.1 + rng.uniform(0, 0.7, count))
            spots[:, 1] -= sizes * 0.4
        first = np.full_like(x, 9.0)
        name, p, q = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
        radius = np.ones_like(x)
        for number in range(count):
            near = float(sizes[number])
            du, dv = (x - spots[number, 0]) / near, (y - spots[number, 1]) / near
            if stage:
                puddle = np.hypot(du + 0.5 * np.cos(canvas.light), (dv - 0.95) * 3.2)
                canvas.shade(1 - 0.65 * step(1.2, 0.3, puddle))
            reach = np.hypot(du, dv)
            here = reach < 1 + canvas.pixel / near
            name = np.where(here, (number * 0.77 + 2 * start) % 2 - 1, name)
            p, q = np.where(here, du, p), np.where(here, dv, q)
            first = np.where(here, reach, first)
            radius = np.where(here, near, radius)
    cover = coverage((first - 1) * radius, canvas.pixel)
    z = np.sqrt(np.clip(1 - p * p - q * q, 0, 1))
    # The eye looks along -z; what is seen in the mirror comes from 2 z n - eye.
    mx, my, mz = 2 * z * p, 2 * z * q, np.abs(2 * z * z - 1) + 0.15
    mirror = surroundings(around, mx, my + 0.05, mz, floor)
    lx, ly = 0.6 * np.cos(canvas.light), 0.6 * np.sin(canvas.light)
    diffuse = np.clip(lx * p + ly * q + 0.78 * z, 0, 1)
    tone = 0.6 + 0.4 * name
    skin = rng.random()
    if skin < 0.2:  # marbled
        tone = tone + 0.45 * noise.octaves(p * 3 + 9 * name, q * 3, 3)
    elif skin < 0.35:  # banded
        waves = np.sin((p * 0.5 + q) * rng.uniform(4, 8) + 9 * name)
        tone = tone + 0.3 * np.clip(4 * waves, -1, 1)
    tint = tinted(palette, tone)
    if rng.random() < 0.5:  # balls of two families
        tint = np.where((name * 5 % 2 < 1)[..., None], tint, tinted(other, tone))
    body = tint * (0.12 + 0.95 * diffuse)[..., None]
    share = rng.uniform(0.12, 0.62)
    fresnel = np.clip(share * (0.55 + 0.45 * z) + 0.6 * (1 - z) ** 3, 0, 0.95)
    metal = mirror * (0.35 + 0.95 * tint if rng.random() < 0.8 else 1.0)
    colour = body + (metal - body) * fresnel[..., None]
    colour = colour * (1 - 0.55 * step(0.35, 0.0, z) * step(-0.4, 0.8, q))[..., None]
    colour = colour * (1 - 0.45 * step(0.3, 0.0, z))[..., None]
    canvas.lay(np.clip(colour, 0, 1), cover)
    glint = np.hypot(p - 0.62 * lx, q - 0.62 * ly)
    canvas.glow(WHITE, cover * (0.95 * step(0.17, 0.07, glint) + 0.45 * np.exp(-9 * glint**2)))
    rim = np.hypot(p + 0.7 * lx, q + 0.7 * ly)
    canvas.glow(palette.max(0), cover * 0.5 * step(0.55, 0.0, rim) * step(0.75, 0.1, z))
    return finished(canvas)
