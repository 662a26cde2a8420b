"""The card of a trained network: what it is, how it was made, how good it is, where it is weak."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from drawings import CLASSES
from fit_prior import PHOTOGRAPHS

from vjdream.dream.dreamnet import Description, multiply_adds_per_pixel


@dataclass(frozen=True, slots=True)
class Measured:
    """How a network did on drawings it was not trained on."""

    clean: float
    robust: float | None  # None: not attacked
    pictures: int
    confusions: tuple[str, ...]


def command(arguments: argparse.Namespace) -> str:
    """The command that trains this network again, with every value that matters spelled out."""
    words = ["python tools/train_dreamnet.py --cache CACHE --out OUT"]
    for option in [
        "name",
        "pictures",
        "epochs",
        "epsilon",
        "attack_steps",
        "ramp",
        "rate",
        "weight_decay",
        "batch",
        "seed",
        "drawing_seed",
        "widths",
        "head",
        "threads",
        "save_every",  # each measurement draws random numbers
        "stop_after",
    ]:
        words.append(f"--{option.replace('_', '-')} {getattr(arguments, option)}")
    return " ".join(words)


def card(
    arguments: argparse.Namespace, description: Description, measured: Measured, minutes: float
) -> str:
    """The card, in Markdown."""
    slugs = ", ".join(drawn.slug for drawn in CLASSES)
    photographs = "\n".join(f"* `{name}`: {licence}" for name, licence in PHOTOGRAPHS.items())
    confusions = "\n".join(f"* {line}" for line in measured.confusions) or "* none"
    attack = (
        f"L2 PGD, {arguments.attack_steps} steps, epsilon {arguments.epsilon} at 64 px in 0..1 "
        f"units, in proportion to the side, ramped up over {arguments.ramp} batches"
        if arguments.epsilon > 0
        else "none: an ordinary network"
    )
    robust = (
        "not measured"
        if measured.robust is None
        else f"{measured.robust:.1%} (5 PGD steps, the same epsilon)"
    )
    stopped = f" and left after {arguments.stop_after} batches" if arguments.stop_after else ""
    return f"""# {arguments.name}

A network to dream with: {len(CLASSES)} classes, {description.blocks} and a head of
{description.head}, {multiply_adds_per_pixel(description):.0f} multiply-adds per pixel.

Classes: {slugs}.

## Pictures

{arguments.pictures} per class, 112 px, drawn by the shaders in `tools/drawings` from the seed
(drawing seed, class, number). No photograph, no other data set and no other network was used.
Crops of 64 px (some of 80 and 96) show 55 to 95 % of a drawing, turned by up to 0.3 rad, mirrored,
relit a little, with grain.

## Training

Cross-entropy of the spatial mean of the logit map, label smoothing 0.05, AdamW, one cycle to
{arguments.rate} laid out for {arguments.epochs} epochs{stopped}, in batches of
{arguments.batch}, bfloat16 autocast.
Attack: {attack}. Batch normalisation is folded into the convolutions before saving.

    {command(arguments)}

{minutes:.0f} minutes by the clock on {arguments.threads} processor cores that had other work
too, besides drawing. The run was not repeated; expect equal bits at most on the same processor
and library versions.

## Measured

On {measured.pictures} drawings of seed {arguments.drawing_seed + 1000}, cropped as in training:
clean accuracy {measured.clean:.1%}, robust accuracy {robust}. Most frequent confusions:

{confusions}

## Weaknesses

It knows drawings, not photographs: it is no classifier for the world. Sides below 64 px have no
meaning. Tiger, zebra and coral give weak gradients beside a strong neighbour: bring the regions'
gradients to the same size. Gears and mandalas dream as rings and beads, feathers as bright quills,
peacocks as a field of small eyes; whole animals seldom come out in one piece.

## The patch prior beside it

`prior.safetensors` is fitted by `python tools/fit_prior.py vjdream/data/prior.safetensors` on the
drawings and on these photographs from the scikit-image wheel, licences as stated there:

{photographs}

## Licence

Weights, prior and drawings: CC0-1.0.
"""
