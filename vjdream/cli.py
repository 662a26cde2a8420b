"""The command line: reads options, starts one thing, and turns errors into one sentence.

Whatever a command needs is imported when the command runs, so ``vjdream --help`` is instant.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import yaml

import vjdream
from vjdream.errors import DreamerError, SettingsError, VJDreamError, nearest

if TYPE_CHECKING:
    from vjdream.settings import Settings

NDI_NOTICE = "NDI® is a registered trademark of Vizrt NDI AB. https://ndi.video"


class _Parser(argparse.ArgumentParser):
    """Raises instead of printing its usage, so every mistake reads alike."""

    def error(self, message: str) -> Any:
        raise SettingsError(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 fine, 2 bad input, 1 anything else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser().parse_args(given)
        if options.command is None:
            _parser().print_help()
            return 0
        return int(options.play(options) or 0)
    except DreamerError as error:
        print(f"vjdream: {error}", file=sys.stderr)
        return 1
    except VJDreamError as error:
        print(f"vjdream: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `vjdream classes | head`
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="vjdream",
        description="A headless instrument that lets VJs play a hallucinating neural network live.",
        epilog="vjdream COMMAND --help tells more.",
    )
    parser.add_argument(
        "--version", action="version", version=f"vjdream {vjdream.__version__}\n{NDI_NOTICE}"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    run = commands.add_parser("run", help="play a show live: OSC in, NDI out")
    _add_shared(run)
    run.add_argument("--ndi-name", default="vjdream", metavar="NAME", help="name of the NDI source")
    run.add_argument("--osc-port", type=int, default=7700, metavar="PORT", help="UDP port (7700)")
    run.add_argument("--lan", action="store_true", help="let other computers and tablets in")
    run.add_argument(
        "--output", action="append", default=[], metavar="URL",
        help="ndi:NAME, memory:, or a folder for PNGs; repeatable (default ndi:vjdream)",
    )  # fmt: skip
    run.add_argument(
        "--feedback", action="append", default=[], metavar="HOST:PORT",
        help="always send feedback there; repeatable",
    )  # fmt: skip
    run.add_argument("--duration", metavar="S", help="stop after so many seconds")
    run.set_defaults(play=_run, dtype_default="auto")

    render = commands.add_parser("render", help="render a show offline to a folder of PNGs")
    _add_shared(render)
    render.add_argument("--duration", default="10", metavar="S", help="seconds to render (10)")
    render.add_argument("out", metavar="OUT", help="the folder")
    render.set_defaults(play=_render, dtype_default="float32")

    networks = commands.add_parser("networks", help="list the installed networks")
    networks.set_defaults(play=_networks)
    fetch = commands.add_parser("fetch", help="download a network's weights")
    fetch.add_argument("name", metavar="NAME", help="vgg16, vgg19, googlenet or resnet50")
    fetch.add_argument(
        "--from", metavar="FILE|URL", dest="source",
        help="get them there instead, for computers without internet",
    )  # fmt: skip
    fetch.set_defaults(play=_fetch)
    classes = commands.add_parser("classes", help="list what a network can dream of")
    classes.add_argument("--network", default="dreamnet", metavar="NAME")
    classes.set_defaults(play=_classes)
    layers = commands.add_parser("layers", help="list the layers that mode layer can enhance")
    layers.add_argument("--network", default="dreamnet", metavar="NAME")
    layers.set_defaults(play=_layers)
    parameters = commands.add_parser("parameters", help="print the table of live parameters")
    parameters.add_argument("--format", choices=("markdown", "json"), default="markdown")
    parameters.set_defaults(play=_parameters)
    shown = commands.add_parser("presets", help="list the shipped presets")
    shown.set_defaults(play=_presets)
    return parser


def _add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", metavar="NAME|FILE", help="the look to start with")
    parser.add_argument("--network", metavar="NAME", help="what dreams (dreamnet)")
    parser.add_argument("--weights", metavar="FILE", help="other weights for that network's shape")
    parser.add_argument("--class-list", metavar="FILE", help="names of the classes of --weights")
    parser.add_argument(
        "--input", metavar="URL", help="noise, a picture, folder or video, ndi:NAME"
    )
    parser.add_argument("--guide", metavar="FILE", help="the picture that mode layer follows")
    parser.add_argument("--size", metavar="WxH", help="of the output (1280x720)")
    parser.add_argument("--canvas", metavar="WxH|auto", help="what is dreamt on (auto: 512x288)")
    parser.add_argument("--fps", metavar="N[/D]", help="output frames per second (60)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of all chance (0)")
    parser.add_argument("--device", default="cpu", metavar="cpu|cuda[:n]", help="where it dreams")
    parser.add_argument("--dtype", choices=("auto", "float32", "bfloat16"), help="of the network")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="of the dreamer")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="values",
        help="a parameter's value at the start; repeatable",
    )  # fmt: skip


def _settings(options: argparse.Namespace) -> "Settings":
    """Turn options into settings; the preset's ``start:`` section fills what was not asked for."""
    from vjdream import presets
    from vjdream.settings import Settings, parse_address, parse_fps, parse_size

    start: dict[str, str] = {}
    if options.preset is not None:
        start = presets.start_section(presets.find(options.preset))
    size = options.size or start.get("size", "1280x720")
    canvas = options.canvas or start.get("canvas", "auto")
    device = options.device
    if not re.fullmatch("cpu|cuda(:[0-9]{1,3})?", device):
        raise SettingsError(f"--device {device} is unknown (allowed: cpu, cuda, cuda:N)")
    port = getattr(options, "osc_port", 7700)
    if not 0 <= port <= 65535:
        raise SettingsError(f"--osc-port must be between 1 and 65535, got {port}")
    for name in ("seed", "threads"):
        if not 0 <= getattr(options, name) < 2**31:
            raise SettingsError(f"--{name} must be 0 or more, got {getattr(options, name)}")
    return Settings(
        network=options.network or start.get("network", "dreamnet"),
        size=parse_size(size),
        canvas=None if canvas == "auto" else parse_size(canvas, "--canvas"),
        fps=parse_fps(options.fps or start.get("fps", "60")),
        seed=options.seed,
        device=device,
        dtype=options.dtype or options.dtype_default,
        threads=options.threads,
        weights=options.weights,
        class_list=options.class_list,
        guide=options.guide,
        source=options.input,
        preset=options.preset,
        values=tuple(_pair(text) for text in options.values),
        ndi_name=getattr(options, "ndi_name", "vjdream"),
        osc_port=port,
        lan=getattr(options, "lan", False),
        feedback=tuple(
            parse_address(text, "--feedback") for text in getattr(options, "feedback", [])
        ),
        outputs=tuple(getattr(options, "output", [])),
        duration=_seconds(options.duration),
    )


def _pair(text: str) -> tuple[str, Any]:
    from vjdream.parameters import TABLE

    name, equals, value = text.partition("=")
    if not equals:
        raise SettingsError(f"--set needs NAME=VALUE, got '{text}'{nearest(name, TABLE)}")
    try:
        return name.strip(), yaml.safe_load(value)
    except (yaml.YAMLError, ValueError):
        return name.strip(), value


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e6:
        raise SettingsError(f"--duration needs seconds above 0, got '{text}'")
    return seconds


def _run(options: argparse.Namespace) -> None:
    from vjdream import show
    from vjdream.console import Console

    settings = _settings(options)
    with Console() as console:
        show.run(settings, lambda live: console.ready(live, settings), console.watch)


def _render(options: argparse.Namespace) -> None:
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from vjdream import show

    settings = _settings(options)
    duration = settings.duration
    assert duration is not None
    columns = ("rendering", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Terminal(stderr=True))
    task = bar.add_task("", total=None)

    def progress(done: int, total: int) -> None:
        bar.start()  # now that nothing was wrong with the input
        bar.update(task, completed=done, total=total)

    try:
        show.render(settings, options.out, duration, progress)
    finally:
        if bar.live.is_started:
            bar.stop()


def _networks(options: argparse.Namespace) -> None:
    from vjdream.vocabulary import load_descriptor, networks
    from vjdream.weights import PUBLISHED, installed_weights

    for name in networks():
        descriptor = load_descriptor(name)
        missing = name in PUBLISHED and installed_weights(PUBLISHED[name].file_name) is None
        print(f"{name}\t{descriptor.title}{f' - vjdream fetch {name}' if missing else ''}")


def _fetch(options: argparse.Namespace) -> None:
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


def _classes(options: argparse.Namespace) -> None:
    from vjdream.vocabulary import load_descriptor

    for entry in load_descriptor(options.network).classes:
        print(f"{entry.slug}\t{', '.join((entry.name, *entry.synonyms))}")


def _layers(options: argparse.Namespace) -> None:
    from vjdream.vocabulary import load_descriptor

    for layer in load_descriptor(options.network).layers:
        print(f"{layer.name}\t{layer.channels} channels")


def _parameters(options: argparse.Namespace) -> None:
    from vjdream import parameters

    if options.format == "json":
        print(json.dumps(parameters.as_plain(), indent=2))
    else:
        print(parameters.markdown(), end="")


def _presets(options: argparse.Namespace) -> None:
    from vjdream import presets

    for name, path in presets.shipped().items():
        print(f"{name}\t{presets.about(path)}")
