"""Recording a live show: the stage tells what happens, a thread of its own writes it down.

The stage never waits for a disk. What goes wrong there is told once and ends nothing but the
recording.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from vjdream.errors import OutputError, SessionError
from vjdream.frames import Keyframe, Picture
from vjdream.messages import Told
from vjdream.preset_library import text
from vjdream.presets import Preset
from vjdream.recipe import Recipe
from vjdream.session_writer import SessionWriter
from vjdream.sidecar import SidecarWriter
from vjdream.snapshots import write_snapshot
from vjdream.worker import PATIENCE, Worker

log = logging.getLogger("vjdream")

EVERY = 0.5
"""Seconds between two looks at the disk: what a crash may cost."""

PICTURE = ".png"
"""Suffix of the picture that a recording of a show under way begins with."""

MOST_WAITING = 60
"""Writings that may wait for the disk: half a minute."""


class Recorder:
    """One recording.

    Args:
        worker: writes.
        place: says where it goes, in the recorder's thread.
        began: show time in seconds at which it begins; the session's times count from there.
        picture: what the canvas shows then, for a show that is under way.
    """

    def __init__(
        self,
        worker: Worker,
        place: Callable[[], Path],
        recipe: Recipe,
        began: float = 0.0,
        picture: Picture | None = None,
    ) -> None:
        self._worker = worker
        self._began = self._written = began
        self._messages: list[tuple[float, Told]] = []
        self._entries: list[dict[str, Any]] = []
        self._known: dict[str, Preset] = {}  # presets that are in the sidecar
        self._writer: SessionWriter | None = None
        self._sidecar: SidecarWriter | None = None
        self._opening = worker.submit(lambda: self._open(place, recipe, picture))
        self._waiting: deque[Future[Any]] = deque([self._opening])

    def path(self) -> Path:
        """Return where the recording goes, as soon as that is known.

        Raises:
            SessionError: when it cannot be made.
        """
        return self._opening.result()

    def add(self, now: float, messages: Iterable[Told]) -> None:
        """Take messages as they were applied, at seconds of show time."""
        self._messages += [(now - self._began, message) for message in messages]

    def use(self, now: float, preset: Preset) -> None:
        """Take a preset that was loaded."""
        if self._known.get(preset.name) != preset:
            self._known[preset.name] = preset
            self.happened(now, "preset", preset.name, text=text(preset))

    def shown(self, now: float, keyframe: Keyframe) -> None:
        """Take note of a keyframe."""
        moment = round(now - self._began, 6)
        self._entries.append({"keyframe": moment, "steps": keyframe.steps})

    def happened(self, now: float, what: str, value: Any, **more: Any) -> None:
        """Take note of anything else."""
        self._entries.append({what: value, **more, "time": round(now - self._began, 6)})

    def tell(self, now: float) -> None:
        """Say how late it is, best with every frame.

        Raises:
            SessionError: once, when the disk is full, gone, or too slow.
        """
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft().result()
        if now - self._written < EVERY or not (self._messages or self._entries):
            return
        if len(self._waiting) >= MOST_WAITING:
            raise SessionError("the recording ends here: the disk does not keep up")
        self._written = now
        self._hand_over()

    def end(self, now: float) -> None:
        """End the recording; its disk may take a while longer."""
        self._entries.append({"end": round(now - self._began, 6)})
        self._hand_over()
        self._waiting.append(self._worker.submit(self._close))

    def ended(self) -> bool:
        """Whether the last line has been written."""
        return self._waiting[-1].done()

    def finish(self) -> Path:
        """Wait for the disk; return where the recording is.

        Raises:
            SessionError: when the disk did not take all of it.
        """
        try:
            for job in self._waiting:
                job.result(PATIENCE)
        except TimeoutError:
            raise SessionError("the recording may be cut: the disk does not answer") from None
        return self.path()

    def abandon(self) -> None:
        """End a recording that has failed, without waiting for its disk."""
        self._worker.submit(self._close)

    def _hand_over(self) -> None:
        messages, entries = self._messages, self._entries
        self._waiting.append(self._worker.submit(lambda: self._write(messages, entries)))
        self._messages, self._entries = [], []

    # -- in the thread ----------------------------------------------------------------------------

    def _open(self, place: Callable[[], Path], recipe: Recipe, picture: Picture | None) -> Path:
        path = place()
        with ExitStack() as failing:  # what has been made then has come to nothing
            writer = SessionWriter(path)
            failing.callback(writer.remove)
            sidecar = SidecarWriter(path, recipe)
            failing.callback(sidecar.remove)
            if picture is not None:
                beside = path.with_name(path.name + PICTURE)
                try:
                    write_snapshot(beside, picture, recipe.as_plain())
                except OutputError as error:
                    raise SessionError(str(error)) from None
                sidecar.add({"picture": beside.name})
            sidecar.flush()
            failing.pop_all()
        self._writer, self._sidecar = writer, sidecar
        log.info("recording into %s", path)
        return path

    def _write(self, messages: list[tuple[float, Told]], entries: list[dict[str, Any]]) -> None:
        if self._writer is None or self._sidecar is None:
            return  # they could not be made, which is told already
        for seconds, (address, arguments) in messages:
            self._writer.write(seconds, address, arguments)
        for entry in entries:
            self._sidecar.add(entry)
        self._writer.flush()
        self._sidecar.flush()

    def _close(self) -> None:
        with ExitStack() as closing:
            for file in (self._sidecar, self._writer):
                if file is not None:
                    closing.callback(file.close)
        if self._writer is not None and self._writer.left_out:
            log.warning("messages that no session can hold: %d", self._writer.left_out)
