"""The dreamer's cadence, on a virtual clock with a dreamer whose steps take a known time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from vjdream.camera import Rates, Viewpoint
from vjdream.clock import VirtualClock
from vjdream.dream.process import PUBLISH_EVERY, Easel
from vjdream.exchange import Order
from vjdream.frames import Keyframe
from vjdream.parameters import State

EPOCH = 100.0


class Over(Exception):  # noqa: N818
    """The test has seen enough."""


@dataclass
class SlowDreamer:
    """Paints nothing, but takes its time."""

    clock: VirtualClock
    step_seconds: float
    orders: list[Order] = field(default_factory=list)
    sequence: int = 0

    def begin(self, order: Order, due: float) -> None:
        self.orders.append(order)

    def advance(self, order: Order, due: float, done: int) -> int:
        self.clock.wait_until(self.clock.now() + self.step_seconds)
        return done + 1

    def finish(self, due: float, steps: int, lateness: float = 0.0) -> Keyframe:
        self.sequence += 1
        picture = np.zeros((2, 2, 4), np.uint8)
        return Keyframe(picture, Viewpoint(), self.sequence, due, steps, lateness)


@dataclass
class FreshMailbox:
    """Always holds an order written this moment."""

    clock: VirtualClock
    state: Callable[[float], State]

    def get(self) -> Order:
        now = self.clock.now() - EPOCH
        return Order(self.state(now), Viewpoint(), Rates(), now)


@dataclass
class Wall:
    """Ring and pipe in one: remembers when each keyframe was hung up."""

    clock: VirtualClock
    most: int
    shown: list[tuple[float, Keyframe]] = field(default_factory=list)

    def write(self, keyframe: Keyframe) -> Keyframe:
        return keyframe

    def send(self, keyframe: Keyframe) -> None:
        self.shown.append((self.clock.now() - EPOCH, keyframe))
        if len(self.shown) >= self.most:
            raise Over


def watch(
    step_seconds: float, keyframes: int, state: Callable[[float], State]
) -> tuple[list[tuple[float, Keyframe]], list[Order]]:
    clock = VirtualClock(EPOCH)
    dreamer = SlowDreamer(clock, step_seconds)
    wall: Any = Wall(clock, keyframes)
    mailbox: Any = FreshMailbox(clock, state)
    easel = Easel(dreamer, wall, mailbox, wall, clock, EPOCH)  # type: ignore[arg-type]
    with pytest.raises(Over):
        easel.work()
    return wall.shown, dreamer.orders


def always(**values: Any) -> Callable[[float], State]:
    state = replace(State(), **values)
    return lambda now: state


def test_a_fast_dreamer_waits_for_its_time() -> None:
    shown, _ = watch(0.001, 20, always(keyframes=4.0, steps=5))
    assert np.diff([moment for moment, _ in shown]) == pytest.approx(0.25, abs=0.002)
    assert all(keyframe.lateness == 0 for _, keyframe in shown[1:])


def test_a_slow_dreamer_is_late_says_so_and_takes_all_its_steps() -> None:
    shown, _ = watch(0.08, 20, always(keyframes=4.0, steps=5))
    assert np.diff([moment for moment, _ in shown])[5:] == pytest.approx(0.4, abs=0.03)
    assert all(keyframe.steps == 5 for _, keyframe in shown[3:])


def test_a_very_slow_network_still_shows_a_picture_every_half_second() -> None:
    shown, _ = watch(0.2, 30, always(keyframes=4.0, steps=10))
    gaps = np.diff([moment for moment, _ in shown])
    assert gaps[2:].max() <= PUBLISH_EVERY + 0.2 + 1e-6
    assert sum(keyframe.steps for _, keyframe in shown[:20]) > 40


def test_a_keyframe_knows_an_order_from_just_before_it_was_begun() -> None:
    shown, orders = watch(0.01, 20, always(keyframes=1.0, steps=5))
    ages = [moment - order.time for (moment, _), order in zip(shown, orders, strict=False)]
    assert max(ages[10:]) < 0.15


def test_a_held_dreamer_publishes_without_a_step() -> None:
    shown, _ = watch(0.05, 5, always(hold=True))
    assert [keyframe.steps for _, keyframe in shown] == [0] * 5


def test_a_change_of_cadence_is_followed_at_once() -> None:
    shown, _ = watch(
        0.001, 40, lambda now: replace(State(), keyframes=1.0 if now < 3 else 20.0, steps=1)
    )
    late = [moment for moment, _ in shown if moment > 4.2]
    assert np.diff(late) == pytest.approx(0.05, abs=0.001)
