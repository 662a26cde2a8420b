"""The part of the component that needs no TouchDesigner, on its own; and what Python it is."""

import ast
import json
import re
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from generate_table import table
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.touchdesigner.built import FOLDER, TABLE, module

MESSAGES = module("inside/vjdream_messages.py")
FILES = sorted(FOLDER.rglob("*.py"))


def messages() -> Any:
    return MESSAGES.Messages(TABLE)


def test_the_table_is_the_one_of_the_engine() -> None:
    written = (FOLDER / "table.json").read_text(encoding="utf-8")
    assert written == table(), "stale: run python tools/generate.py"


def test_every_name_is_one_that_touchdesigner_takes() -> None:
    names = module("custom_parameters.py").names(TABLE)
    assert [name for name in names if not re.fullmatch("[A-Z][a-z0-9]*", name)] == []
    assert len(set(names)) == len(names)


def test_the_table_is_plain_json_that_can_be_written_into_a_dat() -> None:
    assert json.loads(json.dumps(TABLE)) == TABLE


# -- what is the same -----------------------------------------------------------------------------


@settings(deadline=None)
@given(st.floats(width=64, allow_nan=False, min_value=-1e30, max_value=1e30))
def test_a_number_is_the_same_after_it_has_travelled(number: float) -> None:
    (travelled,) = struct.unpack(">f", struct.pack(">f", number))
    assert MESSAGES.same(number, travelled)


def test_words_numbers_and_nothing_are_told_apart() -> None:
    same = MESSAGES.same
    assert same("eye", "eye")
    assert same(True, 1)
    assert same(5, 5.0)
    for one, other in (("eye", "sea"), ("1", 1), (None, 0), (0, None), (1.0, 1.001)):
        assert not same(one, other)


# -- the guard against loops ----------------------------------------------------------------------


def test_what_was_heard_is_not_sent_and_what_was_sent_is_not_sent_again() -> None:
    guard = messages()
    assert guard.heard("/vjdream/zoom", [1.5]) == ("Zoom", 1.5)
    assert guard.changed("Zoom", 1.5) is None
    assert guard.changed("Zoom", 1.25) == ("/vjdream/zoom", [1.25])
    assert guard.changed("Zoom", 1.25) is None
    assert guard.changed("Zoom", 1.5) == ("/vjdream/zoom", [1.5])


def test_after_forgetting_everything_is_sent() -> None:
    guard = messages()
    guard.heard("/vjdream/zoom", [1.5])
    guard.forget()
    assert guard.changed("Zoom", 1.5) == ("/vjdream/zoom", [1.5])


@pytest.mark.parametrize("name", ["Address", "Source", "Statefps", "Nothing"])
def test_what_has_no_address_is_not_sent(name: str) -> None:
    assert messages().changed(name, 1) is None
    assert messages().pulsed(name) is None


@settings(deadline=None)
@given(
    st.one_of(st.just("/vjdream/zoom"), st.just("/vjdream/class/1"), st.text()),
    st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())),
)
def test_whatever_arrives_is_a_value_or_nothing(address: str, arguments: list[Any]) -> None:
    heard = messages().heard(address, arguments)
    assert heard is None or heard[0] in ("Zoom", "Class1")


@settings(deadline=None)
@given(st.lists(st.text()))
def test_a_source_is_one_of_those_that_were_seen(names: list[str]) -> None:
    found = MESSAGES.source(names)
    assert found == "" or found in names


def test_a_source_is_known_by_its_name_in_any_case() -> None:
    assert MESSAGES.source(["name", "A (OBS)", "B (VJDream 2)"]) == "B (VJDream 2)"
    assert MESSAGES.source(["vjdream"]) == ""


# -- which Python it is ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_code_is_python_of_2021(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_code_imports_nothing_but_the_standard_library(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        assert not {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_code_is_text_that_every_system_reads_alike(path: Path) -> None:
    """The Textport's `open` takes the system's own encoding."""
    path.read_text(encoding="ascii")


def test_no_dat_hides_a_module_of_the_standard_library() -> None:
    names = {name for _, name, _, _ in module("build_vjdream.py").OPERATORS}
    assert not names & set(sys.stdlib_module_names)
