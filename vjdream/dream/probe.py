"""What there is of torch on this computer, and how fast it dreams, for `vjdream doctor`.

torch, and whatever else can be missing, is imported inside the functions only: the doctor names
them, and a process of its own runs them, so that a broken torch breaks no more than that process.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vjdream.clock import processor_seconds
from vjdream.parameters import State

if TYPE_CHECKING:
    from vjdream.dream.dreamer import Dreamer
    from vjdream.settings import Settings


@dataclass(frozen=True, slots=True)
class Gpu:
    """A CUDA GPU."""

    name: str
    memory: int  # bytes


@dataclass(frozen=True, slots=True)
class Torch:
    """An installed torch."""

    version: str
    cuda: str = ""  # the version of CUDA that it was built for
    gpus: tuple[Gpu, ...] = ()  # that it can use


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a device climbs."""

    rate: float  # ascent steps per second, with all that belongs to a keyframe
    device: str
    dtype: str
    threads: int


def find_torch() -> Torch:
    """Import torch and look for its devices."""
    import torch

    gpus = []
    if torch.cuda.is_available():
        for number in range(torch.cuda.device_count()):
            properties = torch.cuda.get_device_properties(number)
            gpus.append(Gpu(properties.name, properties.total_memory))
    return Torch(torch.__version__, torch.version.cuda or "", tuple(gpus))


def find_torchvision() -> str:
    """Import torchvision, which fails beside a torch that it was not built for."""
    import torchvision

    return str(torchvision.__version__)


def measure_speed(settings: "Settings", state: State, seconds: float) -> Speed:
    """Load the dreamer that a show with these settings has, and let it paint for so long.

    Raises:
        VJDreamError: when it cannot be loaded.
    """
    from vjdream.dream.dreamer import create_dreamer

    dreamer, ready = create_dreamer(settings)
    _climb(dreamer, state, 0.0)  # builds kernels, or records
    rate = _climb(dreamer, state, seconds)
    return Speed(rate, ready.device, ready.dtype, ready.threads)


def _climb(dreamer: "Dreamer", state: State, seconds: float) -> float:
    """Paint keyframes along the camera's way; return steps per second.

    The last keyframe is given up when the time is over, for a slow network takes seconds for it.
    """
    from vjdream.camera import Rates, Viewpoint
    from vjdream.exchange import Order

    rates = Rates.from_units(state.zoom, state.rotate, state.pan_x, state.pan_y)
    viewpoint, due, steps = Viewpoint(), 0.0, 0
    began = now = processor_seconds()
    while steps == 0 or now < began + seconds:
        order = Order(state, viewpoint, rates, due)
        dreamer.begin(order, due)
        done = 0
        while done == 0 or (done < state.steps and processor_seconds() < began + seconds):
            done = dreamer.advance(order, due, done)
        dreamer.finish(due, done)  # copies the picture, and so waits for a GPU
        steps += done
        viewpoint = viewpoint.moved(rates.over(1 / state.keyframes))
        due += 1 / state.keyframes
        now = processor_seconds()
    return steps / max(now - began, 1e-6)
