"""Session files, read: the messages of a show with their seconds from its start.

A file that vjdream recorded (`session_writer`) begins with the show. Any other comes from
``oscdump``, with the time of day, and begins with its first message.
"""

import codecs
import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from vjdream.errors import SessionError, nearest
from vjdream.messages import FOREIGN, SESSION, Message, Sender
from vjdream.parameters import ROOT
from vjdream.session_reader import LONGEST_READ, Problem, read_lines
from vjdream.session_text import (
    FORMAT,
    HEADER,
    IMMEDIATELY,
    LONGEST_MARK,
    MARK,
    TICKS,
    Entry,
)

LONGEST_PAUSE = 24 * 3600 * TICKS
MOST_MARKS = 1000  # looked at for one that is similar
MOST_PROBLEMS = 20  # told of one file


def read_session(path: Path, strict: bool = False, own: bool = False) -> "Session":
    """Return the session in a file, which is read as it is played.

    Args:
        strict: the first line that is not understood is an error.
        own: pass messages over, and count them, that are not for addresses of vjdream.

    Raises:
        SessionError: when there is none that can be read.
    """
    session = Session(path, strict, own)
    try:
        with _open(path) as file:
            _is_own(file)
    except (SessionError, OSError, ValueError) as error:
        raise session.failed(error) from None
    return session


class Session:
    """A session file; each pass reads it anew, line by line, however long the show was."""

    def __init__(self, path: Path, strict: bool = False, own: bool = False) -> None:
        self.path, self._strict, self._own = path, strict, own
        self.sender: Sender = FOREIGN
        self._begin()

    def _begin(self) -> None:
        """Forget what was counted in the pass before."""
        self.problems: list[Problem] = []  # the first lines that were not understood
        self.problem_count = 0
        self.foreign = 0  # messages that were passed over
        self.duration = 0.0  # s, until the last message so far

    def __iter__(self) -> Iterator[Message]:
        """The messages in the order of time, as the engine takes them."""
        for seconds, entry in self.entries():
            yield Message(seconds, entry.address, entry.arguments, self.sender, entry.line)

    def entries(self) -> Iterator[tuple[float, Entry]]:
        """The messages with all that their lines say, and their seconds from the start.

        Raises:
            SessionError: when the file cannot be read, or for the first problem when strict.
        """
        self._begin()
        try:
            with _open(self.path) as file:
                recorded = _is_own(file)  # by vjdream
                self.sender = SESSION if recorded else FOREIGN
                times = _Times(recorded)
                for entry in read_lines(_lines(file), self._strict):
                    if isinstance(entry, Problem):
                        self.problem_count += 1
                        self.problems += [entry] if len(self.problems) < MOST_PROBLEMS else []
                        continue
                    self.duration = times.seconds(entry.ticks)
                    if self._own and not entry.address.startswith(ROOT):
                        self.foreign += 1
                    else:
                        yield self.duration, entry
        except (SessionError, OSError) as error:
            raise self.failed(error) from None

    def remarks(self) -> list[str]:
        """What there is to say of the lines that have been read so far, but were not played."""
        found = [str(problem) for problem in self.problems]
        if self.problem_count > len(found):
            found.append(f"and {self.problem_count - len(found)} lines more that say nothing")
        if self.foreign:
            found.append(f"messages for other programs: {self.foreign}")
        return [f"session {self.path.name}, {remark}" for remark in found]

    def failed(self, error: Exception) -> SessionError:
        """Return the error that names this file."""
        if isinstance(error, SessionError):
            return SessionError(f"session {self.path.name} {error}")
        reason = getattr(error, "strerror", None) or error
        return SessionError(f"session {self.path} cannot be read: {reason}")

    def marks(self) -> Iterator[tuple[float, str]]:
        """The named moments: their seconds and names."""
        for seconds, entry in self.entries():
            if entry.address == MARK and entry.types.startswith("s"):
                yield seconds, str(entry.arguments[0])

    def time_of(self, mark: str) -> float:
        """Return the seconds of the first mark of that name, in any case.

        Raises:
            SessionError: when there is none; it names the nearest.
        """
        wanted = " ".join(mark.lower().split())
        known: set[str] = set()
        for seconds, name in self.marks():
            if name.lower() == wanted:
                return seconds
            if len(known) < MOST_MARKS:
                known.add(name.lower())
        hint = nearest(wanted[:LONGEST_MARK], sorted(known)) if known else ", it has no marks"
        raise SessionError(f"session {self.path.name} has no mark '{mark[:60]}'{hint}")


class _Times:
    """What time tags mean in seconds from the start; no message is earlier than the one before.

    Bundles carry the time of their sender's clock, which may be wrong by minutes or by decades. A
    tag of the past acts at once, as it did that night; a leap of more than a day is no pause,
    unless the file is vjdream's own, where all tags are of one clock.
    """

    def __init__(self, own: bool) -> None:
        self._latest = 0 if own else None
        self._longest = math.inf if own else LONGEST_PAUSE
        self._passed = 0  # 2^-32 s, counted in integers: exact

    def seconds(self, ticks: int | None) -> float:
        if ticks is not None and ticks != IMMEDIATELY:
            gone = 0 if self._latest is None else ticks - self._latest
            if gone >= 0:
                self._latest = ticks
                self._passed += gone if gone <= self._longest else 0
        return self._passed / TICKS


def _open(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file():  # a pipe could be read for ever
        raise SessionError("is no file")
    return path.open("rb")


def _is_own(file: BinaryIO) -> bool:
    """Whether vjdream recorded this file."""
    first = file.readline(LONGEST_READ).removeprefix(codecs.BOM_UTF8).strip()
    file.seek(0)
    if not first.startswith(HEADER.encode()):
        return False
    version = first[len(HEADER) :].decode(errors="replace").partition(".")[0]
    if version != str(FORMAT):
        raise SessionError(f"is of format {version[:20]!r}, this vjdream reads {FORMAT}")
    return True


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; the rest of one that is too long is passed over."""
    while line := file.readline(LONGEST_READ + 1):
        yield line
        while len(line) > LONGEST_READ and not line.endswith(b"\n"):
            line = file.readline(LONGEST_READ + 1)
