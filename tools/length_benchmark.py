"""Render sessions of one and of ten minutes and compare memory: `tools/benchmark.py length`."""

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

import psutil

from vjdream.preset_library import files
from vjdream.session_writer import SessionWriter

OPTIONS = ["--size", "192x128", "--canvas", "192x128", "--fps", "4", "--dtype", "float32"]
OPTIONS += ["--set", "steps=1", "--set", "keyframes=4"]
"""A show of few pixels and steps; what might grow is as in any other."""


def session(path: Path, minutes: float) -> int:
    """Write a busy session: faders, classes, presets, a rewind now and then."""
    dice = random.Random(1)
    presets = [name for name in files() if name != "lsd-2015"]
    count = 0
    with SessionWriter(path) as writer:
        for frame in range(round(minutes * 60 * 20)):
            seconds = frame / 20
            writer.write(seconds, "/vjdream/zoom", (dice.uniform(0.9, 1.1),))
            writer.write(seconds, "/vjdream/random/1")
            count += 2
            if frame % 200 == 0:
                writer.write(seconds, "/vjdream/preset/load", (dice.choice(presets), 4.0))
                writer.write(seconds + 0.01, "/vjdream/rewind", (dice.uniform(1, 60),))
                count += 2
    return count


def peak(path: Path, out: Path) -> tuple[float, list[float]]:
    """Render; return the seconds that it took and resident megabytes, looked at every second."""
    command = [sys.executable, "-m", "vjdream", "render", str(path), *OPTIONS, str(out)]
    began, seen = monotonic(), []
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as child:
        process = psutil.Process(child.pid)
        while True:
            try:
                child.wait(1.0)
                break
            except subprocess.TimeoutExpired:
                if (resident := process.memory_info().rss) > 0:  # none when it has just ended
                    seen.append(resident / 1e6)
    assert child.returncode == 0
    # a program that ends takes more for a moment, after a short session as after a long one
    return monotonic() - began, seen[:-1]


def measure(options: argparse.Namespace) -> None:
    """Render sessions of different lengths."""
    highest = []
    for minutes in (1.0, options.minutes):
        with tempfile.TemporaryDirectory() as folder:
            path, out = Path(folder) / "night.osc.txt", Path(folder) / "night.mkv"
            count = session(path, minutes)
            took, seen = peak(path, out)
        highest.append(max(seen))
        print(
            f"{minutes:g} min, {count} messages, rendered in {took:.0f} s: "
            f"at most {max(seen):.0f} MB, {seen[-1]:.0f} MB at the end"
        )
        tenths = [seen[round(tenth * (len(seen) - 1) / 10)] for tenth in range(11)]
        print("  megabytes after each tenth:", *(f"{megabytes:.0f}" for megabytes in tenths))
    print(f"{highest[1] / highest[0] - 1:+.1%}")
