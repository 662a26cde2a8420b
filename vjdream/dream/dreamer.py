"""The dreamer: k steps of ascent on the canvas for every keyframe.

One step: look at the canvas through a random scale; climb the regions' score and the prior there;
bring both to unit deviation, mix, carry back, and let the canvas follow. Everything that is a rate
is per second of show time.
"""

import math
import os

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from vjdream.camera import Viewpoint
from vjdream.dream import regions
from vjdream.dream.canvas import Canvas
from vjdream.dream.looks import Look, choose_look
from vjdream.dream.networks import Network, faster_dtype, load_network
from vjdream.dream.objective import SMALLEST_REGION, RegionScore
from vjdream.dream.prior import PATCH, Form, PatchPrior
from vjdream.dream.spectrum import weight_by_frequency, weight_colour
from vjdream.errors import DreamerError
from vjdream.exchange import Order, Ready
from vjdream.frames import Keyframe
from vjdream.parameters import State
from vjdream.settings import Settings

PRIOR_SAMPLES = 1
"""Random patch grids for each step; momentum averages over the steps."""

LOCAL_GRID = (6, 8)
"""Rows and columns of the grid on which the gradient's local deviation is taken."""

CARRY_EVERY = 0.25
"""Seconds of show time after which the canvas follows the camera whatever happens."""

CARRY_DISTANCE = 0.03
"""Heights a corner may move before the canvas follows earlier.

Every resampling softens a little; a canvas that followed thirty times a second would be softer than
one that follows four times. Between, the presenter does the moving.
"""


class Dreamer:
    """Owns the canvas and paints keyframes on it."""

    def __init__(self, network: Network, prior: PatchPrior, canvas: Canvas, seed: int = 0) -> None:
        self.network, self.prior, self.canvas, self.seed = network, prior, canvas, seed
        self._step = 0
        self._dice = torch.Generator()
        self._carried_at = -math.inf
        self.sequence = 0

    def resume(self, keyframe: Keyframe) -> None:
        """Go on from a published keyframe."""
        self.canvas.show(keyframe.picture, keyframe.viewpoint)
        self.sequence = keyframe.sequence

    def register(self, order: Order, due: float) -> None:
        """Move the canvas to where the camera will be at `due`, when it is worth it."""
        expected = order.expected(due)
        stale = due - self._carried_at >= CARRY_EVERY - 1e-6
        moved = self.canvas.travelled(expected)
        if moved > CARRY_DISTANCE or (stale and moved > 0):
            self.canvas.carry(expected)
            self._carried_at = due

    def begin(self, order: Order, due: float) -> None:
        """Start a keyframe that is to be shown from `due` on."""
        self.register(order, due)
        if not order.state.hold:
            seconds = 1 / order.state.keyframes
            self.canvas.blur(order.state.blur * math.sqrt(seconds))
            self._dice.manual_seed(self.seed * 1_000_003 + self._step)
            self.canvas.sow(order.state.seeds, seconds, self._dice)

    def step(self, order: Order, due: float) -> None:
        """Take one ascent step for the keyframe begun last."""
        state = order.state
        seconds = 1 / (state.keyframes * state.steps)
        gradient = self.gradient(state, order.expected(due))
        self.canvas.climb(gradient, state, seconds)
        self.canvas.balance(state.balance, seconds)
        self._step += 1

    def finish(self, due: float, steps: int, lateness: float = 0.0) -> Keyframe:
        """Return the canvas as a keyframe."""
        self.sequence += 1
        return Keyframe(
            self.canvas.publish(), self.canvas.viewpoint, self.sequence, due, steps, lateness
        )

    def paint(self, order: Order, due: float) -> Keyframe:
        """Paint one whole keyframe."""
        self.begin(order, due)
        steps = 0 if order.state.hold else order.state.steps
        for _ in range(steps):
            self.step(order, due)
        return self.finish(due, steps)

    def gradient(self, state: State, viewpoint: Viewpoint) -> Tensor:
        """The direction of one step on the canvas, of about unit deviation."""
        canvas = self.canvas
        size = (canvas.size.height, canvas.size.width)
        look = choose_look(state, size, canvas.cover, self._step, self.seed)
        seen = look.take(canvas.picture)
        mixed = self._score_gradient(state, viewpoint, look, seen)
        if state.prior > 0:
            mixed = mixed - state.prior * _unit(self._prior_gradient(state, seen))
        mixed = mixed / math.hypot(1.0, state.prior)
        return look.carry_back(mixed, size)

    def _score_gradient(
        self, state: State, viewpoint: Viewpoint, look: Look, seen: Tensor
    ) -> Tensor:
        """Gradient of the regions' score on the look, evened out between regions.

        One class may pull ten times harder than another; each region's gradient is brought to unit
        deviation on its own, then weighted.
        """
        picture = seen.detach().requires_grad_(True)
        logits = self.network.logits(picture)
        rows, columns = logits.shape[-2:]
        owned = self._owned(state, viewpoint, look, rows, columns)
        used = [i for i in range(4) if owned[i].sum() > SMALLEST_REGION and state.weights[i] > 0]
        if not used:
            return torch.zeros_like(seen)
        masks = torch.from_numpy(owned[used]).float().to(seen.device)  # (regions, rows, columns)
        vocabulary = self.network.vocabulary
        targets = tuple(vocabulary.index(vocabulary.find(state.classes[i])) for i in used)
        score = RegionScore(masks, targets, (1.0,) * len(used), state.suppress)(logits)
        gradient = torch.autograd.grad(score, picture)[0].float()
        gradient = weight_by_frequency(gradient, state.smoothness)
        gradient = weight_colour(gradient, state.colour)
        weights = [state.weights[i] for i in used]
        return _evened(gradient, masks, weights, state.everywhere)

    def _prior_gradient(self, state: State, seen: Tensor) -> Tensor:
        dice = np.random.default_rng([self.seed, self._step])
        form: Form = "gaussian" if state.prior_form == "gaussian" else "student"
        total = torch.zeros_like(seen)
        for _ in range(PRIOR_SAMPLES):
            row, column = (int(n) for n in dice.integers(0, PATCH, 2))
            total += self.prior.gradient(seen, (row, column), form)
        return total

    def _owned(
        self, state: State, viewpoint: Viewpoint, look: Look, rows: int, columns: int
    ) -> NDArray[np.float64]:
        """Region masks on a grid of the look, as (4, rows, columns).

        Regions are fixed to the view that will be shown, while the canvas lies at its own pose.
        """
        canvas = self.canvas
        x = (np.arange(columns) + 0.5) / columns * 2 - 1
        y = (np.arange(rows) + 0.5) / rows * 2 - 1
        grid = np.stack([*np.meshgrid(x, y), np.ones((rows, columns))])  # (3, rows, columns)
        on_canvas = np.tensordot(look.matrix()[:2], grid, axes=1)
        half_height = canvas.cover / 2
        half_width = half_height * canvas.size.width / canvas.size.height
        painted = np.stack([on_canvas[0] * half_width, on_canvas[1] * half_height, grid[2]])
        matrix = viewpoint.rebased(canvas.viewpoint).seen_from(viewpoint.pose).matrix()
        shown = np.tensordot(matrix, painted, axes=1)
        return regions.masks(state, shown[0], shown[1], canvas.output.width / canvas.output.height)


def create_dreamer(settings: Settings) -> tuple[Dreamer, Ready]:
    """Load everything that `settings` ask for; the canvas is still grey.

    Raises:
        DreamerError: for a device that is not there.
        WeightsError: for a network that cannot be loaded.
    """
    cv2.setNumThreads(1)  # its pool and torch's would fight for the cores
    torch.set_num_threads(settings.threads or max(1, (os.cpu_count() or 2) - 1))
    device = _device(settings.device)
    if settings.dtype == "auto":
        dtype = faster_dtype(settings.network, device)
    else:
        dtype = torch.bfloat16 if settings.dtype == "bfloat16" else torch.float32
    network = load_network(settings.network, device, dtype)
    canvas = Canvas(settings.canvas_size, settings.size, device, settings.seed)
    dreamer = Dreamer(network, PatchPrior.load(device=device), canvas, settings.seed)
    return dreamer, Ready(str(device), str(dtype).removeprefix("torch."), torch.get_num_threads())


def _device(name: str) -> torch.device:
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise DreamerError(f"--device {name} needs a CUDA GPU and torch finds none - use cpu")
    return torch.device(name)


def _evened(gradient: Tensor, masks: Tensor, weights: list[float], everywhere: float) -> Tensor:
    """Bring the gradient to each region's weight, in every part of the picture.

    One class pulls ten times harder than another, and inside a region the strongest motif would
    take all of the way. The gradient is divided by its deviation around each place, mixed with the
    region's deviation as a floor.

    Args:
        gradient: (1, 3, h, w).
        masks: (regions, rows, columns) on a coarser grid.
        weights: of the regions.
        everywhere: share of the local deviation, 0..1.
    """
    height, width = gradient.shape[-2:]
    fine = functional.interpolate(masks[None], (height, width), mode="bilinear")[0]
    energy = gradient[0].square().mean(dim=0, keepdim=True)  # (1, h, w)
    around = functional.adaptive_avg_pool2d(energy, LOCAL_GRID)
    local = functional.interpolate(around[None], (height, width), mode="bilinear")[0, 0].sqrt()
    factor = torch.zeros_like(local)
    for region, weight in zip(fine, weights, strict=True):
        overall = ((region * energy[0]).sum() / (region.sum() + 1e-6)).sqrt()
        deviation = everywhere * local + (1 - everywhere) * overall
        factor += region * (weight / (deviation + 1e-12))
    return gradient * factor


def _unit(gradient: Tensor) -> Tensor:
    return gradient / (gradient.square().mean().sqrt() + 1e-12)
