"""A whole network in one file: safetensors whose head also holds the network's descriptor.

Only the head is read here, without torch: eight bytes with its length, then JSON
(https://github.com/huggingface/safetensors#format). A descriptor may also be a JSON file of its
own, beside a safetensors file of the same name.
"""

import json
import os
from pathlib import Path
from typing import Any

from vjdream.errors import WeightsError
from vjdream.paths import expanded, flaw

ENDINGS = (".safetensors", ".json")
KEY = "vjdream"
"""Under which the descriptor stands in the head."""

LARGEST_HEAD = 4 * 1024 * 1024
LENGTH = 8


def is_file_name(name: str) -> bool:
    """Whether a network that is called so is a file."""
    return name.lower().endswith(ENDINGS)


def find(name: str) -> Path:
    """Return the file that a network's name means.

    Raises:
        WeightsError: when it is not there.
    """
    path = Path(os.path.abspath(expanded(name)))  # noqa: PTH100 - absolute() keeps ".."
    if (what := flaw(path)) is not None:
        raise WeightsError(f"--network {name[:200]} {what}")
    return path


def weights_beside(path: Path) -> Path:
    """Return the file that holds the weights that a descriptor in `path` describes."""
    whole = path.suffix.lower() == ENDINGS[0]
    return path if whole else path.with_suffix(ENDINGS[0])


def read_descriptor(path: Path) -> str:
    """Return the JSON text of the descriptor in or of a file.

    Raises:
        OSError: when the file cannot be read.
        ValueError: when there is no descriptor in it; the sentence says what is there.
    """
    with path.open("rb") as file:
        if path.suffix.lower() != ENDINGS[0]:
            return _text(file.read(LARGEST_HEAD + 1))
        length = int.from_bytes(file.read(LENGTH), "little")
        if not 2 <= length <= LARGEST_HEAD:
            raise ValueError("it does not begin as safetensors do")
        head = parsed(_text(file.read(length)))
    metadata = head.get("__metadata__") if isinstance(head, dict) else None
    described = metadata.get(KEY) if isinstance(metadata, dict) else None
    if not isinstance(described, str):
        raise ValueError(
            "these are weights alone (a whole network is made by: vjdream train;"
            " weights for a known shape are given with --weights)"
        )
    return described


def parsed(text: str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: when it is none, or one that no reader could follow.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _text(content: bytes) -> str:
    if len(content) > LARGEST_HEAD:
        raise ValueError(f"it is larger than {LARGEST_HEAD >> 20} MB")
    return content.decode("utf-8")
