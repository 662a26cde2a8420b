"""Touches: a message that only repeats itself is nobody's hand on a fader.

A TouchDesigner CHOP sends all its channels sixty times a second, whether they have changed or not.
Were each message a touch, no preset could morph and no other surface could move a value while such
a host is connected. So of the same arguments in quick succession only the first are a touch. A hand
that sends the same value again a little later means it: a button for a class, pressed again. A
sender that has repeated itself quickly many times in a row is a machine, and may pause.
"""

from dataclasses import dataclass

from vjdream.messages import Argument, Message, Sender

QUICK = 0.3
"""Seconds within which the same value again is no touch."""

STILL_PRESSED = 0.1
"""Seconds within which the same trigger again is the same press; no hand is faster."""

MACHINE = 30
"""So many quick repetitions in a row are no hand's."""

PAUSE = 10.0
"""Seconds that a machine may fall silent."""

MOST = 4096
"""Senders times addresses that are remembered."""


@dataclass(slots=True)
class _Last:
    arguments: tuple[Argument, ...]
    time: float
    repeated: int = 0  # how often, quickly and in a row


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
        gap = message.time - last.time
        last.time = message.time
        if gap < (STILL_PRESSED if trigger else QUICK):
            last.repeated += 1
            return True
        if last.repeated >= MACHINE and gap < PAUSE:
            return True
        last.repeated = 0
        return False

    def remember(self, message: Message) -> None:
        """Keep a message that has been used."""
        key = (message.sender, message.address)
        self._last.pop(key, None)  # the newest come last
        self._last[key] = _Last(message.arguments, message.time)
        if len(self._last) > MOST:
            del self._last[next(iter(self._last))]
