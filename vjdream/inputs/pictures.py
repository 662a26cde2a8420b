"""A picture, or a folder of them that are shown in turn."""

import logging
import re
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import cv2

from vjdream.errors import SettingsError
from vjdream.frames import Picture, Size
from vjdream.inputs import Still
from vjdream.inputs.fit import fit
from vjdream.picture_files import decode_picture
from vjdream.picture_headers import pixel_size

log = logging.getLogger("vjdream.inputs")

EACH = 8.0
"""Seconds of show time that each picture of a folder is shown."""

KEPT = 16
"""Fitted pictures that are kept in memory."""

MOST_BYTES = 1 << 30
"""Bigger files are mistakes or traps."""

REDUCED = {
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
"""JPEG decoders make a smaller picture much faster than a whole one."""


class PictureInput:
    """Shows pictures in the order of their names, `EACH` seconds each, again and again.

    Pictures are read when their turn comes; one that cannot be read gives its turn to the next.
    """

    def __init__(self, paths: Sequence[Path], size: Size) -> None:
        """Open the pictures.

        Raises:
            SettingsError: when not one of them can be read.
        """
        self._paths = sorted(paths, key=lambda path: natural(path.name))
        self._size = size
        self._kept: OrderedDict[int, Still] = OrderedDict()
        self._unreadable: set[int] = set()
        self._last: Still | None = None
        if len(self._paths) == 1:
            self._keep(0, read_picture(self._paths[0], size))
        elif self.at(0.0) is None:
            raise SettingsError(f"none of the pictures in {self._paths[0].parent} can be read")

    def at(self, time: float) -> Still | None:
        turn = int(time // EACH)
        for place in range(turn, turn + len(self._paths)):
            still = self._still(place % len(self._paths))
            if still is not None:
                self._last = still
                break
        return self._last

    def _still(self, number: int) -> Still | None:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        if number in self._unreadable:
            return None
        try:
            return self._keep(number, read_picture(self._paths[number], self._size))
        except SettingsError as error:
            log.warning("%s; it is skipped", error)
            self._unreadable.add(number)
            return None

    def _keep(self, number: int, picture: Picture) -> Still:
        still = self._kept[number] = Still(picture, number)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return still

    def close(self) -> None:
        self._kept.clear()


def natural(name: str) -> list[tuple[str, int]]:
    """A sorting key that puts ``look2`` before ``look10``."""
    pairs = re.findall(r"([^0-9]*)([0-9]*)", name.casefold())
    return [(text, int(digits[:50] or -1)) for text, digits in pairs]


def read_picture(path: Path, size: Size) -> Picture:
    """Read a picture of any depth the way its camera was held, and fit it to `size`.

    Raises:
        SettingsError: for what cannot be read, and for what is far too big.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SettingsError(f"the picture {path} is a file of more than a gigabyte")
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot read the picture {path}: {error.strerror}") from None
    flag = REDUCED.get(_reduction(content, size), cv2.IMREAD_COLOR)
    try:
        picture = decode_picture(content, path.suffix, flag)
    except ValueError as error:
        raise SettingsError(f"the picture {path} has {error}") from None
    if picture is None:
        raise SettingsError(f"cannot read the picture {path}: it is damaged or of an odd kind")
    return fit(picture, size)


def _reduction(content: bytes, size: Size) -> int:
    """By how much a JPEG may be made smaller while decoding and still have pixels to spare."""
    pixels = pixel_size(content) if content.startswith(b"\xff\xd8") else None
    if pixels is None:
        return 1
    spare = min(pixels) // max(size.width, size.height)
    return max(factor for factor in (1, 2, 4, 8) if factor <= max(1, spare))
