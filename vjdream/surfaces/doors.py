"""Who is let in: addresses, names, origins, and the PIN of a show that others can reach.

A page anywhere in the web can make a browser send requests to this computer, so requests must name
us as we are called (else a name of the attacker's may point here: DNS rebinding) and WebSockets of
pages must come from our own page. Programs send no Origin; they are as free as OSC over UDP is.
"""

import ipaddress
import re
import secrets
import socket
from collections import OrderedDict
from dataclasses import dataclass

from vjdream.addresses import is_let_in

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what --lan asks for
DIGITS = 6

FIRST_DELAY = 0.5
LONGEST_DELAY = 60.0
"""Seconds that an address waits after a wrong PIN; each further one doubles it."""

FREE_FOR_ALL = 8
LONGEST_FOR_ALL = 10.0
"""So many wrong PINs of all addresses together cost nobody else anything; then all must wait."""

FORGOTTEN = 600.0
"""Seconds after which wrong PINs are forgotten."""

MOST_REMEMBERED = 256
"""Addresses that have given wrong PINs; the oldest is forgotten."""

HOST = re.compile(r"([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE)


def own_names() -> frozenset[str]:
    """What others may call this computer."""
    host = socket.gethostname().lower().rstrip(".").removesuffix(".local")
    return frozenset({"localhost", host, f"{host}.local", advertised_name()})


def advertised_name() -> str:
    """The name that this show announces itself under; one that the system's own does not use."""
    host = socket.gethostname().lower().partition(".")[0]
    return f"vjdream-{host}.local"


@dataclass(frozen=True, slots=True)
class Doors:
    """The rules of one show.

    Args:
        networks: that may come in, as CIDR; none: all that reach us. This computer always may.
        names: that this computer has.
    """

    lan: bool
    networks: tuple[str, ...]
    names: frozenset[str]

    @property
    def host(self) -> str:
        """The address to listen at."""
        return EVERYWHERE if self.lan else LOOPBACK

    def admits(self, address: str) -> bool:
        """Return whether somebody at this address may come in at all."""
        return is_loopback(address) or (self.lan and is_let_in(address, self.networks))

    def knows(self, host: str | None) -> bool:
        """Return whether a Host header means us: by an IP address or one of our names."""
        if host is None:  # no browser leaves it out
            return True
        name = _host_name(host)
        return name is not None and (name in self.names or _is_address(name))

    def own(self, origin: str | None, host: str | None) -> bool:
        """Return whether an Origin header is that of our own page; programs have none."""
        if origin is None:
            return True
        return host is not None and origin.lower() in (
            f"http://{host}".lower(),
            f"https://{host}".lower(),
        )


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _host_name(host: str) -> str | None:
    """Return the name of ``NAME[:PORT]`` in small letters, or None for what is no such thing."""
    found = HOST.fullmatch(host)
    return found[1].lower().strip("[]").rstrip(".") if found else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    last: float = 0.0
    next: float = 0.0  # when the next one is looked at


class Pin:
    """Six digits that the console shows, and the token of browsers that knew them.

    Time is an argument, in seconds of any one clock.
    """

    def __init__(self, digits: str | None = None) -> None:
        self.digits = digits or f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        self._token = secrets.token_urlsafe(32)
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._all = _Tries()

    def wait(self, address: str, now: float) -> float:
        """Return the seconds that this address must wait before another PIN of its is looked at."""
        return max(0.0, self._all.next - now, self._of(address).next - now)

    def token(self, digits: str, address: str, now: float) -> str | None:
        """Return the token for a right PIN, or None; ask `wait` first."""
        if self.wait(address, now) > 0:
            return None
        if secrets.compare_digest(digits.strip().encode(), self.digits.encode()):
            self._tries.pop(address, None)
            return self._token
        tries = self._of(address)
        self._tries[address] = tries
        self._tries.move_to_end(address)
        if len(self._tries) > MOST_REMEMBERED:
            self._tries.popitem(last=False)
        _count(tries, now, 0, LONGEST_DELAY)
        _count(self._all, now, FREE_FOR_ALL, LONGEST_FOR_ALL)
        return None

    def knows(self, token: str) -> bool:
        """Return whether a browser has the token."""
        return secrets.compare_digest(token.encode(), self._token.encode())

    def _of(self, address: str) -> _Tries:
        return self._tries.get(address) or _Tries()


def _count(tries: _Tries, now: float, free: int, longest: float) -> None:
    """Count a wrong PIN and let the next one wait."""
    if now - tries.last > FORGOTTEN:
        tries.wrong = 0
    tries.wrong += 1
    tries.last = now
    if tries.wrong > free:
        doublings = min(tries.wrong - free - 1, 16)
        tries.next = now + min(longest, FIRST_DELAY * 2**doublings)
