"""The one connection of all surfaces to the stage: plain OSC over UDP, like everybody else's.

One socket speaks and another one subscribes, so the stage takes the first for the author of what it
says and tells the second about every change, our own too: with the value as the stage resolved and
clamped it.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vjdream.clock import Clock
from vjdream.errors import MessageError
from vjdream.messages import Argument, Told
from vjdream.packets import encode_message, parse
from vjdream.parameters import ROOT
from vjdream.surfaces.authors import OPERATORS, Authors, meant
from vjdream.surfaces.newest import Newest

log = logging.getLogger("vjdream.surfaces")

RENEW = 20.0
"""Seconds between two subscriptions; the stage's leases last 60."""

ASK_AGAIN = 2.0
"""Seconds between them while the stage is silent; it reports once a second."""

SILENCE = 3.5
"""Seconds without a word after which it is."""

EVERY = 0.008
"""Seconds between two deliveries: half an output frame at 60 per second."""

AT_ONCE = 64
"""Messages of one delivery to the stage."""

LEARN = ROOT + "midi/learn"
LOCAL = frozenset({LEARN})
"""What surfaces say to one another; the stage is not asked."""

ABOUT_THE_ASKER = frozenset({ROOT + "sync", ROOT + "subscribe"})
"""They would subscribe our own socket; surfaces find the newest values in `Link.values`."""

EVENTS = frozenset({ROOT + "state/error", LEARN})
"""Words that are no values: each one is told, even the same again."""

LARGEST_INTEGER = 2**31 - 1

Callback = Callable[[str, tuple[Argument, ...], str], None]
Heard = tuple[str, tuple[Argument, ...], str | None]
"""Address, arguments and author; None: still to be found out."""


class Link:
    """Speaks to the stage for everyone in this process, and keeps what it says.

    Args:
        port: where the stage listens on this computer.

    Attributes:
        values: the newest of everything heard, by address.
    """

    def __init__(self, port: int, clock: Clock, host: str = "127.0.0.1") -> None:
        self._stage, self._clock = (host, port), clock
        self.values: dict[str, tuple[Argument, ...]] = {}
        self._callbacks: list[Callback] = []
        self._authors = Authors()
        self._speaking: asyncio.DatagramTransport | None = None
        self._hearing: asyncio.DatagramTransport | None = None
        self._heard_at = -math.inf
        self._out: Newest[_Saying] = Newest(self._deliver, EVERY, AT_ONCE)
        self._in: Newest[Heard] = Newest(self._tell, EVERY)
        self._renewing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open both sockets and subscribe; a stage that is not there yet is asked again."""
        loop = asyncio.get_running_loop()
        self._speaking, _ = await loop.create_datagram_endpoint(
            lambda: _Ear(None), remote_addr=self._stage
        )
        self._hearing, _ = await loop.create_datagram_endpoint(
            lambda: _Ear(self._hear), remote_addr=self._stage
        )
        self._renewing = loop.create_task(self._renew())

    async def close(self) -> None:
        """Close both sockets; the lease ends by itself."""
        if self._renewing is not None:
            self._renewing.cancel()
        self._out.close()
        self._in.close()
        for transport in (self._speaking, self._hearing):
            if transport is not None:
                transport.close()
        await asyncio.sleep(0)  # the loop closes them in its next round

    @property
    def silent(self) -> bool:
        """Whether nothing has been heard of the stage for longer than its reports are apart."""
        return self._clock.now() - self._heard_at > SILENCE

    def listen(self, callback: Callback) -> None:
        """Let `callback(address, arguments, author)` be called in the event loop for what is heard.

        `author` is the client whose own change it is, with exactly the value that he sent. It is ""
        for changes of others, and where the stage has made something else of it (a clamped number,
        a resolved word), which its author must hear, too.
        """
        self._callbacks.append(callback)

    def send(self, address: str, *arguments: Argument, author: str) -> None:
        """Send a message to the stage; of a flood of values for one address the newest arrives.

        Args:
            author: which of our clients says it, such as ``web 3``.

        Raises:
            MessageError: for what no OSC message can hold.
        """
        if address in LOCAL:
            self._in.put(None, (address, arguments, author))
            return
        if address in ABOUT_THE_ASKER:
            return
        packet = encode_message(address, types_of(arguments), arguments)
        value = meant(address, arguments)
        relative = not OPERATORS.isdisjoint(a for a in arguments if isinstance(a, str))
        said = (author, address, arguments)  # the same again within a few ms is the same press
        key = address if value is not None else None if relative else said
        self._out.put(key, _Saying(packet, value, author))

    def _deliver(self, sayings: list["_Saying"]) -> None:
        if self._speaking is None or self._speaking.is_closing():
            return
        now = self._clock.now()
        for saying in sayings:
            value = saying.value
            if value is None or not self._authors.says(*value, saying.author, now):
                self._speaking.sendto(saying.packet)

    async def _renew(self) -> None:
        """Subscribe for ever: the stage may start later, or have had no place left."""
        sync = encode_message(ROOT + "sync", "", ())
        asked_at = -math.inf
        while self._hearing is not None:
            now = self._clock.now()
            if self.silent or now - asked_at >= RENEW:
                self._hearing.sendto(sync)
                asked_at = now
            await asyncio.sleep(ASK_AGAIN)

    def _hear(self, packet: bytes) -> None:
        self._heard_at = self._clock.now()
        try:
            messages = parse(packet)
        except MessageError:  # nothing that the stage would send
            return
        for address, arguments in messages:
            if address in EVENTS:
                self._in.put(None, (address, arguments, None))
            elif self.values.get(address) != arguments or self._authors.mistaken(
                address, arguments, self._heard_at
            ):
                self.values[address] = arguments
                self._in.put(address, (address, arguments, None))

    def _tell(self, heard: list[Heard]) -> None:
        now = self._clock.now()
        for address, arguments, author in heard:
            whose = self._authors.of(address, arguments, now) if author is None else author
            for callback in self._callbacks:
                try:
                    callback(address, arguments, whose)
                except Exception:  # one surface must not silence the others
                    log.exception("a surface could not use %s", address)


@dataclass(frozen=True, slots=True)
class _Saying:
    """A message on its way to the stage, and the value that it sets, if it does just that."""

    packet: bytes
    value: Told | None
    author: str


class _Ear(asyncio.DatagramProtocol):
    """Hands datagrams on; a stage that is not there is no error, it may come."""

    def __init__(self, hear: Callable[[bytes], None] | None) -> None:
        self._hear = hear

    def datagram_received(self, data: bytes, addr: object) -> None:
        if self._hear is not None:
            self._hear(data)

    def error_received(self, exc: Exception) -> None:
        return


def types_of(arguments: Sequence[Argument]) -> str:
    """The OSC types that arguments travel as."""
    return "".join(map(_type, arguments))


def _type(argument: Argument) -> str:
    if isinstance(argument, bool):
        return "T" if argument else "F"
    if isinstance(argument, int):
        return "i" if -LARGEST_INTEGER - 1 <= argument <= LARGEST_INTEGER else "h"
    if isinstance(argument, float):
        return "f"
    if isinstance(argument, bytes):
        return "b"
    return "N" if argument is None else "s"
