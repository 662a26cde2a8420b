"""The command line: reads options, starts one thing, and turns errors into one sentence.

Whatever a command needs is imported when the command runs, so ``vjdream --help`` is instant.
"""

import argparse
import io
import sys
from collections.abc import Sequence
from typing import Any

import vjdream
from vjdream import commands
from vjdream.errors import DreamerError, SettingsError, VJDreamError, printable
from vjdream.options import add_ports, add_preset_folder, add_session, add_shared

NDI_NOTICE = "NDI® is a registered trademark of Vizrt NDI AB. https://ndi.video"


class _Parser(argparse.ArgumentParser):
    """Raises instead of printing its usage, so every mistake reads alike."""

    def error(self, message: str) -> Any:
        raise SettingsError(message)


class _Command(_Parser):
    """Takes options before, between and after the other words of a command."""

    _mixed = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._mixed:
            return super().parse_known_args(args, namespace)
        self._mixed = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixed = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 fine, 2 bad input, 1 anything else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a pipe on Windows has 256 characters
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        options = _parser().parse_args(given)
        if options.command is None:
            _parser().print_help()
            return 0
        return int(options.play(options) or 0)
    except DreamerError as error:
        print(f"vjdream: {_told(error)}", file=sys.stderr)
        return 1
    except VJDreamError as error:
        print(f"vjdream: {_told(error)}", file=sys.stderr)
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
    group = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Command)

    run = group.add_parser("run", help="play a show live: OSC in, NDI out")
    add_shared(run)
    run.add_argument("--ndi-name", default="vjdream", metavar="NAME", help="name of the NDI source")
    add_ports(run)
    run.add_argument(
        "--output", action="append", default=[], metavar="URL",
        help="ndi:NAME, memory:, or a folder for PNGs; repeatable (default ndi:vjdream)",
    )  # fmt: skip
    run.add_argument(
        "--feedback", action="append", default=[], metavar="HOST:PORT",
        help="always send feedback there; repeatable",
    )  # fmt: skip
    run.add_argument(
        "--midi", nargs="?", const="", metavar="PORT",
        help="play by MIDI: all ports, or those whose name has this part",
    )  # fmt: skip
    run.add_argument(
        "--midi-map", metavar="FILE", help="what controls do (Documents/vjdream/midi.yaml)"
    )
    run.add_argument("--record", metavar="FILE", help="record the show into a new file")
    run.add_argument("--session", metavar="FILE", help="play a recorded show; hands go before it")
    add_session(run)
    run.add_argument(
        "--session-folder", metavar="FOLDER",
        help="of recordings and snapshots that messages ask for (Documents/vjdream/sessions)",
    )  # fmt: skip
    run.add_argument("--resume", metavar="PNG", help="go on from a snapshot, or any picture")
    run.add_argument("--duration", metavar="S", help="stop after so many seconds")
    run.set_defaults(play=commands.run, dtype_default="auto")

    render = group.add_parser("render", help="render a show offline to a video or PNGs")
    add_shared(render)
    add_session(render)
    render.add_argument(
        "--duration", metavar="S", help="seconds to render (those of the session, else 10)"
    )
    render.add_argument(
        "--like-live", action="store_true",
        help="paint keyframes when they were ready in the recorded show",
    )  # fmt: skip
    render.add_argument(
        "--resume", dest="go_on", action="store_true", help="continue an interrupted folder"
    )
    render.add_argument("session", nargs="?", metavar="SESSION", help="a recorded show")
    render.add_argument("out", metavar="OUT", help="a folder for PNGs, or a .mp4, .mov or .mkv")
    render.set_defaults(play=commands.render, dtype_default="float32")

    replay = group.add_parser("replay", help="play a session file into any OSC program")
    replay.add_argument("file", metavar="FILE", help="the text of oscdump")
    replay.add_argument("--to", required=True, metavar="HOST:PORT", help="who listens")
    replay.add_argument(
        "--speed", type=float, default=1.0, metavar="X", help="times as fast, 0.1 to 100 (1)"
    )
    replay.add_argument("--loop", action="store_true", help="begin again at the end")
    replay.add_argument(
        "--from", dest="start", default="0", metavar="S|MARK",
        help="seconds or a mark to begin at (0)",
    )  # fmt: skip
    add_session(replay)
    replay.set_defaults(play=commands.replay)

    networks = group.add_parser("networks", help="list the installed networks")
    networks.set_defaults(play=commands.networks)
    fetch = group.add_parser("fetch", help="download a network's weights")
    fetch.add_argument("name", metavar="NAME", help="vgg16, vgg19, googlenet or resnet50")
    fetch.add_argument(
        "--from", metavar="FILE|URL", dest="source",
        help="get them there instead, for computers without internet",
    )  # fmt: skip
    fetch.set_defaults(play=commands.fetch)
    train = group.add_parser(
        "train", help="make a network of your own pictures",
        description="Make a network of your own pictures: a folder for each class. "
        "Ctrl-C interrupts; the same command again goes on.",
    )  # fmt: skip
    train.add_argument("folder", metavar="PICTURES", help="a folder with a folder for each class")
    train.add_argument("out", metavar="FILE", help="the network: a name that ends in .safetensors")
    train.add_argument(
        "--batches", type=int, default=600, metavar="N", help="how long it learns (600)"
    )
    train.add_argument(
        "--fresh", action="store_true",
        help="learn to see anew instead of building on dreamnet: give it 5000 batches or more",
    )  # fmt: skip
    train.add_argument("--title", metavar="TEXT", help="what the network is called in lists")
    train.add_argument("--seed", type=int, default=1, metavar="N", help="of the training (1)")
    train.add_argument("--device", default="cpu", metavar="DEVICE", help="cpu, cuda or cuda:N")
    train.add_argument("--threads", type=int, default=0, metavar="N", help="processor cores (all)")
    train.set_defaults(play=commands.train)
    classes = group.add_parser("classes", help="list what a network can dream of")
    classes.add_argument("words", nargs="*", metavar="WORDS", help="only what these words mean")
    classes.add_argument("--network", default="dreamnet", metavar="NAME|FILE")
    classes.set_defaults(play=commands.classes)
    layers = group.add_parser("layers", help="list the layers that mode layer can enhance")
    layers.add_argument("--network", default="dreamnet", metavar="NAME|FILE")
    layers.set_defaults(play=commands.layers)
    parameters = group.add_parser("parameters", help="print the table of live parameters")
    parameters.add_argument("name", nargs="?", metavar="NAME", help="one address: print its page")
    parameters.add_argument("--pages", metavar="FOLDER", help="write a page for every address")
    parameters.add_argument("--format", choices=("markdown", "json"), default="markdown")
    parameters.set_defaults(play=commands.parameters)
    shown = group.add_parser("presets", help="list the presets: shipped and your own")
    add_preset_folder(shown)
    shown.set_defaults(play=commands.presets)
    doctor = group.add_parser("doctor", help="examine this computer for a show")
    add_shared(doctor)
    add_ports(doctor)
    doctor.set_defaults(play=commands.doctor, dtype_default="auto", duration=None)
    return parser


def _told(error: VJDreamError) -> str:
    """Its lines, with nothing of somebody else's file names that a terminal would obey."""
    return "\n".join(printable(line) for line in str(error).split("\n"))
