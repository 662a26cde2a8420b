"""The OSCQuery tree: the tables, as hosts want to read them."""

import json
import math
from typing import Any

import pytest

from vjdream.parameters import COMMANDS, REPORTS, TABLE
from vjdream.surfaces.tree import Tree, changed
from vjdream.vocabulary import load_descriptor

CLASSES, LAYERS, PRESETS = ["eye", "sea"], ["block1.conv1"], ["abyss", "storm"]


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree(CLASSES, LAYERS, PRESETS)


def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
    inside = node.get("CONTENTS")
    return [node] if inside is None else [leaf for n in inside.values() for leaf in leaves(n)]


def whole(tree: Tree) -> dict[str, Any]:
    node = tree.node("/", {})
    assert node is not None
    return node


def test_every_parameter_command_and_report_is_in_it(tree: Tree) -> None:
    found = {leaf["FULL_PATH"] for leaf in leaves(whole(tree))}
    listed = [c for c in COMMANDS.values() if c.listed and "<" not in c.name]
    expected = {p.address for p in TABLE.values()}
    expected |= {p.norm_address for p in TABLE.values() if p.numeric}
    expected |= {address for command in listed for address in command.addresses}
    expected |= {report.address for report in REPORTS}
    assert found == expected


def test_no_node_is_a_value_and_a_folder(tree: Tree) -> None:
    def look(node: dict[str, Any], path: str) -> None:
        assert ("TYPE" in node) != ("CONTENTS" in node), path
        assert node["FULL_PATH"] == path
        assert node["DESCRIPTION"]
        for name, child in node.get("CONTENTS", {}).items():
            look(child, f"{path.rstrip('/')}/{name}")

    look(whole(tree), "/")


def test_numbers_have_their_range_unit_and_what_is_clipped(tree: Tree) -> None:
    assert tree.node("/vjdream/rotate", {"/vjdream/rotate": (0.25,)}) == {
        "FULL_PATH": "/vjdream/rotate",
        "TYPE": "f",
        "ACCESS": 3,
        "DESCRIPTION": "Rotate",
        "HELP": "Turns the picture clockwise.",
        "RANGE": [{"MIN": -180.0, "MAX": 180.0}],
        "UNIT": ["° per second"],
        "CLIPMODE": ["both"],
        "VALUE": [0.25],
    }
    angle = tree.node("/vjdream/split/angle", {})
    assert angle is not None
    assert angle["UNIT"] == ["angle.degree"]
    assert angle["CLIPMODE"] == ["none"], "an angle goes round"
    steps = tree.node("/vjdream/steps", {})
    assert steps is not None
    assert (steps["TYPE"], steps["RANGE"]) == ("i", [{"MIN": 1, "MAX": 64}])
    assert json.dumps(steps["RANGE"]) == '[{"MIN": 1, "MAX": 64}]', "integers stay integers"


def test_switches_are_integers_of_0_and_1(tree: Tree) -> None:
    node = tree.node("/vjdream/blackout", {"/vjdream/blackout": (1,)})
    assert node is not None
    assert (node["TYPE"], node["RANGE"], node["VALUE"]) == ("i", [{"MIN": 0, "MAX": 1}], [1])


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/vjdream/class/1", CLASSES),
        ("/vjdream/layer", LAYERS),
        ("/vjdream/mode", ["class", "layer"]),
        ("/vjdream/preset/load", PRESETS),
    ],
)
def test_menus_list_what_may_be_chosen(tree: Tree, address: str, values: list[str]) -> None:
    node = tree.node(address, {})
    assert node is not None
    assert (node["TYPE"], node["RANGE"]) == ("s", [{"VALS": values}])


@pytest.mark.parametrize(
    "address", ["/vjdream/preset/save", "/vjdream/mark", "/vjdream/state/error", "/vjdream/see/1"]
)
def test_free_texts_have_no_range(tree: Tree, address: str) -> None:
    """Chataigne takes a text with a range for a menu."""
    node = tree.node(address, {})
    assert node is not None
    assert node["TYPE"] == "s" and "RANGE" not in node


@pytest.mark.parametrize(
    ("address", "types"),
    [
        ("/vjdream/next/1", "N"),
        ("/vjdream/sync", "N"),
        ("/vjdream/preset/load", "s"),
        ("/vjdream/rewind", "f"),
        ("/vjdream/slot/1", "i"),
        ("/vjdream/classes", "s"),
        ("/vjdream/subscribe", "i"),
        ("/vjdream/record/start", "s"),
    ],
)
def test_commands_say_what_they_take(tree: Tree, address: str, types: str) -> None:
    node = tree.node(address, {})
    assert node is not None
    assert node["TYPE"] == types


def test_access_tells_values_reports_and_commands_apart(tree: Tree) -> None:
    access = {leaf["FULL_PATH"]: leaf["ACCESS"] for leaf in leaves(whole(tree))}
    assert {access[p.address] for p in TABLE.values()} == {3}
    assert {access[r.address] for r in REPORTS} == {1}
    assert access["/vjdream/next/1"] == access["/vjdream/norm/zoom"] == 2
    assert access["/vjdream/slot/1"] == 3, "it is told, too"
    assert tree.node("/vjdream/grade", {})["ACCESS"] == 0  # type: ignore[index]


def test_a_class_by_its_number_reaches_to_the_last(tree: Tree) -> None:
    assert tree.methods["/vjdream/slot/2"].range == {"MIN": 0, "MAX": len(CLASSES) - 1}


def test_descriptions_are_short_and_help_is_there(tree: Tree) -> None:
    for leaf in leaves(whole(tree)):
        assert len(leaf["DESCRIPTION"]) <= 24, leaf["FULL_PATH"]
        assert leaf["HELP"]


def test_a_value_is_there_once_it_was_heard_and_as_it_was_meant(tree: Tree) -> None:
    heard = 1.0499999523162842  # 1.05 in 32 bits
    node = tree.node("/vjdream/zoom", {"/vjdream/zoom": (heard,)})
    assert node is not None and node["VALUE"] == [1.05]
    assert "VALUE" not in tree.node("/vjdream/zoom", {})  # type: ignore[operator]


def test_what_json_cannot_hold_is_null(tree: Tree) -> None:
    for value in (math.nan, math.inf, b"bytes"):
        node = tree.node("/vjdream/zoom", {"/vjdream/zoom": (value,)})
        assert node is not None and node["VALUE"] == [None]


def test_commands_have_no_value(tree: Tree) -> None:
    node = tree.node("/vjdream/norm/zoom", {"/vjdream/norm/zoom": (0.5,)})
    assert node is not None and "VALUE" not in node


def test_there_is_nothing_where_nothing_is(tree: Tree) -> None:
    for path in ("/nothing", "/vjdream/zoom/deeper", "", "/vjdream/"):
        assert tree.node(path, {}) is None


def test_what_has_changed_with_another_network_is_known(tree: Tree) -> None:
    assert changed(tree, Tree(CLASSES, LAYERS, PRESETS)) == []
    assert changed(tree, Tree(CLASSES, LAYERS, [*PRESETS, "tonight"])) == ["/vjdream/preset/load"]
    other = set(changed(tree, Tree(["husky"], LAYERS, PRESETS)))
    assert other == {f"/vjdream/{kind}/{n}" for kind in ("class", "slot") for n in range(1, 5)}


def test_the_tree_of_a_thousand_classes_is_plain_json() -> None:
    descriptor = load_descriptor("vgg16")
    slugs = [entry.slug for entry in descriptor.classes]
    tree = Tree(slugs, [layer.name for layer in descriptor.layers], PRESETS)
    again = json.loads(json.dumps(whole(tree), allow_nan=False))
    names = again["CONTENTS"]["vjdream"]["CONTENTS"]["class"]["CONTENTS"]["1"]["RANGE"][0]["VALS"]
    assert names == slugs and len(names) == 1000
