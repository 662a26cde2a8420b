"""Collecting: the newest of each thing, in order, bounded."""

import asyncio

from tests.surfaces.fake_stage import play
from vjdream.surfaces.newest import MOST_WAITING, Newest


def delivered(things: list[tuple[str | None, str]], at_once: int = MOST_WAITING) -> list[list[str]]:
    """What is delivered when all these are put at the same moment."""

    async def scene() -> list[list[str]]:
        rounds: list[list[str]] = []
        everything = asyncio.Event()

        def deliver(round: list[str]) -> None:
            rounds.append(round)
            if not len(newest):
                everything.set()

        newest: Newest[str] = Newest(deliver, 0.0, at_once)
        for key, thing in things:
            newest.put(key, thing)
        await everything.wait()
        return rounds

    return play(scene())


def test_of_one_thing_only_the_newest_is_delivered() -> None:
    assert delivered([("a", "1"), ("a", "2"), ("a", "3")]) == [["3"]]


def test_the_newest_comes_after_what_was_said_before_it() -> None:
    """A class that is set after a preset was loaded must win over the preset."""
    assert delivered([("class", "old"), (None, "preset"), ("class", "new")]) == [["preset", "new"]]


def test_what_has_no_key_is_never_replaced() -> None:
    assert delivered([(None, "next"), (None, "next")]) == [["next", "next"]]


def test_much_is_delivered_in_rounds() -> None:
    assert delivered([(key, key) for key in "abcde"], at_once=2) == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


def test_a_flood_drops_the_oldest_and_says_so() -> None:
    async def scene() -> tuple[int, list[int]]:
        rounds: list[list[int]] = []
        done = asyncio.Event()
        newest: Newest[int] = Newest(lambda round: (rounds.append(round), done.set())[0], 0.0)
        for number in range(MOST_WAITING + 5):
            newest.put(None, number)
        await done.wait()
        return newest.dropped, rounds[0]

    dropped, first = play(scene())
    assert dropped == 5
    assert first == list(range(5, MOST_WAITING + 5))


def test_nothing_is_delivered_after_the_end() -> None:
    async def scene() -> list[list[str]]:
        rounds: list[list[str]] = []
        newest: Newest[str] = Newest(rounds.append, 0.0)
        newest.put("a", "1")
        newest.close()
        for _ in range(3):
            await asyncio.sleep(0)
        return rounds

    assert play(scene()) == []
