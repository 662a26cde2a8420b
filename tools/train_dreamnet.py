"""Draw pictures of every class and train a network on them that is hard to fool.

    python tools/train_dreamnet.py --cache CACHE --out vjdream/data

Adversarial training (Madry et al. 2018, L2): for each batch, a few gradient steps change the
pictures, within `epsilon`, to be told wrongly; the network learns from those. What such a network
looks for is visible to people, so gradient ascent on it paints forms instead of noise.
`--epsilon 0` trains an ordinary network on the same pictures, to judge dreams with.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from drawings import CLASSES, drawing
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from safetensors.torch import save_file
from torch import Tensor, nn

from vjdream.dream.dreamnet import Description, DreamNet, multiply_adds_per_pixel

SIDE = 64  # of most training crops; epsilon is meant at this side
SIDES = (64, 64, 64, 64, 64, 80, 96)
DRAWN_SIDE = 112


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        refresh_per_second=0.2,
    )


def draw_chunk(job: tuple[int, int, int, int]) -> tuple[int, np.ndarray]:
    """Pictures start..stop of the whole set, as uint8; classes alternate."""
    start, stop, seed, side = job
    kinds = len(CLASSES)
    pictures = [drawing(n % kinds, n // kinds, seed, side) for n in range(start, stop)]
    return start, (np.stack(pictures) * 255 + 0.5).astype(np.uint8)


def drawn_pictures(cache: Path, count: int, seed: int, side: int, workers: int) -> np.ndarray:
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


class Trainee(nn.Module):
    """A dreamnet with batch normalisation after each convolution, as long as it learns."""

    def __init__(self, network: DreamNet) -> None:
        super().__init__()
        self.network = network
        self.norms = nn.ModuleDict()
        for name, width in network.description.layers[:-1]:
            norm = nn.BatchNorm2d(width, momentum=0.05)
            self.norms[name.replace(".", "_")] = norm
            layer = network.get_submodule(name)
            layer.register_forward_hook(lambda _layer, _input, output, norm=norm: norm(output))

    def forward(self, pictures: Tensor) -> Tensor:
        return self.network(pictures).mean((2, 3))  # (n, classes)

    @torch.no_grad()
    def folded(self) -> DreamNet:
        """The same network without normalisation: its scale and shift join the convolutions."""
        result = DreamNet(self.network.description)
        result.load_state_dict(
            {name: value.clone() for name, value in self.network.state_dict().items()}
        )
        for name, _ in self.network.description.layers[:-1]:
            norm = self.norms[name.replace(".", "_")]
            layer = result.get_submodule(name)
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            layer.weight.mul_(scale[:, None, None, None])
            layer.bias.copy_((layer.bias - norm.running_mean) * scale + norm.bias)
        return result.eval().to(memory_format=torch.channels_last)


def crops(pictures: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Random views of uint8 pictures (n, 3, s, s): turned, scaled, shifted, mirrored, relit."""
    n = len(pictures)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, generator=generator)

    angle = uniform(-0.3, 0.3)
    # Share of the drawing's side that the crop shows: from a detail to nearly all of it.
    zoom = torch.exp(uniform(float(np.log(0.55)), float(np.log(0.95))))
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    slack = 1 - zoom
    matrix = torch.zeros(n, 2, 3)
    matrix[:, 0, 0] = zoom * torch.cos(angle) * mirror
    matrix[:, 0, 1] = -zoom * torch.sin(angle)
    matrix[:, 1, 0] = zoom * torch.sin(angle) * mirror
    matrix[:, 1, 1] = zoom * torch.cos(angle)
    matrix[:, 0, 2] = slack * uniform(-1, 1)
    matrix[:, 1, 2] = slack * uniform(-1, 1)
    grid = F.affine_grid(matrix, [n, 3, side, side], align_corners=False)
    views = F.grid_sample(
        pictures.float() / 255, grid, padding_mode="reflection", align_corners=False
    )
    light = uniform(0.85, 1.15)[:, None, None, None]
    tint = 1 + 0.05 * torch.randn(n, 3, 1, 1, generator=generator)
    grain = 0.02 * torch.rand(n, 1, 1, 1, generator=generator)
    views = views * light * tint + grain * torch.randn(views.shape, generator=generator)
    return views.clamp(0, 1).to(memory_format=torch.channels_last)


def norm_of(difference: Tensor) -> Tensor:
    return difference.flatten(1).norm(dim=1).clamp_min(1e-9)[:, None, None, None]


def attacked(
    model: nn.Module, pictures: Tensor, truth: Tensor, epsilon: float, steps: int
) -> Tensor:
    """Pictures within `epsilon` (L2, in 0..1 units) that the model tells as badly as it found."""
    change = torch.randn_like(pictures)
    change *= epsilon * 0.3 / norm_of(change)
    for _ in range(steps):
        probe = (pictures + change).clamp(0, 1).requires_grad_(True)
        with torch.autocast("cpu", torch.bfloat16):
            loss = F.cross_entropy(model(probe), truth)
        (gradient,) = torch.autograd.grad(loss, probe)
        gradient = gradient.float()
        change = change + 1.5 * epsilon / steps * gradient / norm_of(gradient)
        change = change * (epsilon / norm_of(change)).clamp_max(1)
    return (pictures + change).clamp(0, 1).detach()


def measure(
    network: DreamNet, pictures: np.ndarray, epsilon: float, seed: int, count: int = 1024
) -> dict[str, Any]:
    """Clean and robust accuracy on fresh drawings, and which classes are taken for which."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    kinds = len(CLASSES)
    confusion = np.zeros((kinds, kinds), dtype=int)
    robust = 0
    count = min(count, len(pictures))
    for start in range(0, count, 64):
        index = np.arange(start, min(start + 64, count))
        truth = torch.from_numpy(index % kinds)
        views = crops(torch.from_numpy(pictures[index]).permute(0, 3, 1, 2), SIDE, generator)
        told = network(views).mean((2, 3)).argmax(1)
        np.add.at(confusion, (truth.numpy(), told.numpy()), 1)

        def mean_logits(x: Tensor) -> Tensor:
            return network(x).mean((2, 3))

        if epsilon > 0:
            harder = attacked(mean_logits, views, truth, epsilon, 5)  # type: ignore[arg-type]
            robust += int((mean_logits(harder).argmax(1) == truth).sum())
    wrong = confusion.copy()
    np.fill_diagonal(wrong, 0)
    worst = [divmod(int(place), kinds) for place in np.argsort(-wrong, axis=None)[:6]]
    return {
        "clean": float(np.trace(confusion) / count),
        "robust": robust / count,
        "worst": [
            f"{CLASSES[a].slug} as {CLASSES[b].slug} ({wrong[a, b]} of {confusion[a].sum()})"
            for a, b in worst
            if wrong[a, b]
        ],
    }


def descriptor(description: Description, name: str, title: str) -> dict[str, Any]:
    return {
        "vjdream": 1,
        "name": name,
        "title": title,
        "architecture": "dreamnet",
        "blocks": [list(block) for block in description.blocks],
        "head": description.head,
        "activation": "relu",
        "input_side": SIDE,
        "multiply_adds_per_pixel": round(multiply_adds_per_pixel(description)),
        "classes": [
            {"slug": drawn.slug, "name": drawn.name, "synonyms": list(drawn.synonyms)}
            for drawn in CLASSES
        ],
        "layers": [
            {"name": layer, "channels": channels} for layer, channels in description.layers
        ],
        "licence": "CC0-1.0",
    }


def save(network: DreamNet, out: Path, name: str, title: str) -> None:
    """Write weights and descriptor so that a reader never sees half of them."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {
        key: value.detach().contiguous().half() for key, value in network.state_dict().items()
    }
    text = json.dumps(descriptor(network.description, name, title), indent=1) + "\n"
    partial = out / f".{name}.partial"
    partial.write_text(text)
    partial.rename(out / f"{name}.json")
    save_file(weights, partial)
    partial.rename(out / f"{name}.safetensors")


def train(arguments: argparse.Namespace, out: Path) -> None:
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    generator = torch.Generator().manual_seed(arguments.seed)
    order = np.random.default_rng(arguments.seed)
    count = arguments.pictures * len(CLASSES)
    pictures = drawn_pictures(
        arguments.cache, count, arguments.drawing_seed, DRAWN_SIDE, arguments.threads
    )
    fresh = drawn_pictures(
        arguments.cache, 32 * len(CLASSES), arguments.drawing_seed + 1000, DRAWN_SIDE, 1
    )
    blocks = tuple(
        tuple(int(width) for width in block.split(",")) for block in arguments.widths.split("/")
    )
    description = Description(len(CLASSES), blocks, arguments.head)
    model = Trainee(DreamNet(description)).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=arguments.weight_decay)
    batch = arguments.batch
    steps_per_epoch = count // batch
    steps = steps_per_epoch * arguments.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, arguments.rate, total_steps=steps + 1, pct_start=0.15
    )
    kinds = len(CLASSES)
    began = time.perf_counter()
    log = (out / f"{arguments.name}-training.log").open("w") if arguments.log else None
    with progress_bar() as bar:
        task = bar.add_task("training", total=steps)
        for step in range(steps):
            if step % steps_per_epoch == 0:
                shuffled = order.permutation(count)
            place = step % steps_per_epoch * batch
            index = np.sort(shuffled[place : place + batch])
            truth = torch.from_numpy(index % kinds)
            side = int(order.choice(SIDES))
            views = crops(
                torch.from_numpy(pictures[index]).permute(0, 3, 1, 2), side, generator
            )
            if arguments.epsilon > 0:
                epsilon = arguments.epsilon * side / SIDE * min(1.0, (step + 1) / arguments.ramp)
                views = attacked(model, views, truth, epsilon, arguments.attack_steps)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(views)
            loss = F.cross_entropy(logits.float(), truth, label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            bar.advance(task)
            if log and step % 20 == 0:
                told = (logits.argmax(1) == truth).float().mean()
                seconds = time.perf_counter() - began
                print(f"{step}/{steps} {seconds:.0f} s loss {loss:.3f} told {told:.2f}", file=log, flush=True)
            last = step + 1 == steps
            if last or (step + 1) % arguments.save_every == 0:
                model.eval()
                network = model.folded()
                with torch.no_grad():
                    drift = float((network(views).mean((2, 3)) - model(views)).abs().max())
                if drift > 0.02:
                    raise SystemExit(f"Folding changed a logit by {drift:.3f}; allowed: 0.02.")
                save(network, out, arguments.name, arguments.title)
                found = measure(
                    network, fresh, arguments.epsilon, 7, 1024 if last else 256
                )
                found["minutes"] = (time.perf_counter() - began) / 60
                bar.console.print(f"step {step + 1}: {found}")
                (arguments.cache / f"{arguments.name}-measured.json").write_text(
                    json.dumps(found, indent=1)
                )
                model.train()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for drawn pictures")
    parser.add_argument("--out", type=Path, required=True, help="folder for the network")
    parser.add_argument("--name", default="dreamnet")
    parser.add_argument("--title", default="dreamnet: 32 drawn classes")
    parser.add_argument("--pictures", type=int, default=1000, help="drawings per class")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--epsilon", type=float, default=2.5, help="L2, at 64 px; 0: no attack")
    parser.add_argument("--attack-steps", type=int, default=3)
    parser.add_argument("--ramp", type=int, default=400, help="batches until full epsilon")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--weight-decay", type=float, default=0.02)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drawing-seed", type=int, default=1)
    parser.add_argument("--widths", default="16/32,32/72,72/144,144", help="blocks by /")
    parser.add_argument("--head", type=int, default=224)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-every", type=int, default=500, help="batches")
    parser.add_argument("--log", action="store_true", help="also write a plain log into --out")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    os.environ["OMP_NUM_THREADS"] = "1"  # for the drawing processes
    train(arguments, arguments.out)


if __name__ == "__main__":
    main()
