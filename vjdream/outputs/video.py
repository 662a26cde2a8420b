"""An output that writes a video file: H.264 to look at, or FFV1 that keeps every byte.

A thread of its own encodes, so a live show never waits for it, and Ctrl-C never finds it in the
middle of a frame.
"""

import contextlib
import logging
import os
import sys
import threading
from collections import deque
from pathlib import Path
from types import ModuleType

import numpy as np

from vjdream.errors import OutputError
from vjdream.frames import Frame, Picture
from vjdream.outputs.encoder import Encoder
from vjdream.settings import Settings

log = logging.getLogger("vjdream.outputs")

NO_PYAV = "writing a video needs PyAV - type: pip install 'vjdream[video]'"

WAITING = 8
"""Copies of frames that wait for the encoder at most."""

FINISHING = 30.0
"""Seconds that the end of a live show waits for the encoder at most."""

NICENESS = 5
"""Of the encoder in a live show: after the stage, before the dreamer."""


class VideoOutput:
    """Writes frames into a new video file.

    Live, a frame that finds the encoder with too much to do is left out and counted in `late`;
    offline, `send` waits for it.
    """

    def __init__(self, path: Path, settings: Settings, live: bool) -> None:
        """Begin a file; one that is there already may be the only record of an evening.

        Raises:
            OutputError: without PyAV, for names and sizes that no video can have, and when the
                file is there already or cannot be made.
        """
        self.path = path
        self.late = 0
        self._live = live
        self._encoder = Encoder(load_library, path, settings, live)
        shape = (settings.size.height, settings.size.width, 4)
        # filled, because the first touch of new memory is slow
        self._free = deque(np.full(shape, 255, np.uint8) for _ in range(WAITING))
        self._waiting: deque[tuple[Picture, int]] = deque()  # with their numbers
        self._condition = threading.Condition()
        self._closing = self._over = False
        self._error: OutputError | None = None  # that nobody has been told of
        self._thread = threading.Thread(target=self._work, name="video", daemon=True)
        self._thread.start()

    def send(self, frame: Frame, deadline: float) -> None:
        """Take a frame; its place in time is its number after the first frame's.

        Raises:
            OutputError: once, when the disk is full or gone; then the recording is over.
        """
        with self._condition:
            while not (self._free or self._live or self._over):
                self._condition.wait()
            error, self._error = self._error, None
            if error is not None:
                raise error
            if self._over:
                return
            if not self._free:
                self.late += 1
                return
            copy = self._free.popleft()
        np.copyto(copy, frame.picture)
        with self._condition:
            self._waiting.append((copy, frame.number))
            self._condition.notify_all()

    def connections(self) -> int:
        return 0

    def describe(self) -> str:
        return f"video {self.path}"

    def close(self) -> None:
        """Finish the file; without a single frame there will be none.

        Raises:
            OutputError: offline, for what `send` has not told; live it is logged.
        """
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        self._thread.join(FINISHING if self._live else None)
        if self._thread.is_alive():
            log.error("the video %s is not finished; it plays up to its last seconds", self.path)
        error, self._error = self._error, None
        if error is None:
            return
        if not self._live:
            raise error
        log.error("%s", error)

    def _work(self) -> None:
        """Encode until there is nothing more, or until it fails."""
        told: OutputError | None = None
        try:
            if self._live and sys.platform == "linux":  # where a thread can step back by itself
                with contextlib.suppress(OSError):  # it is further back already
                    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
            while (entry := self._next()) is not None:
                copy, number = entry
                self._encoder.write(copy, number)
                with self._condition:
                    self._free.append(copy)
                    self._condition.notify_all()
            self._encoder.finish()
        except Exception as error:  # whatever it was, the thread must not end unheard
            self._encoder.abandon()
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            told = OutputError(f"the video {self.path} ends here: {reason}")
        with self._condition:
            self._over, self._error = True, told
            self._condition.notify_all()

    def _next(self) -> tuple[Picture, int] | None:
        with self._condition:
            while not (self._waiting or self._closing):
                self._condition.wait()
            return self._waiting.popleft() if self._waiting else None


def load_library() -> ModuleType:
    """Import PyAV.

    Raises:
        OutputError: with what to install.
    """
    try:
        import av
        import av.video.reformatter
    except (ImportError, OSError):
        raise OutputError(NO_PYAV) from None
    module: ModuleType = av
    return module
