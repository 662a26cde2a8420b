"""Reading the text of sessions: all that ``oscdump`` prints, and what people make of it.

``oscdump`` escapes nothing in strings and does not close symbols; so they end where the next
argument can begin, or with the line. A string that holds a line's end is two lines, and lost.
"""

import codecs
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vjdream.errors import SessionError
from vjdream.messages import Argument
from vjdream.session_text import NO_BREAK_SPACE, SHOWN, Entry, single

LONGEST_READ = 32 * 1024  # of a line, in bytes: what it says still fits into a datagram
MOST_READ = 128  # arguments
BLANKS = " \t"
WORDS: dict[str, tuple[str, Argument]] = {
    "T": ("#T", True),
    "F": ("#F", False),
    "N": ("Nil", None),
    "I": ("Infinitum", math.inf),
}
"""Types without data: what oscdump prints for them, and what they are."""

TAG = "([0-9a-fA-F]{1,8})[.]([0-9a-fA-F]{1,8})"
INTEGER = "[-+]?[0-9]{1,20}"
NUMBER = "[-+]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?:inf|nan)"
WORD = f"[^{BLANKS}]+"
END = f"(?![^{BLANKS}])"  # of a word
PATTERNS = {
    "i": ("a whole number", f"(?:{INTEGER}){END}"),
    "h": ("a whole number", f"(?:{INTEGER}){END}"),
    "f": ("a number", f"(?:{NUMBER}){END}"),
    "d": ("a number", f"(?:{NUMBER}){END}"),
    "t": ("a time tag", f"{TAG}{END}"),
    "c": ("a character", f"'.'{END}"),
    "m": ("a MIDI message", rf"MIDI \[0x[0-9a-f]{{2}}(?: 0x[0-9a-f]{{2}}){{3}}\]{END}"),
    "b": ("a blob with its bytes", rf"\[[0-9]{{1,5}}b(?: 0x[0-9a-f]{{2}})* ?\]{END}"),
    "s": ("a string", WORD),  # without quotes, which oscsendfile takes, too
    "S": ("a symbol", WORD),
    **{kind: (word, f"{word}{END}") for kind, (word, _) in WORDS.items()},
}
LOOKS = {kind: re.compile(pattern) for kind, (_, pattern) in PATTERNS.items()}
TIME_TAG = re.compile(TAG)
TYPES = re.compile(f",?[{''.join(PATTERNS)}]{{0,{MOST_READ}}}")
GAPS = {close: re.compile(f"{close}[{BLANKS}]+") for close in ('"', "")}
GAP = GAPS[""]
OPENING = {"s": '"', "S": "'"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that says nothing that can be understood."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


def read_lines(lines: Iterable[bytes], strict: bool = False) -> Iterator[Entry | Problem]:
    """Read lines of any origin; comments (``#``) and empty lines are passed over.

    Raises:
        SessionError: for the first problem, when `strict`.
    """
    for number, line in enumerate(lines, 1):
        try:
            entry = _entry(number, line)
        except ValueError as error:
            if strict:
                raise SessionError(f"line {number}: {error}") from None
            yield Problem(number, str(error))
        else:
            if entry is not None:
                yield entry


def _entry(number: int, line: bytes) -> Entry | None:
    """Read one line; ValueError says what is wrong with it."""
    if len(line) > LONGEST_READ:
        raise ValueError(f"it is longer than {LONGEST_READ} bytes")
    line = line.removeprefix(codecs.BOM_UTF8).strip()
    if not line or line.startswith(b"#"):
        return None
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # which no string of OSC can hold
        raise ValueError("it is no UTF-8 text")
    ticks = None
    address, rest = _split(text)
    tag = TIME_TAG.fullmatch(address)
    if tag:
        ticks = _ticks(address)
        address, rest = _split(rest)
    if not address.startswith("/") or not address.isprintable():
        wanted = "an address" if tag else "a time tag or an address"
        raise ValueError(f"{address[:SHOWN]!r} stands where {wanted} is needed")
    types, rest = _split(rest)
    if not TYPES.fullmatch(types):
        allowed = " ".join(PATTERNS)
        raise ValueError(
            f"{types[:SHOWN]!r} are no types (allowed: up to {MOST_READ} of {allowed})"
        )
    types = types.lstrip(",")
    return Entry(number, ticks, address, types, _arguments(types, rest))


def _split(text: str) -> tuple[str, str]:
    """Return the first word and what follows it."""
    gap = GAP.search(text)
    return (text[: gap.start()], text[gap.end() :]) if gap else (text, "")


def _arguments(types: str, text: str) -> tuple[Argument, ...]:
    values: list[Argument] = []
    position = 0
    for place, kind in enumerate(types):
        if kind in "sS" and text.startswith(OPENING[kind], position):
            end, after = _string_end(kind, text, position + 1, types[place + 1 :])
            values.append(_value(kind, text[position + 1 : end]))
        else:
            found = LOOKS[kind].match(text, position)
            if found is None and kind not in WORDS:
                got = text[position : position + SHOWN]
                wanted = PATTERNS[kind][0]
                raise ValueError(f"argument {place + 1} is to be {wanted}, got {got!r}")
            # words that say no more than their types may be left out
            after = found.end() if found else position
            values.append(_value(kind, found[0] if found else ""))
        gap = GAP.match(text, after)
        position = gap.end() if gap else after
    if position < len(text):
        more = text[position : position + SHOWN]
        raise ValueError(f"{more!r} is more than types {types!r} ask for")
    return tuple(values)


def _string_end(kind: str, text: str, start: int, following: str) -> tuple[int, int]:
    """Find the end of a string: oscdump escapes nothing, so it is where the next argument begins.

    Returns:
        where the string ends, and where its closing quote does; symbols have none.
    """
    close = '"' if kind == "s" else ""
    if following:
        opening = OPENING.get(following[0])
        for gap in GAPS[close].finditer(text, start):
            here = gap.end()
            if text.startswith(opening, here) if opening else LOOKS[following[0]].match(text, here):
                return gap.start(), gap.start() + len(close)
    end = len(text.rstrip(BLANKS)) - len(close)
    if following.strip("".join(WORDS)) or end < start or not text.startswith(close, end):
        raise ValueError(f"the string {text[start - 1 : start + SHOWN]!r} has no end")
    return end, end + len(close)


def _value(kind: str, text: str) -> Argument:
    """Return the argument that a matching text stands for."""
    if kind in WORDS:
        return WORDS[kind][1]
    if kind in ("i", "h"):
        bits = 31 if kind == "i" else 63
        number = int(text)
        if not -(2**bits) <= number < 2**bits:
            raise ValueError(f"{text} does not fit into type {kind}")
        return number
    if kind in ("f", "d"):
        return single(float(text)) if kind == "f" else float(text)
    if kind in ("m", "b"):
        content = bytes(int(word, 16) for word in re.findall("0x..", text))
        if kind == "b" and len(content) != int(text[1 : text.index("b")]):
            raise ValueError(f"the blob {text[:SHOWN]!r} has {len(content)} bytes")
        return content
    if kind == "t":
        return _ticks(text)
    return text[1] if kind == "c" else text.replace(NO_BREAK_SPACE, " ")


def _ticks(tag: str) -> int:
    seconds, _, parts = tag.partition(".")
    return int(seconds, 16) << 32 | int(parts, 16)
