"""Snapshots: the picture is the state.

A snapshot is an ordinary PNG of the canvas. What it was dreamt with lies in one of its text chunks
(iTXt, the keyword is ``vjdream``) as JSON, where other programs leave it alone. Any other picture
may be dreamt on, too; it only knows less.
"""

import json
import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vjdream.errors import OutputError, SettingsError
from vjdream.frames import Picture
from vjdream.vocabulary import FORMAT

if TYPE_CHECKING:
    from PIL.Image import Image

KEYWORD = "vjdream"
KINDS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")  # others of Pillow's start foreign programs
COMPRESSION = 3  # of zlib: twice as fast as its usual 6, a twentieth larger
MOST_PIXELS = 100_000_000
MOST_TEXT = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A picture to go on from."""

    picture: Picture = field(repr=False)  # (height, width, 4) BGRX
    about: dict[str, Any] | None  # what it was dreamt with; None: any other picture


def write_snapshot(path: Path, picture: Picture, about: Mapping[str, Any]) -> None:
    """Write a whole PNG or nothing; a file that is there already is never replaced.

    Args:
        picture: (height, width, 4) BGRX.
        about: what can be JSON, with ``vjdream`` for its format.

    Raises:
        OutputError: when the file is there, or cannot be written.
    """
    if os.path.lexists(path):
        raise OutputError(f"the snapshot {path} is there already, choose another name")
    content = _encoded(picture, _text(path, about))
    part = path.with_name(f".{path.name}.part")
    try:
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _name(part, path)
        finally:
            with suppress(OSError, ValueError):
                part.unlink(missing_ok=True)
    except FileExistsError:
        raise OutputError(f"the snapshot {path} is there already, choose another name") from None
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"the snapshot {path} cannot be written: {reason}") from None


def _name(part: Path, path: Path) -> None:
    """Give a finished file its name, unless that is taken.

    Raises:
        OSError: FileExistsError when it is.
    """
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # the file systems of memory cards have no links
        path.open("xb").close()
        part.replace(path)


def _text(path: Path, about: Mapping[str, Any]) -> str:
    text = json.dumps(dict(about), sort_keys=True, ensure_ascii=False, allow_nan=False)
    content = text.encode("utf-8", "backslashreplace")  # halves of characters, as JSON escapes them
    if len(content) > MOST_TEXT:
        raise OutputError(
            f"the snapshot {path} cannot be written: what it was dreamt with is more than "
            f"{MOST_TEXT} bytes"
        )
    return content.decode()


def _encoded(picture: Picture, text: str) -> bytes:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    chunks.add_itxt(KEYWORD, text)
    content = BytesIO()
    rgb = np.ascontiguousarray(picture[..., 2::-1])
    Image.fromarray(rgb).save(content, "PNG", compress_level=COMPRESSION, pnginfo=chunks)
    return content.getvalue()


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot, or any other picture the way its camera was held; alpha is laid on black.

    Raises:
        SettingsError: for what is no picture, damaged, or far too big.
    """
    try:
        content = _content(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of big pictures and odd metadata: we look ourselves
            picture, text = _decoded(path, content)
    except SettingsError:
        raise
    except Exception as error:  # decoders fail in many ways, and all of them mean the same
        reason = " ".join(str(getattr(error, "strerror", None) or error).split())
        hint = reason if isinstance(error, OSError) and reason else "it is damaged"
        raise SettingsError(f"cannot read the picture {path}: {hint}") from None
    return Snapshot(picture, None if text is None else _about(path, text))


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe would never end
        raise SettingsError(f"cannot read the picture {path}: it is no file")
    with path.open("rb") as file:
        content = file.read(8 * MOST_PIXELS + 1)
    if len(content) > 8 * MOST_PIXELS:
        raise SettingsError(f"the picture {path} is a file of more than {8 * MOST_PIXELS} bytes")
    return content


def _decoded(path: Path, content: bytes) -> tuple[Picture, str | None]:
    """The picture, and the text that vjdream has put into it.

    Raises:
        SettingsError: when it is no picture, or far too big.
        Exception: of any kind, when it is damaged.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        image = Image.open(BytesIO(content), formats=KINDS)
    except UnidentifiedImageError:
        raise SettingsError(
            f"cannot read the picture {path}: it is damaged or none of {', '.join(KINDS)}"
        ) from None
    except Image.DecompressionBombError:
        raise _too_big(path, "far more") from None
    with image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_big(path, f"{image.width}x{image.height}")
        image.load()
        text = getattr(image, "text", {}).get(KEYWORD)  # PNGs have it
        upright = _eight_bits(image)
        ImageOps.exif_transpose(upright, in_place=True)
        if upright.has_transparency_data:
            black = Image.new("RGBA", upright.size, (0, 0, 0, 255))
            upright = Image.alpha_composite(black, upright.convert("RGBA"))
        picture = np.full((upright.height, upright.width, 4), 255, np.uint8)
        picture[..., :3] = np.asarray(upright.convert("RGB"))[..., ::-1]
    return picture, text


def _too_big(path: Path, got: str) -> SettingsError:
    return SettingsError(
        f"the picture {path} has {got} pixels (allowed: {MOST_PIXELS // 1_000_000} million)"
    )


def _eight_bits(image: "Image") -> "Image":
    """Make 8 bits of greys of 16, which Pillow would clip; the orientation stays beside them."""
    from PIL import Image

    if not image.mode.startswith("I"):
        return image
    levels = np.clip(np.asarray(image).astype(np.int64), 0, 65535) >> 8
    made = Image.fromarray(levels.astype(np.uint8))
    made.getexif().update(image.getexif())
    return made


def _about(path: Path, text: str) -> dict[str, Any]:
    if len(text.encode("utf-8", "replace")) > MOST_TEXT:
        raise SettingsError(f"the text in the snapshot {path} has more than {MOST_TEXT} bytes")
    try:
        about = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise SettingsError(f"the text in the snapshot {path} is damaged") from None
    if not isinstance(about, dict):
        raise SettingsError(f"the text in the snapshot {path} is no JSON object")
    version = about.get("vjdream")
    if type(version) is not int or version != FORMAT:
        shown = json.dumps(version)[:40]
        raise SettingsError(
            f"the snapshot {path} is of format {shown}, this vjdream reads {FORMAT}"
        )
    return about


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
