"""The text of a session: one OSC message in a line, as liblo's ``oscdump`` prints them.

A line is a time tag (seconds and parts of 2^-32 s, in hexadecimal), the address, the types and the
arguments: ``00000001.80000000 /vjdream/zoom f 1.05``. What is written here keeps to what stock
``oscsendfile`` replays.

Why lines are written as they are (tried with liblo 0.31, read in the source of later ones):
``oscsendfile`` divides lines at spaces, so spaces travel as no-break spaces; it gives a message
without arguments those of the line before, so a trigger has the argument 1; its versions disagree
about T and F, so these travel as integers; it stops at blobs. ``oscdump`` prints six decimals of a
float, here it has as many digits as it takes to read the same number again.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from vjdream.errors import SessionError
from vjdream.messages import Argument
from vjdream.parameters import ROOT

FORMAT = 1
HEADER = "#vjdream-session-"  # and the format, see `session_writer`
MARK = ROOT + "mark"
LONGEST_MARK = 200  # characters
TICKS = 2**32  # in a second
IMMEDIATELY = 1  # the time tag that means "now"
WRITTEN = "ihfds"
LONGEST_LINE = 1000  # to write, in bytes; oscsendfile takes 1023
MOST_WRITTEN = 60  # arguments; oscsendfile takes 63 and does not look for more
LARGEST_INTEGER = 2**31 - 1
LARGEST_LONG = 2**63 - 2  # oscsendfile takes the last one for an error
SHOWN = 40  # characters of what is wrong

NO_BREAK_SPACE = "\u00a0"
UNBROKEN = str.maketrans(dict.fromkeys(" \t\n\r\0", NO_BREAK_SPACE))


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a session as its line tells it.

    Characters are strings, MIDI messages and blobs bytes, time tags the 64 bits as an integer.
    """

    line: int  # the first is 1
    ticks: int | None  # the time tag, in 2^-32 s; lines of a bundle share it
    address: str
    types: str = ""  # one for each argument
    arguments: tuple[Argument, ...] = ()


def format_line(
    seconds: float, address: str, arguments: Sequence[Argument], types: str | None = None
) -> str:
    """Return the line of a message, without its end.

    The time is rounded down: rounded up, what acted with a frame could be told one frame later.

    Args:
        seconds: since the session began.
        types: one of i h f d s for each argument; without them, as the table has them: integers
            (h only if they need it), floats, strings, and integers for booleans.

    Raises:
        SessionError: when `oscsendfile` could not replay it.
    """
    if not 0 <= seconds < TICKS:
        raise SessionError(f"a session has no time {seconds} (allowed: 0 to {TICKS} s)")
    if not address.startswith("/") or " " in address or not address.isprintable():
        raise SessionError(f"{address[:SHOWN]!r} is no address for a session")
    if not arguments:
        arguments, types = (1,), "i"
    if types is None:
        types = "".join(_type(argument) for argument in arguments)
    if len(types) != len(arguments) or len(types) > MOST_WRITTEN:
        raise SessionError(
            f"{address[:SHOWN]} has {len(arguments)} arguments of {len(types)} types "
            f"(allowed: one type for each of up to {MOST_WRITTEN})"
        )
    ticks = int(seconds * TICKS)
    ticks = 0 if ticks == IMMEDIATELY else ticks
    words = [_word(kind, argument) for kind, argument in zip(types, arguments, strict=True)]
    line = " ".join((f"{ticks >> 32:08x}.{ticks % TICKS:08x}", address, types, *words))
    if len(line.encode()) > LONGEST_LINE:
        raise SessionError(f"{address[:SHOWN]} needs a line of over {LONGEST_LINE} bytes")
    return line


def _type(argument: Argument) -> str:
    if isinstance(argument, int):
        return "i" if -LARGEST_INTEGER <= argument <= LARGEST_INTEGER else "h"
    return "f" if isinstance(argument, float) else "s"


def _word(kind: str, argument: Argument) -> str:
    """Return one argument as oscsendfile reads it."""
    if kind == "s" and isinstance(argument, str):
        text = argument.encode("utf-8", "replace").decode()  # names of files may hold anything
        return f'"{text.translate(UNBROKEN)}"'
    if kind in ("i", "h") and isinstance(argument, int):
        most = LARGEST_INTEGER if kind == "i" else LARGEST_LONG
        if -most - 1 <= argument <= most:
            return str(int(argument))
    if kind in ("f", "d") and isinstance(argument, int | float):
        return repr(float(argument)) if kind == "d" else _digits(single(argument))
    raise SessionError(
        f"{str(argument)[:SHOWN]!r} cannot be written with type '{kind[:SHOWN]}' "
        f"(allowed: {', '.join(WRITTEN)})"
    )


def single(number: float) -> float:
    """Return the nearest number of 32 bits, as it travels with type f."""
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _digits(number: float) -> str:
    """Return the fewest digits that are read as the same number of 32 bits; 9 always are."""
    texts = (f"{number:.{digits}g}" for digits in (6, 7, 8))
    return next((text for text in texts if single(float(text)) == number), f"{number:.9g}")
