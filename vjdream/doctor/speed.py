"""Whether this computer is fast enough: frames on the stage, and torch in the dreamer."""

import math
import os
import signal
import statistics
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from vjdream.clock import processor_seconds
from vjdream.doctor.findings import BROKEN, FINE, HINT, Finding, each
from vjdream.doctor.programs import package
from vjdream.parameters import State

if TYPE_CHECKING:
    from vjdream.dream.probe import Speed, Torch
    from vjdream.settings import Settings

FRAMES = 24

BUSY = 0.6
"""The part of a frame's time that composing may take; the rest is for OSC, NDI and others."""

GRADED = (("grade/saturation", 0.9), ("grade/contrast", 1.1))
"""A neutral grade would cost nothing."""

GIGABYTE = 2**30


def frame_seconds(settings: "Settings") -> float:
    """Measure how long a frame takes to compose and grade while two keyframes fade."""
    import numpy as np

    from vjdream.opening import begin
    from vjdream.performance import Performance
    from vjdream.settings import Settings

    plain = Settings(size=settings.size, fps=settings.fps, values=GRADED)
    opening = begin(plain)
    performance = Performance(plain, opening)
    first = opening.keyframe
    performance.add(replace(first, picture=first.picture[:, ::-1].copy(), sequence=1))
    out = np.zeros((settings.size.height, settings.size.width, 4), np.uint8)
    took = []
    for number in range(1, FRAMES + 1):
        performance.advance(number / (FRAMES + 1) / opening.state.keyframes)
        began = processor_seconds()
        performance.frame(number, out)
        took.append(processor_seconds() - began)
    return statistics.median(took)


def picture(seconds: float, settings: "Settings") -> Finding:
    """Compare the time that a frame takes with the time that there is."""
    there = float(1 / settings.fps)
    sentence = f"a frame of {settings.size} takes {1000 * seconds:.1f} of {1000 * there:.1f} ms"
    if seconds <= BUSY * there:
        return Finding("picture", FINE, sentence)
    return Finding("picture", HINT, f"{sentence} - use a lower --fps or a smaller --size")


def dreaming(settings: "Settings | None", root: Path, seconds: float) -> Iterator[Finding]:
    """Examine torch in a process of its own, as the dreamer has one.

    Args:
        settings: of the show; without them nothing is dreamt.
        root: of the file system.
        seconds: to dream.
    """
    from vjdream.dream import probe

    # Ctrl-C reaches both processes; this one ends the other
    start = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(1, get_context("spawn"), signal.signal, start) as process:
        found: list[Torch] = []

        def torch() -> str:
            found.append(process.submit(probe.find_torch).result())
            return found[0].version

        def torchvision() -> str:
            return process.submit(probe.find_torchvision).result()

        def measured() -> Iterator[Finding]:
            from vjdream.opening import begin

            if settings is None:
                return
            state = begin(settings).state
            result = process.submit(probe.measure_speed, settings, state, seconds).result()
            yield speed(result, state, settings)

        yield from package("torch", torch)
        if found:
            driver = (root / "proc/driver/nvidia/version").exists()
            wanted = "cpu" if settings is None else settings.device
            yield device(found[0], wanted, os.cpu_count() or 1, driver)
            # without torchvision dreamnet still plays
            yield from each([
                ("torchvision", lambda: package("torchvision", torchvision, HINT)),
                ("speed", measured),
            ])  # fmt: skip


def device(torch: "Torch", wanted: str, processors: int, driver: bool) -> Finding:
    """Say what it will dream on.

    Args:
        wanted: the device of the settings.
        processors: cores of this computer.
        driver: whether there is one for NVIDIA's GPUs.
    """
    gpus = ", ".join(
        f"cuda:{number} {gpu.name} ({gpu.memory / GIGABYTE:.0f} GB)"
        for number, gpu in enumerate(torch.gpus)
    )
    if wanted != "cpu":
        number = int(wanted.partition(":")[2] or 0)
        if number < len(torch.gpus):
            return Finding("device", FINE, gpus)
        sentence = f"--device {wanted} is not there (found: {gpus or 'no CUDA GPU'}) - use cpu"
        return Finding("device", BROKEN, sentence)
    if gpus:
        return Finding("device", HINT, f"{gpus} is not used - add --device cuda")
    if driver:
        why = f"is built for CUDA {torch.cuda}" if torch.cuda else "is built without CUDA"
        return Finding(
            "device", HINT,
            f"torch {torch.version} {why} and finds no GPU, though an NVIDIA driver is here - "
            "install the torch for that driver from pytorch.org, then add --device cuda",
        )  # fmt: skip
    if processors < 2:
        sentence = "one processor core for stage and dreamer - use --fps 30 and a smaller --canvas"
        return Finding("device", HINT, sentence)
    sentence = f"{processors} processor cores, no CUDA GPU (Apple's GPU is not used)"
    return Finding("device", FINE, sentence)


def speed(measured: "Speed", state: State, settings: "Settings") -> Finding:
    """Compare the speed with what the state asks for."""
    from vjdream.settings import SHORT_SIDE

    asked, canvas = state.keyframes * state.steps, settings.canvas_size
    sentence = (
        f"{measured.rate:.1f} steps/s on {measured.device} in {measured.dtype} with canvas "
        f"{canvas}, {state.keyframes:g} keyframes/s x {state.steps} steps ask for {asked:g}"
    )
    if measured.rate >= asked:
        return Finding("speed", FINE, sentence)
    shrink = math.sqrt(measured.rate / asked)  # the work goes with the canvas's pixels
    shrink = min(1.0, max(shrink, SHORT_SIDE / min(canvas.width, canvas.height)))
    smaller = "x".join(
        str(max(SHORT_SIDE, 2 * int(pixels * shrink / 2)))
        for pixels in (canvas.width, canvas.height)
    )
    steps = max(1, int(measured.rate / state.keyframes))
    return Finding(
        "speed", HINT,
        f"{sentence}, so the picture changes every {state.steps / measured.rate:.2g} s - lower it "
        f"to --canvas {smaller} or --set steps={steps}",
    )  # fmt: skip
