"""Measure a show under fire: hostile OSC from a process of its own, NDI frames as received.

    python tools/hostile_benchmark.py [--packets 100000] [--rate 10000] [--seed 1]

One show, three phases of the same length: quiet, under fire, quiet. In all of them an operator
moves a fader four times a second and watches for the answer. The sender, this program and the show
share the computer's cores, so a busy sender alone costs the dream some of its steps.
"""

import argparse
import contextlib
import multiprocessing
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.synchronize import Event
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import psutil
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

DIFFERENT = 10_000
"""Datagrams that are made before the fire opens; longer fire repeats them."""

BATCH = 0.002
"""Seconds between two bursts of the sender."""

FADER = "/vjdream/glide"
"""What the operator moves: it changes nothing that is measured, and the fire never sets it."""


def fire(port: int, packets: int, rate: float, seed: int, ready: Event, begin: Event) -> None:
    """Send so many datagrams at that rate; the work of a process of its own."""
    from fire import datagrams

    made = list(islice(datagrams(seed), min(packets, DIFFERENT)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", port))
        ready.set()
        begin.wait(120)
        started = monotonic()
        sent = 0
        while sent < packets:
            due = min(packets, int((monotonic() - started) * rate))
            for number in range(sent, due):
                with contextlib.suppress(OSError):
                    sender.send(made[number % len(made)])
            sent = due
            sleep(BATCH)


class Operator(threading.Thread):
    """A control surface in use: moves a fader, hears the answers and everything else."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._show = ("127.0.0.1", port)
        self._mover = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._watcher = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._watcher.settimeout(0.05)
        self._moved: dict[float, float] = {}  # value: when it was sent
        self.answers: list[float] = []  # seconds each
        self.moves = 0
        self.errors: list[float] = []  # when each was heard
        self.reports: dict[str, float] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        from osc_client import message, read

        next_move = next_lease = 0.0
        while not self._ended.is_set():
            if monotonic() > next_lease:
                next_lease = monotonic() + 20.0
                self._watcher.sendto(message("/vjdream/subscribe"), self._show)
            if monotonic() > next_move:
                next_move = monotonic() + 0.25
                value = float(np.float32(0.25 + self.moves % 1000 / 10_000))
                self.moves += 1
                self._moved[value] = monotonic()
                self._mover.sendto(message(FADER, value), self._show)
            with contextlib.suppress(TimeoutError):
                self._hear(*read(self._watcher.recv(65536)))

    def _hear(self, address: str, tags: str, arguments: list[float | int | str]) -> None:
        if address == FADER and arguments[0] in self._moved:
            self.answers.append(monotonic() - self._moved.pop(float(arguments[0])))
        elif address == "/vjdream/state/error":
            self.errors.append(monotonic())
        elif address.startswith("/vjdream/state/") and tags in ("i", "f"):
            self.reports[address.rpartition("/")[2]] = float(arguments[0])

    def end(self) -> None:
        self._ended.set()
        self.join()
        self._mover.close()
        self._watcher.close()


@dataclass(frozen=True)
class Phase:
    """What a receiver and the operator saw in some seconds of the show."""

    name: str
    seconds: float
    times: NDArray[np.float64]  # NDI's timestamps, seconds
    errors: list[float]
    answers: list[float]
    moves: int
    reports: dict[str, float]
    kernel_drops: int
    memory: float  # of the stage, MB
    gaps: NDArray[np.float64] = field(init=False)  # milliseconds

    def __post_init__(self) -> None:
        object.__setattr__(self, "gaps", np.diff(self.times) * 1000)

    @property
    def p99(self) -> float:
        return float(np.percentile(self.gaps, 99))

    def lines(self) -> Iterator[str]:
        rate = (len(self.times) - 1) / (self.times[-1] - self.times[0])
        most = max((sum(t <= e < t + 1 for e in self.errors) for t in self.errors), default=0)
        answered = f"{len(self.answers)} of {self.moves} moves answered"
        if self.answers:
            worst = 1000 * max(self.answers)
            answered += f", median {1000 * np.median(self.answers):.0f} ms, longest {worst:.0f} ms"
        yield (
            f"{self.name}: {rate:.2f} frames/s, interval median {np.median(self.gaps):.2f} ms, "
            f"p99 {self.p99:.2f} ms, longest {self.gaps.max():.2f} ms"
        )
        yield (
            f"  operator: {answered}; error replies {len(self.errors) / self.seconds:.1f}/s, "
            f"at most {most} arrived in one second"
        )
        told = ("keyframes", "late", "received", "rejected", "lost")
        counted = [f"{n} {self.reports[n]:g}" for n in told if n in self.reports]
        yield (
            f"  at its end: {', '.join(counted)}, dropped by the kernel {self.kernel_drops}, "
            f"stage {self.memory:.1f} MB"
        )


def kernel_drops(port: int) -> int:
    """Packets that Linux had no room for, of the socket bound to a port; elsewhere 0."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
            columns = line.split()
            if int(columns[1].rpartition(":")[2], 16) == port:
                return int(columns[-1])
    return 0


def measure(options: argparse.Namespace) -> None:
    """Quiet, fire, quiet; print the figures of each and how far they lie apart."""
    from receiver import Receiver
    from running_show import RunningShow

    spawn = multiprocessing.get_context("spawn")
    ready, begin = spawn.Event(), spawn.Event()
    seconds = options.packets / options.rate
    phases = []
    with RunningShow() as show:
        arguments = (show.port, options.packets, options.rate, options.seed, ready, begin)
        sender = spawn.Process(target=fire, args=arguments, daemon=True)
        sender.start()
        show.wait_until_dreaming()
        receiver = Receiver(show.name)
        operator = Operator(show.port)
        operator.start()
        ready.wait(120)
        stage = psutil.Process(show.process.pid)
        list(receiver.frames(5.0, keep_every=10**9))
        for name in ("quiet", "fire", "quiet again"):
            errors, answers, moves = len(operator.errors), len(operator.answers), operator.moves
            begun = monotonic()
            if name == "fire":
                begin.set()
            times = [frame.timestamp for frame in receiver.frames(seconds, keep_every=10**9)]
            if name == "fire":
                sender.join(60)
            list(receiver.frames(1.6, keep_every=10**9))  # until the reports have come
            phases.append(
                Phase(
                    name,
                    monotonic() - begun,
                    np.array(times),
                    operator.errors[errors:],
                    operator.answers[answers:],
                    operator.moves - moves,
                    dict(operator.reports),
                    kernel_drops(show.port),
                    stage.memory_info().rss / 1e6,
                )
            )
        operator.end()
        receiver.close()
        code = show.stop()
    print(f"{options.packets} datagrams at {options.rate:g}/s, on the cores of the show:")
    for phase in phases:
        print("\n".join(phase.lines()))
    before, fired, after = phases
    print(
        f"p99 under fire is {fired.p99 - before.p99:+.2f} ms from quiet and "
        f"{fired.p99 - after.p99:+.2f} ms from quiet again; "
        f"memory {fired.memory - before.memory:+.1f} MB; the show ended with {code}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--packets", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
