"""A live show: from its settings to its end."""

import gc
import sys
from collections.abc import Callable

from vjdream.clock import RealtimeClock
from vjdream.interrupts import interruptible
from vjdream.live import Health, LiveShow
from vjdream.priority import FORWARD, step
from vjdream.settings import Settings

SWITCH_INTERVAL = 0.0001
"""Seconds between Python's thread switches: the default of 5 ms is a third of a frame."""


def run(
    settings: Settings, announce: Callable[[LiveShow], None], watch: Callable[[Health], None]
) -> None:
    """Play a show live until Ctrl-C, SIGTERM or the end of its duration."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    step(FORWARD)  # before the dreamer is started, which steps back by itself
    with interruptible() as stopping:
        show = LiveShow(settings, RealtimeClock())
        try:
            announce(show)
            gc.collect()
            gc.freeze()  # what has been loaded lives as long as the show: never scan it again
            show.run(stopping, watch)
        finally:
            show.close()
            sys.setswitchinterval(interval)
