"""The text of sessions: what is written, and all that is read."""

import math
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vjdream.errors import SessionError
from vjdream.messages import Argument
from vjdream.session_reader import LONGEST_READ, MOST_READ, Problem, read_lines
from vjdream.session_text import LONGEST_LINE, TICKS, Entry, format_line


def entry(text: str | bytes) -> Entry:
    line = text.encode() if isinstance(text, str) else text
    [found] = read_lines([line])
    assert isinstance(found, Entry), found
    return found


def problem(text: str | bytes) -> str:
    line = text.encode() if isinstance(text, str) else text
    [found] = read_lines([line])
    assert isinstance(found, Problem), found
    return found.sentence


def words(text: str) -> tuple[Argument, ...]:
    return entry(f"eeac4d03.a55208e0 /x {text}").arguments


# -- what is written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((1.05,), "f 1.05"),
        ((0.1, 1e-7, 16777216.0), "fff 0.1 1e-07 16777216"),
        ((3, -(2**31) - 1, 2**31), "ihh 3 -2147483649 2147483648"),
        ((True, False), "ii 1 0"),
        (("eye",), 's "eye"'),
        (("two words", 2), 'si "two\u00a0words" 2'),
        (('say "hi"', ""), 'ss "say\u00a0"hi"" ""'),
        ((math.nan, math.inf, -math.inf), "fff nan inf -inf"),
    ],
)
def test_arguments_are_written_as_the_table_has_them(
    arguments: tuple[Argument, ...], text: str
) -> None:
    assert format_line(1.5, "/x", arguments) == f"00000001.80000000 /x {text}"


def test_a_trigger_has_an_argument_since_oscsendfile_would_give_it_another_one() -> None:
    assert format_line(0, "/vjdream/reset/look", ()) == "00000000.00000000 /vjdream/reset/look i 1"


def test_types_that_are_asked_for_are_written() -> None:
    line = format_line(0, "/x", (1.05, 1, 0.1), "dhf")
    assert line.endswith(" /x dhf 1.05 1 0.1")


def test_what_would_divide_a_line_is_a_space_when_it_is_read() -> None:
    line = format_line(0, "/x", ("a\nb\tc\rd\0e\u00a0f",))
    assert entry(line).arguments == ("a b c d e f",)


def test_a_name_that_no_text_can_hold_is_written_with_question_marks() -> None:
    assert entry(format_line(0, "/x", ("caf\udce9",))).arguments == ("caf?",)


@pytest.mark.parametrize(
    ("address", "arguments", "types", "told"),
    [
        ("zoom", (1,), None, "no address"),
        ("/a b", (1,), None, "no address"),
        ("/a\n", (1,), None, "no address"),
        ("/a\u00a0b", (1,), None, "no address"),
        ("/x", (b"blob",), None, "i, h, f, d, s"),
        ("/x", (None,), None, "i, h, f, d, s"),
        ("/x", (2**63 - 1,), None, "i, h, f, d, s"),
        ("/x", (2**31,), "i", "i, h, f, d, s"),
        ("/x", (True,), "T", "i, h, f, d, s"),
        ("/x", ("word",), "f", "i, h, f, d, s"),
        ("/x", (1, 2), "i", "one type for each"),
        ("/x", (1,) * 61, None, "up to 60"),
        ("/x", ("a" * LONGEST_LINE,), None, "1000 bytes"),
    ],
)
def test_what_oscsendfile_could_not_replay_is_refused(
    address: str, arguments: tuple[Argument, ...], types: str | None, told: str
) -> None:
    with pytest.raises(SessionError, match=told):
        format_line(0, address, arguments, types)


@pytest.mark.parametrize("seconds", [-1e-9, math.nan, math.inf, 2.0**32])
def test_times_that_no_time_tag_can_hold_are_refused(seconds: float) -> None:
    with pytest.raises(SessionError, match="no time"):
        format_line(seconds, "/x", (1,))


def test_no_message_carries_the_time_tag_that_means_now() -> None:
    assert format_line(1 / TICKS, "/x", (1,)).startswith("00000000.00000000 ")


@given(st.floats(0, 2**20))
def test_a_time_is_never_read_later_than_it_was_written(seconds: float) -> None:
    ticks = entry(format_line(seconds, "/x", (1,))).ticks
    assert ticks is not None
    assert seconds - 2 / TICKS <= ticks / TICKS <= seconds
    assert entry(format_line(ticks / TICKS, "/x", (1,))).ticks == ticks


SINGLES = st.floats(width=32, allow_nan=False)
WHOLE = st.integers(-(2**63) + 1, 2**63 - 2)
STRINGS = st.text(st.characters(exclude_characters="\u00a0\t\n\r\0", codec="utf-8"), max_size=60)
ADDRESSES = st.text(st.characters(exclude_characters=" ", codec="utf-8"), max_size=40).map(
    "/".__add__
)


def typed(types: str) -> st.SearchStrategy[tuple[str, list[Argument]]]:
    kinds: dict[str, st.SearchStrategy[Argument]] = {
        "i": st.integers(-(2**31), 2**31 - 1),
        "h": WHOLE,
        "f": SINGLES,
        "d": st.floats(allow_nan=False),
        "s": STRINGS,
    }
    return st.tuples(st.just(types), st.tuples(*(kinds[kind] for kind in types)).map(list))


MESSAGES = st.text("ihfds", min_size=1, max_size=8).flatmap(typed)


@given(ADDRESSES.filter(str.isprintable), MESSAGES)
@example("/x", ("ss", ['" "', '" "']))
@example("/x", ("sf", ['" 1 ', 1.0]))
@example("/x", ("f", [5e-324]))
@example("/x", ("f", [-0.0]))
def test_what_was_written_is_read_exactly(
    address: str, message: tuple[str, list[Argument]]
) -> None:
    types, arguments = message
    read = entry(format_line(2.5, address, arguments, types))
    assert (read.ticks, read.address, read.types) == (5 * TICKS // 2, address, types)
    expected = (single(a) if kind == "f" else a for kind, a in zip(types, arguments, strict=True))
    assert repr(read.arguments) == repr(tuple(expected))  # tells 0.0 and -0.0 apart


def single(number: Argument) -> float:
    return float(struct.unpack("f", struct.pack("f", number))[0])


# -- what is read: lines that oscdump 0.31 printed -------------------------------------------------


def test_a_line_of_oscdump_is_a_message() -> None:
    read = entry('eeac4d03.a55208e0 /s ssi "hello big world" "say "hi" now" 3\r\n')
    assert read.ticks == 0xEEAC4D03A55208E0
    assert (read.line, read.address, read.types) == (1, "/s", "ssi")
    assert read.arguments == ("hello big world", 'say "hi" now', 3)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("", ()),
        ("TFNI #T #F Nil Infinitum", (True, False, None, math.inf)),
        (
            "cmhd 'x' MIDI [0x90 0x40 0x7f 0x00] 5000000000 0.1",
            ("x", b"\x90@\x7f\0", 5 * 10**9, 0.1),
        ),
        ("ci ' ' 5", (" ", 5)),
        ("cc ''' 'é'", ("'", "é")),
        ("S 'sym", ("sym",)),
        ("SiSS 'two words 3 'a 'b c", ("two words", 3, "a", "b c")),
        ("b [3b 0x61 0x62 0x63]", (b"abc",)),
        ("bi [0b ] 2", (b"", 2)),
        ("tI e0000000.00000005 Infinitum", (0xE000000000000005, math.inf)),
        ("ff inf -inf", (math.inf, -math.inf)),
        ("ff 0.100000 1000000015047466219876688855040.000000", (single(0.1), single(1e30))),
        ('s "é ü"', ("é ü",)),
        ('ss "" ""', ("", "")),
        ('sTb "a #T b" #T [1b 0x00]', ("a #T b", True, b"\0")),
        ('sf "1 "2" 3" 4', ('1 "2" 3', 4.0)),
    ],
)
def test_all_types_that_oscdump_prints_are_read(text: str, arguments: tuple[Argument, ...]) -> None:
    assert words(text) == arguments


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        (",fi 0.5 1", (0.5, 1)),
        (",", ()),
        ("s word", ("word",)),
        ("si word 3", ("word", 3)),
        ("TiF 3", (True, 3, False)),
        ('sT "two words"', ("two words", True)),
        ("  ff\t.5   1e3  ", (0.5, 1000.0)),
        ("f 1e39", (math.inf,)),
    ],
)
def test_what_people_write_is_read(text: str, arguments: tuple[Argument, ...]) -> None:
    assert words(text) == arguments


def test_comments_and_empty_lines_are_passed_over_and_counted_as_lines() -> None:
    lines = [b"# caf\xe9\n", b"\r\n", b" \t\n", b"\xef\xbb\xbf/x i 1\n", b"/y"]
    assert list(read_lines(lines)) == [
        Entry(4, None, "/x", "i", (1,)),
        Entry(5, None, "/y", "", ()),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("liblo server error 9912 in path /arr: Invalid message received", "'liblo' stands where"),
        ("00000001.00000000", "an address is needed"),
        ("00000001.00000000 zoom f 1", "'zoom' stands where an address"),
        ("/x 0.5", "'0.5' are no types"),
        ("/x [ii] 1 2", "'[ii]' are no types"),
        (f"/x {'i' * (MOST_READ + 1)}", "up to 128"),
        ("/x i x", "argument 1 is to be a whole number, got 'x'"),
        ("/x i 1.5", "a whole number, got '1.5'"),
        ("/x ii 1", "argument 2 is to be a whole number, got ''"),
        ("/x i 1 2", "'2' is more than types 'i' ask for"),
        ("/x i 2147483648", "does not fit into type i"),
        ("/x h 9223372036854775808", "does not fit into type h"),
        ("/x f ١", "a number"),
        ('/x s "a', "has no end"),
        ('/x s "', "has no end"),
        ('/x si "a b', "has no end"),
        ("/x b [13 byte blob]", "a blob with its bytes, got '[13 byte blob]'"),
        ("/x b [3b 0x61]", "has 1 bytes"),
        ('/x s "a\0b"', "no UTF-8"),
        (b'/x s "\xe9"', "no UTF-8"),
        (b"/x " + b"i" * LONGEST_READ, "longer than 32768 bytes"),
    ],
)
def test_a_line_that_says_nothing_is_told_in_a_sentence(line: str | bytes, told: str) -> None:
    assert told in problem(line)


def test_problems_have_the_number_of_their_line() -> None:
    [first, second] = read_lines([b"what", b"# fine", b"/x f"])
    assert str(first) == "line 1: 'what' stands where a time tag or an address is needed"
    assert str(second).startswith("line 3: argument 1 ")


def test_strictly_read_the_first_problem_is_an_error() -> None:
    lines = read_lines([b"/x i 1", b"/x i one"], strict=True)
    assert isinstance(next(lines), Entry)
    with pytest.raises(SessionError, match="line 2: argument 1 is to be a whole number"):
        next(lines)


@given(st.lists(st.binary(max_size=80), max_size=4))
def test_any_bytes_are_messages_or_problems(lines: list[bytes]) -> None:
    assert all(isinstance(found, Entry | Problem) for found in read_lines(lines))


PIECES = ['"', "'", " ", "[2b 0x00", " 0x01]", "MIDI [0x", "#T", "Nil", "1", "-", "e", ".", "inf"]


@given(
    st.text("ihfdsSctbmTFNI,", max_size=6),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join),
)
def test_any_arguments_are_a_message_or_a_problem(types: str, arguments: str) -> None:
    [found] = read_lines([f"00000000.00000000 /x {types} {arguments}".encode("utf-8", "replace")])
    assert isinstance(found, Entry | Problem)
    if isinstance(found, Entry):
        assert len(found.types) == len(found.arguments)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "line",
    [
        b"/x " + b"s" * 128 + b' "' + b'" x' * 10_000,
        b"/x " + b"s" * 128 + b' "' + b'" ' * 16_000,
        b"/x " + b"S" * 128 + b" 'a" + b" 'a" * 10_000,
        b'/x sb "' + b'" [12b 0x00' * 3_000,
        b"/x f " + b"1" * 32_000 + b"x",
        b"/x f 1." + b"1" * 32_000 + b"x",
        b"/x " + b"T" * 128 + b" " * 32_000 + b"x",
        b" " * 32_000 + b"x",
    ],
)
def test_no_line_takes_long(line: bytes) -> None:
    list(read_lines([line] * 20))
