"""What an interrupted training has come to, beside the file that is to be.

Such a file begins with two digests: what tells its training from others, and a seal on all.
"""

import io
import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from vjdream.errors import OutputError
from vjdream.whole_file import write_whole

log = logging.getLogger("vjdream.train")

DIGEST = sha256().digest_size


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
    training = sha256(told).digest()
    write_whole(part, training + _seal(training, content.getvalue()) + content.getvalue())


def kept(part: Path, told: bytes) -> dict[str, Any] | None:
    """What an interrupted training has come to; None: there was none, or it is damaged.

    Raises:
        OutputError: when it was another one: hours of work are not to be lost by a changed option.
    """
    try:
        whole = part.read_bytes()
    except FileNotFoundError:  # most have never been interrupted
        return None
    training, seal = whole[:DIGEST], whole[DIGEST : 2 * DIGEST]
    content = whole[2 * DIGEST :]
    if seal != _seal(training, content):
        log.warning("%s is damaged; the training begins anew", part)
        return None
    if training != sha256(told).digest():
        raise OutputError(
            f"{part} is an interrupted training of other pictures, options or programs: give"
            " another FILE, or delete it to begin anew"
        )
    state: dict[str, Any] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return state


def _seal(training: bytes, content: bytes) -> bytes:
    """torch reads damaged weights without a word."""
    return sha256(training + sha256(content).digest()).digest()
