"""Playing a session: every message in its time, and no frame that waits for a disk."""

from collections.abc import Iterator
from threading import Event

import pytest

from vjdream.errors import SessionError
from vjdream.messages import Message
from vjdream.player import Player

NIGHT = [Message(seconds, f"/{number}") for number, seconds in enumerate((0.0, 0.5, 0.5, 2.0))]


def played(player: Player, now: float) -> list[str]:
    return [message.address for message in player.until(now)]


@pytest.mark.parametrize("ahead", [False, True])
def test_messages_come_in_their_time_and_in_order(ahead: bool) -> None:
    player = Player(NIGHT, ahead=ahead)
    assert played(player, 0.0) == ["/0"]
    assert played(player, 0.49) == []
    assert played(player, 0.51) == ["/1", "/2"]
    assert not player.over
    assert played(player, 9.0) == ["/3"]
    assert player.over
    assert played(player, 10.0) == []


def test_a_message_is_one_of_the_frame_that_it_acts_with() -> None:
    (message,) = Player(NIGHT[3:]).until(2.25)
    assert message == Message(2.25, "/3")


def test_a_flood_is_spread_over_frames_and_loses_nothing() -> None:
    player = Player([Message(0.0, f"/{n}") for n in range(5)], most=2)
    assert [played(player, n / 60) for n in range(3)] == [["/0", "/1"], ["/2", "/3"], ["/4"]]


def breaks_off() -> Iterator[Message]:
    yield NIGHT[0]
    raise SessionError("the disk is gone")


@pytest.mark.parametrize("ahead", [False, True])
def test_a_session_that_breaks_off_says_so_once_and_is_over(ahead: bool) -> None:
    player = Player(breaks_off(), ahead=ahead)
    found = []
    with pytest.raises(SessionError, match="the disk is gone"):
        while True:  # read ahead, the end may come a moment later
            for message in player.until(1.0):
                found.append(message.address)
    assert found == ["/0"]
    assert player.over
    assert played(player, 2.0) == []


def test_a_session_that_is_read_ahead_makes_no_frame_wait() -> None:
    disk = Event()

    def slow() -> Iterator[Message]:
        yield NIGHT[0]
        assert disk.wait(20)
        yield NIGHT[1]

    player = Player(slow(), ahead=True)
    assert played(player, 1.0) == ["/0"]
    assert played(player, 1.1) == []
    assert not player.over
    disk.set()
    found: list[str] = []
    while not player.over:
        found += played(player, 1.2)
    assert found == ["/1"]


def test_a_session_without_messages_is_over_at_once() -> None:
    for ahead in (False, True):
        player = Player([], ahead=ahead)
        assert played(player, 0.0) == []
        assert player.over
