"""The pictures that teach dreamnet what things look like: one procedural shader per class.

`CLASSES` is the one table. A class keeps its place in it: networks number their logits by it.
All drawings are made by this code from a seed; they are published under CC0-1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import (
    built,
    creatures,
    elements,
    garden,
    geometry,
    heavens,
    materials,
    patterns,
    plants,
    wildlife,
    works,
)
from .canvas import Array

CREATURES = "creatures and their parts"
PLANTS = "plants"
WEATHER = "weather and sky"
SPACE = "space"
MINERALS = "minerals and liquids"
FABRICS = "fabrics"
WORKS = "machines and cities"
GEOMETRY = "geometry, patterns and fractals"

KINDS = {
    CREATURES: ("creature", "animal"),
    PLANTS: ("plant", "garden"),
    WEATHER: ("weather", "heaven"),
    SPACE: ("space", "cosmos", "universe"),
    MINERALS: ("landscape", "liquid", "nature"),
    FABRICS: ("fabric", "cloth", "textile"),
    WORKS: ("building", "technology"),
    GEOMETRY: ("geometry", "pattern", "shape"),
}
"""Words that ask for any class of a family."""


@dataclass(frozen=True, slots=True)
class DrawnClass:
    """One thing that can be drawn, and the words by which it is asked for."""

    slug: str
    name: str
    family: str
    synonyms: tuple[str, ...]
    draw: Callable[[np.random.Generator, int], Array]


def _class(
    name: str, family: str, words: str, draw: Callable[[np.random.Generator, int], Array]
) -> DrawnClass:
    """A class that is called as the function that draws it."""
    return DrawnClass(draw.__name__, name, family, tuple(words.split()), draw)


CLASSES = (
    _class("Eye", CREATURES, "iris pupil gaze", creatures.eye),
    _class("Feather", CREATURES, "plume quill down", creatures.feather),
    _class("Bee", CREATURES, "bumblebee wasp insect", creatures.bee),
    _class("Fish", CREATURES, "fishes shoal goldfish", creatures.fish),
    _class("Jellyfish", CREATURES, "medusa tentacles", creatures.jellyfish),
    _class("Butterfly", CREATURES, "moth wings", creatures.butterfly),
    _class("Tiger", CREATURES, "cat fur big_cat", creatures.tiger),
    _class("Zebra", CREATURES, "stripes horse", creatures.zebra),
    _class("Peacock", CREATURES, "peafowl bird ocelli", creatures.peacock),
    _class("Flower", PLANTS, "blossom daisy petals", plants.flower),
    _class("Leaf", PLANTS, "leaves foliage autumn", plants.leaf),
    _class("Mushroom", PLANTS, "toadstool fungus", plants.mushroom),
    _class("Forest", PLANTS, "trees wood jungle", plants.forest),
    _class("Coral", PLANTS, "reef brain_coral", plants.coral),
    _class("Snowflake", WEATHER, "ice frost snow", plants.snowflake),
    _class("Galaxy", SPACE, "nebula stars milky_way", elements.galaxy),
    _class("Lightning", WEATHER, "thunderstorm bolt thunder", elements.lightning),
    _class("Clouds", WEATHER, "sky cumulus cloud", elements.clouds),
    _class("Volcano", MINERALS, "lava eruption magma", elements.volcano),
    _class("Mountain", MINERALS, "alps peaks summit", elements.mountain),
    _class("Fire", WEATHER, "flames flame blaze", elements.fire),
    _class("Ocean", MINERALS, "waves sea water", elements.ocean),
    _class("Crystal", MINERALS, "gem quartz mineral", elements.crystal),
    _class("City", WORKS, "skyline skyscraper towers", built.city),
    _class("Cathedral", WORKS, "rose_window stained_glass church", built.cathedral),
    _class("Brick", WORKS, "wall bricks masonry", built.brick),
    _class("Gear", WORKS, "cogwheel clockwork machine", built.gear),
    _class("Circuit", WORKS, "circuit_board chip electronics", built.circuit),
    _class("Spiral", GEOMETRY, "shell nautilus vortex", patterns.spiral),
    _class("Honeycomb", GEOMETRY, "honey hexagons hive", patterns.honeycomb),
    _class("Mandala", GEOMETRY, "ornament rosette kaleidoscope", patterns.mandala),
    _class("Fractal", GEOMETRY, "julia_set mandelbrot infinity", patterns.fractal),
    _class("Owl", CREATURES, "owlet eagle_owl barn_owl", wildlife.owl),
    _class("Snake", CREATURES, "serpent python viper scales", wildlife.snake),
    _class("Octopus", CREATURES, "kraken squid suckers", wildlife.octopus),
    _class("Beetle", CREATURES, "ladybird ladybug scarab", wildlife.beetle),
    _class("Leopard", CREATURES, "jaguar panther cheetah", wildlife.leopard),
    _class("Starfish", CREATURES, "sea_star echinoderm", wildlife.starfish),
    _class("Turtle", CREATURES, "tortoise terrapin carapace", wildlife.turtle),
    _class("Skull", CREATURES, "skeleton cranium death bones", wildlife.skull),
    _class("Rose", PLANTS, "roses rosebud peony", garden.rose),
    _class("Sunflower", PLANTS, "sunflowers helianthus seed_head", garden.sunflower),
    _class("Cactus", PLANTS, "cacti saguaro prickly_pear", garden.cactus),
    _class("Fern", PLANTS, "ferns fiddlehead frond", garden.fern),
    _class("Dandelion", PLANTS, "dandelions blowball pappus", garden.dandelion),
    _class("Palm tree", PLANTS, "palms coconut_palm fan_palm", garden.palm),
    _class("Grapes", PLANTS, "grape berries vineyard", garden.grapes),
    _class("Spider web", CREATURES, "web cobweb spider", garden.spiderweb),
    _class("Planet", SPACE, "saturn jupiter globe world", heavens.planet),
    _class("Moon", SPACE, "lunar crater crescent", heavens.moon),
    _class("Eclipse", SPACE, "corona sun solar_eclipse", heavens.eclipse),
    _class("Comet", SPACE, "meteor shooting_star asteroid", heavens.comet),
    _class("Aurora", WEATHER, "northern_lights polar_lights borealis", heavens.aurora),
    _class("Rainbow", WEATHER, "spectrum prism moonbow", heavens.rainbow),
    _class("Tornado", WEATHER, "twister funnel whirlwind cyclone", heavens.tornado),
    _class("Rain", WEATHER, "raindrops drizzle downpour", heavens.rain),
    _class("Agate", MINERALS, "geode onyx malachite", materials.agate),
    _class("Bubbles", MINERALS, "soap_bubbles bubble foam", materials.bubbles),
    _class("Waterfall", MINERALS, "cascade falls cataract", materials.waterfall),
    _class("Dunes", MINERALS, "desert sand sahara", materials.dunes),
    _class("Carpet", FABRICS, "rug kilim tapestry", materials.carpet),
    _class("Knit", FABRICS, "knitting sweater wool yarn", materials.knit),
    _class("Tartan", FABRICS, "plaid kilt flannel", materials.tartan),
    _class("Paint", MINERALS, "marbling ebru ink", materials.paint),
    _class("Clock", WORKS, "watch dial timepiece", works.clock),
    _class("Castle", WORKS, "fortress citadel fort", works.castle),
    _class("Bridge", WORKS, "viaduct aqueduct suspension_bridge", works.bridge),
    _class("Ferris wheel", WORKS, "big_wheel fairground carnival", works.ferris_wheel),
    _class("Robot", WORKS, "android droid automaton", works.robot),
    _class("Piano", WORKS, "keyboard piano_keys organ", works.piano),
    _class("Library", WORKS, "bookshelf books bookcase", works.library),
    _class("Pagoda", WORKS, "temple shrine stupa", works.pagoda),
    _class("Cubes", GEOMETRY, "blocks boxes cube staircase", geometry.cubes),
    _class("Sierpinski triangles", GEOMETRY, "triangles triangle gasket", geometry.sierpinski),
    _class("Maze", GEOMETRY, "labyrinth corridors minotaur", geometry.maze),
    _class("Tunnel", GEOMETRY, "vanishing_point passage wormhole", geometry.tunnel),
    _class("Celtic knot", GEOMETRY, "interlace celtic braid", geometry.knot),
    _class("Mosaic", GEOMETRY, "tesserae tiles inlay", geometry.mosaic),
    _class("Lace", FABRICS, "doily crochet filigree", geometry.lace),
    _class("Spheres", GEOMETRY, "balls marbles mirror_ball", geometry.spheres),
)


def drawing(kind: int, number: int, seed: int, size: int) -> Array:
    """The picture with this number of class `kind`: always the same for the same arguments."""
    rng = np.random.default_rng((seed, kind, number))
    return CLASSES[kind].draw(rng, size)
