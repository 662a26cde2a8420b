"""Dispatch: one message becomes changes of the target state, or one clear sentence.

Accepted for a number: int, float, double, T and F, and Resolume's strings ``+ - * a !`` in front
of a value; for a choice its name or index; for a class or layer its word or number, where a word
that several classes share means one of them by chance. Pattern addresses reach every parameter they
match. ``?`` asks for a value.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from vjdream.control.patterns import WILD, matching
from vjdream.errors import MessageError, ParameterError, nearest
from vjdream.messages import Argument, Message
from vjdream.parameters import (
    CLASS_SLOTS,
    COMMANDS,
    ROOT,
    TABLE,
    Parameter,
    State,
    Value,
)
from vjdream.vocabulary import Choose, Vocabulary

LONGEST_ADDRESS = 256
LARGEST = 1e300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message did: the values it set, what had to be clamped, what it asked for."""

    changes: tuple[tuple[Parameter, Value], ...] = ()
    notes: tuple[str, ...] = ()
    asked: tuple[Parameter, ...] = ()
    subscribe: int | None = None  # port, 0: the sender's own
    sync: bool = False


class Dispatcher:
    """Keeps the target state and applies messages to it.

    `choose` picks among several classes that a word can mean; the same messages give the same ones
    with every new dispatcher.
    """

    def __init__(self, vocabulary: Vocabulary, target: State, choose: Choose | None = None) -> None:
        self.vocabulary = vocabulary
        self.target = target
        self._choose: Choose = choose or Random(0).choice

    def apply(self, message: Message) -> Outcome:
        """Apply one message.

        Raises:
            VJDreamError: when it cannot be used; the state is as before.
        """
        outcome = self._outcome(message)
        for parameter, value in outcome.changes:
            self.target = self.target.with_value(parameter, value)
        return outcome

    def _outcome(self, message: Message) -> Outcome:
        if len(message.address) > LONGEST_ADDRESS:
            raise MessageError(f"an address of {len(message.address)} characters is too long")
        if not message.address.startswith(ROOT):
            hint = nearest(message.address.strip("/").lower(), TABLE)
            raise MessageError(f"'{message.address}' does not start with {ROOT}{hint}")
        name = message.address[len(ROOT) :]
        command = getattr(self, f"_{name}", None) if name in COMMANDS else None
        if command is not None:
            outcome: Outcome = command(message.arguments)
            return outcome
        normalised = name.startswith("norm/")
        if normalised:
            name = name[len("norm/") :]
        if WILD.intersection(name):
            parameters = matching(name)
            if not parameters:
                raise MessageError(f"no address matches {message.address}")
        elif name in TABLE:
            parameters = (TABLE[name],)
        else:
            known = [*TABLE, *COMMANDS]
            raise MessageError(f"unknown address {message.address}{nearest(name, known)}")
        return self._set(parameters, message.arguments, normalised)

    def _set(
        self, parameters: tuple[Parameter, ...], arguments: tuple[Argument, ...], normalised: bool
    ) -> Outcome:
        if arguments == ("?",):
            return Outcome(asked=parameters)
        changes, notes = [], []
        for parameter in parameters:
            if normalised and not parameter.numeric:
                if len(parameters) > 1:
                    continue
                raise ParameterError(f"{parameter.address} is no number, so it has no /norm")
            value, note = self._value(parameter, arguments, normalised)
            changes.append((parameter, value))
            notes += [note] if note else []
        return Outcome(tuple(changes), tuple(notes))

    def _value(
        self, parameter: Parameter, arguments: tuple[Argument, ...], normalised: bool
    ) -> tuple[Value, str]:
        """Return the new value of one parameter, and a sentence when it was clamped."""
        prefix, argument = _split_prefix(parameter, arguments)
        before = self.target.value(parameter)
        if parameter.kind == "toggle":
            if prefix == "!":
                return not before, ""
            return _toggle(parameter, argument), ""
        if parameter.kind == "word":
            return self._meant(parameter, _word(parameter, argument)), ""
        if parameter.kind == "choice":
            return parameter.choice(_word(parameter, argument)), ""
        number = _number(parameter, argument)
        here = float(before)
        if normalised:
            if not math.isfinite(number):
                return parameter.number(number)
            along = _combined(prefix, parameter.normalised(here), number)
            fitted = min(max(along, 0.0), 1.0)
            note = (
                ""
                if fitted == along
                else f"{ROOT}norm/{parameter.name} {along:g} was clamped to {fitted:g}"
            )
            return parameter.number(parameter.denormalised(fitted))[0], note
        return parameter.number(_combined(prefix, here, number))

    def _meant(self, parameter: Parameter, word: str | int) -> str:
        """Return the class or layer that a word means; asked again, another that it can mean."""
        here = self.target.value(parameter)

        def choose(slugs: Sequence[str]) -> str:
            return self._choose([slug for slug in slugs if slug != here] or slugs)

        return self.vocabulary.resolve(parameter.words, word, choose)

    # -- commands ---------------------------------------------------------------------------------

    def _classes(self, arguments: tuple[Argument, ...]) -> Outcome:
        words: list[str | int] = []
        for argument in arguments:
            if isinstance(argument, str):
                words += [word for word in re.split(r"[+,]", argument) if word.strip()]
            else:
                words.append(_word(CLASS_SLOTS[0], argument))
        if not words:
            raise MessageError(f"{ROOT}classes needs at least one class")
        if len(words) > len(CLASS_SLOTS):
            raise MessageError(
                f"{ROOT}classes takes up to {len(CLASS_SLOTS)} classes, got {len(words)}"
            )
        found = [self._meant(slot, word) for slot, word in zip(CLASS_SLOTS, words, strict=False)]
        return Outcome(tuple((slot, found[i % len(found)]) for i, slot in enumerate(CLASS_SLOTS)))

    _class = _classes

    def _pan(self, arguments: tuple[Argument, ...]) -> Outcome:
        if len(arguments) != 2:
            raise MessageError(f"{ROOT}pan needs two numbers, got {len(arguments)}")
        both = [
            self._set((TABLE[f"pan/{n}"],), (a,), False)
            for n, a in zip("xy", arguments, strict=True)
        ]
        return Outcome(both[0].changes + both[1].changes, both[0].notes + both[1].notes)

    def _subscribe(self, arguments: tuple[Argument, ...]) -> Outcome:
        if not arguments:
            return Outcome(subscribe=0)
        port = arguments[-1]
        if isinstance(port, float) and port.is_integer():
            port = int(port)
        if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
            raise MessageError(f"{ROOT}subscribe takes a port from 1 to 65535, got {_shown(port)}")
        return Outcome(subscribe=port)

    def _sync(self, arguments: tuple[Argument, ...]) -> Outcome:
        return Outcome(subscribe=0, sync=True)


_COMBINE: dict[str, Callable[[float, float], float]] = {
    "": lambda here, number: number,
    "a": lambda here, number: number,
    "+": lambda here, number: here + number,
    "-": lambda here, number: here - number,
    "*": lambda here, number: here * number,
}


def _combined(prefix: str, here: float, number: float) -> float:
    return _COMBINE[prefix](here, number)


def _split_prefix(parameter: Parameter, arguments: tuple[Argument, ...]) -> tuple[str, Argument]:
    """Take Resolume's leading string off: ``"+" 0.1``; ``"!"`` stands alone."""
    if arguments == ("!",) and parameter.kind == "toggle":
        return "!", True
    if len(arguments) == 2 and isinstance(arguments[0], str) and arguments[0] in _COMBINE:
        if parameter.numeric or arguments[0] in ("", "a"):
            return arguments[0], arguments[1]
        raise ParameterError(f"{parameter.address} takes no '{arguments[0]}'")
    if len(arguments) != 1:
        raise ParameterError(
            f"{parameter.address} needs one value ({parameter.allowed}), got {len(arguments)}"
        )
    return "", arguments[0]


def _number(parameter: Parameter, argument: Argument) -> float:
    if isinstance(argument, bool | int | float) and abs(argument) < LARGEST:
        return float(argument)
    if isinstance(argument, float):
        return argument  # NaN and infinities have a sentence of their own
    raise ParameterError(
        f"{parameter.address} needs a number ({parameter.allowed}), got {_shown(argument)}"
    )


def _toggle(parameter: Parameter, argument: Argument) -> bool:
    if isinstance(argument, bool | int | float) and not math.isnan(argument):
        return bool(argument)
    if isinstance(argument, str) and argument.lower() in ("on", "off", "true", "false"):
        return argument.lower() in ("on", "true")
    raise ParameterError(f"{parameter.address} needs on or off, got {_shown(argument)}")


def _word(parameter: Parameter, argument: Argument) -> str | int:
    """Return a word or a 0-based index."""
    if isinstance(argument, str):
        return argument
    if isinstance(argument, float) and argument.is_integer():
        return int(argument)
    if isinstance(argument, int) and not isinstance(argument, bool):
        return argument
    raise ParameterError(
        f"{parameter.address} needs {parameter.allowed} or its number, got {_shown(argument)}"
    )


def _shown(argument: Argument) -> str:
    text = repr(argument)
    return text if len(text) <= 60 else f"{text[:57]}..."
