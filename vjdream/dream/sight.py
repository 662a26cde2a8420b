"""Sight: what the network sees in each region, from the logits that a step asks for anyway."""

import torch
from torch import Tensor

from vjdream.frames import Seen

REGIONS = 4
NOTHING: Seen = (("", 0.0),) * REGIONS

SMALLEST_AREA = 1e-6


def region_logits(logits: Tensor, masks: Tensor) -> Tensor:
    """Return the mean logits of each region, (regions, classes).

    Args:
        logits: (1, classes, h, w).
        masks: (regions, h, w), 0..1.
    """
    total = torch.einsum("rhw,chw->rc", masks, logits[0].detach().float())
    return total / masks.sum(dim=(1, 2))[:, None].clamp(min=SMALLEST_AREA)


def recognised(means: Tensor, places: tuple[int, ...], slugs: tuple[str, ...]) -> Seen:
    """Return class and confidence for each of the four regions; "" where nobody looks.

    Args:
        means: (regions, classes), mean logits; the confidence is their softmax.
        places: which regions they are, from 0.
    """
    shares, numbers = torch.softmax(means.float(), dim=1).max(dim=1)
    found = list(NOTHING)
    for place, number, share in zip(places, numbers.tolist(), shares.tolist(), strict=True):
        found[place] = (slugs[number], round(share, 4))
    return tuple(found)
