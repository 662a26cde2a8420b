"""Going on with an interrupted render: where it was, and whether it is the same show."""

import dataclasses
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from vjdream.dream.checkpoint import load_checkpoint, save_checkpoint
from vjdream.errors import OutputError
from vjdream.network_file import is_file_name, weights_beside
from vjdream.opening import Opening
from vjdream.outputs.pictures import FRAMES
from vjdream.preset_library import files
from vjdream.recipe import versions
from vjdream.settings import Settings
from vjdream.sidecar import sidecar_path

CHECKPOINT = "unfinished.vjdream"

ELSEWHERE = frozenset(
    {
        *("duration", "ndi_name", "osc_port", "lan", "feedback", "outputs", "record"),
        *("preset_folder", "session_folder", "session", "strict"),
    }
)
"""Settings that decide about no frame; what is in the files that they name may."""

MOST_READ = 16 * 1024 * 1024
"""Bytes of a file that are compared; a larger one is known by its size and its time."""


class Checkpoint:
    """The file in a folder of PNGs from which an interrupted render goes on.

    Args:
        out: where the render goes; a video has no checkpoint.
        more: what else decides about the frames.
    """

    def __init__(self, out: Path, settings: Settings, opening: Opening, **more: object) -> None:
        self._folder, self._path = out, out / CHECKPOINT
        self.possible = not out.suffix
        if not self.possible:
            return
        choices = (field.name for field in dataclasses.fields(settings))
        self._made_with = {
            **{name: repr(getattr(settings, name)) for name in choices if name not in ELSEWHERE},
            **{name: repr(value) for name, value in more.items()},
            "beginning": repr((opening.state, opening.preset.values, opening.preset.palette)),
            **{name: _fingerprint(paths) for name, paths in _files(settings)},
            **versions(),
        }

    def check_free(self) -> None:
        """Look whether a new render may begin here.

        Raises:
            OutputError: when it would overwrite another one.
        """
        if self.possible and self._path.exists():
            raise OutputError(
                f"there is an unfinished render in {self._folder} - --resume goes on with it, or "
                "choose another folder"
            )

    def load(self, total: int) -> dict[str, Any] | None:
        """Return where the render before was interrupted; None: nothing is there yet.

        Args:
            total: frames that there are to be.

        Raises:
            OutputError: when it cannot be continued.
        """
        if not self.possible:
            raise OutputError(f"--resume continues a folder of PNGs, not the video {self._folder}")
        frames = sum(1 for _ in self._folder.glob(FRAMES))
        if not self._path.is_file():
            if frames == 0 or frames == total:  # nothing or all of it
                return {"frames": frames} if frames else None
            raise OutputError(
                f"there is no unfinished render in {self._folder}, but {frames} frames - choose "
                "another folder"
            )
        before = load_checkpoint(self._path)
        try:
            made_with, done = before["made_with"], int(before["frames"])
            other = [name for name, value in self._made_with.items() if made_with[name] != value]
        except (KeyError, TypeError, ValueError):
            raise OutputError(f"{self._path} is no checkpoint of a render") from None
        if other:
            raise OutputError(
                f"the render in {self._folder} was begun with another {', '.join(other)} - "
                "give the same, or another folder"
            )
        if done > total:
            raise OutputError(
                f"the render in {self._folder} has {done} frames already, --duration asks for "
                f"{total}"
            )
        self._check_frames(done)
        return before

    def _check_frames(self, count: int) -> None:
        """Look whether the frames that are said to be there are."""
        for number in range(count):
            path = self._folder / f"frame-{number:06d}.png"
            with suppress(OSError):
                if path.stat().st_size > 0:
                    continue
            raise OutputError(f"{path} is missing, so the render cannot go on - begin it anew")

    def save(self, frames: int, state: dict[str, Any]) -> None:
        """Write down where the render is.

        Raises:
            OutputError: when the disk does not take it.
        """
        if self.possible:
            save_checkpoint(self._path, {"made_with": self._made_with, "frames": frames, **state})

    def remove(self) -> None:
        """The render is whole."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _files(settings: Settings) -> Iterator[tuple[str, list[Path]]]:
    """Files that decide about frames, by what they are."""
    own = None if settings.preset_folder is None else Path(settings.preset_folder)
    yield "presets", list(files(own).values())
    if settings.session is not None:
        session = Path(settings.session)
        yield "session", [session, sidecar_path(session), Path(f"{session}.png")]
    if is_file_name(settings.network):
        path = Path(settings.network)
        yield "content of network", list(dict.fromkeys((path, weights_beside(path))))
    for name in ("preset", "weights", "class_list", "guide", "prior", "source"):
        given = getattr(settings, name)
        if given is not None:
            yield f"content of {name}", _inside(Path(given))


def _inside(path: Path) -> list[Path]:
    """The files of a folder, or the path itself."""
    with suppress(OSError):  # whoever is to use it says what is wrong with it
        if path.is_dir():
            return sorted(path.iterdir())
    return [path]


def _fingerprint(paths: list[Path]) -> str:
    """Return what tells these files from others."""
    whole = hashlib.sha256()
    for path in paths:
        try:
            status = path.stat()
            if status.st_size > MOST_READ:
                whole.update(repr((path.name, status.st_size, status.st_mtime_ns)).encode())
            else:
                whole.update(os.fsencode(path.name) + path.read_bytes())
        except (OSError, ValueError):  # it is none: a preset's name, noise
            whole.update(b"-")
    return whole.hexdigest()
