"""Looks: chosen by number, within limits, and carried back to where they came from."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from vjdream.dream.looks import FINEST_LINES, SMALLEST_SIDE, Look, carry_back, choose_look, take
from vjdream.parameters import State

CANVAS = (360, 640)


def chosen(step: int = 0, seed: int = 0, **values: float) -> Look:
    return choose_look(State(**values), CANVAS, 1.08, step, seed)  # type: ignore[arg-type]


def smooth(height: int, width: int) -> Tensor:
    """A picture of waves that are long compared with any pixel."""
    y = torch.linspace(-1, 1, height)[:, None]
    x = torch.linspace(-1, 1, width)[None, :]
    waves = [torch.sin(2 * x + y), torch.cos(3 * y - x), x * y]
    return torch.stack(waves)[None] * 0.3 + 0.5


def taken(look: Look, canvas: Tensor) -> Tensor:
    there = None if look.plain else torch.from_numpy(look.matrix())
    return take(canvas, look.height, look.width, there)


def carried_back(look: Look, gradient: Tensor, size: tuple[int, int]) -> Tensor:
    back = None if look.plain else torch.linalg.inv(torch.from_numpy(look.matrix()))
    return carry_back(gradient, *size, back)


def inner(picture: Tensor) -> Tensor:
    """The picture without a border of a fifth."""
    height, width = picture.shape[-2:]
    return picture[..., height // 5 : -height // 5, width // 5 : -width // 5]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_same_seed_and_step_give_the_same_look(step: int, seed: int) -> None:
    assert chosen(step, seed) == chosen(step, seed)


def test_steps_and_seeds_differ() -> None:
    looks = {chosen(step, seed) for step in range(20) for seed in range(5)}
    assert len(looks) == 100


@given(
    st.integers(128, 2160),
    st.integers(128, 2160),
    st.floats(0.25, 4),
    st.floats(1, 8),
    st.floats(1.08, 4),
    st.integers(0, 1000),
)
@settings(deadline=None)
def test_a_look_is_never_larger_than_the_canvas_nor_too_small_to_see(
    height: int, width: int, scale: float, spread: float, cover: float, step: int
) -> None:
    look = choose_look(State(scale=scale, spread=spread), (height, width), cover, step, 0)
    assert SMALLEST_SIDE <= look.height <= height
    assert SMALLEST_SIDE <= look.width <= width


@pytest.mark.parametrize(
    "size", [(360, 640), (640, 360), (128, 1280), (1280, 128), (128, 128), (131, 257)]
)
def test_a_look_keeps_the_shape_of_the_canvas(size: tuple[int, int]) -> None:
    for step in range(30):
        look = choose_look(State(), size, 1.08, step, 0)
        assert look.width / look.height == pytest.approx(size[1] / size[0], rel=0.02)


def test_without_spread_every_look_is_equally_fine() -> None:
    assert len({chosen(step, spread=1.0).height for step in range(50)}) == 1


def test_the_finest_look_has_the_lines_it_is_said_to_have() -> None:
    lines = chosen(spread=1.0).height / 1.08
    assert lines == pytest.approx(FINEST_LINES, rel=0.03)


def test_twice_the_scale_halves_the_lines() -> None:
    assert chosen(scale=2.0, spread=1.0).height == pytest.approx(
        chosen(scale=1.0, spread=1.0).height / 2, abs=16
    )


def test_a_few_steps_see_all_scales() -> None:
    heights = sorted(chosen(step, spread=4.0).height for step in range(5))
    assert heights[0] < 110
    assert heights[-1] > 210
    assert len(set(heights)) >= 4


def test_without_jitter_and_sway_a_look_is_plain() -> None:
    assert chosen(jitter=0.0, sway=0.0).plain


def test_the_shift_stays_within_the_jitter_in_heights() -> None:
    for step in range(200):
        look = chosen(step, jitter=0.1)
        assert abs(look.shift_y) / 2 * 1.08 <= 0.1 + 1e-9
        assert abs(look.shift_x) / 2 * 1.08 * 640 / 360 <= 0.1 + 1e-9


def test_the_turn_stays_within_the_sway() -> None:
    angles = [chosen(step, sway=10.0).angle for step in range(200)]
    assert max(map(abs, angles)) <= math.radians(10)
    assert min(angles) < 0 < max(angles)


def test_a_plain_look_of_full_size_is_the_canvas() -> None:
    canvas = smooth(64, 96)
    assert taken(Look(64, 96), canvas) is canvas


def test_a_look_has_the_size_it_says() -> None:
    assert taken(Look(64, 112, 0.1, 0.05, -0.02), smooth(144, 256)).shape == (1, 3, 64, 112)


def test_a_turned_look_turns_without_shearing() -> None:
    matrix = Look(100, 200, 0.3).matrix()
    # a point half a height to the right, in normalised coordinates of a 2:1 picture
    x, y, _ = matrix @ [0.5, 0.0, 1.0]
    assert math.hypot(x * 2, y) == pytest.approx(1.0)  # in half heights
    assert math.atan2(y, x * 2) == pytest.approx(0.3)


@pytest.mark.parametrize(
    "look",
    [
        Look(144, 256),
        Look(64, 112),
        Look(144, 256, 0.2, 0.05, -0.05),
        Look(80, 144, -0.2, -0.05, 0.08),
        Look(144, 256, 0.0, 0.1, 0.0),
    ],
)
def test_what_is_taken_is_carried_back_to_its_place(look: Look) -> None:
    canvas = smooth(144, 256)
    back = carried_back(look, taken(look, canvas), (144, 256))
    assert (inner(back) - inner(canvas)).abs().max() < 0.02


def test_a_gradient_outside_the_look_is_zero() -> None:
    back = carried_back(Look(64, 64, 0.0, 1.0, 0.0), torch.ones(1, 3, 64, 64), (64, 64))
    assert back[..., :28].abs().max() == 0
    assert back[..., 36:].min() == 1


def test_the_steps_of_a_gradient_climb_what_the_look_saw() -> None:
    """Adding the carried-back gradient must raise what it is the gradient of."""
    canvas = smooth(144, 256)
    look = Look(80, 144, 0.2, 0.1, -0.05)
    pattern = smooth(80, 144) - 0.5
    before = float((taken(look, canvas) * pattern).mean())
    canvas = canvas + 0.1 * carried_back(look, pattern, (144, 256))
    assert float((taken(look, canvas) * pattern).mean()) > before
