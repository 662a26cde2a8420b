"""Playback: a session plays a show of its own, below the hands of the player."""

from vjdream.control.dispatch import Dispatcher
from vjdream.control.outcome import Outcome
from vjdream.control.ownership import Ownership
from vjdream.control.punch_in import PunchIn
from vjdream.control.recall import Wishes
from vjdream.messages import Message
from vjdream.opening import Opening
from vjdream.parameters import ROOT

TAKING = frozenset(f"{ROOT}{name}" for name in ("preset/load", "reset/look", "release"))
"""What moves more values than it names, so also those that hands hold."""

SAVING = f"{ROOT}preset/save"


class Playback:
    """Applies a session's messages to values of its own, and lets those of the show follow.

    Attributes:
        hands: the values of the show.
    """

    def __init__(self, opening: Opening, wishes: Wishes) -> None:
        assert opening.played is not None
        played, state, preset = opening.played, opening.state, opening.preset
        self._library = played.library
        values = Ownership(state, played.touched)
        self._session = Dispatcher(
            opening.vocabulary, state, played.library, preset.name, values=values, wishes=wishes
        )
        self._session.palette.named = preset.palette
        self.hands = PunchIn(state.with_values(played.held), values)
        for parameter, value in played.held:
            self.hands.touch(parameter, value)

    def play(self, message: Message, above: Dispatcher) -> Outcome:
        """Apply a message of the session; what hands hold stays with them.

        Args:
            above: the dispatcher of the hands.

        Raises:
            VJDreamError: when it cannot be used; nothing has changed.
        """
        self._library.now = message.time
        before = self._chosen
        outcome = self._session.apply(message)
        changes = self.hands.follow(outcome.changes)
        if self._chosen != before and not self.hands.recalled:
            self._share(above)
        told = outcome.told
        if any(address in TAKING for address, _ in told):
            # a recording says once more what hands hold: what it names takes that, too
            told += tuple((p.address, (value,)) for p, value in self.hands.held)
        elif any(address == SAVING for address, _ in told):
            told = ()  # a replay saves nothing
        return Outcome(changes, outcome.notes, derived=True, told=told, preset=outcome.preset)

    def handle(self, message: Message, above: Dispatcher) -> Outcome:
        """Apply a message of a hand; a release gives palette and preset back, too.

        Raises:
            VJDreamError: when it cannot be used; nothing has changed.
        """
        before = self.hands.recalled
        outcome = above.apply(message)
        if before and not self.hands.recalled:
            self._share(above)
        return outcome

    @property
    def _chosen(self) -> tuple[tuple[str, ...], str]:
        return self._session.palette.named, self._session.recall.preset

    def _share(self, above: Dispatcher) -> None:
        """Let the hands play the session's palette, and go on from its preset."""
        above.palette.named, above.recall.preset = self._chosen
