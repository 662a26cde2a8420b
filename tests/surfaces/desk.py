"""A whole HTTP server of the tests, with a stage behind it, on ports that are free."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.osc_client import read
from tests.surfaces.fake_stage import FakeStage
from vjdream.clock import RealtimeClock
from vjdream.surfaces.connections import Lobby
from vjdream.surfaces.doors import Doors, Pin
from vjdream.surfaces.http import Server
from vjdream.surfaces.knowledge import Knowledge
from vjdream.surfaces.link import Link
from vjdream.surfaces.preview import Look
from vjdream.surfaces.rooms import Rooms
from vjdream.surfaces.shelf import Sheet

NAMES = frozenset({"localhost", "stagebox.local"})
SHEETS = {
    "": Sheet("text/html", b"<title>page</title>"),
    "main.js": Sheet("text/javascript", b"begin()"),
    "icon.png": Sheet("image/png", b"png"),
}


@dataclass
class Desk:
    """What a test plays on."""

    stage: FakeStage
    link: Link
    knowledge: Knowledge
    server: Server
    lobby: Lobby
    client: aiohttp.ClientSession

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def get(self, path: str, **more: Any) -> tuple[int, Any]:
        """Return status and JSON, or None where there is none."""
        async with self.client.get(self.address + path, **more) as answer:
            return answer.status, await answer.json() if answer.content_length else None

    async def status(self, method: str, path: str, **more: Any) -> int:
        async with self.client.request(
            method, self.address + path, allow_redirects=False, **more
        ) as answer:
            return answer.status

    async def socket(self, **headers: str) -> aiohttp.ClientWebSocketResponse:
        return await self.client.ws_connect(self.address + "/", headers=headers)

    async def heard(self, address: str) -> None:
        """Wait until the link knows a value."""
        while address not in self.link.values:
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def desk(
    pin: Pin | None = None,
    look: Look | None = None,
    folder: Path | None = None,
    patience: tuple[float, float] = (10.0, 30.0),
) -> AsyncIterator[Desk]:
    """Open everything, and close it."""
    stage = await FakeStage().open()
    clock = RealtimeClock()
    link = Link(stage.port, clock)
    knowledge = Knowledge("dreamnet", None, None if folder is None else str(folder))
    doors = Doors(False, (), NAMES)
    lobby = Lobby(doors, patience)
    rooms = Rooms(knowledge, doors, pin, SHEETS, look, clock)
    server = Server(link, knowledge, doors, rooms, "BOX (vjdream)", stage.port, lobby)
    link.listen(knowledge.hear)
    await link.open()
    await server.open(0)
    await stage.subscribed.wait()
    try:
        async with aiohttp.ClientSession() as client:
            yield Desk(stage, link, knowledge, server, lobby, client)
    finally:
        knowledge.close()
        await server.close()
        await link.close()
        await stage.close()


async def packet(socket: aiohttp.ClientWebSocketResponse) -> tuple[str, str, list[Any]]:
    """Return the next OSC message of a WebSocket."""
    return read(await socket.receive_bytes())


async def raw(desk: Desk, request: bytes) -> bytes:
    """Send bytes to the server and return all that it answers until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.server.port)
    writer.write(request)
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()
