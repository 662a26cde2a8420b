"""Thumbnails: small pictures of presets, written beside them."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from thumbnails import FOLDER, thumbnail, write

from vjdream.errors import WeightsError
from vjdream.render import Rendered
from vjdream.settings import Settings


def painted(settings: Settings, out: str, watch: Callable[[int, int], bool]) -> Rendered:
    """A render of two frames, black and then red, of the size that was asked for."""
    if settings.network != "dreamnet":
        raise WeightsError(f"network '{settings.network}' has no weights on this computer")
    for number, red in enumerate((0, 200)):
        frame = np.zeros((settings.size.height, settings.size.width, 3), np.uint8)
        frame[..., 2] = red
        cv2.imwrite(str(Path(out) / f"frame-{number:06d}.png"), frame)
    return Rendered(2, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "red.yaml").write_text("# All is red\nvjdream: 1\n")
    (tmp_path / "large.yaml").write_text("vjdream: 1\nstart: {network: vgg16}\n")
    return tmp_path


def test_a_thumbnail_is_the_last_frame_made_small(folder: Path) -> None:
    content = thumbnail(folder / "red.yaml", render=painted)
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (180, 320, 3)
    assert np.abs(picture.mean(axis=(0, 1)) - [0, 0, 200]).max() < 4


def test_all_are_written_but_those_without_weights(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write([], folder, render=painted) == 0
    assert [path.name for path in folder.glob("*.jpg")] == ["red.jpg"]
    assert "large: left out, network 'vgg16' has no weights" in capsys.readouterr().out


def test_a_name_that_is_no_preset_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(["red", "rad"], folder, render=painted) == 2
    assert "no preset is called 'rad'" in capsys.readouterr().err
    assert not list(folder.glob("*.jpg"))


@pytest.mark.parametrize("preset", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_preset_for_dreamnet_has_a_thumbnail(preset: Path) -> None:
    if "network: vgg16" in preset.read_text():
        pytest.skip("needs weights that do not ship")
    picture = cv2.imread(str(preset.with_suffix(".jpg")))
    assert picture is not None
    assert picture.shape == (180, 320, 3)
    assert preset.with_suffix(".jpg").stat().st_size < 40_000
