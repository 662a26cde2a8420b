"""Which output a URL opens."""

from pathlib import Path

import pytest

from vjdream.clock import VirtualClock
from vjdream.errors import OutputError
from vjdream.outputs import Output, open_output
from vjdream.outputs.memory import MemoryOutput
from vjdream.outputs.pictures import PictureFolder
from vjdream.settings import Settings


def opened(url: str) -> Output:
    return open_output(url, Settings(), VirtualClock())


def test_memory_is_chosen_by_its_name() -> None:
    assert isinstance(opened("memory:"), MemoryOutput)


def test_a_path_is_a_folder_of_pictures(tmp_path: Path) -> None:
    output = opened(str(tmp_path / "pictures"))
    assert isinstance(output, PictureFolder)
    assert output.folder == tmp_path / "pictures"


@pytest.mark.parametrize("url", ["rtmp://host/live", "file:out", "nid:name", "memory:x", "http:"])
def test_an_unknown_scheme_is_refused_with_the_allowed_ones(url: str) -> None:
    with pytest.raises(OutputError, match="ndi:NAME, memory:, a folder"):
        opened(url)


@pytest.mark.parametrize("name", ["show.mp4", "show.mov", "show.mkv"])
def test_a_video_file_is_not_made_into_a_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError):
        opened(str(tmp_path / name))
    assert not (tmp_path / name).exists()


def test_an_empty_url_is_refused() -> None:
    with pytest.raises(OutputError):
        opened("")
