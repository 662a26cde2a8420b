"""What surfaces know: words, presets, and the tree of both."""

import asyncio
from pathlib import Path

import pytest

from tests.surfaces.fake_stage import play
from vjdream.errors import WeightsError
from vjdream.surfaces import knowledge as knowledge_module
from vjdream.surfaces.knowledge import Knowledge
from vjdream.surfaces.shelf import PAGE, TYPES, about, page, picture


def test_a_preset_that_is_saved_is_in_the_menu_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge_module, "LATER", (0.0,))

    async def scene() -> None:
        known = Knowledge("dreamnet", None, str(tmp_path))
        told: asyncio.Queue[str] = asyncio.Queue()
        known.listen(told.put_nowait)
        (tmp_path / "tonight.yaml").write_text("vjdream: 1\n")
        known.hear("/vjdream/zoom", (1.0,), "")
        known.hear("/vjdream/state/preset", ("tonight",), "")
        assert await told.get() == "/vjdream/preset/load"
        menu = known.tree.methods["/vjdream/preset/load"].range
        assert menu is not None and "tonight" in menu["VALS"]
        known.close()

    play(scene())


def test_a_network_that_is_not_there_changes_nothing() -> None:
    async def scene() -> None:
        known = Knowledge("dreamnet")
        before = known.tree
        with pytest.raises(WeightsError):
            await known.change_network("nothing")
        assert known.tree is before and known.descriptor.name == "dreamnet"

    play(scene())


def test_the_same_network_again_is_no_news() -> None:
    async def scene() -> None:
        known = Knowledge("dreamnet")
        told: list[str] = []
        known.listen(told.append)
        await known.change_network("dreamnet")
        assert told == []

    play(scene())


def test_the_page_holds_only_files_that_a_browser_knows(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>x</title>")
    (tmp_path / "main.js").write_text("begin()")
    (tmp_path / "notes.txt").write_text("not for browsers")
    (tmp_path / "folder.js").mkdir()
    sheets = page(tmp_path)
    assert set(sheets) == {"", "index.html", "main.js"}
    assert sheets[""] == sheets["index.html"]
    assert page(tmp_path / "nothing") == {}


def test_every_file_of_our_page_is_served() -> None:
    served = page()
    for path in PAGE.iterdir():
        if path.is_file():
            assert path.suffix in TYPES and path.name in served, path


def test_what_a_preset_is_about_is_its_first_comment(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    for text, told in (("# Eyes above\nzoom: 1", "Eyes above"), ("zoom: 1\n# no", ""), ("", "")):
        path.write_text(text)
        assert about(path) == told
    path.write_bytes(b"# \xff\xfe")
    assert about(path) == ""
    assert about(tmp_path / "nothing.yaml") == ""


def test_a_picture_that_is_gone_or_too_large_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = tmp_path / "x.yaml"
    assert picture(preset) is None
    preset.with_suffix(".jpg").write_bytes(b"1234")
    assert picture(preset) == b"1234"
    monkeypatch.setattr("vjdream.surfaces.shelf.LARGEST_THUMBNAIL", 3)
    assert picture(preset) is None
