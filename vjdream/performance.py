"""One performance: messages become state, state and camera become frames.

It knows no wall clock, no socket and no process: it is told the time in seconds of show time, given
messages and keyframes, and fills frames. The live show and the offline render both drive it.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import quoteattr

import cv2
import numpy as np

from vjdream import presets
from vjdream.camera import Rates, Viewpoint
from vjdream.control.dispatch import Dispatcher
from vjdream.control.outcome import Outcome
from vjdream.control.wander import Wander
from vjdream.errors import SettingsError
from vjdream.exchange import Mixes, Order
from vjdream.frames import Frame, Keyframe, Picture, cover, published_size
from vjdream.inputs import check_input
from vjdream.messages import Message
from vjdream.parameters import CLASS_SLOTS, TABLE, State, lookup
from vjdream.preset_library import Library, find
from vjdream.presets import Preset
from vjdream.settings import Settings
from vjdream.stage.flash import FlashLimiter
from vjdream.stage.grade import apply_grade
from vjdream.stage.presenter import Presenter
from vjdream.vocabulary import DATA, Descriptor, Vocabulary, load_descriptor
from vjdream.weights import find_weights

log = logging.getLogger("vjdream")

AT_REST = 4.5
"""Seconds without a keyframe after which a camera is as good as still."""

SETTING_OFF = 4.0
"""How many times faster than it came to rest it sets off again."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a show starts from."""

    vocabulary: Vocabulary
    state: State
    keyframe: Keyframe
    library: Library
    preset: Preset  # one without a name when none was asked for


class Performance:
    """The state, the camera and the presenter of one show."""

    def __init__(self, settings: Settings, opening: Opening) -> None:
        state, first = opening.state, opening.keyframe
        self.dispatcher = Dispatcher(
            opening.vocabulary, state, opening.library, opening.preset.name
        )
        palette = self.dispatcher.palette
        palette.named = opening.preset.palette
        dice = Random(settings.seed)
        self._wander = Wander(state, lambda seen: palette.other(seen, dice))
        self.presenter = Presenter(settings.size, first)
        self.limiter = None if settings.allow_flashing else FlashLimiter(settings.size)
        self.current = state
        self.viewpoint = first.viewpoint
        self.rates = Rates()
        self.time = first.time
        self._age = 0.0
        self._described: tuple[State, str] | None = None

    @property
    def target(self) -> State:
        return self.dispatcher.target

    @property
    def mixes(self) -> Mixes:
        """What the regions dream of now."""
        return self.dispatcher.values.seen

    def handle(self, message: Message) -> Outcome:
        """Apply one message.

        Raises:
            VJDreamError: when it cannot be used; nothing has changed.
        """
        return self.dispatcher.apply(message)

    def advance(self, now: float) -> None:
        """Let values glide and the camera travel up to `now`."""
        elapsed = now - self.time
        self.time = now
        values = self.dispatcher.values
        values.advance(now, elapsed)
        self.current, values.seen = self._wander.drifted(
            values.current, values.mixes, elapsed, values.asked, values.morphing
        )
        state = self.current
        rates = Rates.from_units(state.zoom, state.rotate, state.pan_x, state.pan_y)
        # a keyframe after a stall sets the camera off again, but not with a jerk
        self._age = max(self.presenter.age(now), min(self._age, AT_REST) - elapsed * SETTING_OFF)
        self.rates = rates.eased(self._age)
        self.viewpoint = self.viewpoint.moved(self.rates.over(elapsed))

    def add(self, keyframe: Keyframe) -> None:
        """Let a new keyframe fade in."""
        self.presenter.add(keyframe, self.time, 1 / self.current.keyframes)

    def order(self) -> Order:
        """What the dreamer should know now."""
        resets = self.dispatcher.recall.resets
        return Order(self.current, self.viewpoint, self.rates, self.time, self.mixes, resets)

    def frame(self, number: int, out: Picture) -> Frame:
        """Fill `out` with the frame of the time last advanced to."""
        self.presenter.compose(self.viewpoint, self.time, out)
        apply_grade(out, self.current)
        if self.limiter is not None:
            dark = self.current.blackout or self.current.master <= 0
            self.limiter.limit(out, self.time, dark)
        return Frame(out, number, self.time, self._metadata())

    def _metadata(self) -> str:
        """The targets as XML; made anew only when one has changed."""
        if self._described is None or self._described[0] is not self.target:
            values = " ".join(
                f"{p.name.replace('/', '.')}={quoteattr(_text(self.target.value(p)))}"
                for p in TABLE.values()
            )
            self._described = (self.target, f"<vjdream {values}/>")
        return self._described[1]


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def begin(settings: Settings) -> Opening:
    """Resolve the network, the preset and ``--set`` values; return what a show starts from.

    Raises:
        VJDreamError: for whatever of it cannot be used; nothing has been started.
    """
    descriptor = load_descriptor(settings.network, settings.class_list)
    _check_files(settings, descriptor)
    vocabulary = descriptor.vocabulary
    first = state = first_state(descriptor)
    network = settings.network
    if settings.class_list is not None:  # other classes make another network of it
        network = f"{network} with {Path(settings.class_list).name}"
    own = None if settings.preset_folder is None else Path(settings.preset_folder)
    preset = Preset("", "", (), {})
    if settings.preset is not None:
        preset = presets.load(find(settings.preset, own), vocabulary, network, first)
        for note in preset.notes:
            log.warning("%s", note)
        state = preset.applied_to(state, first)
    for name, given in settings.values:
        parameter = lookup(name)
        state = state.with_value(parameter, presets.checked_value(parameter, given, vocabulary))
    running = {
        "network": settings.network, "size": str(settings.size), "fps": str(settings.fps),
        "canvas": "auto" if settings.canvas is None else str(settings.canvas),
    }  # fmt: skip
    library = Library(vocabulary, own, network, first, running)
    return Opening(vocabulary, state, first_keyframe(settings), library, preset)


def _check_files(settings: Settings, descriptor: Descriptor) -> None:
    """Look whether what the dreamer will need is there, while nothing has been started."""
    if descriptor.architecture != "dreamnet" or settings.weights is not None:
        find_weights(descriptor, settings.weights)
    if settings.source is not None:
        check_input(settings.source)
    if settings.guide is not None and not Path(settings.guide).expanduser().is_file():
        raise SettingsError(f"--guide {settings.guide} does not exist")


def first_state(descriptor: Descriptor) -> State:
    """The defaults, in words of the network."""
    state = State()
    slots = (*CLASS_SLOTS, TABLE["layer"])
    words = (*descriptor.start_classes, descriptor.start_layer)
    for parameter, word in zip(slots, words, strict=True):
        known = descriptor.vocabulary.called(parameter.words, str(parameter.default))
        state = state.with_value(parameter, known or word)
    return state


def first_keyframe(settings: Settings) -> Keyframe:
    """The shipped first dream, cropped to the output's shape: on air before torch has loaded."""
    path = DATA / "first.png"
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise SettingsError(f"{path} is missing - is vjdream installed completely?")
    bgrx = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), np.uint8)
    return Keyframe(cover(bgrx, *published_size(settings.size)), Viewpoint(), 0, 0.0)
