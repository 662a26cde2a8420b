"""Queries: what clients ask, however they write it."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.surfaces.query import ATTRIBUTES, Query, Wish, answer, read_query, read_text
from vjdream.surfaces.tree import Tree

TREE = Tree(["eye", "sea"], ["block1.conv1"], ["abyss"])
HOST = {"NAME": "vjdream"}
VALUES = {"/vjdream/zoom": (1.25,)}


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("/", Query("/")),
        ("", Query("/")),
        ("/vjdream/zoom", Query("/vjdream/zoom")),
        ("/vjdream/grade/", Query("/vjdream/grade")),
        ("/vjdream/zoom?VALUE", Query("/vjdream/zoom", "VALUE")),
        ("/vjdream/zoom?VALUE=", Query("/vjdream/zoom", "VALUE")),
        ("/vjdream/zoom?VALUE#part", Query("/vjdream/zoom", "VALUE")),
        ("/vjdream/class%2F1", Query("/vjdream/class/1")),
        ("?HOST_INFO", Query("/", "HOST_INFO")),
        ("/anything?HOST_INFO", Query("/anything", "HOST_INFO")),
        ("/?a=b&HOST_INFO&c", Query("/", "HOST_INFO")),
        ("/vjdream/zoom?VALUE&TYPE", Query("/vjdream/zoom", "VALUE&TYPE")),
    ],
)
def test_requests_are_read_as_clients_write_them(asked: str, query: Query) -> None:
    assert read_query(asked) == query


@given(st.text())
def test_any_request_is_read(asked: str) -> None:
    query = read_query(asked)
    assert query.path.startswith("/")
    assert answer(query, TREE, VALUES, HOST).status in (200, 204, 400, 404)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="/", exclude_categories=("Cs",)), min_size=1),
        max_size=4,
    )
)
def test_a_path_that_is_quoted_is_the_path(parts: list[str]) -> None:
    path = "/" + "/".join(parts)
    if len(quote(path)) < 1000:
        assert read_query(quote(path)).path == path


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("/vjdream/zoom?VALUE", 200, {"VALUE": [1.25]}),
        ("/vjdream/zoom?TYPE", 200, {"TYPE": "f"}),
        ("/vjdream/zoom?FULL_PATH", 200, {"FULL_PATH": "/vjdream/zoom"}),
        ("/vjdream/blur?VALUE", 200, {}),  # readable, and has none yet
        ("/vjdream/next/1?VALUE", 204, None),  # may only be sent to
        ("/vjdream/grade?VALUE", 204, None),  # a folder
        ("/vjdream/mark?RANGE", 204, None),
        ("/vjdream/zoom?OVERLOADS", 204, None),  # of the proposal, but not ours
        ("/vjdream/zoom?FOO", 400, None),
        ("/vjdream/zoom?VALUE&TYPE", 400, None),
        ("/vjdream/zoom?value", 400, None),
        ("/nothing", 404, None),
        ("/nothing?VALUE", 404, None),
        ("/nothing?HOST_INFO", 200, HOST),
    ],
)
def test_answers_have_the_status_of_the_proposal(asked: str, status: int, content: object) -> None:
    found = answer(read_query(asked), TREE, VALUES, HOST)
    assert (found.status, found.content) == (status, content)


def test_a_folder_is_answered_with_all_below_it() -> None:
    found = answer(Query("/vjdream/split"), TREE, VALUES, HOST).content
    assert found is not None
    assert set(found["CONTENTS"]) == {"shape", "position", "angle", "feather"}
    contents = answer(Query("/vjdream/split", "CONTENTS"), TREE, VALUES, HOST).content
    assert contents == {"CONTENTS": found["CONTENTS"]}


def test_answers_are_plain_json() -> None:
    text = answer(Query("/"), TREE, VALUES, HOST).text
    assert json.loads(text)["CONTENTS"]["vjdream"]["CONTENTS"]["zoom"]["VALUE"] == [1.25]
    assert "°" in text, "told as it is, in UTF-8"


@given(st.sampled_from(sorted(ATTRIBUTES)), st.sampled_from(["/", *TREE.methods]))
def test_an_attribute_is_what_the_whole_node_says(attribute: str, path: str) -> None:
    node = answer(Query(path), TREE, VALUES, HOST).content
    found = answer(Query(path, attribute), TREE, VALUES, HOST)
    assert node is not None
    if attribute in node:
        assert found.content == {attribute: node[attribute]}
    else:
        assert found.content in (None, {})


# -- text over the WebSocket ----------------------------------------------------------------------


def listen(path: str) -> str:
    return json.dumps({"COMMAND": "LISTEN", "DATA": path})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (listen("/vjdream/zoom"), [Wish("LISTEN", "/vjdream/zoom")]),
        ('{"COMMAND":"IGNORE","DATA":"/a"}', [Wish("IGNORE", "/a")]),
        ('{"COMMAND":"listen","DATA":"/a"}', [Wish("LISTEN", "/a")]),
        ('{"COMMAND":"LISTEN","DATA":"/a"}{"COMMAND":"LISTEN","DATA":"/b"}',
         [Wish("LISTEN", "/a"), Wish("LISTEN", "/b")]),
        (' {"COMMAND":"LISTEN","DATA":"/a"},\n{"COMMAND":"IGNORE","DATA":"/b"} ',
         [Wish("LISTEN", "/a"), Wish("IGNORE", "/b")]),
        ("/", [Query("/")]),
        ("/vjdream/zoom?VALUE", [Query("/vjdream/zoom", "VALUE")]),
        ("/?HOST_INFO", [Query("/", "HOST_INFO")]),
        ("?HOST_INFO", [Query("/", "HOST_INFO")]),
        ("HOST_INFO", [Query("/", "HOST_INFO")]),
        ('{"COMMAND":"HOST_INFO"}', [Query("/", "HOST_INFO")]),
        ('{"COMMAND":"PATH_CHANGED","DATA":"/"}', []),
        ('{"COMMAND":1,"DATA":"/a"}', []),
        ('{"COMMAND":"LISTEN","DATA":["/a"]}', []),
        ("[1, 2]", []),
        ("hello", []),
        ("", []),
        ('{"COMMAND":"LISTEN","DATA":"/a"} {broken', [Wish("LISTEN", "/a")]),
    ],
)  # fmt: skip
def test_text_is_read_as_clients_write_it(text: str, said: list[Query | Wish]) -> None:
    assert read_text(text) == said


def test_text_that_is_nested_without_end_is_passed_over() -> None:
    assert read_text("{" * 100_000) == []
    assert read_text('{"a":' * 50_000) == []


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    read_text(text)


KEYS = st.sampled_from(["COMMAND", "DATA", "x"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(ANYTHING)
def test_any_json_is_read(said: object) -> None:
    read_text(json.dumps(said))


@given(
    st.lists(st.text(min_size=1).map(lambda t: "/" + t), max_size=6),
    st.sampled_from(["", " ", ",", "\n"]),
)
def test_many_wishes_in_one_message_are_all_read(paths: list[str], between: str) -> None:
    text = between.join(listen(path) for path in paths)
    assert read_text(text) == [Wish("LISTEN", path) for path in paths]
