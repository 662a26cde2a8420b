"""OSC packets: what is understood, and what is refused before it can do harm."""

import logging
import struct
from itertools import islice

import pytest
from fire import datagrams
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from vjdream.errors import MessageError
from vjdream.messages import Argument
from vjdream.packets import (
    DEEPEST_BUNDLE,
    LONGEST_STRING,
    MOST_ARGUMENTS,
    MOST_MESSAGES,
    encode,
    encode_bundle,
    encode_message,
    parse,
)

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


@pytest.mark.parametrize("tags", [b",qqqq", b",,f", b",f,"])
def test_unknown_type_tags_write_nothing_to_the_log(
    tags: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """python-osc warns on the root logger, without limit: a flood of them would fill a disk."""
    with caplog.at_level(logging.DEBUG), pytest.raises(MessageError):
        parse(padded(b"/x") + padded(tags) + bytes(16))
    assert caplog.records == []


@pytest.mark.parametrize("seed", range(4))
def test_all_kinds_of_fire_are_messages_or_refused(seed: int) -> None:
    for packet in islice(datagrams(seed), 500):
        _messages_or_refused(packet)


def test_a_message_has_a_limited_number_of_arguments() -> None:
    [(_, parsed)] = parse(padded(b"/x") + padded(b"," + b"T" * MOST_ARGUMENTS))
    assert parsed == (True,) * MOST_ARGUMENTS
    with pytest.raises(MessageError, match="tags"):
        parse(padded(b"/x") + padded(b"," + b"T" * (MOST_ARGUMENTS + 1)))


def test_arrays_are_never_nested_too_deeply_to_be_shown() -> None:
    half = MOST_ARGUMENTS // 2
    [(_, parsed)] = parse(padded(b"/x") + padded(b"," + b"[" * half + b"]" * half))
    assert repr(parsed).count("[") == half
    with pytest.raises(MessageError):
        parse(padded(b"/x") + padded(b"," + b"[" * 2000 + b"]" * 2000))


def test_a_bundle_holds_a_limited_number_of_messages() -> None:
    assert len(parse(bundle(*[ZOOM] * MOST_MESSAGES))) == MOST_MESSAGES
    with pytest.raises(MessageError, match="more than"):
        parse(bundle(*[ZOOM] * (MOST_MESSAGES + 1)))


@pytest.mark.parametrize("count", [2**31, 10**30, -(2**40)])
def test_a_count_too_large_for_osc_is_sent_as_the_largest(count: int) -> None:
    [(_, (sent,))] = parse(encode("/vjdream/state/rejected", count))
    assert sent == max(min(count, 2**31 - 1), -(2**31))


def test_a_name_that_no_text_can_hold_is_sent_with_question_marks() -> None:
    assert parse(encode("/x", "caf\udce9")) == [("/x", ("caf?",))]


@pytest.mark.parametrize(
    ("types", "arguments"),
    [
        ("", ()),
        ("ifs", (-7, 0.5, "Ähre")),
        ("hd", (2**40, 0.1)),
        ("TFN", (True, False, None)),
        ("bsb", (b"abcde", "", b"")),
    ],
)
def test_a_message_of_many_arguments_is_parsed_as_it_was_encoded(
    types: str, arguments: tuple[Argument, ...]
) -> None:
    assert parse(encode_message("/any/address", types, arguments)) == [("/any/address", arguments)]


@pytest.mark.parametrize(
    ("types", "argument", "body"),
    [
        ("c", "x", b"\0\0\0x"),
        ("m", b"\x90\x40\x7f\x00", b"\x90\x40\x7f\x00"),
        ("t", 0xE000000000000005, b"\xe0\0\0\0\0\0\0\x05"),
        ("S", "abc", b"abc\0"),
        ("I", float("inf"), b""),
        ("i", True, b"\0\0\0\x01"),
    ],
)
def test_types_that_python_osc_does_not_build_are_encoded(
    types: str, argument: Argument, body: bytes
) -> None:
    assert encode_message("/x", types, (argument,)) == b"/x\0\0," + types.encode() + b"\0\0" + body


@pytest.mark.parametrize(
    ("types", "arguments"),
    [
        ("i", ()),
        ("", (1,)),
        ("i", (2**31,)),
        ("i", (0.5,)),
        ("f", ("word",)),
        ("f", (1e39,)),
        ("s", (1,)),
        ("s", ("a\0b",)),
        ("c", ("ab",)),
        ("m", (b"abc",)),
        ("t", (-1,)),
        ("h", (None,)),
        ("x", (1,)),
    ],
)
def test_an_argument_that_does_not_fit_its_type_is_refused(
    types: str, arguments: tuple[Argument, ...]
) -> None:
    with pytest.raises(MessageError, match="cannot"):
        encode_message("/x", types, arguments)


def test_a_bundle_holds_its_messages_in_order() -> None:
    first, second = encode_message("/a", "i", (1,)), encode_message("/b", "s", ("word",))
    packet = encode_bundle([first, second])
    assert packet.startswith(b"#bundle\0" + bytes(7) + b"\x01")  # at once
    assert parse(packet) == [("/a", (1,)), ("/b", ("word",))]


def test_an_impulse_is_an_argument_without_data_like_nil() -> None:
    assert parse(encode_message("/vjdream/next/1", "I", (None,))) == [("/vjdream/next/1", (None,))]
    mixed = encode_message("/x", "iIf", (1, None, 0.5))
    assert parse(mixed) == [("/x", (1, None, 0.5))]
