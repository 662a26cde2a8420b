"""The table as JSON, for programs that cannot import vjdream: TouchDesigner's builder reads it."""

import json
import re
from typing import Any

from vjdream.parameters import COMMANDS, REPORTS, ROOT, TABLE, Command, Report, as_plain
from vjdream.preset_library import shipped_folder
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

FORMAT = 1

PADS = 16
"""Pads of the palette that become buttons: four rows of four. The others stay addresses."""

PULLED = ("sync",)
"""Commands that every surface sends by itself."""

ARGUMENT = re.compile(r"(\[?)([sf]) (\w+)")


def table() -> str:
    """Return the text of ``touchdesigner/table.json``."""
    descriptor = load_descriptor("dreamnet")
    content = {
        "vjdream": FORMAT,
        "port": Settings().osc_port,
        "parameters": [_with_words(plain) for plain in as_plain()],
        "commands": [entry for command in COMMANDS.values() for entry in buttons(command)],
        "reports": [_report(report) for report in REPORTS],
        "classes": [{"slug": c.slug, "name": c.name} for c in descriptor.classes],
        "layers": [layer.name for layer in descriptor.layers],
        "presets": presets(),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def presets() -> list[str]:
    """The names of the presets that ship."""
    return sorted(path.stem for path in shipped_folder().glob("*.yaml"))


def buttons(command: Command) -> list[dict[str, Any]]:
    """Return what a command looks like as buttons: one for each address, with what it asks for.

    Those that only make sense with several arguments, or with a part of their address filled in,
    have none.
    """
    if not command.listed or command.name in PULLED or "<" in command.name:
        return []
    argument = None
    trigger = command.arguments == "[trigger]"
    if not trigger:
        found = ARGUMENT.match(command.arguments)
        if found is None:
            return []
        optional, kind, what = found.groups()
        argument = {
            "type": kind,
            "needed": not optional,
            "label": f"{label(command.name)} {what}",
            "default": command.example[0] if not optional and command.example else "",
            "touchdesigner": touchdesigner(f"{command.name}{what}"),
        }
    entries = []
    for address in command.addresses[: PADS if command.name == "palette" else None]:
        name = address.removeprefix(ROOT)
        entries.append(
            {
                "name": name, "address": address, "label": label(name), "help": command.help,
                "page": "Palette" if command.numbers else "Commands",
                "touchdesigner": touchdesigner(name), "argument": argument,
            }
        )  # fmt: skip
    return entries


def label(name: str) -> str:
    """Return a name as people read it: ``preset/load`` is Preset load."""
    return name.replace("/", " ").replace("_", " ").capitalize()


def touchdesigner(name: str) -> str:
    """Return a name as custom parameters have it: one capital, then lower case and digits."""
    return "".join(c for c in name.lower() if c.isalnum()).capitalize()


def report_name(report: Report) -> str:
    """Return the name of the custom parameter that shows a report."""
    return touchdesigner(report.address.removeprefix(ROOT))


def _report(report: Report) -> dict[str, Any]:
    name = report.address.removeprefix(f"{ROOT}state/").removeprefix(ROOT)
    return {
        "address": report.address, "type": report.osc_type, "help": report.help,
        "label": label(name), "touchdesigner": report_name(report),
    }  # fmt: skip


def _with_words(plain: dict[str, Any]) -> dict[str, Any]:
    """A word says whether it names a class or a layer."""
    return plain | ({"words": TABLE[plain["name"]].words} if plain["kind"] == "word" else {})
