"""Glide: values travel to where they were sent instead of stepping.

Each moved value covers 95 % of its way within the glide time, along its own curve (a zoom glides
in equal ratios) and the short way round where it wraps. Words, choices, toggles and whole numbers
change at once.
"""

import dataclasses
import math
from typing import Any

from vjdream.parameters import TABLE, Parameter, State

ARRIVED = 1e-4
"""Of the range: nearer than this a value snaps to its target."""

_GLIDING = tuple(p for p in TABLE.values() if p.kind == "continuous" and p.name != "glide")
_DIRECT = tuple(p for p in TABLE.values() if p not in _GLIDING)


def glide(current: State, target: State, seconds: float) -> State:
    """Return `current` moved towards `target` by `seconds` of show time."""
    if current == target:
        return current
    share = 1.0 if target.glide <= 0 else 1 - math.exp(-3 * seconds / target.glide)
    changes: dict[str, Any] = {}
    for parameter in _DIRECT:
        wanted = target.value(parameter)
        if current.value(parameter) != wanted:
            changes[parameter.attribute] = wanted
    for parameter in _GLIDING:
        here, there = current.value(parameter), target.value(parameter)
        if here != there:
            changes[parameter.attribute] = _between(parameter, float(here), float(there), share)
    return dataclasses.replace(current, **changes)


def _between(parameter: Parameter, here: float, there: float, share: float) -> float:
    if share >= 1 or parameter.distance(here, there) < ARRIVED:
        return there
    return parameter.between(here, there, share)
