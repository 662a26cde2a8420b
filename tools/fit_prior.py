"""Fit the patch prior: what 8x8 colour patches of pictures have in common.

    python tools/fit_prior.py vjdream/data/prior.safetensors

The filters whiten the patches (principal components, each divided by its deviation), so that
z = filters @ patch - mean has mean 0 and about unit deviation in every direction. The energy of a
patch is the mean of log(1 + z²/v), the form of the 2015 system. v is fitted by maximum likelihood:
exp(-log(1 + z²/v)), made to integrate to one, is the Cauchy density 1 / (pi sqrt(v) (1 + z²/v)),
and its likelihood is greatest where the mean of z² / (v + z²) is one half.

Patches come in equal parts from photographs in the scikit-image wheel that are public domain or
CC0, and from our own drawings; each at scales 1, 2, 4 and 8, so that the prior holds for all.
"""

from __future__ import annotations

import argparse
import importlib.resources

import numpy as np
import torch
from drawings import CLASSES, drawing
from drawings.canvas import Array
from PIL import Image
from safetensors.torch import save_file

PATCH = 8
SCALES = (1, 2, 4, 8)
FLOOR = 0.006  # added deviation: what rounding to 8 bits and compression leave in any picture

# File in skimage/data, and the licence stated for it there.
PHOTOGRAPHS = {
    "astronaut.png": "public domain (NASA)",
    "chelsea.png": "CC0 (Stefan van der Walt)",
    "coffee.png": "CC0 (Rachel Michetti)",
    "rocket.jpg": "public domain (SpaceX)",
    "hubble_deep_field.jpg": "public domain (NASA, ESA)",
    "grass.png": "CC0 (CC0Textures)",
    "gravel.png": "CC0 (CC0Textures)",
    "brick.png": "CC0 (CC0Textures)",
}


def photographs() -> list[Array]:
    """The photographs, (h, w, 3) in 0..1; grey ones get three equal channels."""
    folder = importlib.resources.files("skimage") / "data"
    pictures = []
    for name in PHOTOGRAPHS:
        with (folder / name).open("rb") as file:
            pictures.append(np.asarray(Image.open(file).convert("RGB"), dtype=np.float32) / 255)
    return pictures


def shrunk(picture: Array, factor: int) -> Array:
    """The picture at a coarser scale: the mean of factor x factor pixels."""
    h, w = (side // factor * factor for side in picture.shape[:2])
    blocks = picture[:h, :w].reshape(h // factor, factor, w // factor, factor, 3)
    mean: Array = blocks.mean((1, 3))
    return mean


def patches(rng: np.random.Generator, picture: Array, count: int) -> Array:
    """Random patches (count, 192), in the order channel, row, column."""
    rows = rng.integers(0, picture.shape[0] - PATCH + 1, count)
    columns = rng.integers(0, picture.shape[1] - PATCH + 1, count)
    cut = [picture[y : y + PATCH, x : x + PATCH] for y, x in zip(rows, columns, strict=True)]
    return np.stack(cut).transpose(0, 3, 1, 2).reshape(count, -1)


def sample(pictures: list[Array], count: int, seed: int) -> Array:
    """Patches (count, 192) in equal parts from each picture and scale, mirrored at random."""
    rng = np.random.default_rng(seed)
    each = count // (len(pictures) * len(SCALES))
    found = []
    for picture in pictures:
        for scale in SCALES:
            small = shrunk(picture, scale)
            found += [patches(rng, small, each // 2), patches(rng, small[:, ::-1], each // 2)]
    return np.concatenate(found)


def fit_constant(z: Array) -> float:
    """The v at which the mean of z²/(v + z²) is one half."""
    squared = z.astype(np.float64).ravel() ** 2
    v = 1.0
    for _ in range(60):
        v *= 2 * np.mean(squared / (v + squared))
    return float(v)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--patches", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    drawn = [drawing(k, n, 500 + arguments.seed, 256) for k in range(len(CLASSES)) for n in (0, 1)]
    cut = np.concatenate(
        [
            sample(photographs(), arguments.patches // 2, arguments.seed),
            sample(drawn, arguments.patches // 2, arguments.seed + 1),
        ]
    ).astype(np.float64)
    centre = cut.mean(0)
    variances, directions = np.linalg.eigh(np.cov(cut.T))
    order = np.argsort(-variances)  # coarse light and colour first, fine detail last
    deviations = np.sqrt(np.maximum(variances[order], 0) + FLOOR**2)
    filters = directions[:, order].T / deviations[:, None]
    mean = filters @ centre
    z = cut @ filters.T - mean
    v = fit_constant(z)
    save_file(
        {
            "filters": torch.from_numpy(filters).float().contiguous(),
            "mean": torch.from_numpy(mean).float(),
            "v": torch.tensor([v], dtype=torch.float32),
        },
        arguments.out,
    )
    print(
        f"{len(cut)} patches, v = {v:.4f}, deviations {deviations[0]:.3f} to {deviations[-1]:.4f}"
    )
    print(f"energy of the patches {np.log1p(z**2 / v).mean():.3f}")


if __name__ == "__main__":
    main()
