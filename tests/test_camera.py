"""The camera's geometry against brute force, and journeys of hours."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.camera import (
    CHART_SIZE,
    EASE_AFTER,
    OVERSCAN,
    Pose,
    Rates,
    Viewpoint,
    pixel_matrix,
)

small = st.floats(-3, 3)
poses = st.builds(Pose, small, small, small, small)
points = st.tuples(small, small)


def close(pose: Pose, other: Pose, tolerance: float = 1e-9) -> bool:
    return np.allclose(pose.matrix(), other.matrix(), atol=tolerance, rtol=tolerance)


@given(poses, points)
def test_a_pose_and_its_inverse_bring_a_point_home(pose: Pose, point: tuple[float, float]) -> None:
    assert pose.inverse().apply(*pose.apply(*point)) == pytest.approx(point, abs=1e-7)


@given(poses, poses, points)
def test_a_composed_pose_applies_the_inner_one_first(
    outer: Pose, inner: Pose, point: tuple[float, float]
) -> None:
    expected = outer.apply(*inner.apply(*point))
    assert outer.compose(inner).apply(*point) == pytest.approx(expected, abs=1e-7)


@given(poses, poses, poses)
def test_composition_does_not_depend_on_brackets(a: Pose, b: Pose, c: Pose) -> None:
    assert close(a.compose(b).compose(c), a.compose(b.compose(c)), 1e-6)


@given(poses, poses, points)
def test_seen_from_maps_a_point_of_one_view_to_the_same_world_point_of_the_other(
    pose: Pose, other: Pose, point: tuple[float, float]
) -> None:
    world = pose.apply(*point)
    assert other.apply(*pose.seen_from(other).apply(*point)) == pytest.approx(world, abs=1e-6)


@given(poses, points)
def test_the_matrix_says_the_same_as_apply(pose: Pose, point: tuple[float, float]) -> None:
    mapped = pose.matrix() @ [*point, 1]
    assert tuple(mapped) == pytest.approx(pose.apply(*point), abs=1e-7)


def test_zooming_in_shows_a_smaller_part_of_the_world() -> None:
    assert Pose(log_zoom=math.log(2)).apply(0.5, 0.25) == pytest.approx((0.25, 0.125))


def test_a_positive_rotation_turns_the_picture_clockwise() -> None:
    # What lies to the right of the centre must be seen below it after a quarter turn clockwise.
    after = Rates.from_units(1.0, 90.0, 0.0, 0.0).over(1.0)
    assert after.apply(0.0, 1.0) == pytest.approx((1.0, 0.0), abs=1e-12)


def test_the_zoom_parameter_is_a_factor_per_second() -> None:
    rates = Rates.from_units(2.0, 0.0, 0.0, 0.0)
    assert math.exp(rates.over(3.0).log_zoom) == pytest.approx(8.0)


def test_panning_right_brings_what_lies_to_the_right_to_the_centre() -> None:
    move = Rates.from_units(1.0, 0.0, 0.5, -0.25).over(2.0)
    assert move.apply(0.0, 0.0) == pytest.approx((1.0, -0.5))


# -- at rest --------------------------------------------------------------------------------------


def travelled(zoom: float, pan: float = 0.0, seconds: float = 60.0, fps: int = 60) -> Pose:
    """Everything that a camera still travels after its last keyframe, in one pose."""
    rates, pose = Rates.from_units(zoom, 0.0, pan, 0.0), Pose()
    for frame in range(1, round(seconds * fps) + 1):
        pose = pose.compose(rates.eased(EASE_AFTER + frame / fps).over(1 / fps))
    return pose


@pytest.mark.parametrize("zoom", [2.0, 1.5, 1.05, 1.001])
def test_a_zoom_without_keyframes_ends_within_one_and_a_half_times(zoom: float) -> None:
    assert 1.0 < math.exp(travelled(zoom).log_zoom) <= 1.5


@pytest.mark.parametrize("zoom", [0.5, 0.8, 0.95])
def test_a_zoom_out_without_keyframes_ends_within_four_fifths(zoom: float) -> None:
    assert 0.8 <= math.exp(travelled(zoom).log_zoom) < 1.0


def test_a_pan_without_keyframes_ends_within_about_a_tenth_of_the_height() -> None:
    end = travelled(1.0, pan=1.0)
    assert 0.05 < math.hypot(end.x, end.y) < 0.15


def test_a_resting_camera_still_drifts_and_turns() -> None:
    rates = Rates.from_units(1.5, 10.0, 0.0, 0.0).eased(30.0)
    assert rates.angle == Rates.from_units(1.5, 10.0, 0.0, 0.0).angle
    assert 0 < math.hypot(rates.pan_x, rates.pan_y) < 0.01


def test_a_drifting_camera_stays_near_for_an_hour() -> None:
    rates, x, y = Rates(), 0.0, 0.0
    for second in range(3600):
        for tenth in range(10):
            eased = rates.eased(EASE_AFTER + second + tenth / 10)
            x, y = x + eased.pan_x / 10, y + eased.pan_y / 10
    assert math.hypot(x, y) < 0.05


def test_before_it_rests_the_camera_keeps_its_rates() -> None:
    rates = Rates.from_units(1.3, 5.0, 0.1, 0.2)
    assert rates.eased(EASE_AFTER) is rates


@given(st.floats(0.5, 2.0), st.floats(-1, 1), st.floats(EASE_AFTER, 20))
def test_easing_never_jumps(zoom: float, pan: float, age: float) -> None:
    rates = Rates.from_units(zoom, 0.0, pan, 0.0)
    before, after = rates.eased(age), rates.eased(age + 1e-6)
    assert after.log_zoom == pytest.approx(before.log_zoom, abs=1e-4)
    assert after.pan_x == pytest.approx(before.pan_x, abs=1e-4)


# -- journeys that never end ----------------------------------------------------------------------


@pytest.mark.parametrize("zoom", [2.0, 0.5, 1.05])
def test_after_hours_of_zoom_a_recent_view_still_lies_where_it_should(zoom: float) -> None:
    step = Rates.from_units(zoom, 3.0, 0.02, -0.01).over(0.25)
    recent = step.compose(step)
    before = here = Viewpoint()
    worst = 0.0
    for _ in range(4 * 3 * 3600):
        before, here, passed = here, here.moved(step), before
        difference = here.seen_from(passed).matrix() - recent.matrix()
        if passed is not before:
            worst = max(worst, float(np.abs(difference).max()))
    assert here.chart > 10
    assert worst < 1e-6


def test_a_new_chart_changes_nothing_that_can_be_seen() -> None:
    step = Pose(0.5, 0.1, 0.01, 0.02)
    charted, plain = Viewpoint(), Pose()
    first = None
    while charted.chart == 0:
        first = charted
        charted, plain = charted.moved(step), plain.compose(step)
    assert first is not None
    assert close(charted.seen_from(first), step)
    assert close(charted.seen_from(Viewpoint()), plain.seen_from(Pose()), 1e-6)


def test_a_pose_never_leaves_the_digits_of_its_chart() -> None:
    here = Viewpoint()
    for _ in range(100_000):
        here = here.moved(Pose(0.011, 0.001, 0.001, 0.0))
        assert abs(here.pose.log_zoom) < CHART_SIZE


def test_a_view_from_long_ago_is_taken_to_be_here() -> None:
    here = Viewpoint(Pose(1.0), chart=5)
    assert close(here.seen_from(Viewpoint(Pose(3.0), chart=1)), Pose())


def test_a_camera_that_turns_back_across_a_chart_still_knows_the_way() -> None:
    out, back = Pose(0.9), Pose(-0.9)
    here = Viewpoint()
    for _ in range(14):
        here = here.moved(out)
    old = here
    for _ in range(3):
        here = here.moved(back)
    assert close(here.seen_from(old), Pose(-2.7), 1e-9)


# -- pixels ---------------------------------------------------------------------------------------


def by_hand(
    relative: Pose,
    pixel: tuple[int, int],
    target: tuple[int, int],
    source: tuple[int, int],
    source_cover: float,
    target_cover: float,
) -> tuple[float, float]:
    """Map one target pixel's centre to the source, step by step."""
    x = (pixel[0] + 0.5 - target[0] / 2) / target[1] * target_cover
    y = (pixel[1] + 0.5 - target[1] / 2) / target[1] * target_cover
    x, y = relative.apply(x, y)
    lines = source[1] / source_cover
    return x * lines + source[0] / 2 - 0.5, y * lines + source[1] / 2 - 0.5


@given(
    poses,
    st.tuples(st.integers(0, 639), st.integers(0, 359)),
    st.sampled_from([(640, 360), (360, 640), (129, 97)]),
    st.sampled_from([(692, 388), (320, 180), (111, 333)]),
    st.sampled_from([1.0, OVERSCAN, 2.0]),
    st.sampled_from([1.0, OVERSCAN]),
)
def test_the_pixel_matrix_maps_like_a_point_by_hand(
    relative: Pose,
    pixel: tuple[int, int],
    target: tuple[int, int],
    source: tuple[int, int],
    source_cover: float,
    target_cover: float,
) -> None:
    matrix = pixel_matrix(relative, target, source, source_cover, target_cover)
    expected = by_hand(relative, pixel, target, source, source_cover, target_cover)
    assert tuple(matrix @ [*pixel, 1]) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_equal_pictures_are_mapped_pixel_on_pixel() -> None:
    matrix = pixel_matrix(Pose(), (640, 360), (640, 360), 1.0)
    assert np.allclose(matrix, [[1, 0, 0], [0, 1, 0]])
