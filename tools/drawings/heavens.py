"""Weather, the sky and what is beyond it, from a drop of rain to a ringed planet."""

from __future__ import annotations

import numpy as np

from .canvas import WHITE, Array, Canvas, Place, coverage, pick, ramp, segment, step
from .creatures import several
from .elements import stars
from .finish import finished
from .grounds import PLAIN, SKIES, ground, sky
from .noise import Noise

# Both tables serve all classes here, so that no class is told by its colours.
NIGHTS = (
    "02020a 0c0a2c 281a58",
    "02060c 062838 0c5460",
    "0a0206 380a28 742048",
    "060402 30200c 6c4818",
    "020a04 0a301c 1c6038",
    "101830 30508c 7c9cc8",
    "281430 803c78 e88ca0",
    "30180c b0582c f8c078",
    "1c4038 58988c c8e8c8",
)
DAYS = (
    "6c9cc0 a8cce0 f0f0e0",
    "c8a8e0 f0dce0 fff4e0",
    "d0a868 e8d4a8 fff4d8",
    "e8988c f8c8a8 fff0d0",
    "78b8a0 b8e0c0 f8fce0",
)
HUES = (
    "28140c 8c4420 e0a060 fff0d0",
    "0c1c38 1c60a0 70c0e0 f0fcff",
    "1c0c30 6c34a0 d080d0 ffe0f4",
    "081c14 1c7850 80d090 f0ffd8",
    "300810 b02840 f88878 ffe8d0",
    "2c2408 a08018 f0d860 fffce0",
    "0c2428 20848c 88dcc8 fff4d8",
    "181824 4c5478 a8b0cc fff8f0",
    "34101c c04c80 f8b0a0 fff8c8",
    "101040 4048c8 98a8f8 ffe8c0",
)


def space(canvas: Canvas, day: float = 0.2) -> tuple[Noise, bool]:
    """A starry or hazy sky of any hue, by `day` a bright one; says whether it is dark."""
    rng = canvas.rng
    noise = Noise(rng)
    dark = bool(rng.random() >= day)
    palette = pick(rng, *(NIGHTS if dark else DAYS))
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * canvas.x + np.sin(angle) * canvas.y
    haze = noise.octaves(canvas.x * 1.3, canvas.y * 1.3, 4, 0.55)
    tone = rng.uniform(0.2, 0.6) + rng.uniform(0, 0.35) * slope + rng.uniform(0.1, 0.45) * haze
    canvas.fill(ramp(tone, palette))
    if dark and rng.random() < 0.75:
        stars(canvas, noise, float(rng.uniform(6, 11)), 0.4)
        if rng.random() < 0.6:
            stars(canvas, noise, 17, 0.3)
    return noise, dark


def land(canvas: Canvas, noise: Noise, horizon: float, palette: Array) -> None:
    """Hills, often with spruces, as a dark edge below the sky."""
    rng, x = canvas.rng, canvas.x
    rough = rng.uniform(0.03, 0.2)
    for near in range(int(rng.integers(1, 3))):
        top = horizon + 0.16 * near + rough * noise.octaves(x * 1.7 + 9 * near, 0 * x + 3.3, 4)
        if rng.random() < 0.5:
            wide = rng.uniform(0.06, 0.14)
            column = np.floor(x / wide)
            across = np.abs(x / wide - column - 0.5) * 2
            tall = 0.16 + 0.1 * noise.at(column * 2.3, 0 * x + near)
            # Twigs widen each tree in steps.
            saw = across + 0.3 * np.mod((canvas.y - top) * 14, 1)
            top = top - np.clip(tall * (1.15 - saw), 0, 1)
        tone = 0.05 + 0.3 * noise.octaves(x * 5, canvas.y * 7 + near, 2) * near
        canvas.lay(ramp(tone, palette) * 0.7, coverage(top - canvas.y, canvas.pixel * 1.3))


def globe(
    canvas: Canvas, x: float, y: float, radius: float, turn: float, sun: float, high: float
) -> tuple[Place, Array, Array, Array]:
    """The place of a ball, its distance from the middle, its bulge and how much sun it gets."""
    at = Place(canvas.x, canvas.y, canvas.pixel, 1.0).moved(x, y, radius, turn)
    reach = np.hypot(at.u, at.v)
    bulge = np.sqrt(np.clip(1 - reach**2, 0, 1))
    side = (np.cos(sun) * (canvas.x - x) + np.sin(sun) * (canvas.y - y)) / radius
    lit = np.sqrt(1 - high * high) * side + high * bulge
    return at, reach, bulge, lit


def one_planet(
    canvas: Canvas, noise: Noise, x: float, y: float, radius: float, sun: float, ringed: bool
) -> None:
    rng = canvas.rng
    palette = pick(rng, *HUES)
    other = pick(rng, *HUES)
    high = float(rng.uniform(0.1, 0.75))
    at, reach, bulge, lit = globe(
        canvas, x, y, radius, float(rng.uniform(-np.pi, np.pi)), sun, high
    )
    u, v = at.u, at.v
    shift = float(rng.uniform(0, 40))
    along, up = np.arctan2(u, bulge + 0.15), np.arcsin(np.clip(v, -1, 1))
    kind = rng.random()
    if kind < 0.5:  # bands and storms
        flow = noise.octaves(along * 2.5 + shift, up * 7, 3)
        lane = up * rng.uniform(2.5, 6) + rng.uniform(0.05, 0.35) * flow
        band = noise.octaves(lane + shift, 0.25 * along + shift, 3, 0.6)
        tone = 0.55 + 0.55 * band
        skin = ramp(tone, palette)
        skin += (ramp(tone, other) - skin) * step(0.0, 0.5, noise.at(lane * 0.7, 0 * u + shift))[
            ..., None
        ]
        spot = np.hypot(along - rng.uniform(-0.6, 0.6), 2.2 * (up - rng.uniform(-0.5, 0.5))) / 0.35
        ripple = 0.5 + 0.5 * np.cos(9 * spot + flow)
        skin += (ramp(0.4 + 0.4 * ripple, other) - skin) * step(1.05, 0.85, spot)[..., None]
    elif kind < 0.8:  # seas, land and clouds
        shore = noise.octaves(along * 1.6 + shift, up * 1.6, 5, 0.55)
        dry = step(-0.02, 0.04, shore - rng.uniform(-0.1, 0.2))
        skin = ramp(0.35 + 0.25 * shore, palette)
        skin += (ramp(0.45 + 0.6 * shore, other) - skin) * dry[..., None]
        warp = noise.at(along * 2 + 5, up * 2 + shift)
        cloud = noise.octaves(along * 1.8 + 0.7 * warp, up * 4 - 0.8 * warp + shift, 4, 0.6)
        skin += (palette[3] - skin) * (0.9 * step(0.05, 0.55, cloud))[..., None]
        skin += (palette[3] - skin) * step(1.15, 1.3, np.abs(up) + 0.15 * shore)[..., None]
    else:  # cracked crust
        crust = noise.ridges(along * 2 + shift, up * 2, 3)
        skin = ramp(1.05 - 0.9 * crust, palette)
        skin += other[2] * (step(0.7, 1.0, crust) * 0.8)[..., None]
    light = step(-0.12, 0.75, lit) * 1.1 + rng.uniform(0.03, 0.16)
    skin = skin * (light * (0.55 + 0.5 * bulge))[..., None]
    canvas.glow(palette[2], 0.6 * np.exp(-np.clip(reach - 1, 0, 9) * 9) * step(-0.6, 0.9, lit))
    canvas.lay(np.clip(skin, 0, 1), coverage(reach - 1, at.pixel * 1.3))
    rim = step(0.82, 1.0, reach) * step(1.01, 0.99, reach) * step(0.0, 0.8, lit)
    canvas.glow(palette[3], 0.5 * rim)
    if ringed:
        tilt = rng.uniform(0.1, 0.5)
        round_ = np.hypot(u, v / tilt)
        outer = rng.uniform(1.8, 2.4)
        groove = noise.octaves(round_ * rng.uniform(4, 9), 0 * u + shift, 3, 0.6)
        veil = step(1.22, 1.3, round_) * step(outer, outer - 0.08, round_)
        veil = veil * np.clip(0.75 + 0.8 * groove, 0.05, 1)
        front = (v > 0) | (reach > 1)
        # The ball throws its shadow on the part of the rings behind it.
        aside = (np.cos(sun) * (canvas.y - y) - np.sin(sun) * (canvas.x - x)) / radius
        behind = step(1.03, 0.93, np.abs(aside)) * (lit < 0) * (reach > 0.9)
        tone = ramp(0.7 + 0.4 * groove, other) * (1 - 0.75 * behind)[..., None]
        below = round(0.1 * radius / canvas.pixel)
        canvas.shade(1 - 0.5 * np.roll(veil * front, below, 0) * (reach < 1))
        canvas.lay(tone, veil * front)


def planet(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, _ = space(canvas, 0.25)
    sun = float(rng.uniform(-np.pi, np.pi))
    if rng.random() < 0.35:
        far = 1.3
        canvas.glow(
            pick(rng, *HUES)[3],
            np.exp(-3 * np.hypot(canvas.x - far * np.cos(sun), canvas.y - far * np.sin(sun))),
        )
    kind = rng.random()
    if kind < 0.25:  # the limb of a huge one
        angle, radius = rng.uniform(-np.pi, np.pi), float(rng.uniform(1.1, 1.9))
        away = radius - rng.uniform(-0.1, 0.5)
        x, y = float(away * np.cos(angle)), float(away * np.sin(angle))
        one_planet(canvas, noise, x, y, radius, sun, False)
        small = float(rng.uniform(0.12, 0.3))
        one_planet(canvas, noise, -0.45 * x / away, -0.45 * y / away, small, sun, False)
    elif kind < 0.8:
        ringed = bool(rng.random() < 0.6)
        radius = float(rng.uniform(0.35, 0.6 if ringed else 0.9))
        x, y = (float(v) for v in rng.uniform(-0.3, 0.3, 2))
        one_planet(canvas, noise, x, y, radius, sun, ringed)
        for _ in range(int(rng.integers(0, 3))):
            angle = rng.uniform(0, 2 * np.pi)
            away = radius * 1.25 + 0.2
            one_planet(
                canvas,
                noise,
                x + float(away * np.cos(angle)),
                y + float(away * np.sin(angle)),
                float(radius * rng.uniform(0.12, 0.3)),
                sun,
                False,
            )
    else:
        start = rng.uniform(0, 2 * np.pi)
        for number in range(int(rng.integers(2, 4))):
            angle = start + 2.3 * number
            radius = float(rng.uniform(0.2, 0.42))
            x, y = float(0.58 * np.cos(angle)), float(0.58 * np.sin(angle))
            one_planet(canvas, noise, x, y, radius, sun, bool(rng.random() < 0.4))
    return finished(canvas)


def craters(noise: Noise, u: Array, v: Array, zoom: float, sizes: int = 3) -> tuple[Array, Array]:
    """Heights of bowls with raised rims in several sizes, and the bright dust around them."""
    height = np.zeros_like(u)
    dust = np.zeros_like(u)
    for cells, share in ((1.1, 0.75), (2.4, 0.6), (5.3, 0.7))[:sizes]:
        away, _, name = noise.cells(u * cells * zoom + 3 * cells, v * cells * zoom, 0.75)
        radius = 0.2 + 0.2 * np.mod(name * 7, 1)
        t = away / radius
        bowl = np.where(t < 1, 1.5 * t**4 - 1.1, 0.4 * np.exp(-(t - 1) * 4))
        peak = 0.4 * np.exp(-((t / 0.2) ** 2)) * (name > 0.6)
        there = (name < share) * step(1.9, 1.5, t)
        height += there * (bowl + peak) * radius / (cells * zoom)
        dust += there * step(0.65, 1.0, t) * step(1.7, 1.0, t) * 0.3
    return height, dust


def one_moon(
    canvas: Canvas, noise: Noise, palette: Array, x: float, y: float, radius: float, sun: float
) -> None:
    rng = canvas.rng
    high = float(rng.choice([-0.35, 0.05, 0.4, 0.95, 0.95] if radius < 0.7 else [0.3, 0.6, 0.95]))
    at, reach, bulge, lit = globe(
        canvas, x, y, radius, float(rng.uniform(-np.pi, np.pi)), sun, high
    )
    # Craters near the limb look narrow, as on a ball.
    swell = 1 / (0.35 + 0.65 * bulge)
    u, v = at.u * swell + float(rng.uniform(0, 30)), at.v * swell
    sizes = 3 if radius > 0.45 else 2
    height, dust = craters(noise, u, v, float(rng.uniform(0.9, 1.8)), sizes)
    seas = step(-0.15, 0.35, noise.octaves(u * 1.3, v * 1.3, 3))
    canvas.light = sun
    relief, _ = canvas.relief(height * radius, 1.5)
    tone = 0.78 - 0.42 * seas + dust + 0.12 * noise.at(u * 8, v * 8)
    face = ramp(tone, palette) * np.clip(relief, 0.15, 1.4)[..., None]
    day = step(-0.08, 0.35, lit)
    face = face * (0.06 + 0.94 * day * (0.7 + 0.3 * bulge))[..., None]
    canvas.glow(palette[2], rng.uniform(0.2, 0.6) * np.exp(-np.clip(reach - 1, 0, 9) * 4))
    # By day the dark part of the moon has the colour of the sky.
    share = coverage(reach - 1, at.pixel * 1.3)
    dark = canvas.picture.mean() < 0.45
    canvas.lay(np.clip(face, 0, 1), share * (1.0 if dark else 0.15 + 0.85 * day))


def moon(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    palette = pick(rng, *HUES)
    kind = rng.random()
    if kind < 0.35:  # down among the craters
        noise, dark = space(canvas)
        horizon = float(rng.uniform(-0.6, -0.1)) if rng.random() < 0.5 else -9.0
        if horizon > -1 and dark and rng.random() < 0.6:
            disc = np.hypot(canvas.x - rng.uniform(-0.6, 0.6), canvas.y - horizon + 0.3)
            canvas.lay(pick(rng, *HUES)[2], coverage(disc - rng.uniform(0.08, 0.2), canvas.pixel))
        zoom = float(np.exp(rng.uniform(np.log(0.7), np.log(1.6))))
        if horizon > -1:
            top = horizon + 0.06 * noise.octaves(canvas.x * 3, 0 * canvas.x, 3)
            far = 1.5 / (canvas.y - horizon + 0.6).clip(0.35)
            u, v = canvas.x * far, -2.2 * far
            cover = coverage(top - canvas.y, canvas.pixel * 1.3)
        else:
            angle = rng.uniform(0, 2 * np.pi)
            at = Place(canvas.x, canvas.y, canvas.pixel, 1.0).moved(0, 0, 1, float(angle))
            u, v = at.u, at.v * rng.uniform(1, 1.5)
            cover = np.ones_like(u)
            far = np.ones_like(u)
        height, dust = craters(noise, u, v, zoom)
        rough = noise.octaves(u * 5, v * 5, 2, 0.6)
        canvas.light = float(rng.choice([-2.6, -0.5])) + float(rng.normal(0, 0.3))
        relief, _ = canvas.relief((height + 0.012 * rough / zoom) / far, rng.uniform(1.4, 2.4))
        tone = 0.5 + dust + 0.2 * noise.octaves(u, v, 2) + 0.8 * height * zoom
        canvas.lay(ramp(tone, palette) * np.clip(relief, 0.08, 1.4)[..., None], cover)
        return finished(canvas)
    noise, dark = space(canvas, 0.3)
    sun = float(rng.uniform(-np.pi, np.pi))
    if kind < 0.87:
        x, y = (float(v) for v in rng.uniform(-0.25, 0.25, 2))
        one_moon(canvas, noise, palette, x, y, float(np.exp(rng.uniform(-0.9, 0.25))), sun)
    else:  # the phases side by side
        start = float(rng.uniform(0, 2 * np.pi))
        for number in range(3):
            angle = start + number * 2 * np.pi / 3
            x, y = float(0.52 * np.cos(angle)), float(0.52 * np.sin(angle))
            one_moon(canvas, noise, palette, x, y, float(rng.uniform(0.3, 0.42)), sun)
    if rng.random() < 0.35:  # veils of cloud
        veil = step(0.1, 0.9, noise.octaves(canvas.x * 1.2, canvas.y * 4 + 5, 4))
        canvas.lay(pick(rng, *HUES)[1 if dark else 3], veil * rng.uniform(0.4, 0.8))
    if rng.random() < 0.25:
        land(canvas, noise, float(rng.uniform(0.6, 0.85)), pick(rng, *NIGHTS))
    return finished(canvas)


def eclipse(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, dark = space(canvas, 0.25)
    fire = pick(rng, *HUES)
    corona = fire[3] if rng.random() < 0.5 else pick(rng, *HUES)[2]
    # On a bright sky light cannot be added, so the corona is laid on it in a deep colour.
    glowing = fire[1] if not dark else corona
    kind = rng.random()
    most = 3 if kind < 0.7 else 1
    count, low, high = several(rng, most) if most > 1 else (1, 0.8, 1.25)
    start = rng.uniform(0, 2 * np.pi)
    for number in range(count):
        spread = rng.uniform(0, 0.35) if count == 1 else 0.55
        angle = start + number * 2 * np.pi / count
        at = Place(canvas.x, canvas.y, canvas.pixel, 1.0).moved(
            float(spread * np.cos(angle)),
            float(spread * np.sin(angle)),
            0.6 * min(1.25, float(np.exp(rng.uniform(np.log(low), np.log(high))))),
            float(rng.uniform(-np.pi, np.pi)),
        )
        if kind < 0.7:
            total(canvas, noise, at, corona, glowing, fire)
        elif kind < 0.85:
            prominences(canvas, noise, at, fire)
        else:
            bitten(canvas, noise, at, fire)
    if rng.random() < 0.25:
        land(canvas, noise, float(rng.uniform(0.65, 0.9)), pick(rng, *NIGHTS))
    return finished(canvas)


def streamers(noise: Noise, at: Place, shift: float, fine: float) -> Array:
    """Rays that leave the disc of radius 1 and bend a little, in 0..1."""
    reach = np.hypot(at.u, at.v) + 1e-3
    c, s = at.u / reach, at.v / reach
    bent = 0.25 * noise.at(at.u * 1.2 + shift, at.v * 1.2)
    rays = noise.octaves((c - bent * s) * fine + shift, (s + bent * c) * fine + 0.2 * reach, 4, 0.6)
    return np.clip(0.5 + 0.75 * rays, 0, 1)


def total(
    canvas: Canvas, noise: Noise, at: Place, corona: Array, glowing: Array, fire: Array
) -> None:
    """The moon's dark disc before the sun, with corona, pink rim and diamond ring."""
    rng = canvas.rng
    reach = np.hypot(at.u, at.v)
    out = np.clip(reach - 1, 0, 9)
    shift = float(rng.uniform(0, 40))
    rays = streamers(noise, at, shift, float(rng.uniform(2, 6)))
    # Long plumes stand along one axis, as in years of a quiet sun.
    axis = 1 + rng.uniform(0, 1.2) * (at.u / (reach + 1e-3)) ** 2
    length = (0.12 + 0.75 * rays**2) * axis * rng.uniform(0.6, 1.3)
    amount = np.exp(-out / length) * (0.45 + 0.75 * rays)
    canvas.lay(glowing, np.clip(amount * 1.15, 0, 0.97))
    canvas.glow(corona, np.clip(0.9 * np.exp(-out * 5), 0, 1))
    canvas.glow(WHITE, 0.9 * np.exp(-out * 16))
    disc = pick(rng, *NIGHTS)
    tone = 0.1 + 0.25 * rng.random() + 0.12 * noise.octaves(at.u * 2, at.v * 2, 3)
    canvas.lay(ramp(tone, disc) * 0.75, coverage(reach - 1, at.pixel * 1.3))
    flames = noise.octaves(at.u * 6 + shift, at.v * 6, 2)
    rim = np.exp(-(((reach - 1.015) / 0.03) ** 2)) * step(0.1, 0.5, flames)
    canvas.lay(fire[2], np.clip(rim, 0, 1))
    if rng.random() < 0.65:
        away = np.hypot(at.u - 1, at.v)
        wide = rng.uniform(0.05, 0.14)
        gem = 1.3 * np.exp(-((away / wide) ** 1.3)) + 0.4 * np.exp(-away * 4)
        for turn in np.linspace(0, np.pi, int(rng.integers(2, 5)), endpoint=False):
            across = np.abs(np.cos(turn) * at.v - np.sin(turn) * (at.u - 1))
            gem += 0.8 * np.exp(-across * 28 - away * 2.6)
        ring = 0.8 * np.exp(-np.abs(reach - 1) * 30 - away * 0.8)
        canvas.glow(WHITE * 0.6 + fire[3] * 0.4, np.clip(gem + ring, 0, 1))


def prominences(canvas: Canvas, noise: Noise, at: Place, fire: Array) -> None:
    """The sun itself: grains, spots, arches of fire on its limb, and rays."""
    rng = canvas.rng
    u, v = at.u, at.v
    reach = np.hypot(u, v)
    out = np.clip(reach - 1, 0, 9)
    shift = float(rng.uniform(0, 40))
    rays = streamers(noise, at, shift, float(rng.uniform(3, 8)))
    canvas.lay(fire[1], np.clip(1.1 * np.exp(-out / (0.1 + 0.6 * rays**2)), 0, 0.95))
    count = int(rng.integers(5, 9))
    for angle in np.arange(count) * 2 * np.pi / count + rng.uniform(-0.4, 0.4, count):
        part = at.moved(float(np.cos(angle)), float(np.sin(angle)), 1, float(angle))
        wide, tall = rng.uniform(0.06, 0.2), rng.uniform(0.15, 0.4)
        sway = 0.12 * noise.octaves(part.u * 4 + shift, part.v * 4, 2)
        arch = np.abs(np.hypot((part.u + sway) / tall, (part.v + sway) / wide) - 1)
        within = 0.35 * step(1.0, 0.7, np.hypot(part.u / tall, part.v / wide))
        flame = np.clip(np.exp(-arch * 4.5) + within * sway * 8, 0, 1) * step(-0.2, 0.0, part.u)
        canvas.lay(ramp(flame * 1.1, fire[1:]), np.clip(flame * 1.4 - 0.1, 0, 1))
    bulge = np.sqrt(np.clip(1 - reach**2, 0, 1))
    swell = 1 / (0.4 + 0.6 * bulge)
    grains, second, _ = noise.cells(u * 6 * swell, v * 6 * swell)
    tangle = noise.ridges(u * 2.2 * swell + shift, v * 2.2 * swell, 3)
    tone = 0.25 + 0.6 * tangle + 0.3 * (second - grains) - 0.35 * (1 - bulge)
    spots = step(0.55, 0.8, noise.octaves(u * 4.5 + shift, v * 4.5, 2))
    canvas.lay(ramp(tone - 0.7 * spots, fire), coverage(reach - 1, at.pixel * 1.5))
    canvas.glow(fire[2], 0.5 * np.exp(-np.abs(reach - 1) * 12))


def bitten(canvas: Canvas, noise: Noise, at: Place, fire: Array) -> None:
    """A sun from which the moon has taken a bite, or left only a ring of fire."""
    rng = canvas.rng
    reach = np.hypot(at.u, at.v)
    small = rng.uniform(0.82, 0.97)
    offset = rng.choice([rng.uniform(0, 1 - small), rng.uniform(0.2, 0.8)])
    bite = np.hypot(at.u - offset, at.v) / small
    glow = np.exp(-np.clip(reach - 1, 0, 9) * 2.5) * (0.7 + 0.3 * np.cos(np.arctan2(at.v, -at.u)))
    canvas.lay(fire[2], np.clip(0.75 * glow, 0, 1))
    sun = ramp(1.1 - 0.6 * reach**2 + 0.2 * noise.octaves(at.u * 4, at.v * 4, 3), fire[1:])
    night = pick(rng, *NIGHTS)
    tone = 0.15 + 0.2 * noise.octaves(at.u * 2, at.v * 2, 3)
    canvas.lay(sun * 0.4 + fire[3] * 0.6, coverage(reach - 1, at.pixel * 1.5))
    canvas.lay(ramp(tone, night) * 0.8, coverage((bite - 1) * small, at.pixel * 1.5))
    canvas.glow(fire[2], 0.6 * np.exp(-np.abs(reach - 1) * 14) * step(0.97, 1.03, bite))


def one_comet(canvas: Canvas, noise: Noise, at: Place, hue: Array, other: Array) -> None:
    """A comet at the origin whose tails stream to the right."""
    rng = canvas.rng
    u, v = at.u, at.v
    shift = float(rng.uniform(0, 40))
    bend, open_ = rng.uniform(-0.25, 0.25), rng.uniform(0.18, 0.42)
    behind = np.clip(u + 0.05, 1e-3, 9)
    length = rng.uniform(1.2, 2.4)
    fade = np.exp(-behind / length) * step(-0.06, 0.08, u) * step(length * 1.9, length, behind)
    # The broad tail of dust bends away from the path; threads run along it.
    width = 0.09 + open_ * behind**0.85
    across = (v - 0.1 * bend - bend * behind**1.7) / width
    threads = noise.octaves(across * 2.6 + shift, behind * 0.5 + 0 * v, 4, 0.6)
    body = np.exp(-(across**2) * 1.6) * fade * np.clip(0.75 + 0.8 * threads, 0, 1.6)
    tone = 1.05 - 0.35 * behind - 0.35 * np.abs(across) + 0.2 * threads
    canvas.lay(ramp(tone, hue), np.clip(body * 1.25, 0, 1))
    # The narrow tail of gas is straight and knotted.
    lean = float(-np.sign(bend) * rng.uniform(0.1, 0.25))
    thin = 0.035 + 0.07 * behind
    beside = (v - lean * behind + 0.03 * noise.at(behind * 4, 0 * u + shift)) / thin
    knots = noise.octaves(behind * 2.5 - np.abs(beside) * 0.6 + shift, beside, 3)
    gas = np.exp(-(beside**2)) * fade * np.clip(0.8 + 0.7 * knots, 0, 1.5)
    canvas.lay(ramp(1 - 0.35 * behind, other), np.clip(gas * 1.1, 0, 1))
    reach = np.hypot(u, v)
    # Shells of gas stand before the head.
    shell = np.hypot(u * 0.9 - 0.16, v) / 0.3
    canvas.lay(hue[2], np.clip(0.75 * np.exp(-((shell / 0.8) ** 4)), 0, 1))
    canvas.glow(hue[3], np.clip(1.2 * np.exp(-((reach / 0.15) ** 1.3)), 0, 1))
    canvas.glow(WHITE, 1.2 * np.exp(-((reach / 0.08) ** 2)))


def meteor(canvas: Canvas, noise: Noise, at: Place, hue: Array) -> None:
    """A burning stone at the origin; its flames stream to the right."""
    rng = canvas.rng
    u, v = at.u, at.v
    shift = float(rng.uniform(0, 40))
    reach = np.hypot(u, v)
    behind = np.clip(u + 0.35, 0, 9)
    width = 0.52 + 0.12 * behind
    lick = noise.octaves(u * 1.1 + shift, v * 4 / width, 4, 0.6)
    across = np.abs(v) / width
    front = np.where(u < 0, reach / 0.5, across + 0.3 * behind)
    value = 1.35 - front + 0.6 * lick * np.clip(u + 0.6, 0, 1)
    canvas.lay(ramp(value * 0.9, hue), step(0.05, 0.4, value))
    crags = noise.octaves(u * 3 + shift, v * 3, 3)
    height, _ = craters(noise, u * 1.6 + shift, v * 1.6, 1.3, 2)
    relief, _ = canvas.relief(0.3 * (height + 0.15 * crags) * at.scale, 2.5)
    rock = pick(rng, *HUES)
    stone = ramp(0.45 + 0.35 * crags, rock) * relief[..., None]
    stone = stone + hue[2] * (0.9 * step(0.1, -0.42, u))[..., None]
    canvas.lay(np.clip(stone, 0, 1), coverage(reach - 0.38 - 0.08 * crags, at.pixel * 1.3))


def comet(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, dark = space(canvas, 0.2)
    hue, other = pick(rng, *HUES), pick(rng, *HUES)
    if dark:
        canvas.picture *= rng.uniform(0.55, 1)
    else:  # only deep colours show on a bright sky
        hue, other = hue[[0, 1, 1, 2]], other[[0, 0, 1, 1]]
    whole = Place(canvas.x, canvas.y, canvas.pixel, 1.0)
    course = rng.uniform(-np.pi, np.pi)
    kind = rng.random()
    if kind < 0.5:
        back = rng.uniform(0.2, 0.75)
        at = whole.moved(
            float(-back * np.cos(course)),
            float(-back * np.sin(course)),
            float(rng.uniform(0.65, 1.3)),
            float(course),
        )
        one_comet(canvas, noise, at, hue, other)
    elif kind < 0.75:  # a shower
        count = int(rng.integers(3, 6))
        for number in range(count):
            away = (number + 0.5) / count * 2 - 1 + rng.normal(0, 0.08)
            along = rng.uniform(-0.75, 0.2)
            x = along * np.cos(course) - away * np.sin(course)
            y = along * np.sin(course) + away * np.cos(course)
            scale, turn = float(rng.uniform(0.3, 0.55)), float(course + rng.normal(0, 0.08))
            one_comet(canvas, noise, whole.moved(float(x), float(y), scale, turn), hue, other)
    else:
        count = int(rng.choice([1, 1, 1, 2, 3]))
        for number in range(count):
            away = 0.65 * (number - (count - 1) / 2)
            along = rng.uniform(-0.5, -0.1)
            x = along * np.cos(course) - away * np.sin(course)
            y = along * np.sin(course) + away * np.cos(course)
            scale = float(rng.uniform(0.8, 1.5) if count == 1 else rng.uniform(0.4, 0.6))
            meteor(canvas, noise, whole.moved(float(x), float(y), scale, float(course)), hue)
    if rng.random() < 0.3:
        land(canvas, noise, float(rng.uniform(0.65, 0.85)), pick(rng, *NIGHTS))
    return finished(canvas)


def aurora(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    noise, dark = space(canvas, 0.12)
    if dark:
        canvas.picture *= rng.uniform(0.4, 1)
    x, y = canvas.x, canvas.y
    low, high = pick(rng, *HUES), pick(rng, *HUES)
    # From the bright lower hem to the top, mostly in two hues.
    drape = np.stack([low[2], low[2], 0.5 * (low[2] + high[1]), high[1], high[1]])
    if not dark:
        drape = np.stack([low[2], low[1], low[1], high[1], high[1]])
    zoom = float(np.exp(rng.uniform(np.log(0.6), np.log(1.5))))
    fine = rng.uniform(5, 11) / zoom
    if rng.random() < 0.82:
        lean, fan = rng.uniform(-0.4, 0.4), rng.uniform(0, 0.35)
        for number in range(int(rng.integers(2, 5))):
            # Rays lean apart upwards, as perspective has it.
            across = (x - lean * y) / (1 + fan * y) / zoom + 7.7 * number
            wave = noise.octaves(across * rng.uniform(0.8, 1.6), 0 * x + 2.3 * number, 2, 0.4)
            hem = rng.uniform(-0.15, 0.55) + 0.5 * zoom * wave
            rise = (hem - y) / zoom
            rays = noise.octaves(across * fine, 0.25 * y + 3 * number, 3, 0.6)
            length = np.clip(0.45 + 0.4 * rays + 0.35 * noise.at(across * 2, 0 * x + 9), 0.1, 2)
            above = np.clip(rise, 0, 9)
            sheet = step(-0.05, 0.03, rise + 0.03 * rays) * np.exp(-above / length)
            sheet = sheet * np.clip(0.7 + 0.9 * rays, 0.08, 1.6)
            seam = np.exp(-(((rise - 0.04) / 0.05) ** 2)) * (0.6 + 0.5 * rays)
            colour = ramp(above * rng.uniform(0.8, 1.4), drape)
            shining(canvas, colour, np.clip(sheet + 0.5 * seam, 0, 1), dark)
    else:  # a crown, where the rays meet overhead
        x0, y0 = rng.uniform(-0.5, 0.5), rng.uniform(-1.5, -0.75)
        reach = np.hypot(x - x0, y - y0) / zoom + 1e-3
        c, s = (x - x0) / (zoom * reach), (y - y0) / (zoom * reach)
        for number in range(2):
            rays = noise.octaves(c * fine + 5 * number, s * fine + 0.3 * reach, 3, 0.6)
            hem = 1.3 + 0.5 * number + 0.5 * noise.octaves(c * 1.3 + 4 * number, s * 1.3, 2)
            inside = np.clip(hem - reach, 0, 9)
            sheet = step(-0.25, 0.25, hem - reach + 0.3 * rays) * step(0.0, 0.3, reach)
            sheet = sheet * np.clip(0.75 + 0.9 * rays, 0.05, 1.5) * np.exp(-inside * 1.1)
            shining(canvas, ramp(inside * 1.2, drape), np.clip(sheet, 0, 1), dark)
    ends = rng.random()
    shore = float(rng.uniform(0.45, 0.85))
    if ends < 0.35:  # a lake returns the light
        line = int((shore + 1) / 2 * size)
        rows = np.arange(line, size)
        mirrored = np.clip(2 * line - rows, 0, size - 1)
        sway = (0.02 * size * noise.at(x[line:] * 2, y[line:] * 22)).astype(int)
        columns = np.clip(np.arange(size)[None] + sway, 0, size - 1)
        canvas.picture[line:] = canvas.picture[mirrored[:, None], columns] * 0.75
        edge = np.abs(y - shore) - 0.04 - 0.05 * noise.octaves(x * 4, 0 * x, 3)
        canvas.lay(pick(rng, *NIGHTS)[0], coverage(edge, canvas.pixel * 1.3))
    elif ends < 0.85:
        snow = rng.random() < 0.3
        palette = pick(rng, *HUES)[2:] if snow else pick(rng, *NIGHTS)
        land(canvas, noise, shore, palette)
    return finished(canvas)


def shining(canvas: Canvas, colour: Array, amount: Array, dark: bool) -> None:
    """Light on a dark sky, a stain on a bright one."""
    if dark:
        canvas.lay(colour, amount * 0.55)
        canvas.picture = 1 - (1 - canvas.picture) * (1 - np.clip(amount[..., None] * colour, 0, 1))
    else:
        canvas.lay(colour, amount)


ARCS = (
    "d01828 f07818 f8d828 38b048 1880d8 4038b0 8028a0",
    "ff3048 ff9030 fff050 50e060 30b0ff 5858f0 c050e8",
    "f8a0a8 f8c8a0 f8f0b0 b0e8b8 a8d8f8 b0b0f0 d8a8e8",
    "a83048 c87840 d8c060 689860 487898 484880 684878",
    "f82078 ff6840 ffd838 40e0a0 20c8f0 6060f8 a838e0",
    "800818 a84808 b09010 186828 084880 201868 480858",
)


def rainbow(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    arc = pick(rng, *ARCS)
    # Under a coloured light the order of the hues stays, but they draw together.
    arc += (pick(rng, *HUES)[2] - arc) * float(rng.choice([0.0, 0.0, 0.25, 0.45]))
    kind = rng.random()
    scenic = kind < 0.55
    if scenic:
        noise, palette = sky(canvas, 1.0, *SKIES, *NIGHTS[:6], *DAYS)
    else:
        noise = ground(canvas, *PLAIN, *NIGHTS, *DAYS)
        palette = pick(rng, *SKIES)
    canvas.picture *= rng.uniform(0.6, 1)
    x, y = canvas.x, canvas.y
    # Painted stripes or one soft spectrum.
    striped = rng.random() < 0.4
    strength = rng.uniform(0.9, 1) if striped else rng.uniform(0.6, 0.95)

    def bow(x0: float, y0: float, radius: float, wide: float, share: Array, inverted: bool) -> None:
        reach = np.hypot(x - x0, y - y0)
        t = (radius - reach) / wide
        if inverted:
            t = 1 - t
        bands = np.floor(t * 7) / 6 if striped else t
        soft = 0.02 if striped else rng.uniform(0.05, 0.3)
        inside = step(-soft, soft, t) * step(1 + soft, 1 - soft, t)
        canvas.glow(arc.mean(0), 0.3 * share * step(radius, radius * 0.4, reach) * (not inverted))
        colour = ramp(bands, arc)
        if striped and wide > 20 * canvas.pixel:  # a fine bright seam between the stripes
            seam = step(0.12, 0.02, np.abs(np.mod(t * 7 + 0.5, 1) - 0.5))
            colour = np.clip(colour * (0.85 + 0.3 * seam[..., None]), 0, 1)
        canvas.lay(colour, inside * share)

    mist = np.clip(0.85 + 0.6 * noise.octaves(x * 1.5, y * 1.5 + 4, 3), 0.15, 1) ** (not striped)
    if scenic:
        radius = float(np.exp(rng.uniform(np.log(0.55), np.log(1.5))))
        x0, y0 = float(rng.uniform(-0.5, 0.5)), float(rng.uniform(-0.85, -0.35) + radius)
        wide = float(min(radius, 0.9) * rng.uniform(0.25, 0.5))
        clouded = rng.random() < 0.45
        low = min(y0 + 0.1, 0.6)
        share = strength * mist * (step(0.12, -0.02, y - low) if clouded else 1.0)
        bow(x0, y0, radius, wide, share, False)
        if rng.random() < 0.4:
            outer = radius * 1.3 + 0.3 * wide
            bow(x0, y0, float(outer), float(wide * 0.8), 0.6 * share, True)
        if clouded:  # clouds bear its feet
            feet = np.zeros_like(x)
            chord = np.sqrt(max((radius - wide / 2) ** 2 - (low - y0) ** 2, 0.02))
            for side in (-1, 1):
                for _ in range(9):
                    px = x0 + side * chord + rng.normal(0, 0.17)
                    py = low + rng.normal(0, 0.07)
                    size_ = rng.uniform(0.1, 0.25)
                    puff = 1 - ((x - px) ** 2 + (y - py) ** 2) / size_**2
                    feet = np.maximum(feet, size_ * np.sqrt(np.clip(puff, 0, 1)))
            canvas.light = float(rng.uniform(-2.2, -0.9))
            diffuse, _ = canvas.relief(feet * 0.9)
            white = pick(rng, *HUES)[3]
            canvas.lay(
                np.clip(white * diffuse[..., None], 0, 1),
                step(0.0, 0.06, feet + 0.02 * mist - 0.02),
            )
        elif rng.random() < 0.35:
            land(canvas, noise, float(rng.uniform(0.3, 0.6)), pick(rng, *NIGHTS, *HUES))
        else:
            fields = pick(rng, *HUES) * rng.uniform(0.5, 1)
            for near in range(3):
                top = rng.uniform(0.3, 0.5) + 0.2 * near
                top = top + 0.1 * noise.octaves(x * 1.3 + 8 * near, 0 * x + near, 3)
                rows = noise.octaves(x * 3, (y - top) * 9 + near, 3)
                tone = 0.25 + 0.2 * near + 0.3 * rows
                canvas.lay(ramp(tone, fields[:3]), coverage(top - y, canvas.pixel * 1.3))
    elif kind < 0.8:  # close: one band through the whole frame
        angle = rng.uniform(0, 2 * np.pi)
        radius = float(rng.uniform(1.2, 2.6))
        away = radius - rng.uniform(0.2, 0.6)
        wide = float(rng.uniform(0.35, 0.85))
        x0, y0 = float(away * np.cos(angle)), float(away * np.sin(angle))
        bow(x0, y0, radius, wide, strength * mist, False)
        if rng.random() < 0.5:
            bow(x0, y0, radius + wide * 1.3, wide * 0.7, 0.7 * strength * mist, True)
    else:  # several bows, or whole rings
        count = int(rng.integers(2, 6))
        for px, py in rng.uniform(-0.8, 0.8, (count, 2)):
            radius = float(rng.uniform(0.35, 0.8))
            whole = rng.random() < 0.15
            upper = 1.0 if whole else step(0.04, -0.04, y - py)
            share = strength * mist * upper
            bow(float(px), float(py), radius, float(radius * rng.uniform(0.35, 0.6)), share, False)
    if scenic and rng.random() < 0.3:  # sunlit rain before it
        lean = rng.uniform(-0.4, 0.4)
        streaks = step(0.35, 0.9, noise.at((x + lean * y) * 30, y * 2))
        canvas.glow(palette[-1], 0.35 * streaks)
    return finished(canvas)


def one_tornado(
    canvas: Canvas, noise: Noise, at: Place, foot: float, palette: Array, dust: Array
) -> None:
    """A funnel that hangs from v = -1 down to `foot`."""
    rng = canvas.rng
    u, v = at.u, at.v
    shift = float(rng.uniform(0, 40))
    t = np.clip((v + 1) / (foot + 1), 0, 1)
    # Rope, cone, wedge and trunk differ in how the width falls.
    top, tip, power = (
        (0.16, 0.05, 1.0),
        (0.55, 0.05, 1.3),
        (0.75, 0.3, 1.0),
        (0.6, 0.1, 2.5),
    )[int(rng.integers(4))]
    width = tip + top * (1 - t) ** power + 0.4 * np.exp(-t * 8)
    sway = rng.uniform(0.05, 0.32)
    phase, turns = rng.uniform(0, 2 * np.pi), rng.uniform(2, 5)
    middle = sway * t * np.sin(turns * t + phase) + 0.05 * noise.at(t * 5, 0 * u + shift)
    s = (u - middle) / width
    bulge = np.sqrt(np.clip(1 - s * s, 0, 1))
    turn = np.arcsin(np.clip(s, -1, 1))
    # Threads wind round the funnel: they sag in its middle and run slantwise.
    slant = float(rng.uniform(0.2, 0.6) * rng.choice([-1, 1]))
    wound = v * rng.uniform(3, 6) + (0.9 * bulge + slant * turn) * (0.3 + width * 2)
    threads = noise.octaves(turn * 0.7 + shift, wound * 2, 3, 0.65)
    ribs = 0.5 + 0.5 * np.sin(wound * 5 + 4 * threads)
    sun = np.cos(canvas.light)
    tone = (
        rng.uniform(0.12, 0.45) + 0.3 * sun * s + 0.25 * bulge + 0.5 * threads + 0.25 * (ribs - 0.5)
    )
    ragged = np.abs(s) + 0.3 * threads
    cover = step(1.05, 0.75, ragged) * step(foot + 0.06, foot - 0.04, v)
    canvas.lay(ramp(tone, palette), cover * np.clip(0.97 - 0.2 * t, 0, 1))
    # What it tears from the ground whirls around the foot.
    x0 = float(sway * np.sin(turns + phase))
    wide = rng.uniform(0.35, 0.7) + tip
    du, dv = (u - x0) / wide, (v - foot) / (0.55 * wide)
    reach = np.hypot(du, dv)
    puffs = noise.octaves(du * 2 + shift, dv * 2 + 0.6 * du * slant, 4, 0.6)
    cloud = step(0.15, 0.6, 1 - reach + 0.55 * puffs) * step(0.5, 0.1, dv + 0.3 * puffs)
    diffuse, _ = canvas.relief(np.clip(puffs + 1 - reach, 0, 2) * 0.2 * at.scale, 1.5)
    spray = ramp(0.55 + 0.4 * puffs, dust) * diffuse[..., None]
    canvas.lay(np.clip(spray, 0, 1), cloud * 0.92)
    # Splinters: scraps of a noise of short dashes.
    scraps = noise.at(u * 16 + 9 * slant * v + shift, v * 24 - 9 * slant * u)
    near = step(1.7, 0.5, np.hypot(du * 0.8, dv * 0.45)) * (dv < 0.3)
    canvas.lay(
        dust[int(rng.choice([0, 3]))], step(0.62, 0.75, scraps * (0.55 + 0.45 * near)) * near
    )


def tornado(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    x, y = canvas.x, canvas.y
    noise, palette = sky(canvas, 1.0, *SKIES, *DAYS, *NIGHTS)
    canvas.picture *= rng.uniform(0.35, 1)
    dust, cloud = pick(rng, *HUES), pick(rng, *HUES)
    funnel = cloud if rng.random() < 0.7 else pick(rng, *HUES)
    ceiling = rng.uniform(-0.75, -0.4)
    horizon = rng.uniform(0.5, 0.85)
    # Flat below the horizon: a field or the sea.
    sea = rng.random() < 0.35
    down = np.clip(y - horizon, 1e-3, 2)
    far = 0.5 / (down + 0.15)
    if sea:
        swell = noise.ridges(x * far * 2.5, far * 7, 3)
        surface = ramp(1.1 * swell - 0.15, dust)
    else:
        furrows = noise.octaves(x * far * 2, far * 5, 4, 0.6)
        surface = ramp(0.35 + 0.35 * furrows, dust) * rng.uniform(0.5, 1)
    canvas.lay(surface, coverage(horizon - y, canvas.pixel))
    whole = Place(x, y, canvas.pixel, 1.0)
    count = int(rng.choice([1, 1, 1, 2, 3]))
    for number in range(count):
        spread = (number - (count - 1) / 2) * 1.3 / count
        scale = float(rng.uniform(0.85, 1.6) if count == 1 else rng.uniform(0.6, 0.95))
        v0 = float(ceiling + scale - 0.12)
        at = whole.moved(
            float(spread + rng.uniform(-0.25, 0.25) / count),
            v0,
            scale,
            float(rng.uniform(-0.12, 0.12)),
        )
        foot = float((horizon + rng.uniform(0, 0.12) - v0) / scale)
        one_tornado(canvas, noise, at, foot, funnel, dust)
    # The cloud it hangs from covers its upper end.
    billow = noise.octaves(x * 1.4, y * 3.2 + 11, 3, 0.5)
    cover = step(-0.08, 0.14, ceiling - y + 0.22 * billow)
    diffuse, _ = canvas.relief(billow * 0.13, 1.0)
    tone = rng.uniform(0.1, 0.6) + 0.35 * billow
    canvas.lay(np.clip(ramp(tone, cloud) * diffuse[..., None], 0, 1), cover * 0.95)
    canvas.glow(palette[-1], 0.25 * step(0.25, 0.0, np.abs(y - horizon)) * (y < horizon))
    return finished(canvas)


def refracted(
    canvas: Canvas, height: Array, amount: float, scene: Array, hold: float = 1.0
) -> Array:
    """The scene as seen through (or mirrored by) a surface with these heights.

    With a small `hold`, every part of the surface shows the middle of the scene.
    """
    dy, dx = np.gradient(height, canvas.pixel)
    size = canvas.size
    rows = (hold * canvas.y - amount * dy + 1) * size / 2
    columns = (hold * canvas.x - amount * dx + 1) * size / 2
    seen: Array = scene[
        np.clip(rows, 0, size - 1).astype(int), np.clip(columns, 0, size - 1).astype(int)
    ]
    return seen


def rings(noise: Noise, u: Array, v: Array) -> tuple[Array, Array]:
    """Heights of rings that spread from where drops fell, and the splash in their middle."""
    height, splash = np.zeros_like(u), np.zeros_like(u)
    for shift, cells in ((0.0, 0.8), (13.0, 1.3)):
        away, _, name = noise.cells(u * cells + shift, v * cells, 0.6)
        radius = 0.15 + 0.4 * np.mod(name * 5, 1)
        wave = np.cos((away - radius) * 30) * np.exp(-(((away - radius + 0.06) / 0.11) ** 2))
        height += wave * step(0.62, 0.5, away) / cells
        splash = np.maximum(splash, step(0.1, 0.02, away) * (radius < 0.3))
    return height, splash


def rain(rng: np.random.Generator, size: int) -> Array:
    canvas = Canvas(rng, size)
    x, y = canvas.x, canvas.y
    noise = ground(canvas, *PLAIN, *NIGHTS, *DAYS, *SKIES)
    lamps = pick(rng, *HUES)
    for _ in range(int(rng.integers(2, 9))):  # lamps or lit windows behind
        px, py = rng.uniform(-1, 1, 2)
        radius = rng.uniform(0.08, 0.3)
        disc = step(radius, radius * 0.75, np.hypot(x - px, y - py))
        canvas.glow(lamps[int(rng.integers(1, 4))], disc * rng.uniform(0.3, 0.8))
    kind = rng.random()
    if kind < 0.45:
        pane(canvas, noise)
    elif kind < 0.8:
        downpour(canvas, noise, lamps)
    else:  # rings from straight above
        zoom = float(np.exp(rng.uniform(np.log(0.8), np.log(2))))
        height, splash = rings(noise, x * zoom + 5, y * zoom * rng.uniform(1, 1.6))
        scene = canvas.picture.copy()
        diffuse, shine = canvas.relief(height * 0.03 / zoom, float(rng.uniform(1, 2)))
        canvas.fill(refracted(canvas, height * 0.03, 1.5, scene))
        canvas.shade(diffuse)
        canvas.glow(lamps[3], np.clip(0.6 * shine * step(0.05, 0.2, np.abs(height)) + splash, 0, 1))
    return finished(canvas)


def pane(canvas: Canvas, noise: Noise) -> None:
    """Drops on a window, each a lens that shows the world upside down, and some running down."""
    rng, x, y = canvas.rng, canvas.x, canvas.y
    # Bright sky above and dark ground below: the drops turn it over.
    canvas.shade(1.3 - rng.uniform(0.3, 0.6) * step(-0.5, 0.5, y))
    scene = canvas.picture.copy()
    zoom = float(np.exp(rng.uniform(np.log(0.6), np.log(1.6))))
    height = np.zeros_like(x)
    wobble = 0.05 * noise.at(x * 5, y * 5)
    for cells, share in ((1.3, 0.6), (3.1, 0.55), (6.0, 0.4)):
        scale = cells * zoom
        away, _, name = noise.cells(x * scale + 7 * cells, y * scale * 0.85, 0.6)
        radius = (0.24 + 0.18 * np.mod(name * 9, 1)) * (name < share) + 1e-3
        height = np.maximum(height, (radius - (away + wobble) ** 2 / radius) / scale)
    for _ in range(int(rng.integers(0, 5))):  # running drops leave a trail
        px, end = rng.uniform(-0.9, 0.9), rng.uniform(-0.5, 0.9)
        head = rng.uniform(0.08, 0.15) / zoom**0.5
        path = x - px - 0.09 * noise.at(y * 2.5 + 3, 0 * y + 20 * px)
        beads = head * (0.45 + 0.25 * noise.at(y * 9, 0 * y + 9 * px))
        trail = (beads - path**2 / beads) * (y < end)
        drop = head - (path**2 + ((y - end) * np.where(y < end, 0.45, 1)) ** 2) / head
        track = step(head * 1.3, head * 0.9, np.abs(path)) * step(end, end - 0.1, y)
        height = np.maximum(height * (1 - track), np.maximum(trail, drop))
    cover = step(0.0, 0.03, height)
    dome = np.clip(height, 0, 1)
    lens = refracted(canvas, dome, -float(rng.uniform(0.4, 0.7)), scene, 0.4)
    diffuse, shine = canvas.relief(dome, 0.8)
    # A thin dark rim, a shadow below, and a glint.
    canvas.shade(1 - 0.45 * np.roll(cover, round(0.04 / canvas.pixel), 0) * (1 - cover))
    rim = 0.6 + 0.4 * step(0.0, 0.08, height)
    bright = rng.uniform(0.95, 1.4)
    lens = lens * (bright * rim * (0.55 + 0.45 * diffuse))[..., None]
    canvas.lay(np.clip(lens + 0.06, 0, 1), cover)
    canvas.glow(WHITE, cover * np.clip(1.5 * shine - 0.3, 0, 1))


def downpour(canvas: Canvas, noise: Noise, lamps: Array) -> None:
    """Slanting streaks before a wet ground on which every drop throws rings and a crown."""
    rng, x, y = canvas.rng, canvas.x, canvas.y
    horizon = rng.uniform(-0.3, 0.55)
    down = np.clip(y - horizon, 1e-3, 2)
    far = 1 / (down + 0.55)
    height, splash = rings(noise, x * far * 1.6 + 3, -far * 4.5)
    height *= step(0.0, 0.35, down)
    scene = canvas.picture.copy()
    mirrored = refracted(canvas, height, 0.03, scene[::-1])
    diffuse, shine = canvas.relief(height * 0.035 / far, 1.2)
    wet = np.clip(mirrored * (rng.uniform(0.55, 0.9) * diffuse)[..., None], 0, 1)
    cover = step(horizon - 0.02, horizon + 0.06, y)
    canvas.lay(wet, cover)
    bright = np.clip(
        0.9 * np.clip(height, 0, 1) * (diffuse > 1) + 0.5 * shine * np.abs(height), 0, 1
    )
    canvas.glow(lamps[3], cover * bright)
    canvas.glow(WHITE, cover * splash * 0.7)
    for _ in range(int(rng.integers(4, 11))):  # crowns of water
        py = rng.uniform(max(horizon, -0.1) + 0.1, 0.95)
        px, tall = rng.uniform(-0.9, 0.9), 0.08 + 0.16 * (py - horizon)
        for lean in (-0.8, -0.3, 0.3, 0.8):
            tip = (float(px + lean * tall), float(py - tall * (1 - 0.5 * abs(lean))))
            away, along = segment(x, y, (float(px + 0.3 * lean * tall), float(py)), tip)
            canvas.glow(lamps[3], 0.85 * coverage(away - 0.016 * (1.2 - along), canvas.pixel * 1.5))
    lean = rng.uniform(-0.5, 0.5)
    deep = rng.random() < 0.25
    for layer in range(3):
        across = (x + lean * y) * (9 + 9 * layer) / 1.5
        column = np.floor(across)
        start = 9 * noise.at(column * 1.7, 0 * x + 4 * layer)
        along = np.mod(y * (1 + 0.4 * layer) * 0.9 + start, 1.0)
        there = noise.at(column * 3.1, np.floor(y * 0.9 * (1 + 0.4 * layer) + start)) > -0.25
        thread = np.abs(across - column - 0.5)
        streak = step(0.2, 0.05, thread) * step(0.1, 0.5, along) * step(0.62, 0.55, along) * there
        share = streak * (0.75 - 0.15 * layer)
        canvas.lay(lamps[0] if deep else lamps[3], share)
