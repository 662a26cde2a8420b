"""The pictures that teach dreamnet what things look like: one procedural shader per class.

`CLASSES` is the one table. A class keeps its place in it: networks number their logits by it.
All drawings are made by this code from a seed; they are published under CC0-1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import built, creatures, elements, patterns, plants
from .canvas import Array


@dataclass(frozen=True, slots=True)
class DrawnClass:
    """One thing that can be drawn, and the words by which it is asked for."""

    slug: str
    name: str
    synonyms: tuple[str, ...]
    draw: Callable[[np.random.Generator, int], Array]


CLASSES = (
    DrawnClass("eye", "Eye", ("iris", "pupil", "gaze"), creatures.eye),
    DrawnClass("feather", "Feather", ("plume", "quill", "down"), creatures.feather),
    DrawnClass("bee", "Bee", ("bumblebee", "wasp", "insect"), creatures.bee),
    DrawnClass("fish", "Fish", ("fishes", "shoal", "goldfish"), creatures.fish),
    DrawnClass("jellyfish", "Jellyfish", ("medusa", "tentacles"), creatures.jellyfish),
    DrawnClass("butterfly", "Butterfly", ("moth", "wings"), creatures.butterfly),
    DrawnClass("tiger", "Tiger", ("cat", "fur", "big_cat"), creatures.tiger),
    DrawnClass("zebra", "Zebra", ("stripes", "horse"), creatures.zebra),
    DrawnClass("peacock", "Peacock", ("peafowl", "bird", "ocelli"), creatures.peacock),
    DrawnClass("flower", "Flower", ("blossom", "daisy", "petals"), plants.flower),
    DrawnClass("leaf", "Leaf", ("leaves", "foliage", "autumn"), plants.leaf),
    DrawnClass("mushroom", "Mushroom", ("toadstool", "fungus"), plants.mushroom),
    DrawnClass("forest", "Forest", ("trees", "wood", "jungle"), plants.forest),
    DrawnClass("coral", "Coral", ("reef", "brain_coral"), plants.coral),
    DrawnClass("snowflake", "Snowflake", ("ice", "frost", "snow"), plants.snowflake),
    DrawnClass("galaxy", "Galaxy", ("nebula", "space", "stars", "milky_way"), elements.galaxy),
    DrawnClass("lightning", "Lightning", ("thunderstorm", "bolt", "thunder"), elements.lightning),
    DrawnClass("clouds", "Clouds", ("sky", "cumulus", "cloud"), elements.clouds),
    DrawnClass("volcano", "Volcano", ("lava", "eruption", "magma"), elements.volcano),
    DrawnClass("mountain", "Mountain", ("alps", "peaks", "summit"), elements.mountain),
    DrawnClass("fire", "Fire", ("flames", "flame", "blaze"), elements.fire),
    DrawnClass("ocean", "Ocean", ("waves", "sea", "water"), elements.ocean),
    DrawnClass("crystal", "Crystal", ("gem", "quartz", "mineral"), elements.crystal),
    DrawnClass("city", "City", ("skyline", "skyscraper", "towers"), built.city),
    DrawnClass(
        "cathedral", "Cathedral", ("rose_window", "stained_glass", "church"), built.cathedral
    ),
    DrawnClass("brick", "Brick", ("wall", "bricks", "masonry"), built.brick),
    DrawnClass("gear", "Gear", ("cogwheel", "clockwork", "machine"), built.gear),
    DrawnClass("circuit", "Circuit", ("circuit_board", "chip", "electronics"), built.circuit),
    DrawnClass("spiral", "Spiral", ("shell", "nautilus", "vortex"), patterns.spiral),
    DrawnClass("honeycomb", "Honeycomb", ("honey", "hexagons", "hive"), patterns.honeycomb),
    DrawnClass("mandala", "Mandala", ("ornament", "rosette", "kaleidoscope"), patterns.mandala),
    DrawnClass("fractal", "Fractal", ("julia_set", "mandelbrot", "infinity"), patterns.fractal),
)


def drawing(kind: int, number: int, seed: int, size: int) -> Array:
    """The picture with this number of class `kind`: always the same for the same arguments."""
    rng = np.random.default_rng((seed, kind, number))
    return CLASSES[kind].draw(rng, size)
