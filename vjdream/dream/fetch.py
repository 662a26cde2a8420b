"""``vjdream fetch``: the weights that torchvision publishes, into the cache it would use itself."""

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from torchvision.models import (
    GoogLeNet_Weights,
    ResNet50_Weights,
    VGG16_Weights,
    VGG19_Weights,
    WeightsEnum,
)

from vjdream.dream.download import copy_in, download, has_hash
from vjdream.errors import WeightsError
from vjdream.paths import expanded
from vjdream.weights import Progress, published, weights_folder

SOURCES: dict[str, WeightsEnum] = {
    "vgg16": VGG16_Weights.IMAGENET1K_V1,
    "vgg19": VGG19_Weights.IMAGENET1K_V1,
    "googlenet": GoogLeNet_Weights.IMAGENET1K_V1,
    # Not V2, which classifies better: the pictures that DeepDream is known for are V1's features.
    "resnet50": ResNet50_Weights.IMAGENET1K_V1,
}


def fetch(
    name: str,
    source: str | None,
    progress: Progress,
    timeout: float = 30.0,
    wait: Callable[[float], None] | None = None,
) -> Path:
    """Make sure that a network's weights are on this computer; return their file.

    Args:
        name: of the network.
        source: a file or another address to get them from; None: from their publisher.
        progress: hears of every piece; of none when the weights were here already.
        timeout: see `download`.
        wait: see `download`.

    Raises:
        WeightsError: when there are no such weights, or they cannot be had.
    """
    published(name)
    url = str(SOURCES[name].url)
    target = weights_folder() / file_name(url)
    prefix = hash_prefix(target.name)
    if target.is_file() and has_hash(target, prefix):
        return target
    if source is not None and "://" not in source:
        copy_in(expanded(source), target, prefix, progress)
    else:
        download(source or url, target, prefix, progress, timeout, wait)
    return target


def file_name(url: str) -> str:
    """Return the name under which torch caches what it downloads from an address."""
    return PurePosixPath(urlsplit(url).path).name


def hash_prefix(name: str) -> str:
    """Return the first digits of a file's SHA-256, which torch writes into its name.

    Raises:
        WeightsError: when the name holds none.
    """
    found = re.search(r"-([0-9a-f]{8,64})\.", name)
    if found is None:
        raise WeightsError(f"{name} does not tell its hash (needed: NAME-HASH.pth)")
    return found[1]
