"""What the dream climbs: scores of a network's activations, to be maximised.

`RegionScore` is the 2015 system's: each region the mean logit of its own class, minus `suppress`
times the mean of all logits; logits, not their softmax. The logit map has a place for every part of
the picture, because the networks are fully convolutional. `LayerScore` is Inceptionism's
(Mordvintsev, Olah and Tyka 2015): whatever a layer sees there, more of it.

Scores hold tensors, never numbers of Python, so that a recorded step can be played with new values.
"""

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

SMALLEST_REGION = 1e-3
"""Of one place of the logit map: a region that owns less asks for nothing."""

Target = tuple[tuple[int, float], ...]
"""What one region climbs: logit numbers of classes and their shares, which sum to 1."""

MOST_PLACES = 16_384
"""Places of an activation that are compared with the guide; larger maps are sampled on a grid."""


@dataclass(frozen=True)
class RegionScore:
    """Sum over terms of logits, weighted by class and by place."""

    places: Tensor  # (terms, h, w): how much each place of the map counts
    wanted: Tensor  # (terms, classes): how much each class does

    def __call__(self, logits: Tensor) -> Tensor:  # (1, classes, h, w) -> ()
        by_term = torch.einsum("tc,chw->thw", self.wanted, logits[0].float())
        return (self.places * by_term).sum()

    @classmethod
    def of_own_regions(
        cls, masks: Tensor, targets: tuple[Target, ...], suppress: float, classes: int
    ) -> Self:
        """Each region on its own: its class's logit minus `suppress` times the mean of all, there.

        Args:
            masks: (regions, h, w) on the logit map, 0..1.
        """
        wanted = masks.new_full((len(targets), classes), -suppress / classes)
        for term, target in enumerate(targets):
            for number, part in target:
                wanted[term, number] += part
        return cls(masks / masks[0].numel(), wanted)

    @classmethod
    def of_2015(
        cls,
        masks: Tensor,
        targets: tuple[Target, ...],
        weights: tuple[float, ...],
        suppress: float,
        classes: int,
    ) -> Self:
        """The mean over each region of its class, minus `suppress` times the mean of everything."""
        area = masks.sum(dim=(1, 2), keepdim=True)
        share = masks.new_tensor(weights)[:, None, None] * masks / area.clamp(min=SMALLEST_REGION)
        everywhere = torch.full_like(masks[:1], 1 / masks[0].numel())
        wanted = masks.new_zeros(len(targets) + 1, classes)
        for term, target in enumerate(targets):
            for number, part in target:
                wanted[term, number] = part
        wanted[-1] = -suppress / classes
        return cls(torch.cat([share, everywhere]), wanted)


@dataclass(frozen=True)
class LayerScore:
    """An activation's mean square, or one channel's mean, or how well it matches a guide's.

    The mean square is over what the rectifier lets through, as in the networks that Inceptionism
    looked into; a channel's mean is taken before it, where a silent channel still has a gradient.
    The match is that of guided dreams: each place climbs towards the guide's feature that it is
    most like by scalar product.
    """

    channel: Tensor | None = None  # (channels,), 1 for the wanted one; None: the whole layer
    guide: Tensor | None = None  # (features, channels)
    follow: Tensor | None = None  # (), 0..1: how much the guide counts

    def __call__(self, activation: Tensor) -> Tensor:  # (1, channels, h, w) -> ()
        value = activation[0].float()
        if self.channel is None:
            own = value.clamp(min=0).square().mean()
        else:
            own = (value * self.channel[:, None, None]).sum() / value[0].numel()
        if self.guide is None or self.follow is None:
            return own
        features = sampled(value).clamp(min=0)  # (places, channels)
        match = (features @ self.guide.T).max(dim=1).values.mean()
        return (1 - self.follow) * _of_size_one(own) + self.follow * _of_size_one(match)


def sampled(value: Tensor) -> Tensor:
    """The features (places, channels) of an activation (channels, h, w), at most `MOST_PLACES`."""
    step = 1
    while (value.shape[1] // step) * (value.shape[2] // step) > MOST_PLACES:
        step += 1
    return value[:, ::step, ::step].flatten(1).T


def _of_size_one(score: Tensor) -> Tensor:
    """The score divided by its present size: two such scores pull comparably when mixed."""
    return score / score.detach().abs().clamp(min=1e-12)
