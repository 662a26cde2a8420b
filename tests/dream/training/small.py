"""Networks and pictures that are learnt in moments."""

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from vjdream.class_lists import name_classes
from vjdream.dream.dreamnet import Description, DreamNet
from vjdream.dream.training.folder import World
from vjdream.dream.training.trainer import Course, Examples
from vjdream.dream.training.writing import describe, write_two_files
from vjdream.vocabulary import Descriptor

TINY = Description(3, ((4,), (4,)), 8)
COURSE = Course(6, batch=6, rate=1e-2, attack_steps=1, ramp=3)
COLOURS = {"red": (200, 40, 40), "green": (40, 200, 40), "blue": (40, 40, 200)}


def pictures(count: int, side: int = 16, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def examples(each: int = 3, kinds: int = 3) -> Examples:
    """Noise, with a colour for each class."""
    labels = np.repeat(np.arange(kinds), each)
    noise = pictures(len(labels)) // 2
    noise[np.arange(len(labels)), ..., labels % 3] += 100
    return Examples(noise, labels)


def world(each: int = 3) -> World:
    return World(name_classes(list(COLOURS)), examples(each), examples(1), True, ())


def tensors(count: int, side: int = 16, seed: int = 0) -> torch.Tensor:
    """Pictures (n, 3, side, side) in 0..1."""
    return torch.from_numpy(pictures(count, side, seed)).permute(0, 3, 1, 2) / 255


def network(seed: int = 0) -> DreamNet:
    torch.manual_seed(seed)
    return DreamNet(TINY).eval()


def shipped(folder: Path) -> Descriptor:
    """Write a tiny network; it can take the place of the one that ships."""
    path = folder / "tiny.json"
    write_two_files(path, network(), describe(TINY, world().classes, "tiny", "Tiny", "CC0-1.0"))
    return Descriptor.load(path)


def picture_file(path: Path, colour: tuple[int, int, int] = (90, 90, 90), side: int = 40) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(len(path.name)).integers(-20, 20, (side, side, 3))
    content = np.clip(noise + np.array(colour), 0, 255).astype(np.uint8)[..., ::-1]
    path.write_bytes(cv2.imencode(path.suffix, content)[1].tobytes())
    return path


def picture_folder(folder: Path, each: int = 3) -> Path:
    for name, colour in COLOURS.items():
        for number in range(each):
            picture_file(folder / name / f"{number:02d}.png", colour)
    return folder
