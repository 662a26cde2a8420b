"""OSC packets: python-osc decodes messages, and nothing more.

Its servers truncate packets at 8 KB, swallow what they cannot parse and sleep on time tags; its
decoder follows what it is given to the last byte, and its builder lacks types that others send. So
nesting, type tags and strings are checked before the decoder sees them, messages are encoded here,
and time tags are ignored: late because two computers disagree about the time is worse than now.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache

from pythonosc.osc_message import OscMessage

from vjdream.errors import MessageError
from vjdream.messages import Argument, Told

DEEPEST_BUNDLE = 8
LONGEST_STRING = 1024
LONGEST_MESSAGE = 8 * LONGEST_STRING
MOST_ARGUMENTS = 128
"""In one message; brackets of arrays count, so nothing is nested deeper than Python can print."""

MOST_MESSAGES = 512
"""In one packet: more than every parameter ten times over."""

BUNDLE = b"#bundle\x00"
BUNDLE_HEAD = 16  # with the time tag
SLASH = b"/"[0]
LARGEST_INTEGER = 2**31 - 1

SENT_AS = {int: "i", float: "f", str: "s", bytes: "b"}


@lru_cache(maxsize=256, typed=True)
def encode(address: str, argument: Argument) -> bytes:
    """Return one message with one argument; booleans travel as integers, counts end at 2³¹ - 1.

    Some are kept: one change goes to many subscribers, and who asks for all values asks again.
    """
    if isinstance(argument, str):
        argument = argument.replace("\0", "?")
    if isinstance(argument, int):
        argument = max(min(int(argument), LARGEST_INTEGER), -LARGEST_INTEGER - 1)
    return encode_message(address, SENT_AS[type(argument)], (argument,))


def parse(packet: bytes) -> list[Told]:
    """Return the messages of a packet in order, bundles unpacked.

    Raises:
        MessageError: when it is no OSC, nested too deeply or holds over-long strings.
    """
    reason = refusal(packet, len(packet))
    if reason:
        raise MessageError(reason)
    return [decoded(part) for part in elements(packet)]


def refusal(packet: bytes | memoryview, size: int) -> str:
    """Why the first `size` bytes are no OSC, as far as a glance tells; empty when they may be."""
    if size == 0 or size % 4:
        return f"a packet of {size} bytes is no OSC"
    if packet[0] == SLASH:
        return f"a message of {size} bytes is too long" if size > LONGEST_MESSAGE else ""
    if size < BUNDLE_HEAD or packet[: len(BUNDLE)] != BUNDLE:
        return f"a packet of {size} bytes is no OSC"
    return ""


def elements(packet: bytes) -> list[bytes]:
    """Return the messages inside nested bundles, without recursion."""
    if packet[0] == SLASH:
        return [packet]
    found: list[bytes] = []
    position = BUNDLE_HEAD
    ends = [len(packet)]  # of the bundles around this position
    while ends:
        if position == ends[-1]:
            ends.pop()
            continue
        # sizes and heads are multiples of 4, so there is always room for the next size
        (size,) = struct.unpack_from(">i", packet, position)
        start = position + 4
        end = start + size
        if size <= 0 or size % 4 or end > ends[-1]:
            raise MessageError(f"a bundle holds an element of impossible size {size}")
        if packet[start] == SLASH:
            if len(found) == MOST_MESSAGES:
                raise MessageError(f"a bundle holds more than {MOST_MESSAGES} messages")
            found.append(packet[start:end])
            position = end
        elif packet.startswith(BUNDLE, start) and size >= BUNDLE_HEAD:
            if len(ends) == DEEPEST_BUNDLE:
                raise MessageError(f"bundles are nested more than {DEEPEST_BUNDLE} deep")
            ends.append(end)
            position = start + BUNDLE_HEAD
        else:
            raise MessageError(f"an element of {size} bytes in a bundle is no OSC")
    return found


def decoded(message: bytes) -> Told:
    """Check what the codec would only complain about or trip over, and let it decode the rest."""
    if len(message) > LONGEST_MESSAGE:
        raise MessageError(f"a message of {len(message)} bytes is too long")
    end = message.find(b"\x00", 0, LONGEST_STRING + 1)
    if end < 0:
        raise MessageError(f"an address is longer than {LONGEST_STRING} characters or has no end")
    start = (end + 4) & ~3
    if start < len(message):
        tags_end = message.find(b"\x00", start, start + MOST_ARGUMENTS + 2)
        least = _least_size(message[start:tags_end]) if tags_end > 0 else -1
        if least < 0:
            told = message[start : start + 20]
            raise MessageError(f"type tags {told!r} are not understood or over {MOST_ARGUMENTS}")
        # the codec would pad what is missing with zeros, and a cut fader would mean black
        if ((tags_end + 4) & ~3) + least > len(message):
            raise MessageError(f"a message of {len(message)} bytes ends before its arguments do")
    try:
        # the codec looks at an address letter by letter, so it gets a short one; it knows no I
        typed = message[start:]
        if start < len(message) and b"I" in message[start:tags_end]:
            typed = message[start:tags_end].replace(b"I", b"N") + message[tags_end:]
        arguments = OscMessage(b"/\x00\x00\x00" + typed)
        return message[:end].decode(), tuple(arguments)
    except Exception as error:  # the codec raises whatever its struct and decode calls raise
        raise MessageError(f"a message of {len(message)} bytes is no OSC: {error}") from None


@lru_cache(maxsize=256)
def _least_size(tags: bytes) -> int:
    """The least number of bytes that arguments of these types take; -1 for unknown types."""
    sized = tags[1:].translate(None, b"TFNI[]")
    large = sized.translate(None, b"ifrmsb")
    if not tags.startswith(b",") or large.translate(None, b"hdt"):
        return -1
    return 4 * (len(sized) + len(large))


FIXED = {"i": ">i", "h": ">q", "f": ">f", "d": ">d", "t": ">Q", "c": ">I"}
"""Types of a fixed size."""

WITHOUT_DATA = "TFNI"


def encode_message(address: str, types: str, arguments: Sequence[Argument]) -> bytes:
    """Return a message with arguments of any of OSC's types; python-osc builds no S, c, t and I.

    Args:
        types: one for each argument; characters are strings, MIDI messages 4 bytes, time tags the
            64 bits as an integer.

    Raises:
        MessageError: when an argument does not fit its type.
    """
    if len(types) != len(arguments):
        raise MessageError(f"{len(arguments)} arguments cannot have the types '{types[:40]}'")
    body = b"".join(map(_encoded, types, arguments))
    return _terminated(address) + _terminated(f",{types}") + body


def encode_bundle(messages: Sequence[bytes]) -> bytes:
    """Return a bundle of messages that are to act at once and together."""
    sized = (struct.pack(">i", len(message)) + message for message in messages)
    return BUNDLE + struct.pack(">Q", 1) + b"".join(sized)


def _encoded(kind: str, argument: Argument) -> bytes:
    """Return the data of one argument."""
    try:
        if kind in WITHOUT_DATA:
            return b""
        if kind in ("s", "S") and isinstance(argument, str):
            return _terminated(argument)
        if kind == "b" and isinstance(argument, bytes):
            return struct.pack(">i", len(argument)) + argument + bytes(-len(argument) % 4)
        if kind == "m" and isinstance(argument, bytes) and len(argument) == 4:
            return argument
        if kind == "c" and isinstance(argument, str):
            return struct.pack(FIXED[kind], ord(argument))
        return struct.pack(FIXED[kind], argument)
    except (KeyError, TypeError, ValueError, OverflowError, struct.error):
        raise MessageError(
            f"{str(argument)[:40]!r} cannot be sent with the type '{kind}'"
        ) from None


def _terminated(text: str) -> bytes:
    """Return a string as OSC has it: with zeros up to a multiple of four."""
    raw = text.encode("utf-8", "replace")
    if b"\x00" in raw:
        raise MessageError(f"{text[:40]!r} cannot be sent, it holds a zero")
    return raw + bytes(4 - len(raw) % 4)
