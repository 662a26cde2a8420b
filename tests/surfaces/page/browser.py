"""A real browser without a window, steered over the DevTools protocol.

The tests are plain functions, so the connection lives in an event loop of its own thread. Nothing
is needed but Chromium and aiohttp; no driver, no Selenium.
"""

import asyncio
import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 20.0  # seconds; a busy computer is slow, a broken page is never done

T = TypeVar("T")


def found() -> str | None:
    """The browser of this computer."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Loop:
    """An event loop in a thread, for tests that are plain functions."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def __call__(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE + 10)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class Page:
    """One tab, and everything it complained about."""

    def __init__(self, loop: Loop, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._loop = loop
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.run_coroutine_threadsafe(self._read(), loop.loop)
        self.complaints: list[str] = []

    async def _read(self) -> None:
        async for frame in self._socket:
            told = json.loads(frame.data)
            if answer := self._answers.pop(told.get("id", 0), None):
                answer.set_result(told)
            elif told.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(str(told["params"]["exceptionDetails"]))
            elif told.get("method") == "Log.entryAdded":
                entry = told["params"]["entry"]
                if entry["level"] in ("error", "warning"):
                    self.complaints.append(f"{entry['text']} {entry.get('url', '')}")
            elif told.get("method") == "Runtime.consoleAPICalled" and told["params"]["type"] in (
                "error",
                "warning",
                "assert",
            ):
                self.complaints.append(str(told["params"]["args"]))

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call the DevTools protocol."""

        async def work() -> dict[str, Any]:
            number = next(self._numbers)
            self._answers[number] = self._loop.loop.create_future()
            await self._socket.send_json({"id": number, "method": method, "params": parameters})
            return await asyncio.wait_for(self._answers[number], PATIENCE)

        told = self._loop(work())
        assert "error" not in told, told["error"]
        result: dict[str, Any] = told["result"]
        return result

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, awaited."""
        told = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, condition: str) -> Any:
        """Wait, picture for picture, until an expression is true; return its value."""
        return self.evaluate(f"""new Promise((resolve, reject) => {{
            const end = performance.now() + {PATIENCE * 1000 - 2000};
            const look = () => {{
                let value;
                try {{ value = {condition}; }} catch {{ value = undefined; }}
                if (value) resolve(value);
                else if (performance.now() > end) reject(new Error({json.dumps(condition)}));
                else setTimeout(look, 16);
            }};
            look();
        }})""")

    def go(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.until(
            f"location.href.startsWith({json.dumps(url)}) && document.readyState === 'complete'"
        )

    def size(self, width: int, height: int, *, phone: bool = False) -> None:
        """Show the page at a size in CSS pixels; a phone has fingers instead of a mouse."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone,
        )  # fmt: skip
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def key(self, key: str, *, control: bool = False, shift: bool = False) -> None:
        """Press and release a key."""
        held = 2 * control + 8 * shift
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 and not control else "")
        codes = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38,
                 "ArrowLeft": 37, "ArrowRight": 39, "Delete": 46, " ": 32}  # fmt: skip
        about = {"key": key, "modifiers": held, "windowsVirtualKeyCode": codes.get(key, 0)}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, text: str) -> None:
        for letter in text:
            self.key(letter)

    def mouse(self, kind: str, x: float, y: float, clicks: int = 1) -> None:
        """Press, move or release the left button; x and y in CSS pixels."""
        self.call(
            "Input.dispatchMouseEvent",
            type=kind, x=x, y=y, button="left", buttons=1, clickCount=clicks,
        )  # fmt: skip

    def click(self, selector: str) -> None:
        x, y, _, _ = self.place(selector)
        self.mouse("mousePressed", x, y)
        self.mouse("mouseReleased", x, y)

    def place(self, selector: str) -> tuple[float, float, float, float]:
        """Scroll an element into view and return its middle, width and height."""
        x, y, width, height = self.evaluate(f"""(() => {{
            const one = document.querySelector({json.dumps(selector)});
            one.scrollIntoView({{ block: 'center' }});
            const box = one.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2, box.width, box.height];
        }})()""")
        return x, y, width, height

    def picture(self, file: Path) -> None:
        """Keep what the page looks like as a PNG."""
        told = self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(told["data"]))

    def close(self) -> None:
        with contextlib.suppress(AssertionError):
            self.call("Page.close")
        self._loop(self._socket.close())
        self._reading.result(PATIENCE)


class Browser:
    """Chromium in a folder of its own."""

    def __init__(self, program: str, folder: Path, loop: Loop) -> None:
        self._loop = loop
        self._session: aiohttp.ClientSession = loop(_session())
        self._process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-dev-shm-usage", "--disable-background-networking", "--mute-audio",
                "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if "listening on ws://" in line:
                self._port = line.rpartition(":")[2].partition("/")[0]
                break
        else:
            raise RuntimeError("Chromium ended before it listened")
        # what it writes later must not fill the pipe
        self._drain = threading.Thread(target=self._process.stderr.read, daemon=True)
        self._drain.start()

    def page(self) -> Page:
        """Open a tab."""

        async def opened() -> aiohttp.ClientWebSocketResponse:
            address = f"http://127.0.0.1:{self._port}/json/new?about:blank"
            async with self._session.put(address) as answer:
                told = json.loads(await answer.text())
            return await self._session.ws_connect(told["webSocketDebuggerUrl"], max_msg_size=0)

        page = Page(self._loop, self._loop(opened()))
        for domain in ("Page", "Runtime", "Log"):
            page.call(f"{domain}.enable")
        return page

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop(self._session.close())
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._drain.join()
        assert self._process.stderr is not None
        self._process.stderr.close()


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()
