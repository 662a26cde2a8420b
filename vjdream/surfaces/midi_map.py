"""The map: which control of which MIDI device moves what, as values and as text.

One line for each control, in YAML::

    vjdream: 1
    controls:
    - {control: 48, target: zoom}
    - {note: 64, channel: 1, device: APC, target: blackout, mode: toggle, light: 3}

`midi_reader` reads and checks it.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import yaml

from vjdream.errors import VJDreamError
from vjdream.parameters import ROOT, Value
from vjdream.surfaces.midi_messages import LARGEST, LARGEST_FINE, Event, Kind
from vjdream.surfaces.midi_targets import Mode, Target, find
from vjdream.vocabulary import FORMAT

Curve = Literal["own", "linear"]
Encoding = Literal["twos_complement", "sign_bit", "binary_offset"]

FINE = 32
"""Controls 0 to 31 may have a fine half, that many numbers higher."""

CLICK = 1 / 128
"""How far one click of an encoder moves a number, as a part of the range."""


class MapError(VJDreamError, ValueError):
    """A map with mistakes; the sentence lists all of them with their lines."""


@dataclass(frozen=True, slots=True)
class Control:
    """One fader, knob or pad; of any device and channel, or of a certain one."""

    kind: Kind
    number: int = 0
    channel: int | None = None  # 1 to 16; None: any
    device: str = ""  # a part of the port's name, in any case; "": any

    def covers(self, device: str, event: Event) -> bool:
        """Return whether it was this control that moved."""
        return (
            self.kind == event.kind
            and self.number == event.number
            and self.channel in (None, event.channel)
            and self.of(device)
        )

    def of(self, device: str) -> bool:
        """Return whether a device can have this control."""
        return self.device.lower() in device.lower()

    def meets(self, other: "Control") -> bool:
        """Return whether one movement could be of both."""
        return (
            (self.kind, self.number) == (other.kind, other.number)
            and (self.channel is None or other.channel in (None, self.channel))
            and (self.of(other.device) or other.of(self.device))
        )

    def __str__(self) -> str:
        what = self.kind if self.kind == "bend" else f"{self.kind} {self.number}"
        channel = "" if self.channel is None else f" of channel {self.channel}"
        return f"{what}{channel}{f' of {self.device}' if self.device else ''}"


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of the map: a control and what it does."""

    control: Control
    target: str  # name of a `Target`
    mode: Mode
    range: tuple[float, float] | None = None  # at the control's ends; None: all of the parameter's
    curve: Curve = "own"  # the parameter's own, or linear in the range
    value: Value | None = None  # what a press sends
    pickup: bool = True  # a fader takes hold when it passes the value
    fine: bool = False  # fourteen bits
    encoding: Encoding = "twos_complement"  # of an encoder's clicks
    step: float = CLICK
    light: int = LARGEST  # velocity of a pad's lamp while it is active
    dim: int = 0  # and while it is not
    light_channel: int | None = None  # 1 to 16; None: the control's
    meant: Target = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "meant", find(self.target))

    @property
    def pressed(self) -> bool:
        """Whether it acts when it is pressed, instead of following a position."""
        return self.mode in ("toggle", "trigger")

    @property
    def largest(self) -> int:
        """The control's highest value."""
        return LARGEST_FINE if self.fine or self.control.kind == "bend" else LARGEST

    @property
    def limits(self) -> tuple[float, float]:
        """The values of a number at the control's two ends."""
        parameter = self.meant.parameter
        assert parameter is not None
        return self.range or (parameter.minimum, parameter.maximum)

    def value_at(self, along: float) -> tuple[str, float]:
        """Return the address and the argument that set a number, for a position 0..1."""
        parameter = self.meant.parameter
        assert parameter is not None
        low, high = self.limits
        if self.curve == "linear":
            return parameter.address, low + along * (high - low)
        start, end = parameter.normalised(low), parameter.normalised(high)
        return f"{ROOT}norm/{parameter.name}", start + along * (end - start)

    def position_of(self, value: float) -> float:
        """Return where in its range a number's value lies, 0..1."""
        parameter = self.meant.parameter
        assert parameter is not None
        low, high = self.limits
        if self.curve == "own":
            low, high, value = (parameter.normalised(v) for v in (low, high, value))
        return min(max((value - low) / (high - low), 0.0), 1.0)

    def line(self) -> str:
        """Return the binding in YAML; what goes without saying is left out."""
        control, entry = self.control, dict[str, Any]()
        if control.device:
            entry["device"] = control.device
        if control.channel is not None:
            entry["channel"] = control.channel
        entry[control.kind] = True if control.kind == "bend" else control.number
        entry["target"] = self.target
        if self.mode != self.meant.mode(pressed=control.kind == "note"):
            entry["mode"] = self.mode
        if self.range is not None:
            entry["range"] = "{!r} to {!r}".format(*self.range)
        for name, usual in USUAL.items():
            if getattr(self, name) != usual:
                entry[name] = getattr(self, name)
        # what YAML would take for the end of a line must be escaped
        plain = all(str(value).isprintable() for value in entry.values())
        return yaml.safe_dump(
            entry, default_flow_style=True, sort_keys=False, allow_unicode=plain, width=2**31
        ).strip()


@dataclass(frozen=True)
class MidiMap:
    """All bindings, and the comment that a file begins with."""

    bindings: tuple[Binding, ...] = ()
    about: str = ""

    def of(self, device: str, event: Event) -> list[Binding]:
        """The bindings of the control that moved; a fader may move several parameters."""
        return [
            b
            for b in self._by_control.get((event.kind, event.number), ())
            if b.control.covers(device, event)
        ]

    @cached_property
    def _by_control(self) -> dict[tuple[Kind, int], list[Binding]]:
        index: dict[tuple[Kind, int], list[Binding]] = {}
        for binding in self.bindings:
            control = binding.control
            index.setdefault((control.kind, control.number), []).append(binding)
        return index

    def fine_halves(self, device: str, event: Event) -> list[Binding]:
        """The bindings whose fine half has moved."""
        if event.kind != "control" or not FINE <= event.number < 2 * FINE:
            return []
        coarse = replace(event, number=event.number - FINE)
        return [binding for binding in self.of(device, coarse) if binding.fine]

    def learned(self, binding: Binding) -> "MidiMap":
        """Return the map with one more binding, in place of its control's and its target's.

        Presses that send values of their own stay: a row of pads may choose among them.
        """
        kept = [
            b
            for b in self.bindings
            if not b.control.meets(binding.control)
            and (b.target != binding.target or b.value is not None)
        ]
        return replace(self, bindings=(*kept, binding))

    def text(self) -> str:
        """Return the map as a file holds it."""
        lines = [f"# {line}".rstrip() for line in self.about.splitlines()]
        lines += [f"vjdream: {FORMAT}", "controls:" if self.bindings else "controls: []"]
        lines += [f"- {binding.line()}" for binding in self.bindings]
        return "\n".join(lines) + "\n"


USUAL: dict[str, Any] = {
    name: Binding.__dataclass_fields__[name].default
    for name in (
        "curve", "value", "pickup", "fine", "encoding", "step", "light", "dim", "light_channel",
    )
}  # fmt: skip
"""What a line need not say."""
