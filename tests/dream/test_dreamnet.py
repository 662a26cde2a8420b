"""The architecture, and the weights that ship with it."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import vjdream
from vjdream.dream.dreamnet import (
    MULTIPLY_ADDS_LIMIT,
    Description,
    DreamNet,
    load,
    multiply_adds_per_pixel,
)

DATA = Path(vjdream.__file__).parent / "data"
sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))


@pytest.fixture(scope="module")
def descriptor() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / "dreamnet.json").read_text())
    return content


@pytest.fixture(scope="module")
def shipped(descriptor: dict[str, Any]) -> DreamNet:
    weights = load_file(DATA / "dreamnet.safetensors")
    return load(weights, Description.from_descriptor(descriptor))  # strict: every name must fit


def test_multiply_adds_are_counted_as_by_hand() -> None:
    tiny = Description(classes=5, blocks=((2,), (4,)), head=6)
    by_hand = 9 * 3 * 2 + (9 * 2 * 4) / 4 + (9 * 4 * 6 + 6 * 5) / 16
    assert multiply_adds_per_pixel(tiny) == by_hand


def test_a_step_with_the_shipped_network_stays_affordable(descriptor: dict[str, Any]) -> None:
    cost = multiply_adds_per_pixel(Description.from_descriptor(descriptor))
    assert cost <= MULTIPLY_ADDS_LIMIT
    assert round(cost) == descriptor["multiply_adds_per_pixel"]


@pytest.mark.parametrize(
    ("height", "width", "rows", "columns"),
    [(64, 64, 4, 4), (270, 480, 17, 30), (65, 97, 5, 7), (91, 79, 6, 5)],
)
def test_any_picture_gives_one_logit_per_class_and_region(
    height: int, width: int, rows: int, columns: int
) -> None:
    network = DreamNet(Description(classes=3, blocks=((2,), (2,), (2,), (2,)), head=4))
    assert network(torch.rand(1, 3, height, width)).shape == (1, 3, rows, columns)


def test_an_even_picture_has_even_logits_up_to_its_borders() -> None:
    network = DreamNet(Description(classes=3, blocks=((4,), (4,), (4,), (4,)), head=4))
    logits = network(torch.full((1, 3, 75, 90), 0.3))
    middle = logits[..., 2:3, 2:3].expand_as(logits)
    torch.testing.assert_close(logits, middle, rtol=1e-4, atol=1e-5)


def test_every_layer_of_the_descriptor_can_be_reached_by_its_name(
    descriptor: dict[str, Any], shipped: DreamNet
) -> None:
    for layer in descriptor["layers"]:
        module = shipped.get_submodule(layer["name"])
        assert module.get_parameter("bias").shape == (layer["channels"],)


def test_the_descriptor_and_the_drawings_name_the_same_classes(
    descriptor: dict[str, Any], shipped: DreamNet
) -> None:
    from drawings import CLASSES

    named = [entry["slug"] for entry in descriptor["classes"]]
    assert named == [drawn.slug for drawn in CLASSES]
    assert shipped.logits.out_channels == len(named)


def test_the_shipped_network_names_what_is_drawn(shipped: DreamNet) -> None:
    from drawings import CLASSES, drawing

    truth = [kind for kind in range(len(CLASSES)) for _ in range(4)]
    pictures = [
        drawing(kind, number=900_000 + place, seed=77, size=96) for place, kind in enumerate(truth)
    ]
    batch = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
    told = shipped(batch).mean((2, 3)).argmax(1)
    share = float((told == torch.tensor(truth)).float().mean())
    assert share >= 0.8
