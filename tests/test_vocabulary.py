"""Words and their classes: exact, synonym, prefix, typo, and the nearest when nothing fits."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import CLASSES, vocabulary
from vjdream.errors import VocabularyError, WeightsError
from vjdream.vocabulary import Descriptor, NamedClass, Vocabulary, load_descriptor, networks


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("red", "red"),
        ("RED", "red"),
        ("  Red ", "red"),
        ("Darkness", "dark"),
        ("crimson", "red"),
        ("deep sea", "blue"),
        ("Deep-Sea", "blue"),
        ("sun dog", "sun_dog"),
        ("sunflo", "sunflower"),
        ("helianth", "sunflower"),
        ("sunflwoer", "sunflower"),
        ("gren", "green"),
    ],
)
def test_a_word_finds_its_class(word: str, slug: str) -> None:
    assert vocabulary().find(word) == slug


def test_an_exact_word_wins_over_a_longer_one_that_starts_so() -> None:
    words = Vocabulary([NamedClass("sunset", "Sunset"), NamedClass("sun", "Sun")])
    assert words.find("sun") == "sun"


def test_a_slug_wins_over_a_synonym_of_another_class() -> None:
    words = Vocabulary([NamedClass("lake", "Lake", ("sea",)), NamedClass("sea", "Sea")])
    assert words.find("sea") == "sea"


def test_the_shortest_word_wins_among_prefixes() -> None:
    words = Vocabulary([NamedClass("firework", "Firework"), NamedClass("fire", "Fire")])
    assert words.find("fi") == "fire"


@pytest.mark.parametrize("number", range(len(CLASSES)))
def test_a_number_is_the_place_of_the_class(number: int) -> None:
    assert vocabulary().find(number) == CLASSES[number].slug
    assert vocabulary().index(CLASSES[number].slug) == number


@pytest.mark.parametrize("number", [-1, len(CLASSES), 10**9])
def test_a_number_that_is_none_is_refused_with_the_range(number: int) -> None:
    with pytest.raises(VocabularyError, match="allowed 0 to 5"):
        vocabulary().find(number)


def test_an_unknown_word_is_refused_with_the_nearest() -> None:
    with pytest.raises(VocabularyError, match=r"'xylophone' - the nearest is '\w+'"):
        vocabulary().find("xylophone")


@pytest.mark.parametrize("word", ["", " ", "火", "!!!", "x" * 5000])
def test_a_word_that_is_none_is_refused_in_a_short_sentence(word: str) -> None:
    with pytest.raises(VocabularyError) as caught:
        vocabulary().find(word)
    assert len(str(caught.value)) < 200


@given(st.text(max_size=60) | st.integers())
def test_any_word_is_a_class_or_refused(word: str | int) -> None:
    try:
        assert vocabulary().find(word) in {entry.slug for entry in CLASSES}
    except VocabularyError:
        pass


def test_an_empty_vocabulary_refuses_everything() -> None:
    with pytest.raises(VocabularyError):
        Vocabulary(()).find("red")


# -- descriptors ----------------------------------------------------------------------------------

MINIMAL = {
    "vjdream": 1,
    "name": "tiny",
    "classes": [{"slug": "red", "name": "Red"}],
    "layers": [{"name": "pool", "channels": 3}],
}


def test_a_descriptor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(MINIMAL))
    descriptor = Descriptor.load(path)
    assert (descriptor.name, descriptor.title) == ("tiny", "tiny")
    assert descriptor.vocabulary.find("Red") == "red"
    assert descriptor.layers[0].channels == 3


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "42",
        "{",
        json.dumps({**MINIMAL, "vjdream": 2}),
        json.dumps({**MINIMAL, "classes": [{"name": "Red"}]}),
        json.dumps({**MINIMAL, "classes": 3}),
        json.dumps({**MINIMAL, "layers": None}),
        json.dumps({k: v for k, v in MINIMAL.items() if k != "name"}),
    ],
)
def test_what_is_no_descriptor_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tiny.json"
    path.write_text(content)
    with pytest.raises(WeightsError, match=r"tiny\.json"):
        Descriptor.load(path)


def test_a_descriptor_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        Descriptor.load(tmp_path / "none.json")


def test_a_mistyped_network_names_the_nearest() -> None:
    with pytest.raises(WeightsError, match="did you mean 'dreamnet'"):
        load_descriptor("dremnet")


@pytest.mark.parametrize("name", networks())
def test_an_installed_network_has_proper_words(name: str) -> None:
    descriptor = load_descriptor(name)
    slugs = [entry.slug for entry in descriptor.classes]
    assert len(set(slugs)) == len(slugs) > 1
    for entry in descriptor.classes:
        assert entry.slug == "".join(
            c for c in entry.slug if c.isascii() and (c.isalnum() or c == "_")
        )
        assert entry.slug == entry.slug.lower()
        for word in (entry.slug, entry.name):
            assert descriptor.vocabulary.find(word) == entry.slug


def test_the_classes_of_the_first_state_are_words_of_dreamnet() -> None:
    from vjdream.parameters import State

    words = load_descriptor("dreamnet").vocabulary
    assert [words.find(word) for word in State().classes] == list(State().classes)
