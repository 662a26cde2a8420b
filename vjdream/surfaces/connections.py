"""Connections of the HTTP server: how many there may be, and how long one may take.

aiohttp sets no limits to clients that send their headers byte by byte or never read what they asked
for, so each connection has a moment by which it must have asked for something (again).
"""

import asyncio
from collections import Counter
from typing import Self

from vjdream.surfaces.doors import Doors, is_loopback

MOST = 128
MOST_OF_ONE = 48
"""Connections of one address; a browser opens six, a host perhaps one for each request."""

FOR_THIS_COMPUTER = 32
"""Connections that others cannot take: who plays here is never locked out."""

FIRST_REQUEST = 10.0
"""Seconds from the connection to the end of its first headers."""

NEXT_REQUEST = 30.0
"""Seconds from one request to the next: for its answer to be read, and headers to arrive."""

NO_SLASH = b"GET ?"
"""How Chataigne may ask for HOST_INFO, which is no HTTP."""


class Lobby:
    """Counts connections.

    Args:
        patience: seconds from the connection to the first request, and from one to the next.
    """

    def __init__(
        self, doors: Doors, patience: tuple[float, float] = (FIRST_REQUEST, NEXT_REQUEST)
    ) -> None:
        self._doors = doors
        self._of: Counter[str] = Counter()
        self.total = 0
        self.patience = patience

    def enter(self, address: str) -> bool:
        """Return whether an address may connect; it must `leave` then."""
        most = MOST if is_loopback(address) else MOST - FOR_THIS_COMPUTER
        full = self.total >= most or self._of[address] >= MOST_OF_ONE
        if full or not self._doors.admits(address):
            return False
        self.total += 1
        self._of[address] += 1
        return True

    def leave(self, address: str) -> None:
        self.total -= 1
        self._of[address] -= 1
        if not self._of[address]:
            del self._of[address]


class Entrance(asyncio.Protocol):
    """Stands before aiohttp's protocol for one connection and looks at the watch.

    A handler finds it with `of`, and says when a request begins or stays for long.
    """

    def __init__(self, lobby: Lobby, inside: asyncio.Protocol) -> None:
        self._lobby, self._inside = lobby, inside
        self._address: str | None = None
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._begun = b""  # of what is received, until it is known how it begins
        self._started = False

    @classmethod
    def of(cls, transport: asyncio.BaseTransport | None) -> Self | None:
        """Return the entrance that a connection came through."""
        protocol = transport.get_protocol() if isinstance(transport, asyncio.Transport) else None
        return protocol if isinstance(protocol, cls) else None

    def asked(self) -> None:
        """A request has arrived whole."""
        self._expect(self._lobby.patience[1])

    def stays(self) -> None:
        """From now on the handler looks after how long this takes."""
        if self._deadline is not None:
            self._deadline.cancel()

    def _expect(self, seconds: float) -> None:
        self.stays()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.end)

    def end(self) -> None:
        """End the connection at once, whatever is still to be sent."""
        if self._transport is not None:
            self._transport.abort()

    # -- asyncio's side ---------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        if self._lobby.enter(address):
            self._address = address
            self._expect(self._lobby.patience[0])
            self._inside.connection_made(transport)
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stays()
        if self._address is not None:
            self._lobby.leave(self._address)
            self._address = None
            self._inside.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._address is None:
            return
        if not self._started:
            data = self._begun + data
            if NO_SLASH.startswith(data) and data != NO_SLASH:
                self._begun = data
                return
            self._started = True
            if data.startswith(NO_SLASH):
                data = b"GET /" + data[len(b"GET ") :]
        self._inside.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inside.eof_received() if self._address is not None else None

    def pause_writing(self) -> None:
        self._inside.pause_writing()

    def resume_writing(self) -> None:
        self._inside.resume_writing()
