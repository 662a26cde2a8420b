"""Soft take-over: a fader moves a value only after it has passed it, so nothing jumps."""

from dataclasses import dataclass

from vjdream.surfaces.midi_map import Binding

SETTLED = 0.5
"""Seconds after which what the engine says counts more than what was sent last."""

NEAR = 2 / 127
"""A fader so close to the value takes hold of it."""


@dataclass(slots=True)
class Hold:
    """One fader's hold of its value."""

    held: bool = False
    along: float | None = None  # where the fader stood last, 0..1
    sent: float = 0.0  # what it sent last
    time: float = 0.0  # when

    def takes(self, binding: Binding, along: float, here: float | None, time: float) -> bool:
        """Return whether the fader moves its value, now that it stands at `along` 0..1.

        Args:
            here: where the value is, 0..1; None: nobody knows.
            time: in seconds.
        """
        last, self.along = self.along, along
        near = NEAR
        parameter = binding.meant.parameter
        if parameter is not None and parameter.kind == "integer":
            low, high = binding.limits
            near += 0.5 / abs(high - low)  # the engine has rounded it
        if here is None:
            self.held = True
        else:
            if self.held and time - self.time >= SETTLED:
                self.held = apart(binding, here, self.sent) <= near  # else others have moved it
            if not self.held:
                passed = last is not None and (last - here) * (along - here) <= 0
                self.held = passed or apart(binding, along, here) <= near
        if self.held:
            self.sent, self.time = along, time
        return self.held


def goes_around(binding: Binding) -> bool:
    """Return whether both ends of a control mean the same, as those of an angle do."""
    parameter = binding.meant.parameter
    return parameter is not None and parameter.wraps and binding.range is None


def apart(binding: Binding, one: float, other: float) -> float:
    """Return how far apart two positions of a control are."""
    distance = abs(one - other)
    return min(distance, 1 - distance) if goes_around(binding) else distance
