"""What an examination says, and how examinations follow one another whatever becomes of one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from vjdream.errors import VJDreamError


class Level(Enum):
    """How bad a finding is."""

    FINE = "fine"
    HINT = "hint"  # a show runs; something could be better
    BROKEN = "BROKEN"


FINE, HINT, BROKEN = Level.FINE, Level.HINT, Level.BROKEN


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing: that it is fine, or what to do about it."""

    topic: str
    level: Level
    sentence: str

    def __str__(self) -> str:
        return f"{self.level.value:<7}{self.topic}: {self.sentence}"


Examination = tuple[str, Callable[[], Iterable[Finding]]]
"""A topic, and what examines it."""


def each(examinations: Iterable[Examination]) -> Iterator[Finding]:
    """Yield what is found, as it is found; an examination that fails is a finding itself."""
    for topic, examination in examinations:
        try:
            yield from examination()
        except VJDreamError as error:
            yield Finding(topic, BROKEN, str(error))
        except Exception as error:  # whatever it is, the other examinations go on
            yield Finding(topic, BROKEN, f"cannot be examined ({told(error)})")


def told(error: Exception) -> str:
    """An error as a short part of a sentence."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
