"""Learning: which control was meant, and what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.errors import ParameterError
from vjdream.surfaces.midi_learn import Learner, encoder
from vjdream.surfaces.midi_map import Binding, Control
from vjdream.surfaces.midi_messages import Event, decode


def learned(address: str, *events: Event) -> Binding | None:
    """What is bound after these events, none of which but the last may decide it."""
    learner = Learner(address)
    for event in events[:-1]:
        assert learner.heard("nano", event) is None
    return learner.heard("nano", events[-1])


def moved(number: int, *values: int) -> list[Event]:
    return [Event("control", 3, number, value) for value in values]


def test_a_pad_is_bound_by_one_touch() -> None:
    assert learned("/vjdream/palette/5", Event("note", 2, 40, 90)) == Binding(
        Control("note", 40, 2, "nano"), "palette/5", "trigger"
    )
    binding = learned("blackout", Event("note", 2, 40, 90))
    assert binding is not None
    assert binding.mode == "toggle"


def test_letting_a_key_go_binds_nothing() -> None:
    assert learned("blackout", Event("note", 2, 40, 0)) is None


def test_a_fader_is_bound_when_it_has_clearly_moved() -> None:
    assert learned("zoom", *moved(7, 10, 12, 14, 16)) == Binding(
        Control("control", 7, 3, "nano"), "zoom", "absolute"
    )


def test_a_trembling_fader_is_not_meant() -> None:
    assert learned("zoom", *moved(7, 63, 64, 63, 64, 63, 65, 64, 63, 64)) is None


def test_the_fader_that_moves_is_meant_among_others_that_tremble() -> None:
    tremble, move = moved(1, 63, 64, 63, 64), moved(2, 10, 20, 30, 40)
    events = [event for pair in zip(tremble, move, strict=True) for event in pair]
    binding = learned("zoom", *events)
    assert binding is not None
    assert binding.control.number == 2


def test_a_button_that_is_a_control_is_one() -> None:
    binding = learned("blackout", *moved(7, 127, 0))
    assert binding is not None
    assert binding.mode == "toggle"


@pytest.mark.parametrize(
    ("values", "encoding"),
    [
        ((1, 1, 2, 1), "twos_complement"),
        ((127, 127, 126, 127), "twos_complement"),
        ((1, 1, 127, 127), "twos_complement"),
        ((1, 1, 65, 65), "sign_bit"),
        ((65, 65, 63, 63), "binary_offset"),
        ((63, 63, 63, 62), "binary_offset"),
        ((65, 65, 65, 65, 66, 65, 65, 65), "binary_offset"),
    ],
)
def test_an_encoder_is_known_by_what_it_says(values: tuple[int, ...], encoding: str) -> None:
    binding = learned("zoom", *moved(7, *values))
    assert binding is not None
    assert (binding.mode, binding.encoding) == ("relative", encoding)


def test_an_encoder_that_only_turned_one_way_waits_until_it_is_clearer() -> None:
    assert encoder((65, 65, 65, 65)) == "unclear"


def test_a_fader_that_begins_at_the_bottom_is_no_encoder() -> None:
    assert encoder((0, 1, 2, 4)) is None
    assert encoder((0, 0, 5, 30)) is None
    assert encoder((40, 40, 50, 70)) is None


def test_a_pair_of_controls_is_learned_as_one_fine_fader() -> None:
    events = [
        Event("control", 3, number, value)
        for coarse in (10, 15, 20, 30)
        for number, value in ((7, coarse), (39, 5 * coarse % 128))
    ]
    binding = learned("zoom", *events[:7])
    assert binding is not None
    assert (binding.control.number, binding.fine) == (7, True)


def test_a_bend_is_a_fader() -> None:
    events = [Event("bend", 3, 0, value) for value in (0, 300, 600, 900)]
    assert learned("zoom", *events) == Binding(Control("bend", 0, 3, "nano"), "zoom", "absolute")


def test_a_knob_for_a_class_or_a_command_does_what_such_a_target_can() -> None:
    modes = {}
    for target in ("class/1", "palette/1", "split/shape", "hold"):
        binding = learned(target, *moved(7, 10, 20, 30, 40))
        assert binding is not None
        modes[target] = binding.mode
    assert modes == {
        "class/1": "absolute",
        "palette/1": "trigger",
        "split/shape": "absolute",
        "hold": "absolute",
    }


def test_nothing_can_be_bound_to_an_address_that_is_not_there() -> None:
    with pytest.raises(ParameterError, match="did you mean 'zoom'"):
        Learner("/vjdream/zoon")
    with pytest.raises(ParameterError, match="needs a value"):
        Learner("/vjdream/preset/load")


@given(
    st.sampled_from(["zoom", "class/1", "palette/1", "hold", "split/shape"]),
    st.lists(
        st.tuples(
            st.sampled_from([0x80, 0x90, 0xB0, 0xE0]), st.integers(0, 40), st.integers(0, 127)
        ).map(bytes),
        max_size=40,
    ),
)
def test_whatever_moves_nothing_raises_and_what_is_learned_is_whole(
    address: str, messages: list[bytes]
) -> None:
    learner = Learner(address)
    for raw in messages:
        event = decode(raw)
        binding = None if event is None else learner.heard("nano", event)
        if binding is not None:
            assert binding.target == address
            assert binding.control.device == "nano"
