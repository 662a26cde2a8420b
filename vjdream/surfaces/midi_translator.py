"""MIDI into OSC: what a moved control means, given the map, the time and the values now.

Nothing here opens a port or reads a clock, and no message raises.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from vjdream.messages import Argument, Told
from vjdream.parameters import ROOT
from vjdream.surfaces.midi_map import Binding, Encoding, MidiMap
from vjdream.surfaces.midi_messages import Event, decode, position
from vjdream.surfaces.midi_pickup import SETTLED, Hold, goes_around
from vjdream.surfaces.midi_values import Values, chosen, number, place

REST = 0.2
"""Seconds after which a class knob that no longer moves has chosen."""

HALF = 64
"""A button's controls say at least this much when they are pressed."""


@dataclass(slots=True)
class _Known:
    """What is remembered of one control of one device."""

    value: int = 0  # what it said last
    coarse: int | None = None  # its upper seven bits
    told: Argument = None  # the choice it made last
    hold: Hold = field(default_factory=Hold)


class Translator:
    """Turns the movements of controls into messages.

    Args:
        classes: how many classes the network has.
    """

    def __init__(self, midi_map: MidiMap, classes: int) -> None:
        self._map, self.classes = midi_map, classes
        self._known: dict[tuple[str, Binding], _Known] = {}
        self._aims: dict[str, tuple[float, float]] = {}  # of encoders: what was sent, and when
        self._choosing: dict[str, tuple[int, float]] = {}  # class knobs that may still move

    @property
    def midi_map(self) -> MidiMap:
        """The map; with another one it is forgotten where the faders stood."""
        return self._map

    @midi_map.setter
    def midi_map(self, midi_map: MidiMap) -> None:
        self._map = midi_map
        self._known.clear()

    def heard(self, device: str, raw: Sequence[int], time: float, values: Values) -> list[Told]:
        """Return what one MIDI message asks for.

        Args:
            device: which one sent it.
            time: in seconds, of any clock.
            values: the newest of every address.
        """
        event = decode(raw)
        if event is None:
            return []
        told: list[Told] = []
        for binding in self._map.of(device, event):
            known = self._known.setdefault((device, binding), _Known())
            told += self._moved(binding, known, event, time, values)
            known.value = event.value
        for binding in self._map.fine_halves(device, event):
            known = self._known.setdefault((device, binding), _Known())
            if known.coarse is not None:
                value = 128 * known.coarse + event.value
                told += self._absolute(binding, known, value, time, values)
        return told

    def rested(self, time: float) -> list[Told]:
        """Return what class knobs have chosen that have come to rest by now."""
        told: list[Told] = []
        for slot, (chosen_class, moved) in tuple(self._choosing.items()):
            if time >= moved + REST:
                del self._choosing[slot]
                self._aims[slot] = (chosen_class, time)
                told.append((slot, (chosen_class,)))
        return told

    @property
    def rests_at(self) -> float | None:
        """When the next class knob will have come to rest, or None when none is moving."""
        return min((moved + REST for _, moved in self._choosing.values()), default=None)

    def _moved(
        self, binding: Binding, known: _Known, event: Event, time: float, values: Values
    ) -> list[Told]:
        if binding.mode == "relative":
            return self._turned(binding, clicks(event.value, binding.encoding), time, values)
        if binding.pressed:
            return pressed(binding, values) if _is_press(known, event) else []
        if binding.fine:
            alone = known.coarse is None  # perhaps it has no fine half
            known.coarse = event.value
            if not alone:
                return []
            return self._absolute(binding, known, 128 * event.value, time, values)
        if event.kind == "note" and event.value == 0 and binding.meant.purpose != "toggle":
            return []  # a key's value is how hard it was struck; letting it go says nothing
        return self._absolute(binding, known, event.value, time, values)

    def _absolute(
        self, binding: Binding, known: _Known, value: int, time: float, values: Values
    ) -> list[Told]:
        """What a fader, knob or struck key says."""
        along, target = position(value, binding.largest), binding.meant
        if target.purpose == "class":
            last = max(self.classes - 1, 0)
            self._choosing[target.slot] = (min(int(along * self.classes), last), time)
            return []
        if target.purpose == "number":
            soft = binding.pickup and binding.control.kind != "note"
            if soft and not known.hold.takes(binding, along, place(binding, values), time):
                return []
            address, argument = binding.value_at(along)
            return [(address, (argument,))]
        assert target.parameter is not None
        told: Argument = int(value > 0 if binding.control.kind == "note" else along >= 0.5)
        if target.purpose == "choice":
            choices = target.parameter.choices
            told = choices[min(int(along * len(choices)), len(choices) - 1)]
        if told == known.told:
            return []
        known.told = told
        return [(target.address, (told,))]

    def _turned(self, binding: Binding, count: int, time: float, values: Values) -> list[Told]:
        """What an endless encoder says that was turned by some clicks."""
        target, parameter = binding.meant, binding.meant.parameter
        if count == 0 or parameter is None:
            return []
        if target.purpose == "class":
            turning = self._choosing.get(target.slot)
            here = self._aim(target.slot, time, number(values, target.slot) or 0.0)
            here = turning[0] if turning else here
            self._choosing[target.slot] = (int(here + count) % max(self.classes, 1), time)
            return []
        if target.purpose == "choice":
            aim = self._aim(target.address, time, chosen(binding, values) or 0)
            index = int(min(max(aim + count, 0), len(parameter.choices) - 1))
            self._aims[target.address] = (index, time)
            return [(target.address, (parameter.choices[index],))]
        low, high = binding.limits
        step = binding.step
        if parameter.kind == "integer":
            step = max(step, 1 / abs(high - low))  # a click that is rounded away would do nothing
        said = place(binding, values)
        if said is None:
            said = binding.position_of(cast(float, parameter.default))
        along = self._aim(target.address, time, said) + count * step
        along = along % 1.0 if goes_around(binding) else min(max(along, 0.0), 1.0)
        self._aims[target.address] = (along, time)
        address, argument = binding.value_at(along)
        return [(address, (argument,))]

    def _aim(self, address: str, time: float, said: float) -> float:
        """What an encoder sent a moment ago, else what the engine said.

        What the engine says comes back only after the next clicks.
        """
        aim, moment = self._aims.get(address, (said, time))
        return aim if time - moment < SETTLED else said


def clicks(value: int, encoding: Encoding) -> int:
    """Return how far an encoder was turned, clockwise, in clicks."""
    if encoding == "twos_complement":
        return value if value < HALF else value - 128
    if encoding == "sign_bit":
        return value if value < HALF else HALF - value
    return value - HALF


def _is_press(known: _Known, event: Event) -> bool:
    """Return whether a pad or button went down.

    A button that sends no release says the same again; a fader, bound by mistake, never does.
    """
    if event.kind == "note":
        return event.value > 0
    down = event.value >= HALF * (128 if event.kind == "bend" else 1)
    return down and (known.value < HALF or known.value == event.value)


def pressed(binding: Binding, values: Values) -> list[Told]:
    """Return what the press of a pad or button asks for."""
    target, value, parameter = binding.meant, binding.value, binding.meant.parameter
    if value is not None:
        return [(target.address, (int(value) if isinstance(value, bool) else value,))]
    if target.purpose == "toggle":
        return [(target.address, ("!",))]
    if target.purpose == "class":
        return [(f"{ROOT}next/{target.name.rpartition('/')[2]}", ())]
    if parameter is None:
        return [(target.address, ())]
    if target.purpose == "choice":
        here = chosen(binding, values)
        following = 0 if here is None else (here + 1) % len(parameter.choices)
        return [(target.address, (parameter.choices[following],))]
    if binding.mode == "trigger":
        return [(target.address, (parameter.default,))]
    along = place(binding, values)
    address, argument = binding.value_at(0.0 if along is not None and along >= 0.5 else 1.0)
    return [(address, (argument,))]
