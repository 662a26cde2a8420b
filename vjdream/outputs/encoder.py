"""What makes a video file of pictures.

H.264 goes into ``.mp4`` and ``.mov``, FFV1 (RFC 9043) into ``.mkv``. While H.264 is written the
file is a fragmented one, which plays up to its last second whatever becomes of the show; when it is
finished it becomes an ordinary one.
"""

import contextlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from vjdream.errors import OutputError, nearest
from vjdream.frames import Picture
from vjdream.settings import Settings

log = logging.getLogger("vjdream.outputs")

GROUP = 1.0
"""Seconds from one picture that is coded by itself to the next: how exactly players can jump."""

THREADS = 8
"""Of the encoder when rendering: on any machine as many, because x264's bytes depend on it."""

LIVE_THREADS = 4
"""Of the encoder in a live show at most, and half of the cores at most: the dream needs them."""

# H.273's numbers
RGB, BT709, SRGB, LIMITED, FULL = 0, 1, 13, 1, 2

# libswscale's flags: bicubic, each pixel's colour is asked, and the exact sums on any processor
CONVERSION = 0x4 | 0x4000 | 0x40000 | 0x80000


@dataclass(frozen=True, slots=True)
class Kind:
    """How FFmpeg calls what a suffix stands for."""

    container: str
    codec: str
    pixels: str
    options: dict[str, str] = field(default_factory=dict)  # of the codec

    @property
    def halved(self) -> bool:
        """Whether colour is stored for two by two pixels, so that sizes must be even."""
        return self.pixels == "yuv420p"


H264 = {
    "crf": "16",  # the fine lines of a dream dissolve from about 20 on
    "bf": "0",  # pictures in the order of time: exact times in fragments, and easy to scrub through
}
LIVE = {"preset": "veryfast"}
RENDERED = {"preset": "medium", "x264-params": "cpu-independent=1"}  # the same on any processor
FFV1 = {"level": "3", "slices": "16", "slicecrc": "1"}
KINDS = {
    ".mp4": Kind("mp4", "libx264", "yuv420p", H264),
    ".mov": Kind("mov", "libx264", "yuv420p", H264),
    ".mkv": Kind("matroska", "ffv1", "bgr0", FFV1),
}


class Encoder:
    """One video file from its first frame to its last; everything here may take its time."""

    def __init__(
        self, load: Callable[[], ModuleType], path: Path, settings: Settings, live: bool
    ) -> None:
        """Make an empty file; `load` imports PyAV, as soon as the name has been found good.

        Raises:
            OutputError: as `VideoOutput`.
        """
        self._kind = kind_of(path)
        self._path = path.absolute()  # so that FFmpeg takes no name for an address
        self._size, self._fps, self._live = settings.size, settings.fps, live
        if self._kind.halved and (self._size.width % 2 or self._size.height % 2):
            even = f"{self._size.width + self._size.width % 2}x"
            even += f"{self._size.height + self._size.height % 2}"
            raise OutputError(
                f"a {path.suffix} cannot have {self._size} pixels, because H.264 needs even "
                f"numbers - use --size {even}, or a name that ends with .mkv"
            )
        self._av = load()
        try:
            self._av.codec.Codec(self._kind.codec, "w")
        except ValueError:
            raise OutputError(
                f"this PyAV cannot write {self._kind.codec} - type: pip install 'vjdream[video]'"
            ) from None
        self._reformatter = self._av.video.reformatter.VideoReformatter()
        self._container: Any = None
        self._stream: Any = None
        self._first = 0
        try:
            path.open("xb").close()
        except FileExistsError:
            raise OutputError(f"the video {path} is there already, choose another name") from None
        except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
            reason = getattr(error, "strerror", None) or error
            raise OutputError(f"the video {path} cannot be written: {reason}") from None

    def write(self, picture: Picture, number: int) -> None:
        """Encode a picture (height, width, 4), to be shown `number` periods into the show.

        Raises:
            OSError: PyAV's errors, too.
        """
        if self._container is None:
            self._first = number
            self._open()
        frame = self._av.VideoFrame(self._size.width, self._size.height, "bgr0")
        plane = frame.planes[0]
        rows = np.frombuffer(plane, np.uint8).reshape(self._size.height, plane.line_size)
        rows[:, : 4 * self._size.width] = picture.reshape(self._size.height, -1)
        if self._kind.halved:
            frame = self._reformatter.reformat(
                frame,
                format=self._kind.pixels,
                src_color_range=FULL,
                dst_color_range=LIMITED,
                dst_colorspace=BT709,
                interpolation=CONVERSION,
            )
        frame.pts, frame.time_base = number - self._first, 1 / self._fps
        self._mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still keeps, and the file's index.

        Raises:
            OSError: PyAV's errors, too; when the file is no longer there.
        """
        if self._container is None:
            self._path.unlink(missing_ok=True)
            return
        self._mux(self._stream.encode(None))
        container, self._container = self._container, None
        container.close()
        if not self._path.exists():
            raise OSError("somebody has taken the file away")
        if self._kind.halved and not self._live:
            self._put_index_first()

    def abandon(self) -> None:
        """Leave what plays, after an error."""
        container, self._container = self._container, None
        with contextlib.suppress(OSError, self._av.error.FFmpegError):  # it has been told
            if container is not None:
                container.close()
        with contextlib.suppress(OSError):
            if self._path.stat().st_size == 0:
                self._path.unlink()

    def _open(self) -> None:
        """Open the encoder, in the thread that works with it: x264's threads inherit priority."""
        kind = self._kind
        options = {"fflags": "+bitexact", "flush_packets": "1"}  # no random numbers; at once
        if kind.halved:
            options |= {"movflags": "+hybrid_fragmented", "frag_duration": "1000000"}  # µs
        self._container = self._av.open(
            str(self._path), "w", format=kind.container, container_options=options
        )
        self._stream = self._container.add_stream(kind.codec, rate=self._fps)
        self._stream.width, self._stream.height = self._size.width, self._size.height
        self._stream.pix_fmt = kind.pixels
        codec = self._stream.codec_context
        codec.time_base = 1 / self._fps
        codec.color_primaries = BT709  # which are sRGB's
        codec.thread_count = THREADS
        if self._live:
            codec.thread_count = max(1, min(LIVE_THREADS, (os.cpu_count() or 1) // 2))
        if kind.halved:
            codec.color_range, codec.colorspace, codec.color_trc = LIMITED, BT709, BT709
            codec.gop_size = max(1, round(self._fps * GROUP))
            codec.thread_type = "AUTO"  # PyAV's own choice cuts each picture into slices
            codec.options = kind.options | (LIVE if self._live else RENDERED)
        else:
            codec.color_range, codec.colorspace, codec.color_trc = FULL, RGB, SRGB
            codec.gop_size = 1
            codec.thread_type = "SLICE"
            codec.options = dict(kind.options)
        self._container.start_encoding()  # now, while the file is the one that was made

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            packet.duration = 1  # period; the last frame's would be 0 otherwise
            self._container.mux(packet)

    def _put_index_first(self) -> None:
        """Copy the finished file, so that players begin before they have all of it.

        It is a convenience: where there is no room for two files, the first one stays.
        """
        part = self._path.with_name(f".{self._path.name}.part")
        options = {"fflags": "+bitexact", "movflags": "+faststart"}
        try:
            with self._av.open(str(self._path)) as source:
                old = source.streams.video[0]
                options["video_track_timescale"] = str(old.time_base.denominator)
                with self._av.open(
                    str(part), "w", format=self._kind.container, container_options=options
                ) as copy:
                    new = copy.add_stream_from_template(old)
                    for packet in source.demux(old):
                        if packet.dts is not None:  # the last one is empty
                            packet.stream = new
                            copy.mux(packet)
            part.replace(self._path)
        except (OSError, self._av.error.FFmpegError) as error:
            log.info("the index of %s stays at its end: %s", self._path, error)
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def kind_of(path: Path) -> Kind:
    """Return what a file's name asks for.

    Raises:
        OutputError: when it is no video that vjdream writes.
    """
    try:
        return KINDS[path.suffix.lower()]
    except KeyError:
        raise OutputError(
            f"'{path}' is no video that vjdream writes (allowed: {', '.join(KINDS)}, or a name "
            f"without a suffix for a folder of PNGs){nearest(path.suffix, KINDS)}"
        ) from None
