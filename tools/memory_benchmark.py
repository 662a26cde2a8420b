"""Watch a show's memory, open files and threads while it is played: `tools/benchmark.py memory`."""

import argparse
import random
from time import monotonic, sleep

import psutil
from running_show import RunningShow, shared_memory

from vjdream.preset_library import files

EVERY = 20.0
"""Seconds between looks, and between presets."""

EARLY = 1 / 6
"""Of the whole time: what memory is compared with at the end."""


def look(show: RunningShow) -> dict[str, float]:
    """Resident megabytes, open files and threads of stage and dreamer, and shared memory."""
    stage, dreamer = psutil.Process(show.process.pid), show.dreamer()
    values: dict[str, float] = {"shared memory segments": len(shared_memory())}
    for name, process in (("stage", stage), ("dreamer", dreamer)):
        values[f"{name} MB"] = process.memory_info().rss / 1e6
        values[f"{name} files"] = process.num_fds() if hasattr(process, "num_fds") else 0
        values[f"{name} threads"] = process.num_threads()
    return values


def measure(options: argparse.Namespace) -> None:
    """Play a show for many minutes and compare the end with the beginning."""
    seconds, dice = options.minutes * 60, random.Random(1)
    presets = [name for name in files() if name != "lsd-2015"]
    with RunningShow() as show:
        show.wait_until_dreaming()
        began, early = monotonic(), None
        while (passed := monotonic() - began) < seconds:
            show.client.send("/vjdream/preset/load", dice.choice(presets), dice.choice([0.0, 4.0]))
            for _ in range(10):
                sleep(EVERY / 10)
                show.client.send("/vjdream/norm/zoom", dice.random())
                show.client.send("/vjdream/random/1", 1)
                show.client.send("/vjdream/blackot", 1)
            show.client.forget()
            now = look(show)
            if early is None and passed >= seconds * EARLY:
                early = now
            print(f"{passed / 60:4.1f} min", *(f"{k} {v:g}" for k, v in now.items()), sep=" | ")
        end = look(show)
        assert early is not None
        for name, value in early.items():
            print(f"{name}: {value:.1f} early, {end[name]:.1f} at the end")
            if name.endswith("MB"):
                print(f"    {end[name] / value - 1:+.1%}")
