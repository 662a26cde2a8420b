"""Touches: a message that only repeats itself is nobody's hand on a fader.

A TouchDesigner CHOP sends all its channels sixty times a second, whether they have changed or not.
Were each message a touch, no preset could morph and no other surface could move a value while such
a host is connected. So the same arguments from the same sender are taken once. A hand that sends
the same value again after a while means it: a button for a class, pressed again. A sender that has
once repeated itself quickly many times is a machine, and its repetitions never mean anything.
"""

from dataclasses import dataclass

from vjdream.messages import Argument, Message, Sender

STILL_THE_SAME = 1.0
"""Seconds within which the same value again is no touch."""

STILL_PRESSED = 0.1
"""Seconds within which the same trigger again is the same press; no hand is faster."""

MACHINE = 10
"""So many quick repetitions are no hand's."""

MOST = 4096
"""Senders times addresses that are remembered."""


@dataclass(slots=True)
class _Last:
    arguments: tuple[Argument, ...]
    time: float
    repeated: int = 0  # how often, quickly


class Touches:
    """Remembers the last message of each sender to each address."""

    def __init__(self) -> None:
        self._last: dict[tuple[Sender, str], _Last] = {}

    def repeats(self, message: Message, trigger: bool) -> bool:
        """Return whether a message only repeats the one before.

        Args:
            trigger: it asks for something to happen, instead of giving a value.
        """
        last = self._last.get((message.sender, message.address))
        if last is None or last.arguments != message.arguments:
            return False
        quick = message.time - last.time < (STILL_PRESSED if trigger else STILL_THE_SAME)
        last.time = message.time
        last.repeated += quick
        return quick or (last.repeated >= MACHINE and not trigger)

    def remember(self, message: Message) -> None:
        """Keep a message that has been used."""
        key = (message.sender, message.address)
        before = self._last.pop(key, None)  # the newest come last
        repeated = 0 if before is None else before.repeated
        self._last[key] = _Last(message.arguments, message.time, repeated)
        if len(self._last) > MOST:
            del self._last[next(iter(self._last))]
