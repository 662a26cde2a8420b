"""Feedback: what is active lights its pad, and motor faders and rings follow the values."""

import math
from collections.abc import Collection, Sequence

from vjdream.parameters import CLASS_SLOTS, ROOT
from vjdream.surfaces.midi_map import Binding, MidiMap
from vjdream.surfaces.midi_messages import LARGEST, Event, Kind, encode, value_at
from vjdream.surfaces.midi_values import Values, chosen, first, number, place

Lamp = tuple[Kind, int, int]
"""Kind, channel and number of what is lit or moved."""

PALETTE = "palette/"
STATES = {"record/start": "recording", "preset/load": "preset", "preset/save": "preset"}
"""Reports of the engine that say whether a command's lamp is lit."""


class Lights:
    """Tells each device what differs from what it shows, and nothing twice.

    Args:
        classes: how many classes the network has.
    """

    def __init__(self, midi_map: MidiMap, classes: int) -> None:
        self.midi_map, self.classes = midi_map, classes
        self._shown: dict[str, dict[Lamp, int]] = {}

    def messages(
        self,
        device: str,
        values: Values,
        palette: Sequence[str] = (),
        own: Collection[str] = (),
    ) -> list[bytes]:
        """Return what a device must be told now.

        Args:
            palette: the classes that pads play.
            own: addresses that this device itself moved last; its faders are where the hand is.
        """
        shown = self._shown.setdefault(device, {})
        wanted: dict[Lamp, tuple[int, bool]] = {}
        for binding in self.midi_map.bindings:
            if not binding.control.of(device):
                continue
            value = self._value(binding, values, palette)
            if value is not None:
                follows = binding.mode == "absolute" and binding.control.kind != "note"
                wanted.setdefault(_lamp(binding), (value, follows and binding.meant.address in own))
        # a lamp whose control is bound no more goes out
        gone = [lamp for lamp, value in shown.items() if lamp not in wanted and value]
        told = []
        for lamp in gone:
            del shown[lamp]
            if lamp[0] == "note":
                told.append(encode(Event(*lamp, 0)))
        for lamp, (value, held) in wanted.items():
            if shown.get(lamp) == value:
                continue
            shown[lamp] = value
            if not held:
                told.append(encode(Event(*lamp, value)))
        return told

    def dark(self, device: str) -> list[bytes]:
        """Return what switches the lamps off that are lit; faders stay where they are."""
        shown = self._shown.pop(device, {})
        return [
            encode(Event(*lamp, 0)) for lamp, value in shown.items() if lamp[0] == "note" and value
        ]

    def forget(self, device: str) -> None:
        """A device that is plugged in anew shows nothing yet."""
        self._shown.pop(device, None)

    def _value(self, binding: Binding, values: Values, palette: Sequence[str]) -> int | None:
        """What a lamp, ring or fader shows; None where nothing is known."""
        if binding.pressed or binding.control.kind == "note":
            lit = _active(binding, values, palette)
            if lit is None:
                return 0
            return binding.light if lit else binding.dim
        along = self._position(binding, values)
        if along is None:
            return None
        return value_at(along, LARGEST if binding.fine else binding.largest)

    def _position(self, binding: Binding, values: Values) -> float | None:
        """Where a fader or ring belongs, 0..1."""
        target, parameter = binding.meant, binding.meant.parameter
        if target.purpose == "class":
            slot = number(values, target.slot)
            return None if slot is None else slot / max(self.classes - 1, 1)
        if target.purpose == "choice" and parameter is not None:
            choice = chosen(binding, values)
            return None if choice is None else choice / max(len(parameter.choices) - 1, 1)
        if target.purpose == "number":
            return place(binding, values)
        return number(values, target.address)


def _lamp(binding: Binding) -> Lamp:
    control = binding.control
    return control.kind, binding.light_channel or control.channel or 1, control.number


def _active(binding: Binding, values: Values, palette: Sequence[str]) -> bool | None:
    """Whether a pad's lamp is bright; None when its pad does nothing."""
    target, value = binding.meant, binding.value
    if target.purpose == "command":
        if target.name.startswith(PALETTE):
            return _dreamt(int(target.name.removeprefix(PALETTE)), values, palette)
        report = STATES.get(target.name)
        said = first(values, f"{ROOT}state/{report}") if report else None
        return bool(said) if value is None or said is None else said == value
    if value is not None:
        address = target.slot if target.purpose == "class" and isinstance(value, int) else ""
        said = first(values, address or target.address)
        if isinstance(said, int | float) and isinstance(value, int | float):
            return math.isclose(said, value, rel_tol=1e-6, abs_tol=1e-9)
        return said == value
    if target.purpose == "number" and binding.mode != "trigger":
        return (place(binding, values) or 0.0) >= 0.5
    return target.purpose == "toggle" and bool(first(values, target.address))


def _dreamt(pad: int, values: Values, palette: Sequence[str]) -> bool | None:
    """Whether the target region dreams of a pad's class."""
    if pad > len(palette):
        return None
    target = number(values, f"{ROOT}target")
    slots = CLASS_SLOTS
    if target is not None and 1 <= target <= len(CLASS_SLOTS):
        slots = (CLASS_SLOTS[int(target) - 1],)
    return any(first(values, slot.address) == palette[pad - 1] for slot in slots)
