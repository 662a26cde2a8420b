"""The file of a map: what is learned goes into it, and what a person wrote around it stays."""

from collections.abc import Iterator
from pathlib import Path

import platformdirs
import yaml

from vjdream.settings import Settings
from vjdream.surfaces.midi_map import Binding, MapError, MidiMap
from vjdream.surfaces.midi_reader import DEFAULT, load, parse, read_text
from vjdream.whole_file import write_whole
from vjdream.yaml_nodes import read_mapping


def own_map() -> Path:
    """Where the map lies that was learned, unless another file is asked for."""
    return platformdirs.user_documents_path() / "vjdream" / "midi.yaml"


class MapFile:
    """The map of a show on disk; while there is no file yet, the one that ships plays.

    Attributes:
        midi_map: as it plays now.

    Raises:
        MapError: with all mistakes of the file and their lines.
    """

    def __init__(self, settings: Settings) -> None:
        given = settings.midi_map
        self.path = own_map() if given is None else Path(given).expanduser()
        self.midi_map = self._saved = load(self._source())

    def learn(self, binding: Binding) -> None:
        """Add a binding, in the file too; what was written into it meanwhile counts.

        Raises:
            MapError: when the file cannot be read or written; the binding plays all the same.
        """
        before = self.midi_map
        self.midi_map = before.learned(binding)
        text = read_text(self._source())
        on_disk = parse(text, self.path.name)
        if on_disk != self._saved:  # somebody has edited it
            before, self.midi_map = on_disk, on_disk.learned(binding)
        content = edited(text, before, self.midi_map)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, content.encode("utf-8"))
        except OSError as error:
            raise MapError(f"MIDI map {self.path} cannot be written: {error.strerror}") from None
        self._saved = self.midi_map

    def _source(self) -> Path:
        return self.path if self.path.exists() else DEFAULT


def edited(text: str, before: MidiMap, after: MidiMap) -> str:
    """Return a file's text with its controls changed and all its comments in place.

    Where that cannot be done line by line, the map is written anew.

    Args:
        before: what the text says.
        after: what it is to say: some of `before`, and perhaps more at the end.
    """
    try:
        content = _edited(text, before, after)
        if parse(content, "").bindings == after.bindings:
            return content
    except (MapError, ValueError):
        pass
    return after.text()


def _edited(text: str, before: MidiMap, after: MidiMap) -> str:
    lines = text.splitlines(keepends=True)
    entries = list(_entries(text))
    if not entries or len(entries) != len(before.bindings) or not lines[-1].endswith("\n"):
        raise ValueError
    added = [binding for binding in after.bindings if binding not in before.bindings]
    indent = lines[entries[-1].start].partition("-")[0]
    last = entries[-1].stop
    lines[last:last] = [f"{indent}- {binding.line()}\n" for binding in added]
    for entry, binding in reversed(list(zip(entries, before.bindings, strict=True))):
        if binding not in after.bindings:
            del lines[entry.start : entry.stop]
    return "".join(lines)


def _entries(text: str) -> Iterator[range]:
    """The lines of each control."""
    for key, controls in read_mapping(text, "").value:
        if key.value == "controls" and isinstance(controls, yaml.SequenceNode):
            for entry in controls.value:
                ends = [value.end_mark.line for pair in entry.value for value in pair]
                yield range(entry.start_mark.line, max(ends) + 1)
