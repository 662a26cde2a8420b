"""The surfaces' process: it opens what it can, tells what it cannot, and ends with its pipe."""

import asyncio
import json
import logging
import multiprocessing
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from running_show import free_port

from tests.osc_client import message
from tests.surfaces.fake_stage import FakeStage, play
from vjdream.clock import RealtimeClock
from vjdream.exchange import Preview, SurfacesCommission
from vjdream.settings import Settings
from vjdream.surfaces import process
from vjdream.surfaces.process import Surfaces, serve

PORT = free_port()


class NoDiscovery:
    """Nobody is told on the network of whoever runs the tests."""

    def __init__(self, *given: Any) -> None:
        self.given = given

    async def open(self) -> None:
        return

    async def close(self) -> None:
        return


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "Discovery", NoDiscovery)


def opened(settings: Settings, preview: str = "") -> tuple[Surfaces, list[tuple[Any, ...]]]:
    """Open and close surfaces; return them and what they said to the stage."""
    said: list[tuple[Any, ...]] = []

    async def scene() -> Surfaces:
        stage = await FakeStage().open()
        commission = SurfacesCommission(settings, stage.port, preview)
        surfaces = Surfaces(commission, lambda *words: said.append(words), RealtimeClock())
        await surfaces.open()
        await stage.subscribed.wait()
        await surfaces.close()
        await stage.close()
        return surfaces

    return play(scene()), said


def test_without_a_port_there_is_no_web_page() -> None:
    surfaces, said = opened(Settings(http_port=0))
    assert surfaces.server is None and said == []


def test_a_port_that_is_taken_is_told_and_the_rest_goes_on() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", PORT))
        other.listen()
        surfaces, said = opened(Settings(http_port=PORT))
    ((kind, sentence),) = said
    assert kind == "note"
    assert sentence.startswith(f"HTTP port {PORT} is taken (")
    assert "--http-port takes another" in sentence
    assert surfaces.server is None
    assert surfaces.discovery.given[2] == 0, "and no HTTP is announced"  # type: ignore[union-attr]


def test_with_lan_the_stage_is_told_the_pin() -> None:
    surfaces, said = opened(Settings(http_port=PORT, lan=True))
    assert surfaces.pin is not None
    assert said == [("pin", surfaces.pin.digits)]


def test_without_lan_there_is_no_pin() -> None:
    surfaces, said = opened(Settings(http_port=PORT))
    assert surfaces.pin is None and said == []
    assert surfaces.discovery.given[1:4] == (  # type: ignore[union-attr]
        surfaces._commission.osc_port,
        PORT,
        False,
    )


def test_networks_that_are_none_let_nobody_in() -> None:
    surfaces, said = opened(Settings(http_port=PORT, lan=True, allow=("everyone",)))
    assert surfaces.server is None
    ((kind, sentence),) = said
    assert kind == "note" and "--allow needs a network" in sentence


def test_a_preview_that_is_gone_is_told() -> None:
    surfaces, said = opened(Settings(http_port=PORT), preview="vjdream_no_such_memory")
    assert surfaces.server is not None
    assert [words[0] for words in said] == ["note"]
    assert "no preview" in said[0][1]


def test_midi_that_cannot_be_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vjdream.surfaces.midi_desk", None)
    _, said = opened(Settings(http_port=0, midi=""))
    ((kind, sentence),) = said
    assert kind == "note" and sentence.startswith("there is no MIDI: ")


def test_midi_that_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, *given: object, **more: object) -> None:
            self.given = given

        async def run(self) -> None:
            raise OSError("the cable is gone")

    class Module:
        MidiDesk = Broken

    monkeypatch.setitem(sys.modules, "vjdream.surfaces.midi_desk", Module)
    _, said = opened(Settings(http_port=0, midi="nano"))
    assert said == [("note", "MIDI has ended: the cable is gone")]


def test_the_stage_may_say_that_the_words_are_others() -> None:
    async def scene() -> None:
        stage = await FakeStage().open()
        commission = SurfacesCommission(Settings(http_port=PORT), stage.port, "")
        said: list[tuple[Any, ...]] = []
        surfaces = Surfaces(commission, lambda *words: said.append(words), RealtimeClock())
        await surfaces.open()
        assert surfaces.knowledge is not None
        told: asyncio.Queue[str] = asyncio.Queue()
        surfaces.knowledge.listen(told.put_nowait)
        surfaces.told(("network", "vgg16", None))
        assert await told.get() == "/vjdream"
        surfaces.told(("network", "nothing", None))
        while not said:
            await asyncio.sleep(0)
        assert said[0][0] == "note" and "no network is called 'nothing'" in said[0][1]
        await surfaces.close()
        await stage.close()

    play(scene())


def test_what_is_logged_becomes_notes_and_a_flood_only_a_few() -> None:
    ours, theirs = multiprocessing.Pipe()
    speaker = process.Speaker(theirs)
    for number in range(100):
        record = logging.LogRecord("x", logging.WARNING, "", 0, f"note {number}", (), None)
        record.created = number / 10
        speaker.emit(record)
    heard = []
    while ours.poll():
        heard.append(ours.recv())
    assert heard == [("note", f"note {number}") for number in range(process.MOST_NOTES)]
    record.created, record.exc_info = 1e9, (ValueError, ValueError("no zebra"), None)
    speaker.emit(record)
    assert ours.recv() == ("note", "note 99: ValueError: no zebra")
    ours.close()
    theirs.close()
    speaker.say("note", "nobody hears this")


def test_it_never_loads_torch() -> None:
    code = "import vjdream.surfaces.process, sys; print('torch' in sys.modules)"
    root = Path(__file__).parent.parent.parent
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert answer.stdout.strip() == "False", answer.stderr


def test_the_process_serves_and_ends_with_its_pipe() -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    preview = Preview.create()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stage:
        stage.bind(("127.0.0.1", 0))
        stage.settimeout(20.0)
        settings = Settings(http_port=PORT, osc_port=stage.getsockname()[1])
        commission = SurfacesCommission(settings, settings.osc_port, preview.name)
        child = context.Process(target=serve, args=(commission, theirs), daemon=True)
        child.start()
        theirs.close()
        try:
            packet, subscriber = stage.recvfrom(1000)
            assert packet.startswith(b"/vjdream/sync\0")
            stage.sendto(message("/vjdream/zoom", 1.25), subscriber)
            told = {}
            while "VALUE" not in told:  # the page may be there a little later
                try:
                    address = f"http://127.0.0.1:{PORT}/vjdream/zoom?VALUE"
                    with urllib.request.urlopen(address, timeout=10) as answer:
                        told = json.load(answer)
                except urllib.error.URLError:
                    continue
            assert told == {"VALUE": [1.25]}
            assert child.is_alive()
        finally:
            ours.close()
            child.join(10.0)
            preview.close(unlink=True)
    assert child.exitcode == 0
