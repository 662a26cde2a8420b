"""Messages: the only thing that can change a parameter, whoever sends it."""

from dataclasses import dataclass, field

Argument = float | int | bool | str | bytes | None
Sender = str | tuple[str, int]
"""A name or the network address of an OSC client."""

LOCAL, SESSION, FOREIGN = "local", "session", "foreign session"
"""Names of senders: this program, a session that it recorded, and one from another program."""

EXACT = frozenset({LOCAL, SESSION})
"""Senders that repeat a value only when they mean it."""

Told = tuple[str, tuple[Argument, ...]]
"""What a message says: its address and its arguments."""


@dataclass(frozen=True, slots=True)
class Message:
    """One address with its arguments, at one moment of show time, from one sender."""

    time: float
    address: str
    arguments: tuple[Argument, ...] = ()
    sender: Sender = LOCAL
    line: int = field(default=0, compare=False)  # of the session's file
