"""The words of a network: its classes and layers, and how a word or a number finds one.

Classes and layers are kept as words everywhere and become numbers only at the dreamer's edge, so a
preset survives another network. What is known of a network without loading it is its descriptor.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar, cast

from vjdream.class_lists import NamedClass, read_class_list, read_kinds
from vjdream.errors import VocabularyError, WeightsError, nearest
from vjdream.parameters import CLASS_SLOTS, Words
from vjdream.words import LONGEST, Finder, closest, only_one, plain

DATA = Path(__file__).parent / "data"
FORMAT = 1
LOGITS = "logits"
"""The layer that has a channel for each class."""

Choose = Callable[[Sequence[str]], str]
"""Picks one of the slugs that a word can mean; the likeliest come first."""


def first(slugs: Sequence[str]) -> str:
    """Choose the same class whenever the same word is asked."""
    return slugs[0]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer that can be looked into."""

    name: str
    channels: int


class Vocabulary:
    """Finds classes and layers by word or number."""

    def __init__(
        self,
        classes: Iterable[NamedClass],
        layers: Iterable[Layer] = (),
        kinds: Mapping[str, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        self.classes = tuple(classes)
        self.layers = tuple(layers)
        self._slugs = {c.slug: i for i, c in enumerate(self.classes)}
        self._finder = Finder(((c.slug, c.name, c.synonyms) for c in self.classes), kinds)
        self._channels = {layer.name: layer.channels for layer in self.layers}
        self._layers = {plain(layer.name): layer.name for layer in self.layers}

    def __len__(self) -> int:
        """How many classes there are."""
        return len(self.classes)

    def index(self, slug: str) -> int:
        """Return the logit number of a slug."""
        return self._slugs[slug]

    def channels(self, layer: str) -> int:
        """Return how many channels a layer has."""
        return self._channels[layer]

    def hits(self, word: str | int) -> tuple[str, ...]:
        """Return the slugs of all classes that `word` can mean, or of the class with that number.

        They are in the order of the logits, but what is called so comes first.

        Raises:
            VocabularyError: when nothing fits; the sentence names the nearest word.
        """
        if isinstance(word, int):
            return (_numbered(word, self.classes, "class").slug,)
        places = self._finder.hits(word)
        if not places:
            raise _unknown(word, "class", self._finder.nearest(word))
        return tuple(self.classes[place].slug for place in places)

    def find(self, word: str | int, choose: Choose = first) -> str:
        """Return the slug of one class that `word` can mean.

        Raises:
            VocabularyError: as `hits`.
        """
        return choose(self.hits(word))

    def find_layer(self, word: str | int) -> str:
        """Return the name of the layer that `word` names, in any case and with any separators.

        The beginning of a name or one with a typo will do where only one layer is meant.

        Raises:
            VocabularyError: when none or several are; the sentence names the nearest.
        """
        if isinstance(word, int):
            return _numbered(word, self.layers, "layer").name
        if word in self._channels:
            return word
        names = list(self._layers)
        found = only_one(word, names)
        if found is None:
            raise _unknown(word, "layer", closest(word, names))
        return self._layers[found]

    def resolve(self, words: Words, word: str | int, choose: Choose = first) -> str:
        """Return the class or layer that `word` means.

        Raises:
            VocabularyError: as `hits` and `find_layer`.
        """
        return self.find_layer(word) if words == "layer" else self.find(word, choose)

    def called(self, words: Words, word: str | int) -> str | None:
        """Return the first class, or the layer, that is called exactly so, or None.

        Words that were meant for another network are not guessed at.
        """
        if isinstance(word, int):
            entries = self.layers if words == "layer" else self.classes
            return self.resolve(words, word) if 0 <= word < len(entries) else None
        if words == "layer":
            return self._layers.get(plain(word[:LONGEST]))
        return next((self.classes[place].slug for place in self._finder.named(word)), None)


Entry = TypeVar("Entry", NamedClass, Layer)


def _numbered(number: int, entries: Sequence[Entry], what: str) -> Entry:
    if 0 <= number < len(entries):
        return entries[number]
    shown = number if abs(number) < 2**64 else "of so many digits"  # Python refuses to show those
    raise VocabularyError(f"no {what} has number {shown} (allowed 0 to {len(entries) - 1})")


def _unknown(word: str, what: str, near: str | None) -> VocabularyError:
    hint = f" - the nearest is '{near}'" if near else ""
    return VocabularyError(f"no {what} is called '{word[:LONGEST]}'{hint}")


@dataclass(frozen=True)
class Descriptor:
    """What is known of a network without loading it."""

    name: str
    title: str
    architecture: str
    classes: tuple[NamedClass, ...]
    layers: tuple[Layer, ...]
    start_classes: tuple[str, str, str, str]  # what a show starts with that asks for nothing else
    start_layer: str
    raw: dict[str, Any]
    kinds: Mapping[str, Sequence[int]] = field(default_factory=dict)  # of things, with classes

    @classmethod
    def load(cls, path: Path, class_list: Path | None = None) -> Self:
        """Read a descriptor file, and the list of its classes where that is a file of its own.

        Args:
            class_list: names the classes instead, for weights that were trained on others.

        Raises:
            WeightsError: when it is not one, or from a newer vjdream.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            if raw["vjdream"] != FORMAT:
                raise WeightsError(
                    f"{path.name} has format {raw['vjdream']}, this vjdream reads {FORMAT}"
                )
            own_list = class_list is None
            if class_list is None and "words" in raw:
                class_list = path.parent / Path(raw["words"]).name
            classes = (
                _classes(raw["classes"]) if class_list is None else read_class_list(class_list)
            )
            kinds: dict[str, list[int]] = {}
            if own_list and "kinds" in raw:
                kinds = read_kinds(path.parent / Path(raw["kinds"]).name, len(classes))
            channels = {layer["name"]: layer["channels"] for layer in raw["layers"]}
            if LOGITS in channels:
                channels[LOGITS] = len(classes)
            layers = tuple(Layer(layer, count) for layer, count in channels.items())
            starts = raw.get("starts", {})
            return cls(
                raw["name"],
                raw.get("title", raw["name"]),
                raw.get("architecture", raw["name"]),
                classes,
                layers,
                _start_classes(starts.get("classes", ()), classes),
                _start_layer(starts.get("layer"), layers),
                raw,
                kinds,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, WeightsError):
                raise
            raise WeightsError(f"{path} is not a network descriptor: {error!r}") from error

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Finds its classes and layers."""
        return Vocabulary(self.classes, self.layers, self.kinds)


def _classes(entries: Iterable[dict[str, Any]]) -> tuple[NamedClass, ...]:
    return tuple(
        NamedClass(entry["slug"], entry["name"], tuple(entry.get("synonyms", ())))
        for entry in entries
    )


def _start_classes(
    wanted: Sequence[str], classes: Sequence[NamedClass]
) -> tuple[str, str, str, str]:
    """The classes asked for, and the first ones in place of those that are not there."""
    firsts = [entry.slug for entry in classes] or [""]
    chosen = [firsts[i % len(firsts)] for i in range(len(CLASS_SLOTS))]
    for i, slug in enumerate(wanted[: len(chosen)]):
        if slug in firsts:
            chosen[i] = slug
    return cast(tuple[str, str, str, str], tuple(chosen))


def _start_layer(wanted: str | None, layers: Sequence[Layer]) -> str:
    if any(layer.name == wanted for layer in layers):
        return str(wanted)
    return layers[len(layers) // 2].name if layers else ""


def networks() -> dict[str, Path]:
    """The descriptors of the networks that are installed, by name."""
    return {path.stem: path for path in sorted(DATA.glob("*.json"))}


def load_descriptor(name: str, class_list: str | Path | None = None) -> Descriptor:
    """Read the descriptor of an installed network.

    Args:
        class_list: a file that names its classes, for weights that were trained on others.

    Raises:
        WeightsError: when there is none of that name, or the list cannot be used.
    """
    installed = networks()
    if name not in installed:
        raise WeightsError(
            f"no network is called '{name}' (installed: {', '.join(installed)})"
            f"{nearest(name, installed)}"
        )
    return Descriptor.load(installed[name], None if class_list is None else Path(class_list))
