"""What is generated is of today, and what the surfaces send is what vjdream takes."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import generate_chataigne
import pytest
from generate import FILES, ROOT, main, with_table
from generate_table import buttons, table

from vjdream.control.dispatch import Dispatcher
from vjdream.messages import Argument, Message
from vjdream.packets import encode_message, parse
from vjdream.parameters import COMMANDS, REPORTS, TABLE, State
from vjdream.preset_library import Library
from vjdream.vocabulary import load_descriptor

VOCABULARY = load_descriptor("dreamnet").vocabulary
HEARD = {p.address for p in TABLE.values()} | {
    address for command in COMMANDS.values() for address in command.addresses
}
SAID = {report.address for report in REPORTS}


@pytest.mark.parametrize("name", FILES)
def test_what_is_generated_is_of_today(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == FILES[name](), "stale: run python tools/generate.py"


def test_generating_again_writes_the_same_files(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("generate.ROOT", tmp_path)
    (tmp_path / "README.md").write_bytes((ROOT / "README.md").read_bytes())
    main()
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes(), name


def test_a_readme_without_the_marks_is_left_alone() -> None:
    with pytest.raises(SystemExit, match="has lost the marks"):
        with_table("# vjdream\n", "")


def engine(presets: Path) -> Dispatcher:
    return Dispatcher(VOCABULARY, State(), Library(VOCABULARY, presets, first=State()))


def sent(target: Dispatcher, address: str, types: str, arguments: tuple[Argument, ...]) -> None:
    """Send bytes as a surface does; what is refused fails."""
    for heard, values in parse(encode_message(address, types, arguments)):
        target.apply(Message(1.0, heard, values, ("127.0.0.1", 50000)))


# -- the table ------------------------------------------------------------------------------------


def test_names_for_touchdesigner_are_taken_once() -> None:
    content = json.loads(table())
    names = [
        e["touchdesigner"] for part in ("parameters", "commands", "reports") for e in content[part]
    ]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Z][a-z0-9]*", name) for name in names)


def test_every_listed_command_is_a_button_or_has_a_reason() -> None:
    without = {c.name for c in COMMANDS.values() if c.listed and not buttons(c)}
    assert without == {"classes", "norm/<name>", "slot", "subscribe", "sync"}


# -- the list of addresses ------------------------------------------------------------------------


def test_the_list_has_every_address() -> None:
    text = FILES["tools/surfaces/addresses.md"]()
    listed = re.findall(r"^\| `(/vjdream/[^`]+)` \|", text, re.MULTILINE)
    numbers = {f"/vjdream/norm/{p.name}" for p in TABLE.values() if p.numeric}
    named = {a for c in COMMANDS.values() if "<" in c.name for a in c.addresses}
    assert set(listed) == (HEARD | SAID | numbers) - named
    assert len(set(listed)) == len(listed)


# -- Open Stage Control ---------------------------------------------------------------------------

SESSION = json.loads(FILES["tools/surfaces/vjdream.json"]())


def widgets(inside: dict[str, Any] = SESSION["content"]) -> Iterator[dict[str, Any]]:
    """Every widget of the session, from the outside in."""
    yield inside
    for child in (*inside.get("tabs", ()), *inside.get("widgets", ())):
        yield from widgets(child)


WITH_ADDRESS = [widget for widget in widgets() if "address" in widget]


def test_the_session_is_one_that_needs_no_conversion() -> None:
    assert SESSION["type"] == "session"
    assert tuple(map(int, SESSION["version"].split("."))) > (1, 24, 2)
    assert SESSION["content"]["type"] == "root"


def test_every_parameter_and_report_has_a_widget_and_every_address_is_known() -> None:
    used = {widget["address"] for widget in WITH_ADDRESS}
    assert used <= HEARD | SAID
    assert {p.address for p in TABLE.values()} | SAID <= used


def test_containers_hold_tabs_or_widgets_and_never_both() -> None:
    for widget in widgets():
        assert not ("tabs" in widget and "widgets" in widget)
        if "widgets" in widget:
            assert widget["type"] in ("panel", "tab")


def test_nothing_is_sent_but_values_and_presses() -> None:
    """A container with tabs would tell which of them is open, at an address of its own."""
    silent = {"panel", "tab", "text"}
    for widget in widgets():
        if "address" not in widget and ("tabs" in widget or widget["type"] not in silent):
            assert widget["bypass"], widget["id"]


def test_widgets_of_one_id_have_one_address() -> None:
    addresses: dict[str, str | None] = {}
    for widget in widgets():
        address = widget.get("address")
        assert addresses.setdefault(widget["id"], address) == address, widget["id"]


def test_only_values_share_an_id() -> None:
    ids = [widget["id"] for widget in widgets() if "address" not in widget]
    assert len(set(ids)) == len(ids)


def test_faders_reach_both_ends_and_are_not_rounded_to_two_digits() -> None:
    faders = {w["address"]: w for w in WITH_ADDRESS if w["type"] == "fader"}
    for parameter in (p for p in TABLE.values() if p.numeric):
        fader = faders[parameter.address]
        assert (fader["range"]["min"], fader["range"]["max"]) == (
            parameter.minimum, parameter.maximum
        )  # fmt: skip
        assert fader["decimals"] == (0 if parameter.kind == "integer" else 4)
        assert fader["typeTags"] == parameter.osc_type


def test_a_logarithmic_fader_has_its_middle_in_the_middle() -> None:
    (zoom,) = [w for w in WITH_ADDRESS if w["id"] == "zoom" and w["type"] == "fader"]
    assert zoom["range"]["50%"] == 1.0
    assert zoom["range"]["25%"] == pytest.approx(0.5**0.5, abs=1e-6)


@pytest.mark.parametrize(
    "widget",
    [w for w in WITH_ADDRESS if w["type"] != "text"],
    ids=lambda w: f"{w['type']} {w['id']}",
)
def test_whatever_a_widget_sends_is_understood(widget: dict[str, Any], tmp_path: Path) -> None:
    target, address = engine(tmp_path), widget["address"]
    if widget["type"] in ("fader", "input"):
        parameter = next(p for p in TABLE.values() if p.address == address)
        for value in (parameter.minimum, parameter.maximum):
            number = round(value) if widget["typeTags"] == "i" else round(value, widget["decimals"])
            sent(target, address, widget["typeTags"], (number,))
            assert target.target.value(parameter) == pytest.approx(parameter.number(number)[0])
    elif widget["type"] == "dropdown":
        for value in widget["values"]["values"]:
            sent(target, address, widget["typeTags"], (value,))
    elif widget["mode"] == "momentary":
        sent(target, address, "", ())
    else:
        for value in (widget["on"], widget.get("off", widget["on"])):
            sent(target, address, widget["typeTags"], (value,))


def test_the_session_asks_for_feedback() -> None:
    assert SESSION["content"]["onCreate"].startswith("send('/vjdream/sync')\nsetInterval(")


# -- Chataigne ------------------------------------------------------------------------------------

MODULE = json.loads(FILES["tools/surfaces/chataigne/module.json"]())
SCRIPT = FILES["tools/surfaces/chataigne/vjdream.js"]()
TYPES = {"Float", "Integer", "Boolean", "String", "Enum"}


def test_every_command_calls_a_function_that_takes_what_it_has() -> None:
    functions = dict(re.findall(r"^function (\w+)\(([^)]*)\)", SCRIPT, re.MULTILINE))
    for command in MODULE["commands"].values():
        taken = [word for word in functions[command["callback"]].split(", ") if word]
        assert len(taken) == len(command.get("parameters", {}))
    assert set(functions) == {c["callback"] for c in MODULE["commands"].values()} | {"update"}


def test_no_command_hides_another() -> None:
    offered = [*TABLE.values(), *generate_chataigne._offered()]
    assert len(MODULE["commands"]) == len(offered)


def test_the_script_sends_to_addresses_that_are_known() -> None:
    for address in re.findall(r'local\.send\("([^"]+)"', SCRIPT):
        numbered = (
            address.endswith("/") and COMMANDS[address.removeprefix("/vjdream/")[:-1]].numbers
        )
        assert numbered or address in HEARD


def test_values_are_called_by_the_address_that_they_hear() -> None:
    assert set(MODULE["values"]) == {p.address for p in TABLE.values()} | SAID
    for entry in MODULE["values"].values():
        assert entry["type"] in TYPES - {"Enum"}  # an incoming message sets no menu


def test_parameters_have_types_defaults_and_ranges_of_the_table() -> None:
    for parameter in TABLE.values():
        (given,) = MODULE["commands"][parameter.label]["parameters"].values()
        assert given["type"] in TYPES
        if parameter.numeric:
            assert (given["min"], given["max"]) == (parameter.minimum, parameter.maximum)
        if given["type"] == "Enum":
            assert given["default"] in given["options"]
        else:
            assert given["default"] == parameter.default


@pytest.mark.skipif(which("node") is None, reason="there is no node to run the script with")
def test_what_the_script_sends_is_understood(tmp_path: Path) -> None:
    """Call every command with its default in a JavaScript that is not Chataigne's own."""
    calls = []
    for command in MODULE["commands"].values():
        given = [
            entry["options"][entry.get("default", next(iter(entry["options"])))]
            if entry["type"] == "Enum"
            else entry["default"]
            for entry in command.get("parameters", {}).values()
        ]
        calls.append(f"{command['callback']}({', '.join(map(json.dumps, given))});")
    code = "\n".join([
        "var told = [];",
        "var local = {send: function() { told.push(Array.prototype.slice.call(arguments)); }};",
        "var util = {getTime: function() { return 1; }};",
        SCRIPT, *calls, "update(0.02); update(0.02);", "console.log(JSON.stringify(told));",
    ])  # fmt: skip
    answer = subprocess.run(
        ["node", "-"], input=code, capture_output=True, text=True, check=True, timeout=60
    )
    told = json.loads(answer.stdout)
    assert len(told) == len(calls) + 1
    for address, *arguments in told:
        kinds = {str: "s", float: "f", int: "i", bool: "i"}
        types = "".join(kinds[type(argument)] for argument in arguments)
        sent(engine(tmp_path), address, types, tuple(arguments))
