"""The desk with controllers of paper: hot-plug, learning, lights, and nothing that ends it."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from vjdream.clock import RealtimeClock, VirtualClock
from vjdream.errors import ParameterError
from vjdream.messages import Argument
from vjdream.parameters import TABLE
from vjdream.settings import Settings
from vjdream.surfaces.midi import Hear, Output, Port
from vjdream.surfaces.midi_desk import MidiDesk, check
from vjdream.surfaces.midi_map import MapError
from vjdream.surfaces.midi_map_file import MapFile
from vjdream.surfaces.midi_reader import DEFAULT, load
from vjdream.vocabulary import load_descriptor

Callback = Callable[[str, tuple[Argument, ...], str], None]


@dataclass
class FakeLink:
    """Keeps what is sent; the engine's answers are `tell`."""

    values: dict[str, tuple[Argument, ...]] = field(default_factory=dict)
    sent: list[tuple[str, tuple[Argument, ...], str]] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)

    def send(self, address: str, *arguments: Argument, author: str) -> None:
        self.sent.append((address, arguments, author))

    def listen(self, callback: Callback) -> None:
        self.callbacks.append(callback)

    def tell(self, address: str, *arguments: Argument, author: str = "") -> None:
        self.values[address] = arguments
        for callback in self.callbacks:
            callback(address, arguments, author)


@dataclass
class FakePort:
    """One port of a device; it keeps what it is told."""

    hear: Hear = lambda raw: None
    told: list[bytes] = field(default_factory=list)
    closed: bool = False

    def send(self, raw: bytes) -> None:
        if self.closed:
            raise OSError("closed")
        self.told.append(raw)

    def close(self) -> None:
        self.closed = True


@dataclass
class FakePorts:
    """The devices that are plugged in, each with an input and an output of its name."""

    plugged: list[str] = field(default_factory=list)
    inputs: dict[str, FakePort] = field(default_factory=dict)
    outputs: dict[str, FakePort] = field(default_factory=dict)
    broken: bool = False
    refused: bool = False

    def names(self) -> tuple[list[str], list[str]]:
        if self.broken:
            raise OSError("no MIDI system")
        return list(self.plugged), list(self.plugged)

    def open_input(self, name: str, hear: Hear) -> Port:
        if self.refused:
            raise OSError("in use")
        self.inputs[name] = FakePort(hear)
        return self.inputs[name]

    def open_output(self, name: str) -> Output:
        if self.refused:
            raise OSError("in use")
        self.outputs[name] = FakePort()
        return self.outputs[name]


def map_of(settings: Settings) -> Path:
    """The file that such a show learns into."""
    assert settings.midi_map is not None
    return Path(settings.midi_map)


class Rig:
    """A desk that runs, with a link, ports and what it reported."""

    def __init__(
        self, settings: Settings, *plugged: str, clock: VirtualClock | None = None
    ) -> None:
        self.link, self.ports = FakeLink(), FakePorts(list(plugged))
        self.reports: list[str] = []
        self.desk = MidiDesk(
            self.link,
            settings,
            clock or RealtimeClock(),
            self.ports,
            self.reports.append,
            look=0.01,
        )

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the desk go on until something holds; it fails after 10 s."""
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.005)

    def play(self, scene: Callable[[], Coroutine[None, None, None]]) -> None:
        """Run the desk during a scene; it must still run at its end."""

        async def run() -> None:
            task = asyncio.create_task(self.desk.run())
            await scene()
            assert not task.done()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        asyncio.run(run())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(midi="", midi_map=str(tmp_path / "maps" / "midi.yaml"))


def test_a_fader_moves_its_parameter_in_the_name_of_its_device(settings: Settings) -> None:
    rig = Rig(settings, "APC mini:APC mini MIDI 1 20:0")

    async def scene() -> None:
        await rig.until(lambda: rig.ports.inputs)
        rig.ports.inputs["APC mini:APC mini MIDI 1 20:0"].hear(b"\xb0\x30\x40")
        await rig.until(lambda: rig.link.sent)
        assert rig.link.sent == [("/vjdream/norm/zoom", (0.5,), "midi APC mini")]

    rig.play(scene)
    assert "MIDI: APC mini plays" in rig.reports


def test_only_devices_with_the_asked_name_are_opened(settings: Settings) -> None:
    rig = Rig(Settings(midi="NANO", midi_map=settings.midi_map), "APC mini", "nanoKONTROL2")

    async def scene() -> None:
        await rig.until(lambda: rig.ports.inputs)
        assert set(rig.ports.inputs) == set(rig.ports.outputs) == {"nanoKONTROL2"}

    rig.play(scene)


def test_a_class_knob_is_heard_after_it_has_rested(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "knobs.yaml"
    path.write_text("vjdream: 1\ncontrols:\n- {control: 1, target: class/1}\n")
    rig = Rig(Settings(midi="", midi_map=str(path)), "nano")

    async def scene() -> None:
        await rig.until(lambda: rig.ports.inputs)
        for value in (3, 60, 0):
            rig.ports.inputs["nano"].hear(bytes((0xB0, 1, value)))
        await rig.until(lambda: rig.link.sent)
        assert rig.link.sent == [("/vjdream/slot/1", (0,), "midi")]

    rig.play(scene)


def test_what_is_plugged_out_stops_nothing_and_comes_back(settings: Settings) -> None:
    rig = Rig(settings)
    rig.link.values["/vjdream/hold"] = (1,)

    async def scene() -> None:
        await rig.until(lambda: "MIDI: no device yet" in rig.reports)
        rig.ports.plugged = ["APC mini"]
        await rig.until(lambda: "APC mini" in rig.ports.inputs)
        first, lit = rig.ports.inputs["APC mini"], rig.ports.outputs["APC mini"]
        await rig.until(lambda: b"\x90\x44\x7f" in lit.told)
        rig.ports.plugged = []
        await rig.until(lambda: first.closed)
        rig.ports.broken = True
        await rig.until(lambda: any("is not available" in report for report in rig.reports))
        rig.ports.broken, rig.ports.plugged = False, ["APC mini"]
        await rig.until(lambda: rig.ports.inputs["APC mini"] is not first)
        rig.ports.inputs["APC mini"].hear(b"\xb0\x30\x40")
        await rig.until(lambda: rig.link.sent)
        again = rig.ports.outputs["APC mini"]
        await rig.until(lambda: b"\x90\x44\x7f" in again.told)

    rig.play(scene)
    assert "MIDI: APC mini is gone" in rig.reports


def test_a_device_that_another_program_has_is_told_of_once_and_opened_later(
    settings: Settings,
) -> None:
    rig = Rig(settings, "APC mini")
    rig.ports.refused = True

    async def scene() -> None:
        await rig.until(lambda: any("input 'APC mini' cannot" in r for r in rig.reports))
        await asyncio.sleep(0.05)
        rig.ports.refused = False
        await rig.until(lambda: rig.ports.inputs and rig.ports.outputs)

    rig.play(scene)
    assert sum("input 'APC mini' cannot" in report for report in rig.reports) == 1


def test_a_control_is_learned_and_survives_a_restart(settings: Settings) -> None:
    rig = Rig(settings, "nano")

    async def scene() -> None:
        await rig.until(lambda: rig.ports.inputs)
        rig.link.tell("/vjdream/midi/learn", "/vjdream/blur")
        assert rig.desk.learning == "/vjdream/blur"
        for value in (10, 20, 30, 40):
            rig.ports.inputs["nano"].hear(bytes((0xB0, 48, value)))
        await rig.until(lambda: not rig.desk.learning)
        assert rig.link.sent == []  # the old meaning of that fader is silent meanwhile
        rig.ports.inputs["nano"].hear(b"\xb0\x30\x40")
        await rig.until(lambda: rig.link.sent)
        assert rig.link.sent[0][0] == "/vjdream/norm/blur"

    rig.play(scene)
    path = map_of(settings)
    raw = yaml.safe_load(path.read_text())
    assert {"device": "nano", "channel": 1, "control": 48, "target": "blur"} in raw["controls"]

    again = Rig(settings, "nano")

    async def after() -> None:
        await again.until(lambda: again.ports.inputs)
        again.ports.inputs["nano"].hear(b"\xb0\x30\x40")
        await again.until(lambda: again.link.sent)
        assert again.link.sent[0][0] == "/vjdream/norm/blur"

    again.play(after)


def test_an_address_that_is_not_there_cannot_be_learned(settings: Settings) -> None:
    rig = Rig(settings)
    with pytest.raises(ParameterError, match="did you mean 'zoom'"):
        rig.desk.learn("/vjdream/zoon")

    async def scene() -> None:
        await rig.until(lambda: rig.link.callbacks)
        rig.link.tell("/vjdream/midi/learn", "/vjdream/zoon")
        rig.link.tell("/vjdream/midi/learn", 5)
        rig.link.tell("/vjdream/midi/learn")

    rig.play(scene)
    assert any("did you mean 'zoom'" in report for report in rig.reports)


def test_learning_gives_up_after_a_minute(settings: Settings) -> None:
    clock = VirtualClock()
    rig = Rig(settings, clock=clock)

    async def scene() -> None:
        rig.desk.learn("/vjdream/zoom")
        clock.wait_until(60.1)
        await rig.until(lambda: not rig.desk.learning)

    rig.play(scene)
    assert "MIDI: no control was moved for /vjdream/zoom" in rig.reports


def test_a_map_that_cannot_be_written_is_told_of_and_plays_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    rig = Rig(Settings(midi="", midi_map=str(tmp_path / "file" / "midi.yaml")), "nano")

    async def scene() -> None:
        await rig.until(lambda: rig.ports.inputs)
        rig.desk.learn("/vjdream/hold")
        rig.ports.inputs["nano"].hear(b"\x90\x01\x7f")
        await rig.until(lambda: any("cannot be written" in report for report in rig.reports))
        rig.ports.inputs["nano"].hear(b"\x90\x01\x7f")
        await rig.until(lambda: rig.link.sent == [("/vjdream/hold", ("!",), "midi nano")])

    rig.play(scene)


def test_pads_show_the_palette_of_the_preset_that_plays(settings: Settings) -> None:
    rig = Rig(settings, "APC mini")
    first, second = load_palette("eyes")[:2]

    async def scene() -> None:
        await rig.until(lambda: rig.ports.outputs)
        told = rig.ports.outputs["APC mini"].told
        rig.link.tell("/vjdream/target", 1)
        rig.link.tell("/vjdream/state/preset", "eyes")
        rig.link.tell("/vjdream/class/1", first)
        await rig.until(lambda: b"\x90\x38\x05" in told)
        rig.link.tell("/vjdream/class/1", second)
        await rig.until(lambda: b"\x90\x39\x05" in told)
        assert told[-2:] in ([b"\x90\x38\x01", b"\x90\x39\x05"], [b"\x90\x39\x05", b"\x90\x38\x01"])

    rig.play(scene)
    assert b"\x90\x39\x00" in rig.ports.outputs["APC mini"].told  # dark when the show ends


def load_palette(name: str) -> list[str]:
    path = Path(__file__).parent.parent.parent / "presets" / f"{name}.yaml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))["palette"])


def test_what_comes_back_through_a_loop_of_cables_is_not_heard(settings: Settings) -> None:
    clock = VirtualClock()
    rig = Rig(settings, "loop", clock=clock)

    async def scene() -> None:
        await rig.until(lambda: rig.ports.outputs)
        rig.link.tell("/vjdream/zoom", 1.0)
        told = rig.ports.outputs["loop"].told
        await rig.until(lambda: b"\xb0\x30\x40" in told)
        rig.ports.inputs["loop"].hear(b"\xb0\x30\x40")
        await asyncio.sleep(0.05)
        assert rig.link.sent == []
        clock.wait_until(1.0)
        rig.ports.inputs["loop"].hear(b"\xb0\x30\x40")
        await rig.until(lambda: rig.link.sent)

    rig.play(scene)


def test_the_map_that_ships_plays_until_there_is_an_own_one(settings: Settings) -> None:
    assert MapFile(settings).midi_map == load(DEFAULT)
    path = map_of(settings)
    path.parent.mkdir()
    path.write_text("vjdream: 1\ncontrols: []\n")
    assert MapFile(settings).midi_map.bindings == ()
    path.write_text("vjdream: 1\ncontrols: [3]\n")
    with pytest.raises(MapError, match=r"midi\.yaml line 2"):
        check(settings)
    with pytest.raises(MapError, match=r"midi\.yaml line 2"):
        MidiDesk(FakeLink(), settings, VirtualClock(), FakePorts())


def test_every_fader_of_the_map_that_ships_moves_a_parameter(settings: Settings) -> None:
    rig = Rig(settings, "APC mini")

    async def scene() -> None:
        await rig.until(lambda: rig.ports.inputs)
        for number in range(48, 57):
            rig.ports.inputs["APC mini"].hear(bytes((0xB0, number, 64)))
        await rig.until(lambda: len(rig.link.sent) == 9)
        names = {address.removeprefix("/vjdream/norm/") for address, _, _ in rig.link.sent}
        assert len(names & set(TABLE)) == 9

    rig.play(scene)


def test_another_network_has_other_classes_for_knobs_and_pads(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "knobs.yaml"
    path.write_text(
        "vjdream: 1\ncontrols:\n- {control: 1, target: class/1}\n"
        "- {note: 1, target: palette/1, light: 5}\n"
    )
    rig = Rig(Settings(midi="", midi_map=str(path)), "nano")
    classes = [entry.slug for entry in load_descriptor("vgg16").classes]

    async def scene() -> None:
        await rig.until(lambda: rig.ports.inputs)
        rig.desk.change_network("vgg16")
        rig.ports.inputs["nano"].hear(b"\xb0\x01\x7f")
        await rig.until(lambda: rig.link.sent)
        assert rig.link.sent == [("/vjdream/slot/1", (999,), "midi")]
        rig.link.tell("/vjdream/class/1", classes[0])
        await rig.until(lambda: b"\x90\x01\x05" in rig.ports.outputs["nano"].told)

    rig.play(scene)
