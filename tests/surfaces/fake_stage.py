"""A stage of the tests: a UDP port that hears what surfaces say and tells its subscribers."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.osc_client import message, read

Result = TypeVar("Result")
PATIENCE = 20.0
"""Seconds after which a test has failed that waits for something."""


def play(scene: Coroutine[Any, Any, Result], patience: float = PATIENCE) -> Result:
    """Run a scene in an event loop of its own; one that hangs fails."""

    async def bounded() -> Result:
        async with asyncio.timeout(patience):
            return await scene

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(bounded())


class FakeStage(asyncio.DatagramProtocol):
    """Keeps what arrives, and who has subscribed."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[str, str, list[float | int | str]]] = asyncio.Queue()
        self.subscribed = asyncio.Event()
        self.syncs = 0
        self._subscriber: Any = None
        self._transport: asyncio.DatagramTransport | None = None
        self.port = 0

    async def open(self, port: int = 0) -> "FakeStage":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", port)
        )
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    def datagram_received(self, data: bytes, addr: Any) -> None:
        told = read(data)
        if told[0] == "/vjdream/sync":
            self._subscriber = addr
            self.syncs += 1
            self.subscribed.set()
        else:
            self.speaker = addr
            self.heard.put_nowait(told)

    def tell(self, address: str, *arguments: float | int | str | bool) -> None:
        """Tell the subscriber something."""
        self.tell_raw(message(address, *arguments))

    def tell_raw(self, packet: bytes) -> None:
        assert self._transport is not None
        self._transport.sendto(packet, self._subscriber)

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
        await asyncio.sleep(0)
