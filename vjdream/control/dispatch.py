"""Dispatch: one message becomes changes of the target state, or one clear sentence.

Accepted for a number: int, float, double, T and F, and Resolume's strings ``+ - * a !`` in front
of a value; for a choice its name or index; for a class or layer its word or number, where a word
that several classes share means one of them by chance. Pattern addresses reach every parameter they
match. ``?`` asks for a value.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from random import Random
from typing import Literal

from vjdream.control.arguments import (
    COMBINED,
    RELATIVE,
    number,
    optional_name,
    shown,
    split_prefix,
    toggle,
    word,
)
from vjdream.control.arguments import name as given_name
from vjdream.control.outcome import Outcome, Request
from vjdream.control.ownership import Changes, Ownership
from vjdream.control.palette import Palette
from vjdream.control.patterns import WILD, matching
from vjdream.control.recall import Recall, Wishes
from vjdream.control.touches import Touches
from vjdream.errors import MessageError, ParameterError
from vjdream.messages import EXACT, Argument, Message
from vjdream.names import RULE, plain_name
from vjdream.parameters import (
    CLASS_SLOTS,
    COMMANDS,
    ROOT,
    TABLE,
    Parameter,
    State,
    Value,
)
from vjdream.preset_library import Library
from vjdream.session_text import LONGEST_MARK, MARK
from vjdream.vocabulary import Vocabulary
from vjdream.words import SIMILAR, closest, plain

LONGEST_ADDRESS = 256

Command = Callable[[Message], Outcome]


class Dispatcher:
    """Applies messages to the values of a show.

    Args:
        dice: picks among several classes that a word can mean; the same messages give the same
            ones with every new dispatcher.
        values: where they are kept; else it begins with those of `start`.
        wishes: for the dreamer, when others have some, too.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        start: State,
        library: Library | None = None,
        preset: str = "",
        dice: Random | None = None,
        values: Ownership | None = None,
        wishes: Wishes | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.values = values or Ownership(start)
        self._dice = dice or Random(0)
        self.palette = Palette(vocabulary, self.values, self._dice)
        library = library or Library(vocabulary, first=start)
        self.recall = Recall(self.values, self.palette, library, preset, wishes)
        self._touches = Touches()
        self._marks = 0
        self._values_of: dict[str, Command] = {
            "classes": self._classes,
            "class": self._classes,
            "pan": self._pan,
        }
        self._commands: dict[str, Command] = {
            "subscribe": self._subscribe,
            "sync": lambda message: Outcome(subscribe=0, sync=True),
            "preset": self.recall.load,
            "preset/load": self.recall.load,
            "preset/next": self.recall.next,
            "preset/previous": self.recall.previous,
            "preset/save": self.recall.save,
            "reset/look": self.recall.reset_look,
            "reset/canvas": self.recall.reset_canvas,
            "release": self.recall.release,
            "rewind": self.recall.rewind_canvas,
            "mark": self._mark,
            "midi/learn": self._learn,
            "record/start": partial(self._request, "record"),
            "record/stop": partial(self._request, "stop"),
            "snapshot": partial(self._request, "snapshot"),
        }
        known = [*TABLE, *self._commands, *self._values_of, *(f"norm/{n}" for n in TABLE)]
        self._spellings = {plain(name): name for name in known}
        for name, command in (
            ("slot", self._slot),
            ("palette", self.palette.pad),
            ("next", self.palette.next),
            ("previous", self.palette.previous),
            ("random", self.palette.random),
        ):
            for place in range(1, COMMANDS[name].numbers + 1):
                self._commands[f"{name}/{place}"] = partial(command, place)

    @property
    def target(self) -> State:
        return self.values.target

    def apply(self, message: Message) -> Outcome:
        """Apply one message; one that only repeats the sender's last does nothing.

        Raises:
            VJDreamError: when it cannot be used; nothing is changed then.
        """
        if len(message.address) > LONGEST_ADDRESS:
            raise MessageError(f"an address of {len(message.address)} characters is too long")
        if not message.address.startswith(ROOT):
            hint = self._nearest(message.address)
            raise MessageError(f"'{message.address}' does not start with {ROOT}{hint}")
        name = message.address[len(ROOT) :]
        command = self._commands.get(name)
        heard = message.sender not in EXACT and _repeatable(message.arguments)
        if heard and self._touches.repeats(message, trigger=command is not None):
            return Outcome()
        if command is not None:
            outcome = command(message)
        elif name in self._values_of:
            outcome = self._values_of[name](message)
        else:
            outcome = self._moved(name, message)
        if heard:
            self._touches.remember(message)
        return outcome

    def _nearest(self, name: str) -> str:
        near = closest(name, list(self._spellings), SIMILAR)
        return f" - did you mean '{self._spellings[near]}'?" if near else ""

    def _moved(self, name: str, message: Message) -> Outcome:
        """Set every parameter that an address names."""
        normalised = name.startswith("norm/")
        if normalised:
            name = name[len("norm/") :]
        pattern = not WILD.isdisjoint(name)
        if pattern:
            parameters = matching(name)
            if not parameters:
                raise MessageError(f"no address matches {message.address}")
        elif name in TABLE:
            parameters = (TABLE[name],)
        else:
            raise MessageError(f"unknown address {message.address}{self._nearest(name)}")
        if message.arguments == ("?",):
            return Outcome(asked=parameters)
        if normalised:
            numeric = tuple(p for p in parameters if p.numeric)
            if len(parameters) == 1 and not numeric:
                raise ParameterError(f"{parameters[0].address} is no number, so it has no /norm")
            parameters = numeric
        given = [(parameter, message.arguments) for parameter in parameters]
        return self._set(given, normalised, derived=pattern)

    def _set(
        self,
        given: Iterable[tuple[Parameter, tuple[Argument, ...]]],
        normalised: bool,
        derived: bool,
    ) -> Outcome:
        """Set parameters to what their arguments mean: all of them, or none when one is wrong."""
        found = [(p, *self._value(p, arguments, normalised)) for p, arguments in given]
        changes = tuple((parameter, value) for parameter, value, _ in found)
        return self._touch(changes, tuple(note for *_, note in found if note), derived)

    def _touch(self, changes: Changes, notes: tuple[str, ...], derived: bool) -> Outcome:
        for parameter, value in changes:
            self.values.touch(parameter, value)
        return Outcome(changes, notes, derived=derived)

    def _value(
        self, parameter: Parameter, arguments: tuple[Argument, ...], normalised: bool
    ) -> tuple[Value, str]:
        """Return the new value of one parameter, and a sentence when it was clamped."""
        prefix, argument = split_prefix(parameter, arguments)
        before = self.target.value(parameter)
        if parameter.kind == "toggle":
            return (not before if prefix == "!" else toggle(parameter, argument)), ""
        if parameter.kind == "word":
            return self._meant(parameter, word(parameter, argument)), ""
        if parameter.kind == "choice":
            return parameter.choice(word(parameter, argument)), ""
        given = number(parameter, argument)
        here = float(before)
        if normalised:
            if not math.isfinite(given):
                return parameter.number(given)
            along = COMBINED[prefix](parameter.normalised(here), given)
            fitted = min(max(along, 0.0), 1.0)
            note = (
                ""
                if fitted == along
                else f"{ROOT}norm/{parameter.name} {along:g} was clamped to {fitted:g}"
            )
            return parameter.number(parameter.denormalised(fitted))[0], note
        return parameter.number(COMBINED[prefix](here, given))

    def _meant(self, parameter: Parameter, meant: str | int) -> str:
        """Return the class or layer that a word means; asked again, another that it can mean."""
        here = self.target.value(parameter)

        def choose(slugs: Sequence[str]) -> str:
            return self._dice.choice([slug for slug in slugs if slug != here] or slugs)

        return self.vocabulary.resolve(parameter.words, meant, choose)

    # -- several values at once -------------------------------------------------------------------

    def _classes(self, message: Message) -> Outcome:
        words: list[str | int] = []
        for argument in message.arguments:
            if isinstance(argument, str):
                words += [part for part in re.split(r"[+,]", argument) if part.strip()]
            else:
                words.append(word(CLASS_SLOTS[0], argument))
        if not words:
            raise MessageError(f"{message.address} needs at least one class")
        if len(words) > len(CLASS_SLOTS):
            raise MessageError(
                f"{message.address} takes up to {len(CLASS_SLOTS)} classes, got {len(words)}"
            )
        found = [self._meant(slot, part) for slot, part in zip(CLASS_SLOTS, words, strict=False)]
        changes = ((slot, found[i % len(found)]) for i, slot in enumerate(CLASS_SLOTS))
        return self._touch(tuple(changes), (), derived=True)

    def _slot(self, region: int, message: Message) -> Outcome:
        """Let a region dream the class of a number."""
        slot = CLASS_SLOTS[region - 1]
        if len(message.arguments) != 1 or isinstance(message.arguments[0], str):
            raise MessageError(f"{message.address} needs the number of a class")
        slug = self._meant(slot, word(slot, message.arguments[0]))
        return self._touch(((slot, slug),), (), derived=True)

    def _pan(self, message: Message) -> Outcome:
        if len(message.arguments) != 2:
            raise MessageError(f"{ROOT}pan needs two numbers, got {len(message.arguments)}")
        x, y = message.arguments
        both = [(TABLE["pan/x"], (x,)), (TABLE["pan/y"], (y,))]
        return self._set(both, normalised=False, derived=True)

    # -- what changes no value ---------------------------------------------------------------------

    def _mark(self, message: Message) -> Outcome:
        """Name this moment; a button numbers it."""
        name = optional_name(message.address, message.arguments)
        if name is None:
            return Outcome()
        self._marks += 1
        name = name[:LONGEST_MARK] or f"mark {self._marks}"
        return Outcome(told=((MARK, (name,)),), request=Request("mark", name))

    def _learn(self, message: Message) -> Outcome:
        """Let the next MIDI control that moves play an address."""
        if len(message.arguments) != 1:
            raise MessageError(f"{message.address} needs an address such as {ROOT}zoom")
        given = given_name(message.address, message.arguments[0])
        name = given.removeprefix(ROOT)
        numbers = {address for command in COMMANDS.values() for address in command.addresses}
        if name not in TABLE and ROOT + name not in numbers:
            raise MessageError(f"unknown address {given[:LONGEST_ADDRESS]}{self._nearest(name)}")
        return Outcome(request=Request("learn", ROOT + name))

    @staticmethod
    def _request(kind: Literal["record", "stop", "snapshot"], message: Message) -> Outcome:
        """Pass on what a live show can do."""
        given = optional_name(message.address, message.arguments)
        if given is None:
            return Outcome()
        name = plain_name(given) if given else ""
        if name is None:
            raise MessageError(f"'{given[:60]}' is no name for {message.address}: {RULE}")
        return Outcome(request=Request(kind, name))

    @staticmethod
    def _subscribe(message: Message) -> Outcome:
        if not message.arguments:
            return Outcome(subscribe=0)
        port = message.arguments[-1]
        if isinstance(port, float) and port.is_integer():
            port = int(port)
        if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
            raise MessageError(f"{ROOT}subscribe takes a port from 1 to 65535, got {shown(port)}")
        return Outcome(subscribe=port)


def _repeatable(arguments: tuple[Argument, ...]) -> bool:
    """Return whether the same arguments again would ask for the same."""
    if not arguments:
        return False
    return not isinstance(arguments[0], str) or arguments[0] not in RELATIVE
