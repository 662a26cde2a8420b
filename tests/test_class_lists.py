"""Class lists: every form of a line, and nothing but one sentence for what is none."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vjdream.class_lists import (
    LONGEST_SLUG,
    SLUG,
    NamedClass,
    checked_class,
    name_classes,
    read_class_list,
    read_kinds,
)
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
        ("2019", NamedClass("class_2019", "2019")),
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


# -- names of folders, and classes that somebody else's file describes ----------------------------


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("Eye World", NamedClass("eye_world", "Eye World")),
        ("eye  world", NamedClass("eye_world", "Eye world")),
        ("eye_world", NamedClass("eye_world", "Eye world")),
        ("a\tb\tc\td", NamedClass("a_b_c_d", "A b c d")),
        ("Café", NamedClass("cafe", "Café")),
        ("火", NamedClass("class_0", "火")),
        ("2019", NamedClass("class_2019", "2019")),
        ("# not a comment", NamedClass("not_a_comment", "# not a comment")),
        ("red, green", NamedClass("red_green", "Red, green")),
    ],
)
def test_a_name_is_a_class(name: str, entry: NamedClass) -> None:
    assert name_classes([name]) == (entry,)


def test_names_that_give_the_same_slug_are_numbered() -> None:
    slugs = [entry.slug for entry in name_classes(["Eye", "eye", "EYE", "火", "eye 2"])]
    assert slugs == ["eye", "eye_3", "eye_4", "class_3", "eye_2"], "whoever is called so, is"


def test_slugs_that_are_numbered_stay_as_short_as_slugs_are(read: Read) -> None:
    long = "a very long name of a world of pictures that never ends"
    slugs = [entry.slug for entry in name_classes([f"{long} {n % 3}" for n in range(12)])]
    assert len(set(slugs)) == 12
    assert all(SLUG.fullmatch(slug) and len(slug) <= LONGEST_SLUG for slug in slugs)
    assert [entry.slug for entry in read(f"{long} 1\n{long} 2\n")] == slugs[:2]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "a name is missing"),
        ("   ", "a name is missing"),
        ("x" * 101, "101 characters are too many"),
        ("ß" + "x" * 99, "101 characters are too many"),  # it begins with two letters: SS
        ("bell\x07", "has characters that cannot be shown"),
        ("caf\udce9", "has characters that cannot be shown"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(WeightsError, match=f"a class cannot be called so: .*{sentence}"):
        name_classes(["red", name])


def test_a_class_of_somebody_elses_file_is_taken_as_it_is() -> None:
    made = checked_class("cab", "Cab", ["taxi", "taxi  cab"])
    assert made == NamedClass("cab", "Cab", ("taxi", "taxi cab"))
    assert checked_class("cab", "Cab", ()) == NamedClass("cab", "Cab")


@pytest.mark.parametrize(
    ("slug", "name", "synonyms", "sentence"),
    [
        ("../cab", "Cab", [], "'../cab' is no slug"),
        ("Cab", "Cab", [], "'Cab' is no slug"),
        ("x" * 51, "Cab", [], "is no slug"),
        ("", "Cab", [], "a name is missing"),
        ("cab", " ", [], "a name is missing"),
        ("cab", "\x1b[2J", [], "cannot be shown"),
        ("cab", "Cab", ["taxi\x07"], "cannot be shown"),
        ("cab", "x" * 101, [], "101 characters are too many"),
        ("cab", "Cab", "taxi", "synonyms are to be a list, got 'taxi'"),
        ("cab", "Cab", None, "synonyms are to be a list, got 'None'"),
        ("cab", "Cab", [7], "are to be texts"),
        (7, "Cab", [], "are to be texts"),
        ("cab", None, [], "are to be texts"),
        ("cab", {"a": 1}, [], "are to be texts"),
    ],
)
def test_a_class_that_nobody_could_have_meant_is_refused(
    slug: object, name: object, synonyms: object, sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        checked_class(slug, name, synonyms)


names = st.text(max_size=20) | st.lists(forms, max_size=12).map("".join)


@given(st.lists(names | st.sampled_from(["eye", "x" * 60, "x" * 60 + "y", "火"]), max_size=8))
def test_classes_of_any_names_are_refused_or_can_be_read_again(given_names: list[str]) -> None:
    try:
        classes = name_classes(given_names)
    except WeightsError:
        return
    assert len({entry.slug for entry in classes}) == len(given_names)
    for entry in classes:
        assert checked_class(entry.slug, entry.name, list(entry.synonyms)) == entry
