"""Learning: the next control that moves clearly is bound to an address."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from vjdream.errors import ParameterError
from vjdream.surfaces.midi_map import FINE, Binding, Control, Encoding
from vjdream.surfaces.midi_messages import LARGEST, Event
from vjdream.surfaces.midi_targets import MODES, Mode, find

CLEARLY = 4
"""So many messages of one control are a hand's; a fader at rest trembles by one or two."""

FAR = 6
"""Steps of 127 that a fader must have moved."""

UNCLEAR = 8
"""Clicks of an encoder after which one of two readings is taken."""

MOST_CONTROLS = 512
MOST_VALUES = 64

FAST = 15
"""Clicks that one message of an encoder tells at most."""


class Learner:
    """Watches the controls until one has clearly been moved.

    Args:
        address: what it is to move.

    Raises:
        ParameterError: when nothing has that address, or a press of it would need a value.
    """

    def __init__(self, address: str) -> None:
        self.target = find(address)
        if self.target.needs_value:
            raise ParameterError(
                f"'{self.target.name}' needs a value to send, so it is bound in the map's file"
            )
        self._values: dict[tuple[str, str, int, int], list[int]] = {}

    def heard(self, device: str, event: Event) -> Binding | None:
        """Return the binding, as soon as it is clear which control is meant."""
        control = Control(event.kind, event.number, event.channel, device)
        if event.kind == "note":
            return self._button(control) if event.value > 0 else None
        key = (device, event.kind, event.channel, event.number)
        values = self._values.setdefault(key, [])
        values.append(event.value)
        del values[:-MOST_VALUES]
        if len(self._values) > MOST_CONTROLS:
            del self._values[next(iter(self._values))]
        if values == [LARGEST, 0]:
            return self._button(control)
        if len(values) < CLEARLY:
            return None
        modes = MODES[self.target.purpose]
        encoding = encoder(values) if event.kind == "control" else None
        if encoding == "unclear":
            return None
        if encoding is not None and "relative" in modes:
            return Binding(control, self.target.name, "relative", encoding=encoding)
        if max(values) - min(values) < FAR * (128 if event.kind == "bend" else 1):
            return None
        if event.kind == "control" and FINE <= event.number < 2 * FINE:
            coarse = (device, event.kind, event.channel, event.number - FINE)
            if coarse in self._values:
                return None  # its coarse half says where it is
        fine_half = (device, event.kind, event.channel, event.number + FINE)
        fine = (
            event.kind == "control"
            and event.number < FINE
            and modes[0] == "absolute"
            and len(self._values.get(fine_half, ())) >= len(values) - 1
        )
        return Binding(control, self.target.name, modes[0], fine=fine)

    def _button(self, control: Control) -> Binding:
        mode: Mode = self.target.mode(pressed=True)
        return Binding(control, self.target.name, mode)


def encoder(values: Sequence[int]) -> Encoding | Literal["unclear"] | None:
    """Return how an encoder tells its clicks, "unclear", or None when it is none.

    A fader never says the same twice in a row; an encoder that is turned slowly says little else.
    """
    if all(one != other for one, other in pairwise(values)):
        return None
    if all(1 <= v <= FAST or v >= 128 - FAST for v in values):
        return "twos_complement"
    up = any(v <= FAST for v in values)
    around = [v for v in values if v > FAST]
    if all(64 < v <= 64 + FAST for v in around) and 0 not in values:
        if up:
            return "sign_bit"
        return "binary_offset" if len(values) >= UNCLEAR else "unclear"
    if not up and all(64 - FAST <= v <= 64 + FAST and v != 64 for v in values):
        return "binary_offset"
    return None
