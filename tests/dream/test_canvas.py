"""The canvas: carried by the camera, blurred, climbed, shown and published."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.fakes import noise
from vjdream.camera import OVERSCAN, Pose, Viewpoint
from vjdream.dream.canvas import SATURATION, Canvas
from vjdream.dream.pace import RATE, pace
from vjdream.frames import Picture, Size, published_size
from vjdream.parameters import State


def at_pace(state: State, seconds: float) -> Tensor:
    return torch.tensor(pace(state, seconds))


SIZE = Size(256, 144)
CPU = torch.device("cpu")
SHAPES = [
    (SIZE, SIZE),
    (Size(256, 256), SIZE),  # canvas narrower than the output
    (SIZE, Size(144, 144)),  # canvas wider than the output
    (Size(144, 256), SIZE),
    (SIZE, Size(144, 256)),
    (SIZE, Size(1280, 720)),
    (Size(300, 170), Size(256, 144)),
]
shapes = pytest.mark.parametrize(("size", "output"), SHAPES, ids=lambda s: str(s))


def canvas(size: Size = SIZE, output: Size = SIZE) -> Canvas:
    return Canvas(size, output, CPU)


def heights(made: Canvas) -> tuple[Tensor, Tensor]:
    """Where the canvas's pixels lie, in heights of the view from its centre."""
    width, height = made.size.width, made.size.height
    y = ((torch.arange(height) + 0.5) / height - 0.5) * made.cover
    x = ((torch.arange(width) + 0.5) / width - 0.5) * made.cover * width / height
    return x[None, :].expand(height, width), y[:, None].expand(height, width)


def world(x: Tensor, y: Tensor) -> Tensor:
    """A smooth world in 0..1, (1, 3, h, w): red tells x, green y, blue waves."""
    return torch.stack([0.5 + 0.4 * x, 0.5 + 0.5 * y, 0.5 + 0.3 * torch.sin(5 * x + 3 * y)])[None]


def painted(size: Size = SIZE, output: Size = SIZE) -> Canvas:
    """A canvas that holds the world as seen from the origin."""
    made = canvas(size, output)
    made.picture = world(*heights(made)).clamp(0, 1)
    return made


def inner(picture: Tensor) -> Tensor:
    height, width = picture.shape[-2:]
    return picture[..., height // 5 : -height // 5, width // 5 : -width // 5]


def difference(one: Tensor, other: Tensor) -> float:
    return float((inner(one) - inner(other)).abs().max())


# -- carried --------------------------------------------------------------------------------------


@shapes
@pytest.mark.parametrize(
    "pose", [Pose(0.2), Pose(0.0, 0.2), Pose(0.0, 0.0, 0.05, -0.03), Pose(0.3, -0.2, 0.02, 0.04)]
)
def test_a_carried_canvas_shows_what_the_camera_sees(size: Size, output: Size, pose: Pose) -> None:
    made = painted(size, output)
    made.carry(Viewpoint(pose))
    x, y = heights(made)
    matrix = torch.tensor(pose.matrix(), dtype=torch.float32)
    there = (
        matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2],
        matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2],
    )
    assert difference(made.picture, world(*there).clamp(0, 1)) < 0.01
    assert made.viewpoint == Viewpoint(pose)


@pytest.mark.parametrize("pose", [Pose(0.1), Pose(0.0, 0.3), Pose(0.05, 0.1, 0.02, -0.03)])
def test_there_and_back_returns_the_inner_picture(pose: Pose) -> None:
    made = painted()
    before = made.picture
    made.carry(Viewpoint(pose))
    made.carry(Viewpoint())
    assert difference(made.picture, before) < 0.01


def test_carrying_to_where_it_is_changes_nothing() -> None:
    made = painted()
    before = made.picture
    made.carry(Viewpoint())
    assert float((made.picture - before).abs().max()) < 1e-4


def test_what_comes_into_view_has_the_picture_s_colours_and_is_not_black() -> None:
    made = canvas()
    made.picture = torch.full_like(made.picture, 0.8)
    made.carry(Viewpoint(Pose(-0.7, 0.5, 0.3, 0.2)))
    assert float(made.picture.mean()) == pytest.approx(0.8, abs=0.1)
    assert float(made.picture.min()) > 0.1


def test_a_carried_canvas_stays_in_range() -> None:
    made = canvas()
    made.picture = (
        torch.rand(made.picture.shape, generator=torch.Generator().manual_seed(1)) > 0.5
    ).float()
    made.carry(Viewpoint(Pose(0.1, 0.1)))
    assert float(made.picture.min()) >= 0
    assert float(made.picture.max()) <= 1


def centre_of_change(made: Canvas, before: Tensor) -> tuple[float, float]:
    change = (made.picture - before).abs().sum(dim=(0, 1))
    x, y = heights(made)
    return float((x * change).sum() / change.sum()), float((y * change).sum() / change.sum())


def test_the_memory_of_the_ascent_moves_with_the_picture() -> None:
    made = canvas()
    state = State(momentum=2.0, evenness=0.0)
    spot = torch.zeros_like(made.picture)
    spot[..., 68:76, 60:68] = 1.0
    before = made.picture
    made.climb(spot, at_pace(state, 0.1))
    first = centre_of_change(made, before)
    made.carry(Viewpoint(Pose(0.0, 0.0, -0.2, 0.1)))  # the camera goes left and down
    before = made.picture
    made.climb(torch.zeros_like(spot), at_pace(state, 0.1))
    second = centre_of_change(made, before)
    assert second[0] - first[0] == pytest.approx(0.2, abs=0.01)
    assert second[1] - first[1] == pytest.approx(-0.1, abs=0.01)


def test_travelled_is_the_way_of_the_farthest_corner() -> None:
    made = canvas()
    corner = math.hypot(256 / 144 / 2, 0.5)
    assert made.travelled(Viewpoint()) == 0
    assert made.travelled(Viewpoint(Pose(x=0.3, y=0.4))) == pytest.approx(0.5)
    assert made.travelled(Viewpoint(Pose(math.log(2)))) == pytest.approx(corner / 2)


# -- shown and published --------------------------------------------------------------------------


def published_world(output: Size) -> Picture:
    """The world as a keyframe of that output."""
    width, height = published_size(output)
    y, x = np.mgrid[0:height, 0:width]
    x = (x + 0.5 - width / 2) / height * OVERSCAN
    y = (y + 0.5 - height / 2) / height * OVERSCAN
    rgb = world(torch.from_numpy(x), torch.from_numpy(y)).clamp(0, 1)[0].permute(1, 2, 0).numpy()
    picture = np.full((height, width, 4), 255, np.uint8)
    picture[..., :3] = np.clip(rgb[..., ::-1] * 255 + 0.5, 0, 255).astype(np.uint8)
    return picture


@shapes
def test_a_published_canvas_covers_the_view_as_the_stage_expects(size: Size, output: Size) -> None:
    published = painted(size, output).publish()
    expected = published_world(output)
    assert published.shape == expected.shape
    assert published.dtype == np.uint8
    rows, columns = expected.shape[0] // 12, expected.shape[1] // 12
    middle = (slice(rows, -rows), slice(columns, -columns))
    worst = np.abs(published[middle].astype(int) - expected[middle]).max()
    assert worst <= 3


@shapes
def test_what_is_shown_is_published_again(size: Size, output: Size) -> None:
    made, picture = canvas(size, output), published_world(output)
    made.show(picture, Viewpoint(Pose(1.0)))
    again = made.publish()
    border = max(2, picture.shape[0] // 24)
    middle = (slice(border, -border), slice(border, -border))
    assert np.abs(again[middle].astype(int) - picture[middle]).max() <= 4
    assert made.viewpoint == Viewpoint(Pose(1.0))


def test_showing_and_publishing_again_and_again_does_not_drift() -> None:
    made, picture = canvas(), published_world(SIZE)
    for _ in range(5):
        made.show(picture if made.picture.std() < 1e-6 else made.publish(), Viewpoint())
    middle = (slice(20, -20), slice(20, -20))
    difference = np.abs(made.publish()[middle].astype(int) - picture[middle])
    assert difference.mean() < 2  # so small a picture scales to whole pixels only roughly
    assert difference.max() <= 16


def test_the_fourth_published_byte_is_255() -> None:
    made = canvas()
    made.show(noise(SIZE, 3, 128, 80), Viewpoint())
    assert made.publish()[..., 3].min() == 255


def test_red_stays_red() -> None:
    made = canvas()
    made.picture = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1).expand_as(made.picture).clone()
    assert made.publish()[50, 50].tolist() == [0, 0, 255, 255]


def test_showing_forgets_the_ascent_before() -> None:
    made = canvas()
    made.climb(torch.ones_like(made.picture), at_pace(State(momentum=2.0), 0.1))
    made.show(published_world(SIZE), Viewpoint())
    before = made.picture
    made.climb(torch.zeros_like(before), at_pace(State(momentum=2.0), 0.1))
    assert torch.equal(made.picture, before)


# -- blur and balance -----------------------------------------------------------------------------


def variance(picture: Tensor) -> float:
    """Of a spot around its centre, along both axes on average, in pixels squared."""
    spot = picture[0, 0].double()
    rows, columns = torch.arange(spot.shape[0]).double(), torch.arange(spot.shape[1]).double()
    total = spot.sum()
    down, across = spot.sum(dim=1), spot.sum(dim=0)
    y, x = (down * rows).sum() / total, (across * columns).sum() / total
    both = (down * (rows - y) ** 2).sum() + (across * (columns - x) ** 2).sum()
    return float(both / total / 2)


@pytest.mark.parametrize("sigma", [0.1, 0.3, 0.49, 0.8, 2.0, 5.0])
def test_a_blur_has_the_variance_that_was_asked_for(sigma: float) -> None:
    made = canvas()
    made.picture = torch.zeros_like(made.picture)
    made.picture[..., 72, 128] = 1.0
    made.blur(sigma * made.cover / SIZE.height)
    assert variance(made.picture) == pytest.approx(sigma**2, rel=0.03)


def test_a_blur_keeps_the_mean_and_the_size() -> None:
    made = canvas()
    made.picture = torch.full_like(made.picture, 0.6)
    made.blur(0.02)
    assert made.picture.shape == (1, 3, 144, 256)
    assert torch.allclose(made.picture, torch.full_like(made.picture, 0.6), atol=1e-5)


def test_no_blur_changes_nothing() -> None:
    made = painted()
    before = made.picture
    made.blur(0.0)
    assert made.picture is before


def test_four_blurs_in_a_second_are_one_of_twice_the_deviation() -> None:
    made = canvas()
    made.picture = torch.zeros_like(made.picture)
    made.picture[..., 72, 128] = 1.0
    for _ in range(4):
        made.blur(2.0 / math.sqrt(4) * made.cover / SIZE.height)
    assert variance(made.picture) == pytest.approx(4.0, rel=0.03)


def test_balance_lowers_too_much_contrast_and_keeps_what_is_flat() -> None:
    harsh, flat = canvas(), canvas()
    harsh.picture = (painted().picture > 0.5).float()
    flat.picture = 0.45 + 0.01 * (painted().picture - 0.5)
    contrast = float(harsh.picture.std())
    harsh.balance(at_pace(State(balance=2.0), 10.0))
    before = float(flat.picture.std())
    flat.balance(at_pace(State(balance=2.0), 10.0))
    assert float(harsh.picture.std()) < 0.6 * contrast
    assert float(flat.picture.std()) == pytest.approx(before, rel=0.01)


def saturation(made: Canvas) -> float:
    grey = made.picture.mean(dim=1, keepdim=True)
    return float((made.picture - grey).square().mean().sqrt())


def test_balance_lowers_too_much_saturation_and_keeps_what_is_pale() -> None:
    neon, pale = canvas(), canvas()
    for made, strength in ((neon, 0.35), (pale, 0.03)):
        made.picture.fill_(0.45)
        made.picture[:, 0, :, ::2] += strength
        made.picture[:, 2, :, ::2] -= strength
        made.picture[:, 0, :, 1::2] -= strength
        made.picture[:, 2, :, 1::2] += strength
    before = saturation(pale)
    neon.balance(at_pace(State(balance=2.0), 10.0))
    pale.balance(at_pace(State(balance=2.0), 10.0))
    assert saturation(neon) == pytest.approx(SATURATION, rel=0.05)
    assert saturation(pale) == pytest.approx(before, rel=0.01)


def test_the_balance_does_not_depend_on_the_number_of_steps() -> None:
    one, many = painted(), painted()
    one.picture, many.picture = one.picture * 0.5, many.picture * 0.5
    one.balance(at_pace(State(balance=1.0), 0.5))
    for _ in range(20):
        many.balance(at_pace(State(balance=1.0), 0.025))
    assert difference(one.picture, many.picture) < 0.01


# -- climbed --------------------------------------------------------------------------------------


def test_an_even_gradient_climbs_at_the_rate_of_the_second() -> None:
    made = canvas()
    made.picture.fill_(0.2)
    for _ in range(100):
        made.climb(torch.ones_like(made.picture), at_pace(State(evenness=0.0, momentum=0.0), 0.01))
    assert float(made.picture.mean()) == pytest.approx(0.2 + RATE, rel=0.02)


@pytest.mark.parametrize("evenness", [0.0, 0.3, 1.0])
def test_the_climb_does_not_depend_on_the_number_of_steps(evenness: float) -> None:
    gradient = torch.randn((1, 3, 144, 256), generator=torch.Generator().manual_seed(1))
    ends = []
    for steps in (10, 40):
        made = canvas()
        for _ in range(steps):
            made.climb(gradient, at_pace(State(evenness=evenness, momentum=0.2), 0.5 / steps))
        ends.append(made.picture)
    moved = float((ends[1] - 0.5).abs().mean())
    assert float((ends[0] - ends[1]).abs().mean()) < 0.1 * moved


def test_strength_0_stands_still() -> None:
    made = painted()
    before = made.picture
    made.climb(torch.ones_like(before), at_pace(State(strength=0.0), 0.1))
    assert torch.allclose(made.picture, before)


def test_full_evenness_moves_strong_and_weak_pixels_nearly_alike() -> None:
    made = canvas()
    gradient = torch.ones_like(made.picture)
    gradient[..., :128] = 0.4
    for _ in range(200):
        made.picture.fill_(0.5)
        made.climb(gradient, at_pace(State(evenness=1.0, momentum=0.1), 0.05))
    moved = made.picture - 0.5
    ratio = float(moved[..., :128].mean() / moved[..., 128:].mean())
    assert ratio == pytest.approx(1.0, abs=0.05)


def test_a_climbed_picture_stays_in_range() -> None:
    made = canvas()
    for sign in (1, -1):
        for _ in range(20):
            made.climb(
                torch.full_like(made.picture, 9.0 * sign), at_pace(State(strength=4.0), 0.25)
            )
        assert 0 <= float(made.picture.min()) <= float(made.picture.max()) <= 1


@pytest.mark.parametrize("momentum", [0.0, 0.25])
def test_an_hour_without_any_gradient_leaves_numbers(momentum: float) -> None:
    made = canvas(Size(16, 16), Size(128, 128))
    nothing = torch.zeros_like(made.picture)
    for _ in range(900):
        made.climb(nothing, at_pace(State(momentum=momentum), 4.0))
    made.climb(torch.ones_like(nothing), at_pace(State(momentum=momentum), 0.1))
    assert bool(torch.isfinite(made.picture).all())
