"""The sidecar of a session: what its text cannot say.

It lies beside the session as NAME.jsonl and has one JSON object in each line: first the recipe of
the show, then whatever happened (a preset was loaded, a keyframe shown, the dreamer restarted), in
its order. So it grows with the show and can be read after a crash.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from vjdream.errors import SessionError
from vjdream.line_file import LineFile
from vjdream.parameters import TABLE
from vjdream.recipe import Recipe, read_recipe

SUFFIX = ".jsonl"
LONGEST_LINE = 256 * 1024  # a preset has 64 KB at most
LONGEST = 1e7  # s of a show
MOST_STEPS = int(TABLE["steps"].maximum)


class Painted(NamedTuple):
    """A keyframe that was shown."""

    time: float  # s of the session at which it arrived
    steps: int


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of a session's show.

    Attributes:
        presets: the text of each that was used, by name.
        picture: of the canvas when the recording began, if the show was under way.
        duration: seconds from the start of the recording to its end, or to its last sign of life.
    """

    recipe: Recipe
    path: Path
    presets: Mapping[str, str] = field(default_factory=dict)
    picture: Path | None = None
    duration: float = 0.0
    restarts: int = 0

    def painted(self) -> Iterator[Painted]:
        """The keyframes in the order of time, read as they are needed."""
        for entry in _entries(self.path):
            painted = _painted(entry)
            if painted is not None:
                yield painted


def sidecar_path(session: Path) -> Path:
    return session.with_name(session.name + SUFFIX)


def read_sidecar(session: Path) -> Sidecar | None:
    """Return what lies beside a session, or None where nothing does.

    Raises:
        SessionError: when it cannot be used.
    """
    path = sidecar_path(session)
    if not path.is_file():
        return None
    entries = _entries(path)
    recipe = read_recipe(next(entries, {}), path.name)
    known: dict[str, str] = {}
    picture, duration, restarts = None, 0.0, 0
    for entry in entries:
        painted = _painted(entry)
        if painted is not None:
            duration = max(duration, painted.time)
        name, text = entry.get("preset"), entry.get("text")
        if isinstance(name, str) and isinstance(text, str):
            known[name] = text
        end = entry.get("end")
        if _is_moment(end):
            duration = end
        beside = entry.get("picture")
        if isinstance(beside, str) and Path(beside).name == beside:  # never another folder's
            picture = path.with_name(beside)
        restarts += "restart" in entry
    return Sidecar(recipe, path, known, picture, duration, restarts)


def _painted(entry: dict[str, Any]) -> Painted | None:
    time, steps = entry.get("keyframe"), entry.get("steps")
    if _is_moment(time) and isinstance(steps, int) and 0 <= steps <= MOST_STEPS:
        return Painted(float(time), steps)
    return None


def _is_moment(time: Any) -> TypeGuard[float]:
    return type(time) in (int, float) and 0 <= time < LONGEST


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of the lines; a line that broke off says nothing."""
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                except RecursionError:
                    continue
                if isinstance(entry, dict):
                    yield entry
    except OSError as error:
        raise SessionError(f"{path} cannot be read: {error.strerror}") from None


class SidecarWriter:
    """Writes the sidecar of a session that is being recorded."""

    def __init__(self, session: Path, recipe: Recipe) -> None:
        """Begin a new file.

        Raises:
            SessionError: when it cannot be made, or is there already.
        """
        self._file = LineFile(sidecar_path(session))
        self.add(recipe.as_plain())
        self.flush()

    def add(self, entry: Mapping[str, Any]) -> None:
        """Write what has happened."""
        self._file.add(json.dumps(entry, ensure_ascii=False, allow_nan=False))

    def flush(self) -> None:
        """Write now.

        Raises:
            SessionError: once, when the disk is full or gone.
        """
        self._file.flush()

    def close(self) -> None:
        self._file.close()
