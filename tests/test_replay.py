"""``vjdream replay`` on a virtual clock, and sessions between vjdream and liblo's own tools."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from liblo import TOOLS, oscdump, oscsend, oscsendfile, without_probes

from vjdream.clock import RealtimeClock, VirtualClock
from vjdream.errors import SessionError, SettingsError
from vjdream.messages import Told
from vjdream.packets import parse
from vjdream.replay import LARGEST_BUNDLE, Summary, play, replay, starting_point
from vjdream.session_text import MARK, TICKS
from vjdream.session_writer import SessionWriter
from vjdream.sessions import Session, read_session

FRAME = 1 / 60


@dataclass
class Listener:
    """Takes the place of a socket; it knows the clock, and may fail or be interrupted."""

    clock: VirtualClock
    heard: list[tuple[float, bytes]] = field(default_factory=list)
    interrupt_after: int = 1000
    away: bool = False

    def __call__(self, datagram: bytes) -> None:
        if len(self.heard) == self.interrupt_after:
            raise KeyboardInterrupt
        self.heard.append((self.clock.now(), datagram))
        if self.away:
            raise OSError("network is unreachable")

    @property
    def messages(self) -> list[tuple[float, list[Told]]]:
        return [(time, parse(datagram)) for time, datagram in self.heard]

    @property
    def times(self) -> list[float]:
        return [time for time, _ in self.heard]


@pytest.fixture
def listener() -> Listener:
    return Listener(VirtualClock(100.0))


@pytest.fixture
def played(tmp_path: Path) -> Session:
    with SessionWriter(tmp_path / "night.osc") as writer:
        writer.write(1.0, "/vjdream/zoom", (1.5,))
        writer.write(2.0, "/vjdream/class/1", ("eye",))
        writer.write(2.0, "/vjdream/class/2", ("bee",))
        writer.write(3.0, MARK, ("The drop",))
        writer.write(4.0, "/vjdream/hold", (True,))
    return read_session(tmp_path / "night.osc")


def session(folder: Path, text: str) -> Session:
    (folder / "foreign.osc").write_text(text)
    return read_session(folder / "foreign.osc")


def test_each_message_is_sent_at_its_time(played: Session, listener: Listener) -> None:
    summary = replay(played, listener, listener.clock)
    assert listener.messages == [
        (101.0, [("/vjdream/zoom", (1.5,))]),
        (102.0, [("/vjdream/class/1", ("eye",)), ("/vjdream/class/2", ("bee",))]),
        (103.0, [("/vjdream/mark", ("The drop",))]),
        (104.0, [("/vjdream/hold", (1,))]),
    ]
    assert summary == Summary(sent=5, duration=4.0)


def test_messages_of_one_time_are_sent_in_one_bundle(played: Session, listener: Listener) -> None:
    replay(played, listener, listener.clock)
    bundles = [datagram.startswith(b"#bundle") for _, datagram in listener.heard]
    assert bundles == [False, True, False, False]


def test_a_bundle_never_becomes_larger_than_receivers_take(
    tmp_path: Path, listener: Listener
) -> None:
    with SessionWriter(tmp_path / "full.osc") as writer:
        for number in range(1000):
            writer.write(1.0, f"/vjdream/number/{number}", (number,))
    replay(read_session(tmp_path / "full.osc"), listener, listener.clock)
    assert max(len(datagram) for _, datagram in listener.heard) <= LARGEST_BUNDLE + 16
    heard = [arguments for _, messages in listener.messages for _, arguments in messages]
    assert heard == [(number,) for number in range(1000)]


def test_every_type_that_was_recorded_is_sent(tmp_path: Path, listener: Listener) -> None:
    types = "sifhdTFNbtcSmI"
    line = f"0.0 /x {types} \"a b\" 1 0.5 2 0.1 #T #F Nil [1b 0x07] 1.5 'x' 'y MIDI [0x1 0x2] "
    line = line.replace("[0x1 0x2]", "[0x90 0x01 0x02 0x03]") + "Infinitum\n"
    replay(session(tmp_path, line), listener, listener.clock)
    [(_, datagram)] = listener.heard
    assert datagram.startswith(b"/x\0\0," + types.encode())


def test_speed_divides_the_times(played: Session, listener: Listener) -> None:
    assert replay(played, listener, listener.clock, speed=4.0).duration == 1.0
    assert listener.times == [100.25, 100.5, 100.75, 101.0]


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.05, 101.0, float("nan")])
def test_a_speed_that_cannot_be_is_told_in_a_sentence(
    played: Session, listener: Listener, speed: float
) -> None:
    with pytest.raises(SettingsError, match=r"--speed must be 0\.1 to 100, got"):
        replay(played, listener, listener.clock, speed)


def test_what_was_recorded_before_the_start_is_not_sent(
    played: Session, listener: Listener
) -> None:
    assert replay(played, listener, listener.clock, start=2.5).sent == 2
    assert listener.times == [100.5, 101.5]


def test_a_loop_begins_again_at_its_start(played: Session, listener: Listener) -> None:
    listener.interrupt_after = 7
    summary = replay(played, listener, listener.clock, loop=True, start=2.0)
    assert listener.times == [100.0, 101.0, 102.0, 102.0, 103.0, 104.0, 104.0]
    assert summary.sent == 4 + 4 + 2


def test_a_loop_of_one_moment_does_not_flood_the_network(
    tmp_path: Path, listener: Listener
) -> None:
    listener.interrupt_after = 11
    summary = replay(session(tmp_path, "0.0 /x i 1\n"), listener, listener.clock, loop=True)
    assert summary.duration == pytest.approx(1.0 + 0.1)


def test_an_interrupt_ends_with_the_summary(played: Session, listener: Listener) -> None:
    listener.interrupt_after = 1
    assert replay(played, listener, listener.clock) == Summary(sent=1, duration=2.0)


def test_a_network_that_is_away_does_not_end_it(played: Session, listener: Listener) -> None:
    listener.away = True
    summary = replay(played, listener, listener.clock)
    assert (summary.sent, summary.unsent) == (0, 5)
    assert str(summary) == "messages sent: 0 in 4.0 s, that could not be sent: 5"


def test_lines_that_were_not_understood_are_told(tmp_path: Path, listener: Listener) -> None:
    summary = replay(session(tmp_path, "0.0 /x i 1\nwhat\n1.0 /x i 2\n"), listener, listener.clock)
    assert str(summary) == (
        "messages sent: 2 in 1.0 s, lines that were not understood: 1 "
        "(line 2: 'what' stands where a time tag or an address is needed)"
    )


@pytest.mark.parametrize(
    ("text", "start", "told"),
    [
        ("", 0.0, "session foreign.osc has no messages"),
        ("what\n", 0.0, "has no messages, line 1: 'what' stands where"),
        ("0.0 /x i 1\n2.0 /x i 1\n", 2.5, "ends at 2.0 s, before 2.5 s"),
    ],
)
@pytest.mark.parametrize("loop", [False, True])
def test_nothing_to_play_is_told_in_a_sentence(
    tmp_path: Path, listener: Listener, text: str, start: float, told: str, loop: bool
) -> None:
    with pytest.raises(SessionError, match=told):
        replay(session(tmp_path, text), listener, listener.clock, loop=loop, start=start)


def test_the_start_is_seconds_or_a_mark(played: Session) -> None:
    assert starting_point(played, "2.5") == 2.5
    assert starting_point(played, "the drop") == 3.0
    with pytest.raises(SessionError, match=r"no mark 'drop' - did you mean 'the drop'\?"):
        starting_point(played, "drop")
    with pytest.raises(SessionError, match="no mark 'nan'"):
        starting_point(played, "nan")
    with pytest.raises(SettingsError, match="--from needs seconds from 0 or the name of a mark"):
        starting_point(played, "-1")


# -- with sockets and liblo's own tools ------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(20.0)
        yield listening


def port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


def test_a_session_is_played_over_the_network(played: Session, receiver: socket.socket) -> None:
    to = f"127.0.0.1:{port_of(receiver)}"
    assert play(played.path, to, speed=100.0, loop=False, start="the drop").sent == 2
    assert parse(receiver.recv(65536)) == [("/vjdream/mark", ("The drop",))]
    assert parse(receiver.recv(65536)) == [("/vjdream/hold", (1,))]


def test_a_receiver_that_is_none_is_told_in_a_sentence(played: Session) -> None:
    with pytest.raises(SettingsError, match="--to needs HOST:PORT such as"):
        play(played.path, "nowhere", speed=1.0, loop=False, start="0")


PLAYED = "import signal, sys; from pathlib import Path; from vjdream.replay import play\n"
PLAYED += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell may ignore it
PLAYED += "print(play(Path(sys.argv[1]), sys.argv[2], 1.0, True, '1'), flush=True)"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no interrupt for one child")
def test_ctrl_c_ends_with_the_summary(played: Session, receiver: socket.socket) -> None:
    to = f"127.0.0.1:{port_of(receiver)}"
    child = subprocess.Popen(
        [sys.executable, "-c", PLAYED, str(played.path), to], stdout=subprocess.PIPE
    )
    with child:
        receiver.recv(65536)
        child.send_signal(signal.SIGINT)
        told, _ = child.communicate(timeout=20)
    assert child.returncode == 0
    assert told.startswith(b"messages sent: ")


NIGHT: list[tuple[float, str, tuple[float | int | str, ...]]] = [
    (0.25, "/vjdream/zoom", (1.05,)),
    (0.25, "/vjdream/class/1", ("jellyfish",)),
    (0.25 + FRAME, "/vjdream/grade/hue", (-179.99,)),
    (0.5, "/vjdream/preset/load", ("two words", 4.5)),
    (0.5, "/vjdream/channel", (-1,)),
    (0.75, "/vjdream/odd", ('say "hi"', "", 2**40)),
    (0.75 + FRAME, "/vjdream/small", (1e-7, 16777217.0, 5e-324)),
    (1.0, "/vjdream/reset/look", (1,)),
]


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.osc"
    with SessionWriter(path) as writer:
        for seconds, address, arguments in NIGHT:
            writer.write(seconds, address, arguments)
        writer.write(1.25, MARK, ("the end",))
    return path


@TOOLS
def test_oscsendfile_plays_a_recording_into_a_socket(night: Path, receiver: socket.socket) -> None:
    """Same addresses, types and values, bit for bit; spaces arrive as no-break spaces."""
    clock = RealtimeClock()
    began = clock.now()
    oscsendfile(port_of(receiver), night)
    assert clock.now() - began >= 1.25  # with the silence before the first message
    heard: list[tuple[str, tuple[object, ...]]] = []
    tags: list[float] = []
    while not heard or heard[-1][0] != "/vjdream/mark":
        packet = receiver.recv(65536)
        messages = parse(packet)
        heard += messages
        tags += [int.from_bytes(packet[8:16]) / TICKS] * len(messages)
    expected = list(read_session(night, strict=True))
    assert [
        (address, tuple(a.replace("\u00a0", " ") if isinstance(a, str) else a for a in arguments))
        for address, arguments in heard
    ] == [(message.address, message.arguments) for message in expected]
    for (one, other), (first, second) in zip(pairwise(tags), pairwise(expected), strict=True):
        assert other - one == pytest.approx(second.time - first.time, abs=FRAME)


@TOOLS
def test_oscsendfile_plays_a_recording_into_oscdump(night: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump.osc"
    with oscdump(dump) as port:
        oscsendfile(port, night)
    heard = without_probes(dump)
    expected = list(read_session(night, strict=True))
    assert [address for _, address, _ in heard] == [message.address for message in expected]
    for (time, _, arguments), message in zip(heard, expected, strict=True):
        assert time - heard[0][0] == pytest.approx(message.time - expected[0].time, abs=FRAME)
        for got, wanted in zip(arguments, message.arguments, strict=True):
            assert got == (pytest.approx(wanted, abs=1e-6) if type(wanted) is float else wanted)


@TOOLS
def test_a_recording_of_oscdump_is_read_without_a_problem(tmp_path: Path) -> None:
    dump = tmp_path / "dump.osc"
    with oscdump(dump) as port:
        oscsend(port, "/vjdream/preset/load", "sf", "two words", "4.5")
        oscsend(port, "/vjdream/hold", "T")
        oscsend(port, "/vjdream/blackout", "F")
        oscsend(port, "/vjdream/channel", "ihd", "-1", "5000000000", "0.125")
        oscsend(port, "/vjdream/classes", "ssi", 'say "hi" now', "", "3")
        oscsend(port, "/vjdream/all", "NIcmS", "x", "90407f00", "symbol")
        oscsend(port, "/vjdream/next")
    heard = without_probes(dump)
    assert [(address, arguments) for _, address, arguments in heard] == [
        ("/vjdream/preset/load", ("two words", 4.5)),
        ("/vjdream/hold", (True,)),
        ("/vjdream/blackout", (False,)),
        ("/vjdream/channel", (-1, 5000000000, 0.125)),
        ("/vjdream/classes", ('say "hi" now', "", 3)),
        ("/vjdream/all", (None, float("inf"), "x", b"\x90\x40\x7f\x00", "symbol")),
        ("/vjdream/next", ()),
    ]
    times = [time for time, _, _ in heard]
    assert times == sorted(times) and times[-1] < 60


@TOOLS
def test_a_replay_is_recorded_by_oscdump_as_it_was_played(night: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump.osc"
    with oscdump(dump) as port:
        play(night, f"127.0.0.1:{port}", speed=1.0, loop=False, start="0")
    heard = [(address, arguments) for _, address, arguments in without_probes(dump)]
    assert [address for address, _ in heard] == [m.address for m in read_session(night)]
    assert heard[3] == ("/vjdream/preset/load", ("two words", 4.5))
