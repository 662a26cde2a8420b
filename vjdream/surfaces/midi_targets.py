"""What a MIDI control may be bound to: parameters, classes by number, and commands.

Everything here is derived from the two tables of `vjdream.parameters`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from vjdream.errors import ParameterError, nearest
from vjdream.names import RULE, plain_name
from vjdream.parameters import CLASS_SLOTS, COMMANDS, ROOT, TABLE, TRIGGER, Parameter, Value

Purpose = Literal["number", "toggle", "choice", "class", "word", "command"]
Mode = Literal["absolute", "toggle", "trigger", "relative"]

MODES: dict[Purpose, tuple[Mode, ...]] = {
    "number": ("absolute", "relative", "toggle", "trigger"),
    "toggle": ("absolute", "toggle", "trigger"),
    "choice": ("absolute", "relative", "trigger"),
    "class": ("absolute", "relative", "trigger"),
    "word": ("trigger",),
    "command": ("trigger",),
}
"""What a control can do to each kind of target; for a knob or fader the first is meant."""

PRESSED: dict[Purpose, Mode] = {"number": "toggle", "toggle": "toggle"}
"""What a pad does, where it is not `trigger`."""

NAMED = ("preset/load", "preset/save", "snapshot", "record/start")
"""Commands whose value becomes the name of a file."""

LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a control moves."""

    name: str  # the address without /vjdream/
    purpose: Purpose
    parameter: Parameter | None = None

    @property
    def address(self) -> str:
        return ROOT + self.name

    @property
    def slot(self) -> str:
        """The address that takes a class by its number."""
        return f"{ROOT}slot/{self.name.rpartition('/')[2]}"

    @property
    def needs_value(self) -> bool:
        """Whether a press means nothing until the map says what is to be sent."""
        if self.purpose == "word":
            return True
        return self.purpose == "command" and _arguments(self.name) not in (TRIGGER, "[s name]")

    def mode(self, pressed: bool) -> Mode:
        """What a control does to it unless the map says otherwise.

        Args:
            pressed: the control is a pad or button.
        """
        return PRESSED.get(self.purpose, "trigger") if pressed else MODES[self.purpose][0]

    def checked(self, value: Value) -> Value:
        """Return a value that a press sends.

        Raises:
            ParameterError: when it does not fit; words are looked up by the engine.
        """
        parameter = self.parameter
        if isinstance(value, str) and not 0 < len(value.strip()) <= LONGEST_WORD:
            raise ParameterError(f"a value has 1 to {LONGEST_WORD} characters, got {len(value)}")
        if parameter is None:
            return self._for_command(value)
        if self.purpose == "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ParameterError(
                    f"'{self.name}' needs a number ({parameter.allowed}), got {value!r}"
                )
            fitted, clamped = parameter.number(float(value))
            if clamped:
                raise ParameterError(
                    f"'{self.name}' {value:g} is out of range (allowed {parameter.allowed})"
                )
            return fitted
        if self.purpose == "toggle":
            if not isinstance(value, bool):
                raise ParameterError(f"'{self.name}' needs true or false, got {value!r}")
            return value
        if isinstance(value, bool | float):
            raise ParameterError(f"'{self.name}' needs {parameter.allowed}, got {value!r}")
        return parameter.choice(value) if self.purpose == "choice" else value

    def _for_command(self, value: Value) -> Value:
        wanted = _arguments(self.name)
        if wanted == TRIGGER:
            raise ParameterError(f"'{self.name}' is a trigger and takes no value")
        if wanted.startswith("f "):
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise ParameterError(f"'{self.name}' needs a number of seconds, got {value!r}")
            return float(value)
        if not isinstance(value, str):
            raise ParameterError(f"'{self.name}' needs a word, got {value!r}")
        if self.name in NAMED and plain_name(value) is None:
            raise ParameterError(f"'{value}' is no name for '{self.name}': {RULE}")
        return value


def find(address: str) -> Target:
    """Return the target of an address, with or without ``/vjdream/`` or ``/vjdream/norm/``.

    Raises:
        ParameterError: when there is none; the sentence names the nearest.
    """
    name = address.removeprefix(ROOT)
    known = targets()
    target = known.get(name.removeprefix("norm/"))
    if target is None:
        raise ParameterError(
            f"no control can be bound to '{address[:60]}'{nearest(name[:60], known)}"
        )
    return target


@cache
def targets() -> dict[str, Target]:
    """Everything that can be bound, by name; ``slot/N`` is another name of ``class/N``."""
    found = {p.name: Target(p.name, _purpose(p), p) for p in TABLE.values()}
    for parameter in CLASS_SLOTS:
        found[parameter.name.replace("class/", "slot/")] = found[parameter.name]
    for command in COMMANDS.values():
        bound = command.arguments == TRIGGER or command.name in VALUED
        if command.listed and bound:
            for address in command.addresses:
                name = address.removeprefix(ROOT)
                found[name] = Target(name, "command")
    return found


VALUED = frozenset({"classes", "mark", "rewind", *NAMED})
"""Commands that take a value, and can be bound with one."""


def _purpose(parameter: Parameter) -> Purpose:
    if parameter.numeric:
        return "number"
    if parameter.kind == "word":
        return "class" if parameter.words == "class" else "word"
    return "toggle" if parameter.kind == "toggle" else "choice"


def _arguments(name: str) -> str:
    """What a command takes, in the words of the table."""
    command = COMMANDS.get(name) or COMMANDS[name.rpartition("/")[0]]
    return command.arguments
