"""THE table: every live parameter is one line of `State`, and everything else is derived from it.

OSC dispatch, presets, feedback and the documentation read `TABLE`; nothing else in the project
states an address, a default or a range. `COMMANDS` is the short second table: what can be asked
for that is not a value.
"""

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from vjdream.errors import ParameterError, nearest

Value = float | int | bool | str
Kind = Literal["continuous", "integer", "choice", "toggle", "word"]
Curve = Literal["linear", "logarithmic"]
Words = Literal["class", "layer"]
Scope = Literal["look", "show"]

ROOT = "/vjdream/"
OSC_TYPES: dict[Kind, str] = {
    "continuous": "f",
    "integer": "i",
    "choice": "s",
    "toggle": "i",
    "word": "s",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of the table.

    `name` is the address without ``/vjdream/``; presets and ``--set`` use it. `scope` **look** is
    what presets save; **show** belongs to the evening and is never touched by a preset.
    """

    name: str
    kind: Kind
    default: Value
    label: str
    help: str
    page: str
    minimum: float = 0.0
    maximum: float = 1.0
    unit: str = ""
    curve: Curve = "linear"
    wraps: bool = False
    choices: tuple[str, ...] = ()
    words: Words = "class"  # what a word names
    scope: Scope = "look"
    attribute: str = ""  # of `State`

    @property
    def address(self) -> str:
        return ROOT + self.name

    @property
    def norm_address(self) -> str:
        """Where it can be moved from 0 to 1 along its curve."""
        return f"{ROOT}norm/{self.name}"

    @property
    def osc_type(self) -> str:
        """The type tag that feedback and recordings use."""
        return OSC_TYPES[self.kind]

    @property
    def touchdesigner(self) -> str:
        """The name of the custom parameter: one capital, then lower case letters and digits."""
        return "".join(c for c in self.name.lower() if c.isalnum()).capitalize()

    @property
    def numeric(self) -> bool:
        return self.kind in ("continuous", "integer")

    def between(self, here: float, there: float, share: float) -> float:
        """Return the value after a `share` 0..1 of the way, along the curve and the short way."""
        if self.wraps:
            span = self.maximum - self.minimum
            way = (there - here + span / 2) % span - span / 2
            return self.minimum + (here + share * way - self.minimum) % span
        start, end = self.normalised(here), self.normalised(there)
        return self.denormalised(start + share * (end - start))

    def distance(self, here: float, there: float) -> float:
        """Return how far two values lie apart along the curve, as a part of the range."""
        if self.wraps:
            span = self.maximum - self.minimum
            return abs((there - here + span / 2) % span - span / 2) / span
        return abs(self.normalised(there) - self.normalised(here))

    def normalised(self, value: float) -> float:
        """Return where `value` lies along the curve, 0..1."""
        if self.curve == "logarithmic":
            span = math.log(self.maximum / self.minimum)
            return math.log(max(value, self.minimum) / self.minimum) / span
        return (value - self.minimum) / (self.maximum - self.minimum)

    def denormalised(self, position: float) -> float:
        """Return the value at `position` 0..1 along the curve."""
        if self.curve == "logarithmic":
            return self.minimum * math.exp(position * math.log(self.maximum / self.minimum))
        return self.minimum + position * (self.maximum - self.minimum)

    def number(self, value: float) -> tuple[Value, str]:
        """Fit a number into this parameter's range.

        Returns:
            the value, and a sentence when it had to be clamped (else "").

        Raises:
            ParameterError: for NaN and infinities, and for zero or less on a logarithmic scale.
        """
        if not math.isfinite(value):
            raise ParameterError(f"{self.address} needs a finite number, got {value}")
        if self.curve == "logarithmic" and value <= 0:
            raise ParameterError(
                f"{self.address} must be above 0, got {value:g} (allowed {self.allowed})"
            )
        if self.kind == "integer":
            value = math.floor(value + 0.5)
        if self.wraps and not self.minimum <= value < self.maximum:
            span = self.maximum - self.minimum
            fitted = self.minimum + (value - self.minimum) % span
        else:
            fitted = min(max(value, self.minimum), self.maximum)
        note = ""
        # a limit such as 0.05 is a little more as a float of 32 bits
        if not math.isclose(fitted, value, rel_tol=1e-6) and not self.wraps:
            note = f"{self.address} {value:g} was clamped to {fitted:g} (allowed {self.allowed})"
        return (int(fitted) if self.kind == "integer" else float(fitted)), note

    def choice(self, chosen: str | int) -> str:
        """Return the choice of that name (in any case) or index."""
        if isinstance(chosen, str):
            if chosen.lower() in self.choices:
                return chosen.lower()
        elif 0 <= chosen < len(self.choices):
            return self.choices[chosen]
        hint = nearest(chosen[:60], self.choices) if isinstance(chosen, str) else ""
        raise ParameterError(
            f"{self.address} knows no '{str(chosen)[:60]}' (allowed: {self.allowed}){hint}"
        )

    @property
    def allowed(self) -> str:
        """The range in words."""
        if self.kind in ("continuous", "integer"):
            unit = f" {self.unit}" if self.unit else ""
            return f"{self.minimum:g} to {self.maximum:g}{unit}"
        if self.kind == "choice":
            return ", ".join(self.choices)
        if self.kind == "toggle":
            return "on, off"
        return f"a {self.words} of the network"


def _line(
    name: str, kind: Kind, default: Value, page: str, label: str, help: str, **more: Any
) -> Any:
    parameter = Parameter(name, kind, default, label, help, page, **more)
    return field(default=default, metadata={"parameter": parameter})


def _amount(
    name: str,
    default: float,
    low: float,
    high: float,
    page: str,
    label: str,
    help: str,
    **more: Any,
) -> Any:
    return _line(name, "continuous", default, page, label, help, minimum=low, maximum=high, **more)


@dataclass(frozen=True, slots=True)
class State:
    """All live parameters at one moment."""

    # fmt: off
    # -- what is dreamt ---------------------------------------------------------------------------
    mode: str = _line("mode", "choice", "class", "Dream", "Mode", "class paints what the classes name, layer enhances whatever a layer of the network sees (Inceptionism).", choices=("class", "layer"))
    class_1: str = _line("class/1", "word", "jellyfish", "Dream", "Class 1", "What region 1 dreams of.")
    class_2: str = _line("class/2", "word", "galaxy", "Dream", "Class 2", "What region 2 dreams of.")
    class_3: str = _line("class/3", "word", "flower", "Dream", "Class 3", "What region 3 dreams of.")
    class_4: str = _line("class/4", "word", "ocean", "Dream", "Class 4", "What region 4 dreams of.")
    weight_1: float = _amount("weight/1", 1.0, 0.0, 2.0, "Dream", "Weight 1", "How strongly region 1 dreams.")
    weight_2: float = _amount("weight/2", 1.0, 0.0, 2.0, "Dream", "Weight 2", "How strongly region 2 dreams.")
    weight_3: float = _amount("weight/3", 1.0, 0.0, 2.0, "Dream", "Weight 3", "How strongly region 3 dreams.")
    weight_4: float = _amount("weight/4", 1.0, 0.0, 2.0, "Dream", "Weight 4", "How strongly region 4 dreams.")
    split_shape: str = _line("split/shape", "choice", "line", "Dream", "Split shape", "How the picture is divided: whole (class 1 everywhere), line (classes 1 and 2), quarters (1 to 4, clockwise from the top left), circle (1 inside, 2 around it; the position is its size) or stripes (1 to 4 and again; the position slides them, and 0 looks like 1).", choices=("whole", "line", "quarters", "circle", "stripes"))
    split_position: float = _amount("split/position", 0.5, 0.0, 1.0, "Dream", "Split position", "Where the border lies: 1 gives all to region 1, 0 all to the opposite one.")
    split_angle: float = _amount("split/angle", 0.0, 0.0, 360.0, "Dream", "Split angle", "Turns the border clockwise; at 0 region 1 is on top.", unit="°", wraps=True)
    split_feather: float = _amount("split/feather", 0.25, 0.0, 1.0, "Dream", "Split feather", "Width of the soft border, as a part of the short side.")
    layer: str = _line("layer", "word", "block4.conv1", "Dream", "Layer", "The layer that mode layer enhances: low ones paint strokes, high ones objects.", words="layer")
    channel: int = _line("channel", "integer", -1, "Dream", "Channel", "One channel of the layer; -1 is the whole layer.", minimum=-1, maximum=4095)
    wander: float = _amount("wander", 0.0, 0.0, 1.0, "Dream", "Wander", "Classes and camera drift by themselves: at 1 a region takes another class of the palette every 12 s.")
    guide: float = _amount("guide", 1.0, 0.0, 1.0, "Dream", "Guide", "How much mode layer follows the guide picture (--guide) instead of itself.")
    # -- what feeds the dream ---------------------------------------------------------------------
    input_pull: float = _amount("input/pull", 1.0, 0.0, 30.0, "Input", "Input pull", "Draws the canvas to the input (--input): at 1 half of the way in a second, at 4 in a quarter of one.", unit="halvings per second")
    input_motion: float = _amount("input/motion", 0.0, 0.0, 1.0, "Input", "Input motion", "1 pulls only where the input moves, so scenes at rest dream deeper and motion shows the input.")
    # -- how the camera travels -------------------------------------------------------------------
    zoom: float = _amount("zoom", 1.05, 0.5, 2.0, "Camera", "Zoom", "Growth per second; below 1 the camera travels backwards.", unit="× per second", curve="logarithmic")
    rotate: float = _amount("rotate", 0.25, -180.0, 180.0, "Camera", "Rotate", "Turns the picture clockwise.", unit="° per second")
    pan_x: float = _amount("pan/x", 0.0, -1.0, 1.0, "Camera", "Pan X", "Moves the camera to the right.", unit="heights per second")
    pan_y: float = _amount("pan/y", 0.0, -1.0, 1.0, "Camera", "Pan Y", "Moves the camera down.", unit="heights per second")
    # -- how it is dreamt -------------------------------------------------------------------------
    strength: float = _amount("strength", 1.0, 0.0, 4.0, "Ascent", "Strength", "How fast the picture climbs towards its classes.")
    keyframes: float = _amount("keyframes", 4.0, 0.25, 30.0, "Ascent", "Keyframes", "Dreamt pictures per second of show time; a slow machine is late and says so.", unit="per second", curve="logarithmic")
    steps: int = _line("steps", "integer", 5, "Ascent", "Steps", "Ascent steps for each keyframe.", minimum=1, maximum=64)
    scale: float = _amount("scale", 1.0, 0.25, 4.0, "Ascent", "Scale", "Size of the dreamt features.", unit="×", curve="logarithmic")
    spread: float = _amount("spread", 3.0, 1.0, 8.0, "Ascent", "Spread", "The network looks at the canvas through a random scale up to this many times coarser: large forms and small ones.", unit="×", curve="logarithmic")
    octaves: int = _line("octaves", "integer", 0, "Ascent", "Octaves", "How many scales the looks choose from, coarse to fine; 0 takes any scale.", minimum=0, maximum=8)
    jitter: float = _amount("jitter", 0.06, 0.0, 0.25, "Ascent", "Jitter", "Random shift of each look, which hides the network's grid.", unit="heights")
    sway: float = _amount("sway", 14.0, 0.0, 45.0, "Ascent", "Sway", "Random rotation of each look, up to this angle.", unit="°")
    smoothness: float = _amount("smoothness", 0.15, 0.0, 2.0, "Ascent", "Smoothness", "The score's gradient is weighted by frequency to minus this power: 0 paints grain, 1 paints clouds.")
    bands: float = _amount("bands", 0.5, 0.0, 1.0, "Ascent", "Bands", "1 lets every octave of forms, from large to fine, climb with the same force, 0 leaves it to the network.")
    everywhere: float = _amount("everywhere", 0.85, 0.0, 1.0, "Ascent", "Everywhere", "1 climbs equally fast all over the picture, 0 leaves calm what the network cares little for.")
    evenness: float = _amount("evenness", 0.3, 0.0, 1.0, "Ascent", "Evenness", "1 moves every pixel equally fast as Adam does, 0 moves most where the network asks most.")
    colour: float = _amount("colour", 0.9, 0.0, 4.0, "Ascent", "Colour", "How fast colours climb compared with light and dark: low is sober, high is neon.")
    natural: float = _amount("natural", 1.0, 0.0, 2.0, "Ascent", "Natural", "1 lets warm and cool colours climb before green and magenta, as in photographs, 0 is a rainbow.")
    balance: float = _amount("balance", 2.0, 0.0, 8.0, "Ascent", "Balance", "How fast brightness, contrast and saturation of the canvas return to those of a photograph.", unit="per second")
    gradients: str = _line("gradients", "choice", "even", "Ascent", "Gradients", "even brings every region and the prior to the same force, sum adds them as they are.", choices=("even", "sum"))
    optimizer: str = _line("optimizer", "choice", "adam", "Ascent", "Optimizer", "adam keeps its momentum all evening, lsd is the rule of 2015: nearly the sign of the gradient, forgotten with every keyframe.", choices=("adam", "lsd"))
    momentum: float = _amount("momentum", 0.25, 0.0, 2.0, "Ascent", "Momentum", "How long a direction of ascent is remembered.", unit="s")
    equaliser: float = _amount("equaliser", 0.5, 0.0, 4.0, "Ascent", "Equaliser", "How fast the picture's octaves of detail return to the strengths that photographs have: crisp without drifting to grain or mush.", unit="per second")
    seeds: float = _amount("seeds", 1.0, 0.0, 2.0, "Ascent", "Seeds", "Faint random forms sown into calm places, for the dream to grow from.")
    suppress: float = _amount("suppress", 0.4, 0.0, 4.0, "Ascent", "Suppress", "Pushes all other classes away.")
    prior: float = _amount("prior", 0.8, 0.0, 4.0, "Ascent", "Prior", "Pull towards the statistics of natural pictures, relative to the dream.")
    prior_form: str = _line("prior_form", "choice", "student", "Ascent", "Prior form", "student allows sharp edges, gaussian makes everything soft.", choices=("student", "gaussian"))
    prior_scales: str = _line("prior_scales", "choice", "sampled", "Ascent", "Prior scales", "sampled looks at one grid of patches in each step, pyramid at every patch of five scales, as in 2015.", choices=("sampled", "pyramid"))
    resampling: str = _line("resampling", "choice", "sharp", "Ascent", "Resampling", "How the canvas follows the camera: sharp keeps detail, plain softens a little, as in 2015.", choices=("sharp", "plain"))
    blur: float = _amount("blur", 0.0, 0.0, 0.05, "Ascent", "Blur", "Softens the canvas while it dreams, as the deviation after one second.", unit="heights")
    # -- the grade --------------------------------------------------------------------------------
    grade_brightness: float = _amount("grade/brightness", 0.0, -1.0, 1.0, "Grade", "Brightness", "Added to every colour.")
    grade_contrast: float = _amount("grade/contrast", 1.0, 0.0, 3.0, "Grade", "Contrast", "Around middle grey.")
    grade_saturation: float = _amount("grade/saturation", 1.0, 0.0, 3.0, "Grade", "Saturation", "0 is black and white.")
    grade_hue: float = _amount("grade/hue", 0.0, -180.0, 180.0, "Grade", "Hue", "Turns all colours.", unit="°", wraps=True)
    grade_gamma: float = _amount("grade/gamma", 1.0, 0.25, 4.0, "Grade", "Gamma", "Above 1 lifts the shadows.", curve="logarithmic")
    # -- the evening ------------------------------------------------------------------------------
    master: float = _amount("master", 1.0, 0.0, 1.0, "Show", "Master", "Fades the output to black.", scope="show")
    blackout: bool = _line("blackout", "toggle", False, "Show", "Blackout", "Black on the very next frame.", scope="show")
    glide: float = _amount("glide", 0.25, 0.0, 10.0, "Show", "Glide", "How long a moved value takes to arrive.", unit="s", scope="show")
    preset_time: float = _amount("preset/time", 2.0, 0.0, 600.0, "Show", "Preset time", "How long a preset takes to arrive that is loaded without a time of its own, and a look that is reset.", unit="s", scope="show")
    target: int = _line("target", "integer", 1, "Show", "Target", "The region that palette pads fill; 0 is every region.", maximum=4, scope="show")
    hold: bool = _line("hold", "toggle", False, "Show", "Hold", "The dream stands still; the camera goes on.", scope="show")

    # fmt: on
    def with_value(self, parameter: Parameter, value: Value) -> "State":
        """Return this state with one parameter changed."""
        return self.with_values(((parameter, value),))

    def with_values(self, values: Iterable[tuple[Parameter, Value]]) -> "State":
        """Return this state with some parameters changed, at the cost of one."""
        return dataclasses.replace(self, **{p.attribute: cast(Any, v) for p, v in values})

    def value(self, parameter: Parameter) -> Value:
        return cast(Value, getattr(self, parameter.attribute))

    @property
    def classes(self) -> tuple[str, str, str, str]:
        return self.class_1, self.class_2, self.class_3, self.class_4

    @property
    def regions(self) -> int:
        """How many classes the split shows: the first ones."""
        return REGIONS[self.split_shape]

    @property
    def weights(self) -> tuple[float, float, float, float]:
        return self.weight_1, self.weight_2, self.weight_3, self.weight_4


REGIONS = {"whole": 1, "line": 2, "circle": 2, "quarters": 4, "stripes": 4}
"""Regions of each shape of the split."""

TABLE: dict[str, Parameter] = {
    line.metadata["parameter"].name: dataclasses.replace(
        line.metadata["parameter"], attribute=line.name
    )
    for line in dataclasses.fields(State)
}
"""Every parameter by name, in the order of the table."""

CLASS_SLOTS = tuple(p for p in TABLE.values() if p.kind == "word" and p.words == "class")


@dataclass(frozen=True, slots=True)
class Command:
    """Something a message can ask for that is not a value."""

    name: str
    arguments: str  # in words, for the documentation
    help: str
    example: tuple[float | int | str, ...] = ()  # arguments that make sense
    numbers: int = 0  # as many addresses of this kind: name/1, name/2, …
    listed: bool = True  # aliases are not

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that can be sent to."""
        if self.numbers:
            return tuple(f"{ROOT}{self.name}/{n}" for n in range(1, self.numbers + 1))
        return (ROOT + self.name,)

    @property
    def shown(self) -> str:
        """The address as the documentation shows it."""
        return f"{ROOT}{self.name}/1…{self.numbers}" if self.numbers else ROOT + self.name


# fmt: off
TRIGGER = "[trigger]"
"""Nothing, or a number: anything but 0 fires, so a button may send its release, too."""

LARGEST_PALETTE = 64
"""Classes of a palette: an eight by eight pad surface."""

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("classes", "s …", "Sets the regions' classes in order; `volcano + bee` in one string too. Fewer names than regions repeat.", ("eye", "galaxy")),
        Command("slot", "i number", "The class of that region by its number in the network's list; told to subscribers, too, for hosts that can hold no words.", (3,), numbers=4),
        Command("palette", TRIGGER, "Lets the `target` region dream the palette's class of that number. The palette is the preset's, else all classes of the network.", (1,), numbers=LARGEST_PALETTE),
        Command("next", TRIGGER, "Lets that region dream the palette's next class.", (1,), numbers=4),
        Command("previous", TRIGGER, "Lets that region dream the palette's class before.", (1,), numbers=4),
        Command("random", TRIGGER, "Lets that region dream any other class of the palette.", (1,), numbers=4),
        Command("preset/load", "s name, [f seconds]", "Morphs into a preset, shipped or saved, within that time or `preset/time`.", ("cathedral", 4.0)),
        Command("preset/next", TRIGGER, "Loads the preset after the one loaded last, in the order of names.", (1,)),
        Command("preset/previous", TRIGGER, "Loads the preset before it.", (1,)),
        Command("preset/save", "s name", "Saves the look as a preset of that name, in the folder for your own presets.", ("tonight",)),
        Command("reset/look", TRIGGER, "Returns to the look of a show without a preset, within `preset/time`.", (1,)),
        Command("reset/canvas", TRIGGER, "Fades the canvas to soft clouds, from which the dream begins anew.", (1,)),
        Command("release", TRIGGER, "Gives back what was moved by hand since the last preset: it takes the preset's values again.", (1,)),
        Command("rewind", "f seconds", "Returns to the picture of so many seconds ago (60 at most) and dreams on from there.", (8.0,)),
        Command("snapshot", "[s name]", "Keeps the picture as a PNG that `run --resume` goes on from."),
        Command("record/start", "[s name]", "Records the show from now on, as a session that can be replayed and rendered.", ("friday",)),
        Command("record/stop", TRIGGER, "Ends the recording.", (1,)),
        Command("mark", "[s name]", "Names this moment in the recording, so that a replay can begin here.", ("drop",)),
        Command("midi/learn", "s address", "Lets the next MIDI control that moves play that address (`--midi`).", ("/vjdream/zoom",)),
        Command("norm/<name>", "f 0..1", "Sets any number along its curve."),
        Command("subscribe", "[i port]", "Sends every change and the state to the asking address for 60 s (any message renews); with a port, to that port of the same host."),
        Command("sync", "", "Subscribes, and sends all values once."),
        Command("class", "s …", "The same as `classes`.", listed=False),
        Command("preset", "s name, [f seconds]", "The same as `preset/load`.", listed=False),
        Command("pan", "f f", "Both pan rates at once.", listed=False),
    )
}


# fmt: on
@dataclass(frozen=True, slots=True)
class Report:
    """What the engine tells its subscribers: some once a second, others when they change."""

    name: str
    help: str
    osc_type: str = "f"
    folder: str = "state/"
    timed: bool = True  # once a second

    @property
    def address(self) -> str:
        return f"{ROOT}{self.folder}{self.name}"


REPORTS: tuple[Report, ...] = (
    Report("fps", "Output frames per second."),
    Report("keyframes", "Dreamt keyframes per second."),
    Report("steps", "Ascent steps in each keyframe, on average."),
    Report(
        "late", "Output frames missed or sent more than half a period late, since the start.", "i"
    ),
    Report("received", "OSC packets that arrived, since the start.", "i"),
    Report("rejected", "Messages that could not be used, since the start.", "i"),
    Report("lost", "Packets thrown away because more came than can be read, since the start.", "i"),
    Report("connections", "NDI receivers.", "i"),
    Report("recording", "1 while the show is recorded.", "i"),
    Report("alive", "1 while the dreamer runs, 0 while it starts.", "i"),
    Report("flash", "How much of a flash was held back in the last second, 0 to 1."),
    Report("midi", "What MIDI is doing: its ports, what it learns.", "s", timed=False),
    Report("preset", "The preset loaded or saved last, whenever that changes.", "s", timed=False),
    Report(
        "error", "What was wrong with a message, at most five times a second.", "s", timed=False
    ),
    *(
        Report(f"see/{n}", f"What the network sees in region {n}.", "s", "", timed=False)
        for n in range(1, 5)
    ),
    *(
        Report(f"sure/{n}", f"How sure it is of what it sees in region {n}.", "f", "", timed=False)
        for n in range(1, 5)
    ),
)


def lookup(name: str) -> Parameter:
    """Return the parameter of that name.

    Raises:
        ParameterError: with the nearest name when there is none.
    """
    try:
        return TABLE[name]
    except KeyError:
        raise ParameterError(f"no parameter is called '{name}'{nearest(name, TABLE)}") from None


def markdown() -> str:
    """The table as the README shows it."""
    lines = []
    for page in dict.fromkeys(p.page for p in TABLE.values()):
        lines += [
            f"**{page}**",
            "",
            "| Address | Type | Default | Range | What it does |",
            "|---|---|---|---|---|",
        ]
        for p in TABLE.values():
            if p.page == page:
                default = ("on" if p.default else "off") if p.kind == "toggle" else p.default
                if isinstance(default, float):
                    default = f"{default:g}"
                lines.append(
                    f"| `{p.address}` | {p.osc_type} | {default} | {p.allowed} | {p.help} |"
                )
        lines.append("")
    lines += ["**Commands**", "", "| Address | Arguments | What it does |", "|---|---|---|"]
    lines += [f"| `{c.shown}` | {c.arguments} | {c.help} |" for c in COMMANDS.values() if c.listed]
    lines += [
        "",
        "**Reports** to every subscriber, the numbers once a second",
        "",
        "| Address | What it says |",
        "|---|---|",
    ]
    lines += [f"| `{r.address}` | {r.help} |" for r in REPORTS]
    return "\n".join(lines) + "\n"


def as_plain() -> list[dict[str, Any]]:
    """The table as plain values, for JSON."""
    return [
        {
            "name": p.name, "address": p.address, "kind": p.kind, "type": p.osc_type,
            "default": p.default, "unit": p.unit, "curve": p.curve, "wraps": p.wraps,
            "scope": p.scope, "label": p.label, "help": p.help, "page": p.page,
            "touchdesigner": p.touchdesigner,
            **({"minimum": p.minimum, "maximum": p.maximum} if p.numeric else {}),
            **({"choices": list(p.choices)} if p.kind == "choice" else {}),
        }
        for p in TABLE.values()
    ]  # fmt: skip
