"""MIDI ports: the only door to mido and to python-rtmidi behind it.

Ports are found by name again and again, because controllers are plugged in and out. What a port
hears comes on a thread of rtmidi's own.
"""

import ctypes
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Protocol

from vjdream.errors import SettingsError

log = logging.getLogger("vjdream.midi")

Hear = Callable[[bytes], None]
"""Takes one MIDI message, on any thread."""

MISSING = "MIDI needs two libraries that are not installed: pip install 'vjdream[midi]'"

RTMIDI = "mido.backends.rtmidi"
JACK = "UNIX_JACK"

NOT_DEVICES = re.compile(r"rtmidi(in|out)? client|rtmidi (in|out)put|midi through", re.IGNORECASE)
"""Ports that lead back to this program, or to nobody."""

BRIDGES = frozenset({"a2j", "midi-bridge", "system"})
"""Clients of JACK that hold the ports of many devices."""

TAIL = re.compile(r"(\s+\d+:\d+|\s*\[\d+\]|\s*\((capture|playback)\)|-\d+)$", re.IGNORECASE)
INDEX = re.compile(r"\s+\d+$")


class Port(Protocol):
    """One open port."""

    def close(self) -> None:
        """Let it go, whether the device is still there or not."""
        ...


class Output(Port, Protocol):
    """One that takes messages."""

    def send(self, raw: bytes) -> None:
        """Send one message.

        Raises:
            OSError: when the device is gone.
        """
        ...


class Ports(Protocol):
    """The ports of this computer. All of it may take a while, and raises OSError."""

    def names(self) -> tuple[list[str], list[str]]:
        """The inputs and the outputs of devices that are plugged in."""
        ...

    def open_input(self, name: str, hear: Hear) -> Port:
        """Let `hear` be called with every message of a device."""
        ...

    def open_output(self, name: str) -> Output:
        """Open what a device hears."""
        ...


def require_libraries() -> None:
    """Find out whether the extra is installed, without loading it.

    Raises:
        SettingsError: when it is not.
    """
    try:
        found = all(find_spec(name) for name in ("mido", "rtmidi"))
    except (ImportError, ValueError):  # half of one
        found = False
    if not found:
        raise SettingsError(MISSING)


def system_ports() -> Ports:
    """The ports of this computer's MIDI system.

    Raises:
        SettingsError: when the libraries are missing.
    """
    require_libraries()
    import mido

    asked = os.environ.get("MIDO_BACKEND")
    if asked:
        return _MidoPorts([mido.Backend(asked)])
    apis = ("LINUX_ALSA", JACK) if sys.platform.startswith("linux") else (None,)
    return _MidoPorts([mido.Backend(RTMIDI, api=api) for api in apis])


class _MidoPorts:
    """The first of some MIDI systems that answers; it stays the first as long as it does."""

    def __init__(self, backends: Sequence[Any]) -> None:
        self._backends = list(backends)

    def names(self) -> tuple[list[str], list[str]]:
        problem = "there is no MIDI system"
        for backend in tuple(self._backends):
            asked = {"api": backend.api} if backend.api else {}
            try:
                devices = backend.module.get_devices(**asked)
            except Exception as error:  # rtmidi's are of many kinds
                problem = str(error)
                continue
            self._backends.remove(backend)
            self._backends.insert(0, backend)
            found = [d for d in devices if not NOT_DEVICES.search(d["name"])]
            return (
                [d["name"] for d in found if d["is_input"]],
                [d["name"] for d in found if d["is_output"]],
            )
        raise OSError(problem)

    def open_input(self, name: str, hear: Hear) -> Port:
        port = _MidoPort(self._backends[0].api, hear)
        port.opened(self._open("open_input", name, callback=port.heard))
        return port

    def open_output(self, name: str) -> Output:
        port = _MidoPort(self._backends[0].api)
        port.opened(self._open("open_output", name))
        return port

    def _open(self, how: str, name: str, **more: Any) -> Any:
        try:
            return getattr(self._backends[0], how)(name, **more)
        except Exception as error:  # as above
            raise OSError(str(error)) from None


class _MidoPort:
    """An input that calls `hear`, or an output."""

    def __init__(self, api: str | None, hear: Hear | None = None) -> None:
        self._api, self._hear = api, hear
        self._port: Any = None

    def opened(self, port: Any) -> None:
        self._port = port

    def heard(self, message: Any) -> None:
        if self._hear is not None:
            self._hear(bytes(message.bytes()))

    def send(self, raw: bytes) -> None:
        import mido

        try:
            self._port.send(mido.Message.from_bytes(raw))
        except Exception as error:  # rtmidi's are of many kinds
            raise OSError(str(error)) from None

    def close(self) -> None:
        self._hear = None
        if self._api == JACK:
            # libjack cleans up after a server that has ended; to close a port of that server then
            # kills the process, even while it exits. So ports of JACK are left alone for ever.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._port))
            return
        try:
            self._port.close()
        except Exception as error:  # as above; it is gone in any case
            log.debug("a port was not closed: %s", error)


def device_name(port: str) -> str:
    """Return what a device is called, in whatever way its system numbers and decorates ports.

    ``APC mini:APC mini MIDI 1 20:0`` and ``APC mini 1`` are both the APC mini, so a map finds it
    at any socket and an input belongs to the output of the same name.
    """
    name = TAIL.sub("", port.strip())
    client, colon, rest = name.partition(":")
    if colon:
        name = rest if client.strip().lower() in BRIDGES and rest.strip() else client
    shorter = name
    while shorter:
        name, shorter = shorter, INDEX.sub("", TAIL.sub("", shorter)).strip()
        if shorter == name:
            break
    return name.strip() or port
