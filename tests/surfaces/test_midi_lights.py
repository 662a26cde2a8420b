"""Lamps, rings and motor faders: told what has changed, and nothing twice."""

from hypothesis import given
from hypothesis import strategies as st

from vjdream.messages import Argument
from vjdream.parameters import TABLE
from vjdream.surfaces.midi_lights import Lights
from vjdream.surfaces.midi_map import MidiMap
from vjdream.surfaces.midi_messages import Event, decode
from vjdream.surfaces.midi_reader import DEFAULT, load, parse
from vjdream.surfaces.midi_values import Values

CLASSES = 5
SHIPPED = load(DEFAULT)


def mapped(*lines: str) -> MidiMap:
    return parse("vjdream: 1\ncontrols:\n" + "".join(f"- {line}\n" for line in lines), "map.yaml")


def lights(*lines: str) -> Lights:
    return Lights(mapped(*lines), CLASSES)


def said(**values: Argument) -> Values:
    return {f"/vjdream/{name.replace('__', '/')}": (value,) for name, value in values.items()}


def events(messages: list[bytes]) -> dict[int, int]:
    """Values by number."""
    found = [decode(raw) for raw in messages]
    return {event.number: event.value for event in found if event is not None}


def test_a_lamp_is_lit_while_its_switch_is_on() -> None:
    lamp = lights("{note: 1, target: hold, light: 3, dim: 1}")
    assert events(lamp.messages("nano", said(hold=0))) == {1: 1}
    assert events(lamp.messages("nano", said(hold=1))) == {1: 3}


def test_nothing_is_told_twice() -> None:
    lamp = lights("{note: 1, target: hold}", "{control: 2, target: master}")
    values = said(hold=1, master=0.5)
    assert events(lamp.messages("nano", values)) == {1: 127, 2: 64}
    assert lamp.messages("nano", values) == []
    assert events(lamp.messages("other", values)) == {1: 127, 2: 64}


def test_pads_show_what_the_target_region_dreams_and_what_it_could() -> None:
    pads = lights(*(f"{{note: {n}, target: palette/{n}, light: 5, dim: 1}}" for n in (1, 2, 3, 4)))
    palette = ("eye", "galaxy", "ocean")
    values = {**said(target=2), **said(class__1="eye", class__2="galaxy")}
    assert events(pads.messages("nano", values, palette)) == {1: 1, 2: 5, 3: 1, 4: 0}
    values |= said(target=0)  # every region
    assert events(pads.messages("nano", values, palette)) == {1: 5}


def test_pads_that_choose_a_value_show_which_one_it_is() -> None:
    lamp = lights(
        "{note: 1, target: target, mode: trigger, value: 1}",
        "{note: 2, target: target, mode: trigger, value: 2}",
        "{note: 3, target: split/shape, value: circle}",
        "{note: 4, target: class/1, value: 3}",
        "{note: 5, target: preset/load, value: eyes}",
        "{note: 6, target: record/start}",
    )
    values = said(
        target=2, split__shape="circle", slot__1=3, state__preset="eyes", state__recording=1
    )
    assert events(lamp.messages("nano", values)) == {1: 0, 2: 127, 3: 127, 4: 127, 5: 127, 6: 127}


def test_a_command_that_is_no_state_is_never_lit() -> None:
    lamp = lights("{note: 1, target: random/1, dim: 2}")
    assert events(lamp.messages("nano", {})) == {1: 2}


def test_faders_and_rings_follow_the_values() -> None:
    ring = lights(
        "{control: 1, target: zoom}",
        "{control: 2, target: class/1}",
        "{control: 3, target: split/shape}",
        "{control: 4, target: hold}",
        "{control: 5, target: master, fine: true}",
        "{control: 6, target: blur}",
    )
    values = said(zoom=1.0, slot__1=CLASSES - 1, split__shape="stripes", hold=1, master=0.5)
    assert events(ring.messages("nano", values)) == {1: 64, 2: 127, 3: 127, 4: 127, 5: 64}


def test_a_fader_is_not_moved_under_the_hand() -> None:
    ring = lights("{control: 1, target: master}", "{control: 2, target: blur, mode: relative}")
    own = ["/vjdream/master", "/vjdream/blur"]
    assert events(ring.messages("nano", said(master=0.5, blur=0.05), own=own)) == {2: 127}
    assert events(ring.messages("nano", said(master=1.0, blur=0.05))) == {1: 127}


def test_a_device_hears_only_of_its_own_controls() -> None:
    lamp = lights("{device: apc, note: 1, target: hold}", "{device: nano, note: 2, target: hold}")
    assert events(lamp.messages("APC mini", said(hold=1))) == {1: 127}


def test_a_lamp_can_have_a_channel_of_its_own() -> None:
    (raw,) = lights("{note: 1, target: hold, light_channel: 7}").messages("nano", said(hold=1))
    assert decode(raw) == Event("note", 7, 1, 127)


def test_a_lamp_goes_out_when_its_pad_is_bound_no_more() -> None:
    lamp = lights("{note: 1, target: hold}")
    lamp.messages("nano", said(hold=1))
    lamp.midi_map = MidiMap()
    assert events(lamp.messages("nano", said(hold=1))) == {1: 0}
    assert lamp.messages("nano", said(hold=1)) == []


def test_a_device_that_was_plugged_in_again_is_told_everything() -> None:
    lamp = lights("{note: 1, target: hold}")
    first = lamp.messages("nano", said(hold=1))
    lamp.forget("nano")
    assert lamp.messages("nano", said(hold=1)) == first


def test_at_the_end_the_lamps_go_out_and_the_faders_stay() -> None:
    lamp = lights(
        "{note: 1, target: hold}", "{note: 2, target: blackout}", "{control: 3, target: zoom}"
    )
    lamp.messages("nano", said(hold=1, blackout=0, zoom=1.0))
    assert events(lamp.dark("nano")) == {1: 0}


@given(
    st.dictionaries(
        st.sampled_from(
            [p.address for p in TABLE.values()]
            + [f"/vjdream/{name}" for name in ("slot/1", "state/preset", "state/recording")]
        ),
        st.lists(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            max_size=2,
        ).map(tuple),
    ),
    st.lists(st.sampled_from(["eye", "galaxy", ""]), max_size=3),
)
def test_whatever_the_engine_says_lamps_are_told_in_whole_messages(
    values: Values, palette: list[str]
) -> None:
    lamps = Lights(SHIPPED, CLASSES)
    for raw in lamps.messages("APC mini", values, palette) + lamps.dark("APC mini"):
        assert decode(raw) is not None
