"""One performance: messages become state, state and camera become frames.

It knows no wall clock, no socket and no process: it is told the time in seconds of show time, given
messages and keyframes, and fills frames. The live show and the offline render both drive it.
"""

from random import Random
from typing import Any
from xml.sax.saxutils import quoteattr

from vjdream.camera import Rates
from vjdream.control.dispatch import Dispatcher
from vjdream.control.outcome import Outcome
from vjdream.control.ownership import Ownership
from vjdream.control.recall import Wishes
from vjdream.control.wander import Wander
from vjdream.exchange import Mixes, Order
from vjdream.frames import Frame, Keyframe, Picture
from vjdream.messages import Message
from vjdream.opening import Opening
from vjdream.parameters import TABLE, State
from vjdream.playback import Playback
from vjdream.settings import Settings
from vjdream.stage.flash import FlashLimiter
from vjdream.stage.grade import apply_grade
from vjdream.stage.presenter import Presenter

AT_REST = 4.5
"""Seconds without a keyframe after which a camera is as good as still."""

SETTING_OFF = 4.0
"""How many times faster than it came to rest it sets off again."""


class Performance:
    """The state, the camera and the presenter of one show."""

    def __init__(self, settings: Settings, opening: Opening) -> None:
        first, preset = opening.keyframe, opening.preset
        wishes = Wishes()
        self._playback = None if opening.played is None else Playback(opening, wishes)
        values = Ownership(opening.state) if self._playback is None else self._playback.hands
        state = values.current
        self.dispatcher = Dispatcher(
            opening.vocabulary,
            state,
            opening.library,
            preset.name,
            values=values,
            wishes=wishes,
        )
        palette = self.dispatcher.palette
        palette.named = preset.palette
        dice = Random(settings.seed)
        self._wander = Wander(state, lambda seen: palette.other(seen, dice))
        self.presenter = Presenter(settings.size, first)
        self.limiter = None if settings.allow_flashing else FlashLimiter(settings.size)
        self.current = state
        self.viewpoint = first.viewpoint
        self.rates = Rates()
        self.time = first.time
        self._arrived_at = first.time  # the newest keyframe
        self._age = 0.0
        self._described: tuple[State, str] | None = None

    @property
    def target(self) -> State:
        return self.dispatcher.target

    @property
    def mixes(self) -> Mixes:
        """What the regions dream of now."""
        return self.dispatcher.values.seen

    def handle(self, message: Message) -> Outcome:
        """Apply one message.

        Raises:
            VJDreamError: when it cannot be used; nothing has changed.
        """
        if self._playback is None:
            return self.dispatcher.apply(message)
        return self._playback.handle(message, self.dispatcher)

    def play(self, message: Message) -> Outcome:
        """Apply one message of the session; what hands hold stays with them.

        Raises:
            VJDreamError: when it cannot be used; nothing has changed.
        """
        assert self._playback is not None
        return self._playback.play(message, self.dispatcher)

    def advance(self, now: float) -> None:
        """Let values glide and the camera travel up to `now`."""
        elapsed = now - self.time
        self.time = now
        values = self.dispatcher.values
        values.advance(now, elapsed)
        self.current, values.seen = self._wander.drifted(
            values.current, values.mixes, elapsed, values.asked, values.morphing
        )
        state = self.current
        rates = Rates.from_units(state.zoom, state.rotate, state.pan_x, state.pan_y)
        # a keyframe after a stall sets the camera off again, but not with a jerk
        age = now - self._arrived_at
        self._age = max(age, min(self._age, AT_REST) - elapsed * SETTING_OFF)
        self.rates = rates.eased(self._age)
        self.viewpoint = self.viewpoint.moved(self.rates.over(elapsed))

    def add(self, keyframe: Keyframe) -> None:
        """Let a new keyframe fade in."""
        self.miss()
        self.presenter.add(keyframe, self.time, 1 / self.current.keyframes)

    def miss(self) -> None:
        """Take note of a keyframe whose picture the presenter has already."""
        self._arrived_at = self.time

    def order(self) -> Order:
        """What the dreamer should know now."""
        wishes = self.dispatcher.recall.wishes
        return Order(
            self.current,
            self.viewpoint,
            self.rates,
            self.time,
            self.mixes,
            wishes.resets,
            wishes.rewind,
        )

    def frame(self, number: int, out: Picture) -> Frame:
        """Fill `out` with the frame of the time last advanced to."""
        self.presenter.compose(self.viewpoint, self.time, out)
        apply_grade(out, self.current)
        if self.limiter is not None:
            dark = self.current.blackout or self.current.master <= 0
            self.limiter.limit(out, self.time, dark)
        return Frame(out, number, self.time, self._metadata())

    def _metadata(self) -> str:
        """The targets as XML; made anew only when one has changed."""
        if self._described is None or self._described[0] is not self.target:
            values = " ".join(
                f"{p.name.replace('/', '.')}={quoteattr(_text(self.target.value(p)))}"
                for p in TABLE.values()
            )
            self._described = (self.target, f"<vjdream {values}/>")
        return self._described[1]


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
