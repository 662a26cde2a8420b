"""What the canvas may be pulled to, chosen by URL.

``noise`` or ``noise:SEED``, ``ndi:NAME`` or ``ndi:HOST:PORT``, a picture, a folder of pictures, or
a video. Inputs are opened and read inside the dreamer's process. Checking a URL loads no library,
so the command line may do it before anything has started.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from vjdream.errors import SettingsError, nearest
from vjdream.inputs.wanted import parse_wanted

if TYPE_CHECKING:
    from vjdream.clock import Clock
    from vjdream.frames import Picture, Size

PICTURES = ("png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff")
VIDEOS = ("mp4", "mov", "mkv", "avi", "webm", "m4v", "mpg", "gif")
FORMS = "noise, ndi:NAME, a picture, a folder of pictures, a video"
NO_PYAV = "reading a video needs PyAV - type: pip install 'vjdream[video]'"

NEIGHBOURS = 1000
"""Entries of a folder that are looked through for what a mistyped name could have meant."""

Kind = Literal["noise", "ndi", "picture", "folder", "video"]


@dataclass(frozen=True, slots=True)
class Still:
    """What an input shows at one moment."""

    picture: "Picture" = field(repr=False)  # (height, width, 4) BGRX of the size that was asked for
    number: int  # changes whenever the picture does, so nobody converts the same picture twice


class Input(Protocol):
    """Pictures that the dream is drawn to."""

    def at(self, time: float) -> Still | None:
        """What there is to see at a show time in seconds; None: nothing yet.

        The picture belongs to the input and is not to be written to.
        """
        ...

    def close(self) -> None: ...


def check_input(url: str) -> None:
    """Look whether a URL can be an input, without opening it.

    Raises:
        SettingsError: in one sentence, with what is allowed and the nearest of it.
    """
    if _kind(url) == "video" and find_spec("av") is None:
        raise SettingsError(NO_PYAV)


def is_live(url: str) -> bool:
    """Whether an input runs in real time, so that no show can be told again with it."""
    return _kind(url) == "ndi"


def open_input(url: str, size: "Size", clock: "Clock") -> Input:
    """Open an input whose pictures are all of `size`; libraries are imported only here.

    Raises:
        SettingsError: for what `check_input` refuses, and for what turns out to be unreadable.
    """
    kind = _kind(url)
    if kind == "noise":
        from vjdream.inputs.noise import NoiseInput

        return NoiseInput(_seed(url), size)
    if kind == "ndi":
        from vjdream.inputs.ndi import NdiInput

        return NdiInput(parse_wanted(url.removeprefix("ndi:")), size, clock)
    if kind == "video":
        from vjdream.inputs.video import VideoInput

        return VideoInput(Path(url), size)
    from vjdream.inputs.pictures import PictureInput

    return PictureInput([Path(url)] if kind == "picture" else pictures_in(Path(url)), size)


def pictures_in(folder: Path) -> list[Path]:
    """All pictures of a folder, unsorted; what begins with a dot is some program's own.

    Raises:
        SettingsError: when the folder cannot be read.
    """
    try:
        return [
            path
            for path in folder.iterdir()
            if _suffix(path) in PICTURES and not path.name.startswith(".") and path.is_file()
        ]
    except OSError as error:
        raise SettingsError(f"--input {folder} cannot be read: {error.strerror}") from None


def _kind(url: str) -> Kind:
    if url == "noise" or url.startswith("noise:"):
        _seed(url)
        return "noise"
    if url == "ndi" or url.startswith("ndi:"):
        parse_wanted(url.removeprefix("ndi").removeprefix(":"))
        return "ndi"
    path = Path(url)
    try:
        folder, file = path.is_dir(), path.is_file()
    except (OSError, ValueError):  # too long, forbidden, or with characters that no name has
        folder = file = False
    if folder and url:
        if not pictures_in(path):
            raise SettingsError(
                f"--input {url} is a folder without pictures (allowed: {', '.join(PICTURES)})"
            )
        return "folder"
    if not file:
        raise SettingsError(f"--input '{url}' does not exist{_meant(path)} (allowed: {FORMS})")
    suffix = _suffix(path)
    if suffix in PICTURES:
        return "picture"
    if suffix in VIDEOS:
        return "video"
    known = PICTURES + VIDEOS
    raise SettingsError(
        f"--input {url} is neither a picture nor a video that vjdream knows "
        f"(allowed: {', '.join(known)}){nearest(suffix, known)}"
    )


def _suffix(path: Path) -> str:
    return path.suffix.removeprefix(".").lower()


def _seed(url: str) -> int:
    seed = url.removeprefix("noise").removeprefix(":") or "0"
    if not (seed.isascii() and seed.isdecimal() and len(seed) < 10):
        raise SettingsError(f"--input {url}: the seed is no whole number below a billion")
    return int(seed)


def _meant(path: Path) -> str:
    """The entry of the same folder, or the form of URL, that a wrong name is most like."""
    known: Iterable[str] = () if path.suffix else ("noise", "ndi:NAME")
    try:
        known = [*known, *(entry.name for entry in islice(path.parent.iterdir(), NEIGHBOURS))]
    except (OSError, ValueError):
        pass
    return nearest(path.name[:255], known)
