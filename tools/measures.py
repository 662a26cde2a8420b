"""Measures of pictures and of series of pictures: numbers for what is seen.

Pictures are float32 (h, w, 3) RGB in 0..1 (`rgb` makes them of frames). None of these numbers
replaces looking; each says one thing only, and has to be read beside those of its controls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from vjdream.camera import Viewpoint, pixel_matrix
from vjdream.dream.prior import PATCH, PatchPrior
from vjdream.frames import Picture

Array = NDArray[np.float32]

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Shares of red, green and blue (ITU-R BT.709), here of sRGB values."""

LINES = 270
"""Height of pictures for measures that depend on it; about a live canvas's."""

SLOPE_BAND = (0.02, 0.35)
"""Cycles per pixel between which the spectrum is fitted."""

DETAIL = 12 / 720
"""Deviation of the high-pass for detail, in picture heights: 12 pixels of 720 lines."""

HUES = 24
"""Bins of the hue circle."""


def rgb(picture: Picture, lines: int = 0) -> Array:
    """A frame, uint8 (h, w, 3 or 4) BGR or BGRX, as float32 (h, w, 3) RGB in 0..1.

    Args:
        lines: scale it to so many lines first; 0 leaves it as it is.
    """
    height, width = picture.shape[:2]
    colours = picture[..., :3]
    if lines not in (0, height):
        size = (max(1, round(width * lines / height)), lines)
        method = cv2.INTER_AREA if lines < height else cv2.INTER_CUBIC
        colours = cv2.resize(colours, size, interpolation=method)
    return np.ascontiguousarray(colours[..., ::-1], np.float32) / 255


def luma(picture: Array) -> Array:
    """Luma (h, w) in 0..1."""
    return np.asarray(picture @ LUMA)


def spectrum_slope(picture: Array) -> float:
    """Exponent a of the amplitude spectrum, amplitude ~ frequency^a.

    Luma under a Hann window, |FFT| averaged over rings, a line fitted in log-log between 0.02 and
    0.35 cycles per pixel. The rings are equally wide in log frequency, so every octave counts the
    same. Photographs lie between -0.8 and -1.5, at -1.2 on average (Tolhurst et al. 1992); white
    noise has 0. Single pictures leave that band: it is a band, not a target.
    """
    light = luma(picture)
    height, width = light.shape
    window = np.outer(np.hanning(height), np.hanning(width))
    mean = float((light * window).sum() / window.sum())
    amplitude = np.abs(np.fft.rfft2((light - mean) * window))
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    low, high = np.log(SLOPE_BAND)
    ring = np.floor((np.log(np.maximum(frequency, 1e-9)) - low) / (high - low) * 20).astype(int)
    inside = (ring >= 0) & (ring < 20)
    counts = np.bincount(ring[inside], minlength=20)
    kept = counts > 0
    means = np.bincount(ring[inside], amplitude[inside], 20)[kept] / counts[kept]
    places = np.bincount(ring[inside], np.log(frequency[inside]), 20)[kept] / counts[kept]
    return float(np.polyfit(places, np.log(means + 1e-9), 1)[0])


def patch_energy(picture: Array, prior: PatchPrior) -> float:
    """Mean energy log(1 + z²/v) of 8×8 patches under the shipped prior, at the finest scale.

    Low is likely, but it is two-sided: the dream descends it directly, blur makes it fall below
    every photograph, noise makes it rise. At 270 lines the eight photographs that the prior is
    fitted on score 0.26 (brick) to 1.28 (Hubble's deep field), 0.79 on average; white noise 5.6.
    """
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].contiguous()
    places = [(number, 3 * number % PATCH) for number in range(PATCH)]  # a grid of each row, column
    energies = [float(prior.energy(tensor, place, "student")) for place in places]
    return float(np.mean(energies))


def clipped_share(picture: Array) -> float:
    """Share of pixels of which a colour is at its limit, 0 or 255 of 255, as 0..1."""
    levels = picture * 255
    return float(((levels < 0.5) | (levels > 254.5)).any(axis=2).mean())


@dataclass(frozen=True, slots=True)
class Colours:
    """What the colours of a picture are like, all 0..1."""

    mean: float  # of luma
    deviation: float  # of luma
    saturation: float  # mean difference of the largest and the smallest colour of a pixel
    hue_spread: float  # 0: one hue, 1: as much of each hue as of its opposite
    hue_entropy: float  # 0: one of 24 hues, 1: all of them equally


def colours(picture: Array) -> Colours:
    """Statistics of luma, saturation and hues; hues count by the chroma of their pixels.

    The spread is 1 less the length of the mean of unit vectors (circular variance, Mardia 1972),
    the entropy Shannon's over 24 hues, divided by that of equal shares. Without colour both are 0.
    """
    light = luma(picture)
    high, low = picture.max(axis=2), picture.min(axis=2)
    chroma = (high - low).astype(np.float64)
    hue = np.radians(cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)[..., 0].astype(np.float64))
    weight = chroma.sum()
    spread = entropy = 0.0
    if weight > 1e-3 * chroma.size:
        spread = 1 - float(abs((chroma * np.exp(1j * hue)).sum()) / weight)
        bins = np.floor(hue / (2 * np.pi) * HUES).astype(int) % HUES
        shares = np.bincount(bins.ravel(), chroma.ravel(), HUES) / weight
        found = shares[shares > 0]
        entropy = float(-(found * np.log(found)).sum() / np.log(HUES))
    return Colours(
        float(light.mean()), float(light.std()), float(chroma.mean()), spread, entropy
    )  # fmt: skip


PROMINENCE = 0.1
"""How far a peak must stand above the pass that leads to it from the middle."""


def self_similarity(picture: Array) -> float:
    """How far one motif fills the picture at regular distances (the wallpaper measure), 0..1.

    The highest peak of the autocorrelation of the band-passed luma beside the middle one, over
    shifts up to half of each side; each shift is normalised by what overlaps, so an endless tile
    has 1 wherever it begins. A peak counts that stands 0.1 above the pass between it and the
    middle: a long edge, which resembles itself along its own way, is no motif. The band keeps forms
    between about a 90th and an 8th of the height.
    """
    autocorrelation = _autocorrelation(_band(picture))
    rows, columns = autocorrelation.shape
    middle = (rows // 2, columns // 2)
    best = 0.0
    for level in np.arange(0.0, 0.95, 0.05):
        _, labels = cv2.connectedComponents(
            (autocorrelation > level).astype(np.uint8), connectivity=4
        )
        apart = (labels > 0) & (labels != labels[middle])
        if apart.any():
            height = float(autocorrelation[apart].max())
            if height >= level + PROMINENCE:
                best = max(best, height)
    return min(best, 1.0)


def motif_repetition(picture: Array, seed: int = 0) -> float:
    """How far one motif fills the picture at any distances, 0..1.

    For patches of a sixth of the height, the best correlation of the band-passed luma with any
    other place of the picture that does not overlap; the mean over patches. A picture of the same
    spectrum with random phases has some of it by chance: its value counts as 0. Turned and mirrored
    motifs are not found.
    """
    band = _band(picture)
    dice = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(band)
    phases = np.angle(np.fft.rfft2(dice.standard_normal(band.shape)))
    random = np.fft.irfft2(np.abs(spectrum) * np.exp(1j * phases), band.shape).astype(np.float32)
    found, chance = _best_matches(band), _best_matches(random)
    return float(np.clip((found - chance) / (1 - chance), 0, 1))


def _band(picture: Array) -> Array:
    """Luma between two blurs, at 135 lines: forms, neither shading nor grain."""
    light = luma(picture)
    height, width = light.shape
    size = (max(16, round(width * 135 / height)), 135)
    small = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0) - cv2.GaussianBlur(small, (0, 0), 6.0))


def _autocorrelation(band: Array) -> NDArray[np.float64]:
    """Correlation with itself for shifts up to half of each side; no shift is in the middle."""
    rows, columns = band.shape
    padded = (2 * rows, 2 * columns)
    forms, inside = np.fft.rfft2(band, padded), np.fft.rfft2(np.ones_like(band), padded)
    squares = np.fft.rfft2(band.astype(np.float64) ** 2, padded)
    products = np.fft.irfft2(forms * forms.conj(), padded)
    here = np.fft.irfft2(squares * inside.conj(), padded)
    there = np.fft.irfft2(squares.conj() * inside, padded)
    energy = np.sqrt(np.maximum(here, 0) * np.maximum(there, 0))
    shifts = np.fft.fftshift(products / (energy + 1e-9 * rows * columns))
    half = (rows // 2, columns // 2)
    return np.asarray(
        shifts[rows - half[0] : rows + half[0] + 1, columns - half[1] : columns + half[1] + 1]
    )


def _best_matches(band: Array) -> float:
    """Mean over a grid of patches of the best correlation elsewhere."""
    rows, columns = band.shape
    side = rows // 6
    # a flat place correlates with anything flat
    band = band + 0.02 * float(band.std() + 1e-6) * np.random.default_rng(1).standard_normal(
        band.shape
    ).astype(np.float32)
    best = []
    for top in range(0, rows - side + 1, side):
        for left in range(0, columns - side + 1, side):
            patch = band[top : top + side, left : left + side]
            match = cv2.matchTemplate(band, patch, cv2.TM_CCOEFF_NORMED)
            match[max(0, top - side) : top + side, max(0, left - side) : left + side] = -1
            best.append(float(match.max()))
    return float(np.mean(best))


def detail(picture: Array) -> float:
    """Deviation of the luma's detail, 0..1: what a blur of 12 pixels of 720 lines takes away."""
    return float(_detail(picture).std())


def _detail(picture: Array) -> Array:
    light = luma(picture)
    sigma = DETAIL * light.shape[0]
    return np.asarray(light - cv2.GaussianBlur(light, (0, 0), sigma))


def detail_contrast_through_fade(
    frame: Array, before: Array, after: Array, share: float = 0.5
) -> float:
    """Detail of an in-between frame, divided by that of its keyframes seen from there; 1 is best.

    Args:
        share: how much `after` counts in the mean of the two; a half as notes/performance.md 3 has
            it, or how far the fade is, when the keyframes differ.
    """
    wanted = (1 - share) * detail(before) + share * detail(after)
    return detail(frame) / max(wanted, 1e-9)


def warp_error(before: Array, after: Array, there: Viewpoint, here: Viewpoint) -> float:
    """Mean squared difference of a frame to the frame before as this camera sees it.

    ``mean |F_t - Warp(F_{t-1})|² / variance of F_t's detail`` over the pixels that both have (Lai
    et al. 2018, with the camera's exact matrix in place of an estimated flow).

    Args:
        before: the frame before, (h, w, 3), seen from `there`.
        after: the frame, seen from `here`.
    """
    height, width = after.shape[:2]
    size = (width, height)
    matrix = pixel_matrix(here.seen_from(there), size, size, 1.0)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(before, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.ones((height, width), np.float32), matrix, size, flags=flags)
    valid = inside > 0.999
    if not valid.any():
        return 0.0
    difference = float(np.square(after - warped)[valid].mean())
    return difference / max(float(_detail(after)[valid].var()), 1e-9)


def flicker(
    frames: Sequence[Array], viewpoints: Sequence[Viewpoint], still: Sequence[Array]
) -> float:
    """Change from frame to frame that no camera explains, relative to the detail's variance.

    Args:
        frames: consecutive frames.
        viewpoints: of the camera, one for each frame.
        still: the same camera over a canvas on which nothing is dreamt: what it has is resampling,
            and is subtracted.
    """
    return _mean_error(frames, viewpoints) - _mean_error(still, viewpoints)


def _mean_error(frames: Sequence[Array], viewpoints: Sequence[Viewpoint]) -> float:
    errors = [
        warp_error(frames[n], frames[n + 1], viewpoints[n], viewpoints[n + 1])
        for n in range(len(frames) - 1)
    ]
    return float(np.mean(errors))


@dataclass(frozen=True, slots=True)
class Trend:
    """How a number changes over time."""

    first: float  # of the fitted line
    last: float
    per_minute: float
    error: float  # standard error of the change per minute

    @property
    def sure(self) -> bool:
        """Whether the change is more than chance explains, at about 1 in 1000."""
        return abs(self.per_minute) > 3.3 * self.error


def trend(seconds: Sequence[float], values: Sequence[float]) -> Trend:
    """The line of least squares through a series.

    What is dreamt changes slowly, so frames that follow each other say nearly the same: the error
    is enlarged by their correlation (effective number of samples n (1 - r) / (1 + r), Bartlett).
    """
    times, levels = np.asarray(seconds, float), np.asarray(values, float)
    slope, start = np.polyfit(times, levels, 1)
    line = start + slope * times
    rest = levels - line
    variance = float(np.mean(rest**2))
    error = 0.0
    if variance > 1e-18 and len(times) > 3:
        alike = min(max(float(np.mean(rest[1:] * rest[:-1])) / variance, 0.0), 0.99)
        samples = max(len(times) * (1 - alike) / (1 + alike), 3.0)
        error = float(np.sqrt(variance / (samples - 2) / np.mean((times - times.mean()) ** 2)))
    return Trend(float(line[0]), float(line[-1]), float(slope * 60), error * 60)


DRIFTING = ("mean", "deviation", "saturation", "self_similarity")


def drift(seconds: Sequence[float], pictures: Sequence[Array]) -> dict[str, Trend]:
    """Trends of brightness, contrast, saturation and self-similarity over a series of frames."""
    found = [colours(picture) for picture in pictures]
    series = {name: [getattr(one, name) for one in found] for name in DRIFTING[:3]}
    series["self_similarity"] = [self_similarity(picture) for picture in pictures]
    return {name: trend(seconds, values) for name, values in series.items()}


def verdict(found: Colours) -> str:
    """What a picture has come to that has nothing more to show; "" while it does."""
    if found.deviation < 0.08 and found.mean < 0.1:
        return "black"
    if found.deviation < 0.08 and found.mean > 0.9:
        return "white"
    if found.deviation < 0.08:
        return "dull"
    if found.saturation > 0.08 and found.hue_entropy < 0.12:
        return "one colour"
    return ""
