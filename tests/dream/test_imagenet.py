"""ImageNet networks: fully convolutional, and still what torchvision computes.

Weights are random: no download, and nothing here depends on what a network has learnt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
import torchvision
from torch import Tensor, nn

from vjdream.dream import imagenet
from vjdream.dream.imagenet import DEVIATION, MEAN, Layers
from vjdream.dream.objective import RegionScore
from vjdream.errors import WeightsError
from vjdream.vocabulary import load_descriptor

NAMES = ("vgg16", "vgg19", "googlenet", "resnet50")


@dataclass(frozen=True)
class Pair:
    name: str
    theirs: nn.Module
    ours: Layers


VGG = ("vgg16", "vgg19")
POOLED = ("googlenet", "resnet50")
RADIUS = 202
"""Pixels around a place of VGG's logit map that it sees: (212 + 6 * 32) / 2."""


def of(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("pair", names, indirect=True, scope="module")


@pytest.fixture(scope="module", params=NAMES)  # half a gigabyte each: one at a time
def pair(request: pytest.FixtureRequest) -> Pair:
    """Torchvision's network with random weights, and ours built of its state dict."""
    name: str = request.param
    torch.manual_seed(7)
    options: dict[str, bool] = {"init_weights": False} if name != "resnet50" else {}
    if name == "googlenet":
        options |= {"aux_logits": False, "transform_input": True}
    theirs = torchvision.models.get_model(name, weights=None, **options).eval()
    for module in theirs.modules():
        if isinstance(module, nn.BatchNorm2d):  # as after a training: nothing is 0 and 1
            module.running_mean.uniform_(-0.1, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.uniform_(-0.1, 0.1)
        if isinstance(module, nn.Conv2d | nn.Linear):  # signals that neither fade nor explode
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    return Pair(name, theirs, imagenet.build(name, theirs.state_dict(), Path("random.pth")))


def photograph(height: int, width: int) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(3))


def normalised(picture: Tensor) -> Tensor:
    return (picture - torch.tensor(MEAN)[:, None, None]) / torch.tensor(DEVIATION)[:, None, None]


def relative(a: Tensor, b: Tensor) -> float:
    return float((a - b).norm() / b.norm())


@of(*VGG)
def test_the_centre_of_the_map_at_224_pixels_is_torchvisions_answer(pair: Pair) -> None:
    theirs, ours = pair.theirs, pair.ours
    picture = photograph(224, 224)
    with torch.no_grad():
        expected, logits = theirs(normalised(picture)), ours(picture)
    assert logits.shape == (1, 1000, 7, 7)
    assert relative(logits[:, :, 3, 3], expected) < 1e-5


@of(*POOLED)
def test_the_mean_of_the_map_at_224_pixels_is_torchvisions_answer(pair: Pair) -> None:
    theirs, ours = pair.theirs, pair.ours
    picture = photograph(224, 224)
    with torch.no_grad():
        expected, logits = theirs(normalised(picture)), ours(picture)
    assert relative(logits.mean(dim=(2, 3)), expected) < 1e-5


@of(*NAMES)
@pytest.mark.parametrize("size", [(64, 64), (64, 130), (97, 71)])
def test_a_small_canvas_already_has_a_map(pair: Pair, size: tuple[int, int]) -> None:
    ours = pair.ours
    with torch.no_grad():
        logits = ours(photograph(*size))
    assert logits.shape[1] == 1000
    assert min(logits.shape[2:]) >= 2
    assert torch.isfinite(logits).all()


@of(*NAMES)
def test_each_regions_gradient_falls_in_its_region(pair: Pair) -> None:
    ours = pair.ours
    picture = photograph(360, 640).requires_grad_(True)
    logits = ours(picture)
    rows, columns = logits.shape[2:]
    left = torch.zeros(1, rows, columns)
    left[:, :, : columns // 2] = 1
    for mask, side in ((left, slice(0, 320)), (1 - left, slice(320, 640))):
        score = RegionScore.of_own_regions(mask, (((5, 1.0),),), 0.0, 1000)(logits)
        (gradient,) = torch.autograd.grad(score, picture, retain_graph=True)
        energy = gradient.square().sum(dim=(0, 1, 2))  # of each column
        assert float(energy[side].sum() / energy.sum()) > 0.75


@of("vgg16")
def test_beyond_the_receptive_field_there_is_no_gradient_at_all(pair: Pair) -> None:
    ours = pair.ours
    picture = photograph(64, 640).requires_grad_(True)
    logits = ours(picture)
    (gradient,) = torch.autograd.grad(logits[0, 3, :, 4].sum(), picture)
    centre = 4 * 32 + 16
    assert gradient[..., centre].abs().sum() > 0
    assert gradient[..., centre + RADIUS :].abs().max() == 0


@of(*NAMES)
def test_the_descriptor_lists_the_layers_that_are_walked(pair: Pair) -> None:
    ours = pair.ours
    descriptor = load_descriptor(pair.name)
    with torch.no_grad():
        walked = [(layer, x.shape[1]) for layer, x in ours.walk(photograph(64, 64))]
    assert [(layer.name, layer.channels) for layer in descriptor.layers] == walked
    assert len(descriptor.classes) == 1000


@of(*NAMES)
def test_what_lies_beyond_a_layer_is_not_computed(pair: Pair) -> None:
    ours = pair.ours
    seen = []
    hook = ours.get_submodule("logits").register_forward_hook(lambda *_: seen.append(1))
    layers = ours.walk(photograph(64, 64))
    next(layers)
    next(layers)
    layers.close()
    hook.remove()
    assert not seen


@of(*NAMES)
def test_a_silent_channel_still_has_a_gradient(pair: Pair) -> None:
    middle = load_descriptor(pair.name).start_layer
    picture = photograph(96, 96).requires_grad_(True)
    activation = next(x for name, x in pair.ours.walk(picture) if name == middle)
    means = activation[0].mean(dim=(1, 2))
    assert means.min() < 0, "activations are those before the rectifier"
    (gradient,) = torch.autograd.grad(means.min(), picture)
    assert gradient.abs().max() > 0


@of("resnet50")
def test_another_number_of_classes_is_taken_from_the_file(pair: Pair) -> None:
    state = dict(pair.theirs.state_dict())
    state["fc.weight"], state["fc.bias"] = torch.randn(365, 2048), torch.randn(365)
    with torch.no_grad():
        logits = imagenet.build("resnet50", state, Path("places.pth"))(photograph(64, 64))
    assert logits.shape[1] == 365


def without(state: Mapping[str, Tensor], key: str) -> dict[str, Tensor]:
    return {name: value for name, value in state.items() if name != key}


@of("resnet50")
def test_a_state_dict_of_another_network_is_refused_with_the_key_that_differs(pair: Pair) -> None:
    state = pair.theirs.state_dict()
    with pytest.raises(WeightsError, match=r"no\.pth.*layer2\.0\.conv1\.weight"):
        imagenet.build("resnet50", without(state, "layer2.0.conv1.weight"), Path("no.pth"))
    changed = dict(state) | {"conv1.weight": torch.zeros(64, 3, 3, 3)}
    with pytest.raises(WeightsError, match=r"conv1\.weight.*64×3×3×3.*64×3×7×7"):
        imagenet.build("resnet50", changed, Path("no.pth"))
    with pytest.raises(WeightsError, match=r"no\.pth"):
        imagenet.build("vgg16", state, Path("no.pth"))


@of("resnet50")
def test_old_files_without_batch_counters_are_read(pair: Pair) -> None:
    theirs, ours = pair.theirs, pair.ours
    state = {k: v for k, v in theirs.state_dict().items() if not k.endswith("num_batches_tracked")}
    rebuilt = imagenet.build("resnet50", state, Path("old.pth"))
    with torch.no_grad():
        assert torch.equal(rebuilt(photograph(64, 64)), ours(photograph(64, 64)))
