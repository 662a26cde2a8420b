"""Morphs: the way from what is seen now to another look, in a given time.

Numbers travel along their own curve and the short way round where they wrap, slowly at both ends.
Choices and whole numbers change at the start. Classes change by their shares: the old one counts
less and less, the new one more and more.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from vjdream.exchange import Mix, Mixes
from vjdream.parameters import CLASS_SLOTS, TABLE, Parameter, State

SMALLEST_SHARE = 0.01
MOST_CLASSES = 8
"""Of one region: presets that follow one another quickly would pile them up."""


@dataclass(frozen=True, slots=True)
class Morph:
    """From one look to another.

    Attributes:
        start: what is seen when it begins; `mixes` has its classes.
        goal: what it arrives at.
        began: in seconds of show time.
        seconds: how long it takes, above 0.
    """

    start: State
    mixes: Mixes
    goal: State
    began: float
    seconds: float
    _moving: tuple[Parameter, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        moving = (
            p
            for p in TABLE.values()
            if p.kind == "continuous"
            and p.scope == "look"
            and self.start.value(p) != self.goal.value(p)
        )
        object.__setattr__(self, "_moving", tuple(moving))

    def progress(self, now: float) -> float:
        """How much of the way is done, 0..1: a smoothstep of time."""
        t = min(max((now - self.began) / self.seconds, 0.0), 1.0)
        return t * t * (3 - 2 * t)

    def done(self, now: float) -> bool:
        return now >= self.began + self.seconds

    def aim(self, target: State, touched: Collection[str], now: float) -> State:
        """Return `target` with the values of this moment, except where a hand has touched them."""
        share = self.progress(now)
        values: dict[str, Any] = {
            p.attribute: p.between(float(self.start.value(p)), float(self.goal.value(p)), share)
            for p in self._moving
            if p.name not in touched
        }
        return replace(target, **values)

    def mixes_at(self, target: State, touched: Collection[str], now: float) -> Mixes:
        """Return what each region dreams of at this moment."""
        share = self.progress(now)
        first, second, third, fourth = (
            ((slug, 1.0),) if slot.name in touched else mixed(before, slug, share)
            for slot, before, slug in zip(CLASS_SLOTS, self.mixes, target.classes, strict=True)
        )
        return first, second, third, fourth


def mixed(before: Mix, slug: str, share: float) -> Mix:
    """Return `before` with so much of a class in place of the rest; the shares sum to 1."""
    shares = {name: part * (1 - share) for name, part in before}
    shares[slug] = shares.get(slug, 0.0) + share
    largest = sorted(shares.items(), key=lambda entry: -entry[1])[:MOST_CLASSES]
    kept = [entry for entry in largest if entry[1] >= SMALLEST_SHARE]
    whole = sum(part for _, part in kept)
    return tuple((name, part / whole) for name, part in kept)
