"""Feedback of a running show to foreign programs: each change once, and never to its author."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from liblo import TOOLS, oscdump, oscsend, without_probes
from osc_client import Client
from running_show import RunningShow

from vjdream.clock import RealtimeClock

pytestmark = [pytest.mark.show, TOOLS]

QUIET = ["--output", "memory:", "--set", "keyframes=0.25", "--set", "steps=1"]
FADERS = ("zoom", "rotate", "blur", "grade/hue", "weight/1")


@pytest.fixture(scope="module")
def show() -> Iterator[RunningShow]:
    with RunningShow(*QUIET) as running:
        running.wait_until_on_air()
        yield running


def heard(author: Client) -> None:
    """Return when the show has applied what the author has sent."""
    author.forget()
    author.send("/vjdream/target", "?")
    author.wait_for("/vjdream/target")


def test_two_listeners_hear_each_change_once_and_the_author_does_not(
    show: RunningShow, tmp_path: Path
) -> None:
    author = Client(show.port)
    author.send("/vjdream/subscribe")
    dumps = [tmp_path / "one", tmp_path / "other"]
    with ExitStack() as stack:
        for dump in dumps:
            port = stack.enter_context(oscdump(dump))
            oscsend(show.port, "/vjdream/subscribe", "i", str(port))
        heard(author)
        for number in range(20):
            author.send("/vjdream/rotate", 1.0 + number)
            author.send("/vjdream/class/2", ("eye", "fire")[number % 2])
            heard(author)
        author.send("/vjdream/norm/zoom", 0.75)
        heard(author)
        back = [author.next()[0] for _ in range(12)]  # reports, and nothing of its own
    for dump in dumps:
        found = [(a, arguments) for _, a, arguments in without_probes(dump) if "/state/" not in a]
        assert [args[0] for a, args in found if a == "/vjdream/rotate"] == [
            1.0 + number for number in range(20)
        ]
        assert Counter(a for a, _ in found)["/vjdream/class/2"] == 20
        assert Counter(a for a, _ in found)["/vjdream/slot/2"] == 20
        assert Counter(a for a, _ in found)["/vjdream/zoom"] == 1
    assert all(a.startswith(("/vjdream/state/", "/vjdream/see/", "/vjdream/sure/")) for a in back)
    author.close()


def test_ten_thousand_changes_in_a_second_are_told_once_a_frame_and_no_last_value_is_lost(
    show: RunningShow, tmp_path: Path
) -> None:
    author, other = Client(show.port), Client(show.port)
    dumps = [tmp_path / "one", tmp_path / "other"]
    last: dict[str, float] = {}
    with ExitStack() as stack:
        for dump in dumps:
            port = stack.enter_context(oscdump(dump))
            oscsend(show.port, "/vjdream/subscribe", "i", str(port))
        heard(other)
        clock = RealtimeClock()
        began = clock.now()
        for number in range(10_000):
            if number % 100 == 0:
                clock.wait_until(began + number / 10_000)
            name = FADERS[number % len(FADERS)]
            last[name] = 0.01 + (number % 37) / 1000
            author.send(f"/vjdream/{name}", last[name])
        for _ in range(200):  # frames: until all has been read, or given way to newer values
            heard(other)
    for dump in dumps:
        found = [(a, arguments[0]) for _, a, arguments in without_probes(dump)]
        told = dict(found)
        for name, value in last.items():
            limited = max(value, 0.5) if name == "zoom" else value
            assert told[f"/vjdream/{name}"] == pytest.approx(limited, abs=1e-5)
        assert len([a for a, _ in found if a == "/vjdream/blur"]) < 1000
    author.close()
    other.close()
