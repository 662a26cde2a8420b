"""The MIDI devices that are plugged in just now: opened when they come, let go when they leave."""

import threading
from collections.abc import Callable, Iterable

from vjdream.surfaces.midi import Output, Port, Ports, device_name

HearDevice = Callable[[str, bytes], None]
"""Takes a device's name and one message of it, on any thread."""


class Devices:
    """All inputs and outputs whose names hold a certain part.

    Args:
        part: of the ports' names, in any case; "" takes all.
        report: takes one sentence for a person.
    """

    def __init__(
        self, ports: Ports, part: str, hear: HearDevice, report: Callable[[str], None]
    ) -> None:
        self._ports, self._part = ports, part.lower()
        self._hear, self._report = hear, report
        self._inputs: dict[str, Port] = {}
        self._outputs: dict[str, Output] = {}
        self._said: set[str] = set()  # sentences that were reported and still hold
        self._native = threading.Lock()  # no port is closed while it sends
        self._looking = threading.Lock()  # nor opened while all are let go
        self._closed = False
        self.failures = 0  # looks in a row that found no MIDI system

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the ports that can be lit."""
        return tuple(self._outputs)

    def look(self) -> list[str]:
        """Open what was plugged in and let go what was plugged out; it may take a while.

        Returns:
            outputs that are new, and show nothing yet.
        """
        with self._looking:
            return [] if self._closed else self._look()

    def _look(self) -> list[str]:
        problems: set[str] = set()
        try:
            inputs, outputs = self._ports.names()
            self.failures = 0
        except OSError as error:
            inputs, outputs = [], []
            self.failures += 1
            problems.add(f"MIDI is not available ({error}); it is looked for again")
        self._let_go(self._inputs, inputs)
        self._let_go(self._outputs, outputs)
        new = []
        for name in self._missing(outputs, self._outputs):
            try:
                self._outputs[name] = self._ports.open_output(name)
                new.append(name)
            except OSError as error:
                problems.add(f"MIDI output '{name}' cannot be opened: {error}")
        for name in self._missing(inputs, self._inputs):
            device = device_name(name)

            def heard(raw: bytes, device: str = device) -> None:
                self._hear(device, raw)

            try:
                self._inputs[name] = self._ports.open_input(name, heard)
                self._report(f"MIDI: {device} plays")
            except OSError as error:
                problems.add(
                    f"MIDI input '{name}' cannot be opened: {error}"
                    " (on Windows only one program can have it)"
                )
        if not inputs and not self._inputs and not problems:
            problems.add(f"MIDI: no device{f' called {self._part!r}' if self._part else ''} yet")
        for sentence in sorted(problems - self._said):
            self._report(sentence)
        self._said = problems
        return new

    def send(self, port: str, messages: Iterable[bytes]) -> None:
        """Send messages to an output; one that is gone will be noticed by the next look."""
        with self._native:
            output = self._outputs.get(port)
            try:
                for raw in messages:
                    if output is not None:
                        output.send(raw)
            except OSError:
                return

    def close(self) -> None:
        """Let all ports go."""
        with self._looking:
            self._closed = True
            self._let_go(self._inputs, ())
            self._let_go(self._outputs, ())

    def _missing(self, names: Iterable[str], opened: Iterable[str]) -> list[str]:
        """The ports that are wanted and not open yet."""
        known = set(opened)
        return [n for n in dict.fromkeys(names) if self._part in n.lower() and n not in known]

    def _let_go(self, opened: "dict[str, Port] | dict[str, Output]", names: Iterable[str]) -> None:
        there = set(names)
        for name in [name for name in opened if name not in there]:
            with self._native:
                opened.pop(name).close()
            if opened is self._inputs:
                self._report(f"MIDI: {device_name(name)} is gone")
