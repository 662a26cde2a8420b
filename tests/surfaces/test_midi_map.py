"""Map files: every mistake told with its line, and what is written reads as the same map."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.parameters import TABLE
from vjdream.surfaces.midi_learn import Learner
from vjdream.surfaces.midi_map import Binding, Control, MapError, MidiMap
from vjdream.surfaces.midi_messages import Event
from vjdream.surfaces.midi_reader import DEFAULT, LARGEST_FILE, load, parse
from vjdream.surfaces.midi_targets import MODES, find, targets


def read(*lines: str) -> MidiMap:
    return parse("vjdream: 1\ncontrols:\n" + "".join(f"- {line}\n" for line in lines), "map.yaml")


def mistakes(text: str) -> str:
    with pytest.raises(MapError) as caught:
        parse(text, "map.yaml")
    return str(caught.value)


def mistake(line: str) -> str:
    return mistakes(f"vjdream: 1\ncontrols:\n- {line}\n")


def test_a_line_names_a_control_and_what_it_moves() -> None:
    (binding,) = read("{control: 48, target: zoom}").bindings
    assert binding == Binding(Control("control", 48), "zoom", "absolute")
    assert (binding.pickup, binding.curve, binding.range) == (True, "own", None)


def test_a_line_can_say_everything() -> None:
    (fader, pad) = read(
        "{device: nano, channel: 3, control: 7, target: /vjdream/zoom, range: 0.9 to 1.2, "
        "curve: linear, pickup: false, fine: true, light_channel: 7}",
        "{note: 5, target: preset/load, value: cathedral, light: 3, dim: 1}",
    ).bindings
    assert fader == Binding(
        Control("control", 7, 3, "nano"), "zoom", "absolute", (0.9, 1.2), "linear",
        pickup=False, fine=True, light_channel=7,
    )  # fmt: skip
    assert pad == Binding(
        Control("note", 5), "preset/load", "trigger", value="cathedral", light=3, dim=1
    )


@pytest.mark.parametrize("address", ["zoom", "/vjdream/zoom", "/vjdream/norm/zoom", "norm/zoom"])
def test_a_target_goes_by_its_name_and_by_its_addresses(address: str) -> None:
    assert read(f"{{control: 1, target: {address}}}").bindings[0].target == "zoom"


def test_a_slot_is_another_name_of_its_class() -> None:
    assert find("/vjdream/slot/3") is find("class/3")
    assert find("class/3").slot == "/vjdream/slot/3"


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("{note: 1, target: blackout}", "toggle"),
        ("{note: 1, target: zoom}", "toggle"),
        ("{note: 1, target: palette/7}", "trigger"),
        ("{note: 1, target: split/shape}", "trigger"),
        ("{note: 1, target: class/1}", "trigger"),
        ("{control: 1, target: blackout}", "absolute"),
        ("{control: 1, target: palette/7}", "trigger"),
        ("{control: 1, target: class/1}", "absolute"),
        ("{bend: true, target: zoom}", "absolute"),
    ],
)
def test_what_a_control_does_goes_without_saying(line: str, mode: str) -> None:
    assert read(line).bindings[0].mode == mode


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{control: 1, target: zom}", "did you mean 'zoom'?"),
        ("{control: 1, target: /vjdream/palette/65}", "did you mean 'palette/6"),
        ("{control: 128, target: zoom}", "'control' needs a number from 0 to 127, got 128"),
        ("{control: true, target: zoom}", "'control' needs a number from 0 to 127, got True"),
        ("{control: 1, note: 1, target: zoom}", "one of control, note, bend is needed, got 2"),
        ("{target: zoom}", "one of control, note, bend is needed, got 0"),
        ("{bend: false, target: zoom}", "'bend' needs true"),
        ("{control: 1}", "a 'target' is missing"),
        ("{control: 1, channel: 0, target: zoom}", "'channel' needs a number from 1 to 16, got 0"),
        ("{control: 1, device: '', target: zoom}", "'device' needs a part of a port's name"),
        ("{control: 1, target: zoom, mode: relatve}", "did you mean 'relative'?"),
        ("{control: 1, target: palette/1, mode: absolute}", "(allowed: trigger)"),
        ("{control: 1, target: zoom, range: 0.1 to 2}", "outside that of 'zoom' (0.5 to 2"),
        ("{control: 1, target: zoom, range: 1}", "two numbers, such as 0.9 to 1.2"),
        ("{control: 1, target: zoom, range: 1 to 1}", "two numbers, such as 0.9 to 1.2"),
        ("{control: 1, target: zoom, range: nan to 1}", "two numbers, such as 0.9 to 1.2"),
        ("{control: 1, target: zoom, curve: cubic}", "(allowed: own, linear)"),
        ("{control: 1, target: zoom, pickup: 3}", "'pickup' needs true or false, got 3"),
        ("{control: 1, target: zoom, value: 1.2}", "'value' is for mode trigger"),
        ("{control: 1, target: zoom, step: 0.1}", "'step' is for numbers in mode relative"),
        ("{control: 1, target: zoom, mode: relative, step: 0}", "'step' needs a number above 0"),
        ("{control: 1, target: zoom, mode: relative, pickup: true}", "is for mode absolute"),
        ("{control: 32, target: zoom, fine: true}", "'fine' is for controls 0 to 31"),
        ("{note: 1, target: zoom, mode: relative}", "a note cannot be relative"),
        ("{bend: true, target: zoom, mode: toggle}", "a bend cannot toggle"),
        ("{control: 1, target: zoom, encoding: gray}", "'encoding' is for mode relative"),
        ("{note: 1, target: layer}", "'layer' needs a 'value' to send"),
        ("{note: 1, target: preset/load}", "'preset/load' needs a 'value' to send"),
        ("{note: 1, target: preset/load, value: ../x}", "'../x' is no name for 'preset/load'"),
        ("{note: 1, target: snapshot, value: /etc/passwd}", "is no name for 'snapshot'"),
        ("{note: 1, target: rewind, value: long}", "'rewind' needs a number of seconds"),
        ("{note: 1, target: palette/1, value: 2}", "'palette/1' is a trigger and takes no value"),
        ("{note: 1, target: zoom, mode: trigger, value: 9}", "9 is out of range (allowed 0.5 to 2"),
        ("{note: 1, target: zoom, mode: trigger, value: fast}", "'zoom' needs a number"),
        ("{note: 1, target: hold, mode: trigger, value: 3}", "'hold' needs true or false, got 3"),
        ("{note: 1, target: split/shape, value: wole}", "did you mean 'whole'?"),
        ("{note: 1, target: class/1, value: 1.5}", "'class/1' needs a class of the network"),
        ("{note: 1, targt: zoom}", "did you mean 'target'?"),
        ("{note: 1, note: 2, target: zoom}", "'note' stands twice"),
        ("zoom", "a control is told like '{control: 48, target: zoom}'"),
        ("{note: 1, target: blackout, light: 128}", "'light' needs a number from 0 to 127"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, sentence: str) -> None:
    told = mistake(line)
    assert told.startswith("map.yaml line 3: ")
    assert sentence in told


def test_all_mistakes_are_told_at_once() -> None:
    told = mistakes(
        "vjdream: 2\ncontrols:\n- {control: 1, target: zom}\n- {note: 200, target: zoom}\n"
    )
    assert [part[:15] for part in told.split("; ")] == [
        "map.yaml line 1", "map.yaml line 3", "map.yaml line 4",
    ]  # fmt: skip


def test_many_mistakes_are_cut_short() -> None:
    text = "vjdream: 1\ncontrols:\n" + "- {control: 1, target: zom}\n" * 100
    assert mistakes(text).endswith("; and more")
    assert len(mistakes(text)) < 3000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a MIDI map is a list"),
        ("controls: []", "map.yaml: the line 'vjdream: 1' is missing"),
        ("vjdream: 1\ncontrols: 3", "map.yaml line 2: 'controls' needs a list"),
        ("vjdream: 1\nfaders: []", "'faders' is unknown here"),
        ("vjdream: 1\na: *b", "map.yaml"),
        ("vjdream: 1\n\tx", "map.yaml line 2"),
        ("vjdream: 1\ncontrols:\n- {control: [[1]], target: zoom}", "nested too deeply"),
    ],
)
def test_what_is_no_map_is_refused(text: str, sentence: str) -> None:
    assert sentence in mistakes(text)


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    for content in (text, f"vjdream: 1\ncontrols:\n- {text}"):
        try:
            parse(content, "map.yaml")
        except MapError as error:
            assert str(error)


def test_a_file_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="cannot be read"):
        load(tmp_path / "missing.yaml")
    with pytest.raises(MapError, match="is no file"):
        load(tmp_path)
    (tmp_path / "large.yaml").write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(MapError, match="larger than 256 KB"):
        load(tmp_path / "large.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(MapError, match="cannot be read"):
        load(tmp_path / "bytes.yaml")


def controls() -> st.SearchStrategy[Control]:
    devices = st.text(max_size=20).filter(lambda text: text == "" or bool(text.strip()))
    channels = st.none() | st.integers(1, 16)
    return st.builds(
        Control, st.sampled_from(["control", "note"]), st.integers(0, 127), channels, devices
    ) | st.builds(Control, st.just("bend"), st.just(0), channels, devices)


@st.composite
def bindings(draw: st.DrawFn) -> Binding:
    """Any line that a map may hold."""
    control = draw(controls())
    name = draw(st.sampled_from(sorted({t.name for t in targets().values()})))
    target = find(name)
    modes = [
        m
        for m in MODES[target.purpose]
        if not (m == "relative" and control.kind != "control")
        and not (m == "toggle" and control.kind == "bend")
    ]
    mode = draw(st.sampled_from(modes))
    more: dict[str, object] = {
        "light": draw(st.integers(0, 127)),
        "dim": draw(st.integers(0, 127)),
        "light_channel": draw(st.none() | st.integers(1, 16)),
    }
    parameter = target.parameter
    if target.purpose == "number" and mode != "trigger" and draw(st.booleans()):
        assert parameter is not None
        ends = st.floats(parameter.minimum, parameter.maximum)
        low, high = draw(st.tuples(ends, ends).filter(lambda pair: abs(pair[0] - pair[1]) > 0.01))
        more |= {"range": (low, high), "curve": draw(st.sampled_from(["own", "linear"]))}
    if mode == "absolute":
        more["pickup"] = draw(st.booleans())
        if control.kind == "control" and control.number < 32:
            more["fine"] = draw(st.booleans())
    if mode == "relative":
        more["encoding"] = draw(st.sampled_from(["twos_complement", "sign_bit", "binary_offset"]))
        if target.purpose == "number":
            more["step"] = draw(st.floats(0.0, 1.0, exclude_min=True))
    if target.needs_value:
        value = 2.5 if name == "rewind" else draw(st.sampled_from(["eye", "a b", "cafe-1"]))
        more["value"] = value
    return Binding(control, name, mode, **more)  # type: ignore[arg-type]


@given(st.lists(bindings(), max_size=5), st.text("ab #:\u00e9-", max_size=20))
def test_what_is_written_reads_as_the_same_map(found: list[Binding], about: str) -> None:
    midi_map = MidiMap(tuple(found), about.strip())
    assert parse(midi_map.text(), "map.yaml") == midi_map


def test_the_map_that_ships_is_written_as_it_is_read() -> None:
    midi_map = load(DEFAULT)
    assert parse(midi_map.text(), "x") == midi_map
    assert midi_map.about.startswith("A surface of eight faders")


def test_the_map_that_ships_lets_the_pads_play_the_palette_from_the_top_left() -> None:
    midi_map = load(DEFAULT)

    def pad(note: int) -> list[str]:
        return [b.target for b in midi_map.of("any", Event("note", 1, note, 1))]

    assert [pad(n) for n in (56, 63, 48, 0, 7)] == [
        ["palette/1"], ["palette/8"], ["palette/9"], ["palette/57"], ["palette/64"],
    ]  # fmt: skip
    faders = [midi_map.of("any", Event("control", 1, n, 1))[0].target for n in range(48, 57)]
    assert len(set(faders)) == 9
    assert set(faders) <= set(TABLE)


def test_no_two_controls_of_the_map_that_ships_are_the_same() -> None:
    midi_map = load(DEFAULT)
    assert len({b.control for b in midi_map.bindings}) == len(midi_map.bindings)


def test_a_control_is_of_its_device_and_channel_only() -> None:
    midi_map = read("{device: Nano, channel: 2, control: 5, target: zoom}")
    event = Event("control", 2, 5, 1)
    assert midi_map.of("my nanoKONTROL2", event)
    assert not midi_map.of("APC mini", event)
    assert not midi_map.of("my nanoKONTROL2", Event("control", 1, 5, 1))
    assert not midi_map.of("my nanoKONTROL2", Event("note", 2, 5, 1))


def test_one_fader_may_move_several_values() -> None:
    midi_map = read("{control: 5, target: zoom}", "{control: 5, target: blur}")
    assert [b.target for b in midi_map.of("", Event("control", 1, 5, 1))] == ["zoom", "blur"]


def test_what_is_learned_takes_the_place_of_its_control_and_of_its_target() -> None:
    midi_map = read(
        "{control: 5, target: blur}", "{control: 6, target: zoom}", "{control: 7, target: prior}"
    )
    learned = midi_map.learned(Binding(Control("control", 5, 1, "nano"), "zoom", "absolute"))
    assert [(b.control.number, b.target) for b in learned.bindings] == [(7, "prior"), (5, "zoom")]


def test_pads_that_choose_a_value_stay_when_a_knob_is_learned() -> None:
    midi_map = read("{note: 1, target: target, mode: trigger, value: 2}")
    learner = Learner("target")
    for value in (0, 20, 60, 90):
        binding = learner.heard("nano", Event("control", 1, 3, value))
    assert binding is not None
    assert len(midi_map.learned(binding).bindings) == 2


def test_the_same_control_of_another_device_stays() -> None:
    midi_map = read("{device: APC, control: 5, target: blur}")
    learned = midi_map.learned(Binding(Control("control", 5, 1, "nano"), "zoom", "absolute"))
    assert len(learned.bindings) == 2


def test_every_value_of_a_map_stays_within_the_table() -> None:
    for midi_map in (load(DEFAULT), read("{control: 1, target: zoom, range: 1.2 to 0.9}")):
        for binding in midi_map.bindings:
            if binding.meant.purpose == "number" and not binding.pressed:
                for along in (0.0, 0.3, 1.0):
                    address, value = binding.value_at(along)
                    assert address.endswith(binding.target)
                    parameter = binding.meant.parameter
                    assert parameter is not None
                    norm = address.startswith("/vjdream/norm/")
                    real = parameter.denormalised(value) if norm else value
                    assert binding.position_of(real) == pytest.approx(along, abs=1e-9)
