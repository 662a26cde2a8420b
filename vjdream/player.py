"""Plays a session: its messages, each as soon as the show has come to its time."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from queue import Empty, Queue
from threading import Thread

from vjdream.errors import SessionError
from vjdream.messages import Message

MOST_AHEAD = 4096
"""Messages that are read before their time."""

PATIENCE = 1.0
"""Seconds that a show waits for the first message before it begins."""


class Player:
    """Hands out messages when their time has come.

    Args:
        messages: in the order of time.
        ahead: read them in a thread of its own, because a frame must not wait for a disk; messages
            that a slow disk has not given yet come later. Without it, all come in their time.
        most: messages handed out at once; a flood is spread over frames.
    """

    def __init__(
        self, messages: Iterable[Message], ahead: bool = False, most: int | None = None
    ) -> None:
        self._messages = iter(messages)
        self._most = most
        self._next: Message | None = None
        self._queue: Queue[Message | SessionError | None] | None = None
        self.over = False
        if ahead:
            self._queue = Queue(MOST_AHEAD)
            Thread(target=self._read, name="session", daemon=True).start()
            with suppress(Empty):  # the first ones come in their time
                self._next = self._taken(self._queue.get(timeout=PATIENCE))

    def until(self, now: float) -> Iterator[Message]:
        """Yield what is to happen up to `now`, as messages of now.

        Raises:
            SessionError: once, when the rest cannot be read; the session is over then.
        """
        left = self._most
        while not self.over and left != 0:
            if self._next is None:
                try:
                    self._next = self._take()
                except Empty:
                    return
                continue
            if self._next.time > now:
                return
            message, self._next = self._next, None
            left = None if left is None else left - 1
            yield replace(message, time=now)

    def _take(self) -> Message | None:
        """Return the next message; None ends the session.

        Raises:
            Empty: when it has not been read yet.
        """
        if self._queue is not None:
            return self._taken(self._queue.get_nowait())
        try:
            return self._taken(next(self._messages, None))
        except SessionError as error:
            return self._taken(error)

    def _taken(self, found: Message | SessionError | None) -> Message | None:
        if not isinstance(found, Message):
            self.over = True
        if isinstance(found, SessionError):
            raise found
        return found

    def _read(self) -> None:
        """Read ahead, in a thread of its own."""
        assert self._queue is not None
        end: SessionError | None = SessionError("the session cannot be read any further")
        try:
            for message in self._messages:
                self._queue.put(message)
            end = None
        except SessionError as error:
            end = error
        finally:
            self._queue.put(end)
