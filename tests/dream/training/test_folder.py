"""Folders of pictures, as artists have them."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.dream.training.small import COLOURS, picture_file, picture_folder
from tests.inputs.drawn import png_header
from vjdream import picture_files
from vjdream.dream.training.folder import STORED_SIDE, World, read_world
from vjdream.errors import WeightsError

RED, GREEN, BLUE = (200, 0, 0), (0, 200, 0), (0, 0, 200)

links = pytest.mark.skipif(os.name == "nt", reason="links are an administrator's there")


def alone(path: Path) -> NDArray[np.uint8]:
    """Read a world whose first class has this picture only, and return its squares."""
    picture_file(path.parent.parent / "zzz" / "other.png")
    world = read_world(path.parent.parent)
    assert world.skipped == ()
    return world.taught.pictures[world.taught.labels == 0]


def colour(part: NDArray[np.uint8]) -> list[int]:
    return [int(value) for value in part.reshape(-1, 3).mean(0).round()]


def pictures(folder: Path, count: int, hue: tuple[int, int, int] = (90, 90, 90)) -> None:
    for number in range(count):
        picture_file(folder / f"{number:02d}.png", hue)


def halves(path: Path, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    path.parent.mkdir(parents=True)
    content = np.zeros((64, 64, 3), np.uint8)
    content[:32], content[32:] = top, bottom
    return Image.fromarray(content)


def test_every_folder_is_a_class_and_every_file_in_it_a_picture(tmp_path: Path) -> None:
    world = read_world(picture_folder(tmp_path, each=4))
    assert [entry.slug for entry in world.classes] == sorted(COLOURS)
    assert [entry.name for entry in world.classes] == ["Blue", "Green", "Red"]
    assert world.counts() == {"blue": 4, "green": 4, "red": 4}
    assert world.taught.pictures.shape == (12, STORED_SIDE, STORED_SIDE, 3)
    assert world.skipped == ()
    for picture, label in zip(world.taught.pictures, world.taught.labels, strict=True):
        assert np.argmax(colour(picture)) == {0: 2, 1: 1, 2: 0}[int(label)]


def test_one_picture_in_eight_of_a_class_is_kept_apart(tmp_path: Path) -> None:
    pictures(tmp_path / "enough", 8)
    pictures(tmp_path / "many", 17)
    world = read_world(tmp_path)
    assert world.apart
    assert np.bincount(world.taught.labels).tolist() == [7, 15]
    assert np.bincount(world.examined.labels).tolist() == [1, 2]
    assert world.counts() == {"enough": 8, "many": 17}


def test_where_one_class_has_too_few_none_is_kept_apart(tmp_path: Path) -> None:
    """Else the closing figure would be one of the larger classes only."""
    pictures(tmp_path / "few", 7)
    pictures(tmp_path / "many", 17)
    world = read_world(tmp_path)
    assert not world.apart
    assert np.bincount(world.taught.labels).tolist() == [7, 17]
    assert np.array_equal(world.examined.pictures, world.taught.pictures)
    assert np.array_equal(world.examined.labels, world.taught.labels)
    assert world.counts() == {"few": 7, "many": 17}


def test_what_was_to_be_kept_apart_keeps_its_label(tmp_path: Path) -> None:
    """That of a class with enough, where another has too few."""
    pictures(tmp_path / "few", 1, RED)
    pictures(tmp_path / "many", 8, BLUE)
    taught = read_world(tmp_path).taught
    assert [int(np.argmax(colour(square))) for square in taught.pictures] == [0] + [2] * 8
    assert taught.labels.tolist() == [0] + [1] * 8


def test_of_a_few_pictures_none_is_kept_apart_and_none_counted_twice(tmp_path: Path) -> None:
    world = read_world(picture_folder(tmp_path, each=2))
    assert not world.apart
    assert np.array_equal(world.examined.pictures, world.taught.pictures)
    assert world.counts() == {"blue": 2, "green": 2, "red": 2}


def test_all_squares_of_a_picture_stay_together(tmp_path: Path) -> None:
    for number in range(8):
        path = picture_file(tmp_path / "long" / f"{number}.png")
        path.write_bytes(cv2.imencode(".png", np.full((40, 120, 3), 30 * number))[1].tobytes())
    pictures(tmp_path / "other", 8)
    world = read_world(tmp_path)
    examined = world.examined.pictures[world.examined.labels == 0]
    assert {colour(square)[0] for square in examined} == {210}
    assert len(examined) == 3


def test_a_panorama_is_counted_as_the_one_picture_that_it_is(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=1)
    wide = cv2.imencode(".png", np.full((40, 120, 3), 90, np.uint8))[1].tobytes()
    (tmp_path / "red" / "wide.png").write_bytes(wide)
    world = read_world(tmp_path)
    assert world.counts() == {"blue": 1, "green": 1, "red": 2}
    assert np.bincount(world.taught.labels).tolist() == [1, 1, 4]


def test_squares_lie_in_memory_as_training_reads_them(tmp_path: Path) -> None:
    taught = read_world(picture_folder(tmp_path, each=1)).taught
    assert taught.pictures.flags.c_contiguous
    assert taught.pictures.dtype == np.uint8
    assert taught.labels.dtype == np.int64


def test_the_same_folder_is_read_the_same_each_time(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=3)
    one, other = read_world(tmp_path), read_world(tmp_path)
    assert np.array_equal(one.taught.pictures, other.taught.pictures)
    assert one.classes == other.classes


def test_whoever_waits_is_told_how_far_it_has_come(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_world(picture_folder(tmp_path, each=2), lambda done, total: told.append((done, total)))
    assert told == [(number, 6) for number in range(1, 7)]


# -- what is no picture ---------------------------------------------------------------------------


def truncated(path: Path) -> None:
    path.write_bytes(picture_file(path).read_bytes()[:40])


def too_small(path: Path) -> None:
    picture_file(path, side=31)


def too_many_pixels(path: Path) -> None:
    path.write_bytes(png_header(32000, 32000))


def too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.write_bytes(b""), "no picture that can be read"),
        (lambda path: path.write_bytes(b"\xff\xd8\xff\xe0 hello"), "no picture that can be read"),
        (lambda path: path.write_text("hello"), "no picture that can be read"),
        (truncated, "no picture that can be read"),
        (too_small, "smaller than 32 pixels"),
        (too_large, "larger than 256 MB"),
        (too_many_pixels, "32000x32000 pixels (allowed: 200 million)"),
    ],
)
def test_what_is_no_picture_is_passed_over_and_listed(
    tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    picture_folder(tmp_path, each=2)
    false = tmp_path / "red" / "false.png"
    make(false)
    world = read_world(tmp_path)
    assert world.skipped == (f"{false}: {why}",)
    assert world.counts() == {"blue": 2, "green": 2, "red": 2}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_picture_that_nobody_may_read_is_listed(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=2)
    (tmp_path / "red" / "00.png").chmod(0)
    (line,) = read_world(tmp_path).skipped
    assert line.endswith("00.png: Permission denied")


def test_a_folder_without_a_picture_is_no_class_and_is_listed(tmp_path: Path) -> None:
    picture_folder(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "false.jpg").write_text("hello")
    world = read_world(tmp_path)
    assert [entry.slug for entry in world.classes] == ["blue", "green", "red"]
    assert world.skipped == (
        f"{tmp_path / 'broken' / 'false.jpg'}: no picture that can be read",
        f"{tmp_path / 'broken'}: no picture in it can be read",
        f"{tmp_path / 'empty'}: no picture in it can be read",
    )
    assert sorted(set(world.taught.labels.tolist())) == [0, 1, 2]


def test_what_lies_beside_the_folders_of_the_classes_is_told(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=2)
    for name in ("Thumbs.db", ".hidden.png", "one.txt"):
        (tmp_path / name).write_text("hello")
    beside = "lies beside the folders of the classes, passed over"
    assert read_world(tmp_path).skipped == (f"{tmp_path}: 1 file {beside}",)
    picture_file(tmp_path / "two.png")
    for name in ("red", "green", "blue"):
        shutil.rmtree(tmp_path / name)
    with pytest.raises(WeightsError, match=r"no class with pictures .* 2 files lie beside"):
        read_world(tmp_path)


def test_hidden_files_and_those_of_windows_are_passed_over_in_silence(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=2)
    for name in (".hidden.png", ".thumbnails/small.png", "deep/.cache/small.png"):
        picture_file(tmp_path / "red" / name)
    picture_file(tmp_path / ".trash" / "old.png")
    for name in (".DS_Store", "Thumbs.db", "thumbs.DB", "Desktop.ini", "deep/desktop.ini"):
        (tmp_path / "red" / name).write_text("hello")
    (tmp_path / "red" / "a folder.png").mkdir()
    world = read_world(tmp_path)
    assert world.counts() == {"blue": 2, "green": 2, "red": 2}
    assert world.skipped == ()


def test_other_files_of_a_class_are_told_of_in_one_line(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=2)
    for name in ("a.HEIC", "b.heic", "deep/c.heic", "film.mp4", "d.jfif", "png", "d.png.part"):
        (tmp_path / "red" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "red" / name).write_text("hello")
    (tmp_path / "blue" / "notes.txt").write_text("hello")
    world = read_world(tmp_path)
    assert world.counts() == {"blue": 2, "green": 2, "red": 2}
    assert world.skipped == (
        f"{tmp_path / 'blue'}: 1 file of another kind is passed over (.txt 1)",
        f"{tmp_path / 'red'}: 7 files of other kinds are passed over"
        " (.heic 3, .jfif 1, .mp4 1, .part 1, no ending 1)",
    )


def test_a_line_about_other_files_does_not_grow_without_end(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=1)
    for number in range(10):
        (tmp_path / "red" / f"file.{number}").write_text("hello")
    (line,) = read_world(tmp_path).skipped
    assert line.endswith(" (.0 1, .1 1, .2 1, .3 1, .4 1, .5 1, .6 1, .7 1, …)")


def test_a_class_of_other_files_only_is_told_of_though_no_class_is_left(tmp_path: Path) -> None:
    (tmp_path / "apple").mkdir()
    (tmp_path / "apple" / "notes.txt").write_text("hello")
    picture_file(tmp_path / "apple" / "0.png")
    (tmp_path / "pear").mkdir()
    (tmp_path / "pear" / "0.heic").write_text("hello")
    told = f"…) - {tmp_path / 'pear'}: 1 file of another kind is passed over (.heic 1)"
    with pytest.raises(WeightsError, match=re.escape(told) + "$"):
        read_world(tmp_path)


# -- folders in folders ---------------------------------------------------------------------------


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Makes folders unreadable, for root too."""
    forbidden: list[Path] = []
    inside = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path in forbidden:
            raise PermissionError(13, "Permission denied", str(path))
        return inside(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    return forbidden.append


def test_a_folder_that_cannot_be_read_is_listed(
    tmp_path: Path, locked: Callable[[Path], None]
) -> None:
    picture_folder(tmp_path, each=1)
    picture_file(tmp_path / "red" / "2019" / "0.png")
    picture_file(tmp_path / "red" / "2020" / "0.png")
    locked(tmp_path / "red" / "2019")
    world = read_world(tmp_path)
    assert world.skipped == (f"{tmp_path / 'red' / '2019'}: cannot be read, Permission denied",)
    assert world.counts() == {"blue": 1, "green": 1, "red": 2}


def test_a_class_that_cannot_be_read_is_listed(
    tmp_path: Path, locked: Callable[[Path], None]
) -> None:
    red = picture_folder(tmp_path, each=1) / "red"
    locked(red)
    world = read_world(tmp_path)
    assert world.skipped == (
        f"{red}: cannot be read, Permission denied",
        f"{red}: no picture in it can be read",
    )
    assert world.counts() == {"blue": 1, "green": 1}


def test_a_world_that_cannot_be_read_is_refused(
    tmp_path: Path, locked: Callable[[Path], None]
) -> None:
    locked(picture_folder(tmp_path, each=1))
    with pytest.raises(WeightsError, match="cannot be read, Permission denied: needed is a folder"):
        read_world(tmp_path)


@links
def test_linked_folders_are_followed_once_each(tmp_path: Path) -> None:
    world = picture_folder(tmp_path / "world", each=1)
    picture_file(tmp_path / "disc" / "summer" / "0.png")
    picture_file(tmp_path / "whole class" / "0.png")
    (world / "red" / "one way").symlink_to(tmp_path / "disc")
    (world / "red" / "other way").symlink_to(tmp_path / "disc")
    (world / "red" / "shorter way").symlink_to(tmp_path / "disc" / "summer")
    (world / "yellow").symlink_to(tmp_path / "whole class")
    read = read_world(world)
    assert read.counts() == {"blue": 1, "green": 1, "red": 2, "yellow": 1}
    assert read.skipped == ()


@links
@pytest.mark.parametrize("target", [".", "..", "../..", "deep", "/"])
def test_links_that_lead_back_end(tmp_path: Path, target: str) -> None:
    world = picture_folder(tmp_path / "world", each=1)
    (world / "red" / "deep").mkdir()
    (world / "red" / "deep" / "back").symlink_to(Path("..") / target)
    (world / "red" / "back").symlink_to(target)
    read = read_world(world)
    assert read.counts() == {"blue": 1, "green": 1, "red": 1}
    assert read.skipped == ()


@links
def test_links_to_nowhere_are_listed(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=1)
    (tmp_path / "disc").symlink_to(tmp_path / "not mounted")
    (tmp_path / "red" / "0.png").symlink_to("nothing.png")
    (tmp_path / "red" / "loop").symlink_to("loop")
    assert read_world(tmp_path).skipped == (
        f"{tmp_path / 'disc'}: cannot be read, No such file or directory",
        f"{tmp_path / 'red' / '0.png'}: cannot be read, No such file or directory",
        f"{tmp_path / 'red' / 'loop'}: cannot be read, Too many levels of symbolic links",
    )


def test_pictures_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=1)
    levels = {"a/z.png": 40, "a b/0.png": 80, "b.png": 120, "c/a/0.png": 160, "c/b.png": 200}
    for name, level in reversed(levels.items()):
        path = tmp_path / "red" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cv2.imencode(".png", np.full((40, 40), level, np.uint8))[1].tobytes())
    (tmp_path / "red" / "00.png").unlink()
    taught = read_world(tmp_path).taught
    assert [colour(square)[0] for square in taught.pictures[2:]] == list(levels.values())


def test_pictures_lie_as_deep_as_they_like(tmp_path: Path) -> None:
    picture_folder(tmp_path, each=1)
    picture_file(tmp_path / "red" / "2019" / "summer" / "00.png")
    picture_file(tmp_path / "red" / "2020" / "00.JPG".replace("JPG", "jpg"))
    assert read_world(tmp_path).counts()["red"] == 3


def test_a_hidden_folder_may_be_given_itself(tmp_path: Path) -> None:
    world = read_world(picture_folder(tmp_path / ".world", each=1))
    assert world.counts() == {"blue": 1, "green": 1, "red": 1}


# -- what pictures are like -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("orientation", "top", "bottom"), [(None, RED, BLUE), (1, RED, BLUE), (3, BLUE, RED)]
)
def test_a_photograph_is_seen_as_it_was_held(
    tmp_path: Path,
    orientation: int | None,
    top: tuple[int, int, int],
    bottom: tuple[int, int, int],
) -> None:
    path = tmp_path / "a" / "0.jpg"
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    halves(path, RED, BLUE).save(path, exif=exif, quality=95)
    (square,) = alone(path)
    assert np.abs(np.subtract(colour(square[:50]), top)).max() < 8
    assert np.abs(np.subtract(colour(square[-50:]), bottom)).max() < 8


def test_a_photograph_that_was_held_upright_is_cut_along_its_longer_side(tmp_path: Path) -> None:
    path = tmp_path / "a" / "0.jpg"
    path.parent.mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6  # held with its left side down: what is stored left is the top
    content = np.zeros((40, 80, 3), np.uint8)
    content[:, :40], content[:, 40:] = RED, BLUE
    Image.fromarray(content).save(path, exif=exif, quality=95)
    upper, lower = alone(path)
    assert np.abs(np.subtract(colour(upper), RED)).max() < 8
    assert np.abs(np.subtract(colour(lower), BLUE)).max() < 8


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_a_png_of_any_kind_is_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a" / "0.png"
    path.parent.mkdir()
    if mode == "I;16":
        image = Image.fromarray(np.full((40, 40), 0xFFFF, np.uint16))
    else:
        image = Image.new("RGB", (40, 40), (255, 255, 255)).convert(mode)
    image.save(path)
    (square,) = alone(path)
    assert square.shape == (STORED_SIDE, STORED_SIDE, 3)
    assert square.min() >= 254


def test_sixteen_bits_keep_their_colours(tmp_path: Path) -> None:
    path = tmp_path / "a" / "0.png"
    path.parent.mkdir()
    deep = np.zeros((40, 40, 3), np.uint16)
    deep[..., 2] = 200 * 257  # as OpenCV has it: red
    path.write_bytes(cv2.imencode(".png", deep)[1].tobytes())
    (square,) = alone(path)
    assert colour(square) == [200, 0, 0]


@pytest.mark.parametrize("ending", [".png", ".webp", ".tif", ".tiff", ".avif", ".jp2"])
def test_what_is_transparent_is_learnt_as_black(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "a" / f"0{ending}"
    path.parent.mkdir()
    content = np.full((40, 40, 4), (50, 100, 200, 128), np.uint8)
    options = [cv2.IMWRITE_WEBP_QUALITY, 101] if ending == ".webp" else []
    path.write_bytes(cv2.imencode(ending, content, options)[1].tobytes())
    (square,) = alone(path)
    assert np.abs(np.subtract(colour(square), [100, 50, 25])).max() <= 2


def test_what_is_transparent_in_a_gif_is_learnt_as_black(tmp_path: Path) -> None:
    path = tmp_path / "a" / "0.gif"
    path.parent.mkdir()
    image = Image.new("P", (40, 40), 0)
    image.putpalette([250, 250, 250, 200, 0, 0])
    image.paste(1, (20, 0, 40, 40))
    image.save(path, transparency=0)
    (square,) = alone(path)
    assert colour(square[:, :56]) == [0, 0, 0]
    assert colour(square[:, -56:]) == [200, 0, 0]


@pytest.mark.parametrize(
    ("height", "width", "count"),
    [(40, 40, 1), (40, 59, 1), (40, 62, 2), (62, 40, 2), (40, 99, 2), (40, 101, 3), (33, 900, 3)],
)
def test_a_long_picture_is_cut_into_squares(
    tmp_path: Path, height: int, width: int, count: int
) -> None:
    path = picture_file(tmp_path / "a" / "0.png")
    ramp = np.linspace(0, 250, max(height, width)).astype(np.uint8)
    flat = np.tile(ramp, (min(height, width), 1))
    content = flat if width > height else flat.T
    path.write_bytes(cv2.imencode(".png", content)[1].tobytes())
    squares = alone(path)
    assert len(squares) == count
    if count > 1:  # from end to end
        assert squares[0].min() < 5
        assert squares[-1].max() > 245
        means = [square.mean() for square in squares]
        assert means == sorted(means)


# -- names ----------------------------------------------------------------------------------------


def named(tmp_path: Path, *names: str) -> World:
    for name in names:
        picture_file(tmp_path / name / "0.png")
    return read_world(tmp_path)


def test_folders_that_are_called_alike_are_numbered(tmp_path: Path) -> None:
    world = named(tmp_path, "Eye World", "eye_world", "eye-world")
    assert sorted(world.counts()) == ["eye_world", "eye_world_2", "eye_world_3"]


def test_folders_may_be_called_in_any_script(tmp_path: Path) -> None:
    world = named(tmp_path, "Café", "火", "океан", "🌊")
    assert [(entry.slug, entry.name) for entry in world.classes] == [
        ("cafe", "Café"),
        ("class_1", "Океан"),
        ("class_2", "火"),
        ("class_3", "🌊"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="no such name is possible")
@pytest.mark.parametrize("name", [b"caf\xe9", b"bell\x07", b"x" * 101])
def test_a_folder_whose_name_cannot_be_shown_is_refused(tmp_path: Path, name: bytes) -> None:
    told = re.escape(f"{tmp_path / os.fsdecode(name)}: a class cannot be called so: ")
    with pytest.raises(WeightsError, match="^" + told):
        named(tmp_path, "red", os.fsdecode(name))


@pytest.mark.skipif(os.name == "nt", reason="no such name is possible")
@pytest.mark.parametrize(
    ("name", "why"), [("x" * 120, "120 characters are too many"), ("   ", "a name is missing")]
)
def test_a_name_is_refused_before_any_picture_is_read(tmp_path: Path, name: str, why: str) -> None:
    picture_file(picture_folder(tmp_path) / name / "0.png")
    told: list[int] = []
    with pytest.raises(WeightsError, match=re.escape(f"{tmp_path / name}: ") + ".*" + why):
        read_world(tmp_path, lambda done, _all: told.append(done))
    assert told == []


@pytest.mark.skipif(os.name == "nt", reason="no such name is possible")
def test_a_folder_without_pictures_may_be_called_anything(tmp_path: Path) -> None:
    (picture_folder(tmp_path, each=1) / "   ").mkdir()
    assert read_world(tmp_path).counts() == {"blue": 1, "green": 1, "red": 1}


# -- what is no world -----------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"nowhere does not exist: needed is a folder"):
        read_world(tmp_path / "nowhere")


def test_a_name_that_no_folder_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"cannot be read, File name too long: needed is"):
        read_world(tmp_path / ("x" * 300))


def test_a_file_instead_of_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"0\.png is a file: needed is a folder"):
        read_world(picture_file(tmp_path / "0.png"))


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no class with pictures"):
        read_world(tmp_path)
    picture_file(tmp_path / "beside.png")
    with pytest.raises(WeightsError, match="holds no class with pictures"):
        read_world(tmp_path)


def test_one_class_is_refused_and_why_the_other_is_none_is_told(tmp_path: Path) -> None:
    picture_file(tmp_path / "red" / "0.png")
    with pytest.raises(WeightsError, match="only one class with pictures, 'red'"):
        read_world(tmp_path)
    (tmp_path / "blue").mkdir()
    (tmp_path / "blue" / "1.png").write_text("hello")
    told = re.escape(f"- {tmp_path / 'blue' / '1.png'}: no picture that can be read")
    with pytest.raises(WeightsError, match=told):
        read_world(tmp_path)


def test_a_decoder_that_gives_up_ends_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenCV refuses pictures beyond a gigapixel with an error of its own."""
    picture_folder(tmp_path, each=1)
    false = picture_file(tmp_path / "red" / "huge.png")
    decode, content = cv2.imdecode, false.read_bytes()

    def refuse(given: NDArray[np.uint8], flags: int) -> object:
        if given.tobytes() == content:
            raise cv2.error("too large")
        return decode(given, flags)

    monkeypatch.setattr(picture_files.cv2, "imdecode", refuse)
    assert read_world(tmp_path).skipped == (f"{false}: no picture that can be read",)
