"""Train the judge: a network that tells what dreams show, on drawings that dreamnet has not seen.

    python tools/train_judge.py --cache CACHE

It is another shape (see `judge.py`), has another seed and learns from other drawings of the same
classes, changed in more ways than dreamnet's: besides `random_views` they are blurred,
grained, and given other contrast, light hues and saturation, and parts are covered. A small attack
(one step of L2) makes it look at what people see, too: a judge that can be fooled by noise judges
the noise.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from drawings import CLASSES
from drawings.collection import Pictures, drawn_pictures, progress_bar
from judge import JUDGE, SIDES, Judge, JudgeNet, Shape
from torch import Tensor, nn

from vjdream.dream.training.trainer import SIDE
from vjdream.dream.training.views import attacked, random_views

DRAWING_SEED = 71
"""Dreamnet learns from the drawings of seed 1 and is measured with those of 1001."""

RED, GREEN, BLUE = 0.299, 0.587, 0.114
"""Shares of luma (ITU-R BT.601)."""


def changed(views: Tensor, generator: torch.Generator) -> Tensor:
    """Views (n, 3, s, s) in 0..1, each blurred, regraded, grained or partly covered a little."""
    n, _, side, _ = views.shape

    def uniform(low: float, high: float) -> Tensor:
        return (low + (high - low) * torch.rand(n, generator=generator))[:, None, None, None]

    def some(share: float) -> Tensor:
        return (torch.rand(n, generator=generator) < share)[:, None, None, None]

    softened = F.avg_pool2d(F.pad(views, (2, 2, 2, 2), mode="replicate"), 5, stride=1)
    views = torch.lerp(views, softened, uniform(0.0, 1.0) * some(0.4))
    views = recoloured(views, uniform(-0.35, 0.35), uniform(0.6, 1.5))
    mean = views.mean((2, 3), keepdim=True)
    views = (views - mean) * uniform(0.6, 1.4) + mean + uniform(-0.1, 0.1)
    grain = uniform(0.0, 0.08) * some(0.4)
    views = views + grain * torch.randn(views.shape, generator=generator)
    rows = torch.arange(side)[None, :, None]
    columns = torch.arange(side)[None, None, :]
    for _ in range(2):
        half = torch.randint(side // 16, side // 6, (2, n), generator=generator)
        middle = torch.randint(0, side, (2, n), generator=generator)
        inside = (rows - middle[0][:, None, None]).abs() < half[0][:, None, None]
        inside = inside & ((columns - middle[1][:, None, None]).abs() < half[1][:, None, None])
        flat = torch.rand(n, 3, 1, 1, generator=generator)
        views = torch.where(inside[:, None] & some(0.4), flat, views)
    return views.clamp(0, 1).to(memory_format=torch.channels_last)


def recoloured(views: Tensor, turn: Tensor, saturation: Tensor) -> Tensor:
    """Turn hues by `turn` radians and multiply saturation, (n, 1, 1, 1) each; luma stays.

    Colour is the difference of red and of blue to luma, turned as a plane.
    """
    red, green, blue = views[:, 0:1], views[:, 1:2], views[:, 2:3]
    luma = RED * red + GREEN * green + BLUE * blue
    from_red, from_blue = red - luma, blue - luma
    cosine, sine = saturation * torch.cos(turn), saturation * torch.sin(turn)
    new_red = cosine * from_red - sine * from_blue
    new_blue = sine * from_red + cosine * from_blue
    new_green = -(RED * new_red + BLUE * new_blue) / GREEN
    return luma + torch.cat([new_red, new_green, new_blue], dim=1)


def accuracy(network: JudgeNet, pictures: Pictures, kinds: int, seed: int) -> tuple[float, float]:
    """Shares of fresh drawings told rightly: merely cropped, and changed as in training."""
    generator = torch.Generator().manual_seed(seed)
    right = np.zeros(2)
    network.eval()
    with torch.no_grad():
        for start in range(0, len(pictures), 64):
            index = np.arange(start, min(start + 64, len(pictures)))
            truth = torch.from_numpy(index % kinds)
            views = cropped(pictures, index, SIDE, generator)
            for place, seen in enumerate((views, changed(views, generator))):
                right[place] += int((network(seen).argmax(1) == truth).sum())
    network.train()
    return float(right[0] / len(pictures)), float(right[1] / len(pictures))


def cropped(pictures: Pictures, index: np.ndarray, side: int, generator: torch.Generator) -> Tensor:
    return random_views(torch.from_numpy(pictures[index]).permute(0, 3, 1, 2), side, generator)


def fit(
    network: JudgeNet,
    pictures: Pictures,
    kinds: int,
    arguments: argparse.Namespace,
    told: Callable[[int, int], None],
) -> float:
    """Train on pictures whose classes alternate; return seconds per batch.

    Args:
        told: hears after each batch how many of how many there have been.
    """
    generator = torch.Generator().manual_seed(arguments.seed)
    order = np.random.default_rng(arguments.seed)
    batch = min(arguments.batch, len(pictures))
    per_epoch = len(pictures) // batch
    steps = per_epoch * arguments.epochs
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, arguments.rate, total_steps=steps + 1, pct_start=0.2
    )
    network.train()
    began = time.perf_counter()
    for step in range(steps):
        if step % per_epoch == 0:
            shuffled = order.permutation(len(pictures))
        place = step % per_epoch * batch
        index = np.sort(shuffled[place : place + batch])
        truth = torch.from_numpy(index % kinds)
        side = int(order.choice(SIDES, p=(0.7, 0.2, 0.1)))
        views = changed(cropped(pictures, index, side, generator), generator)
        if arguments.epsilon > 0:
            epsilon = arguments.epsilon * side / SIDE * min(1.0, 2 * step / steps)
            network.eval()  # the attack must not move the running means
            views = attacked(network, views, truth, epsilon, 1, generator)
            network.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(views)
        loss = F.cross_entropy(logits.float(), truth, label_smoothing=0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        told(step + 1, steps)
    return (time.perf_counter() - began) / max(1, steps)


def train(arguments: argparse.Namespace) -> None:
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    kinds = len(CLASSES)
    cache, seed = arguments.cache, arguments.drawing_seed
    pictures = drawn_pictures(cache, arguments.pictures * kinds, seed, arguments.threads)
    fresh = drawn_pictures(cache, 16 * kinds, seed + 1000, 1)
    network = JudgeNet(Shape(kinds)).to(memory_format=torch.channels_last)
    parameters = sum(weight.numel() for weight in network.parameters())
    with progress_bar() as bar:
        task = bar.add_task("training", total=None)
        bar.console.print(f"{kinds} classes, {parameters / 1e6:.2f} M parameters")
        began = time.perf_counter()

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if done % arguments.say_every == 0:
                left = (time.perf_counter() - began) / done * (total - done)
                clean, harder = accuracy(network, fresh, kinds, 7)
                bar.console.print(
                    f"batch {done} of {total}: told {clean:.1%} of fresh drawings, {harder:.1%} "
                    f"of changed ones; {left / 60:.1f} minutes left"
                )

        per_batch = fit(network, pictures, kinds, arguments, told)
    clean, harder = accuracy(network, fresh, kinds, 8)
    print(
        f"{per_batch * 1000:.0f} ms per batch of {arguments.batch}; of {len(fresh)} fresh drawings "
        f"{clean:.1%} are told, {harder:.1%} when they are changed"
    )
    about = {
        "pictures": len(pictures),
        "drawing_seed": seed,
        "seed": arguments.seed,
        "epochs": arguments.epochs,
        "epsilon": arguments.epsilon,
        "clean_accuracy": round(clean, 4),
        "changed_accuracy": round(harder, 4),
        "parameters": parameters,
    }
    Judge(network, [drawn.slug for drawn in CLASSES], about).save(arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


def options(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for drawn pictures")
    parser.add_argument("--out", type=Path, default=JUDGE, help="weights; JSON goes beside them")
    parser.add_argument("--pictures", type=int, default=300, help="drawings per class")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--epsilon", type=float, default=0.6, help="L2, at 64 px; 0: no attack")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=23)
    parser.add_argument("--drawing-seed", type=int, default=DRAWING_SEED)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--say-every", type=int, default=200, help="batches")
    return parser.parse_args(words)


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # for the drawing processes
    train(options())


if __name__ == "__main__":
    main()
