"""Recorded keyframes: played with new values they do what single steps do.

There is no GPU here, so the recorder is handed a stand-in that keeps the function and runs it
again: whatever a recording does not read from its tensors is what it was when it was recorded.
"""

import logging
from collections.abc import Callable

import pytest
import torch

from tests.fakes import TinyNetwork, noise
from vjdream.camera import Pose, Viewpoint
from vjdream.dream.ascent import Ascent
from vjdream.dream.canvas import Canvas
from vjdream.dream.prior import PatchPrior
from vjdream.dream.recording import MOST, Recorder
from vjdream.dream.step import Planner, Step
from vjdream.frames import Size
from vjdream.parameters import State

SIZE = Size(144, 128)
CLASSES = {"class_1": "red", "class_2": "green", "class_3": "blue", "class_4": "dark"}


class Studio:
    """A canvas with a planner for it, and a recorder that counts."""

    def __init__(self, seed: int = 3) -> None:
        self.canvas = Canvas(SIZE, SIZE, torch.device("cpu"))
        self.canvas.show(noise(SIZE, seed), Viewpoint())
        network, prior = TinyNetwork(), PatchPrior.load()
        self.ascent = Ascent(network, prior, self.canvas)
        self.planner = Planner(network, self.canvas, 0, lambda layer: None, repeating=True)
        self.recorded = self.played = 0
        self.recorder = Recorder(self.ascent, self.canvas, self.record)

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        work()  # a warm-up, which changes the canvas
        self.recorded += 1

        def play() -> None:
            self.played += 1
            work()

        return play

    def plan(self, number: int, viewpoint: Viewpoint | None = None, **values: object) -> list[Step]:
        state = State(**{**CLASSES, **values})  # type: ignore[arg-type]
        return [
            self.planner.step(state, viewpoint or Viewpoint(), number + place, place)
            for place in range(state.steps)
        ]


MOVES: tuple[dict[str, object], ...] = (
    {},
    {"class_1": "blue"},
    {"strength": 2.5, "colour": 1.0, "smoothness": 0.6, "bands": 1.0},
    {"prior": 1.5, "everywhere": 0.2, "evenness": 0.9, "momentum": 1.0},
    {"split_position": 0.7, "split_angle": 30.0, "suppress": 2.0, "weight_2": 0.4},
    {"balance": 6.0, "sway": 40.0, "jitter": 0.2},
)


def test_played_keyframes_equal_single_steps_whatever_moves_between_them() -> None:
    one, other = Studio(), Studio()
    for number, values in enumerate(MOVES):
        moved = Viewpoint(Pose(0.01 * number, 0.02 * number))
        for studio in (one, other):
            if number == 3:  # the camera has moved on: other tensors
                studio.canvas.carry(moved)
        assert one.recorder.play(one.plan(5 * number, moved, **values))
        for step in other.plan(5 * number, moved, **values):
            other.ascent.take(step)
        assert torch.allclose(one.canvas.picture, other.canvas.picture, atol=1e-5)
        assert torch.allclose(one.canvas.moment, other.canvas.moment, atol=1e-4)
    assert (one.recorded, one.played) == (1, len(MOVES))


def test_the_2015_rule_is_recorded_too() -> None:
    one, other = Studio(), Studio()
    recipe = {"optimizer": "lsd", "gradients": "sum", "prior_scales": "pyramid", "steps": 3}
    for number, values in enumerate(({}, {"class_1": "dark"})):
        for studio in (one, other):
            studio.canvas.forget(square=0.0)
        assert one.recorder.play(one.plan(3 * number, **recipe, **values))
        for step in other.plan(3 * number, **recipe, **values):
            other.ascent.take(step)
        assert torch.equal(one.canvas.picture, other.canvas.picture)
    assert one.recorded == 1


def test_playing_leaves_the_plans_as_they_were() -> None:
    """They hold tensors that are shared, such as the weights of frequencies."""
    studio = Studio()
    first = studio.plan(0)
    before = [[tensor.clone() for tensor in step.values.tensors()] for step in first]
    studio.recorder.play(first)
    studio.recorder.play(studio.plan(5, smoothness=1.0, class_1="blue", split_position=0.3))
    for step, tensors in zip(first, before, strict=True):
        assert all(map(torch.equal, step.values.tensors(), tensors))


def test_another_kind_of_step_is_another_recording() -> None:
    studio = Studio()
    for values in ({}, {"steps": 2}, {"prior": 0.0}, {"split_shape": "whole"}, {}):
        assert studio.recorder.play(studio.plan(0, **values))
    assert (studio.recorded, studio.played) == (4, 5)


def test_only_the_recordings_used_last_are_kept() -> None:
    studio = Studio()
    for steps in range(1, MOST + 3):
        studio.recorder.play(studio.plan(0, steps=steps))
    studio.recorder.play(studio.plan(0, steps=MOST + 2))
    assert studio.recorded == MOST + 2
    studio.recorder.play(studio.plan(0, steps=1))
    assert studio.recorded == MOST + 3


def test_what_cannot_be_recorded_is_said_once_and_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    studio = Studio()

    def refuse(work: Callable[[], None]) -> Callable[[], None]:
        work()
        raise RuntimeError("operation not permitted when stream is capturing\nand so on")

    recorder = Recorder(studio.ascent, studio.canvas, refuse)
    before = studio.canvas.picture.clone()
    with caplog.at_level(logging.WARNING):
        assert not recorder.play(studio.plan(0))
        assert not recorder.play(studio.plan(5))
    assert torch.equal(studio.canvas.picture, before)
    assert len(caplog.records) == 1
    assert "one by one: operation not permitted when stream is capturing" in caplog.text
