"""A camera in another process is dreamt upon, over real NDI both ways."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from receiver import Receiver
from running_show import RunningShow, free_port

pytestmark = [pytest.mark.show, pytest.mark.ndi]

SENDER = Path(__file__).parent / "ndi_sender.py"


def camera(name: str, *options: str) -> subprocess.Popen[str]:
    """Start a sender and return when it is on air."""
    command = [sys.executable, str(SENDER), "--name", name, "--seconds", "120", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert name in process.stdout.readline()
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


@pytest.fixture
def name() -> str:
    return f"camera {free_port()}"


@pytest.fixture
def halves(name: str) -> Iterator[subprocess.Popen[str]]:
    process = camera(name, "--pattern", "halves", "--colour", "235,235,235")
    yield process
    end(process)


def left_and_right(receiver: Receiver, seconds: float) -> tuple[float, float]:
    """Mean levels of the outer thirds, of the last picture within so many seconds."""
    picture = receiver.pictures(seconds, keep_every=10)[-1][..., :3].astype(float)
    third = picture.shape[1] // 3
    return float(picture[:, :third].mean()), float(picture[:, -third:].mean())


def test_a_camera_is_dreamt_upon_ignored_lost_and_found(
    name: str, halves: subprocess.Popen[str]
) -> None:
    still = [f"--set={value}" for value in ("zoom=1", "rotate=0", "glide=0", "input/pull=30")]
    with RunningShow(f"--input=ndi:{name}", *still) as show:
        show.wait_until_dreaming()
        receiver = Receiver(show.name, patience=20.0)
        followed = left_and_right(receiver, 6.0)
        assert followed[0] > followed[1] + 80, "with full pull the picture follows the camera"
        picture = receiver.pictures(0.2)[-1][..., :3].astype(float)
        assert picture[:, : picture.shape[1] // 3].std() > 8, "and the network dreams upon it"

        show.client.send("/vjdream/input/pull", 0.0)
        end(halves)
        frames = list(receiver.frames(2.0, keep_every=60))
        assert len(frames) > 100, "the show goes on without its camera"
        assert show.wait_for_report("keyframes") > 0

        black = camera(name, "--pattern", "plain", "--colour", "0,0,0")
        try:
            ignored = left_and_right(receiver, 5.0)
            assert ignored[0] > 60, "without pull the new picture is ignored"
            show.client.send("/vjdream/input/pull", 30.0)
            found = left_and_right(receiver, 6.0)
            assert np.mean(found) < np.mean(ignored) - 30, "the camera that came back is seen"
        finally:
            end(black)
        receiver.close()
        assert show.stop() == 0
