"""A set of drawings on disk: drawn once by a few processes, then read back."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from . import CLASSES, drawing

SIDE = 112  # pixels of what networks learn from

Pictures = npt.NDArray[np.uint8]  # (count, side, side, 3)


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        refresh_per_second=0.2,
    )


def draw_chunk(job: tuple[int, int, int, int]) -> tuple[int, Pictures]:
    """Pictures start..stop of the whole set, as uint8; classes alternate."""
    start, stop, seed, side = job
    kinds = len(CLASSES)
    pictures = [drawing(n % kinds, n // kinds, seed, side) for n in range(start, stop)]
    return start, (np.stack(pictures) * 255 + 0.5).astype(np.uint8)


def drawn_pictures(cache: Path, count: int, seed: int, workers: int, side: int = SIDE) -> Pictures:
    """The set of `count` pictures (count, side, side, 3); drawn once, then read from the cache."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"drawings-{len(CLASSES)}x{count // len(CLASSES)}-{side}px-seed{seed}.npy"
    if not path.exists():
        pictures = np.empty((count, side, side, 3), dtype=np.uint8)
        jobs = [(n, min(n + 64, count), seed, side) for n in range(0, count, 64)]
        with multiprocessing.get_context("spawn").Pool(workers) as pool, progress_bar() as bar:
            task = bar.add_task("drawing", total=count)
            for start, chunk in pool.imap_unordered(draw_chunk, jobs):
                pictures[start : start + len(chunk)] = chunk
                bar.advance(task, len(chunk))
        partial = path.with_suffix(".part.npy")
        np.save(partial, pictures)
        partial.rename(path)
    return np.load(path, mmap_mode="r")
