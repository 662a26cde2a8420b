"""What the NDI input does about faults of a source: with a stand-in for the library and time."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.inputs.drawn import SMALL, plain
from vjdream.clock import VirtualClock
from vjdream.errors import SettingsError
from vjdream.frames import Size
from vjdream.inputs import Still
from vjdream.inputs.ndi import PATIENCE, SILENCE, NdiInput, load_library, picture_of
from vjdream.inputs.wanted import Wanted


def frame(picture: NDArray[np.uint8], aspect: float = 0.0, fourcc: str = "BGRX") -> SimpleNamespace:
    height, width = picture.shape[:2]
    return SimpleNamespace(
        data=picture, xres=width, yres=height, picture_aspect_ratio=aspect, FourCC=fourcc
    )


@dataclass
class Camera:
    """A source: what it still has to send, and whether it repeats the last to new receivers."""

    levels: list[int] = field(default_factory=list)
    repeats: int | None = None


class Library:
    """Takes the place of NDIlib; its waiting moves the clock."""

    FRAME_TYPE_VIDEO, FRAME_TYPE_NONE = "video", "none"
    FOURCC_VIDEO_TYPE_BGRA, RECV_COLOR_FORMAT_BGRX_BGRA = "BGRA", "BGRX or BGRA"
    Source = RecvCreateV3 = SimpleNamespace

    def __init__(self, clock: VirtualClock, **cameras: Camera) -> None:
        self.clock = clock
        self.cameras = {f"STUDIO ({name})": camera for name, camera in cameras.items()}
        self.connected: list[str] = []
        self.lent = 0  # frames that were given out and not given back
        self.open = 0  # finders and receivers

    def _wait(self, milliseconds: int) -> None:
        sleep(0.0005)  # lets the test have its turn
        self.clock.wait_until(self.clock.now() + milliseconds / 1000)

    def FindCreate(self, local: bool, groups: str | None, addresses: str) -> None:
        assert addresses.startswith("127.0.0.1")

    def find_create_v2(self, options: None) -> str:
        self.open += 1
        return "finder"

    def find_get_current_sources(self, finder: str) -> list[SimpleNamespace]:
        return [SimpleNamespace(ndi_name=name, url_address="") for name in list(self.cameras)]

    def find_wait_for_sources(self, finder: str, milliseconds: int) -> None:
        self._wait(milliseconds)

    def find_destroy(self, finder: str) -> None:
        self.open -= 1

    def recv_create_v3(self, options: SimpleNamespace) -> SimpleNamespace:
        self.open += 1
        return SimpleNamespace(name="")

    def recv_connect(self, receiver: SimpleNamespace, source: SimpleNamespace) -> None:
        receiver.name = source.ndi_name
        self.connected.append(source.ndi_name)
        camera = self.cameras.get(source.ndi_name)
        if camera is not None and camera.repeats is not None:
            camera.levels.append(camera.repeats)

    def recv_get_no_connections(self, receiver: SimpleNamespace) -> int:
        return int(receiver.name in self.cameras)

    def recv_capture_v2(
        self, receiver: SimpleNamespace, milliseconds: int, *wanted: bool
    ) -> tuple[str, Any, None, None]:
        camera = self.cameras.get(receiver.name)
        if camera is None or not camera.levels:
            self._wait(milliseconds)
            return self.FRAME_TYPE_NONE, None, None, None
        self.lent += 1
        return self.FRAME_TYPE_VIDEO, frame(plain(*3 * [camera.levels.pop(0)], 255)), None, None

    def recv_free_video_v2(self, receiver: SimpleNamespace, video: SimpleNamespace) -> None:
        self.lent -= 1
        video.data = None  # the memory is the library's again

    def recv_destroy(self, receiver: SimpleNamespace) -> None:
        assert self.lent == 0, "a frame must be given back before its receiver ends"
        self.open -= 1


@contextmanager
def watching(wanted: str, library: Library) -> Iterator[NdiInput]:
    source = NdiInput(Wanted(name=wanted), SMALL, library.clock, library)
    try:
        yield source
    finally:
        source.close()
        assert library.lent == library.open == 0


def wait_until(condition: Callable[[], bool]) -> None:
    until = monotonic() + 20
    while not condition():
        assert monotonic() < until, "it takes too long"
        sleep(0.001)


def pass_time(library: Library, seconds: float) -> None:
    until = library.clock.now() + seconds
    wait_until(lambda: library.clock.now() >= until)


def level(still: Still | None) -> int:
    return -1 if still is None else int(still.picture[0, 0, 0])


def test_every_frame_is_given_back_and_the_newest_is_shown() -> None:
    camera = Camera(list(range(1, 100)))
    library = Library(VirtualClock(), camera=camera)
    with watching("camera", library) as source:
        wait_until(lambda: not camera.levels)
        wait_until(lambda: level(source.at(0.0)) == 99)
        assert library.lent == 0
        camera.levels += [100, 101]
        wait_until(lambda: level(source.at(0.0)) == 101)


def test_a_frame_that_nobody_asked_for_is_still_there_after_the_loss(
    caplog: pytest.LogCaptureFixture,
) -> None:
    library = Library(VirtualClock(), camera=Camera([7]))
    with watching("camera", library) as source:
        wait_until(lambda: library.lent == 1)
        library.cameras.clear()
        wait_until(lambda: "is lost" in caplog.text)
        assert level(source.at(0.0)) == 7


def test_a_loss_is_reported_once_and_a_return_once(caplog: pytest.LogCaptureFixture) -> None:
    camera = Camera([1])
    library = Library(VirtualClock(), camera=camera)
    with watching("camera", library) as source:
        for lap in (1, 2):
            wait_until(lambda lap=lap: level(source.at(0.0)) == lap)
            library.cameras.clear()
            pass_time(library, 60.0)
            assert caplog.text.count("is lost; its last picture stays") == lap
            assert caplog.text.count("is there") == lap - 1
            assert level(source.at(0.0)) == lap
            camera.levels.append(lap + 1)
            library.cameras["STUDIO (camera)"] = camera
        wait_until(lambda: level(source.at(0.0)) == 3)


def test_a_source_that_sends_only_what_is_new_is_not_called_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    library = Library(VirtualClock(), camera=Camera(repeats=5))
    with watching("camera", library) as source:
        wait_until(lambda: level(source.at(0.0)) == 5)
        pass_time(library, 10 * SILENCE)
        assert len(library.connected) > 3
        still = source.at(0.0)
        assert still is not None
        assert still.number == 0  # connected anew, but the picture is the same
    assert caplog.records == []


def test_a_source_that_answers_and_sends_nothing_more_is_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    library = Library(VirtualClock(), camera=Camera([5]))
    with watching("camera", library) as source:
        wait_until(lambda: level(source.at(0.0)) == 5)
        pass_time(library, 30.0)
        assert caplog.text.count("is lost") == 1
        assert level(source.at(0.0)) == 5


def test_a_source_that_never_comes_is_reported_once_with_those_that_are_there(
    caplog: pytest.LogCaptureFixture,
) -> None:
    library = Library(VirtualClock(), projector=Camera([1]), stage=Camera([1]))
    with watching("camera", library) as source:
        pass_time(library, PATIENCE - 1)
        assert caplog.records == []
        pass_time(library, 30.0)
        assert source.at(0.0) is None
    assert [record.getMessage() for record in caplog.records] == [
        "there is no NDI input 'camera' yet (sources: STUDIO (projector), STUDIO (stage))"
    ]


def test_the_first_picture_is_told_quietly(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    library = Library(VirtualClock(), camera=Camera([1]))
    with watching("cam", library) as source:
        wait_until(lambda: level(source.at(0.0)) == 1)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "STUDIO (camera)" in caplog.text


def test_a_better_match_that_is_found_a_little_later_is_taken() -> None:
    clock = VirtualClock()
    library = Library(clock, camera2=Camera([2]))
    with watching("camera", library) as source:
        library.cameras["STUDIO (camera)"] = Camera([1])
        wait_until(lambda: source.at(0.0) is not None)
        assert level(source.at(0.0)) == 1
    assert library.connected == ["STUDIO (camera)"]


def test_a_part_of_a_name_keeps_to_the_source_that_it_found() -> None:
    library = Library(VirtualClock(), camera1=Camera([1]))
    with watching("camera", library) as source:
        wait_until(lambda: level(source.at(0.0)) == 1)
        library.cameras = {"STUDIO (camera2)": Camera([2])}
        pass_time(library, 60.0)
        assert level(source.at(0.0)) == 1
        library.cameras["STUDIO (camera1)"] = Camera([3])
        wait_until(lambda: level(source.at(0.0)) == 3)


def test_a_whole_name_may_come_back_on_another_computer() -> None:
    library = Library(VirtualClock(), camera=Camera([1]))
    with watching("camera", library) as source:
        wait_until(lambda: level(source.at(0.0)) == 1)
        library.cameras = {"SPARE (camera)": Camera([2])}
        wait_until(lambda: level(source.at(0.0)) == 2)


def test_a_picture_of_odd_pixels_is_stretched_to_its_declared_shape() -> None:
    picture = plain(0, 0, 0, 255, size=Size(8, 9))
    picture[:, 4:] = 200
    fitted = picture_of(frame(picture, 16 / 9), False, SMALL)
    assert (fitted[:, :7, :3] == 0).all()
    assert (fitted[:, 9:, :3] == 200).all()


def test_only_a_declared_alpha_counts() -> None:
    assert picture_of(frame(plain(8, 8, 8, 0)), False, SMALL)[0, 0].tolist() == [8, 8, 8, 255]
    assert picture_of(frame(plain(8, 8, 8, 0)), True, SMALL)[0, 0].tolist() == [0, 0, 0, 255]


def test_lines_with_more_padding_than_pixels_are_read_right() -> None:
    lines = np.full((2, 32), 99, np.uint8)  # 32 bytes each, of which 2 pixels are 8
    lines[:, :8] = [10, 20, 30, 255, 10, 20, 30, 255]
    received = frame(lines.reshape(2, 2, 16))  # as the binding gives it
    assert (picture_of(received, False, SMALL) == [10, 20, 30, 255]).all()


def test_without_the_runtime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "NDIlib", None)
    with pytest.raises(SettingsError, match="pip install ndi-python"):
        load_library()
