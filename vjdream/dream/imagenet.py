"""The classic ImageNet networks, fully convolutional: a map of logits instead of one answer.

Architectures and weights are torchvision's. Dense layers become convolutions: VGG's (Simonyan and
Zisserman 2014) 7x7, 1x1 and 1x1, as in the 2015 system; the single one behind GoogLeNet's (Szegedy
et al. 2014) and ResNet's (He et al. 2015) global average 1x1, and the average is left out. Maps are
padded so that a canvas of 64x64 already has one; batch normalisation is folded into the
convolutions before it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import torchvision
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models.googlenet import BasicConv2d

from vjdream.dream.dense import WideConvolution
from vjdream.dream.state_dicts import fit

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
"""Of ImageNet's pictures, as torchvision's weights expect them to be normalised."""

OPTIONS: dict[str, dict[str, bool]] = {
    "vgg16": {"init_weights": False},
    "vgg19": {"init_weights": False},
    "googlenet": {"init_weights": False, "aux_logits": False},
    "resnet50": {},
}
COUNTER = "num_batches_tracked"
UNUSED = ("aux1.", "aux2.")
"""Keys of state dicts that only training needs."""

POOLED = 7
"""Side of the last map of VGG for the 224 pixels that it was trained on."""


class Layers(nn.Module):
    """A network that can be walked layer by layer, and stopped after any.

    Activations are those before the rectifier: behind it, a silent channel has no gradient.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(
        self, mean: Sequence[float] = MEAN, deviation: Sequence[float] = DEVIATION
    ) -> None:
        super().__init__()
        for name, values in (("mean", mean), ("deviation", deviation)):
            tensor = torch.tensor(values, device="cpu")[:, None, None]
            self.register_buffer(name, tensor, persistent=False)

    def normalised(self, picture: Tensor) -> Tensor:
        normalised: Tensor = (picture - self.mean) / self.deviation
        return normalised

    def walk(self, picture: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yield name and activation of each layer, the logits last; the rest is not computed."""
        raise NotImplementedError

    def forward(self, picture: Tensor) -> Tensor:  # (1, 3, h, w) in 0..1 -> (1, classes, h', w')
        *_, (_, logits) = self.walk(picture)
        return logits


class Vgg(Layers):
    """VGG-16 or VGG-19."""

    def __init__(self, features: nn.Module, classes: int) -> None:
        super().__init__()
        self.features = features
        self.fc6 = WideConvolution(512, 4096, POOLED)
        self.fc7 = nn.Conv2d(4096, 4096, 1)
        self.logits = nn.Conv2d(4096, classes, 1)

    def walk(self, picture: Tensor) -> Iterator[tuple[str, Tensor]]:
        x = self.normalised(picture)
        block = place = 1
        for layer in self.features.children():
            if isinstance(layer, nn.Conv2d):
                x = layer(x)
                yield f"conv{block}_{place}", x
                place += 1
            elif isinstance(layer, nn.ReLU):
                x = functional.relu(x)  # not in place: what was yielded stays what it is
            else:
                x = layer(x)  # halves
                block, place = block + 1, 1
        x = self.fc6(x)
        yield "fc6", x
        x = self.fc7(functional.relu(x))
        yield "fc7", x
        yield "logits", self.logits(functional.relu(x))


class GoogLeNet(Layers):
    """GoogLeNet without its auxiliary classifiers.

    Its weights were trained elsewhere, on pictures between -1 and 1.
    """

    STAGES = (
        "conv1", "maxpool1", "conv2", "conv3", "maxpool2", "inception3a", "inception3b",
        "maxpool3", "inception4a", "inception4b", "inception4c", "inception4d", "inception4e",
        "maxpool4", "inception5a", "inception5b",
    )  # fmt: skip

    def __init__(self, body: nn.Module, classes: int) -> None:
        super().__init__((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
        self.stages = nn.ModuleDict({name: body.get_submodule(name) for name in self.STAGES})
        self.logits = nn.Conv2d(1024, classes, 1)

    def walk(self, picture: Tensor) -> Iterator[tuple[str, Tensor]]:
        x = self.normalised(picture)
        for name, stage in self.stages.items():
            if name.startswith("maxpool"):
                x = stage(x)
            else:
                x = _unrectified(stage, x)
                yield name, x
                x = functional.relu(x)
        yield "logits", self.logits(x)


class ResNet(Layers):
    """ResNet-50."""

    def __init__(self, body: nn.Module, classes: int) -> None:
        super().__init__()
        self.conv1 = body.get_submodule("conv1")
        self.maxpool = body.get_submodule("maxpool")
        self.blocks = nn.ModuleDict(
            {
                f"layer{group}_{number}": block
                for group in range(1, 5)
                for number, block in enumerate(body.get_submodule(f"layer{group}").children(), 1)
            }
        )
        self.logits = nn.Conv2d(2048, classes, 1)

    def walk(self, picture: Tensor) -> Iterator[tuple[str, Tensor]]:
        x = self.conv1(self.normalised(picture))
        yield "conv1", x
        x = self.maxpool(functional.relu(x))
        for name, module in self.blocks.items():
            block: Any = module  # torchvision's `Bottleneck`, whose parts have no types
            around = x if block.downsample is None else block.downsample(x)
            x = functional.relu(block.conv1(x))
            x = functional.relu(block.conv2(x))
            x = block.conv3(x) + around
            yield name, x
            x = functional.relu(x)
        yield "logits", self.logits(x)


def _unrectified(stage: nn.Module, x: Tensor) -> Tensor:
    """A stage of GoogLeNet without its last rectifier."""
    if isinstance(stage, BasicConv2d):
        convolved: Tensor = stage.conv(x)
        return convolved
    if isinstance(stage, nn.Sequential):
        *before, last = stage.children()
        for part in before:
            x = part(x)
        return _unrectified(last, x)
    return torch.cat([_unrectified(branch, x) for branch in stage.children()], dim=1)


ARCHITECTURES: dict[str, Callable[[Mapping[str, Tensor], Path], Layers]] = {}
"""Builders by architecture: from a state dict as torchvision names it, and the file it is from."""


def build(architecture: str, state: Mapping[str, Tensor], path: Path) -> Layers:
    """Return a network with these weights, frozen.

    Args:
        state: a state dict of torchvision's architecture; the number of classes is free.
        path: where it is from, for the error.

    Raises:
        WeightsError: when the state dict is of another architecture.
    """
    network = ARCHITECTURES[architecture](state, path)
    network.requires_grad_(False)
    return network.eval()


def _vgg(architecture: str) -> Callable[[Mapping[str, Tensor], Path], Layers]:
    def create(state: Mapping[str, Tensor], path: Path) -> Layers:
        body, weights, classes = _filled(architecture, state, path, "classifier.6")
        with torch.device("meta"):
            network = Vgg(body.get_submodule("features"), classes)
        state_dict = {
            "fc6.weight": weights["classifier.0.weight"].view(4096, 512, POOLED, POOLED),
            "fc6.bias": weights["classifier.0.bias"],
            "fc7.weight": weights["classifier.3.weight"][:, :, None, None],
            "fc7.bias": weights["classifier.3.bias"],
            "logits.weight": weights["classifier.6.weight"][:, :, None, None],
            "logits.bias": weights["classifier.6.bias"],
        }
        network.load_state_dict(state_dict, strict=False, assign=True)
        return network

    return create


def _pooled(
    architecture: str, wrap: Callable[[nn.Module, int], Layers]
) -> Callable[[Mapping[str, Tensor], Path], Layers]:
    def create(state: Mapping[str, Tensor], path: Path) -> Layers:
        body, weights, classes = _filled(architecture, state, path, "fc")
        _fold_normalisation(body.eval())
        network = wrap(body, classes)
        state_dict = {
            "logits.weight": weights["fc.weight"][:, :, None, None],
            "logits.bias": weights["fc.bias"],
        }
        network.load_state_dict(state_dict, strict=False, assign=True)
        return network

    return create


ARCHITECTURES |= {
    "vgg16": _vgg("vgg16"),
    "vgg19": _vgg("vgg19"),
    "googlenet": _pooled("googlenet", GoogLeNet),
    "resnet50": _pooled("resnet50", ResNet),
}


def _filled(
    architecture: str, state: Mapping[str, Tensor], path: Path, last: str
) -> tuple[nn.Module, dict[str, Tensor], int]:
    """Torchvision's network with these weights in it, the weights, and how many classes it has."""
    with torch.device("meta"):  # 138 million random numbers would only be thrown away
        body = torchvision.models.get_model(architecture, weights=None, **OPTIONS[architecture])
    ends = {f"{last}.weight", f"{last}.bias"}
    expected = {
        name: tuple(value.shape)
        for name, value in body.state_dict().items()
        if not name.endswith(COUNTER)
    }
    fitting = fit(state, expected, architecture, path, free_first_dimension=ends, ignorable=UNUSED)
    weights = {name: value.float() for name, value in fitting.items()}
    inner = {name: value for name, value in weights.items() if name not in ends}
    body.load_state_dict(inner, strict=False, assign=True)
    return body, weights, len(weights[f"{last}.bias"])


def _fold_normalisation(body: nn.Module) -> None:
    """Fold every batch normalisation into the convolution before it."""
    for parent in list(body.modules()):
        before: tuple[str, nn.Conv2d] | None = None
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.BatchNorm2d) and before is not None:
                setattr(parent, before[0], fuse_conv_bn_eval(before[1], child))
                setattr(parent, name, nn.Identity())
            before = (name, child) if isinstance(child, nn.Conv2d) else None
