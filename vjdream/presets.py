"""Presets: one look per YAML file, checked against the table before anything is changed.

A preset holds ``vjdream: 1``, parameter names with values, and perhaps a ``start:`` section with
what can only be chosen at start-up. All mistakes of a file are told at once, each with its line.

A preset is made for the network that its ``start:`` section names, else for dreamnet. With another
network, the classes and layers that are unknown there give way to those that a show starts with.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vjdream.errors import PresetError, VJDreamError, nearest
from vjdream.parameters import LARGEST_PALETTE, TABLE, Parameter, State, Value
from vjdream.settings import Settings, parse_fps, parse_size
from vjdream.vocabulary import FORMAT, Vocabulary
from vjdream.yaml_nodes import read_mapping, read_text, scalar

LARGEST_FILE = 64 * 1024
LARGEST_NUMBER = 1e300
MOST_MISTAKES = 20
"""Told of one file."""

START_KEYS = ("network", "canvas", "size", "fps")
FIRST = State()
DREAMNET = Settings().network


@dataclass(frozen=True, slots=True)
class Preset:
    """A checked preset: values of looks by parameter, and start-up choices as text."""

    name: str
    about: str  # the first comment line: what the audience sees
    values: tuple[tuple[Parameter, Value], ...]
    start: dict[str, str]
    notes: tuple[str, ...] = ()  # what had to give way
    palette: tuple[str, ...] = ()  # classes to be played; none: all of the network

    def applied_to(self, state: State, first: State = FIRST) -> State:
        """Return `state` with this look in place of its own; values of scope show stay.

        Args:
            first: has the look that this one is told as the difference to.
        """
        own = ((p, first.value(p)) for p in TABLE.values() if p.scope == "look")
        return state.with_values((*own, *self.values))


def load(
    path: Path, vocabulary: Vocabulary, network: str | None = None, first: State = FIRST
) -> Preset:
    """Read and check a preset file.

    Args:
        network: the one in use, if it need not be the one that the preset is made for.
        first: a state in words of that network; they replace words that it does not know.

    Raises:
        PresetError: one sentence for each mistake, with line numbers.
    """
    return parse(_text(path), path, vocabulary, network, first)


def parse(
    content: str,
    path: Path,
    vocabulary: Vocabulary,
    network: str | None = None,
    first: State = FIRST,
) -> Preset:
    """Check the text of a preset as `load` does; `path` names it, and need not be there."""
    if len(content) > LARGEST_FILE:
        raise PresetError(f"preset {path} is larger than {LARGEST_FILE // 1024} KB")
    return _Reader(path, vocabulary, network, first).read(content, _about(content))


def about(path: Path) -> str:
    """The first comment line of a preset: what the audience sees."""
    return _about(_text(path))


def _about(content: str) -> str:
    first = content.lstrip().partition("\n")[0]
    return first.lstrip("# ") if first.startswith("#") else ""


def start_section(path: Path) -> dict[str, str]:
    """What a preset chooses for the start of a show, such as the network and the canvas.

    It must be known before the network's words are, so the other lines are not looked at.
    """
    reader = _Reader(path, Vocabulary(()))
    return reader.start(_text(path))


def _text(path: Path) -> str:
    return read_text(path, "preset", LARGEST_FILE, PresetError)


class _Reader:
    """Collects the mistakes of one file."""

    def __init__(
        self,
        path: Path,
        vocabulary: Vocabulary,
        network: str | None = None,
        first: State = FIRST,
    ) -> None:
        self._path, self._vocabulary = path, vocabulary
        self._network, self._first = network, first
        self._foreign = False
        self._mistakes: list[str] = []
        self._notes: list[str] = []

    def read(self, text: str, about: str) -> Preset:
        values: dict[str, tuple[Parameter, Value]] = {}
        start: dict[str, str] = {}
        palette: tuple[str, ...] = ()
        version = None
        entries = self._entries(text)
        for key, node in entries:
            if key == "start":
                start = self._start(node)
        made_for = start.get("network", DREAMNET)
        self._foreign = self._network not in (None, made_for)
        for key, node in entries:
            if len(self._mistakes) > MOST_MISTAKES:
                raise PresetError(f"{'; '.join(self._mistakes)}; and perhaps more")
            if key == "vjdream":
                version = scalar(node)
                if version != FORMAT:
                    self._mistake(
                        node, f"format {version!r} is unknown, this vjdream reads {FORMAT}"
                    )
            elif key in TABLE:
                value = self._value(TABLE[key], node)
                if value is not None:
                    values[key] = (TABLE[key], value)
            elif key == "palette":
                palette = self._palette(node)
            elif key != "start":
                known = (*TABLE, "palette", "start")
                self._mistake(node, f"no parameter is called '{key}'{nearest(key, known)}")
        if version is None and not self._mistakes:
            self._mistakes.append(f"{self._path.name}: the line 'vjdream: {FORMAT}' is missing")
        if self._mistakes:
            raise PresetError("; ".join(self._mistakes))
        notes = tuple(self._notes)
        return Preset(self._path.stem, about, tuple(values.values()), start, notes, palette)

    def start(self, text: str) -> dict[str, str]:
        """Read the ``start:`` section alone."""
        start: dict[str, str] = {}
        for key, node in self._entries(text):
            if key == "start":
                start = self._start(node)
        if self._mistakes:
            raise PresetError("; ".join(self._mistakes))
        return start

    def _entries(self, text: str) -> list[tuple[str, yaml.Node]]:
        root = read_mapping(text, self._path.name)
        entries = []
        seen: set[str] = set()
        for key, node in root.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name in seen:
                self._mistake(key, f"'{name}' stands twice")
            seen.add(name)
            entries.append((name, node))
        return entries

    def _value(self, parameter: Parameter, node: yaml.Node) -> Value | None:
        if parameter.scope == "show":
            self._mistake(node, f"'{parameter.name}' belongs to the show, a preset may not set it")
            return None
        given = scalar(node)
        word = isinstance(node, yaml.ScalarNode) and type(given) in (str, int)
        try:
            if self._foreign and parameter.kind == "word" and word:
                return self._translated(parameter, node, given)
            return checked_value(parameter, given, self._vocabulary)
        except VJDreamError as error:
            self._mistake(node, str(error))
            return None

    def _translated(self, parameter: Parameter, node: yaml.Node, given: str | int) -> Value:
        """What a word of another network is called here, or what the show starts with."""
        own = self._vocabulary.called(parameter.words, given)
        if own is not None:
            return own
        value = self._first.value(parameter)
        self._notes.append(
            f"{self._place(node)}: network '{self._network}' knows no {parameter.words} "
            f"'{str(given)[:60]}', so '{value}' takes its place"
        )
        return value

    def _palette(self, node: yaml.Node) -> tuple[str, ...]:
        """The classes of a list; those of another network that are unknown here are left out."""
        if not isinstance(node, yaml.SequenceNode):
            self._mistake(node, "'palette' needs a list of classes such as [eye, galaxy]")
            return ()
        if len(node.value) > LARGEST_PALETTE:
            self._mistake(
                node, f"'palette' has {len(node.value)} classes (allowed: {LARGEST_PALETTE})"
            )
            return ()
        slugs: list[str] = []
        left_out: list[str] = []
        for entry in node.value:
            given = scalar(entry)
            word = given if type(given) is int else str(given)
            try:
                if self._foreign:
                    own = self._vocabulary.called("class", word)
                    slugs += [own] if own is not None else []
                    left_out += [str(word)[:60]] if own is None else []
                else:
                    slugs.append(self._vocabulary.find(word))
            except VJDreamError as error:
                self._mistake(entry, str(error))
        if left_out:
            instead = "" if slugs else ", so all its classes are played"
            self._notes.append(
                f"{self._place(node)}: network '{self._network}' knows no "
                f"{', '.join(left_out)} of the palette{instead}"
            )
        return tuple(dict.fromkeys(slugs))

    def _start(self, node: yaml.Node) -> dict[str, str]:
        start: dict[str, str] = {}
        if not isinstance(node, yaml.MappingNode):
            self._mistake(node, f"'start' holds lines of {', '.join(START_KEYS)}")
            return start
        for key, value in node.value:
            name, text = str(key.value), str(value.value)
            try:
                if not isinstance(key, yaml.ScalarNode):
                    raise PresetError(f"'start' holds lines of {', '.join(START_KEYS)}")
                if not isinstance(value, yaml.ScalarNode):
                    raise PresetError(f"'{name}' needs one value")
                if name in start:
                    raise PresetError(f"'{name}' stands twice")
                if name not in START_KEYS:
                    raise PresetError(f"'start' knows no '{name}'{nearest(name, START_KEYS)}")
                if name in ("canvas", "size"):
                    parse_size(text, name)
                elif name == "fps":
                    parse_fps(text)
                start[name] = text
            except VJDreamError as error:
                self._mistake(value, str(error))
        return start

    def _mistake(self, node: yaml.Node, sentence: str) -> None:
        self._mistakes.append(f"{self._place(node)}: {sentence}")

    def _place(self, node: yaml.Node) -> str:
        return f"{self._path.name} line {node.start_mark.line + 1}"


def checked_value(parameter: Parameter, given: Any, vocabulary: Vocabulary) -> Value:
    """Return `given` as a value of that parameter; a file or option is never clamped.

    Raises:
        VJDreamError: when it does not fit.
    """
    if parameter.kind in ("word", "choice"):
        chosen = given if type(given) is int else str(given)
        if parameter.kind == "choice":
            return parameter.choice(chosen)
        return vocabulary.resolve(parameter.words, chosen)
    if parameter.kind == "toggle":
        if isinstance(given, bool):
            return given
        raise PresetError(f"'{parameter.name}' needs true or false, got {given!r}")
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise PresetError(f"'{parameter.name}' needs a number ({parameter.allowed}), got {given!r}")
    if isinstance(given, int) and abs(given) > LARGEST_NUMBER:
        raise PresetError(f"'{parameter.name}' is out of range (allowed {parameter.allowed})")
    value, note = parameter.number(float(given))
    if note:
        raise PresetError(
            f"'{parameter.name}' {given:g} is out of range (allowed {parameter.allowed})"
        )
    return value
