"""The palette: the classes that pads, `next`, `previous`, `random` and `wander` play."""

from random import Random

from vjdream.control.arguments import fires
from vjdream.control.outcome import Outcome
from vjdream.control.ownership import Ownership
from vjdream.errors import MessageError
from vjdream.messages import Message
from vjdream.parameters import CLASS_SLOTS, ROOT, Parameter
from vjdream.vocabulary import Vocabulary


class Palette:
    """The preset's classes, or all of the network where it names none."""

    def __init__(self, vocabulary: Vocabulary, values: Ownership, dice: Random) -> None:
        self._all = tuple(entry.slug for entry in vocabulary.classes)
        self._values, self._dice = values, dice
        self.named: tuple[str, ...] = ()  # by the preset

    @property
    def classes(self) -> tuple[str, ...]:
        return self.named or self._all

    def pad(self, number: int, message: Message) -> Outcome:
        """Let the target region dream the class of a pad, from 1."""
        if not fires(message.address, message.arguments):
            return Outcome()
        if number > len(self.classes):
            raise MessageError(
                f"{ROOT}palette/{number} is empty (the palette has {len(self.classes)} classes)"
            )
        target = self._values.target.target
        slots = CLASS_SLOTS if target == 0 else (CLASS_SLOTS[target - 1],)
        return self._fill(slots, self.classes[number - 1])

    def next(self, region: int, message: Message) -> Outcome:
        """Let a region dream the class after its own."""
        return self._step(message, region, 1)

    def previous(self, region: int, message: Message) -> Outcome:
        """Let a region dream the class before its own."""
        return self._step(message, region, -1)

    def random(self, region: int, message: Message) -> Outcome:
        """Let a region dream any other class."""
        if not fires(message.address, message.arguments):
            return Outcome()
        slot = CLASS_SLOTS[region - 1]
        here = self._values.target.value(slot)
        return self._fill((slot,), self.other((str(here),), self._dice))

    def other(self, seen: tuple[str, ...], dice: Random) -> str:
        """Return any class but those that are seen, where there is another."""
        return dice.choice([c for c in self.classes if c not in seen] or self.classes)

    def _step(self, message: Message, region: int, way: int) -> Outcome:
        if not fires(message.address, message.arguments):
            return Outcome()
        slot, classes = CLASS_SLOTS[region - 1], self.classes
        here = self._values.target.value(slot)
        before = classes.index(str(here)) if here in classes else min(-way, 0)
        return self._fill((slot,), classes[(before + way) % len(classes)])

    def _fill(self, slots: tuple[Parameter, ...], slug: str) -> Outcome:
        for slot in slots:
            self._values.touch(slot, slug)
        return Outcome(tuple((slot, slug) for slot in slots), derived=True)
