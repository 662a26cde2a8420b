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

RECIPE = recipe_of(Settings(), State(), "", ())
SIZE = Size(128, 128)
ZOOM: Told = ("/vjdream/zoom", (1.5,))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return tmp_path / "night.osc.txt"


def told(path: Path) -> list[tuple[float, str]]:
    return [(m.time, m.address) for m in read_session(path)]


def test_messages_and_what_happened_are_read_again(night: Path) -> None:
    recorder = Recorder(lambda: night, RECIPE)
    recorder.add(0.5, [ZOOM, ("/vjdream/mark", ("drop",))])
    recorder.use(Preset("reef", "", ((TABLE["zoom"], 1.25),), {}))
    recorder.shown(0.75, keyframe(plain(SIZE, 9)))
    recorder.happened(1.0, "restart", 1)
    recorder.end(2.0)
    assert recorder.finish() == night
    assert told(night) == [(0.5, "/vjdream/zoom"), (0.5, "/vjdream/mark")]
    beside = read_sidecar(night)
    assert beside is not None
    assert (beside.duration, beside.restarts, beside.picture) == (2.0, 1, None)
    assert list(beside.painted()) == [Painted(0.75, 0)]
    assert "zoom: 1.25" in beside.presets["reef"]


def test_a_preset_is_written_once_until_it_changes(night: Path) -> None:
    recorder = Recorder(lambda: night, RECIPE)
    for zoom in (1.25, 1.25, 1.5):
        recorder.use(Preset("reef", "", ((TABLE["zoom"], zoom),), {}))
    recorder.end(1.0)
    recorder.finish()
    lines = [json.loads(line) for line in sidecar_path(night).read_text().splitlines()]
    assert [line["text"][-5:-1] for line in lines if "preset" in line and "text" in line] == [
        "1.25",
        " 1.5",
    ]


def test_a_recording_of_a_show_under_way_begins_at_0_with_the_picture_of_then(night: Path) -> None:
    picture = plain(SIZE, 10, 20, 30)
    recorder = Recorder(lambda: night, RECIPE, 100.0, picture)
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
    recorder = Recorder(lambda: night, RECIPE)
    recorder.add(0.25, [ZOOM])
    recorder.tell(EVERY)
    recorder._thread.submit(int).result()  # the thread has done what came before
    assert told(night) == [(0.25, "/vjdream/zoom")]
    recorder.end(1.0)
    recorder.finish()


def test_nobody_waits_for_a_slow_disk_until_it_is_much_too_slow(night: Path) -> None:
    disk = Event()

    def place() -> Path:
        assert disk.wait(20)
        return night

    recorder = Recorder(place, RECIPE)
    with pytest.raises(SessionError, match="the disk does not keep up"):
        for frame in range(MOST_WAITING * 60):
            recorder.add(frame / 60, [ZOOM])
            recorder.tell(frame / 60)
    assert frame > 25 * 60
    recorder.abandon()
    disk.set()
    recorder._thread.shutdown()
    assert len(told(night)) > 25 * 60


def test_a_place_that_cannot_be_is_told_once(tmp_path: Path) -> None:
    recorder = Recorder(lambda: tmp_path / "no" / "folder", RECIPE)
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
        Recorder(lambda: night, RECIPE).path()
    assert night.read_text() == "the best night"
    assert not sidecar_path(night).exists()
