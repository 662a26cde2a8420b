"""HTTP and WebSocket on one port: OSCQuery for hosts, and the web page under ``/ui/``.

GET changes nothing, POST takes nothing but the PIN, and no request names a path.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from vjdream.messages import Argument
from vjdream.surfaces.connections import Entrance, Lobby
from vjdream.surfaces.doors import Doors, is_loopback
from vjdream.surfaces.knowledge import Knowledge
from vjdream.surfaces.link import Link
from vjdream.surfaces.listener import HEARTBEAT, LARGEST_MESSAGE, Listener
from vjdream.surfaces.query import EXTENSIONS, FOUND, answer, read_query
from vjdream.surfaces.rooms import Rooms

LARGEST_BODY = 1024
"""Bytes of a request."""

MOST_LISTENERS, MOST_OF_ONE, FOR_THIS_COMPUTER = 40, 16, 8
"""WebSockets: of all, of one address, and those that others cannot take."""

BACKLOG = 64
KEPT_ALIVE = 20.0
"""Seconds that a connection waits for another request."""

LEAVING = 0.2
"""Seconds that requests may still take when the show ends."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SIGNED = {
    "Server": "vjdream",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without one, browsers hide the Origin of our own forms
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer."""

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'{socket}; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

log = logging.getLogger("vjdream.surfaces")
quiet = logging.getLogger("vjdream.surfaces.aiohttp")
quiet.setLevel(logging.CRITICAL)  # what strangers send wrongly is no news


class Server:
    """The HTTP server of one show.

    Args:
        doors: who may come in.
        rooms: what there is for the web page.
        name: of the show, for HOST_INFO.
        osc_port: of the stage, which hosts may also send to.
    """

    def __init__(
        self,
        link: Link,
        knowledge: Knowledge,
        doors: Doors,
        rooms: Rooms,
        name: str,
        osc_port: int,
        lobby: Lobby | None = None,
    ) -> None:
        self._link, self._knowledge, self._doors, self._rooms = link, knowledge, doors, rooms
        self._name, self._osc_port = name, osc_port
        self._lobby = lobby or Lobby(doors)
        self._listeners: dict[Listener, str] = {}  # with their addresses
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self.port = 0
        link.listen(self._hear)
        knowledge.listen(self._changed)

    async def open(self, port: int) -> None:
        """Listen at a port.

        Raises:
            OSError: when it is taken.
        """
        application = web.Application(
            middlewares=[self._guard], client_max_size=LARGEST_BODY, logger=quiet
        )
        application.on_response_prepare.append(self._sign)
        self._rooms.furnish(application)
        application.router.add_get("/{path:.*}", self._ask)
        self._runner = web.AppRunner(
            application,
            access_log=None,
            logger=quiet,
            keepalive_timeout=KEPT_ALIVE,
            shutdown_timeout=LEAVING,
        )
        await self._runner.setup()
        protocol = self._runner.server
        assert protocol is not None
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Entrance(self._lobby, protocol()), self._doors.host, port, backlog=BACKLOG
        )
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Let everyone go."""
        if self._server is not None:
            self._server.close()
        for listener in list(self._listeners):
            listener.end()
        if self._runner is not None:
            await self._runner.cleanup()

    def _hear(self, address: str, arguments: tuple[Argument, ...], author: str) -> None:
        for listener in self._listeners:
            listener.hear(address, arguments, author)

    def _changed(self, path: str) -> None:
        for listener in self._listeners:
            listener.notice(path)

    # -- at the door ------------------------------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who means us and comes from nowhere else."""
        entrance = Entrance.of(request.transport)
        if entrance is not None:
            entrance.asked()
        hosts = request.headers.getall("Host", [])
        if len(hosts) > 1 or not self._doors.knows(hosts[0] if hosts else None):
            return web.Response(status=403, text="This computer is not called so.\n")
        try:
            return await handler(request)
        except TimeoutError:
            return web.Response(status=408)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            log.exception("a request for %r failed", request.path[:100])
            return web.Response(status=500)

    async def _sign(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Say how browsers are to take an answer."""
        response.headers.update(SIGNED)
        host = request.headers.get("Host", "")
        socket = f" ws://{host}" if host and self._doors.knows(host) else ""
        response.headers.setdefault("Content-Security-Policy", POLICY.format(socket=socket))

    # -- OSCQuery ---------------------------------------------------------------------------------

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._attend(request)
        asked = request.rel_url.raw_path_qs
        if asked == "/" and "text/html" in request.headers.get("Accept", ""):
            return web.Response(status=302, headers={"Location": "/ui/", "Vary": "Accept"})
        found = answer(
            read_query(asked), self._knowledge.tree, self._link.values, self._host_info(request)
        )
        if found.status != FOUND:
            return web.Response(status=found.status)
        return web.Response(text=found.text, content_type="application/json")

    def _host_info(self, request: web.Request) -> dict[str, Any]:
        """Who we are, at the address that the client has reached us by."""
        transport = request.transport
        own = transport.get_extra_info("sockname") if transport is not None else None
        address = own[0] if own else "127.0.0.1"
        return {
            "NAME": self._name,
            "EXTENSIONS": EXTENSIONS,
            "OSC_IP": address,
            "OSC_PORT": self._osc_port,
            "OSC_TRANSPORT": "UDP",
            "WS_IP": address,
            "WS_PORT": self.port,
        }

    async def _attend(self, request: web.Request) -> web.StreamResponse:
        """Serve a WebSocket until it closes."""
        origin = request.headers.get("Origin")
        if not self._doors.own(origin, request.headers.get("Host")):
            return web.Response(status=403, text="Other pages may not talk to this show.\n")
        if origin is not None and not self._rooms.knows(request):
            return self._rooms.ask_for_pin(request)
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT, max_msg_size=LARGEST_MESSAGE, compress=False, timeout=1.0
        )
        entrance, address = Entrance.of(request.transport), request.remote or ""
        if entrance is None or not socket.can_prepare(request):
            return web.Response(status=400)
        if not self._has_room(address):
            return web.Response(status=503, text="Too many listen to this show.\n")
        await socket.prepare(request)
        entrance.stays()
        listener = Listener(
            f"web {next(self._numbers)}",
            socket,
            self._link,
            lambda: self._knowledge.tree,
            self._host_info(request),
            entrance.end,
        )
        self._listeners[listener] = address
        try:
            await listener.attend()
        finally:
            del self._listeners[listener]
        return socket

    def _has_room(self, address: str) -> bool:
        """Whether another WebSocket of this address may be."""
        most = MOST_LISTENERS if is_loopback(address) else MOST_LISTENERS - FOR_THIS_COMPUTER
        own = sum(1 for other in self._listeners.values() if other == address)
        return len(self._listeners) < most and own < MOST_OF_ONE
