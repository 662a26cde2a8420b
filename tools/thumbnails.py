"""Render a small picture of each shipped preset, to lie beside its YAML file.

    python tools/thumbnails.py [NAME ...]

Each preset is dreamt offline from the shipped first picture, long enough to have become itself, and
its last frame is written as presets/NAME.jpg. The same machine writes the same bytes again. Presets
for a network whose weights are not on this computer are left out, with a line that says so.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from vjdream import presets  # noqa: E402 - the checkout's own, installed or not
from vjdream.errors import WeightsError, nearest  # noqa: E402
from vjdream.frames import Size  # noqa: E402
from vjdream.render import Rendered, render  # noqa: E402
from vjdream.settings import Settings  # noqa: E402

FOLDER = ROOT / "presets"

SECONDS = 14.0
"""Of show time: by then nothing of the first picture is left."""

FPS = Fraction(2)
"""Enough for the camera to travel as it does live; every further frame would only cost time."""

RENDERED = Size(640, 360)
SHOWN = Size(320, 180)
QUALITY = 85
"""Of the JPEG, 0 to 100: about 15 KB each."""

Render = Callable[[Settings, str, Callable[[int, int], bool]], Rendered]


def thumbnail(preset: Path, seconds: float = SECONDS, render: Render = render) -> bytes:
    """Return the last frame of a rendered preset as a small JPEG.

    Args:
        preset: its YAML file.
        seconds: of show time.
        render: has the signature of `vjdream.render.render`.

    Raises:
        WeightsError: when its network has no weights on this computer.
    """
    network = presets.start_section(preset).get("network", Settings().network)
    settings = Settings(
        network=network, size=RENDERED, fps=FPS, preset=str(preset), duration=seconds
    )
    with tempfile.TemporaryDirectory() as folder:
        render(settings, folder, lambda number, total: True)
        last = max(Path(folder).glob("*.png"))
        picture = cv2.imread(str(last), cv2.IMREAD_COLOR)
    assert picture is not None
    small = cv2.resize(picture, (SHOWN.width, SHOWN.height), interpolation=cv2.INTER_AREA)
    encoded, content = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert encoded
    return content.tobytes()


def write(names: list[str], folder: Path, seconds: float = SECONDS, render: Render = render) -> int:
    """Write the thumbnails of these presets, or of all; return an exit code."""
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    for name in names:
        if name not in known:
            print(f"no preset is called '{name}'{nearest(name, known)}", file=sys.stderr)
            return 2
    for name in names or known:
        try:
            content = thumbnail(known[name], seconds, render)
        except WeightsError as error:
            print(f"{name}: left out, {error}")
            continue
        known[name].with_suffix(".jpg").write_bytes(content)
        print(f"{name}: {len(content) / 1024:.1f} KB", flush=True)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", metavar="NAME", help="presets; all when none is given")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of show time to dream")
    options = parser.parse_args()
    return write(options.names, FOLDER, options.seconds)


if __name__ == "__main__":
    sys.exit(main())
