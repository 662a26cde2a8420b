"""A video that is read in show time, again and again.

What is shown at a time depends on that time and the file alone, so a rendered show can be told
again: frames are decoded one after the other, and only a long way forward is jumped.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vjdream.errors import SettingsError
from vjdream.frames import Picture, Size
from vjdream.inputs import NO_PYAV, Still
from vjdream.inputs.fit import fit

log = logging.getLogger("vjdream.inputs")

JUMP = 10.0
"""Seconds ahead from which on jumping is sooner there than decoding all that is between."""

ROUNDING = 1e-6
"""Seconds by which a time may be off after the arithmetic of loops."""

HD_LINES = 576
"""Higher videos that do not say so have the colours of ITU-R BT.709, lower ones of BT.601."""

UNSPECIFIED = 2  # H.273's word for "does not say"
BT709 = 1
DEFAULT = 5
"""libswscale's word for the usual matrix; without it PyAV 15 converts nothing."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """One frame as the decoder has it, and its time in seconds after the first one."""

    frame: Any
    time: float


class VideoInput:
    """Loops over a video file."""

    def __init__(self, path: Path, size: Size) -> None:
        """Open the file.

        Raises:
            SettingsError: without PyAV, or when there is no video in it that can be read.
        """
        self._av = load_library()
        self._path, self._size = path, size
        self._warned = False
        self._container: Any = None
        self._current: Decoded | None = None
        self._next: Decoded | None = None
        self._still: Still | None = None
        self._shown: Any = None  # the frame that the still was made of
        try:
            self._rewind()
            self._duration = self._measure()
        except self._av.error.FFmpegError as error:
            self.close()
            raise SettingsError(f"cannot read the video {path}: {error.strerror}") from None
        except IndexError:
            self.close()
            raise SettingsError(f"there is no video in {path}") from None
        if self._current is None:
            self.close()
            raise SettingsError(f"no frame of the video {path} can be read")

    def at(self, time: float) -> Still | None:
        position = time % self._duration if self._duration > 0 else 0.0
        try:
            self._go(position)
        except (self._av.error.FFmpegError, IndexError) as error:  # it was moved or overwritten
            self._warn(str(error))
        current = self._current
        if current is not None and current.frame is not self._shown:
            self._shown = current.frame
            number = 0 if self._still is None else self._still.number + 1
            self._still = Still(self._convert(current.frame), number)
        return self._still

    def _go(self, position: float) -> None:
        """Decode until the current frame is the last one that began at or before `position`."""
        if self._is_past(position):
            self._rewind()
        if self._next is not None and position - self._next.time > JUMP:
            self._seek(position)
            if self._is_past(position):  # it jumped too far
                self._rewind()
        while self._next is not None and self._next.time <= position + ROUNDING:
            self._current, self._next = self._next, next(self._decoder, None)

    def _is_past(self, position: float) -> bool:
        return self._current is None or position < self._current.time - ROUNDING

    def _rewind(self) -> None:
        """Open the file anew: exact with every format, which going back to 0 is not."""
        self.close()
        self._current = self._next = None
        self._container = self._open()
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self._origin: float | None = None
        self._decoder = self._decode()
        self._current = next(self._decoder, None)
        self._next = next(self._decoder, None)

    def _open(self) -> Any:
        """Open the file and nothing else: some formats can name further files and addresses."""
        return self._av.open(
            str(self._path.absolute()),
            options={"protocol_whitelist": "file"},
            metadata_errors="ignore",
        )

    def _seek(self, position: float) -> None:
        """Jump to the keyframe before `position`; where that fails all is decoded."""
        assert self._origin is not None
        target = int((position + self._origin) / self._stream.time_base)
        try:
            self._container.seek(target, stream=self._stream, backward=True)
        except self._av.error.FFmpegError:
            return
        self._decoder = self._decode()
        self._current = next(self._decoder, None) or self._current
        self._next = next(self._decoder, None)

    def _decode(self) -> Iterator[Decoded]:
        """Yield the frames in order; damaged ones are left out."""
        step = 1 / float(self._stream.average_rate or 25)
        time = 0.0
        try:
            for packet in self._container.demux(self._stream):
                try:
                    frames = packet.decode()
                except self._av.error.FFmpegError as error:
                    self._warn(str(error.strerror))
                    continue
                for frame in frames:
                    time = time + step if frame.time is None else float(frame.time)
                    if self._origin is None:
                        self._origin = time
                    yield Decoded(frame, time - self._origin)
        except self._av.error.FFmpegError as error:
            self._warn(str(error.strerror))

    def _measure(self) -> float:
        """Seconds after which the video begins again; 0 for a single frame."""
        if self._next is None:
            return 0.0
        stream = self._stream
        if stream.duration:
            return float(stream.duration * stream.time_base)
        if self._container.duration:
            return float(self._container.duration / self._av.time_base)
        return self._count()

    def _count(self) -> float:
        """Read a file to its end that does not say how long it is; nothing is decoded."""
        ends = [0.0]
        with self._open() as container:
            stream = container.streams.video[0]
            step = 1 / float(stream.average_rate or 25)
            for packet in container.demux(stream):
                if packet.pts is not None:
                    length = float((packet.duration or 0) * packet.time_base)
                    ends.append(float(packet.pts * packet.time_base) + (length or step))
        return max(ends) - (self._origin or 0.0)

    def _convert(self, frame: Any) -> Picture:
        hd = frame.colorspace == UNSPECIFIED and frame.height > HD_LINES
        picture: NDArray[np.uint8] = frame.to_ndarray(
            format="bgra", src_colorspace=BT709 if hd else None, dst_colorspace=DEFAULT
        )
        turns = round(getattr(frame, "rotation", 0) / 90)  # PyAV 14 does not tell
        aspect = float(self._stream.sample_aspect_ratio or 1)
        if turns % 2:
            aspect = 1 / aspect
        return fit(np.rot90(picture, turns), self._size, aspect)

    def _warn(self, reason: str) -> None:
        if not self._warned:
            self._warned = True
            log.warning(
                "the video %s is damaged (%s); what can be read goes on", self._path, reason
            )

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None


def load_library() -> ModuleType:
    """Import PyAV.

    Raises:
        SettingsError: with what to install.
    """
    try:
        import av
    except (ImportError, OSError):
        raise SettingsError(NO_PYAV) from None
    module: ModuleType = av
    return module
