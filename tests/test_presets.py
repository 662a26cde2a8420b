"""Preset files: every mistake told with its line, and nothing in a file can do harm."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import vocabulary
from vjdream import presets
from vjdream.errors import PresetError, VJDreamError
from vjdream.opening import begin
from vjdream.parameters import TABLE, State
from vjdream.preset_library import files
from vjdream.presets import Preset
from vjdream.settings import Settings
from vjdream.vocabulary import networks
from vjdream.weights import PUBLISHED, weights_folder

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(text: str) -> Path:
        path = tmp_path / "look.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


@pytest.fixture(autouse=True)
def _weights_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that no test opens, in place of half a gigabyte each."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    weights_folder().mkdir(parents=True)
    for published in PUBLISHED.values():
        (weights_folder() / published.file_name).write_bytes(b"never opened")


@pytest.fixture
def read(write: Write) -> Callable[[str], Preset]:
    return lambda text: presets.load(write(text), vocabulary())


@pytest.fixture
def mistakes(write: Write) -> Callable[[str], str]:
    """Read a preset body that must be refused; return the sentence."""

    def of(text: str) -> str:
        with pytest.raises(PresetError) as caught:
            presets.load(write(text), vocabulary())
        return str(caught.value)

    return of


def test_a_preset_holds_its_name_its_first_comment_and_its_values(
    read: Callable[[str], Preset],
) -> None:
    preset = read("# A red sunset\nvjdream: 1\nzoom: 1.2\nclass/1: crimson\nsteps: 7\n")
    assert (preset.name, preset.about) == ("look", "A red sunset")
    assert {p.name: v for p, v in preset.values} == {
        "zoom": 1.2,
        "class/1": "red",
        "steps": 7,
    }


def test_a_preset_without_a_comment_says_nothing_of_itself(read: Callable[[str], Preset]) -> None:
    assert read("vjdream: 1\n").about == ""


def test_applied_it_replaces_the_look_and_leaves_the_evening_alone(
    read: Callable[[str], Preset],
) -> None:
    before = State(zoom=1.7, strength=3.0, master=0.4, blackout=True, glide=2.0, hold=True)
    after = read("vjdream: 1\nstrength: 2\n").applied_to(before)
    assert (after.zoom, after.strength) == (State().zoom, 2.0)
    assert (after.master, after.blackout, after.glide, after.hold) == (0.4, True, 2.0, True)


def test_the_values_have_the_types_of_the_table(read: Callable[[str], Preset]) -> None:
    values = dict(read("vjdream: 1\nzoom: 1\nsteps: 7\nsplit/shape: Quarters\n").values)
    assert {p.name: type(v) for p, v in values.items()} == {
        "zoom": float,
        "steps": int,
        "split/shape": str,
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("zomo: 1.2", "look.yaml line 3: no parameter is called 'zomo' - did you mean 'zoom'?"),
        ("zoom: 5", "look.yaml line 3: 'zoom' 5 is out of range (allowed 0.5 to 2"),
        ("zoom: 0", "look.yaml line 3: /vjdream/zoom must be above 0"),
        ("zoom: .nan", "look.yaml line 3: /vjdream/zoom needs a finite number"),
        ("zoom: .inf", "needs a finite number"),
        ("zoom: fast", "look.yaml line 3: 'zoom' needs a number (0.5 to 2"),
        ("zoom:", "needs a number"),
        ("zoom: true", "needs a number"),
        ("zoom: [1, 2]", "look.yaml line 3: 'zoom' needs a number"),
        ("zoom: {a: 1}", "look.yaml line 3: 'zoom' needs a number"),
        ("class/1: sunflwoer tree", "the nearest is 'sunflower'"),
        ("class/1: 99", "no class has number 99"),
        ("class/1: 0x" + "f" * 20_000, "look.yaml line 3: no class is called"),
        ("layer: 0x" + "f" * 20_000, "look.yaml line 3: no layer is called"),
        ("split/shape: 0x" + "f" * 20_000, "look.yaml line 3"),
        ("zoom: 0x" + "f" * 20_000, "look.yaml line 3"),
        ("split/shape: half", "look.yaml line 3: /vjdream/split/shape knows no 'half'"),
        ("split/shape: 9", "look.yaml line 3"),
        ("master: 0.5", "look.yaml line 3: 'master' belongs to the show, a preset may not set it"),
        ("blackout: true", "belongs to the show"),
        ("start: fast", "look.yaml line 3: 'start' holds lines of network, canvas, size, fps"),
        ("start: {colour: red}", "'start' knows no 'colour'"),
        ("start: {sizes: 640x360}", "did you mean 'size'"),
        ("start:\n  size: 641x360", "look.yaml line 4: size 641x360 has an odd width"),
        ("start:\n  fps: fast", "look.yaml line 4: --fps needs a rate"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    mistakes: Callable[[str], str], line: str, sentence: str
) -> None:
    assert sentence in mistakes(f"# about\nvjdream: 1\n{line}\n")


def test_several_mistakes_are_told_at_once(mistakes: Callable[[str], str]) -> None:
    told = mistakes("vjdream: 1\nzoom: 9\nzomo: 1\nclass/1: red\nmaster: 0\n")
    assert "line 2" in told
    assert "line 3" in told
    assert "line 5" in told
    assert "line 4" not in told


def test_a_name_that_stands_twice_is_a_mistake(mistakes: Callable[[str], str]) -> None:
    assert "line 3: 'zoom' stands twice" in mistakes("vjdream: 1\nzoom: 1.1\nzoom: 1.2\n")


def test_a_start_line_that_stands_twice_is_a_mistake(mistakes: Callable[[str], str]) -> None:
    assert "twice" in mistakes("vjdream: 1\nstart:\n  fps: 25\n  fps: 30\n")


def test_the_format_must_be_named(mistakes: Callable[[str], str]) -> None:
    assert mistakes("zoom: 1.1\n") == "look.yaml: the line 'vjdream: 1' is missing"


def test_a_newer_format_is_refused(mistakes: Callable[[str], str]) -> None:
    assert "line 1: format 2 is unknown, this vjdream reads 1" in mistakes("vjdream: 2\n")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n- b\n", "just words\n", "42\n"])
def test_what_is_no_mapping_is_refused(mistakes: Callable[[str], str], text: str) -> None:
    assert "a preset is a list of 'name: value' lines" in mistakes(text)


def test_aliases_are_refused(mistakes: Callable[[str], str]) -> None:
    assert "aliases are not allowed" in mistakes("vjdream: 1\nzoom: &a 1.2\nscale: *a\n")


def test_a_billion_laughs_are_refused(mistakes: Callable[[str], str]) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "aliases" in mistakes("\n".join(lines))


@pytest.mark.parametrize("text", ["[" * 30_000, "{a: " * 9_000, "- " * 20_000 + "a"])
def test_deep_nesting_is_refused(mistakes: Callable[[str], str], text: str) -> None:
    assert "nested too deeply" in mistakes(text)


def test_broken_yaml_is_told_with_its_line(mistakes: Callable[[str], str]) -> None:
    assert mistakes('vjdream: 1\nzoom: "1.2\n').startswith("look.yaml line ")


@pytest.mark.parametrize(
    "text", ["vjdream: 1\n\x01: 1\n", "vjdream: 1\n--- \nzoom: 1\n", "vjdream: 1\n\tzoom: 1\n"]
)
def test_what_is_no_yaml_is_refused(mistakes: Callable[[str], str], text: str) -> None:
    assert "look.yaml" in mistakes(text)


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object:os.system x",
        "!!python/object/apply:os.system [ls]",
        "!foo 1.2",
        "!!int abc",
        "!!float abc",
        "!!binary '#'",
        "2024-13-45",
        "!!timestamp nonsense",
        "!!bool perhaps",
    ],
)
@pytest.mark.parametrize("name", ["zoom", "class/1", "split/shape", "vjdream"])
def test_tags_and_impossible_values_are_mistakes_like_any_other(
    mistakes: Callable[[str], str], name: str, value: str
) -> None:
    first = "" if name == "vjdream" else "vjdream: 1\n"
    assert "look.yaml line" in mistakes(f"{first}{name}: {value}\n")


@pytest.mark.parametrize("line", ["class/1: yes", "prior_form: on", "split/shape: true"])
def test_a_yes_is_neither_a_class_nor_a_choice(mistakes: Callable[[str], str], line: str) -> None:
    assert "line 2" in mistakes(f"vjdream: 1\n{line}\n")


def test_a_mistake_never_shows_the_insides_of_the_parser(mistakes: Callable[[str], str]) -> None:
    assert "ScalarNode" not in mistakes("vjdream: 1\nstart: {fps: [1, 2]}\n")
    assert "ScalarNode" not in mistakes("vjdream: 1\nstart: {? [a] : b}\n")


yamls = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
keys = st.sampled_from([*TABLE, "vjdream", "start"]) | st.text(max_size=8)


@given(st.dictionaries(keys, yamls, max_size=5))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_yaml_is_a_preset_or_refused(write: Write, content: dict[str, object]) -> None:
    _preset_or_refused(write(yaml.safe_dump(content, allow_unicode=True)))


@given(st.text(max_size=60))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_a_preset_or_refused(write: Write, text: str) -> None:
    path = write("")
    path.write_bytes(("vjdream: 1\n" + text).encode("utf-8", "surrogatepass"))
    _preset_or_refused(path)


def _preset_or_refused(path: Path) -> None:
    try:
        preset = presets.load(path, vocabulary())
    except PresetError:
        return
    for parameter, value in preset.values:
        if parameter.numeric:
            assert parameter.minimum <= float(value) <= parameter.maximum


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "look.yaml"
    path.write_bytes(b"vjdream: 1\n\xff\xfe\n")
    with pytest.raises(PresetError, match="cannot be read"):
        presets.load(path, vocabulary())


def test_a_huge_file_is_refused(write: Write) -> None:
    with pytest.raises(PresetError, match="larger than 64 KB"):
        presets.load(write("#" * 70_000), vocabulary())


def test_the_start_section_is_read_without_knowing_the_words(write: Write) -> None:
    path = write("vjdream: 1\nclass/1: xylophone\nstart:\n  size: 640x360\n  fps: 30000/1001\n")
    assert presets.start_section(path) == {"size": "640x360", "fps": "30000/1001"}


def test_a_preset_without_a_start_section_starts_with_nothing(write: Write) -> None:
    assert presets.start_section(write("vjdream: 1\n")) == {}


# -- with another network -------------------------------------------------------------------------

HERE = State(class_1="red", class_2="green", class_3="blue", class_4="dark", layer="colours")


def translated(write: Write, text: str, network: str = "tiny") -> Preset:
    return presets.load(write(text), vocabulary(), network, HERE)


def test_words_that_another_network_knows_stay(write: Write) -> None:
    preset = translated(write, "vjdream: 1\nclass/1: crimson\nclass/2: 4\nlayer: LOGITS\n")
    assert {p.name: v for p, v in preset.values} == {
        "class/1": "red",
        "class/2": "sunflower",
        "layer": "logits",
    }
    assert preset.notes == ()


def test_words_that_another_network_lacks_give_way_with_a_note(write: Write) -> None:
    preset = translated(write, "vjdream: 1\nclass/2: dog\nlayer: block4.conv1\nclass/3: 99\n")
    state = preset.applied_to(State(), HERE)
    assert state.classes == HERE.classes
    assert state.layer == "colours"
    assert preset.notes == (
        "look.yaml line 2: network 'tiny' knows no class 'dog', so 'green' takes its place",
        "look.yaml line 3: network 'tiny' knows no layer 'block4.conv1', so 'colours' takes its "
        "place",
        "look.yaml line 4: network 'tiny' knows no class '99', so 'blue' takes its place",
    )


def test_what_a_preset_does_not_name_is_in_the_networks_words(write: Write) -> None:
    preset = translated(write, "vjdream: 1\nclass/1: dark\nzoom: 1.2\n")
    state = preset.applied_to(State(zoom=1.9, master=0.5), HERE)
    assert state.classes == ("dark", "green", "blue", "dark")
    assert (state.layer, state.zoom, state.master) == ("colours", 1.2, 0.5)


@pytest.mark.parametrize("place", ["start: {network: tiny}\n%s", "%s\nstart:\n  network: tiny\n"])
def test_unknown_words_are_mistakes_in_a_preset_for_the_network_in_use(
    write: Write, place: str
) -> None:
    with pytest.raises(PresetError, match="no class is called 'xylophone'"):
        translated(write, "vjdream: 1\n" + place % "class/1: xylophone")


def test_a_preset_that_names_no_network_is_for_dreamnet(write: Write) -> None:
    with pytest.raises(PresetError, match="no class is called 'xylophone'"):
        translated(write, "vjdream: 1\nclass/1: xylophone\n", "dreamnet")


@pytest.mark.parametrize("value", ["[dog]", "{dog: 1}", "yes", "1.5", ""])
def test_what_is_no_word_is_a_mistake_with_any_network(write: Write, value: str) -> None:
    with pytest.raises(PresetError, match="line 2: no class is called"):
        translated(write, f"vjdream: 1\nclass/1: {value}\n")


# -- at the start of a show -----------------------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a show with another network."""
    words = [{"slug": slug, "name": slug} for slug in ("red", "green", "galaxy", "blue", "dark")]
    descriptor = {
        "vjdream": 1,
        "name": "tiny",
        "architecture": "dreamnet",
        "classes": words,
        "layers": [{"name": name, "channels": 3} for name in ("edges", "parts", "logits")],
        "starts": {"classes": ["dark", "blue", "green", "red"], "layer": "parts"},
    }
    (tmp_path / "tiny.json").write_text(json.dumps(descriptor))
    monkeypatch.setattr("vjdream.vocabulary.DATA", tmp_path)
    return Settings(network="tiny")


def test_a_show_starts_with_the_networks_own_words(tiny: Settings) -> None:
    state = begin(tiny).state
    assert state.classes == ("dark", "galaxy", "green", "red")
    assert state.layer == "parts"


def test_a_show_with_dreamnet_starts_with_the_defaults() -> None:
    assert begin(Settings()).state == State()


def test_a_preset_for_another_network_starts_and_the_log_says_what_gave_way(
    tiny: Settings, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    path = write("vjdream: 1\nclass/1: volcano\nclass/3: blue\nzoom: 1.2\n")
    with caplog.at_level("WARNING", logger="vjdream"):
        state = begin(replace(tiny, preset=str(path))).state
    assert state.classes == ("dark", "galaxy", "blue", "red")
    assert (state.layer, state.zoom) == ("parts", 1.2)
    assert [record.getMessage() for record in caplog.records] == [
        "look.yaml line 2: network 'tiny' knows no class 'volcano', so 'dark' takes its place"
    ]


def test_other_classes_make_another_network_for_a_preset(
    write: Write, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "places.txt").write_text("/a/airfield 0\n/b/beach 1\n")
    path = write("vjdream: 1\nclass/1: volcano\nclass/2: beach\n")
    state = begin(Settings(class_list=str(tmp_path / "places.txt"), preset=str(path))).state
    assert state.classes == ("airfield", "beach", "airfield", "beach")
    assert state.layer == State().layer
    assert "network 'dreamnet with places.txt' knows no class 'volcano'" in caplog.text


def test_an_option_in_words_of_another_network_is_a_mistake(tiny: Settings) -> None:
    with pytest.raises(VJDreamError, match="no class is called 'volcano'"):
        begin(replace(tiny, values=(("class/1", "volcano"),)))


@pytest.mark.parametrize("name", files())
@pytest.mark.parametrize("network", networks())
def test_every_shipped_preset_starts_with_every_network(name: str, network: str) -> None:
    opening = begin(Settings(network=network, preset=name))
    words, state = opening.vocabulary, opening.state
    assert all(words.called("class", slug) == slug for slug in state.classes)
    assert words.called("layer", state.layer) == state.layer


# -- one value ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_", [None, [], {}, "x", b"x", True, 1e400, pytest.param(10**400, id="huge"), -1, 5]
)
def test_an_option_that_does_not_fit_is_refused(given_: object) -> None:
    with pytest.raises(VJDreamError):
        presets.checked_value(TABLE["zoom"], given_, vocabulary())


def test_a_switch_takes_true_or_false_only() -> None:
    assert presets.checked_value(TABLE["hold"], True, vocabulary()) is True
    with pytest.raises(VJDreamError, match="true or false"):
        presets.checked_value(TABLE["hold"], 1, vocabulary())


def test_an_option_names_a_layer_or_a_class() -> None:
    assert presets.checked_value(TABLE["layer"], "LOG", vocabulary()) == "logits"
    assert presets.checked_value(TABLE["layer"], 0, vocabulary()) == "colours"
    assert presets.checked_value(TABLE["class/1"], 0, vocabulary()) == "red"
    with pytest.raises(VJDreamError, match="no layer"):
        presets.checked_value(TABLE["layer"], "red", vocabulary())


# -- palettes -------------------------------------------------------------------------------------


def test_a_palette_is_a_list_of_classes_in_any_words(read: Callable[[str], Preset]) -> None:
    assert read("vjdream: 1\npalette: [blue, Darkness, 0, blue]\n").palette == (
        "blue",
        "dark",
        "red",
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("palette: blue", "line 2: 'palette' needs a list of classes"),
        ("palette: [blue, xylophone]", "line 2: no class is called 'xylophone'"),
        ("palette: [[blue]]", "line 2: no class"),
        (f"palette: {['blue'] * 65}", "has 65 classes (allowed: 64)"),
        ("palete: [blue]", "did you mean 'palette'"),
    ],
)
def test_what_is_no_palette_is_told(
    mistakes: Callable[[str], str], body: str, sentence: str
) -> None:
    assert sentence in mistakes(f"vjdream: 1\n{body}\n")


def test_of_another_networks_palette_the_known_classes_are_played(write: Write) -> None:
    path = write("vjdream: 1\npalette: [blue, volcano, gear]\n")
    preset = presets.load(path, vocabulary(), "another")
    assert preset.palette == ("blue",)
    assert preset.notes == (
        "look.yaml line 2: network 'another' knows no volcano, gear of the palette",
    )


def test_an_unknown_palette_is_told_to_give_way_to_all_classes(write: Write) -> None:
    preset = presets.load(write("vjdream: 1\npalette: [volcano]\n"), vocabulary(), "another")
    assert preset.palette == ()
    assert preset.notes[0].endswith("so all its classes are played")


def test_a_file_of_nothing_but_mistakes_is_told_in_part(mistakes: Callable[[str], str]) -> None:
    sentence = mistakes("vjdream: 1\n" + "".join(f"key{n}: 1\n" for n in range(3000)))
    assert sentence.endswith("and perhaps more")
    assert len(sentence) < 3000
