"""Whose change it was that the stage tells: it takes all surfaces for one.

What an author sent a moment ago is remembered; a change that comes back with just that value is
his own. A fader that moves quickly hears its values late, so all of the last half second count.
"""

import math
from dataclasses import dataclass

from vjdream.messages import Argument, Told
from vjdream.parameters import COMMANDS, ROOT, TABLE

OWN = 0.5
"""Seconds within which a change that comes back is taken for that of its author."""

QUICK = 0.3
"""Seconds within which the same value again of the same author says nothing new."""

MOST_SAID = 128
"""Values for one address that are remembered: a fast fader's half second."""

MOST_ADDRESSES = 512

NORM = ROOT + "norm/"
VALUES = frozenset({*(p.address for p in TABLE.values()), *COMMANDS["slot"].addresses})
"""Addresses that are set and told."""

OPERATORS = frozenset(("+", "-", "*", "!", "?", "a", ""))


@dataclass(slots=True)
class _Said:
    author: str
    arguments: tuple[Argument, ...]
    time: float


class Authors:
    """Remembers who said what; time is an argument, in seconds of any one clock."""

    def __init__(self) -> None:
        self._said: dict[str, list[_Said]] = {}

    def says(self, address: str, arguments: tuple[Argument, ...], author: str, now: float) -> bool:
        """Remember what an author sends; return whether it only repeats what he said last.

        A host that sends its values again and again holds no fader: the stage would see that, were
        it not for other authors who speak at the same socket.
        """
        said = self._said.pop(address, [])
        last = next((entry for entry in reversed(said) if entry.author == author), None)
        if last is not None and last.arguments == arguments and now - last.time < QUICK:
            last.time = now
            self._said[address] = said
            return True
        said = [entry for entry in said if now - entry.time <= OWN]
        self._said[address] = [*said, _Said(author, arguments, now)][-MOST_SAID:]
        if len(self._said) > MOST_ADDRESSES:
            del self._said[next(iter(self._said))]
        return False

    def of(self, address: str, arguments: tuple[Argument, ...], now: float) -> str:
        """Return whose change this is, or "" for one of others, or that became something else."""
        for said in reversed(self._said.get(address, ())):
            if now - said.time <= OWN and same(said.arguments, arguments):
                return said.author
        return ""

    def mistaken(self, address: str, arguments: tuple[Argument, ...], now: float) -> bool:
        """Return whether somebody said something else a moment ago: clamped back to what it was."""
        said = self._said.get(address, ())
        return any(now - e.time <= OWN and not same(e.arguments, arguments) for e in said)


def meant(address: str, arguments: tuple[Argument, ...]) -> Told | None:
    """Return which value a message sets and to what, or None when it is no plain value.

    ``/vjdream/norm/…`` sets the value itself; ``"+" 0.1`` means something else each time.
    """
    if len(arguments) != 1:
        return None
    (argument,) = arguments
    if isinstance(argument, bytes) or argument is None or argument in OPERATORS:
        return None
    if address.startswith(NORM):
        parameter = TABLE.get(address[len(NORM) :])
        if parameter is None or not parameter.numeric or isinstance(argument, str):
            return None
        if not math.isfinite(argument):
            return None
        fitted = min(max(float(argument), 0.0), 1.0)
        value, _ = parameter.number(parameter.denormalised(fitted))
        return parameter.address, (value,)
    return (address, arguments) if address in VALUES else None


def same(one: tuple[Argument, ...], other: tuple[Argument, ...]) -> bool:
    """Whether two values are the same as far as OSC's floats of 32 bits can tell."""
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Argument, other: Argument) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return one == other
