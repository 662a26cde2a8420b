"""Class lists: every form of a line, and nothing but one sentence for what is none."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vjdream.class_lists import SLUG, NamedClass, read_class_list, read_kinds
from vjdream.errors import WeightsError

Read = Callable[[str | bytes], tuple[NamedClass, ...]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    path = tmp_path / "list.txt"

    def from_file(content: str | bytes) -> tuple[NamedClass, ...]:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_class_list(path)

    return from_file


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("Airport", NamedClass("airport", "Airport")),
        ("  airport terminal ", NamedClass("airport_terminal", "Airport terminal")),
        ("airport_terminal", NamedClass("airport_terminal", "Airport terminal")),
        ("iPod", NamedClass("ipod", "iPod")),
        ("Café", NamedClass("cafe", "Café")),
        ("火", NamedClass("class_0", "火")),
        ("___", NamedClass("class_0", "___")),
        ("lady's slipper", NamedClass("ladys_slipper", "Lady's slipper")),
        ("Boeing 747", NamedClass("boeing_747", "Boeing 747")),
        ("/a/airport_terminal 2", NamedClass("airport_terminal", "Airport terminal")),
        ("/c/church/indoor 91", NamedClass("church_indoor", "Church indoor")),
        ("/z/zen_garden", NamedClass("zen_garden", "Zen garden")),
        ("cab\tCab\ttaxi, taxicab", NamedClass("cab", "Cab", ("taxi", "taxicab"))),
        ("ipod\tiPod", NamedClass("ipod", "iPod")),
        ("ipod\tiPod\t", NamedClass("ipod", "iPod")),
        ("ipod\tiPod\t, ,", NamedClass("ipod", "iPod")),
    ],
)
def test_a_line_is_a_class(read: Read, line: str, entry: NamedClass) -> None:
    assert read(line) == (entry,)


def test_empty_lines_and_comments_are_passed_over(read: Read) -> None:
    assert [entry.slug for entry in read("# mine\n\nred\n   \n # no\nblue")] == ["red", "blue"]


def test_what_windows_writes_is_read(read: Read) -> None:
    assert [c.slug for c in read(b"\xef\xbb\xbfred\r\nblue\r\n")] == ["red", "blue"]


def test_names_that_stand_twice_are_numbered(read: Read) -> None:
    slugs = [entry.slug for entry in read("crane\ncrane 2\ncrane\nCrane\ncrane 2\n")]
    assert slugs == ["crane", "crane_2", "crane_3", "crane_4", "crane_2_2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "list.txt names no class"),
        ("# nothing\n\n", "list.txt names no class"),
        ("red\na\tb\tc\td\n", "line 2: up to 3 columns"),
        ("red\n\nRed one\tRed\n", "line 3: 'Red one' is no slug"),
        ("red\na\t\tb\n", "line 2: a name is missing"),
        ("x" * 101, "line 1: 101 characters are too many"),
        ("red\nbl\x07ue", "line 2: 'bl\\x07ue' has characters that cannot be shown"),
        (b"red\n\xff\xfe\n", "line 2 is not UTF-8 text"),
        ("red\n".encode("utf-16"), "line 1 is not UTF-8 text"),
        ("red\n" * 300_000, "larger than 1024 KB"),
    ],
)
def test_a_mistake_is_told_with_its_line(read: Read, content: str | bytes, sentence: str) -> None:
    with pytest.raises(WeightsError, match=re.escape(sentence)):
        read(content)


@pytest.mark.parametrize("name", ["none.txt", "", "a\0b"])
def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        read_class_list(tmp_path / name)


def test_kinds_are_words_with_the_numbers_of_their_classes(tmp_path: Path) -> None:
    path = tmp_path / "kinds.tsv"
    path.write_text("bird\t0 2\nsea_bird\t2\n")
    assert read_kinds(path, 3) == {"bird": [0, 2], "sea_bird": [2]}


@pytest.mark.parametrize(
    "line", ["bird", "bird\t", "bird\t3", "bird\t-1", "bird\tx", "Bird\t1", "sea bird\t1"]
)
def test_what_is_no_kind_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kinds.tsv"
    path.write_text(f"fish\t0\n{line}\n")
    with pytest.raises(WeightsError, match=r"kinds.tsv line 2 is no word"):
        read_kinds(path, 3)


def _class_list_or_refused(read: Read, content: str | bytes) -> None:
    try:
        classes = read(content)
    except WeightsError:
        return
    slugs = [entry.slug for entry in classes]
    assert len(set(slugs)) == len(slugs) > 0
    assert all(SLUG.fullmatch(slug) for slug in slugs)


forms = st.sampled_from(["/a/", " 2", "\t", "\n", "#", ",", "a", "_", "/", "Ä", "\x85", "\u2028"])
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.text(max_size=60) | st.lists(forms, max_size=30).map("".join))
@relaxed
def test_any_text_is_a_class_list_or_refused(read: Read, content: str) -> None:
    _class_list_or_refused(read, content.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=60))
@relaxed
def test_any_file_is_a_class_list_or_refused(read: Read, content: bytes) -> None:
    _class_list_or_refused(read, content)
