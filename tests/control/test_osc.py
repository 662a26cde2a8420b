"""The OSC socket: what is heard, what waits, what is dropped, and that all of it is counted."""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice, pairwise

import pytest
from fire import datagrams
from osc_client import bundle

from vjdream.clock import VirtualClock
from vjdream.control import osc
from vjdream.control.osc import (
    LONG,
    MOST_ERRORS,
    MOST_LINES,
    MOST_WAITING,
    MOST_WAITING_BYTES,
    STALE,
    OscPort,
)
from vjdream.errors import SettingsError
from vjdream.messages import Argument, Message
from vjdream.packets import (
    MOST_MESSAGES,
    encode,
    encode_message,
    parse,
)

ZOOM = encode("/vjdream/zoom", 1.5)
TRIES = 200_000


# -- the socket -----------------------------------------------------------------------------------


@pytest.fixture
def port() -> Iterator[OscPort]:
    opened = OscPort("127.0.0.1", 0)
    yield opened
    opened.close()


@pytest.fixture
def client() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(5)
        yield opened


def heard(port: OscPort, packets: int, clock: VirtualClock | None = None) -> list[Message]:
    """Poll until so many packets have arrived; loopback hands them over at once."""
    messages: list[Message] = []
    for _ in range(TRIES):
        messages += port.receive(4.5, clock or VirtualClock(), 1.0)
        if port.received >= packets:
            break
    return messages


def test_a_packet_is_heard_with_time_and_sender(port: OscPort, client: socket.socket) -> None:
    client.sendto(ZOOM, ("127.0.0.1", port.port))
    assert heard(port, 1) == [Message(4.5, "/vjdream/zoom", (1.5,), client.getsockname())]


def test_a_bad_packet_is_counted_and_the_next_is_heard(
    port: OscPort, client: socket.socket
) -> None:
    client.sendto(b"garbage", ("127.0.0.1", port.port))
    client.sendto(ZOOM, ("127.0.0.1", port.port))
    assert len(heard(port, 2)) == 1
    assert len(port.errors) == 1


def test_an_answer_reaches_its_receiver(port: OscPort, client: socket.socket) -> None:
    port.send("/vjdream/zoom", 1.25, client.getsockname())
    packet, sender = client.recvfrom(2048)
    assert parse(packet) == [("/vjdream/zoom", (1.25,))]
    assert sender[1] == port.port


@pytest.mark.parametrize("argument", [1, 1.5, "word", True, b"x"])
def test_any_value_can_be_sent(port: OscPort, client: socket.socket, argument: Argument) -> None:
    port.send("/vjdream/x", argument, client.getsockname())
    assert parse(client.recv(2048)) == [("/vjdream/x", (argument,))]


def test_sending_to_a_closed_port_harms_nobody(port: OscPort, client: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        nobody = gone.getsockname()
    for _ in range(5):
        port.send("/vjdream/x", 1.0, nobody)
    client.sendto(ZOOM, ("127.0.0.1", port.port))
    assert len(heard(port, 1)) == 1


def test_sending_to_port_zero_harms_nobody(port: OscPort) -> None:
    port.send("/vjdream/x", 1.0, ("127.0.0.1", 0))


def test_what_is_too_large_to_send_harms_nobody(port: OscPort, client: socket.socket) -> None:
    port.send("/vjdream/x", "x" * 70_000, client.getsockname())


class CountedClock(VirtualClock):
    """A clock on which every look takes a millisecond."""

    def now(self) -> float:
        self.wait_until(super().now() + 0.001)
        return super().now()


def test_a_flood_waits_for_the_next_frame(port: OscPort, client: socket.socket) -> None:
    for _ in range(50):
        client.sendto(encode("/x", 1.5), ("127.0.0.1", port.port))
    messages = list(port.receive(0.0, CountedClock(), 0.0205))
    assert 1 <= len(messages) <= 20
    for _ in range(TRIES):
        messages += port.receive(1.0, CountedClock(), 0.0105)
        if port.received == 50 and not port.waiting:
            break
    assert len(messages) == 50


def test_a_taken_port_is_refused_with_a_way_out(port: OscPort) -> None:
    with pytest.raises(SettingsError, match="--osc-port"):
        OscPort("127.0.0.1", port.port)


def test_feedback_that_comes_back_to_the_show_is_refused(port: OscPort) -> None:
    port.send("/vjdream/zoom", 1.5, ("127.0.0.1", port.port))
    assert heard(port, 1) == []
    assert port.rejected == 1
    assert "subscribed to itself" in str(port.errors[0])


# -- too much -------------------------------------------------------------------------------------


def balanced(port: OscPort) -> bool:
    return port.received == port.understood + port.rejected + port.dropped + port.waiting


def overloaded(port: OscPort, client: socket.socket, packets: list[bytes]) -> list[Message]:
    """Send a few packets before each frame, more of them than a frame has time to understand."""
    messages: list[Message] = []
    for first in range(0, len(packets), 40):
        few = packets[first : first + 40]
        for packet in few:
            client.sendto(packet, ("127.0.0.1", port.port))
        for _ in range(TRIES):
            messages += port.receive(0.0, CountedClock(), 0.1)
            assert balanced(port)
            if port.received == first + len(few):
                break
    return messages


def rest(port: OscPort) -> list[Message]:
    return list(port.receive(0.0, VirtualClock(), 1.0))


def numbers(messages: list[Message]) -> list[Argument]:
    return [message.arguments[0] for message in messages]


def test_the_oldest_are_dropped_and_the_order_is_kept(port: OscPort, client: socket.socket) -> None:
    sent = 4000
    early = overloaded(port, client, [encode("/x", number) for number in range(sent)])
    waiting = port.waiting
    assert MOST_WAITING - 40 <= waiting <= MOST_WAITING
    late = rest(port)
    assert numbers(late) == list(range(sent - waiting, sent))
    assert all(a < b for a, b in pairwise(numbers(early + late)))  # type: ignore[operator]
    assert port.dropped > 0
    assert port.received == sent
    assert port.understood == len(early) + len(late)
    assert balanced(port)


def test_what_has_waited_too_long_gives_way_to_the_newest_of_its_sender(
    port: OscPort, client: socket.socket
) -> None:
    overloaded(port, client, [encode("/x", number) for number in range(500)])
    waiting = port.waiting
    assert waiting > 1
    late = numbers(list(port.receive(STALE + 0.1, VirtualClock(), 1.0)))
    assert late[-1] == 499
    assert len(late) <= 2  # one may have been opened before
    assert port.dropped in (waiting - 1, waiting - 2)
    assert balanced(port)


def test_what_has_not_waited_too_long_is_understood(port: OscPort, client: socket.socket) -> None:
    early = overloaded(port, client, [encode("/x", number) for number in range(500)])
    late = list(port.receive(STALE, VirtualClock(), 1.0))
    assert numbers(early + late) == list(range(500))


def test_what_waits_takes_little_memory(port: OscPort, client: socket.socket) -> None:
    large = bundle(*[encode("/x", "x" * 8000)] * 7)
    overloaded(port, client, [large] * 200)
    assert 0 < port.waiting * len(large) <= MOST_WAITING_BYTES
    assert port.dropped > 0


def test_a_flood_of_one_sender_is_in_nobody_elses_way(port: OscPort, client: socket.socket) -> None:
    overloaded(port, client, [ZOOM] * 4000)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for number in range(3):
            other.sendto(encode("/other", number), ("127.0.0.1", port.port))
        heard = list(port.receive(0.0, CountedClock(), 0.1))
    assert numbers([m for m in heard if m.address == "/other"]) == [0, 1, 2]


def test_more_senders_than_lines_are_all_heard_in_order(port: OscPort) -> None:
    senders = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(MOST_LINES + 20)]
    for number in range(4):
        for sender in senders:
            sender.sendto(encode("/x", number), ("127.0.0.1", port.port))
    messages: list[Message] = []
    for _ in range(TRIES):
        messages += port.receive(0.0, CountedClock(), 0.05)
        if port.received == 4 * len(senders) and not port.waiting:
            break
    for sender in senders:
        own = [m for m in messages if m.sender == ("127.0.0.1", sender.getsockname()[1])]
        assert numbers(own) == [0, 1, 2, 3]
        sender.close()


def test_a_large_bundle_is_spread_over_frames_in_order(
    port: OscPort, client: socket.socket
) -> None:
    packet = bundle(*[encode("/x", number) for number in range(MOST_MESSAGES)])
    client.sendto(packet, ("127.0.0.1", port.port))
    messages: list[Message] = []
    for frame in range(TRIES):
        heard = list(port.receive(float(frame), CountedClock(), 0.05))
        assert len(heard) <= 50
        messages += heard
        if len(messages) == MOST_MESSAGES:
            break
    assert numbers(messages) == list(range(MOST_MESSAGES))
    assert port.understood == 1


def test_a_bad_end_of_a_large_bundle_spoils_it_though_it_took_frames(
    port: OscPort, client: socket.socket
) -> None:
    client.sendto(bundle(*[ZOOM] * 300, b"/x\x00\x00bad\x00"), ("127.0.0.1", port.port))
    client.sendto(encode("/next", 1), ("127.0.0.1", port.port))
    messages: list[Message] = []
    for _ in range(TRIES):
        messages += port.receive(0.0, CountedClock(), 0.05)
        if messages:
            break
    assert [message.address for message in messages] == ["/next"]
    assert port.rejected == 1


def test_a_reader_that_stops_early_loses_nothing(port: OscPort, client: socket.socket) -> None:
    packet = bundle(*[encode("/x", number) for number in range(5)])
    client.sendto(packet, ("127.0.0.1", port.port))
    first = next(port.receive(0.0, VirtualClock(), 1.0))
    assert numbers([first, *rest(port)]) == [0, 1, 2, 3, 4]


def test_all_refusals_are_counted_and_a_few_told(port: OscPort, client: socket.socket) -> None:
    assert overloaded(port, client, [b"garbage", b"/x\x00\x00bad\x00"] * 50) == []
    while port.waiting:
        rest(port)
    assert port.rejected == 100
    assert len(port.errors) == MOST_ERRORS
    port.errors = []
    client.sendto(b"garbage", ("127.0.0.1", port.port))
    heard(port, 101)
    assert len(port.errors) == 1


def test_every_packet_under_fire_is_counted(port: OscPort, client: socket.socket) -> None:
    overloaded(port, client, list(islice(datagrams(7), 1500)))
    while port.waiting:
        rest(port)
    assert port.received == 1500
    assert balanced(port)
    assert port.rejected > 500


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what it dropped")
def test_what_the_kernel_drops_is_counted(
    monkeypatch: pytest.MonkeyPatch, client: socket.socket
) -> None:
    monkeypatch.setattr(osc, "RECEIVE_BUFFER", 4096)
    port = OscPort("127.0.0.1", 0)
    for _ in range(500):
        client.sendto(ZOOM, ("127.0.0.1", port.port))
    for _ in range(3):
        rest(port)
    if port.lost == 0 and port.received < 500:
        pytest.skip("this kernel keeps it to itself")
    assert port.lost > 0
    assert port.received + port.lost == 500
    port.close()


# -- only the last value matters ------------------------------------------------------------------


def waiting(port: OscPort, client: socket.socket, packets: list[bytes]) -> None:
    """Let packets wait: they have arrived, and nobody has had time for them."""
    for sent, packet in enumerate(packets, 1):
        client.sendto(packet, ("127.0.0.1", port.port))
        for _ in range(TRIES):
            port.drain(0.0, VirtualClock(), 1.0)
            if port.received == sent:
                break


def told(messages: list[Message]) -> list[tuple[str, object]]:
    return [(message.address, message.arguments[0]) for message in messages]


def test_of_a_flood_of_values_the_last_of_each_address_is_heard(
    port: OscPort, client: socket.socket
) -> None:
    names = ("zoom", "norm/blur", "blackout")
    sent = [encode(f"/vjdream/{names[n % 3]}", n / 4) for n in range(600)]
    waiting(port, client, sent)
    found = told(list(port.receive(0.1, VirtualClock(), 1.0)))
    assert dict(found) == {
        f"/vjdream/{name}": (597 + place) / 4 for place, name in enumerate(names)
    }
    assert len(found) <= LONG + 4
    assert balanced(port)


def test_a_flood_loses_no_press_no_step_and_no_word(port: OscPort, client: socket.socket) -> None:
    """Each of them counts, unlike the positions that a fader has passed."""
    presses = [encode("/vjdream/next/1", 1) for _ in range(100)]
    steps = [encode_message("/vjdream/zoom", "sf", ("+", 0.25)) for _ in range(100)]
    words = [encode("/vjdream/class/1", f"word {n}") for n in range(100)]
    waiting(port, client, [*presses, *steps, *words])
    assert len(list(port.receive(0.1, VirtualClock(), 1.0))) == 300


def test_stale_values_of_other_addresses_are_heard_all_the_same(
    port: OscPort, client: socket.socket
) -> None:
    first = [encode("/vjdream/blackout", 1), encode("/vjdream/preset/load", "storm")]
    waiting(port, client, first + [encode("/x", n) for n in range(300)])
    late = told(list(port.receive(STALE + 1, VirtualClock(), 1.0)))
    assert late == [("/vjdream/blackout", 1), ("/vjdream/preset/load", "storm"), ("/x", 299)]


def test_what_one_sender_says_does_not_supersede_another(port: OscPort) -> None:
    found: list[Message] = []
    with ExitStack() as stack:
        for number in range(60):
            one = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            one.sendto(encode("/vjdream/zoom", float(number)), ("127.0.0.1", port.port))
        for _ in range(TRIES):
            found += port.receive(0.0, VirtualClock(), 1.0)
            if port.received == 60 and not port.waiting:
                break
    assert len(found) == 60


def test_networks_that_are_not_let_in_are_refused(client: socket.socket) -> None:
    closed = OscPort("127.0.0.1", 0, ("10.0.0.0/8",))
    closed._let_in = lambda host: False  # type: ignore[assignment]
    client.sendto(ZOOM, ("127.0.0.1", closed.port))
    found: list[Message] = []
    for _ in range(TRIES):
        found += closed.receive(0.0, VirtualClock(), 1.0)
        if closed.received:
            break
    assert found == [] and closed.rejected == 1
    assert "is not let in (--allow)" in str(closed.errors[0])
    closed.close()
