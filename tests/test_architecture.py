"""The layout's rules, enforced: imports run one way, and each native library has one door."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "vjdream"
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the bottom up; a module may import from lower levels, and from its own where both are files
# of one folder or single modules of the same level.
LEVELS = (
    {
        "errors",
        "paths",
        "addresses",
        "clock",
        "priority",
        "camera",
        "frames",
        "interrupts",
        "picture_headers",
        "picture_files",
    },
    {
        "messages",
        "parameters",
        "settings",
        "words",
        "class_lists",
        "vocabulary",
        "network_file",
        "weights",
        "yaml_nodes",
        "names",
        "packets",
        "line_file",
        "whole_file",
    },
    {
        "presets",
        "preset_library",
        "exchange",
        "session_text",
        "session_reader",
        "session_writer",
        "sessions",
        "sidecar",
        "recipe",
        "recorder",
        "snapshots",
        "player",
        "places",
        "worker",
    },
    {"control", "stage", "dream", "inputs", "outputs", "surfaces"},
    {"opening", "playback", "performance", "replay", "archive"},
    {"live", "resumption", "render"},
    {"show"},
    {"console", "doctor", "reference"},
    {"options"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
SIBLINGS = LEVELS[3]
ENTRY = "dream/process.py"  # the dreamer's, which joins dream and inputs
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names}

DOORS = {
    "torch": {"dream/"},
    "torchvision": {"dream/"},
    "safetensors": {"dream/"},
    "NDIlib": {"outputs/ndi.py", "inputs/ndi.py"},
    "av": {"outputs/video.py", "inputs/video.py"},
    "rapidfuzz": {"words.py"},
    "pythonosc": {"packets.py"},
    "mido": {"surfaces/midi.py"},
    "aiohttp": {"surfaces/"},
    "zeroconf": {"surfaces/discovery.py"},
    "ifaddr": {"surfaces/discovery.py"},
    "rtmidi": {"surfaces/midi.py"},
    "segno": {"console.py"},
    "PIL": {"snapshots.py"},
    "time": {"clock.py"},
    "rich": {"console.py", "commands.py"},
}


def imports(path: Path) -> list[str]:
    """Every module that a file imports, wherever in the file."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} uses a relative import"
            if node.module == "vjdream":
                names += [f"vjdream.{alias.name}" for alias in node.names]
            else:
                names.append(str(node.module))
    return names


def part(path: Path) -> str:
    """The layer's name of a file: its folder, or its own name at the top."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_from_the_top_of_the_layout_to_the_bottom(path: Path) -> None:
    here = part(path)
    if here == "__init__":
        return
    for name in imports(path):
        if not name.startswith("vjdream."):
            continue
        there = name.split(".")[1]
        if there == "__version__" or there == here:
            continue
        assert LEVEL[there] <= LEVEL[here], f"{here} must not import {there}"
        both = {here, there}
        if path.relative_to(PACKAGE).as_posix() == ENTRY and there == "inputs":
            continue
        assert not both <= SIBLINGS, f"siblings {here} and {there} must not know one another"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_native_library_has_one_door(path: Path) -> None:
    inside = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        doors = DOORS.get(name.split(".")[0])
        if doors is not None:
            assert any(inside.startswith(door) for door in doors), f"{inside} imports {name}"


def loaded_by(code: str) -> set[str]:
    """The top-level modules in a fresh interpreter after running `code`."""
    answer = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    return {name.split(".")[0] for name in answer.stdout.split()}


def test_the_stage_never_loads_torch() -> None:
    loaded = loaded_by("import vjdream.live, vjdream.show, vjdream.console, vjdream.outputs.ndi")
    assert "torch" not in loaded
    assert "cv2" in loaded


def test_dreamnet_does_not_wait_for_torchvision() -> None:
    """It takes two seconds to import, and the dream is to begin."""
    code = "from vjdream.settings import Settings; import vjdream.dream.dreamer as d; "
    assert "torchvision" not in loaded_by(code + "d.create_dreamer(Settings(dtype='float32'))")


def test_an_offline_render_needs_neither_osc_nor_ndi() -> None:
    loaded = loaded_by("import vjdream.render")
    assert not {"pythonosc", "NDIlib"} & loaded


def test_the_help_loads_neither_torch_nor_the_stage() -> None:
    loaded = loaded_by("import vjdream.cli; vjdream.cli._parser().format_help()")
    assert not {"torch", "cv2", "numpy", "NDIlib"} & loaded


def test_no_file_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "manager", "base", "common", "misc"}
    assert not [path for path in MODULES if path.stem in vague]
