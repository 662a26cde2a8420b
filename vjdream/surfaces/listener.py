"""One OSCQuery client at its WebSocket: what it listens to, says, and is still to hear.

It hears the newest value of each address, when it can take it; one that reads nothing for a while
is let go. It does not hear back what it said itself.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from vjdream.errors import MessageError
from vjdream.messages import Argument
from vjdream.packets import encode_message, parse
from vjdream.parameters import ROOT
from vjdream.surfaces.link import EVENTS, Link, types_of
from vjdream.surfaces.query import FOUND, Query, Wish, read_text
from vjdream.surfaces.query import answer as answered
from vjdream.surfaces.tree import Tree

log = logging.getLogger("vjdream.surfaces")

LARGEST_MESSAGE = 65536
"""Bytes: a bundle of all parameters, or a text that asks to listen to all of them."""

HEARTBEAT = 20.0
"""Seconds between two pings; who answers none of them is gone."""

WRITING = 5.0
"""Seconds that a client may need to take what it is sent."""

MOST_WAITING = 1024
"""Messages that wait for one client; there are fewer addresses."""

SYNC = ROOT + "sync"


class Listener:
    """One client.

    Args:
        name: that its changes are known by, such as ``web 3``.
        tree: the newest one.
        host: what HOST_INFO is answered with.
        end: ends the connection at once.
    """

    def __init__(
        self,
        name: str,
        socket: web.WebSocketResponse,
        link: Link,
        tree: Callable[[], Tree],
        host: dict[str, Any],
        end: Callable[[], None],
    ) -> None:
        self.name = name
        self._socket, self._link, self._tree, self._host = socket, link, tree, host
        self.end = end
        self._listening: set[str] = set()
        self._waiting: dict[str | int, tuple[str, tuple[Argument, ...]]] = {}
        self._events = 0
        self._woken = asyncio.Event()
        self._notices: dict[str, None] = {}  # paths that have changed

    async def attend(self) -> None:
        """Serve the client until it goes, or has to."""
        telling = asyncio.create_task(self._tell())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._read_text(message.data)
                elif message.type is WSMsgType.BINARY:
                    self._read_packet(message.data)
                await asyncio.sleep(0)  # others have a turn, however much this one says
        except (TimeoutError, ConnectionError):
            self.end()
        finally:
            telling.cancel()

    def hear(self, address: str, arguments: tuple[Argument, ...], author: str) -> None:
        """Let the client hear a change, unless it is its own."""
        if author == self.name:
            self._waiting.pop(address, None)  # it has said something newer
        elif address in self._listening:
            self._put(address, arguments)

    def notice(self, path: str) -> None:
        """Let the client know that a part of the tree is no longer what it was."""
        self._notices[path] = None
        self._woken.set()

    # -- what the client says ---------------------------------------------------------------------

    async def _read_text(self, text: str) -> None:
        for said in read_text(text):
            if isinstance(said, Wish):
                self._grant(said)
            else:
                await self._answer(said)

    def _grant(self, wish: Wish) -> None:
        method = self._tree().methods.get(wish.path)
        if wish.command == "IGNORE":
            self._listening.discard(wish.path)
        elif method is not None:
            self._listening.add(wish.path)
            if wish.path in self._link.values:  # it may have changed since the client asked
                self._put(wish.path, self._link.values[wish.path])

    async def _answer(self, query: Query) -> None:
        answer = answered(query, self._tree(), self._link.values, self._host)
        if answer.status == FOUND:
            async with asyncio.timeout(WRITING):
                await self._socket.send_str(answer.text)

    def _read_packet(self, packet: bytes) -> None:
        """Send on what the client says; what is no OSC is passed over."""
        try:
            for address, arguments in parse(packet):
                if address == SYNC:
                    self._sync()
                else:
                    given = () if arguments == (None,) else arguments  # a trigger's nil
                    self._link.send(address, *given, author=self.name)
        except MessageError as error:
            log.debug("%s: %s", self.name, error)

    def _sync(self) -> None:
        """Let it hear all values, whether it listens or not."""
        for address, arguments in self._link.values.items():
            if address not in EVENTS:
                self._put(address, arguments)

    # -- what the client is told ------------------------------------------------------------------

    def _put(self, address: str, arguments: tuple[Argument, ...]) -> None:
        key: str | int = address
        if address in EVENTS:
            self._events += 1
            key = self._events
        self._waiting[key] = address, arguments
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._woken.set()

    async def _tell(self) -> None:
        """Send what waits, as fast as the client takes it."""
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                while self._notices or self._waiting:
                    async with asyncio.timeout(WRITING):
                        await self._tell_next()
        except (TimeoutError, ConnectionError):
            self.end()

    async def _tell_next(self) -> None:
        if self._notices:
            path = next(iter(self._notices))
            del self._notices[path]
            await self._socket.send_str(json.dumps({"COMMAND": "PATH_CHANGED", "DATA": path}))
            return
        key = next(iter(self._waiting))
        address, arguments = self._waiting.pop(key)
        await self._socket.send_bytes(encode_message(address, types_of(arguments), arguments))
