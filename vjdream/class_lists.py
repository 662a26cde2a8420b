"""Lists of classes, one line each in the order of the logits: the files, and what they hold.

A line is a name (``airport terminal``), or slug, name and synonyms with tabs between
(``cab<TAB>Cab<TAB>taxi, taxicab``), or as Places365 writes them (``/a/airport_terminal 2``).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vjdream.errors import WeightsError
from vjdream.words import plain

LARGEST_FILE = 1024 * 1024
LONGEST_NAME = 100
LONGEST_SLUG = 50
SLUG = re.compile("[a-z0-9]+(_[a-z0-9]+)*")
PLACES = re.compile(r"/\w/(.+?)(?:\s+\d+)?")


@dataclass(frozen=True, slots=True)
class NamedClass:
    """One class of a network."""

    slug: str
    name: str
    synonyms: tuple[str, ...] = ()


def read_class_list(path: Path) -> tuple[NamedClass, ...]:
    """Read a list of classes; slugs that stand twice are numbered.

    Raises:
        WeightsError: with the line of the first mistake.
    """
    classes: list[NamedClass] = []
    for number, line in _lines(path):
        try:
            classes.append(_entry(line, len(classes)))
        except ValueError as error:
            raise WeightsError(f"class list {path.name} line {number}: {error}") from None
    if not classes:
        raise WeightsError(f"class list {path.name} names no class (one line for each is needed)")
    return _distinct(classes)


def name_classes(names: Iterable[str]) -> tuple[NamedClass, ...]:
    """Make a class of each name, such as a folder's; slugs that stand twice are numbered.

    Raises:
        WeightsError: for a name that cannot be shown.
    """
    try:
        entries = [_entry(" ".join(name.split()), place) for place, name in enumerate(names)]
    except ValueError as error:
        raise WeightsError(f"a class cannot be called so: {error}") from None
    return _distinct(entries)


def checked_class(slug: object, name: object, synonyms: object) -> NamedClass:
    """Return a class as a file of somebody else's describes it.

    Raises:
        ValueError: saying what is wrong with it.
    """
    if not isinstance(synonyms, list | tuple):
        raise ValueError(f"synonyms are to be a list, got {str(synonyms)[:40]!r}")
    texts = [text for text in (slug, name, *synonyms) if isinstance(text, str)]
    if len(texts) != 2 + len(synonyms):
        raise ValueError("slug, name and synonyms of a class are to be texts")
    return _columns([*texts[:2], ",".join(texts[2:])])


def _distinct(classes: Iterable[NamedClass]) -> tuple[NamedClass, ...]:
    """Number the slugs that stand twice; none gets a number with which it would be another's."""
    classes = tuple(classes)
    own = {entry.slug for entry in classes}
    taken: set[str] = set()
    counts: dict[str, int] = {}
    distinct: list[NamedClass] = []
    for entry in classes:
        slug = entry.slug
        while slug in taken or (slug in own and slug != entry.slug):
            counts[entry.slug] = counts.get(entry.slug, 1) + 1
            number = f"_{counts[entry.slug]}"
            slug = entry.slug[: LONGEST_SLUG - len(number)].rstrip("_") + number
        taken.add(slug)
        distinct.append(NamedClass(slug, entry.name, entry.synonyms))
    return tuple(distinct)


def read_kinds(path: Path, count: int) -> dict[str, list[int]]:
    """Read which classes are of a kind: lines of a plain word, a tab, and numbers.

    Args:
        count: how many classes there are.

    Raises:
        WeightsError: with the line of the first mistake.
    """
    kinds: dict[str, list[int]] = {}
    for number, line in _lines(path):
        word, _, places = line.partition("\t")
        try:
            kinds[word] = [int(place) for place in places.split()]
        except ValueError:
            kinds[word] = []
        if word != plain(word) or not all(0 <= place < count for place in kinds[word] or [-1]):
            raise WeightsError(f"{path.name} line {number} is no word with numbers of classes")
    return kinds


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        raise WeightsError(f"class list {path} cannot be read: {error}") from None
    if len(content) > LARGEST_FILE:
        raise WeightsError(f"class list {path.name} is larger than {LARGEST_FILE // 1024} KB")
    for number, raw in enumerate(content.split(b"\n"), 1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            raise WeightsError(f"class list {path.name} line {number} is not UTF-8 text") from None
        if line and not line.startswith("#"):
            yield number, line


def _entry(line: str, place: int) -> NamedClass:
    """Read one line.

    Raises:
        ValueError: saying what is wrong with it.
    """
    if "\t" in line:
        return _columns(line.split("\t"))
    places = PLACES.fullmatch(line)
    if places:
        line = places[1].replace("/", "_")
    name = _checked(line.replace("_", " ") if line.strip("_") else line)
    shown = name[0].upper() + name[1:] if name.split()[0].islower() else name
    return NamedClass(_slug(name) or f"class_{place}", _checked(shown))  # ß becomes two letters


def _columns(columns: list[str]) -> NamedClass:
    if len(columns) > 3:
        raise ValueError(f"up to 3 columns are allowed (slug, name, synonyms), got {len(columns)}")
    slug, name = (_checked(column) for column in columns[:2])
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise ValueError(
            f"'{slug}' is no slug (up to {LONGEST_SLUG} letters a to z and digits, joined by _)"
        )
    synonyms = ",".join(columns[2:]).split(",")
    return NamedClass(slug, name, tuple(_checked(text) for text in synonyms if text.strip()))


def _slug(name: str) -> str:
    slug = re.sub("[^a-z0-9]+", "_", plain(name))[:LONGEST_SLUG].strip("_")
    return f"class_{slug}" if slug.isdigit() else slug  # a bare number is a class's place


def _checked(text: str) -> str:
    """Return a name with single spaces."""
    text = " ".join(text.split())
    if not text:
        raise ValueError("a name is missing")
    if len(text) > LONGEST_NAME:
        raise ValueError(f"{len(text)} characters are too many for a name (up to {LONGEST_NAME})")
    if not text.isprintable():
        raise ValueError(f"{text!r} has characters that cannot be shown")
    return text
