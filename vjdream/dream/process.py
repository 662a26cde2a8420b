"""The dreamer's process: waits for its time, paints, publishes, and ends with its parent.

torch is imported inside the child only, so the stage may import this module to name its entry.
"""

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from vjdream.clock import Clock, RealtimeClock
from vjdream.errors import VJDreamError
from vjdream.exchange import Commission, KeyframeRing, Mailbox, Order
from vjdream.frames import Keyframe
from vjdream.priority import BACK, step

if TYPE_CHECKING:
    from vjdream.dream.dreamer import Dreamer

PUBLISH_EVERY = 0.45
"""Seconds after which a slow network's unfinished keyframe is shown: a picture every 0.5 s."""

SLACK = 0.5
"""Of the time between keyframes: lateness up to this is made up for."""

GLANCE = 0.05
"""Seconds between looks at the mailbox while waiting."""


def dream_until_told(commission: Commission, pipe: Connection) -> None:
    """Entry of the child process; returns never, it ends with the pipe."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group: the stage decides
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    step(BACK)
    try:
        from vjdream.dream.dreamer import create_dreamer
        from vjdream.inputs import open_input

        ring = KeyframeRing.attach(commission.ring, commission.width, commission.height)
        mailbox = Mailbox.attach(commission.mailbox)
        clock = RealtimeClock()
        settings = commission.settings
        source = (
            open_input(settings.source, settings.input_size, clock) if settings.source else None
        )
        dreamer, ready = create_dreamer(settings, source)
        dreamer.resets, dreamer.rewinds = commission.resets, commission.rewinds
        resumed = ring.read(commission.resume)
        if resumed is not None:
            dreamer.resume(resumed)
        pipe.send(ready)
        Easel(dreamer, ring, mailbox, pipe, clock, commission.epoch).work()
    except VJDreamError as error:
        pipe.send(error)
        sys.exit(1)
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)


def _end_with(pipe: Connection) -> None:
    """Wait for the stage to close the pipe, or to die, and end at once even inside torch."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        pass
    os._exit(0)


class Easel:
    """Paints at the cadence that `keyframes` asks for, in seconds of show time.

    A keyframe is begun as late as its last duration allows, so it knows the newest order, and it
    is published no earlier than it is asked for. A dreamer that is much too late does not catch up.
    """

    def __init__(
        self,
        dreamer: "Dreamer",
        ring: KeyframeRing,
        mailbox: Mailbox,
        pipe: Connection,
        clock: Clock,
        epoch: float,
    ) -> None:
        self._dreamer, self._ring, self._mailbox, self._pipe = dreamer, ring, mailbox, pipe
        self._clock, self._epoch = clock, epoch
        self._work = 0.25  # seconds that a keyframe takes, a running estimate
        self._published_at = -1.0

    def work(self) -> None:
        due = self._now()
        while True:
            order, asked = self._wait(due)
            due = self._paint(order, asked)

    def _now(self) -> float:
        return self._clock.now() - self._epoch

    def _order(self) -> Order:
        """The newest order; there is always one soon after the start."""
        order = self._mailbox.get()
        while order is None:
            self._clock.wait_until(self._clock.now() + 0.001)
            order = self._mailbox.get()
        return order

    def _wait(self, before: float) -> tuple[Order, float]:
        """Wait until the next keyframe must be begun; return the order and when it is asked for."""
        while True:
            order, now = self._order(), self._now()
            due = before + 1 / order.state.keyframes
            begin = due - self._work
            if now >= begin - 1e-6:  # a clock that has just been waited for may be an ulp short
                return order, due
            self._clock.wait_until(self._epoch + min(begin, now + GLANCE))

    def _paint(self, order: Order, asked: float) -> float:
        """Paint one keyframe, publish it when it is asked for, return what the next counts from.

        An overdue keyframe of a slow network is shown unfinished meanwhile.
        """
        started = self._now()
        due = max(asked, started + self._work)  # what the camera is told to expect
        self._dreamer.begin(order, due)
        steps = 0 if order.state.hold else order.state.steps
        shown = done = 0
        while done < steps:
            done = self._dreamer.advance(order, due, done)
            now = self._now()
            if done < steps and now > asked and now - self._published_at > PUBLISH_EVERY:
                self._publish(self._dreamer.finish(now, done - shown))
                shown = done
        lateness = max(0.0, self._now() - asked)
        keyframe = self._dreamer.finish(due, steps - shown, lateness)
        spent = self._now() - started
        self._work += 0.3 * (1.05 * spent + 0.002 - self._work)
        self._clock.wait_until(self._epoch + asked)
        self._publish(keyframe)
        # a little lateness is made up for with the next keyframe, much is forgotten
        return asked if lateness < SLACK / order.state.keyframes else asked + lateness

    def _publish(self, keyframe: Keyframe) -> None:
        self._pipe.send(self._ring.write(keyframe))
        self._published_at = self._now()
