"""The 2015 system, piece by piece, against plain NumPy in double precision.

The oracles are written from its description: the loss is minus the mean logit of one class over the
lower half of the map, minus another's over the upper half, plus the mean of all logits, plus ten
times a Student-t energy of all 8x8x3 patches, averaged over five scales; ten steps of a rule that
is Adam with its two weights exchanged; then a zoom by cubic convolution.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from skimage.transform import AffineTransform
from skimage.transform import warp as warp_of_skimage
from torch import Tensor
from torch.nn import functional

from vjdream import presets
from vjdream.camera import Pose, Rates, Viewpoint
from vjdream.dream.ascent import Ascent
from vjdream.dream.canvas import Canvas
from vjdream.dream.pace import STRENGTH, pace
from vjdream.dream.prior import POOLS, PatchPrior
from vjdream.dream.step import Planner
from vjdream.frames import Size
from vjdream.parameters import State
from vjdream.preset_library import find
from vjdream.vocabulary import Vocabulary, load_descriptor

Array = NDArray[np.float64]

SIZE = Size(416, 288)
STRIDE = 16
BORDER = 3


@dataclass(frozen=True)
class LinearNetwork:
    """A thousand classes, each a weighted mean of the colours of 16x16 pixels, and a border."""

    vocabulary: Vocabulary = field(default_factory=lambda: load_descriptor("vgg16").vocabulary)
    border: int = BORDER

    def weights(self) -> Tensor:
        dice = torch.Generator().manual_seed(5)
        return torch.randn(len(self.vocabulary), 3, generator=dice)

    def activation(self, picture: Tensor, layer: str) -> Tensor:
        return self.logits(picture)

    def logits(self, picture: Tensor) -> Tensor:
        pooled = functional.avg_pool2d(picture, STRIDE)
        return functional.conv2d(pooled, self.weights()[:, :, None, None])


def the_preset() -> State:
    vocabulary = load_descriptor("vgg16").vocabulary
    return presets.load(find("lsd-2015"), vocabulary).applied_to(State())


def canvas_with(picture: Tensor) -> Canvas:
    canvas = Canvas(SIZE, SIZE, torch.device("cpu"))
    canvas.picture = picture.clone()
    canvas.forget(square=0.0)
    return canvas


def photograph() -> Tensor:
    dice = torch.Generator().manual_seed(11)
    coarse = torch.rand(1, 3, 24, 32, generator=dice)
    fine = torch.rand(1, 3, SIZE.height, SIZE.width, generator=dice)
    smooth = functional.interpolate(coarse, (SIZE.height, SIZE.width), mode="bicubic")
    return (0.8 * smooth + 0.2 * fine).clamp(0, 1)


def loss_of_the_network(logits: Array, below: int, above: int) -> float:
    rows = logits.shape[1]
    return float(
        -logits[below, rows // 2 :].mean() - logits[above, : rows // 2].mean() + logits.mean()
    )


def oracle_of_the_network(picture: Array, network: LinearNetwork, state: State) -> Array:
    """The gradient of the loss on the picture (3, h, w), written out for a linear network."""
    vocabulary = network.vocabulary
    below, above = (vocabulary.index(name) for name in state.classes[:2])
    weights = network.weights().numpy().astype(np.float64)
    rows, columns = SIZE.height // STRIDE - 2 * BORDER, SIZE.width // STRIDE - 2 * BORDER
    by_class = np.zeros((len(vocabulary), rows, columns)) + 1 / (len(vocabulary) * rows * columns)
    by_class[below, rows // 2 :] -= 1 / ((rows - rows // 2) * columns)
    by_class[above, : rows // 2] -= 1 / ((rows // 2) * columns)
    by_place = np.einsum("khw,kc->chw", by_class, weights) / STRIDE**2
    inner = by_place.repeat(STRIDE, axis=1).repeat(STRIDE, axis=2)
    gradient = np.zeros_like(picture)
    margin = BORDER * STRIDE
    gradient[:, margin:-margin, margin:-margin] = inner
    return gradient


def oracle_of_the_prior(picture: Array, prior: PatchPrior) -> tuple[float, Array]:
    """Energy and gradient of the Student-t prior of five scales, patch by patch."""
    filters = prior.filters.numpy().astype(np.float64)
    mean = prior.mean.numpy().astype(np.float64)
    energies, total = [], np.zeros_like(picture)
    for pool in POOLS:
        high, wide = picture.shape[1] // pool, picture.shape[2] // pool
        cut = picture[:, : high * pool, : wide * pool]
        small = cut.reshape(3, high, pool, wide, pool).mean(axis=(2, 4))
        windows = sliding_window_view(small, (8, 8), axis=(1, 2))  # (3, rows, columns, 8, 8)
        patches = windows.transpose(1, 2, 0, 3, 4).reshape(-1, 192)
        z = patches @ filters.T - mean
        energies.append(np.log(1 + z**2 / prior.v).mean())
        slopes = (2 * z / (prior.v + z**2) / z.size) @ filters
        slopes = slopes.reshape(high - 7, wide - 7, 3, 8, 8)
        gradient = np.zeros_like(small)
        for i in range(8):
            for j in range(8):
                gradient[:, i : i + high - 7, j : j + wide - 7] += slopes[..., i, j].transpose(
                    2, 0, 1
                )
        spread = gradient.repeat(pool, axis=1).repeat(pool, axis=2) / pool**2
        total[:, : high * pool, : wide * pool] += spread
    return float(np.mean(energies)), total / len(POOLS)


def relative(ours: Tensor, theirs: Array) -> float:
    return float(np.linalg.norm(ours.numpy() - theirs) / np.linalg.norm(theirs))


def gradient_of(state: State) -> Tensor:
    """What our canvas is asked to climb in the first step of a show with that state."""
    network, canvas = LinearNetwork(), canvas_with(photograph())
    planner = Planner(network, canvas, 0, lambda layer: None)
    step = planner.step(state, Viewpoint(), 0, 0)
    return Ascent(network, PatchPrior.load(), canvas).gradient(step)[0]


def test_the_objective_without_the_prior_is_the_oracles() -> None:
    state = the_preset().with_value(presets.TABLE["prior"], 0.0)
    picture = photograph()[0].double().numpy()
    expected = -oracle_of_the_network(picture, LinearNetwork(), state)
    assert relative(gradient_of(state), expected) < 1e-5


def test_the_first_subject_is_below_and_the_second_above() -> None:
    """The oracle's gradient really is that of the loss, and its halves are where they belong."""
    state, network = the_preset(), LinearNetwork()
    picture = photograph()
    below, above = (network.vocabulary.index(name) for name in state.classes[:2])
    direction = oracle_of_the_network(picture[0].double().numpy(), network, state)

    def loss(shown: Tensor) -> float:
        logits = network.logits(shown)[0, :, BORDER:-BORDER, BORDER:-BORDER].double().numpy()
        return loss_of_the_network(logits, below, above)

    moved = picture - torch.from_numpy(direction).float()[None]
    expected = -float((direction**2).sum())
    assert loss(moved) - loss(picture) == pytest.approx(expected, rel=1e-3)


def test_the_prior_is_the_oracles_in_energy_and_gradient() -> None:
    prior, picture = PatchPrior.load(), photograph()
    energy, gradient = oracle_of_the_prior(picture[0].double().numpy(), prior)
    assert float(prior.pyramid_energy(picture, "student")) == pytest.approx(energy, rel=1e-4)
    assert relative(prior.pyramid_gradient(picture, "student")[0], gradient) < 1e-4


def test_the_gradient_written_out_is_that_of_the_energy() -> None:
    prior, picture = PatchPrior.load(), photograph()[..., :61, :93].clone().requires_grad_(True)
    (expected,) = torch.autograd.grad(prior.pyramid_energy(picture, "student"), picture)
    ours = prior.pyramid_gradient(picture.detach(), "student")
    assert relative(ours, expected.double().numpy()) < 1e-4


def test_the_whole_gradient_is_the_oracles() -> None:
    state, picture = the_preset(), photograph()[0].double().numpy()
    _, of_prior = oracle_of_the_prior(picture, PatchPrior.load())
    expected = -oracle_of_the_network(picture, LinearNetwork(), state) - 10 * of_prior
    assert relative(gradient_of(state), expected) < 1e-4


class OracleRule:
    """The 2015 rule on the 0..255 scale, going down."""

    def __init__(self, picture: Array) -> None:
        self.x = picture * 255
        self.m = np.zeros_like(picture)
        self.v = np.zeros_like(picture)
        self.t = 1

    def step(self, gradient: Array) -> None:
        self.m = 0.9 * gradient + (1 - 0.9) * self.m
        self.v = 0.999 * gradient**2 + (1 - 0.999) * self.v
        m = self.m / (1 - (1 - 0.9) ** self.t)
        v = self.v / (1 - (1 - 0.999) ** self.t)
        self.x = np.clip(self.x - 5.0 * m / (np.sqrt(v) + 1e-8), 0.0, 255.0)
        self.t += 1


def test_ten_steps_of_the_rule_are_the_oracles() -> None:
    picture, state = photograph(), the_preset()
    canvas, oracle = canvas_with(picture), OracleRule(picture[0].double().numpy())
    numbers = torch.tensor(pace(state, 1 / (state.keyframes * state.steps)))
    dice = np.random.default_rng(2)
    for place in range(10):
        scores = dice.normal(0, 1e-5, oracle.x.shape) * (dice.random(oracle.x.shape) > 0.1)
        canvas.climb_as_in_2015(torch.from_numpy(scores)[None].float(), numbers, place)
        oracle.step(-scores / 255)  # a loss, per grey level
    assert numbers[STRENGTH] == 1
    assert relative(canvas.picture[0] * 255, oracle.x) < 1e-4


def test_every_keyframe_starts_with_an_empty_memory() -> None:
    canvas = canvas_with(photograph())
    numbers = torch.tensor(pace(the_preset(), 0.1))
    gradient = torch.full_like(canvas.picture, 3e-4)
    canvas.climb_as_in_2015(gradient, numbers, 0)
    canvas.forget(square=0.0)
    before = canvas.picture.clone()
    canvas.climb_as_in_2015(-gradient, numbers, 0)
    inside = (before > 0.1) & (before < 0.9)
    step = (before - canvas.picture)[inside]
    assert torch.allclose(step, torch.full_like(step, 5 / 255), rtol=1e-2)


def keys(t: Array) -> list[Array]:
    """Keys' cubic convolution with a = -1/2, at -1, 0, 1 and 2."""

    def kernel(x: Array) -> Array:
        x = np.abs(x)
        near = 1.5 * x**3 - 2.5 * x**2 + 1
        far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
        return np.where(x <= 1, near, np.where(x < 2, far, 0.0))

    return [kernel(t - k) for k in (-1, 0, 1, 2)]


def oracle_of_the_zoom(picture: Array, zoom: float, angle: float) -> Array:
    """Each pixel of the zoomed picture, looked up around the middle."""
    _, height, width = picture.shape
    y, x = np.mgrid[:height, :width].astype(np.float64)
    dx, dy = x - (width - 1) / 2, y - (height - 1) / 2
    cosine, sine = math.cos(angle) / zoom, math.sin(angle) / zoom
    across = cosine * dx + sine * dy + (width - 1) / 2
    down = -sine * dx + cosine * dy + (height - 1) / 2
    left, top = np.floor(across).astype(int), np.floor(down).astype(int)
    total = np.zeros_like(picture)
    for i, vertical in zip((-1, 0, 1, 2), keys(down - top), strict=True):
        for j, horizontal in zip((-1, 0, 1, 2), keys(across - left), strict=True):
            rows, columns = np.clip(top + i, 0, height - 1), np.clip(left + j, 0, width - 1)
            total += vertical * horizontal * picture[:, rows, columns]
    return np.clip(total, 0, 1)


def test_the_zoom_between_two_keyframes_is_the_oracles() -> None:
    state, picture = the_preset(), photograph()
    canvas = canvas_with(picture)
    seconds = 1 / state.keyframes
    rates = Rates.from_units(state.zoom, state.rotate, 0.0, 0.0)
    canvas.carry(Viewpoint(Pose()).moved(rates.over(seconds)), "catmull-rom")
    angle = math.radians(state.rotate * seconds)
    expected = oracle_of_the_zoom(picture[0].double().numpy(), state.zoom**seconds, angle)
    assert state.resampling == "plain"
    assert relative(canvas.picture[0], expected) < 1e-4


def test_the_oracle_of_the_zoom_is_the_warp_of_scikit_image_that_the_system_called() -> None:
    picture = photograph()[0].double().numpy()
    zoom, centre = 1.2, np.array([(SIZE.width - 1) / 2, (SIZE.height - 1) / 2])
    to_source = AffineTransform(scale=1 / zoom, translation=centre - centre / zoom)
    theirs = warp_of_skimage(picture.transpose(1, 2, 0), to_source, order=3, mode="edge")
    ours = oracle_of_the_zoom(picture, zoom, 0.0)
    inner = (slice(None), slice(20, -20), slice(20, -20))
    assert np.abs(theirs.transpose(2, 0, 1)[inner] - ours[inner]).max() < 1e-2


def test_the_numbers_of_the_preset_are_those_of_2015() -> None:
    state = the_preset()
    assert (state.steps, state.zoom, state.rotate) == (10, 1.05, 0.25)
    assert presets.start_section(find("lsd-2015")) == {
        "network": "vgg16",
        "canvas": "840x472",
        "size": "1024x576",
        "fps": "25",
    }
