"""NDI out: the frames as a source that every program on the network can take.

The library's own pacing (`clock_video`) is off: the stage's clock is the only one, and measured
steadier. The sender thread waits for each frame's deadline and hands it over asynchronously; the
library reads the memory until the next call, so the last two pictures are kept alive. Timecodes are
synthesised by the library; the binding's default of 0 would confuse receivers that use them.

NDI® is a registered trademark of Vizrt NDI AB.
"""

import threading
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from xml.sax.saxutils import quoteattr

import vjdream
from vjdream.clock import Clock
from vjdream.errors import OutputError
from vjdream.frames import Frame, Picture
from vjdream.settings import Settings

FORBIDDEN = set('\\/:*?"<>|')

GLANCE = 50
"""Milliseconds that a finder may wait for news."""


def load_library() -> ModuleType:
    """Import and initialise the NDI runtime.

    Raises:
        OutputError: with what to install.
    """
    try:
        import NDIlib
    except (ImportError, OSError) as error:
        fix = "pip install ndi-python"
        if "avahi" in str(error):
            fix = "apt install libavahi-client3"
        raise OutputError(
            f"the NDI runtime does not load ({error}) - {fix}, or run with --output memory:"
        ) from None
    if not NDIlib.initialize():
        raise OutputError("this processor cannot run NDI - run with --output memory:")
    module: ModuleType = NDIlib
    return module


class NdiOutput:
    """One NDI sender with its thread."""

    def __init__(self, name: str, settings: Settings, clock: Clock) -> None:
        if not name or len(name) > 200 or FORBIDDEN.intersection(name):
            raise OutputError(
                f"an NDI name must be 1 to 200 characters without \\/:*?\"<>|, got '{name}'"
            )
        self._ndi = load_library()
        self._clock = clock
        self._period = float(1 / settings.fps)
        options = self._ndi.SendCreate()
        options.ndi_name = name
        options.clock_video = False
        options.clock_audio = False
        self._sender = self._ndi.send_create(options)
        if self._sender is None:
            raise OutputError(f"NDI refuses to open a source called '{name}' - is the name taken?")
        self._name = name
        self._introduce()
        self._video = self._ndi.VideoFrameV2()
        self._fps = settings.fps
        self._in_flight: list[Picture] = []
        self.late = 0
        self._waiting: tuple[Frame, float] | None = None
        self._condition = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="ndi", daemon=True)
        self._thread.start()

    def _introduce(self) -> None:
        metadata = self._ndi.MetadataFrame()
        metadata.data = (
            '<ndi_product long_name="vjdream, a hallucinating neural network" short_name="vjdream" '
            f'manufacturer="vjdream" version={quoteattr(vjdream.__version__)} '
            f"session_name={quoteattr(self._name)} />"
        )
        self._ndi.send_add_connection_metadata(self._sender, metadata)

    def send(self, frame: Frame, deadline: float) -> None:
        with self._condition:
            if self._waiting is not None:
                self.late += 1  # the one before never left
            self._waiting = (frame, deadline)
            self._condition.notify()

    def _work(self) -> None:
        while True:
            with self._condition:
                while self._waiting is None and not self._closing:
                    self._condition.wait()
                if self._closing:
                    return
                assert self._waiting is not None
                frame, deadline = self._waiting
                self._waiting = None
            self._clock.wait_until(deadline)
            if self._clock.now() > deadline + self._period / 2:
                self.late += 1
            self._hand_over(frame)

    def _hand_over(self, frame: Frame) -> None:
        video, ndi = self._video, self._ndi
        video.data = frame.picture
        video.FourCC = ndi.FOURCC_VIDEO_TYPE_BGRX
        video.frame_rate_N = self._fps.numerator
        video.frame_rate_D = self._fps.denominator
        video.frame_format_type = ndi.FRAME_FORMAT_TYPE_PROGRESSIVE
        video.timecode = ndi.SEND_TIMECODE_SYNTHESIZE
        video.metadata = frame.metadata
        ndi.send_send_video_async_v2(self._sender, video)
        self._in_flight = [*self._in_flight[-1:], frame.picture]

    def connections(self) -> int:
        return int(self._ndi.send_get_no_connections(self._sender, 0))

    def describe(self) -> str:
        source = self._ndi.send_get_source_name(self._sender)
        return f"NDI source {source.ndi_name}"

    def close(self) -> None:
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._thread.join(2.0)
        self._ndi.send_send_video_async_v2(self._sender, None)  # the library lets go of the memory
        self._in_flight.clear()
        self._ndi.send_destroy(self._sender)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether a source of this computer is seen, and how."""

    announced: bool  # by mDNS, as every receiver looks for it
    addressed: bool  # by asking this computer's addresses


def look_for(library: Any, name: str, addresses: str, clock: Clock, patience: float) -> Sighting:
    """Open a source that shows nothing, look for it as a receiver does, and close it again.

    Args:
        library: the NDI runtime.
        addresses: of this computer, joined by commas.
        patience: seconds that mDNS may take.

    Raises:
        OutputError: when no source can be opened.
    """
    options = library.SendCreate()
    options.ndi_name = name
    options.clock_video = options.clock_audio = False
    sender = library.send_create(options)
    if sender is None:
        raise OutputError(f"NDI refuses to open a source called '{name}' - is the name taken?")
    asked = (None, addresses)
    finders = [library.find_create_v2(library.FindCreate(True, None, a)) for a in asked]
    try:
        own = library.send_get_source_name(sender).ndi_name
        until = clock.now() + patience
        seen = [False, False]
        while not all(seen) and clock.now() < until:
            for place, finder in enumerate(finders):
                if finder is not None and not seen[place]:
                    library.find_wait_for_sources(finder, GLANCE)
                    sources = library.find_get_current_sources(finder)
                    seen[place] = any(source.ndi_name == own for source in sources)
        return Sighting(*seen)
    finally:
        for finder in finders:
            if finder is not None:
                library.find_destroy(finder)
        library.send_destroy(sender)
