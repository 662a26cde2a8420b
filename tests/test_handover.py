"""A show that strangers play, seen from outside: strobes, presets in a flood, machines that repeat.

A strobe must come out of NDI with at most three flashes in any second, whatever makes it.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest
from flashes import FlashCounter
from osc_client import Client
from receiver import Receiver
from running_show import RunningShow

pytestmark = [pytest.mark.show, pytest.mark.ndi]

HALF = 0.05
"""Seconds that a strobe of 10 Hz is light, and dark."""

PRESETS = {
    "light": "grade/brightness: 0.8\nstrength: 0\n",
    "dark": "grade/brightness: -0.8\nstrength: 0\n",
    "quick": "zoom: 1.9\nclass/1: fire\n",
    "slow": "zoom: 1.1\nclass/1: ocean\n",
}


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShow]:
    folder = tmp_path_factory.mktemp("presets")
    for name, body in PRESETS.items():
        (Path(folder) / f"{name}.yaml").write_text(f"vjdream: 1\n{body}")
    with RunningShow("--preset-folder", str(folder), "--size", "640x360") as running:
        running.wait_until_dreaming()
        running.client.send("/vjdream/glide", 0.0)
        yield running


@pytest.fixture
def receiver(show: RunningShow) -> Iterator[Receiver]:
    connected = Receiver(show.name)
    list(connected.frames(1.5))
    yield connected
    connected.close()


@pytest.fixture
def stranger(show: RunningShow) -> Iterator[Client]:
    with closing(Client(show.port)) as client:
        yield client


Strobe = Callable[[Client, bool], None]


def by_master(client: Client, light: bool) -> None:
    client.send("/vjdream/master", 1.0 if light else 0.0)


def by_brightness(client: Client, light: bool) -> None:
    client.send("/vjdream/grade/brightness", 0.8 if light else -0.8)


def by_presets(client: Client, light: bool) -> None:
    client.send("/vjdream/preset/load", "light" if light else "dark", 0.0)


def by_blackout(client: Client, light: bool) -> None:
    client.send("/vjdream/blackout", not light)


def flashes(show: RunningShow, receiver: Receiver, strobe: Strobe, seconds: float = 4.0) -> float:
    """Strobe for some seconds; return the most flashes in any second of what is received."""
    counter = FlashCounter()
    began = monotonic()
    turns = count()
    turn = next(turns)
    for frame in receiver.frames(seconds):
        assert frame.picture is not None
        counter.add(frame.timecode / 1e7, frame.picture)
        if monotonic() - began >= turn * HALF:
            turn = next(turns)
            strobe(show.client, turn % 2 == 0)
    strobe(show.client, True)
    assert len(counter.times) > 20 * seconds
    return max(counter.count())


@pytest.mark.parametrize("strobe", [by_master, by_brightness, by_presets, by_blackout])
def test_a_strobe_leaves_with_three_flashes_a_second_at_most(
    show: RunningShow, receiver: Receiver, strobe: Strobe
) -> None:
    show.client.send("/vjdream/reset/look")
    assert flashes(show, receiver, strobe) <= 3
    assert show.wait_for_report("flash", 2) > 0


def test_the_counter_finds_the_strobe_of_a_show_that_may_flash() -> None:
    with RunningShow("--allow-flashing", "--size", "640x360") as unlimited:
        unlimited.wait_until_dreaming()
        unlimited.client.send("/vjdream/glide", 0.0)
        connected = Receiver(unlimited.name)
        found = flashes(unlimited, connected, by_master, 3.0)
        connected.close()
        assert found > 6


def value(client: Client, name: str) -> float | int | str:
    client.send(f"/vjdream/{name}", "?")
    return client.wait_for(f"/vjdream/{name}", 5000)[0]


def test_of_presets_as_fast_as_they_can_be_sent_the_last_one_wins(
    show: RunningShow, receiver: Receiver, stranger: Client
) -> None:
    (before,) = show.client.wait_for("/vjdream/state/rejected", 5000)
    ends, sent = monotonic() + 4.0, 0
    while monotonic() < ends:
        stranger.send("/vjdream/preset/load", ("light", "dark", "slow")[sent % 3], sent % 4 * 0.1)
        sent += 1
    for _ in receiver.frames(2.0):  # a full buffer loses packets, wherever they were going
        stranger.send("/vjdream/preset/load", "quick", 0.0)
    show.client.forget()
    assert value(show.client, "zoom") == pytest.approx(1.9)
    assert value(show.client, "class/1") == "fire"
    assert sent > 4000
    picture = receiver.pictures(1.0)[-1][..., :3]
    assert 20 < picture.mean() < 235
    assert picture.std() > 10
    (after,) = show.client.wait_for("/vjdream/state/rejected", 5000)
    assert after == before
    assert show.dreamer().is_running()


def test_a_machine_that_repeats_everything_disturbs_neither_preset_nor_fader(
    show: RunningShow, stranger: Client
) -> None:
    hand = show.client
    hand.send("/vjdream/reset/look")
    constant = {
        "zoom": 1.0,
        "rotate": 0.0,
        "blur": 0.0,
        "grade/brightness": 0.0,
        "preset/next": 0.0,
    }
    moved = preset = False
    began = monotonic()
    while (passed := monotonic() - began) < 4.0:
        for name, number in constant.items():
            stranger.send(f"/vjdream/{name}", number)
        if passed > 1.0 and not preset:
            hand.send("/vjdream/preset/load", "quick", 1.0)
            preset = True
        if passed > 2.5 and not moved:
            hand.send("/vjdream/rotate", 33.0)
            moved = True
        sleep(1 / 60)
    hand.forget()
    assert value(hand, "zoom") == pytest.approx(1.9)
    assert value(hand, "rotate") == pytest.approx(33.0)
