"""Whether a source of this computer is seen: with a stand-in for the library, and for real."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from vjdream.clock import RealtimeClock, VirtualClock
from vjdream.errors import OutputError
from vjdream.inputs.ndi import THIS_COMPUTER
from vjdream.outputs.ndi import Sighting, load_library, look_for


@dataclass
class Library:
    """Takes the place of NDIlib; each finder sees what its address lets it see, after a while."""

    clock: VirtualClock
    announced: list[str] = field(default_factory=list)
    addressed: list[str] = field(default_factory=list)
    after: float = 0.0  # seconds until anything is seen
    refuses: bool = False
    open: int = 0  # senders and finders

    SendCreate = SimpleNamespace

    def send_create(self, options: SimpleNamespace) -> str | None:
        if self.refuses:
            return None
        self.open += 1
        assert not options.clock_video
        return f"STUDIO ({options.ndi_name})"

    def send_get_source_name(self, sender: str) -> SimpleNamespace:
        return SimpleNamespace(ndi_name=sender)

    def send_destroy(self, sender: str) -> None:
        self.open -= 1

    def FindCreate(self, local: bool, groups: None, addresses: str | None) -> list[str]:
        assert local, "sources of this computer count"
        return self.announced if addresses is None else self.addressed

    def find_create_v2(self, names: list[str]) -> list[str]:
        self.open += 1
        return names

    def find_wait_for_sources(self, names: list[str], milliseconds: int) -> None:
        self.clock.wait_until(self.clock.now() + milliseconds / 1000)

    def find_get_current_sources(self, names: list[str]) -> list[SimpleNamespace]:
        there = names if self.clock.now() > self.after else []
        return [SimpleNamespace(ndi_name=name) for name in there]

    def find_destroy(self, names: list[str]) -> None:
        self.open -= 1


OWN, OTHER = "STUDIO (doctor)", "STUDIO (camera)"


@pytest.mark.parametrize(
    ("announced", "addressed"),
    [([OTHER, OWN], [OWN]), ([OTHER], [OTHER, OWN]), ([OWN], []), ([OTHER], [])],
)
def test_a_source_is_seen_by_name_and_by_address(
    announced: list[str], addressed: list[str]
) -> None:
    library = Library(VirtualClock(), announced, addressed)
    seen = look_for(library, "doctor", "127.0.0.1", library.clock, 2.0)
    assert seen == Sighting(OWN in announced, OWN in addressed)
    assert library.open == 0


def test_a_source_may_be_announced_a_little_later() -> None:
    library = Library(VirtualClock(), [OWN], [OWN], after=1.5)
    assert look_for(library, "doctor", "127.0.0.1", library.clock, 2.0) == Sighting(True, True)
    assert library.clock.now() < 2.0, "nobody waits for longer than needed"


def test_nobody_waits_for_ever() -> None:
    library = Library(VirtualClock(), [OWN], [OWN], after=60.0)
    assert look_for(library, "doctor", "127.0.0.1", library.clock, 2.0) == Sighting(False, False)
    assert library.clock.now() < 2.2


def test_a_source_that_cannot_be_opened_is_an_error() -> None:
    library = Library(VirtualClock(), refuses=True)
    with pytest.raises(OutputError, match="refuses to open a source called 'doctor'"):
        look_for(library, "doctor", "127.0.0.1", library.clock, 2.0)
    assert library.open == 0


@pytest.mark.ndi
def test_a_real_source_is_seen() -> None:
    """By address even where nothing announces it; beside many other sources, by good luck."""
    for _ in range(5):
        seen = look_for(load_library(), "vjdream test", THIS_COMPUTER, RealtimeClock(), 0.5)
        if seen.addressed or seen.announced:
            return
    raise AssertionError("the source is not seen")
