"""Which files of a folder of folders may be pictures, and what else lies there."""

import stat
from collections import Counter
from contextlib import suppress
from pathlib import Path

from vjdream.class_lists import name_classes
from vjdream.errors import WeightsError

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".jp2", ".avif", ".gif")
SILENT = frozenset(("thumbs.db", "desktop.ini"))
"""Files that Windows puts beside pictures by itself."""

MOST_KINDS = 8
"""Of other files that are told of in one line."""

Identity = tuple[int, int]
"""Device and number of a folder, which are the same on all the ways that lead to it."""


def list_pictures(folder: Path) -> tuple[dict[str, tuple[list[Path], list[str]]], list[str]]:
    """Pictures to be, and lines about the rest, by the name of their class; lines about the folder.

    The order is always the same.

    Raises:
        WeightsError: when there is no such folder; for one whose name no class can have.
    """
    try:
        if folder.is_dir():
            folders, files, lines = _inside(folder)
            above = _above(folder)
            if files:
                what = "1 file lies" if len(files) == 1 else f"{len(files)} files lie"
                lines.append(f"{folder}: {what} beside the folders of the classes, passed over")
            return {each.name: _pictures(each, above) for each in folders}, lines
        what = "is a file" if folder.exists() else "does not exist"
    except OSError as error:
        what = _unreadable(error)
    raise WeightsError(
        f"{folder} {what}: needed is a folder with a folder of pictures for each class"
    )


def _pictures(folder: Path, above: set[Identity]) -> tuple[list[Path], list[str]]:
    """Files of one class that may be pictures, and lines about what else is there.

    Raises:
        WeightsError: when there are such files, and no class can be called like their folder.
    """
    files, lines = _files(folder, set(above))
    pictures = [path for path in files if path.suffix.lower() in ENDINGS]
    if pictures:
        try:
            name_classes([folder.name])  # before minutes are spent on reading them
        except WeightsError as error:
            raise WeightsError(f"{folder}: {error}") from None
    others = Counter(
        path.suffix.lower() or "no ending" for path in files if path.suffix.lower() not in ENDINGS
    )
    return pictures, lines + ([f"{folder}: {_passed_over(others)}"] if others else [])


def _passed_over(others: Counter[str]) -> str:
    """Say how many files of which kinds are no pictures: of the most frequent kind first."""
    kinds = sorted(others, key=lambda kind: (-others[kind], kind))
    told = [f"{kind} {others[kind]}" for kind in kinds[:MOST_KINDS]]
    more = ["…"] if len(kinds) > MOST_KINDS else []
    one = others.total() == 1
    what = "1 file of another kind is" if one else f"{others.total()} files of other kinds are"
    return f"{what} passed over ({', '.join(told + more)})"


def _files(folder: Path, passed: set[Identity]) -> tuple[list[Path], list[str]]:
    """All files below a folder, sorted, and a line for each thing that cannot be looked into.

    Links to folders are followed, but no folder is entered twice, nor one of those in `passed`.
    """
    files: list[Path] = []
    lines: list[str] = []
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            identity = _identity(place)
            if identity in passed and place != folder:
                continue
            passed.add(identity)
            folders, inside, unknown = _inside(place)
        except OSError as error:
            lines.append(f"{place}: {_unreadable(error)}")
            continue
        waiting += reversed(folders)
        files += inside
        lines += unknown
    return sorted(files), lines


def _inside(folder: Path) -> tuple[list[Path], list[Path], list[str]]:
    """Folders and files in a folder, sorted, without hidden ones and those of Windows.

    And lines about links to nowhere.

    Raises:
        OSError: when it cannot be read.
    """
    folders, files, lines = [], [], []
    for path in sorted(folder.iterdir()):
        if path.name[0] == ".":
            continue
        try:
            mode = path.stat().st_mode
        except OSError as error:
            lines.append(f"{path}: {_unreadable(error)}")
            continue
        if stat.S_ISDIR(mode):
            folders.append(path)
        elif stat.S_ISREG(mode) and path.name.lower() not in SILENT:
            files.append(path)
    return folders, files, lines


def _above(folder: Path) -> set[Identity]:
    """A folder and those that hold it: a link to one of them would make one class of all."""
    whole = folder.resolve()
    above = set()
    for each in (whole, *whole.parents):
        with suppress(OSError):
            above.add(_identity(each))
    return above


def _identity(folder: Path) -> Identity:
    told = folder.stat()
    return told.st_dev, told.st_ino


def _unreadable(error: OSError) -> str:
    return f"cannot be read, {error.strerror or error}"
