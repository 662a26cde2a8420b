"""The MIDI desk: controllers play the show like every other client, through the link.

What they move becomes OSC messages here, so a session records it; what the engine says lights them.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from vjdream.clock import Clock
from vjdream.errors import VJDreamError
from vjdream.messages import Argument
from vjdream.parameters import ROOT
from vjdream.settings import Settings
from vjdream.surfaces.midi import Ports, device_name, require_libraries, system_ports
from vjdream.surfaces.midi_devices import Devices
from vjdream.surfaces.midi_learn import Learner
from vjdream.surfaces.midi_lights import Lights
from vjdream.surfaces.midi_map import Binding, MapError, MidiMap
from vjdream.surfaces.midi_map_file import MapFile
from vjdream.surfaces.midi_messages import decode
from vjdream.surfaces.midi_palette import PadPalette
from vjdream.surfaces.midi_translator import Translator

log = logging.getLogger("vjdream.midi")

LOOK = 2.0
"""Seconds between two looks for devices."""

LONGEST_PAUSE = 16.0
"""Seconds between them where there is no MIDI system; its libraries complain every time."""

LIGHT = 1 / 30
"""Seconds between two rounds of lights at least."""

ECHO = 0.03
"""Seconds within which what was just sent comes back through a loop of cables or programs."""

PATIENCE = 60.0
"""Seconds after which learning gives up."""

LEARN = ROOT + "midi/learn"
PRESET = ROOT + "state/preset"
SHOWN = (PRESET, ROOT + "state/recording")
"""Reports that lamps show."""

UNLIT = tuple(ROOT + folder for folder in ("state/", "see/", "sure/"))
"""All others come often and light nothing."""

Callback = Callable[[str, tuple[Argument, ...], str], None]


class Link(Protocol):
    """What the desk needs of the link to the stage."""

    @property
    def values(self) -> dict[str, tuple[Argument, ...]]:
        """The newest of everything heard, by address."""
        ...

    def send(self, address: str, *arguments: Argument, author: str) -> None:
        """Send a message to the stage."""
        ...

    def listen(self, callback: Callback) -> None:
        """Call back with address, arguments and author of everything heard."""
        ...


def check(settings: Settings) -> None:
    """Find out before the show whether it can be played by MIDI; no library is loaded.

    Raises:
        SettingsError: when the libraries are missing.
        MapError: when the map has mistakes.
    """
    require_libraries()
    MapFile(settings)


class MidiDesk:
    """All MIDI controllers of one show.

    Args:
        clock: tells the time between two movements.
        ports: of the computer; None: those of its MIDI system.
        report: takes one sentence for a person, on any thread: what was plugged in or learned.
        look: seconds between two looks for devices.

    Raises:
        SettingsError: when the libraries are missing.
        MapError: when the map has mistakes.
    """

    def __init__(
        self,
        link: Link,
        settings: Settings,
        clock: Clock,
        ports: Ports | None = None,
        report: Callable[[str], None] = log.info,
        look: float = LOOK,
    ) -> None:
        self._link, self._clock, self._report, self._pause = link, clock, report, look
        self._file = MapFile(settings)
        self._palette = PadPalette(settings)
        self._translator = Translator(self.midi_map, len(self._palette.every))
        self._lights = Lights(self.midi_map, len(self._palette.every))
        self._devices = Devices(
            ports or system_ports(), settings.midi or "", self._heard_elsewhere, report
        )
        self._learner: Learner | None = None
        self._learning_since = 0.0
        self._authors: dict[str, str] = {}  # of the newest change, by address
        self._just_sent: dict[str, tuple[float, frozenset[bytes]]] = {}  # by device
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moving, self._changed = asyncio.Event(), asyncio.Event()

    @property
    def learning(self) -> str:
        """The address that waits for a control, or ""."""
        return "" if self._learner is None else self._learner.target.address

    @property
    def midi_map(self) -> MidiMap:
        """The map as it is now."""
        return self._file.midi_map

    def learn(self, address: str) -> None:
        """Bind the next control that moves clearly to an address; "" waits no more.

        Raises:
            ParameterError: when nothing has that address.
        """
        self._learner = Learner(address) if address else None
        self._learning_since = self._clock.now()
        if self._learner is not None:
            self._report(f"Move a knob or press a pad for {self.learning}")

    def change_network(self, network: str, class_list: str | None = None) -> None:
        """Let class knobs and pads play the words of another network.

        Raises:
            WeightsError: when its descriptor cannot be read.
        """
        self._palette.change_network(network, class_list)
        self._translator.classes = self._lights.classes = len(self._palette.every)
        self._changed.set()

    async def run(self) -> None:
        """Play until it is cancelled. Whatever is plugged in or out, nothing ends."""
        self._loop = asyncio.get_running_loop()
        self._link.listen(self._told)
        self._palette.follow(self._link.values.get(PRESET, ()))
        self._changed.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._look())
                tasks.create_task(self._rest())
                tasks.create_task(self._light())
        finally:
            self._loop = None
            for port in self._devices.outputs:
                self._devices.send(port, self._lights.dark(port))
            self._devices.close()
            self._palette.close()

    # -- devices -----------------------------------------------------------------------------------

    async def _look(self) -> None:
        while True:
            for port in await asyncio.to_thread(self._devices.look):
                self._lights.forget(port)
                self._changed.set()
            failures = min(self._devices.failures, 10)
            await asyncio.sleep(min(self._pause * 2 ** max(failures - 2, 0), LONGEST_PAUSE))
            self._lose_patience()

    def _heard_elsewhere(self, device: str, raw: bytes) -> None:
        """Take a message on rtmidi's thread."""
        loop = self._loop
        try:
            if loop is not None:
                loop.call_soon_threadsafe(self._heard, device, raw)
        except RuntimeError:  # the loop has just ended
            return

    def _heard(self, device: str, raw: bytes) -> None:
        now = self._clock.now()
        sent_at, sent = self._just_sent.get(device, (now - ECHO, frozenset()))
        if now - sent_at < ECHO and raw in sent:
            return
        if self._learner is not None:
            event = decode(raw)
            binding = None if event is None else self._learner.heard(device, event)
            if binding is not None:
                self._learned(binding)
            return
        for address, arguments in self._translator.heard(device, raw, now, self._link.values):
            self._link.send(address, *arguments, author=f"midi {device}")
        if self._translator.rests_at is not None:
            self._moving.set()

    async def _rest(self) -> None:
        """Send what class knobs have chosen, once they are at rest."""
        while True:
            await self._moving.wait()
            self._moving.clear()
            while (moment := self._translator.rests_at) is not None:
                await asyncio.sleep(max(moment - self._clock.now(), 0.0))
                for address, arguments in self._translator.rested(self._clock.now()):
                    self._link.send(address, *arguments, author="midi")

    # -- learning ----------------------------------------------------------------------------------

    def _learned(self, binding: Binding) -> None:
        self._learner = None
        self._report(f"MIDI: {binding.control} plays {binding.meant.address} ({binding.mode})")
        try:
            self._file.learn(binding)
        except MapError as error:
            self._report(f"{error}; what was learned holds for this show")
        self._translator.midi_map = self._lights.midi_map = self.midi_map
        self._changed.set()

    def _lose_patience(self) -> None:
        if self._learner is not None and self._clock.now() - self._learning_since > PATIENCE:
            self._report(f"MIDI: no control was moved for {self.learning}")
            self._learner = None

    # -- what the engine says ----------------------------------------------------------------------

    def _told(self, address: str, arguments: tuple[Argument, ...], author: str) -> None:
        if address == LEARN:
            asked = arguments[0] if arguments else ""
            try:
                self.learn(asked if isinstance(asked, str) else "")
            except VJDreamError as error:
                self._report(str(error))
            return
        if address.startswith(UNLIT) and address not in SHOWN:
            return
        if address == PRESET:
            self._palette.follow(arguments)
        self._authors[address] = author
        self._changed.set()

    async def _light(self) -> None:
        """Tell devices what has changed, many changes at once."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            for port in self._devices.outputs:
                device = device_name(port)
                own = [a for a, who in self._authors.items() if who == f"midi {device}"]
                messages = self._lights.messages(
                    port, self._link.values, self._palette.classes, own
                )
                if messages:
                    self._just_sent[device] = self._clock.now(), frozenset(messages)
                    await asyncio.to_thread(self._devices.send, port, messages)
            await asyncio.sleep(LIGHT)
