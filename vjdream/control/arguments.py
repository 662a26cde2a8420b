"""What the arguments of a message mean: numbers, words, switches, triggers, relative values."""

import math
from collections.abc import Callable

from vjdream.errors import MessageError, ParameterError
from vjdream.messages import Argument
from vjdream.parameters import Parameter
from vjdream.session_text import NO_BREAK_SPACE

LARGEST = 1e300

COMBINED: dict[str, Callable[[float, float], float]] = {
    "": lambda here, number: number,
    "a": lambda here, number: number,
    "+": lambda here, number: here + number,
    "-": lambda here, number: here - number,
    "*": lambda here, number: here * number,
}
"""Resolume's strings in front of a value."""

RELATIVE = frozenset("+-*!?")
"""Those whose message means something else each time."""


def split_prefix(parameter: Parameter, arguments: tuple[Argument, ...]) -> tuple[str, Argument]:
    """Take Resolume's leading string off: ``"+" 0.1``; ``"!"`` stands alone."""
    if arguments == ("!",) and parameter.kind == "toggle":
        return "!", True
    if len(arguments) == 2 and isinstance(arguments[0], str) and arguments[0] in COMBINED:
        if parameter.numeric or arguments[0] in ("", "a"):
            return arguments[0], arguments[1]
        raise ParameterError(f"{parameter.address} takes no '{arguments[0]}'")
    if len(arguments) != 1:
        raise ParameterError(
            f"{parameter.address} needs one value ({parameter.allowed}), got {len(arguments)}"
        )
    return "", arguments[0]


def number(parameter: Parameter, argument: Argument) -> float:
    """Return a number; NaN and infinities have a sentence of their own later."""
    if isinstance(argument, bool | int | float) and abs(argument) < LARGEST:
        return float(argument)
    if isinstance(argument, float):
        return argument
    raise ParameterError(
        f"{parameter.address} needs a number ({parameter.allowed}), got {shown(argument)}"
    )


def toggle(parameter: Parameter, argument: Argument) -> bool:
    """Return on or off."""
    if isinstance(argument, bool | int | float) and not math.isnan(argument):
        return bool(argument)
    if isinstance(argument, str) and argument.lower() in ("on", "off", "true", "false"):
        return argument.lower() in ("on", "true")
    raise ParameterError(f"{parameter.address} needs on or off, got {shown(argument)}")


def word(parameter: Parameter, argument: Argument) -> str | int:
    """Return a word or a 0-based index."""
    if isinstance(argument, str):
        return argument
    if isinstance(argument, float) and argument.is_integer():
        return int(argument)
    if isinstance(argument, int) and not isinstance(argument, bool):
        return argument
    raise ParameterError(
        f"{parameter.address} needs {parameter.allowed} or its number, got {shown(argument)}"
    )


def fires(address: str, arguments: tuple[Argument, ...]) -> bool:
    """Return whether a trigger is meant: by no argument, or by one that is not zero.

    Raises:
        MessageError: for anything else.
    """
    if not arguments:
        return True
    argument = arguments[0]
    if len(arguments) == 1:
        if argument is None:  # OSC's nil and impulse
            return True
        if isinstance(argument, bool | int | float) and not math.isnan(argument):
            return argument != 0
    raise MessageError(f"{address} needs no argument, or 1, got {shown(argument)}")


def name(address: str, argument: Argument) -> str:
    """Return a name that is given as text; in a session its spaces may be no-break spaces."""
    if isinstance(argument, str) and argument.strip():
        return argument.replace(NO_BREAK_SPACE, " ").strip()
    raise MessageError(f"{address} needs a name, got {shown(argument)}")


def optional_name(address: str, arguments: tuple[Argument, ...]) -> str | None:
    """Return a name, "" where a trigger asks for any, or None where it does not fire.

    Raises:
        MessageError: for anything else.
    """
    if len(arguments) == 1 and isinstance(arguments[0], str):
        return name(address, arguments[0])
    return "" if fires(address, arguments) else None


def seconds(address: str, argument: Argument, longest: float) -> float:
    """Return a length of time, at most `longest`."""
    if isinstance(argument, int | float) and not isinstance(argument, bool):
        given = min(float(argument), longest) if abs(argument) < LARGEST else math.nan
        if given >= 0:
            return given
    raise MessageError(f"{address} needs seconds (0 to {longest:g}), got {shown(argument)}")


def shown(argument: Argument) -> str:
    """The argument as an error sentence quotes it."""
    text = repr(argument)
    return text if len(text) <= 60 else f"{text[:57]}..."
