"""Recording a running show, and playing it again: real UDP, real processes, foreign tools."""

import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pytest
from liblo import TOOLS, oscdump, oscsend, oscsendfile, without_probes
from running_show import RunningShow

from vjdream.cli import main
from vjdream.messages import Message
from vjdream.parameters import ROOT
from vjdream.sessions import read_session
from vjdream.sidecar import read_sidecar
from vjdream.snapshots import read_snapshot

pytestmark = [pytest.mark.show]

FRAME = 1 / 60
QUIET = ["--output", "memory:", "--set", "keyframes=0.25", "--set", "steps=1"]
"""A show whose dream leaves the cores to what is tested."""

TINY = ["--size", "128x128", "--canvas", "128x128", "--fps", "8"]


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return tmp_path / "night.osc.txt"


def running(*options: str) -> RunningShow:
    show = RunningShow(*QUIET, *options)
    show.wait_until_on_air()
    show.client.send("/vjdream/subscribe")
    return show


def heard(show: RunningShow, frames: int = 1) -> None:
    """Return when the show has applied what this test's client sent before.

    Args:
        frames: to wait for. Senders take turns on a busy computer, so one answer may come before
            another sender's last word: `OTHERS` frames are enough for that.
    """
    for _ in range(frames):
        show.client.forget()
        show.client.send("/vjdream/target", "?")  # which nobody changes
        show.client.wait_for("/vjdream/target")


OTHERS = 40


def told(path: Path) -> list[tuple[str, tuple[object, ...]]]:
    return [(m.address, m.arguments) for m in read_session(path, strict=True)]


def within_a_frame(replay: Callable[[], list[float]], others: list[float]) -> None:
    """A replay tells the same rhythm; on a busy computer one of three, and some frames are late."""
    tried = []
    for _ in range(3):
        apart = [a - b for a, b in zip(replay(), others, strict=True)]
        usual = statistics.median(apart)
        near = [gap for gap in apart if abs(gap - usual) <= FRAME + 0.002]
        if len(near) >= 0.75 * len(apart):
            return
        tried.append(apart)
    raise AssertionError(tried)


def perform(port: int) -> None:
    """What a performer does, by the hand of a foreign program."""
    oscsend(port, "/vjdream/classes", "ss", "eye", "galaxy")
    oscsend(port, "/vjdream/preset/load", "sf", "storm", "0.5")
    for step in range(12):
        oscsend(port, "/vjdream/norm/zoom", "f", str(0.4 + step / 40))
    oscsend(port, "/vjdream/rotate", "sf", "+", "3.5")
    oscsend(port, "/vjdream/mark", "s", "the drop")
    oscsend(port, "/vjdream/split/*", "i", "1")  # shape takes it as a choice, the others as numbers
    oscsend(port, "/vjdream/blackout", "T")
    oscsend(port, "/vjdream/blackout", "s", "!")
    oscsend(port, "/vjdream/rewind", "f", "1.5")
    oscsend(port, "/vjdream/random/1")
    oscsend(port, "/vjdream/preset/next")
    oscsend(port, "/vjdream/nonsense", "i", "1")
    oscsend(port, "/vjdream/zoom", "f", "99")
    oscsend(port, "/vjdream/release")


@TOOLS
def test_a_show_driven_by_oscsend_is_replayed_by_oscsendfile(night: Path, tmp_path: Path) -> None:
    with running("--record", str(night)) as show:
        perform(show.port)
        heard(show, OTHERS)
        assert show.stop() == 0
    recorded = list(read_session(night, strict=True))
    addresses = [message.address.removeprefix(ROOT) for message in recorded]
    assert addresses[:5] == ["class/1", "class/2", "class/3", "class/4", "preset/load"]
    assert addresses.count("zoom") == 13 and "nonsense" not in addresses
    assert ("/vjdream/preset/load", ("storm", 0.5)) in told(night)
    assert ("/vjdream/zoom", (2.0,)) in told(night)

    tries = count()

    def recorded_again() -> list[float]:
        again = tmp_path / f"again-{next(tries)}.osc.txt"
        with running("--record", str(again)) as show:
            oscsendfile(show.port, night)
            heard(show, OTHERS)
            assert show.stop() == 0
        assert told(again) == told(night)
        return [message.time for message in read_session(again)]

    within_a_frame(recorded_again, [message.time for message in recorded])

    def dumped() -> list[float]:
        dump = tmp_path / "dump.osc"
        with oscdump(dump) as port:
            oscsendfile(port, night)
        found = without_probes(dump)
        assert [address for _, address, _ in found] == [message.address for message in recorded]
        for (_, _, arguments), message in zip(found, recorded, strict=True):
            for got, wanted in zip(arguments, message.arguments, strict=True):
                assert got == (pytest.approx(wanted, abs=1e-6) if type(wanted) is float else wanted)
        return [time for time, _, _ in found]

    within_a_frame(dumped, [message.time for message in recorded])


@TOOLS
def test_what_oscdump_has_recorded_from_another_program_plays_and_renders(tmp_path: Path) -> None:
    dump = tmp_path / "dump.osc"
    with oscdump(dump) as port:
        oscsend(port, "/other/program", "s", "two words")
        oscsend(port, "/vjdream/master", "f", "0")
    out = tmp_path / "frames"
    assert main(["render", str(dump), *TINY, "--duration", "2", str(out)]) == 0
    last = cv2.imread(str(max(out.glob("frame-*.png"))))
    assert last is not None and last.max() == 0
    with running("--session", str(dump)) as show:
        assert show.client.wait_for("/vjdream/master") == [0.0]


def test_a_session_plays_in_a_show_and_leaves_to_hands_what_they_touch(night: Path) -> None:
    night.write_text(
        "#vjdream-session-1.0\n"
        + "".join(
            f"{seconds:08x}.00000000 /vjdream/{name} f {seconds / 100:g}\n"
            for seconds in range(2, 30)
            for name in ("blur", "weight/1")
        )
    )
    with running("--session", str(night)) as show:
        first = float(show.client.wait_for("/vjdream/weight/1")[0])
        show.client.send("/vjdream/weight/1", 1.75)
        moved = [show.client.next() for _ in range(40)]
        names = [address for address, _, _ in moved if "/state/" not in address]
        assert "/vjdream/blur" in names and "/vjdream/weight/1" not in names
        show.client.send("/vjdream/release")
        assert first < float(show.client.wait_for("/vjdream/weight/1")[0]) < 1
        assert float(show.client.wait_for("/vjdream/weight/1")[0]) < 1  # and it goes on
        assert show.stop() == 0


def test_killed_it_leaves_all_but_its_last_second(night: Path) -> None:
    """A counter goes up in every frame until the show is killed."""
    with running("--record", str(night)) as show:
        for number in range(300):
            show.client.send("/vjdream/rotate", float(number % 180) + number / 1000)
            heard(show)
        show.process.send_signal(signal.SIGKILL)
        show.process.wait(20)
    found = list(read_session(night, strict=True))
    sidecar = read_sidecar(night)
    assert sidecar is not None and sidecar.recipe.network == "dreamnet"
    assert all(m.address == "/vjdream/rotate" for m in found)
    # a message for each frame at most, and the last second has 60
    assert len(found) >= 300 - 60


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)],
        check=False, capture_output=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_full_disk_ends_the_recording_and_never_the_show(small_disk: Path) -> None:
    night = small_disk / "night.osc.txt"
    with running("--record", str(night)) as show:
        show.client.forget()
        for number in range(4000):
            show.client.send("/vjdream/rotate", float(number % 180))
            if number % 20 == 0:
                heard(show)
            if number % 100 == 0 and recording(show) == 0:
                break
        assert recording(show) == 0
        frames = [show.client.wait_for("/vjdream/state/fps")[0] for _ in range(3)]
        assert float(frames[-1]) > 50
        assert show.stop() == 0
        assert show.process.stderr is not None
        complaints = [line for line in show.process.stderr if "night.osc.txt" in line]
    assert len(complaints) == 1
    assert "ends here" in complaints[0] and "No space left" in complaints[0]
    assert len(list(read_session(night, strict=True))) > 20


def recording(show: RunningShow) -> int:
    show.client.forget()
    return int(show.client.wait_for("/vjdream/state/recording")[0])


def test_a_message_starts_and_ends_recordings_and_keeps_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    with running("--session-folder", str(folder)) as show:
        send = show.client.send
        send("/vjdream/grade/saturation", 0.5)
        send("/vjdream/record/start", "Friday")
        send("/vjdream/mark", "drop")
        send("/vjdream/zoom", 1.5)
        send("/vjdream/snapshot")
        send("/vjdream/record/stop")
        heard(show)
        for _ in range(30):  # recordings come no faster than a hand, and than the disk
            send("/vjdream/record/start", "friday")
            if recording(show):
                break
        send("/vjdream/record/start", "../../etc/passwd")
        send("/vjdream/zoom", 1.25)
        heard(show)
        assert show.stop() == 0
    names = {path.name for path in folder.iterdir()}
    suffixes = ("", ".jsonl", ".png")
    sessions = {f"{name}.osc.txt{s}" for name in ("friday", "friday 2") for s in suffixes}
    assert names == sessions | {"snapshot.png"}
    first, second = (folder / f"friday{n}.osc.txt" for n in ("", " 2"))
    assert told(first) == [("/vjdream/mark", ("drop",)), ("/vjdream/zoom", (1.5,))]
    assert told(second) == [("/vjdream/zoom", (1.25,))]
    assert next(iter(read_session(first))).time < 1
    sidecar = read_sidecar(second)
    assert sidecar is not None
    assert (sidecar.recipe.values["zoom"], sidecar.recipe.values["grade/saturation"]) == (1.5, 0.5)
    snapshot = read_snapshot(folder / "snapshot.png")
    assert snapshot.about is not None and snapshot.about["values"]["zoom"] == 1.5
    assert snapshot.picture[..., :3].std() > 20


def test_a_show_goes_on_from_a_snapshot(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    with running("--session-folder", str(folder), "--seed", "9", "--size", "640x360") as show:
        show.client.send("/vjdream/class/1", "spiral")
        show.client.send("/vjdream/master", 0.5)
        show.client.send("/vjdream/snapshot", "best")
        heard(show)
        assert show.stop() == 0
    out = tmp_path / "frames"
    more = ["--fps", "10", "--duration", "0.3", "--output", str(out), "--record"]
    with RunningShow("--resume", str(folder / "best.png"), *more, str(tmp_path / "n.txt")) as show:
        assert show.process.wait(60) == 0
    sidecar = read_sidecar(tmp_path / "n.txt")
    assert sidecar is not None
    recipe = sidecar.recipe
    assert (recipe.seed, recipe.size, recipe.values["class/1"]) == (9, "640x360", "spiral")
    assert recipe.values["master"] == 1.0  # what is resumed is to be seen
    kept = read_snapshot(folder / "best.png").picture[..., :3]
    first = cv2.imread(str(out / "frame-000000.png"))
    height, width = first.shape[:2]
    top, left = (kept.shape[0] - height) // 2, (kept.shape[1] - width) // 2
    middle = kept[top : top + height, left : left + width]
    assert np.abs(first.astype(int) - middle).mean() < 3


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--record", "{night}"], "night.osc.txt is there already"),
        (["--session", "{none}"], "none.txt cannot be read"),
        (["--resume", "{night}"], "night.osc.txt"),
        (["--session", "{night}", "--resume", "{night}"], "choose one"),
        (["--session", "{night}", "--strict"], "line 2"),
    ],
)
def test_files_that_cannot_be_used_end_with_a_sentence_before_the_show(
    night: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    night.write_text("#vjdream-session-1.0\nhello\n")
    none = night.with_name("none.txt")
    given = [option.format(night=night, none=none) for option in options]
    assert main(["run", "--output", "memory:", "--osc-port", "0", *given]) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1
    assert night.read_text() == "#vjdream-session-1.0\nhello\n"


def test_rewound_it_shows_what_was_seen_then(tmp_path: Path) -> None:
    """Rendered, for exactness: after the rewind the picture is that of a second ago again."""
    night = tmp_path / "night.osc.txt"
    still = ["--set", "zoom=1", "--set", "rotate=0", "--set", "glide=0"]
    for name, text in (("on", ""), ("back", "00000002.00000000 /vjdream/rewind f 1.5\n")):
        hold = "00000002.00000000 /vjdream/hold i 1\n"
        night.write_text(f"#vjdream-session-1.0\n{text}{hold}")
        assert (
            main(["render", str(night), *TINY, *still, "--duration", "3", str(tmp_path / name)])
            == 0
        )
    on, back = (
        [cv2.imread(str(p)).astype(int) for p in sorted((tmp_path / name).glob("frame-*.png"))]
        for name in ("on", "back")
    )
    then = on[6]  # the keyframe of half a second has faded in
    assert np.abs(back[-1] - then).mean() < 3 < np.abs(on[-1] - then).mean()


def test_messages_of_a_session_are_of_a_sender_of_its_own(night: Path) -> None:
    night.write_text("00000001.00000000 /vjdream/zoom f 1.5\n")
    (message,) = read_session(night)
    assert message == Message(0.0, "/vjdream/zoom", (1.5,), "foreign session")
