"""The HTTP server: OSCQuery and the web page's routes, asked by a real client."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.surfaces.desk import desk, packet, raw
from tests.surfaces.fake_stage import play
from vjdream.parameters import COMMANDS, REPORTS, TABLE

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
CLOSE = b"Host: localhost\r\nConnection: close\r\n\r\n"


def test_oscquery_clients_read_the_tree_and_single_attributes() -> None:
    async def scene() -> None:
        async with desk() as d:
            d.stage.tell("/vjdream/zoom", 1.25)
            await d.heard("/vjdream/zoom")
            status, tree = await d.get("/")
            assert status == 200
            assert tree["CONTENTS"]["vjdream"]["CONTENTS"]["zoom"]["VALUE"] == [1.25]
            assert await d.get("/vjdream/zoom?VALUE") == (200, {"VALUE": [1.25]})
            assert await d.get("/vjdream/blur?VALUE") == (200, {})
            assert await d.get("/vjdream/next/1?VALUE") == (204, None)
            assert await d.get("/vjdream/zoom?FOO") == (400, None)
            assert await d.get("/nothing") == (404, None)

    play(scene())


def test_hosts_learn_where_to_send_wherever_they_ask() -> None:
    async def scene() -> None:
        async with desk() as d:
            status, told = await d.get("/anything/at/all?HOST_INFO")
            assert status == 200
            assert told["NAME"] == "BOX (vjdream)"
            assert told["OSC_PORT"] == d.stage.port and told["OSC_TRANSPORT"] == "UDP"
            assert told["WS_PORT"] == d.server.port
            assert told["OSC_IP"] == told["WS_IP"] == "127.0.0.1", "where it was reached"
            assert told["EXTENSIONS"]["LISTEN"] is True
            assert told["EXTENSIONS"]["OVERLOADS"] is False

    play(scene())


def test_a_request_without_a_slash_is_answered() -> None:
    """Chataigne asks for http://host:port?HOST_INFO."""

    async def scene() -> None:
        async with desk() as d:
            for request in (b"GET ?HOST_INFO HTTP/1.1\r\n", b"GET /?HOST_INFO HTTP/1.0\r\n"):
                head, _, body = (await raw(d, request + CLOSE)).partition(b"\r\n\r\n")
                assert head.split()[1] == b"200"
                assert json.loads(body)["NAME"] == "BOX (vjdream)"

    play(scene())


def test_browsers_are_shown_the_page_and_hosts_the_tree() -> None:
    async def scene() -> None:
        async with desk() as d:
            url = d.address + "/"
            async with d.client.get(url, headers={"Accept": "text/html,*/*"}) as answer:
                assert str(answer.url).endswith("/ui/")
                assert await answer.text() == "<title>page</title>"
            asked = {"headers": {"Accept": "text/html"}}
            assert (await d.get("/?HOST_INFO", **asked))[1]["NAME"] == "BOX (vjdream)"
            assert (await d.get("/"))[1]["FULL_PATH"] == "/"
            assert await d.status("GET", "/ui") == 302

    play(scene())


def test_answers_tell_browsers_to_be_careful() -> None:
    async def scene() -> None:
        async with desk() as d:
            for path in ("/", "/ui/", "/ui/nothing", "/nothing", "/ui/table.json"):
                async with d.client.get(d.address + path) as answer:
                    headers = answer.headers
                    policy = headers["Content-Security-Policy"]
                    assert policy.startswith("default-src 'self'; img-src 'self' data: blob:;")
                    assert f"connect-src 'self' ws://127.0.0.1:{d.server.port};" in policy
                    assert headers["X-Content-Type-Options"] == "nosniff"
                    assert headers["Cache-Control"] == "no-store"
                    assert not [name for name in headers if name.startswith("Access-Control")]
                    assert "Python" not in headers["Server"]

    play(scene())


def test_files_of_the_page_come_from_a_fixed_listing() -> None:
    async def scene() -> None:
        async with desk() as d:
            async with d.client.get(d.address + "/ui/main.js") as answer:
                assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
                assert await answer.read() == b"begin()"
            async with d.client.get(d.address + "/ui/icon.png") as answer:
                assert answer.headers["Content-Type"] == "image/png"
            for path in (
                "/ui/../pyproject.toml", "/ui/..%2fpyproject.toml", "/ui/%2e%2e/pyproject.toml",
                "/ui/http.py", "/ui//etc/passwd", "/ui/%2fetc%2fpasswd", "/ui/main.js%00",
                "/ui/thumbnails/../abyss.jpg", "/ui/thumbnails/..%2f..%2fabyss.jpg",
                "/ui/thumbnails/nothing.jpg", "/ui/thumbnails/.jpg", "/ui/C:%5cx",
            ):  # fmt: skip
                answer = await raw(d, f"GET {path} HTTP/1.1\r\n".encode() + CLOSE)
                assert answer.split()[1] == b"404", path

    play(scene())


def test_the_page_reads_the_tables() -> None:
    async def scene() -> None:
        async with desk() as d:
            _, table = await d.get("/ui/table.json")
            assert table["network"] == "dreamnet"
            assert [line["name"] for line in table["parameters"]] == list(TABLE)
            assert [line["name"] for line in table["commands"]] == list(COMMANDS)
            assert [line["address"] for line in table["reports"]] == [r.address for r in REPORTS]
            _, classes = await d.get("/ui/classes.json")
            assert [line["number"] for line in classes] == list(range(len(classes)))
            assert {"slug", "name", "synonyms", "number"} == set(classes[0])

    play(scene())


def test_presets_are_listed_with_what_the_audience_sees(tmp_path: Path) -> None:
    """Those that ship, and the user's own, which may have no picture."""
    (tmp_path / "näh & fern.yaml").write_text("# Near\nvjdream: 1\n", encoding="utf-8")

    async def scene() -> None:
        async with desk(folder=tmp_path) as d:
            _, presets = await d.get("/ui/presets.json")
            known = {entry["name"]: entry for entry in presets}
            assert known["näh & fern"] == {"name": "näh & fern", "about": "Near", "thumbnail": None}
            assert known["abyss"]["about"].startswith("Glowing jellyfish")
            async with d.client.get(d.address + known["abyss"]["thumbnail"]) as answer:
                assert answer.headers["Content-Type"] == "image/jpeg"
                assert (await answer.read()).startswith(b"\xff\xd8\xff")
            (tmp_path / "näh & fern.jpg").write_bytes(b"\xff\xd8\xff")
            _, presets = await d.get("/ui/presets.json")
            address = {entry["name"]: entry for entry in presets}["näh & fern"]["thumbnail"]
            assert await d.status("GET", address) == 200

    play(scene())


def test_nothing_but_the_pin_is_posted_and_get_changes_nothing() -> None:
    async def scene() -> None:
        async with desk() as d:
            for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
                assert await d.status(method, "/vjdream/zoom", data=b"1") == 405
            await d.get("/vjdream/zoom?VALUE=2")
            await d.get("/vjdream/reset/canvas")
            d.link.send("/vjdream/mark", "end", author="test")
            assert (await d.stage.heard.get())[0] == "/vjdream/mark"

    play(scene())


def test_a_body_that_is_too_long_is_refused() -> None:
    async def scene() -> None:
        async with desk() as d:
            assert await d.status("POST", "/ui/pin", data=b"1" * 5000) == 413

    play(scene())


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7700", "", "localhost, evil"])
def test_who_calls_us_by_another_name_is_refused(host: str) -> None:
    """A page whose name points here: DNS rebinding."""

    async def scene() -> None:
        async with desk() as d:
            for path in ("/", "/ui/", "/vjdream/zoom?VALUE"):
                answer = await raw(
                    d, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
                )
                assert answer.split()[1] == b"403"

    play(scene())


def test_two_names_at_once_are_refused() -> None:
    async def scene() -> None:
        async with desk() as d:
            for first in (b"evil.example", b"localhost"):
                second = b"Host: evil.example\r\nConnection: close\r\n\r\n"
                answer = await raw(d, b"GET / HTTP/1.1\r\nHost: " + first + b"\r\n" + second)
                assert answer.split()[1] in (b"403", b"400")

    play(scene())


def test_our_own_names_are_answered() -> None:
    async def scene() -> None:
        async with desk() as d:
            for host in ("localhost:7700", "stagebox.local", "192.168.1.5:7700", "[::1]:7700"):
                assert (await d.get("/vjdream/zoom?TYPE", headers={"Host": host}))[0] == 200

    play(scene())


# -- the WebSocket --------------------------------------------------------------------------------


def listen(path: str, command: str = "LISTEN") -> str:
    return json.dumps({"COMMAND": command, "DATA": path})


def test_who_listens_hears_the_value_and_its_changes() -> None:
    async def scene() -> None:
        async with desk() as d:
            d.stage.tell("/vjdream/zoom", 1.25)
            await d.heard("/vjdream/zoom")
            socket = await d.socket()
            await socket.send_str(listen("/vjdream/zoom"))
            assert await packet(socket) == ("/vjdream/zoom", "f", [1.25])
            d.stage.tell("/vjdream/blur", 0.02)
            d.stage.tell("/vjdream/zoom", 1.5)
            assert await packet(socket) == ("/vjdream/zoom", "f", [1.5])
            await socket.send_str(listen("/vjdream/zoom", "IGNORE") + listen("/vjdream/class/1"))
            await socket.send_str("/vjdream/mode?TYPE")
            assert await socket.receive_json() == {"TYPE": "s"}  # so the two before were read
            d.stage.tell("/vjdream/zoom", 0.75)
            d.stage.tell("/vjdream/class/1", "eye")
            assert await packet(socket) == ("/vjdream/class/1", "s", ["eye"])

    play(scene())


def test_who_sets_a_value_hears_nothing_of_it_but_others_do() -> None:
    async def scene() -> None:
        async with desk() as d:
            one, other = await d.socket(), await d.socket()
            for socket in (one, other):
                await socket.send_str(listen("/vjdream/zoom") + listen("/vjdream/class/1"))
                await socket.send_str("/?HOST_INFO")
                await socket.receive_json()
            await one.send_bytes(b"/vjdream/zoom\0\0\0,f\0\0\x3f\x80\0\0")
            assert await d.stage.heard.get() == ("/vjdream/zoom", "f", [1.0])
            d.stage.tell("/vjdream/zoom", 1.0)
            assert await packet(other) == ("/vjdream/zoom", "f", [1.0])
            d.stage.tell("/vjdream/class/1", "eye")
            assert (await packet(one))[0] == "/vjdream/class/1", "the first that it hears"

    play(scene())


def test_who_asks_too_much_hears_what_became_of_it() -> None:
    async def scene() -> None:
        async with desk() as d:
            socket = await d.socket()
            await socket.send_str(listen("/vjdream/zoom"))
            await socket.send_bytes(b"/vjdream/zoom\0\0\0,f\0\0\x41\x10\0\0")
            assert (await d.stage.heard.get())[2] == [9.0]
            d.stage.tell("/vjdream/zoom", 2.0)
            assert await packet(socket) == ("/vjdream/zoom", "f", [2.0])

    play(scene())


def test_bundles_are_taken_and_bad_packets_passed_over() -> None:
    from tests.osc_client import bundle, message

    async def scene() -> None:
        async with desk() as d:
            socket = await d.socket()
            await socket.send_bytes(b"no OSC at all")
            await socket.send_bytes(b"#bundle\0")
            await socket.send_bytes(b"")
            await socket.send_bytes(
                bundle(message("/vjdream/pan/x", 0.5), message("/vjdream/next/1"))
            )
            assert await d.stage.heard.get() == ("/vjdream/pan/x", "f", [0.5])
            assert await d.stage.heard.get() == ("/vjdream/next/1", "", [])
            await socket.send_bytes(b"/vjdream/next/2\0,N\0\0")
            assert await d.stage.heard.get() == ("/vjdream/next/2", "", [])

    play(scene())


def test_sync_over_the_websocket_tells_all_values_to_who_asks() -> None:
    async def scene() -> None:
        async with desk() as d:
            d.stage.tell("/vjdream/zoom", 1.25)
            d.stage.tell("/vjdream/state/fps", 60.0)
            await d.heard("/vjdream/state/fps")
            socket = await d.socket()
            await socket.send_bytes(b"/vjdream/sync\0\0\0,\0\0\0")
            told = {(await packet(socket))[0] for _ in range(2)}
            assert told == {"/vjdream/zoom", "/vjdream/state/fps"}
            assert d.stage.syncs == 1, "the stage is not asked again"

    play(scene())


def test_the_tree_and_host_info_may_be_asked_as_text() -> None:
    async def scene() -> None:
        async with desk() as d:
            socket = await d.socket()
            await socket.send_str("/?HOST_INFO")
            assert (await socket.receive_json())["WS_PORT"] == d.server.port
            await socket.send_str("/")
            assert (await socket.receive_json())["CONTENTS"]["vjdream"]["ACCESS"] == 0

    play(scene())


def test_pages_from_elsewhere_get_no_websocket() -> None:
    async def scene() -> None:
        async with desk() as d:
            wanted = {"Upgrade": "websocket", "Connection": "Upgrade"}
            for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
                told = {**wanted, "Origin": origin}
                assert await d.status("GET", "/", headers=told) == 403
            socket = await d.socket(Origin=d.address)
            assert not socket.closed

    play(scene())


def test_clients_are_told_when_the_words_change(tmp_path: Path) -> None:
    async def scene() -> None:
        async with desk(folder=tmp_path) as d:
            socket = await d.socket()
            await socket.send_str("/?HOST_INFO")
            await socket.receive_json()
            await d.knowledge.change_network("vgg16")
            assert await socket.receive_json() == {"COMMAND": "PATH_CHANGED", "DATA": "/vjdream"}
            _, node = await d.get("/vjdream/class/1?RANGE")
            assert len(node["RANGE"][0]["VALS"]) == 1000
            (tmp_path / "tonight.yaml").write_text("vjdream: 1\n")
            await d.knowledge.look()
            told = await socket.receive_json()
            assert told == {"COMMAND": "PATH_CHANGED", "DATA": "/vjdream/preset/load"}

    play(scene())


def test_a_message_that_is_too_long_ends_the_websocket_and_nothing_else() -> None:
    async def scene() -> None:
        async with desk() as d:
            socket, other = await d.socket(), await d.socket()
            await socket.send_bytes(bytes(100_000))
            await socket.receive()
            assert socket.closed
            await other.send_str("/?HOST_INFO")
            assert (await other.receive_json())["NAME"] == "BOX (vjdream)"

    play(scene())


def test_one_address_cannot_take_all_websockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vjdream.surfaces.http.MOST_OF_ONE", 2)

    async def scene() -> None:
        async with desk() as d:
            held = [await d.socket() for _ in range(2)]
            wanted = {"Upgrade": "websocket", "Connection": "Upgrade"}
            wanted |= {
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
            }
            assert await d.status("GET", "/", headers=wanted) == 503
            await held[0].close()
            while d.lobby.total > 2:
                await asyncio.sleep(0.01)
            assert not (await d.socket()).closed

    play(scene())


def test_a_fault_of_ours_is_told_to_us_and_not_to_the_client(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with desk() as d:
            monkeypatch.setattr(d.knowledge, "table", lambda: 1 / 0)
            async with d.client.get(d.address + "/ui/table.json") as answer:
                assert answer.status == 500 and await answer.text() == ""

    play(scene())
    assert "a request for '/ui/table.json' failed" in caplog.text


def test_a_real_client_that_asks_on_and_on_and_reads_nothing_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vjdream.surfaces.listener.WRITING", 0.1)

    async def scene() -> None:
        async with desk() as d:
            other = await d.socket()
            reader, writer = await asyncio.open_connection("127.0.0.1", d.server.port)
            writer.write(HANDSHAKE)
            assert (await reader.readline()).split()[1] == b"101"
            while d.lobby.total > 1 and not writer.is_closing():  # and reads no further
                writer.write(b"\x81\x81\0\0\0\0/")
                await asyncio.sleep(0)
            while d.lobby.total > 1:
                await asyncio.sleep(0.01)
            writer.close()
            await other.send_str("/?HOST_INFO")
            assert (await other.receive_json())["NAME"] == "BOX (vjdream)"

    play(scene())
