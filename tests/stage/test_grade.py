"""The grade: exact where it must be, and never beyond 0..255."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vjdream.frames import Picture
from vjdream.parameters import State
from vjdream.stage.grade import KNEE_ROOM, apply_grade, level_table, softly_limited


def picture() -> Picture:
    made = np.random.default_rng(5).integers(0, 256, (64, 96, 4), np.uint8)
    made[..., 3] = 255
    return made


def graded(source: Picture | None = None, **values: float) -> Picture:
    copy = (picture() if source is None else source).copy()
    apply_grade(copy, State(**values))  # type: ignore[arg-type]
    return copy


def grey(level: int) -> Picture:
    made = np.full((4, 4, 4), level, np.uint8)
    made[..., 3] = 255
    return made


def luma(source: Picture) -> np.ndarray:
    return source[..., :3] @ np.array([0.0722, 0.7152, 0.2126])


def test_a_neutral_grade_changes_no_byte() -> None:
    assert np.array_equal(graded(), picture())


def test_a_full_turn_of_the_hue_changes_no_byte() -> None:
    assert np.array_equal(graded(grade_hue=360.0), picture())


def test_half_a_turn_to_either_side_is_the_same() -> None:
    assert np.array_equal(graded(grade_hue=180.0), graded(grade_hue=-180.0))


def test_the_hue_leaves_grey_alone() -> None:
    assert np.abs(graded(grey(100), grade_hue=77.0)[..., :3].astype(int) - 100).max() <= 1


def test_the_hue_keeps_the_luma() -> None:
    soft = picture() // 4 + 96  # nothing is cut off at 0 or 255
    assert np.abs(luma(graded(soft, grade_hue=40.0)) - luma(soft)).max() < 1.5


def test_a_third_of_a_turn_makes_red_greenish() -> None:
    red = np.zeros((2, 2, 4), np.uint8)
    red[..., 2] = 150
    red[..., 3] = 255
    blue, green, back = graded(red, grade_hue=120.0)[0, 0, :3]
    assert green > back
    assert green > blue


def test_without_saturation_all_is_grey_of_the_same_luma() -> None:
    shown = graded(grade_saturation=0.0)
    assert np.ptp(shown[..., :3].astype(int), axis=2).max() <= 1
    assert np.abs(shown[..., 0] - luma(picture())).max() <= 1


def test_more_saturation_spreads_the_colours() -> None:
    soft = picture() // 4 + 96
    assert graded(soft, grade_saturation=2.0)[..., :3].std() > soft[..., :3].std()


def test_half_the_master_halves_every_level() -> None:
    shown = graded(master=0.5)[..., :3].astype(float)
    assert np.abs(shown - picture()[..., :3] / 2).max() <= 0.5


@pytest.mark.parametrize("values", [{"blackout": True}, {"master": 0.0}])
def test_black_is_black_whatever_the_grade_says(values: dict[str, float]) -> None:
    shown = graded(grade_brightness=1.0, grade_contrast=3.0, **values)
    assert shown[..., :3].max() == 0
    assert shown[..., 3].min() == 255


def test_brightness_is_added_to_every_level() -> None:
    assert graded(grey(100), grade_brightness=0.2)[0, 0, :3].tolist() == [151] * 3


def test_contrast_turns_about_middle_grey() -> None:
    expected = (100 - 127.5) * 2 + 127.5
    assert abs(graded(grey(100), grade_contrast=2.0)[0, 0, 0] - expected) <= 0.5


def test_no_contrast_is_middle_grey() -> None:
    assert set(graded(grade_contrast=0.0)[..., :3].ravel().tolist()) == {128}


def test_a_gamma_above_one_lifts_the_shadows_and_keeps_the_ends() -> None:
    assert graded(grey(64), grade_gamma=2.0)[0, 0, 0] == round(255 * (64 / 255) ** 0.5)
    assert graded(grey(0), grade_gamma=2.0)[0, 0, 0] == 0
    assert graded(grey(255), grade_gamma=2.0)[0, 0, 0] == 255


@given(
    st.floats(-1, 1),
    st.floats(0, 3),
    st.floats(0, 3),
    st.floats(-180, 180),
    st.floats(0.25, 4),
    st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_the_fourth_byte_is_255_under_every_grade(
    brightness: float, contrast: float, saturation: float, hue: float, gamma: float, master: float
) -> None:
    shown = graded(
        grade_brightness=brightness,
        grade_contrast=contrast,
        grade_saturation=saturation,
        grade_hue=hue,
        grade_gamma=gamma,
        master=master,
    )
    assert shown[..., 3].min() == 255


def test_brightness_never_wraps_round() -> None:
    assert graded(grey(250), grade_brightness=0.5)[0, 0, :3].tolist() == [255] * 3
    assert graded(grey(5), grade_brightness=-0.5)[0, 0, :3].tolist() == [0] * 3


# -- what lies beyond 0..1 ------------------------------------------------------------------------


def levels(brightness: float = 0.0, contrast: float = 1.0) -> np.ndarray:
    """The 256 graded levels."""
    table = level_table(brightness, contrast, 1.0, 1.0)
    assert table is not None
    return table[:, 0, 0].astype(int)


def curve(low: float, high: float, places: int = 1001) -> np.ndarray:
    return softly_limited(np.linspace(low, high, places))


def test_levels_that_stay_inside_are_left_as_they_are() -> None:
    inside = np.linspace(0.0, 1.0, 11)
    assert softly_limited(inside) == pytest.approx(inside)
    lowered = np.linspace(0.2, 0.9, 11)
    assert softly_limited(lowered) == pytest.approx(lowered)


def test_the_shoulder_is_exact() -> None:
    # excess 1/4, so room 1/8, knee 7/8; bend = 1/4 / (1/8 * 3/8) = 16/3
    # at 1: beyond 1/8 becomes 1/8 / (1 + 2/3) = 0.075
    bent = softly_limited(np.array([0.0, 0.5, 0.875, 1.0, 1.25]))
    assert bent == pytest.approx([0.0, 0.5, 0.875, 0.95, 1.0])


def test_the_toe_is_the_shoulder_mirrored() -> None:
    assert curve(-0.4, 1.3) == pytest.approx(1 - curve(-0.3, 1.4)[::-1])


@given(st.floats(-1, 1), st.floats(0, 3))
@settings(max_examples=200)
def test_graded_levels_rise_steadily_within_the_limits(brightness: float, contrast: float) -> None:
    low, high = 0.5 - contrast / 2 + brightness, 0.5 + contrast / 2 + brightness
    bent = curve(low, high)
    assert bent.min() >= -1e-12
    assert bent.max() <= 1 + 1e-12
    assert np.all(np.diff(bent) >= -1e-12)
    if high > 1:
        assert bent[-1] == pytest.approx(1)
    if low < 0:
        assert bent[0] == pytest.approx(0)
    assert np.all(np.diff(bent) <= (high - low) / 1000 + 1e-9)  # nowhere steeper than asked for


@given(st.floats(-1, 1), st.floats(0, 3), st.floats(-1, 1))
@settings(max_examples=200)
def test_no_fader_makes_a_jump(brightness: float, contrast: float, direction: float) -> None:
    def graded_levels(b: float, c: float) -> np.ndarray:
        return softly_limited((np.linspace(0, 1, 256) - 0.5) * c + 0.5 + b)

    moved = graded_levels(brightness + 1e-4, contrast + direction * 1e-4)
    assert np.abs(moved - graded_levels(brightness, contrast)).max() < 4e-4


def test_the_knee_is_as_steep_on_both_sides() -> None:
    slope = np.diff(curve(0.0, 1.5, 15001)) * 10_000
    knee = 1 - 0.5 * KNEE_ROOM / (0.5 + KNEE_ROOM)
    assert slope[: int(knee * 10_000)] == pytest.approx(1.0)
    assert slope[int(knee * 10_000) + 1] == pytest.approx(1.0, abs=0.01)


def test_contrast_keeps_drawing_in_lights_and_shadows() -> None:
    bent = levels(contrast=2.0)
    assert bent[[0, 128, 255]].tolist() == [0, 129, 255]
    assert bent[200] < bent[220] < bent[240] < 255
    assert bent[55] > bent[35] > bent[15] > 0


def test_full_brightness_is_nearly_white_and_none_nearly_black() -> None:
    white, black = levels(brightness=1.0), levels(brightness=-1.0)
    assert white.min() >= 230
    assert white[128] >= 250
    assert black.max() <= 25
    assert black[127] <= 5


def test_a_neutral_grade_has_no_table() -> None:
    assert level_table(0.0, 1.0, 1.0, 1.0) is None
