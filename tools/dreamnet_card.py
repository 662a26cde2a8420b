"""The card of dreamnet: what it is, how it was made, how good it is, where it is weak."""

from __future__ import annotations

import argparse

from drawings import CLASSES
from drawings.collection import SIDE
from fit_prior import PHOTOGRAPHS

from vjdream.dream.dreamnet import Description, DreamNet, multiply_adds_per_pixel
from vjdream.dream.training.examination import Result
from vjdream.dream.training.trainer import Course

OPTIONS = (
    *(
        "name",
        "pictures",
        "batches",
        "epsilon",
        "attack_steps",
        "calm",
        "ramp",
        "rate",
        "batch",
        "seed",
    ),
    *("drawing_seed", "widths", "head", "threads"),
)


def receptive_field(description: Description) -> int:
    """Pixels along one side that a place of the logit map depends on."""
    field, jump = 1, 1
    for block in description.blocks:
        field += 2 * jump * len(block)  # a 3x3 convolution sees one place more on either side
        field += jump  # the average of two
        jump *= 2
    return field + 2 * jump


def families() -> str:
    """The classes, a line for each family."""
    found: dict[str, list[str]] = {}
    for drawn in CLASSES:
        found.setdefault(drawn.family, []).append(drawn.slug)
    return "\n".join(f"* {family}: {', '.join(slugs)}" for family, slugs in found.items())


def command(arguments: argparse.Namespace) -> str:
    """The command that trains this network again, with every value that matters spelled out."""
    words = ["python tools/train_dreamnet.py --cache CACHE --out OUT"]
    words += [f"--{name.replace('_', '-')} {getattr(arguments, name)}" for name in OPTIONS]
    return " ".join(words)


def card(
    arguments: argparse.Namespace,
    course: Course,
    description: Description,
    result: Result,
    minutes: float,
) -> str:
    """The card, in Markdown."""
    names = [drawn.slug for drawn in CLASSES]
    photographs = "\n".join(f"* `{name}`: {licence}" for name, licence in PHOTOGRAPHS.items())
    confusions = "\n".join(f"* {line}" for line in result.worst(names)) or "* none"
    shares = result.shares()
    weakest = ", ".join(f"{names[k]} {shares[k]:.0%}" for k in shares.argsort()[:8])
    attack = (
        f"L2 PGD, one step in the first half and {course.attack_steps} in the second, epsilon "
        f"{course.epsilon} at 64 px in 0..1 units, in proportion to the side; none for "
        f"{course.calm} batches, then ramped up over {course.ramp}"
        if course.epsilon > 0
        else "none: an ordinary network"
    )
    robust = "not measured" if result.robust is None else f"{result.robust:.1%} (5 PGD steps)"
    parameters = sum(value.numel() for value in DreamNet(description).parameters())
    return f"""# {arguments.name}

A network to dream with: {len(names)} classes. Blocks of 3x3 convolutions {description.blocks} with
a halving after each, a head of {description.head}: {parameters:,} parameters,
{multiply_adds_per_pixel(description):.0f} multiply-adds per pixel, a receptive field of
{receptive_field(description)} pixels.

Classes, by family:

{families()}

## Pictures

{arguments.pictures} per class, {SIDE} px, drawn by the shaders in `tools/drawings` from the seed
(drawing seed, class, number). No photograph, no other data set and no other network was used.
Views of 64 px (some of 80 and 96) show 55 to 95 % of a drawing, turned by up to 0.3 rad, mirrored,
relit a little, with grain.

## Training

Cross-entropy of the spatial mean of the logit map, label smoothing 0.05, AdamW, one cycle to
{course.rate} over {course.batches} batches of {course.batch}, bfloat16 autocast.
Attack: {attack}. Batch normalisation is folded into the convolutions before saving.

    {command(arguments)}

{minutes:.0f} minutes by the clock on {arguments.threads} processor cores that had other work
too, besides drawing. The run was not repeated; expect equal bits at most on the same processor
and library versions.

## Measured

On {result.pictures} drawings of seed {arguments.drawing_seed + 1000}, viewed as in training:
clean accuracy {result.clean:.1%}, robust accuracy {robust}.
Told least often: {weakest}. Most frequent confusions:

{confusions}

## Weaknesses

It knows drawings, not photographs: it is no classifier for the world. Sides below 64 px have no
meaning. Most drawings come in any colour, so colour tells it little: what colours a dream takes is
left to chance and to the picture before. Whole animals seldom come out in one piece.

## The patch prior beside it

`prior.safetensors` is fitted by `python tools/fit_prior.py vjdream/data/prior.safetensors` on the
drawings and on these photographs from the scikit-image wheel, licences as stated there:

{photographs}

## Licence

Weights, prior and drawings: CC0-1.0.
"""
