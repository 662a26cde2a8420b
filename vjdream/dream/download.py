"""Gets one large file and gives it its name only when its hash is right.

Until then it is a ``.part`` beside its later place, which the next download of the same file takes
up where this one ended, however that was: stalled, cut off, Ctrl-C or a full disk. A file that is
false is deleted.
"""

import errno
import hashlib
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from vjdream.clock import RealtimeClock
from vjdream.dream.transfer import CHUNK, ELSEWHERE, BrokenError, Part, Transfer
from vjdream.errors import WeightsError
from vjdream.weights import Progress

TRIES = 5
GAIN = 1 << 20
"""Bytes that a try must add not to count against `TRIES`."""


def has_hash(path: Path, prefix: str) -> bool:
    """Tell whether the SHA-256 of a file begins with these hexadecimal digits.

    Raises:
        WeightsError: when the file cannot be read.
    """
    with _disk(path):
        return _hash(path).startswith(prefix)


def copy_in(path: Path, target: Path, expected_hash_prefix: str, progress: Progress) -> None:
    """Bring a file of this computer to `target`, if it is the right one.

    Raises:
        WeightsError: when it is another file, or cannot be read or written.
    """
    if not path.is_file():
        raise WeightsError(f"{path} {'is a folder' if path.is_dir() else 'does not exist'}")
    with _disk(path):
        size, found = path.stat().st_size, _hash(path)
    if not found.startswith(expected_hash_prefix):
        raise _false(str(path), found, target, expected_hash_prefix)
    part = Part(target)
    with _disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and path.samefile(target):
            return
        part.discard()
        with path.open("rb") as source, part.path.open("wb") as file:
            while chunk := source.read(CHUNK):
                file.write(chunk)
                progress(file.tell(), size)
        if not _hash(part.path).startswith(expected_hash_prefix):
            part.discard()
            raise WeightsError(f"{path} changed while it was copied: type the same again")
        _publish(part, target)


def download(
    url: str,
    target: Path,
    expected_hash_prefix: str,
    progress: Progress,
    timeout: float = 30.0,
    wait: Callable[[float], None] | None = None,
) -> None:
    """Bring `url` to `target`, going on where an earlier download of it ended.

    Args:
        url: http, https or file.
        target: afterwards it is there with the right hash, or as it was before.
        expected_hash_prefix: first digits of its SHA-256, hexadecimal in lower case.
        progress: hears of every piece.
        timeout: seconds of silence after which a connection counts as broken.
        wait: lets so many seconds pass before the next try; None: on the machine's clock.

    Raises:
        WeightsError: when it cannot be had, or is not what it should be.
    """
    try:
        address = urlsplit(url)
    except ValueError as error:
        raise WeightsError(f"'{url}' is no address: {error}") from error
    if address.scheme == "file":
        path = Path(urllib.request.url2pathname(address.path))
        copy_in(path, target, expected_hash_prefix, progress)
        return
    if address.scheme not in ("http", "https"):
        raise WeightsError(f"'{url}' cannot be fetched (allowed: http, https, file)")
    part = Part(target)
    with _disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        transfer = Transfer(url, part, progress, timeout)
        resumed = part.size > 0
        while True:
            _complete(transfer, wait or _wait)
            found = _hash(part.path)
            if found.startswith(expected_hash_prefix):
                _publish(part, target)
                return
            part.discard()
            if not resumed:
                raise _false(url, found, target, expected_hash_prefix)
            resumed = False  # what lay here may have been the false half: once more, all of it


def _complete(transfer: Transfer, wait: Callable[[float], None]) -> None:
    """Try until the part is complete, or tries no longer bring anything."""
    failures, most = 0, transfer.part.size
    while True:
        try:
            return transfer.attempt()
        except BrokenError as broken:
            failures = 0 if transfer.part.size - most >= GAIN else failures + 1
            most = max(most, transfer.part.size)
            if failures >= TRIES or (broken.hopeless and not transfer.answered):
                raise WeightsError(f"{transfer.url} {broken} - {ELSEWHERE}") from broken
        wait(2.0 ** (failures - 1))


def _publish(part: Part, target: Path) -> None:
    """Give a checked part its name, once it really is on the disk."""
    with part.path.open("rb+") as file:
        os.fsync(file.fileno())
    part.path.replace(target)
    part.discard()


def _hash(path: Path) -> str:
    """The SHA-256 of what lies on the disk, rather than of what came: two downloads may collide."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _false(place: str, found: str, target: Path, prefix: str) -> WeightsError:
    return WeightsError(
        f"{place} is not {target.name}: its SHA-256 begins with {found[: len(prefix)]}, "
        f"needed {prefix} - {ELSEWHERE}"
    )


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Turn what a disk refuses into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise WeightsError(
                f"the disk of {path.parent} is full: make room and type the same again"
            ) from error
        raise WeightsError(f"{path} cannot be read or written: {error.strerror}") from error


def _wait(seconds: float) -> None:
    clock = RealtimeClock()
    clock.wait_until(clock.now() + seconds)
