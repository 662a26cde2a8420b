"""Recording a session: messages go into a file that can be read whatever becomes of the show.

Times are those of the show: its first moment is the time tag 0, so the same show gives the same
file on any day, no clock is asked, and a render cannot depend on one. The first line says so. It is
a comment of one word that ends with ``.0``: ``oscsendfile`` takes the first word of a file for the
time tag that it counts from, reads 0 and 0, and keeps the silence before the first message, too.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from vjdream.errors import SessionError
from vjdream.line_file import LineFile
from vjdream.messages import Argument
from vjdream.session_text import FORMAT, HEADER, format_line

FIRST_LINE = f"{HEADER}{FORMAT}.0"
NOTE = "#text-of-oscdump;play-it-with:vjdream-render,vjdream-replay,oscsendfile"


class SessionWriter:
    """Records a show; the time is told, and goes on when nothing happens (`tell`)."""

    def __init__(self, path: Path) -> None:
        """Begin a new file.

        Raises:
            SessionError: when it cannot be made, or is there already.
        """
        self.left_out = 0  # messages that have no form in this text
        self._time = 0.0
        self._file = LineFile(path)
        self._file.add(FIRST_LINE)
        self._file.add(NOTE)
        self.flush()

    def write(
        self,
        seconds: float,
        address: str,
        arguments: Sequence[Argument] = (),
        types: str | None = None,
    ) -> None:
        """Record one message; one without a form is counted and left out.

        Args:
            seconds: of the show; no message is earlier than the one before.
            types: as for `format_line`.

        Raises:
            SessionError: once, when the disk is full or gone; then the recording is over.
        """
        self._time = max(self._time, seconds)
        try:
            line = format_line(self._time, address, arguments, types)
        except SessionError:
            self.left_out += 1
        else:
            self._file.add(line)
        self.tell(seconds)

    def tell(self, seconds: float) -> None:
        """Say how late it is, best with every frame."""
        self._time = max(self._time, seconds)
        self._file.tell(self._time)

    def flush(self) -> None:
        """Write now."""
        self._file.flush()

    def remove(self) -> None:
        """Delete a recording that has come to nothing."""
        self._file.remove()

    def close(self) -> None:
        """End the recording; a second time does nothing."""
        self._file.close()

    def __enter__(self) -> "SessionWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
