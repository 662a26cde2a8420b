"""Labelled pictures in folders: `PICTURES/class/anything.jpg`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.class_lists import NamedClass, name_classes
from vjdream.dream.training.listing import ENDINGS, list_pictures
from vjdream.dream.training.trainer import Examples
from vjdream.errors import WeightsError
from vjdream.picture_files import decode_picture

STORED_SIDE = 128
"""Pixels of a stored square; views of about 64 to 96 show 55 to 95 % of it."""

MOST_SQUARES = 3
"""That one long picture is cut into."""

SMALLEST = 32
"""Pixels; what is smaller shows nothing."""

MOST_BYTES = 256 << 20
EXAMINED = 8
"""Every so many pictures of a class, one is kept to examine the network with."""

Progress = Callable[[int, int], None]
"""Is told how many pictures have been read, and how many there are."""


@dataclass(frozen=True, slots=True)
class World:
    """What a folder of pictures holds."""

    classes: tuple[NamedClass, ...]
    taught: Examples
    examined: Examples  # some of each class
    apart: bool  # whether those that are examined are none of those that are taught
    skipped: tuple[str, ...]  # a line for each file that is no picture, and for what else is not
    files: Mapping[str, int] = field(default_factory=dict)  # pictures of each class, by its slug

    def counts(self) -> dict[str, int]:
        """How many pictures there are of each class, by slug; one may be several squares."""
        return dict(self.files)


class _Part:
    """Squares that are collected, to be taught or to be kept aside."""

    def __init__(self) -> None:
        self.squares: list[NDArray[np.uint8]] = []
        self.labels: list[int] = []

    def add(self, squares: Iterable[NDArray[np.uint8]], labels: Iterable[int]) -> None:
        self.squares += squares
        self.labels += labels

    def examples(self) -> Examples:
        """Everything as arrays. The squares are let go: a world may fill half of the memory."""
        pictures = np.stack(self.squares)
        self.squares.clear()
        return Examples(pictures, np.array(self.labels, np.int64))


def read_world(folder: Path, progress: Progress = lambda _done, _all: None) -> World:
    """Read all pictures of a folder of folders; what cannot be read is skipped and listed.

    Pictures are cut into one to three squares along their longer side and made `STORED_SIDE` small.
    Some of each class are kept aside to examine the network with. Where one class has too few for
    that, all pictures are taught and all are examined: figures of some classes would mislead.

    Raises:
        WeightsError: when there is no such folder, or not at least two classes with pictures; for
            a folder whose name no class can have.
    """
    listed, around = list_pictures(folder)
    skipped = list(around)
    taught, aside = _Part(), _Part()
    found: dict[str, int] = {}
    lost: list[str] = []
    total, done = sum(len(paths) for paths, _ in listed.values()), 0
    for name, (paths, lines) in listed.items():
        read = 0
        for path in paths:
            done += 1
            progress(done, total)
            try:
                squares = list(_squares(_read(path)))
            except ValueError as error:
                lines.append(f"{path}: {error}")
                continue
            # One of a class is always taught, whatever it is examined with.
            part = aside if read % EXAMINED == EXAMINED - 1 else taught
            part.add(squares, [len(found)] * len(squares))
            read += 1
        if read:
            found[name] = read
        else:
            lines.append(f"{folder / name}: no picture in it can be read")
            lost += lines
        skipped += lines
    _check(folder, list(found), lost + around)
    apart = len(set(aside.labels)) == len(found)
    if not apart:
        taught.add(aside.squares, aside.labels)
    learnt = taught.examples()
    classes = name_classes(found)
    counts = {entry.slug: count for entry, count in zip(classes, found.values(), strict=True)}
    examined = aside.examples() if apart else learnt
    return World(classes, learnt, examined, apart, tuple(skipped), counts)


def _check(folder: Path, names: list[str], lost: list[str]) -> None:
    if len(names) >= 2:
        return
    what = f"only one class with pictures, '{names[0]}'" if names else "no class with pictures"
    first = f" - {lost[0]}" if lost else ""
    raise WeightsError(
        f"{folder} holds {what} (needed: two folders or more, each with pictures"
        f" of one class: {', '.join(ENDINGS[:4])} …){first}"
    )


def _read(path: Path) -> NDArray[np.uint8]:
    """Return a picture (h, w, 3), BGR, as it is meant to be held.

    Raises:
        ValueError: when it is none.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"larger than {MOST_BYTES >> 20} MB")
        content = path.read_bytes()  # imread knows no names beyond ASCII on Windows
    except OSError as error:
        raise ValueError(error.strerror or "cannot be read") from None
    picture = decode_picture(content, path.suffix)
    if picture is None:
        raise ValueError("no picture that can be read")
    if min(picture.shape[:2]) < SMALLEST:
        raise ValueError(f"smaller than {SMALLEST} pixels")
    return picture


def _squares(picture: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Cut a picture (h, w, 3), BGR, into RGB squares along its longer side, and make them small."""
    height, width = picture.shape[:2]
    side = min(height, width)
    count = min(max(round(max(height, width) / side), 1), MOST_SQUARES)
    for place in range(count):
        share = 0.5 if count == 1 else place / (count - 1)
        top, left = round((height - side) * share), round((width - side) * share)
        square = picture[top : top + side, left : left + side]
        method = cv2.INTER_AREA if side > STORED_SIDE else cv2.INTER_CUBIC
        small = cv2.resize(square, (STORED_SIDE, STORED_SIDE), interpolation=method)
        # Turned round only now: for a whole picture, it would be a copy of 600 MB at worst.
        yield np.ascontiguousarray(small[..., ::-1], dtype=np.uint8)
