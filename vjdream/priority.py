"""Who goes first on a busy computer: the stage, then others, the surfaces, and the dreamer last."""

import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Priority:
    """One priority, as Unix and as Windows call it."""

    niceness: int
    windows: int  # a class for SetPriorityClass


FORWARD = Priority(-10, 0x8000)  # ABOVE_NORMAL_PRIORITY_CLASS
BESIDE = Priority(5, 0x4000)
BACK = Priority(10, 0x4000)  # BELOW_NORMAL_PRIORITY_CLASS


def step_thread(priority: Priority) -> None:
    """Give this thread a priority, where threads have one of their own: on Linux."""
    if sys.platform == "linux":
        step(priority)  # the system takes a thread for a process


def step(priority: Priority) -> bool:
    """Give this process a priority; return whether the system allowed it.

    Unix lets only an administrator, or who has been granted it (``nice`` in limits.conf), step
    forward; a show runs without.
    """
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        return bool(kernel.SetPriorityClass(kernel.GetCurrentProcess(), priority.windows))
    try:
        os.setpriority(os.PRIO_PROCESS, 0, priority.niceness)
    except OSError:
        return False
    return True
