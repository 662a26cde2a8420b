"""Makes any picture fit the size that an input was opened with: covered, cropped, opaque."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.frames import Picture, Size, cover
from vjdream.picture_files import over_black

MARGIN = 2
"""Source pixels that stay around the part that will be seen, for the interpolation."""

SQUARE = 0.01
"""Pixels whose width and height differ by less than this are square."""


def fit(picture: NDArray[np.uint8], size: Size, pixel_aspect: float = 1.0) -> Picture:
    """Cover `size` with a BGR, BGRX or straight BGRA picture; what is transparent becomes black.

    Args:
        picture: (h, w, 3) or (h, w, 4); a fourth channel is alpha.
        size: of the result.
        pixel_aspect: width of one pixel through its height, as in old camcorders' pictures.

    Returns:
        A new (size.height, size.width, 4) BGRX picture.
    """
    if picture.shape[2] == 4:
        picture = over_black(picture)
    if abs(pixel_aspect - 1) > SQUARE and 1 / 16 < pixel_aspect < 16:
        picture = _squared(picture, pixel_aspect)
    covered = cover(_seen_part(picture, size), size.width, size.height)
    fitted = np.full((size.height, size.width, 4), 255, np.uint8)
    fitted[..., :3] = covered[..., :3]
    return fitted


def _squared(picture: NDArray[np.uint8], pixel_aspect: float) -> NDArray[np.uint8]:
    """Scale one direction up, so that pixels become square."""
    height, width = picture.shape[:2]
    if pixel_aspect > 1:
        width = round(width * pixel_aspect)
    else:
        height = round(height / pixel_aspect)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR))


def _seen_part(picture: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """Cut away most of what will be cropped; scaled up, a picture like a thread is gigabytes."""
    height, width = picture.shape[:2]
    scale = max(size.width / width, size.height / height)
    rows = _middle(height, size.height / scale)
    columns = _middle(width, size.width / scale)
    return picture[rows, columns]


def _middle(length: int, seen: float) -> slice:
    """The middle `seen` pixels of a length with a margin; the middle itself stays where it is."""
    cut = max(0, int((length - seen) / 2) - MARGIN)
    return slice(cut, length - cut)
