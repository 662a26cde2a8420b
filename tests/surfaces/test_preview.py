"""The preview: JPEG for whoever looks, and no work for nobody."""

import asyncio
import itertools

import cv2
import numpy as np
import pytest

from tests.surfaces.fake_stage import play
from vjdream.clock import VirtualClock
from vjdream.frames import Picture
from vjdream.surfaces import preview as preview_module
from vjdream.surfaces.preview import WANTED, Look, encoded


class Screen:
    """A stage that paints a picture at each glance while somebody wants one."""

    def __init__(self, clock: VirtualClock, stale: int = 0) -> None:
        self._clock = clock
        self.number = stale
        self.until = float("-inf")
        self.paints = True

    def want(self, until: float) -> None:
        self.until = max(self.until, until)

    def take(self) -> tuple[int, Picture] | None:
        if self.paints and self._clock.now() < self.until:
            self.number += 2
        if not self.number:
            return None
        return self.number, np.full((270, 480, 4), self.number, np.uint8)


@pytest.fixture(autouse=True)
def passing(monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    """A clock that moves when the preview waits."""
    clock = VirtualClock()
    sleep = asyncio.sleep

    async def wait(seconds: float) -> None:
        clock.wait_until(clock.now() + seconds)
        await sleep(0)

    monkeypatch.setattr(preview_module.asyncio, "sleep", wait)
    return clock


def test_a_picture_is_made_when_it_is_asked_for(passing: VirtualClock) -> None:
    screen = Screen(passing)

    async def scene() -> tuple[int, bytes] | None:
        return await Look(screen, passing).picture()

    found = play(scene())
    assert found is not None
    number, jpeg = found
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (270, 480, 3)
    assert abs(int(shown.mean()) - number) <= 1
    assert screen.until <= passing.now() + WANTED


def test_an_old_picture_is_not_taken_for_one_of_now(passing: VirtualClock) -> None:
    """Nobody has looked for an hour; what lies in the memory is an hour old."""
    screen = Screen(passing, stale=40)

    async def scene() -> tuple[int, bytes] | None:
        return await Look(screen, passing).picture()

    found = play(scene())
    assert found is not None and found[0] == 42


def test_a_stage_that_hangs_gives_no_picture(passing: VirtualClock) -> None:
    screen = Screen(passing, stale=40)
    screen.paints = False

    async def scene() -> tuple[int, bytes] | None:
        return await Look(screen, passing).picture()

    assert play(scene()) is None


def test_a_stream_shows_fifteen_pictures_in_a_second(passing: VirtualClock) -> None:
    look = Look(Screen(passing), passing)

    async def scene() -> list[bytes]:
        began, shown = passing.now(), []
        async for jpeg in look.stream():
            if passing.now() >= began + 1.99:
                break
            shown.append(jpeg)
        return shown

    shown = play(scene())
    assert 28 <= len(shown) <= 31
    assert all(before != after for before, after in itertools.pairwise(shown))


def test_a_stream_goes_on_while_there_is_no_picture(passing: VirtualClock) -> None:
    screen = Screen(passing)
    screen.paints = False

    async def scene() -> list[bytes]:
        shown = []
        async for jpeg in Look(screen, passing).stream():
            shown.append(jpeg)
            if len(shown) == 2:
                screen.paints = True
            if jpeg:
                return shown
        return shown

    *nothing, something = play(scene())
    assert set(nothing) == {b""} and something


def test_the_fourth_byte_is_no_colour() -> None:
    picture = np.zeros((270, 480, 4), np.uint8)
    picture[:] = (0, 0, 255, 7)  # BGRX: red
    shown = cv2.imdecode(np.frombuffer(encoded(picture), np.uint8), cv2.IMREAD_COLOR)
    assert shown[100, 100].tolist() == pytest.approx([0, 0, 255], abs=3)
