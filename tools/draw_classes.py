"""Draw a contact sheet of all classes, one row each, so that a person can look.

python tools/draw_classes.py --size 96 --seed 1 sheet.png
"""

from __future__ import annotations

import argparse

import numpy as np
from drawings import CLASSES, drawing
from PIL import Image


def sheet(size: int, seed: int, columns: int, slugs: list[str]) -> Image.Image:
    """The chosen classes as blocks of pictures, two classes to a row of the sheet."""
    rows = []
    for kind, drawn in enumerate(CLASSES):
        if slugs and drawn.slug not in slugs:
            continue
        pictures = [drawing(kind, number, seed, size) for number in range(columns)]
        rows.append(np.concatenate(pictures, axis=1))
    half = (len(rows) + 1) // 2
    blank = np.zeros_like(rows[0])
    rows += [blank] * (2 * half - len(rows))
    left, right = np.concatenate(rows[:half]), np.concatenate(rows[half:])
    whole = np.concatenate([left, right], axis=1)
    return Image.fromarray((whole * 255 + 0.5).astype(np.uint8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--classes", nargs="*", default=[], help="only these slugs")
    arguments = parser.parse_args()
    picture = sheet(arguments.size, arguments.seed, arguments.columns, arguments.classes)
    picture.save(arguments.out)


if __name__ == "__main__":
    main()
