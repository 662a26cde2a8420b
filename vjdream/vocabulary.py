"""The words of a network: its classes and layers, and how a word or a number finds one.

Classes and layers are kept as words everywhere and become numbers only at the dreamer's edge, so a
preset survives another network. What is known of a network without loading it is its descriptor.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar, cast

from vjdream import network_file
from vjdream.class_lists import NamedClass, checked_class, read_class_list, read_kinds
from vjdream.errors import VocabularyError, WeightsError, nearest
from vjdream.parameters import CLASS_SLOTS, Words
from vjdream.words import LONGEST, Finder, closest, only_one, plain

DATA = Path(__file__).parent / "data"
FORMAT = 1
MOST_RUNS = 500_000
"""Of words in a row in the names of all classes; those of ImageNet's thousand have 6000."""

LONGEST_TEXT = 300
"""Characters of what a descriptor calls itself or a layer."""

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
    file: Path  # it was read from
    kinds: Mapping[str, Sequence[int]] = field(default_factory=dict)  # of things, with classes

    @classmethod
    def load(cls, path: Path, class_list: Path | None = None) -> Self:
        """Read a descriptor, and the list of its classes where that is a file of its own.

        A descriptor is a JSON file, or the head of a safetensors file that is a whole network.

        Args:
            class_list: names the classes instead, for weights that were trained on others.

        Raises:
            WeightsError: when it is not one, or from a newer vjdream.
        """
        try:
            raw = network_file.parsed(network_file.read_descriptor(path))
            if raw["vjdream"] != FORMAT:
                raise WeightsError(
                    f"{path.name} has format {str(raw['vjdream'])[:20]!r}, this vjdream reads "
                    f"{FORMAT}"
                )
            own_list = class_list is None
            if class_list is None and "words" in raw:
                class_list = _beside(path, raw["words"])
            classes = (
                _classes(raw["classes"]) if class_list is None else read_class_list(class_list)
            )
            _check_words(classes)
            kinds: dict[str, list[int]] = {}
            if own_list and isinstance(raw.get("kinds"), str):
                kinds = read_kinds(_beside(path, raw["kinds"]), len(classes))
            elif own_list and "kinds" in raw:
                kinds = _kinds(raw["kinds"], classes)
            channels = dict(_layer(entry) for entry in raw["layers"])
            if LOGITS in channels:
                channels[LOGITS] = len(classes)
            layers = tuple(Layer(layer, count) for layer, count in channels.items())
            starts = raw.get("starts", {})
            return cls(
                _text(raw["name"]),
                _text(raw.get("title", raw["name"])),
                _text(raw.get("architecture", raw["name"])),
                classes,
                layers,
                _start_classes(starts.get("classes", ()), classes),
                _start_layer(starts.get("layer"), layers),
                raw,
                path,
                kinds,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, WeightsError):
                raise
            if isinstance(error, OSError):
                raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
            what = error if isinstance(error, ValueError) else repr(error)
            raise WeightsError(f"{path} is not a network's description: {what}") from error

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Finds its classes and layers."""
        return Vocabulary(self.classes, self.layers, self.kinds)


def _classes(entries: Iterable[dict[str, Any]]) -> tuple[NamedClass, ...]:
    classes = tuple(
        checked_class(entry["slug"], entry["name"], entry.get("synonyms", ())) for entry in entries
    )
    if len({entry.slug for entry in classes}) < len(classes):
        raise ValueError("two of its classes have the same slug")
    return classes


def _check_words(classes: Iterable[NamedClass]) -> None:
    """Refuse names that would fill the memory: a class is found by each run of its words."""
    runs = 0
    for entry in classes:
        for text in (entry.slug, entry.name, *entry.synonyms):
            words = len(plain(text).split("_"))
            runs += words * (words + 1) // 2
        if runs > MOST_RUNS:
            raise ValueError("the names of its classes have too many words")


def _layer(entry: dict[str, Any]) -> tuple[str, int]:
    channels = entry["channels"]
    if type(channels) is not int or channels < 1:
        raise ValueError(f"{str(channels)[:40]!r} is no number of channels")
    return _text(entry["name"]), channels


def _text(value: object) -> str:
    """Return what somebody else's file calls something."""
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= LONGEST_TEXT:
        raise ValueError(f"{str(value)[:40]!r} is no name")
    return value


def _beside(path: Path, name: object) -> Path:
    """Return a file in the folder of a descriptor, which names no path."""
    return path.parent / Path(_text(name)).name


def _kinds(
    entries: Mapping[str, Iterable[str]], classes: Sequence[NamedClass]
) -> dict[str, list[int]]:
    """Which classes are of a kind, where a descriptor names them itself."""
    places = {entry.slug: place for place, entry in enumerate(classes)}
    return {plain(kind): [places[slug] for slug in slugs] for kind, slugs in entries.items()}


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
    """Read the descriptor of an installed network, or of one in a file.

    Args:
        name: of the network, or a path that ends with one of `network_file.ENDINGS`.
        class_list: a file that names its classes, for weights that were trained on others.

    Raises:
        WeightsError: when there is none of that name, or the list cannot be used.
    """
    list_path = None if class_list is None else Path(class_list)
    if network_file.is_file_name(name):
        descriptor = Descriptor.load(network_file.find(name), list_path)
        if not descriptor.classes:
            raise WeightsError(f"{descriptor.file} names no class to dream of")
        return descriptor
    installed = networks()
    if name not in installed:
        raise WeightsError(
            f"no network is called '{name[:LONGEST_TEXT]}' (installed: {', '.join(installed)})"
            f"{nearest(name, installed)} - a file's name ends with {network_file.ENDINGS[0]}"
        )
    return Descriptor.load(installed[name], list_path)
