"""What the engine has said last, as controls and their lamps need it."""

import math
from collections.abc import Mapping

from vjdream.messages import Argument
from vjdream.surfaces.midi_map import Binding

Values = Mapping[str, tuple[Argument, ...]]
"""The newest of every address."""


def first(values: Values, address: str) -> Argument:
    """What an address says, or None."""
    said = values.get(address, ())
    return said[0] if said else None


def number(values: Values, address: str) -> float | None:
    """What an address says as a finite number, or None."""
    said = first(values, address)
    return float(said) if isinstance(said, int | float) and math.isfinite(said) else None


def place(binding: Binding, values: Values) -> float | None:
    """Where the number that a binding moves lies in its range, 0..1, or None."""
    said = number(values, binding.meant.address)
    return None if said is None else binding.position_of(said)


def chosen(binding: Binding, values: Values) -> int | None:
    """The index of the choice that is made, or None."""
    parameter = binding.meant.parameter
    said = first(values, binding.meant.address)
    if parameter is None or said not in parameter.choices:
        return None
    return parameter.choices.index(str(said))
