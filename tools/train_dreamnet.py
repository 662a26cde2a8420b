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
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from drawings import CLASSES
from drawings.collection import Pictures, drawn_pictures, progress_bar
from dreamnet_card import Measured, card
from robust_training import Trainee, attacked, crops
from safetensors.torch import save_file
from torch import Tensor, nn

from vjdream.dream.dreamnet import Description, DreamNet, multiply_adds_per_pixel

SIDE = 64  # of most training crops; epsilon is meant at this side
SIDES = (64, 64, 64, 64, 64, 80, 96)
DRAWN_SIDE = 112


def measure(
    network: DreamNet, pictures: Pictures, epsilon: float, seed: int, count: int = 1024
) -> Measured:
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
    return Measured(
        clean=float(np.trace(confusion) / count),
        robust=robust / count if epsilon > 0 else None,
        pictures=count,
        confusions=tuple(
            f"{CLASSES[a].slug} as {CLASSES[b].slug}: {wrong[a, b]} of {confusion[a].sum()}"
            for a, b in worst
            if wrong[a, b]
        ),
    )


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
        "layers": [{"name": layer, "channels": channels} for layer, channels in description.layers],
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
            views = crops(torch.from_numpy(pictures[index]).permute(0, 3, 1, 2), side, generator)
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
                print(
                    f"{step}/{steps} {seconds:.0f} s loss {loss:.3f} told {told:.2f}",
                    file=log,
                    flush=True,
                )
            last = step + 1 == (arguments.stop_after or steps)
            if last or (step + 1) % arguments.save_every == 0:
                model.eval()
                network = model.folded()
                with torch.no_grad():
                    drift = float((network(views).mean((2, 3)) - model(views)).abs().max())
                if drift > 0.02:
                    raise SystemExit(f"Folding changed a logit by {drift:.3f}; allowed: 0.02.")
                save(network, out, arguments.name, arguments.title)
                found = measure(network, fresh, arguments.epsilon, 7, 1024 if last else 256)
                minutes = (time.perf_counter() - began) / 60
                bar.console.print(f"step {step + 1}, {minutes:.1f} minutes: {found}")
                text = card(arguments, description, found, minutes)
                (out / f"{arguments.name}-card.md").write_text(text)
                model.train()
            if last:
                break


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
    parser.add_argument(
        "--stop-after", type=int, default=0, help="batches: leave the cycle early; 0: never"
    )
    parser.add_argument("--save-every", type=int, default=500, help="batches")
    parser.add_argument("--log", action="store_true", help="also write a plain log into --out")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    os.environ["OMP_NUM_THREADS"] = "1"  # for the drawing processes
    train(arguments, arguments.out)


if __name__ == "__main__":
    main()
