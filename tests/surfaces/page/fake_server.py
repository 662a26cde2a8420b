"""What the page's server offers, without an engine: it keeps values and what the page sends."""

import asyncio
import dataclasses
import json
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from tests.surfaces.page.browser import PATIENCE
from vjdream.messages import Argument, Told
from vjdream.packets import encode, parse
from vjdream.parameters import COMMANDS, REPORTS, ROOT, TABLE, as_plain
from vjdream.vocabulary import load_descriptor

PAGE = Path(__file__).parents[3] / "vjdream" / "surfaces" / "page"
PRESETS = Path(__file__).parents[3] / "presets"
POLICY = "default-src 'self'; img-src 'self' data: blob:"
LAYERS = ["block1.conv1", "block2.conv2", "logits"]
SEEN = {"/vjdream/see/1": "jellyfish", "/vjdream/see/2": "spiral"}
SURE = {"/vjdream/sure/1": 0.93, "/vjdream/sure/2": 0.41}


class FakeServer:
    """One server for all pages, which forgets everything between two tests.

    It does not close between them: Python 3.11 loses connections that arrive while it does.
    """

    def __init__(self) -> None:
        self.lookers = 0
        self._sockets: set[web.WebSocketResponse] = set()
        self._news = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.values: dict[str, Argument] = {
            **{line.address: line.default for line in TABLE.values()},
            **{report.address: 0 for report in REPORTS if report.osc_type != "s"},
            **SEEN,
            **SURE,
            "/vjdream/state/fps": 59.94,
            "/vjdream/state/keyframes": 4.0,
            "/vjdream/state/connections": 2,
            "/vjdream/state/alive": 1,
        }
        self.presets = [
            {
                "name": file.stem,
                "about": file.read_text().partition("\n")[0].removeprefix("# "),
                "thumbnail": f"/ui/thumbnails/{file.stem}.jpg"
                if file.with_suffix(".jpg").exists()
                else None,
            }
            for file in sorted(PRESETS.glob("*.yaml"))
        ]
        self.classes = [
            {**dataclasses.asdict(one), "number": number}
            for number, one in enumerate(load_descriptor("dreamnet").vocabulary.classes)
        ]
        self.pin = ""
        self.received: list[Told] = []
        self.listened: list[str] = []

    async def start(self, port: int = 0) -> int:
        """Listen, and return the port."""
        application = web.Application(middlewares=[self._guarded])
        application.add_routes(
            [
                web.get("/", self._root),
                web.get("/vjdream", self._tree),
                web.get("/ui/table.json", self._table),
                web.get("/ui/classes.json", self._answer_classes),
                web.get("/ui/presets.json", self._answer_presets),
                web.get("/ui/preview.mjpeg", self._preview),
                web.get("/ui/preview.jpg", self._still),
                web.get("/ui/pin", self._let_in),
                web.post("/ui/pin", self._take_pin),
                web.get("/ui/", self._index),
                web.static("/ui/thumbnails", PRESETS),
                web.static("/ui", PAGE),
                web.get("/vjdream/{name:.+}", self._value),
            ]
        )
        self._runner = web.AppRunner(application, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        return self.port

    async def stop(self) -> None:
        for socket in tuple(self._sockets):
            await socket.close()
        await self._runner.cleanup()

    async def say(self, address: str, value: Argument) -> None:
        """Send a value to the page."""
        self.values[address] = value
        for socket in self._sockets:
            await socket.send_bytes(encode(address, value))

    async def notice(self, command: str) -> None:
        for socket in self._sockets:
            await socket.send_json({"COMMAND": command, "DATA": "/vjdream"})

    async def cut(self) -> None:
        """Break the connection off."""
        for socket in tuple(self._sockets):
            await socket.close()

    async def got(self, *wanted: Told) -> None:
        """Wait until the page has sent all of these."""
        async with asyncio.timeout(PATIENCE):
            while not all(one in self.received for one in wanted):
                self._news.clear()
                await self._news.wait()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse
        open_to_all = request.method == "POST" or request.path.endswith(
            (".js", ".css", ".html", ".svg", "/ui/")
        )
        if self.pin and not open_to_all and request.cookies.get("pin") != self.pin:
            return web.json_response({"pin": True}, status=401)
        answer = await handler(request)
        if not answer.prepared:
            answer.headers["Content-Security-Policy"] = POLICY
            answer.headers["Cache-Control"] = "no-store"
        return answer

    async def _root(self, request: web.Request) -> web.StreamResponse:
        if "HOST_INFO" in request.query_string:
            return web.json_response({"NAME": "fake", "OSC_PORT": 7700})
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        async for frame in socket:
            if frame.type is WSMsgType.BINARY:
                told = parse(frame.data)
                self.received += told
                for address, arguments in told:
                    if address in self.values:
                        self.values[address] = arguments[0]
            elif frame.type is WSMsgType.TEXT:
                told_text = json.loads(frame.data)
                assert told_text["COMMAND"] == "LISTEN"
                self.listened.append(told_text["DATA"])
            self._news.set()
        self._sockets.discard(socket)
        return socket

    async def _tree(self, request: web.Request) -> web.Response:
        root: dict[str, Any] = {"FULL_PATH": "/vjdream", "CONTENTS": {}}
        for address, value in self.values.items():
            here = root
            for part in address.removeprefix(ROOT).split("/"):
                path = f"{here['FULL_PATH']}/{part}"
                here = here.setdefault("CONTENTS", {}).setdefault(part, {"FULL_PATH": path})
            here["VALUE"] = [value]
            if address == "/vjdream/layer":
                here["RANGE"] = [{"VALS": LAYERS}]
        return web.json_response(root)

    async def _value(self, request: web.Request) -> web.Response:
        assert request.query_string == "VALUE"
        return web.json_response({"VALUE": [self.values[request.path]]})

    async def _table(self, request: web.Request) -> web.Response:
        listed = [command for command in COMMANDS.values() if command.listed]
        commands = [
            {"name": c.name, "addresses": c.addresses, "arguments": c.arguments,
             "help": c.help, "example": c.example}
            for c in listed
        ]  # fmt: skip
        reports = [
            {"name": r.name, "address": r.address, "help": r.help, "type": r.osc_type}
            for r in REPORTS
        ]
        return web.json_response(
            {"parameters": as_plain(), "commands": commands, "reports": reports,
             "network": "dreamnet"}
        )  # fmt: skip

    async def _answer_classes(self, request: web.Request) -> web.Response:
        return web.json_response(self.classes)

    async def _answer_presets(self, request: web.Request) -> web.Response:
        return web.json_response(self.presets)

    async def _index(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _still(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PRESETS / "reef.jpg")

    async def _preview(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(
            headers={"Content-Type": "multipart/x-mixed-replace; boundary=frame"}
        )
        answer.headers["Content-Security-Policy"] = POLICY
        await answer.prepare(request)
        picture = (PRESETS / "reef.jpg").read_bytes()
        self.lookers += 1
        self._news.set()
        try:
            while True:
                await answer.write(
                    b"--frame\r\nContent-Type: image/jpeg\r\n"
                    b"Content-Length: %d\r\n\r\n%s\r\n" % (len(picture), picture)
                )
                await asyncio.sleep(0.2)
        except ConnectionResetError:  # nobody looks any more
            return answer
        finally:
            self.lookers -= 1
            self._news.set()

    async def nobody_looks(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.lookers:
                self._news.clear()
                await self._news.wait()

    async def _let_in(self, request: web.Request) -> web.Response:
        return web.json_response({"pin": False})

    async def _take_pin(self, request: web.Request) -> web.Response:
        if (await request.json())["pin"] != self.pin:
            return web.json_response({"error": "That is not the PIN."}, status=403)
        answer = web.Response(status=204)
        answer.set_cookie("pin", self.pin, httponly=True, samesite="Strict")
        return answer
