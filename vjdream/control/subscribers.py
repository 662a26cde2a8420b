"""Subscribers: who is told about changes, for how long, and who is not because he made them."""

from collections.abc import Callable, Iterable

from vjdream.messages import Argument, Sender
from vjdream.parameters import ROOT, TABLE, Parameter, State, Value

LEASE = 60.0
MOST = 32
ERRORS_PER_SECOND = 5

Receiver = tuple[str, int]
Send = Callable[[str, Argument, Receiver], None]


class Subscribers:
    """Leases, and the feedback of one frame.

    Changes are collected by `changed` and sent once per address by `flush`, so a flood on one fader
    becomes one message per frame.
    """

    def __init__(self, send: Send, permanent: Iterable[Receiver] = ()) -> None:
        self._send = send
        self._permanent = tuple(permanent)
        self._leases: dict[Receiver, tuple[float, Receiver]] = {}  # answer to: (until, asker)
        self._changes: dict[str, tuple[Parameter, Value, Sender]] = {}
        self._errors_at: list[float] = []

    def subscribe(self, sender: Receiver, port: int, now: float) -> bool:
        """Lease the sender (or another port of its host); False when all places are taken."""
        self._expire(now)
        receiver = (sender[0], port or sender[1])
        if receiver not in self._leases and len(self._leases) >= MOST:
            return False
        self._leases[receiver] = (now + LEASE, sender)
        return True

    def heard(self, sender: Sender, now: float) -> None:
        """Renew the leases of a sender: any message of it does."""
        for receiver, (_, asker) in self._leases.items():
            if asker == sender or receiver == sender:
                self._leases[receiver] = (now + LEASE, asker)

    def of(self, sender: Receiver) -> list[Receiver]:
        """Where a sender wants to be answered: at its own port, or wherever it asked for."""
        return [receiver for receiver, (_, asker) in self._leases.items() if asker == sender]

    def receivers(self, now: float) -> list[Receiver]:
        self._expire(now)
        return [*self._permanent, *(r for r in self._leases if r not in self._permanent)]

    def changed(self, parameter: Parameter, value: Value, author: Sender) -> None:
        self._changes[parameter.name] = (parameter, value, author)

    def flush(self, now: float) -> None:
        """Tell every subscriber but the author what has changed since the last flush."""
        if not self._changes:
            return
        for receiver in self.receivers(now):
            asker = self._leases[receiver][1] if receiver in self._leases else receiver
            for parameter, value, author in self._changes.values():
                if author not in (receiver, asker):
                    self._send(parameter.address, value, receiver)
        self._changes.clear()

    def sync(self, state: State, receiver: Receiver) -> None:
        """Send every target once."""
        for parameter in TABLE.values():
            self._send(parameter.address, state.value(parameter), receiver)

    def report(self, name: str, value: float | int, now: float) -> None:
        for receiver in self.receivers(now):
            self._send(f"{ROOT}state/{name}", value, receiver)

    def error(self, sentence: str, now: float) -> bool:
        """Tell what was wrong, at most five times a second; return whether it was told."""
        self._errors_at = [moment for moment in self._errors_at if now - moment < 1.0]
        if len(self._errors_at) >= ERRORS_PER_SECOND:
            return False
        self._errors_at.append(now)
        for receiver in self.receivers(now):
            self._send(f"{ROOT}state/error", sentence[:500], receiver)
        return True

    def _expire(self, now: float) -> None:
        for receiver in [r for r, (until, _) in self._leases.items() if until < now]:
            del self._leases[receiver]
