"""Options that several commands share, and the settings that they make.

Whatever turns them into settings is imported when it is needed, so ``vjdream --help`` is instant.
"""

import argparse
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from vjdream.errors import SessionError, SettingsError, WeightsError, nearest

if TYPE_CHECKING:
    from vjdream.recipe import Recipe
    from vjdream.settings import Settings

log = logging.getLogger("vjdream")


def add_ports(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--osc-port", type=int, default=7700, metavar="PORT", help="UDP port (7700)"
    )
    parser.add_argument(
        "--http-port", type=int, default=7700, metavar="PORT",
        help="TCP port of the web page and OSCQuery (7700; 0: none)",
    )  # fmt: skip
    parser.add_argument("--lan", action="store_true", help="let other computers and tablets in")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="CIDR",
        help="with --lan, let only this network in, such as 192.168.1.0/24; repeatable",
    )  # fmt: skip


def add_preset_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--preset-folder", metavar="FOLDER", help="of your own presets (Documents/vjdream/presets)"
    )


def add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", metavar="NAME|FILE", help="the look to start with")
    add_preset_folder(parser)
    parser.add_argument("--network", metavar="NAME|FILE", help="what dreams (dreamnet)")
    parser.add_argument("--weights", metavar="FILE", help="other weights for that network's shape")
    parser.add_argument("--class-list", metavar="FILE", help="names of the classes of --weights")
    parser.add_argument(
        "--input", metavar="URL", help="noise, a picture, folder or video, ndi:NAME"
    )
    parser.add_argument("--guide", metavar="FILE", help="the picture that mode layer follows")
    parser.add_argument(
        "--prior", metavar="FOLDER", help="another patch prior, such as that of 2015"
    )
    parser.add_argument("--size", metavar="WxH", help="of the output (1280x720)")
    parser.add_argument("--canvas", metavar="WxH|auto", help="what is dreamt on (auto: 512x288)")
    parser.add_argument("--fps", metavar="N[/D]", help="output frames per second (60)")
    parser.add_argument("--seed", type=int, metavar="N", help="of all chance (0)")
    parser.add_argument("--device", default="cpu", metavar="cpu|cuda[:n]", help="where it dreams")
    parser.add_argument("--dtype", choices=("auto", "float32", "bfloat16"), help="of the network")
    parser.add_argument(
        "--allow-flashing", action="store_true", help="switch the flash limiter off"
    )
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="of the dreamer")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="values",
        help="a parameter's value at the start; repeatable",
    )  # fmt: skip


def add_session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--strict", action="store_true", help="refuse a session with a line that is not understood"
    )


def settings_of(options: argparse.Namespace) -> "Settings":
    """Turn options into settings.

    What was not asked for is that of the preset's ``start:`` section, else of the recording or the
    picture that the show goes on from.
    """
    from vjdream import presets
    from vjdream.addresses import parse_address, parse_network
    from vjdream.network_file import find as find_network
    from vjdream.network_file import is_file_name
    from vjdream.preset_library import find
    from vjdream.settings import Settings, parse_fps, parse_size

    session, resume = getattr(options, "session", None), getattr(options, "resume", None)
    recipe = _recipe(options, session, resume)
    start: dict[str, str] = {}
    if recipe is not None:
        start = {name: getattr(recipe, name) for name in presets.START_KEYS}
        if is_file_name(recipe.network):
            del start["network"]
    if options.preset is not None:
        start |= presets.start_section(find(options.preset, own_presets(options)))
    network = options.network or start.get("network", "dreamnet")
    if is_file_name(network):
        try:
            network = str(find_network(network))
        except WeightsError as error:
            if options.network is not None:
                raise
            asks = f"preset {options.preset} asks for it, --network takes another"
            raise WeightsError(f"{error} - {asks}") from None
    size = options.size or start.get("size", "1280x720")
    canvas = options.canvas or start.get("canvas", "auto")
    if options.size is not None and options.canvas is None:
        canvas = "auto"  # that of the recording has another shape
    device = options.device
    if not re.fullmatch("cpu|cuda(:[0-9]{1,3})?", device):
        raise SettingsError(f"--device {device} is unknown (allowed: cpu, cuda, cuda:N)")
    port = getattr(options, "osc_port", 7700)
    if not 0 <= port <= 65535:
        raise SettingsError(f"--osc-port must be between 1 and 65535, got {port}")
    http_port = getattr(options, "http_port", 0)
    if not 0 <= http_port <= 65535:
        raise SettingsError(f"--http-port must be between 0 and 65535, got {http_port}")
    seed = options.seed
    if seed is None:
        seed = 0 if recipe is None else recipe.seed
    for name, given, most in (("seed", seed, 2**31 - 1), ("threads", options.threads, 1024)):
        if not 0 <= given <= most:
            raise SettingsError(f"--{name} must be 0 to {most}, got {given}")
    return Settings(
        network=network,
        size=parse_size(size),
        canvas=None if canvas == "auto" else parse_size(canvas, "--canvas"),
        fps=parse_fps(options.fps or start.get("fps", "60")),
        seed=seed,
        device=device,
        dtype=options.dtype or options.dtype_default,
        threads=options.threads,
        weights=options.weights,
        class_list=options.class_list,
        guide=options.guide,
        prior=options.prior,
        source=options.input or _noise(recipe),
        preset=options.preset,
        values=tuple(pair(text) for text in options.values),
        ndi_name=getattr(options, "ndi_name", "vjdream"),
        osc_port=port,
        http_port=http_port,
        lan=getattr(options, "lan", False),
        allow=tuple(parse_network(text) for text in getattr(options, "allow", [])),
        midi=getattr(options, "midi", None),
        midi_map=getattr(options, "midi_map", None),
        feedback=tuple(
            parse_address(text, "--feedback") for text in getattr(options, "feedback", [])
        ),
        allow_flashing=options.allow_flashing,
        preset_folder=str(own_presets(options)),
        session=session,
        strict=getattr(options, "strict", False),
        record=getattr(options, "record", None),
        session_folder=getattr(options, "session_folder", None),
        resume=resume,
        outputs=tuple(getattr(options, "output", [])),
        duration=_seconds(options.duration),
    )


def _recipe(
    options: argparse.Namespace, session: str | None, resume: str | None
) -> "Recipe | None":
    """What a recording or a snapshot was made with, if it knows."""
    recipe = None
    if session is not None:
        from vjdream.sidecar import recipe_beside

        try:
            recipe = recipe_beside(Path(session))
        except SessionError:
            if options.strict:
                raise  # else the show is played without it, and says so
    elif resume is not None:
        from vjdream.opening import recipe_in
        from vjdream.snapshots import read_snapshot

        recipe = recipe_in(read_snapshot(Path(resume)), resume)
    if recipe is not None:
        _tell_files(options, recipe)
    return recipe


def _tell_files(options: argparse.Namespace, recipe: "Recipe") -> None:
    """Name the files that a show was made with: no file from elsewhere opens another one."""
    from vjdream.network_file import is_file_name

    made_with = {
        "network": recipe.network if is_file_name(recipe.network) else None,
        "weights": recipe.weights, "class-list": recipe.class_list, "guide": recipe.guide,
        "prior": recipe.prior, "input": None if _noise(recipe) else recipe.source,
    }  # fmt: skip
    left_out = [
        f"--{name} {value[:200]!r}"
        for name, value in made_with.items()
        if value is not None and getattr(options, name.replace("-", "_")) is None
    ]
    if left_out:
        log.warning("this was made with %s: give it again to have the same", " ".join(left_out))


def _noise(recipe: "Recipe | None") -> str | None:
    """The input of a recording, if it is no file's and no camera's."""
    source = None if recipe is None else recipe.source
    return source if source is not None and re.fullmatch("noise(:[0-9]{1,9})?", source) else None


def pair(text: str) -> tuple[str, Any]:
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


def own_presets(options: argparse.Namespace) -> Path:
    """Return the folder of the user's own presets."""
    from vjdream.preset_library import user_folder

    return user_folder() if options.preset_folder is None else Path(options.preset_folder)
