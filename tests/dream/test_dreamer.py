"""The dreamer on a network that sees nothing but colours."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.fakes import TinyNetwork, keyframe, noise, plain
from vjdream.camera import Pose, Rates, Viewpoint
from vjdream.dream.canvas import Canvas
from vjdream.dream.dreamer import Dreamer
from vjdream.dream.prior import PatchPrior
from vjdream.exchange import Order
from vjdream.frames import Keyframe, Size
from vjdream.parameters import State

SIZE = Size(144, 128)
CLASSES = {"class_1": "red", "class_2": "green", "class_3": "blue", "class_4": "dark"}
WHOLE = {"split_shape": "whole"}
LINE = {"split_feather": 0.1}
PURE = {"prior": 0.0, "balance": 0.0, "suppress": 0.0, "colour": 1.0}


def dreamer(seed: int = 0, level: int = 128) -> Dreamer:
    filters = torch.eye(192) - 1 / 192  # likes flat patches
    prior = PatchPrior(filters, torch.zeros(192), 0.7)
    made = Dreamer(TinyNetwork(), prior, Canvas(SIZE, SIZE, torch.device("cpu")), seed)
    made.resume(keyframe(plain(SIZE, level)))
    return made


def order(
    viewpoint: Viewpoint | None = None,
    rates: Rates | None = None,
    time: float = 0.0,
    **values: object,
) -> Order:
    state = State(**{**CLASSES, **values})  # type: ignore[arg-type]
    return Order(state, viewpoint or Viewpoint(), rates or Rates(), time)


def painted(made: Dreamer, count: int = 4, **values: object) -> Keyframe:
    """Let it paint so many keyframes with the camera at rest; return the last."""
    asked = order(**values)
    for number in range(count):
        last = made.paint(asked, number / asked.state.keyframes)
    return last


def colour(picture: Tensor, channel: int) -> float:
    return float(picture[0, channel].mean())


def test_the_score_of_the_class_rises() -> None:
    made = dreamer()
    network = TinyNetwork()
    before = float(network.logits(made.canvas.picture)[0, 0].mean())
    painted(made, **WHOLE, **PURE)
    assert float(network.logits(made.canvas.picture)[0, 0].mean()) > before + 0.05


def test_each_half_goes_to_its_class() -> None:
    made = dreamer()
    painted(made, **LINE, **PURE)
    top, bottom = made.canvas.picture[..., :54, :], made.canvas.picture[..., 74:, :]
    assert colour(top, 0) > colour(top, 1) + 0.05
    assert colour(bottom, 1) > colour(bottom, 0) + 0.05


def test_turned_by_90_degrees_region_1_is_right() -> None:
    made = dreamer()
    painted(made, **LINE, **PURE, split_angle=90.0)
    left, right = made.canvas.picture[..., :60], made.canvas.picture[..., 84:]
    assert colour(right, 0) > colour(right, 1) + 0.05
    assert colour(left, 1) > colour(left, 0) + 0.05


def test_regions_stay_fixed_to_the_view_when_the_camera_has_turned() -> None:
    made = dreamer()
    turned = Viewpoint(Pose(0.0, 3.14159265))
    for number in range(4):
        made.paint(order(turned, **LINE, **PURE), number / 4)
    assert made.canvas.viewpoint == turned
    top = made.canvas.picture[..., :54, :]
    assert colour(top, 0) > colour(top, 1) + 0.05


def test_regions_are_placed_by_the_view_even_before_the_canvas_follows() -> None:
    """With the canvas a hand's breadth behind, the border lies where it will be shown."""
    made = dreamer()
    behind, ahead = Viewpoint(Pose(y=0.001)), Viewpoint(Pose(y=0.021))
    made.paint(order(behind, hold=True), 0.0)
    made.begin(order(ahead), 0.01)
    assert made.canvas.viewpoint == behind  # not worth carrying
    asked = order(ahead, **LINE, **PURE, jitter=0.0, sway=0.0, smoothness=0.0)
    gradient = made.gradient(asked.state, ahead)
    rows = gradient[0, 0].sum(dim=1)
    centre = float((rows > rows.max() / 2).float().mean())  # share of rows that go red
    assert centre == pytest.approx(0.5 + 0.02 / 1.08, abs=0.07)


def test_a_region_without_weight_is_not_painted() -> None:
    made = dreamer()
    painted(made, **LINE, **PURE, weight_2=0.0, smoothness=0.0, seeds=0.0)
    bottom = made.canvas.picture[..., 80:, :]
    assert float((bottom - 128 / 255).abs().max()) < 0.02


def test_without_any_weight_or_prior_nothing_is_painted() -> None:
    made = dreamer()
    before = made.canvas.picture.clone()
    painted(made, **LINE, **PURE, weight_1=0.0, weight_2=0.0, seeds=0.0)
    assert float((made.canvas.picture - before).abs().max()) < 1e-6


@pytest.mark.parametrize("position", np.linspace(0.0124, 0.0127, 13))
def test_a_region_that_owns_next_to_nothing_does_no_harm(position: float) -> None:
    """Its neighbour has no weight, so this sliver of a region is all there is to climb."""
    made = dreamer()
    values = {**PURE, "weight_2": 0.0, "split_feather": 0.6, "split_position": float(position)}
    made.step(order(**values, spread=1.0, jitter=0.0, sway=0.0).state, Viewpoint())
    assert bool(torch.isfinite(made.canvas.picture).all())


def test_suppress_pushes_the_other_colours_down() -> None:
    made = dreamer()
    painted(made, **WHOLE, **{**PURE, "suppress": 3.0})
    assert colour(made.canvas.picture, 1) < 128 / 255 - 0.02


def test_the_prior_alone_smooths_what_is_rough() -> None:
    made = dreamer()
    made.resume(keyframe(noise(SIZE, 3)))
    before = float(made.canvas.picture.std())
    painted(made, **WHOLE, **{**PURE, "prior": 4.0}, weight_1=0.0)
    assert float(made.canvas.picture.std()) < before


def test_the_same_seed_paints_the_same_bytes() -> None:
    values = {**LINE, "prior": 0.5}
    assert np.array_equal(
        painted(dreamer(7), 2, **values).picture, painted(dreamer(7), 2, **values).picture
    )


def test_another_seed_paints_other_bytes() -> None:
    values = {**LINE, "prior": 0.5}
    assert not np.array_equal(
        painted(dreamer(7), 2, **values).picture, painted(dreamer(8), 2, **values).picture
    )


def test_hold_paints_nothing() -> None:
    made = dreamer()
    made.resume(keyframe(noise(SIZE, 1)))
    before = made.canvas.picture.clone()
    last = painted(made, 3, **LINE, hold=True, blur=0.05)
    assert torch.equal(made.canvas.picture, before)
    assert last.steps == 0


def test_under_hold_the_camera_goes_on() -> None:
    made = dreamer()
    there = Viewpoint(Pose(0.2))
    assert made.paint(order(there, hold=True), 0.0).viewpoint == there


def test_a_keyframe_tells_when_where_and_with_how_many_steps_it_was_painted() -> None:
    made = dreamer()
    there = Viewpoint(Pose(0.3, 0.1))
    painted_there = made.paint(order(there, steps=3), 4.25)
    assert (painted_there.time, painted_there.steps) == (4.25, 3)
    assert painted_there.viewpoint == there
    assert painted_there.sequence == 1


def test_after_a_restart_the_numbers_go_on() -> None:
    made = dreamer()
    made.resume(keyframe(plain(SIZE, 99), sequence=41))
    assert made.paint(order(hold=True), 0.0).sequence == 42
    assert abs(int(made.canvas.publish()[40, 40, 0]) - 99) <= 1


def test_the_canvas_is_registered_to_where_the_camera_will_be_when_it_is_due() -> None:
    made = dreamer()
    rates = Rates.from_units(1.5, 10.0, 0.1, 0.0)
    asked = order(Viewpoint(), rates, 1.0, hold=True)
    assert made.paint(asked, 1.5).viewpoint == asked.expected(1.5)


def test_a_tiny_move_waits_but_not_for_long() -> None:
    made = dreamer()
    made.paint(order(Viewpoint(Pose(0.2)), hold=True), 0.0)
    near = Viewpoint(Pose(0.2, 0.0, 0.001, 0.0))
    assert made.paint(order(near, hold=True), 0.1).viewpoint == Viewpoint(Pose(0.2))
    assert made.paint(order(near, hold=True), 0.25).viewpoint == near


def test_a_chart_that_changes_moves_no_picture() -> None:
    made = dreamer()
    made.resume(keyframe(noise(SIZE, 1), viewpoint=Viewpoint(Pose(12.1, 1.0, 0.5, 0.2))))
    before = made.canvas.picture.clone()
    same_place = Viewpoint(Pose(), 1, Pose(12.1, 1.0, 0.5, 0.2))
    made.paint(order(same_place, hold=True), 0.0)
    assert float((made.canvas.picture - before).abs().max()) < 1e-3


def test_the_dream_does_not_depend_on_the_cadence() -> None:
    """One second at 4 keyframes and at 12, with few steps and with many."""
    gains = []
    for keyframes, steps in ((4, 4), (12, 4), (4, 16)):
        made = dreamer()
        cadence = {"keyframes": keyframes, "steps": steps}
        painted(made, keyframes, **LINE, **PURE, **cadence, strength=0.5, seeds=0.0)
        top, bottom = made.canvas.picture[..., :40, :], made.canvas.picture[..., 80:, :]
        gains.append(colour(top, 0) - colour(bottom, 0))
    assert gains == pytest.approx([gains[0]] * 3, rel=0.25)


def test_a_long_journey_leaves_a_picture() -> None:
    made, camera = dreamer(), Viewpoint(Pose(8.0))
    made.resume(keyframe(noise(SIZE, 1), viewpoint=camera))
    rates = Rates.from_units(2.0, 45.0, 0.2, -0.1)
    for number in range(30):
        last = made.paint(
            order(camera, rates, number / 4, **LINE, steps=1, strength=4.0), number / 4
        )
        camera = camera.moved(rates.over(0.25))
    assert bool(torch.isfinite(made.canvas.picture).all())
    assert last.picture[..., :3].std() > 1
    assert camera.chart == 1


def test_a_class_the_network_does_not_know_ends_in_a_sentence() -> None:
    with pytest.raises(LookupError, match="xylophone"):
        dreamer().paint(order(class_1="xylophone", class_2="red"), 0.0)
