"""Between who says much and who may be slow: of one thing only the newest waits, and few things do.

The link uses it in both directions, and so does every WebSocket: no flood can pile up anywhere.
"""

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

MOST_WAITING = 1024


class Newest(Generic[Thing]):
    """Collects things by key and delivers them in order, soon, together, and never too many.

    Args:
        deliver: is called in the event loop with what has come.
        every: seconds between two deliveries at least; what comes after a pause goes at once.
        at_once: how many things make one delivery; the rest comes with the next.
    """

    def __init__(
        self,
        deliver: Callable[[list[Thing]], None],
        every: float,
        at_once: int = MOST_WAITING,
    ) -> None:
        self._deliver, self._every, self._at_once = deliver, every, at_once
        self._waiting: dict[Hashable, Thing] = {}
        self._count = 0  # gives what must not be replaced a key of its own
        self._timer: asyncio.TimerHandle | None = None
        self._last = float("-inf")
        self.dropped = 0

    def __len__(self) -> int:
        """How many things wait."""
        return len(self._waiting)

    def put(self, key: Hashable | None, thing: Thing) -> None:
        """Let a thing be delivered instead of the one with that key; None: beside all others.

        Where too many wait, the oldest is dropped.
        """
        if key is None:
            self._count += 1
            key = self._count
        self._waiting.pop(key, None)  # the newest goes behind what was said before it
        self._waiting[key] = thing
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
            self.dropped += 1
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(loop.time(), self._last + self._every), self._flush)

    def close(self) -> None:
        """Deliver nothing more."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        self._last, self._timer = loop.time(), None
        keys = list(self._waiting)[: self._at_once]
        things = [self._waiting.pop(key) for key in keys]
        if self._waiting:
            self._timer = loop.call_at(self._last + self._every, self._flush)
        self._deliver(things)
