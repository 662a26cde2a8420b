"""Punch-in: the hands of a player on top of a session that plays a show of its own.

What nobody has touched moves exactly as the session moves it. A touched parameter stays with the
player until `release`, and then glides to where the session has come meanwhile.
"""

from vjdream.control.ownership import LOOK, Changes, Owner, Ownership
from vjdream.exchange import Mixes
from vjdream.parameters import CLASS_SLOTS, TABLE, Parameter, State, Value


class PunchIn(Ownership):
    """The values of a show that a session moves, until a hand does."""

    def __init__(self, start: State, under: Ownership) -> None:
        self._taken: set[str] = set()
        self._returning: set[str] = set()  # released, and still on the way
        self.recalled = False  # a look of the player's own
        super().__init__(start)
        self.under: Ownership = under

    @property
    def touched(self) -> Changes:
        """What hands held when the session was recorded, but for what they hold now."""
        return tuple((p, value) for p, value in self.under.touched if p.name not in self._taken)

    @property
    def held(self) -> Changes:
        """What of the look hands hold against the session, with its values."""
        return tuple((p, self.target.value(p)) for p in LOOK if p.name in self._taken)

    def owner(self, parameter: Parameter) -> Owner:
        return "live" if parameter.name in self._taken else "session"

    def touch(self, parameter: Parameter, value: Value) -> None:
        super().touch(parameter, value)
        self._taken.add(parameter.name)
        self._returning.discard(parameter.name)

    def recall(self, look: State, seconds: float, now: float) -> Changes:
        """Take the whole look from the session; values of scope show stay as they are."""
        self.recalled = True
        self._taken |= {parameter.name for parameter in LOOK}
        self._returning.clear()
        return super().recall(look, seconds, now)

    def follow(self, changes: Changes) -> Changes:
        """Take what the session has changed; return the part of it that no hand holds."""
        free = tuple((p, value) for p, value in changes if p.name not in self._taken)
        self.target = self.target.with_values(free)
        return free

    def release(self, now: float) -> Changes:
        """Give everything back to the session; return the targets that change."""
        under = self.under.target
        changes = tuple(
            (p, under.value(p))
            for p in TABLE.values()
            if p.name in self._taken and self.target.value(p) != under.value(p)
        )
        self.target = under
        self._returning |= self._taken
        self._asked = [
            times + (slot.name in self._taken)
            for slot, times in zip(CLASS_SLOTS, self._asked, strict=True)
        ]
        self._taken.clear()
        self._touched.clear()
        self.recalled = False
        self._morph = None
        return changes

    @property
    def asked(self) -> list[int]:
        return [own + below for own, below in zip(self._asked, self.under.asked, strict=True)]

    @property
    def morphing(self) -> bool:
        return super().morphing or self.under.morphing

    def advance(self, now: float, elapsed: float) -> None:
        self.under.seen = self._session_s(self.seen, self.under.mixes)
        self.under.advance(now, elapsed)
        super().advance(now, elapsed)
        session, arrived = self.under.current, self.current
        self._returning = {
            name
            for name in self._returning
            if arrived.value(TABLE[name]) != session.value(TABLE[name])
        }
        self.current = self._with_session(arrived, self._taken | self._returning)

    def _aim(self, now: float) -> tuple[State, Mixes]:
        aim, mixes = super()._aim(now)
        return self._with_session(aim, self._taken), self._session_s(self.under.mixes, mixes)

    def _with_session(self, state: State, kept: set[str]) -> State:
        """Return the session's values of now, but for those of `state` that are kept."""
        kept_values = ((TABLE[name], state.value(TABLE[name])) for name in kept)
        return self.under.current.with_values(kept_values)

    def _session_s(self, session: Mixes, taken: Mixes) -> Mixes:
        """Return the first for regions of the session, the second for those that hands hold."""
        first, second, third, fourth = (
            held if slot.name in self._taken else free
            for slot, free, held in zip(CLASS_SLOTS, session, taken, strict=True)
        )
        return first, second, third, fourth
