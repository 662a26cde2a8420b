"""Inputs by URL."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inputs.drawn import SMALL, film, plain, save
from vjdream.clock import VirtualClock
from vjdream.errors import SettingsError
from vjdream.inputs import check_input, is_live, open_input


def refusal(url: str) -> str:
    with pytest.raises(SettingsError) as caught:
        check_input(url)
    with pytest.raises(SettingsError) as again:
        open_input(url, SMALL, VirtualClock())
    assert str(caught.value) == str(again.value)
    return str(caught.value)


@pytest.mark.parametrize("url", ["noise", "noise:12", "ndi:camera", "ndi:127.0.0.1:5961"])
def test_noise_and_ndi_need_no_file(url: str) -> None:
    check_input(url)


def test_pictures_folders_and_videos_are_told_by_what_they_are(tmp_path: Path) -> None:
    save(tmp_path / "a.png", plain(1, 2, 3))
    check_input(str(tmp_path))
    check_input(str(tmp_path / "a.png"))
    check_input(str(film(tmp_path / "b.mkv", [1])))


def test_a_missing_file_is_refused_with_the_name_it_is_most_like(tmp_path: Path) -> None:
    save(tmp_path / "galaxy.png", plain(1, 2, 3))
    sentence = refusal(str(tmp_path / "galaxi.png"))
    assert "does not exist" in sentence
    assert "did you mean 'galaxy.png'?" in sentence
    assert "ndi:NAME" in sentence


def test_a_mistyped_word_is_refused_with_the_right_one() -> None:
    assert "did you mean 'noise'?" in refusal("nois")


def test_an_unknown_kind_of_file_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "a.tifff").touch()
    sentence = refusal(str(tmp_path / "a.tifff"))
    assert "neither a picture nor a video" in sentence
    assert "did you mean 'tiff'?" in sentence


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "._a.png").touch()  # what another system leaves beside a picture
    (tmp_path / "b.png").mkdir()
    assert "is a folder without pictures (allowed: png" in refusal(str(tmp_path))


@pytest.mark.parametrize("url", ["ndi", "ndi:", "ndi: "])
def test_ndi_needs_a_name(url: str) -> None:
    assert "lacks a name" in refusal(url)


@pytest.mark.parametrize("url", ["noise:x", "noise:-1", "noise:1.5", "noise:12345678901"])
def test_a_seed_is_a_whole_number(url: str) -> None:
    assert "the seed is no whole number" in refusal(url)


@pytest.mark.parametrize("url", ["", "\0", "a" * 5000, "http://example.org/a.mp4", "/dev/null"])
def test_what_cannot_be_a_name_is_refused(url: str) -> None:
    refusal(url)


def test_only_ndi_is_live() -> None:
    assert is_live("ndi:camera")
    assert not is_live("noise")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(),
        st.text(alphabet="noise:d0123/.mp4g\0", max_size=12),
        st.tuples(st.sampled_from(["noise:", "ndi:", "./", "~"]), st.text()).map("".join),
    )
)
def test_no_url_raises_anything_but_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)  # where nothing is
    try:
        check_input(url)
    except SettingsError as error:
        assert str(error)
        with pytest.raises(SettingsError):
            open_input(url, SMALL, VirtualClock())
        return
    if not is_live(url):  # which would look at the network
        open_input(url, SMALL, VirtualClock()).close()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["png", "jpg", "webp", "tif", "bmp", "mp4", "gif", "mkv"]), st.binary())
def test_no_file_raises_anything_but_a_sentence(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(content)
    with pytest.raises(SettingsError):
        open_input(str(tmp_path / f"a.{suffix}"), SMALL, VirtualClock())


def test_checking_loads_no_library() -> None:
    code = "import sys, vjdream.inputs as i; i.check_input('noise'); print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"numpy", "cv2", "av", "NDIlib"} & set(answer.stdout.split())
