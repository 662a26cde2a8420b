"""Recall: presets loaded, saved and left again during a show."""

from bisect import bisect_left
from dataclasses import replace

from vjdream.control import arguments
from vjdream.control.arguments import fires
from vjdream.control.outcome import Outcome
from vjdream.control.ownership import Ownership
from vjdream.control.palette import Palette
from vjdream.errors import MessageError, PresetError
from vjdream.messages import Message
from vjdream.parameters import TABLE
from vjdream.preset_library import Library
from vjdream.presets import Preset

LONGEST = TABLE["preset/time"].maximum


class Recall:
    """Answers the messages about presets and looks.

    Attributes:
        preset: the name of the preset that was loaded or saved last, "" for none.
        resets: how often the canvas was to begin anew.
    """

    def __init__(
        self, values: Ownership, palette: Palette, library: Library, preset: str = ""
    ) -> None:
        self._values, self._palette, self.library = values, palette, library
        self.preset = preset
        self.resets = 0

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
        return Outcome()

    def reset_look(self, message: Message) -> Outcome:
        """Return to the look of a show without a preset."""
        if not fires(message.address, message.arguments):
            return Outcome()
        seconds = self._values.target.preset_time
        return self._take(Preset("", "", (), {}), seconds, message.time)

    def reset_canvas(self, message: Message) -> Outcome:
        """Let the dreamer begin anew."""
        if fires(message.address, message.arguments):
            self.resets += 1
        return Outcome()

    def release(self, message: Message) -> Outcome:
        """Give back what hands have touched."""
        if not fires(message.address, message.arguments):
            return Outcome()
        return Outcome(self._values.release(message.time), derived=True)

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
        return Outcome(changes, notes, derived=True)
