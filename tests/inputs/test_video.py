"""Videos in show time."""

import logging
import sys
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from tests.inputs.drawn import film
from vjdream.clock import VirtualClock
from vjdream.errors import SettingsError
from vjdream.frames import Size
from vjdream.inputs import Input, check_input, open_input
from vjdream.inputs.video import JUMP

SIZE = Size(32, 18)
LEVELS = range(0, 200, 20)  # ten frames at 10 a second


def opened(path: Path) -> Input:
    return open_input(str(path), SIZE, VirtualClock())


def level(source: Input, time: float) -> int:
    still = source.at(time)
    assert still is not None
    assert still.picture.shape == (18, 32, 4)
    assert (still.picture[..., 3] == 255).all()
    return int(still.picture[9, 16, 1])


def levels(source: Input, *times: float) -> list[int]:
    return [level(source, time) for time in times]


def test_each_frame_is_shown_from_its_time_on(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv", LEVELS))
    assert levels(source, 0.0, 0.09, 0.1, 0.35, 0.9, 0.99) == [0, 0, 20, 60, 180, 180]
    source.close()


def test_it_begins_again_at_its_end(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv", LEVELS))
    times = [number / 10 for number in range(35)]
    assert levels(source, *times) == [20 * (number % 10) for number in range(35)]
    source.close()


def test_it_may_be_asked_for_any_moment(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv", LEVELS))
    assert levels(source, 0.75, 0.25, 12.55, 3.05, 0.0) == [140, 40, 100, 0, 0]
    source.close()


def test_the_number_changes_with_the_frame_and_only_then(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv", LEVELS))
    stills = [source.at(time) for time in (0.0, 0.05, 0.1, 1.15, 1.2)]
    assert [still.number for still in stills if still is not None] == [0, 0, 1, 1, 2]
    assert stills[0] is stills[1]
    source.close()


def test_a_variable_rate_is_followed(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv", [10, 20, 30], times=[0, 5, 6]))
    assert levels(source, 0.0, 0.45, 0.5, 0.55, 0.6) == [10, 10, 20, 20, 30]
    source.close()


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.mp4", "mpeg4", "yuv420p"),
        ("a.mov", "mpeg4", "yuv420p"),
        ("a.avi", "mjpeg", "yuvj420p"),
        ("a.gif", "gif", "rgb8"),
        ("a.m4v", "mpeg4", "yuv420p"),
    ],
)
def test_other_formats_are_read_too(tmp_path: Path, name: str, codec: str, form: str) -> None:
    source = opened(film(tmp_path / name, LEVELS, codec=codec, form=form))
    shown = levels(source, *(number / 10 + 0.05 for number in range(20)))
    assert np.abs(np.subtract(shown, [20 * (number % 10) for number in range(20)])).max() < 26
    source.close()


def test_a_long_jump_shows_what_decoding_everything_shows(tmp_path: Path) -> None:
    path = film(
        tmp_path / "a.mp4", [7 * n % 256 for n in range(400)], codec="mpeg4", form="yuv420p"
    )
    patient = opened(path)
    for time in (1.0, JUMP + 5.05, 2 * JUMP + 6.15):
        hasty = opened(path)
        for number in range(int(10 * time)):
            patient.at(number / 10)
        assert level(hasty, time) == level(patient, time)
        hasty.close()
    patient.close()


def test_a_single_frame_is_a_still(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv", [50]))
    assert source.at(0.0) is source.at(1234.5)
    source.close()


def test_a_file_that_does_not_tell_its_length_is_measured(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv", LEVELS, live="1"))
    assert levels(source, 0.95, 1.05, 1.95, 2.0) == [180, 0, 180, 0]
    source.close()


def test_a_video_of_a_telephone_stands_as_it_was_held(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        if not hasattr(stream, "set_display_rotation"):
            pytest.skip("this PyAV cannot write it")
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuv420p"
        stream.set_display_rotation(-90)
        picture = np.zeros((32, 64, 3), np.uint8)
        picture[:, :32] = 255  # the left half becomes the top
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        container.mux(stream.encode())
    source = open_input(str(path), Size(32, 64), VirtualClock())
    still = source.at(0.0)
    assert still is not None
    assert (still.picture[:28, :, :3] > 230).all()
    assert (still.picture[36:, :, :3] < 25).all()
    source.close()


def test_a_cut_off_video_keeps_its_last_picture_until_it_begins_again(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", LEVELS)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    source = opened(path)
    shown = levels(source, *(number / 10 + 0.05 for number in range(20)))
    last = max(shown)
    assert 40 <= last <= 140
    assert shown == [min(20 * (number % 10), last) for number in range(20)]
    source.close()


def test_a_damaged_middle_is_reported_once_and_the_show_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = film(tmp_path / "a.avi", LEVELS, codec="mjpeg", form="yuvj420p")
    content = bytearray(path.read_bytes())
    starts = [at for at in range(len(content)) if content[at : at + 3] == b"\xff\xd8\xff"]
    assert len(starts) == 10
    for start, end in pairwise(starts[4:7]):
        content[start : end - 8] = bytes(end - 8 - start)  # up to the next chunk's header
    path.write_bytes(content)
    source = opened(path)
    with caplog.at_level(logging.WARNING):
        shown = levels(source, *(number / 10 + 0.05 for number in range(30)))
    expected = [20 * (number if number not in (4, 5) else 3) for number in range(10)]
    assert np.abs(np.subtract(shown, 3 * expected)).max() < 15
    told = [record for record in caplog.records if record.name == "vjdream.inputs"]
    assert len(told) == 1  # old versions of torchvision let PyAV's own messages through, too
    assert "is damaged" in told[0].getMessage()
    source.close()


def test_a_video_that_vanishes_leaves_its_last_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = film(tmp_path / "a.mkv", LEVELS)
    source = opened(path)
    assert level(source, 0.95) == 180
    path.unlink()
    assert levels(source, 1.0, 1.1, 1.2) == [180, 180, 180]
    assert len(caplog.records) == 1
    source.close()


@pytest.mark.parametrize("content", [b"", b"text", bytes(5000)])
def test_what_is_no_video_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(SettingsError, match=r"cannot read the video .*a\.mp4"):
        opened(tmp_path / "a.mp4")


def test_a_file_with_sound_alone_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = 8000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(SettingsError, match="there is no video in"):
        opened(tmp_path / "a.mkv")


def test_a_list_of_addresses_in_a_videos_clothes_opens_no_connection(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(SettingsError):
        opened(tmp_path / "a.mp4")


def test_without_pyav_it_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(tmp_path / "a.mkv", [50])
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(SettingsError, match=r"pip install 'vjdream\[video\]'"):
        opened(path)
    with pytest.raises(SettingsError, match=r"pip install 'vjdream\[video\]'"):
        check_input(str(path))
