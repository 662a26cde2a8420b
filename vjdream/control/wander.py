"""Wander: classes and camera drift by themselves, around what the faders say.

The camera's rates are moved by sums of two waves whose periods share no beat, so it never sways in
a rhythm. Each region has a walk of its own: when it has gone far enough, the region takes another
class of the palette, and the classes change by their shares. What a hand or a preset asks for is
seen at once and given its time; while a morph is under way, walks stand still. Targets are never
touched.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vjdream.control.morph import mixed
from vjdream.exchange import Mix, Mixes
from vjdream.parameters import TABLE, State

CHANGE_EVERY = 12.0
"""Seconds until a region takes another class, at full wander."""

FADE = 4.0
"""Seconds in which one class gives way to another."""

SWAYS = (
    # address, largest change, periods of its two waves in seconds
    ("rotate", 8.0, (31.0, 47.0)),  # degrees per second
    ("pan/x", 0.05, (23.0, 37.0)),  # heights per second
    ("pan/y", 0.04, (29.0, 41.0)),
)
ZOOM, ZOOM_PERIODS = 0.5, (43.0, 67.0)
"""The zoom's logarithm goes from half to one and a half times its own."""

Choose = Callable[[tuple[str, ...]], str]
"""Returns a class that is none of those that are seen, where there is one."""


@dataclass(slots=True)
class _Walk:
    """One region's own way."""

    asked: int  # how often a class has been asked for
    way: float  # to the next class, 0..1
    shown: str
    before: Mix = ()
    share: float = 1.0  # of `shown`


class Wander:
    """The drift of one show; the same show drifts the same way."""

    def __init__(self, state: State, choose: Choose) -> None:
        self._choose = choose
        self._time = 0.0
        # regions take their turns, the first ones soon
        self._walks = [_Walk(0, 0.25 * (3 - i), c) for i, c in enumerate(state.classes)]

    def drifted(
        self,
        state: State,
        mixes: Mixes,
        elapsed: float,
        asked: Sequence[int] = (0, 0, 0, 0),
        morphing: bool = False,
    ) -> tuple[State, Mixes]:
        """Return what `state` and its regions' classes have drifted to.

        Args:
            elapsed: seconds of show time since the last call.
            asked: how often each region's class has been asked for.
            morphing: a morph is under way, which knows the classes better.
        """
        amount = state.wander
        self._time += elapsed
        for place, walk in enumerate(self._walks):
            if asked[place] != walk.asked:
                self._walks[place] = walk = _Walk(asked[place], 0.0, state.classes[place])
            if not morphing:
                own = amount if place < state.regions else 0.0
                self._go(walk, state.classes[place], own, elapsed, state.regions)
        if amount <= 0 and all(walk.share >= 1 for walk in self._walks):
            return state, mixes
        first, second, third, fourth = (
            _mix(walk, asked_for, mix)
            for walk, asked_for, mix in zip(self._walks, state.classes, mixes, strict=True)
        )
        shown = [walk.shown for walk in self._walks]
        state = replace(
            state, class_1=shown[0], class_2=shown[1], class_3=shown[2], class_4=shown[3]
        )
        return self._swayed(state, amount), (first, second, third, fourth)

    def _go(self, walk: _Walk, asked: str, amount: float, elapsed: float, regions: int) -> None:
        """Let one region go on."""
        walk.share = min(1.0, walk.share + elapsed / FADE)
        if amount <= 0:
            if walk.shown != asked and walk.share >= 1:
                self._turn(walk, asked)
            return
        walk.way += elapsed * amount / CHANGE_EVERY
        if walk.way >= 1 and walk.share >= 1:
            walk.way -= math.floor(walk.way)
            seen = tuple(w.shown for w in self._walks[:regions])
            chosen = self._choose(seen)
            if chosen not in seen:  # a small palette has nothing else to show
                self._turn(walk, chosen)

    @staticmethod
    def _turn(walk: _Walk, slug: str) -> None:
        walk.before, walk.shown, walk.share = ((walk.shown, 1.0),), slug, 0.0

    def _swayed(self, state: State, amount: float) -> State:
        for name, largest, periods in SWAYS:
            parameter = TABLE[name]
            value = float(state.value(parameter)) + amount * largest * self._wave(periods)
            state = state.with_value(
                parameter, min(max(value, parameter.minimum), parameter.maximum)
            )
        zoom, limits = state.zoom ** (1 + ZOOM * amount * self._wave(ZOOM_PERIODS)), TABLE["zoom"]
        return replace(state, zoom=min(max(zoom, limits.minimum), limits.maximum))

    def _wave(self, periods: tuple[float, float]) -> float:
        """From -1 to 1; it begins at 0."""
        return sum(math.sin(2 * math.pi * self._time / period) for period in periods) / 2


def _mix(walk: _Walk, asked: str, mix: Mix) -> Mix:
    """A region that shows what was asked for may be on its way there by a morph."""
    if walk.share < 1:
        return mixed(walk.before, walk.shown, walk.share)
    return mix if walk.shown == asked else ((walk.shown, 1.0),)
