"""Plants that grow, fruit and what hangs between them."""

from __future__ import annotations

import numpy as np

from .canvas import WHITE, Array, Canvas, Place, coverage, ellipse, pick, ramp, rgb, segment, step
from .creatures import places
from .finish import finished
from .grounds import PLAIN, SKIES, ground, sky
from .noise import Noise

GOLDEN = float(np.pi * (3 - np.sqrt(5)))
GROUNDS = (*PLAIN, *SKIES)
PETALS = (
    "4c0418 c81838 ff9098",
    "5a2008 f08028 ffe0a0",
    "6c5008 f0c828 fff8b8",
    "043830 18a080 a8f4d0",
    "081c58 2868d0 a8dcff",
    "200c58 6c3ccc d0b8ff",
    "480c48 c838a8 ffc0ec",
    "806c68 ecd8d0 ffffff",
    "100410 502040 b06080",
    "682840 f09098 ffe4d8",
    "283c08 88b828 ecf8a8",
)
LEAVES = (
    "0c2408 3c8020 b8e068",
    "04241c 188060 98e8b0",
    "102840 2c70a0 a0dcf0",
    "240c38 6c3ca0 d8a8f0",
    "3c1004 b85018 ffc860",
    "380818 b02850 ffa0a0",
    "343008 a0a020 f4f098",
    "18242c 607c84 d0e4dc",
    "0c0c18 283850 7088a0",
)


def window(canvas: Canvas, x: float, y: float, radius: float) -> tuple[slice, slice]:
    """The rows and columns around a small thing, so that only they need to be computed."""
    low = np.floor((np.array([y, x]) - radius + 1) / canvas.pixel)
    high = np.ceil((np.array([y, x]) + radius + 1) / canvas.pixel)
    (top, left), (bottom, right) = (
        np.clip(edge, 0, canvas.size).astype(int).tolist() for edge in (low, high)
    )
    return slice(top, bottom), slice(left, right)


def apart(rng: np.random.Generator) -> list[tuple[float, float]]:
    """Two to four centres apart from each other."""
    count = int(rng.integers(2, 5))
    angles = rng.uniform(0, 2 * np.pi) + 2 * np.pi * np.arange(count) / count
    return [(float(0.55 * np.cos(a)), float(0.55 * np.sin(a))) for a in angles]


def leaflet(canvas: Canvas, at: Place, palette: Array) -> None:
    """A plain veined leaf from the origin to (1, 0)."""
    t = np.clip(at.u, 0, 1)
    shape = np.maximum(np.abs(at.v) - 0.75 * t**0.7 * (1 - t) ** 0.8, np.abs(at.u - 0.5) - 0.5)
    veins = 0.5 + 0.5 * np.cos((at.u - np.abs(at.v)) * 40)
    tone = 0.4 + 0.3 * np.sign(at.v) * step(0, 0.06, np.abs(at.v)) + 0.2 * veins
    tone = tone + 0.4 * step(0.04, 0, np.abs(at.v))
    canvas.lay(ramp(np.clip(tone, 0, 1), palette), coverage(shape, at.pixel * 1.5))


def rose(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas, *GROUNDS)
    palette = pick(rng, *PETALS)
    rim_colour = pick(rng, *PETALS)[2] if rng.random() < 0.3 else palette[2]
    greens = pick(rng, *LEAVES)
    side = rng.random() < 0.35
    striped = rng.uniform(0, 0.3) * (rng.random() < 0.5)
    ruffle = rng.uniform(0.02, 0.1)
    veined = rng.uniform(0, 0.3)
    spots = places(canvas, 4, 0.4 if side else np.pi)
    petals = 21 if len(spots) == 1 else 12
    lift = rng.uniform(0.3, 0.5) if side else 0.0
    leafy = side or rng.random() < 0.6
    hand = 1 if rng.random() < 0.5 else -1
    for at in spots:
        u, v = at.u, at.v
        if side:
            stem = np.maximum(np.abs(u - 0.08 * np.sin(v * 2)) - 0.07, -v)
            canvas.lay(
                ramp(np.clip(0.6 - 5 * u * np.cos(canvas.light), 0, 1), greens),
                coverage(stem, at.pixel),
            )
        if leafy:
            for turn in (0.35, 2.8) if side else rng.uniform(-np.pi, np.pi, 4):
                base = (0.0, 0.95) if side else (0.75 * np.cos(turn), 0.75 * np.sin(turn))
                leaflet(canvas, at.moved(*base, 0.85, turn), greens)
        canvas.shade(1 - 0.55 * step(1.3, 0.6, np.hypot(u - 0.06, v - 0.1)))
        ripple = ruffle * noise.octaves(u * 4, v * 4, 2)
        tone, rims, height, cover = (np.zeros_like(u) for _ in range(4))
        start = rng.uniform(0, 2 * np.pi)
        for n in range(petals):
            radius = 0.1 ** (n / petals) * rng.uniform(0.94, 1.04)
            turn = start + hand * n * GOLDEN + rng.normal(0, 0.12)
            c, s = float(np.cos(turn)), float(np.sin(turn))
            dv = v + lift * (1 - radius) - 0.3 * lift
            along, across = (c * u + s * dv) / radius, (c * dv - s * u) / radius
            shape = np.hypot((along - 0.4) / 0.6, across / 0.8) - 1 + ripple / radius**0.5
            inside = coverage(shape * 0.6 * radius, at.pixel * 1.5)
            rim = step(-0.22, -0.02, shape)
            value = 0.1 + 0.45 * np.clip(along, 0, 1.2) + rng.normal(0, 0.05) - 0.3 * across**2
            tone *= 1 - 0.7 * step(0.32, 0.0, shape)
            tone += (value + 0.12 - tone) * inside
            rims += (rim - rims) * inside
            height += (0.9 * (1 - radius) + 0.16 * radius * (1 - rim) - height) * inside
            cover = np.maximum(cover, inside)
        if striped:
            tone = tone + striped * np.cos(9 * np.arctan2(v, u) + 60 * ripple) * (1 - rims)
        diffuse, shine = canvas.relief(height * 0.55 * at.scale, 1.0)
        bearing = np.arctan2(v, u)
        veins = noise.octaves(np.cos(bearing) * 12, np.sin(bearing) * 12 + 2 * height, 2)
        tone = tone + 0.12 * noise.at(u * 3, v * 3) + veined * veins * (1 - rims)
        colour = ramp(np.clip(tone, 0, 1), palette)
        colour = colour + (rim_colour - colour) * (0.6 * rims)[..., None]
        canvas.lay(colour * (0.3 + 0.7 * diffuse)[..., None], cover)
        canvas.glow(palette[2], cover * shine * 0.2)
    return finished(canvas)


def seeds(reach: Array, angle: Array, spacing: float) -> tuple[Array, Array]:
    """Bumps that lie as the seeds of a sunflower do, and the spiral arms they form; about 0..1.

    Each wave peaks at every seed; the one whose length fits the distance from the centre leads,
    and so the number of visible spiral arms passes from one Fibonacci number to the next.
    """
    number = (reach / spacing) ** 2
    total, weights, arm = np.zeros_like(reach), np.full_like(reach, 1e-6), np.zeros_like(reach)
    for arms in (3, 5, 8, 13, 21, 34, 55):
        drift = -((arms * GOLDEN + np.pi) % (2 * np.pi) - np.pi)
        steepness = np.hypot(arms / reach, 2 * drift * reach / spacing**2) * spacing
        weight = np.exp(-((np.log(steepness / 3.8) / 0.3) ** 2))
        wave = np.cos(arms * angle + drift * number)
        total += weight * wave
        weights += weight
        if drift > 0:  # these wind one way, the others the other way
            arm += weight * wave
    return 0.5 + 0.5 * total / weights, 0.5 + 0.5 * arm / weights


def sunflower(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    field = rng.random() < 0.3
    noise = sky(canvas)[0] if field else ground(canvas, *GROUNDS)
    palette = pick(rng, *PETALS)
    greens = pick(rng, *LEAVES)
    disc_colours = pick(
        rng,
        "140804 4c2810 b87830",
        "0c0804 382008 d8a030",
        "100410 401838 b05878",
        "04100c 143c28 78a848",
        "080c20 203868 78a8d0",
        "281004 883c0c f8b848",
        "14141c 484c5c c8ccc0",
        "302008 a88830 fff0b0",
    )
    heart = pick(rng, *LEAVES)
    spots = places(canvas, 5, 0.3 if field else np.pi)
    macro = not field and rng.random() < 0.3
    if macro:
        spots = [canvas.place(1.3, 2.1, np.pi, 0.7)]
    count = int(rng.integers(15, 30))
    core = rng.uniform(0.44, 0.62)
    rays = rng.uniform(0.5, 0.9)
    for at in sorted(spots, key=lambda place: place.scale):
        tilt = rng.uniform(0.72, 1)
        u, v = at.u, at.v / tilt
        if field:
            stem = np.maximum(np.abs(u - 0.05 * np.sin(at.v * 2)) - 0.08, -at.v)
            canvas.lay(greens[1] * (0.7 - 2 * u)[..., None].clip(0.3, 1), coverage(stem, at.pixel))
            for turn in (0.5, 2.6):
                leaflet(canvas, at.moved(0, 1.6, 1.1, turn), greens)
        reach, angle = np.hypot(u, v) + 1e-3, np.arctan2(v, u)
        canvas.shade(1 - 0.4 * step(1.15, 0.7, np.hypot(u - 0.06, v - 0.1)))
        for layer in range(3):
            turn = angle + (2 * np.pi / 3) * layer / count + 0.06 * noise.at(u * 2, v * 2)
            turn = turn * count / (2 * np.pi)
            index = np.round(turn)
            off = (turn - index) * 2 * reach * np.pi / count  # sideways distance, in canvas units
            name = noise.at((index % count) * 3.7, np.float32(layer * 5.3) + 0 * u)
            top = (1 - 0.06 * layer) * (0.95 + 0.1 * name)
            along = np.clip((reach - core * 0.8) / (top - core * 0.8), 0, 1)
            wide = 2.6 / count * (1 - along) ** rays * (0.6 + along)
            shape = np.maximum(np.abs(off) - wide, reach - top)
            across = off / (wide + 0.01)
            tone = 0.1 + 0.8 * along**0.8 - 0.25 * across**2 + 0.12 * np.cos(across * 9)
            canvas.shade(1 - 0.45 * step(0.09, 0.0, shape))
            light = 0.75 + 0.3 * across * np.cos(angle - canvas.light + np.pi / 2)
            canvas.lay(
                ramp(np.clip(tone + 0.1 * name, 0, 1), palette) * light[..., None],
                coverage(shape, at.pixel * 1.5),
            )
        # Seeds of at least some pixels each, or the spirals drown.
        spacing = max(core / np.sqrt(rng.uniform(90, 280)), 1.9 * at.pixel)
        bump, arm = seeds(reach, angle, float(spacing))
        ring = reach / core
        dome = np.sqrt(np.clip(1.05 - ring**2, 0, 1))
        height = (
            (0.7 * bump + 0.5 * arm) * spacing * 0.6 + 0.18 * dome - 0.1 * step(0.45, 0.1, ring)
        )
        diffuse, shine = canvas.relief(height * at.scale, 1.0)
        tone = -0.4 + 0.55 * bump + 0.6 * arm * (0.4 + 0.6 * ring) + 0.3 * step(0.5, 0.9, ring)
        colour = ramp(np.clip(tone, 0, 1), disc_colours)
        middle = ramp(np.clip(0.7 * bump + 0.4 * arm - 0.15, 0, 1), heart)
        colour = colour + (middle - colour) * (0.75 * step(0.42, 0.2, ring))[..., None]
        inside = coverage(reach - core - 0.02 * bump, at.pixel * 2)
        canvas.shade(1 - 0.6 * step(0.14, 0.0, reach - core))
        canvas.lay(colour * diffuse[..., None], inside)
        canvas.glow(disc_colours[2], inside * shine * 0.4)
    return finished(canvas)


def spines(across: Array, along: Array, rays: int, length: float, thin: float) -> Array:
    """A star of thorns in each cell of a lattice whose cells are 1 wide; share in 0..1."""
    du, dv = across - np.round(across), along - np.round(along)
    reach, angle = np.hypot(du, dv), np.arctan2(dv, du)
    off = np.abs(np.sin(angle * rays / 2 + 0.7)) * reach * 2 / rays
    star = step(2.0, 0.4, off / thin) * step(length, length * 0.5, reach)
    return np.maximum(star, step(0.15, 0.06, reach))


def cactus(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    palette = pick(rng, *LEAVES)
    thorn = pick(rng, "fff8e0", "ffe0a0", "ffc0c8", "301410", "f8ffff", "c04030")[0]
    petals = pick(rng, *PETALS)
    kind = rng.random()
    rays = int(rng.choice([3, 5, 5, 7]))
    ribs = int(rng.integers(5, 10))
    reach_of_spines = rng.uniform(0.35, 0.75)
    smooth = rng.uniform(0, 0.25)

    def ribbed(at: Place, noise: Noise, across: Array, along: Array, shape: Array) -> Array:
        """Skin in ribs: `across` counts them, `along` counts the thorny cushions."""
        cover = coverage(shape, at.pixel)
        fold = np.abs(np.cos(across * np.pi))
        tone = 0.85 * fold**0.8 - 0.05 + smooth * noise.octaves(at.u * 5, at.v * 5, 3)
        canvas.lay(ramp(np.clip(tone, 0, 1), palette), cover)
        thin = float(np.clip(3 * at.pixel, 0.03, 0.12))
        canvas.lay(thorn, 0.9 * cover * spines(across, along, rays, reach_of_spines, thin))
        return cover

    def bristling(at: Place, shape: Array, along: Array) -> None:
        """Thorns that stand out from the outline."""
        needle = step(0.5, 1.0, np.cos(2 * np.pi * along))
        canvas.lay(thorn, 0.85 * coverage(shape - 0.13 * needle + 0.03, at.pixel))

    if kind < 0.35:  # columns with arms
        noise = sky(canvas)[0] if rng.random() < 0.7 else ground(canvas)
        if rng.random() < 0.7:
            land = canvas.y - rng.uniform(0.5, 0.8) - 0.1 * noise.at(canvas.x * 2, 0 * canvas.y)
            sand = pick(rng, "3c1808 b86830 f8c880", "281830 785078 d8a0b0", "202c30 60807c c8d8b0")
            grain = 0.5 + 0.4 * noise.octaves(canvas.x * 5, canvas.y * 14, 3)
            canvas.lay(ramp(grain, sand), coverage(-land, canvas.pixel))
        for spot in sorted(places(canvas, 4, 0.12), key=lambda place: place.scale):
            at = spot.moved(0, 0.1, 0.8)
            u, v = at.u, at.v
            thick = rng.uniform(0.2, 0.32)
            near, side, along = np.full_like(u, 9), np.zeros_like(u), np.zeros_like(u)
            parts = [((0.0, -1.0 + thick), (0.0, 1.6), thick)]
            for hand in (-1, 1):
                if rng.random() < 0.85:
                    low, high = rng.uniform(-0.05, 0.5), rng.uniform(0.45, 0.8)
                    out = hand * rng.uniform(0.55, 0.75)
                    slim = thick * rng.uniform(0.6, 0.8)
                    parts += [((0.0, low), (out, low - 0.08), slim)]
                    parts += [((out, low - 0.08), (out, low - high), slim)]
            for a, b, radius in parts:
                away, share = segment(u, v, a, b)
                length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
                cross = ((u - a[0]) * (b[1] - a[1]) - (v - a[1]) * (b[0] - a[0])) / length
                nearer = away - radius < near
                side = np.where(nearer, cross / radius, side)
                along = np.where(nearer, share * length, along)
                near = np.where(nearer, away - radius, near)
            bulge = np.sqrt(np.clip(-near / thick, 0, 1))
            angle = np.arcsin(np.clip(side, -1, 1)) / np.pi
            canvas.shade(1 - 0.35 * step(0.2, 0, near))
            bristling(at, near, v * 6 + u * 3)
            cover = ribbed(at, noise, angle * (ribs // 2 + 1), along * 6, near)
            lit = 0.55 + 0.55 * bulge - 0.35 * side * np.cos(canvas.light)
            canvas.shade(1 + cover * (np.clip(lit, 0.3, 1.2) - 1))
            if rng.random() < 0.4:
                crown = ellipse(u, v + 1.0, 0.2, 0.12)
                canvas.lay(
                    ramp(np.clip(0.5 + 0.4 * np.cos(u * 40) - v - 1, 0, 1), petals),
                    coverage(crown, at.pixel),
                )
    elif kind < 0.72:  # globes, from the side or from above
        noise = ground(canvas, *GROUNDS)
        above = rng.random() < 0.5
        ribs = 2 * ribs + 3 if above else ribs + 3
        for at in places(canvas, 5, np.pi if above else 0.25):
            u, v = at.u, at.v
            reach = np.hypot(u, v) + 1e-3
            shape = reach - 0.9
            if above:
                across = np.arctan2(v, u) * ribs / (2 * np.pi)
                shape = shape - 0.06 * np.abs(np.cos(across * np.pi))
                along = np.arcsin(np.clip(reach, 0, 1)) * ribs / 4 + 0.5 * (np.round(across) % 2)
            else:
                meridian = u / np.sqrt(np.clip(1 - v * v, 0.05, 1))
                across = np.arcsin(np.clip(meridian, -1, 1)) * ribs / np.pi
                along = np.arcsin(np.clip(v, -1, 1)) * 4 + 0.5 * (np.round(across) % 2)
            canvas.shade(1 - 0.5 * step(0.3, 0, np.hypot(u - 0.05, v - 0.15) - 0.9))
            bristling(at, shape, np.arctan2(v, u) * ribs / np.pi)
            cover = ribbed(at, noise, across, along, shape)
            ball = np.sqrt(np.clip(1 - reach**2, 0, 1))
            lit = 0.3 + 0.65 * ball + 0.4 * (u * np.cos(canvas.light) + v * np.sin(canvas.light))
            canvas.shade(1 + cover * (np.clip(lit, 0.2, 1.25) - 1))
            if rng.random() < 0.5:
                top = at.moved(0, 0 if above else -0.85, 0.3)
                wheel = 0.75 + 0.25 * np.cos(np.arctan2(top.v, top.u) * 9)
                radius = np.hypot(top.u, top.v)
                canvas.lay(
                    ramp(np.clip(1.1 - radius + 0.3 * wheel, 0, 1), petals) * wheel[..., None],
                    coverage(radius - wheel, top.pixel * 1.5),
                )
    else:  # paddles that grow on paddles
        noise = ground(canvas, *GROUNDS)
        for at in places(canvas, 3, 0.3):
            pads = [(0.0, 0.55, 0.0, 0.62)]
            for lean in rng.permutation([-0.8, -0.1, 0.75])[: int(rng.integers(2, 4))]:
                scale = rng.uniform(0.38, 0.5)
                high = 0.55 - (0.62 + scale * 0.85) * np.cos(lean)
                pads.append(((0.45 + scale) * np.sin(lean), high, lean, scale))
            for x, y, lean, scale in pads:
                pad = at.moved(float(x), float(y), float(scale), float(lean))
                u, v = pad.u / (0.78 - 0.12 * np.clip(pad.v, -1, 1)), pad.v
                shape = (np.hypot(u, v) - 1) * 0.75
                cover = coverage(shape, pad.pixel)
                canvas.shade(1 - 0.5 * step(0.25, 0, shape))
                bristling(pad, shape, np.arctan2(v, u) * 2.5)
                tone = 0.5 + 0.3 * noise.octaves(pad.u * 2, pad.v * 2, 3)
                dome = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
                diffuse, shine = canvas.relief(dome * 0.35 * pad.scale, 1.0)
                canvas.lay(ramp(np.clip(tone, 0, 1), palette) * diffuse[..., None], cover)
                canvas.glow(palette[2], cover * shine * 0.25)
                canvas.glow(palette[2], cover * step(-0.1, 0, shape) * 0.35)
                cells = 2.4
                grid = ((pad.u + pad.v) * cells, (pad.u - pad.v) * cells)
                inner = step(0.0, -0.05, shape)
                canvas.lay(
                    thorn, inner * spines(*grid, rays, 0.6 * reach_of_spines, 2.5 * pad.pixel)
                )
                for side in rng.uniform(-0.9, 0.9, int(rng.integers(0, 4))):
                    fruit = pad.moved(0.8 * np.sin(side), -np.cos(side) - 0.08, 0.2, float(side))
                    egg = ellipse(fruit.u, fruit.v, 0.7, 1.0)
                    light = np.clip(0.7 - 0.4 * fruit.v - 0.3 * fruit.u, 0, 1)
                    canvas.lay(ramp(light, petals), coverage(egg, fruit.pixel))
    return finished(canvas)


def frond(canvas: Canvas, at: Place, palette: Array, count: int, bend: float) -> None:
    """A fern leaf from the origin to (1, 0): leaflets upon leaflets upon a stalk."""
    u = at.u
    v = at.v - bend * u * np.abs(u)
    side = np.abs(v)
    slant = (u - side * 0.45) * count
    index = np.round(slant)
    base = np.clip(index / count, 0, 1)
    off = (slant - index) / count
    length = 0.66 * (base + 0.02) ** 0.45 * (1 - base) ** 0.7 + 1e-3
    out = side / length
    half = 0.6 / count * np.clip(1 - out, 0, 1) ** 0.4 + 1e-4
    fine = (side - 0.6 * np.abs(off)) * count * 2.3
    across = off / half
    edge = 0.5 * np.sqrt(np.clip(1 - across**2, 0, 1)) + 0.12 * step(0.7, 0.2, np.abs(across))
    shape = (np.abs(fine - np.round(fine)) - edge) / (count * 2.3)
    present = (out < 1) * (base > 0.06) * (u < 1.02) * (np.abs(across) < 1)
    canvas.shade(1 - 0.5 * step(0.03, -0.05, np.abs(off) - half) * (out < 1.05) * (base > 0.06))
    tone = (
        0.2 + 0.3 * out + 0.35 * base - 0.35 * across * np.sign(v) * np.sign(np.cos(canvas.light))
    )
    tone = tone + 0.15 * np.cos(index * 2.4) - 0.35 * step(0.2, 0.48, np.abs(fine % 1 - 0.5)) + 0.2
    canvas.lay(ramp(np.clip(tone, 0, 1), palette), coverage(shape, at.pixel) * present)
    rib = np.maximum(np.abs(off) - 0.05 / count, side - length)
    stalk = np.maximum(side - 0.014 * (1.2 - u), np.abs(u - 0.35) - 0.65)
    line = np.maximum(coverage(rib, at.pixel) * (base > 0.06) * (u < 1), coverage(stalk, at.pixel))
    canvas.lay(palette[2] * 0.85, line)


def fiddlehead(canvas: Canvas, at: Place, palette: Array, noise: Noise, hairy: float) -> None:
    """A young fern leaf, still rolled up around the origin, on its stem at u = -1."""
    u, v = at.u, at.v
    pitch = 0.125
    reach = np.hypot(u, v) + 1e-3
    turned = (np.arctan2(v, u) - np.pi) % (2 * np.pi)
    whorl = np.clip(np.round((-np.log(reach) / pitch - turned) / (2 * np.pi)), 0, 4)
    travelled = turned + 2 * np.pi * whorl
    middle = np.exp(-pitch * travelled)
    # Rolled-up leaflets sit like beads on the inner side.
    beads = 0.5 + 0.5 * np.cos(travelled * 6 + 9 * (reach / middle - 1))
    off = (reach - middle) / (0.27 * middle)
    coil = (np.abs(off) - 0.95 - hairy * (beads - 0.5)) * 0.27 * middle
    bent = u + 1 - 0.12 * np.sin(np.clip(v, 0, 9) * 0.9)
    below = v > 0
    stem = np.where(below, np.abs(bent) - 0.25, 9)
    off = np.where(stem < coil, bent / 0.25, off)
    shape = np.minimum(coil, stem)
    tube = np.sqrt(np.clip(1 - off * off, 0, 1))
    canvas.shade(1 - 0.45 * step(0.25, 0, shape))
    grain = noise.octaves(u * 7, v * 3, 2)
    tone = 0.05 + 0.5 * tube + 0.4 * np.where(below & (stem <= coil), 0.5, beads) + 0.15 * grain
    tone = tone - 0.2 * off * np.cos(canvas.light)
    # Brown scales and wool stand out from the outline.
    wool = noise.octaves(u * 14, v * 14, 2)
    tuft = coverage(shape - 0.25 * hairy * np.clip(wool + 0.2, 0, 1), at.pixel * 1.5)
    canvas.lay(ramp(np.clip(0.5 + 0.5 * wool, 0, 1), palette[::-1]), tuft * 0.8)
    cover = coverage(shape, at.pixel * 1.5)
    canvas.lay(ramp(np.clip(tone, 0, 1), palette), cover)
    canvas.glow(palette[2], cover * 0.4 * step(0.35, 0.0, np.abs(off + 0.35)))


def fern(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas, *GROUNDS)
    palette = pick(rng, *LEAVES)
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    kind = rng.random()
    if kind < 0.3:  # a rosette from above
        x, y = rng.uniform(-0.5, 0.5, 2)
        count = int(rng.integers(7, 12))
        start = rng.uniform(0, 2 * np.pi)
        scale = rng.uniform(0.9, 1.5)
        bend = rng.uniform(-0.35, 0.35)
        for n in rng.permutation(count):
            turn = start + 2 * np.pi * n / count + rng.normal(0, 0.1)
            shades = palette * np.float32(rng.uniform(0.6, 1.1))
            at = whole.moved(float(x), float(y), float(scale * rng.uniform(0.65, 1.1)), float(turn))
            frond(canvas, at, shades, int(rng.integers(10, 14)), float(bend))
    elif kind < 0.6:  # leaves across the picture
        for _ in range(int(rng.integers(1, 5))):
            turn = rng.uniform(-np.pi, np.pi)
            scale = rng.uniform(1.4, 2.6)
            x, y = rng.uniform(-0.4, 0.4, 2) - 0.5 * scale * np.array([np.cos(turn), np.sin(turn)])
            at = whole.moved(float(x), float(y), float(scale), float(turn))
            frond(canvas, at, palette, int(rng.integers(10, 18)), float(rng.uniform(-0.3, 0.3)))
    if kind >= 0.6 or rng.random() < 0.15:  # croziers, with an open leaf behind
        if kind > 0.8:
            at = whole.moved(float(rng.uniform(-1, 0)), 1.1, 2.1, float(rng.uniform(-2, -1)))
            frond(canvas, at, pick(rng, *LEAVES), 13, float(rng.uniform(-0.3, 0.3)))
        palette = pick(rng, *LEAVES)
        hairy = float(rng.uniform(0.05, 0.5))
        spots = places(canvas, 4, 0.5)
        if len(spots) == 1:
            spots.insert(0, canvas.place(0.3, 0.6, 0.5, 0.9))
        for at in spots:
            mirrored = rng.random() < 0.5
            small = at.moved(0, 0, 0.57)
            if mirrored:
                small = Place(-small.u, small.v, small.pixel, small.scale)
            fiddlehead(canvas, small, palette, noise, hairy)
    return finished(canvas)


def parachute(
    canvas: Canvas,
    tip: tuple[float, float],
    lean: tuple[float, float],
    radius: float,
    colour: Array,
    strength: float,
    cup: float = 0.0,
) -> None:
    """A star of fine hairs around `tip`, foreshortened along `lean` (its length is the tilt)."""
    rows, columns = window(canvas, tip[0], tip[1], radius * (1.1 + cup))
    u, v = canvas.x[rows, columns] - tip[0], canvas.y[rows, columns] - tip[1]
    tilt = min(float(np.hypot(*lean)), 0.97)
    c, s = (lean[0] / tilt, lean[1] / tilt) if tilt > 0.02 else (1.0, 0.0)
    squeeze = float(np.sqrt(1 - tilt * tilt + 0.06))
    forward, across = c * u + s * v, c * v - s * u
    along = forward / squeeze
    if cup:  # the hairs form a cone, open on the side away from the seed
        for _ in range(4):
            along = 0.5 * along + 0.5 * (forward - cup * np.hypot(along, across)) / squeeze
    reach, angle = np.hypot(along, across), np.arctan2(across, along)
    count = 16 if radius > 12 * canvas.pixel else 10
    off = np.abs(np.sin(angle * count / 2 + tip[0] * 40)) * reach * 2 / count
    hair = step(0.95, 0.1, off / canvas.pixel) * step(radius, radius * 0.7, reach)
    haze = 0.1 * step(radius, 0, reach)
    share = np.clip((hair + haze) * strength, 0, 1)[..., None]
    part = canvas.picture[rows, columns]
    part += (colour - part) * share


def dandelion(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = sky(canvas)[0] if rng.random() < 0.35 else ground(canvas, *GROUNDS)
    bright = canvas.picture.mean() < 0.55  # bright hairs, as the ground is darker
    hair = (
        pick(rng, "fffff8", "ffe8c0", "d0f0ff", "ffd0e8", "e0ffd0", "e8d8ff", "ffc880")
        if bright
        else pick(rng, "201418", "381840", "0c2838", "582010", "103c20", "601040")
    )[0]
    seed = pick(rng, "6c3810", "a86830", "301808", "803048", "405020", "284860")[0]
    stalk = pick(rng, *LEAVES)
    kind = rng.random()
    heads = []
    if kind < 0.5:
        heads = [(*rng.uniform(-0.4, 0.4, 2).tolist(), float(np.exp(rng.uniform(-0.5, 0.45))))]
    elif kind < 0.8:
        heads = [(x, y, float(rng.uniform(0.34, 0.5))) for x, y in apart(rng)]
    blown = kind >= 0.8 or rng.random() < 0.35
    wind = rng.uniform(0, 2 * np.pi)
    for x, y, radius in heads:
        away = np.hypot(canvas.x - x, canvas.y - y)
        stem = np.abs(canvas.x - x - 0.12 * np.sin((canvas.y - y) * 1.5)) - 0.035 * radius - 0.006
        canvas.lay(stalk[1], coverage(np.maximum(stem, y - canvas.y), canvas.pixel))
        canvas.lay(hair, rng.uniform(0.05, 0.3) * step(radius * 1.08, radius * 0.6, away))
        count = int(np.clip(100 * radius, 40, 100))
        height = 1 - (2 * np.arange(count) + 1) / count
        around = np.arange(count) * GOLDEN
        flat = np.sqrt(1 - height**2)
        points = np.stack([flat * np.cos(around), flat * np.sin(around), height], 1)
        points = points @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
        points += rng.normal(0, 0.03, points.shape)
        lost = rng.uniform(-0.3, 0.5) if blown else 2
        downwind = points[:, 0] * np.cos(wind) + points[:, 1] * np.sin(wind)
        points = points[(downwind + rng.normal(0, 0.2, count) < lost) & (points[:, 2] > -0.3)]
        for p in points[np.argsort(points[:, 2])]:
            near = 0.55 + 0.45 * p[2]
            tip = (float(x + radius * 0.86 * p[0]), float(y + radius * 0.86 * p[1]))
            rows, columns = window(canvas, (x + tip[0]) / 2, (y + tip[1]) / 2, radius * 0.5)
            line, along = segment(canvas.x[rows, columns], canvas.y[rows, columns], (x, y), tip)
            part = canvas.picture[rows, columns]
            thin = coverage(line - 0.25 * canvas.pixel, canvas.pixel) * (0.3 + 0.3 * near)
            part += (hair - part) * thin[..., None]
            grain = coverage(line - 0.016 * radius, canvas.pixel) * (along > 0.12) * (along < 0.36)
            part += (seed - part) * grain[..., None]
            lean = (float(p[0]), float(p[1]))
            parachute(canvas, tip, lean, radius * 0.29, hair, 0.2 + 0.7 * near)
        bump = noise.at((canvas.x - x) * 40 / radius, (canvas.y - y) * 40 / radius)
        canvas.lay(
            ramp(np.clip(0.5 + 0.5 * bump, 0, 1), np.stack([seed * 0.5, seed, seed * 0.5 + 0.4])),
            coverage(away - 0.12 * radius, canvas.pixel),
        )
    if blown:
        count = int(rng.integers(4, 10)) if heads else int(rng.integers(3, 14))
        large = 0.16 if heads else float(rng.uniform(0.25, 0.75) if count < 7 else 0.25)
        for _ in range(count):
            x, y = rng.uniform(-1, 1, 2)
            turn = wind + rng.normal(0, 0.35)
            radius = large * rng.uniform(0.7, 1.2)
            drop = (float(x - 1.6 * radius * np.cos(turn)), float(y - 1.6 * radius * np.sin(turn)))
            line, along = segment(canvas.x, canvas.y, (float(x), float(y)), drop)
            canvas.lay(hair, coverage(line - 0.012 * radius, canvas.pixel) * 0.8)
            body = line - 0.07 * radius * np.sin(np.clip(along - 0.72, 0, 0.28) / 0.28 * np.pi)
            canvas.lay(seed, coverage(body, canvas.pixel) * (along > 0.72))
            lean = (0.88 * float(np.cos(turn)), 0.88 * float(np.sin(turn)))
            parachute(canvas, (float(x), float(y)), lean, radius, hair, 1.0, 0.45)
    return finished(canvas)


def palm_crown(
    canvas: Canvas, at: Place, headings: Array, droop: float, palette: Array, wide: float
) -> None:
    """Feathered leaves from the origin, about 1 long, that bend down the picture."""
    rng = canvas.rng
    tone, cover = np.zeros_like(at.u), np.zeros_like(at.u)
    for heading in headings:
        c, s = float(np.cos(heading)), float(np.sin(heading))
        size = rng.uniform(0.85, 1.1)
        u, v = at.u / size, at.v / size
        t = u * c + v * s
        for _ in range(3):
            fallen = v - droop * np.clip(t, 0, 1.3) ** 2
            t = 0.5 * t + 0.5 * (u * c + fallen * s)
        side = fallen * c - u * s
        away = np.abs(side)
        slant = (t - away * 0.7) * 18
        index = np.round(slant)
        base = np.clip(index / 18, 0, 1)
        length = wide * (base + 0.02) ** 0.5 * (1.04 - base) ** 0.6
        out = away / length
        shape = (np.abs(slant - index) - 0.5 * np.clip(1 - out, 0, 1) ** 0.6) / 18
        shape = np.where((out < 1) & (base > 0.04) & (t < 1.05), shape, 9)
        shape = np.where((t > 0) & (t < 1), np.minimum(shape, away - 0.022 * (1.2 - t)), shape)
        inside = coverage(shape, at.pixel * 1.3)
        value = 0.36 - 0.25 * np.sign(side) * np.sign(c + 1e-6) + 0.2 * out - 0.25 * s
        value = value + 0.35 * step(0.03, 0.0, away) + rng.normal(0, 0.08)
        tone += (value - tone) * inside
        cover = np.maximum(cover, inside)
    canvas.lay(ramp(np.clip(tone, 0, 1), palette), cover)


def palm(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    kind = rng.random()
    x, y = canvas.x, canvas.y
    palette = pick(rng, *LEAVES)
    backlit = rng.random() < 0.35
    if kind < 0.55:  # standing against the sky, mostly on a beach
        horizon = float(rng.uniform(0.35, 0.75))
        noise, haze = sky(canvas, horizon)
        if backlit:
            palette *= 0.3
        if rng.random() < 0.55:
            disc = np.hypot(x - rng.uniform(-0.7, 0.7), y - rng.uniform(-0.6, horizon))
            sun = coverage(disc - rng.uniform(0.12, 0.4), canvas.pixel * 2)
            canvas.glow(np.clip(haze[-1] * 1.1, 0, 1), np.maximum(sun, 0.5 * np.exp(-disc * 3)))
        if rng.random() < 0.75:
            waves = noise.octaves(x * 2, (y - horizon) * 22, 3)
            sea = haze[0] + (haze[-1] - haze[0]) * np.clip(0.3 + 0.6 * waves, 0, 1)[..., None]
            canvas.lay(sea, coverage(horizon - y, canvas.pixel))
            land = y - rng.uniform(0.75, 0.95) + 0.15 * np.cos(x * 2 + rng.uniform(0, 6))
            sand = pick(rng, "6c4820 d8b070 fff0c0", "180c18 382038 785870", "0c1c24 305860 a0c8c0")
            canvas.lay(ramp(0.5 + 0.4 * waves, sand), coverage(-land, canvas.pixel))
        bark = pick(rng, "2c180c 805030 d0a078", "18101c 503c50 a890a0", "080c10 283038 707c80")
        spots = places(canvas, 3, 0.15)
        for spot in sorted(spots, key=lambda place: place.scale):
            at = spot.moved(0, -0.35 if len(spots) == 1 else -0.2, 0.8 if len(spots) == 1 else 1.0)
            lean = rng.uniform(-0.7, 0.7)
            v = np.clip(at.v, -0.02, 4)
            off = at.u - lean * v * (1 - 0.18 * v)
            wide = 0.07 + 0.03 * v
            rings = 0.5 + 0.5 * np.cos(at.v * 50 + 3 * np.cos(off / wide))
            tone = 0.5 - 0.35 * off / wide * np.cos(canvas.light) - 0.3 * rings
            trunk = np.maximum(np.abs(off) - wide - 0.012 * rings, -at.v)
            canvas.lay(ramp(np.clip(tone, 0, 1), bark), coverage(trunk, at.pixel))
            count = int(rng.integers(8, 12))
            headings = np.linspace(0.35, -np.pi - 0.35, count) + rng.normal(0, 0.12, count)
            order = np.argsort(-np.sin(headings) + rng.normal(0, 0.3, count))
            palm_crown(
                canvas, at, headings[order[::-1]], float(rng.uniform(0.5, 0.95)), palette, 0.42
            )
            for nut in rng.uniform(-0.16, 0.16, int(rng.integers(0, 5))):
                ball = np.hypot(at.u - nut, at.v - 0.1) - 0.09
                canvas.lay(bark[1] * (0.8 - 3 * at.v[..., None]), coverage(ball, at.pixel))
    elif kind < 0.72:  # a crown seen from below or above
        if rng.random() < 0.6:
            sky(canvas)
        else:
            ground(canvas, *GROUNDS)
        if backlit and canvas.picture.mean() > 0.4:
            palette *= 0.3
        at = canvas.place(0.9, 1.7, np.pi, 0.4)
        count = int(rng.integers(13, 20))
        headings = 2 * np.pi * np.arange(count) / count + rng.normal(0, 0.12, count)
        palm_crown(
            canvas, at, rng.permutation(headings), float(rng.uniform(0.1, 0.5)), palette, 0.3
        )
        hub = np.hypot(at.u, at.v) - 0.1
        canvas.lay(ramp(np.clip(0.5 - hub * 4, 0, 1), palette), coverage(hub, at.pixel))
    else:  # fans
        noise = ground(canvas, *GROUNDS)
        for at in places(canvas, 4, np.pi):
            u, v = at.u, at.v - 0.35
            reach, angle = np.hypot(u, v), np.arctan2(u, -v)
            folds = float(rng.choice([13, 17, 21, 27]))
            spread = rng.uniform(1.6, 2.5)
            turn = angle * folds / (2 * spread)
            index = np.round(turn)
            off = (turn - index) * 2
            top = 1.25 * (0.55 + 0.45 * np.cos(angle * 0.6)) * (0.94 + 0.06 * np.cos(index * 5))
            split = step(0.5, 1.0, reach / top)
            shape = np.maximum(np.abs(off) - 1 + split, np.abs(angle) - spread) * reach * 0.15
            shape = np.maximum(shape, reach - top)
            stalk = np.maximum(np.abs(u) - 0.05, -v)
            canvas.shade(1 - 0.45 * step(0.1, 0, shape))
            canvas.lay(palette[1] * 0.9, coverage(stalk, at.pixel))
            tone = 0.25 + 0.3 * reach + 0.3 * off * np.sign(np.cos(angle - canvas.light))
            tone = tone + 0.1 * noise.octaves(reach * 2, angle * 9, 2) + 0.12 * np.cos(index * 2.4)
            tone = tone + 0.35 * step(0.14, 0.02, np.abs(off)) * (reach > 0.05)
            canvas.lay(ramp(np.clip(tone, 0, 1), palette), coverage(shape, at.pixel * 1.3))
    return finished(canvas)


def berry(canvas: Canvas, x: float, y: float, radius: float, palette: Array, bloom: Array) -> None:
    """A translucent ball: light enters above, gathers below, and mirrors in a spot."""
    rows, columns = window(canvas, x, y, radius * 1.25)
    u, v = (canvas.x[rows, columns] - x) / radius, (canvas.y[rows, columns] - y) / radius
    reach = np.hypot(u, v)
    lx, ly = float(np.cos(canvas.light)), float(np.sin(canvas.light))
    ball = np.sqrt(np.clip(1 - reach**2, 0, 1))
    towards = u * lx + v * ly
    through = np.exp(-((u + 0.45 * lx) ** 2 + (v + 0.45 * ly) ** 2) * 3.2)
    tone = 0.02 + 0.2 * ball + 0.35 * towards + 0.75 * through + 0.15 * bloom[rows, columns]
    colour = ramp(np.clip(tone, 0, 1), palette)
    part = canvas.picture[rows, columns]
    part *= (1 - 0.55 * step(1.25, 0.85, reach))[..., None]
    part += (colour - part) * coverage((reach - 1) * radius, canvas.pixel)[..., None]
    spot = step(0.24, 0.1, np.hypot(u - 0.45 * lx, v - 0.45 * ly))
    nose = step(0.14, 0.05, np.hypot(u + 0.2 + 0.3 * lx, v - 0.45))
    part *= (1 - 0.7 * nose)[..., None]
    rim = 0.5 * step(0.75, 0.98, reach) * step(0.1, 0.7, -towards) * (reach < 1)
    part += (1 - part) * (0.95 * spot)[..., None] + (palette[2] - part) * rim[..., None]


def vine_leaf(canvas: Canvas, at: Place, palette: Array) -> None:
    """A leaf with five toothed lobes, whose veins start at the origin."""
    u, v = at.u, at.v
    reach, angle = np.hypot(u, v), np.arctan2(v, u)
    lobe = angle * 5 / (1.7 * np.pi)
    off = lobe - np.round(lobe)
    top = 0.9 + 0.28 * np.cos(2 * np.pi * off) + 0.1 * np.abs((lobe * 3) % 1 - 0.5)
    shape = reach - top * (0.75 + 0.25 * np.cos(angle)) * step(np.pi, 2.5, np.abs(angle))
    canvas.shade(1 - 0.45 * step(0.2, 0, shape))
    vein = step(0.07, 0.02, np.abs(off) * reach)
    tone = 0.35 + 0.35 * np.abs(off) * np.sign(off) * 2 + 0.1 * np.cos(reach * 24 + 9 * off)
    tone = tone + 0.15 * reach + 0.45 * vein
    canvas.lay(ramp(np.clip(tone, 0, 1), palette), coverage(shape, at.pixel * 1.5))


def grapes(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(canvas, *GROUNDS)
    palette = pick(rng, *PETALS)
    other = pick(rng, *PETALS)
    ripening = rng.random() < 0.3
    greens = pick(rng, *LEAVES)
    bloom = rng.uniform(0.2, 1) * noise.octaves(canvas.x * 4, canvas.y * 4, 3)
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    kind = rng.random()
    if kind < 0.3:
        bunches = [(x, y - 0.1, float(rng.uniform(0.5, 0.62))) for x, y in apart(rng)]
    else:  # one, often so near that berries fill the picture
        x, y = rng.uniform(-0.35, 0.35, 2).tolist()
        bunches = [(x, y, float(np.exp(rng.uniform(-0.35, 0.6))))]
    for x, y, scale in bunches:
        radius = float(rng.uniform(0.13, 0.22)) * scale
        lean = rng.normal(0, 0.15)
        top = whole.moved(x, y - 0.8 * scale, scale)
        for turn in rng.uniform(-0.2, np.pi + 0.2, int(rng.integers(1, 3))):
            vine_leaf(canvas, top.moved(0.05, -0.1, 0.55, float(-turn)), greens)
        stem = segment(top.u, top.v, (0.0, 0.3), (0.12, -0.5))[0] - 0.045
        canvas.lay(greens[1] * 0.7, coverage(stem, top.pixel))
        points = []
        rows = int(2.0 * scale / (radius * 1.35))
        for row in range(rows):
            t = (row + 0.5) / rows
            wide = scale * 0.74 * np.sin(np.pi * (0.16 + 0.8 * t**0.55))
            number = max(1, round(2 * wide / (radius * 1.75)))
            for n in range(number):
                across = (n + 0.5) / number * 2 - 1
                points.append(
                    (
                        x + scale * lean * t + wide * across + rng.normal(0, 0.2) * radius,
                        y + scale * (2 * t - 1) * 0.9 + rng.normal(0, 0.2) * radius,
                        radius * rng.uniform(0.86, 1.12),
                        rng.uniform(0, 1) + 0.8 * (1 - abs(across)),
                    )
                )
        for px, py, r, _ in sorted(points, key=lambda point: point[3]):
            if max(abs(px), abs(py)) > 1 + r:
                continue
            share = np.clip(0.5 + 0.9 * noise.at(*np.float32([[px * 2], [py * 2]])), 0, 1)
            mixed = palette + (other - palette) * share if ripening else palette
            berry(canvas, px, py, r, mixed, bloom)
    return finished(canvas)


def spider(canvas: Canvas, at: Place, palette: Array) -> None:
    rng = canvas.rng
    legs = np.full_like(at.u, 9)
    for hand in (-1, 1):
        for n, spread in enumerate((-1.15, -0.4, 0.35, 1.05)):
            spread = spread + rng.normal(0, 0.08)
            knee = (hand * 0.62 * np.cos(spread * 0.8), -0.3 + 0.8 * np.sin(spread))
            foot = (hand * (1.0 - 0.1 * (n % 3)), -0.2 + 1.35 * np.sin(spread))
            upper, _ = segment(at.u, at.v, (hand * 0.1, -0.3), knee)
            lower, _ = segment(at.u, at.v, knee, foot)
            legs = np.minimum(legs, np.minimum(upper - 0.055, lower - 0.035))
    canvas.lay(palette[0], coverage(legs, at.pixel * 1.3))
    for v, wide, high in ((-0.35, 0.2, 0.24), (0.25, 0.38, 0.5)):
        u, w = at.u / wide, (at.v - v) / high
        body = coverage((np.hypot(u, w) - 1) * wide, at.pixel * 1.3)
        marks = step(0.1, 0.5, np.cos(w * 7 + np.abs(u) * 3)) * step(0.75, 0.3, np.abs(u))
        light = np.clip(0.3 + 0.45 * marks - 0.3 * u * 0.5 - 0.3 * w, 0, 1)
        canvas.lay(ramp(light, palette), body)
        canvas.glow(WHITE, body * 0.6 * step(0.35, 0.1, np.hypot(u + 0.3, w + 0.4)))


def spiderweb(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    ground(canvas, *GROUNDS)
    dark = canvas.picture.mean() < 0.5
    thread = (
        pick(rng, "ffffff", "d8f0ff", "ffe8b8", "ffd0f0", "d0ffe0", "a8e0ff", "ffb060")
        if dark
        else pick(rng, "100c14", "200c28", "08202c", "301008", "ffffff", "f8ffff")
    )[0]
    hidden = pick(rng, *PETALS)
    corner = rng.random() < 0.3
    at = canvas.place(0.7, 2.1, np.pi, 0.3)
    if corner:
        x, y = rng.choice([-1.0, 1.0], 2) * rng.uniform(0.6, 1.0, 2)
        whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
        at = whole.moved(float(x), float(y), float(rng.uniform(1.6, 2.6)), rng.uniform(0, 6.0))
    reach, angle = np.hypot(at.u, at.v) + 1e-3, np.arctan2(at.v, at.u)
    spokes = int(rng.integers(11, 22)) * (2 if corner else 1)
    bounds = np.linspace(-np.pi, np.pi, spokes + 1)
    bounds[1:-1] += rng.normal(0, 0.18, spokes - 1) * 2 * np.pi / spokes / 1.5
    bounds = np.sort(np.clip(bounds, -np.pi, np.pi))
    index = np.clip(np.searchsorted(bounds, angle) - 1, 0, spokes - 1)
    width = np.maximum(bounds[index + 1] - bounds[index], 1e-3)
    part = ((angle - bounds[index]) / width).astype(np.float32)
    chord = reach * np.minimum(part, 1 - part) * width
    thick = float(rng.uniform(0.4, 1.1)) * canvas.pixel
    radial = coverage(chord * at.scale - thick * 0.8, canvas.pixel)
    # Each thread hangs between its spokes, so it comes nearer to the hub half way.
    sag = rng.uniform(0.35, 0.9) * width / 2
    taut = reach / (1 - np.clip(sag, 0, 0.32) * 4 * part * (1 - part) * 0.6)
    rings = float(rng.uniform(7, 13)) * (1.3 if corner else 1)
    loose = rng.normal(0, 0.1, spokes)[index]
    coil = taut * rings + angle / (2 * np.pi) + loose * np.sin(np.pi * part)
    off = (coil - np.round(coil)) / rings * at.scale
    inside = (taut > 0.12) * (taut < 1.02)
    spiral = coverage(np.abs(off) - thick * 0.6, canvas.pixel) * inside
    radial = radial * np.where(reach < 1.15, 1.0, 0.6 * (index % 3 == 0))
    hub = coverage(np.abs((reach * 45) % 1 - 0.5) / 45 * at.scale - thick * 0.4, canvas.pixel)
    web = np.maximum(np.maximum(radial, spiral * 0.9), hub * (reach < 0.07) * 0.8)
    lit = 0.6 + 0.4 * np.cos(2 * (angle - canvas.light))
    if dark:
        canvas.glow(thread, 0.25 * step(1.3, 0, reach))
    canvas.lay(thread, web * np.clip(lit + rng.uniform(0, 0.4), 0, 1))
    if rng.random() < 0.6:  # dew
        beads = float(rng.uniform(2.0, 3.2)) * rings
        way = reach * (part - 0.5) * width * beads
        ball = float(rng.uniform(0.2, 0.4)) / beads * at.scale
        du = (way - np.round(way)) / beads * at.scale
        dew = np.hypot(du, off) - max(ball, 1.1 * canvas.pixel)
        drop = coverage(dew, canvas.pixel) * inside * (np.abs(part - 0.5) < 0.46)
        bright = np.clip(0.55 - off / ball * 0.5, 0, 1)
        shades = np.stack([hidden[1], thread * 0.8 + 0.2, WHITE])
        canvas.lay(ramp(bright, shades), drop)
        canvas.glow(WHITE, drop * step(0.5, 0.1, np.hypot(du, off + 0.3 * ball) / ball))
    if rng.random() < 0.4:
        scale = rng.uniform(0.14, 0.4)
        u, v = (0.0, 0.0) if not corner else rng.uniform(-0.35, 0.35, 2)
        body = hidden if dark else np.stack([rgb(0.05, 0.03, 0.05), hidden[1], hidden[2]])
        if dark and rng.random() < 0.6:
            body = np.stack([body[0] * 0.3, body[1], body[2]])
        spider(canvas, at.moved(float(u), float(v), float(scale), rng.uniform(-3, 3)), body)
    return finished(canvas)
