"""The OSCQuery tree: every address of the tables as the proposal describes it, and nothing by hand.

No node has both TYPE and CONTENTS, because hosts take whatever has CONTENTS for a group.
DESCRIPTION is short, since hosts show it as a name; what there is to explain stands in HELP.
https://github.com/Vidvox/OSCQueryProposal
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vjdream.messages import Argument
from vjdream.parameters import (
    COMMANDS,
    OSC_TYPES,
    REPORTS,
    TABLE,
    TRIGGER,
    Command,
    Parameter,
    Report,
)

CONTAINER, READ, WRITE, BOTH = range(4)
"""ACCESS."""

UNITS = {"°": "angle.degree", "s": "time.second"}
"""Ours in the proposal's words, where it has one."""

WITHOUT_VALUE = "N"

Json = dict[str, Any]
Values = Mapping[str, tuple[Argument, ...]]


@dataclass(frozen=True, slots=True)
class Method:
    """One address that can be sent to or heard."""

    address: str
    type: str
    access: int
    label: str
    help: str
    range: Mapping[str, Any] | None = None
    unit: str = ""
    clipmode: str = ""

    def described(self, values: Values) -> Json:
        """Return its node, with the value if it has one."""
        node: Json = {
            "FULL_PATH": self.address,
            "TYPE": self.type,
            "ACCESS": self.access,
            "DESCRIPTION": self.label,
            "HELP": self.help,
        }
        if self.range is not None:
            node["RANGE"] = [self.range]
        if self.unit:
            node["UNIT"] = [self.unit]
        if self.clipmode:
            node["CLIPMODE"] = [self.clipmode]
        if self.access & READ and self.address in values:
            node["VALUE"] = [_plain(value) for value in values[self.address]]
        return node


def _plain(value: Argument) -> Argument:
    """Return a value as JSON holds it: floats of 32 bits have seven digits."""
    if isinstance(value, float):
        return float(f"{value:.7g}") if math.isfinite(value) else None
    return None if isinstance(value, bytes) else value


class Tree:
    """All methods, and the folders that their addresses make.

    Args:
        classes, layers: the words of the network, in the order of their numbers.
        presets: the names that can be loaded.
    """

    def __init__(
        self, classes: Sequence[str], layers: Sequence[str], presets: Sequence[str]
    ) -> None:
        words = {"class": list(classes), "layer": list(layers)}
        methods = [_parameter(p, words[p.words]) for p in TABLE.values()]
        methods += [_normalised(p) for p in TABLE.values() if p.numeric]
        for command in COMMANDS.values():
            if command.listed and "<" not in command.name:
                methods += _command(command, len(classes), presets)
        methods += [_report(report) for report in REPORTS]
        self.methods = {method.address: method for method in methods}
        self._folders: dict[str, list[str]] = {"/": []}
        for address in self.methods:
            self._grow(address)

    def _grow(self, address: str) -> None:
        """Make the folders above an address."""
        parent, _, _ = address.rpartition("/")
        parent = parent or "/"
        known = parent in self._folders
        self._folders.setdefault(parent, []).append(address)
        if not known:
            self._grow(parent)

    def node(self, path: str, values: Values) -> Json | None:
        """Return the node of a path and all that is below it, or None where there is none."""
        if path in self.methods:
            return self.methods[path].described(values)
        children = self._folders.get(path)
        if children is None:
            return None
        contents = {child.rpartition("/")[2]: self.node(child, values) for child in children}
        name = path.rpartition("/")[2].replace("_", " ").capitalize() or "vjdream"
        return {
            "FULL_PATH": path,
            "ACCESS": CONTAINER,
            "DESCRIPTION": name,
            "CONTENTS": contents,
        }


def changed(before: Tree, after: Tree) -> list[str]:
    """Return the paths that a client of one tree must read again to know the other."""
    paths = {**before.methods, **after.methods}
    return [path for path in paths if before.methods.get(path) != after.methods.get(path)]


def _parameter(parameter: Parameter, words: list[str]) -> Method:
    method = Method(parameter.address, parameter.osc_type, BOTH, parameter.label, parameter.help)
    if parameter.numeric:
        kind = int if parameter.kind == "integer" else float
        return replace(
            method,
            range={"MIN": kind(parameter.minimum), "MAX": kind(parameter.maximum)},
            unit=_unit(parameter.unit),
            clipmode="none" if parameter.wraps else "both",
        )
    if parameter.kind == "toggle":
        return replace(method, range={"MIN": 0, "MAX": 1})
    return replace(method, range={"VALS": list(parameter.choices) or words})


def _unit(unit: str) -> str:
    return UNITS.get(unit, unit)


def _normalised(parameter: Parameter) -> Method:
    return Method(
        parameter.norm_address,
        OSC_TYPES["continuous"],
        WRITE,
        f"{parameter.label} 0..1",
        f"{parameter.label} along its curve: {parameter.help}",
        {"MIN": 0.0, "MAX": 1.0},
        clipmode="both",
    )


def _command(command: Command, classes: int, presets: Sequence[str]) -> list[Method]:
    """One method for each address of a command."""
    types = _types(command.arguments)
    label = command.name.replace("/", " ").capitalize()
    found = []
    for address in command.addresses:
        number = address.rpartition("/")[2] if command.numbers else ""
        method = Method(address, types, WRITE, f"{label} {number}".strip(), command.help)
        if command.name == "slot":  # told, too
            last = max(0, classes - 1)
            method = replace(
                method, access=BOTH, range={"MIN": 0, "MAX": last}, label=f"Class {number} number"
            )
        if command.name == "preset/load":
            method = replace(method, range={"VALS": list(presets)})
        found.append(method)
    return found


def _types(arguments: str) -> str:
    """The type tags of what a command needs, or of what it may be given where it needs nothing."""
    if arguments in ("", TRIGGER):
        return WITHOUT_VALUE
    needed = re.sub(r"\[.*?\]", "", arguments)
    types = re.findall(r"\b[sfi]\b", needed) or re.findall(r"\b[sfi]\b", arguments)
    return "".join(types)


def _report(report: Report) -> Method:
    label = report.name.replace("/", " ").capitalize()
    return Method(report.address, report.osc_type, READ, label, report.help)
