"""Where frames go, chosen by URL: ``ndi:NAME``, ``memory:``, a video file, or a folder for PNGs."""

import re
from pathlib import Path
from typing import Protocol

from vjdream.clock import Clock
from vjdream.errors import OutputError
from vjdream.frames import Frame
from vjdream.settings import Settings

SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]+:")
"""As RFC 3986 has it, but of two letters or more: one letter is a Windows drive."""


class Output(Protocol):
    """Takes finished frames."""

    late: int

    def send(self, frame: Frame, deadline: float) -> None:
        """Take a frame that is to leave at `deadline` on the show's clock; never blocks for long.

        The picture belongs to the output until three more frames have been sent.
        """
        ...

    def connections(self) -> int:
        """How many receivers are watching."""
        ...

    def describe(self) -> str:
        """What the audience's software should look for, in a few words."""
        ...

    def close(self) -> None: ...


def open_output(url: str, settings: Settings, clock: Clock) -> Output:
    """Open an output; each kind's libraries are imported only here.

    Raises:
        OutputError: with what to do about it.
    """
    if url == "ndi" or url.startswith("ndi:"):
        from vjdream.outputs.ndi import NdiOutput

        return NdiOutput(url.partition(":")[2] or settings.ndi_name, settings, clock)
    if url == "memory:":
        from vjdream.outputs.memory import MemoryOutput

        return MemoryOutput()
    if SCHEME.match(url):
        raise OutputError(
            f"--output {url} is unknown (allowed: ndi:NAME, memory:, a folder, a .mp4, .mov, .mkv)"
        )
    return _open_path(url, settings, live=True)


def open_file(name: str, settings: Settings, goes_on: bool = False) -> Output:
    """Open a video, or a folder for PNGs where `name` has no suffix; frames may take their time.

    Args:
        goes_on: frames that are in the folder already are of the same show.

    Raises:
        OutputError: with what to do about it.
    """
    if not name or SCHEME.match(name):
        raise OutputError(f"'{name}' is no file (allowed: a folder, a .mp4, .mov, .mkv)")
    return _open_path(name, settings, False, goes_on)


def _open_path(name: str, settings: Settings, live: bool, goes_on: bool = False) -> Output:
    if Path(name).suffix:
        from vjdream.outputs.video import VideoOutput

        return VideoOutput(Path(name), settings, live)
    from vjdream.outputs.pictures import PictureFolder

    if not name:
        raise OutputError("a folder for PNGs needs a name")
    return PictureFolder(Path(name), goes_on)
