"""Entry functions of spawned children that stand in for the dreamer; no torch here."""

import os
from multiprocessing.connection import Connection

import numpy as np

from vjdream.camera import Pose, Viewpoint
from vjdream.errors import WeightsError
from vjdream.exchange import Commission, KeyframeRecord, KeyframeRing, Mailbox, Ready
from vjdream.frames import Keyframe


def _publish(
    commission: Commission, pipe: Connection, sequence: int, level: int, time: float = 0.0
) -> KeyframeRecord:
    ring = KeyframeRing.attach(commission.ring, commission.width, commission.height)
    picture = np.full((commission.height, commission.width, 4), level, np.uint8)
    record = ring.write(Keyframe(picture, Viewpoint(Pose(0.1 * sequence)), sequence, time, 3))
    pipe.send(record)
    ring.close()
    return record


def _until_closed(pipe: Connection) -> None:
    try:
        pipe.recv()
    except (EOFError, OSError):
        pass


def paints_one(commission: Commission, pipe: Connection) -> None:
    """Goes on from the keyframe it was told of, one level brighter, and waits."""
    ring = KeyframeRing.attach(commission.ring, commission.width, commission.height)
    resumed = ring.read(commission.resume)
    level = 0 if resumed is None else int(resumed.picture[0, 0, 0])
    ring.close()
    pipe.send(Ready("cpu", "float32", 1))
    _publish(commission, pipe, commission.resume.sequence + 1, level + 1)
    _until_closed(pipe)


def paints_many(commission: Commission, pipe: Connection) -> None:
    """Paints more keyframes than the ring has slots before anybody looks."""
    pipe.send(Ready("cpu", "float32", 1))
    for sequence in range(1, 9):
        _publish(commission, pipe, sequence, 10 * sequence)
    _until_closed(pipe)


def paints_and_dies(commission: Commission, pipe: Connection) -> None:
    _publish(commission, pipe, commission.resume.sequence + 1, 50)
    os._exit(3)


def dies_at_once(commission: Commission, pipe: Connection) -> None:
    os._exit(7)


def paints_once_then_complains(commission: Commission, pipe: Connection) -> None:
    if commission.resume.sequence == 0:
        paints_and_dies(commission, pipe)
    complains(commission, pipe)


def complains(commission: Commission, pipe: Connection) -> None:
    pipe.send(WeightsError("no network is called that"))
    raise SystemExit(1)


def says_nothing(commission: Commission, pipe: Connection) -> None:
    _until_closed(pipe)


def ignores_its_end(commission: Commission, pipe: Connection) -> None:
    """Hangs with the pipe closed, as a process inside a long computation does."""
    pipe.send(Ready("cpu", "float32", 1))
    while True:
        try:
            os.read(0, 1)
        except OSError:
            pass


def echoes_the_order(commission: Commission, pipe: Connection) -> None:
    """Publishes a keyframe whose level is the number of steps that the stage asked for."""
    mailbox = Mailbox.attach(commission.mailbox)
    order = mailbox.get()
    level = 0 if order is None else order.state.steps
    mailbox.close()
    _publish(commission, pipe, 1, level, 0.0 if order is None else order.time)
    _until_closed(pipe)


def tells_what_its_picture_has_seen(commission: Commission, pipe: Connection) -> None:
    """Publishes a keyframe with the number of resets as its level and that of rewinds as steps."""
    ring = KeyframeRing.attach(commission.ring, commission.width, commission.height)
    picture = np.full((commission.height, commission.width, 4), commission.resets, np.uint8)
    sequence = commission.resume.sequence + 1
    pipe.send(ring.write(Keyframe(picture, Viewpoint(), sequence, 0.0, commission.rewinds)))
    ring.close()
    _until_closed(pipe)
