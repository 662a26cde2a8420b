"""The dreamer on a network that sees nothing but colours."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.fakes import TinyNetwork, keyframe, noise, plain
from vjdream.camera import Pose, Rates, Viewpoint
from vjdream.dream.canvas import Canvas
from vjdream.dream.dreamer import Dreamer
from vjdream.dream.guide import Guide
from vjdream.dream.prior import PatchPrior
from vjdream.dream.resample import Method
from vjdream.dream.step import Planner
from vjdream.exchange import Order
from vjdream.frames import Keyframe, Picture, Size
from vjdream.parameters import State

SIZE = Size(144, 128)
CLASSES = {"class_1": "red", "class_2": "green", "class_3": "blue", "class_4": "dark"}
WHOLE = {"split_shape": "whole"}
LINE = {"split_feather": 0.1}
PURE = {
    "prior": 0.0,
    "balance": 0.0,
    "suppress": 0.0,
    "colour": 1.0,
    "natural": 0.0,
    "bands": 0.0,
    "equaliser": 0.0,
}


def dreamer(
    seed: int = 0, level: int = 128, network: TinyNetwork | None = None, **more: Any
) -> Dreamer:
    filters = torch.eye(192) - 1 / 192  # likes flat patches
    prior = PatchPrior(filters, torch.zeros(192), 0.7)
    canvas = Canvas(SIZE, SIZE, torch.device("cpu"))
    made = Dreamer(network or TinyNetwork(), prior, canvas, seed, **more)
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


def test_a_keyframe_that_leaves_the_numbers_is_undone_and_the_dream_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = dreamer()
    painted(made, **WHOLE)
    before = made.canvas.picture.clone()
    vast = order(**WHOLE, weight_1=float("inf"), seeds=0.0, equaliser=0.0)
    for _ in range(2):
        made.paint(vast, 0.0)
        assert torch.equal(made.canvas.picture, before)
    assert caplog.text.count("left the range of numbers") == 1
    painted(made, **WHOLE)
    assert bool(torch.isfinite(made.canvas.picture).all())
    assert not torch.equal(made.canvas.picture, before)


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


# -- what a keyframe begins with ------------------------------------------------------------------


def test_the_2015_rule_begins_every_keyframe_with_an_empty_memory() -> None:
    made = dreamer()
    painted(made, 2, **WHOLE, optimizer="lsd", gradients="sum")
    assert made.canvas.moment.abs().max() > 0
    made.begin(order(optimizer="lsd"), 1.0)
    assert made.canvas.moment.abs().max() == 0
    assert made.canvas.square.abs().max() == 0


def test_back_from_the_2015_rule_adam_begins_afresh_and_then_remembers() -> None:
    made = dreamer()
    painted(made, 2, **WHOLE, optimizer="lsd", gradients="sum")
    made.begin(order(**WHOLE), 1.0)
    assert made.canvas.moment.abs().max() == 0
    assert torch.equal(made.canvas.square, torch.ones_like(made.canvas.square))
    painted(made, 1, **WHOLE)
    made.begin(order(**WHOLE), 2.0)
    assert made.canvas.moment.abs().max() > 0


@pytest.mark.parametrize(("resampling", "method"), [("plain", "catmull-rom"), ("sharp", "cubic")])
def test_the_canvas_follows_the_camera_by_the_resampling_asked_for(
    resampling: str, method: Method
) -> None:
    made, there = dreamer(), Viewpoint(Pose(0.1))
    made.resume(keyframe(noise(SIZE, 1)))
    by_hand = Canvas(SIZE, SIZE, torch.device("cpu"))
    by_hand.show(noise(SIZE, 1), Viewpoint())
    by_hand.carry(there, method)
    made.begin(order(there, hold=True, resampling=resampling), 0.0)
    assert torch.equal(made.canvas.picture, by_hand.picture)


@dataclass(frozen=True)
class Watched(TinyNetwork):
    """Remembers how many lines it was shown."""

    lines: list[int] = field(default_factory=list)

    def activation(self, picture: Tensor, layer: str) -> Tensor:
        self.lines.append(picture.shape[-2])
        return super().activation(picture, layer)


def test_octaves_begin_with_the_coarsest_in_every_keyframe() -> None:
    network = Watched()
    made = dreamer(network=network)
    painted(made, 2, octaves=2, spread=2.0, scale=2.3, steps=4)
    coarse, fine = min(network.lines), max(network.lines)
    assert coarse < fine
    assert network.lines == [coarse, coarse, fine, fine] * 2


def test_every_step_of_the_prior_looks_at_another_grid() -> None:
    canvas = Canvas(SIZE, SIZE, torch.device("cpu"))
    state = order().state
    for repeating, count in ((False, 8), (True, 3)):
        planner = Planner(TinyNetwork(), canvas, 0, lambda layer: None, repeating)
        steps = [planner.step(state, Viewpoint(), number, number % 4) for number in range(12)]
        assert len({step.fixed.offset for step in steps}) >= count
        assert repeating == (steps[0].fixed.offset == steps[4].fixed.offset)


# -- what it may follow ---------------------------------------------------------------------------


@dataclass(frozen=True)
class White:
    """A source that shows white, always the same picture."""

    number: int = 0

    @property
    def picture(self) -> Picture:
        return np.full((SIZE.height, SIZE.width, 4), 255, np.uint8)

    def at(self, time: float) -> "White":
        return self

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("sequence", "whole"), [(0, True), (7, False)])
def test_a_show_starts_from_its_input_but_a_restart_goes_on_from_the_last_picture(
    sequence: int, whole: bool
) -> None:
    made = dreamer(source=White())
    made.resume(keyframe(plain(SIZE, 50), sequence=sequence))
    made.begin(order(input_pull=1.0, seeds=0.0), 0.0)
    light = made.canvas.picture.mean()
    assert light > 0.99 if whole else 0.2 < light < 0.5


def test_a_guide_is_followed_as_far_as_asked() -> None:
    network = Watched()
    guide = Guide(network, torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)))
    values = {"mode": "layer", "layer": "colours", "seeds": 0.0}
    pictures = []
    for chosen, follow in ((None, 1.0), (guide, 0.0), (guide, 1.0)):
        made = dreamer(network=network, guide=chosen)
        made.resume(keyframe(noise(SIZE, 2)))
        painted(made, 2, guide=follow, **values)
        pictures.append(made.canvas.picture)
    assert torch.equal(pictures[0], pictures[1])
    assert not torch.allclose(pictures[0], pictures[2], atol=1e-3)


# -- classes that change, a canvas that begins anew -----------------------------------------------


def test_a_region_between_two_classes_climbs_both() -> None:
    red, blue, other = ("red", 1.0), ("blue", 1.0), (("dark", 1.0),)
    half = (("red", 0.5), ("blue", 0.5))

    def gain(mix: tuple[tuple[str, float], ...]) -> tuple[float, float]:
        made = dreamer()
        asked = replace(order(**WHOLE, **PURE), mixes=(mix, other, other, other))
        for number in range(4):
            made.paint(asked, number / 4)
        return colour(made.canvas.picture, 0) - 0.5, colour(made.canvas.picture, 2) - 0.5

    assert gain((red,))[0] > gain(half)[0] > gain((blue,))[0]
    assert gain((red,))[1] < gain(half)[1] < gain((blue,))[1]
    assert gain((red,)) == gain((("red", 1.0),))


def test_a_canvas_that_is_to_begin_anew_fades_to_clouds_within_a_second() -> None:
    made = dreamer(level=255)
    still = order(strength=0.0, seeds=0.0, balance=0.0, prior=0.0)
    made.paint(still, 0.0)
    assert float(made.canvas.picture.min()) == 1.0
    brightness = []
    for number in range(1, 7):
        made.paint(replace(still, resets=1), number / 4)
        brightness.append(float(made.canvas.picture.mean()))
    assert 0.8 < brightness[0] < 0.95
    assert brightness[3] == pytest.approx(0.45, abs=0.05)
    assert brightness[4] == pytest.approx(brightness[3], abs=0.01)
    assert float(made.canvas.picture.std()) > 0.05


def test_it_begins_anew_while_the_dream_is_held() -> None:
    made = dreamer(level=255)
    made.paint(order(hold=True), 0.0)
    for number in range(1, 6):
        made.paint(replace(order(hold=True), resets=1), number / 4)
    assert float(made.canvas.picture.mean()) < 0.55


def test_a_dreamer_that_is_new_keeps_its_picture_whatever_has_been_reset_before() -> None:
    made = dreamer(level=255)
    made.resets = 7
    made.paint(replace(order(hold=True), resets=7), 0.0)
    assert float(made.canvas.picture.mean()) == 1.0
