"""What is fixed when a show starts: ports, sizes, the network, the seed."""

from dataclasses import dataclass
from fractions import Fraction

from vjdream.addresses import is_number
from vjdream.errors import SettingsError
from vjdream.frames import Size
from vjdream.parameters import Value

SHORT_SIDE = 128
LONG_SIDE = 7680
CANVAS_PIXELS = 512 * 288
LONGEST_RATE, FINEST_RATE = 20, 10**7


@dataclass(frozen=True, slots=True)
class Settings:
    """One show's start-up choices."""

    network: str = "dreamnet"
    size: Size = Size(1280, 720)  # noqa: RUF009 - a frozen value
    canvas: Size | None = None  # None: chosen from the output's shape
    fps: Fraction = Fraction(60)
    seed: int = 0
    device: str = "cpu"
    dtype: str = "auto"  # float32, bfloat16, or auto: the faster of them on this machine
    threads: int = 0  # of the dreamer on a CPU; 0: all cores but one
    weights: str | None = None  # a file for the network's shape; None: its own
    class_list: str | None = None  # a file that names the classes of such weights
    guide: str | None = None  # a picture
    prior: str | None = None  # a folder with another prior; None: the one that ships
    source: str | None = None  # --input: what the canvas is pulled to
    preset: str | None = None
    values: tuple[tuple[str, Value], ...] = ()  # --set, after the preset
    ndi_name: str = "vjdream"
    osc_port: int = 7700
    http_port: int = 7700  # of the web page and OSCQuery; 0: none
    lan: bool = False
    allow: tuple[str, ...] = ()  # networks as CIDR that are let in; none: all, with --lan
    midi: str | None = None  # a part of a port's name, "" for all; None: no MIDI
    midi_map: str | None = None  # a file; None: the user's own
    feedback: tuple[tuple[str, int], ...] = ()
    allow_flashing: bool = False
    preset_folder: str | None = None  # of the user's own presets; None: only those that ship
    session: str | None = None  # a file to be played
    strict: bool = False  # a line of it that is not understood is an error
    record: str | None = None  # a file to record into from the start
    session_folder: str | None = None  # of recordings and snapshots that messages ask for
    resume: str | None = None  # a picture to go on from
    outputs: tuple[str, ...] = ()
    duration: float | None = None  # seconds; None: until stopped

    @property
    def canvas_size(self) -> Size:
        """The canvas in pixels: as asked, or as many as 512x288 has, in the output's shape."""
        if self.canvas is not None:
            return self.canvas
        scale = (CANVAS_PIXELS / (self.size.width * self.size.height)) ** 0.5
        scale = max(scale, SHORT_SIDE / min(self.size.width, self.size.height))
        return Size(_even(self.size.width * scale), _even(self.size.height * scale))

    @property
    def input_size(self) -> Size:
        """What inputs are scaled to: the output's shape, about as fine as the canvas."""
        scale = self.canvas_size.height / self.size.height
        return Size(_even(self.size.width * scale), _even(self.size.height * scale))


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)


def parse_size(text: str, what: str = "--size") -> Size:
    """Read ``WxH``.

    Raises:
        SettingsError: when it is no size, odd in width, or out of range.
    """
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) != 2 or not all(is_number(part) for part in parts):
        raise SettingsError(f"{what} needs WIDTHxHEIGHT such as 1280x720, got '{text}'")
    width, height = (int(part) for part in parts)
    if min(width, height) < SHORT_SIDE or max(width, height) > LONG_SIDE:
        raise SettingsError(
            f"{what} {text} is out of range: the short side must be {SHORT_SIDE} or more, "
            f"the long side {LONG_SIDE} or less"
        )
    if width % 2:
        raise SettingsError(
            f"{what} {text} has an odd width, which NDI cannot carry - use {width + 1}x{height}"
        )
    return Size(width, height)


def parse_fps(text: str) -> Fraction:
    """Read ``N`` or ``N/D`` frames per second.

    Raises:
        SettingsError: when it is no rate between 1 and 240.
    """
    fps = None
    if len(text) <= LONGEST_RATE and "e" not in text.lower():  # 1e999999999 would take for ever
        try:
            fps = Fraction(text)
        except (ValueError, ZeroDivisionError):
            pass
    if fps is None or max(fps.numerator, fps.denominator) > FINEST_RATE:
        raise SettingsError(f"--fps needs a rate such as 60 or 30000/1001, got '{text[:40]}'")
    if not 1 <= fps <= 240:
        raise SettingsError(f"--fps must be between 1 and 240, got '{text}'")
    return fps
