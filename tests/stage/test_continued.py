"""Presenter and limiter that go on from a checkpoint show what they would have shown."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import keyframe, noise, plain
from tests.stage.test_flash import HEIGHT, WIDTH, Show, checkerboard, flat, lit, patch, square
from vjdream.camera import Pose, Rates, Viewpoint
from vjdream.dream.checkpoint import load_checkpoint, save_checkpoint
from vjdream.frames import Size
from vjdream.stage import flash, presenter
from vjdream.stage.flash import FlashLimiter
from vjdream.stage.presenter import Presenter
from vjdream.stage.transitions import WATCHED

SIZE = Size(130, 128)
FPS = 60
RATES = Rates(0.2, 0.1, 0.05, -0.03)

ARRIVALS = {15: 1, 30: 2, 41: 3, 44: 4, 45: 5, 70: 6, 90: 7, 105: 8}
"""Keyframes by the frame before which they arrive; 3, 4 and 5 have to wait."""


def camera(number: int) -> Viewpoint:
    start = Viewpoint(Pose(11.9), 2, Pose(12.0, 1.0))  # so near the end of a chart that it is left
    return start.moved(RATES.over(number / FPS))


def shown(made: Presenter, first: int, last: int) -> list[bytes]:
    """Frames from one number until before another."""
    frames, out = [], np.empty((SIZE.height, SIZE.width, 4), np.uint8)
    for number in range(first, last):
        now = number / FPS
        if number in ARRIVALS:
            sequence = ARRIVALS[number]
            new = keyframe(noise(SIZE, sequence), sequence, now, camera(number))
            made.add(new, now, 0.25)
        made.compose(camera(number), now, out)
        frames.append(out.tobytes())
    return frames


def beginning() -> Presenter:
    return Presenter(SIZE, keyframe(noise(SIZE, 0), viewpoint=camera(0)))


def elsewhere() -> Presenter:
    return Presenter(SIZE, keyframe(plain(SIZE, 40), 77, -3.0))


STOPS = {
    "at the start": 0,
    "before the first fade": 10,
    "in the middle of a fade": 37,
    "with a keyframe that waits": 43,
    "when it has been replaced by a newer one": 46,
    "after a fade": 69,
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_frames_go_on_byte_for_byte(stop: int, tmp_path: Path) -> None:
    made = beginning()
    shown(made, 0, stop)
    save_checkpoint(tmp_path / "a", made.state_dict())
    fresh = elsewhere()
    fresh.load_state_dict(load_checkpoint(tmp_path / "a"))
    assert fresh.newest.sequence == made.newest.sequence
    assert fresh.age(5.0) == made.age(5.0)
    expected = shown(made, stop, 130)
    assert shown(fresh, stop, 130) == expected
    assert shown(elsewhere(), stop, 130) != expected


def test_a_presenters_state_is_not_touched_by_what_is_shown_after_it() -> None:
    made = beginning()
    shown(made, 0, 43)
    state = made.state_dict()
    expected = shown(made, 43, 100)
    for _ in range(2):
        fresh = elsewhere()
        fresh.load_state_dict(state)
        assert shown(fresh, 43, 100) == expected


# -- the flash limiter ----------------------------------------------------------------------------


def gone_dark(time: float) -> bool:
    return 0.9 < time < 1.1


def burst(show: Show) -> Show:
    """Flashes for a while and then holds still, so that what was held back comes back."""
    return lambda time: show(time) if time < 1.3 else flat(90)


SHOWS: dict[str, tuple[Show, Callable[[float], bool]]] = {
    "strobe": (square(10), lambda time: False),
    "red": (
        lambda time: flat(0, 0, 255) if lit(time, 8) else flat(0, 0, 0),
        lambda time: False,
    ),
    "a part": (patch(9, 70, 50, lambda time: flat(60)), lambda time: False),
    "checkerboard": (checkerboard(7, 6), lambda time: False),
    "burst": (burst(square(10)), lambda time: False),
    "blackout": (square(4, 60, 200), gone_dark),
}


def limited(made: FlashLimiter, name: str, first: int, last: int) -> list[bytes]:
    """What leaves, and how much is held back."""
    show, dark = SHOWS[name]
    frames = []
    for number in range(first, last):
        now = number / FPS
        picture = show(now)
        if dark(now):
            picture[..., :3] = 0
        made.limit(picture, now, dark(now))
        frames.append(picture.tobytes() + repr(made.held).encode())
    return frames


def limiter() -> FlashLimiter:
    return FlashLimiter(Size(WIDTH, HEIGHT))


@pytest.mark.parametrize("name", SHOWS)
@pytest.mark.parametrize("stop", [0, 1, 40, 60, 80, 100])
def test_what_is_held_back_goes_on_byte_for_byte(name: str, stop: int, tmp_path: Path) -> None:
    made = limiter()
    limited(made, name, 0, stop)
    save_checkpoint(tmp_path / "a", made.state_dict())
    fresh = limiter()
    limited(fresh, "strobe", 0, 50)  # it has held back something else
    fresh.load_state_dict(load_checkpoint(tmp_path / "a"))
    assert limited(fresh, name, stop, 150) == limited(made, name, stop, 150)


def test_a_limiter_that_forgot_would_let_more_flashes_through() -> None:
    made = limiter()
    limited(made, "strobe", 0, 60)
    assert made.held > 0.5
    assert limited(limiter(), "strobe", 60, 90) != limited(made, "strobe", 60, 90)


def test_a_limiters_state_is_not_touched_by_what_leaves_after_it() -> None:
    made = limiter()
    limited(made, "a part", 0, 60)
    state = made.state_dict()
    expected = limited(made, "a part", 60, 120)
    for _ in range(2):
        fresh = limiter()
        fresh.load_state_dict(state)
        assert limited(fresh, "a part", 60, 120) == expected


@pytest.mark.parametrize("name", SHOWS)
def test_all_that_a_limiter_remembers_comes_back(name: str, tmp_path: Path) -> None:
    made, fresh = limiter(), limiter()
    limited(made, name, 0, 70)
    save_checkpoint(tmp_path / "a", made.state_dict())
    fresh.load_state_dict(load_checkpoint(tmp_path / "a"))
    np.testing.assert_equal(fresh.state_dict(), made.state_dict())


def test_whoever_gives_the_stage_a_memory_must_think_of_checkpoints() -> None:
    assert set(vars(beginning())) == {"size"} | {*presenter.NUMBERS, *presenter.SHOWN}
    made = limiter()
    limited(made, "strobe", 0, 2)
    remembered = {*flash.NUMBERS, *flash.ARRAYS, *flash.WATCHES}
    assert set(vars(made)) == {"_size", "_soft"} | remembered
    assert set(vars(made._sent)) == set(WATCHED)
