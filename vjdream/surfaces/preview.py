"""The preview: pictures of what leaves, made into JPEG only while somebody looks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import cv2

from vjdream.clock import Clock
from vjdream.frames import Picture

PERIOD = 1 / 15
"""Seconds between two pictures at least."""

WANTED = 2.0
"""Seconds that the stage goes on making pictures after the last one was asked for."""

PATIENCE = 2.0
"""Seconds to wait for a first picture."""

QUALITY = 80
AGAIN = 0.01


class Source(Protocol):
    """Where pictures come from: `vjdream.exchange.Preview`."""

    def want(self, until: float) -> None: ...

    def take(self) -> tuple[int, Picture] | None: ...


class Look:
    """Turns pictures into JPEG, each once, however many look."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self._source, self._clock = source, clock
        self._newest: tuple[int, bytes] = (0, b"")
        self._until = float("-inf")  # when pictures cease
        self._stale = 0  # the last one of those that somebody looked at earlier
        self._working = asyncio.Lock()

    async def picture(self, after: int = 0) -> tuple[int, bytes] | None:
        """Return the number of a picture newer than `after`, as JPEG; None when none comes."""
        until = self._clock.now() + PATIENCE
        while (now := self._clock.now()) < until:
            self._want(now)
            async with self._working:
                taken = self._source.take()
                if taken is not None and taken[0] not in (self._stale, self._newest[0]):
                    # OpenCV lets other threads work meanwhile
                    self._newest = taken[0], await asyncio.to_thread(encoded, taken[1])
            if self._newest[0] not in (self._stale, after):
                return self._newest
            await asyncio.sleep(AGAIN)
        return None

    def _want(self, now: float) -> None:
        """Ask for pictures; what is there when nobody has looked for a while is not of now."""
        if now > self._until:
            taken = self._source.take()
            self._stale = taken[0] if taken is not None else self._newest[0]
        self._until = now + WANTED
        self._source.want(self._until)

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield pictures as they come, at most 15 in a second, and b"" while there are none."""
        number = 0
        while True:
            began = self._clock.now()
            found = await self.picture(number)
            if found is not None:
                number, jpeg = found
            yield jpeg if found is not None else b""
            await asyncio.sleep(max(0.0, began + PERIOD - self._clock.now()))


def encoded(picture: Picture) -> bytes:
    """Return a picture as JPEG."""
    _, jpeg = cv2.imencode(".jpg", picture[:, :, :3], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return jpeg.tobytes()
