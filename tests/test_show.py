"""Offline renders of whole shows: the same pieces as live, in lockstep."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from vjdream.cli import main

SMALL = ["--size", "256x144", "--canvas", "256x144", "--fps", "8", "--duration", "1.5"]


def render(folder: Path, *options: str) -> list[bytes]:
    assert main(["render", *SMALL, *options, str(folder)]) == 0
    return [path.read_bytes() for path in sorted(folder.glob("*.png"))]


def pictures(frames: list[bytes]) -> list[np.ndarray]:
    return [cv2.imdecode(np.frombuffer(f, np.uint8), cv2.IMREAD_COLOR) for f in frames]


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return render(tmp_path_factory.mktemp("eyes"), "--preset", "eyes")


def test_the_same_render_gives_the_same_bytes(eyes: list[bytes], tmp_path: Path) -> None:
    assert render(tmp_path, "--preset", "eyes") == eyes


def test_a_render_has_as_many_frames_as_its_duration_asks_for(eyes: list[bytes]) -> None:
    assert len(eyes) == 12


def test_another_seed_dreams_something_else(eyes: list[bytes], tmp_path: Path) -> None:
    assert render(tmp_path, "--preset", "eyes", "--seed", "2")[-1] != eyes[-1]


def test_every_frame_is_a_picture_and_no_two_are_alike(eyes: list[bytes]) -> None:
    seen = pictures(eyes)
    assert all(picture.std() > 15 for picture in seen)
    assert len(set(eyes)) == len(eyes)


def test_a_held_dream_stands_still_in_a_camera_that_stands_still(tmp_path: Path) -> None:
    still = ["--set", "zoom=1", "--set", "rotate=0", "--set", "hold=true"]
    seen = pictures(render(tmp_path, *still))
    assert np.abs(seen[6].astype(int) - seen[-1]).max() <= 2


def test_a_value_set_at_the_start_is_in_the_first_frame(tmp_path: Path) -> None:
    (first, *_) = pictures(render(tmp_path, "--set", "blackout=true"))
    assert first.max() == 0


def test_a_live_input_cannot_be_rendered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", *SMALL, "--input", "ndi:CAMERA", str(tmp_path / "out")]) == 2
    assert "is live, so it cannot be rendered" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
