"""A module for Chataigne: a command and a value for every parameter, and the script behind them.

Copy ``tools/surfaces/chataigne/`` into ``Documents/Chataigne/modules/vjdream``. The format is what
Chataigne reads in `Module::setupModuleFromJSONData`, `CustomOSCModule` and `ScriptCommand`: a value
takes what comes to the address that it is called by, a command calls a function of the script with
its parameters in order, and `mappingIndex` 0 makes the first one the target of a mapping. The
output listens on its own port, where the engine answers.
"""

import json
import re
from typing import Any

from generate_table import ARGUMENT, label, presets

import vjdream
from vjdream.parameters import COMMANDS, REPORTS, ROOT, TABLE, Command, Parameter
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

SCRIPT = "vjdream.js"
INPUT_PORT = 7702
"""Chataigne opens one, although the engine answers the output's own port."""

OPENING = """\
// Written by tools/generate_chataigne.py from the table of parameters.

var next = 0;

// The engine tells every change to whoever has asked within the last minute.
function update(deltaTime) {
  var now = util.getTime();
  if (now >= next) {
    next = now + 20;
    local.send("%ssync");
  }
}
"""

Entry = dict[str, Any]


def module() -> str:
    """Return the text of ``module.json``."""
    content = {
        "name": "vjdream",
        "type": "OSC",
        "path": "Video",
        "version": vjdream.__version__,
        "description": "Plays vjdream, a hallucinating neural network",
        "hasInput": True,
        "hasOutput": True,
        "hideDefaultCommands": False,
        "defaults": {
            "autoAdd": False,
            "OSC Input": {"localPort": INPUT_PORT},
            "OSC Outputs": {
                "OSC Output": {
                    "local": True, "remotePort": Settings().osc_port, "listenToFeedback": True
                }
            },
        },
        "scripts": [SCRIPT],
        "parameters": {},
        "values": values(),
        "commands": {p.label: _parameter(p) for p in TABLE.values()}
        | {label(c.name): _command(c) for c in _offered()},
    }  # fmt: skip
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def script() -> str:
    """Return the text of ``vjdream.js``: one function for each command."""
    parts = [OPENING % ROOT]
    for parameter in TABLE.values():
        name = function(parameter.name)
        parts.append(_function(name, "value", f'"{parameter.address}", value'))
    for command in _offered():
        name, address = function(command.name), ROOT + command.name
        if command.numbers:
            parts.append(_function(name, "number", f'"{address}/" + number, 1'))
        elif _argument(command):
            needed = not command.arguments.startswith("[")
            value = "value" if needed else 'value == "" ? 1 : value'  # 1 lets the engine name it
            parts.append(_function(name, "value", f'"{address}", {value}'))
        else:
            parts.append(_function(name, "", f'"{address}", 1'))
    return "\n".join(parts)


def values() -> dict[str, Entry]:
    """What the engine tells, by address. Menus are texts here: Chataigne sets no others by OSC."""
    told: dict[str, Entry] = {}
    for p in TABLE.values():
        entry = {**_type(p), "description": p.help}
        if p.kind in ("choice", "word"):
            entry = {"type": "String", "default": p.default, "description": p.help}
        told[p.address] = entry
    kinds = {"f": "Float", "i": "Integer", "s": "String"}
    for report in REPORTS:
        told[report.address] = {
            "type": kinds[report.osc_type], "description": report.help, "readOnly": True
        }  # fmt: skip
    return told


def function(name: str) -> str:
    """Return the name of a command's function: ``pan/x`` has `set_pan_x`."""
    return "set_" + re.sub("[^a-z0-9]", "_", name)


def _function(name: str, parameter: str, sent: str) -> str:
    return f"function {name}({parameter}) {{\n  local.send({sent});\n}}\n"


def _offered() -> list[Command]:
    """The commands that make sense as one; classes are parameters already, by their words."""
    return [
        c for c in COMMANDS.values()
        if c.listed and "<" not in c.name and c.name not in ("subscribe", "classes", "slot")
    ]  # fmt: skip


def _parameter(p: Parameter) -> Entry:
    given = {p.label: {**_type(p), "description": p.help, "mappingIndex": 0}}
    return {"menu": p.page, "callback": function(p.name), "parameters": given}


def _command(command: Command) -> Entry:
    entry: Entry = {"menu": "Commands", "callback": function(command.name)}
    if command.numbers:
        number = {"type": "Integer", "default": 1, "min": 1, "max": command.numbers}
        entry["parameters"] = {"Number": {**number, "mappingIndex": 0}}
    elif kind := _argument(command):
        needed = command.example and not command.arguments.startswith("[")
        default = command.example[0] if needed else ""
        if kind == "s" and command.name == "preset/load":
            given: Entry = {"type": "Enum", "options": {name: name for name in presets()}}
        elif kind == "s":
            given = {"type": "String", "default": default}
        else:
            given = {"type": "Float", "default": default, "min": 0, "max": 60}
        entry["parameters"] = {label(command.name): {**given, "mappingIndex": 0}}
    return entry


def _argument(command: Command) -> str:
    """The type of what a command takes: f, s, or nothing."""
    found = ARGUMENT.match(command.arguments)
    return found[2] if found else ""


def _type(p: Parameter) -> Entry:
    """What Chataigne needs to know of a parameter."""
    if p.numeric:
        kind = "Integer" if p.kind == "integer" else "Float"
        return {"type": kind, "default": p.default, "min": p.minimum, "max": p.maximum}
    if p.kind == "toggle":
        return {"type": "Boolean", "default": p.default}
    descriptor = load_descriptor("dreamnet")
    if p.kind == "choice":
        options = {choice: choice for choice in p.choices}
    elif p.words == "layer":
        options = {layer.name: layer.name for layer in descriptor.layers}
    else:
        options = {c.name: c.slug for c in descriptor.classes}
    chosen = next((key for key, value in options.items() if value == p.default), p.default)
    return {"type": "Enum", "default": chosen, "options": options}
