"""dreamnet: the small network that ships with vjdream and dreams without a download or a GPU.

It is shaped like VGG (Simonyan and Zisserman 2014): blocks of 3x3 convolutions between halvings,
then one 3x3 convolution (the head) and 1x1 logits, all convolutional, so that the logit map has a
place for each region of the canvas. Departures: halving is by averages, because its gradient
leaves no grid in a dream; borders are replicated, because zeros paint frames; and there are
no normalisation layers: training has them, and folds them into the convolutions at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

MULTIPLY_ADDS_LIMIT = 14_000  # per pixel of the canvas: what a laptop pays for each step


@dataclass(frozen=True, slots=True)
class Description:
    """What must be known of a dreamnet to build it; the rest are weights."""

    classes: int
    blocks: tuple[tuple[int, ...], ...] = ((16,), (28, 28), (64, 64), (128, 128), (256,))
    head: int = 320

    @classmethod
    def from_descriptor(cls, descriptor: Mapping[str, Any]) -> Description:
        """Read the part of a network's descriptor (its JSON file) that concerns the shape."""
        return cls(
            classes=len(descriptor["classes"]),
            blocks=tuple(tuple(int(width) for width in block) for block in descriptor["blocks"]),
            head=int(descriptor["head"]),
        )

    @property
    def layers(self) -> tuple[tuple[str, int], ...]:
        """Name and channels of each layer, in the order of the forward pass."""
        named = [
            (f"block{number}.conv{place}", width)
            for number, block in enumerate(self.blocks, 1)
            for place, width in enumerate(block, 1)
        ]
        return (*named, ("head", self.head), ("logits", self.classes))


def multiply_adds_per_pixel(description: Description) -> float:
    """Multiplications of one forward pass, divided by the pixels of the picture."""
    total, channels, area = 0.0, 3, 1.0
    for block in description.blocks:
        for width in block:
            total += 9 * channels * width * area
            channels = width
        area /= 4
    total += 9 * channels * description.head * area
    return total + description.head * description.classes * area


def convolution(channels: int, width: int) -> nn.Conv2d:
    return nn.Conv2d(channels, width, 3, padding=1, padding_mode="replicate")


class Block(nn.Module):
    """Convolutions at one resolution, named `conv1`, `conv2`, …"""

    def __init__(self, channels: int, widths: Sequence[int]) -> None:
        super().__init__()
        for place, width in enumerate(widths, 1):
            self.add_module(f"conv{place}", convolution(channels, width))
            channels = width


class DreamNet(nn.Module):
    """Picture (n, 3, h, w) in 0..1 to a map of logits, halved once for each block and rounded up.

    The sides are at least 64. Layers are addressed by the names in `description.layers`; their
    activations are the values before the rectifier.
    """

    def __init__(self, description: Description) -> None:
        super().__init__()
        self.description = description
        channels = 3
        for number, widths in enumerate(description.blocks, 1):
            self.add_module(f"block{number}", Block(channels, widths))
            channels = widths[-1]
        self.head = convolution(channels, description.head)
        self.logits = nn.Conv2d(description.head, description.classes, 1)

    @classmethod
    def from_descriptor(cls, descriptor: Mapping[str, Any]) -> DreamNet:
        """Build, without weights, the network that a descriptor (its JSON file) describes."""
        return cls(Description.from_descriptor(descriptor))

    def walk(self, picture: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yield name and activation of each layer, the logits last; the rest is not computed."""
        x = picture - 0.5  # (n, 3, h, w)
        for number in range(1, len(self.description.blocks) + 1):
            for place, layer in self.get_submodule(f"block{number}").named_children():
                x = layer(x)
                yield f"block{number}.{place}", x
                x = functional.relu(x)
            # Odd sides are rounded up; the last average is over what is really there.
            x = functional.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False)
        x = self.head(x)
        yield "head", x
        yield "logits", self.logits(functional.relu(x))  # (n, classes, h/32, w/32) with 5 blocks

    def forward(self, picture: Tensor) -> Tensor:
        *_, (_, logits) = self.walk(picture)
        return logits


def load(weights: Mapping[str, Tensor], description: Description) -> DreamNet:
    """A dreamnet with these weights, ready to dream: no gradients for its own parameters."""
    network = DreamNet(description)
    network.load_state_dict({name: value.float() for name, value in weights.items()}, strict=True)
    network.requires_grad_(False)
    return network.eval().to(memory_format=torch.channels_last)
