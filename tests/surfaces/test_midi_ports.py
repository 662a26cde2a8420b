"""Ports: what devices are called, systems that do not answer, and libraries that are missing."""

import sys
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.errors import SettingsError
from vjdream.surfaces import midi
from vjdream.surfaces.midi import device_name, system_ports


@pytest.mark.parametrize(
    ("port", "device"),
    [
        ("APC mini:APC mini MIDI 1 20:0", "APC mini"),  # ALSA
        ("APC mini 1", "APC mini"),  # Windows
        ("APC mini", "APC mini"),  # macOS
        ("nanoKONTROL2 1 SLIDER/KNOB", "nanoKONTROL2 1 SLIDER/KNOB"),
        ("pads:out", "pads"),  # JACK
        ("pads-01:in", "pads"),
        ("Midi-Bridge:APC mini MIDI 1 (capture)", "APC mini MIDI"),  # PipeWire
        ("12", "12"),
        ("", ""),
    ],
)
def test_a_device_goes_by_one_name_wherever_it_is_plugged_in(port: str, device: str) -> None:
    assert device_name(port) == device


@given(st.text(max_size=60))
def test_a_devices_name_is_a_part_of_its_ports_name(port: str) -> None:
    assert device_name(port) in port
    assert bool(device_name(port)) == bool(port)


@pytest.mark.parametrize("library", ["mido", "rtmidi"])
def test_missing_libraries_are_named_with_what_to_install(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SettingsError, match=r"pip install 'vjdream\[midi\]'"):
        system_ports()


@dataclass
class FakeMidoPort:
    """One of mido's ports."""

    name: str
    callback: Any = None
    sent: list[Any] = field(default_factory=list)
    closed: bool = False

    def send(self, message: Any) -> None:
        self.sent.append(message)

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeBackend:
    """One of mido's backends; it is its own module."""

    devices: list[tuple[str, bool, bool]]
    api: str | None = None
    broken: bool = False
    ports: dict[str, FakeMidoPort] = field(default_factory=dict)

    @property
    def module(self) -> "FakeBackend":
        return self

    def get_devices(self, **asked: str) -> list[dict[str, object]]:
        if self.broken:
            raise OSError("no sequencer")
        return [{"name": n, "is_input": i, "is_output": o} for n, i, o in self.devices]

    def open_input(self, name: str, callback: Any) -> FakeMidoPort:
        if name not in {device[0] for device in self.devices}:
            raise ValueError(f"unknown port {name}")
        self.ports[name] = FakeMidoPort(name, callback)
        return self.ports[name]

    def open_output(self, name: str) -> FakeMidoPort:
        self.ports[name] = FakeMidoPort(name)
        return self.ports[name]


def test_ports_that_lead_back_to_this_program_are_left_out() -> None:
    pytest.importorskip("mido")
    names = [
        "RtMidiOut Client:RtMidi output",
        "RtMidiIn Client:RtMidiIn Client 129:0",
        "Midi Through:Midi Through Port-0 14:0",
        "APC mini:APC mini MIDI 1 20:0",
    ]
    ports = midi._MidoPorts([FakeBackend([(name, True, True) for name in names])])
    assert ports.names() == ([names[3]], [names[3]])


def test_the_next_system_is_asked_where_one_does_not_answer() -> None:
    first = FakeBackend([("one", True, False)], broken=True)
    second = FakeBackend([("two", False, True)])
    ports = midi._MidoPorts([first, second])
    assert ports.names() == ([], ["two"])
    second.broken = True
    with pytest.raises(OSError, match="no sequencer"):
        ports.names()
    first.broken = False
    assert ports.names() == (["one"], [])


def test_messages_go_through_as_bytes_until_a_port_is_closed() -> None:
    mido = pytest.importorskip("mido")
    backend = FakeBackend([("nano", True, True)])
    ports = midi._MidoPorts([backend])
    heard: list[bytes] = []
    port = ports.open_input("nano", heard.append)
    backend.ports["nano"].callback(mido.Message("control_change", control=7, value=9))
    port.close()
    assert backend.ports["nano"].closed
    backend.ports["nano"].callback(mido.Message("control_change", control=7, value=9))
    assert heard == [b"\xb0\x07\x09"]
    output = ports.open_output("nano")
    output.send(b"\x90\x01\x7f")
    assert backend.ports["nano"].sent == [mido.Message("note_on", note=1, velocity=127)]


def test_a_port_of_jack_is_never_closed_for_that_can_end_the_process() -> None:
    backend = FakeBackend([("nano", True, True)], api=midi.JACK)
    port = midi._MidoPorts([backend]).open_input("nano", lambda raw: None)
    before = sys.getrefcount(backend.ports["nano"])
    port.close()
    assert not backend.ports["nano"].closed
    assert sys.getrefcount(backend.ports["nano"]) > before


def test_whatever_the_library_raises_is_an_os_error() -> None:
    ports = midi._MidoPorts([FakeBackend([])])
    with pytest.raises(OSError, match="unknown port nano"):
        ports.open_input("nano", lambda raw: None)
