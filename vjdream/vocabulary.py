"""The words of a network: its classes and their synonyms, and how a word finds its class.

Classes are kept as words everywhere and become logit numbers only at the dreamer's edge, so a
preset survives another network.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from vjdream.errors import VocabularyError, WeightsError, nearest

DATA = Path(__file__).parent / "data"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class NamedClass:
    """One class of a network."""

    slug: str
    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer that can be looked into."""

    name: str
    channels: int


@dataclass(frozen=True)
class Descriptor:
    """What is known of a network without loading it."""

    name: str
    title: str
    classes: tuple[NamedClass, ...]
    layers: tuple[Layer, ...]
    raw: dict[str, Any]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a descriptor file.

        Raises:
            WeightsError: when it is not one, or from a newer vjdream.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            if raw["vjdream"] != FORMAT:
                raise WeightsError(
                    f"{path.name} has format {raw['vjdream']}, this vjdream reads {FORMAT}"
                )
            return cls(
                raw["name"],
                raw.get("title", raw["name"]),
                tuple(
                    NamedClass(c["slug"], c["name"], tuple(c.get("synonyms", ())))
                    for c in raw["classes"]
                ),
                tuple(Layer(layer["name"], layer["channels"]) for layer in raw["layers"]),
                raw,
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            if isinstance(error, WeightsError):
                raise
            raise WeightsError(f"{path} is not a network descriptor: {error!r}") from error

    @property
    def vocabulary(self) -> "Vocabulary":
        return Vocabulary(self.classes)


def networks() -> dict[str, Path]:
    """The descriptors of the networks that are installed, by name."""
    return {path.stem: path for path in sorted(DATA.glob("*.json"))}


def load_descriptor(name: str) -> Descriptor:
    """Read the descriptor of an installed network.

    Raises:
        WeightsError: when there is none of that name.
    """
    installed = networks()
    if name not in installed:
        raise WeightsError(
            f"no network is called '{name}' (installed: {', '.join(installed)})"
            f"{nearest(name, installed)}"
        )
    return Descriptor.load(installed[name])


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", word.strip().lower()).strip("_")


class Vocabulary:
    """Finds classes by word: exact, synonym, prefix, then a typo's distance."""

    def __init__(self, classes: Iterable[NamedClass]) -> None:
        self.classes = tuple(classes)
        self._slugs = {c.slug: i for i, c in enumerate(self.classes)}
        self._names = {_plain(c.name): i for i, c in enumerate(self.classes)}
        self._synonyms = {_plain(s): i for i, c in enumerate(self.classes) for s in c.synonyms}

    def __len__(self) -> int:
        return len(self.classes)

    def index(self, slug: str) -> int:
        """Return the logit number of a slug."""
        return self._slugs[slug]

    def find(self, word: str | int) -> str:
        """Return the slug of the class that `word` names, or of the class with that number.

        Raises:
            VocabularyError: when nothing fits; the sentence names the nearest word.
        """
        if isinstance(word, int):
            if 0 <= word < len(self.classes):
                return self.classes[word].slug
            raise VocabularyError(
                f"no class has number {word} (allowed 0 to {len(self.classes) - 1})"
            )
        asked = _plain(word[:60])
        for known in (self._slugs, self._names, self._synonyms):
            if asked in known:
                return self.classes[known[asked]].slug
        words = {**self._synonyms, **self._names, **self._slugs}
        if len(asked) >= 2:
            starting = [w for w in words if w.startswith(asked)]
            if starting:
                return self.classes[words[min(starting, key=lambda w: (len(w), w))]].slug
        close = get_close_matches(asked, list(words), n=1, cutoff=0.75)
        if close:
            return self.classes[words[close[0]]].slug
        hint = get_close_matches(asked, list(words), n=1, cutoff=0.0)
        raise VocabularyError(
            f"no class is called '{word[:60]}' - the nearest is '{hint[0]}'"
            if hint
            else f"no class is called '{word[:60]}'"
        )
