"""Inceptionism: whatever a layer sees in a photograph, more of it, in every network.

The ImageNet networks have random weights here; dreamnet has its own.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
import torch
import torchvision
from torch import nn

from vjdream.camera import Rates, Viewpoint
from vjdream.dream import imagenet
from vjdream.dream.canvas import Canvas
from vjdream.dream.dreamer import Dreamer
from vjdream.dream.guide import Guide
from vjdream.dream.looks import choose_look
from vjdream.dream.networks import TorchNetwork, load_network
from vjdream.dream.prior import PatchPrior
from vjdream.exchange import Order
from vjdream.frames import Keyframe, Size
from vjdream.parameters import State
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

SIZE = Size(256, 192)
PURE = State(
    mode="layer",
    gradients="sum",
    optimizer="lsd",
    prior=0.0,
    balance=0.0,
    seeds=0.0,
    spread=1.0,
    scale=0.25,
    jitter=0.0,
    sway=0.0,
    steps=10,
)
"""Nothing but the climb, on every pixel of the canvas."""


def photograph() -> Keyframe:
    """A cat (by Stefan van der Walt, CC0)."""
    cropped = skimage.data.chelsea()[20:290, 60:420]
    small = cv2.resize(cropped, (SIZE.width, SIZE.height), interpolation=cv2.INTER_AREA)
    return Keyframe(cv2.cvtColor(small, cv2.COLOR_RGB2BGRA), Viewpoint(), 0, 0.0)


def random_network(name: str) -> TorchNetwork:
    torch.manual_seed(1)
    body = torchvision.models.get_model(name, weights=None, **imagenet.OPTIONS[name])
    for module in body.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    module = imagenet.build(name, body.state_dict(), Path("random.pth"))
    return TorchNetwork(module, load_descriptor(name).vocabulary)


def shipped(name: str) -> TorchNetwork:
    return load_network(Settings())


def dreamer(network: TorchNetwork, guide: Guide | None = None) -> Dreamer:
    canvas = Canvas(SIZE, SIZE, torch.device("cpu"))
    made = Dreamer(network, PatchPrior.load(), canvas, guide=guide)
    made.resume(photograph())
    return made


def mean_square(network: TorchNetwork, made: Dreamer, layer: str) -> float:
    with torch.no_grad():
        activation = network.activation(made.canvas.picture, layer)
    return float(activation.clamp(min=0).square().mean())


def paint(made: Dreamer, state: State, keyframes: int) -> None:
    for number in range(keyframes):
        made.paint(Order(state, Viewpoint(), Rates(), number / 4), number / 4)


@pytest.mark.parametrize(
    ("name", "load", "layer"),
    [
        ("dreamnet", shipped, "block2.conv2"),
        ("dreamnet", shipped, "block3.conv2"),
        ("dreamnet", shipped, "logits"),
        ("vgg16", random_network, "conv3_3"),
        ("vgg19", random_network, "conv3_4"),
        ("googlenet", random_network, "inception4c"),
        ("resnet50", random_network, "layer3_3"),
    ],
)
def test_a_layers_mean_square_rises_tenfold_on_a_photograph(
    name: str, load: Callable[[str], TorchNetwork], layer: str
) -> None:
    network = load(name)
    made = dreamer(network)
    before = mean_square(network, made, layer)
    state = replace(PURE, layer=layer)
    for _ in range(12):
        paint(made, state, 1)
        if mean_square(network, made, layer) > 10 * before:
            return
    raise AssertionError(f"only {mean_square(network, made, layer) / before:.1f} times")


def test_one_channel_climbs_its_own_mean_and_a_number_too_high_means_the_last() -> None:
    network = shipped("dreamnet")

    def channels(made: Dreamer) -> torch.Tensor:
        with torch.no_grad():
            return network.activation(made.canvas.picture, "block3.conv1")[0].mean(dim=(1, 2))

    reached = {}
    last = network.vocabulary.channels("block3.conv1") - 1
    for asked, meant in ((5, 5), (4095, last)):
        made = dreamer(network)
        paint(made, replace(PURE, layer="block3.conv1", channel=asked), 2)
        reached[meant] = channels(made)
    start = channels(dreamer(network))
    for meant, other in ((5, last), (last, 5)):
        assert reached[meant][meant] > start[meant] + 0.5
        assert reached[meant][meant] > reached[other][meant] + 0.5


def test_regions_do_not_matter_to_a_layer() -> None:
    network = shipped("dreamnet")
    pictures = []
    for position in (0.2, 0.8):
        made = dreamer(network)
        paint(made, State(mode="layer", split_position=position), 1)
        pictures.append(made.canvas.picture)
    assert torch.equal(*pictures)


def stripes(vertical: bool) -> torch.Tensor:
    wave = (torch.arange(96) // 8 % 2).float()
    picture = wave.expand(96, 96) if vertical else wave[:, None].expand(96, 96)
    return picture.expand(1, 3, 96, 96).contiguous()


def test_a_guides_features_are_painted() -> None:
    """Guided by stripes, edges turn their way more than guided by stripes across."""
    network = shipped("dreamnet")
    across = []
    for vertical in (True, False):
        made = dreamer(network, Guide(network, stripes(vertical)))
        paint(made, replace(PURE, layer="block2.conv2", guide=1.0, steps=5), 3)
        light = made.canvas.picture.mean(dim=1)[0]
        horizontal = float(light.diff(dim=1).square().mean())
        down = float(light.diff(dim=0).square().mean())
        across.append(horizontal / down)
    assert across[0] > 1.5 * across[1]


def test_octaves_go_from_coarse_to_fine_within_a_keyframe() -> None:
    state = State(octaves=4, spread=2.744, steps=8, scale=0.5)
    heights = [choose_look(state, (720, 1280), 1.08, 40 + n, 0, n).height for n in range(8)]
    assert heights == sorted(heights)
    assert len(set(heights)) == 4
    assert heights[0] == heights[1]
    assert np.isclose(heights[-1] / heights[0], 2.744, rtol=0.1)
