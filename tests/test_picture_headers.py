"""The size that a picture's header tells."""

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputs.drawn import png_header, upright
from vjdream.picture_headers import pixel_size


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tif", "webp", "jp2", "gif", "avif"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_size_is_found_without_decoding(suffix: str, channels: int) -> None:
    if (suffix, channels) in {("jpg", 4), ("gif", 1)}:
        pytest.skip("no such kind")
    picture = np.zeros((47, 301, channels), np.uint8)
    written, content = cv2.imencode(f".{suffix}", picture)
    assert written
    assert pixel_size(content.tobytes()) == (301, 47)


def test_a_lossy_webp_tells_its_size() -> None:
    written, content = cv2.imencode(
        ".webp", np.zeros((7, 301, 3), np.uint8), [cv2.IMWRITE_WEBP_QUALITY, 50]
    )
    assert written
    assert content.tobytes()[12:16] == b"VP8 "
    assert pixel_size(content.tobytes()) == (301, 7)


def test_an_extended_webp_tells_its_size() -> None:
    content = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\x01\x02\x03" + b"\x04\x05\x06"
    assert pixel_size(content) == (1 + 0x030201, 1 + 0x060504)


def test_a_big_endian_tiff_tells_its_size() -> None:
    entries = [struct.pack(">HHIHH", tag, 3, 1, size, 0) for tag, size in ((256, 301), (257, 7))]
    content = b"MM\0*" + struct.pack(">IH", 8, 2) + b"".join(entries)
    assert pixel_size(content) == (301, 7)


def test_a_bare_stream_of_jpeg_2000_tells_its_size() -> None:
    content = cv2.imencode(".jp2", np.zeros((47, 301, 3), np.uint8))[1].tobytes()
    assert pixel_size(content[content.index(b"\xff\x4f\xff\x51") :]) == (301, 47)


def test_an_avif_of_tiles_tells_the_size_of_the_whole() -> None:
    sizes = [struct.pack(">4sIII", b"ispe", 0, *size) for size in ((512, 512), (900, 700), (4, 4))]
    assert pixel_size(b"\0\0\0 ftypavif" + b"".join(sizes)) == (900, 700)


def test_a_video_or_another_kind_of_container_tells_nothing() -> None:
    assert pixel_size(b"\0\0\0 ftypisom" + bytes(40)) is None
    assert pixel_size(b"\0\0\0\x0cjP  " + bytes(40)) is None


def test_what_a_camera_writes_before_the_size_is_skipped() -> None:
    assert pixel_size(upright(np.zeros((8, 24, 3), np.uint8))) == (24, 8)


def test_a_size_beyond_all_memory_is_told() -> None:
    assert pixel_size(png_header(60000, 50000)) == (60000, 50000)


@given(
    st.sampled_from(
        [
            b"",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8",
            b"BM",
            b"II*\0",
            b"MM\0*",
            b"GIF89a",
            b"\xff\x4f\xff\x51",
            b"\0\0\0\x0cjP  ihdr",
            b"\0\0\0 ftypispe",
        ]
    ),
    st.binary(),
)
def test_damaged_headers_tell_something_or_nothing(start: bytes, rest: bytes) -> None:
    size = pixel_size(start + rest)
    assert size is None or len(size) == 2
