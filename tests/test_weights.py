"""Where weights lie and what to type, without torch; torch is only asked whether it agrees."""

import json
from pathlib import Path

import pytest
import torch

from vjdream.errors import WeightsError
from vjdream.vocabulary import Descriptor
from vjdream.weights import (
    PUBLISHED,
    find_weights,
    installed_weights,
    missing,
    published,
    weights_folder,
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache in which torch would look."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    "places",
    [
        {},
        {"XDG_CACHE_HOME": "/somewhere"},
        {"TORCH_HOME": "/elsewhere", "XDG_CACHE_HOME": "/somewhere"},
        {"TORCH_HOME": "~/models"},
        {"TORCH_HOME": "~nobody-of-that-name/models"},
        {"TORCH_HOME": "relative"},
        {"TORCH_HOME": ""},
    ],
    ids=str,
)
def test_weights_lie_where_torch_looks_for_them(
    places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TORCH_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, place in places.items():
        monkeypatch.setenv(name, place)
    assert weights_folder() == Path(torch.hub.get_dir()) / "checkpoints"


def test_only_a_whole_file_counts_as_installed(cache: Path) -> None:
    assert installed_weights("vgg16-397923af.pth") is None
    (cache / "vgg16-397923af.pth.part").write_bytes(b"half")
    assert installed_weights("vgg16-397923af.pth") is None
    (cache / "vgg16-397923af.pth").touch()
    assert installed_weights("vgg16-397923af.pth") is None
    (cache / "vgg16-397923af.pth").write_bytes(b"whole")
    assert installed_weights("vgg16-397923af.pth") == cache / "vgg16-397923af.pth"


def test_a_cache_that_does_not_exist_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "nowhere"))
    assert installed_weights("vgg16-397923af.pth") is None


def test_the_error_says_exactly_what_to_type() -> None:
    assert str(missing("vgg16")) == (
        "network 'vgg16' has no weights on this computer - "
        "type: vjdream fetch vgg16 (528 MB), or give your own with --weights FILE"
    )
    assert str(missing("mine")) == (
        "network 'mine' has no weights on this computer - give your own with --weights FILE"
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("dreamnet", "it is part of vjdream"),
        ("vgg-16", "did you mean 'vgg16'"),
        ("../../etc", "allowed: vgg16, vgg19, googlenet, resnet50"),
        ("", "allowed: "),
    ],
)
def test_what_cannot_be_fetched_is_said(name: str, sentence: str) -> None:
    with pytest.raises(WeightsError, match=sentence):
        published(name)


def descriptor(tmp_path: Path, name: str) -> Descriptor:
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps({"vjdream": 1, "name": name, "classes": [], "layers": []}))
    return Descriptor.load(path)


def test_a_network_finds_its_weights_in_the_cache(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="vjdream fetch vgg19"):
        find_weights(descriptor(tmp_path, "vgg19"))
    path = cache / PUBLISHED["vgg19"].file_name
    path.write_bytes(b"whole")
    assert find_weights(descriptor(tmp_path, "vgg19")) == path


def test_own_weights_come_before_those_of_the_cache(cache: Path, tmp_path: Path) -> None:
    (cache / PUBLISHED["vgg16"].file_name).write_bytes(b"whole")
    own = tmp_path / "places.pth"
    with pytest.raises(WeightsError, match=r"--weights .*places\.pth does not exist"):
        find_weights(descriptor(tmp_path, "vgg16"), str(own))
    with pytest.raises(WeightsError, match="is a folder"):
        find_weights(descriptor(tmp_path, "vgg16"), str(tmp_path))
    own.write_bytes(b"whole")
    assert find_weights(descriptor(tmp_path, "vgg16"), str(own)) == own
