"""How good the dream is: figures for what is seen, each beside its controls of the same run.

    python tools/quality.py classes [--only SLUG …]   is each class recognised when it is asked for?
    python tools/quality.py pairs [--pairs 20]        does each half show its own class?
    python tools/quality.py response [--pairs 20]     seconds until a new class is to be seen
    python tools/quality.py frames                    contrast through the fade, flicker
    python tools/quality.py drift [--minutes 10]      what becomes of each preset after a long time

Several sections may be given. Whether a class is seen is the judge's word (`judge.py`), never that
of the network that dreams. Controls: the start canvas; a shuffled class, which is what the judge
says of a class that was not asked for; the recipe of 2015 (the preset lsd-2015) on the same
network; photographs. `--network FILE` measures another network of dreamnet's shape, `--set
NAME=VALUE` other values beside the defaults. `--out FOLDER` keeps the pictures and a JSON report:
look at them, no figure replaces that.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

import cv2
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from judge import JUDGE  # noqa: E402
from quality_bench import Bench  # noqa: E402
from quality_classes import classes, pairs, response  # noqa: E402
from quality_frames import drift, frames  # noqa: E402
from rehearsal import installed  # noqa: E402

from vjdream.errors import SettingsError, VJDreamError  # noqa: E402 - the checkout's own, installed or not
from vjdream.options import pair  # noqa: E402
from vjdream.parameters import lookup  # noqa: E402

SECTIONS: dict[str, Callable[[Bench], None]] = {
    "classes": classes,
    "pairs": pairs,
    "response": response,
    "frames": frames,
    "drift": drift,
}


LEAST = {"pairs": 1, "control_every": 1, "threads": 1, "seed": 0,
         "seconds": 0.25, "minutes": 0.2, "steps_per_second": 0.1}  # fmt: skip
"""Of what the options' numbers may be; a frame each quarter second, one each second for drift."""


def measure(options: argparse.Namespace) -> None:
    """Run the sections asked for; print each figure, and write the report."""
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    with installed(options.network):
        bench = Bench(options)
        print(
            f"{options.network or 'the shipped network'}, {options.steps_per_second:g} steps/s; "
            f"the judge tells {bench.judge.about.get('clean_accuracy', 0):.1%} of fresh drawings"
        )
        for name in options.sections:
            begun = perf_counter()
            print(f"{name}: {(SECTIONS[name].__doc__ or '').splitlines()[0]}", flush=True)
            SECTIONS[name](bench)
            print(f"  took {(perf_counter() - begun) / 60:.1f} minutes")
    if options.out is not None:
        report = {
            "options": {name: str(value) for name, value in vars(options).items()},
            "judge": bench.judge.about,
            "figures": [dataclasses.asdict(figure) for figure in bench.figures],
            "details": bench.details,
        }
        (options.out / "report.json").write_text(json.dumps(report, indent=1) + "\n")


def parsed(words: Iterable[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("sections", nargs="+", choices=SECTIONS, metavar="SECTION", help=", ".join(SECTIONS))
    add("--out", type=Path, metavar="FOLDER", help="for pictures and report.json")
    add("--network", type=Path, metavar="FILE", help="weights and descriptor")
    add("--judge", type=Path, metavar="FILE", default=JUDGE)
    add("--set", action="append", default=[], metavar="NAME=VALUE", dest="values", type=pair)
    add(
        "--steps-per-second", type=float, default=19.0, help="ascent steps that the machine affords"
    )
    add("--seconds", type=float, default=6.0, help="of show time for each dream")
    add("--only", nargs="+", metavar="CLASS", help="classes to dream; all when none is given")
    add("--pairs", type=int, default=20)
    add("--control-every", type=int, default=8, help="the 2015 recipe is for every n-th one")
    add("--without-2015", action="store_true", help="leave that control out")
    add("--minutes", type=float, default=10.0, help="of drift")
    add(
        "--presets",
        nargs="+",
        metavar="NAME",
        help="of drift; all, and `defaults`, when none is given",
    )
    add("--frames", type=Path, metavar="FOLDER", help="PNGs, one per second, to look for drift in")
    add(
        "--threads", type=int, default=1, help="for the dream; 1 is what a live show has of 2 cores"
    )
    add("--seed", type=int, default=1)
    options = parser.parse_args(None if words is None else list(words))
    for name, _ in options.values:
        lookup(name)
    for name, least in LEAST.items():
        given = getattr(options, name)
        if not least <= given < math.inf:
            option = name.replace("_", "-")
            raise SettingsError(f"--{option} must be at least {least:g}, got {given:g}")
    return options


def main() -> int:
    try:
        measure(parsed())
    except (VJDreamError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
