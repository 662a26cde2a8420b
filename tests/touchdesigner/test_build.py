"""The builder: what stands inside TouchDesigner afterwards, and what it says about it."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.touchdesigner.built import FOLDER, TABLE, built, module, tree
from tests.touchdesigner.fake import World
from tests.touchdesigner.fake_operators import (
    EXTENSION,
    OLD_EXTENSION,
    PARAMETERS,
    STYLES,
    Operator,
)
from tests.touchdesigner.fake_parameters import TouchDesignerError

GOLDEN = Path(__file__).parent / "golden.json"
BUILDER = FOLDER / "build_vjdream.py"
VERIFY = (FOLDER / "VERIFY.md").read_text(encoding="utf-8")

EVERYTHING_SEEN = 14
"""Lines of VERIFY.md that a build sees by itself; the rest needs a person."""


def small_table() -> dict[str, Any]:
    """One entry of every kind, which no change of the real table touches."""
    common = {"unit": "", "wraps": False, "page": "Dream", "help": "What it does."}

    def parameter(name: str, kind: str, type_: str, default: Any, **more: Any) -> dict[str, Any]:
        td = name.replace("/", "").capitalize()
        address = f"/vjdream/{name}"
        return common | {
            "name": name, "address": address, "kind": kind, "type": type_, "default": default,
            "label": name, "touchdesigner": td, **more,
        }  # fmt: skip

    return {
        "vjdream": 1, "port": 7700,
        "parameters": [
            parameter("shape", "choice", "s", "line", choices=["whole", "line"]),
            parameter("class/1", "word", "s", "eye", words="class"),
            parameter("layer", "word", "s", "block1", words="layer"),
            parameter("angle", "continuous", "f", 0.0, minimum=0, maximum=9, wraps=True, unit="°"),
            parameter("zoom", "continuous", "f", 1.05, minimum=0.5, maximum=2, page="Camera"),
            parameter("steps", "integer", "i", 5, minimum=1, maximum=64, page="Camera"),
            parameter("hold", "toggle", "i", False, page="Show"),
        ],
        "commands": [
            {"name": "next/1", "address": "/vjdream/next/1", "label": "Next 1", "help": "Next.",
             "page": "Palette", "touchdesigner": "Next1", "argument": None},
            {"name": "preset/load", "address": "/vjdream/preset/load", "label": "Preset load",
             "help": "Loads.", "page": "Commands", "touchdesigner": "Presetload",
             "argument": {"type": "s", "needed": True, "label": "Preset", "default": "reef",
                          "touchdesigner": "Presetloadname"}},
            {"name": "rewind", "address": "/vjdream/rewind", "label": "Rewind", "help": "Returns.",
             "page": "Commands", "touchdesigner": "Rewind",
             "argument": {"type": "f", "needed": True, "label": "Seconds", "default": 8.0,
                          "touchdesigner": "Rewindseconds"}},
            {"name": "mark", "address": "/vjdream/mark", "label": "Mark", "help": "Names.",
             "page": "Commands", "touchdesigner": "Mark",
             "argument": {"type": "s", "needed": False, "label": "Name", "default": "",
                          "touchdesigner": "Markname"}},
        ],
        "reports": [
            {"address": "/vjdream/state/fps", "type": "f", "help": "Frames.", "label": "Fps",
             "touchdesigner": "Statefps"},
            {"address": "/vjdream/state/error", "type": "s", "help": "Errors.", "label": "Error",
             "touchdesigner": "Stateerror"},
        ],
        "classes": [{"slug": "eye", "name": "Eye"}, {"slug": "sea_fan", "name": "Sea fan"}],
        "layers": ["block1", "logits"],
        "presets": ["reef", "storm"],
    }  # fmt: skip


def test_what_is_built_is_the_golden_tree(tmp_path: Path) -> None:
    """After a wanted change: ``VJDREAM_GOLDEN=write python -m pytest tests/touchdesigner``."""
    _, comp = built(tmp_path, small_table())
    text = json.dumps(tree(comp), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("VJDREAM_GOLDEN") == "write":
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == json.loads(text)


def test_every_entry_of_the_table_has_a_parameter_of_its_own(tmp_path: Path) -> None:
    _, comp = built(tmp_path)
    names = module("custom_parameters.py").names(TABLE)
    assert len(set(names)) == len(names)
    assert set(comp.custom) == set(names)


def test_the_pages_begin_with_the_connection_and_follow_the_table(tmp_path: Path) -> None:
    _, comp = built(tmp_path)
    pages = list(dict.fromkeys(par.page for par in comp.custom.values()))
    ours = list(dict.fromkeys(entry["page"] for entry in TABLE["parameters"]))
    assert pages == ["Engine", *ours, "Palette", "Commands", "Status"]
    assert next(iter(comp.custom)) == "Address"
    assert comp.par.Address.eval() == "127.0.0.1"


def test_every_parameter_explains_itself(tmp_path: Path) -> None:
    _, comp = built(tmp_path)
    assert all(par.help and par.label for par in comp.custom.values())


def test_building_again_replaces_the_component(tmp_path: Path) -> None:
    world = World(tmp_path)
    build = module("build_vjdream.py").build
    first = build(world.names(), FOLDER, TABLE)
    second = build(world.names(), FOLDER, TABLE)
    assert (first.valid, second.valid, second.name) == (False, True, "vjdream")
    assert list(world.project.children) == ["vjdream"]


def test_examples_that_touchdesigner_leaves_beside_operators_are_gone(tmp_path: Path) -> None:
    _, comp = built(tmp_path)
    wanted = {name for _, name, _, _ in module("build_vjdream.py").OPERATORS}
    assert set(comp.children) == wanted


def test_the_address_of_the_engine_is_followed_by_the_operators(tmp_path: Path) -> None:
    _, comp = built(tmp_path)
    comp.par.Address.val, comp.par.Port.val = "192.168.1.20", 7800
    comp.par.Feedbackport.val, comp.par.Source.val = 7801, "ATLAS (vjdream)"
    inside: dict[str, Operator] = comp.children
    assert inside["oscout"].par.address.eval() == "192.168.1.20"
    assert inside["oscout"].par.port.eval() == 7800
    assert inside["oscin"].par.port.eval() == 7801
    assert inside["ndiin"].par.name.eval() == "ATLAS (vjdream)"


# -- in the Textport ------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.delenv("VJDREAM_TD", raising=False)
    yield World(tmp_path)


def typed(world: World, **variables: Any) -> None:
    """Type the line of the README into the Textport, where `__file__` is not defined."""
    exec(BUILDER.read_text(encoding="ascii"), world.names() | variables)


def said(output: str) -> dict[int, str]:
    """PASS or SKIP by number."""
    return {int(n): s for s, n in re.findall(r"^(PASS|SKIP)\s+(\d+)\. ", output, re.MULTILINE)}


def test_the_textport_builds_saves_and_tells_what_it_saw(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(world, VJDREAM_TD=str(FOLDER))
    output = capsys.readouterr().out
    seen = said(output)
    assert list(seen) == list(range(1, len(seen) + 1))
    assert len(seen) == len(re.findall(r"^\d+\. ", VERIFY, re.MULTILINE))
    assert [n for n, state in seen.items() if state == "PASS"] == list(
        range(1, EVERYTHING_SEEN + 1)
    )
    assert (world.folder / "palette" / "vjdream" / "vjdream.tox").is_file()
    assert "built /project1/vjdream" in output


def test_the_folder_may_come_from_the_environment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VJDREAM_TD", str(FOLDER))
    typed(world)
    assert "vjdream" in world.project.children


def test_the_folder_may_be_the_one_of_the_project(world: World) -> None:
    world.folder = FOLDER.parent
    names = world.names()
    assert module("build_vjdream.py").find_folder(names) == FOLDER


def test_a_folder_that_is_not_found_is_told_in_a_sentence(world: World) -> None:
    with pytest.raises(RuntimeError, match="set VJDREAM_TD to the folder touchdesigner/"):
        typed(world)
    assert not world.project.children


def test_outside_touchdesigner_the_builder_does_nothing() -> None:
    exec(BUILDER.read_text(encoding="ascii"), {})


@pytest.mark.parametrize(
    ("type_", "name"),
    [("ndiinTOP", "extraips"), ("parameterexecuteDAT", "onpulse"), ("baseCOMP", "parentshortcut")],
)
def test_a_parameter_that_a_build_lacks_is_told_and_the_rest_is_built(
    world: World, capsys: pytest.CaptureFixture[str], type_: str, name: str
) -> None:
    known = PARAMETERS[type_].replace(f" {name}", "").removeprefix(f"{name} ")
    world.parameters = PARAMETERS | {type_: known}
    typed(world, VJDREAM_TD=str(FOLDER))
    output = capsys.readouterr().out
    assert f"[no parameter '{name}']" in output
    assert list(said(output).values()).count("PASS") == EVERYTHING_SEEN - 1


def test_a_value_that_a_build_refuses_is_told_and_the_rest_is_built(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STYLES, "language", "Menu")  # with other items than we know
    typed(world, VJDREAM_TD=str(FOLDER))
    output = capsys.readouterr().out
    assert "[language.val: language has no menu item 'python']" in output
    assert list(said(output).values()).count("PASS") == EVERYTHING_SEEN - 1


def test_an_old_build_gets_its_extension_by_the_old_names(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    old = PARAMETERS["baseCOMP"]
    for name, before in zip(EXTENSION, OLD_EXTENSION, strict=True):
        old = old.replace(name, before)
    world.parameters = PARAMETERS | {"baseCOMP": old}
    typed(world, VJDREAM_TD=str(FOLDER))
    comp = world.project.children["vjdream"]
    assert comp.par.extension1.eval() == "op('./VjdreamExt').module.VjdreamExt(me)"
    assert list(said(capsys.readouterr().out).values()).count("PASS") == EVERYTHING_SEEN


# -- the fake is strict, or these tests would say nothing -----------------------------------------


@pytest.mark.parametrize("name", ["zoom", "Zoom_rate", "ZoomRate", "1zoom", "", "Zoom rate"])
def test_the_fake_rejects_names_that_touchdesigner_rejects(world: World, name: str) -> None:
    with pytest.raises(TouchDesignerError):
        world.project.appendCustomPage("Dream").appendFloat(name)


def test_the_fake_rejects_what_it_does_not_know(world: World) -> None:
    page = world.project.appendCustomPage("Dream")
    with pytest.raises(TypeError):
        page.appendFloat("Zoom", min=0)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        page.appendFloat("Zoom")[0].minimum = 0  # type: ignore[attr-defined]
    with pytest.raises(TouchDesignerError):
        world.project.create("ndiInTOP", "ndiin")
    with pytest.raises(AttributeError):
        world.project.create("oscoutDAT", "oscout").par.netaddress = "localhost"
    menu = page.appendMenu("Shape")[0]
    with pytest.raises(TouchDesignerError):
        menu.val = "line"


def test_the_fake_numbers_a_name_that_is_taken(world: World) -> None:
    names = [world.project.create("textDAT", "notes").name for _ in range(3)]
    assert names == ["notes", "notes1", "notes2"]
