"""The supervisor: keeps one dreamer process alive and brings its keyframes to the stage.

A dreamer that dies or falls silent is started again from the last keyframe, at once the first time
and with growing pauses when it dies before painting anything. The stage never waits for it.
"""

import logging
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from vjdream.errors import VJDreamError
from vjdream.exchange import (
    Commission,
    KeyframeRecord,
    KeyframeRing,
    Mailbox,
    Order,
    Ready,
)
from vjdream.frames import Keyframe
from vjdream.settings import Settings
from vjdream.stage.child import end, words_of

log = logging.getLogger("vjdream.stage")

SILENCE = 30.0
"""Seconds without a word after which a dreamer is taken for hung (torch may load that long)."""

PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0)


Entry = Callable[[Commission, Connection], None]


class Supervisor:
    """Owns the dreamer process, the mailbox and the ring."""

    def __init__(
        self, entry: Entry, settings: Settings, first: Keyframe, epoch: float = 0.0
    ) -> None:
        self._entry, self._settings, self._epoch = entry, settings, epoch
        self._resets = self._rewinds = 0  # asked for by the newest order
        height, width = first.picture.shape[:2]
        self._ring = KeyframeRing.create(width, height)
        self._mailbox = Mailbox.create()
        self._context = multiprocessing.get_context("spawn")
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._last = first
        self._failures = 0
        self._heard_at = self._start_at = 0.0
        self.restarts = -1
        self.ready: Ready | None = None
        self._proved = False  # a dreamer has once been able to start with these settings

    @property
    def alive(self) -> bool:
        return self.ready is not None

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def order(self, order: Order) -> None:
        """Leave the newest order for the dreamer."""
        self._mailbox.put(order)
        self._resets, self._rewinds = order.resets, order.rewind.times

    def poll(self, now: float) -> list[Keyframe]:
        """Start the dreamer when there is none, and return the keyframes it has announced.

        Raises:
            VJDreamError: what the first dreamer had to say against the settings; a later one only
                has it logged, because the show goes on.
        """
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
            return []
        keyframes = []
        assert self._pipe is not None
        for word in words_of(self._pipe):
            self._heard_at = now
            if isinstance(word, KeyframeRecord):
                keyframe = self._ring.read(word)
                if keyframe is not None:
                    self._last = keyframe
                    self._failures = 0
                    self._proved = True
                    keyframes.append(keyframe)
            elif isinstance(word, Ready):
                self.ready = word
                self._proved = True
            elif isinstance(word, VJDreamError):
                if not self._proved:
                    raise word
                log.error("the dreamer says: %s", word)
        if not self._process.is_alive():
            self._lost(now, f"ended with code {self._process.exitcode}")
        elif now - self._heard_at > SILENCE:
            self._lost(now, f"has been silent for {SILENCE:g} s")
        return keyframes

    def _start(self, now: float) -> None:
        ours, theirs = self._context.Pipe()
        commission = Commission(
            self._settings,
            self._ring.name,
            self._mailbox.name,
            self._ring.width,
            self._ring.height,
            self._ring.write(self._last),  # a child that died writing may have spoilt the slot
            self._epoch,
            self._resets,
            self._rewinds,
        )
        self._process = self._context.Process(
            target=self._entry, args=(commission, theirs), name="vjdream-dreamer", daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        self._heard_at = now
        self.restarts += 1

    def _lost(self, now: float, what: str) -> None:
        self._end_process(0.0)
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        self._start_at = now + pause
        log.warning("the dreamer %s; it starts again from its last picture", what)

    def _end_process(self, patience: float) -> None:
        end(self._process, self._pipe, patience)
        self._pipe = self._process = None
        self.ready = None

    def close(self) -> None:
        self._end_process(0.5)
        self._ring.close(unlink=True)
        self._mailbox.close(unlink=True)
