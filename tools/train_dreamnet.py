"""Draw pictures of every class and train dreamnet on them.

    python tools/train_dreamnet.py --cache CACHE --out vjdream/data

The training is that of ``vjdream train`` (`vjdream.dream.training`). `--epsilon 0` trains
an ordinary network on the same pictures. Whoever interrupts it and starts it again goes on.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
import torch
from drawings import CLASSES, KINDS
from drawings.collection import Pictures, drawn_pictures, progress_bar
from dreamnet_card import card

from vjdream.class_lists import NamedClass
from vjdream.dream.dreamnet import Description, DreamNet
from vjdream.dream.training.examination import examine
from vjdream.dream.training.kept import keep, kept
from vjdream.dream.training.trainer import Course, Examples, Trainer
from vjdream.dream.training.writing import describe, write_two_files

EXAMINED = 16  # drawings of each class that nothing was taught on


def examples(pictures: Pictures) -> Examples:
    """Drawings and their classes, which alternate."""
    return Examples(pictures, np.arange(len(pictures)) % len(CLASSES))


def descriptor(description: Description, name: str) -> dict[str, object]:
    classes = [NamedClass(drawn.slug, drawn.name, drawn.synonyms) for drawn in CLASSES]
    title = f"{name}: {len(CLASSES)} drawn classes"
    kinds = {
        word: [drawn.slug for drawn in CLASSES if drawn.family == family]
        for family, words in KINDS.items()
        for word in words
    }
    return describe(description, classes, name, title, "CC0-1.0", kinds)


def drawn(arguments: argparse.Namespace) -> tuple[Examples, Examples]:
    """What is taught and what is examined."""
    kinds, seed, threads = len(CLASSES), arguments.drawing_seed, arguments.threads
    taught = drawn_pictures(arguments.cache, arguments.pictures * kinds, seed, threads)
    examined = drawn_pictures(arguments.cache, EXAMINED * kinds, seed + 1000, threads)
    return examples(taught), examples(examined)


def train(arguments: argparse.Namespace, course: Course) -> None:
    taught, examined = drawn(arguments)
    blocks = tuple(
        tuple(int(width) for width in block.split(",")) for block in arguments.widths.split("/")
    )
    description = Description(len(CLASSES), blocks, arguments.head)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(course.seed)
    trainer = Trainer(DreamNet(description), taught, course, arguments.device)
    part = arguments.out / f".{arguments.name}.training"
    told = repr((course, description, arguments.pictures, arguments.drawing_seed)).encode()
    seconds = 0.0
    if (state := kept(part, told)) is not None:
        trainer.load_state_dict(state["trainer"])
        seconds = state["seconds"]
    began = time.perf_counter() - seconds
    path = arguments.out / f"{arguments.name}.json"
    described = descriptor(description, arguments.name)
    with progress_bar() as bar:
        task = bar.add_task("training", total=course.batches, completed=trainer.done)
        while trainer.done < course.batches:
            lesson = trainer.teach()
            bar.advance(task)
            if trainer.done % 50 == 0:
                bar.console.print(
                    f"{trainer.done}/{course.batches} {time.perf_counter() - began:.0f} s "
                    f"loss {lesson.loss:.3f} told {lesson.told:.2f}"
                )
            if trainer.done % arguments.keep_every == 0:
                seconds = time.perf_counter() - began
                keep({"trainer": trainer.state_dict(), "seconds": seconds}, part, told)
                write_two_files(path, trainer.network(), described)
    minutes = (time.perf_counter() - began) / 60
    network = trainer.network()
    write_two_files(path, network, described)
    result = examine(network, examined, course.epsilon, seed=7)
    text = card(arguments, course, description, result, minutes)
    (arguments.out / f"{arguments.name}-card.md").write_text(text)
    part.unlink(missing_ok=True)
    robust = "" if result.robust is None else f", robust {result.robust:.1%}"
    print(f"{minutes:.1f} minutes: clean {result.clean:.1%}{robust} of {result.pictures}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True, help="folder for drawn pictures")
    parser.add_argument("--out", type=Path, required=True, help="folder for the network")
    parser.add_argument("--name", default="dreamnet")
    parser.add_argument("--pictures", type=int, default=500, help="drawings per class")
    parser.add_argument("--batches", type=int, default=5200)
    parser.add_argument("--epsilon", type=float, default=1.75, help="L2, at 64 px; 0: no attack")
    parser.add_argument("--attack-steps", type=int, default=2)
    parser.add_argument("--calm", type=int, default=1500, help="batches without an attack")
    parser.add_argument("--ramp", type=int, default=1200, help="then batches until full epsilon")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drawing-seed", type=int, default=1)
    parser.add_argument("--widths", default="16/28,28/64,64/128,128/256", help="blocks by /")
    parser.add_argument("--head", type=int, default=320)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--keep-every", type=int, default=500, help="batches")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    os.environ["OMP_NUM_THREADS"] = "1"  # for the drawing processes
    course = Course(
        batches=arguments.batches,
        batch=arguments.batch,
        rate=arguments.rate,
        epsilon=arguments.epsilon,
        attack_steps=arguments.attack_steps,
        calm=arguments.calm,
        ramp=arguments.ramp,
        seed=arguments.seed,
    )
    train(arguments, course)


if __name__ == "__main__":
    main()
