"""What a message did, for those who tell others about it."""

from dataclasses import dataclass

from vjdream.parameters import Parameter, Value


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message did: the values it set, what had to be clamped, what it asked for."""

    changes: tuple[tuple[Parameter, Value], ...] = ()
    notes: tuple[str, ...] = ()
    asked: tuple[Parameter, ...] = ()
    subscribe: int | None = None  # port, 0: the sender's own
    sync: bool = False
    derived: bool = False  # the sender has not named the values itself, so it is told of them, too
