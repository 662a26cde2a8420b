"""OSC in and out: our own UDP socket, with python-osc as the codec and nothing more.

python-osc's servers truncate packets at 8 KB, swallow what they cannot parse and sleep on time
tags; its codec follows nested bundles by recursion. So packets are received here whole, their
nesting and strings are checked before the codec sees them, and time tags are ignored: late because
two computers disagree about the time is worse than now.
"""

import socket
import struct
from collections.abc import Iterator

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from vjdream.clock import Clock
from vjdream.errors import MessageError, SettingsError
from vjdream.messages import Argument, Message

LARGEST_PACKET = 65507
DEEPEST_BUNDLE = 8
LONGEST_STRING = 1024
RECEIVE_BUFFER = 4 * 1024 * 1024
LONGEST_MESSAGE = 8 * LONGEST_STRING
TYPE_SIZES = {
    **dict.fromkeys(b",TFN[]", 0),
    **dict.fromkeys(b"ifrmsb", 4),
    **dict.fromkeys(b"hdt", 8),
}
"""The least number of bytes that an argument of each type takes."""

MOST_MESSAGES = 512
"""In one packet: more than every parameter ten times over, and parsed within a few milliseconds."""

BUNDLE = b"#bundle\x00"


class OscPort:
    """One UDP socket that hears everybody and answers subscribers."""

    def __init__(self, host: str, port: int) -> None:
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
        self.received = 0
        self.errors: list[MessageError] = []

    def receive(self, now: float, clock: Clock, budget: float) -> Iterator[Message]:
        """Yield what has arrived, for at most `budget` seconds; the rest waits in the kernel.

        Packets that cannot be understood are appended to `errors`.
        """
        until = clock.now() + budget
        while clock.now() < until:
            try:
                packet, sender = self._socket.recvfrom(LARGEST_PACKET)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # an earlier answer met a closed port (Windows reports it here)
                continue
            self.received += 1
            try:
                for address, arguments in parse(packet):
                    yield Message(now, address, arguments, sender)
            except MessageError as error:
                self.errors.append(error)

    def send(self, address: str, argument: Argument, receiver: tuple[str, int]) -> None:
        """Send one value; a receiver that cannot be reached is its own problem."""
        try:
            self._socket.sendto(encode(address, argument), receiver)
        except OSError:
            return

    def close(self) -> None:
        self._socket.close()


def encode(address: str, argument: Argument) -> bytes:
    """Return one message with one argument; booleans travel as integers."""
    builder = OscMessageBuilder(address)
    if isinstance(argument, bool):
        argument = int(argument)
    kind = {int: "i", float: "f", str: "s", bytes: "b"}[type(argument)]
    builder.add_arg(argument, kind)
    return bytes(builder.build().dgram)


def parse(packet: bytes) -> list[tuple[str, tuple[Argument, ...]]]:
    """Return the messages of a packet in order, bundles unpacked.

    Raises:
        MessageError: when it is no OSC, nested too deeply or holds over-long strings.
    """
    messages: list[tuple[str, tuple[Argument, ...]]] = []
    for part in _flatten(packet):
        _check(part)
        try:
            message = OscMessage(part)
            arguments = tuple(message.params)
        except Exception as error:  # the codec raises whatever its struct and decode calls raise
            raise MessageError(f"a packet of {len(packet)} bytes is no OSC: {error}") from None
        messages.append((message.address, arguments))
    return messages


def _flatten(packet: bytes) -> Iterator[bytes]:
    """Yield the messages inside nested bundles, without recursion."""
    waiting = [(packet, 0)]
    yielded = 0
    while waiting:
        part, depth = waiting.pop()
        if not part.startswith(BUNDLE):
            if not part.startswith(b"/"):
                raise MessageError(f"a packet of {len(packet)} bytes is no OSC")
            yielded += 1
            if yielded > MOST_MESSAGES:
                raise MessageError(f"a bundle holds more than {MOST_MESSAGES} messages")
            yield part
            continue
        if depth >= DEEPEST_BUNDLE:
            raise MessageError(f"bundles are nested more than {DEEPEST_BUNDLE} deep")
        inner: list[tuple[bytes, int]] = []
        position = 16  # after "#bundle" and the time tag
        if len(part) < position:
            raise MessageError("a bundle ends inside its time tag")
        while position < len(part):
            if position + 4 > len(part):
                raise MessageError("a bundle ends inside a size")
            (size,) = struct.unpack_from(">i", part, position)
            position += 4
            if size <= 0 or size % 4 or position + size > len(part):
                raise MessageError(f"a bundle holds an element of impossible size {size}")
            inner.append((part[position : position + size], depth + 1))
            position += size
        waiting += reversed(inner)


def _check(message: bytes) -> None:
    """Refuse over-long strings, and type tags that the codec would only complain about."""
    if len(message) > LONGEST_MESSAGE:
        raise MessageError(f"a message of {len(message)} bytes is too long")
    end = message.find(b"\x00")
    if end < 0 or end > LONGEST_STRING:
        raise MessageError(f"an address is longer than {LONGEST_STRING} characters or has no end")
    start = (end + 4) & ~3
    tags = message[start : max(start, message.find(b"\x00", start))]
    if not set(TYPE_SIZES).issuperset(tags):
        raise MessageError(f"type tags {tags[:20]!r} are not understood")
    # the codec would pad what is missing with zeros, and a cut fader would mean black
    left = len(message) - (start + len(tags) + 4 & ~3)
    if tags and sum(TYPE_SIZES[tag] for tag in tags) > left:
        raise MessageError(f"a message of {len(message)} bytes ends before its arguments do")
