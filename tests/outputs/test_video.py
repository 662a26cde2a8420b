"""Video files, written and read again."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from vjdream.errors import OutputError
from vjdream.frames import Frame, Picture, Size
from vjdream.inputs.video import VideoInput
from vjdream.outputs import Output
from vjdream.outputs.encoder import Encoder
from vjdream.outputs.video import WAITING, VideoOutput
from vjdream.settings import Settings

SIZE = Size(128, 130)
SETTINGS = Settings(size=SIZE, fps=Fraction(30))
SUFFIXES = (".mp4", ".mov", ".mkv")
H264 = (".mp4", ".mov")


def plain(*bgr: int) -> Picture:
    return np.full((SIZE.height, SIZE.width, 4), (*bgr, 255), np.uint8)


def noise(seed: int) -> Picture:
    made = np.random.default_rng(seed).integers(0, 256, (SIZE.height, SIZE.width, 4), np.uint8)
    made[..., 3] = 255
    return made


def travel(frames: int) -> list[Picture]:
    """Noise that moves, as a dream does."""
    return [np.roll(noise(1), number, axis=1) for number in range(frames)]


def send(output: Output, pictures: Sequence[Picture], numbers: Sequence[int] = ()) -> None:
    for number, picture in zip(numbers or range(len(pictures)), pictures, strict=True):
        output.send(Frame(picture, number, number / 30), number / 30)


def write(
    path: Path,
    pictures: Sequence[Picture],
    numbers: Sequence[int] = (),
    live: bool = False,
    settings: Settings = SETTINGS,
) -> Path:
    output = VideoOutput(path, settings, live)
    send(output, pictures, numbers)
    output.close()
    return path


def decode(path: Path) -> list[tuple[float, Picture]]:
    """All frames with their times in seconds."""
    # another matrix for RGB, which has none: PyAV 15 and 16 would skip the frame's own
    form = {"format": "bgra", "dst_colorspace": 5}
    with av.open(str(path)) as container:
        return [
            (float(frame.time), frame.to_ndarray(**form)) for frame in container.decode(video=0)
        ]


def times(path: Path) -> list[float]:
    return [time for time, _ in decode(path)]


# -- what is in the file ---------------------------------------------------------------------------


@pytest.mark.parametrize("live", [False, True])
def test_ffv1_brings_every_byte_back(tmp_path: Path, live: bool) -> None:
    pictures = [noise(1), plain(0, 0, 0), plain(255, 255, 255), noise(2)]
    read = decode(write(tmp_path / "a.mkv", pictures, live=live))
    assert len(read) == 4
    for (_, picture), wanted in zip(read, pictures, strict=True):
        assert np.array_equal(picture[..., :3], wanted[..., :3])


def test_ffv1_takes_odd_heights(tmp_path: Path) -> None:
    settings = Settings(size=Size(130, 131))
    picture = np.random.default_rng(1).integers(0, 256, (131, 130, 4), np.uint8)
    ((_, read),) = decode(write(tmp_path / "a.mkv", [picture], settings=settings))
    assert np.array_equal(read[..., :3], picture[..., :3])


COLOURS = (
    (0, 0, 255), (0, 255, 0), (255, 0, 0),
    (0, 255, 255), (255, 255, 0), (255, 0, 255),
    (0, 0, 0), (16, 16, 16), (64, 64, 64), (128, 128, 128), (200, 200, 200), (255, 255, 255),
    (10, 120, 240),
)  # fmt: skip


@pytest.mark.parametrize("suffix", H264)
@pytest.mark.parametrize("live", [False, True])
def test_h264_brings_colours_back_within_two_levels(
    tmp_path: Path, suffix: str, live: bool
) -> None:
    pictures = [plain(*bgr) for bgr in COLOURS]
    output = VideoOutput(tmp_path / f"a{suffix}", SETTINGS, live)
    for number, picture in enumerate(pictures):
        send_patiently(output, Frame(picture, number, number / 30))
    output.close()
    read = decode(tmp_path / f"a{suffix}")
    assert len(read) == len(COLOURS)
    for bgr, (_, picture) in zip(COLOURS, read, strict=True):
        assert np.abs(picture[..., :3].astype(int) - bgr).max() <= 2, bgr


def send_patiently(output: VideoOutput, frame: Frame) -> None:
    """Send to a live output as late as it takes the encoder not to leave the frame out."""
    with output._condition:
        assert output._condition.wait_for(lambda: output._free, 60)
    output.send(frame, frame.time)


def test_red_beside_blue_is_smeared_by_no_more_than_halved_colour_needs(tmp_path: Path) -> None:
    picture = plain(0, 0, 255)
    picture[:, SIZE.width // 2 :] = (255, 0, 0, 255)
    ((_, read),) = decode(write(tmp_path / "a.mp4", [picture]))
    wrong = np.abs(read[..., :3].astype(int) - picture[..., :3]).max(axis=(0, 2))
    assert (wrong[: SIZE.width // 2 - 4] <= 4).all()
    assert (wrong[SIZE.width // 2 + 4 :] <= 4).all()


@pytest.mark.parametrize("suffix", H264)
def test_h264_says_that_its_colours_are_those_of_bt_709(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", [noise(1)])
    assert b"colrncl" in path.read_bytes(), "in the container"
    with av.open(str(path)) as container:
        (frame,) = container.decode(video=0)
        codec = container.streams.video[0].codec_context
        assert codec.name == "h264"
        assert codec.format.name == "yuv420p"
        assert (codec.colorspace, codec.color_primaries, codec.color_trc) == (1, 1, 1)
        assert codec.color_range == 1, "limited"
        assert (frame.colorspace, frame.color_range) == (1, 1), "in the stream"


def test_ffv1_says_that_its_colours_are_srgb(tmp_path: Path) -> None:
    with av.open(str(write(tmp_path / "a.mkv", [noise(1)]))) as container:
        codec = container.streams.video[0].codec_context
        assert codec.name == "ffv1"
        assert (codec.color_range, codec.color_primaries, codec.color_trc) == (2, 1, 13)


def test_fine_noise_survives_h264(tmp_path: Path) -> None:
    """The lines of a dream are as fine as its pixels."""
    grey = np.repeat(noise(3)[..., :1] // 2 + 64, 4, axis=2)
    ((_, read),) = decode(write(tmp_path / "a.mp4", [grey]))
    wrong = read[..., :3].astype(float) - grey[..., :3]
    assert np.sqrt((wrong**2).mean()) < 5


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_our_own_input_reads_what_was_written(tmp_path: Path, suffix: str) -> None:
    levels = [20, 90, 160, 230]
    path = write(tmp_path / f"a{suffix}", [plain(level, level, level) for level in levels])
    source = VideoInput(path, SIZE)
    for number, level in enumerate([*levels, *levels]):  # it begins again after 4/30 s
        still = source.at((number + 0.5) / 30)
        assert still is not None
        assert np.abs(still.picture[..., :3].astype(int) - level).max() <= 2
    source.close()


# -- time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "fps", [Fraction(60), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(25), Fraction(144)]
)
def test_frames_are_as_long_as_the_rate_says(tmp_path: Path, suffix: str, fps: Fraction) -> None:
    settings = Settings(size=SIZE, fps=fps)
    path = write(tmp_path / f"a{suffix}", travel(30), settings=settings)
    rounding = 0.0005001 if suffix == ".mkv" else 1e-9  # Matroska counts milliseconds
    wanted = [float(number / fps) for number in range(30)]
    assert times(path) == pytest.approx(wanted, abs=rounding)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        if suffix == ".mkv":
            assert float(stream.average_rate) == pytest.approx(float(fps), abs=0.01)
        else:
            assert stream.average_rate == fps
        length = stream.duration * stream.time_base if stream.duration else None
        if length is None:
            length = Fraction(container.duration, av.time_base)
        assert float(length) == pytest.approx(float(30 / fps), abs=0.002)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("live", [False, True])
def test_a_gap_in_the_numbers_stays_a_gap_and_the_first_number_is_the_beginning(
    tmp_path: Path, suffix: str, live: bool
) -> None:
    path = write(tmp_path / f"a{suffix}", travel(5), [100, 101, 105, 106, 120], live=live)
    wanted = [number / 30 for number in (0, 1, 5, 6, 20)]
    assert times(path) == pytest.approx(wanted, abs=0.0006)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_frame_is_a_video_of_one_period(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", [noise(1)], [7])
    assert times(path) == [0.0]
    with av.open(str(path)) as container:
        assert container.duration / av.time_base == pytest.approx(1 / 30, abs=0.001)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("live", [False, True])
def test_without_a_frame_there_is_no_file(tmp_path: Path, suffix: str, live: bool) -> None:
    write(tmp_path / f"a{suffix}", [], live=live)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_frames_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    first = write(tmp_path / f"a{suffix}", travel(40))
    second = write(tmp_path / f"b{suffix}", travel(40))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_is_left_beside_the_file(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", travel(3))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", H264)
def test_a_rendered_file_begins_with_its_index_and_has_no_fragments(
    tmp_path: Path, suffix: str
) -> None:
    content = write(tmp_path / f"a{suffix}", travel(70)).read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    assert b"moof" not in content


def test_a_player_can_jump_to_every_second(tmp_path: Path) -> None:
    with av.open(str(write(tmp_path / "a.mp4", travel(95)))) as container:
        alone = [number for number, f in enumerate(container.decode(video=0)) if f.key_frame]
    assert alone == [0, 30, 60, 90]


# -- names and sizes -------------------------------------------------------------------------------


def test_suffixes_may_be_in_capitals(tmp_path: Path) -> None:
    assert len(decode(write(tmp_path / "NIGHT.MP4", [noise(1)]))) == 1


def test_names_may_have_what_ffmpeg_takes_for_an_address_or_a_pattern(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("night %03d.mp4", "pipe.mp4", "näh é.mkv", "-night.mov"):
        assert len(decode(write(Path(name), [noise(1)]))) == 1
    if os.name == "posix":
        write(Path("concat:a|b.mp4"), [noise(1)])
        assert (tmp_path / "concat:a|b.mp4").stat().st_size > 0


@pytest.mark.parametrize(
    ("name", "hint"),
    [("a.mp5", "did you mean '.mp4'?"), ("a.mvo", "did you mean '.mov'?"), ("a.xyz", "PNGs)")],
)
def test_an_unknown_suffix_names_those_allowed_and_the_nearest(
    tmp_path: Path, name: str, hint: str
) -> None:
    with pytest.raises(OutputError, match=r"allowed: \.mp4, \.mov, \.mkv") as caught:
        VideoOutput(tmp_path / name, SETTINGS, False)
    assert str(caught.value).endswith(hint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "even"), [(Size(128, 131), "128x132"), (Size(129, 130), "130x130")]
)
@pytest.mark.parametrize("suffix", H264)
def test_h264_refuses_odd_sizes_and_says_what_to_do(
    tmp_path: Path, suffix: str, size: Size, even: str
) -> None:
    with pytest.raises(OutputError, match=rf"use --size {even}, or a name that ends with \.mkv"):
        VideoOutput(tmp_path / f"a{suffix}", Settings(size=size), False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("live", [False, True])
def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path, live: bool) -> None:
    (tmp_path / "a.mp4").write_text("the only record of an evening")
    with pytest.raises(OutputError, match=r"a\.mp4 is there already, choose another name"):
        VideoOutput(tmp_path / "a.mp4", SETTINGS, live)
    assert (tmp_path / "a.mp4").read_text() == "the only record of an evening"


@pytest.mark.parametrize("name", ["missing/a.mp4", "nul\0.mp4", "x" * 300 + ".mp4"])
def test_a_file_that_cannot_be_made_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot be written: ") as caught:
        VideoOutput(tmp_path / name, SETTINGS, False)
    assert "\n" not in str(caught.value)


def test_without_pyav_it_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(OutputError, match=r"pip install 'vjdream\[video\]'"):
        VideoOutput(tmp_path / "a.mp4", SETTINGS, False)
    assert list(tmp_path.iterdir()) == []


def test_a_pyav_without_x264_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def codec(name: str, mode: str) -> None:
        raise av.codec.codec.UnknownCodecError(name)

    monkeypatch.setattr(av.codec, "Codec", codec)
    with pytest.raises(OutputError, match=r"cannot write libx264 .*'vjdream\[video\]'"):
        VideoOutput(tmp_path / "a.mp4", SETTINGS, False)
    assert list(tmp_path.iterdir()) == []


def test_nobody_watches_it_and_it_says_where_it_is(tmp_path: Path) -> None:
    output = VideoOutput(tmp_path / "a.mkv", SETTINGS, True)
    assert output.connections() == 0
    assert "a.mkv" in output.describe()
    output.close()
    output.close()


# -- an encoder that does not keep up --------------------------------------------------------------


class Gate:
    """Holds the encoder before each frame until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        write: Callable[..., None] = Encoder.write

        def wait(encoder: Encoder, *arguments: Any) -> None:
            assert self.open.wait(60)
            write(encoder, *arguments)

        monkeypatch.setattr(Encoder, "write", wait)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_live_show_leaves_frames_out_and_counts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    gate = Gate(monkeypatch)
    output = VideoOutput(tmp_path / f"a{suffix}", SETTINGS, True)
    send(output, travel(WAITING + 5))  # comes back although nothing is written
    assert output.late == 5
    gate.open.set()
    send_patiently(output, Frame(noise(9), 50, 50 / 30))
    output.close()
    wanted = [number / 30 for number in (*range(WAITING), 50)]
    assert times(tmp_path / f"a{suffix}") == pytest.approx(wanted, abs=0.0006)


@pytest.mark.parametrize("live", [False, True])
def test_a_frame_is_copied_before_send_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    gate = Gate(monkeypatch)
    output = VideoOutput(tmp_path / "a.mkv", SETTINGS, live)
    buffer = noise(1)
    output.send(Frame(buffer, 0, 0.0), 0.0)
    buffer[:] = 0
    gate.open.set()
    output.close()
    assert np.array_equal(decode(tmp_path / "a.mkv")[0][1][..., :3], noise(1)[..., :3])


def test_a_render_waits_for_the_encoder_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    output = VideoOutput(tmp_path / "a.mkv", SETTINGS, False)
    pictures = travel(3 * WAITING)
    sender = threading.Thread(target=send, args=(output, pictures))
    sender.start()
    with output._condition:
        assert output._condition.wait_for(lambda: not output._free, 60)
    assert sender.is_alive()
    gate.open.set()
    sender.join(60)
    output.close()
    assert output.late == 0
    read = decode(tmp_path / "a.mkv")
    assert all(
        np.array_equal(picture[..., :3], wanted[..., :3])
        for (_, picture), wanted in zip(read, pictures, strict=True)
    )


# -- what goes wrong -------------------------------------------------------------------------------


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the disk be full for files of that size."""
    resource = pytest.importorskip("resource", reason="this system has no limits of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def send_until_told(output: VideoOutput) -> tuple[int, OutputError]:
    """Send until it fails; return how many frames that took."""
    for number in range(2000):
        picture = np.roll(noise(number % 7), number, axis=0)  # hard to compress
        if output._live:
            with output._condition:
                assert output._condition.wait_for(lambda: output._free or output._over, 60)
        try:
            output.send(Frame(picture, number, number / 30), 0.0)
        except OutputError as error:
            return number, error
    raise AssertionError("nothing failed")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("live", [False, True])
def test_a_full_disk_is_told_once_and_what_is_there_plays(
    tmp_path: Path, suffix: str, live: bool
) -> None:
    path = tmp_path / f"a{suffix}"
    output = VideoOutput(path, SETTINGS, live)
    with largest_file(5_000_000):
        sent, error = send_until_told(output)
        assert str(error) == f"the video {path} ends here: File too large"
        send(output, travel(3), range(sent, sent + 3))
        output.close()
    assert list(tmp_path.iterdir()) == [path]
    assert playable(path) > 20


def playable(path: Path) -> int:
    """How many frames can be read from the beginning."""
    count = 0
    with av.open(str(path)) as container:
        try:
            for _ in container.decode(video=0):
                count += 1
        except av.FFmpegError:
            pass  # the end is missing
    return count


def test_a_disk_that_is_full_at_the_end_is_told_by_close(tmp_path: Path) -> None:
    output = VideoOutput(tmp_path / "a.mp4", SETTINGS, False)
    with largest_file(10_000):
        send(output, [noise(number) for number in range(5)])
        with pytest.raises(OutputError, match=r"a\.mp4 ends here: File too large"):
            output.close()
        output.close()


def test_a_live_show_that_ends_on_a_full_disk_is_told_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    output = VideoOutput(tmp_path / "a.mp4", SETTINGS, True)
    with largest_file(10_000), caplog.at_level(logging.ERROR):
        send(output, [noise(number) for number in range(5)])
        output.close()
    (record,) = [record for record in caplog.records if record.name == "vjdream.outputs"]
    assert "a.mp4 ends here: File too large" in record.getMessage()


def test_without_room_for_two_files_the_index_stays_at_the_end(tmp_path: Path) -> None:
    (tmp_path / ".a.mp4.part").mkdir()  # in the way of the second one
    path = write(tmp_path / "a.mp4", travel(40))
    assert len(decode(path)) == 40


@pytest.mark.skipif(os.name != "posix", reason="this system keeps open files where they are")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_was_taken_away_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    output = VideoOutput(path, SETTINGS, False)
    send(output, travel(2 * WAITING))
    path.unlink()
    with pytest.raises(OutputError, match="somebody has taken the file away"):
        output.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("live", [False, True])
def test_a_folder_that_vanished_is_told_once(tmp_path: Path, live: bool) -> None:
    (tmp_path / "folder").mkdir()
    output = VideoOutput(tmp_path / "folder" / "a.mp4", SETTINGS, live)
    (tmp_path / "folder" / "a.mp4").unlink()
    (tmp_path / "folder").rmdir()
    _, error = send_until_told(output)
    assert "ends here: No such file or directory" in str(error)
    send(output, travel(3))
    output.close()
    assert list(tmp_path.iterdir()) == []


def test_an_error_that_nobody_expected_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(encoder: Encoder, *arguments: Any) -> None:
        raise RuntimeError("surprise")

    monkeypatch.setattr(Encoder, "write", fail)
    output = VideoOutput(tmp_path / "a.mp4", SETTINGS, False)
    _, error = send_until_told(output)
    assert str(error).endswith("ends here: surprise")
    output.close()
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from tests.outputs.test_video import SETTINGS, send, travel
from vjdream.outputs.video import VideoOutput
output = VideoOutput(Path(sys.argv[1]), SETTINGS, live=False)
send(output, travel(250))
os._exit(9)
"""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_render_that_is_killed_leaves_what_plays(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=120)
    read = times(path)
    assert len(read) >= 120
    assert read == pytest.approx([number / 30 for number in range(len(read))], abs=0.0006)


def test_ctrl_c_in_the_middle_leaves_a_whole_file(tmp_path: Path) -> None:
    """A render closes its output on the way out, wherever it was interrupted."""
    output = VideoOutput(tmp_path / "a.mp4", SETTINGS, False)
    with pytest.raises(KeyboardInterrupt):
        try:
            send(output, travel(20))
            raise KeyboardInterrupt
        finally:
            output.close()
    assert len(decode(tmp_path / "a.mp4")) == 20
