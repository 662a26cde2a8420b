"""What an interrupted training has come to, beside the file that is to be."""

import io
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from vjdream.whole_file import write_whole

SEAL = sha256().digest_size


def keep(state: Mapping[str, Any], part: Path, told: bytes) -> None:
    """Write a state from which a training can go on.

    Args:
        state: plain values and tensors.
        told: tells this training from others.

    Raises:
        OSError: when it cannot be written; what was there stays.
    """
    content = io.BytesIO()
    torch.save(dict(state), content)
    write_whole(part, _seal(told, content.getvalue()) + content.getvalue())


def kept(part: Path, told: bytes) -> dict[str, Any] | None:
    """What an interrupted training has come to; None: it was another one, or is damaged."""
    try:
        whole = part.read_bytes()
    except OSError:  # most have never been interrupted
        return None
    seal, content = whole[:SEAL], whole[SEAL:]
    if seal != _seal(told, content):
        return None
    state: dict[str, Any] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return state


def _seal(told: bytes, content: bytes) -> bytes:
    """torch reads damaged weights without a word."""
    return sha256(told + sha256(content).digest()).digest()
