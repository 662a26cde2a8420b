"""One controller from cable to stage, over JACK's dummy driver: no sound card is needed.

Needs ``jackd`` (Debian: ``apt-get install --no-install-recommends jackd2``).
"""

import os
import queue
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.osc_client import message, read
from vjdream.parameters import TABLE

FRAME = 1 / 60
PATIENCE = 30.0
HERE = Path(__file__).parent.parent.parent


def _missing() -> str:
    """Why this cannot be tested here, or nothing."""
    if shutil.which("jackd") is None:
        return "jackd is not installed"
    rtmidi = pytest.importorskip("rtmidi")
    if rtmidi.API_UNIX_JACK not in rtmidi.get_compiled_api():
        return "this python-rtmidi knows no JACK"
    return ""


class Child:
    """A process that is told lines and says lines."""

    def __init__(self, *command: str, server: str) -> None:
        environment = {
            **os.environ,
            "JACK_DEFAULT_SERVER": server,
            "JACK_NO_AUDIO_RESERVATION": "1",
            "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK",
        }
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            cwd=HERE,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def says(self, part: str) -> None:
        """Wait for a line that holds something."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(until - time.monotonic(), 0.001))
            except queue.Empty:
                pytest.fail(f"nobody said '{part}', but: {self.said[-40:]}")
            self.said.append(line)
            if part in line:
                return

    def rest(self) -> list[str]:
        """All that it has said and nobody waited for."""
        self._reader.join(PATIENCE)
        return list(self._lines.queue)

    def move(self, *messages: str) -> None:
        assert self.process.stdin is not None
        for one in messages:
            self.process.stdin.write(f"{one}\n")
            self.process.stdin.flush()

    def end(self, kill: bool = False) -> int:
        """Let it end by itself, or end it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if kill:
            self.process.terminate()
        if not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stdout.close()
        return code

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()  # a killed JACK leaves its memory behind
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.end()


class Stage:
    """What the link speaks to: it keeps values, and tells its one subscriber of changes."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port = self._socket.getsockname()[1]
        self.heard: queue.Queue[tuple[str, list[float | int | str]]] = queue.Queue()
        self._values: dict[str, float] = {"zoom": 1.05, "blur": 0.0, "hold": 0}
        self._subscriber: tuple[str, int] | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ended:
            try:
                packet, sender = self._socket.recvfrom(65536)
            except TimeoutError:
                continue
            except OSError:  # nobody listens any more
                continue
            address, _, arguments = read(packet)
            if address == "/vjdream/sync":
                self._subscriber = sender
                for name in self._values:
                    self._tell(name)
                continue
            name = address.removeprefix("/vjdream/norm/")
            if name != address:
                parameter = TABLE[name]
                self._values[name] = parameter.denormalised(float(arguments[0]))
                self._tell(name)
            self.heard.put((address, arguments))

    def _tell(self, name: str) -> None:
        self.say(f"/vjdream/{name}", self._values[name])

    def say(self, address: str, *arguments: float | int | str) -> None:
        if self._subscriber is not None:
            self._socket.sendto(message(address, *arguments), self._subscriber)

    def hears(self, address: str, value: float, seconds: float) -> bool:
        """Return whether a value arrives at an address within a time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                heard, arguments = self.heard.get(timeout=left)
            except queue.Empty:
                return False
            if heard == address and float(arguments[0]) == value:
                return True
        return False

    def close(self) -> None:
        self._ended = True
        self._thread.join()
        self._socket.close()


@contextmanager
def jack(server: str) -> Iterator[None]:
    """Run a sound server without sound."""
    command = ("jackd", "-r", "-n", server, "-d", "dummy", "-r", "48000", "-p", "512")
    with Child(*command, server=server) as daemon:
        listing = [
            sys.executable, "-c", "import mido; mido.Backend('mido.backends.rtmidi').module"
            ".get_devices(api='UNIX_JACK')",
        ]  # fmt: skip
        until = time.monotonic() + PATIENCE
        environment = {**os.environ, "JACK_DEFAULT_SERVER": server}
        while subprocess.run(listing, capture_output=True, env=environment).returncode:
            if time.monotonic() > until or daemon.process.poll() is not None:
                daemon.process.kill()
                daemon.process.wait()
                pytest.skip(f"jackd does not start here: {daemon.rest()[-5:]}")
        yield
        daemon.end(kill=True)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


@pytest.mark.skipif(bool(_missing()), reason=_missing())
def test_a_controller_plays_the_stage_and_neither_unplugging_nor_jacks_end_stops_it(
    stage: Stage, tmp_path: Path
) -> None:
    server = "vjdream-test"  # JACK takes the place of a dead server of the same name
    midi_map = str(tmp_path / "midi.yaml")

    def desk() -> Child:
        arguments = (str(stage.port), midi_map)
        command = (sys.executable, "-m", "tests.surfaces.jack_desk", *arguments)
        return Child(*command, server=server)

    def pads() -> Child:
        command = (sys.executable, "-m", "tests.surfaces.jack_controller", "pads")
        child = Child(*command, server=server)
        child.says("ready")
        return child

    with ExitStack() as stack:
        first = stack.enter_context(ExitStack())
        first.enter_context(jack(server))
        player, playing = stack.enter_context(pads()), stack.enter_context(desk())
        playing.says("MIDI: pads plays")

        # a control change moves a parameter, softly and soon
        _sweep(player, stage, "b0 30", "zoom")
        player.says("lit")
        assert _soonest(player, stage) < 2 * FRAME

        # learning binds another one
        stage.say("/vjdream/midi/learn", "/vjdream/blur")
        playing.says("Move a knob or press a pad for /vjdream/blur")
        for value in ("14", "28", "3c", "50") * 3:
            player.move(f"b0 14 {value}")
        playing.says("plays /vjdream/blur (absolute)")
        _sweep(player, stage, "b0 14", "blur")

        # the map survives a restart
        assert playing.end() == 0
        playing = stack.enter_context(desk())
        playing.says("MIDI: pads plays")
        _sweep(player, stage, "b0 14", "blur")

        # a controller that is plugged out stops nothing, and plays again
        player.end()
        playing.says("MIDI: pads is gone")
        player = stack.enter_context(pads())
        playing.says("MIDI: pads plays")
        _sweep(player, stage, "b0 14", "blur")

        # nor does the end of the whole MIDI system
        first.close()
        playing.says("MIDI is not available")
        player.process.kill()  # JACK's library lets it neither play on nor end
        stack.enter_context(jack(server))
        player = stack.enter_context(pads())
        playing.says("MIDI: pads plays")
        _sweep(player, stage, "b0 14", "blur")
        assert playing.end() == 0
        player.end()


def _sweep(player: Child, stage: Stage, control: str, name: str) -> None:
    """Move a fader from end to end and to its middle, until the stage hears the middle.

    A busy machine is late for JACK, which then loses messages or plays them twice.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        player.move(f"{control} 00", f"{control} 7f", f"{control} 40")
        if stage.hears(f"/vjdream/norm/{name}", 0.5, 0.5):
            return
    pytest.fail(f"the stage heard nothing of {name}")


def _soonest(player: Child, stage: Stage, attempts: int = 40) -> float:
    """The shortest time in seconds from a movement to the stage; a busy machine only adds to it."""
    found = [PATIENCE]
    for attempt in range(attempts):
        value, raw = ((0.25, "20"), (0.5, "40"))[attempt % 2]
        begun = time.monotonic()
        player.move(f"b0 30 {raw}")
        if stage.hears("/vjdream/norm/zoom", value, 0.5):
            found.append(time.monotonic() - begun)
    return min(found)
