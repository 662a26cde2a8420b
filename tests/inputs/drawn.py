"""Pictures and videos that the tests of the inputs draw for themselves."""

import struct
import zlib
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.frames import Size

SMALL = Size(16, 9)

TURNED = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
"""EXIF with nothing but the orientation 6: the camera was held upright."""


def plain(*bgr: int, size: Size = SMALL) -> NDArray[np.uint8]:
    """One colour everywhere, (h, w, 3) or with alpha (h, w, 4)."""
    return np.full((size.height, size.width, len(bgr)), bgr, np.uint8)


def save(path: Path, picture: NDArray[np.generic]) -> Path:
    """Write a picture in the format of its suffix, lossless where the format can be."""
    options = [cv2.IMWRITE_WEBP_QUALITY, 101] if path.suffix == ".webp" else []
    assert cv2.imwrite(str(path), picture, options)
    return path


def upright(picture: NDArray[np.uint8]) -> bytes:
    """A JPEG with the EXIF orientation of an upright camera."""
    written, content = cv2.imencode(".jpg", picture)
    assert written
    jpeg, exif = content.tobytes(), b"Exif\0\0" + TURNED
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG of any size."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG: length, kind, content and check."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def film(
    path: Path,
    levels: Iterable[int],
    rate: int = 10,
    times: Iterable[int] | None = None,
    codec: str = "ffv1",
    form: str = "bgr0",
    **options: str,
) -> Path:
    """Write a video whose frames are grey, one for each level; exact with ffv1 and bgr0.

    `times` are the frames' times in periods of `rate`, for a variable rate.
    """
    levels = list(levels)
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 32, 18, form
        for level, time in zip(levels, times or range(len(levels)), strict=True):
            frame = av.VideoFrame.from_ndarray(np.full((18, 32, 3), level, np.uint8), "bgr24")
            frame.pts, frame.time_base = time, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
