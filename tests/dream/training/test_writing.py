"""What is written is read as it was meant."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from tests.dream.training.small import TINY, network, tensors
from vjdream.class_lists import NamedClass, name_classes
from vjdream.dream.dreamnet import Description, DreamNet
from vjdream.dream.networks import load_network
from vjdream.dream.training.writing import describe, write_one_file, write_two_files
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

CLASSES = (NamedClass("red", "Red", ("crimson",)), NamedClass("fire", "火"), NamedClass("b", "B"))
TOLD = describe(TINY, CLASSES, "mine", "My world", "CC0-1.0")


@pytest.mark.parametrize(("write", "ending"), [(write_one_file, ".safetensors"),
                                               (write_two_files, ".json")])  # fmt: skip
def test_a_network_is_played_as_it_was_written(tmp_path: Path, write: object, ending: str) -> None:
    path = tmp_path / f"w{ending}"
    assert callable(write)
    write(path, network(), TOLD)
    loaded = load_network(Settings(network=str(path)))
    assert loaded.vocabulary.classes == CLASSES
    assert loaded.vocabulary.find("crimson") == "red"
    with torch.no_grad():
        torch.testing.assert_close(
            loaded.logits(tensors(1)), network()(tensors(1)), rtol=1e-2, atol=1e-2
        )


def test_one_file_is_all_there_is(tmp_path: Path) -> None:
    write_one_file(tmp_path / "w.safetensors", network(), TOLD)
    assert [path.name for path in tmp_path.iterdir()] == ["w.safetensors"]


def test_anybody_who_reads_safetensors_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    write_one_file(path, network(), TOLD)
    with safe_open(path, "pt") as file:
        assert json.loads(file.metadata()["vjdream"]) == TOLD
        assert set(file.keys()) == set(network().state_dict())
        assert file.get_tensor("head.bias").dtype == torch.float16


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_one_file(tmp_path / f"{name}.safetensors", network(), TOLD)
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_a_descriptor_lists_every_layer_with_its_channels(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    write_one_file(path, network(), TOLD)
    descriptor = load_descriptor(str(path))
    assert [(layer.name, layer.channels) for layer in descriptor.layers] == list(TINY.layers)
    assert (descriptor.name, descriptor.title) == ("mine", "My world")
    assert descriptor.architecture == "dreamnet"


def test_a_title_of_anything_can_be_read_again(tmp_path: Path) -> None:
    """Folders may have bytes in their names that are no text."""
    path = tmp_path / "w.safetensors"
    told = describe(TINY, CLASSES, "caf\udce9", "bell\x07\n" + "x" * 999, "CC0-1.0")
    write_one_file(path, network(), told)
    descriptor = load_descriptor(str(path))
    assert descriptor.name == "caf�"
    assert descriptor.title == "bell��" + "x" * 294


def test_classes_whose_long_names_are_cut_alike_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    classes = name_classes([f"{'a very long name of a world of pictures' * 2} {n}" for n in "123"])
    write_one_file(path, network(), describe(TINY, classes, "w", "W", ""))
    assert load_descriptor(str(path)).classes == classes


def test_a_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.safetensors"
    write_one_file(path, network(), TOLD)
    before = path.read_bytes()

    def full(_source: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_one_file(path, network(seed=1), TOLD)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_description_with_other_blocks_is_read_as_such(tmp_path: Path) -> None:
    shape = replace(TINY, blocks=((2, 3), (5,), (4, 4)), head=6)
    path = tmp_path / "w.safetensors"
    write_one_file(path, DreamNet(shape), describe(shape, CLASSES, "w", "W", ""))
    raw = load_descriptor(str(path)).raw
    assert Description.from_descriptor(raw) == shape
