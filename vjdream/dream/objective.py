"""What the dream climbs: a score of the network's logit map, to be maximised.

As in the 2015 system the score takes logits, not their softmax, each region the mean logit of its
own class, minus `suppress` times the mean of all logits. The logit map has a place for every part
of the picture, because the networks are fully convolutional.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

SMALLEST_REGION = 1e-3
"""Of one place of the logit map: a region that owns less asks for nothing."""


@dataclass(frozen=True)
class RegionScore:
    """Sum over regions of weighted mean logits, minus the pull away from everything else.

    `masks` are (regions, h, w) on the logit map, `targets` the classes' logit numbers.
    """

    masks: Tensor  # (regions, h, w), 0..1
    targets: tuple[int, ...]
    weights: tuple[float, ...]
    suppress: float

    def __call__(self, logits: Tensor) -> Tensor:  # (1, classes, h, w) -> ()
        score = logits.new_zeros((), dtype=torch.float32)
        logits = logits.float()
        everything = logits[0].mean(dim=0)  # (h, w)
        for mask, target, weight in zip(self.masks, self.targets, self.weights, strict=True):
            amount = mask.sum()
            if weight > 0 and amount > SMALLEST_REGION:
                wanted = logits[0, target] - self.suppress * everything
                score = score + weight * (mask * wanted).sum() / mask.numel()
        return score
