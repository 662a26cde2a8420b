"""Teaching a dreamnet to tell pictures apart, also those that were changed to fool it.

Adversarial training (Madry et al. 2018, L2): a few gradient steps change each batch, within an
epsilon, to be told wrongly; the network learns from those. What such a network looks for is visible
to people, so gradient ascent on it paints forms instead of noise.

Chance is thrown anew for each batch, by its number: a training that was interrupted goes on as if
it had not been.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from vjdream.dream.dreamnet import DreamNet
from vjdream.dream.training.trainee import MOST_DRIFT, Trainee
from vjdream.dream.training.views import attacked, random_views
from vjdream.errors import WeightsError

SIDE = 64
"""Pixels of most views; epsilon is meant at this side."""

SIDES = (64, 64, 64, 64, 64, 80, 96)
"""Sides of the views, one for each batch."""

SMOOTHING = 0.05
"""Of the labels."""

Pictures = NDArray[np.uint8]  # (n, side, side, 3), RGB


@dataclass(frozen=True, slots=True)
class Course:
    """How a network is taught.

    `epsilon` is the L2 length that an attack may have, in values of 0..1 and at `SIDE` pixels; 0
    trains an ordinary network. The first batches, `calm`, are not attacked at all: what is easy is
    learnt first, and cheaply. Then `ramp` batches pass until epsilon is reached. The first half of
    all batches is attacked by one step, the second by `attack_steps`.
    """

    batches: int
    batch: int = 64
    rate: float = 3e-3
    weight_decay: float = 0.02
    epsilon: float = 2.5
    attack_steps: int = 2
    calm: int = 0
    ramp: int = 400
    seed: int = 1

    def attack(self, done: int, side: int) -> tuple[float, int]:
        """Epsilon and steps of the attack on the batch after `done` others."""
        share = min(1.0, max(0.0, (done + 1 - self.calm) / self.ramp))
        steps = 1 if done < self.batches / 2 else self.attack_steps
        return self.epsilon * side / SIDE * share, steps


@dataclass(frozen=True, slots=True)
class Examples:
    """Pictures and what they show."""

    pictures: Pictures
    labels: NDArray[np.int64]  # (n,)

    def batch(self, chosen: NDArray[np.int64], device: torch.device) -> tuple[Tensor, Tensor]:
        """Pictures (n, 3, s, s) as they are stored, and their labels (n,)."""
        stored = torch.from_numpy(np.array(self.pictures[chosen]))
        return stored.permute(0, 3, 1, 2), torch.from_numpy(self.labels[chosen]).to(device)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one batch has shown."""

    loss: float
    told: float  # share of the pictures


class Trainer:
    """Teaches a network, batch by batch.

    Args:
        experienced: the network has learnt from other pictures; its weights are where to start.

    Raises:
        WeightsError: when a class has no picture.
    """

    def __init__(
        self,
        network: DreamNet,
        examples: Examples,
        course: Course,
        device: str = "cpu",
        experienced: bool = False,
    ) -> None:
        self.course, self.device = course, torch.device(device)
        self.done = 0  # batches
        self._examples = examples
        self._of_class = [
            np.flatnonzero(examples.labels == kind) for kind in range(network.description.classes)
        ]
        if not all(map(len, self._of_class)):
            raise WeightsError("every class needs at least one picture")
        self._model = Trainee(network).train()
        self._model.to(self.device).to(memory_format=torch.channels_last)
        if experienced:
            chosen = self._choose(np.random.default_rng(course.seed))
            stored, _ = examples.batch(chosen, self.device)
            generator = torch.Generator().manual_seed(course.seed)
            self._model.adopt(random_views(stored, SIDE, generator).to(self.device))
        self._optimizer = torch.optim.AdamW(
            self._model.parameters(), lr=course.rate, weight_decay=course.weight_decay
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, course.rate, total_steps=course.batches + 1, pct_start=0.15
        )

    def teach(self) -> Lesson:
        """Teach the next batch: as many pictures of each class as possible."""
        course = self.course
        dice = np.random.default_rng((course.seed, self.done))
        generator = torch.Generator().manual_seed(course.seed * 1_000_003 + self.done)
        side = int(dice.choice(SIDES))
        stored, truth = self._examples.batch(self._choose(dice), self.device)
        views = random_views(stored, side, generator).to(self.device)
        epsilon, steps = course.attack(self.done, side)
        if epsilon > 0:
            views = attacked(self._model, views, truth, epsilon, steps, generator)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self._model(views)
        loss = functional.cross_entropy(logits.float(), truth, label_smoothing=SMOOTHING)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        self.done += 1
        return Lesson(loss.item(), (logits.argmax(1) == truth).float().mean().item())

    def _choose(self, dice: np.random.Generator) -> NDArray[np.int64]:
        kinds: list[int] = []
        while len(kinds) < self.course.batch:
            kinds += dice.permutation(len(self._of_class)).tolist()
        chosen = [dice.choice(self._of_class[kind]) for kind in kinds[: self.course.batch]]
        return np.sort(np.array(chosen, dtype=np.int64))  # as they lie on the disk

    def network(self) -> DreamNet:
        """The network as it is now, ready to be saved.

        Raises:
            WeightsError: when it is not the same without its normalisation.
        """
        self._model.eval()
        folded: DreamNet = self._model.folded()
        stored, _ = self._examples.batch(np.arange(1), torch.device("cpu"))
        picture = stored.float() / 255
        with torch.no_grad():
            learnt = self._model(picture.to(self.device)).cpu()
            drift = float((folded(picture).mean((2, 3)) - learnt).abs().max())
        self._model.train()
        if not drift <= MOST_DRIFT:
            raise WeightsError(f"folding moved a logit by {drift:.3f} (allowed: {MOST_DRIFT})")
        return folded

    def state_dict(self) -> dict[str, Any]:
        """All that later batches depend on beside the examples."""
        return {
            "course": asdict(self.course),
            "done": self.done,
            "model": self._model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where another trainer of the same course was."""
        assert state["course"] == asdict(self.course)
        self._model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self.done = state["done"]
