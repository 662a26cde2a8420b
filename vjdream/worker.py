"""A thread that does, one after the other, what nobody may wait for: whatever asks a disk."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import Queue
from threading import Thread
from typing import Any, TypeVar

from vjdream.errors import SessionError, VJDreamError
from vjdream.priority import BACK, step_thread

Result = TypeVar("Result")
Job = tuple[Future[Any], Callable[[], Any]]

PATIENCE = 10.0
"""Seconds that the end of a show waits for a disk."""


class Worker:
    """Does jobs in their order, after the stage; a disk that hangs for ever ends no program."""

    def __init__(self, name: str) -> None:
        self._jobs: Queue[Job | None] = Queue()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], Result]) -> Future[Result]:
        """Let a job be done; its future has the result, or a `VJDreamError`."""
        future: Future[Result] = Future()
        self._jobs.put((future, job))
        return future

    def close(self) -> bool:
        """Wait a little for what is left; return whether all of it is done."""
        self._jobs.put(None)
        self._thread.join(PATIENCE)
        return not self._thread.is_alive()

    def _work(self) -> None:
        step_thread(BACK)
        while (entry := self._jobs.get()) is not None:
            future, job = entry
            try:
                future.set_result(job())
            except VJDreamError as error:
                future.set_exception(error)
            except Exception as error:  # whatever a disk or a file system comes up with
                future.set_exception(SessionError(f"{type(error).__name__}: {error}"))
