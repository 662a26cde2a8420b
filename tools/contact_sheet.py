"""Render the contact sheet of all classes, as drawn and as dreamt, so that a person can look.

    python tools/contact_sheet.py tools/pictures/classes.jpg
    python tools/contact_sheet.py --drawn-only --columns 2 --drawings 8 sheet.png

A dream is what the network makes of a random canvas in six seconds of show time on a laptop, with
the class on the whole picture and all else at its default.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import torch
from drawings import CLASSES, DrawnClass, drawing

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rehearsal import Company, Rehearsal, installed, random_canvas  # noqa: E402

from vjdream.frames import Picture, Size  # noqa: E402 - the checkout's own, installed or not
from vjdream.settings import Settings  # noqa: E402

HEIGHT = 108  # of a picture on the sheet
TEXT = 20
DREAM = Size(640, 360)
STEPS_PER_SECOND = 19.0  # of dreamnet on two processor cores that also show it


def drawn(kind: int, count: int, seed: int) -> Picture:
    """Some drawings of a class side by side, BGR."""
    row = np.concatenate([drawing(kind, number, seed, HEIGHT) for number in range(count)], axis=1)
    return np.ascontiguousarray((row[..., ::-1] * 255 + 0.5).astype(np.uint8))


def dreamt(company: Company, slug: str, seconds: float, seed: int) -> Picture:
    """What a class looks like when it is dreamt, BGR."""
    values = (("class/1", slug), ("split/shape", "whole"))
    settings = Settings(size=DREAM, fps=Fraction(4), seed=seed, values=values)
    show = Rehearsal(company, settings, random_canvas(DREAM, seed), STEPS_PER_SECOND)
    picture = show.last(seconds).picture[..., :3]
    width = round(HEIGHT * DREAM.width / DREAM.height)
    return np.asarray(cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def labelled(picture: Picture, name: str) -> Picture:
    """A picture with its name below."""
    below = np.zeros((TEXT, picture.shape[1], 3), np.uint8)
    white, thickness = (230, 230, 230), 1
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.42
    cv2.putText(below, name, (4, 14), font, size, white, thickness, cv2.LINE_AA)
    return np.concatenate([picture, below])


def sheet(cells: list[Picture], columns: int) -> Picture:
    """Cells of one size in rows, read from left to right."""
    blank = np.zeros_like(cells[0])
    cells = cells + [blank] * (-len(cells) % columns)
    rows = [
        np.concatenate(cells[at : at + columns], axis=1) for at in range(0, len(cells), columns)
    ]
    return np.concatenate(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="a PNG or JPEG")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--drawings", type=int, default=1, help="of each class")
    parser.add_argument("--drawn-only", action="store_true", help="no dreams")
    parser.add_argument("--seconds", type=float, default=6.0, help="of show time for each dream")
    parser.add_argument("--network", type=Path, help="weights with a descriptor, instead of ours")
    parser.add_argument("--classes", nargs="*", default=[], help="only these slugs")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    chosen: list[tuple[int, DrawnClass]] = [
        (kind, entry)
        for kind, entry in enumerate(CLASSES)
        if not arguments.classes or entry.slug in arguments.classes
    ]
    cells = []
    with installed(arguments.network):
        company = None if arguments.drawn_only else Company.gather(Settings(size=DREAM))
        for kind, entry in sorted(chosen, key=lambda one: one[1].family):
            parts = [drawn(kind, arguments.drawings, arguments.seed)]
            if company is not None:
                parts.append(dreamt(company, entry.slug, arguments.seconds, arguments.seed))
            cells.append(labelled(np.concatenate(parts, axis=1), entry.slug))
    cv2.imwrite(str(arguments.out), sheet(cells, arguments.columns), [cv2.IMWRITE_JPEG_QUALITY, 82])


if __name__ == "__main__":
    main()
