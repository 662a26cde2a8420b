"""Which NDI source a word means."""

import pytest

from vjdream.errors import SettingsError
from vjdream.inputs.wanted import Wanted, choose, parse_wanted

NAMES = ["STUDIO (Camera)", "STUDIO (Camera 2)", "LAPTOP (vjdream)", "LAPTOP (Desk (old))"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("camera", Wanted(name="camera")),
        ("  STUDIO (Camera 2) ", Wanted(name="STUDIO (Camera 2)")),
        ("127.0.0.1:5961", Wanted(address="127.0.0.1:5961")),
        ("studio.local:5962", Wanted(address="studio.local:5962")),
    ],
)
def test_a_name_or_an_address_is_read(text: str, wanted: Wanted) -> None:
    assert parse_wanted(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "   ", ":", "host:", ":5961", "host:0", "host:65536", "a:b:1"]
)
def test_what_is_neither_a_name_nor_an_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="ndi:HOST:PORT"):
        parse_wanted(text)


@pytest.mark.parametrize(
    ("word", "name", "whole"),
    [
        ("STUDIO (Camera)", "STUDIO (Camera)", True),
        ("studio (CAMERA 2)", "STUDIO (Camera 2)", True),
        ("camera", "STUDIO (Camera)", True),
        ("camera 2", "STUDIO (Camera 2)", True),
        ("desk (old)", "LAPTOP (Desk (old))", True),
        ("cam", "STUDIO (Camera)", False),
        ("2", "STUDIO (Camera 2)", False),
        ("laptop", "LAPTOP (vjdream)", False),
    ],
)
def test_the_whole_name_goes_before_a_part_in_any_case(word: str, name: str, whole: bool) -> None:
    assert choose(word, NAMES) == (name, whole)
    assert choose(word, list(reversed(NAMES))) == (name, whole)


def test_a_word_that_no_name_contains_means_nothing() -> None:
    assert choose("projector", NAMES) is None
    assert choose("camera", []) is None
