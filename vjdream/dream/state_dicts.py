"""Weight files: reads those that others trained, whatever they are wrapped in, and runs nothing.

A torch file is a pickle, which may ask for any function to be called; torch's weights-only reader
builds tensors and refuses the rest. Safetensors cannot ask. Whatever else is wrong with a file that
a stranger made ends in one sentence, and nothing in it reaches the terminal unescaped.
"""

import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from vjdream.errors import WeightsError

WRAPPERS = ("state_dict", "model_state_dict", "model")
"""Under which keys checkpoints of trainings hold the state dict."""

SHELLS = ("attacker", "model")
"""Names of modules around a network, as the robustness libraries nest them."""

NORMALISERS = ("normalizer.", "normalize.")
"""What such shells hold beside the network: the mean and deviation of its pictures."""

COUNTER = "num_batches_tracked"
"""Of batch normalisation; only training needs it."""

TYPES = {
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
    *(torch.int64, torch.int32, torch.uint8, torch.bool),
}


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """Read a state dict, and name its tensors as the network itself would.

    Returns:
        Tensors on the CPU in the types of the file, which they no longer depend on.

    Raises:
        WeightsError: when the file holds none, is damaged, or asks to run code.
    """
    if not path.is_file():
        raise WeightsError(f"{path} {'is a folder' if path.is_dir() else 'does not exist'}")
    try:
        with path.open("rb") as file:
            beginning = file.read(512)
        loaded, mapped = _load(path, beginning)
    except WeightsError:
        raise
    except Exception as error:  # torch meets damage with whatever error it trips over
        raise WeightsError(_sentence(path, error)) from error
    size = path.stat().st_size
    state: dict[str, Tensor] = {}
    for key, value in _unwrapped(loaded, path).items():
        flaw = _flaw(key, value, size)
        if flaw:
            raise WeightsError(f"{path} is not a state dict: {flaw}")
        name = _bare(key)
        if name.startswith(NORMALISERS):
            continue
        if name in state and not _same(state[name], value):
            raise WeightsError(f"{path} holds two different tensors for {_quoted(name)}")
        state.setdefault(name, value.detach())
    # A file on a stick that is pulled out must not take the dreamer with it.
    return {name: value.clone() if mapped else value for name, value in state.items()}


def fit(
    state: Mapping[str, Tensor],
    expected: Mapping[str, Iterable[int]],
    what: str,
    path: Path,
    ignorable: tuple[str, ...] = (),
    free_first_dimension: Iterable[str] = (),
) -> dict[str, Tensor]:
    """Return exactly the expected tensors of a state dict.

    Args:
        state: as read from `path`.
        expected: the shape of each tensor that the network needs.
        what: the network, for the error.
        path: where the state dict is from, for the error.
        ignorable: beginnings of names that may be there in vain.
        free_first_dimension: names whose first dimension, the number of classes, may be any, as
            long as it is the same in all.

    Raises:
        WeightsError: when a tensor is missing, unknown or of another shape.
    """
    free = set(free_first_dimension)
    flaws: list[str] = []
    for name, sizes in expected.items():
        needed = tuple(sizes)
        if name not in state:
            flaws.append(f"'{name}' ({_shape(needed)}) is missing")
            continue
        found = tuple(state[name].shape)
        start = 1 if name in free and len(found) == len(needed) and found[0] > 0 else 0
        if found[start:] != needed[start:]:
            flaws.append(f"'{name}' has shape {_shape(found)}, needed {_shape(needed)}")
        elif not bool(torch.isfinite(state[name].float()).all()):
            flaws.append(f"'{name}' holds values that are no numbers")
    flaws += [
        f"{_quoted(name)} is unknown to it"
        for name in state
        if name not in expected and not name.startswith(ignorable) and not name.endswith(COUNTER)
    ]
    counts = {len(state[name]) for name in free if name in state and state[name].dim()}
    if len(counts) > 1 and not flaws:
        named = " and ".join(f"'{name}'" for name in sorted(free))
        flaws.append(f"{named} disagree about the number of classes")
    if flaws:
        more = f" (and {len(flaws) - 1} more)" if len(flaws) > 1 else ""
        raise WeightsError(f"{path} is not a {what}: {flaws[0]}{more}")
    return {name: state[name] for name in expected}


def _load(path: Path, beginning: bytes) -> tuple[Any, bool]:
    """What a file holds, and whether its tensors are still windows on the file."""
    if not beginning:
        raise WeightsError(f"{path} is empty")
    if beginning.lstrip()[:1] == b"<":
        raise WeightsError(f"{path} is a web page, not a weight file")
    if path.suffix == ".safetensors" or beginning[8:9] == b"{":
        return load_file(path), True
    zipped = beginning.startswith(b"PK")
    if zipped:
        _check_archive(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about formats; what matters is an error
        # Mapped, a tensor that claims to be longer than the file cannot be built.
        return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped), zipped


def _check_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        # torch never compresses, and a small archive can unpack to fill the memory
        raise WeightsError(f"{path} is a compressed archive: unpack it and give the file inside")
    if any(entry.filename.endswith("/constants.pkl") for entry in entries):
        raise WeightsError(f"{path} is a TorchScript program; a state dict is needed")


def _sentence(path: Path, error: Exception) -> str:
    if asked := re.search(r"GLOBAL ([\w.]+)", str(error)):
        return (
            f"{path} asks to run code ({asked[1][:80]}); refused, nothing was run - "
            "needed is a state dict alone, as torch.save(model.state_dict(), FILE) writes it"
        )
    if isinstance(error, OSError) and error.strerror:
        return f"{path} cannot be read: {error.strerror}"
    return f"{path} is no weight file of torch or safetensors, or is damaged"


def _unwrapped(loaded: Any, path: Path) -> dict[Any, Any]:
    for _ in range(3):  # wrappers within wrappers
        if not isinstance(loaded, dict):
            break
        inner = next((loaded[key] for key in WRAPPERS if isinstance(loaded.get(key), dict)), None)
        if inner is None:
            break
        loaded = inner
    if not isinstance(loaded, dict):
        raise WeightsError(f"{path} holds a {type(loaded).__name__}, needed a state dict")
    if not loaded:
        raise WeightsError(f"{path} holds no weights")
    return loaded


def _flaw(name: Any, value: Any, size: int) -> str | None:
    """Say what is wrong with one entry of a file of `size` bytes."""
    if not isinstance(name, str):
        return f"it has a {type(name).__name__} where names are needed"
    if not isinstance(value, Tensor):
        return f"{_quoted(name)} is a {type(value).__name__}, not a tensor"
    plain = value.layout == torch.strided and value.device.type == "cpu"
    if not plain or value.dtype not in TYPES:
        return f"{_quoted(name)} is no plain tensor"
    if value.numel() * value.element_size() > size:
        return f"{_quoted(name)} claims to be larger than the file"
    return None


def _bare(key: str) -> str:
    """Take the names of modules around the network off, and those that parallel training adds."""
    parts = [part for part in key.split(".") if part != "module"]
    while len(parts) > 2 and parts[0] in SHELLS:
        parts = parts[1:]
    return ".".join(parts)


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and bool(torch.equal(one, other.to(one.dtype)))


def _shape(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes)) or "of one number"


def _quoted(name: str) -> str:
    return repr(name if len(name) <= 80 else name[:80] + "…")
