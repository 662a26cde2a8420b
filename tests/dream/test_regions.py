"""Region masks: who owns which point of the view."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vjdream.dream.regions import BAND, Field, masks
from vjdream.parameters import TABLE, State

SHAPES = TABLE["split/shape"].choices


def view(aspect: float, rows: int = 120) -> tuple[Field, Field]:
    """Pixel centres of a view, in heights from the middle."""
    columns = round(rows * aspect)
    y, x = np.mgrid[0:rows, 0:columns]
    return (x + 0.5 - columns / 2) / rows, (y + 0.5 - rows / 2) / rows


def owners(aspect: float = 16 / 9, rows: int = 120, **values: object) -> Field:
    x, y = view(aspect, rows)
    return masks(State(**values), x, y, aspect)  # type: ignore[arg-type]


def at(x: float, y: float, aspect: float = 16 / 9, **values: object) -> list[float]:
    """What the four slots own of one point."""
    point = masks(State(**values), np.array([x]), np.array([y]), aspect)  # type: ignore[arg-type]
    return [float(n) for n in point[:, 0]]


@given(
    st.sampled_from(SHAPES),
    st.floats(0, 1),
    st.floats(0, 360),
    st.floats(0, 1),
    st.sampled_from([16 / 9, 1.0, 9 / 16, 5.0, 0.2]),
)
@settings(deadline=None)
def test_masks_sum_to_one_everywhere(
    shape: str, position: float, angle: float, feather: float, aspect: float
) -> None:
    owned = owners(
        aspect,
        24,
        split_shape=shape,
        split_position=position,
        split_angle=angle,
        split_feather=feather,
    )
    assert owned.shape[0] == 4
    assert np.allclose(owned.sum(axis=0), 1)
    assert owned.min() >= 0
    assert owned.max() <= 1


def test_whole_gives_everything_to_region_1() -> None:
    assert owners(split_shape="whole")[0].min() == 1


def test_at_angle_0_region_1_is_on_top() -> None:
    assert at(0.0, -0.4) == [1, 0, 0, 0]
    assert at(0.0, 0.4) == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("angle", "x", "y"), [(90.0, 0.8, 0.0), (180.0, 0.0, 0.4), (270.0, -0.8, 0.0)]
)
def test_the_border_turns_clockwise(angle: float, x: float, y: float) -> None:
    assert at(x, y, split_angle=angle) == [1, 0, 0, 0]
    assert at(-x, -y, split_angle=angle) == [0, 1, 0, 0]


@pytest.mark.parametrize("position", [0.25, 0.5, 0.75])
def test_the_position_says_how_much_of_the_height_region_1_owns(position: float) -> None:
    owned = owners(split_position=position, split_feather=0.0)
    assert owned[0].mean() == pytest.approx(position, abs=1 / 120)


def test_the_position_also_works_across_the_width() -> None:
    owned = owners(split_position=0.25, split_feather=0.0, split_angle=90.0)
    assert owned[0].mean() == pytest.approx(0.25, abs=1 / 100)


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, 200.0])
def test_position_0_leaves_all_to_region_2_and_1_all_to_region_1(angle: float) -> None:
    assert owners(split_position=0.0, split_angle=angle)[1].min() == 1
    assert owners(split_position=1.0, split_angle=angle)[0].min() == 1


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16])
def test_the_feather_is_a_part_of_the_short_side(aspect: float) -> None:
    owned = owners(aspect, 400, split_feather=0.5)[0]
    column = owned[:, owned.shape[1] // 2]
    soft = np.count_nonzero((column > 0) & (column < 1)) / 400  # of the height
    assert soft == pytest.approx(0.5 * min(1.0, aspect), abs=0.01)


def test_the_border_itself_is_shared_evenly() -> None:
    assert at(0.0, 0.0)[:2] == [0.5, 0.5]


def test_no_feather_is_a_hard_border() -> None:
    assert set(np.unique(owners(split_feather=0.0)[0])) == {0.0, 1.0}


def test_region_1_fades_steadily_across_the_border() -> None:
    column = owners(split_feather=1.0)[0][:, 0]
    assert np.all(np.diff(column) <= 0)


def test_quarters_go_clockwise_from_the_top_left() -> None:
    corners = [(-0.8, -0.4), (0.8, -0.4), (0.8, 0.4), (-0.8, 0.4)]
    for slot, (x, y) in enumerate(corners):
        owned = at(x, y, split_shape="quarters")
        assert owned.index(max(owned)) == slot
        assert max(owned) == 1


def test_quarters_can_be_turned() -> None:
    assert at(0.8, -0.4, split_shape="quarters", split_angle=90.0) == [1, 0, 0, 0]


def test_quarters_at_position_1_leave_all_to_region_1() -> None:
    assert owners(split_shape="quarters", split_position=1.0)[0].min() == 1


# -- circle ---------------------------------------------------------------------------------------


def test_the_circle_has_region_1_inside_and_region_2_around_it() -> None:
    assert at(0.0, 0.0, split_shape="circle") == [1, 0, 0, 0]
    for x, y in ((0.8, 0.4), (-0.8, 0.4), (0.0, 0.7), (-0.8, 0.0)):
        assert at(x, y, split_shape="circle") == [0, 1, 0, 0]


@pytest.mark.parametrize("angle", [0.0, 40.0, 123.0])
def test_the_circle_is_round_and_its_radius_follows_the_position(angle: float) -> None:
    radius = 0.5 * math.hypot(0.5, 0.5)  # half of the way from the centre to a square's corner
    values = {"split_shape": "circle", "split_angle": angle}
    for direction in np.radians([0, 45, 100, 250]):
        x, y = math.cos(direction), math.sin(direction)
        assert at(x * radius, y * radius, 1.0, **values)[:2] == pytest.approx([0.5, 0.5])
        # a quarter of the feather of 0.25 further in: t = 3/4, 3 t² - 2 t³ = 0.84375
        nearer = radius - 0.0625
        assert at(x * nearer, y * nearer, 1.0, **values)[0] == pytest.approx(0.84375)


def test_a_circle_without_feather_has_a_hard_border() -> None:
    owned = owners(split_shape="circle", split_feather=0.0)
    assert set(np.unique(owned[0])) == {0.0, 1.0}
    # pi r² of the view's 16/9, and what lies above and below the view is missing
    assert owned[0].mean() == pytest.approx(0.46, abs=0.01)


@pytest.mark.parametrize("aspect", [16 / 9, 1.0, 9 / 16])
@pytest.mark.parametrize("feather", [0.0, 0.25, 1.0])
def test_a_circle_at_0_is_all_region_2_and_at_1_all_region_1(aspect: float, feather: float) -> None:
    values = {"split_shape": "circle", "split_feather": feather}
    assert owners(aspect, split_position=0.0, **values)[1].min() == 1
    assert owners(aspect, split_position=1.0, **values)[0].min() == 1


def test_the_circle_grows_steadily_and_keeps_its_centre() -> None:
    shares = []
    for position in np.linspace(0.02, 0.98, 25):
        values = {"split_shape": "circle", "split_position": position, "split_feather": 1.0}
        assert at(0.0, 0.0, **values)[0] == pytest.approx(1)
        assert at(8 / 9, 0.5, **values)[1] == pytest.approx(1)
        shares.append(owners(rows=60, **values)[0].mean())
    steps = np.diff(shares)
    assert steps.min() > 0
    assert steps.max() < 0.08  # of the view, for a 24th of the fader


# -- stripes --------------------------------------------------------------------------------------


def test_stripes_are_the_classes_in_order_from_the_top() -> None:
    for slot, y in enumerate((-0.375, -0.125, 0.125, 0.375)):
        owned = at(0.3, y, split_shape="stripes")
        assert owned == pytest.approx([float(n == slot) for n in range(4)])


def test_stripes_repeat_and_turn_clockwise() -> None:
    values = {"split_shape": "stripes", "split_angle": 90.0, "split_feather": 0.0}
    middles = np.arange(0.875, -0.9, -BAND)  # from the right, where region 1 is at 90 degrees
    slots = [int(np.argmax(at(x, 0.1, **values))) for x in middles]
    assert slots == [2, 3, 0, 1, 2, 3, 0, 1]


def test_stripes_share_their_borders_evenly_and_softly() -> None:
    values = {"split_shape": "stripes", "split_feather": 0.1}
    assert at(0.0, -0.25, **values) == pytest.approx([0.5, 0.5, 0, 0])
    # a quarter of the feather below the border: t = 1/4, 3 t² - 2 t³ = 0.15625
    assert at(0.0, -0.225, **values) == pytest.approx([0.15625, 0.84375, 0, 0])
    assert at(0.0, -0.15, **values) == pytest.approx([0, 1, 0, 0])


def test_stripes_slide_along_by_one_period() -> None:
    down = owners(split_shape="stripes", split_position=0.75)  # a quarter of a period: one band
    assert np.allclose(down[:, 30:], owners(split_shape="stripes")[:, :-30])
    first, last = (owners(split_shape="stripes", split_position=p) for p in (0.0, 1.0))
    assert np.allclose(first, last)


def test_each_stripe_has_its_class_whole_in_its_middle_however_soft() -> None:
    owned = at(0.0, -0.375, split_shape="stripes", split_feather=1.0)
    assert owned == pytest.approx([1, 0, 0, 0])


@given(st.floats(0, 0.99), st.floats(0, 360), st.floats(0.1, 1), st.sampled_from(SHAPES))
@settings(deadline=None)
def test_a_small_move_of_the_position_moves_no_place_by_much(
    position: float, angle: float, feather: float, shape: str
) -> None:
    values = {"split_shape": shape, "split_angle": angle, "split_feather": feather}
    if shape != "stripes" and not 0.1 < position < 0.9:
        return  # there the border gets hard, so that the ends leave one region alone
    before = owners(16 / 9, 24, split_position=position, **values)
    after = owners(16 / 9, 24, split_position=position + 0.001, **values)
    assert np.abs(after - before).max() < 0.1
