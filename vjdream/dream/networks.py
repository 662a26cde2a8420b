"""Networks that can be dreamt with, and how they are loaded.

A network is fully convolutional: a picture of any size gives a map of logits. Its weights are
frozen, so the backward pass computes gradients of the picture alone.
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from vjdream.clock import processor_seconds
from vjdream.dream.dreamnet import Description, load
from vjdream.errors import WeightsError
from vjdream.vocabulary import Vocabulary, load_descriptor, networks


class Network(Protocol):
    """What the dreamer needs of a network."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    def logits(self, picture: Tensor) -> Tensor:
        """Return the logit map (1, classes, h, w) of a float picture (1, 3, height, width)."""
        ...


@dataclass(frozen=True)
class TorchNetwork:
    """A torch module as a `Network`, computing in `dtype`."""

    module: nn.Module
    vocabulary: Vocabulary
    dtype: torch.dtype = torch.float32

    def logits(self, picture: Tensor) -> Tensor:
        converted = picture.to(self.dtype, memory_format=torch.channels_last)
        logits: Tensor = self.module(converted)
        return logits


def load_network(name: str, device: torch.device, dtype: torch.dtype) -> TorchNetwork:
    """Load an installed network.

    Raises:
        WeightsError: when there is no such network, or its weights do not fit its descriptor.
    """
    descriptor = load_descriptor(name)
    weights = networks()[name].with_suffix(".safetensors")
    try:
        module = load(load_file(weights), Description.from_descriptor(descriptor.raw))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{weights} does not fit network '{name}': {error}") from error
    placed = module.to(device=device, dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return TorchNetwork(placed, descriptor.vocabulary, dtype)


def faster_dtype(name: str, device: torch.device) -> torch.dtype:
    """Measure whether this machine dreams faster in bfloat16 or in float32.

    Some processors compute bfloat16 twice as fast, others emulate it many times slower, and no flag
    says so reliably; a few passes over a small picture tell.
    """
    return min((torch.float32, torch.bfloat16), key=lambda dtype: _seconds(name, device, dtype))


def _seconds(name: str, device: torch.device, dtype: torch.dtype) -> float:
    network = load_network(name, device, dtype)
    best = float("inf")
    for _ in range(4):  # the first pass also builds kernels
        picture = torch.rand(1, 3, 192, 320, device=device, requires_grad=True)
        started = processor_seconds()
        torch.autograd.grad(network.logits(picture).float().sum(), picture)[0].sum().item()
        best = min(best, processor_seconds() - started)
    return best
