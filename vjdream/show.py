"""The show: `run` plays a performance live, `render` plays the same performance offline.

Each imports what it needs when it is called: a render needs neither OSC nor NDI, a live stage never
loads torch.
"""

import gc
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import numpy as np

from vjdream.clock import RealtimeClock
from vjdream.errors import SettingsError
from vjdream.frames import Keyframe
from vjdream.outputs import open_folder
from vjdream.performance import Performance, begin
from vjdream.priority import FORWARD, step
from vjdream.settings import Settings

if TYPE_CHECKING:
    from vjdream.live import Health, LiveShow

SWITCH_INTERVAL = 0.0001
"""Seconds between Python's thread switches: the default of 5 ms is a third of a frame."""


def run(
    settings: Settings, announce: Callable[["LiveShow"], None], watch: Callable[["Health"], None]
) -> None:
    """Play a show live until Ctrl-C, SIGTERM or the end of its duration."""
    from vjdream.live import LiveShow

    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.append(number)

    handlers = {n: signal.signal(n, stop) for n in (signal.SIGINT, signal.SIGTERM)}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    step(FORWARD)  # before the dreamer is started, which steps back by itself
    show = LiveShow(settings, RealtimeClock())
    try:
        announce(show)
        gc.collect()
        gc.freeze()  # what has been loaded lives as long as the show: never scan it again
        show.run(lambda: bool(stopping), watch)
    finally:
        show.close()
        sys.setswitchinterval(interval)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def render(
    settings: Settings, out: str, duration: float, progress: Callable[[int, int], None]
) -> int:
    """Render a show offline into a folder of PNGs; return the number of frames.

    The same pieces in lockstep: the same settings give the same bytes.
    """
    from vjdream.dream.dreamer import create_dreamer  # torch, only for rendering
    from vjdream.inputs import is_live, open_input

    opening = begin(settings)
    if settings.source and is_live(settings.source):
        raise SettingsError(
            f"--input {settings.source} is live, so it cannot be rendered - use run, or a picture, "
            "a folder, a video or noise"
        )
    output = open_folder(out)
    source = None
    if settings.source:
        source = open_input(settings.source, settings.input_size, RealtimeClock())
    dreamer, _ = create_dreamer(settings, source, repeatable=True)
    dreamer.resume(opening.keyframe)
    performance = Performance(settings, opening)
    size = settings.size
    buffer = np.zeros((size.height, size.width, 4), np.uint8)
    total = max(1, round(duration * settings.fps))
    due = 0.0
    try:
        for number in range(total):
            now = float(number / settings.fps)
            performance.advance(now)
            while due <= now + 1e-9:
                keyframe: Keyframe = dreamer.paint(performance.order(), now)
                performance.add(keyframe)
                due += 1 / performance.current.keyframes
            output.send(performance.frame(number, buffer), now)
            progress(number + 1, total)
    finally:
        if source is not None:
            source.close()
    return total
