"""liblo's own command line tools: foreign OSC programs to record from and to play into."""

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from running_show import free_port

from vjdream.clock import RealtimeClock
from vjdream.sessions import read_session

TOOLS = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("oscsend", "oscdump", "oscsendfile")),
    reason="needs oscsend, oscdump and oscsendfile (liblo-tools)",
)


def oscsend(port: int, *arguments: str) -> None:
    subprocess.run(["oscsend", "127.0.0.1", str(port), *arguments], check=True, timeout=20)


def oscsendfile(port: int, path: Path) -> None:
    """Play a file and return when it is over."""
    subprocess.run(["oscsendfile", "127.0.0.1", str(port), str(path)], check=True, timeout=90)


@contextmanager
def oscdump(into: Path) -> Iterator[int]:
    """A running oscdump that has said that it hears; yields its port."""
    port = free_port()
    with into.open("wb") as file:
        child = subprocess.Popen(["oscdump", "-L", str(port)], stdout=file)
        try:
            _wait_for(into, "/ready", lambda: oscsend(port, "/ready"))
            yield port
            _wait_for(into, "/done", lambda: oscsend(port, "/done"))
        finally:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _wait_for(path: Path, word: str, ask: Callable[[], None]) -> None:
    """Ask until the file holds the word."""
    clock = RealtimeClock()
    for _ in range(100):
        ask()
        clock.wait_until(clock.now() + 0.05)
        if word in path.read_text(errors="replace"):
            return
    raise AssertionError(f"{word} did not come")


def without_probes(path: Path) -> list[tuple[float, str, tuple[object, ...]]]:
    """What a dump has heard beside the messages that `oscdump` asks with."""
    read = read_session(path, strict=True)
    return [(m.time, m.address, m.arguments) for m in read if m.address not in ("/ready", "/done")]
