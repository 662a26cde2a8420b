"""What each command does; it imports what it needs when it is called."""

import argparse
import json
import sys
from pathlib import Path

from vjdream.errors import SettingsError, VJDreamError, printable
from vjdream.options import own_presets, settings_of
from vjdream.paths import expanded, quoted

INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended, as shells have it."""


def run(options: argparse.Namespace) -> None:
    from vjdream import show
    from vjdream.console import Console

    if options.session is not None and options.resume is not None:
        raise SettingsError("--session and --resume both say what to begin with: choose one")
    settings = settings_of(options)
    if settings.midi is not None:
        from vjdream.surfaces.midi_desk import check

        check(settings)
    with Console() as console:
        show.run(settings, lambda live: console.ready(live, settings), console.watch)


def render(options: argparse.Namespace) -> int:
    from rich.console import Console as Terminal
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )
    from rich.text import Text

    from vjdream.interrupts import interruptible
    from vjdream.render import render

    class Rate(ProgressColumn):
        """Frames per second of the last half minute."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:.1f} fps")

    if options.session is None and Path(options.out).is_file():
        raise SettingsError(f"'{options.out}' is there already; a session needs an OUT after it")
    settings = settings_of(options)
    columns = ("rendering", BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    bar = Progress(*columns, console=Terminal(stderr=True))
    task = bar.add_task("", total=None)
    with interruptible() as stopping:

        def watch(done: int, total: int) -> bool:
            bar.start()  # now that nothing was wrong with the input
            bar.update(task, completed=done, total=total)
            return not stopping()

        try:
            made = render(settings, options.out, watch, options.go_on, options.like_live)
        finally:
            if bar.live.is_started:
                bar.stop()
    for remark in made.remarks:
        print(remark, file=sys.stderr)
    if made.whole:
        return 0
    further = "" if Path(options.out).suffix else ", --resume goes on"
    print(f"interrupted after frame {made.frames} of {made.total}{further}", file=sys.stderr)
    return INTERRUPTED


def replay(options: argparse.Namespace) -> None:
    from vjdream.replay import play

    path = Path(options.file)
    print(play(path, options.to, options.speed, options.loop, options.start, options.strict))


def networks(options: argparse.Namespace) -> None:
    from vjdream.vocabulary import load_descriptor, networks
    from vjdream.weights import PUBLISHED, installed_weights

    for name in networks():
        descriptor = load_descriptor(name)
        missing = name in PUBLISHED and installed_weights(PUBLISHED[name].file_name) is None
        print(f"{name}\t{descriptor.title}{f' - vjdream fetch {name}' if missing else ''}")


def fetch(options: argparse.Namespace) -> None:
    from rich.console import Console as Terminal
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from vjdream.dream.fetch import fetch

    terminal = Terminal(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    bar = Progress(options.name, *columns, console=terminal, disable=not terminal.is_terminal)
    task = bar.add_task("", total=None)

    def progress(done: int, total: int | None) -> None:
        bar.start()  # now that nothing was wrong with the input
        bar.update(task, completed=done, total=total)

    try:
        path = fetch(options.name, options.source, progress)
    finally:
        if bar.live.is_started:
            bar.stop()
    if not bar.tasks[0].completed:
        print(f"{options.name} was here already", file=sys.stderr)
    print(path)


def train(options: argparse.Namespace) -> int:
    from rich.console import Console as Terminal
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from vjdream.clock import RealtimeClock
    from vjdream.dream.training.folder import read_world
    from vjdream.dream.training.own import check_out, plan_of, teach
    from vjdream.dream.training.trainer import Lesson
    from vjdream.interrupts import interruptible

    out = expanded(options.out)
    check_out(out)
    plan = plan_of(options, out)
    words = TextColumn("{task.description}")
    columns = (words, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    terminal = Terminal(stderr=True)
    with (
        Progress(*columns, console=terminal, disable=not terminal.is_terminal) as bar,
        interruptible() as stopping,
    ):
        reading = bar.add_task("reading pictures", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(reading, completed=done, total=total)
            if stopping():  # nothing has been learnt that could be lost
                raise KeyboardInterrupt

        world = read_world(expanded(options.folder), progress)
        for line in world.skipped:
            print(f"skipped {printable(line)}", file=sys.stderr)
        counts = world.counts()
        print(", ".join(f"{slug} {count}" for slug, count in counts.items()), file=sys.stderr)
        batches = plan.course.batches
        learning = bar.add_task("learning", total=batches)
        clock = RealtimeClock()
        began, first = clock.now(), 0

        def watch(done: int, lesson: Lesson | None) -> bool:
            nonlocal first
            if lesson is None:
                first = done
            elif bar.disable and done % 50 == 0:  # into a file or a service's journal
                left = (clock.now() - began) / (done - first) * (batches - done) / 60
                told = f"{done} of {batches} batches, tells {lesson.told:.0%}"
                print(f"{told}, {left:.0f} min left", file=sys.stderr)
            told = "going on" if lesson is None else f"learning, tells {lesson.told:.0%}"
            bar.update(learning, completed=done, description=told)
            return not stopping()

        result = teach(world, plan, watch)
    if result is None:
        print("interrupted; the same command goes on", file=sys.stderr)
        return INTERRUPTED
    known = "was not taught" if world.apart else "was taught (too few are here to keep some apart)"
    robust = "" if result.robust is None else f", {result.robust:.0%} when changed to fool it"
    # a long picture is up to three squares
    print(f"tells {result.clean:.0%} of {result.pictures} squares that it {known}{robust}")
    print(f"vjdream run --network {quoted(out)}")
    return 0


def classes(options: argparse.Namespace) -> None:
    from vjdream.vocabulary import load_descriptor

    descriptor = load_descriptor(options.network)
    entries = {entry.slug: entry for entry in descriptor.classes}
    if options.words:
        found = [slug for word in options.words for slug in descriptor.vocabulary.hits(word)]
        entries = {slug: entries[slug] for slug in found}
    for entry in entries.values():
        print(f"{entry.slug}\t{', '.join((entry.name, *entry.synonyms))}")


def layers(options: argparse.Namespace) -> None:
    from vjdream.vocabulary import load_descriptor

    for layer in load_descriptor(options.network).layers:
        print(f"{layer.name}\t{layer.channels} channels")


def parameters(options: argparse.Namespace) -> None:
    from vjdream import parameters, reference

    if options.pages is not None:
        print(f"{reference.write(Path(options.pages))} pages in {options.pages}")
    elif options.name is not None:
        print(reference.page(options.name), end="")
    elif options.format == "json":
        print(json.dumps(parameters.as_plain(), indent=2))
    else:
        print(parameters.markdown(), end="")


def presets(options: argparse.Namespace) -> None:
    from vjdream import presets
    from vjdream.preset_library import files

    for name, path in files(own_presets(options)).items():
        try:
            about = presets.about(path)
        except VJDreamError as error:
            about = f"({error})"
        print(f"{name}\t{about}")


def doctor(options: argparse.Namespace) -> int:
    from vjdream import doctor
    from vjdream.places import session_folder
    from vjdream.weights import weights_folder

    folders = {"weights": weights_folder(), "sessions": session_folder()}
    settings = None
    try:
        settings = settings_of(options)
        folders["presets"] = own_presets(options)
    except ImportError:  # OpenCV or NumPy is missing: the doctor says so
        pass
    broken = False
    for finding in doctor.examine(settings, folders):
        print(finding, flush=True)
        broken = broken or finding.level is doctor.BROKEN
    return int(broken)
