"""Networks that can be dreamt with, and how they are loaded.

A network is fully convolutional: a picture of any size gives a map of logits. Its weights are
frozen, so the backward pass computes gradients of the picture alone.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from vjdream.clock import processor_seconds
from vjdream.dream import dreamnet
from vjdream.dream.state_dicts import fit, read_state_dict
from vjdream.errors import WeightsError
from vjdream.network_file import weights_beside
from vjdream.settings import Settings
from vjdream.vocabulary import Descriptor, Vocabulary, load_descriptor
from vjdream.weights import find_weights

LAST = "logits"
"""The layer that every network ends with."""

MOST_BLOCKS, MOST_IN_BLOCK, WIDEST = 8, 16, 4096
"""Of a dreamnet that somebody else describes: more would not be played live anywhere."""


class Network(Protocol):
    """What the dreamer needs of a network."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def border(self) -> int:
        """Places at each edge of the logit map that have seen padding beside the picture."""
        ...

    def activation(self, picture: Tensor, layer: str) -> Tensor:
        """Return one layer's activation (1, channels, h, w) of a picture (1, 3, height, width).

        Nothing beyond that layer is computed.
        """
        ...

    def logits(self, picture: Tensor) -> Tensor:
        """Return the logit map (1, classes, h, w)."""
        ...


@dataclass(frozen=True)
class TorchNetwork:
    """A torch module with a `walk` over its layers as a `Network`, computing in `dtype`."""

    module: Any
    vocabulary: Vocabulary
    dtype: torch.dtype = torch.float32
    border: int = 0

    def activation(self, picture: Tensor, layer: str) -> Tensor:
        layers: Iterator[tuple[str, Tensor]] = self.module.walk(
            picture.to(self.dtype, memory_format=torch.channels_last)
        )
        for name, value in layers:
            if name == layer:
                return value
        raise AssertionError(f"the vocabulary knows a layer that the network lacks: {layer}")

    def logits(self, picture: Tensor) -> Tensor:
        return self.activation(picture, LAST)

    def placed(self, device: torch.device, dtype: torch.dtype) -> "TorchNetwork":
        """Move the weights there; they are converted once, not in every step."""
        module = self.module.to(device=device, dtype=dtype, memory_format=torch.channels_last)
        return replace(self, module=module, dtype=dtype)


def load_network(settings: Settings) -> TorchNetwork:
    """Load the network that the settings name, in float32 and on the CPU.

    Raises:
        WeightsError: when there is no such network, it has no weights on this computer, or they do
            not fit.
    """
    descriptor = load_descriptor(settings.network, settings.class_list)
    if descriptor.architecture == "dreamnet":
        module, path = _load_dreamnet(descriptor, settings.weights)
        return _computing(TorchNetwork(module, descriptor.vocabulary), path)
    from vjdream.dream import imagenet  # torchvision takes two seconds that dreamnet need not wait

    path = find_weights(descriptor, settings.weights)
    module = imagenet.build(descriptor.architecture, read_state_dict(path), path)
    _check_classes(module, descriptor, path)
    border = imagenet.POOLED // 2 if isinstance(module, imagenet.Vgg) else 0
    return _computing(TorchNetwork(module, descriptor.vocabulary, border=border), path)


def _computing(network: TorchNetwork, path: Path) -> TorchNetwork:
    """Refuse weights that are numbers, but so large that what is dreamt with them is none."""
    picture = torch.linspace(0, 1, 3 * 64 * 64).view(1, 3, 64, 64).requires_grad_(True)
    logits = network.logits(picture)
    gradient = torch.autograd.grad(logits.sum(), picture)[0]
    squares = logits.square().mean() + gradient.square().mean()  # the ascent takes them, too
    if not torch.isfinite(squares):
        raise WeightsError(f"{path} cannot be dreamt with: its weights are far too large")
    return network


def _load_dreamnet(descriptor: Descriptor, weights: str | None) -> tuple[nn.Module, Path]:
    path = Path(weights) if weights else weights_beside(descriptor.file)
    shape = _shape(descriptor)
    with torch.device("meta"):
        expected = {
            name: value.shape for name, value in dreamnet.DreamNet(shape).state_dict().items()
        }
    state = fit(read_state_dict(path), expected, descriptor.architecture, path)
    return dreamnet.load(state, shape), path


def _shape(descriptor: Descriptor) -> dreamnet.Description:
    """The shape of a dreamnet, as a file of somebody else's may describe it."""
    blocks, head = descriptor.raw.get("blocks"), descriptor.raw.get("head")
    if (
        not isinstance(blocks, list)
        or not 1 <= len(blocks) <= MOST_BLOCKS
        or not all(isinstance(block, list) and 1 <= len(block) <= MOST_IN_BLOCK for block in blocks)
        or not all(
            type(width) is int and 1 <= width <= WIDEST
            for width in (head, *itertools.chain.from_iterable(blocks))
        )
    ):
        raise WeightsError(f"{descriptor.file} describes a dreamnet that cannot be")
    shape = dreamnet.Description.from_descriptor(
        {**descriptor.raw, "classes": [c.slug for c in descriptor.classes]}
    )
    if shape.layers != tuple((layer.name, layer.channels) for layer in descriptor.layers):
        raise WeightsError(f"the layers in {descriptor.file} are not those of its blocks")
    return shape


def _check_classes(module: nn.Module, descriptor: Descriptor, path: Path) -> None:
    logits = module.get_submodule(LAST)
    assert isinstance(logits, nn.Conv2d)
    if logits.out_channels != len(descriptor.classes):
        raise WeightsError(
            f"{path} knows {logits.out_channels} classes, the list of names has "
            f"{len(descriptor.classes)} - give --class-list a file with one name per line"
        )


def place(network: TorchNetwork, settings: Settings, device: torch.device) -> TorchNetwork:
    """Move the network to the device in the dtype asked for; ``auto`` takes the faster one.

    Some processors compute bfloat16 twice as fast, others emulate it many times slower, and no flag
    says so reliably; a few passes over a small picture tell.
    """
    if settings.dtype == "float32":
        return network.placed(device, torch.float32)
    if settings.dtype == "bfloat16":
        return network.placed(device, torch.bfloat16)
    full = network.placed(device, torch.float32)
    full_seconds = _seconds(full, device)
    half = full.placed(device, torch.bfloat16)  # in place: two copies of VGG are a gigabyte
    if _seconds(half, device) < full_seconds:
        return half
    return load_network(settings).placed(device, torch.float32)


def _seconds(network: TorchNetwork, device: torch.device) -> float:
    best = float("inf")
    for _ in range(4):  # the first pass also builds kernels
        picture = torch.rand(1, 3, 192, 320, device=device, requires_grad=True)
        started = processor_seconds()
        torch.autograd.grad(network.logits(picture).float().sum(), picture)[0].sum().item()
        best = min(best, processor_seconds() - started)
    return best
