"""NDI in, with real senders on this computer."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from tests.inputs.drawn import SMALL
from vjdream.clock import RealtimeClock
from vjdream.frames import Size
from vjdream.inputs import Input, open_input
from vjdream.inputs.ndi import load_library

pytestmark = pytest.mark.ndi

SENDER = Path(__file__).parent.parent / "ndi_sender.py"
PATIENCE = 30.0  # seconds after which a test gives up; everything takes less than 5


@contextmanager
def sender(name: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is on air with a plain picture."""
    command = [sys.executable, str(SENDER), "--name", name, "--seconds", "100", *options]
    if "--pattern" not in options:
        command += ["--pattern", "plain"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert f"({name})" in process.stdout.readline()
            yield process
        finally:
            process.kill()


@contextmanager
def opened(url: str, size: Size = SMALL) -> Iterator[Input]:
    source = open_input(url, size, RealtimeClock())
    try:
        yield source
    finally:
        source.close()


def wait_until(condition: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < until, "it takes too long"
        sleep(0.01)


def shows(source: Input, *bgr: int) -> bool:
    """Whether the input shows one colour, as nearly as NDI's compression leaves it."""
    still = source.at(0.0)
    if still is None:
        return False
    assert (still.picture[..., 3] == 255).all()
    return bool(np.abs(still.picture[..., :3].astype(int) - bgr).max() <= 6)


def number(source: Input) -> int:
    still = source.at(0.0)
    return -1 if still is None else still.number


def test_a_moving_picture_arrives_and_goes_on() -> None:
    with (
        sender("vjdream-in-1", "--pattern", "moving", "--colour", "255,255,255"),
        opened("ndi:vjdream-in-1", Size(64, 36)) as source,
    ):
        wait_until(lambda: number(source) >= 10)
        still = source.at(0.0)
        assert still is not None
        assert still.picture.shape == (36, 64, 4)
        assert (still.picture[13:23, :, :3] > 240).any()
        assert (still.picture[:10, :, :3] < 20).all()


def test_a_picture_that_stays_the_same_keeps_its_number() -> None:
    with sender("vjdream-in-2"), opened("ndi:vjdream-in-2") as source:
        wait_until(lambda: shows(source, 30, 160, 220))
        before = number(source)
        sleep(0.2)
        assert number(source) == before


def test_a_lost_source_keeps_its_last_picture_and_comes_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with opened("ndi:vjdream-in-3") as source:
        assert source.at(0.0) is None
        with sender("vjdream-in-3", "--colour", "60,60,60"):
            wait_until(lambda: shows(source, 60, 60, 60))
        wait_until(lambda: "is lost" in caplog.text)
        asked = monotonic()
        assert shows(source, 60, 60, 60)
        assert monotonic() - asked < 2  # it waits for nobody
        with sender("vjdream-in-3", "--colour", "180,180,180"):
            wait_until(lambda: shows(source, 180, 180, 180))
        wait_until(lambda: caplog.text.count("is lost") == 2)
        assert caplog.text.count("is there") == 1


def test_it_is_found_among_other_senders_by_a_part_of_its_name_and_kept() -> None:
    with (
        sender("vjdream-in-4 other"),
        sender("vjdream-in-4 main", "--colour", "90,90,90"),
        opened("ndi:VJDREAM-in-4 m") as source,
    ):
        wait_until(lambda: shows(source, 90, 90, 90))


def test_it_is_found_by_its_address() -> None:
    with sender("vjdream-in-5", "--colour", "120,120,120"):
        address = address_of("vjdream-in-5")
        with opened(f"ndi:{address}") as source:
            wait_until(lambda: shows(source, 120, 120, 120))


def address_of(name: str) -> str:
    ndi = load_library()
    found: list[str] = []

    def look() -> bool:
        finder = ndi.find_create_v2(ndi.FindCreate(True, None, "127.0.0.1"))
        ndi.find_wait_for_sources(finder, 100)
        sources = ndi.find_get_current_sources(finder)
        found.extend(s.url_address for s in sources if f"({name})" in s.ndi_name)
        ndi.find_destroy(finder)
        return bool(found)

    wait_until(look)
    return found[0]


@pytest.mark.parametrize("size", ["10x10", "50x100", "1366x768"])
def test_lines_with_padding_stay_straight(size: str) -> None:
    name = f"vjdream-in-{size}"
    options = ("--size", size, "--pattern", "halves", "--colour", "255,255,255")
    with sender(name, *options), opened(f"ndi:{name}", Size(32, 32)) as source:
        wait_until(lambda: source.at(0.0) is not None)
        still = source.at(0.0)
        assert still is not None
        assert (still.picture[:, :12, :3] > 200).all()
        assert (still.picture[:, 20:, :3] < 55).all()


def test_closing_is_quick_with_and_without_a_source() -> None:
    for url in ("ndi:vjdream-in-6", "ndi:127.0.0.1:9"):
        source = open_input(url, SMALL, RealtimeClock())
        began = monotonic()
        source.close()
        assert monotonic() - began < 3
        assert source.at(0.0) is None
