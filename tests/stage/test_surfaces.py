"""The keeper of the surfaces process, with children that stand in for it."""

import os
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

import psutil
import pytest

from vjdream.exchange import SurfacesCommission
from vjdream.settings import Settings
from vjdream.stage.surfaces import FIRST, PAUSES, SurfacesKeeper, Word

TOLD = SurfacesCommission(Settings(), 7700, "")
PATIENCE = 20


def speaks(commission: SurfacesCommission, pipe: Connection) -> None:
    pipe.send(("note", f"OSC at {commission.osc_port}"))
    _until_closed(pipe)


def dies(commission: SurfacesCommission, pipe: Connection) -> None:
    os._exit(3)


def _until_closed(pipe: Connection) -> None:
    try:
        pipe.recv()
    except (EOFError, OSError):
        pass


Start = Callable[[Callable[[SurfacesCommission, Connection], None]], SurfacesKeeper]


@pytest.fixture
def start() -> Iterator[Start]:
    made: list[SurfacesKeeper] = []

    def begin(entry: Callable[[SurfacesCommission, Connection], None]) -> SurfacesKeeper:
        made.append(SurfacesKeeper(entry, TOLD))
        return made[-1]

    yield begin
    for keeper in made:
        keeper.close()


def started(keeper: SurfacesKeeper, now: float) -> None:
    """Let the process be started, and wait until it is."""
    assert keeper.poll(now) == []
    if keeper._starter is not None:
        keeper._starter.join(PATIENCE)


def heard(keeper: SurfacesKeeper, now: float) -> list[Word]:
    """Wait for a word, and take it."""
    assert keeper._pipe is not None and keeper._pipe.poll(PATIENCE)
    return keeper.poll(now)


def wait_for_the_end(keeper: SurfacesKeeper) -> None:
    assert keeper._process is not None
    keeper._process.join(PATIENCE)


def test_the_process_starts_a_moment_after_the_show_and_is_heard(start: Start) -> None:
    keeper = start(speaks)
    assert keeper.poll(0.0) == []
    assert keeper.process_id is None  # the show has the cores first
    started(keeper, FIRST)
    assert heard(keeper, 2.0) == [("note", "OSC at 7700")]
    assert keeper.restarts == 0


def test_a_process_that_is_killed_returns(start: Start) -> None:
    keeper = start(speaks)
    started(keeper, FIRST)
    heard(keeper, 2.0)
    assert keeper.process_id is not None
    psutil.Process(keeper.process_id).kill()
    wait_for_the_end(keeper)
    keeper.poll(100.0)
    assert keeper.process_id is None
    started(keeper, 100.0 + PAUSES[0])
    assert heard(keeper, 101.0) == [("note", "OSC at 7700")]
    assert keeper.restarts == 1


def test_one_that_dies_at_once_gets_longer_and_longer_pauses(start: Start) -> None:
    keeper, now, pauses = start(dies), FIRST, []
    for _ in range(5):
        started(keeper, now)
        wait_for_the_end(keeper)
        keeper.poll(now)
        pauses.append(keeper._start_at - now)
        now = keeper._start_at
    assert pauses == [*PAUSES[1:], PAUSES[-1], PAUSES[-1]]


def test_closing_ends_the_process(start: Start) -> None:
    keeper = start(speaks)
    started(keeper, FIRST)
    process = psutil.Process(keeper.process_id)
    keeper.close()
    assert not process.is_running()
    keeper.close()
