"""Measures: each gives the number that a hand-made picture must have."""

import math

import cv2
import measures
import numpy as np
import pytest
from measures import Array, Colours

from vjdream.camera import Pose, Viewpoint, pixel_matrix
from vjdream.dream.prior import PatchPrior


def noise(exponent: float, height: int = 135, width: int = 240, seed: int = 0) -> Array:
    """Noise whose amplitude spectrum is frequency to that power, in 0..1."""
    dice = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    frequency[0, 0] = 1
    fields = []
    for _ in range(3):
        spectrum = np.fft.rfft2(dice.standard_normal((height, width))) * frequency**exponent
        field = np.fft.irfft2(spectrum, (height, width))
        fields.append(field / field.std())
    return np.clip(0.5 + 0.12 * np.stack(fields, axis=2), 0, 1).astype(np.float32)


def even(red: float, green: float, blue: float) -> Array:
    return np.full((64, 96, 3), (red, green, blue), np.float32)


def stripes(period: int) -> Array:
    light = ((np.arange(240) // (period // 2)) % 2).astype(np.float32)
    return np.broadcast_to(light[None, :, None], (135, 240, 3)).copy()


def tile(seed: int = 3) -> Array:
    return np.tile(noise(-1.0, 27, 30, seed), (5, 8, 1))


def scattered(jitter: int) -> Array:
    """One round motif forty times over noise, each a little off its place."""
    dice = np.random.default_rng(1)
    picture = 0.25 + 0.2 * noise(-1.5)
    rows, columns = np.mgrid[:25, :25] - 12
    inside = (np.hypot(rows, columns) < 12)[..., None]
    motif = noise(-1.0, 25, 25, 7)
    for top in range(0, 125, 26):
        for left in range(0, 225, 27):
            y = int(np.clip(top + dice.integers(-jitter, jitter + 1), 0, 110))
            x = int(np.clip(left + dice.integers(-jitter, jitter + 1), 0, 215))
            place = picture[y : y + 25, x : x + 25]
            place[:] = np.where(inside, motif, place)
    return picture


def test_a_frame_becomes_rgb_in_the_range_of_one() -> None:
    frame = np.zeros((2, 2, 4), np.uint8)
    frame[..., :] = (255, 51, 0, 255)  # BGRX
    assert np.allclose(measures.rgb(frame), (0, 0.2, 1.0))
    assert measures.rgb(np.zeros((360, 640, 4), np.uint8), 90).shape == (90, 160, 3)


@pytest.mark.parametrize("exponent", [-0.5, -1.2, -1.8])
def test_the_spectrum_slope_of_noise_is_the_power_it_was_made_with(exponent: float) -> None:
    assert measures.spectrum_slope(noise(exponent, 270, 480)) == pytest.approx(exponent, abs=0.06)


def test_white_noise_has_no_spectrum_slope() -> None:
    dice = np.random.default_rng(0)
    picture = dice.random((270, 480, 3)).astype(np.float32)
    assert measures.spectrum_slope(picture) == pytest.approx(0, abs=0.05)


def test_patch_energy_falls_with_blur_and_rises_with_grain() -> None:
    prior = PatchPrior.load()
    picture = noise(-1.6)
    blurred = cv2.GaussianBlur(picture, (0, 0), 2)
    grained = picture + np.random.default_rng(0).normal(0, 0.06, picture.shape).astype("f")
    energies = [measures.patch_energy(one, prior) for one in (blurred, picture, grained)]
    assert energies == sorted(energies)
    assert energies[2] > 2 * energies[0]


def test_patch_energy_of_one_patch_is_the_formula() -> None:
    prior = PatchPrior.load()
    picture = np.full((16, 16, 3), 0.4, np.float32)
    responses = prior.filters.numpy() @ np.full(192, 0.4) - prior.mean.numpy()
    expected = float(np.log1p(responses**2 / prior.v).mean())
    assert measures.patch_energy(picture, prior) == pytest.approx(expected, rel=1e-3)


def test_a_pixel_is_clipped_when_any_of_its_colours_is_at_a_limit() -> None:
    picture = even(0.5, 0.5, 0.5)
    assert measures.clipped_share(picture) == 0
    picture[:16, :, 0] = 1  # a quarter of the rows
    picture[16:32, :, 2] = 0  # and another
    assert measures.clipped_share(picture) == 0.5
    assert measures.clipped_share(even(254 / 255, 0.5, 1 / 255)) == 0


def test_an_even_colour_has_its_luma_and_saturation_and_one_hue() -> None:
    found = measures.colours(even(0.8, 0.2, 0.2))
    assert found.mean == pytest.approx(0.2126 * 0.8 + 0.7874 * 0.2, abs=1e-5)
    assert found.deviation == pytest.approx(0, abs=1e-5)
    assert found.saturation == pytest.approx(0.6, abs=1e-5)
    assert found.hue_spread == pytest.approx(0, abs=1e-5)
    assert found.hue_entropy == 0


def test_opposite_hues_in_equal_parts_spread_wholly_and_count_as_two() -> None:
    picture = even(0.7, 0.3, 0.3)
    picture[32:] = (0.3, 0.7, 0.7)
    found = measures.colours(picture)
    assert found.hue_spread == pytest.approx(1, abs=1e-5)
    assert found.hue_entropy == pytest.approx(math.log(2) / math.log(24), abs=1e-5)


def test_grey_has_no_hue_to_spread() -> None:
    found = measures.colours(even(0.5, 0.5, 0.5))
    assert (found.saturation, found.hue_spread, found.hue_entropy) == (0, 0, 0)


def test_a_tiled_picture_resembles_itself_wherever_it_begins() -> None:
    assert measures.self_similarity(tile()) > 0.97
    assert measures.self_similarity(tile()[5:, 11:]) > 0.95


def test_stripes_are_a_wallpaper_and_one_edge_is_not() -> None:
    assert measures.self_similarity(stripes(20)) > 0.95
    edge = np.zeros((135, 240, 3), np.float32)
    edge[60:] = 1
    assert measures.self_similarity(edge) == 0


@pytest.mark.parametrize("exponent", [0.0, -1.2, -1.8])
def test_noise_is_no_wallpaper(exponent: float) -> None:
    assert measures.self_similarity(noise(exponent)) < 0.3
    assert measures.motif_repetition(noise(exponent)) < 0.2


def test_a_motif_that_is_strewn_about_is_found_without_any_regularity() -> None:
    assert measures.self_similarity(scattered(9)) < 0.4
    assert measures.motif_repetition(scattered(9)) > 0.5


def test_photographs_are_no_wallpaper() -> None:
    fit_prior = pytest.importorskip("fit_prior")
    named = dict(zip(fit_prior.PHOTOGRAPHS, fit_prior.photographs(), strict=True))
    assert measures.self_similarity(named["chelsea.png"]) < 0.3
    assert measures.self_similarity(named["coffee.png"]) < 0.3
    assert measures.self_similarity(named["brick.png"]) > 0.4  # bricks are one


def test_the_detail_of_a_fine_pattern_is_its_deviation_and_shading_has_none() -> None:
    fine = np.indices((144, 256)).sum(axis=0) % 2 * 0.2 + 0.4
    picture = np.repeat(fine[..., None], 3, axis=2).astype(np.float32)
    assert measures.detail(picture) == pytest.approx(0.1, rel=0.02)
    shaded = np.repeat(np.linspace(0.2, 0.8, 256, dtype="f")[None, :, None], 144, 0)
    assert measures.detail(np.repeat(shaded, 3, 2)) < 0.01


def test_a_plain_fade_of_unlike_details_keeps_seven_tenths_of_the_contrast() -> None:
    before, after = (noise(0.0, 180, 320, seed) for seed in (1, 2))
    blend = (before + after) / 2
    ratio = measures.detail_contrast_through_fade(blend, before, after)
    assert ratio == pytest.approx(math.sqrt(0.5), abs=0.02)
    assert measures.detail_contrast_through_fade(before, before, before) == pytest.approx(1)


def test_the_contrast_of_a_fade_is_measured_against_the_keyframe_that_it_is_nearer_to() -> None:
    strong, weak = noise(0.0, 180, 320), 0.5 + 0.5 * (noise(0.0, 180, 320) - 0.5)
    blend = 0.75 * strong + 0.25 * weak
    assert measures.detail_contrast_through_fade(blend, strong, weak, 0.25) == pytest.approx(1)
    assert measures.detail_contrast_through_fade(blend, strong, weak) > 1.1


def seen(viewpoint: Viewpoint, canvas: Array) -> Array:
    """A canvas of three heights as a camera sees it."""
    size = (160, 90)
    matrix = pixel_matrix(viewpoint.pose, size, (480, 270), 3.0)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(canvas, matrix, size, flags=flags), np.float32)


WAY = [Viewpoint(Pose(0.02 * n, -0.03 * n, 0.01 * n, 0.004 * n)) for n in range(4)]


def test_a_camera_over_a_canvas_at_rest_does_not_flicker() -> None:
    canvas = cv2.GaussianBlur(noise(-1.2, 270, 480), (0, 0), 2)
    frames = [seen(viewpoint, canvas) for viewpoint in WAY]
    moved = measures.warp_error(frames[0], frames[1], WAY[0], WAY[1])
    assert moved < 0.01
    assert measures.warp_error(frames[0], frames[1], WAY[0], WAY[0]) > 20 * moved
    assert measures.flicker(frames, WAY, frames) == 0


def test_flicker_is_the_energy_of_what_is_new_relative_to_the_detail() -> None:
    canvas = cv2.GaussianBlur(noise(-1.2, 270, 480), (0, 0), 2)
    still = [seen(viewpoint, canvas) for viewpoint in WAY]
    bright = [frame + 0.03 * (number % 2) for number, frame in enumerate(still)]
    expected = np.mean([0.03**2 / measures._detail(frame).var() for frame in still[1:]])
    assert measures.flicker(bright, WAY, still) == pytest.approx(expected, rel=0.1)


def test_a_trend_is_told_per_minute_and_chance_is_none() -> None:
    times = list(range(120))
    rising = measures.trend(times, [0.2 + 0.001 * t + 0.002 * (-1) ** t for t in times])
    assert rising.per_minute == pytest.approx(0.06, abs=1e-3)
    assert (rising.first, rising.last) == pytest.approx((0.2, 0.319), abs=1e-3)
    assert rising.sure
    dice = np.random.default_rng(0)
    assert not measures.trend(times, list(dice.normal(0.5, 0.05, 120))).sure
    slow = np.convolve(dice.normal(0, 0.05, 180), np.ones(60) / 60, "valid")[:120]
    assert not measures.trend(times, list(slow)).sure


def test_drift_follows_brightness_and_saturation() -> None:
    pictures = [0.01 * n + 0.8 * noise(-1.2, seed=n) for n in range(10)]
    found = measures.drift([float(n) for n in range(10)], pictures)
    assert set(found) == {"mean", "deviation", "saturation", "self_similarity"}
    assert found["mean"].per_minute == pytest.approx(0.6, abs=0.1)
    assert abs(found["saturation"].per_minute) < 0.1


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        (Colours(0.02, 0.03, 0.01, 0.5, 0.5), "black"),
        (Colours(0.96, 0.03, 0.01, 0.5, 0.5), "white"),
        (Colours(0.5, 0.03, 0.1, 0.5, 0.5), "dull"),
        (Colours(0.5, 0.2, 0.3, 0.01, 0.05), "one colour"),
        (Colours(0.5, 0.2, 0.02, 0.01, 0.05), ""),
        (Colours(0.4, 0.2, 0.3, 0.5, 0.8), ""),
    ],
)
def test_the_verdict_names_what_a_picture_has_come_to(colours: Colours, expected: str) -> None:
    assert measures.verdict(colours) == expected
