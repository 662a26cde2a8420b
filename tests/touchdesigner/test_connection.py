"""How the component finds the engine, hears it for as long as it lives, and leaves it alone."""

from pathlib import Path

from tests.touchdesigner.built import FOLDER, TABLE, built, module
from tests.touchdesigner.fake import World
from vjdream.messages import Argument
from vjdream.packets import encode, encode_message, parse

ASKED = [("/vjdream/subscribe", (7701,)), ("/vjdream/sync", ())]


def heard(world: World) -> list[tuple[str, tuple[Argument, ...]]]:
    return [parse(packet)[0] for packet in world.take()]


def test_the_lease_is_renewed_three_times_a_minute(tmp_path: Path) -> None:
    world, _ = built(tmp_path)
    world.advance(60.0)
    assert heard(world) == ASKED * 3


def test_an_extension_that_was_replaced_falls_silent(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.par.reinitextensions.pulse()
    world.advance(1.0)
    assert heard(world) == ASKED
    world.advance(20.0)
    assert heard(world) == ASKED


def test_a_component_that_was_deleted_falls_silent(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.destroy()
    world.advance(60.0)
    assert world.take() == []


def test_a_component_that_is_built_or_loaded_leaves_a_running_show_alone(tmp_path: Path) -> None:
    world = World(tmp_path)
    module("build_vjdream.py").build(world.names(), FOLDER, TABLE)
    for _ in range(60):
        world.frame()
        world.advance(1 / 60)
    assert heard(world) == ASKED * 2  # once to see that it can be sent


def test_another_engine_is_asked_at_once_and_its_values_are_taken(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.par.Zoom.val = 1.5
    world.frame()
    world.take()
    comp.par.Address.val = "192.168.1.20"
    world.frame()
    assert heard(world) == ASKED
    comp.par.Zoom.val = 1.25
    comp.par.Zoom.val = 1.5
    world.frame()
    assert heard(world) == [("/vjdream/zoom", (1.5,))]  # the new engine may have another


def test_a_component_that_is_not_active_sends_and_hears_nothing(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.par.Active.val = False
    comp.par.Zoom.val = 1.5
    world.frame()
    world.receive(encode("/vjdream/rotate", 90.0))
    assert world.take() == []
    assert comp.par.Rotate.eval() != 90.0
    comp.par.Active.val = True
    world.frame()
    assert heard(world) == ASKED


def test_anything_else_can_be_sent_from_a_script(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.Send("/vjdream/classes", "eye", "galaxy")
    comp.Send("/vjdream/hold", True)
    packets = world.take()
    assert parse(packets[0]) == [("/vjdream/classes", ("eye", "galaxy"))]
    assert packets[1] == encode_message("/vjdream/hold", "i", (1,))


# -- the source -----------------------------------------------------------------------------------


def test_the_source_is_found_by_itself(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    world.sources += ["ATLAS (Camera)", "ATLAS (vjdream)", "HERA (vjdream)"]
    world.advance(20.0)
    assert comp.par.Source.eval() == "ATLAS (vjdream)"


def test_a_source_that_was_typed_in_stays_until_it_is_searched(tmp_path: Path) -> None:
    world, comp = built(tmp_path)
    comp.par.Source.val = "HERA (vjdream 2)"
    world.sources.append("ATLAS (vjdream)")
    world.advance(60.0)
    assert comp.par.Source.eval() == "HERA (vjdream 2)"
    comp.par.Findsource.pulse()
    assert comp.par.Source.eval() == "ATLAS (vjdream)"


def test_searching_where_there_is_none_keeps_what_was(tmp_path: Path) -> None:
    _, comp = built(tmp_path)
    comp.par.Source.val = "HERA (vjdream)"
    comp.par.Findsource.pulse()
    assert comp.par.Source.eval() == "HERA (vjdream)"
