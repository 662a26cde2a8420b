"""Keeps the surfaces process alive: the web page, OSCQuery, MIDI. The show never waits for it."""

import logging
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Thread

from vjdream.exchange import SurfacesCommission
from vjdream.stage.child import end, words_of

log = logging.getLogger("vjdream.stage")

FIRST = 1.5
"""Seconds of show time until it starts: the first frames and the dreamer have the cores before."""

PAUSES = (0.5, 2.0, 5.0, 15.0)
"""Seconds until it is started again, when it dies again and again."""

SETTLED = 30.0
"""Seconds after which a process counts as one that works."""

MOST_WORDS = 64
"""Taken at once."""

Entry = Callable[[SurfacesCommission, Connection], None]
Word = tuple[str, object]


class SurfacesKeeper:
    """Owns the surfaces process.

    Args:
        entry: of the child.
    """

    def __init__(self, entry: Entry, commission: SurfacesCommission) -> None:
        self._entry, self._commission = entry, commission
        self._context = multiprocessing.get_context("spawn")
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._starter: Thread | None = None
        self._start_at = FIRST
        self._started_at = 0.0
        self._deaths = 0
        self.restarts = -1

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def poll(self, now: float) -> list[Word]:
        """Start the process when there is none; return what it has to say, as (kind, what)."""
        if self._starter is not None:
            if self._starter.is_alive():
                return []
            self._starter = None
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
            return []
        assert self._pipe is not None
        words: list[Word] = words_of(self._pipe, MOST_WORDS)
        if not self._process.is_alive():
            self._deaths = 0 if now - self._started_at > SETTLED else self._deaths + 1
            pause = PAUSES[min(self._deaths, len(PAUSES) - 1)]
            log.warning("the surfaces ended with code %s, they return", self._process.exitcode)
            self._end(0.0)
            self._start_at = now + pause
        return words

    def _start(self, now: float) -> None:
        """Start the process from a thread: that takes longer than a frame may wait."""
        self._started_at = now
        self._start_at = now + PAUSES[-1]  # should even that fail
        self.restarts += 1
        self._starter = Thread(target=self._spawn, name="surfaces", daemon=True)
        self._starter.start()

    def _spawn(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=self._entry,
            args=(self._commission, theirs),
            name="vjdream-surfaces",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._pipe, self._process = ours, process

    def _end(self, patience: float) -> None:
        end(self._process, self._pipe, patience)
        self._pipe = self._process = None

    def close(self) -> None:
        if self._starter is not None:
            self._starter.join()
        self._end(0.5)
