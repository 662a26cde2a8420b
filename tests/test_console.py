"""The terminal: what it shows, and that a terminal which is held holds nobody up."""

import logging
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from vjdream.console import MOST_WAITING, Console, Printer, status_line


def health(**values: Any) -> Any:
    usual = {
        "time": 3725.0, "subject": "eye / galaxy", "fps": 59.97, "alive": True, "keyframes": 3.98,
        "steps": 5.0, "connections": 2, "late": 1, "received": 10, "rejected": 3, "lost": 0,
        "restarts": 0, "recording": False,
    }  # fmt: skip
    return SimpleNamespace(**{**usual, **values})


def test_the_status_says_in_one_line_how_the_show_is() -> None:
    assert status_line(health()) == (
        "1:02:05 eye / galaxy | 60.0 fps | dreaming 4.0 keyframes/s x 5 steps | 2 receivers | "
        "late 1 | OSC 10 in, 3 rejected"
    )


def test_the_status_tells_of_packets_that_were_lost() -> None:
    assert "OSC 10 in, 3 rejected, 7 lost" in status_line(health(lost=7))


def test_the_status_tells_of_a_recording() -> None:
    assert " | recording | late 1 | " in status_line(health(recording=True))


def test_the_status_tells_of_restarts() -> None:
    line = status_line(health(restarts=2, alive=False))
    assert line.endswith("2 restarts")
    assert "dreamer starts" in line


def test_lines_come_in_the_order_in_which_they_were_said() -> None:
    printer, seen = Printer(), list[int]()
    for number in range(100):
        printer.do(lambda number=number: seen.append(number))
    printer.close()
    assert seen == list(range(100))


def test_a_held_terminal_holds_nobody_up_and_keeps_a_bounded_number_of_lines() -> None:
    printer, seen = Printer(), list[int]()
    started, released = threading.Event(), threading.Event()

    def blocked() -> None:
        started.set()
        released.wait(20)

    printer.do(blocked)
    started.wait(20)
    for number in range(10 * MOST_WAITING):
        printer.do(lambda number=number: seen.append(number))
    assert seen == []
    released.set()
    printer.close()
    assert seen == list(range(MOST_WAITING))


def test_a_terminal_that_is_gone_ends_nothing() -> None:
    printer, seen = Printer(), list[str]()

    def gone() -> None:
        raise BrokenPipeError

    printer.do(gone)
    printer.do(lambda: seen.append("after"))
    printer.close()
    assert seen == ["after"]


def test_log_lines_and_status_reach_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with Console() as console:
        logging.getLogger("vjdream").warning("a camera was lost")
        console.watch(health())
        console.watch(health(time=3726.0))
    lines = capfd.readouterr().err.splitlines()
    assert lines[0].endswith(" a camera was lost")
    assert lines[1].startswith("1:02:05 eye / galaxy")
    assert len(lines) == 2
