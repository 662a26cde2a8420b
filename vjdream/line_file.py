"""A file that grows by whole lines, and can be read whatever becomes of the program."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from vjdream.errors import SessionError

LONGEST_WAIT = 1.0  # s of show time until a line is in the file
LARGEST_WAIT = 64 * 1024  # bytes


class LineFile:
    """Keeps lines for up to a second of show time, so a slow disk is asked once a second.

    The file always ends with a whole line.
    """

    def __init__(self, path: Path) -> None:
        """Begin a new file; one that is there already may be the only record of an evening.

        Raises:
            SessionError: when it cannot be made.
        """
        self._path = path
        self._lines: list[str] = []
        self._size = 0
        self._written = self._time = 0.0  # s of show time
        self._file: BinaryIO | None = None
        try:
            self._file = path.open("xb", buffering=0)
        except FileExistsError:
            raise SessionError(f"session {path} is there already, choose another name") from None
        except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
            raise SessionError(f"session {path} cannot be written: {error}") from None

    def add(self, line: str) -> None:
        """Append a line, given without its end."""
        self._lines.append(line)
        self._size += len(line)

    def tell(self, seconds: float) -> None:
        """Say how late it is.

        Raises:
            SessionError: once, when the disk is full or gone; then the file is closed.
        """
        self._time = max(self._time, seconds)
        if self._time - self._written >= LONGEST_WAIT or self._size >= LARGEST_WAIT:
            self._written = self._time
            self.flush()

    def flush(self) -> None:
        """Write what is kept.

        Raises:
            SessionError: as `tell` does.
        """
        lines, self._lines, self._size = self._lines, [], 0
        if self._file is None or not lines:
            return
        content = "".join(f"{line}\n" for line in lines).encode(errors="backslashreplace")
        done = 0
        try:
            while done < len(content):
                done += self._file.write(content[done:])
            if os.fstat(self._file.fileno()).st_nlink == 0:
                raise FileNotFoundError("it has been deleted")
        except OSError as error:
            self._cut(len(content[:done].rpartition(b"\n")[2]))
            self._end()
            raise SessionError(f"session {self._path} ends here: {error}") from None

    def close(self) -> None:
        """Write what is kept, and end; a second time does nothing."""
        try:
            self.flush()
        finally:
            self._end()

    def remove(self) -> None:
        """Close the file and delete it: it has come to nothing."""
        self._end()
        with suppress(OSError):
            self._path.unlink()

    def _cut(self, size: int) -> None:
        """Take the beginning of a line away that has no end."""
        assert self._file is not None
        try:
            self._file.truncate(self._file.tell() - size)
        except OSError:
            pass  # the folder is lost, and the reader will complain of one line

    def _end(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            try:
                file.close()
            except OSError:
                pass  # nothing is kept back that could be lost
