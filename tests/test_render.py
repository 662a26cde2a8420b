"""Offline renders of whole shows: the same pieces as live, in lockstep."""

import json
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from vjdream import render as rendering
from vjdream.cli import main
from vjdream.clock import RealtimeClock
from vjdream.parameters import State
from vjdream.recipe import recipe_of
from vjdream.resumption import CHECKPOINT
from vjdream.settings import Settings, parse_size
from vjdream.sidecar import SidecarWriter
from vjdream.snapshots import write_snapshot
from vjdream.vocabulary import DATA

TINY = ["--size", "128x128", "--canvas", "128x128", "--fps", "8"]
SMALL = ["--size", "256x144", "--canvas", "256x144", "--fps", "8", "--duration", "1.5"]
SESSION = """\
00000000.00000000 /vjdream/class/1 s "eye"
00000000.40000000 /vjdream/zoom f 1.5
00000000.80000000 /vjdream/preset/load sf "acid" 0.5
00000001.00000000 /vjdream/rewind f 0.5
00000001.40000000 /vjdream/strength f 3
"""


def render(folder: Path, *options: str) -> list[bytes]:
    assert main(["render", *SMALL, *options, str(folder)]) == 0
    return frames_in(folder)


def frames_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.png"))]


def pictures(frames: list[bytes]) -> list[np.ndarray]:
    return [cv2.imdecode(np.frombuffer(f, np.uint8), cv2.IMREAD_COLOR) for f in frames]


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return render(tmp_path_factory.mktemp("eyes"), "--preset", "eyes")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("session") / "night.osc.txt"
    path.write_text(f"#vjdream-session-1.0\n{SESSION}")
    return path


@pytest.fixture(scope="module")
def night(session: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The session, rendered without an interruption."""
    return played(session, tmp_path_factory.mktemp("night"))


def played(session: Path, folder: Path, *options: str) -> list[bytes]:
    assert main(["render", *TINY, "--duration", "2", *options, str(session), str(folder)]) == 0
    return frames_in(folder)


# -- without a session -----------------------------------------------------------------------------


def test_the_same_render_gives_the_same_bytes(eyes: list[bytes], tmp_path: Path) -> None:
    assert render(tmp_path, "--preset", "eyes") == eyes


def test_a_render_has_as_many_frames_as_its_duration_asks_for(eyes: list[bytes]) -> None:
    assert len(eyes) == 12


def test_another_seed_dreams_something_else(eyes: list[bytes], tmp_path: Path) -> None:
    assert render(tmp_path, "--preset", "eyes", "--seed", "2")[-1] != eyes[-1]


def test_every_frame_is_a_picture_and_no_two_are_alike(eyes: list[bytes]) -> None:
    seen = pictures(eyes)
    assert all(picture.std() > 15 for picture in seen)
    assert len(set(eyes)) == len(eyes)


def test_a_held_dream_stands_still_in_a_camera_that_stands_still(tmp_path: Path) -> None:
    still = ["--set", "zoom=1", "--set", "rotate=0", "--set", "hold=true"]
    seen = pictures(render(tmp_path, *still))
    assert np.abs(seen[6].astype(int) - seen[-1]).max() <= 2


def test_a_value_set_at_the_start_is_in_the_first_frame(tmp_path: Path) -> None:
    (first, *_) = pictures(render(tmp_path, "--set", "blackout=true"))
    assert first.max() == 0


def test_a_live_input_cannot_be_rendered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", *SMALL, "--input", "ndi:CAMERA", str(tmp_path / "out")]) == 2
    assert "is live, so it cannot be rendered" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# -- a session -------------------------------------------------------------------------------------


def test_a_session_is_rendered_to_the_same_bytes_in_another_process(
    session: Path, night: list[bytes], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "vjdream", "render", *TINY, "--duration", "2"]
    subprocess.run([*command, str(session), str(tmp_path)], check=True, timeout=200)
    assert frames_in(tmp_path) == night


def test_what_the_session_says_is_seen(night: list[bytes], session: Path, tmp_path: Path) -> None:
    silent = tmp_path / "silent.osc.txt"
    silent.write_text("#vjdream-session-1.0\n")
    other = played(silent, tmp_path / "frames")
    assert other[0] == night[0]  # the first picture, before anything was dreamt
    assert all(np.abs(a.astype(int) - b).mean() > 2 for a, b in zip(
        pictures(other)[4:], pictures(night)[4:], strict=True
    ))  # fmt: skip


def test_a_value_that_is_set_stays_with_the_player(session: Path, tmp_path: Path) -> None:
    held = pictures(played(session, tmp_path, "--set", "master=0"))
    assert all(picture.max() == 0 for picture in held)


def test_a_recording_that_broke_off_is_rendered_to_its_last_message(
    session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "AFTERMATH", 0.25)
    night = tmp_path / "night.osc.txt"
    night.write_bytes(session.read_bytes())
    writer = SidecarWriter(night, recipe_of(Settings(size=parse_size("128x128")), State(), "", ()))
    writer.add({"keyframe": 0.5, "steps": 5})
    writer.close()
    assert main(["render", str(night), *TINY, str(tmp_path / "out")]) == 0
    assert len(frames_in(tmp_path / "out")) == 12


def test_a_session_of_its_own_length_goes_on_for_a_moment(
    session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "AFTERMATH", 0.25)
    assert main(["render", str(session), *TINY, str(tmp_path)]) == 0
    assert len(frames_in(tmp_path)) == 12  # 1.25 s until the last message


def test_what_could_not_be_played_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "odd.osc.txt"
    odd.write_text(
        '00000001.0 /vjdream/zoom f 1.5\nnonsense\n00000001.0 /other i 1\n'
        '00000001.0 /vjdream/class/1 s "qwertyuiop"\n00000001.0 /vjdream/zoom f 1.5\n'
    )  # fmt: skip
    options = [*TINY, "--duration", "0.1"]
    assert main(["render", str(odd), *options, str(tmp_path / "out")]) == 0
    told = capsys.readouterr().err
    assert "odd.osc.txt, line 2: 'nonsense' stands where" in told
    assert "messages for other programs: 1" in told
    assert "messages that could not be used: 1" in told and "line 4: no class is" in told
    assert main(["render", "--strict", str(odd), *options, str(tmp_path / "no")]) == 2
    assert "odd.osc.txt line 2: 'nonsense' stands where" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_recording_brings_the_size_the_seed_and_the_values_of_its_start(
    session: Path, tmp_path: Path
) -> None:
    night = tmp_path / "night.osc.txt"
    night.write_bytes(session.read_bytes())
    settings = Settings(size=parse_size("192x128"), canvas=parse_size("128x128"), seed=5)
    dark = recipe_of(settings, State(grade_saturation=0.0), "", ())
    writer = SidecarWriter(night, dark)
    writer.add({"end": 0.25})
    writer.close()
    assert main(["render", str(night), "--fps", "8", str(tmp_path / "as it was")]) == 0
    seen = pictures(frames_in(tmp_path / "as it was"))
    assert [picture.shape for picture in seen] == [(128, 192, 3)] * 2
    assert all(np.ptp(picture.astype(int), axis=2).max() <= 1 for picture in seen)  # grey
    assert main(["render", str(night), "--fps", "8", "--size", "128x128", str(tmp_path / "x")]) == 0
    assert pictures(frames_in(tmp_path / "x"))[0].shape == (128, 128, 3)


def test_a_recording_of_a_show_under_way_goes_on_from_its_picture(tmp_path: Path) -> None:
    night = tmp_path / "night.osc.txt"
    night.write_text("#vjdream-session-1.0\n")
    recipe = recipe_of(Settings(size=parse_size("128x128")), State(), "", ())
    green = np.full((138, 138, 4), (30, 200, 40, 255), np.uint8)
    write_snapshot(tmp_path / "then.png", green, recipe.as_plain())
    writer = SidecarWriter(night, recipe)
    writer.add({"picture": "then.png"})
    writer.close()
    assert main(["render", str(night), *TINY, "--duration", "0.1", str(tmp_path / "out")]) == 0
    (first,) = pictures(frames_in(tmp_path / "out"))
    assert np.abs(first.astype(int) - (30, 200, 40)).max() <= 2


def test_the_presets_of_a_recording_are_those_of_that_night(tmp_path: Path) -> None:
    night = tmp_path / "night.osc.txt"
    night.write_text(
        '#vjdream-session-1.0\n00000000.0 /vjdream/preset/load sf "reef" 0\n'
        "00000000.0 /vjdream/glide f 0\n"
    )
    recipe = recipe_of(Settings(size=parse_size("128x128")), State(glide=0.0), "", ())
    writer = SidecarWriter(night, recipe)
    writer.add({"preset": "reef", "text": "vjdream: 1\ngrade/brightness: -1\n", "time": 0.0})
    writer.close()
    assert main(["render", str(night), *TINY, "--duration", "0.2", str(tmp_path / "out")]) == 0
    assert pictures(frames_in(tmp_path / "out"))[-1].max() < 30


def beside(night: Path, **changes: object) -> None:
    """Write a session of nothing, and a sidecar whose recipe has been tampered with."""
    night.write_text("#vjdream-session-1.0\n")
    recipe = recipe_of(Settings(size=parse_size("128x128")), State(), "", ()).as_plain()
    lines = (json.dumps({**recipe, **changes}), json.dumps({"picture": "gone.png"}))
    night.with_name(night.name + ".jsonl").write_text("\n".join(lines))


def test_a_recording_opens_no_files_that_were_not_asked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    night = tmp_path / "night.osc.txt"
    names = {"weights": "/etc/passwd", "class_list": "/etc/passwd", "guide": "/etc/hosts"}
    names["prior"] = "/etc"
    beside(night, **names, source="ndi:10.9.9.9:5961")
    assert main(["render", str(night), *TINY, "--duration", "0.1", str(tmp_path / "out")]) == 0
    told = caplog.text
    assert (
        "made with --weights '/etc/passwd' --class-list '/etc/passwd' --guide '/etc/hosts'" in told
    )
    assert "--prior '/etc' --input 'ndi:10.9.9.9:5961': give it again" in told
    assert "gone.png" in told and "begins with the usual picture" in told


@pytest.mark.parametrize("content", ["", "hello", "[1]", '{"vjdream": 2}', "\0\0"])
def test_a_damaged_sidecar_is_told_and_the_session_played_without_it(
    tmp_path: Path,
    content: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    night = tmp_path / "night.osc.txt"
    beside(night)
    night.with_name(night.name + ".jsonl").write_text(content)
    options = [*TINY, "--duration", "0.1"]
    assert main(["render", str(night), *options, str(tmp_path / "out")]) == 0
    assert "the session is played without it" in caplog.text
    assert main(["render", str(night), "--strict", *options, str(tmp_path / "no")]) == 2
    assert "night.osc.txt.jsonl" in capsys.readouterr().err


def test_values_that_no_show_can_have_are_told_without_control_characters(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    night = tmp_path / "night.osc.txt"
    beside(night, values={f"evil\x1b[31m\n{n}": 1 for n in range(999)})
    options = [*TINY, "--duration", "0.1"]
    assert main(["render", str(night), *options, str(tmp_path / "out")]) == 0
    told = caplog.text
    assert 0 < told.count("evil") <= 20 and "\x1b[31m" not in told


def test_a_session_with_a_name_as_long_as_can_be_plays(tmp_path: Path) -> None:
    night = tmp_path / ("n" * 250)
    night.write_text("#vjdream-session-1.0\n")
    assert main(["render", str(night), *TINY, "--duration", "0.1", str(tmp_path / "out")]) == 0


def test_keyframes_come_as_they_did_live_when_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = tmp_path / "night.osc.txt"
    night.write_text("#vjdream-session-1.0\n")
    still = State(zoom=1.0, rotate=0.0)
    writer = SidecarWriter(night, recipe_of(Settings(size=parse_size("128x128")), still, "", ()))
    for moment in (0.5, 0.625):
        writer.add({"keyframe": moment, "steps": 3})
    writer.close()
    options = [*TINY, "--duration", "1", "--like-live"]
    assert main(["render", str(night), *options, str(tmp_path / "out")]) == 0
    frames = frames_in(tmp_path / "out")
    assert len(set(frames[:4])) == 1  # nothing had been dreamt yet
    assert len(set(frames[3:])) == 5
    more = [*options, "--set", "steps=9"]
    assert main(["render", str(night), *more, str(tmp_path / "more")]) == 0
    assert frames_in(tmp_path / "more")[-1] != frames[-1]
    bare = tmp_path / "bare.osc.txt"
    bare.write_text("#vjdream-session-1.0\n")
    assert main(["render", str(bare), *options, str(tmp_path / "no")]) == 2
    assert "--like-live needs a session that vjdream recorded" in capsys.readouterr().err


# -- interrupted -----------------------------------------------------------------------------------


@pytest.mark.parametrize("frames", [1, 5, 9, 15])
def test_an_interrupted_render_is_continued_to_the_same_bytes(
    session: Path, night: list[bytes], tmp_path: Path, frames: int, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    stop = frames

    def interrupted(settings: Settings, out: str, watch: object, *more: object) -> object:
        return whole(settings, out, lambda done, total: done < stop, *more)  # type: ignore[arg-type]

    whole = rendering.render
    monkeypatch.setattr(rendering, "render", interrupted)
    options = ["render", *TINY, "--duration", "2", str(session), str(tmp_path)]
    assert main(options) == 130
    assert f"interrupted after frame {frames} of 16, --resume goes on" in capsys.readouterr().err
    assert frames_in(tmp_path) == night[:frames]
    stop = 99
    assert main([*options, "--resume"]) == 0
    assert frames_in(tmp_path) == night
    assert not (tmp_path / CHECKPOINT).exists()
    assert main([*options, "--resume"]) == 0  # there is nothing left to do
    assert frames_in(tmp_path) == night


def test_a_render_that_was_killed_is_continued_from_its_last_checkpoint(
    session: Path, night: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(done: int, total: int) -> bool:
        if done == 11:
            raise KeyboardInterrupt  # no time for anything
        return True

    settings = Settings(
        size=parse_size("128x128"), canvas=parse_size("128x128"), fps=Fraction(8),
        session=str(session), duration=2.0, dtype="float32",
    )  # fmt: skip
    monkeypatch.setattr(rendering, "CHECKPOINT_EVERY", 0.0)
    with pytest.raises(KeyboardInterrupt):
        rendering.render(settings, str(tmp_path), killed)
    made = rendering.render(settings, str(tmp_path), lambda done, total: True, resume=True)
    assert made.whole
    assert frames_in(tmp_path) == night


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every render ends after two frames."""
    whole = rendering.render
    monkeypatch.setattr(
        rendering, "render", lambda s, out, watch, *more: whole(s, out, lambda d, t: d < 2, *more)
    )


@pytest.mark.usefixtures("interrupted")
def test_a_render_is_not_continued_with_another_prior_in_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prior = tmp_path / "prior" / "prior.safetensors"
    prior.parent.mkdir()
    content = (DATA / "prior.safetensors").read_bytes()
    prior.write_bytes(content)
    given = ["--prior", str(prior.parent)]
    options = ["render", *TINY, "--duration", "2", *given, str(tmp_path / "out")]
    assert main(options) == 130
    prior.write_bytes(content[:-4] + b"1234")
    capsys.readouterr()
    assert main([*options, "--resume"]) == 2
    assert "was begun with another content of prior" in capsys.readouterr().err


@pytest.mark.usefixtures("interrupted")
def test_a_render_is_not_continued_with_other_options(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["render", *TINY, "--duration", "2", str(session), str(tmp_path)]
    assert main(options) == 130
    capsys.readouterr()
    assert main([*options, "--resume", "--seed", "3", "--set", "steps=2"]) == 2
    assert "was begun with another seed, values" in capsys.readouterr().err
    assert main([*options, "--resume", "--duration", "0.1"]) == 2
    assert "has 2 frames already, --duration asks for 1" in capsys.readouterr().err
    assert main(options) == 2
    assert "there is an unfinished render" in capsys.readouterr().err
    assert main([*options, "--resume", "--strict", "--duration", "3"]) == 130
    assert "after frame 2 of 24" in capsys.readouterr().err  # another length is no other show


@pytest.mark.parametrize("changed", ["session", "sidecar", "preset", "frames"])
def test_a_render_is_not_continued_with_other_files(
    changed: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, stop = rendering.render, 2
    monkeypatch.setattr(
        rendering, "render", lambda s, out, watch, *m: whole(s, out, lambda d, t: d < stop, *m)
    )
    night, own, out = tmp_path / "night.osc.txt", tmp_path / "own", tmp_path / "out"
    beside(night)
    own.mkdir()
    (own / "zz.yaml").write_text("vjdream: 1\nzoom: 1.2\n")
    options = [
        "render",
        *TINY,
        "--duration",
        "0.5",
        "--preset-folder",
        str(own),
        str(night),
        str(out),
    ]
    assert main(options) == 130
    capsys.readouterr()
    stop = 99
    if changed == "session":
        night.write_text("#vjdream-session-1.0\n00000000.0 /vjdream/zoom f 1.5\n")
    elif changed == "sidecar":
        with night.with_name(night.name + ".jsonl").open("a") as file:
            file.write('\n{"keyframe": 0.5, "steps": 1}\n')
    elif changed == "preset":
        (own / "zz.yaml").write_text("vjdream: 1\nzoom: 1.3\n")
    else:
        (out / "frame-000001.png").write_bytes(b"")
    assert main([*options, "--resume"]) == 2
    told = {
        "session": "with another session", "sidecar": "with another session",
        "preset": "with another presets", "frames": "frame-000001.png is missing",
    }  # fmt: skip
    assert told[changed] in capsys.readouterr().err


def test_nothing_is_rendered_over_other_frames(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    holiday = tmp_path / "frame-000000.png"
    holiday.write_bytes(b"holiday")
    for more, told in (([], "frames in"), (["--resume"], "but 1 frames - choose another folder")):
        assert main(["render", *SMALL, *more, str(tmp_path)]) == 2
        assert told in capsys.readouterr().err
    assert holiday.read_bytes() == b"holiday"


def test_a_render_that_is_stopped_while_it_passes_over_frames_loses_nothing(
    session: Path, night: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, stop = rendering.render, 5
    monkeypatch.setattr(
        rendering, "render", lambda s, out, watch, *m: whole(s, out, lambda d, t: d < stop, *m)
    )
    options = ["render", *TINY, "--duration", "2", str(session), str(tmp_path)]
    assert main(options) == 130
    assert main([*options, "--resume"]) == 130  # at once
    stop = 99
    assert main([*options, "--resume"]) == 0
    assert frames_in(tmp_path) == night


def test_a_video_is_not_continued(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", *SMALL, "--resume", str(tmp_path / "a.mp4")]) == 2
    assert "--resume continues a folder of PNGs" in capsys.readouterr().err


def test_a_damaged_checkpoint_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"PK")
    assert main(["render", *SMALL, "--resume", str(tmp_path)]) == 2
    assert "is damaged, or no checkpoint" in capsys.readouterr().err


# -- videos ----------------------------------------------------------------------------------------


def test_a_lossless_video_has_the_frames_of_the_pictures(
    session: Path, night: list[bytes], tmp_path: Path
) -> None:
    out = tmp_path / "night.mkv"
    assert main(["render", str(session), *TINY, "--duration", "2", str(out)]) == 0
    with av.open(str(out)) as video:
        frames = [frame.to_ndarray(format="bgr24") for frame in video.decode(video=0)]
    assert len(frames) == 16
    assert all(np.array_equal(a, b) for a, b in zip(frames, pictures(night), strict=True))


@pytest.mark.show
def test_ctrl_c_leaves_a_video_that_plays(tmp_path: Path) -> None:
    out = tmp_path / "night.mp4"
    command = [sys.executable, "-m", "vjdream", "render", *TINY, "--duration", "600", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        clock = RealtimeClock()
        until = clock.now() + 60
        while not out.exists() or out.stat().st_size < 20_000:
            assert child.poll() is None and clock.now() < until
            clock.wait_until(clock.now() + 0.05)
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "interrupted after frame" in told and "--resume" not in told
    with av.open(str(out)) as video:
        count = sum(1 for _ in video.decode(video=0))
    assert f"interrupted after frame {count} of 4800" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["{night}"], "is there already; a session needs an OUT after it"),
        (["", "out"], "is no file"),
        ([".", "out"], "is no file"),
        (["{long}", "out"], "cannot be read: File name too long"),
        (["{night}", "ndi:foo"], "'ndi:foo' is no file"),
        (["--fps", "1e999999999", "out"], "--fps needs a rate"),
        (["--fps", "59.9999999999", "out"], "--fps needs a rate"),
        (["--like-live", "out"], "--like-live needs a session"),
    ],
)
def test_words_that_cannot_be_used_are_told_and_leave_nothing(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    night = tmp_path / "night.osc.txt"
    night.write_text("#vjdream-session-1.0\n")
    monkeypatch.chdir(tmp_path)
    given = [word.format(night=night, long="x" * 300) for word in words]
    assert main(["render", *(TINY[:4] if "--fps" in words else TINY), *given]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [night]


def test_a_video_never_replaces_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "night.mp4").write_text("the best night")
    assert main(["render", *SMALL, str(tmp_path / "night.mp4")]) == 2
    assert (tmp_path / "night.mp4").read_text() == "the best night"
