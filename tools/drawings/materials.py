"""Minerals, liquids and fabrics: agate, bubbles, falling water, sand, wool and paint."""

from __future__ import annotations

import numpy as np

from .canvas import WHITE, Array, Canvas, Place, coverage, pick, ramp, rgb, step
from .creatures import places
from .finish import finished
from .grounds import ground, sky
from .noise import PERIOD, Noise

RICH = (
    "1c0a30 6a1f7a d8487c ffb060 fff2c8",
    "04182c 0c5a88 38b0b8 b8e8b0 fffbe0",
    "240806 8a2414 e0702c f8c868 fff4d8",
    "06201c 14664c 68b058 d8dc78 fffce8",
    "0c0c34 3040a8 7088e8 d0b0f0 fff0f8",
    "2c0a18 9c2450 f07890 f8c8b8 fffaf4",
    "1c120c 6a4428 b88450 e8cc98 fff8e8",
    "0a1418 38545c 84a8a0 d8dcc4 ffffff",
    "280c3c 48389c 3898b8 a0e0a8 fcf8c0",
    "301404 a06010 f0b828 90c8a0 f0fce8",
)


def colouring(rng: np.random.Generator) -> Array:
    """Five colours from dark to light; swapped channels give each palette more hues."""
    palette = pick(rng, *RICH)
    return palette[:, rng.permutation(3)] if rng.random() < 0.5 else palette


def whole(canvas: Canvas) -> Place:
    """The canvas itself as a place."""
    return Place(canvas.x, canvas.y, canvas.pixel, 1.0)


def banding(edges: Array, values: Array, soft: float) -> tuple[Array, Array]:
    """Stops and values for `np.interp`: flat bands that end at `edges`, with soft seams."""
    gaps = np.diff(edges)
    room = 0.4 * np.minimum(np.append(gaps, 1.0), np.insert(gaps, 0, 1.0))
    soft_edges = np.minimum(soft, room)
    stops = np.stack([edges - soft_edges, edges + soft_edges], -1).ravel()[:-1]
    return stops.astype(np.float32), np.repeat(values, 2, axis=0)[1:]


def nearest(noise: Noise, u: Array, v: Array, jitter: float) -> tuple[Array, Array, Array, Array]:
    """Offsets from the nearest of scattered points, distance to the wall, and a number for it."""
    iu, iv = np.floor(u), np.floor(v)
    fu, fv = (u - iu).astype(np.float32), (v - iv).astype(np.float32)
    i0, j0 = iu.astype(np.int32), iv.astype(np.int32)
    first = np.full(u.shape, 9.0, dtype=np.float32)
    second, name, p, q = first.copy(), np.zeros_like(first), first.copy(), first.copy()
    for dj in (-1, 0, 1):
        for di in (-1, 0, 1):
            point = noise.points[(j0 + dj) % PERIOD, (i0 + di) % PERIOD]
            du = fu - (di + 0.5 + jitter * (point[..., 0] - 0.5))
            dv = fv - (dj + 0.5 + jitter * (point[..., 1] - 0.5))
            squared = du * du + dv * dv
            nearer = squared < first
            second = np.where(nearer, first, np.minimum(second, squared))
            p, q = np.where(nearer, du, p), np.where(nearer, dv, q)
            name = np.where(nearer, point[..., 2], name)
            first = np.where(nearer, squared, first)
    return p, q, np.sqrt(second) - np.sqrt(first), name


def slab(canvas: Canvas, at: Place, noise: Noise, palette: Array, full: bool) -> None:
    """One slice of agate: rind, wavy bands, and crystals around the hollow heart."""
    rng = canvas.rng
    shift = rng.uniform(0, 40, 2)
    turn = rng.uniform(0.55, 1)
    u, v = at.u, at.v / turn
    wave = noise.octaves(u * 1.7 + shift[0], v * 1.7 + shift[1], 3, 0.45)
    # The mirrored noise has creases: the corners of fortification agate.
    crease = np.abs(noise.at(u * 2.3 + shift[1], v * 2.3 + shift[0]))
    reach = np.hypot(u, v) + 0.2 * wave + rng.uniform(0, 0.4) * (crease - 0.4)
    if full:  # a second nodule that the bands flow around
        du, dv = rng.uniform(0.9, 1.5) * rng.choice([-1, 1]), rng.uniform(-1, 1)
        other = np.hypot(u - du, v - dv) + 0.2 * wave
        blend = 0.18 * np.log(np.exp(-reach / 0.18) + np.exp(-other / 0.18))
        reach = (-blend).astype(np.float32)
    heart = rng.uniform(0.12, 0.45)
    count = int(rng.integers(9, 26))
    edges = heart + np.cumsum(rng.lognormal(0, 0.7, count))
    edges = heart + (edges - heart) / (edges[-1] - heart) * (1.0 - heart)
    if rng.random() < 0.6:
        tones = rng.permutation(np.linspace(0.05, 0.97, count))
    else:
        tones = np.clip(np.linspace(0.9, 0.2, count) + 0.3 * (-1.0) ** np.arange(count), 0, 1)
    shape = reach % 1.3 if full else reach
    tone = np.interp(shape, *banding(edges, tones, 0.012)).astype(np.float32)
    fine = 0.08 * np.sin(shape * rng.uniform(60, 110) + 2 * wave)
    tone = tone + fine + 0.08 * noise.at(u * 8, v * 8)
    colour = ramp(np.clip(tone, 0, 1), palette)
    cells = rng.uniform(6, 11)
    p, q, wall, name = nearest(noise, u * cells, v * cells, 0.95)
    lean = name * 40
    facet = 0.55 + 0.5 * (np.cos(lean) * p + np.sin(lean) * q) + 0.5 * (name - 0.5)
    deep = np.clip(shape / heart, 0, 1)
    gems = palette if rng.random() < 0.4 else colouring(rng)
    gem = ramp(np.clip(facet + 0.35 * deep - 0.1, 0, 1), gems)
    gem *= (0.25 + 0.75 * deep)[..., None] * (0.7 + 0.3 * step(0.0, 0.2, wall))[..., None]
    druse = step(0.03, -0.03, shape - heart + 0.1 * (name - 0.5))
    face, shine = canvas.relief((0.05 * tone + 0.1 * druse * facet) * at.scale * 0.4, 1.0)
    colour = colour + (gem - colour) * druse[..., None]
    glint = druse * step(0.8, 0.95, name) * step(0.3, 0.6, facet)
    if full:
        inside = np.ones_like(reach)
    else:
        rind = step(0.93, 0.99, reach)
        crust = ramp(np.clip(0.4 + 0.4 * noise.octaves(u * 9, v * 9, 2), 0, 1), palette[:3])
        colour = colour + (crust - colour) * rind[..., None]
        inside = coverage(reach - 1.06, at.pixel * 1.5)
        canvas.shade(1 - 0.6 * step(0.3, 0.0, reach - 1.03) * (1 - inside))
    canvas.lay(np.clip(colour * face[..., None], 0, 1), inside)
    canvas.glow(WHITE, inside * (0.4 * shine + 0.9 * glint))


def agate(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = colouring(rng)
    kind = rng.random()
    if kind < 0.4:
        slab(canvas, canvas.place(0.65, 1.1, np.pi, 0.15), noise, palette, False)
    elif kind < 0.65:
        for at in places(canvas, 3):
            slab(canvas, at.moved(0, 0, 1.15), noise, palette, False)
            if rng.random() < 0.5:
                palette = colouring(rng)
    else:
        slab(canvas, canvas.place(0.7, 1.3, np.pi, 0.5), noise, palette, True)
    return finished(canvas)


def film(thickness: Array, strength: float) -> Array:
    """Colours of a thin film: each wavelength returns at its own thickness."""
    phase = thickness[..., None] * np.array((1.0, 1.22, 1.5), dtype=np.float32)
    tint: Array = (0.55 + 0.45 * np.cos(2 * np.pi * phase) * strength).astype(np.float32)
    return tint


def skin(
    canvas: Canvas, p: Array, q: Array, share: Array, swirl: Array, strength: float, glass: float
) -> None:
    """Bubbles in their own coordinates, of radius 1: rim, thin film, windows reflected in them."""
    square = p * p + q * q
    reach = np.sqrt(square + 1e-6)
    rim = np.clip(square, 0, 1) ** 2
    lx, ly = np.cos(canvas.light), np.sin(canvas.light)
    # Refraction: a bubble darkens a little towards its rim, then its film shines.
    canvas.shade(1 - share * 0.5 * step(0.4, 0.95, reach))
    tint = film(1.2 * reach + 0.8 * swirl + 0.5 * q, strength)
    canvas.glow(tint, share * (glass + 0.75 * rim))
    canvas.glow(
        WHITE,
        share * 0.5 * step(0.86, 0.97, reach) * (0.4 + 0.6 * step(-0.6, 0.9, p * lx + q * ly)),
    )
    angle = p * lx + q * ly
    across = np.abs(p * ly - q * lx)
    window = step(0.1, 0.03, np.abs(reach - 0.72) - 0.08) * step(0.42, 0.3, across)
    bars = step(0.0, 0.06, np.abs(across - 0.02))
    canvas.glow(WHITE, share * window * bars * step(0.2, 0.4, angle) * 0.95)
    canvas.glow(
        tint, share * step(0.1, 0.0, np.abs(reach - 0.75) - 0.02) * step(0.3, 0.8, -angle) * 0.6
    )


def bubbles(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    if rng.random() < 0.8:
        palette = colouring(rng)
        slope = canvas.y * rng.uniform(-1, 1) + canvas.x * rng.uniform(-1, 1)
        soft = noise.octaves(canvas.x * 1.2, canvas.y * 1.2, 2)
        tone = np.clip(rng.uniform(0.0, 0.65) + 0.4 * slope + 0.2 * soft, 0, 0.8)
        canvas.lay(ramp(tone, palette), np.full_like(slope, 0.9))
    strength = float(rng.uniform(0.35, 1.0))
    glass = float(rng.uniform(0.03, 0.2))
    swirl = noise.octaves(canvas.x * 2, canvas.y * 2 + 9, 2)
    kind = rng.random()
    if kind < 0.27:  # foam: bubbles pressed into cells
        at = canvas.place(0.55, 1.5, np.pi, 0.4)
        cells = rng.uniform(1.5, 2.8)
        bend = 0.25 * noise.at(at.u * 2, at.v * 2)
        p, q, wall, name = nearest(noise, at.u * cells + bend, at.v * cells - bend, 0.95)
        # Turned back, so that the light falls on all of them from one side.
        round_off = np.hypot(p, q)
        squeeze = np.clip(1 - wall / (wall + 2 * round_off + 1e-3), 0, 1) / (round_off + 1e-3)
        dy, dx = at.u[1, 0] - at.u[0, 0], at.u[0, 1] - at.u[0, 0]
        c, s = dx / np.hypot(dx, dy), dy / np.hypot(dx, dy)
        u, v = (c * p - s * q) * squeeze, (s * p + c * q) * squeeze
        skin(canvas, u, v, step(0.0, 0.05, wall), swirl + name, strength, glass)
        canvas.glow(film(name + swirl, strength), 0.75 * step(0.09, 0.0, wall))
    elif kind < 0.65:  # many, in layers: each keeps to its cell of a turned lattice
        for layer in range(int(rng.integers(2, 4))):
            cells = rng.uniform(0.7, 1.2) * (2.6, 1.6, 1.0)[layer]
            turn = rng.uniform(-0.6, 0.6)
            c, s = np.cos(turn), np.sin(turn)
            u = (c * canvas.x + s * canvas.y) * cells + rng.uniform(0, 40)
            v = (c * canvas.y - s * canvas.x) * cells + rng.uniform(0, 40)
            point = noise.points[np.floor(v).astype(int) % PERIOD, np.floor(u).astype(int) % PERIOD]
            radius = 0.16 + 0.32 * point[..., 2] ** 1.3
            p = (u % 1 - 0.5 - (0.49 - radius) * (2 * point[..., 0] - 1)) / radius
            q = (v % 1 - 0.5 - (0.49 - radius) * (2 * point[..., 1] - 1)) / radius
            p, q = c * p - s * q, s * p + c * q
            share = coverage(np.hypot(p, q) - 1, canvas.pixel * cells * 3)
            share *= point[..., 0] * point[..., 1] < 0.55
            skin(canvas, p, q, share, swirl + point[..., 2], strength, glass)
    else:
        if rng.random() < 0.25:
            spots = [canvas.place(0.6, 0.95, 0.0, 0.15)]
        else:
            spots = [at.moved(0, 0, 1.1) for at in places(canvas, 5, 0.0)]
        for at in spots:
            share = coverage(np.hypot(at.u, at.v) - 1, at.pixel)
            skin(canvas, at.u, at.v, share, swirl + 3 * rng.random(), strength, glass)
    return finished(canvas)


def waterfall(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    top = float(rng.uniform(-1.15, -0.35))
    noise, _ = sky(canvas, 0.4)
    stone = colouring(rng)[:4] * rng.uniform(0.5, 1.0)
    hue = colouring(rng)[int(rng.integers(1, 4))]
    # Water whitens as it falls, whatever its colour.
    liquid = np.stack([0.75 * hue, hue, 0.5 + 0.5 * hue, 0.85 + 0.15 * hue])
    zoom = float(np.exp(rng.uniform(np.log(0.6), np.log(1.5))))
    x, y = canvas.x * zoom + rng.uniform(-0.2, 0.2), canvas.y
    row = x[:1]  # what depends on x alone is computed for one row
    shift = float(rng.uniform(0, 40))
    crag = noise.ridges(x * 2.2 + shift, y * 1.3, 3)
    strata = noise.at(x * 1.5 + shift, y * 7 + x)
    face, _ = canvas.relief(0.25 * crag + 0.05 * strata, 1.0)
    grit = noise.at(canvas.x * 19, canvas.y * 19) * rng.uniform(0.0, 0.35)
    rock = ramp(np.clip(0.75 * crag - 0.1 + 0.15 * strata + grit, 0, 1), stone)
    brow = top + 0.12 * noise.octaves(row * 2.5 + shift, 0 * row + 3, 3)
    canvas.lay(rock * np.clip(face, 0.3, 1.25)[..., None], coverage(brow - y, canvas.pixel * 1.5))
    if rng.random() < 0.5:  # moss and bushes on the ledges
        moss = step(0.1, 0.5, noise.octaves(x * 5, y * 5 + 20, 3) - 0.4 * np.abs(y - top))
        canvas.lay(colouring(rng)[int(rng.integers(1, 3))], moss * 0.7 * (y > brow))
    base = float(rng.uniform(0.45, 1.0))
    tiers = int(rng.choice([1, 1, 2, 3]))
    levels = np.linspace(top, base, tiers + 1)
    levels[1:-1] += rng.uniform(-0.12, 0.12, tiers - 1)
    wide = float(rng.choice([0.16, 0.3, 0.5, 0.9]))
    middle = float(rng.uniform(-0.25, 0.25))
    torn = float(rng.uniform(0.4, 1.0))
    fringed = float(rng.uniform(2.5, 6))
    streaks = noise.octaves(
        x * rng.uniform(7, 15) + shift + 0.6 * noise.at(x * 2, y * 1.5), y * 0.7, 3, 0.6
    )
    cloud = noise.octaves(x * 2.5 + 30, y * 2.5, 3)
    spatter = grit[::-1] * rng.uniform(0.0, 1.2)  # drops: the same grain, turned over
    for tier in range(tiers):
        high, low = levels[tier], levels[tier + 1]
        ledge = 0.11 * noise.octaves(row * 3.3 + 5 * tier, 0 * row + 7 + tier, 2)
        t = (y - high - ledge) / (low - high)
        reach = wide * (1 + 0.3 * tier) * (0.8 + 0.3 * np.clip(t, 0, 1) ** 0.6)
        body = 1 - np.abs(x - middle + 0.02 * np.sin(4 * t)) / reach
        # Veils: strands with dry rock between them, wider apart at the sides.
        strand = noise.at(x * fringed + 3 * tier + shift, 0.5 * y)
        veil = np.minimum(body, 0.55) + torn * strand * (0.6 + 0.4 * t)
        share = step(-0.12, 0.22, veil + 0.15 * streaks) * (0.7 + 0.3 * step(-0.6, 0.1, streaks))
        share *= step(-0.03, 0.02, t) * step(1.05, 0.97, t)
        lip = step(0.2, 0.0, np.abs(t - 0.03))
        tone = 0.42 + 0.6 * streaks + 0.25 * strand + 0.35 * lip + 0.25 * t - 0.1 + spatter
        canvas.shade(1 - 0.45 * step(-0.5, 0.0, veil) * (t > 0) * (t < 1))
        canvas.lay(ramp(np.clip(tone, 0, 1), liquid), share * 0.96)
        spray = np.exp(-(((t - 0.97) * (low - high) / 0.11) ** 2)) * step(-0.6, 0.5, body)
        if tier < tiers - 1:
            canvas.glow(liquid[-1], np.clip(spray * (0.65 + 0.6 * cloud), 0, 1) * 0.9)
        middle += float(rng.uniform(-0.15, 0.15))
    pool = coverage(base - 0.02 - y, canvas.pixel * 2)
    if base < 1:
        far = np.clip(y - base, 0.02, 2)
        ripple = noise.octaves(x * 2 / (0.4 + far), 2.2 * np.log(far) * 2.5, 2)
        rings = 0.25 * np.cos(9 * np.sqrt((x - middle) ** 2 + (4 * far) ** 2))
        canvas.lay(ramp(np.clip(0.3 + 0.5 * ripple + rings, 0, 1), liquid * 0.9), pool)
    haze = np.exp(-(((y - base) / rng.uniform(0.12, 0.3)) ** 2))
    haze *= step(1.8, 0.4, np.abs(x - middle) / (wide + 0.3))
    canvas.glow(liquid[-1], np.clip(haze * (0.75 + 0.7 * cloud), 0, 0.95))
    if rng.random() < 0.6:  # boulders in front
        boulder = noise.octaves(row * 2.6 + 11, 0 * row + 1, 3)
        head = rng.uniform(0.75, 1.1) - 0.3 * np.abs(canvas.x) - 0.2 * boulder
        canvas.lay(
            rock * np.clip(face * 0.7, 0.2, 1.0)[..., None], coverage(head - y, canvas.pixel)
        )
    return finished(canvas)


def dunes(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    sand = colouring(rng)
    if rng.random() < 0.35:
        sand = pick(rng, "48180c a04820 e08840 f8c878 fff0c0", "402010 8c5c34 d0a068 f0d8a0 fffae0")
    if rng.random() < 0.3:
        from_above(canvas, sand)
    else:
        desert(canvas, sand)
    return finished(canvas)


def rippled(noise: Noise, u: Array, v: Array, cells: float) -> Array:
    """Wind ripples: bent lines that fork here and there."""
    bend = noise.octaves(u * 1.3, v * 1.3, 2)
    wave: Array = np.sin(v * cells + 5 * bend) * (0.6 + 0.4 * noise.at(u * 3, v * 3))
    return wave


def from_above(canvas: Canvas, sand: Array) -> None:
    """A field of dunes seen from the air: asymmetric waves with sharp, curving crests."""
    rng = canvas.rng
    noise = Noise(rng)
    at = canvas.place(0.6, 1.4, 0.7, 0.5)
    lean = rng.uniform(0, 0.5)
    bend = noise.octaves(at.u * 1.1, at.v * 1.1, 2) * rng.uniform(0.45, 0.9)
    phase = at.v * rng.uniform(1.5, 2.8) + bend + lean * np.abs((at.u * 0.8) % 2 - 1)
    t = phase - np.floor(phase)
    crest = rng.uniform(0.55, 0.75)
    rise = np.where(t < crest, step(0.0, crest, t), step(1.0, crest, t))
    size = 0.65 + 0.65 * noise.at(at.u * 1.1 + 9, np.floor(phase) * 0.37 + 0 * t)
    blur = 2.5 * at.pixel
    windward = step(crest + blur, crest - blur, t) + step(0.85, 1.0, t)
    # Written out rather than lit: the crest must part light from shadow at any turn of the field.
    along = at.v + 0.25 * bend + 0.25 * at.u
    ripple = rippled(noise, at.u, along, rng.uniform(26, 42)) * rng.uniform(0.1, 0.26)
    fine = rng.uniform(0.02, 0.15) * noise.octaves(at.u * 12, at.v * 12, 2)
    bright = 0.5 + 0.42 * rise * size + ripple * (1 - 0.4 * rise) + fine
    dark = 0.36 - 0.3 * rise * size + 0.5 * fine
    canvas.fill(ramp(np.clip(dark + (bright - dark) * windward, 0, 1), sand))
    canvas.glow(sand[4], 0.3 * step(0.06, 0.0, np.abs(t - crest + 0.03)) * size)


def desert(canvas: Canvas, sand: Array) -> None:
    """Dunes behind dunes: each has a peak, and a crest that winds down to the front."""
    rng = canvas.rng
    horizon = float(rng.uniform(-0.8, 0.1))
    noise, air = sky(canvas, horizon + 0.3)
    x, y = canvas.x, canvas.y
    sun = 1.0 if np.cos(canvas.light) > 0 else -1.0
    if rng.random() < 0.4:
        disc = np.hypot(x - sun * rng.uniform(0.2, 0.8), y - horizon + rng.uniform(0.1, 0.4))
        canvas.glow(rgb(1, 0.95, 0.8), step(0.13, 0.11, disc) + 0.4 * np.exp(-4 * disc))
    count = int(rng.integers(3, 7))
    fine = noise.octaves(x * 14, y * 20, 2) * rng.uniform(0.02, 0.18)
    far = 0.35 + np.clip(y - horizon, 0, 2)
    ripple = rippled(noise, x / far, (y - 0.3 * x * sun) / far, rng.uniform(20, 30))
    ripple *= rng.uniform(0.02, 0.22)
    side = float(rng.choice([-1, 1]))
    for layer in range(count):
        near = (layer + 1) / count
        size = 0.25 + 0.75 * near
        tall = 0.75 * size * rng.uniform(0.6, 1.1)
        top = horizon + (0.75 - horizon) * (near - 1 / count) ** 1.3
        top += rng.uniform(-0.1, 0.1) * near
        peak = float(rng.uniform(0.0, 0.8)) * side
        side = -side  # neighbours stand apart
        run = np.abs(x - peak)
        # Concave flanks that level out into low waves.
        slope = rng.uniform(0.5, 1.2) / size
        head = top + tall * (1 - np.exp(-slope * run * (0.8 + 0.2 * np.sign(x - peak))))
        head += 0.03 * size * noise.at(x[:1] * 2.5, 0 * x[:1] + 5 * layer) * step(0.0, 0.5, run)
        down = np.clip(y - top, 0, 3) / size
        start, winding = rng.uniform(0, 6.3), rng.uniform(2.5, 4.5)
        bow = np.sin(winding * down + start) - float(np.sin(start))
        crest = peak + size * (rng.uniform(0.15, 0.3) * bow - sun * rng.uniform(0, 0.5) * down)
        lit = (x - crest) * sun / size
        light = step(-1.2 * canvas.pixel / size, 1.2 * canvas.pixel / size, lit)
        bright = 0.95 - 0.5 * np.clip(lit, 0, 1) + ripple - 0.1 * down
        # The lee side lies in shadow down to its foot, where the next slope catches the sun.
        foot = step(0.5 + 0.3 * down, 1.2 + 0.3 * down, -lit)
        dark = 0.06 + 0.18 * np.clip(-lit, 0, 1) + 0.06 * down + 0.42 * foot
        tone = dark + (bright - dark) * light + fine
        colour = ramp(np.clip(tone, 0, 1), sand)
        haze = 0.5 * (1 - near)
        canvas.lay(colour * (1 - haze) + haze * air[-1], coverage(head - y, canvas.pixel * 1.5))


def carpet(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = np.concatenate([colouring(rng), colouring(rng)])[rng.permutation(10)]
    by_light = palette[np.argsort(palette.sum(-1))]
    deep, pale = by_light[int(rng.integers(0, 2))], by_light[9 - int(rng.integers(0, 2))]
    if rng.random() < 0.35:
        deep, pale = pale, deep
    main, second, third = by_light[3], by_light[5], by_light[6]
    if rng.random() < 0.5:
        main, third = third, main
    if rng.random() < 0.45:  # the whole rug on a floor
        at = canvas.place(0.72, 1.0, np.pi if rng.random() < 0.3 else 0.3, 0.1)
    else:
        at = canvas.place(1.2, 2.2, np.pi if rng.random() < 0.3 else 0.3, 0.6)
    wave = 0.015 * noise.octaves(at.u * 2, at.v * 2, 2)
    u, v = at.u + wave, at.v - wave
    a, b = float(rng.uniform(0.62, 0.8)), 1.0
    if rng.random() < 0.5:  # knots: the drawing goes by steps
        knot = rng.uniform(0.011, 0.024)
        u, v = (np.floor(u / knot) + 0.5) * knot, (np.floor(v / knot) + 0.5) * knot
    au, av = np.abs(u), np.abs(v)
    soft = at.pixel * 1.2
    rim = np.minimum(a - au, b - av)

    def below(distance: Array) -> Array:
        return coverage(distance, soft)

    # The field: a lattice of small blossoms around the medallion.
    # Colour planes come first here: some fifty layers are laid, and this is three times faster.
    planes = np.empty((3, canvas.size, canvas.size), dtype=np.float32)
    planes[:] = main[:, None, None]

    def put(tint: Array, share: Array) -> None:
        for plane, value in zip(planes, tint, strict=True):
            plane += (value - plane) * share

    def blossom(p: Array, q: Array, radius: float, petals: int, tints: tuple[Array, ...]) -> None:
        reach, angle = np.hypot(p, q) / radius, np.arctan2(q, p)
        lobes = 0.78 + 0.22 * np.cos(petals * angle)
        put(deep, below((reach - lobes * 1.15) * radius))
        put(tints[0], below((reach - lobes * 0.95) * radius))
        put(tints[1], below((reach - lobes * 0.55) * radius))
        put(tints[2], below((reach - 0.22) * radius))

    wide = float(rng.uniform(0.2, 0.32))
    cell = float(rng.uniform(0.13, 0.2))
    petals = int(rng.choice([4, 5, 6, 8]))
    row = np.round(v / cell)
    p, q = (u / cell + 0.5 * (row % 2) + 0.5) % 1 - 0.5, v / cell - row
    vine = np.abs(np.abs(p) + np.abs(q) - 0.5)
    put(second, below((vine - 0.06) * cell))
    blossom(p * cell, q * cell, cell * 0.36, petals, (third, pale, deep))
    kind = rng.random()
    inner_a, inner_b = a - wide, b - wide
    if kind < 0.65:  # medallion, and quarters of it in the corners
        points = int(rng.choice([4, 8, 8, 12, 16]))
        stretch = float(rng.uniform(1.15, 1.5))
        diamond = float(rng.uniform(0.0, 1.0))
        for corner in (True, False):
            mu, mv = (inner_a - au, inner_b - av) if corner else (u, v)
            angle = np.arctan2(mv / stretch, mu)
            round_one = np.hypot(mu, mv / stretch)
            lozenge = (np.abs(mu) + np.abs(mv) / stretch) * 0.82
            shape = round_one + (lozenge - round_one) * diamond
            lobes = 1 + 0.09 * np.abs(np.cos(points * angle / 2)) * 2 - 0.09
            shape = shape / lobes / (inner_a * 0.92)
            rings = ((1.0, pale), (0.94, deep), (0.88, second), (0.68, pale), (0.64, third))
            for limit, tint in rings:
                put(tint, below((shape - limit) * inner_a))
            ring = angle * points / (2 * np.pi)
            petal = np.abs(ring - np.round(ring)) * 2
            put(pale, below((np.hypot((shape - 0.78) / 0.07, petal / 0.55) - 1) * 0.05))
            put(deep, below((shape - 0.55 * (1 - 0.45 * petal)) * inner_a))
            put(main, below((shape - 0.48 * (1 - 0.45 * petal)) * inner_a))
            put(pale, below((shape - 0.26 * (0.6 + 0.4 * petal)) * inner_a))
            put(second, below((shape - 0.2 * (0.6 + 0.4 * petal)) * inner_a))
            put(deep, below((shape - 0.08) * inner_a))
    elif kind < 0.85:  # rows of octagons
        across = inner_a * 2 / int(rng.choice([2, 3]))
        tall = inner_b * 2 / int(rng.choice([3, 4, 5]))
        gu = (u + inner_a) % across - across / 2
        gv = ((v + inner_b) % tall - tall / 2) * across / tall
        pu, pv = np.abs(gu), np.abs(gv)
        octagon = np.maximum(np.maximum(pu, pv), (pu + pv) * 0.72) / across * 2
        for limit, tint in ((0.95, deep), (0.88, pale), (0.8, second), (0.5, deep), (0.45, third)):
            put(tint, below((octagon - limit) * across / 2))
        put(pale, below((np.abs(octagon - 0.64) - 0.07) * across * 0.5 + 0.02 * np.sign(gu * gv)))
        blossom(gu, gv, across * 0.2, 8, (pale, main, deep))
    else:  # nested stepped lozenges
        lozenge = (au + av * inner_a / inner_b) / inner_a
        tints = (deep, second, pale, third, main, pale, deep, third, second)
        for index, limit in enumerate(np.linspace(1.0, 0.1, 9)):
            tooth = 0.03 * np.abs((av * 14) % 2 - 1)
            put(tints[index], below((lozenge - limit - tooth) * inner_a))
    # Borders, outside in: each a band with its own run of motifs.
    outside = step(wide + 0.002, wide - 0.002, rim)
    upright = a - au < b - av
    along = np.where(upright, v, u)
    put(second if rng.random() < 0.5 else deep, outside)
    guard = wide * 0.2
    for low, tint in ((0.0, deep), (wide - guard, third)):
        band = below(np.abs(rim - low - guard / 2) - guard / 2)
        put(tint, band)
        tooth = np.abs((along / guard * 0.7) % 2 - 1) - 0.5
        zigzag = np.abs(rim - low - guard / 2 - tooth * guard * 0.45)
        put(pale, band * below(zigzag - guard * 0.17))
    for low in (guard, wide - guard, wide):
        put(pale, below(np.abs(rim - low) - 0.012))
    pace = 2 * b / max(3, round(2 * b / (wide * 0.75)))
    spot = along / pace
    across = rim - wide / 2
    stem = np.abs(across - 0.07 * wide * np.sin(2 * np.pi * spot))
    middle = below(np.abs(across) - wide * 0.29)
    put(main, middle * below(stem - 0.012))
    held = planes.copy()
    shift = (spot + 0.5 - np.floor(spot + 0.5) - 0.5) * pace
    blossom(shift, across, wide * 0.27, int(rng.choice([4, 6, 8])), (pale, main, third))
    colour = np.moveaxis(held + (planes - held) * middle, 0, -1)
    # Fringes, weave, pile and the folds of the cloth.
    fringe = below(np.maximum(au - a, np.abs(av - b - 0.04) - 0.06))
    thread = 0.5 + 0.5 * np.cos(at.u * 130 + 4 * noise.at(at.u * 9, at.v * 5))
    weave = np.cos(at.u * rng.uniform(70, 120)) * np.cos(at.v * rng.uniform(70, 120))
    pile = noise.octaves(at.u * 2, at.v * 12, 3)
    colour = colour * (1 + 0.1 * weave + rng.uniform(0.05, 0.2) * pile)[..., None]
    body = below(-rim)
    canvas.shade(1 - 0.55 * step(0.12, -0.02, -rim))
    canvas.lay(pale * 0.85, fringe * (1 - body) * step(0.2, 0.7, thread))
    canvas.lay(np.clip(colour, 0, 1), body)
    face, _ = canvas.relief(3 * wave + 0.004 * weave, 1.5)
    canvas.shade(1 + (face - 1) * body)
    return finished(canvas)


def stitches(u: Array, v: Array) -> tuple[Array, Array, Array, Array]:
    """Columns of V-shaped loops one unit wide: height, ply of the yarn, and column and row."""
    column = np.floor(u)
    p = u - column - 0.5
    m = np.abs(p)
    r = v * 1.3 + 1.15 * m
    row = np.floor(r)
    across, along = (r - row - 0.5) * 2, (m - 0.25) * 4
    oval = across**2 + 0.45 * along**2 + 0.35 * across * along
    height = np.sqrt(np.clip(1.12 - oval, 0.0, 1.2))
    ply = np.sin(5.0 * along + 3.2 * across)
    return height, ply, column, row


def motif(rng: np.random.Generator, column: Array, row: Array) -> Array:
    """Which of three yarns each stitch has: bands, zigzags, lozenges or crosses."""
    kind = int(rng.integers(5))
    period = int(rng.choice([6, 8, 10]))
    i = np.abs(column % period - period // 2)
    j = np.abs(row % period - period // 2)
    if kind == 0:
        return np.floor(row / int(rng.integers(1, 4))) % 3
    if kind == 1:
        return np.floor((row + i) / 2) % 3
    if kind == 2:
        return np.clip(np.floor((i + j) / 2), 0, 2)
    if kind == 3:
        return ((i == j) | (i + j == 2)) + 2.0 * (i + j == period // 2 + 1)
    return ((column + row) % 4 == 0) * 1.0 + (row % period == 0) * 1.0


def knit(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = colouring(rng)
    yarns = palette[rng.permutation(5)[:3]]
    at = canvas.place(0.65, 1.35, np.pi if rng.random() < 0.4 else 0.35, 0.3)
    drape = noise.octaves(at.u * 0.9 + 7, at.v * 0.9, 2)
    u, v = at.u + 0.12 * drape, at.v + 0.08 * noise.at(at.u * 1.3, at.v * 1.3 + 9)
    gauge = float(rng.uniform(3.0, 6.5))
    height, ply, column, row = stitches(u * gauge, v * gauge)
    if rng.random() < 0.5:  # colour work in stockinette
        yarn = motif(rng, column, row).astype(np.int32)
        colour = yarns[np.clip(yarn, 0, 2)]
        relief = 0.1 * height / gauge * 3
    else:  # cables: ropes that cross over and under each other on a purl ground
        colour = np.broadcast_to(palette[int(rng.integers(1, 5))], canvas.picture.shape)
        strands = int(rng.choice([2, 2, 3]))
        period = float(rng.uniform(0.75, 1.3))
        swing = period * (0.17 if strands == 2 else 0.24)
        radius = period * (0.17 if strands == 2 else 0.14)
        lane = np.floor(u / period)
        c = u - (lane + 0.5) * period
        phase = v * rng.uniform(2.2, 3.8) / period + np.pi * (lane % 2)
        bump = np.cos(2 * np.pi * u * gauge) * np.cos(2 * np.pi * (v * gauge * 0.65))
        relief = 0.03 * bump
        shadow = np.zeros_like(u)
        plies = 0.3 * bump
        for strand in range(strands):
            turn = phase + 2 * np.pi * strand / strands
            off = c - swing * np.sin(turn)
            over = np.cos(turn if strands == 2 else 2 * turn)
            body = off / radius
            loops, twist, _, _ = stitches(body + 0.5, (v - 0.4 * off * np.cos(turn)) / radius)
            dome = np.sqrt(np.clip(1.05 - body**2, 0, 1))
            top = (0.55 * dome + 0.2 * over * dome + 0.13 * loops) * radius * 1.5
            top = np.where(np.abs(body) < 1.02, top, -1)
            above = top > relief
            shadow = np.maximum(shadow * ~above, step(1.5, 0.9, np.abs(body)) * ~above)
            relief = np.where(above, top, relief)
            height = np.where(above, loops * (0.4 + 0.6 * dome), height * 0.999)
            plies = np.where(above, twist, plies)
        rope = relief > 0.04
        height = np.where(rope, height, 0.6 + 0.4 * bump) * (1 - 0.35 * shadow)
        ply = plies
    heather = 1 + 0.12 * noise.octaves(at.u * 8, at.v * 8, 2) + 0.12 * drape
    fuzz = rng.uniform(0.0, 0.16)
    groove = 0.25 + 0.8 * np.clip(height, 0, 1.05)
    tone = groove * (0.95 + fuzz * ply) * heather
    face, shine = canvas.relief((relief + 0.004 * fuzz * ply + 0.05 * drape) * at.scale, 1.3)
    picture = np.clip(colour * (tone * np.clip(face, 0.3, 1.3))[..., None], 0, 1)
    if rng.random() < 0.3:  # a piece of it, with rounded edges
        wide, tall = rng.uniform(0.5, 1.0), rng.uniform(0.7, 1.2)
        edge = np.maximum(np.abs(u) - wide, np.abs(v) - tall) - 0.25 / gauge * (height - 0.5)
        canvas.shade(1 - 0.6 * step(0.25, 0.0, edge))
        canvas.lay(picture * step(0.03, -0.12, edge)[..., None], coverage(edge, at.pixel * 2))
    else:
        canvas.lay(picture, np.ones_like(u))
        canvas.glow(palette[4], 0.25 * shine)
    return finished(canvas)


def tartan(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas)
    palette = np.concatenate([colouring(rng), colouring(rng)])
    # Ground, bands and fine lines of three lightnesses, or the lines are lost.
    palette = palette[np.argsort(palette.sum(-1))]
    if rng.random() < 0.4:
        palette = palette[::-1]
    at = canvas.place(0.6, 1.5, np.pi, 0.3)
    u, v = at.u, at.v
    kind = rng.random()
    fold = np.zeros_like(u)
    if kind < 0.3:  # soft folds
        fold = noise.octaves(u * 1.1 + 3, v * 0.5, 2) + 0.3 * np.sin(3 * u + 2 * noise.at(u, v))
        u, v = u + 0.13 * fold, v + 0.15 * fold
        fold = fold * 0.2
    elif kind < 0.5:  # pleats, each over the next
        pleat = float(rng.uniform(0.35, 0.6))
        bend = u + 0.06 * noise.octaves(u * 0.8, v * 1.2, 2)
        t = bend / pleat - np.floor(bend / pleat)
        u = bend * 1.0 + np.floor(bend / pleat) * rng.uniform(0.0, 0.5)
        v = v + 0.05 * t
        fold = 0.16 * t * step(1.0, 0.9, t)
    # The sett: a run of stripes that is mirrored at both ends, in warp and weft alike.
    count = int(rng.integers(5, 10))
    widths = rng.choice([0.25, 0.4, 1.0, 1.6, 2.6], count)
    edges = np.cumsum(widths) / widths.sum()
    base, cross = palette[int(rng.integers(0, 3))], palette[int(rng.integers(3, 7))]
    lines = palette[rng.permutation(3) + 7]
    stripes = np.stack(
        [
            lines[index % 3] if width < 0.5 else (base if index % 2 else cross)
            for index, width in enumerate(widths)
        ]
    )
    repeat = rng.uniform(1.2, 2.2)
    stops, bands = banding(edges, stripes, max(0.004, 0.5 * at.pixel * repeat))

    def sett(t: Array) -> Array:
        mirrored = np.abs((t * repeat + 40) % 2 - 1)
        return np.stack([np.interp(mirrored, stops, bands[:, c]) for c in range(3)], -1).astype(
            np.float32
        )

    warp, weft = sett(u), sett(v)
    thread = min(rng.uniform(60, 130), 1.4 / at.pixel)  # coarser than the pixels
    twill = np.sin((u + v) * thread)
    grain = noise.octaves(u * 14, v * 14, 2)
    share = np.clip(0.5 + rng.uniform(0.1, 0.4) * twill, 0, 1)
    colour = warp * share[..., None] + weft * (1 - share[..., None])
    relief = fold * 1.4 + 0.0025 * twill
    face, shine = canvas.relief(relief * at.scale, 1.5)
    colour = colour * (face * (1 + rng.uniform(0.0, 0.2) * grain + 0.06 * twill))[..., None]
    colour = np.clip(colour * (0.9 + 0.5 * fold)[..., None], 0, 1)
    if kind > 0.75:  # a blanket with fringes on something else
        wide, tall = rng.uniform(0.6, 1.0), rng.uniform(0.6, 1.1)
        bent = 0.04 * noise.at(at.u * 2, at.v * 2)
        edge = np.maximum(np.abs(at.u) - wide, np.abs(at.v) - tall) + bent
        canvas.shade(1 - 0.6 * step(0.25, 0.0, edge))
        inner = coverage(edge, at.pixel)
        tassel = step(-0.2, 0.3, np.sin(at.u * 70) + 0.4 * grain)
        hem = coverage(np.maximum(np.abs(at.u) - wide, np.abs(at.v) - tall - 0.13) + bent, at.pixel)
        canvas.lay(sett(at.u) * 0.9, hem * (1 - inner) * tassel)
        canvas.lay(colour, inner)
    else:
        canvas.lay(colour, np.ones_like(u))
        canvas.glow(WHITE, 0.05 * shine)
    return finished(canvas)


def paint(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    kind = rng.random()
    if kind < 0.6:
        marbled(canvas)
    elif kind < 0.78:
        ink(canvas)
    else:
        poured(canvas)
    return finished(canvas)


def marbled(canvas: Canvas) -> None:
    """Marbled paper. Each point is followed back through the combs to the drop it came from."""
    rng = canvas.rng
    noise = Noise(rng)
    palette = np.concatenate([colouring(rng), colouring(rng)[1:4]])
    at = canvas.place(0.6, 1.5, np.pi, 0.3)
    u, v = at.u.copy(), at.v.copy()
    combs = int(rng.choice([0, 1, 2, 2, 3]))
    for comb in range(combs):
        angle = comb * np.pi / 2 + rng.normal(0, 0.15)
        c, s = float(np.cos(angle)), float(np.sin(angle))
        across = c * u + s * v
        gap = float(rng.uniform(0.3, 0.8) if comb == combs - 1 else rng.uniform(0.25, 0.5))
        tine = 0.5 + 0.5 * np.cos(2 * np.pi * across / gap)
        pull = (tine**3 - 0.3) * rng.uniform(0.15, 0.55)
        u, v = u - s * pull, v + c * pull
    stir = 0.1 * noise.octaves(u * 1.5, v * 1.5, 2)
    u, v = u + stir, v - stir
    count = int(rng.integers(16, 28))
    hearts = rng.uniform(-1.0, 1.0, (int(rng.integers(4, 10)), 2))
    left = np.ones_like(u)
    colour = np.zeros((3, canvas.size, canvas.size), dtype=np.float32)
    height = np.zeros_like(u)
    for index in range(count):
        x, y = hearts[int(rng.integers(len(hearts)))] + rng.normal(0, 0.04, 2)
        # The first drops, which come last here, are large, or bare paper would show.
        radius = float(rng.uniform(0.15, 0.45)) * (1 + 1.2 * index / count)
        du, dv = u - float(x), v - float(y)
        square = du * du + dv * dv + 1e-5
        reach = np.sqrt(square)
        # How fast the drop's edge passes by tells how wide a pixel is there.
        slope = np.abs(np.diff(reach, axis=0, append=reach[-1:])) + np.abs(
            np.diff(reach, axis=1, append=reach[:, -1:])
        )
        share = left * np.clip(0.5 - (reach - radius) / (slope + 1e-3), 0, 1)
        tint = palette[int(rng.integers(len(palette)))]
        colour += tint[:, None, None] * share
        height += share * (0.3 + 0.7 * (index % 3) / 2)
        left = left - share
        shrink = np.sqrt(np.clip(1 - radius * radius / square, 1e-4, 1))
        u, v = float(x) + du * shrink, float(y) + dv * shrink
    last = palette[int(rng.integers(len(palette)))]
    colour += last[:, None, None] * left
    canvas.fill(np.moveaxis(colour, 0, -1))
    face, shine = canvas.relief(height * 0.02, rng.uniform(0, 1.5))
    canvas.shade(face * (1 + 0.08 * noise.octaves(canvas.x * 9, canvas.y * 9, 2)))
    canvas.glow(WHITE, 0.3 * shine)


def ink(canvas: Canvas) -> None:
    """Plumes of ink that sink and bloom in water."""
    rng = canvas.rng
    noise = Noise(rng)
    palette = colouring(rng)
    pale = rng.random() < 0.6
    tone = 0.97 - 0.1 * canvas.y if pale else 0.1 - 0.1 * canvas.y
    canvas.fill(ramp(np.clip(tone, 0, 1), palette))
    inks = np.concatenate([palette[1:4], colouring(rng)[1:4], colouring(rng)[1:4]])
    if not pale:
        inks = 0.25 + 0.85 * inks
    count = int(rng.integers(2, 5))
    turn = float(rng.uniform(-np.pi, np.pi))
    for index in range(count):
        at = whole(canvas).moved(
            float(rng.uniform(-0.6, 0.6)),
            float(rng.uniform(-0.3, 0.4)),
            float(rng.uniform(0.6, 1.2)),
            turn + float(rng.normal(0, 0.4)),
        )
        u, v = at.u + 9 * index, at.v
        a = noise.octaves(u * 1.2, v * 1.2, 2)
        b = noise.octaves(u * 1.2 + 20, v * 1.2 + 11, 2)
        veil = noise.octaves((u + 0.9 * a) * 1.3, (v + 0.9 * b) * 1.3, 3)
        fold = (1 - np.abs(veil)) ** 5
        x, y = at.u + 0.3 * a, at.v + 0.3 * b
        # A stem from above, and the round head that rolls out below it.
        stem = np.maximum(np.abs(x) - 0.13, y)
        body = np.minimum(np.hypot(x, 1.2 * (y - 0.2)) - 0.6, stem)
        density = step(0.2, -0.35, body + 0.2 * veil)
        tint = ramp(np.clip(0.5 + 0.5 * a + 0.3 * b, 0, 1), inks[rng.permutation(len(inks))[:3]])
        light = np.clip(tint * (0.6 + 0.6 * fold)[..., None], 0, 1)
        canvas.lay(light, np.clip(density * (0.65 + 0.7 * fold), 0, 0.97))


def poured(canvas: Canvas) -> None:
    """Thick wet colours that were poured together and folded."""
    rng = canvas.rng
    noise = Noise(rng)
    palette = np.concatenate([colouring(rng), colouring(rng)])[rng.permutation(10)]
    at = canvas.place(0.6, 1.5, np.pi, 0.3)
    a = noise.octaves(at.u, at.v, 2)
    b = noise.octaves(at.u + 20, at.v + 11, 2)
    u, v = at.u + 0.8 * a, at.v + 0.8 * b
    flow = noise.octaves(u * 1.2 + 5 + 0.5 * b, v * 1.2, 2)
    t = (flow * rng.uniform(1.3, 2.6) + 0.4 * a) % 1
    layers = t * 10
    index = np.floor(layers)
    within = layers - index
    colour = palette[index.astype(np.int32) % 10]
    following = palette[(index.astype(np.int32) + 1) % 10]
    canvas.fill(colour + (following - colour) * step(0.75, 1.0, within)[..., None])
    ridge = np.sin(2 * np.pi * layers / rng.choice([1, 2, 5]))
    face, shine = canvas.relief((0.02 * ridge + 0.1 * flow) * at.scale, 1.5)
    canvas.shade(np.clip(face, 0.4, 1.25))
    canvas.glow(WHITE, 0.6 * shine)
