"""The wheel carries everything that a show needs."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_an_installed_wheel_lists_the_presets_and_the_classes(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own; heavy dependencies are lent by the one that runs the tests."""
    venv.create(tmp_path / "environment", with_pip=False)
    place = next((tmp_path / "environment").rglob("site-packages"))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(place), str(wheel)], check=True, capture_output=True)
    lent = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    (place / "lent.pth").write_text(str(lent))
    python = next(p for p in (tmp_path / "environment").glob("*/python*") if p.is_file())

    def vjdream(*arguments: str) -> str:
        answer = subprocess.run(
            [python, "-m", "vjdream", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout

    names = [line.split("\t")[0] for line in vjdream("presets").splitlines()]
    assert names == sorted(path.stem for path in (ROOT / "presets").glob("*.yaml"))
    assert len(vjdream("classes").splitlines()) >= 24
    assert "vjdream" in vjdream("--version")


def test_the_data_in_the_wheel_stays_under_ten_megabytes(wheel: Path) -> None:
    import zipfile

    with zipfile.ZipFile(wheel) as content:
        data = [entry for entry in content.infolist() if "/data/" in entry.filename]
        assert {"vjdream/data/dreamnet.safetensors", "vjdream/data/first.png"} <= {
            entry.filename for entry in data
        }
        assert sum(entry.file_size for entry in data) < 10_000_000
