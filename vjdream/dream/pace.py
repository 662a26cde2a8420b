"""The pace: what one step does to the canvas, by the show time that it stands for.

Rates and memories are in seconds of show time, not in steps, so that the look does not depend on
how many steps a machine affords (``beta = exp(-dt / memory)`` in the words of Kingma & Ba 2015).
"""

import math

from vjdream.parameters import State

RATE = 0.65
"""Change of a pixel per second of show time that agrees with itself all the time, at strength 1."""

SQUARE_MEMORY = 6.0
"""How much longer the squared gradient is remembered than the gradient."""

KEEP, KEEP_SQUARE, RATE_NOW, EVENNESS, BALANCE, STRENGTH = range(6)
"""Places in a pace."""


def pace(state: State, seconds: float) -> list[float]:
    """What a step that stands for so many seconds of show time does to the canvas.

    As numbers in the order of `KEEP` … `STRENGTH`; `Canvas` takes them as a tensor on its device,
    because a recorded step plays with new ones.
    """
    return [
        math.exp(-seconds / max(state.momentum, 1e-3)),
        math.exp(-seconds / max(SQUARE_MEMORY * state.momentum, 1e-2)),
        RATE * state.strength * seconds,
        state.evenness,
        1 - math.exp(-state.balance * seconds),
        state.strength,
    ]
