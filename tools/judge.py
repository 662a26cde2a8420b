"""The judge: a second network that says what a dream shows, and that nothing is dreamt with.

A network's opinion of its own dreams is worth nothing: ascent raises it whether or not there is
anything to see. The judge knows the same classes from other drawings and is built differently from
dreamnet: strided convolutions, residual blocks, batch normalisation, SiLU, mean and maximum over
all of a crop and a hidden layer behind them, so that it has no map of logits. It ships with the
tools only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

JUDGE = Path(__file__).parent / "data" / "judge.safetensors"
FORMAT = 1

SIDES = (64, 80, 96)
"""Of the crops in pixels: what the judge has been trained on."""

LINES = (180, 210, 240, 270)
"""Heights to which a picture is scaled before it is cropped: forms may be of several sizes."""

CROPS = 32

Probabilities = NDArray[np.float64]
"""One for each class; their sum is 1."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture, in fractions of its sides."""

    top: float = 0.0
    bottom: float = 1.0
    left: float = 0.0
    right: float = 1.0


WHOLE = Region()
TOP, BOTTOM = Region(bottom=0.46), Region(top=0.54)
"""The halves of the usual split, without the middle of its soft border."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What must be known of a judge to build it; the rest are weights."""

    classes: int
    stem: int = 32
    widths: tuple[int, ...] = (64, 128, 192)
    hidden: int = 256


class Residual(nn.Module):
    """Two 3×3 convolutions whose result is added to what came in (He et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        inner = functional.silu(self.norm1(self.conv1(x)))
        return functional.silu(x + self.norm2(self.conv2(inner)))


class JudgeNet(nn.Module):
    """Crops (n, 3, h, w) in 0..1, of 64 to 96 pixels, to logits (n, classes)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        stages: list[nn.Module] = [
            nn.Conv2d(3, shape.stem, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(shape.stem),
            nn.SiLU(),
        ]
        before = shape.stem
        for width in shape.widths:
            stages += [
                nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.SiLU(),
                Residual(width),
            ]
            before = width
        self.stages = nn.Sequential(*stages)
        self.hidden = nn.Linear(2 * before, shape.hidden, bias=False)
        self.norm = nn.BatchNorm1d(shape.hidden)
        self.logits = nn.Linear(shape.hidden, shape.classes)

    def forward(self, crops: Tensor) -> Tensor:
        features = self.stages(crops - 0.5)  # (n, widths[-1], h/16, w/16)
        pooled = torch.cat([features.mean((2, 3)), features.amax((2, 3))], dim=1)
        return self.logits(functional.silu(self.norm(self.hidden(pooled))))


class Judge:
    """Says how likely each class is in a picture or in a region of it.

    Args:
        slugs: the classes in the order of the logits.
        about: how it was trained and how well it tells drawings.
    """

    def __init__(
        self, network: JudgeNet, slugs: Sequence[str], about: dict[str, Any] | None = None
    ) -> None:
        if network.shape.classes != len(slugs):
            raise ValueError(
                f"a judge with {network.shape.classes} logits needs as many names, got {len(slugs)}"
            )
        network.requires_grad_(False)
        self.network = network.eval().to(memory_format=torch.channels_last)
        self.slugs, self.about = tuple(slugs), dict(about or {})
        self._places = {slug: place for place, slug in enumerate(self.slugs)}

    @classmethod
    def load(cls, path: Path = JUDGE) -> Self:
        """Read weights and the JSON beside them.

        Raises:
            FileNotFoundError: when there is none yet; the sentence says how to train one.
        """
        if not path.is_file():
            raise FileNotFoundError(
                f"{path} does not exist - type: python tools/train_judge.py --cache CACHE"
            )
        told = json.loads(path.with_suffix(".json").read_text())
        if told["judge"] != FORMAT:
            raise ValueError(f"{path.name} has format {told['judge']}, this reads {FORMAT}")
        shape = {**told["shape"], "widths": tuple(told["shape"]["widths"])}
        network = JudgeNet(Shape(len(told["classes"]), **shape))
        network.load_state_dict({name: w.float() for name, w in load_file(path).items()})
        return cls(network, told["classes"], told["about"])

    def save(self, path: Path) -> None:
        """Write weights, convolutions as float16, and the JSON beside them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        shape = asdict(self.network.shape)
        del shape["classes"]
        told = {
            "judge": FORMAT,
            "architecture": "strided residual network, batch norm, SiLU, hidden layer",
            "shape": shape,
            "sides": SIDES,
            "about": self.about,
            "licence": "CC0-1.0",
            "classes": self.slugs,
        }
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(told, indent=1) + "\n")
        partial.rename(path.with_suffix(".json"))
        weights = {
            name: (w.half() if name.endswith(("conv1.weight", "conv2.weight")) else w).contiguous()
            for name, w in self.network.state_dict().items()
            if not name.endswith("num_batches_tracked")
        }
        save_file(weights, partial)
        partial.rename(path)

    def knows(self, slug: str) -> bool:
        return slug in self._places

    def place(self, slug: str) -> int:
        """The number of a class.

        Raises:
            KeyError: for one that the judge has not been trained on.
        """
        return self._places[slug]

    @torch.no_grad()
    def probabilities(
        self, picture: NDArray[np.uint8], region: Region = WHOLE, seed: int = 0
    ) -> Probabilities:
        """Mean softmax over random crops that lie inside the region; the same seed, the same crops.

        Args:
            picture: uint8 (h, w, 3 or 4), BGR or BGRX as frames have it.
        """
        total = np.zeros(len(self.slugs))
        for crops in _crops(picture, region, seed):
            logits = self.network(crops)
            total += logits.softmax(1).sum(0).double().numpy()
        return total / total.sum()

    def rank(self, probabilities: Probabilities, slug: str) -> int:
        """The place of a class among all, from 1; classes that are as likely count as before it."""
        own = probabilities[self.place(slug)]
        return int((probabilities >= own).sum())

    def preference(
        self, picture: NDArray[np.uint8], region: Region, first: str, second: str
    ) -> float:
        """How much more likely one class is than another there: P(first) - P(second), -1..1."""
        found = self.probabilities(picture, region)
        return float(found[self.place(first)] - found[self.place(second)])


def _crops(picture: NDArray[np.uint8], region: Region, seed: int) -> Iterator[Tensor]:
    """Batches (n, 3, side, side) in 0..1, one for each side; `CROPS` crops in all."""
    dice = np.random.default_rng(seed)
    scaled = [_scaled(picture, region, lines) for lines in LINES]
    for side, count in zip(SIDES, _shares(CROPS, len(SIDES)), strict=True):
        cut = []
        for number in range(count):
            source = scaled[number % len(scaled)]
            fitting = _at_least(source, side)
            top = int(dice.integers(0, fitting.shape[0] - side + 1))
            left = int(dice.integers(0, fitting.shape[1] - side + 1))
            cut.append(fitting[top : top + side, left : left + side, 2::-1])  # BGR to RGB
        batch = torch.from_numpy(np.stack(cut)).permute(0, 3, 1, 2).float() / 255
        yield batch.to(memory_format=torch.channels_last)


def _shares(count: int, parts: int) -> list[int]:
    return [count // parts + (place < count % parts) for place in range(parts)]


def _scaled(picture: NDArray[np.uint8], region: Region, lines: int) -> NDArray[np.uint8]:
    """The region of a picture, as large as it is when the whole picture has so many lines."""
    height, width = picture.shape[:2]
    top, bottom = round(region.top * height), round(region.bottom * height)
    left, right = round(region.left * width), round(region.right * width)
    part = np.ascontiguousarray(picture[top:bottom, left:right, :3])
    return _resized(part, lines / height)


def _at_least(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A region smaller than a crop is enlarged until one fits."""
    shorter = min(picture.shape[:2])
    return picture if shorter >= side else _resized(picture, side / shorter)


def _resized(picture: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)
