"""The OSC codec against hostile bytes, and a real socket on loopback."""

import logging
import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from vjdream.clock import VirtualClock
from vjdream.control.osc import DEEPEST_BUNDLE, LONGEST_STRING, OscPort, encode, parse
from vjdream.errors import MessageError, SettingsError
from vjdream.messages import Argument, Message

ZOOM = encode("/vjdream/zoom", 1.5)
TRIES = 200_000


def padded(text: bytes) -> bytes:
    return text + b"\x00" * (4 - len(text) % 4)


def bundle(*elements: bytes) -> bytes:
    sized = b"".join(struct.pack(">i", len(element)) + element for element in elements)
    return b"#bundle\x00" + b"\xff" * 8 + sized


def built(address: str, *arguments: tuple[str, object]) -> bytes:
    builder = OscMessageBuilder(address)
    for kind, value in arguments:
        builder.add_arg(value, kind)  # type: ignore[arg-type]
    return bytes(builder.build().dgram)


# -- what is understood ---------------------------------------------------------------------------

arguments = (
    st.floats(width=32, allow_nan=False)
    | st.integers(-(2**31), 2**31 - 1)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=200)
    | st.booleans()
)


@given(arguments)
def test_what_is_encoded_is_parsed_as_it_was(argument: float | int | str | bool) -> None:
    [(address, parsed)] = parse(encode("/vjdream/x", argument))
    assert address == "/vjdream/x"
    assert parsed == (argument,)
    assert type(parsed[0]) is (int if isinstance(argument, bool) else type(argument))


@given(st.binary(min_size=1, max_size=200))
def test_a_blob_comes_back(blob: bytes) -> None:
    assert parse(encode("/vjdream/x", blob)) == [("/vjdream/x", (blob,))]


def test_all_number_types_are_understood() -> None:
    packet = built("/x", ("i", 7), ("f", 0.5), ("d", 0.25), ("h", 2**40), ("T", True), ("F", False))
    assert parse(packet) == [("/x", (7, 0.5, 0.25, 2**40, True, False))]


def test_a_message_without_arguments_is_understood() -> None:
    assert parse(padded(b"/vjdream/sync") + padded(b",")) == [("/vjdream/sync", ())]


def test_a_message_without_type_tags_is_understood() -> None:
    assert parse(padded(b"/vjdream/sync")) == [("/vjdream/sync", ())]


def test_a_nil_is_none() -> None:
    assert parse(padded(b"/x") + padded(b",N")) == [("/x", (None,))]


def test_a_bundle_is_unpacked_in_order() -> None:
    packet = bundle(encode("/a", 1), bundle(encode("/b", 2), encode("/c", 3)), encode("/d", 4))
    assert [address for address, _ in parse(packet)] == ["/a", "/b", "/c", "/d"]


def test_time_tags_are_ignored() -> None:
    builder = OscBundleBuilder(2_000_000_000.0)  # in the year 2033
    builder.add_content(OscMessageBuilder("/late").build())
    inner = OscBundleBuilder(IMMEDIATELY)
    inner.add_content(OscMessageBuilder("/now").build())
    builder.add_content(inner.build())
    assert [address for address, _ in parse(bytes(builder.build().dgram))] == ["/late", "/now"]


def test_an_empty_bundle_holds_nothing() -> None:
    assert parse(bundle()) == []


def test_bundles_may_be_nested_a_few_deep() -> None:
    packet = ZOOM
    for _ in range(DEEPEST_BUNDLE):
        packet = bundle(packet)
    assert parse(packet) == [("/vjdream/zoom", (1.5,))]


def test_umlauts_are_kept() -> None:
    assert parse(encode("/vjdream/class/1", "Frühling")) == [("/vjdream/class/1", ("Frühling",))]


# -- what is refused ------------------------------------------------------------------------------


def test_bundles_nested_three_thousand_deep_are_refused() -> None:
    packet = ZOOM
    for _ in range(3000):
        packet = bundle(packet)
    with pytest.raises(MessageError, match="nested"):
        parse(packet)


@pytest.mark.parametrize("argument", ["x" * 60_000, b"x" * 60_000])
def test_an_argument_of_60_kilobytes_is_refused(argument: str | bytes) -> None:
    with pytest.raises(MessageError, match="too long"):
        parse(encode("/vjdream/class/1", argument))


def test_an_address_of_60_kilobytes_is_refused() -> None:
    with pytest.raises(MessageError):
        parse(encode("/" + "x" * 60_000, 1.0))


def test_an_address_of_thousands_of_characters_is_refused() -> None:
    with pytest.raises(MessageError, match="longer than"):
        parse(encode("/" + "x" * (LONGEST_STRING + 1), 1.0))


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"x",
        b"\x00" * 64,
        b"#bundle\x00",
        b"#bundle\x00" + b"\x00" * 7,
        b"#bundlex" + b"\x00" * 8,
        b"/no end",
        b"/x\x00\x00,f\x00\x00",  # no value
        b"/x\x00\x00,f\x00\x00\x00\x00",  # half a value
        b"/x\x00\x00,b\x00\x00\x7f\xff\xff\xff",  # a blob longer than the packet
        b"/x\x00\x00,[[[\x00\x00\x00\x00",
        b"/x\x00\x00,]\x00\x00",
        b"/\xff\xfe\x00,T\x00\x00",  # no UTF-8
        b"\x2f\x00\x00\x00no tag\x00\x00",
    ],
)
def test_malformed_packets_are_refused(packet: bytes) -> None:
    with pytest.raises(MessageError):
        parse(packet)


@pytest.mark.parametrize("size", [-1, -(2**31), 0, 3, 5, 2**31 - 1, 1000])
def test_a_bundle_element_of_impossible_size_is_refused(size: int) -> None:
    packet = b"#bundle\x00" + b"\x00" * 8 + struct.pack(">i", size) + ZOOM
    with pytest.raises(MessageError, match="size"):
        parse(packet)


def test_one_bad_element_spoils_its_packet() -> None:
    with pytest.raises(MessageError):
        parse(bundle(ZOOM, b"bad\x00"))


@given(st.binary(max_size=400))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_messages_or_refused(packet: bytes) -> None:
    _messages_or_refused(packet)


@given(st.binary(max_size=120))
@settings(max_examples=500, deadline=None)
@example(b",IS\x00")
def test_any_bytes_after_an_address_are_messages_or_refused(rest: bytes) -> None:
    _messages_or_refused(b"/vjdream/zoom\x00\x00\x00" + rest)


@given(st.text("ifsbhdtTFNImrcS[],", max_size=12), st.binary(max_size=120))
@settings(max_examples=700, deadline=None)
def test_any_type_tags_are_messages_or_refused(tags: str, rest: bytes) -> None:
    _messages_or_refused(b"/x\x00\x00" + padded(b"," + tags.encode()) + rest)


@given(st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_bundle_is_messages_or_refused(elements: list[bytes]) -> None:
    _messages_or_refused(bundle(*elements))


REAL = bundle(
    ZOOM,
    built("/y", ("i", 7), ("d", 0.25), ("h", 2**40), ("s", "deep sea"), ("b", b"12345")),
    bundle(built("/z", ("m", (1, 2, 3, 4)), ("r", 0x11223344), ("T", True))),
)


@given(st.integers(0, len(REAL)))
@settings(max_examples=200, deadline=None)
def test_a_truncated_packet_is_messages_or_refused(length: int) -> None:
    _messages_or_refused(REAL[:length])


@given(st.integers(0, len(REAL) - 1), st.integers(1, 255))
@settings(max_examples=700, deadline=None)
def test_a_packet_with_a_wrong_byte_is_messages_or_refused(position: int, flip: int) -> None:
    damaged = bytearray(REAL)
    damaged[position] ^= flip
    _messages_or_refused(bytes(damaged))


def _messages_or_refused(packet: bytes) -> None:
    try:
        messages = parse(packet)
    except MessageError:
        return
    for address, _ in messages:
        assert address.startswith("/")


def test_unknown_type_tags_write_nothing_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """python-osc warns on the root logger, without limit: a flood of them would fill a disk."""
    with caplog.at_level(logging.DEBUG):
        _messages_or_refused(padded(b"/x") + padded(b",IIII"))
    assert caplog.records == []


# -- the socket -----------------------------------------------------------------------------------


@pytest.fixture
def port() -> Iterator[OscPort]:
    opened = OscPort("127.0.0.1", 0)
    yield opened
    opened.close()


@pytest.fixture
def client() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(5)
        yield opened


def heard(port: OscPort, packets: int, clock: VirtualClock | None = None) -> list[Message]:
    """Poll until so many packets have arrived; loopback hands them over at once."""
    messages: list[Message] = []
    for _ in range(TRIES):
        messages += port.receive(4.5, clock or VirtualClock(), 1.0)
        if port.received >= packets:
            break
    return messages


def test_a_packet_is_heard_with_time_and_sender(port: OscPort, client: socket.socket) -> None:
    client.sendto(ZOOM, ("127.0.0.1", port.port))
    assert heard(port, 1) == [Message(4.5, "/vjdream/zoom", (1.5,), client.getsockname())]


def test_a_bad_packet_is_counted_and_the_next_is_heard(
    port: OscPort, client: socket.socket
) -> None:
    client.sendto(b"garbage", ("127.0.0.1", port.port))
    client.sendto(ZOOM, ("127.0.0.1", port.port))
    assert len(heard(port, 2)) == 1
    assert len(port.errors) == 1


def test_an_answer_reaches_its_receiver(port: OscPort, client: socket.socket) -> None:
    port.send("/vjdream/zoom", 1.25, client.getsockname())
    packet, sender = client.recvfrom(2048)
    assert parse(packet) == [("/vjdream/zoom", (1.25,))]
    assert sender[1] == port.port


@pytest.mark.parametrize("argument", [1, 1.5, "word", True, b"x"])
def test_any_value_can_be_sent(port: OscPort, client: socket.socket, argument: Argument) -> None:
    port.send("/vjdream/x", argument, client.getsockname())
    assert parse(client.recv(2048)) == [("/vjdream/x", (argument,))]


def test_sending_to_a_closed_port_harms_nobody(port: OscPort, client: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        nobody = gone.getsockname()
    for _ in range(5):
        port.send("/vjdream/x", 1.0, nobody)
    client.sendto(ZOOM, ("127.0.0.1", port.port))
    assert len(heard(port, 1)) == 1


def test_sending_to_port_zero_harms_nobody(port: OscPort) -> None:
    port.send("/vjdream/x", 1.0, ("127.0.0.1", 0))


def test_what_is_too_large_to_send_harms_nobody(port: OscPort, client: socket.socket) -> None:
    port.send("/vjdream/x", "x" * 70_000, client.getsockname())


class CountedClock(VirtualClock):
    """A clock on which every look takes a millisecond."""

    def now(self) -> float:
        self.wait_until(super().now() + 0.001)
        return super().now()


def test_a_flood_waits_for_the_next_frame(port: OscPort, client: socket.socket) -> None:
    for _ in range(50):
        client.sendto(ZOOM, ("127.0.0.1", port.port))
    messages = list(port.receive(0.0, CountedClock(), 0.0105))
    assert 1 <= len(messages) <= 10
    for _ in range(TRIES):
        messages += port.receive(1.0, CountedClock(), 0.0105)
        if port.received == 50:
            break
    assert len(messages) == 50


def test_a_taken_port_is_refused_with_a_way_out(port: OscPort) -> None:
    with pytest.raises(SettingsError, match="--osc-port"):
        OscPort("127.0.0.1", port.port)
