"""Labelled pictures in folders: `PICTURES/class/anything.jpg`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vjdream.class_lists import NamedClass, name_classes
from vjdream.dream.training.trainer import Examples
from vjdream.errors import WeightsError

STORED_SIDE = 128
"""Pixels of a stored square; views of about 64 to 96 show 55 to 95 % of it."""

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".jp2", ".avif", ".gif")
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
    examined: Examples
    apart: bool  # whether those that are examined are none of those that are taught
    skipped: tuple[str, ...]  # a line for each file that is no picture

    def counts(self) -> dict[str, int]:
        """How many squares of pictures there are of each class, by slug."""
        every = [self.taught.labels, *([self.examined.labels] if self.apart else [])]
        numbers = np.bincount(np.concatenate(every), minlength=len(self.classes))
        return {
            entry.slug: int(number) for entry, number in zip(self.classes, numbers, strict=True)
        }


def read_world(folder: Path, progress: Progress = lambda _done, _all: None) -> World:
    """Read all pictures of a folder of folders; what cannot be read is skipped and listed.

    Pictures are cut into one to three squares along their longer side and made `STORED_SIDE` small.

    Raises:
        WeightsError: when there is no such folder, or not at least two classes with pictures.
    """
    files = _files(folder)
    squares: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    kept: list[bool] = []
    skipped: list[str] = []
    names: list[str] = []
    total, done = sum(map(len, files.values())), 0
    for name, paths in files.items():
        found = 0
        for path in paths:
            done += 1
            progress(done, total)
            try:
                cut = list(_squares(_read(path)))
            except ValueError as error:
                skipped.append(f"{path}: {error}")
                continue
            squares += cut
            labels += [len(names)] * len(cut)
            # One of a class is always taught, whatever it is examined with.
            kept += [found % EXAMINED == EXAMINED - 1] * len(cut)
            found += 1
        if found:
            names.append(name)
        else:
            skipped.append(f"{folder / name}: no picture in it can be read")
    _check(folder, names, skipped)
    pictures, kinds, aside = np.stack(squares), np.array(labels), np.array(kept)
    apart = bool(aside.any())
    examined = aside if apart else ~aside
    return World(
        name_classes(names),
        Examples(pictures[~aside], kinds[~aside]),
        Examples(pictures[examined], kinds[examined]),
        apart,
        tuple(skipped),
    )


def _files(folder: Path) -> dict[str, list[Path]]:
    """Files that may be pictures, by the name of their class, always in the same order."""
    try:
        if folder.is_dir():
            return {
                each.name: sorted(
                    path
                    for path in each.rglob("*")
                    if path.suffix.lower() in ENDINGS
                    and not any(part[0] == "." for part in path.relative_to(each).parts)
                    and path.is_file()
                )
                for each in sorted(folder.iterdir())
                if each.name[0] != "." and each.is_dir()
            }
        what = "is a file" if folder.exists() else "does not exist"
    except OSError as error:
        what = f"cannot be read, {error.strerror}"
    raise WeightsError(
        f"{folder} {what}: needed is a folder with a folder of pictures for each class"
    )


def _check(folder: Path, names: list[str], skipped: list[str]) -> None:
    if len(names) >= 2:
        return
    what = f"only one class with pictures, '{names[0]}'" if names else "no class with pictures"
    first = f" - {skipped[0]}" if skipped else ""
    raise WeightsError(
        f"{folder} holds {what} (needed: two folders or more, each with pictures"
        f" of one class: {', '.join(ENDINGS[:4])} …){first}"
    )


def _read(path: Path) -> NDArray[np.uint8]:
    """Return a picture (h, w, 3), RGB, as it is meant to be held.

    Raises:
        ValueError: when it is none.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"larger than {MOST_BYTES >> 20} MB")
        content = np.fromfile(path, dtype=np.uint8)  # imread knows no names beyond ASCII on Windows
    except OSError as error:
        raise ValueError(error.strerror or "cannot be read") from None
    try:
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    except cv2.error:
        picture = None
    if picture is None:
        raise ValueError("no picture that can be read")
    if min(picture.shape[:2]) < SMALLEST:
        raise ValueError(f"smaller than {SMALLEST} pixels")
    return np.asarray(picture[..., ::-1], dtype=np.uint8)


def _squares(picture: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Cut a picture into squares along its longer side, and make them small."""
    height, width = picture.shape[:2]
    side = min(height, width)
    count = min(max(round(max(height, width) / side), 1), MOST_SQUARES)
    for place in range(count):
        share = 0.5 if count == 1 else place / (count - 1)
        top, left = round((height - side) * share), round((width - side) * share)
        square = picture[top : top + side, left : left + side]
        method = cv2.INTER_AREA if side > STORED_SIDE else cv2.INTER_CUBIC
        yield cv2.resize(square, (STORED_SIDE, STORED_SIDE), interpolation=method).astype(np.uint8)
