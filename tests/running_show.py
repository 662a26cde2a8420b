"""A whole show in its own process, started as its user starts it."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
from osc_client import Client

ROOT = Path(__file__).parent.parent


PORTS = range(20000, 32000)
"""Below those that systems give to whoever asks for any port, as a browser does: it would
take one between the moment it was found free and the moment the show opens it."""

asked_for: set[int] = set()


def free_port() -> int:
    """Return a port that is free for UDP and TCP, another one each time."""
    for port in random.sample(PORTS, len(PORTS)):
        if port in asked_for:
            continue
        asked_for.add(port)
        try:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
    raise AssertionError("no port is free")


class RunningShow:
    """``vjdream run`` with a name and port of its own; ended by its process id."""

    def __init__(self, *options: str, name: str | None = None) -> None:
        self.port = free_port()
        self.name = name or f"vjdream test {self.port}"
        command = [sys.executable, "-m", "vjdream", "run", "--osc-port", str(self.port)]
        command += ["--ndi-name", self.name, *options]
        if "--http-port" not in options:  # where the page is not what is tested
            command += ["--http-port", "0"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ}
        )
        self.client = Client(self.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.stop()
        if self.process.stderr:
            self.process.stderr.close()

    def wait_until_on_air(self) -> str:
        """Return the ready line."""
        assert self.process.stderr is not None
        lines = []
        for line in self.process.stderr:
            if line.startswith("on air"):
                return line
            lines.append(line)
        raise AssertionError(f"the show ended with {self.process.wait()}:\n{''.join(lines)}")

    def wait_until_dreaming(self) -> None:
        """Return when keyframes arrive."""
        self.wait_until_on_air()
        self.wait_for_report("keyframes")

    def wait_for_report(self, name: str, seconds: int = 60) -> float:
        """Return the next value above 0 of a report that comes once a second."""
        self.client.forget()
        self.client.send("/vjdream/subscribe")
        for _ in range(seconds):
            (value,) = self.client.wait_for(f"/vjdream/state/{name}")
            if float(value) > 0:
                return float(value)
        raise AssertionError(f"{name} stayed 0 for {seconds} s")

    def dreamer(self) -> psutil.Process:
        """The dreamer's process: the child that has loaded torch, or will."""
        children = psutil.Process(self.process.pid).children()
        (dreamer,) = [c for c in children if "spawn_main" in " ".join(c.cmdline())]
        return dreamer

    def family(self) -> list[psutil.Process]:
        stage = psutil.Process(self.process.pid)
        return [stage, *stage.children(recursive=True)]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the show and return its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        return self.process.wait(20)


def shared_memory() -> set[str]:
    """Names of the shared memory segments that Python programs hold now."""
    folder = Path("/dev/shm")
    return {path.name for path in folder.glob("psm_*")} if folder.is_dir() else set()
