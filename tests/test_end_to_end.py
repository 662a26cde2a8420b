"""A running show seen from outside: real UDP in, real NDI out, real processes."""

import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from osc_client import Client, bundle, message
from receiver import Receiver
from running_show import RunningShow

pytestmark = [pytest.mark.show, pytest.mark.ndi]


@pytest.fixture(scope="module")
def show() -> Iterator[RunningShow]:
    with RunningShow() as running:
        running.wait_until_dreaming()
        yield running


@pytest.fixture(scope="module")
def receiver(show: RunningShow) -> Iterator[Receiver]:
    connected = Receiver(show.name)
    yield connected
    connected.close()


@pytest.fixture
def client(show: RunningShow) -> Iterator[Client]:
    fresh = Client(show.port)
    yield fresh
    show.client.send("/vjdream/blackout", False)
    show.client.send("/vjdream/master", 1.0)
    show.client.send("/vjdream/hold", False)
    fresh.close()


def brightness(picture: np.ndarray) -> float:
    return float(picture[..., :3].mean())


def test_frames_declare_their_rate_and_carry_rising_timecodes_and_the_parameters(
    receiver: Receiver,
) -> None:
    frames = list(receiver.frames(1.0, keep_every=10))
    assert frames[0].rate == (60, 1)
    timecodes = [frame.timecode for frame in frames]
    assert all(later > earlier for earlier, later in pairwise(timecodes))
    assert 'zoom="' in frames[-1].metadata
    assert frames[0].picture is not None
    assert (frames[0].picture[..., 3] == 255).all()


def test_the_picture_moves_and_stays_a_picture(receiver: Receiver) -> None:
    pictures = receiver.pictures(2.0, keep_every=30)
    for earlier, later in pairwise(pictures):
        assert np.abs(earlier.astype(int) - later).mean() > 0.5
        assert later[..., :3].std() > 20


def test_blackout_is_black_and_off_again(client: Client, receiver: Receiver) -> None:
    client.send("/vjdream/blackout", True)
    assert receiver.pictures(0.5)[-1][..., :3].max() <= 4
    client.send("/vjdream/blackout", 0)
    assert brightness(receiver.pictures(0.5)[-1]) > 20


def test_master_fades_the_output(client: Client, receiver: Receiver) -> None:
    before = brightness(receiver.pictures(0.3)[-1])
    client.send("/vjdream/master", 0.25)
    after = brightness(receiver.pictures(1.0)[-1])
    assert after == pytest.approx(before / 4, rel=0.3)


def test_a_zoom_below_one_travels_backwards(client: Client, receiver: Receiver) -> None:
    """Going backwards, the middle of a later frame is a smaller copy of an earlier one."""
    import cv2

    client.send("/vjdream/hold", True)
    client.send("/vjdream/zoom", 0.8)
    receiver.pictures(1.0, keep_every=60)
    frames = receiver.pictures(0.5, keep_every=1)
    early, late = frames[0][..., :3], frames[-1][..., :3]
    height, width = early.shape[:2]
    shrunk = cv2.resize(early, None, fx=0.92, fy=0.92, interpolation=cv2.INTER_AREA)
    grown = cv2.resize(early, None, fx=1.08, fy=1.08, interpolation=cv2.INTER_CUBIC)

    def difference(scaled: np.ndarray) -> float:
        """Of the middles, after a small blur that hides resampling."""
        half = 200
        y, x = scaled.shape[0] // 2, scaled.shape[1] // 2
        a = scaled[y - half : y + half, x - half : x + half].astype(np.float32)
        b = late[height // 2 - half : height // 2 + half, width // 2 - half : width // 2 + half]
        return float(np.abs(cv2.GaussianBlur(a - b.astype(np.float32), (0, 0), 3)).mean())

    client.send("/vjdream/zoom", 1.05)
    assert difference(shrunk) < difference(grown)


def test_a_subscriber_hears_changes_of_others_but_not_its_own(
    show: RunningShow, client: Client
) -> None:
    other = Client(show.port)
    client.send("/vjdream/sync")
    assert client.wait_for("/vjdream/zoom")
    other.send("/vjdream/split/position", 0.25)
    assert client.wait_for("/vjdream/split/position") == [0.25]
    client.send("/vjdream/split/position", 0.5)
    other.send("/vjdream/split/feather", 0.25)
    heard = []
    while "/vjdream/split/feather" not in heard:
        heard.append(client.next()[0])
    assert "/vjdream/split/position" not in heard
    other.close()


def test_bad_messages_are_named_and_change_nothing(show: RunningShow, client: Client) -> None:
    client.send("/vjdream/subscribe")
    client.send("/vjdream/zom", 1.1)
    (sentence,) = client.wait_for("/vjdream/state/error")
    assert "did you mean 'zoom'" in str(sentence)
    client.send_raw(b"\xff" * 200)
    client.send_raw(b"#bundle\0" + b"\0" * 7)
    (rejected,) = client.wait_for("/vjdream/state/rejected")
    client.send_raw(bundle(message("/vjdream/class/1", "eys"), message("/vjdream/zoom", 0.0)))
    (sentence,) = client.wait_for("/vjdream/state/error")
    assert float(rejected) >= 1


@pytest.mark.skipif(shutil.which("oscsend") is None, reason="liblo-tools is not installed")
def test_a_foreign_program_plays_it(show: RunningShow, client: Client) -> None:
    client.send("/vjdream/sync")
    client.wait_for("/vjdream/hold")
    url = f"osc.udp://127.0.0.1:{show.port}"
    subprocess.run(["oscsend", url, "/vjdream/classes", "ss", "fire", "bee"], check=True)
    assert client.wait_for("/vjdream/class/1") == ["fire"]
    subprocess.run(["oscsend", url, "/vjdream/norm/zoom", "f", "0.5"], check=True)
    (zoom,) = client.wait_for("/vjdream/zoom")
    assert zoom == pytest.approx(1.0)


def test_a_killed_dreamer_is_missed_by_no_frame_and_paints_again(
    show: RunningShow, receiver: Receiver
) -> None:
    before = receiver.pictures(0.2)[-1]
    show.dreamer().kill()
    frames = list(receiver.frames(2.0, keep_every=20))
    gaps = np.diff([frame.timestamp for frame in frames])
    assert gaps.max() < 0.25  # generous: the exact figure is the benchmark's business
    last = frames[-1 - (len(frames) - 1) % 20].picture
    assert last is not None
    assert last[..., :3].std() > 0.5 * before[..., :3].std()
    assert show.wait_for_report("alive") == 1
    assert show.wait_for_report("keyframes") > 0
