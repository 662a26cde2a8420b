"""Ownership: where every value is to arrive, where it is, and who moves it.

A **target** is what feedback, presets and recordings carry. The **current** value follows it by
glide, or by a morph. A parameter that a hand touches leaves the morph, and stays with the hand
until it is released or another look is recalled.
"""

from typing import Literal

from vjdream.control.glide import glide
from vjdream.control.morph import Morph
from vjdream.exchange import Mixes, alone
from vjdream.parameters import CLASS_SLOTS, TABLE, Parameter, State, Value

Owner = Literal["live", "morph", "session"]
Changes = tuple[tuple[Parameter, Value], ...]

LOOK = tuple(p for p in TABLE.values() if p.scope == "look")


class Ownership:
    """All values of one show.

    Attributes:
        under: what moves those that no hand has touched, while a session is played.
    """

    under: "Ownership | None" = None

    def __init__(self, start: State, touched: Changes = ()) -> None:
        """Begin.

        Args:
            touched: what hands hold already, and what it would return to.
        """
        self.target = start
        self.current = start
        self._look = start.with_values(touched)  # recalled last: what is released returns to it
        self._touched: set[str] = {parameter.name for parameter, _ in touched}
        self._morph: Morph | None = None
        self.mixes = self.seen = alone(start)  # seen: what they have drifted to
        self._asked = [0] * len(CLASS_SLOTS)

    @property
    def asked(self) -> list[int]:
        """How often each region's class was asked for."""
        return self._asked

    @property
    def touched(self) -> Changes:
        """What hands hold, with the values of the look that it would return to."""
        return tuple((p, self._look.value(p)) for p in LOOK if p.name in self._touched)

    def owner(self, parameter: Parameter) -> Owner:
        """Who moves a parameter: a hand, or the look that was recalled last."""
        show = parameter.scope == "show"
        return "live" if show or parameter.name in self._touched else "morph"

    def touch(self, parameter: Parameter, value: Value) -> None:
        """Move a parameter by hand."""
        self.target = self.target.with_value(parameter, value)
        if parameter in CLASS_SLOTS:
            self._asked[CLASS_SLOTS.index(parameter)] += 1
        if parameter.scope == "look":
            self._touched.add(parameter.name)

    def recall(self, look: State, seconds: float, now: float) -> Changes:
        """Set out from what is seen now to another look; return the targets that change.

        Values of scope show stay as they are.
        """
        self._touched.clear()
        changes = self._take(look, LOOK)
        self._look = self.target
        self._set_out(seconds, now)
        return changes

    def release(self, now: float) -> Changes:
        """Give back what hands have touched; return the targets that change.

        What is left of a morph under way begins anew from what is seen, with them.
        """
        changes = self._take(self._look, [p for p in LOOK if p.name in self._touched])
        self._touched.clear()
        if changes:
            left = 0.0 if self._morph is None else self._morph.began + self._morph.seconds - now
            self._set_out(left, now)
        return changes

    def _set_out(self, seconds: float, now: float) -> None:
        self._asked = [times + 1 for times in self._asked]
        self._morph = None
        if seconds > 0:
            self._morph = Morph(self.current, self.seen, self.target, now, seconds)

    @property
    def morphing(self) -> bool:
        return self._morph is not None

    def _take(self, look: State, parameters: tuple[Parameter, ...] | list[Parameter]) -> Changes:
        changes = tuple(
            (parameter, look.value(parameter))
            for parameter in parameters
            if self.target.value(parameter) != look.value(parameter)
        )
        self.target = self.target.with_values(changes)
        return changes

    def advance(self, now: float, elapsed: float) -> None:
        """Let the current values follow, up to `now`, by `elapsed` seconds of show time."""
        aim, self.mixes = self._aim(now)
        self.current = glide(self.current, aim, elapsed)

    def _aim(self, now: float) -> tuple[State, Mixes]:
        """What the values glide to at this moment, and what the regions dream of."""
        morph = self._morph
        if morph is None:
            return self.target, alone(self.target)
        if morph.done(now):
            self._morph = None
        aim = morph.aim(self.target, self._touched, now)
        return aim, morph.mixes_at(self.target, self._touched, now)
