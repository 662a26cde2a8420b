"""Downloaded weights, as far as they concern a stage without torch: where they lie, what to type.

They lie in torch's own cache, so whatever another program has fetched is found, and shared.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vjdream.errors import WeightsError, nearest
from vjdream.paths import expanded, flaw
from vjdream.vocabulary import Descriptor

Progress = Callable[[int, int | None], None]
"""Is told how many bytes are there and how many there will be, if that is known."""


@dataclass(frozen=True, slots=True)
class Published:
    """Weights that can be fetched."""

    file_name: str
    megabytes: int


PUBLISHED = {
    "vgg16": Published("vgg16-397923af.pth", 528),
    "vgg19": Published("vgg19-dcbb9e9d.pth", 548),
    "googlenet": Published("googlenet-1378be20.pth", 50),
    "resnet50": Published("resnet50-0676ba61.pth", 98),
}
"""What ``vjdream fetch`` can get; a test compares it with torchvision, where the addresses are."""


def weights_folder() -> Path:
    """Return the folder in which torch keeps downloaded weights; it need not exist."""
    home = os.environ.get("TORCH_HOME")
    if home is None:
        home = os.path.join(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "torch")  # noqa: PTH118
    return expanded(home) / "hub" / "checkpoints"


def installed_weights(file_name: str) -> Path | None:
    """Return the weight file of that name in the cache, or None when it is not there."""
    path = weights_folder() / file_name
    return path if path.is_file() and path.stat().st_size > 0 else None


def find_weights(descriptor: Descriptor, own: str | None = None) -> Path:
    """Return the weight file of a network that is not part of vjdream.

    Args:
        descriptor: of the network.
        own: the file that was asked for instead.

    Raises:
        WeightsError: when there is none, with how to get it, or nobody knows such networks.
    """
    if descriptor.architecture not in ("dreamnet", *PUBLISHED):
        raise WeightsError(
            f"{descriptor.file} is of the architecture {descriptor.architecture!r} (known: "
            f"dreamnet, {', '.join(PUBLISHED)})"
        )
    if own is not None:
        path = expanded(own)
        if (what := flaw(path)) is not None:
            raise WeightsError(f"--weights {own} {what}")
        return path
    known = PUBLISHED.get(descriptor.name)
    installed = installed_weights(known.file_name) if known else None
    if installed is None:
        raise missing(descriptor.name)
    return installed


def missing(name: str) -> WeightsError:
    """Return the error that says exactly what to type to get a network's weights."""
    how = "give your own with --weights FILE"
    if name in PUBLISHED:
        how = f"type: vjdream fetch {name} ({PUBLISHED[name].megabytes} MB), or {how}"
    return WeightsError(f"network '{name}' has no weights on this computer - {how}")


def published(name: str) -> Published:
    """Return what can be fetched under that name.

    Raises:
        WeightsError: when nothing can.
    """
    if name == "dreamnet":
        raise WeightsError("dreamnet needs no fetching: it is part of vjdream")
    if name not in PUBLISHED:
        raise WeightsError(
            f"no weights can be fetched for '{name[:60]}' (allowed: {', '.join(PUBLISHED)})"
            f"{nearest(name[:60], PUBLISHED)}"
        )
    return PUBLISHED[name]
