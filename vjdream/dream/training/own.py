"""Training on somebody's own pictures: an artist's world as one file.

The network begins as the shipped dreamnet, which knows edges, textures and light already, so a few
hundred batches on a few dozen pictures are enough. Now and then all that matters is written beside
the file that is to be; whoever interrupts a training and starts it again loses little.
"""

import argparse
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import torch

from vjdream import __version__
from vjdream.dream.device import choose_device
from vjdream.dream.dreamnet import Description, DreamNet
from vjdream.dream.state_dicts import read_state_dict
from vjdream.dream.training.examination import Result, examine
from vjdream.dream.training.folder import World
from vjdream.dream.training.kept import keep, kept
from vjdream.dream.training.trainer import Course, Lesson, Trainer
from vjdream.dream.training.writing import describe, write_one_file
from vjdream.errors import DreamerError, OutputError, SettingsError, WeightsError
from vjdream.network_file import ENDINGS, weights_beside
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

KEEP_EVERY = 50
"""Batches after which the training could go on from here."""

MOST_EXAMINED = 512
Watch = Callable[[int, Lesson | None], bool]
"""Is told how many batches have been learnt, and what the last one has shown; None: it has been
learnt in an earlier run. Says whether to go on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be trained.

    `fresh` begins with random weights instead of those of dreamnet, which takes many times longer.
    """

    course: Course
    out: Path
    title: str
    fresh: bool = False
    device: str = "cpu"


def plan_of(options: argparse.Namespace, out: Path) -> Plan:
    """Return what the command line asks for.

    Raises:
        DreamerError: for a device that is not there.
        SettingsError: for a number or a folder that cannot be.
    """
    limits = (("batches", 10, 1_000_000), ("threads", 0, 1024), ("seed", 0, 2**31 - 1))
    for name, least, most in limits:
        given = getattr(options, name)
        if not least <= given <= most:
            raise SettingsError(f"--{name} must be {least} to {most}, got {given}")
    if not options.folder:  # a variable of a shell's that is not set; nobody means where he is
        raise SettingsError("PICTURES must be a folder, got ''")
    if not re.fullmatch("cpu|cuda(:[0-9]{1,3})?", options.device):
        raise SettingsError(f"--device {options.device} is unknown (allowed: cpu, cuda, cuda:N)")
    choose_device(options.device)
    torch.set_num_threads(options.threads or os.cpu_count() or 1)
    course = Course(
        options.batches,
        rate=3e-3 if options.fresh else 1.5e-3,
        attack_steps=2,
        ramp=max(options.batches // 6, 1),
        seed=options.seed,
    )
    title = options.title or f"{out.stem}: {Path(options.folder).resolve().name}"
    return Plan(course, out, title, options.fresh, options.device)


def check_out(out: Path) -> None:
    """Refuse a place where the network could not be written, before hours have passed.

    Raises:
        WeightsError: saying what is wrong with it.
    """
    if out.suffix.lower() != ENDINGS[0]:
        raise WeightsError(f"a network's file name ends with {ENDINGS[0]}, got '{out.name}'")
    try:
        if out.is_dir():
            raise WeightsError(f"{out} is a folder")
        if out.exists():
            raise WeightsError(f"{out} is there already - give another name, or delete it")
        if not out.parent.is_dir():
            raise WeightsError(f"there is no folder {out.parent} for {out.name}")
        trial = part_of(part_of(out))  # the longest name that will be written
        trial.touch()
        trial.unlink()
    except OSError as error:  # a name that is too long, a folder that nobody may write into
        raise WeightsError(f"{out} cannot be written: {error.strerror}") from None


def part_of(out: Path) -> Path:
    """Where an interrupted training waits."""
    return out.with_name(f".{out.name}.training")


def teach(world: World, plan: Plan, watch: Watch) -> Result | None:
    """Train a network on a world and write it to the plan's file.

    Returns:
        how well it tells pictures that were kept aside; None when `watch` has interrupted it.

    Raises:
        DreamerError: when the GPU has too little memory.
        OutputError: when a file cannot be written, or another training was interrupted there.
        WeightsError: when what was trained cannot be used.
    """
    check_out(plan.out)
    try:
        return _teach(world, plan, watch)
    except OutputError:
        raise
    except torch.OutOfMemoryError:
        raise DreamerError(f"--device {plan.device} has too little memory to train") from None
    except OSError as error:
        raise OutputError(f"{plan.out} cannot be written: {error.strerror or error}") from error


def _teach(world: World, plan: Plan, watch: Watch) -> Result | None:
    trainer = _trainer(world, plan)
    told = _fingerprint(world, plan)
    part = part_of(plan.out)
    state = kept(part, told)
    if state is not None:
        trainer.load_state_dict(state)
        watch(trainer.done, None)
    while trainer.done < plan.course.batches:
        lesson = trainer.teach()
        going = watch(trainer.done, lesson)
        if not going or trainer.done % KEEP_EVERY == 0 or trainer.done == plan.course.batches:
            keep(trainer.state_dict(), part, told)
        if not going:
            return None
    network = trainer.network()
    result = examine(network, world.examined, plan.course.epsilon, seed=7, most=MOST_EXAMINED)
    description = network.description
    descriptor = describe(
        description, world.classes, plan.out.stem, plan.title, licence="that of its pictures"
    )
    descriptor["course"] = asdict(plan.course)
    descriptor["clean"], descriptor["robust"] = result.clean, result.robust
    check_out(plan.out)  # again: it may have come meanwhile, and what was learnt is kept
    write_one_file(plan.out, network, descriptor)
    with suppress(OSError):
        part.unlink(missing_ok=True)
    return result


def _trainer(world: World, plan: Plan) -> Trainer:
    shipped = load_descriptor(Settings().network)
    shape = Description.from_descriptor({**shipped.raw, "classes": world.classes})
    torch.manual_seed(plan.course.seed)  # of the weights that begin at random
    network = DreamNet(shape)
    if not plan.fresh:
        known = read_state_dict(weights_beside(shipped.file))
        own = network.state_dict()
        own |= {n: v.float() for n, v in known.items() if not n.startswith("logits.")}
        network.load_state_dict(own)
    return Trainer(network, world.taught, plan.course, plan.device, experienced=not plan.fresh)


def _fingerprint(world: World, plan: Plan) -> bytes:
    """Tells whether an interrupted training was the same one, of the same programs."""
    shipped = load_descriptor(Settings().network).raw
    what = (plan.course, plan.fresh, world.classes, shipped, __version__, torch.__version__)
    digest = sha256(repr(what).encode())
    digest.update(world.taught.pictures.data)
    digest.update(world.taught.labels.data)
    return digest.digest()
