"""What the keepers of both child processes do alike: hear them, and end them."""

import math
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any


def words_of(pipe: Connection, most: float = math.inf) -> list[Any]:
    """Return what a child has said, so many words at once; one that is gone says nothing."""
    words: list[Any] = []
    try:
        while len(words) < most and pipe.poll():
            words.append(pipe.recv())
    except (EOFError, OSError):
        pass  # whoever asks whether it is alive sees that next
    return words


def end(process: SpawnProcess | None, pipe: Connection | None, patience: float) -> None:
    """Close the pipe, which ends a healthy child within its patience, and kill whatever is left."""
    if pipe is not None:
        pipe.close()
    if process is not None:
        process.join(patience)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()
