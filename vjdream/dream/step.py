"""One step of ascent, decided: everything that chance, the camera and the faders have to say.

A `Step` is made on the host and carried out wherever the canvas is. What is `Fixed` shapes the
computation; the `Values` are tensors, so that a recorded step can be played again with new ones.
"""

import copy
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vjdream.camera import Viewpoint
from vjdream.dream import regions
from vjdream.dream.canvas import Canvas
from vjdream.dream.looks import Look, choose_look
from vjdream.dream.networks import LAST, Network
from vjdream.dream.objective import SMALLEST_REGION, LayerScore, RegionScore, Target
from vjdream.dream.pace import pace
from vjdream.dream.prior import PATCH, Form
from vjdream.dream.spectrum import weights_by_frequency
from vjdream.exchange import Mixes, alone
from vjdream.parameters import State

WHOLE = (6, 8)
"""Rows and columns of the one mask of mode layer."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What cannot change without another computation."""

    height: int  # of the look
    width: int
    layer: str
    border: int  # places at the edges of the logit map that do not count
    prior: Form | None
    pyramid: bool
    offset: tuple[int, int]  # of the prior's grid
    even: bool  # gradients are brought to the same force
    bands: bool  # and so are their octaves
    lsd: bool  # the rule of 2015
    place: int  # of this step in its keyframe
    regions: tuple[int, ...]  # that ask for something, from 0


@dataclass(frozen=True)
class Values:
    """What changes from step to step; all on the canvas's device."""

    there: Tensor | None  # (3, 3): look to canvas in normalised coordinates; None: plain
    back: Tensor | None  # (3, 3): its inverse
    score: RegionScore | LayerScore | None  # None: nothing is asked for
    masks: Tensor  # (regions, h, w): where gradients are evened
    weights: Tensor  # (regions,)
    spectrum: Tensor  # (h, w // 2 + 1)
    bands: Tensor  # all from here on: ()
    colour: Tensor
    natural: Tensor
    everywhere: Tensor
    prior: Tensor
    pace: Tensor  # (6,), see `vjdream.dream.pace`

    def tensors(self) -> list[Tensor]:
        """All tensors, in an order that depends on nothing but what is there."""
        found: list[Tensor] = []
        for holder in (self, self.score):
            if holder is not None:
                members = (getattr(holder, field.name) for field in dataclasses.fields(holder))
                found += [member for member in members if isinstance(member, Tensor)]
        return found

    def copied(self) -> "Values":
        """The same values in memory of their own."""
        return copy.deepcopy(self)


@dataclass(frozen=True)
class Step:
    """One step, ready to be carried out."""

    fixed: Fixed
    values: Values

    @property
    def kind(self) -> tuple[object, ...]:
        """Steps of the same kind are the same computation with other values."""
        shapes = tuple(tuple(tensor.shape) for tensor in self.values.tensors())
        return self.fixed, type(self.values.score), shapes


Scored = tuple[RegionScore | LayerScore | None, Tensor, Tensor]
"""A score, and the masks and weights with which its gradient is evened."""


class Planner:
    """Decides steps: a step of the same number, state and camera is always the same.

    Args:
        guide: features of the guide picture for a layer, or None when there is none.
        repeating: choose looks by their place in the keyframe instead of by their number, so that
            every keyframe has the same sizes and can be recorded once.
    """

    def __init__(
        self,
        network: Network,
        canvas: Canvas,
        seed: int,
        guide: Callable[[str], Tensor | None],
        repeating: bool = False,
    ) -> None:
        self._network, self._canvas, self._seed = network, canvas, seed
        self._guide, self._repeating = guide, repeating
        self._regions: tuple[int, ...] = ()  # of the step that is being decided
        self._places = lru_cache(maxsize=256)(self._count_places)

    def step(
        self,
        state: State,
        viewpoint: Viewpoint,
        number: int,
        place: int,
        mixes: Mixes | None = None,
    ) -> Step:
        """Decide step `number` of the show, the `place`-th of its keyframe.

        Args:
            mixes: what the regions dream of, where it is not the state's classes alone.
        """
        canvas = self._canvas
        size = (canvas.size.height, canvas.size.width)
        look = choose_look(state, size, canvas.cover, number, self._seed, place, self._repeating)
        even, lsd = state.gradients == "even", state.optimizer == "lsd"
        layer = LAST if state.mode == "class" else self._network.vocabulary.find_layer(state.layer)
        border = 0
        self._regions = ()
        if state.mode == "class":
            border = 0 if even else self._border(look)
            targets = self._targets(state, mixes)
            scored = self._class_score(state, targets, viewpoint, look, border, even)
        else:
            scored = self._layer_score(state, layer)
        form: Form | None = "gaussian" if state.prior_form == "gaussian" else "student"
        if state.prior == 0:
            form = None
        pyramid = state.prior_scales == "pyramid"
        fixed = Fixed(
            look.height,
            look.width,
            layer,
            border,
            form,
            pyramid,
            (0, 0) if pyramid else self._offset(place if self._repeating else number),
            even,
            state.bands > 0,
            lsd,
            place,
            self._regions,
        )
        seconds = 1 / (state.keyframes * state.steps)
        device = canvas.picture.device
        matrix = None if look.plain else torch.from_numpy(look.matrix())
        values = Values(
            None if matrix is None else matrix.to(device),
            None if matrix is None else torch.linalg.inv(matrix).to(device),
            *scored,
            weights_by_frequency(look.height, look.width, state.smoothness, device),
            torch.tensor(state.bands, device=device),
            torch.tensor(state.colour, device=device),
            torch.tensor(state.natural, device=device),
            torch.tensor(state.everywhere, device=device),
            torch.tensor(state.prior, device=device),
            torch.tensor(pace(state, seconds), device=device),
        )
        return Step(fixed, values)

    def _offset(self, number: int) -> tuple[int, int]:
        row, column = np.random.default_rng([self._seed, number]).integers(0, PATCH, 2)
        return int(row), int(column)

    def _border(self, look: Look) -> int:
        """The border that can be left out; a map that is all border is taken as it is."""
        border = self._network.border
        shorter = min(self._places(look.height), self._places(look.width))
        return border if shorter > 2 * border else 0

    def _targets(self, state: State, mixes: Mixes | None) -> tuple[Target, ...]:
        """What each region climbs, in logit numbers."""
        vocabulary = self._network.vocabulary
        return tuple(
            tuple((vocabulary.index(vocabulary.find(slug)), share) for slug, share in mix)
            for mix in mixes or alone(state)
        )

    def _class_score(
        self,
        state: State,
        asked: tuple[Target, ...],
        viewpoint: Viewpoint,
        look: Look,
        border: int,
        even: bool,
    ) -> Scored:
        device = self._canvas.picture.device
        rows, columns = self._places(look.height), self._places(look.width)
        owned = self._owned(state, viewpoint, look, rows, columns)
        used = [i for i in range(4) if owned[i].sum() > SMALLEST_REGION and state.weights[i] > 0]
        self._regions = tuple(used)
        masks = torch.from_numpy(owned[used]).float()  # (regions, rows, columns)
        weights = tuple(state.weights[i] for i in used)
        if not used:
            return None, masks.to(device), torch.zeros(0, device=device)
        targets = tuple(asked[i] for i in used)
        count = len(self._network.vocabulary)
        inner = masks[:, border : rows - border, border : columns - border]
        if even:
            score = RegionScore.of_own_regions(inner, targets, state.suppress, count)
        else:
            score = RegionScore.of_2015(inner, targets, weights, state.suppress, count)
        placed = RegionScore(score.places.to(device), score.wanted.to(device))
        return placed, masks.to(device), torch.tensor(weights, device=device)

    def _layer_score(self, state: State, layer: str) -> Scored:
        device = self._canvas.picture.device
        channel = None
        if state.channel >= 0:
            channels = self._network.vocabulary.channels(layer)
            channel = torch.zeros(channels, device=device)
            channel[min(state.channel, channels - 1)] = 1
        guide = self._guide(layer) if state.guide > 0 else None
        follow = None if guide is None else torch.tensor(state.guide, device=device)
        ones = torch.ones(1, *WHOLE, device=device)
        return LayerScore(channel, guide, follow), ones, torch.ones(1, device=device)

    def _owned(
        self, state: State, viewpoint: Viewpoint, look: Look, rows: int, columns: int
    ) -> NDArray[np.float64]:
        """Region masks on a grid of the look, as (4, rows, columns).

        Regions are fixed to the view that will be shown, while the canvas lies at its own pose.
        """
        x = (np.arange(columns) + 0.5) / columns * 2 - 1
        y = (np.arange(rows) + 0.5) / rows * 2 - 1
        grid = np.stack([*np.meshgrid(x, y), np.ones((rows, columns))])  # (3, rows, columns)
        shown = np.tensordot(self._canvas.in_view(viewpoint) @ look.matrix(), grid, axes=1)
        output = self._canvas.output
        return regions.masks(state, shown[0], shown[1], output.width / output.height)

    def _count_places(self, side: int) -> int:
        """How many places of the logit map a side of so many pixels gives; kernels are square."""
        strip = torch.zeros(1, 3, side, 64, device=self._canvas.picture.device)
        with torch.no_grad():
            return int(self._network.logits(strip).shape[2])
