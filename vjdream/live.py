"""The stage of a live show: the only output clock, and everything that hangs on it.

OSC in and out, the presenter, the outputs and the supervision of the dreamer. Each frame belongs to
a deadline. The stage wakes shortly before it, hears what has arrived, composes, and hands the frame
to the outputs, which let it go at the deadline; everything that can wait is done after that, in the
slack before the next frame.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vjdream.archive import Archive
from vjdream.clock import Clock
from vjdream.control.osc import OscPort
from vjdream.control.outcome import Outcome
from vjdream.control.subscribers import Subscribers
from vjdream.dream.process import dream_until_told
from vjdream.errors import OutputError, SessionError, VJDreamError
from vjdream.exchange import Preview, SurfacesCommission
from vjdream.messages import Message
from vjdream.opening import begin
from vjdream.outputs import Output, open_output
from vjdream.parameters import CLASS_SLOTS, REPORTS, ROOT, Parameter
from vjdream.performance import Performance
from vjdream.places import session_folder
from vjdream.player import Player
from vjdream.recipe import Recipe, recipe_of
from vjdream.settings import Settings
from vjdream.stage.supervisor import Supervisor
from vjdream.stage.surfaces import SurfacesKeeper
from vjdream.surfaces.entry import serve
from vjdream.words import load_comparison

log = logging.getLogger("vjdream")
rejected_log = logging.getLogger("vjdream.osc.rejected")

BUFFERS = 5
"""Frames in rotation: composing, waiting, two in NDI's hands, one to spare."""

SLOW = 60.0
"""Seconds after which a keyframe no longer counts for the rate."""

PREVIEW_EVERY = 1 / 15
"""Seconds between pictures for those who look at the page."""

MOST_PLAYED = 200
"""Messages of a session in one frame."""

PARSING = 0.0015
"""Seconds of OSC parsing per frame at most; what is left waits in the port's queue."""

EARLIEST = 1.3
"""Periods before its deadline that a frame is begun at most; outputs hold one more frame back."""

PARSING_AT_LEAST = 0.0003
"""Even when a frame begins late."""

DRAINING = 0.001
"""Seconds after a frame for taking what a flood left in the kernel, which would lose the newest."""

DRAINING_A_FLOOD = 0.008
"""The same, while the kernel does lose some: the last of a flood is worth a late frame."""


@dataclass(frozen=True, slots=True)
class Health:
    """What the show knows of itself, once a second."""

    time: float
    fps: float
    keyframes: float
    steps: float
    late: int
    rejected: int
    received: int
    lost: int
    flash: float
    connections: int
    alive: bool
    recording: bool
    restarts: int
    subject: str  # what is dreamt of


class LiveShow:
    """Everything of a running show that belongs to the stage process."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        opening = begin(settings)
        load_comparison()
        opening.library.preload()
        if opening.played is not None:
            opening.played.library.preload()
        self._settings, self._clock = settings, clock
        self.performance = Performance(settings, opening)
        self._session = None if opening.played is None else opening.played.session
        self._player: Player | None = None
        if self._session is not None:
            self._player = Player(self._session, ahead=True, most=MOST_PLAYED)
        folder = settings.session_folder
        self.archive = Archive(
            session_folder() if folder is None else Path(folder),
            self._recipe,
            lambda: self.performance.presenter.newest.picture,
        )
        self.outputs: list[Output] = []
        self._port: OscPort | None = None
        self._supervisor: Supervisor | None = None
        self._surfaces: SurfacesKeeper | None = None
        self._preview: Preview | None = None
        self._previewed_at = 0.0
        self.pin = ""  # that the web page asks other computers for
        try:
            host = "0.0.0.0" if settings.lan else "127.0.0.1"  # noqa: S104 - only with --lan
            self._port = OscPort(host, settings.osc_port, settings.allow)
            for url in settings.outputs or (f"ndi:{settings.ndi_name}",):
                self.outputs.append(open_output(url, settings, clock))
            if settings.record is not None:
                self.archive.record(Path(settings.record))
            self._epoch = clock.now()
            self._supervisor = Supervisor(dream_until_told, settings, opening.keyframe, self._epoch)
            if settings.http_port or settings.midi is not None:
                self._preview = Preview.create()
                told = SurfacesCommission(settings, self._port.port, self._preview.name)
                self._surfaces = SurfacesKeeper(serve, told)
        except BaseException:
            self.close()
            raise
        self.subscribers = Subscribers(self._port.send, settings.feedback)
        size = settings.size
        self._buffers = [np.zeros((size.height, size.width, 4), np.uint8) for _ in range(BUFFERS)]
        for buffer in self._buffers:
            buffer[..., 3] = 255
        self._shown = self._buffers[0]  # the newest frame
        self._lead = float(1 / settings.fps) / 2
        self._hearing = PARSING
        self._lost, self._losing_until = 0, 0.0  # packets that the kernel had no room for
        self._missed = self._rejected = 0
        self._frame_times: deque[float] = deque(maxlen=512)
        self._keyframes: deque[tuple[float, int]] = deque(maxlen=256)
        self._reported_at = 0.0
        self._held = 0.0  # of flashes, at most, since the last report
        self._preset = opening.preset.name

    @property
    def osc_port(self) -> int:
        assert self._port is not None
        return self._port.port

    @property
    def supervisor(self) -> Supervisor:
        assert self._supervisor is not None
        return self._supervisor

    def run(self, until: Callable[[], bool], watch: Callable[[Health], None]) -> None:
        """Play until told to stop; `watch` hears of the show's health once a second."""
        period = float(1 / self._settings.fps)
        duration = self._settings.duration
        number = 0
        self._tend(0.0)  # the dreamer starts loading before the first frame
        while not until() and (duration is None or number * period < duration):
            deadline = self._epoch + (number + 1) * period
            begin = deadline - self._lead
            self._clock.wait_until(begin)
            started = self._clock.now()
            # a frame that begins late hears less: what was said can wait, the frame cannot
            self._hearing = min(PARSING, max(PARSING_AT_LEAST, PARSING - 2 * (started - begin)))
            self._play(number, number * period, deadline)
            self._adapt_lead(self._clock.now() - started, period)
            self._tend(number * period)
            self._report(number * period, watch)
            number += 1
            behind = int((self._clock.now() - self._epoch) / period) - number
            if behind > 0:  # frames whose deadline has passed are not sent in a burst
                self._missed += behind
                number += behind

    def _play(self, number: int, now: float, deadline: float) -> None:
        """Hear, move, compose, send: what must happen before the deadline."""
        assert self._port is not None
        self._follow_session(now)
        for message in self._port.receive(now, self._clock, self._hearing):
            self._hear(message)
        self.performance.advance(now)
        frame = self.performance.frame(number, self._buffers[number % BUFFERS])
        self._shown = frame.picture
        for output in list(self.outputs):
            try:
                output.send(frame, deadline)
            except OutputError as error:
                log.error("%s; this output is closed, the show goes on", error)
                self.outputs.remove(output)
                output.close()
        self._frame_times.append(now)
        if self.performance.limiter is not None:
            self._held = max(self._held, self.performance.limiter.held)

    def _adapt_lead(self, took: float, period: float) -> None:
        """Wake as late as the slowest recent frame allows: the later, the nearer the fader.

        On a busy computer that may be while the frame before still waits for its own deadline.
        """
        self._lead = min(max(1.25 * took + 0.001, 0.997 * self._lead, 0.002), EARLIEST * period)

    def _follow_session(self, now: float) -> None:
        """Apply what a session has for this frame."""
        if self._player is None:
            return
        try:
            for message in self._player.until(now):
                self._apply(message, self.performance.play)
        except SessionError as error:
            self._announce(str(error), now)
        if self._player.over:
            self._player = None
            log.info("the session is over, the show goes on")
            for remark in self._session.remarks() if self._session else ():
                log.warning("%s", remark)

    def _apply(self, message: Message, apply: Callable[[Message], Outcome]) -> Outcome | None:
        """Let a message do what it asks for, and tell the others; None: it was refused."""
        try:
            outcome = apply(message)
            self.archive.heard(message.time, outcome)
        except VJDreamError as error:
            self._reject(error, message.time)
            return None
        author = "" if outcome.derived else message.sender
        for parameter, value in outcome.changes:
            self.subscribers.changed(parameter, value, author)
            if parameter in CLASS_SLOTS:
                self.subscribers.told(*self._slot(parameter), author)
        for note in outcome.notes:
            self._tell(note, message.time)
        return outcome

    def _hear(self, message: Message) -> None:
        subscribers = self.subscribers
        sender = message.sender
        subscribers.heard(sender, message.time, message.address)
        outcome = self._apply(message, self.performance.handle)
        if outcome is None:
            return
        if isinstance(sender, str):
            return
        if outcome.request is not None and outcome.request.kind == "learn":
            subscribers.report(f"{ROOT}midi/learn", outcome.request.name, message.time)
        for parameter in outcome.asked:
            assert self._port is not None
            self._port.send(parameter.address, self.performance.target.value(parameter), sender)
        if outcome.subscribe is not None:
            leased = outcome.sync and bool(subscribers.of(sender))
            if not leased and not subscribers.subscribe(sender, outcome.subscribe, message.time):
                self._tell("all places for subscribers are taken", message.time)
            elif outcome.sync:
                for receiver in subscribers.of(sender):
                    numbers = dict(self._slot(parameter) for parameter in CLASS_SLOTS)
                    subscribers.sync(self.performance.target, self._preset, receiver, numbers)

    def _slot(self, parameter: Parameter) -> tuple[str, int]:
        """Where the class of a region is told as a number, and the number."""
        number = self.performance.dispatcher.vocabulary.index(
            str(self.performance.target.value(parameter))
        )
        return f"{ROOT}slot/{CLASS_SLOTS.index(parameter) + 1}", number

    def _reject(self, error: Exception, now: float) -> None:
        self._rejected += 1
        self._tell(str(error), now)

    def _tell(self, sentence: str, now: float) -> None:
        if self.subscribers.error(sentence, now):
            rejected_log.warning("%s", sentence)

    def _announce(self, sentence: str, now: float) -> None:
        """Tell what went wrong with a file, which no flood of mistakes may hide."""
        self.subscribers.error(sentence, now, rare=True)
        log.error("%s", sentence)

    def _tend(self, now: float) -> None:
        """What can wait until a frame has been handed over."""
        assert self._port is not None
        self.supervisor.order(self.performance.order())
        keyframes = self.supervisor.poll(now)
        for keyframe in keyframes:
            self.performance.add(keyframe)
            self.archive.shown(now, keyframe)
            for region, (slug, share) in enumerate(keyframe.seen, 1):
                self.subscribers.report(f"{ROOT}see/{region}", slug, now)
                self.subscribers.report(f"{ROOT}sure/{region}", share, now)
            self._keyframes.append((now, keyframe.steps))
        preset = self.performance.dispatcher.recall.preset
        if preset != self._preset:
            self._preset = preset
            self.subscribers.report(f"{ROOT}state/preset", preset, now)
        problems = self.performance.dispatcher.recall.library.problems()
        problems += self.archive.tell(now, self.supervisor.restarts, self.supervisor.ready)
        for problem in problems:
            self._announce(problem, now)
        if self._port.lost > self._lost:
            self._lost, self._losing_until = self._port.lost, now + 1.0
        if now < self._losing_until:
            self._port.drain(now, self._clock, DRAINING_A_FLOOD)
        elif not keyframes:  # which take a while themselves
            self._port.drain(now, self._clock, DRAINING)
        self.subscribers.flush(now)
        self._tend_surfaces(now)
        errors, self._port.errors = self._port.errors, []
        for error in errors:
            self._tell(str(error), now)

    def _tend_surfaces(self, now: float) -> None:
        """Keep the surfaces alive, hear them, and show them the picture while somebody looks."""
        if self._surfaces is None or self._preview is None:
            return
        for kind, what in self._surfaces.poll(now):
            if kind == "note":
                log.info("%s", what)
            elif kind == "pin":
                self.pin = str(what)
                log.info("the page asks other computers for the PIN %s", what)
            elif kind == "midi":
                self.subscribers.report(f"{ROOT}state/midi", str(what), now)
            elif kind == "advertised" and isinstance(what, dict):
                self.subscribers.advertised = what
        if now - self._previewed_at >= PREVIEW_EVERY and self._preview.wanted(self._clock.now()):
            self._previewed_at = now
            self._preview.put(self._shown)

    def health(self, now: float) -> Health:
        frames = [moment for moment in self._frame_times if moment > now - 2]
        keyframes = [(moment, steps) for moment, steps in self._keyframes if moment > now - 4]
        if len(keyframes) < 3:  # a slow network: its last few, however long they took
            keyframes = [entry for entry in self._keyframes if entry[0] > now - SLOW][-3:]
        span = keyframes[-1][0] - keyframes[0][0] if len(keyframes) > 1 else 0.0
        state = self.performance.current
        assert self._port is not None
        return Health(
            time=now,
            fps=(len(frames) - 1) / (frames[-1] - frames[0]) if len(frames) > 1 else 0.0,
            keyframes=(len(keyframes) - 1) / span if span > 0 else 0.0,
            steps=sum(steps for _, steps in keyframes[1:]) / (len(keyframes) - 1)
            if span > 0
            else 0.0,
            late=self._missed + sum(output.late for output in self.outputs),
            rejected=self._rejected + self._port.rejected,
            received=self._port.received,
            lost=self._port.dropped + self._port.lost,
            flash=self._held,
            connections=sum(output.connections() for output in self.outputs),
            alive=self.supervisor.alive,
            recording=self.archive.recording,
            restarts=max(0, self.supervisor.restarts),
            subject=" / ".join(dict.fromkeys(state.classes[: state.regions]))
            if state.mode == "class"
            else f"layer {state.layer}",
        )

    def _report(self, now: float, watch: Callable[[Health], None]) -> None:
        if now - self._reported_at < 1.0:
            return
        self._reported_at = now
        health = self.health(now)
        self._held = 0.0
        for report in REPORTS:
            if report.timed:
                number = {"f": float, "i": int}[report.osc_type](getattr(health, report.name))
                self.subscribers.report(report.address, number, now)
        watch(health)

    def close(self) -> None:
        """End the dreamer, the outputs and the port; safe however far the start got."""
        if self._surfaces is not None:
            self._surfaces.close()
        if self._preview is not None:
            self._preview.close(unlink=True)
        if self._supervisor is not None:
            self._supervisor.close()
        for output in self.outputs:
            output.close()
        if self._port is not None:
            self._port.close()
        library = self.performance.dispatcher.recall.library
        library.close()
        for problem in library.problems(wait=True) + self.archive.close(self.performance.time):
            log.error("%s", problem)

    def _recipe(self) -> Recipe:
        """The recipe of the show as it stands."""
        shown = self.performance.dispatcher
        palette, touched = shown.palette.named, shown.values.touched
        return recipe_of(self._settings, shown.target, shown.recall.preset, palette, touched)
