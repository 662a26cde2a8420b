"""Rendering: a show played in lockstep on a clock of its own, as fast or slow as it may be.

The same settings and the same session give the same bytes. An interrupted render into a folder can
be continued: a checkpoint has what the dreamer, the presenter and the flash limiter have come to.
All else of the show is so quick that it is simply played again up to there.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vjdream.clock import RealtimeClock, processor_seconds
from vjdream.dream.dreamer import Dreamer, create_dreamer, thread_count
from vjdream.errors import SessionError, SettingsError, VJDreamError
from vjdream.exchange import Order
from vjdream.inputs import Input, is_live, open_input
from vjdream.opening import Opening, Played, begin
from vjdream.outputs import Output, open_file
from vjdream.performance import Performance
from vjdream.player import Player
from vjdream.resumption import Checkpoint
from vjdream.settings import Settings
from vjdream.sidecar import Painted

CHECKPOINT_EVERY = 30.0
"""Seconds of work that a crash may cost."""

USUAL_DURATION = 10.0
AFTERMATH = 4.0
"""Seconds for which a session goes on whose end nobody knows: what was asked for last is seen."""

PASSED_AT_ONCE = 200
"""Frames that are passed over between two looks whether to stop."""

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
    cadence = _AsItWas(opening.played) if like_live else _AsAsked()
    total = max(1, round(_duration(settings, opening) * settings.fps))
    threads = thread_count(settings)
    checkpoint = Checkpoint(Path(out), settings, opening, like_live=like_live, threads=threads)
    before = None
    if resume:
        before = checkpoint.load(total)
        if before is not None and before["frames"] == total:
            return Rendered(total, total)
    else:
        checkpoint.check_free()
    with ExitStack() as opened:
        source: Input | None = None
        if settings.source:
            source = open_input(settings.source, settings.input_size, RealtimeClock())
            opened.callback(source.close)
        dreamer, _ = create_dreamer(settings, source, repeatable=True)
        dreamer.resume(opening.keyframe)
        studio = _Studio(settings, opening, dreamer, cadence)
        output = opened.enter_context(closing(open_file(out, settings, before is not None)))
        done = 0
        if before is None:
            checkpoint.save(0, {})
        elif before["frames"]:
            done = int(before["frames"])
            if not studio.go_on(before, lambda: watch(done, total)):
                return Rendered(done, total)
        saved, going = processor_seconds(), True
        while going and done < total:
            studio.play(done, output)
            done += 1
            going = watch(done, total)
            late = processor_seconds() - saved >= CHECKPOINT_EVERY
            if done < total and (late or not going):
                checkpoint.save(done, studio.state_dict())
                saved = processor_seconds()
        if done == total:
            checkpoint.remove()
        return Rendered(done, total, tuple(studio.remarks()))


def _duration(settings: Settings, opening: Opening) -> float:
    """Seconds to render: as asked for, else those of the session."""
    if settings.duration is not None:
        return settings.duration
    played = opening.played
    if played is None:
        return USUAL_DURATION
    recorded = played.sidecar.duration if played.sidecar is not None else 0.0
    if played.sidecar is not None and played.sidecar.whole:
        return recorded
    for _ in played.session.entries():
        pass
    return max(recorded, played.session.duration + AFTERMATH)


class _Studio:
    """All pieces of a show that is rendered."""

    def __init__(
        self,
        settings: Settings,
        opening: Opening,
        dreamer: Dreamer,
        cadence: "_AsItWas | _AsAsked",
    ) -> None:
        self._fps, self._dreamer, self._cadence = settings.fps, dreamer, cadence
        self._performance = Performance(settings, opening)
        self._buffer = np.zeros((settings.size.height, settings.size.width, 4), np.uint8)
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
                reason = f"line {message.line}: {error}"
                self._refused += [reason] if len(self._refused) < MOST_REASONS else []
        self._performance.advance(now)
        return now

    def go_on(self, before: dict[str, Any], watch: Callable[[], bool]) -> bool:
        """Go on from a checkpoint; return whether nobody wanted to stop meanwhile."""
        for number in range(int(before["frames"])):
            if number % PASSED_AT_ONCE == 0 and not watch():
                return False
            self.pass_over(number)
        performance = self._performance
        self._dreamer.load_state_dict(before["dreamer"])
        performance.presenter.load_state_dict(before["presenter"])
        if performance.limiter is not None:
            performance.limiter.load_state_dict(before["limiter"])
        return True

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
        """Begin.

        Raises:
            SessionError: for a session that nobody knows this of.
        """
        if played is None or played.sidecar is None:
            raise SessionError(
                "--like-live needs a session that vjdream recorded, with its .jsonl beside it"
            )
        self._held = any(parameter.name == "steps" for parameter, _ in played.held)
        self._painted = played.sidecar.painted()
        self._next: Painted | None = next(self._painted, None)

    def due(self, now: float, performance: Performance) -> Iterator[int | None]:
        """Yield the steps of each keyframe that had arrived by `now`; None: as `--set` says."""
        while self._next is not None and self._next.time <= now + 1e-6:
            yield None if self._held and self._next.steps else self._next.steps
            self._next = next(self._painted, None)
