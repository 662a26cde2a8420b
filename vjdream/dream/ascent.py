"""Carrying steps out: from the canvas to a gradient, on whatever device the canvas is.

No number leaves the device here and nothing is decided, so that a GPU can record the steps of a
keyframe and play them back (see `vjdream.dream.recording`).
"""

import torch
from torch import Tensor
from torch.nn import functional

from vjdream.dream.canvas import Canvas
from vjdream.dream.looks import carry_back, take
from vjdream.dream.networks import Network
from vjdream.dream.prior import PatchPrior
from vjdream.dream.sight import region_logits
from vjdream.dream.spectrum import weight_colour, weight_spectrum
from vjdream.dream.step import Step

LOCAL_GRID = (6, 8)
"""Rows and columns of the grid on which the gradient's local deviation is taken."""

PRIOR_2015 = 10.0
"""Strength of the prior in the 2015 system, where gradients are added as they are."""

TINY = 1e-12


class Ascent:
    """Carries steps out on a canvas."""

    def __init__(self, network: Network, prior: PatchPrior, canvas: Canvas) -> None:
        self._network, self._prior, self._canvas = network, prior, canvas
        self.seen: tuple[tuple[int, ...], Tensor] | None = None  # regions and their mean logits

    def take(self, step: Step) -> None:
        """Climb one step."""
        gradient = self.gradient(step)
        if step.fixed.lsd:
            self._canvas.climb_as_in_2015(gradient, step.values.pace, step.fixed.place)
        else:
            self._canvas.climb(gradient, step.values.pace)
        self._canvas.balance(step.values.pace)

    def gradient(self, step: Step) -> Tensor:
        """The direction of a step on the canvas.

        With even gradients it is of about unit deviation; otherwise it is the sum's own gradient.
        """
        fixed, values = step.fixed, step.values
        seen = take(self._canvas.picture, fixed.height, fixed.width, values.there)
        mixed = self._even(step, seen) if fixed.even else self._sum(step, seen)
        height, width = self._canvas.picture.shape[-2:]
        return carry_back(mixed, height, width, values.back)

    def _even(self, step: Step, seen: Tensor) -> Tensor:
        values = step.values
        mixed = self._climbed(step, seen)
        if values.score is not None:
            bands = values.bands if step.fixed.bands else None
            mixed = weight_spectrum(mixed, values.spectrum, bands)
            mixed = weight_colour(mixed, values.colour, values.natural)
            mixed = evened(mixed, values.masks, values.weights, values.everywhere)
        if step.fixed.prior is not None:
            mixed = mixed - values.prior * unit(self._prior_gradient(step, seen))
        return mixed / torch.sqrt(1 + values.prior.square())

    def _sum(self, step: Step, seen: Tensor) -> Tensor:
        mixed = self._climbed(step, seen)
        if step.fixed.prior is not None:
            mixed = mixed - PRIOR_2015 * step.values.prior * self._prior_gradient(step, seen)
        return mixed if step.fixed.lsd else unit(mixed)

    def _climbed(self, step: Step, seen: Tensor) -> Tensor:
        """Gradient of the score on the look."""
        score, border = step.values.score, step.fixed.border
        if score is None:
            return torch.zeros_like(seen)
        picture = seen.detach().requires_grad_(True)
        activation = self._network.activation(picture, step.fixed.layer)
        masks = step.values.masks
        if border:
            activation = activation[:, :, border:-border, border:-border]
            masks = masks[:, border:-border, border:-border]
        if step.fixed.regions:
            self.seen = step.fixed.regions, region_logits(activation, masks)
        return torch.autograd.grad(score(activation), picture)[0].float()

    def _prior_gradient(self, step: Step, seen: Tensor) -> Tensor:
        form = step.fixed.prior
        assert form is not None
        if step.fixed.pyramid:
            return self._prior.pyramid_gradient(seen, form)
        return self._prior.gradient(seen, step.fixed.offset, form)


def evened(gradient: Tensor, masks: Tensor, weights: Tensor, everywhere: Tensor) -> Tensor:
    """Bring the gradient to each region's weight, in every part of the picture.

    One class pulls ten times harder than another, and inside a region the strongest motif would
    take all of the way. The gradient is divided by its deviation around each place, mixed with the
    region's deviation as a floor.

    Args:
        gradient: (1, 3, h, w).
        masks: (regions, rows, columns) on a coarser grid.
        weights: (regions,).
        everywhere: share of the local deviation, 0..1.
    """
    height, width = gradient.shape[-2:]
    fine = functional.interpolate(masks[None], (height, width), mode="bilinear")[0]
    energy = gradient[0].square().mean(dim=0, keepdim=True)  # (1, h, w)
    around = functional.adaptive_avg_pool2d(energy, LOCAL_GRID)
    local = functional.interpolate(around[None], (height, width), mode="bilinear")[0, 0].sqrt()
    factor = torch.zeros_like(local)
    for region, weight in zip(fine, weights, strict=True):
        overall = ((region * energy[0]).sum() / (region.sum() + 1e-6)).sqrt()
        deviation = everywhere * local + (1 - everywhere) * overall
        factor += region * (weight / (deviation + TINY))
    return gradient * factor


def unit(gradient: Tensor) -> Tensor:
    return gradient / (gradient.square().mean().sqrt() + TINY)
