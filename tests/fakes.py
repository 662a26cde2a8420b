"""Stand-ins that are small enough to know by heart: a network, words, pictures, a sender."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from vjdream.camera import Viewpoint
from vjdream.class_lists import NamedClass
from vjdream.frames import Keyframe, Picture, Size, published_size
from vjdream.messages import Argument
from vjdream.vocabulary import Layer, Vocabulary

POOL = 16

CLASSES = (
    NamedClass("red", "Red", ("crimson", "blood")),
    NamedClass("green", "Green", ("grass",)),
    NamedClass("blue", "Blue", ("deep sea",)),
    NamedClass("dark", "Darkness", ("night",)),
    NamedClass("sunflower", "Sunflower", ("helianthus",)),
    NamedClass("sun_dog", "Sun dog", ("parhelion",)),
)

LAYERS = (Layer("colours", 3), Layer("logits", 6))


def vocabulary() -> Vocabulary:
    """Six classes; the first three are the colours that `TinyNetwork` sees."""
    return Vocabulary(CLASSES, LAYERS)


@dataclass(frozen=True)
class TinyNetwork:
    """Its logits are averages of 16×16 pixels: red, green, blue, minus their mean, and zeros.

    Before them it has one layer, ``colours``: the picture itself.
    """

    vocabulary: Vocabulary = field(default_factory=vocabulary)
    border: int = 0

    def activation(self, picture: Tensor, layer: str) -> Tensor:
        return picture if layer == "colours" else self.logits(picture)

    def logits(self, picture: Tensor) -> Tensor:  # (1, 3, h, w) -> (1, 6, h / 16, w / 16)
        colours = functional.avg_pool2d(picture, POOL)
        dark = -colours.mean(dim=1, keepdim=True)
        return torch.cat([colours, dark, torch.zeros_like(colours[:, :2])], dim=1)


@dataclass
class Recorder:
    """Takes the place of a socket's `send`."""

    sent: list[tuple[str, Argument, tuple[str, int]]] = field(default_factory=list)

    def __call__(self, address: str, argument: Argument, receiver: tuple[str, int]) -> None:
        self.sent.append((address, argument, receiver))

    def to(self, receiver: tuple[str, int]) -> list[tuple[str, Argument]]:
        return [(address, argument) for address, argument, to in self.sent if to == receiver]


def plain(size: Size, *bgr: int) -> Picture:
    """A published picture of one colour for an output of `size`."""
    width, height = published_size(size)
    picture = np.full((height, width, 4), 255, np.uint8)
    picture[..., :3] = bgr if len(bgr) == 3 else bgr * 3
    return picture


def noise(size: Size, seed: int, mean: float = 128, deviation: float = 25) -> Picture:
    """A published picture of grey noise, white above the size of a pixel or two."""
    width, height = published_size(size)
    dice = np.random.default_rng(seed)
    picture = np.full((height, width, 4), 255, np.uint8)
    levels = np.clip(dice.normal(mean, deviation, (height, width, 1)), 0, 255)
    picture[..., :3] = levels.astype(np.uint8)
    return picture


def keyframe(
    picture: Picture, sequence: int = 0, time: float = 0.0, viewpoint: Viewpoint | None = None
) -> Keyframe:
    return Keyframe(picture, viewpoint or Viewpoint(), sequence, time)
