"""One client at its WebSocket that is slow, says too much, or reads nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import WSMessage, WSMsgType

from tests.osc_client import read
from tests.surfaces.fake_stage import play
from vjdream.messages import Argument
from vjdream.surfaces import listener as listener_module
from vjdream.surfaces.listener import MOST_WAITING, Listener
from vjdream.surfaces.tree import Tree

TREE = Tree(["eye"], ["block1.conv1"], [])


class FakeLink:
    def __init__(self) -> None:
        self.values: dict[str, tuple[Argument, ...]] = {}
        self.sent: list[tuple[Any, ...]] = []

    def send(self, address: str, *arguments: Argument, author: str) -> None:
        self.sent.append((address, *arguments, author))


class FakeSocket:
    """A WebSocket whose other side takes things when it is told to."""

    def __init__(self, takes: bool = True) -> None:
        self.taken: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.said: asyncio.Queue[WSMessage | None] = asyncio.Queue()
        self.open = asyncio.Event()
        if takes:
            self.open.set()

    async def send_str(self, text: str) -> None:
        await self.open.wait()
        self.taken.put_nowait(text)

    async def send_bytes(self, packet: bytes) -> None:
        await self.open.wait()
        self.taken.put_nowait(packet)

    def say(self, data: str | bytes) -> None:
        kind = WSMsgType.TEXT if isinstance(data, str) else WSMsgType.BINARY
        self.said.put_nowait(WSMessage(kind, data, None))

    async def __aiter__(self) -> AsyncIterator[WSMessage]:
        while (message := await self.said.get()) is not None:
            yield message


class Visit:
    """A listener that is attended to."""

    def __init__(self, takes: bool = True) -> None:
        self.socket, self.link = FakeSocket(takes), FakeLink()
        self.ended = asyncio.Event()

        def end() -> None:
            self.ended.set()
            self.socket.said.put_nowait(None)

        self.listener = Listener(
            "web 1",
            self.socket,  # type: ignore[arg-type]
            self.link,  # type: ignore[arg-type]
            lambda: TREE,
            {"NAME": "x"},
            end,
        )
        self.task = asyncio.create_task(self.listener.attend())

    async def listens(self, *addresses: str) -> None:
        for address in addresses:
            self.socket.say(json.dumps({"COMMAND": "LISTEN", "DATA": address}))
        await self.settled()

    async def settled(self) -> None:
        while not self.socket.said.empty():
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)

    async def leave(self) -> None:
        self.socket.said.put_nowait(None)
        await self.task


def test_a_slow_client_hears_only_the_newest_of_each_value() -> None:
    async def scene() -> None:
        visit = Visit(takes=False)
        await visit.listens("/vjdream/zoom", "/vjdream/blur")
        for number in range(1000):
            visit.listener.hear("/vjdream/zoom", (1 + number / 1000,), "")
            visit.listener.hear("/vjdream/blur", (number,), "")
            await asyncio.sleep(0)
        visit.socket.open.set()
        heard = [read(await visit.socket.taken.get()) for _ in range(3)]  # type: ignore[arg-type]
        assert heard[0][2] == [1.0], "was on its way"
        assert heard[1:] == [
            ("/vjdream/blur", "i", [999]),
            ("/vjdream/zoom", "f", [pytest.approx(1.999)]),
        ] or heard[1:] == [
            ("/vjdream/zoom", "f", [pytest.approx(1.999)]),
            ("/vjdream/blur", "i", [999]),
        ]
        await visit.leave()

    play(scene())


def test_a_client_that_reads_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "WRITING", 0.01)

    async def scene() -> None:
        visit = Visit(takes=False)
        await visit.listens("/vjdream/zoom")
        visit.listener.hear("/vjdream/zoom", (1.5,), "")
        await visit.ended.wait()
        await visit.task

    play(scene())


def test_a_client_that_asks_and_reads_no_answer_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "WRITING", 0.01)

    async def scene() -> None:
        visit = Visit(takes=False)
        for _ in range(100):
            visit.socket.say("/")
        await visit.ended.wait()
        await visit.task

    play(scene())


def test_events_that_wait_are_bounded() -> None:
    async def scene() -> None:
        visit = Visit(takes=False)
        await visit.listens("/vjdream/state/error")
        for number in range(MOST_WAITING + 100):
            visit.listener.hear("/vjdream/state/error", (f"error {number}",), "")
        assert len(visit.listener._waiting) == MOST_WAITING
        await visit.leave()

    play(scene())


def test_its_own_change_replaces_what_it_was_still_to_hear() -> None:
    """Else its fader would jump back to what another hand did before."""

    async def scene() -> None:
        visit = Visit()
        await visit.listens("/vjdream/zoom", "/vjdream/blur")
        visit.listener.hear("/vjdream/zoom", (1.5,), "web 2")
        visit.listener.hear("/vjdream/zoom", (1.2,), "web 1")
        visit.listener.hear("/vjdream/blur", (0.25,), "web 2")
        assert read(await visit.socket.taken.get()) == ("/vjdream/blur", "f", [0.25])  # type: ignore[arg-type]
        await visit.leave()

    play(scene())


def test_nobody_listens_to_what_is_not_there() -> None:
    async def scene() -> None:
        visit = Visit()
        await visit.listens(*(f"/nothing/{number}" for number in range(1000)), "/vjdream")
        assert visit.listener._listening == set()
        await visit.leave()

    play(scene())


def test_messages_carry_its_name() -> None:
    async def scene() -> None:
        visit = Visit()
        visit.socket.say(b"/vjdream/mark\0\0\0,s\0\0drop\0\0\0\0")
        await visit.settled()
        assert visit.link.sent == [("/vjdream/mark", "drop", "web 1")]
        await visit.leave()

    play(scene())


def test_notices_of_the_same_path_are_told_once() -> None:
    async def scene() -> None:
        visit = Visit(takes=False)
        for _ in range(1000):
            visit.listener.notice("/vjdream")
        visit.socket.open.set()
        assert await visit.socket.taken.get() == '{"COMMAND": "PATH_CHANGED", "DATA": "/vjdream"}'
        await visit.settled()
        assert visit.socket.taken.empty()
        await visit.leave()

    play(scene())
