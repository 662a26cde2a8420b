"""MIDI messages: bytes to moved controls and back, and positions with an exact middle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.surfaces.midi_messages import Event, decode, encode, position, value_at


@pytest.mark.parametrize(
    ("raw", "event"),
    [
        (b"\xb0\x30\x40", Event("control", 1, 48, 64)),
        (b"\xbf\x00\x7f", Event("control", 16, 0, 127)),
        (b"\x91\x24\x05", Event("note", 2, 36, 5)),
        (b"\x91\x24\x00", Event("note", 2, 36, 0)),
        (b"\x81\x24\x40", Event("note", 2, 36, 0)),
        (b"\xe0\x00\x40", Event("bend", 1, 0, 8192)),
    ],
)
def test_controls_notes_and_bends_are_understood(raw: bytes, event: Event) -> None:
    assert decode(raw) == event


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xf8", b"\xc0\x05", b"\xd0\x05", b"\xa0\x05\x06", b"\xb0\x80\x01", b"\xf0\x01\x02"],
)
def test_all_other_messages_move_no_control(raw: bytes) -> None:
    assert decode(raw) is None


@given(st.lists(st.integers(-300, 300), max_size=6))
def test_nothing_that_a_cable_brings_raises(raw: list[int]) -> None:
    event = decode(raw)
    assert event is None or 0 <= event.value <= 16383


@given(
    st.one_of(
        st.builds(
            Event,
            st.sampled_from(["control", "note"]),
            st.integers(1, 16),
            st.integers(0, 127),
            st.integers(0, 127),
        ),
        st.builds(Event, st.just("bend"), st.integers(1, 16), st.just(0), st.integers(0, 16383)),
    )
)
def test_what_is_sent_is_what_is_understood(event: Event) -> None:
    assert decode(encode(event)) == event


@pytest.mark.parametrize(("largest", "middle"), [(127, 64), (16383, 8192)])
def test_the_middle_is_exactly_a_half_and_the_ends_are_the_ends(largest: int, middle: int) -> None:
    assert [position(v, largest) for v in (0, middle, largest)] == [0.0, 0.5, 1.0]
    assert position(middle // 2, largest) == 0.25


@pytest.mark.parametrize("largest", [127, 16383])
def test_every_value_comes_back_from_its_position(largest: int) -> None:
    positions = [position(v, largest) for v in range(largest + 1)]
    assert positions == sorted(set(positions))
    assert [value_at(p, largest) for p in positions] == list(range(largest + 1))


def test_a_position_outside_is_taken_for_the_nearest_end() -> None:
    assert (value_at(-1.0), value_at(7.0)) == (0, 127)
