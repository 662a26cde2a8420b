"""Session files: recorded so that nothing gets lost, read so that nothing can hurt."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.errors import SessionError, VJDreamError
from vjdream.line_file import LARGEST_WAIT
from vjdream.messages import Message
from vjdream.session_reader import LONGEST_READ
from vjdream.session_text import MARK
from vjdream.session_writer import SessionWriter
from vjdream.sessions import MOST_PROBLEMS, Session, read_session

FRAME = 1 / 60
OSCDUMP = """\
eeac4d03.80000000 /vjdream/zoom f 1.500000
eeac4d04.00000000 /vjdream/class/1 s "two words"
eeac4d04.00000000 /other/thing T #T
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night.osc"


def told(path: Path) -> list[tuple[float, str, tuple[object, ...]]]:
    return [(m.time, m.address, m.arguments) for m in read_session(path)]


def session(path: Path, text: str | bytes, strict: bool = False, own: bool = False) -> Session:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_session(path, strict, own)


# -- recording -------------------------------------------------------------------------------------


def test_what_was_recorded_is_read_with_its_times_and_values(path: Path) -> None:
    with SessionWriter(path) as writer:
        writer.write(0.5, "/vjdream/zoom", (1.5,))
        writer.write(0.5, "/vjdream/class/1", ("two words",))
        writer.write(90000.25, "/vjdream/blackout", (True,))
        writer.write(90000.5, "/vjdream/reset/look")
    assert list(read_session(path)) == [
        Message(0.5, "/vjdream/zoom", (1.5,), "session"),
        Message(0.5, "/vjdream/class/1", ("two words",), "session"),
        Message(90000.25, "/vjdream/blackout", (1,), "session"),
        Message(90000.5, "/vjdream/reset/look", (1,), "session"),
    ]


def test_a_frame_s_messages_are_read_for_the_same_frame(path: Path) -> None:
    frames = [number * FRAME for number in range(2000)]
    with SessionWriter(path) as writer:
        for seconds in frames:
            writer.write(seconds, "/vjdream/zoom", (1.5,))
    for message, seconds in zip(read_session(path), frames, strict=True):
        assert seconds - 1e-9 < message.time <= seconds


def test_a_recording_names_vjdream_and_its_format_first(path: Path) -> None:
    SessionWriter(path).close()
    first, second = path.read_text().splitlines()
    assert first == "#vjdream-session-1.0"
    assert second.startswith("#") and " " not in second  # else oscsendfile takes it for a message


def test_the_same_show_gives_the_same_file(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "other"):
        with SessionWriter(tmp_path / name) as writer:
            writer.write(1.25, "/vjdream/zoom", (1.05,))
            writer.write(2.5, MARK, ("drop",))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_a_recording_never_replaces_a_file(path: Path) -> None:
    path.write_text("the best night")
    with pytest.raises(SessionError, match="is there already, choose another name"):
        SessionWriter(path)
    assert path.read_text() == "the best night"


@pytest.mark.parametrize("name", ["no/such/folder.osc", "a\0b"])
def test_a_file_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(SessionError, match="cannot be written"):
        SessionWriter(tmp_path / name)


def test_messages_are_in_the_file_a_second_of_show_time_later(path: Path) -> None:
    writer = SessionWriter(path)
    writer.write(0.5, "/vjdream/zoom", (1.5,))
    assert told(path) == []
    writer.tell(1.0)
    assert told(path) == [(0.5, "/vjdream/zoom", (1.5,))]
    writer.write(1.5, "/vjdream/zoom", (1.25,))
    writer.write(2.0, "/vjdream/zoom", (1.75,))
    assert len(told(path)) == 3
    writer.close()


def test_a_flood_does_not_wait_for_the_second(path: Path) -> None:
    writer = SessionWriter(path)
    for _ in range(LARGEST_WAIT // 40):
        writer.write(0.25, "/vjdream/class/1", ("jellyfish",))
    assert path.stat().st_size >= LARGEST_WAIT
    writer.close()


def test_time_never_goes_back_in_a_recording(path: Path) -> None:
    with SessionWriter(path) as writer:
        for seconds in (-1.0, 2.0, 1.0, float("nan")):
            writer.write(seconds, "/x", (1,))
    assert [seconds for seconds, _, _ in told(path)] == [0.0, 2.0, 2.0, 2.0]


def test_a_message_without_a_form_is_left_out_and_counted(path: Path) -> None:
    with SessionWriter(path) as writer:
        writer.write(0.0, "/vjdream/zoom", (b"blob",))
        writer.write(0.0, "/vjdream/zoom", (1.5,))
        assert writer.left_out == 1
    assert len(told(path)) == 1


def test_closing_twice_is_fine(path: Path) -> None:
    writer = SessionWriter(path)
    writer.close()
    writer.close()
    writer.write(1.0, "/x", (1,))
    writer.tell(9.0)


KILLED = """
import sys
from pathlib import Path
from vjdream.session_writer import SessionWriter
writer = SessionWriter(Path(sys.argv[1]))
for frame in range(350):
    writer.tell(frame / 60)
    if frame < int(sys.argv[2]):
        writer.write(frame / 60, "/vjdream/zoom", (float(frame),))
        writer.write(frame / 60, "/vjdream/class/1", ("two words",))
print("playing", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(("moved", "kept"), [(350, 350 - 60), (280, 280)])
def test_a_show_that_is_killed_leaves_all_but_its_last_second(
    path: Path, moved: int, kept: int
) -> None:
    """Whether a fader moved until the end, or all was quiet for a second."""
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), str(moved)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"playing"
        child.kill()
        child.wait(20)
    zooms = list(read_session(path, strict=True))[::2]
    assert [message.arguments for message in zooms] == [(float(n),) for n in range(len(zooms))]
    assert len(zooms) >= kept


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the disk be full for files of that size."""
    resource = pytest.importorskip("resource", reason="this system has no limits of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_once_and_leaves_whole_lines(path: Path) -> None:
    writer = SessionWriter(path)
    size = 1000
    with largest_file(size):
        for frame in range(50):
            writer.write(frame / 60, "/vjdream/zoom", (1.5,))
        with pytest.raises(SessionError, match=r"night\.osc ends here: .*large"):
            writer.tell(2.0)
        for frame in range(200, 400):
            writer.write(frame / 60, "/vjdream/zoom", (1.5,))
        writer.close()
    content = path.read_bytes()
    assert content.endswith(b"\n") and size - 50 < len(content) <= size
    assert 10 < len(list(read_session(path, strict=True))) < 50


# -- marks -----------------------------------------------------------------------------------------


def test_a_mark_is_found_by_its_name_in_any_case(path: Path) -> None:
    with SessionWriter(path) as writer:
        writer.write(1.5, MARK, ("The drop",))
        writer.write(2.5, MARK, ("mark 2",))
        writer.write(3.5, MARK, ("the drop",))
    played = read_session(path)
    assert list(played.marks()) == [(1.5, "The drop"), (2.5, "mark 2"), (3.5, "the drop")]
    assert played.time_of("the DROP") == 1.5
    assert played.time_of("mark 2") == 2.5
    assert '/vjdream/mark s "mark\u00a02"' in path.read_text()


def test_an_unknown_mark_names_the_nearest(path: Path) -> None:
    with SessionWriter(path) as writer:
        writer.write(1.5, MARK, ("The drop",))
    with pytest.raises(SessionError, match=r"has no mark 'the dorp' - did you mean 'the drop'\?"):
        read_session(path).time_of("the dorp")


def test_a_session_without_marks_says_so(path: Path) -> None:
    with pytest.raises(SessionError, match="has no mark 'drop', it has no marks"):
        session(path, OSCDUMP).time_of("drop")


# -- reading ---------------------------------------------------------------------------------------


def test_a_file_of_oscdump_begins_with_its_first_message(path: Path) -> None:
    assert [(m.time, m.address, m.arguments) for m in session(path, OSCDUMP)] == [
        (0.0, "/vjdream/zoom", (1.5,)),
        (0.5, "/vjdream/class/1", ("two words",)),
        (0.5, "/other/thing", (True,)),
    ]


def test_foreign_messages_are_passed_over_and_counted_when_asked(path: Path) -> None:
    own = session(path, OSCDUMP, own=True)
    assert [m.address for m in own] == ["/vjdream/zoom", "/vjdream/class/1"]
    assert own.foreign == 1


def test_a_session_can_be_read_again_and_counts_anew(path: Path) -> None:
    read = session(path, OSCDUMP + "what\n", own=True)
    assert list(read) == list(read)
    assert (read.problem_count, read.foreign, read.duration) == (1, 1, 0.5)


def test_problems_are_counted_and_the_first_ones_told(path: Path) -> None:
    read = session(path, "what\n" * 30 + OSCDUMP)
    assert len(list(read)) == 3
    assert read.problem_count == 30
    assert [problem.line for problem in read.problems] == list(range(1, MOST_PROBLEMS + 1))


def test_strictly_read_the_first_problem_names_file_and_line(path: Path) -> None:
    read = session(path, OSCDUMP + "what\n", strict=True)
    with pytest.raises(SessionError, match=r"session night\.osc line 4: 'what' stands where"):
        list(read)


@pytest.mark.parametrize(
    ("tags", "times"),
    [
        (("10.0", "11.0", "10.80000000", "12.0"), [0, 1, 1, 2]),  # a bundle that came late
        (("10.0", "0.1", "11.0"), [0, 0, 1]),  # at once
        (("0.1", "10.0", "11.0"), [0, 0, 1]),
        (("5.0", "eeac4d03.0", "eeac4d04.0"), [0, 0, 1]),  # a sender that lives in 1900
        (("eeac4d03.0", "5.0", "eeac4d04.0"), [0, 0, 1]),
    ],
)
def test_times_of_other_clocks_do_not_stop_a_session(
    path: Path, tags: tuple[str, ...], times: list[float]
) -> None:
    read = session(path, "".join(f"{tag} /x i 1\n" for tag in tags))
    assert [message.time for message in read] == times


def test_messages_without_a_time_act_with_the_one_before(path: Path) -> None:
    read = session(path, "/a i 1\n10.0 /b i 1\n11.0 /c i 1\n/d i 1\n")
    assert [message.time for message in read] == [0, 0, 1, 1]


def test_a_line_that_is_too_long_is_one_problem(path: Path) -> None:
    read = session(path, b"/x s " + b"a" * (3 * LONGEST_READ) + b"\n/y i 1\n")
    assert [message.address for message in read] == ["/y"]
    assert (read.problem_count, read.problems[0].line) == (1, 1)


def test_a_format_of_the_future_is_refused(path: Path) -> None:
    with pytest.raises(SessionError, match=r"night\.osc is of format '2', this vjdream reads 1"):
        session(path, "#vjdream-session-2.0\n")


def test_a_file_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="is no file"):
        read_session(tmp_path)
    with pytest.raises(SessionError, match=r"cannot be read: .*No such file"):
        read_session(tmp_path / "none.osc")
    with pytest.raises(SessionError, match="cannot be read"):
        read_session(tmp_path / "a\0b")


def test_a_file_that_goes_away_is_told_in_a_sentence(path: Path) -> None:
    read = session(path, OSCDUMP)
    path.unlink()
    with pytest.raises(SessionError, match="cannot be read"):
        list(read)


@given(st.lists(st.binary(max_size=60), max_size=5).map(b"\n".join), st.booleans())
def test_a_file_of_any_bytes_is_read_or_refused(content: bytes, strict: bool) -> None:
    with TemporaryDirectory() as folder:
        try:
            times = [m.time for m in session(Path(folder) / "any.osc", content, strict)]
        except VJDreamError:
            return
    assert times == sorted(times)
