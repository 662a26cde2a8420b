"""The command line: exit codes, one sentence for each mistake, lists that scripts can read."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vjdream import doctor
from vjdream.cli import main
from vjdream.parameters import TABLE

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
        (["--network", "vgg16"], "type: vjdream fetch vgg16 (528 MB), or give your own"),
        (["--preset", "lsd-2015"], "type: vjdream fetch vgg16"),
        (["--network", "vgg16", "--weights", "nowhere.pth"], "nowhere.pth does not exist"),
        (["--network", "vgg16", "--class-list", "nowhere.txt"], "nowhere.txt"),
        (["--input", "nowhere.mp4"], "'nowhere.mp4' does not exist"),
        (["--input", "ndi:"], "ndi:NAME"),
        (["--guide", "nowhere.jpg"], "--guide nowhere.jpg does not exist"),
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
        (["--input", "{false}.jpg"], "cannot read the picture"),
    ],
)
def test_what_only_the_dreamer_can_see_ends_a_show_too(
    capsys: Captured, tmp_path: Path, options: list[str], sentence: str
) -> None:
    false = tmp_path / "false"
    for path in (false, tmp_path / "false.jpg"):
        path.write_bytes(b"neither a picture nor weights")
    given = [option.format(false=false) for option in options]
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
