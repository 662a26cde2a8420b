"""What the performer sees on the terminal: the ready lines, then a live status or log lines."""

import logging
import socket
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console as Terminal
from rich.live import Live
from rich.logging import RichHandler
from rich.text import Text

from vjdream.settings import Settings

if TYPE_CHECKING:
    from vjdream.live import Health, LiveShow

LOG_EVERY = 10.0
"""Seconds between status lines where there is no terminal to redraw."""


class Console:
    """Draws one status line on a terminal, and plain lines anywhere else."""

    def __init__(self) -> None:
        self._terminal = Terminal(stderr=True)
        self._live: Live | None = None
        self._logged_at = -LOG_EVERY
        self._before: list[logging.Handler] = []

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
        self._before, root.handlers = root.handlers, [handler]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        logging.getLogger("vjdream").handlers = self._before
        if self._live is not None:
            self._live.stop()

    def ready(self, show: "LiveShow", settings: Settings) -> None:
        """Say where the show can be seen and played."""
        for output in show.outputs:
            self._say(
                f"on air: {output.describe()}, {settings.size} at {float(settings.fps):g} fps"
            )
        if settings.lan:
            address = own_address()
            self._say(f"OSC: udp port {show.osc_port}; type {address} into a tablet")
        else:
            self._say(f"OSC: udp port {show.osc_port}, this computer only; tablets: --lan")
        self._say("the dream begins in a few seconds; Ctrl-C ends the show")

    def watch(self, health: "Health") -> None:
        """Show the state of the show."""
        text = status_line(health)
        if self._live is not None:
            self._live.update(Text(text, no_wrap=True, overflow="ellipsis"), refresh=True)
        elif health.time - self._logged_at >= LOG_EVERY:
            self._logged_at = health.time
            self._say(text)

    def _say(self, text: str) -> None:
        if self._live is not None:
            self._terminal.print(text, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)


def status_line(health: "Health") -> str:
    """One line that fits a terminal."""
    dreamer = "dreaming" if health.alive else "dreamer starts"
    parts = [
        f"{_clock(health.time)} {health.subject}",
        f"{health.fps:.1f} fps",
        f"{dreamer} {health.keyframes:.1f} keyframes/s x {health.steps:.0f} steps",
        f"{health.connections} receivers",
        f"late {health.late}",
        f"OSC {health.received} in, {health.rejected} rejected",
    ]
    if health.restarts:
        parts.append(f"{health.restarts} restarts")
    return " | ".join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def own_address() -> str:
    """The address other machines of the local network reach this one by.

    Connecting a UDP socket sends nothing; it only chooses the way out.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a documentation address
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
