"""Rendering: a show played in lockstep on a clock of its own, as fast or slow as it may be.

The same settings and the same session give the same bytes. An interrupted render into a folder can
be continued: a checkpoint has what the dreamer, the presenter and the flash limiter have come to.
All else of the show is so quick that it is simply played again up to there.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import vjdream
from vjdream.clock import RealtimeClock, processor_seconds
from vjdream.dream.checkpoint import load_checkpoint, save_checkpoint
from vjdream.dream.dreamer import Dreamer, create_dreamer
from vjdream.errors import OutputError, SessionError, SettingsError, VJDreamError
from vjdream.exchange import Order
from vjdream.inputs import Input, is_live, open_input
from vjdream.opening import Opening, Played, begin
from vjdream.outputs import Output, open_file
from vjdream.performance import Performance
from vjdream.player import Player
from vjdream.settings import Settings
from vjdream.sidecar import Painted

CHECKPOINT = "unfinished.vjdream"
CHECKPOINT_EVERY = 30.0
"""Seconds of work that a crash may cost."""

USUAL_DURATION = 10.0
AFTERMATH = 4.0
"""Seconds for which a session goes on whose end nobody knows: what was asked for last is seen."""

ELSEWHERE = frozenset(
    {
        *("duration", "ndi_name", "osc_port", "lan", "feedback", "outputs"),
        *("preset_folder", "record", "session_folder", "session"),
    }
)
"""Settings that decide about no frame; the session does by what is in it."""

MOST_REASONS = 5
"""Told of messages that could not be used."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a render."""

    frames: int  # that are there
    total: int
    remarks: tuple[str, ...] = ()  # about what could not be played of the session

    @property
    def whole(self) -> bool:
        return self.frames == self.total


def render(
    settings: Settings,
    out: str,
    watch: Callable[[int, int], bool],
    resume: bool = False,
    like_live: bool = False,
) -> Rendered:
    """Render a show into a video, or a folder of PNGs.

    Args:
        watch: hears how many frames of how many are there, and returns whether to go on.
        resume: continue an interrupted render into this folder.
        like_live: paint keyframes when they were ready on the night of the recording, with as
            many steps as were taken then.

    Raises:
        VJDreamError: for whatever cannot be used; a frame that could not be written.
    """
    if settings.source and is_live(settings.source):
        raise SettingsError(
            f"--input {settings.source} is live, so it cannot be rendered - use run, or a picture, "
            "a folder, a video or noise"
        )
    opening = begin(settings)
    total = max(1, round(_duration(settings, opening) * settings.fps))
    checkpoint = _Checkpoint(settings, Path(out), like_live)
    before = checkpoint.load() if resume else None
    with ExitStack() as opened:
        output = opened.enter_context(closing(open_file(out, settings)))
        source: Input | None = None
        if settings.source:
            source = open_input(settings.source, settings.input_size, RealtimeClock())
            opened.callback(source.close)
        dreamer, _ = create_dreamer(settings, source, repeatable=True)
        dreamer.resume(opening.keyframe)
        studio = _Studio(settings, opening, dreamer, like_live)
        done = studio.go_on(before) if before else 0
        if done == 0:
            checkpoint.save(0, {})
        saved, going = processor_seconds(), True
        while going and done < total:
            studio.play(done, output)
            done += 1
            going = watch(done, total)
            late = processor_seconds() - saved >= CHECKPOINT_EVERY
            if done < total and (late or not going):
                checkpoint.save(done, studio.state_dict())
                saved = processor_seconds()
        if done >= total:
            checkpoint.remove()
        return Rendered(done, total, tuple(studio.remarks()))


def _duration(settings: Settings, opening: Opening) -> float:
    """Seconds to render: as asked for, else those of the session."""
    if settings.duration is not None:
        return settings.duration
    played = opening.played
    if played is None:
        return USUAL_DURATION
    if played.sidecar is not None and played.sidecar.duration > 0:
        return played.sidecar.duration
    for _ in played.session.entries():
        pass
    return played.session.duration + AFTERMATH


class _Studio:
    """All pieces of a show that is rendered."""

    def __init__(
        self, settings: Settings, opening: Opening, dreamer: Dreamer, like_live: bool
    ) -> None:
        self._fps, self._dreamer = settings.fps, dreamer
        self._performance = Performance(settings, opening)
        self._buffer = np.zeros((settings.size.height, settings.size.width, 4), np.uint8)
        self._cadence: _AsItWas | _AsAsked = _AsAsked()
        if like_live:
            self._cadence = _AsItWas(opening.played)
        self._session = opening.played.session if opening.played else None
        self._player = None if self._session is None else Player(self._session)
        self._refused: list[str] = []  # reasons, the first ones
        self._refusals = 0

    def play(self, number: int, output: Output) -> None:
        """Make one frame."""
        now = self._move(number)
        for steps in self._cadence.due(now, self._performance):
            order = self._performance.order()
            self._performance.add(self._dreamer.paint(_with_steps(order, steps), now))
        output.send(self._performance.frame(number, self._buffer), now)

    def pass_over(self, number: int) -> None:
        """Go through a frame that is there already."""
        now = self._move(number)
        for _ in self._cadence.due(now, self._performance):
            self._performance.miss()

    def _move(self, number: int) -> float:
        """Let messages, values and camera go on to a frame; return its time."""
        now = float(number / self._fps)
        for message in self._player.until(now) if self._player else ():
            try:
                self._performance.play(message)
            except VJDreamError as error:
                self._refusals += 1
                self._refused += [str(error)] if len(self._refused) < MOST_REASONS else []
        self._performance.advance(now)
        return now

    def go_on(self, before: dict[str, Any]) -> int:
        """Go on from a checkpoint; return the number of frames that are there."""
        frames = int(before["frames"])
        if frames == 0:
            return 0
        for number in range(frames):
            self.pass_over(number)
        performance = self._performance
        self._dreamer.load_state_dict(before["dreamer"])
        performance.presenter.load_state_dict(before["presenter"])
        if performance.limiter is not None:
            performance.limiter.load_state_dict(before["limiter"])
        return frames

    def remarks(self) -> list[str]:
        """What could not be played."""
        remarks = self._session.remarks() if self._session else []
        if self._refusals:
            remarks.append(f"messages that could not be used: {self._refusals}")
        return remarks + self._refused

    def state_dict(self) -> dict[str, Any]:
        """What later frames depend on and is not simply played again."""
        limiter = self._performance.limiter
        return {
            "dreamer": self._dreamer.state_dict(),
            "presenter": self._performance.presenter.state_dict(),
            "limiter": None if limiter is None else limiter.state_dict(),
        }


def _with_steps(order: Order, steps: int | None) -> Order:
    """Return an order for so many steps, however many are asked for."""
    if steps is None:
        return order
    state = replace(order.state, steps=steps) if steps else replace(order.state, hold=True)
    return replace(order, state=state)


class _AsAsked:
    """Keyframes at the cadence that `keyframes` asks for."""

    def __init__(self) -> None:
        self._due = 0.0

    def due(self, now: float, performance: Performance) -> Iterator[None]:
        """Yield once for each keyframe to be painted by `now`."""
        while self._due <= now + 1e-9:
            yield None
            self._due += 1 / performance.current.keyframes


class _AsItWas:
    """Keyframes when they arrived on the night, with the steps that were taken then."""

    def __init__(self, played: Played | None) -> None:
        if played is None or played.sidecar is None:
            raise SessionError(
                "--like-live needs a session that vjdream recorded, with its .jsonl beside it"
            )
        self._painted = played.sidecar.painted()
        self._next: Painted | None = next(self._painted, None)

    def due(self, now: float, performance: Performance) -> Iterator[int]:
        """Yield the steps of each keyframe that had arrived by `now`."""
        while self._next is not None and self._next.time <= now + 1e-6:
            yield self._next.steps
            self._next = next(self._painted, None)


class _Checkpoint:
    """The file in a folder of PNGs from which an interrupted render goes on."""

    def __init__(self, settings: Settings, folder: Path, like_live: bool) -> None:
        self._folder, self._path = folder, folder / CHECKPOINT
        self.possible = not folder.suffix
        choices = (field.name for field in dataclasses.fields(settings))
        self._made_with = {
            **{name: repr(getattr(settings, name)) for name in choices if name not in ELSEWHERE},
            "like_live": repr(like_live),
            "session": _fingerprint(settings.session),
            "vjdream": vjdream.__version__,
        }

    def load(self) -> dict[str, Any] | None:
        """Return where the render before was interrupted; None: nothing is there yet.

        Raises:
            OutputError: when it cannot be continued.
        """
        if not self.possible:
            raise OutputError(f"--resume continues a folder of PNGs, not the video {self._folder}")
        if not self._path.is_file():
            if any(self._folder.glob("frame-*.png")):
                raise OutputError(f"the render in {self._folder} is complete")
            return None
        before = load_checkpoint(self._path)
        with suppress(KeyError, TypeError, AttributeError):
            made_with = before["made_with"]
            other = [name for name, value in self._made_with.items() if made_with[name] != value]
            if not other:
                return before
            raise OutputError(
                f"the render in {self._folder} was begun with another {', '.join(other)} - "
                "give the same options, or another folder"
            )
        raise OutputError(f"{self._path} is no checkpoint of a render")

    def save(self, frames: int, state: dict[str, Any]) -> None:
        """Write down where the render is.

        Raises:
            OutputError: when the disk does not take it.
        """
        if self.possible:
            save_checkpoint(self._path, {"made_with": self._made_with, "frames": frames, **state})

    def remove(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _fingerprint(session: str | None) -> str:
    """Return what tells one session from another, however long it is."""
    if session is None:
        return ""
    with Path(session).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
