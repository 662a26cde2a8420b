"""The pull: half-lives in numbers, geometry by marks, motion on a waving hand."""

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from vjdream.camera import Pose, Viewpoint
from vjdream.dream.canvas import Canvas
from vjdream.dream.pull import Pull
from vjdream.frames import Picture, Size
from vjdream.parameters import State

SIZE = Size(160, 128)


@dataclass
class Shown:
    picture: Picture
    number: int = 0


@dataclass
class Easel:
    """A source that shows what it is given."""

    still: Shown | None = None
    asked: list[float] = field(default_factory=list)

    def at(self, time: float) -> Shown | None:
        self.asked.append(time)
        return self.still

    def close(self) -> None:
        pass


def still(level: int, number: int = 0) -> Shown:
    return Shown(np.full((SIZE.height, SIZE.width, 4), level, np.uint8), number)


def canvas(level: float = 0.0) -> Canvas:
    made = Canvas(SIZE, SIZE, torch.device("cpu"))
    made.picture = torch.full_like(made.picture, level)
    return made


def drawn(source: Easel, seconds: float, times: int = 1, **values: float) -> Canvas:
    made, pull = canvas(), Pull(source)
    for number in range(times):
        pull.draw(made, State(**values), Viewpoint(), number * seconds, seconds)  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize(("rate", "seconds", "left"), [(1, 1, 0.5), (4, 0.25, 0.5), (2, 1, 0.25)])
def test_a_half_life_is_what_it_says(rate: float, seconds: float, left: float) -> None:
    made = drawn(Easel(still(255)), seconds, input_pull=rate)
    assert torch.allclose(made.picture, torch.tensor(1 - left), atol=1e-5)


def test_the_pull_does_not_depend_on_the_cadence() -> None:
    slow = drawn(Easel(still(200)), 0.5, 2, input_pull=1.5)
    fast = drawn(Easel(still(200)), 0.05, 20, input_pull=1.5)
    assert torch.allclose(slow.picture, fast.picture, atol=1e-4)


def test_full_pull_follows_and_no_pull_ignores() -> None:
    assert drawn(Easel(still(255)), 0.25, input_pull=30.0).picture.min() > 0.99
    assert drawn(Easel(still(255)), 0.25, 50, input_pull=0.0).picture.max() == 0


def test_a_source_without_a_picture_pulls_nothing() -> None:
    source = Easel()
    assert drawn(source, 1.0, 3, input_pull=30.0).picture.max() == 0
    assert source.asked == [0.0, 1.0, 2.0]


def test_blue_green_and_red_are_not_exchanged() -> None:
    shown = still(0)
    shown.picture[..., 2] = 255
    made = drawn(Easel(shown), 1.0, input_pull=30.0)
    assert made.picture[0, 0].min() > 0.99
    assert made.picture[0, 1:].max() < 0.01


def test_a_fresh_canvas_takes_the_first_picture_whole_and_the_second_by_and_by() -> None:
    made, source = canvas(), Easel()
    pull = Pull(source)
    pull.fresh = True
    state = State(input_pull=1.0, input_motion=1.0)
    pull.draw(made, state, Viewpoint(), 0.0, 0.25)
    source.still = still(255)
    pull.draw(made, state, Viewpoint(), 0.25, 0.25)
    assert made.picture.min() > 0.99
    source.still = still(0, 1)
    pull.draw(made, State(input_pull=1.0), Viewpoint(), 0.5, 0.25)
    assert made.picture.min() > 0.8


def test_a_fresh_canvas_that_is_not_pulled_stays_as_it_is() -> None:
    made = canvas()
    pull = Pull(Easel(still(255)))
    pull.fresh = True
    pull.draw(made, State(input_pull=0.0), Viewpoint(), 0.0, 0.25)
    assert made.picture.max() == 0


def mark(row: int, column: int) -> Shown:
    shown = still(0)
    shown.picture[row - 4 : row + 4, column - 4 : column + 4] = 255
    return shown


def centre(picture: torch.Tensor) -> tuple[float, float]:
    """Row and column of the light's centre, as parts of the canvas."""
    light = picture[0].mean(dim=0)
    total = light.sum()
    rows = (light.sum(dim=1) * torch.arange(light.shape[0])).sum() / total
    columns = (light.sum(dim=0) * torch.arange(light.shape[1])).sum() / total
    return float(rows) / light.shape[0], float(columns) / light.shape[1]


def test_the_input_fills_the_view_and_the_canvas_reaches_a_little_beyond() -> None:
    made = drawn(Easel(mark(32, 120)), 1.0, input_pull=30.0)
    expected = [0.5 + (32 / 128 - 0.5) / 1.08, 0.5 + (120 / 160 - 0.5) / 1.08]
    assert centre(made.picture) == pytest.approx(expected, abs=0.01)


def test_the_input_stands_still_in_the_view_while_the_canvas_lags_behind_the_camera() -> None:
    made = canvas()
    ahead = Viewpoint(Pose(y=0.05))
    Pull(Easel(mark(64, 80))).draw(made, State(input_pull=30.0), ahead, 0.0, 1.0)
    row, column = centre(made.picture)
    assert row == pytest.approx(0.5 + 0.05 / 1.08, abs=0.01)
    assert column == pytest.approx(0.5, abs=0.01)


def waving() -> tuple[Canvas, Canvas]:
    """Two canvases under a scene at rest with a hand that waves on its left."""
    seen = []
    for motion in (0.0, 1.0):
        made, source = canvas(0.5), Easel()
        pull = Pull(source)
        for number in range(8):
            shown = still(0, number)
            shown.picture[30:90, 10:60] = 255 if number % 2 else 100
            source.still = shown
            state = State(input_pull=2.0, input_motion=motion)
            pull.draw(made, state, Viewpoint(), number * 0.25, 0.25)
        seen.append(made)
    return seen[0], seen[1]


def test_with_motion_only_what_moves_is_pulled() -> None:
    always, moving = waving()
    rest = (slice(None), slice(None), slice(None), slice(110, 150))
    hand = (slice(None), slice(None), slice(45, 75), slice(25, 50))
    assert always.picture[rest].max() < 0.1  # pulled to black everywhere
    assert moving.picture[rest].min() > 0.45  # left to the dream
    assert moving.picture[hand].mean() > 0.8  # torn open


def test_the_trace_of_motion_fades() -> None:
    source, made = Easel(still(0, 0)), canvas(0.5)
    pull = Pull(source)
    state = State(input_pull=0.0, input_motion=1.0)
    for number, level in enumerate((0, 255)):
        source.still = still(level, number)
        pull.draw(made, state, Viewpoint(), number * 0.25, 0.25)
    after = made.picture.clone()
    for number in range(20):
        pull.draw(made, state, Viewpoint(), 0.5 + number * 0.25, 0.25)
    made.picture = torch.zeros_like(after)
    pull.draw(made, state, Viewpoint(), 6.0, 0.25)
    assert after.mean() > 0.5
    assert made.picture.max() < 0.02
