"""Which output a URL opens."""

import os
from pathlib import Path

import pytest

from vjdream.clock import VirtualClock
from vjdream.errors import OutputError
from vjdream.outputs import Output, open_file, open_output
from vjdream.outputs.memory import MemoryOutput
from vjdream.outputs.pictures import PictureFolder
from vjdream.outputs.video import VideoOutput
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
    with pytest.raises(OutputError, match=r"ndi:NAME, memory:, a folder, a \.mp4, \.mov, \.mkv"):
        opened(url)


@pytest.mark.parametrize("name", ["show.mp4", "show.mov", "show.MKV", "22:30.mp4", "the 1:1.mkv"])
def test_a_video_is_chosen_by_its_suffix(tmp_path: Path, name: str) -> None:
    for output, live in (
        (opened(str(tmp_path / f"live {name}")), True),
        (open_file(str(tmp_path / f"rendered {name}"), Settings()), False),
    ):
        assert isinstance(output, VideoOutput)
        assert output._live == live
        assert output.path.parent == tmp_path
        output.close()


@pytest.mark.skipif(os.name != "posix", reason="on Windows these are elsewhere")
@pytest.mark.parametrize("name", ["C:\\shows\\night.mp4", "d:night.mkv", "22:30.mov"])
def test_a_drive_and_a_time_of_day_are_no_schemes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    output = opened(name)
    assert isinstance(output, VideoOutput)
    output.close()


def test_a_name_without_a_suffix_is_a_folder_of_pictures_when_rendering(tmp_path: Path) -> None:
    output = open_file(str(tmp_path / "pictures"), Settings())
    assert isinstance(output, PictureFolder)
    assert output.folder == tmp_path / "pictures"


@pytest.mark.parametrize("name", ["show.avi", "show.mp5", "pictures.old"])
def test_another_suffix_is_refused_and_nothing_is_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"\.mp4, \.mov, \.mkv, or a name without a suffix"):
        opened(str(tmp_path / name))
    with pytest.raises(OutputError, match=r"\.mp4, \.mov, \.mkv, or a name without a suffix"):
        open_file(str(tmp_path / name), Settings())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["ndi:foo", "memory:", "rtmp://host/live"])
def test_a_render_goes_into_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match=r"is no file \(allowed: a folder"):
        open_file(name, Settings())
    assert list(tmp_path.iterdir()) == []


def test_frames_of_another_show_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "frame-000003.png").write_bytes(b"holiday")
    for open_it in (lambda: opened(str(tmp_path)), lambda: open_file(str(tmp_path), Settings())):
        with pytest.raises(OutputError, match=r"there are frames in .* already"):
            open_it()
    assert isinstance(open_file(str(tmp_path), Settings(), goes_on=True), PictureFolder)
    assert (tmp_path / "frame-000003.png").read_bytes() == b"holiday"


def test_an_empty_url_is_refused() -> None:
    with pytest.raises(OutputError):
        opened("")
    with pytest.raises(OutputError):
        open_file("", Settings())
