"""The supervisor with real spawned children that need no torch."""

import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing import active_children
from multiprocessing.connection import wait
from multiprocessing.shared_memory import SharedMemory

import pytest

from tests import children
from tests.fakes import keyframe, plain
from vjdream.camera import Rates, Viewpoint
from vjdream.errors import WeightsError
from vjdream.exchange import Order, Rewind
from vjdream.frames import Keyframe, Size
from vjdream.parameters import State
from vjdream.settings import Settings
from vjdream.stage.supervisor import PAUSES, SILENCE, Entry, Supervisor

SIZE = Size(128, 128)
LEVEL = 40
PATIENCE = 30.0  # seconds of waiting on a pipe or process before a test gives up

Start = Callable[[Entry], Supervisor]


@pytest.fixture
def start() -> Iterator[Start]:
    """Make supervisors and close them after the test, however it ends."""
    made: list[Supervisor] = []

    def make(entry: Entry) -> Supervisor:
        made.append(Supervisor(entry, Settings(size=SIZE), keyframe(plain(SIZE, LEVEL))))
        return made[-1]

    yield make
    for supervisor in made:
        if supervisor not in closed:
            supervisor.close()
    closed.clear()
    assert active_children() == []


closed: list[Supervisor] = []


def word(supervisor: Supervisor) -> None:
    """Wait until the child has said something or has ended."""
    pipe, process = supervisor._pipe, supervisor._process
    assert pipe is not None
    assert process is not None
    assert wait([pipe, process.sentinel], PATIENCE), "the child neither speaks nor ends"


def end(supervisor: Supervisor) -> None:
    """Wait until the child has ended."""
    process = supervisor._process
    assert process is not None
    process.join(PATIENCE)
    assert process.exitcode is not None, "the child does not end"


def keyframes(supervisor: Supervisor, now: float, count: int = 1) -> list[Keyframe]:
    """Poll at one moment of show time until so many keyframes have come."""
    found: list[Keyframe] = []
    for _ in range(100):
        found += supervisor.poll(now)
        if len(found) >= count:
            break
        if supervisor._pipe is not None:
            word(supervisor)
    return found


def test_nothing_runs_before_the_first_poll(start: Start) -> None:
    supervisor = start(children.says_nothing)
    assert supervisor.process_id is None
    supervisor.poll(0.0)
    assert supervisor.process_id is not None


def test_a_keyframe_arrives_with_its_picture_and_viewpoint(start: Start) -> None:
    [arrived] = keyframes(start(children.paints_one), 0.0)
    assert arrived.sequence == 1
    assert arrived.picture[5, 5].tolist() == [LEVEL + 1] * 4
    assert arrived.viewpoint.pose.log_zoom == pytest.approx(0.1)
    assert arrived.steps == 3


def test_the_dreamer_is_alive_once_it_is_ready(start: Start) -> None:
    supervisor = start(children.paints_one)
    assert not supervisor.alive
    keyframes(supervisor, 0.0)
    assert supervisor.alive
    assert supervisor.ready is not None
    assert supervisor.ready.device == "cpu"


def test_the_newest_order_reaches_the_dreamer(start: Start) -> None:
    supervisor = start(children.echoes_the_order)
    for steps in (5, 17):
        supervisor.order(Order(State(steps=steps), Viewpoint(), Rates(), 2.5))
    [arrived] = keyframes(supervisor, 3.0)
    assert (arrived.picture[0, 0, 0], arrived.time) == (17, 2.5)


def test_of_keyframes_faster_than_the_stage_the_newest_arrive(start: Start) -> None:
    supervisor = start(children.paints_many)
    found: list[Keyframe] = []
    for _ in range(100):
        found += supervisor.poll(0.0)
        if found and found[-1].sequence == 8:
            break
        word(supervisor)
    numbers = [arrived.sequence for arrived in found]
    assert numbers == sorted(numbers)
    assert all(arrived.picture[0, 0, 0] == 10 * arrived.sequence for arrived in found)


def test_a_killed_dreamer_is_started_again_from_its_last_keyframe(start: Start) -> None:
    supervisor = start(children.paints_one)
    keyframes(supervisor, 0.0)
    first = supervisor.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    end(supervisor)
    [arrived] = keyframes(supervisor, 1.0)
    assert supervisor.process_id != first
    assert supervisor.restarts == 1
    assert arrived.sequence == 2
    assert arrived.picture[0, 0, 0] == LEVEL + 2


def test_a_dreamer_is_told_what_the_picture_to_go_on_from_has_seen(start: Start) -> None:
    """So that one that is started again neither clears its canvas nor rewinds once more."""
    supervisor = start(children.tells_what_its_picture_has_seen)
    for resets, rewinds in ((0, 1), (3, 5)):
        rewind = Rewind(rewinds, 2.0)
        supervisor.order(Order(State(), Viewpoint(), Rates(), 0.0, resets=resets, rewind=rewind))
    [arrived] = keyframes(supervisor, 0.0)
    assert (arrived.picture[0, 0, 0], arrived.steps) == (3, 5)


def test_a_killed_dreamer_is_not_alive(start: Start) -> None:
    supervisor = start(children.paints_one)
    keyframes(supervisor, 0.0)
    assert supervisor.process_id is not None
    os.kill(supervisor.process_id, signal.SIGKILL)
    end(supervisor)
    supervisor.poll(1.0)
    assert not supervisor.alive


def test_the_last_keyframe_of_a_dying_dreamer_is_not_lost(start: Start) -> None:
    supervisor = start(children.paints_and_dies)
    supervisor.poll(0.0)
    end(supervisor)
    found = supervisor.poll(0.1)
    assert [arrived.picture[0, 0, 0] for arrived in found] == [50]


def test_a_dreamer_that_dies_at_once_is_retried_with_growing_pauses(start: Start) -> None:
    supervisor = start(children.dies_at_once)
    now, pauses = 100.0, []
    supervisor.poll(now)
    for _ in range(4):
        end(supervisor)
        supervisor.poll(now)  # sees the end
        lost_at = now
        while supervisor.process_id is None:
            supervisor.poll(now)
            if supervisor.process_id is None:
                now += 0.5
        pauses.append(now - lost_at)
    assert pauses == list(PAUSES[:4])


def test_a_dreamer_that_painted_is_restarted_without_a_pause_again(start: Start) -> None:
    supervisor = start(children.paints_and_dies)
    supervisor.poll(0.0)
    for number in range(1, 4):
        end(supervisor)
        supervisor.poll(float(number))
        supervisor.poll(float(number))
        assert supervisor.process_id is not None
        assert supervisor.restarts == number


def test_what_the_first_dreamer_says_against_the_settings_ends_the_show(start: Start) -> None:
    supervisor = start(children.complains)
    supervisor.poll(0.0)
    end(supervisor)
    with pytest.raises(WeightsError, match="no network is called that"):
        supervisor.poll(0.1)


def test_what_a_later_dreamer_says_is_only_told(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = start(children.paints_once_then_complains)
    for moment in (0.0, 0.2):
        supervisor.poll(moment)  # starts it
        end(supervisor)
        supervisor.poll(moment + 0.1)  # hears what it said
    assert "no network is called that" in caplog.text


def test_a_silent_dreamer_is_taken_for_hung_and_replaced(start: Start) -> None:
    supervisor = start(children.says_nothing)
    supervisor.poll(0.0)
    first = supervisor.process_id
    supervisor.poll(SILENCE - 0.1)
    assert supervisor.process_id == first
    supervisor.poll(SILENCE + 0.1)
    supervisor.poll(SILENCE + 0.2)
    assert supervisor.process_id not in (None, first)


def test_closing_leaves_no_process_and_no_shared_memory(start: Start) -> None:
    supervisor = start(children.paints_one)
    keyframes(supervisor, 0.0)
    names = supervisor._ring.name, supervisor._mailbox.name
    supervisor.close()
    closed.append(supervisor)
    assert active_children() == []
    for name in names:
        with pytest.raises(FileNotFoundError):
            SharedMemory(name=name)


def test_a_dreamer_that_ignores_its_end_is_killed(start: Start) -> None:
    supervisor = start(children.ignores_its_end)
    supervisor.poll(0.0)
    word(supervisor)
    supervisor.close()
    closed.append(supervisor)
    assert active_children() == []


def test_closing_before_anything_ran_is_fine(start: Start) -> None:
    supervisor = start(children.says_nothing)
    supervisor.close()
    closed.append(supervisor)
