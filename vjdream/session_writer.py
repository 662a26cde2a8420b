"""Recording a session: messages go into a file that can be read whatever becomes of the show.

Times are those of the show: its first moment is the time tag 0, so the same show gives the same
file on any day, no clock is asked, and a render cannot depend on one. The first line says so. It is
a comment of one word that ends with ``.0``: ``oscsendfile`` takes the first word of a file for the
time tag that it counts from, reads 0 and 0, and keeps the silence before the first message, too.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from vjdream.errors import SessionError
from vjdream.messages import Argument
from vjdream.session_text import FORMAT, HEADER, LONGEST_MARK, MARK, format_line

FIRST_LINE = f"{HEADER}{FORMAT}.0"
NOTE = "#text-of-oscdump;play-it-with:vjdream-render,vjdream-replay,oscsendfile"
LONGEST_WAIT = 1.0  # s of show time until a message is in the file
LARGEST_WAIT = 64 * 1024  # bytes


class SessionWriter:
    """Records a show; the time is told, and goes on when nothing happens (`tell`).

    Lines are kept for up to a second of show time, so a show that is killed loses no more, and a
    slow disk is asked once a second. The file always ends with a whole line.
    """

    def __init__(self, path: Path) -> None:
        """Begin a new file; one that is there already may be the only record of an evening.

        Raises:
            SessionError: when it cannot be made.
        """
        self.left_out = 0  # messages that have no form in this text
        self._path = path
        self._lines = [FIRST_LINE, NOTE]
        self._size = self._marks = 0
        self._written = self._time = 0.0  # s of show time
        self._file: BinaryIO | None = None
        try:
            self._file = path.open("xb", buffering=0)
        except FileExistsError:
            raise SessionError(f"session {path} is there already, choose another name") from None
        except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
            raise SessionError(f"session {path} cannot be written: {error}") from None
        self._flush()

    def write(
        self,
        seconds: float,
        address: str,
        arguments: Sequence[Argument] = (),
        types: str | None = None,
    ) -> None:
        """Record one message; what the text has no form for is left out and counted.

        Raises:
            SessionError: once, when the disk is full or gone; then the recording is over.
        """
        self._time = max(self._time, seconds)
        try:
            line = format_line(self._time, address, arguments, types)
        except SessionError:
            self.left_out += 1
        else:
            self._lines.append(line)
            self._size += len(line)
        self.tell(seconds)

    def mark(self, seconds: float, text: str = "") -> None:
        """Name this moment, so that a replay can begin here; without a name it is numbered."""
        self._marks += 1
        name = " ".join(text.split())[:LONGEST_MARK] or f"mark {self._marks}"
        self.write(seconds, MARK, (name,))

    def tell(self, seconds: float) -> None:
        """Say how late it is, best with every frame."""
        self._time = max(self._time, seconds)
        if self._time - self._written >= LONGEST_WAIT or self._size >= LARGEST_WAIT:
            self._written = self._time
            self._flush()

    def close(self) -> None:
        """End the recording; a second time does nothing."""
        try:
            self._flush()
        finally:
            self._end()

    def __enter__(self) -> "SessionWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _flush(self) -> None:
        lines, self._lines, self._size = self._lines, [], 0
        if self._file is None or not lines:
            return
        content = "".join(f"{line}\n" for line in lines).encode()
        done = 0
        try:
            while done < len(content):
                done += self._file.write(content[done:])
        except OSError as error:
            self._cut(len(content[:done].rpartition(b"\n")[2]))
            self._end()
            raise SessionError(f"session {self._path} ends here: {error}") from None

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
