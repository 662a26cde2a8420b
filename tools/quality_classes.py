"""The sections of `quality.py` that ask the judge: is it seen what was asked for, and how soon?"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from time import perf_counter

import measures
import numpy as np
from judge import BOTTOM, TOP, WHOLE
from quality_bench import (
    DREAMT,
    PHOTOGRAPHS,
    RECIPE,
    SHUFFLED,
    SIZE,
    START,
    Bench,
    chosen_pairs,
    contact_sheet,
    halves,
    photographs,
    view_of,
    whole,
)
from rehearsal import Shown, random_canvas

from vjdream.frames import Picture


def strangers(bench: Bench, *asked: str) -> list[str]:
    """All classes that the judge knows but those that were asked for."""
    return [slug for slug in bench.judge.slugs if slug not in asked]


def classes(bench: Bench) -> None:
    """Each class alone on the whole picture, from a random canvas, for a few seconds."""
    options, judge = bench.options, bench.judge
    dreamt: dict[str, dict[str, Picture]] = {}
    starts: dict[str, Picture] = {}
    for number, slug in enumerate(bench.slugs):
        begun = perf_counter()
        starts[slug] = view_of(random_canvas(SIZE, options.seed + number))
        for case in bench.cases:
            if case == RECIPE and number % options.control_every:
                continue
            show = bench.rehearsal(case, whole(slug), options.seed + number)
            dreamt.setdefault(case, {})[slug] = show.last(options.seconds).picture
        left = (len(bench.slugs) - number - 1) * (perf_counter() - begun)
        if number % 8 == 0:
            print(f"  {slug}: {number + 1} of {len(bench.slugs)}, {left / 60:.0f} minutes left")
    found = {
        case: {slug: judge.probabilities(picture) for slug, picture in pictures.items()}
        for case, pictures in {**dreamt, START: starts}.items()
    }
    others = {slug: random.Random(slug).choice(strangers(bench, slug)) for slug in bench.slugs}

    def judged(measure: Callable[[np.ndarray, str], float]) -> dict[str, float | None]:
        told: dict[str, float | None] = {
            case: statistics.mean(measure(seen[slug], slug) for slug in seen)
            for case, seen in found.items()
        }
        shuffled = [measure(found[DREAMT][slug], others[slug]) for slug in bench.slugs]
        return {**told, SHUFFLED: statistics.mean(shuffled)}

    def within(places: int) -> Callable[[np.ndarray, str], float]:
        return lambda seen, slug: float(judge.rank(seen, slug) <= places)

    tell = bench.tell
    tell("classes", "judge ranks it first", "high", judged(within(1)))
    tell("classes", "judge ranks it in the first 3", "high", judged(within(3)))
    tell("classes", "mean probability", "high", judged(lambda p, slug: p[judge.place(slug)]))
    _appearance(bench, {**dreamt, START: starts})
    worst = sorted(bench.slugs, key=lambda slug: found[DREAMT][slug][judge.place(slug)])
    lines = {}
    for slug in worst:
        seen = found[DREAMT][slug]
        likeliest = judge.slugs[int(seen.argmax())]
        lines[slug] = {
            "probability": round(float(seen[judge.place(slug)]), 4),
            "rank": judge.rank(seen, slug),
            "taken_for": likeliest,
        }
    bench.details["classes"] = lines
    missed = [f"{slug} (taken for {lines[slug]['taken_for']})" for slug in worst
              if lines[slug]["rank"] != 1]  # fmt: skip
    print(f"  not first, worst before: {', '.join(missed) or 'none'}")
    for case, pictures in dreamt.items():
        names = {slug: f"{slug} {found[case][slug][judge.place(slug)]:.2f}" for slug in pictures}
        sheet = contact_sheet([(names[slug], picture) for slug, picture in pictures.items()])
        bench.keep(f"classes-{case.replace(' ', '-')}.png", sheet)


def _appearance(bench: Bench, cases: dict[str, dict[str, Picture]]) -> None:
    """What the pictures are like, beside photographs."""
    sets = {
        case: [measures.rgb(picture, measures.LINES) for picture in pictures.values()]
        for case, pictures in cases.items()
    }
    sets[PHOTOGRAPHS] = natural = photographs()
    prior = bench.company.prior
    known: tuple[tuple[str, Callable[[measures.Array], float], str], ...] = (
        ("spectrum slope", measures.spectrum_slope, "-0.8 to -1.5"),
        ("patch energy", lambda p: measures.patch_energy(p, prior), "as photographs"),
        ("clipped pixels", measures.clipped_share, "below 0.05"),
        ("self-similarity", measures.self_similarity, "as photographs"),
        ("motif repetition", measures.motif_repetition, "as photographs"),
        ("brightness", lambda p: measures.colours(p).mean, ""),
        ("contrast", lambda p: measures.colours(p).deviation, ""),
        ("saturation", lambda p: measures.colours(p).saturation, ""),
        ("hue entropy", lambda p: measures.colours(p).hue_entropy, ""),
    )
    for name, measure, wanted in known:
        if wanted == "as photographs":
            values = sorted(measure(picture) for picture in natural)
            wanted = f"{values[0]:.2f} to {values[-1]:.2f}, as photographs"
        means = {case: statistics.mean(map(measure, kept)) for case, kept in sets.items()}
        bench.tell("classes", name, wanted, dict(means))


def pairs(bench: Bench) -> None:
    """Two classes, one on each half: is each named, and preferred to the other?"""
    options, judge = bench.options, bench.judge
    asked = chosen_pairs(bench)
    preferences: dict[str, list[tuple[float, float]]] = {}
    named: dict[str, list[bool]] = {}  # two for each picture
    kept: list[tuple[str, Picture]] = []

    def preferred(picture: Picture, top: str, bottom: str) -> tuple[float, float]:
        return (
            judge.preference(picture, TOP, top, bottom),
            judge.preference(picture, BOTTOM, bottom, top),
        )

    def look(case: str, picture: Picture, top: str, bottom: str) -> None:
        preferences.setdefault(case, []).append(preferred(picture, top, bottom))
        for region, slug in ((TOP, top), (BOTTOM, bottom)):
            first = judge.rank(judge.probabilities(picture, region), slug) == 1
            named.setdefault(case, []).append(first)

    for number, (top, bottom) in enumerate(asked):
        seed = options.seed + 1000 + number
        look(START, view_of(random_canvas(SIZE, seed)), top, bottom)
        for case in bench.cases:
            if case == RECIPE and number % options.control_every:
                continue
            picture = bench.rehearsal(case, halves(top, bottom), seed).last(options.seconds).picture
            look(case, picture, top, bottom)
            if case == DREAMT:
                kept.append((f"{top} / {bottom}", picture))
                others = random.Random(seed).sample(strangers(bench, top, bottom), 2)
                look(SHUFFLED, picture, *others)
    cases = [case for case in (*bench.cases, START, SHUFFLED) if case in preferences]
    separation = {case: float(np.mean(preferences[case])) for case in cases}
    both = {case: float(np.mean([min(p) > 0 for p in preferences[case]])) for case in cases}
    first = {case: float(np.mean(named[case])) for case in cases}
    bench.tell("pairs", "judge ranks a half's own first", "high", dict(first))
    bench.tell("pairs", "P(own) - P(other), mean", "above 0", dict(separation))
    bench.tell("pairs", "both halves prefer their own", "high", dict(both))
    bench.details["pairs"] = [
        {"top": top, "bottom": bottom, "preferences": [round(p, 4) for p in found]}
        for (top, bottom), found in zip(asked, preferences[DREAMT], strict=True)
    ]
    bench.keep("pairs.png", contact_sheet(kept, 5))


LONGEST_RESPONSE = 12.0
LOOKS = 8
"""Frames per second that are judged."""


def response(bench: Bench) -> None:
    """Seconds from a class command until the judge finds the new class likelier than the old one.

    Frames are judged as the audience sees them, so painting, handing over and fading count. The new
    class must be likelier in two looks that follow each other; the first one counts.
    """
    options = bench.options
    waited: dict[str, list[float]] = {}
    before: dict[str, list[float]] = {}
    for number, (old, new) in enumerate(chosen_pairs(bench)):
        for case in bench.cases:
            if case == RECIPE and number % options.control_every:
                continue
            seconds, likelier = _response(bench, case, old, new, options.seed + 2000 + number)
            waited.setdefault(case, []).append(seconds)
            before.setdefault(case, []).append(likelier)

    def finite(value: float) -> float | None:
        return value if np.isfinite(value) else None

    bench.tell(
        "response",
        "seconds until P(new) > P(old), median",
        "low",
        {case: finite(statistics.median(found)) for case, found in waited.items()},
    )
    bench.tell(
        "response",
        f"of them within {LONGEST_RESPONSE:g} s",
        "1",
        {case: float(np.isfinite(found).mean()) for case, found in waited.items()},
    )
    bench.tell(
        "response",
        "P(new) > P(old) before the command",
        "low: chance",
        {case: statistics.mean(found) for case, found in before.items()},
    )
    bench.details["response"] = {
        case: [finite(round(one, 3)) for one in found] for case, found in waited.items()
    }


def _response(bench: Bench, case: str, old: str, new: str, seed: int) -> tuple[float, float]:
    """Seconds, infinite for never; and in which share of looks it was so before the command."""
    judge = bench.judge
    show = bench.rehearsal(case, whole(old), seed, LOOKS)

    def likelier(shown: Shown) -> bool:
        return judge.preference(shown.picture, WHOLE, new, old) > 0

    settled = list(show.play(bench.options.seconds))[-LOOKS:]
    chance = statistics.mean(likelier(shown) for shown in settled)
    asked_at = show.time
    show.send("/vjdream/classes", new)
    earlier = False
    for shown in show.play(LONGEST_RESPONSE):
        now = likelier(shown)
        if now and earlier:
            return shown.time - 1 / LOOKS - asked_at, chance
        earlier = now
    return float("inf"), chance
