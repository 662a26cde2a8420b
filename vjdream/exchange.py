"""What the stage and the dreamer hand each other, in shared memory that the stage owns.

`Mailbox` carries the newest order from the stage to the dreamer: latest wins, nobody waits.
`KeyframeRing` carries pictures the other way. Both are written without locks; a reader takes a
copy and checks that nothing moved meanwhile, so a writer killed halfway does no harm.
"""

import pickle
import struct
import zlib
from dataclasses import dataclass, replace
from multiprocessing.shared_memory import SharedMemory
from typing import Any, Self

import cv2
import numpy as np

from vjdream.camera import Rates, Viewpoint
from vjdream.frames import Keyframe, Picture, Seen
from vjdream.parameters import State
from vjdream.settings import Settings

SLOTS = 3


Mix = tuple[tuple[str, float], ...]
"""What one region dreams of: classes and their shares, which sum to 1."""

Mixes = tuple[Mix, Mix, Mix, Mix]


def alone(state: State) -> Mixes:
    """Every region dreams of its own class and nothing else."""
    first, second, third, fourth = state.classes
    return ((first, 1.0),), ((second, 1.0),), ((third, 1.0),), ((fourth, 1.0),)


@dataclass(frozen=True, slots=True)
class Rewind:
    """How often the dream was to return to an earlier picture, and how far the last time."""

    times: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Order:
    """What the stage wants dreamt: the parameters now, and where the camera is and goes."""

    state: State
    viewpoint: Viewpoint
    rates: Rates
    time: float  # show time in seconds of this order
    mixes: Mixes | None = None  # None: the state's classes alone
    resets: int = 0  # how often the canvas was to begin anew
    rewind: Rewind = Rewind()

    def expected(self, moment: float) -> Viewpoint:
        """Where the camera will be at `moment` of show time.

        Always in the order's own chart: only the stage's camera opens new ones.
        """
        move = self.rates.over(max(0.0, moment - self.time))
        return replace(self.viewpoint, pose=self.viewpoint.pose.compose(move))


@dataclass(frozen=True, slots=True)
class KeyframeRecord:
    """The small note that goes over the pipe when a slot has been filled."""

    sequence: int
    viewpoint: Viewpoint
    time: float
    steps: int
    lateness: float
    seen: Seen = ()


@dataclass(frozen=True, slots=True)
class Commission:
    """What a dreamer process is told when it starts."""

    settings: Settings
    ring: str  # names of the shared memory
    mailbox: str
    width: int  # of published keyframes
    height: int
    resume: KeyframeRecord
    epoch: float  # of show time, on the machine's monotonic clock
    resets: int = 0  # that the picture to go on from has seen
    rewinds: int = 0  # likewise


@dataclass(frozen=True, slots=True)
class SurfacesCommission:
    """What the surfaces process is told when it starts."""

    settings: Settings
    osc_port: int  # of the stage
    preview: str  # name of the shared memory, "" for none


@dataclass(frozen=True, slots=True)
class Ready:
    """The dreamer's word that its network is loaded."""

    device: str
    dtype: str
    threads: int


class Mailbox:
    """One pickled value, newest wins, readable from another process at any moment."""

    CAPACITY = 16384
    _HEADER = struct.Struct("<II")  # length, CRC-32

    def __init__(self, memory: SharedMemory) -> None:
        self._memory = memory
        self._bytes = np.ndarray((memory.size,), np.uint8, memory.buf)

    @classmethod
    def create(cls) -> Self:
        memory = SharedMemory(create=True, size=cls._HEADER.size + cls.CAPACITY)
        return cls(memory)

    @classmethod
    def attach(cls, name: str) -> Self:
        return cls(SharedMemory(name=name))

    @property
    def name(self) -> str:
        return self._memory.name

    def put(self, order: Order) -> None:
        content = pickle.dumps(order, protocol=pickle.HIGHEST_PROTOCOL)
        start = self._HEADER.size
        header = self._HEADER.pack(len(content), zlib.crc32(content))
        self._bytes[start : start + len(content)] = np.frombuffer(content, np.uint8)
        self._bytes[:start] = np.frombuffer(header, np.uint8)

    def get(self) -> Order | None:
        """Return the newest value, or None when it is being written right now."""
        start = self._HEADER.size
        length, checksum = self._HEADER.unpack(self._bytes[:start].tobytes())
        content = self._bytes[start : start + length].tobytes()
        if length == 0 or zlib.crc32(content) != checksum:
            return None
        order: Any = pickle.loads(content)  # noqa: S301 - written by our own parent process
        assert isinstance(order, Order)
        return order

    def close(self, unlink: bool = False) -> None:
        del self._bytes  # it exports the buffer
        self._memory.close()
        if unlink:
            self._memory.unlink()


class Preview:
    """A small picture of what leaves, for whoever looks; written only while somebody does."""

    HEIGHT, WIDTH = 270, 480
    _HEADER = struct.Struct("<qd")  # sequence (odd while written), until when somebody looks

    def __init__(self, memory: SharedMemory) -> None:
        self._memory = memory
        size = self._HEADER.size
        self._sequence = np.ndarray((1,), np.int64, memory.buf)
        self._until = np.ndarray((1,), np.float64, memory.buf, offset=8)
        self._picture = np.ndarray((self.HEIGHT, self.WIDTH, 4), np.uint8, memory.buf, offset=size)

    @classmethod
    def create(cls) -> Self:
        size = cls._HEADER.size + cls.HEIGHT * cls.WIDTH * 4
        preview = cls(SharedMemory(create=True, size=size))
        preview._sequence[0], preview._until[0] = 0, 0.0
        return preview

    @classmethod
    def attach(cls, name: str) -> Self:
        return cls(SharedMemory(name=name))

    @property
    def name(self) -> str:
        return self._memory.name

    def want(self, until: float) -> None:
        """Ask for pictures until a moment of the machine's monotonic clock, in seconds."""
        self._until[0] = max(float(self._until[0]), until)

    def wanted(self, now: float) -> bool:
        """Whether somebody looks; `now` is of the same clock."""
        return now < float(self._until[0])

    def put(self, picture: Picture) -> None:
        """Show a picture of any size and shape; it is fitted in, with black beside it."""
        height, width = picture.shape[:2]
        scale = min(self.WIDTH / width, self.HEIGHT / height)
        columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
        top, left = (self.HEIGHT - rows) // 2, (self.WIDTH - columns) // 2
        self._sequence[0] += 1
        if rows < self.HEIGHT or columns < self.WIDTH:
            self._picture[:] = (0, 0, 0, 255)
        inside = self._picture[top : top + rows, left : left + columns]
        inside[:] = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
        self._sequence[0] += 1

    def take(self) -> tuple[int, Picture] | None:
        """Return the number of the newest picture and a copy; None while it is being written."""
        sequence = int(self._sequence[0])
        if sequence == 0 or sequence % 2:
            return None
        picture: Picture = self._picture.copy()
        return (sequence, picture) if int(self._sequence[0]) == sequence else None

    def close(self, unlink: bool = False) -> None:
        del self._sequence, self._until, self._picture  # they export the buffer
        self._memory.close()
        if unlink:
            self._memory.unlink()


class KeyframeRing:
    """A few picture slots; keyframe n lies in slot n modulo their number."""

    def __init__(self, memory: SharedMemory, width: int, height: int) -> None:
        self._memory = memory
        self.width, self.height = width, height
        header = SLOTS * 8
        self._sequences = np.ndarray((SLOTS,), np.int64, memory.buf)
        self._slots = np.ndarray((SLOTS, height, width, 4), np.uint8, memory.buf, offset=header)

    @classmethod
    def create(cls, width: int, height: int) -> Self:
        memory = SharedMemory(create=True, size=SLOTS * (8 + width * height * 4))
        ring = cls(memory, width, height)
        ring._sequences[:] = -1
        return ring

    @classmethod
    def attach(cls, name: str, width: int, height: int) -> Self:
        return cls(SharedMemory(name=name), width, height)

    @property
    def name(self) -> str:
        return self._memory.name

    def write(self, keyframe: Keyframe) -> KeyframeRecord:
        """Fill the keyframe's slot and return the record to announce it with."""
        slot = keyframe.sequence % SLOTS
        self._sequences[slot] = -1
        self._slots[slot] = keyframe.picture
        self._sequences[slot] = keyframe.sequence
        return KeyframeRecord(
            keyframe.sequence,
            keyframe.viewpoint,
            keyframe.time,
            keyframe.steps,
            keyframe.lateness,
            keyframe.seen,
        )

    def read(self, record: KeyframeRecord) -> Keyframe | None:
        """Copy an announced keyframe, or return None when it was overwritten meanwhile."""
        slot = record.sequence % SLOTS
        if self._sequences[slot] != record.sequence:
            return None
        picture: Picture = self._slots[slot].copy()
        if self._sequences[slot] != record.sequence:
            return None
        return Keyframe(
            picture,
            record.viewpoint,
            record.sequence,
            record.time,
            record.steps,
            record.lateness,
            record.seen,
        )

    def close(self, unlink: bool = False) -> None:
        del self._sequences, self._slots  # they export the buffer
        self._memory.close()
        if unlink:
            self._memory.unlink()
