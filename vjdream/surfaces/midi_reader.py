"""Map files, checked before a control acts: all mistakes at once, each with its line."""

import math
import re
from pathlib import Path
from typing import get_args

import yaml

from vjdream.errors import ParameterError, PresetError
from vjdream.parameters import Value
from vjdream.surfaces.midi_fields import Fields
from vjdream.surfaces.midi_map import (
    CLICK,
    FINE,
    Binding,
    Control,
    Curve,
    Encoding,
    MapError,
    MidiMap,
)
from vjdream.surfaces.midi_messages import LARGEST, Kind
from vjdream.surfaces.midi_targets import MODES, Target, find
from vjdream.vocabulary import FORMAT
from vjdream.yaml_nodes import read_mapping, scalar
from vjdream.yaml_nodes import read_text as read_small

LARGEST_FILE = 256 * 1024
MOST_MISTAKES = 20
MOST_CONTROLS = 2048
LONGEST_DEVICE = 128
NARROWEST = 1e-6
"""Part of a parameter's range that a control must cover at least."""

RANGE = re.compile(r"\s*(\S+)\s+to\s+(\S+)\s*")
KINDS: tuple[Kind, ...] = get_args(Kind)
KEYS = (
    "device", "channel", *KINDS, "target", "mode", "range", "curve", "value", "pickup", "fine",
    "encoding", "step", "light", "dim", "light_channel",
)  # fmt: skip

DEFAULT = Path(__file__).parent.parent / "data" / "midi-map.yaml"
"""The map that ships: eight faders and eight by eight pads."""


def load(path: Path) -> MidiMap:
    """Read and check a map file.

    Raises:
        MapError: one sentence with all mistakes and their lines, or why it cannot be read.
    """
    return parse(read_text(path), path.name)


def read_text(path: Path) -> str:
    """Return the text of a map file.

    Raises:
        MapError: when it cannot be read.
    """
    return read_small(path, "MIDI map", LARGEST_FILE, MapError)


def parse(text: str, name: str) -> MidiMap:
    """Check the text of a map; `name` is what its mistakes are told under.

    Raises:
        MapError: as `load`.
    """
    return _Reader(name).read(text)


class _Reader(Fields):
    """Reads one file."""

    def read(self, text: str) -> MidiMap:
        try:
            root = read_mapping(text, self.name)
        except PresetError as error:
            raise MapError(str(error).replace("a preset", "a MIDI map")) from None
        bindings: list[Binding] = []
        version = None
        for key, node in self.entries(root, ("vjdream", "controls")).values():
            if key == "vjdream":
                version = scalar(node)
                if version != FORMAT:
                    self.mistake(
                        node, f"format {version!r} is unknown, this vjdream reads {FORMAT}"
                    )
            else:
                bindings = self._bindings(node)
        if version is None and not self.mistakes:
            self.mistakes.append(f"{self.name}: the line 'vjdream: {FORMAT}' is missing")
        if len(self.mistakes) > MOST_MISTAKES:
            self.mistakes[MOST_MISTAKES:] = ["and more"]
        if self.mistakes:
            raise MapError("; ".join(self.mistakes))
        return MidiMap(tuple(bindings), _about(text))

    def _bindings(self, node: yaml.Node) -> list[Binding]:
        if not isinstance(node, yaml.SequenceNode):
            self.mistake(node, "'controls' needs a list such as '- {control: 48, target: zoom}'")
            return []
        if len(node.value) > MOST_CONTROLS:
            self.mistake(node, f"'controls' has {len(node.value)} (allowed: {MOST_CONTROLS})")
            return []
        found = []
        for entry in node.value:
            if len(self.mistakes) > MOST_MISTAKES:
                break
            if isinstance(entry, yaml.MappingNode):
                before = len(self.mistakes)
                binding = self._binding(entry)
                found += [binding] if binding and len(self.mistakes) == before else []
            else:
                self.mistake(entry, "a control is told like '{control: 48, target: zoom}'")
        return found

    def _binding(self, node: yaml.MappingNode) -> Binding | None:
        """Read one line of the map; mistakes are kept, and what is wrong is as if not there."""
        nodes = dict(self.entries(node, KEYS).values())
        control = self._control(node, nodes)
        target = None
        if "target" not in nodes:
            self.mistake(node, "a 'target' is missing, such as zoom or palette/1")
        else:
            try:
                target = find(str(scalar(nodes["target"])))
            except ParameterError as error:
                self.mistake(nodes["target"], str(error))
        if control is None or target is None:
            return None
        pressed = control.kind == "note"
        mode = self.word(nodes, "mode", MODES[target.purpose], target.mode(pressed), target.name)
        numbers = target.purpose == "number" and mode != "trigger"
        asks = {
            "range": (numbers, "is for numbers"),
            "curve": (numbers, "is for numbers"),
            "value": (mode == "trigger", "is for mode trigger"),
            "pickup": (mode == "absolute", "is for mode absolute"),
            "fine": (
                mode == "absolute" and control.kind == "control" and control.number < FINE,
                f"is for controls 0 to {FINE - 1} in mode absolute",
            ),
            "encoding": (mode == "relative", "is for mode relative"),
            "step": (numbers and mode == "relative", "is for numbers in mode relative"),
        }
        for key, (fits, why) in asks.items():
            if key in nodes and not fits:
                self.mistake(nodes[key], f"'{key}' {why}")
        if mode == "relative" and control.kind != "control":
            self.mistake(nodes["mode"], f"a {control.kind} cannot be relative")
        if control.kind == "bend" and mode == "toggle":
            self.mistake(nodes["mode"], "a bend cannot toggle")
        value = self._value(nodes, target)
        if target.needs_value and value is None and "value" not in nodes:
            self.mistake(node, f"'{target.name}' needs a 'value' to send")
        return Binding(
            control,
            target.name,
            mode,
            self._range(nodes, target) if numbers else None,
            self.word(nodes, "curve", get_args(Curve), "own"),
            value,
            self.switch(nodes, "pickup", True),
            self.switch(nodes, "fine", False),
            self.word(nodes, "encoding", get_args(Encoding), "twos_complement"),
            self._step(nodes),
            self.whole(nodes, "light", 0, LARGEST, LARGEST) or 0,
            self.whole(nodes, "dim", 0, LARGEST, 0) or 0,
            self.whole(nodes, "light_channel", 1, 16, None),
        )

    def _control(self, node: yaml.Node, nodes: dict[str, yaml.Node]) -> Control | None:
        kinds = [kind for kind in KINDS if kind in nodes]
        if len(kinds) != 1:
            self.mistake(node, f"one of {', '.join(KINDS)} is needed, got {len(kinds)}")
            return None
        kind = kinds[0]
        number: int | None = 0
        if kind != "bend":
            number = self.whole(nodes, kind, 0, LARGEST, None)
        elif not self.switch(nodes, kind, True):
            self.mistake(nodes[kind], "'bend' needs true, or is left out")
        device = str(scalar(nodes["device"])) if "device" in nodes else ""
        if "device" in nodes and not 0 < len(device.strip()) <= LONGEST_DEVICE:
            self.mistake(nodes["device"], "'device' needs a part of a port's name")
        channel = self.whole(nodes, "channel", 1, 16, None)
        return None if number is None else Control(kind, number, channel, device)

    def _range(self, nodes: dict[str, yaml.Node], target: Target) -> tuple[float, float] | None:
        parameter = target.parameter
        if "range" not in nodes or parameter is None:
            return None
        told = RANGE.fullmatch(str(scalar(nodes["range"])))
        try:
            low, high = (float(told[1]), float(told[2])) if told else (math.nan, math.nan)
        except ValueError:
            low = high = math.nan
        least = NARROWEST * (parameter.maximum - parameter.minimum)
        if not (math.isfinite(low) and math.isfinite(high)) or abs(high - low) < least:
            self.mistake(nodes["range"], "'range' needs two numbers, such as 0.9 to 1.2")
            return None
        if not parameter.minimum <= min(low, high) < max(low, high) <= parameter.maximum:
            self.mistake(
                nodes["range"], f"'range' is outside that of '{target.name}' ({parameter.allowed})"
            )
            return None
        return low, high

    def _value(self, nodes: dict[str, yaml.Node], target: Target) -> Value | None:
        if "value" not in nodes:
            return None
        given = scalar(nodes["value"])
        try:
            return target.checked(given if isinstance(given, bool | int | float) else str(given))
        except ParameterError as error:
            self.mistake(nodes["value"], str(error))
            return None

    def _step(self, nodes: dict[str, yaml.Node]) -> float:
        if "step" not in nodes:
            return CLICK
        given = scalar(nodes["step"])
        if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= 1:
            self.mistake(nodes["step"], f"'step' needs a number above 0, up to 1, got {given!r}")
            return CLICK
        return float(given)


def _about(text: str) -> str:
    """The comment lines that a file begins with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").removeprefix(" "))
    return "\n".join(lines)
