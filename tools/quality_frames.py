"""The sections of `quality.py` that follow frames: through fades, and for minutes."""

from __future__ import annotations

import dataclasses
import statistics
import tempfile
from fractions import Fraction
from pathlib import Path

import cv2
import measures
import numpy as np
from quality_bench import (
    DREAMT,
    PHOTOGRAPHS,
    RECIPE,
    SIZE,
    Bench,
    Values,
    contact_sheet,
    photographs,
)
from rehearsal import Rehearsal

from vjdream import presets
from vjdream.errors import PresetError, nearest
from vjdream.preset_library import files
from vjdream.render import render
from vjdream.stage.warp import Layer, warp

FPS = 60
SETTLING = 5.0
WATCHED = 3.0
SLOW = 3.0
"""Ascent steps per second of a machine whose keyframes lie so far apart that fading is hard."""

LINEAR, CUT, STILL = "plain fade", "hard cuts", "still"


def frames(bench: Bench) -> None:
    """Contrast through the fade and flicker at 60 frames per second, with the default classes.

    Once with the steps that were asked for, and once on a slow machine. Controls: the same
    keyframes faded plainly, and shown without any fade. What no camera explains of a canvas at rest
    is the resampling, and is subtracted from all.
    """
    usual = bench.options.steps_per_second
    for rate in (usual, SLOW) if usual > SLOW else (usual,):
        ratios: dict[str, list[float]] = {}
        changes: dict[str, float | None] = {}
        for case in bench.cases:
            _watch(bench, case, rate, ratios, changes)
        lowest: dict[str, float | None] = {name: min(found) for name, found in ratios.items()}
        highest: dict[str, float | None] = {name: max(found) for name, found in ratios.items()}
        at = f"at {rate:g} steps/s"
        bench.tell("frames", f"{at}: lowest contrast in fades", "0.97 to 1.03", lowest)
        bench.tell("frames", f"{at}: highest contrast in fades", "0.97 to 1.03", highest)
        bench.tell("frames", f"{at}: flicker / detail", "low", changes)
        bench.details[f"contrast in fades {at}"] = {
            name: [round(one, 4) for one in found] for name, found in ratios.items()
        }


def _watch(
    bench: Bench,
    case: str,
    rate: float,
    ratios: dict[str, list[float]],
    changes: dict[str, float | None],
) -> None:
    """Play one case; add the contrast of its fading frames, and its flicker."""
    values: Values = (("class/1", bench.first.class_1), ("class/2", bench.first.class_2))
    show = bench.rehearsal(case, values, bench.options.seed, FPS, rate)
    show.last(SETTLING)
    series: dict[str, list[measures.Array]] = {}
    viewpoints = []
    first = None
    contrast = measures.detail_contrast_through_fade
    for frame in show.play(WATCHED):
        share, before, after = fade(show)
        first = first or after
        picture = measures.rgb(frame.picture)
        old, new, still = (
            measures.rgb(warp(layer, frame.viewpoint, (SIZE.width, SIZE.height)))
            for layer in (before, after, first)
        )
        seen = {case: picture, STILL: still}
        if case == DREAMT:
            seen |= {LINEAR: (1 - share) * old + share * new, CUT: new}
        for name, shown in seen.items():
            series.setdefault(name, []).append(shown)
            if 0.02 < share < 0.98 and name in (case, LINEAR):
                ratios.setdefault(name, []).append(contrast(shown, old, new, share))
        viewpoints.append(frame.viewpoint)
    at_rest = series.pop(STILL)
    for name, shown_in_turn in series.items():
        changes[name] = measures.flicker(shown_in_turn, viewpoints, at_rest)


def fade(show: Rehearsal) -> tuple[float, Layer, Layer]:
    """How far the fade under way is, 0..1, and the keyframes that it joins."""
    presenter = show.performance.presenter
    return presenter._progress, presenter._before.full, presenter._after.full


STRIP = 12
"""Pictures of a strip."""

CONTROL_MINUTES = 1.0
"""Of the 2015 recipe at most: each of its steps takes ten times as long."""

BEGINNING = 15
"""Seconds after which nothing of the first picture is left: trends begin there."""


def drift(bench: Bench) -> None:
    """Long renders at one frame per second: does a look go on for ever, or does it run away?

    Rendered by `vjdream.render`, or read from `--frames FOLDER`. The control is the recipe of 2015;
    beside the trends stand the values of photographs.
    """
    options = bench.options
    if options.frames is not None:
        _follow(bench, options.frames.name, options.frames)
        return
    shows: dict[str, tuple[str | None, Values]] = {
        name: (name, tuple(options.values))
        for name, path in files().items()
        if presets.start_section(path).get("network", "dreamnet") == "dreamnet"
    }
    shows = {"defaults": (None, tuple(options.values)), **shows}
    if options.presets:
        for name in options.presets:
            if name not in shows:
                raise PresetError(f"drift knows no preset '{name}'{nearest(name, shows)}")
        shows = {name: shows[name] for name in options.presets}
    if RECIPE in bench.cases:
        shows[RECIPE] = (None, bench.cases[RECIPE])
    for name, (preset, values) in shows.items():
        minutes = min(options.minutes, CONTROL_MINUTES) if name == RECIPE else options.minutes
        settings = dataclasses.replace(
            bench.settings, fps=Fraction(1), preset=preset, values=values, duration=60 * minutes
        )
        with tempfile.TemporaryDirectory() as folder:
            render(settings, folder, lambda done, total: True)
            _follow(bench, name, Path(folder))


def _follow(bench: Bench, name: str, folder: Path) -> None:
    """Tell the trends of a folder of frames, one per second."""
    paths = sorted(folder.glob("*.png"))
    if len(paths) < 4:
        raise SystemExit(f"{folder} has {len(paths)} PNG frames, 4 or more are needed")
    pictures = [cv2.imread(str(path), cv2.IMREAD_COLOR) for path in paths]
    seen = [measures.rgb(np.asarray(picture, np.uint8), 135) for picture in pictures]
    begun = min(BEGINNING, len(seen) // 4)
    trends = measures.drift(list(range(begun, len(seen))), seen[begun:])
    natural = [measures.colours(p) for p in photographs()]
    for measure, found in trends.items():
        values: dict[str, float | None] = {
            "first": found.first,
            "last": found.last,
            "per minute": found.per_minute,
            "±": found.error,
        }
        if measure == "self_similarity":
            values[PHOTOGRAPHS] = statistics.mean(map(measures.self_similarity, photographs()))
        else:
            values[PHOTOGRAPHS] = statistics.mean(getattr(one, measure) for one in natural)
        wanted = "no trend, but there is one" if found.sure else "no trend"
        bench.tell("drift", f"{name}: {measure}", wanted, values)
    verdicts = [measures.verdict(measures.colours(picture)) for picture in seen]
    counts = {word: verdicts.count(word) for word in dict.fromkeys(verdicts) if word}
    bench.details.setdefault("drift", {})[name] = counts  # type: ignore[index]
    told = ", ".join(f"{word} in {count} of {len(seen)} frames" for word, count in counts.items())
    print(f"  {name}: {told or 'never dull, black, white or of one colour'}")
    places = np.linspace(0, len(pictures) - 1, STRIP).round().astype(int)
    strip = [(f"{place} s", np.asarray(pictures[place], np.uint8)) for place in places]
    bench.keep(f"drift-{name.replace(' ', '-')}.png", contact_sheet(strip, STRIP))
