"""A running show under fire, seen from outside: two seconds of hostile datagrams, 10,000 a second.

How well the output keeps its rate meanwhile is measured by tools/hostile_benchmark.py.
"""

import signal
import socket
from collections.abc import Iterator
from itertools import islice
from time import monotonic, sleep

import psutil
import pytest
from fire import datagrams
from osc_client import message, read
from running_show import RunningShow

pytestmark = [pytest.mark.show, pytest.mark.ndi]

PACKETS = 20_000
RATE = 10_000
MEMORY = 20e6  # bytes that the stage may grow by


@pytest.fixture(scope="module")
def show() -> Iterator[RunningShow]:
    with RunningShow() as running:
        running.wait_until_dreaming()
        yield running


@pytest.fixture
def watcher(show: RunningShow) -> Iterator[socket.socket]:
    """A subscriber that is read while the fire goes on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.setblocking(False)
        opened.sendto(message("/vjdream/subscribe"), ("127.0.0.1", show.port))
        yield opened


def pending(watcher: socket.socket, most: int = 2000) -> Iterator[tuple[str, float | int | str]]:
    """Address and value of what has arrived."""
    for _ in range(most):
        try:
            address, _, arguments = read(watcher.recv(65536))
        except BlockingIOError:
            return
        yield address, arguments[0]


def test_a_show_outlives_hostile_fire(show: RunningShow, watcher: socket.socket) -> None:
    stage = psutil.Process(show.process.pid)
    made = list(islice(datagrams(seed=20), PACKETS))
    show.client.send("/vjdream/subscribe")
    (rejected,) = show.client.wait_for("/vjdream/state/rejected")
    memory = stage.memory_info().rss
    errors = sent = 0
    started = monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as enemy:
        while sent < PACKETS:
            due = min(PACKETS, int((monotonic() - started) * RATE))
            for packet in made[sent:due]:
                enemy.sendto(packet, ("127.0.0.1", show.port))
            sent = due
            errors += sum(address == "/vjdream/state/error" for address, _ in pending(watcher))
            sleep(0.002)

    # good messages afterwards are obeyed and told to the other subscribers; on a busy computer the
    # first may still meet a full buffer, so the fader goes on moving
    answers: list[float] = []
    told = 0.0
    for number in range(60):
        show.client.send("/vjdream/glide", 0.25 + number / 256)
        sleep(0.25)
        for address, value in pending(watcher):
            errors += address == "/vjdream/state/error"
            if address == "/vjdream/glide":
                answers.append(float(value))
            elif address == "/vjdream/state/rejected":
                told = float(value)
        obeyed = answers[-1:] == [0.25 + number / 256]
        if obeyed and told > float(rejected):
            break
    assert obeyed
    assert told > float(rejected)
    assert 0 < errors <= 5 * (monotonic() - started + 1)
    assert stage.memory_info().rss < memory + MEMORY
    assert show.dreamer().is_running()


def test_what_must_not_change_has_not_changed(show: RunningShow) -> None:
    show.client.forget()
    show.client.send("/vjdream/sync")
    expected = {"master": 1.0, "blackout": 0, "hold": 0, "keyframes": 4.0, "steps": 5}
    for name, value in expected.items():
        show.client.send(f"/vjdream/{name}", "?")
        assert show.client.wait_for(f"/vjdream/{name}") == [value]


def test_the_show_ends_cleanly_after_fire(show: RunningShow) -> None:
    assert show.stop(signal.SIGTERM) == 0
