"""What the flash limiter costs: the part of the benchmark that needs no show.

    python tools/flash_benchmark.py

Beside it, frame by frame in the same run, a frame is composed of two keyframes.
"""

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from vjdream.camera import Viewpoint  # noqa: E402
from vjdream.frames import Keyframe, Picture, Size, published_size  # noqa: E402
from vjdream.stage.flash import FlashLimiter  # noqa: E402
from vjdream.stage.presenter import Presenter  # noqa: E402

FRAMES = 240
"""Frames of each case, at 60 per second."""

Strobe = Callable[[Picture, int], None]


def untouched(picture: Picture, number: int) -> None:
    """A show that does not flash."""


def strobe(picture: Picture, number: int) -> None:
    """All of the picture goes black and comes back ten times a second."""
    if number // 3 % 2:
        picture[..., :3] = 0


def corner(picture: Picture, number: int) -> None:
    """A ninth of the picture does so."""
    strobe(picture[:240, :427], number)


def cost(change: Strobe, size: Size) -> tuple[float, float, float]:
    """Median milliseconds of composing and of limiting a frame, and how much was held back."""
    width, height = published_size(size)
    noise = np.random.default_rng(0).integers(0, 256, (2, height, width, 4), dtype=np.uint8)
    noise[..., 3] = 255
    presenter = Presenter(size, Keyframe(noise[0], Viewpoint(), 0, 0.0))
    presenter.add(Keyframe(noise[1], Viewpoint(), 1, 0.0), 0.0, 10.0)
    limiter = FlashLimiter(size)
    out = np.empty((size.height, size.width, 4), np.uint8)
    composing, limiting = [], []
    for number in range(FRAMES):
        begun = perf_counter()
        presenter.compose(Viewpoint(), number / 60, out)
        composed = perf_counter()
        change(out, number)
        changed = perf_counter()
        limiter.limit(out, number / 60)
        limiting.append(perf_counter() - changed)
        composing.append(composed - begun)
    half = FRAMES // 2  # by then a strobe is held back
    return (
        statistics.median(composing[half:]) * 1000,
        statistics.median(limiting[half:]) * 1000,
        limiter.held,
    )


def measure() -> None:
    """Print what the limiter costs, idle and at work, against composing a frame."""
    for change in (untouched, corner, strobe):
        composing, limiting, held = cost(change, Size(1280, 720))
        print(
            f"{change.__name__}: limiting a 720p frame takes {limiting:.2f} ms, composing it "
            f"{composing:.2f} ms: {limiting / composing:.2f} times; {held:.0%} held back"
        )


if __name__ == "__main__":
    measure()
