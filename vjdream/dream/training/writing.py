"""Networks as files: the descriptor that says what a network is, beside or in its weights."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from vjdream.class_lists import NamedClass
from vjdream.dream.dreamnet import Description, DreamNet, multiply_adds_per_pixel
from vjdream.dream.training.trainer import SIDE
from vjdream.errors import printable
from vjdream.network_file import KEY
from vjdream.vocabulary import FORMAT, LONGEST_TEXT
from vjdream.whole_file import write_whole


def describe(
    description: Description,
    classes: Sequence[NamedClass],
    name: str,
    title: str,
    licence: str,
    kinds: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Return the descriptor of a dreamnet, as `vjdream.vocabulary` reads it.

    Args:
        kinds: words that mean several classes, and the slugs of those.
    """
    return {
        "vjdream": FORMAT,
        "name": printable(name)[:LONGEST_TEXT],
        "title": printable(title)[:LONGEST_TEXT],
        "architecture": "dreamnet",
        "blocks": [list(block) for block in description.blocks],
        "head": description.head,
        "activation": "relu",
        "input_side": SIDE,
        "multiply_adds_per_pixel": round(multiply_adds_per_pixel(description)),
        "classes": [
            {"slug": entry.slug, "name": entry.name, "synonyms": list(entry.synonyms)}
            for entry in classes
        ],
        **({} if kinds is None else {"kinds": {kind: list(kinds[kind]) for kind in kinds}}),
        "layers": [{"name": layer, "channels": channels} for layer, channels in description.layers],
        "licence": licence,
    }


def write_one_file(path: Path, network: DreamNet, descriptor: dict[str, Any]) -> None:
    """Write weights and descriptor as one safetensors file.

    Raises:
        OSError: when it cannot be written; what was there stays.
    """
    head = {KEY: json.dumps(descriptor, ensure_ascii=False)}
    write_whole(path, save(_weights(network), metadata=head))


def write_two_files(path: Path, network: DreamNet, descriptor: dict[str, Any]) -> None:
    """Write the descriptor as JSON under `path`, and the weights beside it."""
    write_whole(path, (json.dumps(descriptor, indent=1) + "\n").encode())
    write_whole(path.with_suffix(".safetensors"), save(_weights(network)))


def _weights(network: DreamNet) -> dict[str, Tensor]:
    """Half the digits: a dream looks the same, a file is half as large."""
    return {
        name: value.detach().cpu().to(torch.float16).contiguous()
        for name, value in network.state_dict().items()
    }
