"""Shows played in lockstep, as a live show on a slow machine would be: for tools that measure.

All of the engine is the real one: messages, glide, camera, dreamer, presenter, grade and limiter.
Only the clock is ours, and with it how many ascent steps a second of show time allows.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from vjdream import network_file, vocabulary
from vjdream.camera import Viewpoint
from vjdream.dream.canvas import Canvas
from vjdream.dream.dreamer import Dreamer
from vjdream.dream.networks import TorchNetwork, load_network, place
from vjdream.dream.prior import PatchPrior
from vjdream.exchange import Order
from vjdream.frames import Keyframe, Picture, Size, published_size
from vjdream.messages import Message
from vjdream.opening import begin
from vjdream.performance import Performance
from vjdream.settings import Settings

CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Shown:
    """One frame of a rehearsal."""

    picture: Picture  # a copy
    time: float  # seconds of show time
    viewpoint: Viewpoint


@dataclass(frozen=True, slots=True)
class Company:
    """What all rehearsals of one network share."""

    network: TorchNetwork
    prior: PatchPrior

    @classmethod
    def gather(cls, settings: Settings) -> Company:
        return cls(place(load_network(settings), settings, CPU), PatchPrior.load())


class Rehearsal:
    """One show from a picture on.

    Args:
        rate: ascent steps per second of show time that the machine affords.
    """

    def __init__(self, company: Company, settings: Settings, first: Keyframe, rate: float) -> None:
        opening = dataclasses.replace(begin(settings), keyframe=first)
        self.performance = Performance(settings, opening)
        canvas = Canvas(settings.canvas_size, settings.size, CPU, settings.seed)
        self._dreamer = Dreamer(company.network, company.prior, canvas, settings.seed)
        self._dreamer.resume(first)
        self._settings, self._rate = settings, rate
        self._buffer = np.zeros((settings.size.height, settings.size.width, 4), np.uint8)
        self._number = 0
        self._order: Order | None = None  # of the keyframe that is being painted
        self._due = 0.0

    @property
    def time(self) -> float:
        """Of the next frame, in seconds of show time."""
        return float(self._number / self._settings.fps)

    def send(self, address: str, *arguments: str | float) -> None:
        """Let the performer send a message that is heard with the next frame."""
        self.performance.handle(Message(self.time, address, arguments))

    def play(self, seconds: float) -> Iterator[Shown]:
        """Yield the frames of so many seconds."""
        for _ in range(round(seconds * self._settings.fps)):
            yield self._frame()

    def last(self, seconds: float) -> Shown:
        """Play so many seconds; return their last frame."""
        *_, shown = self.play(seconds)
        return shown

    def _frame(self) -> Shown:
        now = self.time
        self.performance.advance(now)
        while self._due <= now + 1e-9:
            if self._order is not None:
                self.performance.add(self._dreamer.paint(self._order, self._due))
            # as live, a keyframe knows what was asked for when it was begun
            self._order = self.performance.order()
            state = self._order.state
            self._due += max(1 / state.keyframes, state.steps / self._rate)
        self.performance.frame(self._number, self._buffer)
        self._number += 1
        return Shown(self._buffer.copy(), now, self.performance.viewpoint)


def random_canvas(size: Size, seed: int) -> Keyframe:
    """A picture of nothing: noise with the spectrum of photographs, 1/f^1.2, weakly coloured."""
    width, height = published_size(size)
    dice = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    frequency[0, 0] = np.inf
    fields = []
    for _ in range(4):
        spectrum = np.fft.rfft2(dice.standard_normal((height, width))) / frequency**1.2
        field = np.fft.irfft2(spectrum, (height, width))
        fields.append(field / field.std())
    light = 0.45 + 0.13 * (0.9 * fields[0][..., None] + 0.45 * np.stack(fields[1:], axis=2))
    picture = np.full((height, width, 4), 255, np.uint8)
    picture[..., :3] = np.clip(light * 255 + 0.5, 0, 255)
    return Keyframe(picture, Viewpoint(), 1, 0.0)


@contextmanager
def installed(weights: Path | None) -> Iterator[None]:
    """Let a network from a file take dreamnet's place meanwhile, so that presets are made for it.

    Its descriptor is a JSON file beside it, which names it as well, or in the head of the file
    itself.
    """
    if weights is None:
        yield
        return
    if weights.suffix.lower() == ".json":
        weights = network_file.weights_beside(weights)
    beside = weights.with_suffix(".json")
    descriptor = json.loads(
        beside.read_text() if beside.is_file() else network_file.read_descriptor(weights)
    )
    before = vocabulary.DATA
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in before.iterdir():
            if path.stem != "dreamnet":
                (folder / path.name).symlink_to(path)
        (folder / "dreamnet.json").write_text(json.dumps({**descriptor, "name": "dreamnet"}))
        (folder / "dreamnet.safetensors").symlink_to(weights.resolve())
        vocabulary.DATA = folder
        try:
            yield
        finally:
            vocabulary.DATA = before
