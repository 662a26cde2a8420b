"""Words, what they find, and what is known of a network: its classes, layers and first words."""

import json
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import CLASSES, LAYERS, vocabulary
from vjdream.class_lists import NamedClass, read_class_list
from vjdream.errors import VocabularyError, WeightsError
from vjdream.vocabulary import (
    DATA,
    Descriptor,
    Layer,
    Vocabulary,
    load_descriptor,
    networks,
)
from vjdream.words import plain


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


@pytest.mark.parametrize("number", [-1, len(CLASSES), 10**9, pytest.param(10**9999, id="huge")])
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
    for word in ("red", "", 0):
        with pytest.raises(VocabularyError):
            Vocabulary(()).find(word)
        with pytest.raises(VocabularyError):
            Vocabulary(()).find_layer(word)


# -- several classes for one word -----------------------------------------------------------------

SKY = Vocabulary(
    [
        NamedClass("night_sky", "Night sky", ("stars",)),
        NamedClass("sky_scraper", "Sky scraper"),
        NamedClass("heaven", "Heaven", ("sky", "firmament")),
        NamedClass("pearl_diver", "Pearl diver", ("tower of pearls", "skin diver")),
        NamedClass("lighthouse", "Lighthouse", ("tower",)),
        NamedClass("bell_tower", "Bell tower"),
    ]
)


def test_a_word_that_several_names_hold_means_all_of_them() -> None:
    assert SKY.hits("diver") == ("pearl_diver",)
    assert SKY.hits("night") == ("night_sky",)
    assert SKY.hits("pearls") == ("pearl_diver",)


KINDS = {"building": [1, 4, 5], "tower": [1], "tall_building": [1, 5], "pearls": [2, 3]}


@pytest.mark.parametrize(
    ("word", "slugs"),
    [
        ("building", ("sky_scraper", "lighthouse", "bell_tower")),  # a kind of thing
        ("Tall building", ("sky_scraper", "bell_tower")),
        ("buildng", ("sky_scraper", "lighthouse", "bell_tower")),
        ("tower", ("lighthouse", "bell_tower")),  # what is called so wins
        ("pearls", ("heaven", "pearl_diver")),  # before what has the word inside its name
    ],
)
def test_a_word_may_be_a_kind_of_thing(word: str, slugs: tuple[str, ...]) -> None:
    assert Vocabulary(SKY.classes, kinds=KINDS).hits(word) == slugs


def test_a_kind_of_thing_is_no_name_that_survives_another_network() -> None:
    assert Vocabulary(SKY.classes, kinds=KINDS).called("class", "building") is None


def test_a_synonym_means_its_class_and_those_whose_names_end_so() -> None:
    assert SKY.hits("sky") == ("heaven", "night_sky")
    assert SKY.hits("tower") == ("lighthouse", "bell_tower")


def test_a_beginning_and_a_typo_mean_all_that_the_whole_word_means() -> None:
    assert SKY.hits("tow") == SKY.hits("towr") == SKY.hits("tower")


def test_the_same_word_finds_the_same_class_unless_something_else_chooses() -> None:
    def last(slugs: Sequence[str]) -> str:
        return slugs[-1]

    assert SKY.find("tower") == "lighthouse"
    assert SKY.find("tower", last) == "bell_tower"


def test_a_synonym_of_several_classes_means_all_of_them() -> None:
    words = Vocabulary([NamedClass("a", "A", ("cat",)), NamedClass("b", "B", ("Cat",))])
    assert words.hits("cat") == ("a", "b")


def test_a_few_words_in_a_row_are_found_inside_a_name() -> None:
    assert SKY.hits("of pearls") == ("pearl_diver",)


@pytest.mark.parametrize("word", ["Café", "cafe", "CAFÉ"])
def test_accents_and_case_do_not_matter(word: str) -> None:
    assert Vocabulary([NamedClass("bar", "Café")]).find(word) == "bar"


def test_a_name_in_any_script_finds_its_class() -> None:
    assert Vocabulary([NamedClass("class_0", "火"), NamedClass("class_1", "水")]).find("水") == (
        "class_1"
    )


# -- layers ---------------------------------------------------------------------------------------

BLOCKS = Vocabulary(
    CLASSES, [Layer("block1.conv1", 8), Layer("block1.conv2", 9), Layer("head", 10)]
)


@pytest.mark.parametrize(
    ("word", "layer"),
    [
        ("block1.conv2", "block1.conv2"),
        ("BLOCK1/Conv2", "block1.conv2"),
        ("block1_conv2", "block1.conv2"),
        ("block1-conv2", "block1.conv2"),
        ("h", "head"),
        ("block1.conv22", "block1.conv2"),
        ("haed", "head"),
        (0, "block1.conv1"),
        (2, "head"),
    ],
)
def test_a_word_or_number_finds_its_layer(word: str | int, layer: str) -> None:
    assert BLOCKS.find_layer(word) == layer
    assert BLOCKS.resolve("layer", word) == layer


@pytest.mark.parametrize("word", ["block1", "block1.conv", "block1.conv9"])
def test_a_word_that_two_layers_fit_alike_is_refused_with_one_of_them(word: str) -> None:
    with pytest.raises(VocabularyError, match=r"^no layer is called .* nearest is 'block1_conv1'"):
        BLOCKS.find_layer(word)


@pytest.mark.parametrize("word", ["", "!!", "xylophone", 3, -1, 10**40])
def test_what_is_no_layer_is_refused(word: str | int) -> None:
    with pytest.raises(VocabularyError):
        BLOCKS.find_layer(word)


@given(st.text(max_size=80) | st.integers())
def test_any_word_is_a_layer_or_refused(word: str | int) -> None:
    try:
        assert BLOCKS.find_layer(word) in {layer.name for layer in BLOCKS.layers}
    except VocabularyError as error:
        assert len(str(error)) < 250


def test_a_layer_knows_how_many_channels_it_has() -> None:
    assert BLOCKS.channels("block1.conv2") == 9


def test_a_word_is_looked_for_where_the_parameter_says() -> None:
    words = vocabulary()
    assert words.resolve("class", "crimson") == "red"
    assert words.resolve("layer", "COLOURS") == LAYERS[0].name
    with pytest.raises(VocabularyError, match="no layer"):
        words.resolve("layer", "red")


# -- words that were meant for another network ----------------------------------------------------


@pytest.mark.parametrize(
    ("word", "slug"), [("crimson", "red"), ("Sun dog", "sun_dog"), ("dog", None), ("sunfl", None)]
)
def test_only_what_is_called_exactly_so_survives_another_network(
    word: str, slug: str | None
) -> None:
    assert vocabulary().called("class", word) == slug


@pytest.mark.parametrize(
    ("word", "layer"), [("HEAD", "head"), ("block1/conv1", "block1.conv1"), ("hea", None)]
)
def test_only_a_layers_own_name_survives_another_network(word: str, layer: str | None) -> None:
    assert BLOCKS.called("layer", word) == layer


@pytest.mark.parametrize(("number", "slug"), [(0, "red"), (5, "sun_dog"), (6, None), (-1, None)])
def test_a_number_survives_where_there_are_so_many(number: int, slug: str | None) -> None:
    assert vocabulary().called("class", number) == slug


# -- descriptors ----------------------------------------------------------------------------------

MINIMAL = {
    "vjdream": 1,
    "name": "tiny",
    "classes": [{"slug": "red", "name": "Red"}],
    "layers": [{"name": "pool", "channels": 3}],
}
COLOURS = [{"slug": slug, "name": slug} for slug in ("red", "green", "blue")]
POOLS = [{"name": f"pool{number}", "channels": 3} for number in (1, 2, 3)]


def described(folder: Path, **more: object) -> Descriptor:
    path = folder / "tiny.json"
    path.write_text(json.dumps({**MINIMAL, **more}))
    return Descriptor.load(path)


def test_a_descriptor_is_read(tmp_path: Path) -> None:
    descriptor = described(tmp_path)
    assert (descriptor.name, descriptor.title, descriptor.architecture) == ("tiny", "tiny", "tiny")
    assert descriptor.vocabulary.find("Red") == "red"
    assert descriptor.vocabulary.find_layer("pool") == "pool"
    assert descriptor.layers[0].channels == 3


def test_a_descriptor_says_which_architecture_its_weights_are_for(tmp_path: Path) -> None:
    assert described(tmp_path, architecture="vgg16").architecture == "vgg16"


def test_classes_may_stand_in_a_file_beside_the_descriptor(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("cab\tCab\ttaxi, taxicab\nbee\n")
    descriptor = described(tmp_path, classes=None, words="words.tsv")
    assert [entry.slug for entry in descriptor.classes] == ["cab", "bee"]
    assert descriptor.vocabulary.find("taxi") == "cab"


def test_kinds_of_things_may_stand_there_too(tmp_path: Path) -> None:
    (tmp_path / "kinds.tsv").write_text("insect\t1\nthing\t0 1\n")
    (tmp_path / "words.tsv").write_text("cab\nbee\n")
    descriptor = described(tmp_path, classes=None, words="words.tsv", kinds="kinds.tsv")
    assert descriptor.vocabulary.hits("thing") == ("cab", "bee")
    assert descriptor.vocabulary.find("insect") == "bee"


def test_a_missing_file_of_classes_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"words\.tsv cannot be read"):
        described(tmp_path, words="words.tsv")


def test_a_descriptor_names_no_path(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("bee\n")
    assert described(tmp_path, words="../../words.tsv").classes[0].slug == "bee"


def test_a_descriptor_says_with_what_to_start(tmp_path: Path) -> None:
    starts = {"classes": ["blue", "red", "green", "blue"], "layer": "pool3"}
    descriptor = described(tmp_path, classes=COLOURS, layers=POOLS, starts=starts)
    assert descriptor.start_classes == ("blue", "red", "green", "blue")
    assert descriptor.start_layer == "pool3"


def test_a_descriptor_that_does_not_say_starts_with_the_first_classes_and_the_middle_layer(
    tmp_path: Path,
) -> None:
    descriptor = described(tmp_path, classes=COLOURS, layers=POOLS)
    assert descriptor.start_classes == ("red", "green", "blue", "red")
    assert descriptor.start_layer == "pool2"


def test_a_network_may_have_nothing_to_start_with(tmp_path: Path) -> None:
    descriptor = described(tmp_path, classes=[], layers=[])
    assert descriptor.start_classes == ("",) * 4
    assert descriptor.start_layer == ""
    with pytest.raises(VocabularyError, match="no layer is called 'pool'"):
        descriptor.vocabulary.find_layer("pool")


def test_words_to_start_with_that_do_not_exist_give_way(tmp_path: Path) -> None:
    starts = {"classes": ["pink", "red"], "layer": "pool9"}
    descriptor = described(tmp_path, classes=COLOURS, layers=POOLS, starts=starts)
    assert descriptor.start_classes == ("red", "red", "blue", "red")
    assert descriptor.start_layer == "pool2"


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
        json.dumps({**MINIMAL, "words": 3}),
        json.dumps({**MINIMAL, "starts": 3}),
        json.dumps({**MINIMAL, "starts": {"classes": 3}}),
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


@pytest.mark.parametrize(
    "changes",
    [
        {"name": 3},
        {"title": "bell\x07"},
        {"architecture": []},
        {"layers": [{"name": 3, "channels": 3}]},
        {"layers": [{"name": "pool", "channels": "3"}]},
        {"layers": [{"name": "pool", "channels": 0}]},
        {"layers": [{"name": "pool", "channels": True}]},
        {"classes": COLOURS + COLOURS[:1]},
        {"classes": [{"slug": "../red", "name": "Red"}]},
    ],
)
def test_a_descriptor_with_words_that_are_none_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(WeightsError, match=r"tiny\.json is not a network's description"):
        described(tmp_path, **changes)


@pytest.mark.parametrize("ending", [".json", ".safetensors", ".SafeTensors"])
def test_a_network_may_be_a_file(tmp_path: Path, ending: str) -> None:
    told = json.dumps({**MINIMAL, "title": "Mine"})
    path = tmp_path / f"mine{ending}"
    head = json.dumps({"__metadata__": {"vjdream": told}}).encode()
    whole = told.encode() if ending == ".json" else len(head).to_bytes(8, "little") + head
    path.write_bytes(whole)
    descriptor = load_descriptor(str(path))
    assert (descriptor.title, descriptor.file) == ("Mine", path)
    assert descriptor.vocabulary.find("Red") == "red"


def test_a_class_list_names_the_classes_of_a_file_too(tmp_path: Path) -> None:
    described(tmp_path)
    (tmp_path / "names.txt").write_text("crimson\n")
    descriptor = load_descriptor(str(tmp_path / "tiny.json"), tmp_path / "names.txt")
    assert [entry.slug for entry in descriptor.classes] == ["crimson"]


def test_a_file_without_a_class_is_no_network_to_play(tmp_path: Path) -> None:
    described(tmp_path, classes=[])
    with pytest.raises(WeightsError, match=r"tiny\.json names no class to dream of"):
        load_descriptor(str(tmp_path / "tiny.json"))


def test_a_network_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"none\.safetensors does not exist"):
        load_descriptor(str(tmp_path / "none.safetensors"))


def test_who_forgets_the_ending_of_a_file_is_told_it() -> None:
    with pytest.raises(WeightsError, match=r"a file's name ends with \.safetensors"):
        load_descriptor("worlds/mine")


def test_a_mistyped_network_names_the_nearest() -> None:
    with pytest.raises(WeightsError, match="did you mean 'dreamnet'"):
        load_descriptor("dremnet")


@pytest.mark.parametrize("as_type", [str, Path])
def test_a_class_list_names_the_classes_instead(tmp_path: Path, as_type: type) -> None:
    path = tmp_path / "places.txt"
    path.write_text("/a/airfield 0\n/b/beach 1\n/g/galaxy 2\n")
    descriptor = load_descriptor("dreamnet", as_type(path))
    assert [entry.slug for entry in descriptor.classes] == ["airfield", "beach", "galaxy"]
    assert descriptor.vocabulary.hits("beach") == ("beach",)
    assert descriptor.start_classes == ("airfield", "beach", "galaxy", "airfield")
    assert descriptor.start_layer in {layer.name for layer in descriptor.layers}
    assert descriptor.vocabulary.channels("logits") == 3


def test_a_class_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        load_descriptor("dreamnet", tmp_path / "none.txt")


@pytest.mark.parametrize("name", networks())
def test_an_installed_network_has_proper_words(name: str) -> None:
    descriptor = load_descriptor(name)
    slugs = [entry.slug for entry in descriptor.classes]
    assert len(set(slugs)) == len(slugs) > 1
    for entry in descriptor.classes:
        assert entry.slug == plain(entry.slug)
        assert entry.slug.isascii()
        for word in (entry.slug, entry.name):
            assert descriptor.vocabulary.hits(word) == (entry.slug,)
        for word in entry.synonyms:
            assert descriptor.vocabulary.find(word)
    for layer in descriptor.layers:
        assert descriptor.vocabulary.find_layer(plain(layer.name)) == layer.name


@pytest.mark.parametrize("name", networks())
def test_an_installed_network_starts_with_its_own_words(name: str) -> None:
    descriptor = load_descriptor(name)
    starts = descriptor.raw.get("starts")
    if starts is not None:
        assert descriptor.start_classes == tuple(starts["classes"])
        assert descriptor.start_layer == starts["layer"]


def test_the_words_of_the_first_state_are_dreamnets() -> None:
    from vjdream.parameters import State

    words = load_descriptor("dreamnet").vocabulary
    assert [words.find(word) for word in State().classes] == list(State().classes)
    assert words.find_layer(State().layer) == State().layer


# -- ImageNet -------------------------------------------------------------------------------------

CATEGORIES = read_class_list(DATA / "imagenet.tsv")
IMAGENET = load_descriptor("vgg16").vocabulary
RENAMED = {264: "cardigan_welsh_corgi", 517: "crane_machine"}


def test_imagenet_has_1000_classes_with_a_line_each() -> None:
    lines = (DATA / "imagenet.tsv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len({entry.slug for entry in CATEGORIES}) == 1000
    assert [line.split("\t")[0] for line in lines] == [entry.slug for entry in CATEGORIES]


def test_the_names_of_imagenet_are_those_of_the_weights_in_their_order() -> None:
    from torchvision.models import VGG16_Weights

    for number, name in enumerate(VGG16_Weights.IMAGENET1K_V1.meta["categories"]):
        entry = CATEGORIES[number]
        assert plain(entry.name) == RENAMED.get(number, plain(name))
        assert plain(name) in {plain(word) for word in (entry.name, *entry.synonyms)}


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "tench"),
        (134, "crane bird"),
        (264, "Cardigan Welsh corgi"),
        (474, "cardigan"),
        (517, "crane machine"),
        (638, "maillot"),
        (639, "maillot tank suit"),
        (657, "missile"),
        (744, "projectile"),
        (836, "sunglass"),
        (837, "sunglasses"),
        (999, "toilet tissue"),
        (999, "toilet paper"),
    ],
)
def test_a_class_of_imagenet_stands_at_its_place(number: int, word: str) -> None:
    assert IMAGENET.hits(word) == (CATEGORIES[number].slug,)
    assert IMAGENET.index(IMAGENET.find(word)) == number


@pytest.mark.parametrize(
    ("word", "slugs"),
    [
        ("husky", {"eskimo_dog", "siberian_husky"}),
        (
            "fox",
            {"red_fox", "kit_fox", "arctic_fox", "grey_fox", "fox_squirrel"}
            | {"wire_haired_fox_terrier"},
        ),
        ("clock", {"analog_clock", "digital_clock", "wall_clock"}),
        ("crane", {"crane_bird", "crane_machine"}),
        ("fox squirrel", {"fox_squirrel"}),
        ("tiger", {"tiger"}),
        ("taxi", {"cab"}),
        ("bath", {"bathtub"}),
        ("flower", {"daisy", "yellow_ladys_slipper"}),
    ],
)
def test_a_word_means_the_classes_that_it_meant_in_2015(word: str, slugs: set[str]) -> None:
    assert set(IMAGENET.hits(word)) == slugs


@pytest.mark.parametrize(
    ("word", "slug"),
    [("fox", "red_fox"), ("wolf", "timber_wolf"), ("light", "lighter"), ("bear", "brown_bear")],
)
def test_the_likeliest_class_comes_first(word: str, slug: str) -> None:
    assert IMAGENET.find(word) == slug


@given(st.text(max_size=70) | st.text("abcdefghijklmnopqrstuvwxyz _-'", max_size=20))
def test_any_word_means_classes_of_imagenet_or_is_refused(word: str) -> None:
    try:
        found = IMAGENET.hits(word)
    except VocabularyError as error:
        assert len(str(error)) < 250
    else:
        assert len(set(found)) == len(found) > 0
        assert all(CATEGORIES[IMAGENET.index(slug)].slug == slug for slug in found)


def test_the_licence_of_the_synonyms_goes_with_them() -> None:
    assert "WordNet 3.0 Copyright 2006" in (DATA / "imagenet-words.md").read_text(encoding="utf-8")


def test_a_lookup_fits_between_two_frames() -> None:
    def seconds(word: str) -> float:
        started = perf_counter()
        try:
            IMAGENET.hits(word)
        except VocabularyError:
            pass
        return perf_counter() - started

    for word in ("fox", "retriev", "volcanoe", "xylophone concerto", "q" * 5000, "é" * 70):
        assert min(seconds(word) for _ in range(20)) < 0.003
