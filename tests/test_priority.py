"""Priorities, tried in processes of their own."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes instead")


def tried(*names: str) -> list[int]:
    """The niceness of a process after each step."""
    steps = "; ".join(f"step({name}); print(os.getpriority(os.PRIO_PROCESS, 0))" for name in names)
    code = f"import os; from vjdream.priority import BACK, FORWARD, step; {steps}"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return [int(line) for line in result.stdout.split()]


def test_who_steps_back_is_nicer_than_others() -> None:
    assert tried("BACK") == [10]


def test_stepping_forward_harms_nobody_who_may_not() -> None:
    here = os.getpriority(os.PRIO_PROCESS, 0)
    (there,) = tried("FORWARD")
    assert there in (here, -10)


def test_who_was_started_by_one_in_front_steps_back_all_the_way() -> None:
    assert tried("FORWARD", "BACK")[-1] == 10
