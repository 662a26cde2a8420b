"""Files that may be read over HTTP: listed once, so that no request ever names a path."""

from dataclasses import dataclass
from pathlib import Path

TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}

PAGE = Path(__file__).parent / "page"
INDEX = "index.html"
THUMBNAIL = ".jpg"
LARGEST_THUMBNAIL = 2_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it is served."""

    type: str
    content: bytes


def page(folder: Path = PAGE) -> dict[str, Sheet]:
    """Read the files of the web page, by name; the index is called "", too."""
    sheets = {
        path.name: Sheet(TYPES[path.suffix], path.read_bytes())
        for path in sorted(folder.glob("*"))
        if path.suffix in TYPES and path.is_file()
    }
    if INDEX in sheets:
        sheets[""] = sheets[INDEX]
    return sheets


def about(preset: Path) -> str:
    """Return what the audience sees: the comment that a preset's file begins with."""
    try:
        with preset.open(encoding="utf-8") as lines:
            first = lines.readline(400)
    except (OSError, UnicodeDecodeError):
        return ""
    return first.removeprefix("#").strip() if first.startswith("#") else ""


def pictured(preset: Path) -> bool:
    """Return whether there is a picture of a preset."""
    return preset.with_suffix(THUMBNAIL).is_file()


def picture(preset: Path) -> bytes | None:
    """Return the picture that lies beside a preset, or None."""
    path = preset.with_suffix(THUMBNAIL)
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST_THUMBNAIL else None
    except OSError:
        return None
