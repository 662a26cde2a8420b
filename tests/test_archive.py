"""The archive of a show: recordings and snapshots on demand, and nothing that hurts the show."""

from pathlib import Path

import pytest

from tests.fakes import keyframe, plain
from vjdream.archive import BETWEEN, MOST_SNAPSHOTS, Archive
from vjdream.control.outcome import Outcome, Request
from vjdream.errors import SessionError
from vjdream.exchange import Ready
from vjdream.frames import Size
from vjdream.parameters import TABLE, State
from vjdream.recipe import recipe_of
from vjdream.sessions import read_session
from vjdream.settings import Settings
from vjdream.sidecar import Painted, read_sidecar

PICTURE = plain(Size(128, 128), 40)
START, STOP = Outcome(request=Request("record", "friday")), Outcome(request=Request("stop"))
SNAPSHOT = Outcome(request=Request("snapshot"))
MOVE = Outcome(((TABLE["zoom"], 1.5),))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    recipe = recipe_of(Settings(), State(), "", ())
    return Archive(tmp_path / "sessions", lambda: recipe, lambda: PICTURE)


def names(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "sessions").iterdir()}


def finished(archive: Archive) -> None:
    """Let the worker come to an end with what it has."""
    archive._worker.submit(int).result(20)


def test_what_happens_between_start_and_stop_is_recorded(archive: Archive, tmp_path: Path) -> None:
    archive.heard(1.0, MOVE)
    archive.tell(1.0, restarts=2)
    archive.heard(2.0, START)
    assert archive.recording
    archive.heard(2.5, MOVE)
    archive.shown(2.75, keyframe(PICTURE))
    archive.tell(3.0, restarts=3, ready=Ready("cpu", "float32", 1))
    archive.heard(4.0, STOP)
    assert not archive.recording
    assert archive.close(5.0) == []
    path = tmp_path / "sessions" / "friday.osc.txt"
    assert [(m.time, m.address) for m in read_session(path)] == [(0.5, "/vjdream/zoom")]
    beside = read_sidecar(path)
    assert beside is not None
    assert (beside.duration, beside.restarts) == (2.0, 1)
    assert list(beside.painted()) == [Painted(0.75, 0)]


def test_a_show_that_ends_ends_its_recording(archive: Archive, tmp_path: Path) -> None:
    archive.heard(0.0, START)
    archive.heard(1.0, MOVE)
    assert archive.close(3.0) == []
    assert len(list(read_session(tmp_path / "sessions" / "friday.osc.txt"))) == 1


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (STOP, "nothing is being recorded"),
        (Outcome(request=Request("mark", "drop")), "the mark 'drop' is lost"),
    ],
)
def test_without_a_recording_there_is_nothing_to_do(
    archive: Archive, outcome: Outcome, told: str
) -> None:
    with pytest.raises(SessionError, match=told):
        archive.heard(0.0, outcome)
    archive.close(1.0)


def test_recordings_do_not_follow_one_another_faster_than_a_hand(
    archive: Archive, tmp_path: Path
) -> None:
    archive.heard(0.0, START)
    with pytest.raises(SessionError, match="is being recorded already"):
        archive.heard(0.1, START)
    for number in range(50):
        now = 0.2 + number / 60
        if archive.recording:
            archive.heard(now, STOP)
        else:
            with pytest.raises(SessionError, match="start again soon"):
                archive.heard(now, START)
    finished(archive)
    assert archive.tell(BETWEEN) == []
    archive.heard(BETWEEN, START)
    assert archive.close(4.0) == []
    suffixes = ("", ".jsonl", ".png")
    assert names(tmp_path) == {f"friday{n}.osc.txt{s}" for n in ("", " 2") for s in suffixes}


def test_snapshots_that_a_slow_disk_has_not_taken_are_limited(archive: Archive) -> None:
    taken = 0
    with pytest.raises(SessionError, match="no snapshot is taken"):
        for _ in range(1000):
            archive.heard(0.0, SNAPSHOT)
            taken += 1
    assert taken >= MOST_SNAPSHOTS
    assert archive.close(1.0) == []


def test_a_folder_that_cannot_be_is_told_once_and_ends_the_recording(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recipe = recipe_of(Settings(), State(), "", ())
    archive = Archive(tmp_path / "file", lambda: recipe, lambda: PICTURE)
    archive.heard(0.0, START)
    archive.heard(0.0, SNAPSHOT)
    finished(archive)
    problems = archive.tell(0.1)
    assert len(problems) == 2 and all("cannot be used" in problem for problem in problems)
    assert not archive.recording
    archive.heard(0.2, MOVE)
    assert archive.tell(1.0) == [] == archive.close(2.0)


def test_a_file_from_the_start_that_cannot_be_made_is_an_error(
    archive: Archive, tmp_path: Path
) -> None:
    with pytest.raises(SessionError, match="cannot be written"):
        archive.record(tmp_path / "no" / "folder" / "night.txt")
    assert not archive.recording
    archive.close(0.0)


def test_what_several_hands_say_at_once_is_recorded_once(archive: Archive, tmp_path: Path) -> None:
    """Else one sender that replays it would be taken for a machine that repeats itself."""
    load = Outcome(told=(("/vjdream/preset/load", ("reef", 0.0)),))
    archive.heard(0.0, START)
    for now, outcome in ((1.0, MOVE), (1.1, MOVE), (1.2, load), (1.25, MOVE), (2.0, MOVE)):
        archive.heard(now, outcome)
    assert archive.close(3.0) == []
    found = read_session(tmp_path / "sessions" / "friday.osc.txt")
    assert [(round(m.time, 3), m.address[9:]) for m in found] == [
        (1.0, "zoom"), (1.2, "preset/load"), (1.25, "zoom"), (2.0, "zoom"),
    ]  # fmt: skip
