"""Region masks: who owns which point of the view."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vjdream.dream.regions import Field, masks
from vjdream.parameters import State


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
    st.sampled_from(["whole", "line", "quarters"]),
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
