"""What a MIDI controller says and hears: one moved control, as bytes and as a value.

Channels count from 1 as on the devices and in map files; in the bytes they count from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["control", "note", "bend"]

LARGEST = 127
"""Of seven bits."""

LARGEST_FINE = 16383
"""Of fourteen bits: pitch bends and pairs of controls."""

NOTE_OFF, NOTE_ON, CONTROL, BEND = 0x80, 0x90, 0xB0, 0xE0


@dataclass(frozen=True, slots=True)
class Event:
    """One control that moved: a fader or knob, a key or pad, a pitch bend."""

    kind: Kind
    channel: int  # 1 to 16
    number: int  # 0 to 127; of a bend always 0
    value: int  # 0 to 127, of a bend to 16383; a note's velocity, 0 when it is let go


def decode(raw: Sequence[int]) -> Event | None:
    """Return what one MIDI message says, or None for all that moves no control.

    Anything may come from a cable, so nothing here raises.
    """
    if len(raw) != 3 or not 0x80 <= raw[0] < 0xF0 or max(raw[1:]) > LARGEST or min(raw[1:]) < 0:
        return None
    status, first, second = raw[0] & 0xF0, raw[1], raw[2]
    channel = (raw[0] & 0x0F) + 1
    if status == CONTROL:
        return Event("control", channel, first, second)
    if status in (NOTE_ON, NOTE_OFF):
        return Event("note", channel, first, second if status == NOTE_ON else 0)
    if status == BEND:
        return Event("bend", channel, 0, first + 128 * second)
    return None


def encode(event: Event) -> bytes:
    """Return the three bytes that light a pad, move a fader or set a ring."""
    channel = event.channel - 1
    if event.kind == "bend":
        return bytes((BEND | channel, event.value % 128, event.value // 128))
    status = CONTROL if event.kind == "control" else NOTE_ON
    return bytes((status | channel, event.number, event.value))


def position(value: int, largest: int = LARGEST) -> float:
    """Return where a control stands, 0..1; the middle (64 of 127) is exactly 0.5.

    There is one step more below the middle than above it, so each half has a slope of its own.
    """
    middle = (largest + 1) // 2
    if value <= middle:
        return value / (2 * middle)
    return 0.5 + (value - middle) / (2 * (largest - middle))


def value_at(along: float, largest: int = LARGEST) -> int:
    """Return the value of a control that stands at `along` 0..1: the inverse of `position`."""
    middle = (largest + 1) // 2
    along = min(max(along, 0.0), 1.0)
    if along <= 0.5:
        return round(along * 2 * middle)
    return middle + round((along - 0.5) * 2 * (largest - middle))
