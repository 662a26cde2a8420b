"""``vjdream replay``: plays a session into any program that listens to OSC.

Unlike the engine with its own ``--session``, a foreign program cannot be told what stood before:
what was recorded before the chosen start is not sent, and values set there are missing.
"""

import math
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vjdream.addresses import parse_address
from vjdream.clock import Clock, RealtimeClock
from vjdream.errors import SessionError, SettingsError
from vjdream.packets import MOST_MESSAGES, encode_bundle, encode_message
from vjdream.sessions import Session, read_session

SLOWEST, FASTEST = 0.1, 100.0
LARGEST_BUNDLE = 8000  # bytes; python-osc's own servers cut at 8 KB
SHORTEST_LOOP = 0.1  # s on the clock: a session of one moment must not flood the network

Send = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a replay."""

    sent: int  # messages
    duration: float  # s on the clock
    unsent: int = 0  # messages that the network did not take
    problems: int = 0  # lines that were not understood
    first_problem: str = ""

    def __str__(self) -> str:
        parts = [f"messages sent: {self.sent} in {self.duration:.1f} s"]
        if self.unsent:
            parts.append(f"that could not be sent: {self.unsent}")
        if self.problems:
            parts.append(f"lines that were not understood: {self.problems} ({self.first_problem})")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Datagram:
    """One message, or those that the recording has in one bundle."""

    seconds: float  # from the start of the session
    messages: int
    content: bytes


def play(
    path: Path, to: str, speed: float, loop: bool, start: str, strict: bool = False
) -> Summary:
    """Play a session file to HOST:PORT in real time, until it ends or Ctrl-C.

    Args:
        start: seconds, or the name of a mark.
        strict: the first line that is not understood ends it.

    Raises:
        SettingsError: for options that cannot be used.
        SessionError: when there is nothing to play.
    """
    receiver = parse_address(to, "--to")
    session = read_session(path, strict)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)

        def send(datagram: bytes) -> None:
            out.sendto(datagram, receiver)

        return replay(session, send, RealtimeClock(), speed, loop, starting_point(session, start))


def starting_point(session: Session, text: str) -> float:
    """Return the seconds that ``--from`` names: a number, else a mark."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        return session.time_of(text)
    if seconds < 0:
        raise SettingsError(f"--from needs seconds from 0 or the name of a mark, got '{text}'")
    return seconds


def replay(
    session: Session,
    send: Send,
    clock: Clock,
    speed: float = 1.0,
    loop: bool = False,
    start: float = 0.0,
) -> Summary:
    """Send a session's messages, each at its time.

    Args:
        speed: seconds of the session in one of the clock.
        loop: begin again at `start` after the last message.
        start: seconds of the session; what is recorded before is not sent.

    Raises:
        SettingsError: for a speed that cannot be used.
        SessionError: when nothing is recorded from `start` on.
    """
    if not SLOWEST <= speed <= FASTEST:
        raise SettingsError(f"--speed must be {SLOWEST:g} to {FASTEST:g}, got {speed:g}")
    sent = unsent = 0
    began = origin = clock.now()
    try:
        while True:
            for datagram in datagrams(session, start):
                clock.wait_until(origin + (datagram.seconds - start) / speed)
                try:
                    send(datagram.content)
                    sent += datagram.messages
                except OSError:  # a network that is away for a moment must not end it
                    unsent += datagram.messages
            if sent + unsent == 0:
                raise _nothing(session, start)
            if not loop:
                break
            origin += max((session.duration - start) / speed, SHORTEST_LOOP)
            clock.wait_until(origin)
    except KeyboardInterrupt:
        pass
    first = str(session.problems[0]) if session.problems else ""
    return Summary(sent, clock.now() - began, unsent, session.problem_count, first)


def datagrams(session: Session, start: float) -> Iterator[Datagram]:
    """What is to be sent, in order: messages of one time tag travel in one bundle.

    Bundles say "at once": the clocks of two computers disagree, and the receiver is to play along.
    """
    moment, ticks, size = 0.0, None, 0
    gathered: list[bytes] = []
    for seconds, entry in session.entries():
        if seconds < start:
            continue
        message = encode_message(entry.address, entry.types, entry.arguments)
        size += len(message) + 4
        together = ticks is not None and entry.ticks == ticks and seconds == moment
        if not together or size > LARGEST_BUNDLE or len(gathered) == MOST_MESSAGES:
            yield from _datagram(moment, gathered)
            gathered, size = [], len(message) + 4
        gathered.append(message)
        moment, ticks = seconds, entry.ticks
    yield from _datagram(moment, gathered)


def _datagram(seconds: float, messages: list[bytes]) -> Iterator[Datagram]:
    if messages:
        content = messages[0] if len(messages) == 1 else encode_bundle(messages)
        yield Datagram(seconds, len(messages), content)


def _nothing(session: Session, start: float) -> SessionError:
    name = session.path.name
    if start <= session.duration and session.problems:
        return SessionError(f"session {name} has no messages, {session.problems[0]}")
    if start > session.duration > 0:
        return SessionError(f"session {name} ends at {session.duration:.1f} s, before {start:g} s")
    return SessionError(f"session {name} has no messages")
