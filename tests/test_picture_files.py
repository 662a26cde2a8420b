"""Picture files of any kind, decoded."""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.inputs.drawn import TURNED, plain, png_chunk, png_header, upright
from vjdream import picture_files
from vjdream.frames import Size
from vjdream.picture_files import decode_picture, over_black


def encoded(ending: str, picture: NDArray[Any], *options: int) -> bytes:
    written, content = cv2.imencode(ending, picture, options)
    assert written
    return content.tobytes()


def oriented(picture: NDArray[np.uint8], orientation: int) -> bytes:
    """A PNG with EXIF that says how it is to be turned."""
    content = encoded(".png", picture)
    header = len(png_header(0, 0))
    exif = png_chunk(b"eXIf", TURNED.replace(b"\x06", bytes([orientation])))
    return content[:header] + exif + content[header:]


def first(content: bytes, ending: str) -> list[int]:
    """The first pixel of a picture that is one colour."""
    picture = decode_picture(content, ending)
    assert picture is not None
    assert picture.dtype == np.uint8
    assert (picture == picture[0, 0]).all()
    return [int(value) for value in picture[0, 0]]


def test_a_picture_is_blue_green_red_of_eight_bits() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (9, 16, 3), np.uint8)
    assert np.array_equal(decode_picture(encoded(".png", picture), ".png"), picture)
    deep = np.full((9, 16, 3), (0x1234, 0x8000, 0xFFFF), np.uint16)
    assert first(encoded(".png", deep), ".png") == [0x12, 0x80, 0xFF]
    assert first(encoded(".png", plain(77)), ".png") == [77, 77, 77]


def test_a_photograph_is_turned_as_its_camera_was_held() -> None:
    picture = decode_picture(upright(plain(0, 0, 0, size=Size(64, 32))), ".jpg")
    assert picture is not None
    assert picture.shape == (64, 32, 3)


def test_a_photograph_may_be_decoded_smaller() -> None:
    content = encoded(".jpg", plain(0, 0, 0, size=Size(64, 32)))
    picture = decode_picture(content, ".jpg", cv2.IMREAD_REDUCED_COLOR_4)
    assert picture is not None
    assert picture.shape == (8, 16, 3)


@pytest.mark.parametrize("ending", [".png", ".PNG", ".webp", ".tif", ".tiff", ".jp2"])
def test_what_is_transparent_is_black(ending: str) -> None:
    lossless = (cv2.IMWRITE_WEBP_QUALITY, 101) if ending == ".webp" else ()
    content = encoded(ending, plain(200, 100, 50, 128, size=Size(40, 40)), *lossless)
    assert first(content, ending) == [100, 50, 25]


def test_transparency_of_sixteen_bits_counts_too() -> None:
    deep = np.full((9, 16, 4), (0xC800, 0x6400, 0x3200, 0x8000), np.uint16)
    for ending in (".png", ".tif"):
        assert first(encoded(ending, deep), ending) == [100, 50, 25]


def test_transparency_of_an_unknown_depth_is_not_guessed() -> None:
    """OpenCV gives ten bits of an AVIF as 0 to 1023: a shift by eight would make it black."""
    deep = np.full((40, 40, 4), 1000, np.uint16)
    assert first(encoded(".jp2", deep), ".jp2") == [3, 3, 3]
    signed = np.full((9, 16, 4), 1, np.int16)
    assert first(encoded(".tif", signed), ".tif") == [0, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_transparent_stays_so_when_it_is_turned(orientation: int) -> None:
    """Only one corner is opaque, and it is the brightest one."""
    picture = np.zeros((12, 20, 4), np.uint8)
    picture[..., :3] = np.random.default_rng(1).integers(20, 120, (12, 20, 3))
    picture[:6, :10] = 255
    turned = decode_picture(oriented(picture, orientation), ".png")
    assert turned is not None
    assert turned.shape[:2] == ((12, 20) if orientation < 5 else (20, 12))
    assert set(np.unique(turned)) == {0, 255}
    assert (turned == 255).all(axis=2).sum() == 60


def test_the_fourth_byte_of_a_bmp_is_nothing() -> None:
    assert first(encoded(".bmp", plain(200, 100, 50, 0)), ".bmp") == [200, 100, 50]


def test_an_opaque_picture_with_alpha_stays_as_it_is() -> None:
    assert first(encoded(".png", plain(200, 100, 50, 255)), ".png") == [200, 100, 50]
    opaque = plain(200, 100, 50, 255)
    assert over_black(opaque) is opaque


@pytest.mark.parametrize("content", [b"", b"text", encoded(".png", plain(1, 2, 3))[:40]])
def test_what_is_damaged_is_none(content: bytes) -> None:
    assert decode_picture(content, ".png") is None


def test_too_many_pixels_are_refused_by_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files.cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    with pytest.raises(ValueError, match=r"^20000x10001 pixels \(allowed: 200 million\)$"):
        decode_picture(png_header(20000, 10001), ".png")
    with pytest.raises(ValueError, match="65535x65535 pixels"):
        decode_picture(b"GIF89a" + b"\xff" * 4 + bytes(10), ".gif")


def test_as_many_pixels_as_are_allowed_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files.cv2, "imdecode", lambda *_: plain(1, 2, 3))
    assert first(png_header(20000, 10000), ".png") == [1, 2, 3]
