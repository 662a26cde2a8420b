"""What a message did, for those who tell others about it."""

from dataclasses import dataclass
from typing import Literal

from vjdream.messages import Told
from vjdream.parameters import Parameter, Value
from vjdream.presets import Preset


@dataclass(frozen=True, slots=True)
class Request:
    """What only a live show can do, which knows of files and surfaces."""

    kind: Literal["record", "stop", "snapshot", "mark", "learn"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message did: the values it set, what had to be clamped, what it asked for."""

    changes: tuple[tuple[Parameter, Value], ...] = ()
    notes: tuple[str, ...] = ()
    asked: tuple[Parameter, ...] = ()
    subscribe: int | None = None  # port, 0: the sender's own
    sync: bool = False
    derived: bool = False  # the sender has not named the values itself, so it is told of them, too
    told: tuple[Told, ...] = ()  # a recording has this in place of the changes
    preset: Preset | None = None  # that was loaded
    request: Request | None = None

    @property
    def canonical(self) -> tuple[Told, ...]:
        """The messages that would do the same at any time, whoever sends them."""
        return self.told or tuple((p.address, (value,)) for p, value in self.changes)
