"""Every parameter's way to the engine and back: real bytes, real parser, real dispatcher."""

from pathlib import Path
from typing import Any

import pytest

from tests.touchdesigner.built import TABLE, built
from tests.touchdesigner.fake import World
from tests.touchdesigner.fake_operators import Operator
from tests.touchdesigner.fake_parameters import Par
from vjdream.control.dispatch import Dispatcher
from vjdream.control.outcome import Outcome
from vjdream.messages import Argument, Message
from vjdream.packets import encode, encode_message, parse
from vjdream.parameters import TABLE as PARAMETERS
from vjdream.parameters import State, Value
from vjdream.preset_library import Library
from vjdream.vocabulary import load_descriptor

VOCABULARY = load_descriptor("dreamnet").vocabulary
NAMES = [entry["name"] for entry in TABLE["parameters"]]
BUTTONS = [entry["name"] for entry in TABLE["commands"]]


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Operator]:
    return built(tmp_path_factory.mktemp("project"))


class Engine:
    """What the engine makes of packets."""

    def __init__(self, presets: Path | None = None) -> None:
        library = Library(VOCABULARY, presets, first=State())
        self.dispatcher = Dispatcher(VOCABULARY, State(), library)
        self._time = 0.0

    def hears(self, packets: list[bytes]) -> list[Outcome]:
        outcomes = []
        for packet in packets:
            for address, arguments in parse(packet):
                self._time += 1.0
                message = Message(self._time, address, arguments, ("127.0.0.1", 50000))
                outcomes.append(self.dispatcher.apply(message))
        return outcomes

    def value(self, name: str) -> Value:
        return self.dispatcher.target.value(PARAMETERS[name])


def moved(par: Par, entry: dict[str, Any]) -> None:
    """Give a parameter another value than it has, as a hand would."""
    if entry["kind"] in ("continuous", "integer"):
        low, high = entry["minimum"], entry["maximum"]
        before, par.val = par.val, low + (high - low) * 0.3
        if par.val == before:
            par.val = high
    elif entry["kind"] == "toggle":
        par.val = not par.val
    else:
        par.val = next(word for word in reversed(par.menuNames) if word != par.val)


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_goes_to_the_engine_and_its_feedback_is_not_sent_back(
    show: tuple[World, Operator], name: str
) -> None:
    world, comp = show
    entry = TABLE["parameters"][NAMES.index(name)]
    par, engine = comp.par[entry["touchdesigner"]], Engine()
    assert par is not None
    moved(par, entry)
    world.frame()
    packets = world.take()
    assert len(packets) == 1
    engine.hears(packets)
    reached = engine.value(name)
    assert reached == (pytest.approx(par.eval(), rel=1e-6) if entry["type"] == "f" else par.eval())
    assert isinstance(reached, type(PARAMETERS[name].default))

    # the engine tells its value, as at every sync: nothing moves and nothing is sent
    before = par.eval()
    world.receive(encode(PARAMETERS[name].address, reached))
    world.frame()
    assert par.eval() == before
    assert world.take() == []

    # somebody else moves it: it is shown, and not sent back
    other = Engine().value(name)
    world.receive(encode(PARAMETERS[name].address, other))
    world.frame()
    shown = par.eval()
    assert shown == (pytest.approx(other, rel=1e-6) if entry["type"] == "f" else other)
    assert world.take() == []

    # and a hand that goes back to where it was is heard
    par.val = before
    world.frame()
    engine.hears(world.take())
    assert engine.value(name) == reached


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_does_what_it_says(
    show: tuple[World, Operator], name: str, tmp_path: Path
) -> None:
    world, comp = show
    entry = TABLE["commands"][BUTTONS.index(name)]
    par = comp.par[entry["touchdesigner"]]
    assert par is not None
    par.pulse()
    packets = world.take()
    assert [address for packet in packets for address, _ in parse(packet)] == [entry["address"]]
    assert Engine(tmp_path).hears(packets) != [Outcome()]


def test_a_button_takes_the_name_that_is_typed_beside_it(show: tuple[World, Operator]) -> None:
    world, comp = show
    comp.par.Presetloadname.val = "storm"
    comp.par.Markname.val = ""
    comp.par.Presetload.pulse()
    comp.par.Mark.pulse()
    comp.par.Markname.val = "drop"
    comp.par.Mark.pulse()
    world.frame()
    assert [parse(packet)[0] for packet in world.take()] == [
        ("/vjdream/preset/load", ("storm",)),
        ("/vjdream/mark", (1,)),
        ("/vjdream/mark", ("drop",)),
    ]


def test_a_button_without_the_name_that_it_needs_says_nothing(
    show: tuple[World, Operator],
) -> None:
    world, comp = show
    comp.par.Presetsavename.val = ""
    comp.par.Presetsave.pulse()
    assert world.take() == []


def test_many_changes_of_one_frame_are_one_message_for_each_parameter(
    show: tuple[World, Operator],
) -> None:
    world, comp = show
    for zoom in (1.2, 1.3, 1.4):
        comp.par.Zoom.val = zoom
    comp.par.Rotate.val = 12.0
    world.frame()
    heard = [parse(packet)[0][0] for packet in world.take()]
    assert sorted(heard) == ["/vjdream/rotate", "/vjdream/zoom"]


def test_switches_travel_as_numbers(show: tuple[World, Operator]) -> None:
    world, comp = show
    comp.par.Blackout.val = not comp.par.Blackout.val
    world.frame()
    assert world.take() == [encode("/vjdream/blackout", int(comp.par.Blackout.val))]


@pytest.mark.parametrize("report", TABLE["reports"], ids=lambda r: r["address"])
def test_a_report_is_shown_and_never_sent(
    show: tuple[World, Operator], report: dict[str, Any]
) -> None:
    world, comp = show
    said: Argument = {"f": 59.5, "i": 12, "s": "a word is not known"}[report["type"]]
    world.receive(encode(report["address"], said))
    world.frame()
    par = comp.par[report["touchdesigner"]]
    assert par is not None
    assert par.readOnly
    assert par.eval() == said
    assert world.take() == []


@pytest.mark.parametrize(
    "packet",
    [
        encode("/vjdream/nothing", 1.0),
        encode("/vjdream/zoom", "fast"),
        encode("/vjdream/class/1", 3),
        encode_message("/vjdream/zoom", "ff", (1.0, 2.0)),
        encode_message("/vjdream/zoom", "", ()),
        encode_message("/elsewhere", "b", (b"1",)),
    ],
)
def test_what_is_not_meant_for_it_changes_nothing(
    show: tuple[World, Operator], packet: bytes
) -> None:
    world, comp = show
    before = {par.name: par.eval() for par in comp.custom.values() if par.style != "Pulse"}
    world.receive(packet)
    world.frame()
    after = {par.name: par.eval() for par in comp.custom.values() if par.style != "Pulse"}
    assert after == before
    assert world.take() == []


def test_an_unknown_choice_is_told_and_harms_nothing(show: tuple[World, Operator]) -> None:
    world, comp = show
    before = comp.par.Splitshape.eval()
    world.receive(encode("/vjdream/split/shape", "hexagons"))
    assert comp.par.Splitshape.eval() == before
    assert "/vjdream/split/shape cannot be shown" in world.complaints[-1]


def test_a_word_of_another_network_is_shown_although_it_is_in_no_menu(
    show: tuple[World, Operator],
) -> None:
    world, comp = show
    world.receive(encode("/vjdream/class/1", "tabby_cat"))
    assert comp.par.Class1.eval() == "tabby_cat"


def test_feedback_leaves_an_expression_in_place(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.par.Zoom.expr = "1.5"
    world.receive(encode("/vjdream/zoom", 0.75))
    assert comp.par.Zoom.expr == "1.5"
    assert comp.par.Zoom.eval() == 1.5


def test_all_values_are_sent_when_that_is_wanted(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.par.Zoom.val = 1.5
    world.frame()
    world.take()
    comp.par.Sendall.pulse()
    engine = Engine()
    engine.hears(world.take())
    for entry in TABLE["parameters"]:
        told, value = comp.par[entry["touchdesigner"]].eval(), engine.value(entry["name"])
        assert value == (pytest.approx(told, rel=1e-6) if entry["type"] == "f" else told)
