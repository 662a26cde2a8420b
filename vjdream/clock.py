"""The only file that reads or waits for time.

Everything else is handed the time as an argument in seconds of show time, so a test or an offline
render runs on a `VirtualClock` without a single sleep.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """What tells a show how late it is."""

    def now(self) -> float:
        """Seconds on this clock."""
        ...

    def wait_until(self, moment: float) -> None:
        """Return as soon as the clock shows `moment`, or at once when it is past."""
        ...


class RealtimeClock:
    """The machine's monotonic clock, which every process of one machine shares."""

    def now(self) -> float:
        return time.monotonic()

    def wait_until(self, moment: float) -> None:
        remaining = moment - time.monotonic()
        while remaining > 0:
            time.sleep(remaining)
            remaining = moment - time.monotonic()


class VirtualClock:
    """A clock that moves only when somebody waits; it makes an offline render exact."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start

    def now(self) -> float:
        return self._now

    def wait_until(self, moment: float) -> None:
        self._now = max(self._now, moment)


def processor_seconds() -> float:
    """Seconds of high resolution for measuring how long a piece of work took."""
    return time.perf_counter()
