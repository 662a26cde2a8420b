"""The README says what is true: its table, its commands, its presets."""

import re
import textwrap
from pathlib import Path

from vjdream import presets
from vjdream.parameters import markdown
from vjdream.preset_library import files
from vjdream.vocabulary import load_descriptor

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_parameters_is_the_table_of_the_code() -> None:
    assert markdown() in README, "stale: run python tools/generate.py"


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    (command,) = re.findall(r"^python3 tools/install\.py test$", README, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_there_are_exactly_two_set_up_commands() -> None:
    assert len(re.findall(r"^python3 tools/install\.py", README, re.MULTILINE)) == 2


def test_every_shipped_preset_is_described() -> None:
    for name, path in files().items():
        assert f"| `{name}` | {presets.about(path)} |" in README


def test_the_preset_in_the_tour_can_be_played(tmp_path: Path) -> None:
    (body,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "my.yaml"
    path.write_text(textwrap.dedent(body), encoding="utf-8")
    preset = presets.load(path, load_descriptor("dreamnet").vocabulary)
    assert preset.about
    assert preset.palette


def test_every_picture_is_there() -> None:
    for link in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / link).is_file()


def test_the_owner_of_the_ndi_mark_is_named() -> None:
    assert "NDI® is a registered trademark of Vizrt NDI AB" in README
    assert "ndi.video" in README
