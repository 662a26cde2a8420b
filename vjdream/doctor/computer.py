"""What the computer has room for: memory, shared memory, folders that can be written."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING

from vjdream.doctor.findings import BROKEN, FINE, HINT, Finding

if TYPE_CHECKING:
    from vjdream.settings import Settings

MEGABYTE, GIGABYTE = 2**20, 2**30

STAGE_AND_DREAMER = 1.2 * GIGABYTE
"""What a show of dreamnet takes, measured: about 0.3 for the stage and 0.8 for the dreamer."""

COMFORTABLE = 3 * GIGABYTE
"""Enough for VGG, too."""


def create_ring(width: int, height: int) -> None:
    """Make the shared memory of a show, and give it back."""
    from vjdream.exchange import KeyframeRing

    KeyframeRing.create(width, height).close(unlink=True)


def shared_memory(
    settings: "Settings", device: Path, create: Callable[[int, int], None] = create_ring
) -> Finding:
    """Make room for keyframes as a show does.

    Args:
        device: where Linux keeps shared memory; who writes more than it holds is killed.
        create: is given the width and height of a keyframe.
    """
    from vjdream.exchange import SLOTS
    from vjdream.frames import published_size

    width, height = published_size(settings.size)
    needed = SLOTS * 4 * width * height
    free = disk_usage(device).free if device.is_dir() else None
    if free is not None and free < needed:
        return Finding(
            "shared memory", BROKEN,
            f"{free / MEGABYTE:.0f} MB are free and keyframes of {settings.size} need "
            f"{needed / MEGABYTE:.0f} - enlarge {device} (docker run --shm-size 256m), or use a "
            "smaller --size",
        )  # fmt: skip
    try:
        create(width, height)
    except OSError as error:
        sentence = f"cannot be created ({error.strerror or error}) - is this a sandbox?"
        return Finding("shared memory", BROKEN, sentence)
    room = "" if free is None else f", {free / MEGABYTE:.0f} are free"
    return Finding("shared memory", FINE, f"keyframes need {needed / MEGABYTE:.0f} MB{room}")


def folder(what: str, path: Path) -> Finding:
    """Write into a folder, or into the one that it will be made in.

    Args:
        what: is written there.
    """
    try:
        there = next(place for place in (path, *path.parents) if place.exists())
        with tempfile.TemporaryFile(dir=there):
            pass
        free = disk_usage(there).free
    except OSError as error:
        sentence = f"{path} cannot be written ({error.strerror}) - let this user write there"
        return Finding(what, BROKEN, sentence)
    if free < GIGABYTE:
        sentence = f"{free / MEGABYTE:.0f} MB are left for {path} - make room"
        return Finding(what, HINT, sentence)
    return Finding(what, FINE, f"{path} can be written")


def memory(free: int | None) -> Iterator[Finding]:
    """Compare free memory, in bytes, with what a show takes; None: it is not known."""
    if free is None:
        return
    shown = f"{free / GIGABYTE:.1f} GB are free"
    if free < STAGE_AND_DREAMER:
        needed = f"{STAGE_AND_DREAMER / GIGABYTE:.1f}"
        yield Finding("memory", BROKEN, f"{shown}, a show takes {needed} - end other programs")
    elif free < COMFORTABLE:
        sentence = f"{shown}, enough for dreamnet - end other programs for a VGG network"
        yield Finding("memory", HINT, sentence)
    else:
        yield Finding("memory", FINE, shown)


def free_memory() -> int | None:
    """Bytes that programs may still take; None where the system does not say it simply."""
    if sys.platform == "win32":
        import ctypes

        status = (ctypes.c_uint64 * 8)()  # a MEMORYSTATUSEX; its third number is ullAvailPhys
        status[0] = ctypes.sizeof(status)
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status[2])
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("MemAvailable"))
    return 1024 * int(kilobytes)
