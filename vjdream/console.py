"""What the performer sees on the terminal: the ready lines, then a live status or log lines.

A terminal that is held (Ctrl-S, a sleeping SSH session, a full pipe) blocks whoever writes to it.
So nobody but a thread of its own writes here, and what it cannot keep up with is left out.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Callable
from io import StringIO
from queue import Full, Queue
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

import segno
from rich.console import Console as Terminal
from rich.live import Live
from rich.logging import RichHandler
from rich.text import Text

from vjdream.addresses import own_address
from vjdream.settings import Settings

if TYPE_CHECKING:
    from vjdream.live import Health, LiveShow

LOG_EVERY = 10.0
"""Seconds between status lines where there is no terminal to redraw."""


MOST_WAITING = 256
"""Lines that wait for a terminal that is held."""

PATIENCE = 5.0
"""Seconds that the end of a show waits for its last lines."""


class Printer:
    """Does whatever may block in a thread of its own, in order."""

    def __init__(self) -> None:
        self._queue: Queue[Callable[[], object] | None] = Queue(MOST_WAITING)
        self._thread = Thread(target=self._work, name="console", daemon=True)
        self._thread.start()

    def do(self, action: Callable[[], object]) -> None:
        """Do something soon, or never when too much is waiting."""
        try:
            self._queue.put_nowait(action)
        except Full:
            pass

    def close(self) -> bool:
        """Wait a little for what is left; return whether all of it is done."""
        try:
            self._queue.put(None, timeout=PATIENCE)
            self._thread.join(PATIENCE)
        except Full:
            pass
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (action := self._queue.get()) is not None:
            # whatever the terminal is, or is no more: the show goes on
            with contextlib.suppress(Exception):
                action()


class _Aside(logging.Handler):
    """Lets another handler write, in the printer's thread."""

    def __init__(self, printer: Printer, handler: logging.Handler) -> None:
        super().__init__()
        self._printer, self._handler = printer, handler

    def emit(self, record: logging.LogRecord) -> None:
        self._printer.do(lambda: self._handler.handle(record))


class Console:
    """Draws one status line on a terminal, and plain lines anywhere else."""

    def __init__(self) -> None:
        self._terminal = Terminal(stderr=True)
        self._live: Live | None = None
        self._logged_at = -LOG_EVERY
        self._before: list[logging.Handler] = []
        self._printer = Printer()

    def __enter__(self) -> Self:
        root = logging.getLogger("vjdream")
        root.setLevel(logging.INFO)
        handler: logging.Handler
        if self._terminal.is_terminal:
            self._live = Live(console=self._terminal, auto_refresh=False, transient=True)
            self._live.start()
            handler = RichHandler(console=self._terminal, show_path=False, show_level=False)
        else:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
        self._before, root.handlers = root.handlers, [_Aside(self._printer, handler)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        logging.getLogger("vjdream").handlers = self._before
        if self._live is not None:
            self._printer.do(self._live.stop)
        if not self._printer.close():
            # Python would wait for the held terminal for ever; the show is over and closed
            os._exit(1 if error else 0)

    def ready(self, show: "LiveShow", settings: Settings) -> None:
        """Say where the show can be seen and played."""
        for output in show.outputs:
            self._say(
                f"on air: {output.describe()}, {settings.size} at {float(settings.fps):g} fps"
            )
        if settings.lan:
            address = own_address()
            self._say(f"OSC: udp port {show.osc_port}; type {address} into a tablet")
            if settings.http_port:
                page = f"http://{address}:{settings.http_port}/ui/"
                self._say(f"page: {page}")
                self._say(qr_code(page))
        else:
            self._say(f"OSC: udp port {show.osc_port}, this computer only; tablets: --lan")
            if settings.http_port:
                self._say(f"page: http://localhost:{settings.http_port}/ui/")
        self._say("the dream begins in a few seconds; Ctrl-C ends the show")

    def watch(self, health: "Health") -> None:
        """Show the state of the show."""
        text = status_line(health)
        if self._live is not None:
            shown, live = Text(text, no_wrap=True, overflow="ellipsis"), self._live
            self._printer.do(lambda: live.update(shown, refresh=True))
        elif health.time - self._logged_at >= LOG_EVERY:
            self._logged_at = health.time
            self._say(text)

    def _say(self, text: str) -> None:
        if self._live is not None:
            self._printer.do(lambda: self._terminal.print(text, highlight=False, markup=False))
        else:
            self._printer.do(lambda: print(text, file=sys.stderr, flush=True))


def qr_code(text: str) -> str:
    """A text as lines that a telephone's camera reads from a terminal."""
    lines = StringIO()
    segno.make(text, error="l", micro=False).terminal(lines, compact=True)
    return lines.getvalue()


def status_line(health: "Health") -> str:
    """One line that fits a terminal."""
    dreamer = "dreaming" if health.alive else "dreamer starts"
    parts = [
        f"{_clock(health.time)} {health.subject}",
        f"{health.fps:.1f} fps",
        f"{dreamer} {health.keyframes:.1f} keyframes/s x {health.steps:.0f} steps",
        f"{health.connections} receivers",
        *(["recording"] if health.recording else []),
        f"late {health.late}",
        f"OSC {health.received} in, {health.rejected} rejected"
        + (f", {health.lost} lost" if health.lost else ""),
    ]
    if health.restarts:
        parts.append(f"{health.restarts} restarts")
    return " | ".join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
