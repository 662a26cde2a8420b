"""How well a network tells pictures that it was not taught on."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vjdream.dream.dreamnet import DreamNet
from vjdream.dream.training.trainer import SIDE, Examples
from vjdream.dream.training.views import attacked, random_views

ATTACK_STEPS = 5


@dataclass(frozen=True, slots=True)
class Result:
    """Shares of pictures that were told rightly; `robust` is None when nothing attacked them."""

    clean: float
    robust: float | None
    pictures: int
    confusion: NDArray[np.int64]  # (what it is, what it was told as)

    def worst(self, names: list[str], count: int = 8) -> tuple[str, ...]:
        """The confusions that were most frequent, a line each."""
        wrong = self.confusion.copy()
        np.fill_diagonal(wrong, 0)
        pairs = [divmod(int(place), len(wrong)) for place in np.argsort(-wrong, axis=None)[:count]]
        return tuple(
            f"{names[a]} as {names[b]}: {wrong[a, b]} of {self.confusion[a].sum()}"
            for a, b in pairs
            if wrong[a, b]
        )

    def shares(self) -> NDArray[np.float64]:
        """Share of each class's pictures that were told rightly."""
        every = np.maximum(self.confusion.sum(axis=1), 1)
        shares: NDArray[np.float64] = np.diagonal(self.confusion) / every
        return shares


class Means(nn.Module):
    """A network's mean logits (n, classes)."""

    def __init__(self, network: DreamNet) -> None:
        super().__init__()
        self._network = network

    def forward(self, pictures: Tensor) -> Tensor:  # (n, 3, h, w)
        logits: Tensor = self._network(pictures)
        return logits.mean((2, 3))


def examine(
    network: DreamNet,
    examples: Examples,
    epsilon: float,
    seed: int,
    most: int | None = None,
    batch: int = 64,
) -> Result:
    """Let a network tell one random view of each example, as it is and after an attack.

    Args:
        epsilon: of the attack, as a `Course` has it; 0: none.
        most: examples that are used, spread over all of them.
    """
    generator = torch.Generator().manual_seed(seed)
    kinds = network.description.classes
    confusion = np.zeros((kinds, kinds), dtype=np.int64)
    every = len(examples.labels)
    count, robust = min(every, most or every), 0
    spread = np.linspace(0, every - 1, count).round().astype(np.int64)
    device = torch.device("cpu")

    means = Means(network)
    for start in range(0, count, batch):
        stored, truth = examples.batch(spread[start : start + batch], device)
        views = random_views(stored, SIDE, generator)
        with torch.no_grad():
            told = means(views).argmax(1)
        np.add.at(confusion, (truth.numpy(), told.numpy()), 1)
        if epsilon > 0:
            harder = attacked(means, views, truth, epsilon, ATTACK_STEPS, generator)
            with torch.no_grad():
                robust += int((means(harder).argmax(1) == truth).sum())
    clean = float(np.trace(confusion) / count)
    return Result(clean, robust / count if epsilon > 0 else None, count, confusion)
