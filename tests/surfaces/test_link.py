"""The link to the stage, over real UDP on loopback."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.surfaces.fake_stage import FakeStage, play
from vjdream.clock import RealtimeClock, VirtualClock
from vjdream.errors import MessageError
from vjdream.messages import Argument
from vjdream.surfaces import link as link_module
from vjdream.surfaces.link import Link, types_of

Heard = asyncio.Queue[tuple[str, tuple[Argument, ...], str]]


@contextlib.asynccontextmanager
async def linked() -> AsyncIterator[tuple[FakeStage, Link, Heard]]:
    """A stage, a link that has subscribed, and what a surface hears."""
    stage = await FakeStage().open()
    link = Link(stage.port, VirtualClock())
    heard: Heard = asyncio.Queue()
    link.listen(lambda *told: heard.put_nowait(told))
    await link.open()
    await stage.subscribed.wait()
    try:
        yield stage, link, heard
    finally:
        await link.close()
        await stage.close()


def test_it_hears_values_from_the_stage_and_keeps_the_newest() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, heard):
            stage.tell("/vjdream/zoom", 1.25)
            assert await heard.get() == ("/vjdream/zoom", (1.25,), "")
            stage.tell("/vjdream/zoom", 1.5)
            assert await heard.get() == ("/vjdream/zoom", (1.5,), "")
            assert link.values == {"/vjdream/zoom": (1.5,)}

    play(scene())


def test_it_speaks_from_another_port_than_it_subscribes_from() -> None:
    """So the stage tells it about its own changes, too."""

    async def scene() -> None:
        async with linked() as (stage, link, _):
            link.send("/vjdream/zoom", 1.2, author="web 1")
            assert (await stage.heard.get())[0] == "/vjdream/zoom"
            assert stage.speaker != stage._subscriber

    play(scene())


def test_arguments_keep_their_types() -> None:
    assert types_of((1.5, 3, 2**40, "eye", True, False, None, b"x")) == "fihsTFNb"

    async def scene() -> None:
        async with linked() as (stage, link, _):
            link.send("/vjdream/preset/load", "eyes", 1.5, 3, author="web 1")
            assert await stage.heard.get() == ("/vjdream/preset/load", "sfi", ["eyes", 1.5, 3])

    play(scene())


def test_a_change_that_comes_back_names_its_author() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, heard):
            link.send("/vjdream/zoom", 1.05, author="web 7")
            await stage.heard.get()
            stage.tell("/vjdream/zoom", 1.05)
            address, _, author = await heard.get()
            assert (address, author) == ("/vjdream/zoom", "web 7")
            stage.tell("/vjdream/zoom", 1.5)
            assert (await heard.get())[2] == ""

    play(scene())


def test_an_author_hears_what_the_stage_made_of_his_value_even_when_nothing_changed() -> None:
    """The zoom is 2 already, 9 is clamped to 2, and his fader shows 9."""

    async def scene() -> None:
        async with linked() as (stage, link, heard):
            stage.tell("/vjdream/zoom", 2.0)
            await heard.get()
            link.send("/vjdream/zoom", 9.0, author="web 1")
            await stage.heard.get()
            stage.tell("/vjdream/zoom", 2.0)
            assert await heard.get() == ("/vjdream/zoom", (2.0,), "")

    play(scene())


def test_a_value_that_is_known_is_not_told_again() -> None:
    """Every renewal sends all values."""

    async def scene() -> None:
        async with linked() as (stage, _, heard):
            for address, value in (("zoom", 1.5), ("zoom", 1.5), ("blur", 0.01)):
                stage.tell(f"/vjdream/{address}", value)
            told = [(await heard.get())[0], (await heard.get())[0]]
            assert told == ["/vjdream/zoom", "/vjdream/blur"]
            stage.tell("/vjdream/zoom", 1.5)
            stage.tell("/vjdream/blur", 0.02)
            assert (await heard.get())[0] == "/vjdream/blur"

    play(scene())


def test_the_same_error_twice_is_told_twice() -> None:
    async def scene() -> None:
        async with linked() as (stage, _, heard):
            stage.tell("/vjdream/state/error", "no class is called 'x'")
            stage.tell("/vjdream/state/error", "no class is called 'x'")
            assert [(await heard.get())[1] for _ in range(2)] == [("no class is called 'x'",)] * 2

    play(scene())


def test_of_a_flood_only_the_newest_values_reach_the_stage() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, _):
            for number in range(5000):
                link.send("/vjdream/blur", number / 1e6, author="web 1")
            link.send("/vjdream/mark", "end", author="web 1")
            heard = []
            while not heard or heard[-1][0] != "/vjdream/mark":
                heard.append(await stage.heard.get())
            assert len(heard) == 2
            assert heard[0][2] == [pytest.approx(4999 / 1e6)]

    play(scene())


def test_a_fader_in_a_flood_is_still_known_by_its_author() -> None:
    """Only what was sent can come back, however much was said."""

    async def scene() -> None:
        async with linked() as (stage, link, heard):
            for turn in range(3):
                for number in range(1000):
                    link.send("/vjdream/blur", (1000 * turn + number) / 1e6, author="web 1")
                _, _, (value,) = await stage.heard.get()
                stage.tell("/vjdream/blur", value)
                assert (await heard.get())[2] == "web 1"

    play(scene())


def test_commands_and_relative_values_all_arrive_in_order() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, _):
            link.send("/vjdream/zoom", "+", 0.1, author="web 1")
            link.send("/vjdream/zoom", "+", 0.1, author="web 1")
            link.send("/vjdream/next/1", author="web 1")
            link.send("/vjdream/next/1", author="web 2")
            heard = [(await stage.heard.get())[0] for _ in range(4)]
            assert heard == ["/vjdream/zoom"] * 2 + ["/vjdream/next/1"] * 2

    play(scene())


def test_a_button_that_is_sent_twice_at_once_is_one_press() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, _):
            for _ in range(100):
                link.send("/vjdream/next/1", 1, author="web 1")
            link.send("/vjdream/mark", "end", author="web 1")
            assert [(await stage.heard.get())[0] for _ in range(2)] == [
                "/vjdream/next/1",
                "/vjdream/mark",
            ]

    play(scene())


def test_learning_stays_among_the_surfaces() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, heard):
            link.send("/vjdream/midi/learn", "/vjdream/zoom", author="web 1")
            assert await heard.get() == ("/vjdream/midi/learn", ("/vjdream/zoom",), "web 1")
            stage.tell("/vjdream/midi/learn", "/vjdream/blur")  # by OSC, through the stage
            assert await heard.get() == ("/vjdream/midi/learn", ("/vjdream/blur",), "")
            assert stage.heard.empty()

    play(scene())


def test_nobody_can_subscribe_our_own_socket() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, _):
            link.send("/vjdream/sync", author="web 1")
            link.send("/vjdream/subscribe", 9000, author="web 1")
            link.send("/vjdream/mark", "after", author="web 1")
            assert (await stage.heard.get())[0] == "/vjdream/mark"
            assert stage.syncs == 1

    play(scene())


def test_a_surface_that_fails_silences_no_other(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with linked() as (stage, link, heard):
            link._callbacks.insert(0, lambda *told: 1 / 0)  # type: ignore[arg-type,return-value]
            stage.tell("/vjdream/zoom", 1.5)
            assert (await heard.get())[0] == "/vjdream/zoom"

    play(scene())
    assert "a surface could not use /vjdream/zoom" in caplog.text


def test_what_is_no_osc_is_refused_before_it_is_sent_and_ignored_when_it_comes() -> None:
    async def scene() -> None:
        async with linked() as (stage, link, heard):
            with pytest.raises(MessageError):
                link.send("/vjdream/mark", "zero\0inside", author="web 1")
            with pytest.raises(MessageError):
                link.send("/vjdream/zoom", 2**80, author="web 1")
            stage.tell_raw(b"nothing that means anything")
            stage.tell("/vjdream/zoom", 1.5)
            assert (await heard.get())[0] == "/vjdream/zoom"

    play(scene())


def test_a_stage_that_comes_late_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its port refuses what is sent before; that is no error."""
    monkeypatch.setattr(link_module, "ASK_AGAIN", 0.01)

    async def scene() -> None:
        early = await FakeStage().open()
        port = early.port
        await early.close()
        link = Link(port, RealtimeClock())
        await link.open()
        link.send("/vjdream/zoom", 1.2, author="web 1")
        for _ in range(5):
            await asyncio.sleep(0.01)
        assert link.silent
        stage = await FakeStage().open(port)
        await stage.subscribed.wait()
        stage.tell("/vjdream/zoom", 1.5)
        while link.silent:
            await asyncio.sleep(0)
        await link.close()
        await stage.close()

    play(scene())


def test_the_subscription_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "ASK_AGAIN", 0.001)

    async def scene() -> None:
        stage = await FakeStage().open()
        clock = VirtualClock()
        link = Link(stage.port, clock)
        heard = asyncio.Event()
        link.listen(lambda *told: heard.set())
        await link.open()
        await stage.subscribed.wait()
        stage.tell("/vjdream/zoom", 1.5)
        await heard.wait()
        before = stage.syncs
        clock.wait_until(3.0)  # heard 3 s ago: not silent, and not yet time
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert stage.syncs == before
        clock.wait_until(link_module.RENEW)
        while stage.syncs == before:
            await asyncio.sleep(0)
        await link.close()
        await stage.close()

    play(scene())
