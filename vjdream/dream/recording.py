"""Recording the steps of a keyframe once and playing them back: CUDA graphs.

A step is some two hundred small kernels, and starting them takes Python longer than a large GPU
needs to run them. A recording starts all steps of a keyframe at once; what differs between
keyframes, it reads from tensors that are filled before it is played. Whatever cannot be recorded is
carried out step by step, with the same result within rounding.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from vjdream.dream.ascent import Ascent
from vjdream.dream.canvas import Canvas
from vjdream.dream.step import Step

log = logging.getLogger("vjdream.dream")

MOST = 8
"""Recordings kept."""

WARM_UPS = 3
"""Times that a recording's steps are run first: libraries choose their kernels then."""

Record = Callable[[Callable[[], None]], Callable[[], None]]
"""Records what a function does on the device; returns what plays it."""


@lru_cache(maxsize=1)
def _shared_memory() -> Any:
    """Memory for the activations of all recordings.

    They may share it, because only one is played at a time and none reads what another has left.
    """
    return torch.cuda.graph_pool_handle()


def record_on_gpu(work: Callable[[], None]) -> Callable[[], None]:
    """Record as a CUDA graph."""
    beside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(WARM_UPS):
            work()
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, pool=_shared_memory()):
        work()
    return graph.replay


class Recorder:
    """Carries out all steps of a keyframe in one piece, where that is possible."""

    def __init__(self, ascent: Ascent, canvas: Canvas, record: Record = record_on_gpu) -> None:
        self._ascent, self._canvas, self._record = ascent, canvas, record
        self._takes: OrderedDict[tuple[object, ...], _Take] = OrderedDict()
        self._broken = False

    def play(self, steps: Sequence[Step]) -> bool:
        """Carry the steps out; return whether it was possible. If not, nothing has changed."""
        if self._broken:
            return False
        kind = tuple(step.kind for step in steps)
        if kind not in self._takes:
            before = self._canvas.painted()
            try:
                take = _Take(self._ascent, self._canvas, steps, self._record)
            except RuntimeError as error:
                self._broken = True
                reason = str(error).partition("\n")[0]
                log.warning("the steps cannot be recorded, they are taken one by one: %s", reason)
                return False
            finally:
                self._canvas.repaint(before)
            self._takes[kind] = take
            if len(self._takes) > MOST:
                self._takes.popitem(last=False)
        self._takes.move_to_end(kind)
        self._takes[kind].play(self._canvas, steps)
        return True


class _Take:
    """One recording, and the memory that it reads and writes."""

    def __init__(
        self, ascent: Ascent, canvas: Canvas, steps: Sequence[Step], record: Record
    ) -> None:
        self._steps = [Step(step.fixed, step.values.copied()) for step in steps]
        picture, moment, square = canvas.painted()
        self._painted = picture.clone(), moment.clone(), square.clone()

        def work() -> None:
            canvas.repaint(self._painted)
            for step in self._steps:
                ascent.take(step)
            _fill(self._painted, canvas.painted())

        self._replay = record(work)
        self._ascent, self._seen = ascent, ascent.seen

    def play(self, canvas: Canvas, steps: Sequence[Step]) -> None:
        for mine, new in zip(self._steps, steps, strict=True):
            _fill(mine.values.tensors(), new.values.tensors())
        _fill(self._painted, canvas.painted())
        self._replay()
        canvas.repaint(self._painted)
        self._ascent.seen = self._seen  # the recording has filled it anew


def _fill(targets: Sequence[Tensor], sources: Sequence[Tensor]) -> None:
    for target, source in zip(targets, sources, strict=True):
        if target is not source:
            target.copy_(source)
