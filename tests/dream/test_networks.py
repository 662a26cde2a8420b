"""Loading a network by its settings: shipped weights, a file of one's own, other classes."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torchvision
from safetensors.torch import load_file, save_file

from vjdream.dream import imagenet
from vjdream.dream.networks import load_network, place
from vjdream.errors import WeightsError
from vjdream.settings import Settings
from vjdream.vocabulary import DATA
from vjdream.weights import PUBLISHED

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights of a GoogLeNet, as torchvision would save them."""
    torch.manual_seed(0)
    body = torchvision.models.get_model("googlenet", weights=None, **imagenet.OPTIONS["googlenet"])
    path = tmp_path_factory.mktemp("weights") / "googlenet.pth"
    torch.save(body.state_dict(), path)
    return path


@pytest.fixture
def settings(weights: Path) -> Settings:
    return Settings(network="googlenet", weights=str(weights), dtype="float32")


def test_a_file_of_ones_own_is_loaded_with_the_words_of_its_network(settings: Settings) -> None:
    network = load_network(settings)
    logits = network.logits(torch.rand(1, 3, 64, 96))
    assert logits.shape[1] == len(network.vocabulary) == 1000
    assert network.vocabulary.find("jellyfish") == "jellyfish"


def test_an_activation_is_that_of_the_layer_asked_for(settings: Settings) -> None:
    network = load_network(settings)
    activation = network.activation(torch.rand(1, 3, 64, 96), "inception4c")
    assert activation.shape[1] == network.vocabulary.channels("inception4c")


def test_nothing_of_a_network_asks_for_a_gradient_of_its_own(settings: Settings) -> None:
    for network in (load_network(settings), load_network(Settings())):
        assert not any(p.requires_grad for p in network.module.parameters())


def test_other_classes_need_a_list_of_as_many_names(
    settings: Settings, weights: Path, tmp_path: Path
) -> None:
    state = torch.load(weights, weights_only=True)
    state["fc.weight"], state["fc.bias"] = torch.rand(3, 1024), torch.rand(3)
    places = tmp_path / "places.pth"
    torch.save(state, places)
    settings = replace(settings, weights=str(places))
    with pytest.raises(WeightsError, match="knows 3 classes, the list of names has 1000"):
        load_network(settings)
    names = tmp_path / "names.txt"
    names.write_text("airfield\nbeach\n", encoding="utf-8")
    with pytest.raises(WeightsError, match="knows 3 classes, the list of names has 2"):
        load_network(replace(settings, class_list=str(names)))
    names.write_text("/a/airfield 0\n/b/beach 1\n/c/canyon 2\n", encoding="utf-8")
    network = load_network(replace(settings, class_list=str(names)))
    assert [c.slug for c in network.vocabulary.classes] == ["airfield", "beach", "canyon"]
    assert network.logits(torch.rand(1, 3, 64, 64)).shape[1] == 3


def test_weights_of_another_network_are_no_dreamnet(weights: Path) -> None:
    with pytest.raises(WeightsError, match=r"is not a dreamnet: 'block1\.conv1\.weight'"):
        load_network(Settings(weights=str(weights)))


def test_weights_that_are_far_too_large_are_refused(tmp_path: Path) -> None:
    shipped = load_file(DATA / "dreamnet.safetensors")
    huge = tmp_path / "huge.safetensors"
    save_file({name: 30000 * value.float() for name, value in shipped.items()}, huge)
    with pytest.raises(WeightsError, match=r"huge\.safetensors cannot be dreamt with: its weights"):
        load_network(Settings(weights=str(huge)))


def test_every_published_network_can_be_built() -> None:
    assert set(imagenet.ARCHITECTURES) == set(PUBLISHED)


@pytest.mark.parametrize(
    ("asked", "given"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)]
)
def test_a_network_computes_in_the_type_asked_for(asked: str, given: torch.dtype) -> None:
    network = place(load_network(Settings()), Settings(dtype=asked), CPU)
    assert network.dtype == given
    assert {p.dtype for p in network.module.parameters()} == {given}
    assert network.logits(torch.rand(1, 3, 64, 64)).dtype == given


def test_the_faster_type_is_found_and_loses_no_digits() -> None:
    """Whichever wins, float32 weights have not been through bfloat16."""
    network = place(load_network(Settings()), Settings(dtype="auto"), CPU)
    exact = load_network(Settings())
    for ours, theirs in zip(network.module.parameters(), exact.module.parameters(), strict=True):
        assert torch.equal(ours, theirs.to(network.dtype))
