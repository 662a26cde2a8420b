"""Pictures as the stage knows them: uint8 (height, width, 4) BGRX, sRGB, full range.

The fourth byte is always 255; it is reserved for a matte.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.camera import OVERSCAN, Viewpoint

Picture = NDArray[np.uint8]
"""(height, width, 4) BGRX."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


Seen = tuple[tuple[str, float], ...]
"""For each region the class that the network sees there, and how sure it is, 0..1."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """One dreamt picture with the viewpoint that it was painted at.

    The picture covers the view `OVERSCAN` times.
    """

    picture: Picture = field(repr=False)
    viewpoint: Viewpoint
    sequence: int
    time: float  # show time in seconds
    steps: int = 0  # ascent steps since the keyframe before
    lateness: float = 0.0  # seconds behind the cadence that `keyframes` asks for
    seen: Seen = ()  # empty when nobody has looked


@dataclass(frozen=True, slots=True)
class Frame:
    """One output frame: its number from the start of the show and its show time in seconds."""

    picture: Picture = field(repr=False)
    number: int
    time: float
    metadata: str = ""  # XML, "" when nothing changed


def cover(picture: Picture, width: int, height: int) -> Picture:
    """Scale a picture so that it covers width × height, and crop the middle."""
    source_height, source_width = picture.shape[:2]
    scale = max(width / source_width, height / source_height)
    scaled_width = max(width, round(source_width * scale))
    scaled_height = max(height, round(source_height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(picture, (scaled_width, scaled_height), interpolation=method)
    left, top = (scaled_width - width) // 2, (scaled_height - height) // 2
    return np.ascontiguousarray(scaled[top : top + height, left : left + width])


def published_size(output: Size) -> tuple[int, int]:
    """Width and height of published keyframes for this output size."""
    return 2 * round(output.width * OVERSCAN / 2), 2 * round(output.height * OVERSCAN / 2)
