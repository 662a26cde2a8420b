"""Snapshots, and other pictures that a dream may go on from."""

import errno
import json
import os
import struct
import subprocess
import sys
import warnings
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from vjdream.errors import OutputError, SettingsError
from vjdream.frames import Picture
from vjdream.snapshots import MOST_PIXELS, read_snapshot, write_snapshot

ABOUT: dict[str, Any] = {"vjdream": 1, "values": {"class/1": "eye", "zoom": 1.05}, "seed": 7}


def noise(height: int = 20, width: int = 30) -> Picture:
    made = np.random.default_rng(1).integers(0, 256, (height, width, 4), np.uint8)
    made[..., 3] = 255
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "now.png"


def chunks(path: Path) -> list[tuple[bytes, bytes]]:
    """A PNG's chunks, read by hand."""
    content, place, found = path.read_bytes(), 8, []
    while place < len(content):
        (length,) = struct.unpack_from(">I", content, place)
        found.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += 12 + length
    return found


def png(path: Path, text: str, keyword: str = "vjdream", zip: bool = False) -> Path:
    info = PngInfo()
    info.add_itxt(keyword, text, zip=zip)
    Image.new("RGB", (2, 2)).save(path, pnginfo=info)
    return path


# -- there and back --------------------------------------------------------------------------------


@pytest.mark.parametrize(("height", "width"), [(1, 1), (20, 30), (131, 7)])
def test_pixels_and_text_come_back_exactly(path: Path, height: int, width: int) -> None:
    write_snapshot(path, noise(height, width), ABOUT)
    snapshot = read_snapshot(path)
    assert snapshot.picture.dtype == np.uint8
    assert snapshot.picture.flags.writeable and snapshot.picture.flags.c_contiguous
    assert np.array_equal(snapshot.picture, noise(height, width))
    assert snapshot.about == ABOUT


def test_the_fourth_byte_is_not_kept(path: Path) -> None:
    picture = noise()
    picture[..., 3] = 7
    write_snapshot(path, picture, ABOUT)
    assert np.array_equal(read_snapshot(path).picture, noise())


def test_a_part_of_a_larger_picture_can_be_written(path: Path) -> None:
    write_snapshot(path, noise(40, 60)[::2, 10:40], ABOUT)
    assert np.array_equal(read_snapshot(path).picture, noise(40, 60)[::2, 10:40])


def test_other_programs_read_an_ordinary_png(path: Path) -> None:
    write_snapshot(path, noise(), ABOUT)
    read = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert np.array_equal(read, noise()[..., :3])


def test_the_text_is_one_readable_chunk_before_the_pixels(path: Path) -> None:
    write_snapshot(path, noise(), {"vjdream": 1, "preset": "Nacht 夜", "a": None})
    found = chunks(path)
    kinds = [kind for kind, _ in found]
    assert kinds.count(b"iTXt") == 1
    assert kinds.index(b"iTXt") < kinds.index(b"IDAT")
    text = b'vjdream\0\0\0\0\0{"a": null, "preset": "Nacht \xe5\xa4\x9c", "vjdream": 1}'
    assert dict(found)[b"iTXt"] == text, "not compressed, keys in order, UTF-8"


def test_equal_snapshots_are_equal_files(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "a.png", noise(), {"vjdream": 1, "b": 1, "a": 2})
    write_snapshot(tmp_path / "b.png", noise(), {"a": 2, "b": 1, "vjdream": 1})
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(st.characters()), plain_values, max_size=4))
def test_whatever_is_json_comes_back(
    tmp_path_factory: pytest.TempPathFactory, about: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.png"
    write_snapshot(path, noise(2, 2), about | {"vjdream": 1})
    assert read_snapshot(path).about == about | {"vjdream": 1}


def test_half_a_character_comes_back_too(path: Path) -> None:
    write_snapshot(path, noise(), {"vjdream": 1, "name": "a\ud800b"})
    assert read_snapshot(path).about == {"vjdream": 1, "name": "a\ud800b"}


# -- writing ---------------------------------------------------------------------------------------


def test_a_file_that_is_there_is_never_replaced(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(OutputError, match=r"now\.png is there already, choose another name"):
        write_snapshot(path, noise(), ABOUT)
    assert path.read_text() == "mine"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("links", [True, False], ids=["with links", "without links"])
def test_a_file_that_appears_meanwhile_is_not_replaced_either(
    path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    fsync = os.fsync

    def meanwhile(number: int) -> None:
        path.write_text("mine")
        fsync(number)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(OutputError, match="is there already"):
        write_snapshot(path, noise(), ABOUT)
    assert path.read_text() == "mine"
    assert list(path.parent.iterdir()) == [path]


def refuse(path: Path, target: Path) -> None:
    raise PermissionError(errno.EPERM, "this file system has no links")


def test_a_memory_card_without_links_will_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_snapshot(path, noise(), ABOUT)
    assert np.array_equal(read_snapshot(path).picture, noise())
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_nothing(path: Path) -> None:
    resource = pytest.importorskip("resource", reason="this system has no limits of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OutputError, match=r"now\.png cannot be written: File too large"):
            write_snapshot(path, noise(), ABOUT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["missing/a.png", "nul\0.png", "x" * 300 + ".png"])
def test_a_file_that_cannot_be_made_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot be written") as caught:
        write_snapshot(tmp_path / name, noise(), ABOUT)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_more_text_than_can_be_read_again_is_not_written(path: Path) -> None:
    with pytest.raises(OutputError, match="more than 1000000 bytes"):
        write_snapshot(path, noise(), {"vjdream": 1, "a": "x" * 1_000_000})
    assert list(path.parent.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="permissions of Unix")
def test_others_may_read_it_as_any_other_file(path: Path) -> None:
    (path.parent / "other").write_text("")
    write_snapshot(path, noise(), ABOUT)
    assert path.stat().st_mode == (path.parent / "other").stat().st_mode
    assert path.stat().st_nlink == 1


# -- other pictures --------------------------------------------------------------------------------

RGB = noise(24, 32)[..., 2::-1]


def saved(path: Path, pixels: NDArray[Any], **options: Any) -> Picture:
    """Save (h, w, 3) RGB or what else Pillow takes, and read it again."""
    Image.fromarray(pixels).save(path, **options)
    snapshot = read_snapshot(path)
    assert snapshot.about is None
    assert (snapshot.picture[..., 3] == 255).all()
    return snapshot.picture


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "a.webp"])
def test_lossless_pictures_are_read_exactly(tmp_path: Path, name: str) -> None:
    options = {"lossless": True} if name.endswith("webp") else {}
    assert np.array_equal(saved(tmp_path / name, RGB, **options)[..., 2::-1], RGB)


@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.gif"])
def test_others_are_read_nearly(tmp_path: Path, name: str) -> None:
    smooth = np.zeros((24, 32, 3), np.uint8)
    smooth[:, :16] = (200, 100, 50)
    picture = saved(tmp_path / name, smooth)
    assert np.abs(picture[12, 4, 2::-1].astype(int) - (200, 100, 50)).max() < 8


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    Image.fromarray(RGB).save(tmp_path / "a.png", "JPEG")
    assert read_snapshot(tmp_path / "a.png").picture.shape == (24, 32, 4)


def test_a_photograph_stands_as_it_was_held(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: what is left becomes the top
    halves = np.zeros((16, 32, 3), np.uint8)
    halves[:, :16] = 255
    for name in ("a.jpg", "a.png", "a.webp", "a.tif"):
        picture = saved(tmp_path / name, halves, exif=exif)
        assert picture.shape == (32, 16, 4), name
        assert (picture[:12] > 230).all() and (picture[20:, :, :3] < 25).all(), name


def test_greys_are_read_as_colours(tmp_path: Path) -> None:
    grey = RGB[..., 0]
    assert np.array_equal(saved(tmp_path / "a.png", grey)[..., :3], np.dstack([grey] * 3))
    black = saved(tmp_path / "b.png", grey > 127)
    assert np.array_equal(black[..., 1] > 127, grey > 127)
    assert set(np.unique(black[..., :3])) == {0, 255}


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_16_bits_become_8(tmp_path: Path, name: str) -> None:
    deep = (np.arange(24 * 32, dtype=np.uint16) * 85).reshape(24, 32)
    assert np.array_equal(saved(tmp_path / name, deep)[..., 0], deep >> 8)
    colours = np.dstack([deep, deep[::-1], deep[:, ::-1]])
    assert cv2.imwrite(str(tmp_path / "deep.png"), colours)
    read = read_snapshot(tmp_path / "deep.png").picture
    assert np.abs(read[..., :3].astype(int) - (colours >> 8)).max() <= 1


def test_a_deep_photograph_stands_as_it_was_held(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    deep = np.zeros((16, 32), np.uint16)
    deep[:, :16] = 65535
    picture = saved(tmp_path / "a.png", deep, exif=exif)
    assert picture.shape == (32, 16, 4)
    assert (picture[:16] == 255).all() and (picture[16:, :, :3] == 0).all()


def test_palettes_are_resolved(tmp_path: Path) -> None:
    image = Image.fromarray(RGB).quantize(16)
    image.save(tmp_path / "a.png")
    wanted = np.asarray(image.convert("RGB"))
    assert np.array_equal(read_snapshot(tmp_path / "a.png").picture[..., 2::-1], wanted)


def test_printers_colours_are_read(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    red = read_snapshot(tmp_path / "a.jpg").picture[4, 4]
    assert red[2] > 200 and red[:2].max() < 60


def test_alpha_is_laid_on_black(tmp_path: Path) -> None:
    alpha = np.full((4, 4, 1), 128, np.uint8)
    half = np.dstack([np.full((4, 4, 3), 200, np.uint8), alpha])
    for name in ("a.png", "a.webp", "a.tif"):
        options = {"lossless": True} if name.endswith("webp") else {}
        assert np.abs(saved(tmp_path / name, half, **options)[..., :3].astype(int) - 100).max() <= 1
    assert np.abs(saved(tmp_path / "b.png", half[..., 2:])[..., :3].astype(int) - 100).max() <= 1


def test_a_transparent_colour_is_black(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), (9, 8, 7)).save(tmp_path / "a.png", transparency=(9, 8, 7))
    assert read_snapshot(tmp_path / "a.png").picture[..., :3].max() == 0
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 200, 100, 50])
    image.save(tmp_path / "b.png", transparency=bytes([255, 128]))  # Pillow warns of these
    half = read_snapshot(tmp_path / "b.png").picture[0, 0, :3].astype(int)
    assert np.abs(half - (25, 50, 100)).max() <= 1


def test_text_of_other_programs_is_none_of_ours(tmp_path: Path) -> None:
    assert read_snapshot(png(tmp_path / "a.png", "{}", "parameters")).about is None


# -- what is refused -------------------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        read_snapshot(path)
    sentence = str(caught.value)
    assert str(path) in sentence and "\n" not in sentence
    return sentence


@pytest.mark.parametrize("content", [b"", b"text", bytes(5000), b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_picture_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "cannot read the picture" in refused(path)


def test_programs_are_no_pictures(path: Path) -> None:
    """Pillow would hand PostScript to another program."""
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n")
    assert "none of PNG, JPEG" in refused(path)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file or directory" in refused(tmp_path / "missing.png")
    assert "it is no file" in refused(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_nobody_waits_at_a_pipe(path: Path) -> None:
    os.mkfifo(path)
    assert "it is no file" in refused(path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF"])
def test_half_a_picture_is_refused(path: Path, kind: str) -> None:
    Image.fromarray(RGB).save(path, kind)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    refused(path)


@pytest.mark.parametrize(
    ("width", "height"), [(10_000, 9_500), (10_001, 10_000), (30_000, 30_000), (2**31 - 1, 1)]
)
def test_only_so_many_pixels_are_decoded(path: Path, width: int, height: int) -> None:
    """The first is a bomb to Pillow but not to us: it is refused because it is cut off."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    parts = [header, data, b"IEND"]
    content = [struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in parts]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(content))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sentence = refused(path)
    assert ("allowed: 100 million" in sentence) == (width * height > MOST_PIXELS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is damaged"),
        ('{"vjdream": 1', "is damaged"),
        ('{"vjdream": 1, "a": NaN}', "is damaged"),
        ("[" * 100_000, "is damaged"),
        ("9" * 10_000, "is damaged"),
        ("[1]", "is no JSON object"),
        ("null", "is no JSON object"),
        ("{}", "of format null, this vjdream reads 1"),
        ('{"vjdream": 2}', "of format 2, this vjdream reads 1"),
        ('{"vjdream": true}', "of format true, this vjdream reads 1"),
        ('{"vjdream": 1.0}', "of format 1.0, this vjdream reads 1"),
        (json.dumps({"vjdream": 1, "a": "x" * 1_000_000}), "more than 1000000 bytes"),
    ],
)
def test_damaged_text_is_refused(path: Path, text: str, reason: str) -> None:
    assert reason in refused(png(path, text))


def test_text_that_unpacks_without_end_is_refused(path: Path) -> None:
    png(path, json.dumps({"vjdream": 1, "a": " " * 50_000_000}), zip=True)
    assert path.stat().st_size < 100_000
    refused(path)


def small_snapshot() -> bytes:
    info = PngInfo()
    info.add_itxt("vjdream", json.dumps(ABOUT))
    content = BytesIO()
    Image.fromarray(RGB[:6, :5].copy()).save(content, "PNG", pnginfo=info)
    return content.getvalue()


VALID = small_snapshot()
edits = st.lists(
    st.tuples(
        st.integers(0, len(VALID) - 1), st.integers(0, 6), st.binary(max_size=6)
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def mend(content: bytes) -> bytes:
    """Correct the checksums of all chunks that are whole, so that more than they are tested."""
    made, place = bytearray(content), 8
    while place + 12 <= len(made):
        (length,) = struct.unpack_from(">I", made, place)
        end = place + 8 + length
        if end + 4 > len(made):
            break
        made[end : end + 4] = struct.pack(">I", zlib.crc32(made[place + 4 : end]))
        place = end + 4
    return bytes(made)


@settings(max_examples=400, deadline=None)
@given(edits, st.booleans())
def test_a_damaged_snapshot_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]], mended: bool
) -> None:
    content = VALID
    for place, length, other in edits:
        content = content[:place] + other + content[place + length :]
    path = tmp_path_factory.getbasetemp() / "damaged.png"
    path.write_bytes(mend(content) if mended else content)
    try:
        snapshot = read_snapshot(path)
    except SettingsError as error:
        assert "\n" not in str(error)
    else:
        assert snapshot.picture.ndim == 3 and snapshot.picture.shape[2] == 4
        assert snapshot.about is None or snapshot.about["vjdream"] == 1


def test_pillow_is_loaded_when_it_is_needed() -> None:
    code = "import sys, vjdream.snapshots; print('PIL' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert answer.stdout.strip() == b"False"
