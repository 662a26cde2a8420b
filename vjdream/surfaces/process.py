"""The surfaces' process: everything for people, beside the show, and never in its way.

It speaks OSC to the stage like everybody else and ends with its pipe; the show does not notice
either. Over the pipe the stage is told what concerns its console and its subscribers, as
``("note", sentence)``, ``("midi", sentence)``, ``("pin", digits)`` and ``("advertised", {address:
port})``. The stage may say ``("network", name, class_list)`` when the words are others from now on.
"""

import asyncio
import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from multiprocessing.connection import Connection
from typing import Any

from vjdream.addresses import parse_network
from vjdream.clock import Clock, RealtimeClock
from vjdream.errors import VJDreamError
from vjdream.exchange import Preview, SurfacesCommission
from vjdream.settings import Settings
from vjdream.surfaces.discovery import Discovery, instance_name
from vjdream.surfaces.doors import Doors, Pin, own_names
from vjdream.surfaces.http import Server
from vjdream.surfaces.knowledge import Knowledge
from vjdream.surfaces.link import Link
from vjdream.surfaces.preview import Look
from vjdream.surfaces.rooms import Rooms
from vjdream.surfaces.shelf import page

log = logging.getLogger("vjdream.surfaces")

LONGEST_NOTE = 500
MOST_NOTES, NOTED_WITHIN = 10, 10.0
"""Notes that are logged within so many seconds; the console is not for floods."""

LEAVING = 0.4
"""Seconds for taking announcements back when the show ends."""

Words = tuple[Any, ...]


def serve(commission: SurfacesCommission, pipe: Connection) -> None:
    """Entry of the child process; returns never, it ends with the pipe."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group: the stage decides
    speaker = Speaker(pipe)
    logging.getLogger().addHandler(speaker)
    surfaces = Surfaces(commission, speaker.say, RealtimeClock())
    # Windows' other loop loses a UDP socket whose peer is not there
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        follower = threading.Thread(
            target=_follow, args=(pipe, runner.get_loop(), surfaces), daemon=True
        )
        follower.start()
        runner.run(surfaces.run())
    os._exit(0)


def _follow(pipe: Connection, loop: asyncio.AbstractEventLoop, surfaces: "Surfaces") -> None:
    """Hand on what the stage says, until it closes the pipe or dies: then end, come what may."""
    try:
        while True:
            loop.call_soon_threadsafe(surfaces.told, pipe.recv())
    except (EOFError, OSError):
        pass
    loop.call_soon_threadsafe(surfaces.end)
    threading.Event().wait(LEAVING)
    os._exit(0)


class Speaker(logging.Handler):
    """Says things to the stage; what is logged becomes notes."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__(logging.WARNING)
        self._pipe = pipe
        self._turn = threading.Lock()
        self._noted: deque[float] = deque(maxlen=MOST_NOTES)

    def say(self, *words: Any) -> None:
        """Send words to the stage; one that is gone hears nothing."""
        try:
            with self._turn:
                self._pipe.send(words)
        except OSError:
            return

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._noted) == MOST_NOTES and record.created - self._noted[0] < NOTED_WITHIN:
            return
        self._noted.append(record.created)
        error = record.exc_info[1] if record.exc_info else None
        told = f": {type(error).__name__}: {error}" if error is not None else ""
        self.say("note", (record.getMessage() + told)[:LONGEST_NOTE])


class Surfaces:
    """All surfaces of one show.

    Args:
        say: to the stage, such as ``say("note", "…")``.
    """

    def __init__(
        self, commission: SurfacesCommission, say: Callable[..., None], clock: Clock
    ) -> None:
        self._commission, self._say, self._clock = commission, say, clock
        self.link = Link(commission.osc_port, clock)
        self.knowledge: Knowledge | None = None
        self.server: Server | None = None
        self.discovery: Discovery | None = None
        self.pin: Pin | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Open everything and go on until the end."""
        await self.open()
        await self._ended.wait()
        await self.close()

    def end(self) -> None:
        """Let `run` return."""
        self._ended.set()

    async def open(self) -> None:
        """Open everything that can be; the stage is told about what cannot."""
        settings = self._commission.settings
        await self.link.open()
        try:
            self.knowledge = Knowledge(
                settings.network, settings.class_list, settings.preset_folder
            )
            self.link.listen(self.knowledge.hear)
            await self._open_server(settings, self.knowledge)
        except VJDreamError as error:
            self._say("note", f"there is no web page and no OSCQuery: {error}")
        if settings.midi is not None:
            self._start_midi(settings)
        http_port = self.server.port if self.server is not None else 0
        self.discovery = Discovery(
            settings.ndi_name,
            self._commission.osc_port,
            http_port,
            settings.lan,
            lambda ports: self._say("advertised", ports),
        )
        await self.discovery.open()

    async def close(self) -> None:
        """Close what is open."""
        for task in self._tasks:
            task.cancel()
        if self.discovery is not None:
            await self.discovery.close()
        if self.server is not None:
            await self.server.close()
        if self.knowledge is not None:
            self.knowledge.close()
        await self.link.close()

    def told(self, words: Words) -> None:
        """Do what the stage says."""
        if words[0] == "network" and self.knowledge is not None:
            self._start(self.knowledge.change_network(*words[1:]), "the network's words")

    async def _open_server(self, settings: Settings, knowledge: Knowledge) -> None:
        """Open HTTP; a port that is taken is told.

        Raises:
            SettingsError: for networks to let in that are none; nobody is let in then.
        """
        if not settings.http_port:
            return
        doors = Doors(settings.lan, tuple(map(parse_network, settings.allow)), own_names())
        self.pin = Pin() if settings.lan else None
        rooms = Rooms(knowledge, doors, self.pin, page(), self._look(), self._clock)
        rooms.cookie = f"vjdream-{settings.http_port}"  # shows on one computer share a jar
        server = Server(
            self.link,
            knowledge,
            doors,
            rooms,
            instance_name(settings.ndi_name),
            self._commission.osc_port,
        )
        try:
            await server.open(settings.http_port)
        except OSError as error:
            self._say(
                "note",
                f"HTTP port {settings.http_port} is taken ({error.strerror}), so there is no web "
                "page and no OSCQuery - --http-port takes another",
            )
            await server.close()
            return
        self.server = server
        if self.pin is not None:
            self._say("pin", self.pin.digits)

    def _look(self) -> Look | None:
        if not self._commission.preview:
            return None
        try:
            return Look(Preview.attach(self._commission.preview), self._clock)
        except OSError as error:
            self._say("note", f"there is no preview: {error}")
            return None

    def _start_midi(self, settings: Settings) -> None:
        try:
            from vjdream.surfaces.midi_desk import MidiDesk

            desk = MidiDesk(
                self.link, settings, self._clock, report=lambda text: self._say("midi", text)
            )
        except (ImportError, VJDreamError) as error:
            self._say("note", f"there is no MIDI: {error}")
            return
        self._start(desk.run(), "MIDI has ended")

    def _start(self, work: Coroutine[Any, Any, None], what: str) -> None:
        """Do something beside everything else; its failure is told."""

        async def done() -> None:
            try:
                await work
            except Exception as error:
                self._say("note", f"{what}: {error or type(error).__name__}")

        task = asyncio.create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
