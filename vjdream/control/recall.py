"""Recall: presets loaded, saved and left again during a show."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from vjdream.control import arguments
from vjdream.control.arguments import fires
from vjdream.control.outcome import Outcome
from vjdream.control.ownership import Ownership
from vjdream.control.palette import Palette
from vjdream.errors import MessageError, PresetError
from vjdream.exchange import Rewind
from vjdream.messages import Argument, Message, Told
from vjdream.parameters import ROOT, TABLE
from vjdream.preset_library import Library
from vjdream.presets import Preset

LONGEST = TABLE["preset/time"].maximum

REWOUND = 60.0
"""Seconds that can be rewound."""


@dataclass(slots=True)
class Wishes:
    """What the dreamer has been asked to do at once.

    Attributes:
        resets: how often the canvas was to begin anew.
        rewind: how often it was to return to an earlier picture, and how far the last time.
    """

    resets: int = 0
    rewind: Rewind = Rewind()  # noqa: RUF009 - a frozen value


class Recall:
    """Answers the messages about presets and looks.

    Attributes:
        preset: the name of the preset that was loaded or saved last, "" for none.
        wishes: for the dreamer.
    """

    def __init__(
        self,
        values: Ownership,
        palette: Palette,
        library: Library,
        preset: str = "",
        wishes: Wishes | None = None,
    ) -> None:
        self._values, self._palette, self.library = values, palette, library
        self.preset = preset
        self.wishes = wishes or Wishes()

    def load(self, message: Message) -> Outcome:
        """Morph into a preset: its name, and perhaps the seconds that it takes."""
        given = message.arguments
        if len(given) not in (1, 2):
            raise MessageError(f"{message.address} needs a name and perhaps seconds")
        name = arguments.name(message.address, given[0])
        seconds = self._values.target.preset_time
        if len(given) == 2:
            seconds = arguments.seconds(message.address, given[1], LONGEST)
        return self._take(self.library.load(name), seconds, message.time)

    def next(self, message: Message) -> Outcome:
        return self._step(message, 1)

    def previous(self, message: Message) -> Outcome:
        return self._step(message, -1)

    def _step(self, message: Message, way: int) -> Outcome:
        """Load the nearest preset that way, in the order of names; broken ones are passed over."""
        if not fires(message.address, message.arguments):
            return Outcome()
        names = self.library.names()
        here = bisect_left(names, self.preset) if self.preset else min(-way, 0)
        if self.preset and self.preset not in names and way > 0:
            here -= 1  # it has been deleted; its neighbour has moved up
        problems: list[str] = []
        for distance in range(1, len(names) + 1):
            try:
                preset = self.library.load(names[(here + way * distance) % len(names)])
            except PresetError as error:
                problems.append(str(error))
                continue
            outcome = self._take(preset, self._values.target.preset_time, message.time)
            return replace(outcome, notes=(*problems, *outcome.notes))
        raise PresetError("; ".join(problems) or "there are no presets")

    def save(self, message: Message) -> Outcome:
        """Save the look that was asked for, under a plain name."""
        if len(message.arguments) != 1:
            raise MessageError(f"{message.address} needs a name")
        name = arguments.name(message.address, message.arguments[0])
        saved = self.library.save(name, self._values.target, self._palette.named)
        self.preset = saved.name
        return Outcome(told=_told("preset/save", saved.name))

    def reset_look(self, message: Message) -> Outcome:
        """Return to the look of a show without a preset."""
        if not fires(message.address, message.arguments):
            return Outcome()
        seconds = self._values.target.preset_time
        outcome = self._take(Preset("", "", (), {}), seconds, message.time)
        return replace(outcome, told=_told("reset/look", 1), preset=None)

    def reset_canvas(self, message: Message) -> Outcome:
        """Let the dreamer begin anew."""
        if not fires(message.address, message.arguments):
            return Outcome()
        self.wishes.resets += 1
        return Outcome(told=_told("reset/canvas", 1))

    def rewind_canvas(self, message: Message) -> Outcome:
        """Let the dreamer return to an earlier picture and go on from there."""
        if len(message.arguments) != 1:
            raise MessageError(f"{message.address} needs seconds (0 to {REWOUND:g})")
        seconds = arguments.seconds(message.address, message.arguments[0], REWOUND)
        if seconds == 0:  # a button's release
            return Outcome()
        self.wishes.rewind = Rewind(self.wishes.rewind.times + 1, seconds)
        return Outcome(told=_told("rewind", seconds))

    def release(self, message: Message) -> Outcome:
        """Give back what hands have touched."""
        if not fires(message.address, message.arguments):
            return Outcome()
        changes = self._values.release(message.time)
        # on top of a session it returns to what that has come to, which no word could say
        told = () if self._values.under else _told("release", 1)
        return Outcome(changes, derived=True, told=told)

    def _take(self, preset: Preset, seconds: float, now: float) -> Outcome:
        look = preset.applied_to(self._values.target, self.library.first)
        changes = self._values.recall(look, seconds, now)
        self._palette.named = preset.palette
        self.preset = preset.name
        notes = preset.notes
        unlike = ", ".join(self.library.new_to(preset))
        if unlike:
            notes += (
                f"preset {preset.name}: its start section ({unlike}) counts at the start only",
            )
        told = _told("preset/load", preset.name, float(seconds))
        return Outcome(changes, notes, derived=True, told=told, preset=preset)


def _told(name: str, *given: Argument) -> tuple[Told, ...]:
    return ((ROOT + name, given),)
