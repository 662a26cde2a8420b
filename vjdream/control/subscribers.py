"""Subscribers: who is told about changes, for how long, and who is not because he made them."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from vjdream.messages import Argument, Sender
from vjdream.parameters import ROOT, TABLE, Parameter, State, Value

NORM = f"{ROOT}norm/"
LEASE = 60.0
MOST = 32
ERRORS_PER_SECOND = 5
A_SECOND = 1.05
"""As receivers measure it, whose packets are sometimes late."""

SENT_AT_ONCE = 192
"""Messages of one flush: less than a millisecond."""

Receiver = tuple[str, int]
Send = Callable[[str, Argument, Receiver], None]


class Subscribers:
    """Leases, and what is still to be told to each receiver.

    Changes are collected by `changed` and sent once per address by `flush`, so a flood on one fader
    becomes one message per frame, and many changes for many receivers are spread over frames.
    """

    def __init__(self, send: Send, permanent: Iterable[Receiver] = ()) -> None:
        self._send = send
        self._permanent = tuple(permanent)
        self._leases: dict[Receiver, tuple[float, Receiver]] = {}  # answer to: (until, asker)
        self.advertised: dict[str, int] = {}  # where hosts say that they listen
        self._untold: dict[Receiver, dict[str, Value]] = {}  # by address
        self._along: dict[str, set[Sender]] = {}  # who moves a parameter from 0 to 1
        self._errors_at: list[float] = []

    def subscribe(self, sender: Receiver, port: int, now: float) -> bool:
        """Lease the sender (or another port of its host); False when all places are taken.

        A host that advertises where it listens is told there, too.
        """
        self._expire(now)
        host, own = sender
        ports = [port or own]
        if port == 0 and self.advertised.get(host, own) != own:
            ports.append(self.advertised[host])
        for place in ports:
            if (host, place) not in self._leases and len(self._leases) >= MOST:
                return False
            self._leases[host, place] = (now + LEASE, sender)
        return True

    def heard(self, sender: Sender, now: float, address: str = "") -> None:
        """Renew the leases of a sender: any message of it does."""
        name = address.removeprefix(NORM)
        if name != address and name in TABLE and TABLE[name].numeric:
            users = self._along.setdefault(name, set())
            if len(users) < MOST:
                users.add(sender)
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
        """Let every receiver but the author be told; he has the last word about his own value.

        Who has moved it from 0 to 1 hears of it so, too.
        """
        self.told(parameter.address, value, author)
        if parameter.name in self._along:
            users = self._along[parameter.name]
            self._tell(parameter.norm_address, parameter.normalised(float(value)), author, users)

    def told(self, address: str, value: Value, author: Sender) -> None:
        """Let every receiver but the author be told what an address has come to."""
        self._tell(address, value, author)

    def _tell(
        self, address: str, value: Value, author: Sender, users: set[Sender] | None = None
    ) -> None:
        for receiver in {*self._permanent, *self._leases}:
            if users is not None and not any(self._is(user, receiver) for user in users):
                continue
            untold = self._untold.setdefault(receiver, {})
            if self._is(author, receiver):
                untold.pop(address, None)
            else:
                untold[address] = value

    def _is(self, sender: Sender, receiver: Receiver) -> bool:
        """Whether a sender is who listens there.

        A tablet may send from another port than it listens at; a computer may run both our author
        and another program, so there the port decides.
        """
        if receiver in self._leases:
            return sender in (receiver, self._leases[receiver][1])
        if sender == receiver:
            return True
        host = receiver[0]
        return isinstance(sender, tuple) and sender[0] == host and not host.startswith("127.")

    def sync(
        self,
        state: State,
        preset: str,
        receiver: Receiver,
        more: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        """Let a receiver be told every target once, the name of the preset, and more."""
        untold = self._untold.setdefault(receiver, {})
        untold |= {p.address: state.value(p) for p in TABLE.values()} | dict(more)
        untold[f"{ROOT}state/preset"] = preset
        for name, users in self._along.items():
            if any(self._is(user, receiver) for user in users):
                parameter = TABLE[name]
                value = parameter.normalised(float(state.value(parameter)))
                untold[parameter.norm_address] = value

    def flush(self, now: float) -> None:
        """Send what is still to be told, `SENT_AT_ONCE` messages at most; the rest waits."""
        if not self._untold:
            return
        waiting, self._untold = self._untold, {}
        known, left = set(self.receivers(now)), SENT_AT_ONCE
        for receiver, untold in waiting.items():
            if receiver not in known:
                continue
            for address in list(untold)[:left]:
                self._send(address, untold.pop(address), receiver)
                left -= 1
            if untold:  # who has waited comes first the next time
                self._untold[receiver] = untold

    def report(self, address: str, value: float | int | str, now: float) -> None:
        for receiver in self.receivers(now):
            self._send(address, value, receiver)

    def error(self, sentence: str, now: float, rare: bool = False) -> bool:
        """Tell what was wrong, at most five times a second; return whether it was told.

        Args:
            rare: it happens once and matters; it is told whatever else was wrong.
        """
        self._errors_at = [moment for moment in self._errors_at if now - moment < A_SECOND]
        if len(self._errors_at) >= ERRORS_PER_SECOND and not rare:
            return False
        self._errors_at.append(now)
        for receiver in self.receivers(now):
            self._send(f"{ROOT}state/error", sentence[:500], receiver)
        return True

    def _expire(self, now: float) -> None:
        for receiver in [r for r, (until, _) in self._leases.items() if until < now]:
            del self._leases[receiver]
