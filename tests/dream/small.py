"""A dreamer on a tiny canvas with a network that sees nothing but colours."""

from typing import Any

import torch

from tests.fakes import TinyNetwork, keyframe, noise
from vjdream.camera import Rates, Viewpoint
from vjdream.dream.canvas import Canvas
from vjdream.dream.dreamer import Dreamer
from vjdream.dream.prior import PatchPrior
from vjdream.exchange import Order, Rewind
from vjdream.frames import Size
from vjdream.parameters import State

SIZE = Size(64, 48)


def dreamer(seed: int = 0, **more: Any) -> Dreamer:
    prior = PatchPrior(torch.eye(192) - 1 / 192, torch.zeros(192), 0.7)  # likes flat patches
    made = Dreamer(TinyNetwork(), prior, Canvas(SIZE, SIZE, torch.device("cpu")), seed, **more)
    made.resume(keyframe(noise(SIZE, seed)))
    return made


def order(
    time: float = 0.0,
    rates: Rates | None = None,
    resets: int = 0,
    rewind: Rewind | None = None,
    **values: object,
) -> Order:
    """What the stage wants at a time; its camera has been travelling since 0."""
    classes = {"class_1": "red", "class_2": "green", "class_3": "blue", "class_4": "dark"}
    moving = rates or Rates()
    return Order(
        State(**{**classes, **values}),  # type: ignore[arg-type]
        Viewpoint().moved(moving.over(time)),
        moving,
        time,
        resets=resets,
        rewind=rewind or Rewind(),
    )
