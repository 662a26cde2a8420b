"""A session for Open Stage Control, a surface for browsers: every parameter, a tab for each page.

Start it with ``open-stage-control --load vjdream.json --send 127.0.0.1:7700``. The properties are
those of version 1 (`defaults` in its ``src/client/widgets/``). Without `typeTags` it sends floats,
and without `decimals` it rounds to two digits. The session asks for feedback every 20 seconds, and
widgets with the same `id` show one value.
"""

import json
from typing import Any

from generate_table import presets

from vjdream.parameters import COMMANDS, REPORTS, ROOT, TABLE, Command, Parameter
from vjdream.vocabulary import load_descriptor

VERSION = "1.25.0"
"""Sessions of older versions are converted when they are opened; this form needs no conversion."""

RENEWAL = 20_000
"""Milliseconds between two requests for feedback."""

ASK = f"send('{ROOT}sync')\nsetInterval('sync', ()=>{{send('{ROOT}sync')}}, {RENEWAL})"
"""What the session does in every browser that opens it."""

QUARTERS = (0.25, 0.5, 0.75)
"""Where a fader on a logarithmic scale is bent; between them it is straight."""

PADS = 16
"""Pads of the palette that are shown."""

OUTPUT = ("target", "hold", "master", "blackout")
"""What is at hand in the tab to play with, too."""

Widget = dict[str, Any]


def session() -> str:
    """Return the text of ``tools/surfaces/vjdream.json``."""
    pages = dict.fromkeys(p.page for p in TABLE.values())
    tabs = [_play(), *(_page(page) for page in pages), _commands(), _reports()]
    # without bypass it would tell the engine which tab is open
    root = {"type": "root", "id": "root", "bypass": True, "onCreate": ASK, "tabs": tabs}
    content = {
        "createdWith": "Open Stage Control", "version": VERSION, "type": "session", "content": root
    }  # fmt: skip
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


# -- the tabs -------------------------------------------------------------------------------------


def _play() -> Widget:
    """What a show is played with: classes, presets, pads, and the way to black."""
    rows = [
        _row("play_classes", [_labelled(p, "play") for p in TABLE.values() if _is_class(p)]),
        _row("play_presets", [_preset(name) for name in presets()]),
        _row("play_palette", [_pad(n) for n in range(1, PADS + 1)]),
        _row(
            "play_steps",
            [_button(a) for name in ("next", "random") for a in COMMANDS[name].addresses],
        ),
        _row("play_output", [_labelled(TABLE[n], "play") for n in OUTPUT]),
    ]
    return {"type": "tab", "id": "tab_play", "label": "Play", "layout": "vertical", "widgets": rows}


def _page(page: str) -> Widget:
    widgets = [_labelled(p, "page") for p in TABLE.values() if p.page == page]
    return _tab(page, widgets, columns=3)


def _commands() -> Widget:
    """Everything that needs no more than a press."""
    plain = [c for c in COMMANDS.values() if c.listed and not c.numbers and _pressable(c)]
    return _tab("Commands", [_button(c.addresses[0]) for c in plain], columns=4)


def _reports() -> Widget:
    widgets = []
    for report in REPORTS:
        name = report.address.removeprefix(ROOT)
        shown = {"type": "text", "id": _id(name), "address": report.address, "expand": True}
        widgets.append(_beside(name, name.removeprefix("state/").capitalize(), [shown]))
    return _tab("State", widgets, columns=3)


def _tab(title: str, widgets: list[Widget], columns: int) -> Widget:
    return {
        "type": "tab", "id": f"tab_{_id(title)}", "label": title, "layout": "grid",
        "gridTemplate": columns, "widgets": widgets,
    }  # fmt: skip


def _row(name: str, widgets: list[Widget]) -> Widget:
    stretched = [{"expand": True, **widget} for widget in widgets]
    return {
        "type": "panel", "id": name, "layout": "horizontal", "expand": True, "widgets": stretched
    }  # fmt: skip


# -- the widgets ----------------------------------------------------------------------------------


def _labelled(parameter: Parameter, tab: str) -> Widget:
    """A parameter's widget with its label, and for numbers a field to type them in."""
    widgets = [{**_control(parameter), "expand": True}]
    if parameter.numeric:
        field = {"type": "input", "numeric": True, "unit": parameter.unit, "width": 110}
        widgets.append({**_value(parameter), **field})
    return _beside(f"{tab}_{parameter.name}", parameter.label, widgets, parameter.help)


def _beside(name: str, label: str, widgets: list[Widget], comments: str = "") -> Widget:
    title = {"type": "text", "id": f"label_{_id(name)}", "default": label, "width": 110}
    return {
        "type": "panel", "id": f"panel_{_id(name)}", "layout": "horizontal", "height": 60,
        "comments": comments, "widgets": [title, *widgets],
    }  # fmt: skip


def _value(parameter: Parameter) -> Widget:
    """What every widget of a parameter shares; faders and fields of one id are one value."""
    decimals = {"decimals": 0 if parameter.kind == "integer" else 4} if parameter.numeric else {}
    default = int(parameter.default) if parameter.kind == "toggle" else parameter.default
    return {
        "id": _id(parameter.name), "address": parameter.address, "default": default,
        "typeTags": parameter.osc_type, **decimals,
    }  # fmt: skip


def _control(parameter: Parameter) -> Widget:
    value = _value(parameter)
    if parameter.kind == "toggle":
        return {**value, "type": "button", "mode": "toggle", "on": 1, "off": 0, "label": "on"}
    if not parameter.numeric:
        values, labels = _choices(parameter)
        menu = {"labels": labels, "values": values}
        return {**value, "type": "dropdown", "values": menu, "label": "%key"}
    fader = {"type": "fader", "horizontal": True, "doubleTap": True, "range": _range(parameter)}
    return {**value, **fader}


def _choices(parameter: Parameter) -> tuple[list[str], list[str]]:
    """What a menu sends, and what it shows."""
    if parameter.kind == "choice":
        return list(parameter.choices), list(parameter.choices)
    descriptor = load_descriptor("dreamnet")
    if parameter.words == "layer":
        names = [layer.name for layer in descriptor.layers]
        return names, names
    return [c.slug for c in descriptor.classes], [c.name for c in descriptor.classes]


def _range(parameter: Parameter) -> dict[str, float]:
    """The ends of a fader, and points between them where its scale is bent."""
    ends = {"min": parameter.minimum, "max": parameter.maximum}
    if parameter.curve == "linear":
        return ends
    return ends | {f"{q:.0%}": round(parameter.denormalised(q), 6) for q in QUARTERS}


def _preset(name: str) -> Widget:
    return {
        "type": "button", "id": f"preset_{_id(name)}", "label": name, "mode": "tap", "on": name,
        "address": f"{ROOT}preset/load", "typeTags": "s",
    }  # fmt: skip


def _pad(number: int) -> Widget:
    return {**_button(f"{ROOT}palette/{number}"), "label": str(number)}


def _button(address: str) -> Widget:
    """A button that sends its address alone: every trigger fires on that."""
    name = address.removeprefix(ROOT)
    label = name.replace("/", " ").capitalize()
    mode = {"mode": "momentary", "address": address}
    return {"type": "button", "id": f"press_{_id(name)}", "label": label, **mode}


def _pressable(command: Command) -> bool:
    return not command.arguments or command.arguments.startswith("[")


def _is_class(parameter: Parameter) -> bool:
    return parameter.kind == "word" and parameter.words == "class"


def _id(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name.lower())
