"""Picture files as pixels: of any depth, the way they are meant to be held, never too large."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.picture_headers import pixel_size

MOST_PIXELS = 200_000_000
"""Bigger pictures are mistakes or traps."""

WITH_ALPHA = frozenset((".png", ".webp", ".tif", ".tiff", ".gif", ".avif", ".jp2"))
"""BMP is missing: in many of its files the fourth byte is nothing."""

DEEP_ALPHA = frozenset((".png", ".tif", ".tiff"))
"""Their 16 bits are 16; OpenCV reads an AVIF of 10 or 12 bits as values up to 1023 or 4095."""


def decode_picture(
    content: bytes, ending: str, flag: int = cv2.IMREAD_COLOR
) -> NDArray[np.uint8] | None:
    """Decode a picture, turned as EXIF wants it; what is transparent becomes black.

    Args:
        content: the whole file.
        ending: of the file's name, such as ``.png``: whether a fourth channel is alpha.
        flag: OpenCV's, one of those that make 8 bits of 16 and colour of grey.

    Returns:
        (h, w, 3), BGR; None for what is damaged or of an odd kind.

    Raises:
        ValueError: naming its size, when its header tells of more than `MOST_PIXELS`.
    """
    pixels = pixel_size(content)
    if pixels is not None and pixels[0] * pixels[1] > MOST_PIXELS:
        most = f"{MOST_PIXELS // 1_000_000} million"
        raise ValueError(f"{pixels[0]}x{pixels[1]} pixels (allowed: {most})")
    picture = _decoded(content, flag)
    if picture is None or ending.lower() not in WITH_ALPHA:
        return picture
    alpha = _alpha(_decoded(content, cv2.IMREAD_UNCHANGED), ending.lower() in DEEP_ALPHA)
    if alpha is None or alpha.min() == 255:
        return picture
    # the flag for alpha does not heed EXIF, so alpha is turned as the colours were
    lying = _decoded(content, flag | cv2.IMREAD_IGNORE_ORIENTATION)
    alpha = None if lying is None else _turned(alpha, lying, picture)
    return picture if alpha is None else over_black(np.dstack([picture, alpha]))


def _turned(
    alpha: NDArray[np.uint8], lying: NDArray[Any], picture: NDArray[Any]
) -> NDArray[np.uint8] | None:
    """Turn alpha (h, w) as `lying` was turned into `picture`; None where no turn does that."""
    for colours, turned in zip(_turns(lying), _turns(alpha), strict=True):
        if np.array_equal(colours, picture) and turned.shape == picture.shape[:2]:
            return np.ascontiguousarray(turned, np.uint8)
    return None


def _turns(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The eight ways of EXIF to turn and mirror, the one that changes nothing first."""
    for each in (array, array[:, ::-1]):
        yield from (np.rot90(each, quarters) for quarters in range(4))


def over_black(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a straight BGRA picture (h, w, 4) over black; an opaque one is returned as it is."""
    alpha = picture[..., 3]
    if alpha.min() == 255:
        return picture
    weight = cv2.merge([alpha, alpha, alpha])
    return np.asarray(cv2.multiply(picture[..., :3], weight, scale=1 / 255), np.uint8)


def _decoded(content: bytes, flag: int) -> NDArray[Any] | None:
    try:
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    except cv2.error:  # an empty file, or more pixels than OpenCV takes
        return None
    return None if picture is None else np.asarray(picture)


def _alpha(whole: NDArray[Any] | None, deep: bool) -> NDArray[np.uint8] | None:
    """The alpha (h, w) of a picture as its file has it, of 8 or, where that is sure, 16 bits."""
    if whole is None or whole.ndim != 3 or whole.shape[2] != 4:
        return None
    if deep and whole.dtype == np.uint16:
        return (whole[..., 3] >> 8).astype(np.uint8)
    return whole[..., 3] if whole.dtype == np.uint8 else None
