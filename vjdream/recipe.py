"""The recipe of a show: all that it was started with, so that it can be told again.

A recorded session has it in its sidecar, a snapshot in the picture's metadata.
"""

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import vjdream
from vjdream import presets
from vjdream.errors import ParameterError, SessionError, VJDreamError
from vjdream.parameters import TABLE, Parameter, Scope, State, Value
from vjdream.settings import Settings
from vjdream.vocabulary import FORMAT, Vocabulary

PACKAGES = ("torch", "torchvision", "numpy", "opencv-python-headless")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a show was started with, and its values at one moment.

    Attributes:
        values: every parameter's target by name.
        touched: those that hands have moved, with what `release` returns them to.
        preset: that was loaded last, "" for none.
        palette: the preset's, empty for all classes.
    """

    network: str
    weights: str | None
    class_list: str | None
    guide: str | None
    prior: str | None
    source: str | None
    size: str
    fps: str
    canvas: str
    seed: int
    device: str
    dtype: str
    threads: int
    allow_flashing: bool
    values: dict[str, Value]
    touched: dict[str, Value] = field(default_factory=dict)
    preset: str = ""
    palette: tuple[str, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """The recipe for JSON, with the versions of what cooks here."""
        plain = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {"vjdream": FORMAT, **plain, "palette": list(self.palette), "versions": versions()}


def recipe_of(
    settings: Settings,
    state: State,
    preset: str,
    palette: tuple[str, ...],
    touched: Iterable[tuple[Parameter, Value]] = (),
) -> Recipe:
    """Return the recipe of a show whose parameters stand like this."""
    return Recipe(
        settings.network, settings.weights, settings.class_list, settings.guide, settings.prior,
        settings.source,
        str(settings.size), str(settings.fps), str(settings.canvas_size),
        settings.seed, settings.device, settings.dtype, settings.threads, settings.allow_flashing,
        {parameter.name: state.value(parameter) for parameter in TABLE.values()},
        {parameter.name: value for parameter, value in touched},
        preset, palette,
    )  # fmt: skip


def read_recipe(plain: Mapping[str, Any], where: str) -> Recipe:
    """Check what `Recipe.as_plain` has written; what is not known is passed over.

    Args:
        where: the file's name for error sentences.

    Raises:
        SessionError: when it is none, or of another format.
    """
    if plain.get("vjdream") != FORMAT:
        raise SessionError(
            f"{where} is of format {str(plain.get('vjdream'))[:20]!r}, this vjdream reads {FORMAT}"
        )
    chosen: dict[str, Any] = {}
    for entry in fields(Recipe):
        kinds = KINDS.get(entry.name, (str,))
        value = plain.get(entry.name, DEFAULTS.get(entry.name))
        if type(value) not in kinds:
            wanted = " or ".join(kind.__name__ for kind in kinds)
            raise SessionError(
                f"{where}: '{entry.name}' is to be {wanted}, got {str(value)[:40]!r}"
            )
        chosen[entry.name] = value
    chosen["palette"] = tuple(str(slug) for slug in chosen["palette"])
    return Recipe(**chosen)


OPTIONAL = (str, type(None))
KINDS: dict[str, tuple[type, ...]] = {
    "weights": OPTIONAL, "class_list": OPTIONAL, "guide": OPTIONAL, "prior": OPTIONAL,
    "source": OPTIONAL, "seed": (int,), "threads": (int,), "allow_flashing": (bool,),
    "values": (dict,), "touched": (dict,), "palette": (list, tuple),
}  # fmt: skip
"""Types of the entries that are no strings."""

DEFAULTS: dict[str, Any] = {"preset": "", "palette": (), "touched": {}}


def values_of(
    told: Mapping[str, Value], vocabulary: Vocabulary, scopes: tuple[Scope, ...]
) -> tuple[list[tuple[Parameter, Value]], list[str]]:
    """Return a recipe's values by parameter, and a sentence for each that had to give way.

    Parameters and words may be unknown here: a show of another version, or another network.
    """
    values, notes = [], []
    for name, given in told.items():
        parameter = TABLE.get(name)
        try:
            if parameter is None:
                raise ParameterError(f"no parameter is called {name[:60]!r}")
            if parameter.scope in scopes:
                values.append((parameter, _value(parameter, given, vocabulary)))
        except VJDreamError as error:
            notes.append(f"{error}; this value is left out")
    return values, notes


def _value(parameter: Parameter, given: Any, vocabulary: Vocabulary) -> Value:
    if parameter.kind != "word":
        return presets.checked_value(parameter, given, vocabulary)
    own = vocabulary.called(parameter.words, str(given))  # words of another network: no guesses
    if own is None:
        raise ParameterError(f"this network knows no {parameter.words} {str(given)[:60]!r}")
    return own


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions of whatever decides about the bytes of a frame."""
    found = {"vjdream": vjdream.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # OpenCV has packages of other names, too
            continue
    return found
