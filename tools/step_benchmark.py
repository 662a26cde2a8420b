"""How fast a device climbs: the part of the benchmark that needs no show.

Steps are taken one by one and, on a GPU, recorded; beside them the device's own matrix products are
timed, so that the share of its speed can be told.
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

from vjdream import presets
from vjdream.camera import Rates, Viewpoint
from vjdream.dream import imagenet
from vjdream.dream.canvas import Canvas
from vjdream.dream.dreamer import Dreamer
from vjdream.dream.networks import TorchNetwork, load_network, place
from vjdream.dream.prior import PatchPrior
from vjdream.exchange import Order
from vjdream.opening import first_state
from vjdream.parameters import State
from vjdream.preset_library import find
from vjdream.settings import Settings, parse_size
from vjdream.vocabulary import load_descriptor


def random_network(name: str) -> TorchNetwork:
    """An ImageNet network that has learnt nothing: as fast as one that has."""
    torch.manual_seed(0)
    body = torchvision.models.get_model(name, weights=None, **imagenet.OPTIONS[name])
    for module in body.modules():
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear):
            torch.nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    module = imagenet.build(name, body.state_dict(), Path("random"))
    return TorchNetwork(module, load_descriptor(name).vocabulary)


def measure(options: argparse.Namespace) -> None:
    """Ascent steps per second, one by one and recorded, beside the device's matrix products."""
    size, device = parse_size(options.canvas), torch.device(options.device)
    settings = Settings(network=options.network, weights=options.weights, dtype=options.dtype)
    on_gpu = device.type == "cuda"
    torch.backends.cudnn.benchmark = on_gpu
    if options.weights == "random":
        network = place(random_network(options.network), settings, device)
    else:
        network = place(load_network(settings), settings, device)
    state = first_state(load_descriptor(options.network))
    if options.preset:
        preset = presets.load(find(options.preset), network.vocabulary)
        state = preset.applied_to(state)
    else:  # every pixel of the canvas in every step
        plain = State(spread=1.0, scale=0.25, jitter=0.0, sway=0.0, steps=10)
        names = ("spread", "scale", "jitter", "sway", "steps")
        state = replace(state, **{name: getattr(plain, name) for name in names})

    def settle() -> None:
        if on_gpu:
            torch.cuda.synchronize()

    def seconds(work: Callable[[], object], times: int) -> float:
        settle()
        begun = perf_counter()
        for _ in range(times):
            work()
        settle()
        return (perf_counter() - begun) / times

    side = 8192 if on_gpu else 2048
    factor = torch.randn(side, side, device=device, dtype=network.dtype)
    product = factor @ factor
    matmul = 2 * side**3 / min(seconds(lambda: torch.mm(factor, factor, out=product), 5)
                               for _ in range(3))  # fmt: skip
    picture = torch.rand(1, 3, size.height, size.width, device=device, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        torch.autograd.grad(network.logits(picture).float().mean(), picture)
    work = counter.get_total_flops()
    print(
        f"{options.network} at {options.canvas} on {options.device} in {network.dtype}: "
        f"{work / 1e12:.3f} TFLOP for each step's network; "
        f"matrix products {matmul / 1e12:.1f} TFLOP/s"
    )
    rates: dict[str, list[float]] = {}
    makers = {}
    for name in ("one by one", "recorded") if on_gpu else ("one by one",):
        canvas, prior = Canvas(size, size, device), PatchPrior.load(device=device)
        makers[name] = Dreamer(network, prior, canvas, recording=name == "recorded")
    order = Order(state, Viewpoint(), Rates(), 0.0)
    for _ in range(3):
        for name, maker in makers.items():
            maker.paint(order, 0.0)  # chooses kernels, or records
            per_keyframe = seconds(partial(climb, maker, order), options.keyframes)
            rates.setdefault(name, []).append(state.steps / per_keyframe)
    for name, measured in rates.items():
        best = statistics.median(measured)
        print(
            f"{name}: {best:.1f} steps/s ({', '.join(f'{rate:.1f}' for rate in measured)}), "
            f"{best * work / matmul:.0%} of the matrix products' rate"
        )


def climb(maker: Dreamer, order: Order) -> None:
    """The steps of one keyframe, without handing a picture over."""
    done = 0
    while done < order.state.steps:
        done = maker.advance(order, 0.0, done)
