"""A whole network in one file: found, read, and refused in a sentence whatever is in it."""

import json
import re
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from vjdream.dream.dreamnet import Description, DreamNet
from vjdream.dream.networks import load_network
from vjdream.errors import WeightsError
from vjdream.network_file import KEY, find, is_file_name, read_descriptor, weights_beside
from vjdream.settings import Settings

SHAPE = Description(3, ((4,), (4,)), 8)
TOLD: dict[str, Any] = {
    "vjdream": 1,
    "name": "mine",
    "title": "My world",
    "architecture": "dreamnet",
    "blocks": [[4], [4]],
    "head": 8,
    "classes": [{"slug": slug, "name": slug.upper()} for slug in ("red", "green", "blue")],
    "layers": [{"name": layer, "channels": channels} for layer, channels in SHAPE.layers],
}


def whole(told: object = TOLD, shape: Description = SHAPE) -> bytes:
    """The bytes of a network in one file."""
    torch.manual_seed(0)
    described = told if isinstance(told, str) else json.dumps(told)
    return save(DreamNet(shape).state_dict(), metadata={KEY: described})


def headed(head: object) -> bytes:
    """A file that begins as safetensors do, with any head."""
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return len(text).to_bytes(8, "little") + text


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in TOLD.items() if name != key}


def refused(path: Path) -> str:
    """Play a file that must be refused quickly, with one sentence; return that."""
    started = perf_counter()
    with pytest.raises(WeightsError) as caught:
        load_network(Settings(network=str(path)))
    assert perf_counter() - started < 5
    told = str(caught.value)
    assert told.isprintable()
    assert len(told.replace(str(path), "")) < 450
    return told


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["w.safetensors", "/a/b/W.SafeTensors", "~/w.json", "C:\\w.JSON"])
def test_a_name_that_ends_so_is_a_file(name: str) -> None:
    assert is_file_name(name)


@pytest.mark.parametrize("name", ["dreamnet", "safetensors", "w.pth", "w.safetensors/x", ""])
def test_any_other_name_is_a_network_that_is_installed(name: str) -> None:
    assert not is_file_name(name)


def test_a_file_is_found_wherever_the_program_goes_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "w.safetensors").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert find("w.safetensors") == find("~/w.safetensors") == tmp_path / "w.safetensors"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("none.safetensors", "none.safetensors does not exist"),
        ("folder.safetensors", "folder.safetensors is a folder"),
        ("x" * 300 + ".safetensors", "cannot be read: File name too long"),
        ("a\0b.safetensors", "does not exist"),
        ("~nobody-of-that-name/w.json", "does not exist"),
    ],
)
def test_a_file_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    (tmp_path / "folder.safetensors").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsError, match=re.escape(sentence)):
        find(name)


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("w.json", "w.safetensors"),
        ("w.safetensors", "w.safetensors"),
        ("w.SAFETENSORS", "w.SAFETENSORS"),
        ("w.1.json", "w.1.safetensors"),
    ],
)
def test_weights_lie_in_the_file_or_beside_it(name: str, weights: str) -> None:
    assert weights_beside(Path("a") / name) == Path("a") / weights


# -- a whole network ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["w.safetensors", "W.SAFETENSORS"])
def test_a_whole_network_is_played(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(whole())
    assert json.loads(read_descriptor(path)) == TOLD
    network = load_network(Settings(network=str(path)))
    assert [entry.slug for entry in network.vocabulary.classes] == ["red", "green", "blue"]
    assert network.logits(torch.rand(1, 3, 64, 96)).shape == (1, 3, 16, 24)
    for layer, channels in SHAPE.layers:
        assert network.activation(torch.rand(1, 3, 64, 64), layer).shape[1] == channels


def test_other_weights_may_be_given_for_its_shape(tmp_path: Path) -> None:
    (tmp_path / "w.safetensors").write_bytes(whole())
    zeros = {name: value * 0 for name, value in DreamNet(SHAPE).state_dict().items()}
    (tmp_path / "other.safetensors").write_bytes(save(zeros))
    given = Settings(
        network=str(tmp_path / "w.safetensors"), weights=str(tmp_path / "other.safetensors")
    )
    assert not load_network(given).logits(torch.rand(1, 3, 64, 64)).any()


def test_a_description_may_lie_beside_its_weights(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(json.dumps(TOLD))
    assert "w.safetensors does not exist" in refused(tmp_path / "w.json")
    (tmp_path / "w.safetensors").write_bytes(save(DreamNet(SHAPE).state_dict()))
    network = load_network(Settings(network=str(tmp_path / "w.json")))
    assert network.vocabulary.find("green") == "green"


# -- what is none ---------------------------------------------------------------------------------

DEEP = b"[" * 100_000
HUGE = 10**400

FALSE_FILES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "does not begin as safetensors do"),
    "a few bytes": (b"\x20\0\0", "is not a network's description"),
    "text": (b"hello, I am no network at all", "does not begin as safetensors do"),
    "a head longer than the file": ((10**6).to_bytes(8, "little") + b"{}", "not a network's"),
    "an absurd length": (b"\xff" * 8 + b"{}", "does not begin as safetensors do"),
    "a truncated head": (whole()[:300], "is not a network's description"),
    "a head that is no JSON": (headed(b"{'a': 1}"), "is not a network's description"),
    "a head that is no text": (headed(b"\xff\xfe{}"), "is not a network's description"),
    "a head without end": (headed(DEEP), "nested too deeply"),
    "a head that is a list": (headed([1, 2]), "these are weights alone"),
    "a head that is a number": (headed(42), "these are weights alone"),
    "no metadata": (save(DreamNet(SHAPE).state_dict()), "made by: vjdream train"),
    "foreign metadata": (save({"a": torch.zeros(1)}, metadata={"format": "pt"}), "weights alone"),
    "metadata that are a list": (headed({"__metadata__": [KEY]}), "these are weights alone"),
    "metadata that are null": (headed({"__metadata__": None}), "these are weights alone"),
    "a descriptor that is an object": (headed({"__metadata__": {KEY: TOLD}}), "weights alone"),
    "a descriptor that is no JSON": (whole("{"), "is not a network's description"),
    "a descriptor without end": (whole(DEEP.decode()), "nested too deeply"),
    "a descriptor that is a list": (whole([TOLD]), "is not a network's description"),
    "a descriptor that is null": (whole(None), "is not a network's description"),
    "truncated weights": (whole()[:-100], "is damaged"),
    "a head and no weights": (headed({"__metadata__": {KEY: json.dumps(TOLD)}}), "no weights"),
}


@pytest.mark.parametrize("what", FALSE_FILES)
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, what: str) -> None:
    content, sentence = FALSE_FILES[what]
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    assert sentence in refused(path)


def of_class(slug: object = "red", name: object = "Red", synonyms: object = ()) -> dict[str, Any]:
    others = [{"slug": "green", "name": "Green"}, {"slug": "blue", "name": "Blue"}]
    return {**TOLD, "classes": [{"slug": slug, "name": name, "synonyms": synonyms}, *others]}


def layers(*changed: tuple[object, object]) -> dict[str, Any]:
    plain = [{"name": name, "channels": channels} for name, channels in changed]
    return {**TOLD, "layers": plain}


CANNOT_BE = "describes a dreamnet that cannot be"
NO_DESCRIPTION = "is not a network's description"
FALSE_DESCRIPTORS: dict[str, tuple[object, str]] = {
    "of the future": ({**TOLD, "vjdream": 2}, "has format '2', this vjdream reads 1"),
    "of no format": ({**TOLD, "vjdream": "x" * 10**5}, "has format 'xxxxxxxxxxxxxxxxxxxx'"),
    "without a name": (without("name"), NO_DESCRIPTION),
    "with a number as its name": ({**TOLD, "name": 3}, "'3' is no name"),
    "with an escape in its title": ({**TOLD, "title": "\x1b[2J"}, "is no name"),
    "with a line in its name": ({**TOLD, "name": "a\nb"}, "is no name"),
    "with a book as its title": ({**TOLD, "title": "x" * 10**5}, "is no name"),
    "with a list as its architecture": ({**TOLD, "architecture": ["vgg16"]}, "is no name"),
    "of an unknown architecture": ({**TOLD, "architecture": "vgg99"}, "architecture 'vgg99'"),
    "without classes": (without("classes"), NO_DESCRIPTION),
    "with no class": ({**TOLD, "classes": []}, "names no class to dream of"),
    "with a number of classes": ({**TOLD, "classes": 3}, NO_DESCRIPTION),
    "with words as classes": ({**TOLD, "classes": ["red", "green", "blue"]}, NO_DESCRIPTION),
    "with a path as a slug": (of_class("../../etc/passwd"), "is no slug"),
    "with an absolute path as a slug": (of_class("/etc/passwd"), "is no slug"),
    "with an escape in a slug": (of_class("\x1b[2Jred"), "characters that cannot be shown"),
    "with an empty slug": (of_class(""), "a name is missing"),
    "with a long slug": (of_class("x" * 51), "is no slug"),
    "with an endless slug": (of_class("x" * 10**5), "are too many for a name"),
    "with a number as a slug": (of_class(7), "are to be texts"),
    "with nothing as a name": (of_class(name=None), "are to be texts"),
    "with an escape in a name": (of_class(name="\x1b]0;x\x07"), "cannot be shown"),
    "with half a character": (of_class(name="\ud800"), "cannot be shown"),
    "with a word as synonyms": (of_class(synonyms="scarlet"), "synonyms are to be a list"),
    "with numbers as synonyms": (of_class(synonyms=[1]), "are to be texts"),
    "with two classes of one slug": (of_class("green"), "two of its classes have the same slug"),
    "with a class too few": (
        {**TOLD, "classes": TOLD["classes"][:2]},
        "is not a dreamnet: 'logits.weight' has shape 3×8×1×1, needed 2×8×1×1",
    ),
    "with more words than memory": (
        {**TOLD, "classes": [{"slug": f"c{i}", "name": "a " * 50} for i in range(20_000)]},
        "the names of its classes have too many words",
    ),
    "without layers": (without("layers"), NO_DESCRIPTION),
    "with no layer": (layers(), "not those of its blocks"),
    "with layers it lacks": (layers(*SHAPE.layers, ("block9.conv9", 4)), "not those of its blocks"),
    "with other channels": (
        layers(("block1.conv1", 4), ("block2.conv1", 4), ("head", 9), ("logits", 3)),
        "not those of its blocks",
    ),
    "with a number as a layer": (layers((3, 3)), "'3' is no name"),
    "with a list as a layer": (layers((["a"], 3)), "is no name"),
    "with a text of channels": (layers(("head", "8")), "'8' is no number of channels"),
    "with no channels": (layers(("head", 0)), "'0' is no number of channels"),
    "with half a channel": (layers(("head", 1.5)), "'1.5' is no number of channels"),
    "without blocks": (without("blocks"), CANNOT_BE),
    "without a head": (without("head"), CANNOT_BE),
    "with no block": ({**TOLD, "blocks": []}, CANNOT_BE),
    "with an empty block": ({**TOLD, "blocks": [[4], []]}, CANNOT_BE),
    "with a number as blocks": ({**TOLD, "blocks": 4}, CANNOT_BE),
    "with numbers as blocks": ({**TOLD, "blocks": [4, 4]}, CANNOT_BE),
    "with words as blocks": ({**TOLD, "blocks": ["44", "4"]}, CANNOT_BE),
    "with negative widths": ({**TOLD, "blocks": [[-4], [4]]}, CANNOT_BE),
    "with no width": ({**TOLD, "blocks": [[0], [4]]}, CANNOT_BE),
    "with true as a width": ({**TOLD, "blocks": [[True], [4]]}, CANNOT_BE),
    "with a fraction as a width": ({**TOLD, "blocks": [[4.0], [4]]}, CANNOT_BE),
    "with endless widths": ({**TOLD, "blocks": [[float("inf")], [4]]}, CANNOT_BE),
    "with absurd widths": ({**TOLD, "blocks": [[10**18], [4]]}, CANNOT_BE),
    "with a width beyond numbers": ({**TOLD, "blocks": [[HUGE], [4]]}, CANNOT_BE),
    "with a great head": ({**TOLD, "head": 10**6}, CANNOT_BE),
    "with very many blocks": ({**TOLD, "blocks": [[1]] * 100_000}, CANNOT_BE),
    "with very many layers in a block": ({**TOLD, "blocks": [[1] * 100_000]}, CANNOT_BE),
    "with other widths than its weights": (
        {
            **layers(("block1.conv1", 4), ("block2.conv1", 5), ("head", 8), ("logits", 3)),
            "blocks": [[4], [5]],
        },
        "'block2.conv1.weight' has shape 4×4×3×3, needed 5×4×3×3",
    ),
    "with a path to its words": ({**TOLD, "words": "../" * 200}, "is no name"),
    "with words that are not there": ({**TOLD, "words": "none.txt"}, "none.txt cannot be read"),
    "with a number as its words": ({**TOLD, "words": 3}, "'3' is no name"),
    "with a number to start with": ({**TOLD, "starts": 3}, NO_DESCRIPTION),
}


@pytest.mark.parametrize("what", FALSE_DESCRIPTORS)
def test_a_network_that_is_described_falsely_is_refused(tmp_path: Path, what: str) -> None:
    told, sentence = FALSE_DESCRIPTORS[what]
    path = tmp_path / "w.safetensors"
    path.write_bytes(whole(told))
    assert sentence in refused(path)


def test_a_head_beyond_all_measure_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(headed({"__metadata__": {KEY: "x" * (5 << 20)}}))
    assert "does not begin as safetensors do" in refused(path)
    (tmp_path / "w.json").write_text(" " * (5 << 20))
    assert "larger than 4 MB" in refused(tmp_path / "w.json")


def test_a_description_of_one_class_is_a_network(tmp_path: Path) -> None:
    shape = Description(1, ((4,), (4,)), 8)
    told = {**TOLD, "classes": TOLD["classes"][:1]}
    told["layers"] = [{"name": layer, "channels": channels} for layer, channels in shape.layers]
    path = tmp_path / "w.safetensors"
    path.write_bytes(whole(told, shape))
    assert len(load_network(Settings(network=str(path))).vocabulary) == 1


# -- anything at all ------------------------------------------------------------------------------

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*TOLD, "__metadata__", KEY, "slug"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def _described_or_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        assert isinstance(read_descriptor(path), str)
    except (OSError, ValueError) as error:
        assert len(str(error)) < 300


@pytest.mark.parametrize("name", ["w.safetensors", "w.json"])
@given(st.binary(max_size=80) | st.binary(max_size=80).map(headed) | plain.map(headed))
@relaxed
def test_any_bytes_hold_a_description_or_are_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    _described_or_refused(tmp_path / name, content)


@given(plain, st.sampled_from(list(TOLD)))
@relaxed
def test_any_description_is_played_or_refused_in_a_sentence(
    tmp_path: Path, value: object, key: str
) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(headed({"__metadata__": {KEY: json.dumps({**TOLD, key: value})}}))
    assert refused(path)  # it has no weights, whatever is said of them


@given(st.integers(0, len(whole()) - 1), st.integers(1, 255))
@relaxed
def test_a_damaged_byte_is_harmless(tmp_path: Path, place: int, change: int) -> None:
    content = bytearray(whole())
    content[place] ^= change
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    try:
        network = load_network(Settings(network=str(path)))
    except WeightsError:
        return
    assert len(network.vocabulary) == network.logits(torch.rand(1, 3, 64, 64)).shape[1]
