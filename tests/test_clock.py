"""The virtual clock, and what is promised of the real one without waiting for it."""

from vjdream.clock import Clock, RealtimeClock, VirtualClock


def test_a_virtual_clock_moves_only_when_somebody_waits() -> None:
    clock = VirtualClock(3.0)
    assert clock.now() == clock.now() == 3.0
    clock.wait_until(4.5)
    assert clock.now() == 4.5


def test_a_virtual_clock_never_goes_back() -> None:
    clock = VirtualClock(3.0)
    clock.wait_until(1.0)
    assert clock.now() == 3.0


def test_waiting_for_the_past_returns_at_once() -> None:
    clock = RealtimeClock()
    clock.wait_until(clock.now() - 10.0)


def test_the_real_clock_never_goes_back() -> None:
    clock: Clock = RealtimeClock()
    moments = [clock.now() for _ in range(1000)]
    assert moments == sorted(moments)
