"""The OSC socket: every packet is received, counted, and understood in its turn.

A full kernel buffer drops the newest packets, and with them the last position of a fader. So every
frame empties it into a queue that drops the oldest; what cannot be OSC does not get that far. Each
sender has a line of its own there and the lines take turns, so a flood is in nobody else's way.
"""

import socket
import struct
import sys
from collections import Counter, deque
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from vjdream.addresses import is_let_in, own_address
from vjdream.clock import Clock
from vjdream.errors import MessageError, SettingsError
from vjdream.messages import Argument, Message, Told
from vjdream.packets import BUNDLE_HEAD, SLASH, decoded, elements, encode, refusal
from vjdream.parameters import TABLE

LARGEST_PACKET = 65507

RECEIVE_BUFFER = 4 * 1024 * 1024
MOST_WAITING = 2048
MOST_WAITING_BYTES = 4 * 1024 * 1024
"""Packets and bytes that may wait for the next frames; then the oldest of the longest line go."""

STALE = 1.0
"""Seconds after which a packet gives way to a newer one of its sender about the same."""

LONG = 32
"""Packets in a line from which on only the last value of each address counts."""

FIRST_IN_BUNDLE = BUNDLE_HEAD + 4
LONGEST_KEY = 128

MOST_DRAINED = 16384
"""Packets received in one go."""

MOST_LINES = 32
"""Of them the last is shared by all further senders."""

DRAINING = 0.6
"""The most of a frame's budget that may be spent on receiving; the rest is for understanding."""

MOST_ERRORS = 8
"""Sentences kept until somebody takes them."""

SO_MEMINFO = 55  # Linux, <asm-generic/socket.h>; the drops are the ninth of its numbers
DROPS = struct.Struct("=32xI")

Address = tuple[str, int]


VALUES = frozenset(
    address.encode()
    for parameter in TABLE.values()
    for address in (parameter.address, parameter.norm_address)
)
"""Where only the last number matters."""

NUMBERS = frozenset((b"i", b"f", b"d", b"h", b"T", b"F"))

Key = tuple[Address, bytes]
"""Who says something about what."""


class _Waiting(NamedTuple):
    packet: bytes
    sender: Address
    time: float  # of the show when it arrived
    key: Key
    value: bool  # a number of a parameter: whatever comes after it is all that matters


class _Line:
    """Packets that wait in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._count: Counter[Key] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    def append(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self._count[waiting.key] += 1

    def popleft(self) -> tuple[_Waiting, bool]:
        """Take the first; return also whether a later one says the same thing anew."""
        first = self._waiting.popleft()
        left = self._count[first.key] - 1
        if left:
            self._count[first.key] = left
        else:
            del self._count[first.key]
        return first, left > 0


def _waiting(packet: bytes, sender: Address, now: float) -> _Waiting:
    """A packet with what it is about: its address, or for a bundle the first one of it."""
    if packet[0] != SLASH:
        end = packet.find(b"\x00", FIRST_IN_BUNDLE, FIRST_IN_BUNDLE + LONGEST_KEY)
        about = b"%d" % len(packet) + packet[FIRST_IN_BUNDLE:end]
        return _Waiting(packet, sender, now, (sender, about), False)
    end = packet.find(b"\x00", 0, LONGEST_KEY)
    about = packet[:end]
    tags = (end + 4) & ~3
    number = packet[tags : tags + 1] == b"," and packet[tags + 1 : tags + 2] in NUMBERS
    return _Waiting(packet, sender, now, (sender, about), number and about in VALUES)


class OscPort:
    """One UDP socket that hears everybody and answers subscribers.

    Every packet is counted: `received` = `understood` + `rejected` + `dropped` + `waiting`. Those
    that the kernel had no room for are `lost`; only Linux tells.
    """

    def __init__(self, host: str, port: int, allow: tuple[str, ...] = ()) -> None:
        """Open the socket.

        Args:
            allow: networks that are let in; none: all that reach it.

        Raises:
            SettingsError: when the port is taken.
        """
        self._let_in = lru_cache(maxsize=256)(lambda host: is_let_in(host, allow))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._socket.setblocking(False)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise SettingsError(
                f"OSC port {port} on {host} cannot be opened ({error.strerror}) - is another "
                "vjdream running? --osc-port takes another"
            ) from None
        self.port: int = self._socket.getsockname()[1]
        self._own = {"127.0.0.1", own_address()}
        self.received = self.understood = self.rejected = self.dropped = self.lost = 0
        self.errors: list[MessageError] = []
        self._arriving = memoryview(bytearray(LARGEST_PACKET + 1))
        self._lines: dict[Address | None, _Line] = {}
        self._queued = self._queued_bytes = 0
        # the packet being understood: its sender, what is still to decode, what is to be yielded
        self._sender: Address = ("", 0)
        self._parts: deque[bytes] = deque()
        self._decoded: deque[Told] = deque()

    @property
    def waiting(self) -> int:
        """Packets that have been received and not yet understood."""
        return self._queued + bool(self._parts)

    def receive(self, now: float, clock: Clock, budget: float) -> Iterator[Message]:
        """Yield what has arrived, for at most `budget` seconds; the rest waits for the next call.

        The budget is looked at between the messages of a packet too. A packet is understood whole
        or not at all; the first few reasons for refusing one are appended to `errors`.
        """
        began = clock.now()
        self.drain(now, clock, DRAINING * budget)
        while clock.now() < began + budget:
            if self._decoded and not self._parts:
                yield Message(now, *self._decoded.popleft(), self._sender)
            elif self._parts or self._queued:
                self._understand_next(now)
            else:
                return

    def drain(self, now: float, clock: Clock, budget: float) -> None:
        """Empty the kernel's buffer into the queue; what cannot be OSC is refused uncopied."""
        until = clock.now() + budget
        for _ in range(MOST_DRAINED):
            if clock.now() >= until:
                break
            try:
                size, sender = self._socket.recvfrom_into(self._arriving)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:  # an earlier answer met a closed port (Windows reports it here)
                continue
            self.received += 1
            reason = refusal(self._arriving, size)
            if not self._let_in(sender[0]):
                reason = f"{sender[0]} is not let in (--allow)"
            if sender[1] == self.port and sender[0] in self._own:
                reason = "this show is subscribed to itself: its own feedback came back"
            if reason:
                self._refuse(reason)
            else:
                self._queue(_waiting(bytes(self._arriving[:size]), sender, now))
        self._count_lost()

    def _queue(self, waiting: _Waiting) -> None:
        sender = waiting.sender
        # who has packets in the shared line gets no other: they would overtake one another
        own = sender in self._lines or (
            len(self._lines) < MOST_LINES - 1 and None not in self._lines
        )
        line = self._lines.setdefault(sender if own else None, _Line())
        line.append(waiting)
        self._queued += 1
        self._queued_bytes += len(waiting.packet)
        while self._queued > MOST_WAITING or self._queued_bytes > MOST_WAITING_BYTES:
            longest = max(self._lines.values(), key=len)  # holds two at least, so none gets empty
            self._first_of(longest)
            self.dropped += 1

    def _first_of(self, line: _Line) -> tuple[_Waiting, bool]:
        first, superseded = line.popleft()
        self._queued -= 1
        self._queued_bytes -= len(first.packet)
        return first, superseded

    def _take(self, now: float) -> _Waiting:
        """Take the next packet of the line whose turn it is.

        What a later packet says anew is passed over: values in a long line, and whatever is stale.
        """
        name = next(iter(self._lines))
        line = self._lines.pop(name)
        first, superseded = self._first_of(line)
        while superseded and (now - first.time > STALE or (first.value and len(line) > LONG)):
            first, superseded = self._first_of(line)
            self.dropped += 1
        if line:
            self._lines[name] = line
        return first

    def _count_lost(self) -> None:
        """Ask the kernel what it dropped: cheaper than a note with each packet, and never late."""
        if sys.platform != "linux":
            return
        try:
            (drops,) = DROPS.unpack(self._socket.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 36))
        except (OSError, struct.error):  # a sandbox that only looks like Linux
            return
        self.lost += (drops - self.lost) % 2**32

    def _understand_next(self, now: float) -> None:
        """Decode one more message of the packet at hand, or take the next packet."""
        try:
            if self._parts:
                self._decoded.append(decoded(self._parts.popleft()))
            else:
                waiting = self._take(now)
                self._sender = waiting.sender
                self._parts.extend(elements(waiting.packet))
        except MessageError as error:
            self._parts.clear()
            self._decoded.clear()
            self._refuse(str(error))
        else:
            self.understood += not self._parts

    def _refuse(self, reason: str) -> None:
        self.rejected += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(MessageError(reason))

    def send(self, address: str, argument: Argument, receiver: Address) -> None:
        """Send one value; a receiver that cannot be reached is its own problem."""
        try:
            self._socket.sendto(encode(address, argument), receiver)
        except OSError:
            return

    def close(self) -> None:
        self._socket.close()
