"""Checkpoints: all that later frames depend on, in a file that is whole or is not there.

What is saved is a dictionary of dictionaries, as `state_dict` of its owners returns it. The file is
an archive of torch, so it has a checksum for each of its parts, and torch's weights-only reader
builds numbers, words and tensors from it and refuses to call anything else.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vjdream.errors import OutputError
from vjdream.whole_file import write_whole

VERSION = 1
"""Of the file; what it holds is versioned by its owners."""

PLAIN = (type(None), bool, int, float, str, Tensor)

ARRAY, BYTES = "\0array", "\0bytes"
"""Keys of the dictionaries of one entry that stand for what torch does not save as it is."""


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint whole or not at all; one that is already there is replaced.

    Args:
        state: numbers, strings, None, bytes, numpy arrays and tensors, in dictionaries, lists and
            tuples.

    Raises:
        OutputError: when it cannot be written.
        TypeError: for a value of any other kind.
    """
    content = io.BytesIO()  # so that a full disk is an OSError like every other
    torch.save({"vjdream": VERSION, "checkpoint": _packed(state)}, content)
    try:
        write_whole(path, content.getbuffer())
    except OSError as error:
        raise OutputError(f"cannot write the checkpoint {path}: {error.strerror}") from None


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint; nothing in it can run.

    Returns:
        What was saved, equal in every bit. Tensors are on the CPU and keep their strides, because
        sums over them depend on the order in memory.

    Raises:
        OutputError: when there is none, or it is damaged, or is something else.
    """
    try:
        content = io.BytesIO(path.read_bytes())
    except OSError as error:
        raise OutputError(f"cannot read the checkpoint {path}: {error.strerror}") from None
    try:
        version, state = _read(content)
    except Exception as error:  # zipfile and torch meet damage with whatever they trip over
        raise OutputError(f"{path} is damaged, or no checkpoint of vjdream") from error
    if version != VERSION:
        raise OutputError(
            f"the checkpoint {path} is of version {version}, but this vjdream reads {VERSION}"
        )
    return state


def _read(content: io.BytesIO) -> tuple[int, dict[str, Any]]:
    """Return version and state; whatever is not as it should be raises something."""
    with zipfile.ZipFile(content) as archive:
        spoilt = archive.testzip()  # torch itself does not look at the checksums
    if spoilt is not None:
        raise zipfile.BadZipFile(f"{spoilt} does not match its checksum")
    content.seek(0)
    loaded = torch.load(content, map_location="cpu", weights_only=True)
    version, state = loaded["vjdream"], _unpacked(loaded["checkpoint"])
    if type(version) is not int or not isinstance(state, dict):
        raise TypeError("it holds something else")
    return version, state


def _packed(value: Any) -> Any:
    """Arrays and bytes as tensors, all else as it is."""
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_packed(item) for item in value)
    if isinstance(value, np.ndarray):
        return {ARRAY: torch.tensor(value)}
    if isinstance(value, bytes):
        return {BYTES: torch.tensor(np.frombuffer(value, np.uint8))}
    if type(value) not in PLAIN:  # a subclass, such as numpy's float64, could not be loaded
        raise TypeError(f"a checkpoint cannot hold a {type(value).__name__}: {value!r}")
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {ARRAY}:
            return value[ARRAY].numpy()
        if value.keys() == {BYTES}:
            return value[BYTES].numpy().tobytes()
        return {key: _unpacked(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_unpacked(item) for item in value)
    return value
