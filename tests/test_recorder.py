"""Recording a show: no frame waits for the disk, and what goes wrong there is told once."""

import json
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from tests.fakes import keyframe, plain
from vjdream.errors import SessionError
from vjdream.frames import Size
from vjdream.messages import Told
from vjdream.parameters import TABLE, State
from vjdream.presets import Preset
from vjdream.recipe import recipe_of
from vjdream.recorder import EVERY, MOST_WAITING, Recorder
from vjdream.sessions import read_session
from vjdream.settings import Settings
from vjdream.sidecar import Painted, read_sidecar, sidecar_path
from vjdream.snapshots import read_snapshot
from vjdream.worker import Worker

RECIPE = recipe_of(Settings(), State(), "", ())
SIZE = Size(128, 128)
ZOOM: Told = ("/vjdream/zoom", (1.5,))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return tmp_path / "night.osc.txt"


def told(path: Path) -> list[tuple[float, str]]:
    return [(m.time, m.address) for m in read_session(path)]


def test_messages_and_what_happened_are_read_again(night: Path) -> None:
    recorder = Recorder(Worker("test"), lambda: night, RECIPE)
    recorder.add(0.5, [ZOOM, ("/vjdream/mark", ("drop",))])
    recorder.use(0.25, Preset("reef", "", ((TABLE["zoom"], 1.25),), {}))
    recorder.shown(0.75, keyframe(plain(SIZE, 9)))
    recorder.happened(1.0, "restart", 1)
    recorder.end(2.0)
    assert recorder.finish() == night
    assert told(night) == [(0.5, "/vjdream/zoom"), (0.5, "/vjdream/mark")]
    beside = read_sidecar(night)
    assert beside is not None
    assert (beside.duration, beside.restarts, beside.picture) == (2.0, 1, None)
    assert list(beside.painted()) == [Painted(0.75, 0)]
    ((time, name, text),) = beside.presets
    assert (time, name) == (0.25, "reef") and "zoom: 1.25" in text


def test_a_preset_is_written_once_until_it_changes(night: Path) -> None:
    recorder = Recorder(Worker("test"), lambda: night, RECIPE)
    for zoom in (1.25, 1.25, 1.5):
        recorder.use(0.25, Preset("reef", "", ((TABLE["zoom"], zoom),), {}))
    recorder.end(1.0)
    recorder.finish()
    lines = [json.loads(line) for line in sidecar_path(night).read_text().splitlines()]
    assert [line["text"][-5:-1] for line in lines if "preset" in line and "text" in line] == [
        "1.25",
        " 1.5",
    ]


def test_a_recording_of_a_show_under_way_begins_at_0_with_the_picture_of_then(night: Path) -> None:
    picture = plain(SIZE, 10, 20, 30)
    recorder = Recorder(Worker("test"), lambda: night, RECIPE, 100.0, picture)
    recorder.add(100.25, [ZOOM])
    recorder.shown(100.5, keyframe(plain(SIZE, 9)))
    recorder.end(101.0)
    recorder.finish()
    assert told(night) == [(0.25, "/vjdream/zoom")]
    beside = read_sidecar(night)
    assert beside is not None and beside.picture is not None
    assert (beside.duration, list(beside.painted())) == (1.0, [Painted(0.5, 0)])
    snapshot = read_snapshot(beside.picture)
    assert np.array_equal(snapshot.picture, picture)
    assert snapshot.about is not None and snapshot.about["network"] == "dreamnet"


def test_half_a_second_later_all_is_on_the_disk(night: Path) -> None:
    recorder = Recorder(Worker("test"), lambda: night, RECIPE)
    recorder.add(0.25, [ZOOM])
    recorder.tell(EVERY)
    recorder._worker.submit(int).result()  # the thread has done what came before
    assert told(night) == [(0.25, "/vjdream/zoom")]
    recorder.end(1.0)
    recorder.finish()


def test_nobody_waits_for_a_slow_disk_until_it_is_much_too_slow(night: Path) -> None:
    disk = Event()

    def place() -> Path:
        assert disk.wait(20)
        return night

    recorder = Recorder(Worker("test"), place, RECIPE)
    with pytest.raises(SessionError, match="the disk does not keep up"):
        for frame in range(MOST_WAITING * 60):
            recorder.add(frame / 60, [ZOOM])
            recorder.tell(frame / 60)
    assert frame > 25 * 60
    recorder.abandon()
    disk.set()
    assert recorder._worker.close()
    assert len(told(night)) > 25 * 60


def test_a_place_that_cannot_be_is_told_once(tmp_path: Path) -> None:
    recorder = Recorder(Worker("test"), lambda: tmp_path / "no" / "folder", RECIPE)
    with pytest.raises(SessionError, match="cannot be written"):
        recorder.path()
    with pytest.raises(SessionError, match="cannot be written"):
        recorder.tell(0.0)
    recorder.add(1.0, [ZOOM])
    recorder.tell(1.0)
    recorder.abandon()


def test_a_recording_never_replaces_another_one(night: Path) -> None:
    night.write_text("the best night")
    with pytest.raises(SessionError, match="is there already"):
        Recorder(Worker("test"), lambda: night, RECIPE).path()
    assert night.read_text() == "the best night"
    assert not sidecar_path(night).exists()


def test_a_recipe_may_hold_what_no_text_may(night: Path) -> None:
    """Names of files may be any bytes."""
    odd = recipe_of(Settings(source="photo\udcff.png", guide="a\nb\x1b"), State(), "", ())
    recorder = Recorder(Worker("test"), lambda: night, odd)
    recorder.add(0.25, [("/vjdream/preset/load", ("n\udcff", 1.0))])
    recorder.happened(0.25, "preset", "n\udcff", text="vjdream: 1\n")
    recorder.end(1.0)
    recorder.finish()
    beside = read_sidecar(night)
    assert beside is not None and beside.recipe == odd
    assert len(told(night)) == 1


def test_a_folder_that_is_deleted_ends_the_recording(night: Path) -> None:
    recorder = Recorder(Worker("test"), lambda: night, RECIPE)
    recorder.path()
    night.unlink()
    recorder.add(0.5, [ZOOM])
    recorder.tell(1.0)
    recorder._worker.submit(int).result()
    with pytest.raises(SessionError, match="ends here: it has been deleted"):
        recorder.tell(2.0)
    recorder.abandon()
    assert recorder._worker.close()


@pytest.mark.parametrize("there", [".jsonl", ".png"])
def test_a_recording_that_cannot_begin_leaves_nothing(night: Path, there: str) -> None:
    beside = night.with_name(night.name + there)
    beside.write_text("the best night")
    with pytest.raises(SessionError, match="is there already"):
        Recorder(Worker("test"), lambda: night, RECIPE, 1.0, plain(SIZE, 9)).path()
    assert list(night.parent.iterdir()) == [beside]
    assert beside.read_text() == "the best night"


def test_whatever_goes_wrong_in_the_thread_is_a_sentence(night: Path) -> None:
    def odd() -> Path:
        raise UnicodeError("what a name")

    with pytest.raises(SessionError, match="UnicodeError: what a name"):
        Recorder(Worker("test"), odd, RECIPE).path()
