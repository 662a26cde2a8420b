"""What the presenter shows: where it lands, how it fades, and that nothing jumps."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.fakes import keyframe, noise, plain
from vjdream.camera import OVERSCAN, Pose, Viewpoint
from vjdream.frames import Keyframe, Picture, Size, published_size
from vjdream.stage.presenter import Presenter, contrast_kept

SIZE = Size(320, 180)
FPS = 60
PACE = 0.25  # seconds between keyframes


def empty(size: Size = SIZE) -> Picture:
    return np.full((size.height, size.width, 4), 77, np.uint8)


def frame(presenter: Presenter, now: float, pose: Pose | None = None) -> Picture:
    out = empty(presenter.size)
    presenter.compose(Viewpoint(pose or Pose()), now, out)
    return out


def level(picture: Picture) -> float:
    return float(picture[..., :3].mean())


def deviation(picture: Picture) -> float:
    return float(picture[..., 0].astype(float).std())


def pair(first: Picture, second: Picture, size: Size = SIZE) -> Presenter:
    """A presenter at the start of a fade that takes `PACE` seconds from time 0."""
    presenter = Presenter(size, keyframe(first))
    presenter.add(keyframe(second, 1), 0.0, PACE)
    presenter.compose(Viewpoint(), 0.0, empty(size))
    return presenter


# -- where it lands -------------------------------------------------------------------------------


def world(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth world: blue and green tell x and y, red waves."""
    return np.stack([128 + 110 * x, 128 + 150 * y, 128 + 60 * np.sin(6 * x + 4 * y)], axis=-1)


def painted(pose: Pose, size: Size = SIZE) -> Picture:
    """The world as a keyframe painted at `pose` shows it."""
    width, height = published_size(size)
    row, column = np.mgrid[0:height, 0:width]
    x = (column + 0.5 - width / 2) / height * OVERSCAN
    y = (row + 0.5 - height / 2) / height * OVERSCAN
    return _coloured(pose, x, y)


def expected(pose: Pose, size: Size = SIZE) -> Picture:
    """The world as a frame at `pose` must show it."""
    row, column = np.mgrid[0 : size.height, 0 : size.width]
    x = (column + 0.5 - size.width / 2) / size.height
    y = (row + 0.5 - size.height / 2) / size.height
    return _coloured(pose, x, y)


def _coloured(pose: Pose, x: NDArray[np.float64], y: NDArray[np.float64]) -> Picture:
    matrix = pose.matrix()
    there = np.tensordot(matrix, np.stack([x, y, np.ones_like(x)]), axes=1)
    picture = np.full((*x.shape, 4), 255, np.uint8)
    picture[..., :3] = np.clip(world(there[0], there[1]) + 0.5, 0, 255).astype(np.uint8)
    return picture


def worst_difference(one: Picture, other: Picture) -> int:
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize("size", [SIZE, Size(128, 256), Size(200, 129), Size(640, 128)])
def test_a_keyframe_is_shown_as_it_was_painted_when_the_camera_stands_still(size: Size) -> None:
    presenter = Presenter(size, keyframe(painted(Pose(), size)))
    assert worst_difference(frame(presenter, 0.0), expected(Pose(), size)) <= 2


@pytest.mark.parametrize(
    "pose",
    [
        Pose(0.3, 0.0, 0.0, 0.0),
        Pose(0.2, 0.15, 0.03, -0.02),
        Pose(0.1, -0.05, -0.05, 0.01),
        Pose(1.0, 2.0, 0.1, 0.1),
    ],
)
def test_a_keyframe_lands_where_the_camera_says(pose: Pose) -> None:
    presenter = Presenter(SIZE, keyframe(painted(Pose())))
    assert worst_difference(frame(presenter, 0.0, pose), expected(pose)) <= 2


def test_a_keyframe_painted_elsewhere_lands_where_the_camera_says() -> None:
    at, here = Pose(0.4, 0.3, 0.1, 0.05), Pose(0.6, 0.35, 0.11, 0.06)
    shown = Presenter(SIZE, keyframe(painted(at), viewpoint=Viewpoint(at)))
    assert worst_difference(frame(shown, 0.0, here), expected(here)) <= 2


def test_two_keyframes_of_one_world_fade_without_a_trace() -> None:
    later = Pose(0.05, 0.02, 0.01, 0.0)
    presenter = Presenter(SIZE, keyframe(painted(Pose())))
    presenter.add(keyframe(painted(later), 1, viewpoint=Viewpoint(later)), 0.0, PACE)
    for number in range(16):
        here = Pose(0.005 * number, 0.002 * number, 0.001 * number, 0.0)
        shown = frame(presenter, number / FPS, here)
        # where neither keyframe mirrors its border
        inner = (slice(20, -20), slice(20, -20))
        assert worst_difference(shown[inner], expected(here)[inner]) <= 4


def test_a_small_pan_shows_no_border() -> None:
    picture = plain(SIZE, 0)
    picture[6:-6, 6:-6, :3] = 200
    moved = frame(Presenter(SIZE, keyframe(picture)), 0.0, Pose(x=0.0, y=0.0))
    assert moved[..., :3].min() == 200


# -- the fade -------------------------------------------------------------------------------------


def levels(arrivals: dict[int, int], frames: int, adds_first: bool) -> list[float]:
    """Play flat keyframes, given as {frame number: level}; return the level of each frame."""
    presenter = Presenter(SIZE, keyframe(plain(SIZE, 40)))
    shown = []
    for number in range(frames):
        now = number / FPS
        steps: list[Callable[[], None]] = [
            lambda now=now: shown.append(level(frame(presenter, now)))
        ]
        if number in arrivals:
            new = keyframe(plain(SIZE, arrivals[number]), number, now)
            steps.append(lambda new=new, now=now: presenter.add(new, now, PACE))
        for step in reversed(steps) if adds_first else steps:
            step()
    return shown


ON_TIME = {15: 100, 30: 40, 45: 100, 60: 40, 75: 100}


@pytest.mark.parametrize("adds_first", [False, True], ids=["live", "render"])
def test_a_fade_is_complete_exactly_when_the_next_keyframe_is_due(adds_first: bool) -> None:
    shown = levels(ON_TIME, 91, adds_first)
    assert shown[29] < 99
    assert [shown[30], shown[45], shown[60], shown[75], shown[90]] == [100, 40, 100, 40, 100]


@pytest.mark.parametrize("adds_first", [False, True], ids=["live", "render"])
def test_a_fade_on_time_is_even(adds_first: bool) -> None:
    shown = levels(ON_TIME, 91, adds_first)
    steps = np.diff(shown[31:90])
    assert np.abs(steps).max() <= 5.1  # 60 levels in 15 frames are 4, and rounding
    assert np.abs(steps[np.abs(steps) > 0]).min() >= 2.9


def test_before_the_second_keyframe_the_first_stands() -> None:
    assert set(levels(ON_TIME, 15, adds_first=False)) == {40}


def test_a_late_keyframe_makes_no_jump() -> None:
    shown = levels({15: 100, 30: 40, 57: 100}, 90, adds_first=False)
    assert np.abs(np.diff(shown)).max() <= 9


def test_an_early_keyframe_makes_no_jump() -> None:
    shown = levels({15: 100, 30: 40, 36: 100, 60: 40}, 90, adds_first=False)
    assert np.abs(np.diff(shown)).max() <= 13


@pytest.mark.parametrize("seed", range(5))
def test_keyframes_at_random_moments_never_make_the_picture_jump(seed: int) -> None:
    dice = np.random.default_rng(seed)
    numbers = np.cumsum(dice.integers(8, 30, 20))
    arrivals = {int(n): 40 + 60 * (i % 2) for i, n in enumerate(numbers)}
    shown = levels(arrivals, int(numbers[-1]) + 60, adds_first=bool(seed % 2))
    assert np.abs(np.diff(shown)).max() <= 18


def test_keyframes_that_vary_give_the_fade_more_time() -> None:
    gaps = [11, 19] * 12
    numbers = np.cumsum(gaps)
    arrivals = {int(n): 40 + 60 * (i % 2) for i, n in enumerate(numbers)}
    shown = levels(arrivals, int(numbers[-1]), adds_first=False)
    still = np.abs(np.diff(shown[120:])) == 0
    assert still.mean() < 0.15


def test_keyframes_faster_than_frames_still_reach_the_screen() -> None:
    presenter = Presenter(SIZE, keyframe(plain(SIZE, 40)))
    sequence = 0
    for number in range(50):
        for _ in range(3):
            sequence += 1
            presenter.add(keyframe(plain(SIZE, 2 * number + 40), sequence), number / 10, 1 / 30)
        shown = frame(presenter, number / 10)
    assert abs(level(shown) - (2 * 49 + 40)) <= 4


def test_a_newer_keyframe_replaces_one_that_still_waits() -> None:
    presenter = pair(plain(SIZE, 40), plain(SIZE, 80))
    presenter.add(keyframe(plain(SIZE, 120), 2), 0.01, PACE)
    presenter.add(keyframe(plain(SIZE, 160), 3), 0.02, PACE)
    assert presenter.newest.sequence == 3
    shown = [round(level(frame(presenter, 0.02 + n / FPS))) for n in range(120)]
    assert shown[-1] == 160
    assert shown == sorted(shown)


def test_the_age_is_counted_from_the_newest_keyframe() -> None:
    presenter = Presenter(SIZE, keyframe(plain(SIZE, 40), time=2.0))
    assert presenter.age(5.0) == 3.0
    presenter.add(keyframe(plain(SIZE, 80), 1), 6.0, PACE)
    assert presenter.age(6.5) == 0.5


def test_a_stall_of_minutes_does_not_slow_the_next_fades_for_long() -> None:
    presenter = Presenter(SIZE, keyframe(plain(SIZE, 40)))
    presenter.add(keyframe(plain(SIZE, 60), 1), 0.25, PACE)
    frame(presenter, 200.0)
    for number in range(1, 41):
        presenter.add(keyframe(plain(SIZE, 60 + number), number + 1), 200 + number / 4, PACE)
        for part in range(15):
            frame(presenter, 200 + number / 4 + part / FPS)
    assert level(frame(presenter, 210.25)) >= 98.5


def test_composing_the_same_moment_twice_gives_the_same_bytes() -> None:
    presenter = pair(noise(SIZE, 1), noise(SIZE, 2))
    frame(presenter, 0.1)
    assert np.array_equal(frame(presenter, 0.1), frame(presenter, 0.1))


def test_two_presenters_told_the_same_show_the_same_bytes() -> None:
    one, other = (pair(noise(SIZE, 1), noise(SIZE, 2)) for _ in range(2))
    for number in range(20):
        assert np.array_equal(frame(one, number / FPS), frame(other, number / FPS))


# -- detail ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [60, 128, 200, 225])
def test_uncorrelated_detail_keeps_its_contrast_in_the_fade(mean: int) -> None:
    presenter = pair(noise(SIZE, 1, mean, 12), noise(SIZE, 2, mean, 12))
    ends = (deviation(frame(presenter, 0.0)) + deviation(frame(pair(*_swapped(mean)), 0.0))) / 2
    middle = [deviation(frame(presenter, n / FPS)) for n in range(1, 15)]
    assert middle == pytest.approx([ends] * 14, rel=0.03)


def _swapped(mean: int) -> tuple[Picture, Picture]:
    return noise(SIZE, 2, mean, 12), noise(SIZE, 1, mean, 12)


def test_half_correlated_detail_keeps_its_contrast_in_the_fade() -> None:
    common, one, other = (noise(SIZE, seed, 128, 20).astype(int) - 128 for seed in (1, 2, 3))
    first, second = (
        np.clip(128 + (common + own) / math.sqrt(2), 0, 255).astype(np.uint8)
        for own in (one, other)
    )
    first[..., 3] = second[..., 3] = 255
    presenter = pair(first, second)
    ends = deviation(frame(presenter, 0.0))
    middle = [deviation(frame(presenter, n / FPS)) for n in range(1, 15)]
    assert middle == pytest.approx([ends] * 14, rel=0.04)


def test_a_fade_between_equal_keyframes_cannot_be_seen() -> None:
    presenter = pair(noise(SIZE, 1), noise(SIZE, 1))
    start = frame(presenter, 0.0)
    for number in range(1, 16):
        assert worst_difference(frame(presenter, number / FPS), start) <= 1


@pytest.mark.parametrize("mean", [5, 60, 128, 200, 250])
def test_a_fade_keeps_the_brightness_of_the_picture(mean: int) -> None:
    presenter = pair(noise(SIZE, 1, mean, 3), noise(SIZE, 2, mean, 3))
    start = level(frame(presenter, 0.0))
    shown = [level(frame(presenter, n / FPS)) for n in range(1, 15)]
    assert shown == pytest.approx([start] * 14, abs=1.0)


def test_white_stays_white_in_the_fade() -> None:
    presenter = pair(plain(SIZE, 255), plain(SIZE, 255))
    assert [level(frame(presenter, n / FPS)) for n in range(16)] == [255.0] * 16


def test_a_fade_from_flat_to_detailed_grows_without_a_jump() -> None:
    presenter = pair(plain(SIZE, 128), noise(SIZE, 2))
    grown = [deviation(frame(presenter, n / FPS)) for n in range(16)]
    assert max(np.diff(grown)) < 0.2 * grown[-1]
    assert grown == pytest.approx(sorted(grown), abs=0.2)


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 15))
@settings(max_examples=30, deadline=None)
def test_the_fourth_byte_is_always_255(first: int, second: int, number: int) -> None:
    small = Size(128, 128)
    presenter = pair(noise(small, 1, first, 20), noise(small, 2, second, 20), small)
    assert frame(presenter, number / FPS)[..., 3].min() == 255


def test_successive_frames_of_a_noisy_show_differ_little() -> None:
    presenter = Presenter(SIZE, keyframe(noise(SIZE, 0)))
    before, changes = frame(presenter, 0.0), []
    for number in range(1, 120):
        if number in (10, 25, 40, 47, 62, 90, 101):
            presenter.add(keyframe(noise(SIZE, number), number), number / FPS, PACE)
        after = frame(presenter, number / FPS)
        changes.append(float(np.abs(after.astype(int) - before)[..., 0].mean()))
        before = after
    assert max(changes) < 6  # two unrelated keyframes differ by 22


def test_the_frame_that_begins_a_fade_is_the_frame_before_it() -> None:
    presenter = Presenter(SIZE, keyframe(noise(SIZE, 0)))
    before = frame(presenter, 1.0)
    presenter.add(keyframe(noise(SIZE, 1), 1), 1.0, PACE)
    assert np.array_equal(frame(presenter, 1.0), before)


@pytest.mark.parametrize("size", [Size(640, 360), Size(640, 131), Size(258, 130)])
def test_large_forms_stay_in_place_in_the_fade_whatever_the_size(size: Size) -> None:
    """The low-pass must lie exactly under the picture, or edges grow halos where they are not."""
    first, second = noise(size, 1, 0, 0), noise(size, 2, 0, 0)
    for picture, seed in ((first, 1), (second, 2)):
        stripes = 40 * np.sin(np.arange(picture.shape[1]) / picture.shape[0] * 4) + 128
        detail = np.random.default_rng(seed).normal(0, 15, picture.shape[:2])
        picture[..., :3] = np.clip(stripes[None] + detail, 0, 255).astype(np.uint8)[..., None]
    presenter = pair(first, second, size)
    start = frame(presenter, 0.0)[..., 0].astype(float).mean(axis=0)
    middle = frame(presenter, PACE / 2)[..., 0].astype(float).mean(axis=0)
    blocks = size.width // 16 * 16
    drift = (middle - start)[:blocks].reshape(-1, 16).mean(axis=1)
    assert np.abs(drift).max() < 2.0


@pytest.mark.parametrize("size", [Size(128, 7680), Size(7680, 128), Size(130, 131)])
def test_odd_shapes_fade_too(size: Size) -> None:
    presenter = pair(noise(size, 1), noise(size, 2), size)
    assert frame(presenter, 0.1).shape == (size.height, size.width, 4)


def test_a_keyframe_from_a_chart_long_left_is_shown_where_the_camera_is() -> None:
    first: Keyframe = keyframe(painted(Pose()))
    presenter = Presenter(SIZE, first)
    out = empty()
    presenter.compose(Viewpoint(Pose(0.7), chart=9), 0.0, out)
    assert worst_difference(out, expected(Pose())) <= 2


@pytest.mark.parametrize("t", [0.0, 1.0])
def test_at_its_ends_a_blend_keeps_all_contrast(t: float) -> None:
    assert contrast_kept(t, 3.0, 5.0, 0.2) == pytest.approx(1.0)


def test_half_way_an_uncorrelated_blend_keeps_one_over_root_two() -> None:
    assert contrast_kept(0.5, 4.0, 4.0, 0.0) == pytest.approx(math.sqrt(0.5))


def test_a_blend_of_equal_detail_loses_nothing() -> None:
    assert contrast_kept(0.3, 4.0, 4.0, 1.0) == pytest.approx(1.0)
