"""Weighting a gradient by frequency and colour: a change of metric, so large forms grow first.

Natural pictures have amplitudes near 1/f. Plain ascent spends most of its way on the finest grain;
multiplying the gradient's spectrum by ``f ** -power`` (Olah et al. 2017 call the same idea
preconditioning) evens that out without re-parametrising the canvas.
"""

import math
from functools import lru_cache

import torch
from torch import Tensor


def weight_spectrum(gradient: Tensor, weights: Tensor, evening: Tensor | None = None) -> Tensor:
    """Return the gradient (1, 3, h, w) with its spectrum multiplied by (h, w // 2 + 1) weights.

    Args:
        evening: how far the energies of its octaves are drawn to one another before that; 0 changes
            nothing, 1 evens them fully; (). In natural pictures every octave holds about the same
            energy (Field 1987), and deepdream's normalised Laplacian pyramid did the same to its
            gradient (Mordvintsev et al. 2015).
    """
    # torch 2.8's transform of a tensor that is expanded in memory fails (pytorch#154477)
    spectrum = torch.fft.rfft2(gradient.contiguous())
    if evening is not None:
        weights = weights * _evening(spectrum, gradient.shape[-2], gradient.shape[-1], evening)
    weighted: Tensor = torch.fft.irfft2(spectrum * weights, s=gradient.shape[-2:])
    return weighted


WARM_TO_COOL = 3.0
"""How much more the colours of photographs vary from orange to blue than from green to magenta: in
those that the prior is fitted on 1.8 to 5.7 times, 2.6 in the median."""


def weight_colour(
    gradient: Tensor, weight: float | Tensor, natural: float | Tensor = 0.0
) -> Tensor:
    """Return the gradient (1, 3, h, w) with its difference from grey multiplied by `weight`.

    In natural pictures colour varies several times less than light does, and from warm to cool more
    than otherwise (Ruderman et al. 1998); a gradient knows nothing of that and paints neon.

    Args:
        natural: 0 weights all hues alike, 1 as the deviations of photographs. A gradient whose hues
            are spread evenly keeps its length.
    """
    grey = gradient.mean(dim=1, keepdim=True)
    colour = gradient - grey
    green = (2 * colour[:, 1] - colour[:, 0] - colour[:, 2])[:, None] / 6
    magenta_to_green = torch.cat((-green, 2 * green, -green), dim=1)
    ratio = WARM_TO_COOL**-natural
    warm_to_cool = colour - magenta_to_green
    both = warm_to_cool + ratio * magenta_to_green
    return grey + weight * (2 / (1 + ratio**2)) ** 0.5 * both


LOWEST = 1.0
"""Cycles per height below which a gradient counts less and less: a wash of one colour over a whole
region is the easiest way up and the dullest."""


def weights_by_frequency(height: int, width: int, power: float, device: torch.device) -> Tensor:
    """Weights f ** -power (height, width // 2 + 1) for the spectrum of a gradient of that size.

    Below `LOWEST` they fall to 0 at the mean.
    """
    return _weights(height, width, round(power, 4), device)


@lru_cache(maxsize=64)
def _weights(height: int, width: int, power: float, device: torch.device) -> Tensor:
    vertical = torch.fft.fftfreq(height, device=device)[:, None]
    horizontal = torch.fft.rfftfreq(width, device=device)[None, :]
    frequency = torch.sqrt(vertical**2 + horizontal**2)
    weights = frequency.clamp(min=1 / max(height, width)) ** -power
    return weights * (frequency * height / LOWEST).clamp(max=1.0)


OCTAVE_LIMITS = (1 / 8, 8.0)
"""How much an octave may be weakened or strengthened when all are evened."""


def _evening(spectrum: Tensor, height: int, width: int, amount: Tensor) -> Tensor:
    """Weights (h, w // 2 + 1) that draw the energies of a spectrum's octaves to one another."""
    members = _octaves(height, width, spectrum.device)
    power = spectrum.abs().square().sum(dim=(0, 1))
    energies = (members * power).sum(dim=(1, 2))  # (octaves,)
    ratio = energies.mean() / (energies + 1e-12 * energies.sum() + 1e-30)
    gains = ratio.pow(amount / 2).clamp(*OCTAVE_LIMITS)
    return (members * gains[:, None, None]).sum(dim=0)


@lru_cache(maxsize=64)
def _octaves(height: int, width: int, device: torch.device) -> Tensor:
    """How much each frequency belongs to each octave (octaves, h, w // 2 + 1); sums are 1.

    The first octave begins at one cycle per height and has all that is lower, the last one all that
    is higher.
    """
    vertical = torch.fft.fftfreq(height, device=device)[:, None]
    horizontal = torch.fft.rfftfreq(width, device=device)[None, :]
    cycles = torch.sqrt(vertical**2 + horizontal**2) * height
    place = torch.log2(cycles.clamp(min=1.0))
    count = max(2, round(math.log2(height / 2)))
    place = place.clamp(max=count - 1.0)
    centres = torch.arange(count, device=device)[:, None, None]
    return (1 - (place - centres).abs()).clamp(min=0)
