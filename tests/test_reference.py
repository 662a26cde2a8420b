"""A page for every address: complete, linked, and with examples that vjdream really takes."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from vjdream import presets
from vjdream.control.dispatch import Dispatcher
from vjdream.control.outcome import Outcome
from vjdream.errors import ParameterError, SettingsError
from vjdream.messages import Argument, Message
from vjdream.opening import Opening, begin
from vjdream.options import pair
from vjdream.packets import parse
from vjdream.parameters import COMMANDS, REPORTS, TABLE, Parameter, State
from vjdream.reference import file_name, page, pages, write
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

PARAMETERS = list(TABLE.values())
every_parameter = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
every_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda c: c.name)

VOCABULARY = load_descriptor("dreamnet").vocabulary
TYPES = {"f": float, "i": int, "s": str}

Sent = tuple[str, tuple[Any, ...]]


def blocks(text: str, language: str) -> list[str]:
    """The lines of a page that are code in one language."""
    return re.findall(rf"^```{language}\n(.*)\n```$", text, re.MULTILINE)


def from_terminal(text: str) -> list[Sent]:
    """What the page's `oscsend` lines send."""
    found = []
    for line in blocks(text, "sh"):
        words = shlex.split(line)
        if words[0] == "oscsend":
            assert words[1:3] == ["localhost", "7700"]
            tags = words[4] if len(words) > 4 else ""
            values = [TYPES[tag](word) for tag, word in zip(tags, words[5:], strict=True)]
            found.append((words[3], tuple(values)))
    return found


def from_programs(text: str) -> list[Sent]:
    """What the page's lines for Python and TouchDesigner send."""
    found = []
    for line in blocks(text, "python"):
        (call,) = ast.parse(line).body
        assert isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
        address, value = (ast.literal_eval(argument) for argument in call.value.args)
        found.append((address, tuple(value) if isinstance(value, list) else (value,)))
    return found


def over_the_wire(address: str, arguments: tuple[Any, ...]) -> tuple[str, tuple[Argument, ...]]:
    """What arrives of a message that python-osc sends."""
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    (message,) = parse(builder.build().dgram)
    return message


def taken(address: str, arguments: tuple[Any, ...], by: Opening) -> tuple[State, Outcome]:
    """Dispatch a message at the start of a show; return the state after it and what it did."""
    dispatcher = Dispatcher(by.vocabulary, by.state, by.library)
    outcome = dispatcher.apply(Message(0.0, *over_the_wire(address, arguments), "test"))
    return dispatcher.target, outcome


@pytest.fixture(scope="module")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opening]:
    """What a show of dreamnet starts from."""
    own = tmp_path_factory.mktemp("presets")
    opening = begin(Settings(preset_folder=str(own)))
    yield opening
    opening.library.close()


# -- what every page says -------------------------------------------------------------------------


@every_parameter
def test_a_page_says_what_the_table_says(parameter: Parameter) -> None:
    text = page(parameter.name)
    assert text.startswith(f"# `{parameter.address}`\n\n{parameter.help}\n")
    assert f"`{parameter.osc_type}`" in text
    assert parameter.unit in text
    assert parameter.touchdesigner in text
    assert f"Scope: {parameter.scope}: " in text
    assert all(choice in text for choice in parameter.choices)


@pytest.mark.parametrize("parameter", [p for p in PARAMETERS if p.numeric], ids=lambda p: p.name)
def test_the_page_of_a_number_tells_its_range_and_its_twin(parameter: Parameter) -> None:
    text = page(parameter.name)
    assert f"Range: {parameter.minimum:g} to {parameter.maximum:g}\n" in text
    assert f"Curve: {parameter.curve}" in text
    position = parameter.normalised(float(parameter.default))
    assert f"`/vjdream/norm/{parameter.name}`; the default lies at {position:.3f}" in text


def test_the_page_of_zoom_is_as_it_was_meant() -> None:
    text = page("zoom")
    assert "oscsend localhost 7700 /vjdream/zoom f 1.05\n" in text
    assert "send_message('/vjdream/zoom', 1.05)\n" in text
    assert "op('oscout1').sendOSC('/vjdream/zoom', [1.05])\n" in text
    assert "oscsend localhost 7700 /vjdream/zoom sf + 0.1\n" in text
    assert "oscsend localhost 7700 /vjdream/norm/zoom f 0.535\n" in text
    assert "```yaml\nzoom: 1.05\n```" in text
    assert "vjdream run --set zoom=1.05\n" in text


def test_a_switch_is_shown_being_turned_on() -> None:
    assert ("/vjdream/blackout", (1,)) in from_terminal(page("blackout"))
    assert "Default: off" in page("blackout")


def test_what_belongs_to_the_evening_is_in_no_preset() -> None:
    text = page("master")
    assert not blocks(text, "yaml")
    assert "--set" not in text


@every_command
def test_a_command_says_what_it_does_and_takes(command: Any) -> None:
    text = page(command.name)
    assert text.startswith(f"# `{command.shown}`\n\n{command.help}\n")
    assert command.arguments in text


def test_a_command_that_needs_arguments_and_has_no_example_gets_none() -> None:
    assert "How to send it" not in page("norm/<name>")
    assert from_terminal(page("sync")) == [("/vjdream/sync", ())]


@pytest.mark.parametrize("report", REPORTS, ids=lambda r: r.name)
def test_a_report_says_what_it_tells(report: Any) -> None:
    assert page(f"{report.folder}{report.name}").startswith(
        f"# `{report.address}`\n\n{report.help}\n"
    )


# -- examples -------------------------------------------------------------------------------------


@every_parameter
def test_every_message_on_a_page_is_taken_as_it_stands(
    parameter: Parameter, opening: Opening
) -> None:
    text = page(parameter.name)
    messages = from_terminal(text) + from_programs(text)
    assert len(messages) == (5 if parameter.numeric else 3)
    for address, arguments in messages:
        state, outcome = taken(address, arguments, opening)
        assert [changed for changed, _ in outcome.changes] == [parameter]
        assert not outcome.notes, "nothing had to be clamped"
        if parameter.name in address and len(arguments) == 1 and "/norm/" not in address:
            assert state.value(parameter) == over_the_wire(address, arguments)[1][0]


@every_parameter
def test_the_three_ways_to_send_a_value_send_the_same(parameter: Parameter) -> None:
    text = page(parameter.name)
    first, *others = [from_terminal(text)[0], *from_programs(text)]
    assert others == [first, first]


@every_parameter
def test_the_line_for_a_preset_is_read(parameter: Parameter, tmp_path: Path) -> None:
    lines = blocks(page(parameter.name), "yaml")
    assert len(lines) == (parameter.scope == "look")
    for line in lines:
        path = tmp_path / "preset.yaml"
        path.write_text(f"vjdream: 1\n{line}\n", encoding="utf-8")
        ((read, _),) = presets.load(path, VOCABULARY).values
        assert read is parameter


@every_parameter
def test_the_option_for_the_start_is_accepted(parameter: Parameter) -> None:
    lines = [line for line in blocks(page(parameter.name), "sh") if line.startswith("vjdream")]
    assert len(lines) == (parameter.scope == "look")
    for line in lines:
        program, command, option, given = shlex.split(line)
        assert (program, command, option) == ("vjdream", "run", "--set")
        name, value = pair(given)
        assert name == parameter.name
        presets.checked_value(parameter, value, VOCABULARY)


@every_command
def test_the_example_of_a_command_is_sent_alike_everywhere(command: Any) -> None:
    text = page(command.name)
    sent = [*from_terminal(text), *from_programs(text)]
    assert sent == [(command.addresses[0], command.example)] * len(sent)
    assert len(sent) == 3 or not command.example


@every_command
def test_the_example_of_a_command_is_taken(command: Any, opening: Opening) -> None:
    for address, arguments in from_terminal(page(command.name)):
        taken(address, arguments, opening)


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["zoom", "/vjdream/zoom", "norm/zoom", "/vjdream/norm/zoom"])
def test_a_page_is_found_by_its_name_and_by_its_address(name: str) -> None:
    assert page(name) == page("zoom")


def test_one_of_many_numbered_addresses_has_the_page_of_them_all() -> None:
    for command in COMMANDS.values():
        for address in command.addresses:
            assert page(address) == page(command.name)


@pytest.mark.parametrize("name", ["zomo", "/vjdream/zomo"])
def test_an_unknown_name_is_refused_with_the_nearest(name: str) -> None:
    with pytest.raises(ParameterError, match=f"called '{name}' - did you mean 'zoom'"):
        page(name)


@pytest.mark.parametrize("name", ["", "/", "x" * 10_000, "norm/", "../cli"])
def test_what_is_no_name_is_refused_shortly(name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        page(name)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("zoom", "zoom.md"),
        ("split/shape", "split-shape.md"),
        ("prior_form", "prior_form.md"),
        ("norm/<name>", "norm-name.md"),
        ("state/fps", "state-fps.md"),
    ],
)
def test_a_file_is_called_after_its_address(name: str, file: str) -> None:
    assert file_name(name) == file


# -- all pages ------------------------------------------------------------------------------------


def test_everything_in_the_table_has_a_page_of_its_own() -> None:
    expected = {p.address for p in PARAMETERS} | {r.address for r in REPORTS}
    expected |= {command.shown for command in COMMANDS.values()}
    texts = pages()
    assert {text.split("`")[1] for name, text in texts.items() if name != "index.md"} == expected
    assert len(texts) == len(expected) + 1


def test_every_link_leads_to_a_page_or_a_heading() -> None:
    texts = pages()
    for text in texts.values():
        for file, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
            assert file in texts
            headings = re.findall(r"^## (.*)$", texts[file], re.MULTILINE)
            assert not anchor or anchor in {h.lower().replace(" ", "-") for h in headings}


def test_the_index_links_every_page_once() -> None:
    texts = pages()
    links = re.findall(r"\(([a-z0-9_-]+\.md)\)", texts["index.md"])
    assert sorted(links) == sorted(set(texts) - {"index.md"})


def test_pages_of_one_folder_link_each_other() -> None:
    assert "(pan-y.md)" in page("pan/x")
    assert "(pan-x.md)" not in page("pan/x")
    assert "Related" not in page("zoom")


def test_every_page_ends_with_one_line_break() -> None:
    for text in pages().values():
        assert text.endswith("\n") and not text.endswith("\n\n")
        assert "\n\n\n" not in text


# -- files ----------------------------------------------------------------------------------------


def test_all_pages_are_written_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pages"
    assert write(folder) == len(pages())
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert written == pages()


def test_old_pages_are_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "zoom.md").write_text("old")
    (tmp_path / "mine.md").write_text("mine")
    write(tmp_path)
    assert (tmp_path / "zoom.md").read_text(encoding="utf-8") == page("zoom")
    assert (tmp_path / "mine.md").read_text() == "mine"


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_refused_in_one_sentence(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"cannot write the pages to .*file") as caught:
        write(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_page_that_cannot_be_replaced_leaves_nothing_unfinished(tmp_path: Path) -> None:
    (tmp_path / "index.md").mkdir()
    (tmp_path / "index.md" / "full").write_text("")
    with pytest.raises(SettingsError):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.md"]
