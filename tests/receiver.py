"""A real NDI receiver on loopback, for end-to-end tests; it needs no mDNS."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import NDIlib
import numpy as np
from numpy.typing import NDArray

EVERY_SENDER = ",".join(f"127.0.0.{host}" for host in range(1, 9))
"""All sending processes of a computer share one port; each address asks one of them by chance."""


@dataclass(frozen=True)
class Received:
    """One received frame: BGRX picture, arrival, and NDI's own sending time, in seconds."""

    picture: NDArray[np.uint8] | None
    arrived: float
    timestamp: float
    timecode: int
    rate: tuple[int, int]
    metadata: str


class Receiver:
    """Connects to the source of a given name on this computer."""

    def __init__(self, name: str, patience: float = 10.0) -> None:
        NDIlib.initialize()
        self._finder = NDIlib.find_create_v2(NDIlib.FindCreate(True, None, EVERY_SENDER))
        options = NDIlib.RecvCreateV3()
        options.color_format = NDIlib.RECV_COLOR_FORMAT_BGRX_BGRA
        self._receiver = NDIlib.recv_create_v3(options)
        until = monotonic() + patience
        renew = monotonic() + 2.0
        while monotonic() < until:
            if monotonic() > renew:
                renew += 2.0
                NDIlib.find_destroy(self._finder)
                self._finder = NDIlib.find_create_v2(NDIlib.FindCreate(True, None, EVERY_SENDER))
            NDIlib.find_wait_for_sources(self._finder, 100)
            for source in NDIlib.find_get_current_sources(self._finder):
                if f"({name})" in source.ndi_name:
                    NDIlib.recv_connect(self._receiver, source)
                    return
        self.close()
        raise TimeoutError(f"no NDI source called {name}")

    def frames(self, seconds: float, keep_every: int = 1) -> Iterator[Received]:
        """Yield what arrives for so many seconds; pictures are kept for every n-th frame."""
        until = monotonic() + seconds
        number = 0
        while (now := monotonic()) < until:
            kind, video, _, metadata = NDIlib.recv_capture_v2(self._receiver, 50)
            if kind == NDIlib.FRAME_TYPE_VIDEO:
                keep = number % keep_every == 0
                number += 1
                yield Received(
                    np.copy(video.data) if keep else None,
                    now,
                    video.timestamp / 1e7,
                    video.timecode,
                    (video.frame_rate_N, video.frame_rate_D),
                    video.metadata,
                )
                NDIlib.recv_free_video_v2(self._receiver, video)
            elif kind == NDIlib.FRAME_TYPE_METADATA:
                NDIlib.recv_free_metadata(self._receiver, metadata)

    def pictures(self, seconds: float, keep_every: int = 1) -> list[NDArray[np.uint8]]:
        """Return the kept pictures of so many seconds."""
        return [f.picture for f in self.frames(seconds, keep_every) if f.picture is not None]

    def close(self) -> None:
        NDIlib.recv_destroy(self._receiver)
        NDIlib.find_destroy(self._finder)
