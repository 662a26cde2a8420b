"""Downloads from servers that stall, truncate and lie: no file with the name of the target but the
right one, and no byte asked for twice.
"""

import hashlib
import os
import random
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_server import Answer, BadServer

from vjdream.dream import transfer
from vjdream.dream.download import TRIES, copy_in, download, has_hash
from vjdream.errors import WeightsError

CONTENT = random.Random(1).randbytes(700_000)
OTHER = random.Random(2).randbytes(700_000)
HASH = hashlib.sha256(CONTENT).hexdigest()[:8]
HALF = 300_000


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "hub" / "checkpoints" / "file.pth"


def part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def keep_half(target: Path, half: bytes = CONTENT[:HALF], version: str = "") -> None:
    """Leave what an earlier download would have left."""
    target.parent.mkdir(parents=True)
    part(target).write_bytes(half)
    part(target).with_name(part(target).name + ".version").write_text(version)


class Downloads:
    """Downloads with a short timeout and without waiting; remembers what it was told."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.told: list[tuple[int, int | None]] = []

    def __call__(self, url: str, target: Path) -> None:
        def progress(done: int, total: int | None) -> None:
            self.told.append((done, total))

        download(url, target, HASH, progress, timeout=0.2, wait=self.waits.append)

    def refused(self, url: str, target: Path) -> str:
        """Download in vain; return the sentence."""
        with pytest.raises(WeightsError) as caught:
            self(url, target)
        assert not target.exists()
        assert "\n" not in str(caught.value)
        return str(caught.value)


@pytest.fixture
def get() -> Downloads:
    return Downloads()


def is_whole(target: Path) -> bool:
    """The file is there and nothing else is beside it."""
    return target.read_bytes() == CONTENT and list(target.parent.iterdir()) == [target]


# -- what works -----------------------------------------------------------------------------------


def test_a_good_server_is_asked_once(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [len(CONTENT)]
    assert get.told[0] == (0, len(CONTENT))
    assert get.told[-1] == (len(CONTENT), len(CONTENT))
    assert get.told == sorted(get.told)
    assert get.waits == []


def test_a_redirection_is_followed(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(location="/other.pth"), Answer()) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert [request.path for request in server.requests] == ["/file.pth", "/other.pth"]


def test_a_server_may_leave_the_length_open(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(length="")) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert get.told[-1] == (len(CONTENT), None)


def test_an_address_of_this_computer_is_copied(get: Downloads, tmp_path: Path) -> None:
    source = tmp_path / "a stick" / "mine.pth"
    source.parent.mkdir()
    source.write_bytes(CONTENT)
    target = tmp_path / "file.pth"
    get(source.as_uri(), target)
    assert target.read_bytes() == CONTENT


def test_a_false_file_that_lay_there_is_replaced(get: Downloads, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(OTHER)
    with BadServer(CONTENT) as server:
        get(server.url(), target)
    assert is_whole(target)


# -- connections that break -----------------------------------------------------------------------


def test_a_truncated_download_goes_on_where_it_ended(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(cut=HALF), Answer()) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [HALF, len(CONTENT) - HALF]
    assert get.waits == [1.0]


def test_a_stalled_download_keeps_every_byte_that_came(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(stall=HALF + 1), Answer()) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [HALF + 1, len(CONTENT) - HALF - 1]


def test_a_server_that_always_stalls_is_given_up(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(stall=1000)) as server:
        sentence = get.refused(server.url(), target)
    assert "stalled" in sentence
    assert "--from FILE" in sentence
    assert server.sent == [1000] * TRIES
    assert get.waits == [1.0, 2.0, 4.0, 8.0]
    assert part(target).stat().st_size == 1000 * TRIES


def test_a_server_that_says_nothing_is_given_up(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(silent=True)) as server:
        assert "does not answer" in get.refused(server.url(), target)
    assert len(server.requests) == TRIES


def test_a_server_that_always_truncates_is_given_up(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(cut=1000)) as server:
        assert f"ended after 5000 of {len(CONTENT)} bytes" in get.refused(server.url(), target)


def test_tries_that_bring_much_do_not_count(
    get: Downloads, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vjdream.dream.download.GAIN", 50_000)
    with BadServer(CONTENT, Answer(cut=60_000)) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert sum(server.sent) == len(CONTENT)
    assert len(server.requests) > TRIES


def test_breaking_ever_later_in_a_file_without_ranges_ends(get: Downloads, target: Path) -> None:
    answers = [Answer(ranges=False, cut=cut) for cut in (9, 5, 9, 5, 9, 5, 9)]
    with BadServer(CONTENT, *answers) as server:
        assert "ended after" in get.refused(server.url(), target)
    assert len(server.requests) == TRIES


def test_without_ranges_a_broken_download_starts_over(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(ranges=False, cut=HALF), Answer(ranges=False)) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [HALF, len(CONTENT)]


def test_a_hiccup_of_the_server_is_waited_out(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(status=500), Answer(status=503), Answer()) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert get.waits == [1.0, 2.0]


def test_a_refusal_is_final_and_keeps_what_was_here(get: Downloads, target: Path) -> None:
    keep_half(target)
    with BadServer(CONTENT, Answer(status=404)) as server:
        assert "answered 404 Not Found - " in get.refused(server.url(), target)
    assert len(server.requests) == 1
    assert part(target).read_bytes() == CONTENT[:HALF]


def test_without_a_network_the_sentence_comes_at_once(get: Downloads, target: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/file.pth"
        sentence = get.refused(url, target)
    assert "cannot be reached" in sentence
    assert "--from FILE" in sentence
    assert get.waits == []


# -- resuming -------------------------------------------------------------------------------------


def test_an_earlier_download_is_resumed(get: Downloads, target: Path) -> None:
    keep_half(target, version='"first"')
    with BadServer(CONTENT, Answer(tag='"first"')) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [len(CONTENT) - HALF]
    assert server.requests[0].headers["If-Range"] == '"first"'
    assert get.told[0] == (HALF, len(CONTENT))


def test_control_c_leaves_the_part_for_the_next_time(get: Downloads, target: Path) -> None:
    def interrupt(done: int, _: int | None) -> None:
        if done > HALF:
            raise KeyboardInterrupt

    with BadServer(CONTENT, Answer(tag='"first"')) as server:
        with pytest.raises(KeyboardInterrupt):
            download(server.url(), target, HASH, interrupt, timeout=0.2)
        assert not target.exists()
        here = part(target).stat().st_size
        assert HALF < here < len(CONTENT)
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent[-1] == len(CONTENT) - here


def test_a_file_that_changed_meanwhile_comes_whole(get: Downloads, target: Path) -> None:
    keep_half(target, OTHER[:HALF], version='"first"')
    with BadServer(CONTENT, Answer(tag='"second"')) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [len(CONTENT)]


@pytest.mark.parametrize("tag", ['"second"', None])
def test_a_changed_file_is_noticed_without_the_servers_help(
    tag: str | None, get: Downloads, target: Path
) -> None:
    keep_half(target, OTHER[:HALF], version='"first"')
    with BadServer(CONTENT, Answer(tag=tag, conditions=False)) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent[-1] == len(CONTENT)


def test_a_complete_part_is_only_checked(get: Downloads, target: Path) -> None:
    keep_half(target, CONTENT)
    with BadServer(CONTENT) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [0]


@pytest.mark.parametrize("garbage", [OTHER, OTHER + b"longer"])
def test_a_part_full_of_garbage_is_replaced(garbage: bytes, get: Downloads, target: Path) -> None:
    keep_half(target, garbage)
    with BadServer(CONTENT) as server:
        get(server.url(), target)
    assert is_whole(target)


def test_a_mark_that_no_header_can_carry_is_not_sent(get: Downloads, target: Path) -> None:
    keep_half(target, version='"x"\r\nHost: elsewhere')
    with BadServer(CONTENT) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert "If-Range" not in server.requests[0].headers


# -- lies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lie", [OTHER, CONTENT[:-1] + b"!", CONTENT[:-1], CONTENT + b"!", b"<html>log in</html>", b""]
)
def test_a_lie_leaves_nothing_at_all(lie: bytes, get: Downloads, target: Path) -> None:
    with BadServer(lie) as server:
        sentence = get.refused(server.url(), target)
    assert f"is not file.pth: its SHA-256 begins with {hashlib.sha256(lie).hexdigest()[:8]}" in (
        sentence
    )
    assert f"needed {HASH}" in sentence
    assert list(target.parent.iterdir()) == []


def test_a_lie_about_the_second_half_is_noticed(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(cut=HALF), Answer(content=OTHER)) as server:
        assert "SHA-256" in get.refused(server.url(), target)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("length", ["699999", "1"])
def test_a_length_that_is_too_short_is_a_lie(length: str, get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(length=length)) as server:
        assert "SHA-256" in get.refused(server.url(), target)
    assert list(target.parent.iterdir()) == []


def test_a_length_that_is_too_long_ends_with_what_the_server_really_has(
    get: Downloads, target: Path
) -> None:
    with BadServer(CONTENT, Answer(length="700100")) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent == [len(CONTENT), 0]


@pytest.mark.parametrize("length", ["-5", "many", "1" * 30])
def test_a_length_that_is_no_number_harms_nothing(
    length: str, get: Downloads, target: Path
) -> None:
    with BadServer(CONTENT, Answer(length=length)) as server:
        get(server.url(), target)
    assert is_whole(target)


@pytest.mark.parametrize(
    "span",
    [
        "bytes 0-699999/700000",
        "bytes 300001-699999/700000",
        "bytes */700000",
        "nonsense",
        "\x1b[2J",
    ],
)
def test_a_piece_from_elsewhere_is_not_appended(span: str, get: Downloads, target: Path) -> None:
    keep_half(target)
    with BadServer(CONTENT, Answer(content_range=span)) as server:
        get(server.url(), target)
    assert is_whole(target)
    assert server.sent[-1] == len(CONTENT), "once the server was caught, all is asked for"


def test_a_file_that_is_too_large_is_not_begun(get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(length=str(transfer.MAXIMUM + 1), cut=10)) as server:
        assert "allowed: 2147483648" in get.refused(server.url(), target)
    assert list(target.parent.iterdir()) == []


def test_a_file_that_never_ends_is_stopped(
    get: Downloads, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "MAXIMUM", HALF)
    with BadServer(CONTENT, Answer(length="")) as server:
        assert f"sends more than {HALF} bytes" in get.refused(server.url(), target)
    assert part(target).stat().st_size == 0


@pytest.mark.parametrize("place", ["ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:1"])
def test_nobody_is_redirected_out_of_http(place: str, get: Downloads, target: Path) -> None:
    with BadServer(CONTENT, Answer(location=place)) as server:
        get.refused(server.url(), target)
    assert not part(target).exists()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/file.pth",
        "data:text/plain,x",
        "gopher://x",
        "http://",
        "http://[::1/file.pth",
        "http://127.0.0.1:port/file.pth",
        "http://127.0.0.1/a file.pth",
        "file.pth",
    ],
)
def test_what_is_no_address_is_said(url: str, get: Downloads, target: Path) -> None:
    assert url in get.refused(url, target)


# -- disks ----------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full disk")
def test_a_full_disk_is_one_sentence(get: Downloads, target: Path) -> None:
    target.parent.mkdir(parents=True)
    part(target).symlink_to("/dev/full")
    with BadServer(CONTENT) as server:
        sentence = get.refused(server.url(), target)
    assert f"the disk of {target.parent} is full: make room" in sentence


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_folder_that_cannot_be_written_is_one_sentence(get: Downloads, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with BadServer(CONTENT) as server:
        assert "cannot be read or written" in get.refused(
            server.url(), tmp_path / "file" / "hub" / "file.pth"
        )


# -- copies ---------------------------------------------------------------------------------------


def quiet(done: int, total: int | None) -> None:
    pass


def test_a_copy_is_the_same_file(target: Path, tmp_path: Path) -> None:
    source = tmp_path / "stick.pth"
    source.write_bytes(CONTENT)
    keep_half(target, OTHER, '"first"')
    told: list[tuple[int, int | None]] = []
    copy_in(source, target, HASH, lambda done, total: told.append((done, total)))
    assert is_whole(target)
    assert told[-1] == (len(CONTENT), len(CONTENT))
    copy_in(target, target, HASH, quiet)
    assert is_whole(target)


def test_a_false_copy_touches_nothing(target: Path, tmp_path: Path) -> None:
    source = tmp_path / "stick.pth"
    source.write_bytes(OTHER)
    keep_half(target)
    with pytest.raises(WeightsError, match=r"stick\.pth is not file\.pth: its SHA-256"):
        copy_in(source, target, HASH, quiet)
    assert not target.exists()
    assert part(target).read_bytes() == CONTENT[:HALF]


@pytest.mark.parametrize(
    ("make", "sentence"), [(Path.mkdir, "is a folder"), (lambda path: None, "does not exist")]
)
def test_what_is_no_file_cannot_be_copied(
    make: Callable[[Path], None], sentence: str, target: Path, tmp_path: Path
) -> None:
    make(tmp_path / "stick")
    with pytest.raises(WeightsError, match=sentence):
        copy_in(tmp_path / "stick", target, HASH, quiet)
    assert not target.parent.exists()


def test_hashes_are_compared_from_their_beginning(tmp_path: Path) -> None:
    path = tmp_path / "file.pth"
    path.write_bytes(CONTENT)
    assert has_hash(path, HASH)
    assert not has_hash(path, HASH[::-1])
    with pytest.raises(WeightsError, match="cannot be read"):
        has_hash(tmp_path / "nothing", HASH)
