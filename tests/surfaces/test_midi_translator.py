"""What moved controls mean, with told time and told values: no port, no clock."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.messages import Argument, Told
from vjdream.parameters import TABLE
from vjdream.surfaces.midi_map import MidiMap
from vjdream.surfaces.midi_messages import Event, encode
from vjdream.surfaces.midi_reader import DEFAULT, load, parse
from vjdream.surfaces.midi_translator import Translator, clicks

CLASSES = 20
NOTE, CONTROL, BEND = "note", "control", "bend"


def mapped(*lines: str) -> MidiMap:
    return parse("vjdream: 1\ncontrols:\n" + "".join(f"- {line}\n" for line in lines), "map.yaml")


class Desk:
    """A translator whose engine takes every value at once, as long as it `answers`."""

    def __init__(self, *lines: str, **values: Argument) -> None:
        self.translator = Translator(mapped(*lines), CLASSES)
        self.values: dict[str, tuple[Argument, ...]] = {}
        for name, value in values.items():
            self.values[f"/vjdream/{name.replace('__', '/')}"] = (value,)
        self.now = 0.0
        self.answers = True

    def set(self, name: str, value: Argument) -> None:
        self.values[f"/vjdream/{name}"] = (value,)

    def hear(self, kind: str, number: int, *moves: int, device: str = "nano") -> list[Told]:
        """Let a control take some values, 10 ms apart; return what was sent."""
        told: list[Told] = []
        for value in moves:
            self.now += 0.01
            raw = encode(Event(kind, 1, number, value))  # type: ignore[arg-type]
            told += self.translator.heard(device, raw, self.now, self.values)
        for address, arguments in told if self.answers else ():
            name = address.removeprefix("/vjdream/norm/")
            if name != address and isinstance(arguments[0], float):
                self.set(name, TABLE[name].number(TABLE[name].denormalised(arguments[0]))[0])
            elif arguments and arguments != ("!",):
                self.values[address] = arguments
        return told


def arguments(told: list[Told]) -> list[Argument]:
    return [given[0] for _, given in told]


# -- faders ----------------------------------------------------------------------------------------


def test_a_fader_goes_along_the_parameters_own_curve_and_its_middle_is_exact() -> None:
    desk = Desk("{control: 1, target: zoom, pickup: false}")
    assert desk.hear(CONTROL, 1, 0, 64, 127) == [
        ("/vjdream/norm/zoom", (0.0,)),
        ("/vjdream/norm/zoom", (0.5,)),
        ("/vjdream/norm/zoom", (1.0,)),
    ]


def test_a_range_is_gone_through_along_the_curve() -> None:
    desk = Desk("{control: 1, target: zoom, pickup: false, range: 1 to 2}")
    told = desk.hear(CONTROL, 1, 0, 64, 127)
    assert arguments(told) == [0.5, 0.75, 1.0]


def test_a_linear_range_sends_the_value_itself() -> None:
    desk = Desk("{control: 1, target: zoom, pickup: false, range: 0.9 to 1.3, curve: linear}")
    told = desk.hear(CONTROL, 1, 0, 64, 127)
    assert [address for address, _ in told] == ["/vjdream/zoom"] * 3
    assert arguments(told) == pytest.approx([0.9, 1.1, 1.3])


def test_a_range_may_be_upside_down() -> None:
    desk = Desk("{control: 1, target: master, pickup: false, range: 1 to 0}")
    assert arguments(desk.hear(CONTROL, 1, 0, 64, 127)) == [1.0, 0.5, 0.0]


def test_a_pair_of_controls_has_fourteen_bits() -> None:
    desk = Desk("{control: 1, target: master, pickup: false, fine: true}")
    assert arguments(desk.hear(CONTROL, 1, 64)) == [0.5]  # it may have no fine half
    assert desk.hear(CONTROL, 1, 32) == []
    assert arguments(desk.hear(CONTROL, 33, 0, 1)) == [0.25, 0.25 + 1 / 16384]
    assert desk.hear(CONTROL, 1, 127) == []
    assert arguments(desk.hear(CONTROL, 33, 127)) == [1.0]


def test_a_fine_half_alone_says_nothing() -> None:
    assert Desk("{control: 1, target: master, fine: true}").hear(CONTROL, 33, 5) == []


def test_a_bend_has_fourteen_bits() -> None:
    desk = Desk("{bend: true, target: master, pickup: false}")
    assert arguments(desk.hear(BEND, 0, 0, 8192, 16383)) == [0.0, 0.5, 1.0]


# -- soft take-over --------------------------------------------------------------------------------


def test_a_fader_takes_hold_when_it_passes_the_value() -> None:
    desk = Desk("{control: 1, target: master}", master=0.5)
    assert desk.hear(CONTROL, 1, 0, 20, 40) == []
    assert arguments(desk.hear(CONTROL, 1, 80)) == [0.5 + 16 / 126]
    assert len(desk.hear(CONTROL, 1, 100, 10)) == 2


def test_a_fader_takes_hold_from_above_as_well() -> None:
    desk = Desk("{control: 1, target: master}", master=0.5)
    assert desk.hear(CONTROL, 1, 127, 90) == []
    assert len(desk.hear(CONTROL, 1, 20)) == 1


def test_a_fader_that_begins_beside_the_value_takes_hold_at_once() -> None:
    desk = Desk("{control: 1, target: master}", master=0.5)
    assert arguments(desk.hear(CONTROL, 1, 65)) == [0.5 + 1 / 126]


def test_a_first_movement_far_away_jumps_nowhere() -> None:
    assert Desk("{control: 1, target: master}", master=1.0).hear(CONTROL, 1, 0) == []


def test_where_no_value_is_known_a_fader_moves_at_once() -> None:
    assert len(Desk("{control: 1, target: master}").hear(CONTROL, 1, 0)) == 1


def test_a_value_that_others_have_moved_must_be_passed_again() -> None:
    desk = Desk("{control: 1, target: master}", master=0.5)
    desk.hear(CONTROL, 1, 64, 70)
    desk.set("master", 1.0)
    desk.now += 1.0
    assert desk.hear(CONTROL, 1, 72, 80) == []
    assert len(desk.hear(CONTROL, 1, 127)) == 1


def test_a_fader_in_the_hand_keeps_hold_while_the_answers_are_late() -> None:
    desk = Desk("{control: 1, target: master}", master=0.5)
    desk.answers = False
    assert len(desk.hear(CONTROL, 1, 64, 80, 100, 120, 127)) == 5


def test_a_fader_that_rested_keeps_hold_of_what_it_left() -> None:
    desk = Desk("{control: 1, target: master}", "{control: 2, target: steps}", master=0.5, steps=32)
    desk.hear(CONTROL, 1, 64, 90)
    desk.hear(CONTROL, 2, 62, 80)
    desk.now += 100.0
    assert len(desk.hear(CONTROL, 1, 100)) == 1
    assert len(desk.hear(CONTROL, 2, 100)) == 1


def test_a_value_beyond_the_faders_range_waits_at_its_end() -> None:
    desk = Desk("{control: 1, target: zoom, range: 0.9 to 1.1}", zoom=2.0)
    assert desk.hear(CONTROL, 1, 10, 90) == []
    assert len(desk.hear(CONTROL, 1, 127)) == 1


def test_both_ends_of_an_angle_are_the_same_to_a_fader() -> None:
    desk = Desk("{control: 1, target: split/angle}", split__angle=350.0)
    assert len(desk.hear(CONTROL, 1, 124, 127)) == 2
    assert desk.values["/vjdream/split/angle"] == (0.0,)  # 360 is 0
    desk.now += 1.0
    assert len(desk.hear(CONTROL, 1, 120)) == 1


def test_every_device_has_a_fader_of_its_own() -> None:
    desk = Desk("{control: 1, target: master}", master=0.5)
    assert desk.hear(CONTROL, 1, 10, device="one") == []
    assert desk.hear(CONTROL, 1, 100, device="two") == []


def test_without_pickup_a_fader_jumps() -> None:
    desk = Desk("{control: 1, target: master, pickup: false}", master=1.0)
    assert arguments(desk.hear(CONTROL, 1, 0)) == [0.0]


# -- switches and choices --------------------------------------------------------------------------


def test_a_switch_is_on_from_the_middle() -> None:
    desk = Desk("{control: 1, target: blackout}")
    assert arguments(desk.hear(CONTROL, 1, 63, 64, 127, 0)) == [0, 1, 0]


def test_a_pad_can_hold_a_switch_down() -> None:
    desk = Desk("{note: 1, target: blackout, mode: absolute}")
    assert arguments(desk.hear(NOTE, 1, 1, 0)) == [1, 0]


def test_a_knob_chooses_by_name() -> None:
    desk = Desk("{control: 1, target: split/shape}")
    assert arguments(desk.hear(CONTROL, 1, 0, 20, 30, 64, 127)) == [
        "whole", "line", "quarters", "stripes",
    ]  # fmt: skip


def test_a_class_knob_chooses_when_it_has_rested_for_200_ms() -> None:
    desk = Desk("{control: 1, target: class/2}")
    assert desk.hear(CONTROL, 1, 0, 40, 64) == []
    assert desk.translator.rested(desk.now + 0.199) == []
    assert desk.translator.rests_at == pytest.approx(desk.now + 0.2)
    desk.now += 0.15
    assert desk.hear(CONTROL, 1, 127) == []
    assert desk.translator.rested(desk.now + 0.1) == []
    assert desk.translator.rested(desk.now + 0.2) == [("/vjdream/slot/2", (CLASSES - 1,))]
    assert desk.translator.rested(desk.now + 9.0) == []
    assert desk.translator.rests_at is None


def test_a_class_knob_reaches_every_class() -> None:
    desk = Desk("{control: 1, target: slot/1}")
    chosen = set()
    for value in range(128):
        desk.hear(CONTROL, 1, value)
        chosen |= set(arguments(desk.translator.rested(desk.now + 0.2)))
    assert chosen == set(range(CLASSES))


# -- encoders --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "values"),
    [
        ("twos_complement", {1: 1, 3: 3, 127: -1, 125: -3}),
        ("sign_bit", {1: 1, 3: 3, 65: -1, 67: -3}),
        ("binary_offset", {65: 1, 67: 3, 63: -1, 61: -3, 64: 0}),
    ],
)
def test_encoders_tell_their_clicks_in_three_ways(encoding: str, values: dict[int, int]) -> None:
    assert {v: clicks(v, encoding) for v in values} == values  # type: ignore[arg-type]


def test_an_encoder_moves_on_from_where_the_value_is() -> None:
    desk = Desk("{control: 1, target: master, mode: relative, step: 0.1}", master=0.5)
    assert arguments(desk.hear(CONTROL, 1, 1, 127, 2)) == pytest.approx([0.6, 0.5, 0.7])
    desk.set("master", 0.2)
    desk.now += 1.0
    assert arguments(desk.hear(CONTROL, 1, 1)) == pytest.approx([0.3])


def test_an_encoder_loses_no_click_while_the_answers_are_late() -> None:
    desk = Desk("{control: 1, target: master, mode: relative, step: 0.1}", master=0.0)
    desk.answers = False
    assert arguments(desk.hear(CONTROL, 1, 1, 1, 1)) == pytest.approx([0.1, 0.2, 0.3])


def test_an_encoder_stops_at_the_ends_and_an_angle_has_none() -> None:
    desk = Desk(
        "{control: 1, target: master, mode: relative, step: 0.4}",
        "{control: 2, target: split/angle, mode: relative, step: 0.25}",
        master=0.5,
        split__angle=270.0,
    )
    assert arguments(desk.hear(CONTROL, 1, 1, 1, 1, 127)) == pytest.approx([0.9, 1.0, 1.0, 0.6])
    assert arguments(desk.hear(CONTROL, 2, 1, 1)) == pytest.approx([0.0, 0.25])


def test_a_click_moves_a_whole_number_by_one_at_least() -> None:
    desk = Desk("{control: 1, target: target, mode: relative}", target=1)
    desk.hear(CONTROL, 1, 1)
    assert desk.values["/vjdream/target"] == (2,)


def test_an_encoder_goes_through_choices_and_classes() -> None:
    desk = Desk(
        "{control: 1, target: split/shape, mode: relative}",
        "{control: 2, target: class/1, mode: relative}",
        split__shape="line",
        slot__1=19,
    )
    assert arguments(desk.hear(CONTROL, 1, 1, 1, 5)) == ["quarters", "circle", "stripes"]
    assert desk.hear(CONTROL, 2, 1, 1, 1) == []
    assert desk.translator.rested(desk.now + 1) == [("/vjdream/slot/1", (2,))]


# -- pads and buttons ------------------------------------------------------------------------------


def test_a_pad_fires_when_it_is_pressed_and_not_when_it_is_let_go() -> None:
    desk = Desk("{note: 1, target: palette/3}")
    assert desk.hear(NOTE, 1, 100, 0, 1) == [("/vjdream/palette/3", ())] * 2
    assert desk.translator.heard("nano", b"\x80\x01\x40", 0.0, {}) == []


def test_a_button_that_is_a_control_fires_from_the_middle() -> None:
    desk = Desk("{control: 1, target: palette/3}")
    assert len(desk.hear(CONTROL, 1, 127, 0, 127, 127, 63)) == 3
    assert len(desk.hear(CONTROL, 1, 64, 65, 66)) == 1  # a fader


def test_a_pad_switches_over() -> None:
    assert Desk("{note: 1, target: hold}").hear(NOTE, 1, 9) == [("/vjdream/hold", ("!",))]


def test_a_pad_takes_a_number_from_one_end_of_its_range_to_the_other() -> None:
    desk = Desk("{note: 1, target: zoom, range: 1 to 1.5, curve: linear}", zoom=1.0)
    assert arguments(desk.hear(NOTE, 1, 9)) == [1.5]
    assert arguments(desk.hear(NOTE, 1, 9)) == [1.0]


def test_how_hard_a_pad_is_struck_can_be_the_value() -> None:
    desk = Desk("{note: 1, target: strength, mode: absolute}", strength=0.0)
    assert desk.hear(NOTE, 1, 64, 0, 127) == [
        ("/vjdream/norm/strength", (0.5,)),
        ("/vjdream/norm/strength", (1.0,)),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{note: 1, target: zoom, mode: trigger}", ("/vjdream/zoom", (1.05,))),
        ("{note: 1, target: zoom, mode: trigger, value: 2}", ("/vjdream/zoom", (2.0,))),
        ("{note: 1, target: steps, mode: trigger, value: 9}", ("/vjdream/steps", (9,))),
        ("{note: 1, target: hold, mode: trigger, value: true}", ("/vjdream/hold", (1,))),
        ("{note: 1, target: split/shape}", ("/vjdream/split/shape", ("quarters",))),
        ("{note: 1, target: split/shape, value: Circle}", ("/vjdream/split/shape", ("circle",))),
        ("{note: 1, target: class/2}", ("/vjdream/next/2", ())),
        ("{note: 1, target: class/2, value: eye}", ("/vjdream/class/2", ("eye",))),
        ("{note: 1, target: layer, value: block1}", ("/vjdream/layer", ("block1",))),
        ("{note: 1, target: preset/load, value: eyes}", ("/vjdream/preset/load", ("eyes",))),
        ("{note: 1, target: rewind, value: 8}", ("/vjdream/rewind", (8.0,))),
        ("{note: 1, target: snapshot}", ("/vjdream/snapshot", ())),
        (
            "{note: 1, target: classes, value: eye + galaxy}",
            ("/vjdream/classes", ("eye + galaxy",)),
        ),
    ],
)
def test_a_press_sends_what_the_map_says(line: str, told: Told) -> None:
    assert Desk(line, split__shape="line").hear(NOTE, 1, 100) == [told]


# -- whatever comes --------------------------------------------------------------------------------

ARGUMENTS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3)
)
EVERY_KIND = mapped(
    *(f"{{control: 1, target: {target}, mode: {mode}}}" for target, mode in [
        ("zoom", "absolute"), ("zoom", "relative"), ("zoom", "toggle"), ("steps", "relative"),
        ("split/angle", "relative"), ("split/shape", "relative"), ("split/shape", "absolute"),
        ("class/1", "relative"), ("class/1", "absolute"), ("hold", "absolute"),
        ("palette/1", "trigger"), ("split/angle", "absolute"), ("channel", "absolute"),
    ]),
    "{control: 2, target: blur, fine: true}",
    "{bend: true, target: zoom}",
    "{bend: true, target: hold}",
    "{note: 1, target: zoom, mode: absolute}",
    "{note: 1, target: class/1, mode: absolute}",
    "{note: 1, target: split/shape}",
)  # fmt: skip
MESSAGES = st.one_of(
    st.binary(max_size=5),
    st.tuples(
        st.sampled_from([0x80, 0x90, 0xB0, 0xE0]),
        st.sampled_from([0, 1, 2, 34]),
        st.integers(0, 127),
    ).map(bytes),
)


@given(
    st.sampled_from([EVERY_KIND, load(DEFAULT)]),
    st.lists(st.tuples(MESSAGES, st.floats(0, 1)), max_size=30),
    st.dictionaries(
        st.sampled_from([p.address for p in TABLE.values()] + ["/vjdream/slot/1"]),
        st.lists(ARGUMENTS, max_size=2).map(tuple),
        max_size=8,
    ),
)
def test_whatever_comes_nothing_raises_and_all_numbers_are_finite(
    midi_map: MidiMap,
    messages: list[tuple[bytes, float]],
    values: dict[str, tuple[Argument, ...]],
) -> None:
    translator = Translator(midi_map, CLASSES)
    now = 0.0
    for raw, pause in messages:
        now += pause
        told = translator.heard("nano", raw, now, values) + translator.rested(now)
        for address, given_arguments in told:
            assert address.startswith("/vjdream/")
            for argument in given_arguments:
                assert isinstance(argument, str) or math.isfinite(argument)  # type: ignore[arg-type]
