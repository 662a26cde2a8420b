"""The command line: exit codes, one sentence for each mistake, lists that scripts can read."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.dream.training.small import picture_folder, shipped
from vjdream import commands, doctor, interrupts
from vjdream.cli import _parser, main
from vjdream.dream.training import own
from vjdream.options import settings_of
from vjdream.parameters import TABLE, State
from vjdream.paths import quoted
from vjdream.recipe import recipe_of
from vjdream.settings import Settings
from vjdream.sidecar import SidecarWriter
from vjdream.snapshots import write_snapshot

Captured = pytest.CaptureFixture[str]


def refused(captured: Captured, *arguments: str) -> str:
    """Run a command that must end with exit code 2; return its one sentence."""
    assert main(list(arguments)) == 2
    out, err = captured.readouterr()
    assert out == ""
    assert err.startswith("vjdream: ")
    assert err.count("\n") == 1, "one sentence on one line"
    return err


def printed(captured: Captured, *arguments: str) -> list[str]:
    assert main(list(arguments)) == 0
    return captured.readouterr().out.splitlines()


# -- mistakes -------------------------------------------------------------------------------------

SHORT = ["--duration", "0.05", "--size", "128x128"]  # whatever is wrongly accepted ends soon
RUN = ["run", *SHORT, "--osc-port", "0", "--output", "memory:"]


@pytest.fixture(autouse=True)
def unchanged_logging() -> Iterator[None]:
    """`run` hangs its handler on the log; another test's log must not go to this one's stderr."""
    log = logging.getLogger("vjdream")
    before = log.handlers, log.level
    yield
    log.handlers, log.level = before


@pytest.fixture(autouse=True)
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this computer's owner has fetched, these tests find nothing."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))


@pytest.fixture(params=["run", "render"])
def command(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    return RUN if request.param == "run" else ["render", str(tmp_path / "out"), *SHORT]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--preset", "eys"], "did you mean 'eyes'"),
        (["--preset", "nowhere.yaml"], "there is no preset file"),
        (["--network", "dremnet"], "did you mean 'dreamnet'"),
        (["--network", "nowhere.safetensors"], "--network nowhere.safetensors does not exist"),
        (["--network", "nowhere.json"], "--network nowhere.json does not exist"),
        (["--network", __file__ + ".json"], "does not exist"),
        (["--network", "vgg16"], "type: vjdream fetch vgg16 (528 MB), or give your own"),
        (["--preset", "lsd-2015"], "type: vjdream fetch vgg16"),
        (["--network", "vgg16", "--weights", "nowhere.pth"], "nowhere.pth does not exist"),
        (["--network", "vgg16", "--class-list", "nowhere.txt"], "nowhere.txt"),
        (["--input", "nowhere.mp4"], "'nowhere.mp4' does not exist"),
        (["--input", "ndi:"], "ndi:NAME"),
        (["--guide", "nowhere.jpg"], "--guide nowhere.jpg does not exist"),
        (["--prior", "nowhere"], "--prior nowhere does not exist"),
        (["--prior", __file__], "is no folder"),
        (["--prior", "x" * 300], "cannot be read: File name too long"),
        (["--guide", "."], "--guide . is a folder"),
        (["--set", "layer=block9.conv7"], "no layer is called 'block9.conv7'"),
        (["--size", "641x360"], "odd width"),
        (["--size", "big"], "--size needs WIDTHxHEIGHT"),
        (["--size", "10x10"], "out of range"),
        (["--canvas", "641x360"], "--canvas 641x360 has an odd width"),
        (["--fps", "fast"], "--fps needs a rate such as"),
        (["--fps", "0"], "between 1 and 240"),
        (["--seed", "x"], "--seed"),
        (["--seed", "-1"], "--seed"),
        (["--threads", "-1"], "--threads"),
        (["--threads", "x"], "--threads"),
        (["--threads", "99999"], "--threads must be 0 to 1024"),
        (["--device", "gpu"], "--device gpu is unknown (allowed: cpu, cuda, cuda:N)"),
        (["--device", "cuda:²"], "--device"),
        (["--dtype", "float16"], "float32"),
        (["--set", "zoom"], "--set needs NAME=VALUE"),
        (["--set", "zomo=1"], "did you mean 'zoom'"),
        (["--set", "zoom=fast"], "'zoom' needs a number (0.5 to 2"),
        (["--set", "zoom=9"], "out of range (allowed 0.5 to 2"),
        (["--set", "zoom="], "needs a number"),
        (["--set", "class/1=xylophone"], "the nearest is"),
        (["--set", "class/1=2024-13-45"], "no class"),
        (["--set", "zoom=[[[["], "needs a number"),
        (["--duration", "-1"], "--duration needs seconds above 0"),
        (["--duration", "0"], "--duration needs seconds above 0"),
        (["--duration", "nan"], "--duration needs seconds above 0"),
        (["--duration", "soon"], "--duration needs seconds above 0"),
        (["--volume", "3"], "--volume"),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: Captured, command: list[str], arguments: list[str], sentence: str
) -> None:
    assert sentence in refused(capsys, *command, *arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--osc-port", "70000"], "--osc-port"),
        (["--osc-port", "-1"], "--osc-port"),
        (["--osc-port", "x"], "--osc-port"),
        (["--feedback", "here"], "--feedback needs HOST:PORT"),
        (["--output", "rtmp://somewhere"], "--output rtmp://somewhere is unknown"),
    ],
)
def test_a_mistake_in_a_live_option_is_one_sentence(
    capsys: Captured, arguments: list[str], sentence: str
) -> None:
    assert sentence in refused(capsys, *RUN, *arguments)


def test_an_unknown_command_names_the_known_ones(capsys: Captured) -> None:
    told = refused(capsys, "rnu")
    assert "rnu" in told
    assert "run" in told


def test_a_render_without_a_folder_is_refused(capsys: Captured) -> None:
    assert "OUT" in refused(capsys, "render")


def test_a_folder_that_cannot_be_written_is_refused(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot write" in refused(capsys, "render", *SHORT, str(tmp_path / "file" / "out"))


def test_a_preset_with_mistakes_is_refused_with_their_lines(
    capsys: Captured, tmp_path: Path
) -> None:
    preset = tmp_path / "bad.yaml"
    preset.write_text("vjdream: 1\nzoom: 9\nzomo: 1\n")
    told = refused(capsys, "render", *SHORT[:2], "--preset", str(preset), str(tmp_path / "out"))
    assert "line 2" in told
    assert "line 3" in told


def test_a_preset_whose_network_is_gone_is_told_with_its_name(
    capsys: Captured, tmp_path: Path
) -> None:
    preset = tmp_path / "mine.yaml"
    preset.write_text("vjdream: 1\nstart:\n  network: /gone/w.safetensors\n")
    render = ("render", *SHORT[:2], "--preset", str(preset))
    told = refused(capsys, *render, str(tmp_path / "out"))
    assert f"/gone/w.safetensors does not exist - preset {preset} asks for it" in told
    told = refused(capsys, *render, "--network", "/nowhere/v.safetensors", str(tmp_path / "out"))
    assert "/nowhere/v.safetensors does not exist" in told
    assert "asks for it" not in told


def test_a_pipe_that_knows_few_letters_gets_names_in_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, "cp1252"))
    monkeypatch.setattr(commands, "networks", lambda options: print("火 fire"))
    assert main(["networks"]) == 0
    sys.stdout.flush()
    assert pipe.getvalue().split() == [b"\\u706b", b"fire"]


def test_a_preset_with_a_bad_start_section_is_refused(capsys: Captured, tmp_path: Path) -> None:
    preset = tmp_path / "bad.yaml"
    preset.write_text("vjdream: 1\nstart:\n  size: 641x360\n")
    assert "odd width" in refused(
        capsys, "render", *SHORT[:2], "--preset", str(preset), str(tmp_path / "out")
    )


def test_fetching_what_is_not_to_be_fetched_is_refused(capsys: Captured) -> None:
    assert "part of vjdream" in refused(capsys, "fetch", "dreamnet")
    assert "did you mean 'resnet50'" in refused(capsys, "fetch", "resnet51")


def test_a_false_file_is_refused_and_nothing_is_left(capsys: Captured, tmp_path: Path) -> None:
    false = tmp_path / "vgg16.pth"
    false.write_bytes(b"not the weights")
    assert "SHA-256" in refused(capsys, "fetch", "vgg16", "--from", str(false))
    assert not [path for path in (tmp_path / "torch").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--network", "resnet50", "--weights", "{false}"], "no weight file"),
        (["--guide", "{false}"], "no picture that can be read"),
        (["--prior", "{folder}"], "holds no prior: needed prior.safetensors"),
        (["--input", "{false}.jpg"], "cannot read the picture"),
    ],
)
def test_what_only_the_dreamer_can_see_ends_a_show_too(
    capsys: Captured, tmp_path: Path, options: list[str], sentence: str
) -> None:
    false = tmp_path / "false"
    for path in (false, tmp_path / "false.jpg"):
        path.write_bytes(b"neither a picture nor weights")
    given = [option.format(false=false, folder=tmp_path) for option in options]
    run = ["run", "--size", "128x128", "--osc-port", "0", "--output", "memory:", "--duration", "60"]
    assert main([*run, *given]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("vjdream: ")
    assert sentence in lines[-1]


def test_classes_of_an_unknown_network_are_refused(capsys: Captured) -> None:
    assert "did you mean 'dreamnet'" in refused(capsys, "classes", "--network", "dremnet")


def test_an_unknown_format_is_refused(capsys: Captured) -> None:
    assert "markdown" in refused(capsys, "parameters", "--format", "xml")


# -- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["networks", "classes", "layers", "presets"])
def test_a_list_prints_one_entry_a_line_slug_first(capsys: Captured, command: str) -> None:
    lines = printed(capsys, command)
    assert lines
    slugs = [line.split("\t")[0] for line in lines]
    assert all(slug and " " not in slug for slug in slugs)
    assert all(len(line.split("\t")) == 2 for line in lines)
    assert len(set(slugs)) == len(slugs)


def test_the_networks_include_dreamnet(capsys: Captured) -> None:
    assert any(line.startswith("dreamnet\t") for line in printed(capsys, "networks"))


def test_the_parameters_are_markdown(capsys: Captured) -> None:
    assert "| `/vjdream/zoom` |" in "\n".join(printed(capsys, "parameters"))


def test_the_parameters_as_json_are_the_table(capsys: Captured) -> None:
    entries = json.loads("\n".join(printed(capsys, "parameters", "--format", "json")))
    assert [entry["name"] for entry in entries] == list(TABLE)
    zoom = next(entry for entry in entries if entry["name"] == "zoom")
    assert (zoom["minimum"], zoom["maximum"], zoom["default"]) == (0.5, 2.0, TABLE["zoom"].default)


def test_without_a_command_the_help_is_printed(capsys: Captured) -> None:
    assert printed(capsys)[0].startswith("usage: vjdream")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["render", "--help"]])
def test_help_ends_well(capsys: Captured, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert "usage: vjdream" in capsys.readouterr().out


def test_the_version_names_the_owner_of_ndi(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    out = capsys.readouterr().out
    assert out.startswith("vjdream ")
    assert "NDI® is a registered trademark of Vizrt NDI AB" in out
    assert "ndi.video" in out


def test_help_in_a_fresh_interpreter_loads_no_torch() -> None:
    code = (
        "import sys\nfrom vjdream.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'torch', 'numpy', 'cv2'} & set(sys.modules), 'something heavy was loaded'"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=Path(__file__).parent.parent,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr.decode()


# -- listings, pages, doctor ----------------------------------------------------------------------


def test_classes_lists_what_words_mean_and_nothing_else(capsys: Captured) -> None:
    assert main(["classes", "sea", "fire"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["ocean", "fire"]


def test_words_that_mean_no_class_are_refused(capsys: Captured) -> None:
    assert "no class is called 'xylophone'" in refused(capsys, "classes", "sea", "xylophone")


def test_the_users_own_presets_are_listed_with_those_that_ship(
    capsys: Captured, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text("# Only I know\nvjdream: 1\n")
    assert main(["presets", "--preset-folder", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "mine\tOnly I know" in lines
    assert any(line.startswith("eyes\t") for line in lines)


def test_one_bad_file_does_not_end_the_listing(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "a_folder.yaml").mkdir()
    assert main(["presets", "--preset-folder", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("a_folder\t(preset") for line in lines)
    assert any(line.startswith("storm\t") for line in lines)


def test_one_parameter_has_a_page(capsys: Captured) -> None:
    assert main(["parameters", "/vjdream/zoom"]) == 0
    assert capsys.readouterr().out.startswith("# `/vjdream/zoom`")


def test_a_mistyped_parameter_names_the_nearest(capsys: Captured) -> None:
    assert "did you mean 'zoom'" in refused(capsys, "parameters", "zomo")


def test_pages_are_written_into_a_folder(capsys: Captured, tmp_path: Path) -> None:
    assert main(["parameters", "--pages", str(tmp_path / "pages")]) == 0
    assert (tmp_path / "pages" / "index.md").is_file()
    assert (tmp_path / "pages" / "split-shape.md").is_file()


@pytest.mark.parametrize(("level", "code"), [("fine", 0), ("hint", 0), ("broken", 1)])
def test_the_doctor_ends_with_1_when_something_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, level: str, code: int
) -> None:
    finding = doctor.Finding("paper", doctor.Level[level.upper()], "there is none")
    monkeypatch.setattr(doctor, "examine", lambda settings, folders: iter([finding]))
    assert main(["doctor"]) == code
    assert "paper: there is none" in capsys.readouterr().out


def test_the_doctor_refuses_settings_that_no_show_could_have(capsys: Captured) -> None:
    assert "out of range" in refused(capsys, "doctor", "--size", "10x10")


# -- networks of one's own ------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a training builds on is tiny."""
    (tmp_path / "shipped").mkdir()
    descriptor = shipped(tmp_path / "shipped")
    monkeypatch.setattr(own, "load_descriptor", lambda _name: descriptor)


@pytest.fixture
def training(small: None, tmp_path: Path) -> list[str]:
    folder = picture_folder(tmp_path / "world", each=2)
    (folder / "red" / "false.jpg").write_text("hello")
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "w.safetensors"
    return ["train", str(folder), str(out), "--batches", "10", "--threads", "1"]


def asked_after(monkeypatch: pytest.MonkeyPatch, questions: int) -> None:
    """Let Ctrl-C be pressed between two questions whether it was."""

    @contextmanager
    def pressed() -> Iterator[Callable[[], bool]]:
        asked = iter(range(10**6))
        yield lambda: next(asked) >= questions

    monkeypatch.setattr(interrupts, "interruptible", pressed)


def test_a_trained_network_is_one_file_that_is_played(
    capsys: Captured, training: list[str], tmp_path: Path
) -> None:
    assert main(training) == 0
    out, err = capsys.readouterr()
    assert "tells " in out and " of 6 squares that it was taught (too few" in out
    assert out.splitlines()[-1] == f"vjdream run --network {quoted(Path(training[2]))}"
    assert f"skipped {tmp_path / 'world' / 'red' / 'false.jpg'}: no picture" in err
    assert "blue 2, green 2, red 2" in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["w.safetensors"]
    listed = printed(capsys, "classes", "--network", training[2])
    assert listed == ["blue\tBlue", "green\tGreen", "red\tRed"]
    assert printed(capsys, "classes", "--network", training[2], "gren") == ["green\tGreen"]
    layers = printed(capsys, "layers", "--network", training[2])
    assert layers[-1] == "logits\t3 channels"
    frames = tmp_path / "frames"
    render = ["render", "--network", training[2], *SHORT, "--fps", "20", str(frames)]
    assert main(render) == 0
    assert len(list(frames.glob("*.png"))) == 1


def test_pictures_that_were_kept_apart_are_said_to_be(
    capsys: Captured, training: list[str], tmp_path: Path
) -> None:
    picture_folder(tmp_path / "world", each=8)
    assert main(training) == 0
    assert " of 3 squares that it was not taught, " in capsys.readouterr().out


def test_an_interrupted_training_ends_with_130_and_goes_on(
    capsys: Captured, training: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = Path(training[2])
    assert main(training) == 0
    whole = out.read_bytes()
    out.unlink()
    with monkeypatch.context() as patched:
        asked_after(patched, 7 + 3)  # seven files, then batches
        assert main(training) == 130
    assert capsys.readouterr().err.endswith("interrupted; the same command goes on\n")
    assert [path.name for path in out.parent.iterdir()] == [".w.safetensors.training"]
    assert main(training) == 0
    assert out.read_bytes() == whole


def test_an_interrupted_training_is_not_lost_by_another_option(
    capsys: Captured, training: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        asked_after(patched, 7 + 3)
        assert main(training) == 130
    part = Path(training[2]).parent / ".w.safetensors.training"
    before = part.read_bytes()
    assert main([*training, "--seed", "5"]) == 2
    told = capsys.readouterr().err
    assert f"{part} is an interrupted training of other pictures, options or programs" in told
    assert part.read_bytes() == before


def test_without_a_terminal_the_time_left_is_a_line_now_and_then(
    capsys: Captured, training: list[str]
) -> None:
    assert main([*training, "--batches", "100"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "left" in line]
    assert [line.split(",")[0] for line in lines] == ["50 of 100 batches", "100 of 100 batches"]
    assert lines[1].endswith(" 0 min left")


def test_what_is_skipped_says_nothing_that_a_terminal_would_obey(
    capsys: Captured, training: list[str], tmp_path: Path
) -> None:
    (tmp_path / "world" / "red" / "\x1b[31mred.jpg").write_text("")
    assert main(training) == 0
    assert "\x1b" not in capsys.readouterr().err


def test_reading_pictures_can_be_interrupted(
    capsys: Captured, training: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_after(monkeypatch, 3)
    assert main(training) == 130
    assert not list(Path(training[2]).parent.iterdir())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{world}", "w.pth"], "ends with .safetensors, got 'w.pth'"),
        (["{world}", "{here}/nowhere/w.safetensors"], "there is no folder"),
        (["{world}", "{world}/red/00.safetensors"], "is there already - give another name"),
        (["~nobody/{world}", "{out}"], "does not exist: needed is a folder"),
        (["{here}/nowhere", "{out}"], "nowhere does not exist: needed is a folder"),
        (["{world}/red/00.png", "{out}"], "00.png is a file: needed is a folder"),
        (["{world}/red", "{out}"], "holds no class with pictures"),
        (["", "{out}"], "PICTURES must be a folder, got ''"),
        (["{world}", "{out}", "--batches", "1"], "--batches must be 10 to 1000000, got 1"),
        (["{world}", "{out}", "--batches", "many"], "--batches"),
        (["{world}", "{out}", "--seed", "-1"], "--seed must be"),
        (["{world}", "{out}", "--threads", "-1"], "--threads must be"),
        (["{world}", "{out}", "--device", "gpu"], "--device gpu is unknown"),
        (["{world}"], "FILE"),
    ],
)
def test_a_training_that_cannot_be_is_refused(
    capsys: Captured, training: list[str], tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "world" / "red" / "00.safetensors").write_text("precious")
    places = {"world": training[1], "out": training[2], "here": tmp_path}
    assert sentence in refused(capsys, "train", *(text.format(**places) for text in arguments))


def test_a_network_that_cannot_be_written_is_told_in_a_sentence(
    capsys: Captured, training: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert main(training) == 2
    assert capsys.readouterr().err.endswith(
        f"vjdream: {training[2]} cannot be written: No space left on device\n"
    )


def test_a_file_that_is_no_network_is_refused_everywhere(
    capsys: Captured, command: list[str], tmp_path: Path
) -> None:
    false = tmp_path / "false.safetensors"
    false.write_bytes(b"no network")
    for words in (command, ["classes"], ["layers"]):
        told = refused(capsys, *words, "--network", str(false))
        assert "false.safetensors is not a network's description" in told


def made_with(network: str, tmp_path: Path, kind: str) -> list[str]:
    """The beginning of a show that goes on from a file which names its network."""
    recipe = recipe_of(Settings(network=network), State(), "", ())
    if kind == "session":
        night = tmp_path / "night.osc.txt"
        night.write_text("#vjdream-session-1.0\n")
        SidecarWriter(night, recipe).close()
        return ["run", "--session", str(night)]
    picture = tmp_path / "then.png"
    write_snapshot(picture, np.full((138, 138, 4), 90, np.uint8), recipe.as_plain())
    return ["run", "--resume", str(picture)]


@pytest.mark.parametrize("kind", ["session", "picture"])
@pytest.mark.parametrize("name", ["/etc/w.safetensors", "w.JSON", "\\\\host\\share\\w.safetensors"])
def test_no_file_from_elsewhere_opens_a_network(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str, name: str
) -> None:
    options = _parser().parse_args(made_with(name, tmp_path, kind))
    assert settings_of(options).network == "dreamnet"
    assert f"made with --network {name!r}: give it again to have the same" in caplog.text


@pytest.mark.parametrize("kind", ["session", "picture"])
def test_a_network_file_that_is_given_again_is_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    own_file = tmp_path / "w.safetensors"
    own_file.write_bytes(b"")
    words = [*made_with("/etc/w.safetensors", tmp_path, kind), "--network", str(own_file)]
    assert settings_of(_parser().parse_args(words)).network == str(own_file)
    assert "give it again" not in caplog.text


@pytest.mark.parametrize("kind", ["session", "picture"])
def test_an_installed_network_is_taken_from_where_a_show_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    options = _parser().parse_args(made_with("vgg19", tmp_path, kind))
    assert settings_of(options).network == "vgg19"
    assert "give it again" not in caplog.text


def test_a_render_is_not_continued_with_a_network_that_was_trained_anew(
    capsys: Captured, training: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(training) == 0
    render = ["render", "--network", training[2], "--size", "128x128", "--canvas", "128x128",
              "--fps", "8", "--duration", "1", str(tmp_path / "frames")]  # fmt: skip
    with monkeypatch.context() as patched:
        asked_after(patched, 2)
        assert main(render) == 130
    Path(training[2]).unlink()
    assert main([*training, "--seed", "2"]) == 0
    capsys.readouterr()
    assert main([*render, "--resume"]) == 2
    assert "was begun with another content of network" in capsys.readouterr().err
