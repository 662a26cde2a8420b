"""The sidecar of a session: what its text cannot say.

It lies beside the session as NAME.jsonl and has one JSON object in each line: first the recipe of
the show, then whatever happened (a preset was loaded, a keyframe shown, the dreamer restarted), in
its order. So it grows with the show and can be read after a crash.
"""

import errno
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from vjdream.errors import SessionError
from vjdream.line_file import LineFile
from vjdream.parameters import TABLE
from vjdream.recipe import Recipe, read_recipe

SUFFIX = ".jsonl"
LONGEST_LINE = 256 * 1024  # a preset has 64 KB at most
LONGEST = 1e7  # s of a show
ABSENT = (errno.ENOENT, errno.ENAMETOOLONG, errno.ENOTDIR)
MOST_PRESETS = 1000  # of a night
MOST_STEPS = int(TABLE["steps"].maximum)


class Painted(NamedTuple):
    """A keyframe that was shown."""

    time: float  # s of the session at which it arrived
    steps: int


class Loaded(NamedTuple):
    """A preset that was loaded."""

    time: float  # s of the session
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of a session's show.

    Attributes:
        presets: what was loaded: from when on, its name, its text.
        picture: of the canvas when the recording began, if the show was under way.
        duration: seconds from the start of the recording to its end, or to its last keyframe.
        whole: that was its end; else the show or its disk broke off.
    """

    recipe: Recipe
    path: Path
    presets: tuple[Loaded, ...] = ()
    picture: Path | None = None
    duration: float = 0.0
    whole: bool = False
    restarts: int = 0

    def painted(self) -> Iterator[Painted]:
        """The keyframes in the order of time, read as they are needed."""
        for entry in _entries(self.path):
            painted = _painted(entry)
            if painted is not None:
                yield painted


def sidecar_path(session: Path) -> Path:
    return Path(f"{session}{SUFFIX}")


def read_sidecar(session: Path) -> Sidecar | None:
    """Return what lies beside a session, or None where nothing does.

    Raises:
        SessionError: when it cannot be used.
    """
    recipe = recipe_beside(session)
    if recipe is None:
        return None
    path = sidecar_path(session)
    loaded: list[Loaded] = []
    picture, duration, whole, restarts = None, 0.0, False, 0
    for entry in _entries(path):
        painted = _painted(entry)
        if painted is not None:
            duration = max(duration, painted.time)
        name, text, time = entry.get("preset"), entry.get("text"), entry.get("time", 0.0)
        if isinstance(name, str) and isinstance(text, str) and _is_moment(time):
            loaded += [Loaded(time, name, text)] if len(loaded) < MOST_PRESETS else []
        end = entry.get("end")
        if _is_moment(end):
            whole = True
            duration = float(end)
        beside = entry.get("picture")
        if isinstance(beside, str) and beside and Path(beside).name == beside:
            picture = path.with_name(beside)  # never in another folder
        restarts += "restart" in entry
    return Sidecar(recipe, path, tuple(loaded), picture, duration, whole, restarts)


def recipe_beside(session: Path) -> Recipe | None:
    """Return the recipe of a session's show, or None where no sidecar is.

    Raises:
        SessionError: when there is one that cannot be used.
    """
    path = sidecar_path(session)
    try:
        with path.open("rb") as file:
            first = json.loads(file.readline(LONGEST_LINE))
    except OSError as error:
        if error.errno in ABSENT:
            return None
        raise SessionError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        first = None
    if not isinstance(first, dict):
        raise SessionError(f"{path} does not begin with a recipe")
    return read_recipe(first, path.name)


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
                except (ValueError, RecursionError):
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

    def add(self, entry: Mapping[str, Any]) -> None:
        """Write what has happened."""
        self._file.add(json.dumps(entry, allow_nan=False))

    def flush(self) -> None:
        """Write now.

        Raises:
            SessionError: once, when the disk is full or gone.
        """
        self._file.flush()

    def remove(self) -> None:
        """Delete the sidecar of a recording that has come to nothing."""
        self._file.remove()

    def close(self) -> None:
        self._file.close()
