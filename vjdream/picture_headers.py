"""How big a picture says it is: its file's first bytes read by hand, before anything is decoded.

PNG (W3C), JPEG (ITU T.81, B.2.2), WebP (RFC 9649), BMP, TIFF 6.0, GIF89a, JPEG 2000 (ITU T.800,
A.5.1 and I.5.3.1) and AVIF (ISO 23008-12, 6.5.3).
"""

import re
import struct

JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG segments that begin with the size."""

TIFF_WIDTH, TIFF_HEIGHT = 256, 257
TIFF_SHORT = 3


def pixel_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as a picture's header has them; None where it cannot be read."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(">II", content, 16)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
        if content.startswith(b"BM"):
            width, height = _pair("<ii", content, 18)
            return abs(width), abs(height)  # a negative height: the top row is first
        if content.startswith((b"II*\0", b"MM\0*")):
            return _tiff(content)
        if content.startswith((b"GIF87a", b"GIF89a")):
            return _pair("<HH", content, 6)
        if content.startswith(b"\xff\x4f\xff\x51"):  # JPEG 2000 without a box around it
            return _pair(">II", content, 8)
        if content[4:8] == b"jP  ":
            height, width = _pair(">II", content, content.index(b"ihdr") + 4)
            return width, height
        if content[4:8] == b"ftyp":
            return _avif(content)
    except (struct.error, KeyError, ValueError):
        pass  # cut off
    return None


def _pair(form: str, content: bytes, place: int) -> tuple[int, int]:
    first, second = struct.unpack_from(form, content, place)
    return int(first), int(second)


def _jpeg(content: bytes) -> tuple[int, int] | None:
    place = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", content, place)
        if mark != 0xFF:
            return None
        if kind == 0xFF:  # filling
            place += 1
        elif kind in JPEG_SIZES:
            height, width = _pair(">HH", content, place + 5)
            return width, height
        else:
            place += 2 + length


def _webp(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        low_width, high_width, low_height, high_height = struct.unpack_from("<HBHB", content, 24)
        return 1 + low_width + (high_width << 16), 1 + low_height + (high_height << 16)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = _pair("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _tiff(content: bytes) -> tuple[int, int]:
    order = "<" if content.startswith(b"II") else ">"
    (directory,) = struct.unpack_from(order + "I", content, 4)
    (count,) = struct.unpack_from(order + "H", content, directory)
    found = {}
    for entry in range(count):
        place = directory + 2 + 12 * entry
        tag, kind = _pair(order + "HH", content, place)
        form = "H" if kind == TIFF_SHORT else "I"
        (found[tag],) = struct.unpack_from(order + form, content, place + 8)
    return found[TIFF_WIDTH], found[TIFF_HEIGHT]


def _avif(content: bytes) -> tuple[int, int]:
    """The largest of its images: others are its alpha, and tiles of the whole."""
    places = [found.end() + 4 for found in re.finditer(b"ispe", content)]
    sizes = (_pair(">II", content, place) for place in places)
    return max(sizes, key=lambda size: size[0] * size[1])
