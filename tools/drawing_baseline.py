"""How far colours and the smallest patterns alone tell the drawn classes apart.

    python tools/drawing_baseline.py --cache CACHE

A class that is told by one colour or one 3x3 pattern would be dreamt as that. A linear classifier
(multinomial logistic regression) gets, for a view like those of the training, a histogram of
colours (8x8x8 bins) and one of the 3x3 patches: which of 256 found by k-means is nearest, each
patch without its mean and brought to one deviation; and how strong it was. What it scores on
drawings that it was not fitted on is to stay at or below 40 %.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from drawings import CLASSES
from drawings.collection import Pictures, drawn_pictures
from torch import Tensor
from torch.nn import functional

from vjdream.dream.training.trainer import SIDE
from vjdream.dream.training.views import random_views

Floats = npt.NDArray[np.float32]

COLOURS = 8  # bins for each of red, green and blue
WORDS = 256
CONTRASTS = (0.01, 0.03, 0.08, 0.2)  # deviations of patches that part their histogram
LARGEST = 0.40
TESTED = 20  # drawings of each class


def colour_histogram(views: Floats) -> Floats:
    """Share of the pixels of (n, side, side, 3) in each of 512 bins."""
    bins = np.clip((views * COLOURS).astype(int), 0, COLOURS - 1)
    number = (bins[..., 0] * COLOURS + bins[..., 1]) * COLOURS + bins[..., 2]
    return np.stack([histogram(row.ravel(), COLOURS**3) for row in number])


def histogram(values: npt.NDArray[np.intp], bins: int) -> Floats:
    return (np.bincount(values, minlength=bins) / values.size).astype(np.float32)


def patches(views: Floats) -> tuple[Floats, Floats]:
    """Grey 3x3 patches at every other pixel (n, count, 9), evened out; their deviations."""
    grey = torch.from_numpy(views.mean(-1, keepdims=True)).permute(0, 3, 1, 2)
    cut = functional.unfold(grey, 3, stride=2).transpose(1, 2).numpy()
    cut = cut - cut.mean(-1, keepdims=True)
    deviation = cut.std(-1)
    return (cut / (deviation[..., None] + 0.005)).astype(np.float32), deviation


def words_of(examples: Floats, seed: int) -> Floats:
    """The patches (WORDS, 9) around which the others lie."""
    cv2.setRNGSeed(seed)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 15, 1e-3)
    _, _, found = cv2.kmeans(examples, WORDS, None, stop, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    return np.asarray(found, dtype=np.float32)


def patch_histogram(views: Floats, words: Floats) -> Floats:
    """Share of the patches next to each word, and of each contrast."""
    cut, deviation = patches(views)
    squares = (words**2).sum(-1)
    rows = []
    for each, strength in zip(cut, deviation, strict=True):
        nearest = (squares - 2 * each @ words.T).argmin(-1)
        contrast = np.digitize(strength, CONTRASTS)
        parted = histogram(contrast, len(CONTRASTS) + 1)
        rows.append(np.concatenate([histogram(nearest, WORDS), parted]))
    return np.stack(rows)


def views_of(pictures: Pictures, seed: int) -> Floats:
    generator = torch.Generator().manual_seed(seed)
    parts = [
        random_views(
            torch.from_numpy(np.array(pictures[at : at + 256])).permute(0, 3, 1, 2),
            SIDE,
            generator,
        )
        for at in range(0, len(pictures), 256)
    ]
    return torch.cat(parts).permute(0, 2, 3, 1).contiguous().numpy()


def fit(features: Tensor, labels: Tensor, kinds: int, decay: float) -> torch.nn.Linear:
    """Multinomial logistic regression with an L2 penalty, by L-BFGS."""
    linear = torch.nn.Linear(features.shape[1], kinds)
    torch.nn.init.zeros_(linear.weight)
    torch.nn.init.zeros_(linear.bias)
    optimizer = torch.optim.LBFGS(linear.parameters(), max_iter=150, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(linear(features), labels)
        loss = loss + decay * linear.weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)
    return linear


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for drawn pictures")
    parser.add_argument("--pictures", type=int, default=60, help="drawings per class to fit on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    kinds, seed = len(CLASSES), arguments.seed
    fitted = drawn_pictures(
        arguments.cache, arguments.pictures * kinds, seed + 2000, arguments.threads
    )
    tested = drawn_pictures(arguments.cache, TESTED * kinds, seed + 3000, arguments.threads)
    truth = [np.arange(len(pictures)) % kinds for pictures in (fitted, tested)]
    views = [views_of(pictures, seed + place) for place, pictures in enumerate((fitted, tested))]
    some = np.random.default_rng(seed).permutation(len(views[0]))[:2000]
    words = words_of(patches(views[0][some])[0].reshape(-1, 9)[:: len(CLASSES)], seed)
    colours = [colour_histogram(each) for each in views]
    patterns = [patch_histogram(each, words) for each in views]
    print(f"{kinds} classes, {len(fitted)} drawings to fit on, {len(tested)} to score on")
    for name, parts in (
        ("colour histogram", [colours]),
        ("3x3 patches", [patterns]),
        ("both", [colours, patterns]),
    ):
        # Square roots of shares: frequent bins do not drown the others (Hellinger).
        train, test = (
            torch.from_numpy(np.sqrt(np.concatenate([part[i] for part in parts], axis=1)))
            for i in (0, 1)
        )
        best = 0.0
        for decay in (1e-5, 3e-5, 1e-4):  # the strongest of several is the one to fear
            linear = fit(train * 4, torch.from_numpy(truth[0]), kinds, decay)
            with torch.no_grad():
                told = linear(test * 4).argmax(1).numpy()
            share = float((told == truth[1]).mean())
            if share > best:
                best, right = share, told == truth[1]
        print(f"{name}: {best:.1%} (chance {1 / kinds:.1%})")
    each = [(right[truth[1] == kind].mean(), CLASSES[kind].slug) for kind in range(kinds)]
    worst = ", ".join(f"{slug} {share:.0%}" for share, slug in sorted(each)[::-1][:12])
    print(f"told most often: {worst}")
    if best > LARGEST:
        raise SystemExit(f"{best:.1%} is more than the {LARGEST:.0%} that are allowed")


if __name__ == "__main__":
    main()
