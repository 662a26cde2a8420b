"""An output that keeps the last frames in memory, for tests and for running without NDI."""

from collections import deque

from vjdream.frames import Frame

KEPT = 4


class MemoryOutput:
    """Keeps copies of the newest frames."""

    def __init__(self, kept: int = KEPT) -> None:
        self.frames: deque[Frame] = deque(maxlen=kept)
        self.sent = 0
        self.late = 0

    def send(self, frame: Frame, deadline: float) -> None:
        self.frames.append(Frame(frame.picture.copy(), frame.number, frame.time, frame.metadata))
        self.sent += 1

    def connections(self) -> int:
        return 0

    def describe(self) -> str:
        return "memory only (no receiver can see it)"

    def close(self) -> None:
        pass
