"""Another prior than the one that ships: reads the folder of ``--prior``, and runs nothing.

It holds `prior.safetensors`, as ``tools/fit_prior.py`` writes it, or the two NumPy files of the
2015 system (github.com/317070/Twitch-plays-LSD-neural-net, whose `train.py` says how it uses them).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vjdream.dream.prior import FORMS, PATCH, PatchPrior
from vjdream.dream.state_dicts import fit, read_state_dict
from vjdream.errors import WeightsError
from vjdream.paths import expanded

OWN = "prior.safetensors"

PAIRS_2015 = (
    ("student_prior_filters.npy", "student_prior_mean.npy"),
    ("prior_filters.npy", "prior_mean.npy"),
)
"""Filters and means in the repository of 2015; its stream was dreamt with the first pair."""

COUNT = 3 * PATCH * PATCH
FILTERS_2015, MEAN_2015 = (PATCH, PATCH, 3, COUNT), (COUNT,)

V_2015 = 0.665248
"""The constant of the Student-t form in `train.py`; the files do not hold it."""

WHITE, GREY = 255.0, 128.0
"""The 2015 system's pictures are 0..255, and 128 is taken off each colour before the filters."""

MOST_NAMED = 4
"""Files that a sentence lists."""

Shape = tuple[int, ...]


def read_prior(folder: str, device: torch.device | None = None) -> PatchPrior:
    """Read the prior in a folder.

    Of several NumPy files those with the names of 2015 are taken, else the only two of the right
    shapes. A folder that holds a prior of ours beside NumPy files is refused: it may mean either.

    Args:
        folder: may begin with ``~``.
        device: where the prior is to compute.

    Raises:
        WeightsError: when there is no prior, more than one, or one that is damaged.
    """
    path = expanded(folder)
    own, arrays = path / OWN, _arrays(path)
    if own.is_file() and arrays:
        raise WeightsError(
            f"--prior {folder} holds {OWN} and {_listed(arrays)}: needed is a folder with one prior"
        )
    prior = _read_own(own) if own.is_file() else _read_2015(*_pair(folder, arrays))
    picture = torch.linspace(0, 1, COUNT).view(1, 3, PATCH, PATCH)
    slopes = torch.stack([prior.gradient(picture, (0, 0), form) for form in FORMS])
    if not torch.isfinite(slopes.square().sum()):
        raise WeightsError(f"--prior {folder} cannot be used: its values are far too large")
    return PatchPrior(prior.filters.to(device), prior.mean.to(device), prior.v)


def from_2015(filters: NDArray[np.float64], mean: NDArray[np.float64]) -> PatchPrior:
    """Return the prior of 2015 for pictures in 0..1.

    There the response of filter k at a patch is, with the picture x in 0..255 as red, green, blue,
    ``z[k] = sum over c, i, j of filters[i, j, c, k] * (x[c, 7 - i, 7 - j] - 128) - mean[k]``:
    Theano's `conv2d` is a true convolution, which turns each filter by half a turn and leaves the
    order of colours. All factors go into the filters and all that is constant into the mean.

    Args:
        filters: (8, 8, 3, 192): row, column, colour, filter.
        mean: (192,) of the responses.
    """
    turned = filters[::-1, ::-1].transpose(3, 2, 0, 1).reshape(COUNT, COUNT)
    constant = mean + GREY * turned.sum(axis=1)
    return PatchPrior(
        torch.from_numpy(WHITE * turned).float(), torch.from_numpy(constant).float(), V_2015
    )


def _read_own(path: Path) -> PatchPrior:
    expected = {"filters": (COUNT, COUNT), "mean": (COUNT,), "v": (1,)}
    content = fit(read_state_dict(path), expected, "prior", path)
    v = float(content["v"])
    if v <= 0:
        raise WeightsError(f"{path} is not a prior: 'v' is to be above 0, got {v:g}")
    return PatchPrior(content["filters"].float(), content["mean"].float(), v)


def _read_2015(filters: Path, mean: Path) -> PatchPrior:
    with np.errstate(over="ignore", invalid="ignore"):
        prior = from_2015(_read(filters, FILTERS_2015), _read(mean, MEAN_2015))
    for values, path in ((prior.filters, filters), (prior.mean, mean)):
        if not torch.isfinite(values).all():  # in single precision
            raise WeightsError(f"{_told(path)} holds values that are too large for a prior")
    return prior


def _read(path: Path, needed: Shape) -> NDArray[np.float64]:
    """The numbers of a NumPy file, which they no longer depend on."""
    array = _opened(path)
    if array is None:
        raise WeightsError(
            f"{_told(path)} is no NumPy array of plain numbers, or is damaged (pickled ones may "
            "run code and are refused)"
        )
    if array.shape != needed:
        raise WeightsError(f"{_told(path)} has shape {array.shape}, needed {needed}")
    numbers = np.array(array, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise WeightsError(f"{_told(path)} holds values that are no numbers")
    return numbers


def _opened(path: Path) -> NDArray[Any] | None:
    """A window on a NumPy file; None: it is none, or holds other things than numbers."""
    try:
        array = np.lib.format.open_memmap(path, mode="r")  # it knows no pickles at all
    except OSError as error:
        if error.strerror is None:
            return None
        raise WeightsError(f"{_told(path)} cannot be read: {error.strerror}") from error
    except Exception:  # numpy meets damage with whatever error it trips over
        return None
    return array if array.dtype.kind in "fiu" else None


def _arrays(folder: Path) -> list[Path]:
    """The NumPy files in a folder."""
    try:
        return sorted(file for file in folder.iterdir() if file.suffix == ".npy" and file.is_file())
    except OSError as error:
        raise WeightsError(f"--prior {folder} cannot be read: {error.strerror}") from error


def _pair(folder: str, arrays: list[Path]) -> tuple[Path, Path]:
    """The files of a prior of 2015: filters and mean."""
    by_name = {file.name: file for file in arrays}
    for filters, mean in PAIRS_2015:
        if filters in by_name and mean in by_name:
            return by_name[filters], by_name[mean]
        if filters in by_name or mean in by_name:
            break  # a half of what the stream used: the other pair is not what was meant
    shapes = {file: None if (array := _opened(file)) is None else array.shape for file in arrays}
    chosen: list[Path] = []
    for what, needed in (("filters", FILTERS_2015), ("mean", MEAN_2015)):
        fitting = [file for file, shape in shapes.items() if shape == needed]
        if len(fitting) > 1:
            raise WeightsError(
                f"--prior {folder} holds several arrays that may be the {what}: "
                f"{_listed(fitting)}; needed is one of shape {needed}"
            )
        chosen += fitting
    if len(chosen) < 2:
        raise WeightsError(
            f"--prior {folder} holds no prior: needed {OWN}, or {PAIRS_2015[0][0]} of shape "
            f"{FILTERS_2015} and {PAIRS_2015[0][1]} of shape {MEAN_2015}, "
            f"got {_listed(shapes) or 'none of them'}"
        )
    return chosen[0], chosen[1]


def _told(path: Path) -> str:
    """One file of the folder for the beginning of a sentence."""
    return f"--prior {path.parent}: {_listed([path])}"


def _listed(files: Mapping[Path, Shape | None] | list[Path]) -> str:
    """Files for a sentence; names in a stranger's folder may hold what a terminal would obey."""
    told = [repr(file.name[:80]) for file in files]
    if isinstance(files, Mapping):
        shapes = (
            f"of shape {shape}" if shape is not None else "no plain numbers"
            for shape in files.values()
        )
        told = [f"{name} ({shape})" for name, shape in zip(told, shapes, strict=True)]
    more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    return ", ".join(told[:MOST_NAMED]) + more
