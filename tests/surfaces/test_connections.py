"""Connections: how many, how long, and who is not even let in."""

import asyncio

import pytest

from tests.surfaces.desk import desk, raw
from tests.surfaces.fake_stage import play
from vjdream.surfaces import connections
from vjdream.surfaces.connections import Lobby
from vjdream.surfaces.doors import Doors

NAMES = frozenset({"localhost"})
REQUEST = b"GET /vjdream/zoom?TYPE HTTP/1.1\r\nHost: localhost\r\n"


def test_an_address_has_its_share_of_all_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 7)
    monkeypatch.setattr(connections, "FOR_THIS_COMPUTER", 2)
    monkeypatch.setattr(connections, "MOST_OF_ONE", 3)
    lobby = Lobby(Doors(True, (), NAMES))
    assert [lobby.enter("10.0.0.1") for _ in range(4)] == [True, True, True, False]
    assert [lobby.enter("10.0.0.2") for _ in range(3)] == [True, True, False]
    lobby.leave("10.0.0.1")
    assert lobby.enter("10.0.0.3")
    assert lobby.total == 5
    assert [lobby.enter("127.0.0.1") for _ in range(3)] == [True, True, False]


def test_who_is_not_of_an_allowed_network_is_not_let_in() -> None:
    lobby = Lobby(Doors(True, ("10.0.0.0/8",), NAMES))
    assert lobby.enter("10.1.2.3") and lobby.enter("127.0.0.1")
    assert not lobby.enter("192.168.1.1")
    assert lobby.total == 2


def test_nothing_is_remembered_of_who_has_gone() -> None:
    lobby = Lobby(Doors(True, (), NAMES))
    for number in range(1000):
        address = f"10.0.{number // 256}.{number % 256}"
        lobby.enter(address)
        lobby.leave(address)
    assert lobby.total == 0 and not lobby._of


def test_a_connection_too_many_is_closed_and_another_may_come_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_ONE", 2)

    async def scene() -> None:
        async with desk() as d:
            held = [await asyncio.open_connection("127.0.0.1", d.server.port) for _ in range(2)]
            while d.lobby.total < 2:
                await asyncio.sleep(0)
            assert await raw(d, REQUEST + b"Connection: close\r\n\r\n") == b""
            held[0][1].close()
            while d.lobby.total > 1:
                await asyncio.sleep(0)
            assert b"200 OK" in await raw(d, REQUEST + b"Connection: close\r\n\r\n")
            held[1][1].close()

    play(scene())


def test_headers_that_never_end_end_the_connection() -> None:
    async def scene() -> None:
        async with desk(patience=(0.05, 10.0)) as d:
            reader, writer = await asyncio.open_connection("127.0.0.1", d.server.port)
            writer.write(REQUEST)
            try:
                assert await reader.read() == b""
            except ConnectionResetError:
                pass
            writer.close()

    play(scene())


def test_who_asks_and_never_reads_is_let_go() -> None:
    async def scene() -> None:
        async with desk(patience=(10.0, 0.05)) as d:
            reader, writer = await asyncio.open_connection("127.0.0.1", d.server.port)
            writer.write(REQUEST + b"\r\n")
            try:
                while await reader.read(1000):
                    pass
            except ConnectionResetError:
                pass
            assert d.lobby.total == 0
            writer.close()

    play(scene())


def test_a_websocket_may_be_silent_for_long() -> None:
    async def scene() -> None:
        async with desk(patience=(0.05, 0.05)) as d:
            socket = await d.socket()
            for _ in range(12):
                await asyncio.sleep(0.01)
            await socket.send_str("/vjdream/zoom?TYPE")
            assert await socket.receive_json() == {"TYPE": "f"}

    play(scene())


def test_a_request_without_a_slash_may_come_byte_by_byte() -> None:
    async def scene() -> None:
        async with desk() as d:
            reader, writer = await asyncio.open_connection("127.0.0.1", d.server.port)
            writer.transport.set_write_buffer_limits(0)
            for byte in b"GET ?HOST_INFO HTTP/1.0\r\n\r\n":
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(0)
            assert (await reader.readline()).split()[1] == b"200"
            writer.close()

    play(scene())


def test_what_is_no_http_disturbs_nobody() -> None:
    async def scene() -> None:
        async with desk() as d:
            for rubbish in (b"\0" * 100, b"\x16\x03\x01\x02\0\x01", b"GET " + b"a" * 20_000, b"?"):
                writer = (await asyncio.open_connection("127.0.0.1", d.server.port))[1]
                writer.write(rubbish)
                writer.close()
            assert (await d.get("/vjdream/zoom?TYPE"))[0] == 200

    play(scene())
