"""The way in with a PIN, and the preview, asked by a real client."""

import asyncio
import json

import aiohttp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.surfaces.desk import Desk, desk
from tests.surfaces.fake_stage import play
from vjdream.clock import RealtimeClock
from vjdream.frames import Picture
from vjdream.surfaces import rooms
from vjdream.surfaces.doors import Pin
from vjdream.surfaces.preview import Look
from vjdream.surfaces.rooms import read_digits

PIN = "271828"
GUARDED = (
    "/ui/", "/ui/main.js", "/ui/table.json", "/ui/classes.json", "/ui/presets.json",
    "/ui/thumbnails/abyss.jpg", "/ui/preview.mjpeg", "/ui/preview.jpg", "/ui/pin", "/ui",
)  # fmt: skip


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everyone comes from another computer."""
    monkeypatch.setattr(rooms, "is_loopback", lambda address: False)


class Screen:
    def __init__(self) -> None:
        self.number = 0

    def want(self, until: float) -> None:
        return

    def take(self) -> tuple[int, Picture]:
        self.number += 1
        return self.number, np.full((270, 480, 4), self.number % 256, np.uint8)


def screen() -> Look:
    return Look(Screen(), RealtimeClock())


async def upgrade(d: Desk, **headers: str) -> int:
    told = {"Upgrade": "websocket", "Connection": "Upgrade", **headers}
    return await d.status("GET", "/", headers=told)


def test_without_the_pin_another_computer_sees_nothing_of_the_page(far: None) -> None:
    async def scene() -> None:
        async with desk(Pin(PIN), screen()) as d:
            for path in GUARDED:
                status, told = await d.get(path)
                assert status == 401, path
                assert told["pin"] is True
            assert await upgrade(d, Origin=d.address) == 401

    play(scene())


def test_hosts_need_no_pin(far: None) -> None:
    """They may send OSC over UDP all the same."""

    async def scene() -> None:
        async with desk(Pin(PIN)) as d:
            assert (await d.get("/"))[0] == 200
            assert (await d.get("/?HOST_INFO"))[0] == 200
            socket = await d.socket()
            await socket.send_str("/?HOST_INFO")
            await socket.receive_json()

    play(scene())


def test_this_computer_needs_no_pin() -> None:
    async def scene() -> None:
        async with desk(Pin(PIN), screen()) as d:
            for path in GUARDED:
                if path != "/ui/preview.mjpeg":
                    assert await d.status("GET", path) in (200, 302), path
            socket = await d.socket(Origin=d.address)
            assert not socket.closed

    play(scene())


def test_a_script_says_the_pin_and_is_let_in(far: None) -> None:
    async def scene() -> None:
        # the cookies of an address without a name are kept only when asked
        jar = aiohttp.CookieJar(unsafe=True)
        async with desk(Pin(PIN)) as d, aiohttp.ClientSession(cookie_jar=jar) as browser:
            async with browser.post(d.address + "/ui/pin", json={"pin": PIN}) as answer:
                assert answer.status == 200
                assert await answer.json() == {"pin": False}
                cookie = answer.headers["Set-Cookie"]
                assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
            async with browser.get(d.address + "/ui/table.json") as answer:
                assert answer.status == 200
            socket = await browser.ws_connect(d.address, headers={"Origin": d.address})
            await socket.send_str("/?HOST_INFO")
            await socket.receive_json()
            await socket.close()

    play(scene())


def test_people_are_shown_a_form_that_works_without_scripts(far: None) -> None:
    async def scene() -> None:
        jar = aiohttp.CookieJar(unsafe=True)
        html = {"Accept": "text/html"}
        async with desk(Pin(PIN)) as d, aiohttp.ClientSession(cookie_jar=jar) as browser:
            async with browser.get(d.address + "/", headers=html) as answer:
                form = await answer.text()
                assert answer.status == 401
                assert '<form method=post action="/ui/pin">' in form and "{" in form
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            told = {"pin": "000000"}
            async with browser.post(d.address + "/ui/pin", data=told, headers=html) as answer:
                assert answer.status == 403
                assert "That is not the PIN." in await answer.text()
            async with browser.post(d.address + "/ui/pin", data=told, headers=html) as answer:
                assert answer.status == 429
                assert answer.headers["Retry-After"] == "1"
                assert "try again in 1 s" in await answer.text()

        async with desk(Pin(PIN)) as d, aiohttp.ClientSession(cookie_jar=jar) as browser:
            right = {"pin": f" {PIN} "}
            async with browser.post(d.address + "/ui/pin", data=right, headers=html) as answer:
                assert str(answer.url) == d.address + "/ui/"
                assert await answer.text() == "<title>page</title>"

    play(scene())


def test_a_cookie_of_another_show_opens_nothing(far: None) -> None:
    async def scene() -> None:
        async with desk(Pin(PIN)) as d:
            for cookie in ("vjdream=", "vjdream=x", f"vjdream={PIN}", "vjdream=é"):
                told = {"headers": {"Cookie": cookie}}
                assert await d.status("GET", "/ui/table.json", **told) == 401

    play(scene())


def test_another_page_may_not_try_pins(far: None) -> None:
    async def scene() -> None:
        async with desk(Pin(PIN)) as d:
            told = {"headers": {"Origin": "http://evil.example"}, "json": {"pin": PIN}}
            assert await d.status("POST", "/ui/pin", **told) == 403
            told = {"headers": {"Origin": d.address}, "json": {"pin": PIN}}
            assert await d.status("POST", "/ui/pin", **told) == 200, "nor did that cost a wait"

    play(scene())


def test_a_pin_whose_digits_never_come_keeps_nobody(
    far: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "READING", 0.01)

    async def scene() -> None:
        async with desk(Pin(PIN)) as d:
            reader, writer = await asyncio.open_connection("127.0.0.1", d.server.port)
            writer.write(
                b"POST /ui/pin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\npin"
            )
            assert (await reader.readline()).split()[1] == b"408"
            writer.close()

    play(scene())


@pytest.mark.parametrize(
    ("body", "kind", "digits"),
    [
        (b"pin=123456", "application/x-www-form-urlencoded", "123456"),
        (b"a=b&pin=1+2", "application/x-www-form-urlencoded", "1 2"),
        (b"a=b", "application/x-www-form-urlencoded", ""),
        (b'{"pin": "123456"}', "application/json", "123456"),
        (b'{"pin": 123456}', "application/json", "123456"),
        (b'["pin"]', "application/json", ""),
        (b"{", "application/json", ""),
        (b"123456", "text/plain", "123456"),
    ],
)
def test_the_digits_are_read_as_forms_and_scripts_send_them(
    body: bytes, kind: str, digits: str
) -> None:
    assert read_digits(body, kind) == digits


@given(
    st.binary(),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain"]),
)
def test_any_body_is_read(body: bytes, kind: str) -> None:
    assert len(read_digits(body, kind)) <= 20


# -- the preview ----------------------------------------------------------------------------------


def test_the_preview_is_a_stream_of_jpeg() -> None:
    async def scene() -> None:
        async with desk(look=screen()) as d:
            async with d.client.get(d.address + "/ui/preview.mjpeg") as answer:
                kind = "multipart/x-mixed-replace; boundary=picture"
                assert answer.headers["Content-Type"] == kind
                shown = []
                assert await answer.content.readline() == b"--picture\r\n"
                for _ in range(3):
                    assert await answer.content.readline() == b"Content-Type: image/jpeg\r\n"
                    length = (await answer.content.readline()).split()[1]
                    assert await answer.content.readline() == b"\r\n"
                    shown.append(await answer.content.readexactly(int(length)))
                    assert await answer.content.readline() == b"\r\n"
                    assert await answer.content.readline() == b"--picture\r\n"
                assert all(jpeg.startswith(b"\xff\xd8\xff") for jpeg in shown)
                assert len(set(shown)) == 3
            async with d.client.get(d.address + "/ui/preview.jpg") as answer:
                assert (await answer.read()).startswith(b"\xff\xd8\xff")

    play(scene())


def test_only_a_few_may_look_at_once() -> None:
    async def scene() -> None:
        async with desk(look=screen()) as d:
            looking = [
                await d.client.get(d.address + "/ui/preview.mjpeg")
                for _ in range(rooms.MOST_LOOKING)
            ]
            assert await d.status("GET", "/ui/preview.mjpeg") == 503
            for answer in looking:
                answer.close()
            while await d.status("GET", "/ui/preview.mjpeg") == 503:
                await asyncio.sleep(0.01)
            assert await d.status("HEAD", "/ui/preview.mjpeg") == 404

    play(scene())


def test_without_a_preview_there_is_none() -> None:
    async def scene() -> None:
        async with desk() as d:
            assert await d.status("GET", "/ui/preview.mjpeg") == 503
            assert await d.status("GET", "/ui/preview.jpg") == 503

    play(scene())


def test_the_forms_style_is_the_one_that_its_policy_allows() -> None:
    import base64
    import hashlib

    style = rooms.ASKING.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in rooms.ASKING_POLICY
    assert json.dumps(style)  # plain text
