"""Messages: the only thing that can change a parameter, whoever sends it."""

from dataclasses import dataclass

Argument = float | int | bool | str | bytes | None
Sender = str | tuple[str, int]
"""A name ("preset", "session") or the network address of an OSC client."""


@dataclass(frozen=True, slots=True)
class Message:
    """One address with its arguments, at one moment of show time, from one sender."""

    time: float
    address: str
    arguments: tuple[Argument, ...] = ()
    sender: Sender = "local"
