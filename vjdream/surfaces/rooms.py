"""What there is under ``/ui/``: the web page, what it asks for, and the way in with a PIN."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from vjdream.clock import Clock
from vjdream.surfaces.connections import Entrance
from vjdream.surfaces.doors import Doors, Pin, is_loopback
from vjdream.surfaces.knowledge import Knowledge
from vjdream.surfaces.preview import Look
from vjdream.surfaces.shelf import Sheet

MOST_LOOKING = 8
"""Streams of the preview at the same time."""

WRITING = 5.0
"""Seconds that a browser may need to take a picture."""

READING = 5.0
"""Seconds that the digits of a PIN may take to arrive."""

A_DAY = 86400
BOUNDARY = "picture"

STYLE = (
    "body{font:1.2em sans-serif;background:#111;color:#eee;margin:3em auto;max-width:20em}"
    "input,button{font:inherit;padding:.5em;width:8em;margin:.3em 0;display:block}"
)
ASKING = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>vjdream</title>"
    '<meta name=viewport content="width=device-width,initial-scale=1">'
    f"<style>{STYLE}</style><h1>vjdream</h1><p>This show asks for its PIN. The terminal where "
    'vjdream runs shows it.</p><form method=post action="/ui/pin"><label>PIN'
    "<input name=pin inputmode=numeric autocomplete=one-time-code maxlength=6 autofocus required>"
    "</label><button>Let me in</button></form><p role=alert>{told}</p>"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
ASKING_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-ancestors 'none'"
)

WRONG = "That is not the PIN."

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Rooms:
    """The routes of the web page.

    Args:
        pin: that a browser on another computer must know; None: none.
        sheets: the files of the page, by name.
        look: the preview; None: there is none.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        doors: Doors,
        pin: Pin | None,
        sheets: dict[str, Sheet],
        look: Look | None,
        clock: Clock,
    ) -> None:
        self._knowledge, self._doors, self._pin = knowledge, doors, pin
        self._sheets, self._look, self._clock = sheets, look, clock
        self._looking = 0
        self.cookie = "vjdream"

    def furnish(self, application: web.Application) -> None:
        """Add the routes."""
        for path, handler in (
            ("/ui", self._to_page),
            ("/help", self._to_help),
            ("/ui/table.json", self._table),
            ("/ui/classes.json", self._classes),
            ("/ui/presets.json", self._presets),
            ("/ui/thumbnails/{name}.jpg", self._thumbnail),
            ("/ui/preview.mjpeg", self._stream),
            ("/ui/preview.jpg", self._picture),
            ("/ui/pin", self._let_in),
            ("/ui/{name:[^/]*}", self._sheet),
        ):
            # a stream has no head of its own
            head = handler != self._stream
            application.router.add_get(path, self._behind_the_pin(handler), allow_head=head)
        application.router.add_post("/ui/pin", self._try_pin)

    # -- the PIN ----------------------------------------------------------------------------------

    def knows(self, request: web.Request) -> bool:
        """Return whether a browser may see the page: one on this computer, or who knew the PIN."""
        if self._pin is None or is_loopback(request.remote or ""):
            return True
        return self._pin.knows(request.cookies.get(self.cookie, ""))

    def _behind_the_pin(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if self.knows(request):
                return await handler(request)
            return self.ask_for_pin(request)

        return guarded

    def ask_for_pin(
        self, request: web.Request, told: str = "", status: int = 401, wait: float = 0.0
    ) -> web.Response:
        """Answer a browser that has not said the PIN: people with a form, scripts with JSON."""
        headers = {"Retry-After": str(int(wait) + 1)} if wait else {}
        if "text/html" in request.headers.get("Accept", ""):
            headers["Content-Security-Policy"] = ASKING_POLICY
            text = ASKING.replace("{told}", told)
            return web.Response(text=text, content_type="text/html", status=status, headers=headers)
        content = {"pin": True, "error": told or "This show asks for its PIN."}
        return web.json_response(content, status=status, headers=headers)

    async def _let_in(self, request: web.Request) -> web.Response:
        return web.json_response({"pin": False})

    async def _try_pin(self, request: web.Request) -> web.Response:
        if not self._doors.own(request.headers.get("Origin"), request.headers.get("Host")):
            return web.Response(status=403)
        async with asyncio.timeout(READING):
            body = await request.read()
        digits = read_digits(body, request.content_type)
        if self._pin is None:
            return self._welcome(request, None)
        address, now = request.remote or "", self._clock.now()
        wait = self._pin.wait(address, now)
        if wait > 0:
            told = f"Too many wrong PINs: try again in {int(wait) + 1} s."
            return self.ask_for_pin(request, told, 429, wait)
        token = self._pin.token(digits, address, now)
        if token is None:
            return self.ask_for_pin(request, WRONG, 403)
        return self._welcome(request, token)

    def _welcome(self, request: web.Request, token: str | None) -> web.Response:
        response = web.json_response({"pin": False})
        if "text/html" in request.headers.get("Accept", ""):
            response = web.Response(status=303, headers={"Location": "/ui/"})
        if token is not None:
            response.set_cookie(
                self.cookie, token, max_age=A_DAY, path="/", httponly=True, samesite="Strict"
            )
        return response

    # -- the page ---------------------------------------------------------------------------------

    async def _to_page(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/ui/"})

    async def _to_help(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/ui/help.html"})

    async def _sheet(self, request: web.Request) -> web.Response:
        sheet = self._sheets.get(request.match_info["name"])
        if sheet is None:
            return web.Response(status=404)
        charset = None if sheet.type.startswith(("image/p", "image/j", "font/")) else "utf-8"
        return web.Response(body=sheet.content, content_type=sheet.type, charset=charset)

    async def _table(self, request: web.Request) -> web.Response:
        return _json(self._knowledge.table())

    async def _classes(self, request: web.Request) -> web.Response:
        return _json(self._knowledge.classes())

    async def _presets(self, request: web.Request) -> web.Response:
        return _json(await self._knowledge.presets())

    async def _thumbnail(self, request: web.Request) -> web.Response:
        content = await self._knowledge.thumbnail(request.match_info["name"])
        if content is None:
            return web.Response(status=404)
        return web.Response(body=content, content_type="image/jpeg")

    # -- the preview ------------------------------------------------------------------------------

    async def _picture(self, request: web.Request) -> web.Response:
        found = None if self._look is None else await self._look.picture()
        if found is None:
            return web.Response(status=503, text="There is no picture yet.\n")
        return web.Response(body=found[1], content_type="image/jpeg")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if self._look is None or self._looking >= MOST_LOOKING:
            return web.Response(status=503, text="There is no preview, or too many look at it.\n")
        response = web.StreamResponse()
        response.content_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        self._looking += 1
        try:
            await response.prepare(request)
            entrance = Entrance.of(request.transport)
            if entrance is not None:
                entrance.stays()
            await self._show(request, response, self._look)
        except (TimeoutError, ConnectionError):
            if request.transport is not None:
                request.transport.abort()
        finally:
            self._looking -= 1
        return response

    async def _show(self, request: web.Request, response: web.StreamResponse, look: Look) -> None:
        """Send pictures until the browser goes."""
        await response.write(f"--{BOUNDARY}\r\n".encode())
        async for jpeg in look.stream():
            if request.transport is None or request.transport.is_closing():
                return
            if jpeg:  # the next boundary at once: browsers show a picture when they have seen it
                head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                async with asyncio.timeout(WRITING):
                    await response.write(head.encode() + jpeg + f"\r\n--{BOUNDARY}\r\n".encode())


def _json(content: Any) -> web.Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=text, content_type="application/json")


def read_digits(body: bytes, kind: str) -> str:
    """Read the PIN of a request: a form's, JSON's, or plain text."""
    text = body.decode("utf-8", "replace")
    try:
        if kind == "application/json":
            said = json.loads(text)
            return str(said["pin"])[:20] if isinstance(said, dict) and "pin" in said else ""
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(text)).get("pin", "")[:20]
    except (ValueError, RecursionError):
        return ""
    return text[:20]
