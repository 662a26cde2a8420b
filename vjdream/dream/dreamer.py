"""The dreamer: k steps of ascent on the canvas for every keyframe.

Each step is decided (`vjdream.dream.step`) and then carried out (`vjdream.dream.ascent`); a GPU
records all steps of a keyframe (`vjdream.dream.recording`). Everything that is a rate is per second
of show time.
"""

import logging
import math
import os
from typing import Any

import cv2
import torch
from torch import Tensor

from vjdream.camera import Viewpoint
from vjdream.dream.ascent import Ascent
from vjdream.dream.canvas import Canvas
from vjdream.dream.device import choose_device, prepare_gpu
from vjdream.dream.guide import Guide, read_picture
from vjdream.dream.history import History
from vjdream.dream.networks import Network, load_network, place
from vjdream.dream.prior import PatchPrior
from vjdream.dream.prior_files import read_prior
from vjdream.dream.pull import Pull, Source
from vjdream.dream.recording import Recorder
from vjdream.dream.sight import recognised
from vjdream.dream.step import Planner
from vjdream.exchange import Mixes, Order, Ready, Rewind
from vjdream.frames import Keyframe, Seen
from vjdream.parameters import State
from vjdream.settings import Settings

log = logging.getLogger("vjdream.dream")

CARRY_EVERY = 0.25
"""Seconds of show time after which the canvas follows the camera whatever happens."""

CARRY_DISTANCE = 0.03
"""Heights a corner may move before the canvas follows earlier.

Every resampling softens a little; a canvas that followed thirty times a second would be softer than
one that follows four times. Between, the presenter does the moving.
"""

LOOK_EVERY = 0.2
"""Seconds between two reports of what is seen."""

CLEARING = 1.0
"""Seconds of show time in which a canvas fades that is to begin anew."""

COUNTED = (
    *("sequence", "resets", "rewinds"),
    *("_step", "_carried_at", "_optimizer", "_clearing", "_looked_at"),
)
"""What a dreamer remembers beside the canvas, the history and the pull."""


class Dreamer:
    """Owns the canvas and paints keyframes on it.

    Args:
        guide: what mode layer may follow.
        source: what the canvas may be pulled to.
        recording: whether the device can record the steps of a keyframe.
    """

    def __init__(
        self,
        network: Network,
        prior: PatchPrior,
        canvas: Canvas,
        seed: int = 0,
        guide: Guide | None = None,
        source: Source | None = None,
        recording: bool = False,
    ) -> None:
        self.canvas, self.seed = canvas, seed
        features = (lambda layer: None) if guide is None else guide.features
        self._planner = Planner(network, canvas, seed, features, recording)
        self._ascent = Ascent(network, prior, canvas)
        self._recorder = Recorder(self._ascent, canvas) if recording else None
        self._pull = None if source is None else Pull(source)
        self._history = History()
        self._step = 0
        self._dice = torch.Generator()
        self._carried_at = -math.inf
        self._optimizer = "adam"
        self.resets = self.rewinds = 0  # that have been heard of
        self._clearing = 0.0  # seconds that the canvas still fades
        self._slugs = tuple(entry.slug for entry in network.vocabulary.classes)
        self._looked_at = -math.inf
        self.sequence = 0
        self._sound = canvas.picture  # as it was when the keyframe under way was begun
        self._unsound = 0  # keyframes that were no numbers

    def resume(self, keyframe: Keyframe) -> None:
        """Go on from a published keyframe."""
        self.canvas.show(keyframe.picture, keyframe.viewpoint)
        self.sequence = keyframe.sequence
        if self._pull is not None:
            self._pull.fresh = keyframe.sequence == 0  # a show starts from its input

    def register(self, order: Order, due: float) -> None:
        """Move the canvas to where the camera will be at `due`, when it is worth it."""
        expected = order.expected(due)
        stale = due - self._carried_at >= CARRY_EVERY - 1e-6
        moved = self.canvas.travelled(expected)
        if moved > CARRY_DISTANCE or (stale and moved > 0):
            plain = order.state.resampling == "plain"
            self.canvas.carry(expected, "catmull-rom" if plain else "cubic")
            self._carried_at = due

    def begin(self, order: Order, due: float) -> None:
        """Start a keyframe that is to be shown from `due` on."""
        state = order.state
        self.register(order, due)
        seconds = 1 / state.keyframes
        self._clear(order.resets, seconds)
        self._rewind(order.rewind, due)
        if state.hold:
            return
        if self._pull is not None:
            self._pull.draw(self.canvas, state, order.expected(due), due, seconds)
        self.canvas.blur(state.blur * math.sqrt(seconds))
        self.canvas.equalise(1 - math.exp(-state.equaliser * seconds))
        self._dice.manual_seed(self.seed * 1_000_003 + self._step)
        self.canvas.sow(state.seeds, seconds, self._dice)
        self._sound = self.canvas.picture.clone()  # a recording paints in place
        if state.optimizer == "lsd":
            self.canvas.forget(square=0.0)
        elif self._optimizer != state.optimizer:
            self.canvas.forget()
        self._optimizer = state.optimizer

    def _clear(self, resets: int, seconds: float) -> None:
        """Fade the canvas to what lies beyond it, when that has been asked for once more."""
        if resets != self.resets:
            self._clearing = CLEARING
        self.resets = resets
        if self._clearing > 1e-6:
            self.canvas.clear(min(1.0, seconds / self._clearing))
            self._clearing -= seconds

    def _rewind(self, rewind: Rewind, due: float) -> None:
        """Return to what was seen some time before `due`, when that has been asked for once more.

        The picture is seen again as it was then, from where the camera is now. Show time goes on,
        and what is seen again is history as well.
        """
        if rewind.times == self.rewinds:
            return
        self.rewinds = rewind.times
        earlier = self._history.nearest(due - rewind.seconds)
        if earlier is not None:
            self.canvas.take_levels(earlier)
            self.canvas.forget()
            self._clearing = 0.0

    def advance(self, order: Order, due: float, done: int) -> int:
        """Take some of the steps of the keyframe begun last; return how many are done then.

        One step, or all of them where they can be recorded.
        """
        if self._recorder is not None and done == 0:
            steps = [
                self._planner.step(
                    order.state, order.expected(due), self._step + place, place, order.mixes
                )
                for place in range(order.state.steps)
            ]
            if self._recorder.play(steps):
                self._step += len(steps)
                return len(steps)
        self.step(order.state, order.expected(due), done, order.mixes)
        return done + 1

    def step(
        self, state: State, viewpoint: Viewpoint, place: int = 0, mixes: Mixes | None = None
    ) -> None:
        """Take one ascent step, the `place`-th of its keyframe."""
        self._ascent.take(self._planner.step(state, viewpoint, self._step, place, mixes))
        self._step += 1

    def gradient(self, state: State, viewpoint: Viewpoint) -> Tensor:
        """The direction of the next step on the canvas."""
        return self._ascent.gradient(self._planner.step(state, viewpoint, self._step, 0))

    def finish(self, due: float, steps: int, lateness: float = 0.0) -> Keyframe:
        """Return the canvas as a keyframe."""
        self.sequence += 1
        self._mend()
        if self._history.wants(due):
            self._history.keep(due, self.canvas.levels())
        return Keyframe(
            self.canvas.publish(),
            self.canvas.viewpoint,
            self.sequence,
            due,
            steps,
            lateness,
            self._seen(due),
        )

    def _mend(self) -> None:
        """Undo a keyframe that is no numbers: black for ever is what would come of it."""
        if bool(torch.isfinite(self.canvas.picture.sum())):
            return
        if self._unsound == 0:
            log.warning("the dream has left the range of numbers and stays as it was")
        self._unsound += 1
        self.canvas.picture = self._sound.clone()
        self.canvas.forget()

    def _seen(self, due: float) -> Seen:
        """What the last step has seen, a few times a second."""
        seen, self._ascent.seen = self._ascent.seen, None
        if seen is None or due - self._looked_at < LOOK_EVERY - 1e-6:
            return ()
        self._looked_at = due
        places, means = seen
        return recognised(means, places, self._slugs)

    def paint(self, order: Order, due: float) -> Keyframe:
        """Paint one whole keyframe."""
        self.begin(order, due)
        steps = 0 if order.state.hold else order.state.steps
        done = 0
        while done < steps:
            done = self.advance(order, due, done)
        return self.finish(due, steps)

    def state_dict(self) -> dict[str, Any]:
        """Return all that later keyframes depend on beside the settings and the orders.

        As plain values, bytes and tensors. A keyframe must not be under way. Chance needs nothing:
        its dice begin anew with every keyframe, by the number of the step.
        """
        return {
            **{name: getattr(self, name) for name in COUNTED},
            "canvas": self.canvas.state_dict(),
            "history": self._history.state_dict(),
            "pull": None if self._pull is None else self._pull.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where another dreamer with the same settings was: with the same bytes."""
        for name in COUNTED:
            setattr(self, name, state[name])
        self.canvas.load_state_dict(state["canvas"])
        self._history.load_state_dict(state["history"])
        if self._pull is not None:
            self._pull.load_state_dict(state["pull"])


def thread_count(settings: Settings) -> int:
    """How many threads dream on a processor; sums over pixels depend on it in their last bits."""
    return settings.threads or max(1, (os.cpu_count() or 2) - 1)


def create_dreamer(
    settings: Settings, source: Source | None = None, repeatable: bool = False
) -> tuple[Dreamer, Ready]:
    """Load everything that `settings` ask for; the canvas is still grey.

    Args:
        source: what the canvas may be pulled to.
        repeatable: the same settings must give the same bytes, whatever it costs.

    Raises:
        DreamerError: for a device that is not there.
        SettingsError: for a guide picture that cannot be read.
        WeightsError: for a network or a prior that cannot be loaded.
    """
    cv2.setNumThreads(1)  # its pool and torch's would fight for the cores
    torch.set_num_threads(thread_count(settings))
    device = choose_device(settings.device)
    on_gpu = device.type == "cuda"
    if on_gpu:
        prepare_gpu(device, repeatable)
    network = place(load_network(settings), settings, device)
    canvas = Canvas(settings.canvas_size, settings.size, device, settings.seed)
    guide = None if settings.guide is None else Guide(network, read_picture(settings.guide, device))
    own = settings.prior
    prior = PatchPrior.load(device=device) if own is None else read_prior(own, device)
    dreamer = Dreamer(network, prior, canvas, settings.seed, guide, source, recording=on_gpu)
    dtype = str(network.dtype).removeprefix("torch.")
    return dreamer, Ready(str(device), dtype, torch.get_num_threads())
