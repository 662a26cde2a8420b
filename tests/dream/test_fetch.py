"""``vjdream fetch``: the right address, the right place, and one sentence when it fails."""

import hashlib
import io
from pathlib import Path

import pytest
import torch
from bad_server import Answer, BadServer
from torchvision.models import WeightsEnum
from torchvision.models._api import Weights

from vjdream.cli import main
from vjdream.dream.fetch import SOURCES, fetch, file_name, hash_prefix
from vjdream.dream.state_dicts import read_state_dict
from vjdream.errors import WeightsError
from vjdream.weights import PUBLISHED, installed_weights

Captured = pytest.CaptureFixture[str]


def saved() -> bytes:
    """What a publisher would offer: a small state dict."""
    stream = io.BytesIO()
    torch.save({"fc.weight": torch.arange(6.0).view(2, 3)}, stream)
    return stream.getvalue()


CONTENT = saved()
HASH = hashlib.sha256(CONTENT).hexdigest()[:8]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache" / "hub" / "checkpoints"


def publish(monkeypatch: pytest.MonkeyPatch, server: BadServer) -> str:
    """Let vgg16 be published by this server; return the name of the file."""
    name = f"small-{HASH}.pth"

    class Small(WeightsEnum):  # type: ignore[misc]
        ONLY = Weights(url=server.url(name), transforms=None, meta={})

    monkeypatch.setitem(SOURCES, "vgg16", Small.ONLY)
    return name


def never(done: int, total: int | None) -> None:
    raise AssertionError("nothing had to be fetched")


def quiet(done: int, total: int | None) -> None:
    pass


def test_the_table_without_torch_says_what_torchvision_says() -> None:
    assert PUBLISHED.keys() == SOURCES.keys()
    for name, published in PUBLISHED.items():
        assert published.file_name == file_name(SOURCES[name].url)
        assert published.megabytes == round(SOURCES[name].meta["_file_size"])


@pytest.mark.parametrize("name", SOURCES)
def test_every_address_is_secure_and_tells_its_hash(name: str) -> None:
    assert SOURCES[name].url.startswith("https://download.pytorch.org/")
    assert len(hash_prefix(file_name(SOURCES[name].url))) == 8


def test_a_name_without_a_hash_is_refused() -> None:
    with pytest.raises(WeightsError, match="does not tell its hash"):
        hash_prefix("vgg16.pth")


def test_what_was_fetched_loads(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    with BadServer(CONTENT) as server:
        name = publish(monkeypatch, server)
        path = fetch("vgg16", None, quiet)
    assert path == cache / name == installed_weights(name)
    assert server.requests[0].path == f"/{name}"
    assert read_state_dict(path)["fc.weight"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_is_here_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with BadServer(CONTENT) as server:
        publish(monkeypatch, server)
        path = fetch("vgg16", None, quiet)
        assert fetch("vgg16", None, never) == path
        assert fetch("vgg16", "/no/such/file", never) == path
    assert len(server.requests) == 1


def test_a_damaged_file_is_fetched_again(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    with BadServer(CONTENT) as server:
        cache.mkdir(parents=True)
        path = cache / publish(monkeypatch, server)
        path.write_bytes(CONTENT[:-1])
        assert fetch("vgg16", None, quiet) == path
    assert path.read_bytes() == CONTENT


def test_a_mirror_is_asked_instead(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    with BadServer(b"") as publisher, BadServer(CONTENT) as mirror:
        name = publish(monkeypatch, publisher)
        assert fetch("vgg16", mirror.url("any/name?x=1"), quiet) == cache / name
    assert publisher.requests == []
    assert mirror.requests[0].path == "/any/name?x=1"


@pytest.mark.parametrize("as_address", [False, True])
def test_a_file_of_any_name_is_copied_in(
    as_address: bool, monkeypatch: pytest.MonkeyPatch, cache: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "from a stick.bin"
    stick.write_bytes(CONTENT)
    with BadServer(b"") as server:
        name = publish(monkeypatch, server)
        fetch("vgg16", stick.as_uri() if as_address else str(stick), quiet)
    assert server.requests == []
    assert (cache / name).read_bytes() == CONTENT
    assert stick.exists()


# -- the command ----------------------------------------------------------------------------------


def test_the_command_prints_the_path(
    monkeypatch: pytest.MonkeyPatch, cache: Path, capsys: Captured
) -> None:
    with BadServer(CONTENT) as server:
        path = cache / publish(monkeypatch, server)
        assert main(["fetch", "vgg16"]) == 0
        assert capsys.readouterr() == (f"{path}\n", "")
        assert main(["fetch", "vgg16"]) == 0
    assert capsys.readouterr() == (f"{path}\n", "vgg16 was here already\n")


def test_a_terminal_sees_a_bar_on_the_side_of_the_errors(
    monkeypatch: pytest.MonkeyPatch, cache: Path, capsys: Captured
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes this for a terminal
    with BadServer(CONTENT) as server:
        path = cache / publish(monkeypatch, server)
        assert main(["fetch", "vgg16"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{path}\n"
    assert "vgg16" in err
    assert "━" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["dreamnet"], "it is part of vjdream"),
        (["vgg-16"], "did you mean 'vgg16'"),
        (["vgg16", "--from", "nowhere.pth"], "nowhere.pth does not exist"),
        (["vgg16", "--from", "."], "is a folder"),
        (["vgg16", "--from", "ftp://example.org/vgg16.pth"], "allowed: http, https, file"),
        ([], "NAME"),
    ],
)
def test_mistakes_are_one_sentence(
    arguments: list[str], sentence: str, cache: Path, capsys: Captured
) -> None:
    assert main(["fetch", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("vjdream: ")
    assert err.count("\n") == 1
    assert sentence in err
    assert not cache.exists()


@pytest.mark.parametrize("answer", [Answer(content=b"a lie"), Answer(status=404)])
def test_a_bad_download_is_one_sentence(
    answer: Answer, monkeypatch: pytest.MonkeyPatch, cache: Path, capsys: Captured
) -> None:
    with BadServer(CONTENT, answer) as server:
        publish(monkeypatch, server)
        assert main(["fetch", "vgg16"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "--from FILE" in err
    assert list(cache.iterdir()) == []
