"""The output that keeps frames in memory."""

import numpy as np

from vjdream.frames import Frame, Picture
from vjdream.outputs.memory import KEPT, MemoryOutput


def picture(level: int) -> Picture:
    return np.full((4, 6, 4), level, np.uint8)


def test_it_keeps_the_newest_frames_and_counts_all() -> None:
    output = MemoryOutput()
    for number in range(10):
        output.send(Frame(picture(number), number, number / 60), 0.0)
    assert [frame.number for frame in output.frames] == list(range(10 - KEPT, 10))
    assert output.sent == 10


def test_it_keeps_copies() -> None:
    output, buffer = MemoryOutput(), picture(7)
    output.send(Frame(buffer, 0, 0.0, "<vjdream/>"), 0.0)
    buffer[:] = 99
    assert output.frames[0].picture.max() == 7
    assert output.frames[0].metadata == "<vjdream/>"


def test_nobody_watches_it_and_it_says_so() -> None:
    output = MemoryOutput()
    assert output.connections() == 0
    assert output.late == 0
    assert "memory" in output.describe()
    output.close()
