"""The archive of a live show: the recordings and snapshots that it leaves.

Files are made by threads; what goes wrong with them comes back as a sentence and ends nothing else.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from vjdream.control.outcome import Outcome, Request
from vjdream.control.touches import Touches
from vjdream.errors import SessionError, VJDreamError
from vjdream.exchange import Ready
from vjdream.frames import Keyframe, Picture
from vjdream.messages import Message, Told
from vjdream.parameters import ROOT, TABLE
from vjdream.places import free_place
from vjdream.playback import TAKING
from vjdream.recipe import Recipe
from vjdream.recorder import PICTURE, Recorder
from vjdream.sidecar import SUFFIX
from vjdream.snapshots import write_snapshot
from vjdream.worker import PATIENCE, Worker

log = logging.getLogger("vjdream")

SESSIONS, SNAPSHOTS = ".osc.txt", ".png"

MOST_SNAPSHOTS = 4
"""That wait for the disk; each keeps a picture in memory."""

BETWEEN = 2.0
"""Seconds from the start of one recording to that of the next: each begins with a picture."""


class Archive:
    """Records, and keeps pictures.

    Args:
        folder: for what messages ask for, which may name files but no paths.
        recipe: tells the recipe of the show as it is now.
        picture: returns what the canvas shows now.
    """

    def __init__(
        self, folder: Path, recipe: Callable[[], Recipe], picture: Callable[[], Picture]
    ) -> None:
        self._folder, self._recipe, self._picture = folder, recipe, picture
        self._recorder: Recorder | None = None
        self._ending: list[Recorder] = []
        self._restarts = 0
        self._touches = Touches()
        self._ready: Ready | None = None
        self._worker = Worker("archive")
        self._started_at = -BETWEEN
        self._waiting: list[Future[Path]] = []

    @property
    def recording(self) -> bool:
        return self._recorder is not None

    def record(self, path: Path) -> None:
        """Record into a file from the start of the show.

        Raises:
            SessionError: when it cannot be made.
        """
        self._recorder = Recorder(self._worker, lambda: path, self._recipe())
        try:
            self._recorder.path()
        except SessionError:
            self._give_up()
            raise

    def heard(self, now: float, outcome: Outcome) -> None:
        """Record what a message did, and do what it asked for.

        Raises:
            SessionError: when that cannot be done.
        """
        if self._recorder is not None:
            self._recorder.add(now, self._once(now, outcome.canonical))
            if outcome.preset is not None:
                self._recorder.use(now, outcome.preset)
        if outcome.request is not None:
            self._do(outcome.request, now)

    def _once(self, now: float, messages: Iterable[Told]) -> list[Told]:
        """Leave out what several hands say at the same time, as if it came from one.

        It changes nothing, and whoever replays the recording as one sender is not heard twice.
        """
        new = []
        for address, arguments in messages:
            message = Message(now, address, arguments)
            if not self._touches.repeats(message, trigger=address[len(ROOT) :] not in TABLE):
                self._touches.remember(message)
                new.append((address, arguments))
            if address in TAKING:
                self._touches = Touches()
        return new

    def _do(self, request: Request, now: float) -> None:
        if request.kind == "learn":
            return  # it is the surfaces' business
        if request.kind == "snapshot":
            if len(self._waiting) >= MOST_SNAPSHOTS:
                raise SessionError("no snapshot is taken: the disk is still busy with others")
            keep = partial(self._keep, request.name, self._picture(), self._recipe())
            self._waiting.append(self._worker.submit(keep))
        elif request.kind == "record":
            if self._recorder is not None:
                raise SessionError("the show is being recorded already")
            if self._ending or now - self._started_at < BETWEEN:
                raise SessionError("the recording before has only just been made: start again soon")
            name = request.name or "session"
            place = partial(free_place, self._folder, name, SESSIONS, (SUFFIX, PICTURE))
            self._recorder = Recorder(self._worker, place, self._recipe(), now, self._picture())
            self._started_at, self._ready = now, None
        elif self._recorder is None:
            what = f"the mark '{request.name}' is lost: " if request.kind == "mark" else ""
            raise SessionError(f"{what}nothing is being recorded")
        elif request.kind == "stop":
            self._recorder.end(now)
            self._ending.append(self._recorder)
            self._recorder = None

    def _keep(self, name: str, picture: Picture, about: Recipe) -> Path:
        """Write a snapshot, in its thread."""
        path = free_place(self._folder, name or "snapshot", SNAPSHOTS)
        write_snapshot(path, picture, about.as_plain())
        return path

    def shown(self, now: float, keyframe: Keyframe) -> None:
        """Record that a keyframe has arrived."""
        if self._recorder is not None:
            self._recorder.shown(now, keyframe)

    def tell(self, now: float, restarts: int = 0, ready: Ready | None = None) -> list[str]:
        """Say how late it is and how the dreamer is, with every frame; return what went wrong."""
        restarted, self._restarts = restarts > self._restarts, restarts
        if self._recorder is not None:
            if restarted:
                self._recorder.happened(now, "restart", restarts)
            if ready is not None and ready != self._ready:
                self._ready = ready
                told = {"device": ready.device, "dtype": ready.dtype, "threads": ready.threads}
                self._recorder.happened(now, "ready", told)
        problems = []
        if self._recorder is not None:
            try:
                self._recorder.tell(now)
            except SessionError as error:
                problems.append(str(error))
                self._give_up()
        problems += self._ended()
        problems += self._kept()
        return problems

    def _give_up(self) -> None:
        assert self._recorder is not None
        self._recorder.abandon()
        self._recorder = None

    def _ended(self, wait: bool = False) -> list[str]:
        """What went wrong with recordings that have been ended."""
        problems = []
        for recorder in list(self._ending):
            if wait or recorder.ended():
                self._ending.remove(recorder)
                try:
                    log.info("recorded: %s", recorder.finish())
                except SessionError as error:
                    problems.append(str(error))
        return problems

    def _kept(self, wait: bool = False) -> list[str]:
        """What went wrong with snapshots."""
        problems = []
        for job in list(self._waiting):
            if wait or job.done():
                self._waiting.remove(job)
                try:
                    log.info("snapshot: %s", job.result(PATIENCE))
                except VJDreamError as error:
                    problems.append(str(error))
                except TimeoutError:
                    problems.append("a snapshot may be missing: the disk does not answer")
        return problems

    def close(self, now: float) -> list[str]:
        """Finish what is being written; return what went wrong."""
        if self._recorder is not None:
            self._recorder.end(now)
            self._ending.append(self._recorder)
            self._recorder = None
        problems = self._ended(wait=True) + self._kept(wait=True)
        self._worker.close()
        return problems
