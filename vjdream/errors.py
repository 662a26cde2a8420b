"""Every error vjdream raises on purpose: one sentence that says what, got, allowed, and a hint."""

from collections.abc import Iterable
from difflib import get_close_matches


class VJDreamError(Exception):
    """The root of them all; the command line prints it and ends with exit code 2."""


class ParameterError(VJDreamError, ValueError):
    """A live value that cannot be used."""


class MessageError(VJDreamError, ValueError):
    """An OSC packet or message that cannot be understood."""


class VocabularyError(VJDreamError, LookupError):
    """A word that names no class of the network."""


class PresetError(VJDreamError, ValueError):
    """A preset file with mistakes; the sentence lists all of them with their lines."""


class SessionError(VJDreamError, ValueError):
    """A session file that cannot be read, written or followed."""


class SettingsError(VJDreamError, ValueError):
    """A start-up option that cannot be used."""


class WeightsError(VJDreamError, ValueError):
    """Weights that are missing, damaged or made for another network."""


class OutputError(VJDreamError, OSError):
    """An output that cannot be opened or written."""


class DreamerError(VJDreamError, RuntimeError):
    """The dreaming process could not start or gave up."""


def printable(text: str) -> str:
    """Return a name of somebody else's as any terminal can show it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` - did you mean 'x'?`` for the closest known word, or nothing."""
    matches = get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)
    return f" - did you mean '{matches[0]}'?" if matches else ""
