"""What people make: walls, windows, towers, machines and boards."""

from __future__ import annotations

import numpy as np

from .canvas import WHITE, Array, Canvas, coverage, pick, ramp, rgb, segment, step
from .creatures import places
from .finish import finished
from .grounds import ground, sky
from .noise import Noise


def city(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, palette = sky(canvas, 0.7)
    night = rng.random() < 0.55
    if night:
        canvas.picture *= rng.uniform(0.25, 0.6)
    x, y = canvas.x, canvas.y
    glass = pick(
        rng,
        "0c1420 3c5878 a0c0d8",
        "1c1410 5c4c40 c8b8a0",
        "101418 485058 b0b8c0",
        "180c18 583c5c c09cb8",
        "0c1c1c 306060 98c8c0",
    )
    lamps = pick(rng, "ffd070 fff4c8 ff9838", "ffe8b0 a8e0ff ffb050", "ff80b0 80e8ff ffe070")
    shore = rng.uniform(0.4, 1.1)
    zoom = np.exp(rng.uniform(np.log(0.6), np.log(1.9)))
    before = canvas.picture.copy()
    for layer in range(4):
        near = layer / 3
        width = (0.16 + 0.26 * near) * zoom
        place = (x + 0.41 * layer) / width
        column = np.floor(place)
        tall = noise.at(column * 2.7 + 0.3, np.float32(layer * 6.1) + 0 * x)
        across = place - column
        top = shore - (0.75 + 0.55 * tall) * (1.25 - 0.55 * near) * min(zoom, 1.3)
        style = noise.at(column * 5.1, np.float32(layer * 2.2 + 9) + 0 * x)
        margin = 0.04 + 0.05 * np.abs(style)
        setback = (
            margin
            + 0.12 * (style > 0.2) * (y < top + 0.22 * zoom)
            + 0.36 * (style < -0.3) * (y < top + 0.12) * (y > -9)
        )
        roof = top - 0.16 * (style < -0.3)
        inside = (across > setback) & (across < 1 - setback) & (y > roof) & (y < shore)
        cover = inside.astype(np.float32)
        lit = across > 0.62
        haze = (1 - near) * 0.6
        tone = 0.3 + 0.28 * (lit * np.cos(canvas.light) + 0.3) + 0.22 * style - 0.15 * (y - top)
        wall = ramp(np.clip(tone, 0.05, 1), glass)
        rows = (0.052 + 0.012 * near) * zoom
        count = np.round(3 + 2.5 * np.abs(style)) + 1
        fx, fy = (across * count) % 1, (y / rows) % 1
        pane = ((fx > 0.22) & (fx < 0.8) & (fy > 0.25) & (fy < 0.8)).astype(np.float32)
        which = noise.at(
            np.floor(across * count) * 1.9 + column * 3.3, np.floor(y / rows) * 1.37 + 0.5
        )
        on = step(-0.1, 0.15, which) * (0.9 if night else 0.25)
        hue = lamps[np.clip(((which + 1) * 1.5).astype(int), 0, 2)]
        wall = (
            wall + (ramp(np.clip(0.15 + 0.5 * style, 0, 1), glass) - wall) * (pane * 0.8)[..., None]
        )
        wall = wall + (hue - wall) * (pane * on)[..., None]
        wall = wall * (1 - haze) + (palette[1] * 0.5 + palette[-1] * 0.35) * (
            haze * (0.6 if night else 1)
        )
        wall = wall * np.where(lit, 1.0, 0.78)[..., None]
        canvas.lay(wall, cover)
        mast = (np.abs(across - 0.5) < 0.025) & (y > roof - 0.2) & (y < roof + 0.02) & (style > 0.4)
        canvas.lay(glass[0], mast.astype(np.float32))
    if shore < 0.95:  # the city stands on water
        rows_at = ((y + 1) / 2 * size).astype(int)
        mirrored = np.clip((2 * ((shore + 1) / 2 * size) - rows_at).astype(int), 0, size - 1)
        shift = (2.2 * noise.at(x * 3, y * 26)).astype(int)
        columns = np.clip(((x + 1) / 2 * size).astype(int) + shift, 0, size - 1)
        ripple = 0.62 + 0.3 * noise.at(x * 4, y * 30)
        canvas.lay(
            canvas.picture[mirrored, columns] * ripple[..., None], step(shore, shore + 0.02, y)
        )
    canvas.picture = np.clip(canvas.picture + 0.04 * before, 0, 1)
    return finished(canvas)


GLASS = (
    "a01018 1840b0 e0a818 187850 6c2090",
    "0c50a0 18a0b8 e8e0a8 2c2080 88c8e8",
    "c02818 e87818 f0d048 701030 f8f0c8",
    "186838 88b830 f0e080 0c4858 30a090",
    "601888 c83888 f0a8c8 2838a8 f0c850",
)


def cathedral(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    stone = pick(rng, "14100c 4c4238 988a78", "0c0c10 34343c 78788c", "1c1008 5c3c24 b08c60")
    canvas.fill(
        ramp(np.clip(0.3 + 0.3 * noise.octaves(canvas.x * 5, canvas.y * 5, 4), 0, 1), stone)
    )
    joints = np.minimum(
        np.abs((canvas.y * 4) % 1 - 0.5),
        np.abs((canvas.x * 2.5 + 0.5 * np.floor(canvas.y * 4 + 0.5)) % 1 - 0.5),
    )
    canvas.shade(1 - 0.5 * step(0.06, 0.0, joints))
    glass = pick(rng, *GLASS)
    rose = rng.random() < 0.65
    at = canvas.place(0.55, 1.6, np.pi if rose else 0.15, 0.3)
    u, v = at.u, at.v
    if rose:
        reach, angle = np.hypot(u, v), np.arctan2(v, u)
        count = int(rng.choice([6, 8, 10, 12]))
        lead = np.full_like(u, 9)
        tint = np.zeros_like(u)
        rings = [
            (0.0, 0.2, count // 2),
            (0.2, 0.58, count),
            (0.58, 0.8, 2 * count),
            (0.8, 1.0, 2 * count),
        ]
        for number, (low, high, petals) in enumerate(rings):
            turn = angle * petals / (2 * np.pi) + 0.5 * (number % 2)
            off = (turn - np.round(turn)) * 2 * np.pi / petals * reach
            half = np.pi / petals * reach
            middle = (low + high) / 2
            within = (reach >= low) & (reach < high)
            if number == 1:  # petals with a round head
                tip = np.hypot(reach - (high - 0.13), off) - 0.9 * np.pi / petals * (high - 0.13)
                body = np.maximum(np.abs(off) - half * 0.88, reach - (high - 0.13))
                edge = -np.minimum(tip, np.maximum(body, low + 0.03 - reach))
            elif number == 3:
                edge = min(0.085, np.pi / petals * middle * 0.8) - np.hypot(reach - middle, off)
            else:
                edge = np.minimum(half - np.abs(off), np.minimum(reach - low, high - reach))
            lead = np.where(within, edge, lead)
            name = np.mod(np.round(turn) + (3 if number == 2 else 0), 2) + number
            tint = np.where(within, name, tint)
        lead = np.where(reach < 1, lead, -1)
        frame = np.abs(reach - 1.06) - 0.07
    else:  # pointed windows side by side
        width = 0.62
        column = np.round(u / width)
        du = u - column * width
        arch = np.where(v < -0.35, np.hypot(np.abs(du) + 0.22, v + 0.35) - 0.47, np.abs(du) - 0.25)
        arch = np.maximum(arch, v - 1.1)
        p, q = du * 7.5, v * 7.5
        diamond = np.minimum(np.abs((p + q) % 2 - 1), np.abs((p - q) % 2 - 1)) / 7.5
        medal = np.hypot(du, (v + 0.1) % 0.5 - 0.25)
        ring = np.abs(medal - 0.17)
        lead = np.minimum(
            np.minimum(-arch, ring),
            np.where(medal < 0.17, np.minimum(np.abs(du), np.abs(medal - 0.08)), diamond),
        )
        lead = np.where(arch < 0, lead, -1)
        tint = np.where(
            medal < 0.08,
            2.0,
            np.where(medal < 0.17, 0.0, np.floor((p + q) / 2) + 2 * np.floor((p - q) / 2)),
        )
        tint = np.mod(tint + column, 5)
        frame = np.abs(arch - 0.06) - 0.06
    pane = step(0.008, 0.03, lead)
    colour = glass[np.mod(tint.astype(int), 5)]
    cells = noise.cells(u * 8, v * 8)
    shift = 0.75 + 0.5 * cells[2]
    mottled = shift + 0.3 * noise.octaves(u * 7, v * 7, 3)
    inner = 0.7 + 0.5 * np.clip(lead * 9, 0, 1)
    light = rng.uniform(0.75, 1.25) + 0.35 * noise.octaves(u, v, 2)
    seams = 1 - 0.6 * step(0.09, 0.0, cells[1] - cells[0])
    canvas.lay(
        np.clip(colour * (mottled * inner * light * seams)[..., None], 0, 1),
        (lead > 0).astype(np.float32),
    )
    tracery = ramp(np.clip(0.25 + 0.25 * noise.at(u * 12, v * 12), 0, 1), stone)
    dark = (lead > 0) * (1 - pane)
    canvas.lay(tracery * 0.55, dark.astype(np.float32))
    rim = coverage(frame, at.pixel * 1.5)
    face, _ = canvas.relief(-np.clip(frame, -0.08, 0.02) * at.scale, 1.2)
    canvas.lay(
        np.clip(
            ramp(np.clip(0.75 + 0.2 * noise.at(u * 14, v * 14), 0, 1), stone) * face[..., None],
            0,
            1,
        ),
        rim,
    )
    canvas.glow(glass[2], 0.18 * (lead > 0) * step(1.2, 0.0, np.hypot(canvas.x, canvas.y)))
    return finished(canvas)


def brick(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    palette = pick(
        rng,
        "3c0c08 a03c28 e08c60",
        "3c2010 a8703c e8c088",
        "1c1c20 5c5c64 a8a8a8",
        "2c1010 78342c c0806c",
        "3c3018 a89860 e8dcb0",
        "101c28 3c5870 8ca8b8",
    )
    mortar = pick(rng, "a8a090", "605850", "d8d0c0", "38342f")[0]
    at = canvas.place(0.6, 2.0, 0.35 if rng.random() < 0.7 else np.pi)
    lean = rng.uniform(-0.35, 0.35)
    depth = 1 + lean * at.u
    warp = 0.02 * noise.octaves(at.u * 3, at.v * 3, 2)
    u, v = at.u / depth * 3.1 + warp, at.v / depth * 6.2 + warp
    row = np.floor(v)
    u = u + 0.5 * np.mod(row, 2)
    column = np.floor(u)
    fu, fv = u - column - 0.5, v - row - 0.5
    jig = noise.at(column * 3.7, row * 5.3)
    edge = np.maximum(np.abs(fu) * 2 - 0.93, (np.abs(fv) * 2 - 0.84) * 0.55)
    rough = noise.octaves(u * 4, v * 2, 4, 0.6)
    body = step(0.03, -0.07, edge + 0.03 * rough)
    face, _shine = canvas.relief(
        (0.055 * body + 0.018 * rough * body + 0.03 * jig * body) * at.scale, 1.5
    )
    stain = noise.octaves(canvas.x * 1.2, canvas.y * 1.2, 4)
    tone = 0.45 + 0.28 * jig + 0.2 * rough + 0.2 * stain
    canvas.fill(mortar * (0.8 + 0.2 * rough[..., None]))
    canvas.lay(ramp(np.clip(tone, 0, 1), palette), body)
    canvas.shade(np.clip(face, 0.2, 1.3) * (1 + 0.25 * stain))
    if rng.random() < 0.4:  # moss or soot
        patch = step(0.15, 0.6, noise.octaves(canvas.x * 1.7 + 5, canvas.y * 1.7, 4))
        canvas.lay(
            pick(rng, "3c5018", "181614", "e8e4d8", "2c7080")[0] * (0.8 + 0.3 * rough[..., None]),
            patch * 0.7,
        )
    return finished(canvas)


METALS = (
    "180c04 805020 f0c880 fffae8",
    "101418 586470 c0ccd8 ffffff",
    "1c0c08 7c4028 e09c78 fff0e4",
    "0c0c0c 3c3c40 909498 f0f4f8",
    "1c1804 84701c f0e080 fffff0",
    "081c1c 2c6460 90c8b8 f0fff8",
)


def gear(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = ground(
        canvas,
        "0c0c10 2c3038 60646c",
        "140c08 40301c 88704c",
        "0c1418 284450 6c909c",
        "1c1c18 605c50 b0a898",
    )
    wheels = [(float(at.u[0, 0]), at) for at in places(canvas, 5)]
    if len(wheels) == 1 and rng.random() < 0.5:
        wheels += [(0.0, canvas.place(0.3, 0.8, np.pi, 1.0)) for _ in range(2)]
    for _, at in wheels[::-1]:
        palette = pick(rng, *METALS)
        reach, angle = np.hypot(at.u, at.v), np.arctan2(at.v, at.u)
        teeth = int(rng.choice([9, 12, 16, 20]))
        wave = np.cos(angle * teeth)
        tooth = 0.84 + 0.13 * step(-0.35, 0.35, wave)
        shape = reach - tooth
        spokes = int(rng.choice([0, 3, 4, 5, 6]))
        hub, rim = rng.uniform(0.24, 0.34), rng.uniform(0.58, 0.68)
        if spokes:
            turn = angle * spokes / (2 * np.pi)
            off = np.abs(turn - np.round(turn)) * 2 * np.pi / spokes * reach
            hole = np.maximum(np.maximum(reach - rim, hub - reach), 0.1 - off)
        else:
            turn = angle * 6 / (2 * np.pi)
            off = (turn - np.round(turn)) * 2 * np.pi / 6 * reach
            hole = np.hypot(off, reach - 0.48) - 0.11
        axle = reach - hub * 0.45
        shape = np.maximum(shape, np.maximum(-hole, -axle))
        canvas.shade(1 - 0.6 * step(0.22, -0.02, shape))
        cover = coverage(shape, at.pixel)
        bevel = np.clip(-shape, 0, 0.06)
        groove = step(0.03, 0.0, np.abs(reach - 0.74)) + step(0.03, 0.0, np.abs(reach - hub - 0.02))
        height = bevel * 1.1 - 0.03 * groove
        face, shine = canvas.relief(height * at.scale, 1.2)
        lathe = noise.at(reach * 36, 0 * reach + 2.5)
        sweep = 0.5 + 0.5 * np.cos(2 * (angle - canvas.light) + 0.6 * lathe)
        worn = noise.octaves(at.u * 5, at.v * 5, 4, 0.6)
        tone = 0.22 + 0.4 * sweep + 0.1 * lathe + 0.14 * worn
        colour = ramp(np.clip(tone * 0.95, 0, 1), palette) * face[..., None]
        rust = step(0.25, 0.7, worn) * 0.5 * float(rng.random() < 0.4)
        colour = colour + (rgb(0.42, 0.2, 0.08) - colour) * rust[..., None]
        canvas.lay(np.clip(colour, 0, 1), cover)
        canvas.glow(palette[3], cover * np.clip(shine * 0.8, 0, 1))
    return finished(canvas)


def circuit(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise = Noise(rng)
    board = pick(
        rng,
        "041c0c 0c4420 1c6c38",
        "040c24 0c2c60 20509c",
        "0c0c0c 202428 40444c",
        "240808 601414 98302c",
        "140824 3c1860 6838a0",
        "302408 6c5818 a89038",
    )
    metal = pick(
        rng,
        "a88030 f0d080 fff8d8",
        "8c9098 d8dce0 ffffff",
        "b06030 f0a878 ffe8d0",
        "38a060 90f0a8 e8fff0",
    )
    at = canvas.place(0.55, 1.5, 0.2 if rng.random() < 0.6 else np.pi)
    u, v = at.u, at.v
    canvas.fill(ramp(np.clip(0.45 + 0.35 * noise.octaves(u, v, 3), 0, 1), board))
    weave = np.cos(u * 90) * np.cos(v * 90)
    canvas.shade(1 + 0.05 * weave)
    lines = np.full_like(u, 9)
    pads = np.full_like(u, 9)
    headings = np.pi / 4 * np.arange(8)
    for _ in range(int(rng.integers(7, 12))):  # buses of parallel traces on a grid
        x, y = np.round(rng.uniform(-1.6, 1.6, 2) * 6) / 6
        heading = int(rng.integers(0, 4)) * 2
        pads = np.minimum(pads, np.hypot(u - x, v - y))
        for _ in range(int(rng.integers(2, 5))):
            long = rng.integers(2, 7) / 6 * (1.414 if heading % 2 else 1)
            nx, ny = x + long * np.cos(headings[heading]), y + long * np.sin(headings[heading])
            away, _ = segment(u, v, (x, y), (nx, ny))
            if rng.random() < 0.5:
                away = np.abs(away - 0.055)
            lines = np.minimum(lines, away)
            x, y = nx, ny
            heading = (heading + int(rng.choice([-1, 1]))) % 8
        pads = np.minimum(pads, np.hypot(u - x, v - y))
    trace = coverage(lines - 0.026, at.pixel)
    canvas.shade(1 - 0.35 * step(0.07, 0.02, lines))
    canvas.lay(metal[0] * 0.55 + board[2] * 0.6, trace * 0.95)
    canvas.glow(metal[1], trace * 0.4 * step(-0.3, 0.8, noise.octaves(u * 1.5, v * 1.5, 2)))
    canvas.lay(metal[1], coverage(np.abs(pads - 0.05) - 0.028, at.pixel))
    canvas.lay(rgb(0.03, 0.03, 0.03), coverage(pads - 0.025, at.pixel))
    for _ in range(int(rng.integers(2, 6))):
        x, y = np.round(rng.uniform(-1.2, 1.2, 2) * 4) / 4
        wide, tall = rng.uniform(0.14, 0.45), rng.uniform(0.12, 0.35)
        du, dv = np.abs(u - x), np.abs(v - y)
        kind = rng.random()
        if kind < 0.6:  # a chip with its legs
            legs = np.maximum(dv - tall - 0.1, np.abs((u - x + 20) % 0.11 - 0.055) - 0.026)
            legs = np.maximum(legs, du - wide + 0.02)
            canvas.lay(metal[1] * (0.7 + 0.4 * (v < y))[..., None], coverage(legs, at.pixel))
            body = np.maximum(du - wide, dv - tall)
            canvas.shade(
                1
                - 0.5
                * step(
                    0.1, 0.0, np.maximum(np.abs(u - x - 0.03) - wide, np.abs(v - y - 0.04) - tall)
                )
            )
            inside = coverage(body, at.pixel)
            face, _ = canvas.relief(np.clip(-body, 0, 0.04) * at.scale, 1.3)
            tone = (
                0.09 + 0.05 * noise.octaves(u * 9, v * 9, 2) + 0.05 * step(-0.3, 0.3, u - x + v - y)
            )
            canvas.lay(tone[..., None] * face[..., None] * rgb(1, 1, 1.08), inside)
            text = (np.abs((v - y) * 22 % 1 - 0.5) < 0.25) & (
                noise.at(u * 34, np.floor((v - y) * 22) * 3.3) > 0.1
            )
            canvas.glow(WHITE, inside * 0.3 * (text & (body < -0.05)))
            canvas.glow(
                WHITE,
                0.5 * coverage(np.hypot(u - x + wide * 0.75, v - y + tall * 0.7) - 0.025, at.pixel),
            )
        elif kind < 0.8:  # a capacitor from above
            reach = np.hypot(u - x, v - y)
            canvas.shade(
                1 - 0.5 * step(0.1, 0.0, np.hypot(u - x - 0.04, v - y - 0.05) - wide * 0.6)
            )
            can = coverage(reach - wide * 0.6, at.pixel)
            sheen = 0.55 + 0.4 * np.cos(2 * (np.arctan2(v - y, u - x) - canvas.light))
            canvas.lay(
                ramp(
                    np.clip(sheen, 0, 1), pick(rng, "202838 8090a8 f0f4f8", "100c08 504840 b8b0a8")
                ),
                can,
            )
            canvas.shade(1 - 0.6 * can * step(0.04, 0.0, np.abs(reach - wide * 0.5)))
        else:  # a lamp
            reach = np.hypot(u - x, v - y)
            lamp = pick(rng, "ff3020", "30ff60", "40a0ff", "ffc030")[0]
            canvas.glow(lamp, np.clip(np.exp(-reach * 7), 0, 1))
            canvas.glow(WHITE, step(0.08, 0.0, reach))
    return finished(canvas)
