"""A dreamer that goes on from a checkpoint paints what one paints that never stopped."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.dream.small import SIZE, dreamer, order
from tests.fakes import keyframe, plain
from vjdream.camera import Rates
from vjdream.dream.canvas import PAINTED
from vjdream.dream.checkpoint import load_checkpoint, save_checkpoint
from vjdream.dream.dreamer import COUNTED, Dreamer
from vjdream.dream.pull import Source
from vjdream.exchange import Order, Rewind
from vjdream.frames import Keyframe, Picture
from vjdream.inputs.noise import NoiseInput

Asked = Callable[[float], Order]
Opened = Callable[[], Source | None]

RATES = Rates(0.1, 0.05, 0.02, -0.01)
SLOW = Rates(0.01, 0.0, 0.0, 0.0)


@dataclass
class Renumbered:
    """Noise that numbers its pictures from when it was opened, as a video does."""

    noise: NoiseInput = field(default_factory=lambda: NoiseInput(5, SIZE))
    number: int = -1
    picture: Picture = field(default_factory=lambda: np.zeros((1, 1, 4), np.uint8))

    def at(self, time: float) -> "Renumbered":
        drawn = self.noise.at(time).picture
        if not np.array_equal(drawn, self.picture):
            self.picture, self.number = drawn, self.number + 1
        return self

    def close(self) -> None:
        pass


def nothing() -> None:
    return None


def noise() -> NoiseInput:
    return NoiseInput(5, SIZE)


def moving(**values: object) -> Asked:
    return lambda time: order(time, RATES, **values)


def from_then_on(begin: float, before: Asked, after: Asked) -> Asked:
    return lambda time: after(time) if time >= begin else before(time)


def cleared(time: float) -> Order:
    return order(time, RATES, resets=int(time >= 1.0))


def rewound(time: float) -> Order:
    """Once before the checkpoint at 1.5 s, and once after it, to a picture from before it."""
    times, seconds = (0, 0.0) if time < 1.25 else (1, 0.75) if time < 2.0 else (2, 1.0)
    return order(time, RATES, rewind=Rewind(times, seconds))


def rewound_and_held(time: float) -> Order:
    asked = rewound(time)
    return order(time, RATES, rewind=asked.rewind, hold=time >= 1.25)


LSD = {"optimizer": "lsd", "gradients": "sum", "resampling": "plain"}
PULLED = {"input_pull": 1.0, "input_motion": 0.7}

CASES: dict[str, tuple[float, Asked, Opened]] = {
    "adam": (4, moving(), nothing),
    "lsd": (4, moving(**LSD), nothing),
    "back from lsd": (4, from_then_on(1.5, moving(**LSD), moving()), nothing),
    "to lsd": (4, from_then_on(1.5, moving(), moving(**LSD)), nothing),
    "octaves": (4, moving(octaves=2, steps=3), nothing),
    "blur": (4, moving(blur=0.05), nothing),
    "seeds": (4, moving(seeds=3.0, strength=0.1), nothing),
    "hold": (4, moving(hold=True), nothing),
    "after a hold": (4, from_then_on(1.5, moving(hold=True), moving()), nothing),
    "thirty a second": (30, lambda time: order(time, SLOW, keyframes=30, steps=1), nothing),
    "noise": (4, moving(**PULLED), noise),
    "noise, thirty a second": (30, moving(**PULLED, keyframes=30, steps=1), noise),
    "video": (4, moving(**PULLED), Renumbered),
    "pulled late": (4, from_then_on(1.5, moving(input_pull=0.0), moving(**PULLED)), Renumbered),
    "clearing": (4, cleared, nothing),
    "rewound": (4, rewound, nothing),
    "rewound and held": (4, rewound_and_held, nothing),
}


def painted(made: Dreamer, asked: Asked, rate_hz: float, since: float, until: float) -> list[bytes]:
    times = [number / rate_hz for number in range(round(since * rate_hz), round(until * rate_hz))]
    return [content(made.paint(asked(time), time)) for time in times]


def content(shown: Keyframe) -> bytes:
    """All of a keyframe."""
    rest = (shown.viewpoint, shown.sequence, shown.time, shown.steps, shown.lateness)
    return shown.picture.tobytes() + repr(rest).encode()


def another(source: Source | None) -> Dreamer:
    """A dreamer whose canvas shows something else."""
    made = dreamer(source=source)
    made.resume(keyframe(plain(SIZE, 40), sequence=9))
    return made


def gone_on_from_disk(made: Dreamer, path: Path, source: Source | None) -> Dreamer:
    save_checkpoint(path, made.state_dict())
    fresh = another(source)
    fresh.load_state_dict(load_checkpoint(path))
    return fresh


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("stop", [0.25, 1.5])
def test_whatever_it_is_at_the_keyframes_go_on_byte_for_byte(
    case: str, stop: float, tmp_path: Path
) -> None:
    rate_hz, asked, opened = CASES[case]
    made = dreamer(source=opened())
    painted(made, asked, rate_hz, 0, stop)
    fresh = gone_on_from_disk(made, tmp_path / "a", opened())
    expected = painted(made, asked, rate_hz, stop, 3)
    assert painted(fresh, asked, rate_hz, stop, 3) == expected
    assert painted(another(opened()), asked, rate_hz, stop, 3) != expected


def test_a_dreamer_that_has_not_painted_yet_goes_on_too(tmp_path: Path) -> None:
    asked = CASES["noise"][1]
    made = dreamer(source=noise())
    fresh = gone_on_from_disk(made, tmp_path / "a", noise())
    assert painted(fresh, asked, 4, 0, 1) == painted(made, asked, 4, 0, 1)


def test_a_state_is_not_touched_by_what_is_painted_after_it() -> None:
    asked = moving(**PULLED)
    made = dreamer(source=noise())
    painted(made, asked, 4, 0, 1)
    state = made.state_dict()
    expected = painted(made, asked, 4, 1, 2)
    for _ in range(2):  # not by the dreamer that was given it either
        fresh = another(noise())
        fresh.load_state_dict(state)
        assert painted(fresh, asked, 4, 1, 2) == expected


def test_tensors_keep_their_order_in_memory() -> None:
    made = dreamer()
    painted(made, moving(), 4, 0, 1)
    state = made.canvas.state_dict()
    for name in PAINTED:
        assert state[name].stride() == getattr(made.canvas, name).stride()


def test_whoever_gives_the_dreamer_a_memory_must_think_of_checkpoints() -> None:
    made = dreamer(source=noise())
    loaded = {"seed", "_planner", "_ascent", "_recorder", "_dice", "_slugs"}
    loaded |= {"_sound", "_unsound"}  # set anew by every keyframe; only counted for a warning
    assert set(vars(made)) == loaded | set(COUNTED) | {"canvas", "_history", "_pull"}
    loaded = {"size", "output", "cover", "_beyond"}
    assert set(vars(made.canvas)) == loaded | set(PAINTED) | {"viewpoint"}
    assert made._pull is not None
    asked_again = {"_source", "_number", "_picture"}
    assert set(vars(made._pull)) == asked_again | {"fresh", "_light", "_motion"}
