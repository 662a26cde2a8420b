"""A page for every address, in Markdown: what it is, and how each kind of program sends it.

Everything on a page is derived from the table, so an example is always one that vjdream takes.
"""

import math
import re
import shlex
from collections.abc import Iterable
from pathlib import Path

import yaml

from vjdream.errors import ParameterError, SettingsError, nearest
from vjdream.parameters import (
    COMMANDS,
    REPORTS,
    ROOT,
    TABLE,
    Command,
    Parameter,
    Report,
    Scope,
    Value,
)
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

PORT = Settings().osc_port
INDEX = "index.md"
NORM = "norm/"

TYPES = {"f": "a number", "i": "a whole number", "s": "a word"}
"""What the type tags of the table stand for."""

SCOPES: dict[Scope, str] = {
    "look": "look: saved in presets and morphed",
    "show": "show: belongs to the evening, presets never touch it",
}

Entry = Parameter | Command | Report


def page(name: str) -> str:
    """Return the page of one address, given with or without ``/vjdream/``.

    Raises:
        ParameterError: with the nearest name when there is none.
    """
    entries = _entries()
    numbered = {a.removeprefix(ROOT): c for c in COMMANDS.values() for a in c.addresses}
    asked = name.removeprefix(ROOT)
    entry = (numbered | entries).get(asked) or TABLE.get(asked.removeprefix(NORM))
    if entry is None:
        hint = nearest(asked[:60], entries)
        raise ParameterError(f"no address is called '{name[:60]}'{hint}")
    return _text(entry)


def pages() -> dict[str, str]:
    """Return every page and an index that links them, by file name."""
    entries = _entries()
    return {INDEX: _index()} | {file_name(name): _text(entries[name]) for name in entries}


def write(folder: Path) -> int:
    """Write all pages into a new or existing folder; return how many there are.

    Each file is replaced as a whole, so whoever reads meanwhile sees the old page or the new one.

    Raises:
        SettingsError: when they cannot be written.
    """
    texts = pages()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            unfinished = folder / f".{name}.part"
            try:
                unfinished.write_text(text, encoding="utf-8", newline="\n")
                unfinished.replace(folder / name)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"cannot write the pages to {folder}: {error.strerror}") from None
    return len(texts)


def file_name(name: str) -> str:
    """Return the file name of an address's page: ``split/shape`` has ``split-shape.md``."""
    return re.sub("[^a-z0-9_]+", "-", name.lower()).strip("-") + ".md"


def _entries() -> dict[str, Entry]:
    """Everything that has a page, by its address without ``/vjdream/``."""
    entries: list[Entry] = [*TABLE.values(), *COMMANDS.values(), *REPORTS]
    return {_name(entry): entry for entry in entries}


def _text(entry: Entry) -> str:
    if isinstance(entry, Parameter):
        group, lines = entry.page, _parameter(entry)
    elif isinstance(entry, Command):
        group, lines = "Commands", _command(entry)
    else:
        group, lines = "Reports", _report(entry)
    lines = [f"# `{_shown(entry)}`", "", entry.help, "", *lines]
    folder = _name(entry).rpartition("/")[0]
    same = [e for name, e in _entries().items() if folder and name.rpartition("/")[0] == folder]
    if len(same) > 1:
        lines += ["", "## Related", "", *(_link(e) for e in same if e is not entry)]
    return "\n".join([*lines, "", f"[{group}]({INDEX}#{_anchor(group)})"]) + "\n"


# -- the three kinds of pages ---------------------------------------------------------------------


def _parameter(parameter: Parameter) -> list[str]:
    return [*_facts(parameter), "", "## How to send it", "", *_examples(parameter)]


def _command(command: Command) -> list[str]:
    lines = [f"* Arguments: {f'`{command.arguments}`' if command.arguments else 'none'}"]
    if not command.listed:
        lines += ["* An alias: shorter to type, and not in the table."]
    optional = not command.arguments or command.arguments.startswith("[")
    if command.example or optional:
        lines += ["", "## How to send it", "", *_sent(command.addresses[0], command.example)]
    return lines


def _report(report: Report) -> list[str]:
    ask = " or ".join(f"`{COMMANDS[name].shown}`" for name in ("subscribe", "sync"))
    return [
        f"* Type: `{report.osc_type}`, {TYPES[report.osc_type]}",
        f"* Sent to everybody who has asked with {ask}, and to each `--feedback HOST:PORT`",
    ]


def _index() -> str:
    lines = ["# Every address of vjdream", ""]
    for group in dict.fromkeys(p.page for p in TABLE.values()):
        lines += [f"## {group}", "", *(_link(p) for p in TABLE.values() if p.page == group), ""]
    lines += ["## Commands", "", *(_link(c) for c in COMMANDS.values()), ""]
    lines += ["## Reports", "", *(_link(r) for r in REPORTS)]
    return "\n".join(lines) + "\n"


def _link(entry: Entry) -> str:
    return f"* [`{_shown(entry)}`]({file_name(_name(entry))}) {entry.help}"


def _shown(entry: Entry) -> str:
    return entry.shown if isinstance(entry, Command) else entry.address


def _name(entry: Entry) -> str:
    return entry.address.removeprefix(ROOT) if isinstance(entry, Report) else entry.name


def _anchor(heading: str) -> str:
    """The address of a heading as GitHub makes it."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


# -- parameters -----------------------------------------------------------------------------------


def _facts(parameter: Parameter) -> list[str]:
    """A list of what the table says."""
    kind, shown = TYPES[parameter.osc_type], _plain(parameter.default)
    if parameter.kind == "toggle":
        kind, shown = "1 is on, 0 is off", "on" if parameter.default else "off"
    facts = [("Type", f"`{parameter.osc_type}`, {kind}"), ("Default", shown)]
    if parameter.numeric:
        facts += [("Range", f"{parameter.minimum:g} to {parameter.maximum:g}")]
        facts += [("Unit", parameter.unit)] if parameter.unit else []
        ends = ", and its ends are the same" if parameter.wraps else ""
        facts += [("Curve", parameter.curve + ends)]
    else:
        facts += [("Allowed", parameter.allowed)]
    facts += [("Scope", SCOPES[parameter.scope])]
    if parameter.numeric:
        at = f"the default lies at {_position(parameter)}"
        facts += [("From 0 to 1", f"`{ROOT}{NORM}{parameter.name}`; {at}")]
    facts += [("TouchDesigner", f"custom parameter `{parameter.touchdesigner}`")]
    return [f"* {what}: {text}" for what, text in facts]


def _examples(parameter: Parameter) -> list[str]:
    value = _example(parameter)
    lines = _sent(parameter.address, (value,))
    if parameter.numeric:
        prefix, step = _step(parameter)
        lines += ["", f'From where it is, as Resolume sends it (`"{prefix}" {_plain(step)}`):', ""]
        lines += _fenced("sh", _oscsend(parameter.address, (prefix, step)))
        lines += ["", "From a fader that sends 0 to 1:", ""]
        position = float(_position(parameter))
        lines += _fenced("sh", _oscsend(f"{ROOT}{NORM}{parameter.name}", (position,)))
    if parameter.scope == "look":
        lines += ["", "In a preset:", ""]
        lines += _fenced("yaml", yaml.safe_dump({parameter.name: value}).strip())
        option = shlex.quote(f"{parameter.name}={_plain(value)}")
        lines += ["", "At the start:", "", *_fenced("sh", f"vjdream run --set {option}")]
    return lines


def _example(parameter: Parameter) -> Value:
    """A value worth sending: the default, but another choice, and a switch turned on."""
    if parameter.kind == "toggle":
        return True
    if parameter.kind == "choice":
        return next((c for c in parameter.choices if c != parameter.default), parameter.default)
    if parameter.kind == "word":
        vocabulary = load_descriptor(Settings().network).vocabulary
        known = vocabulary.called(parameter.words, str(parameter.default))
        return known or vocabulary.resolve(parameter.words, 0)
    return parameter.default


def _step(parameter: Parameter) -> tuple[str, float | int]:
    """A step that stays within the range: 1, or a power of ten below a tenth of the range."""
    step: float | int = 1
    if parameter.kind != "integer":
        span = parameter.maximum - parameter.minimum
        step = float(f"{10 ** math.floor(math.log10(span / 10)):g}")
    return ("+" if float(parameter.default) + step <= parameter.maximum else "-"), step


def _position(parameter: Parameter) -> str:
    return f"{parameter.normalised(float(parameter.default)):.3f}"


# -- how it is sent -------------------------------------------------------------------------------


def _sent(address: str, arguments: tuple[Value, ...]) -> list[str]:
    """One message from a terminal, from Python and from TouchDesigner."""
    listed = ", ".join(repr(_number(argument)) for argument in arguments)
    only = listed if len(arguments) == 1 else f"[{listed}]"
    return [
        *("From a terminal:", "", *_fenced("sh", _oscsend(address, arguments)), ""),
        *("From Python, with `from pythonosc.udp_client import SimpleUDPClient`:", ""),
        *_fenced(
            "python", f"SimpleUDPClient('localhost', {PORT}).send_message('{address}', {only})"
        ),
        *("", "From TouchDesigner, with an OSC Out DAT:", ""),
        *_fenced("python", f"op('oscout1').sendOSC('{address}', [{listed}])"),
    ]


def _oscsend(address: str, arguments: Iterable[Value]) -> str:
    """The line for liblo's `oscsend`."""
    values = [_number(argument) for argument in arguments]
    tags = "".join({int: "i", float: "f", str: "s"}[type(value)] for value in values)
    words = [tags, *(shlex.quote(_plain(value)) for value in values)] if values else []
    return " ".join(["oscsend", "localhost", str(PORT), address, *words])


def _number(value: Value) -> float | int | str:
    """A switch as the number that it travels as."""
    return int(value) if isinstance(value, bool) else value


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fenced(language: str, line: str) -> list[str]:
    return [f"```{language}", line, "```"]
