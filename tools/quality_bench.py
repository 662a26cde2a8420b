"""What all sections of `quality.py` share: the cases, the judge, the figures, the pictures."""

from __future__ import annotations

import argparse
import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import cv2
import measures
import numpy as np
from judge import Judge
from rehearsal import Company, Rehearsal, random_canvas

from vjdream import presets
from vjdream.camera import OVERSCAN
from vjdream.errors import SettingsError
from vjdream.frames import Keyframe, Picture, Size, cover
from vjdream.opening import first_state
from vjdream.parameters import Value
from vjdream.preset_library import find
from vjdream.settings import Settings
from vjdream.stage.warp import Layer, warp
from vjdream.vocabulary import load_descriptor

SIZE = Size(640, 360)
DREAMT, RECIPE, TRIED = "dreamt", "2015 recipe", "as --set"
START, SHUFFLED, PHOTOGRAPHS = "start canvas", "shuffled", "photographs"
LEFT_OUT = ("class/", "split/", "mode", "layer", "channel", "zoom", "rotate", "pan/", "weight/")
"""What a recipe may not change here: every case dreams the same subject on the same way."""

Values = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a measure, what is wanted of it, and its values by case."""

    section: str
    measure: str
    wanted: str
    values: dict[str, float | None]

    def __str__(self) -> str:
        told = [f"{case} {_number(value)}" for case, value in self.values.items()]
        wanted = f"  (wanted: {self.wanted})" if self.wanted else ""
        return f"  {self.measure:<34} {'   '.join(told)}{wanted}"


def _number(value: float | None) -> str:
    if value is None:
        return "never"
    return f"{value:.3f}" if value == 0 or abs(value) >= 0.01 else f"{value:.1e}"


class Bench:
    """What all sections share: the company, the judge, the cases, and where things are kept."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.judge = Judge.load(options.judge)
        self.settings = Settings(size=SIZE, fps=Fraction(4), seed=options.seed, dtype="auto")
        self.company = Company.gather(self.settings)
        descriptor = load_descriptor(self.settings.network)
        self.vocabulary = descriptor.vocabulary
        recipe = presets.load(find("lsd-2015"), self.vocabulary, self.settings.network)
        old = ((parameter.name, value) for parameter, value in recipe.values)
        self.cases: dict[str, Values] = {DREAMT: ()}
        if options.values:
            self.cases[TRIED] = tuple(options.values)
        if not options.without_2015:
            self.cases[RECIPE] = tuple(one for one in old if not one[0].startswith(LEFT_OUT))
        slugs = [entry.slug for entry in self.vocabulary.classes]
        self.slugs = [slug for slug in slugs if self.judge.knows(slug)]
        if strange := sorted(set(slugs) - set(self.slugs)):
            print(f"left out, the judge does not know them: {', '.join(strange)}")
        if options.only:
            asked = [self.vocabulary.find(word) for word in options.only]
            self.slugs = [slug for slug in self.slugs if slug in asked]
        self.first = first_state(descriptor)
        self.figures: list[Figure] = []
        self.details: dict[str, object] = {}

    def rehearsal(
        self, case: str, values: Values, seed: int, fps: int = 4, rate: float | None = None
    ) -> Rehearsal:
        """A show from a random canvas; `values` go before those of the case.

        Args:
            rate: ascent steps per second, if not those of the options.
        """
        settings = dataclasses.replace(
            self.settings, fps=Fraction(fps), values=(*values, *self.cases[case])
        )
        steps_per_second = self.options.steps_per_second if rate is None else rate
        return Rehearsal(self.company, settings, random_canvas(SIZE, seed), steps_per_second)

    def tell(
        self, section: str, measure: str, wanted: str, values: dict[str, float | None]
    ) -> None:
        figure = Figure(section, measure, wanted, values)
        self.figures.append(figure)
        print(figure, flush=True)

    def keep(self, name: str, picture: Picture) -> None:
        if self.options.out is not None:
            cv2.imwrite(str(self.options.out / name), picture[..., :3])


def whole(slug: str) -> Values:
    """The values with which one class fills the picture."""
    return (("class/1", slug), ("split/shape", "whole"))


def halves(top: str, bottom: str) -> Values:
    return (("class/1", top), ("class/2", bottom), ("split/shape", "line"), ("split/angle", 0.0))


def view_of(keyframe: Keyframe) -> Picture:
    """What a camera shows that has not moved since."""
    return warp(
        Layer(keyframe.picture, keyframe.viewpoint, OVERSCAN),
        keyframe.viewpoint,
        (SIZE.width, SIZE.height),
    )


def chosen_pairs(bench: Bench) -> list[tuple[str, str]]:
    """Random pairs of classes, the same for the same seed."""
    if len(bench.slugs) < 2:
        raise SettingsError(f"pairs need two classes that the judge knows, got {bench.slugs}")
    dice = random.Random(bench.options.seed)
    return [(a, b) for a, b in (dice.sample(bench.slugs, 2) for _ in range(bench.options.pairs))]


def photographs() -> list[measures.Array]:
    """The photographs that the prior is fitted on, at the lines of all measures."""
    from fit_prior import photographs as read  # scikit-image is there for developers only

    found = []
    for photograph in read():
        size = (round(photograph.shape[1] * measures.LINES / photograph.shape[0]), measures.LINES)
        scaled = cv2.resize(photograph, size, interpolation=cv2.INTER_AREA)
        found.append(np.clip(scaled, 0, 1))
    return found


def contact_sheet(named: Sequence[tuple[str, Picture]], columns: int = 8) -> Picture:
    """Small pictures with their names below, row by row."""
    width, height, text = 240, 135, 22
    columns = min(columns, len(named))
    rows = -(-len(named) // columns)
    sheet = np.zeros((rows * (height + text), columns * width, 3), np.uint8)
    for number, (name, picture) in enumerate(named):
        top, left = number // columns * (height + text), number % columns * width
        small = cover(picture[..., :3], width, height)
        sheet[top : top + height, left : left + width] = small
        place = (left + 4, top + height + text - 7)
        cv2.putText(sheet, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255,) * 3, 1, cv2.LINE_AA)
    return sheet
