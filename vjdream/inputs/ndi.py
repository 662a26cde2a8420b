"""NDI in: the newest picture of a source on the network, whatever becomes of the source.

A thread finds the source, receives, and when it is lost looks for it again; whoever asks for a
picture never waits for the network. The thread keeps the library's newest frame as it is, and it is
converted when somebody asks: a dreamer asks for a few of a camera's 60 a second. A lost source
leaves its last picture. The library reconnects by itself only where mDNS tells it the new port, so
here each connection has a receiver of its own.

NDI® is a registered trademark of Vizrt NDI AB.
"""

import logging
import sys
import threading
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vjdream.clock import Clock
from vjdream.errors import SettingsError
from vjdream.frames import Picture, Size
from vjdream.inputs import Still
from vjdream.inputs.fit import fit
from vjdream.inputs.wanted import Wanted, choose

log = logging.getLogger("vjdream.inputs")

# Sources of this computer are found without mDNS when its address is asked directly. On Linux all
# programs that send listen at one port, and each connection reaches one of them by chance, so it
# is asked under several of its addresses.
THIS_COMPUTER = ",".join(
    f"127.0.0.{number}" for number in range(1, 9 if sys.platform == "linux" else 2)
)

GLANCE = 50
"""Milliseconds that a call of the library may wait; closing takes a little longer."""

LOOK = 2.0
"""Seconds that a finder is used: with a new one the dice of `THIS_COMPUTER` are cast again."""

SETTLE = 1.0
"""Seconds in which a better match may appear before a source is taken by a part of its name."""

CONNECT = 1.5
"""Seconds that a source may take to answer."""

FIRST = 4.0
"""Seconds that a source may take to send its first picture."""

SILENCE = 2.0
"""Seconds without a picture after which the source is connected anew.

A source that lives but sends only what is new repeats its last picture then.
"""

PATIENCE = 5.0
"""Seconds after which a source that never came is reported."""


class NdiInput:
    """One NDI receiver with its thread."""

    def __init__(
        self, wanted: Wanted, size: Size, clock: Clock, library: ModuleType | None = None
    ) -> None:
        """Begin to look for the source.

        Raises:
            SettingsError: when the NDI runtime does not load.
        """
        self._ndi: Any = load_library() if library is None else library
        self._wanted, self._size, self._clock = wanted, size, clock
        self._lock = threading.Lock()
        self._held: tuple[Any, Any] | None = None  # receiver and its newest frame, not yet freed
        self._still: Still | None = None
        self._known = wanted.address  # the source's full name, once it has been found
        self._seen: set[str] = set()
        self._ever, self._reported = False, False
        self._began = clock.now()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ndi input", daemon=True)
        self._thread.start()

    def at(self, time: float) -> Still | None:
        self._convert_newest()
        return self._still

    def close(self) -> None:
        self._closing.set()
        self._thread.join(1.0)  # a host name that leads nowhere can hold the library for a second

    def _work(self) -> None:
        while not self._closing.is_set():
            source = self._look()
            if source is not None:
                self._receive(source)

    def _look(self) -> Any:
        """Wait for the source; None when the input is closing or it is time for a new finder."""
        if self._wanted.address:
            source = self._ndi.Source()
            source.url_address = self._wanted.address
            return source
        finder = self._ndi.find_create_v2(self._ndi.FindCreate(True, None, THIS_COMPUTER))
        if finder is None:
            self._closing.wait(LOOK)
            return None
        try:
            began = self._clock.now()
            while not self._closing.is_set() and self._clock.now() < began + LOOK:
                sources = {s.ndi_name: s for s in self._ndi.find_get_current_sources(finder)}
                self._seen.update(sources)
                name = self._choose(sources, self._clock.now() - began > SETTLE)
                if name is not None:
                    self._known = name
                    return _copied(self._ndi, sources[name])
                self._ndi.find_wait_for_sources(finder, GLANCE)
        finally:
            self._ndi.find_destroy(finder)
        self._miss()
        return None

    def _choose(self, sources: dict[str, Any], settled: bool) -> str | None:
        """Prefer the source of before; once there was one, a part of the name is too little."""
        if self._known in sources:
            return self._known
        match = choose(self._wanted.name, sources)
        if match is not None and (match[1] or (settled and not self._known)):
            return match[0]
        return None

    def _receive(self, source: Any) -> None:
        """Take frames until the source is lost or silent."""
        ndi, now = self._ndi, self._clock.now
        options = ndi.RecvCreateV3()
        options.color_format = ndi.RECV_COLOR_FORMAT_BGRX_BGRA
        options.allow_video_fields = False  # the library makes whole pictures of them
        options.ndi_recv_name = "vjdream input"
        receiver = ndi.recv_create_v3(options)
        if receiver is None:
            self._closing.wait(LOOK)
            return
        try:
            ndi.recv_connect(receiver, source)
            began = last = now()
            frames = 0
            while not self._closing.is_set():
                kind, video, _, _ = ndi.recv_capture_v2(receiver, GLANCE, True, False, False)
                if kind == ndi.FRAME_TYPE_VIDEO:
                    last = now()
                    frames += 1
                    self._hold(receiver, video)
                    self._arrived()
                elif now() - last > (SILENCE if frames else FIRST):
                    break
                elif ndi.recv_get_no_connections(receiver) == 0 and (
                    frames or now() - began > CONNECT
                ):
                    frames = 0
                    break
            if not frames:
                self._miss()
        finally:
            self._convert_newest()
            ndi.recv_destroy(receiver)

    def _hold(self, receiver: Any, frame: Any) -> None:
        with self._lock:
            before, self._held = self._held, (receiver, frame)
            if before is not None:
                self._ndi.recv_free_video_v2(*before)

    def _convert_newest(self) -> None:
        """Make a still of the newest frame, if there is a new one, and give the frame back."""
        with self._lock:
            held, self._held = self._held, None
            if held is None:
                return
            try:
                alpha = held[1].FourCC == self._ndi.FOURCC_VIDEO_TYPE_BGRA
                picture = picture_of(held[1], alpha, self._size)
            finally:
                self._ndi.recv_free_video_v2(*held)
            before = self._still
            if before is None:
                self._still = Still(picture, 0)
            elif not np.array_equal(before.picture, picture):
                self._still = Still(picture, before.number + 1)

    def _arrived(self) -> None:
        """Say that the source is there, or there again, once."""
        if self._reported:
            log.warning("the NDI input %s is there", self._known)
        elif not self._ever:
            log.info("the NDI input is %s", self._known)
        self._ever, self._reported = True, False

    def _miss(self) -> None:
        """Say that the source is missing, once, and what there is instead."""
        if self._reported or self._closing.is_set():
            return
        if self._ever:
            self._reported = True
            log.warning("the NDI input %s is lost; its last picture stays", self._known)
        elif self._clock.now() - self._began > PATIENCE:
            self._reported = True
            there = f" (sources: {', '.join(sorted(self._seen)) or 'none'})"
            log.warning(
                "there is no NDI input '%s' yet%s", self._wanted, there if self._wanted.name else ""
            )


def picture_of(frame: Any, alpha: bool, size: Size) -> Picture:
    """Fit a received BGRX frame of any size, or a straight BGRA one, to `size`.

    The binding takes the bytes of a line through its pixels, rounded down, for the bytes of a
    pixel, which is wrong for frames narrower than their padding.
    """
    data: NDArray[np.uint8] = frame.data
    lines = data.reshape(data.shape[0], -1)[:, : 4 * frame.xres]
    picture = lines.reshape(data.shape[0], frame.xres, 4)[..., : 4 if alpha else 3]
    shape = frame.xres / frame.yres
    return fit(picture, size, (frame.picture_aspect_ratio or shape) / shape)


def _copied(ndi: Any, source: Any) -> Any:
    """A source that outlives the finder's list, which the library owns."""
    copy = ndi.Source()
    copy.ndi_name, copy.url_address = source.ndi_name, source.url_address
    return copy


def load_library() -> ModuleType:
    """Import and initialise the NDI runtime.

    Raises:
        SettingsError: with what to install.
    """
    try:
        import NDIlib
    except (ImportError, OSError) as error:
        fix = "apt install libavahi-client3" if "avahi" in str(error) else "pip install ndi-python"
        raise SettingsError(f"the NDI runtime does not load ({error}) - {fix}") from None
    if not NDIlib.initialize():
        raise SettingsError("this processor cannot run NDI")
    module: ModuleType = NDIlib
    return module
