"""The doors: who is let in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.surfaces.doors import (
    FIRST_DELAY,
    FORGOTTEN,
    FREE_FOR_ALL,
    LONGEST_DELAY,
    LONGEST_FOR_ALL,
    MOST_REMEMBERED,
    Doors,
    Pin,
    advertised_name,
    own_names,
)

NAMES = frozenset({"localhost", "stagebox", "stagebox.local"})
CLOSED = Doors(False, (), NAMES)
OPEN = Doors(True, (), NAMES)


def test_without_lan_only_this_computer_comes_in() -> None:
    assert CLOSED.host == "127.0.0.1"
    assert CLOSED.admits("127.0.0.1")
    assert not CLOSED.admits("192.168.1.20")
    assert OPEN.host == "0.0.0.0"
    assert OPEN.admits("192.168.1.20")


def test_networks_that_are_allowed_keep_all_others_out() -> None:
    doors = Doors(True, ("192.168.1.0/24", "10.0.0.7/32", "fd00::/8"), NAMES)
    assert doors.admits("192.168.1.200") and doors.admits("10.0.0.7") and doors.admits("fd00::1")
    assert not doors.admits("192.168.2.1") and not doors.admits("10.0.0.8")
    assert doors.admits("127.0.0.1"), "this computer always"
    assert not doors.admits("") and not doors.admits("nonsense")


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:7700", "LOCALHOST:7700", "127.0.0.1:7700", "192.168.1.9",
        "[::1]:7700", "[fe80::1]", "stagebox:7700", "StageBox.local", "stagebox.local.", None,
    ],
)  # fmt: skip
def test_our_names_and_addresses_are_us(host: str | None) -> None:
    assert CLOSED.knows(host)


@pytest.mark.parametrize(
    "host",
    [
        "", ":7700", "evil.example", "evil.example:7700", "localhost.evil.example",
        "127.0.0.1.evil",
        "stagebox.local.evil", "user@localhost", "localhost:port", "localhost:7700:1", "local host",
        "[::1", "::1", "[evil]", "localhost/", "localhost;", "[::1%25x]", "127.1.evil",
        "127.0.0.1,x",
        "localhost\t", "0x7f.1.x",
    ],
)  # fmt: skip
def test_other_names_are_not_us(host: str) -> None:
    """A page may let its own name point to this computer: DNS rebinding."""
    assert not CLOSED.knows(host)


@given(st.text())
def test_any_host_and_origin_is_looked_at(text: str) -> None:
    if CLOSED.knows(text):
        assert not set(text) & set(" ;,'\"\r\n%@/")
    CLOSED.own(text, text)


def test_our_own_page_and_programs_may_open_websockets() -> None:
    assert CLOSED.own(None, "localhost:7700")
    assert CLOSED.own("http://localhost:7700", "localhost:7700")
    assert CLOSED.own("http://LocalHost:7700", "localhost:7700")
    assert CLOSED.own("https://stagebox", "stagebox"), "behind a proxy"


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example", "http://localhost", "http://localhost:8080", "null", "",
        "http://127.0.0.1:7700", "http://localhost:7700.evil.example", "http://localhost:7700/",
        "file://", "ws://localhost:7700",
    ],
)  # fmt: skip
def test_pages_from_elsewhere_may_not(origin: str) -> None:
    assert not CLOSED.own(origin, "localhost:7700")
    assert not CLOSED.own(origin, None)


def test_this_computer_has_names() -> None:
    names = own_names()
    assert "localhost" in names and advertised_name() in names
    assert all(name == name.lower() for name in names)
    assert any(name.endswith(".local") for name in names)


# -- the PIN --------------------------------------------------------------------------------------


def test_a_pin_has_six_digits_and_is_another_each_time() -> None:
    pins = {Pin().digits for _ in range(20)}
    assert all(len(digits) == 6 and digits.isdecimal() for digits in pins)
    assert len(pins) > 15


def test_who_knows_the_pin_gets_a_token_that_is_known() -> None:
    pin = Pin("123456")
    token = pin.token(" 123456 ", "192.168.1.20", 0.0)
    assert token is not None and len(token) > 30
    assert pin.knows(token)
    assert not pin.knows("") and not pin.knows("123456") and not pin.knows(token + "x")
    assert not Pin("123456").knows(token), "tokens end with the show"


def test_each_wrong_pin_doubles_the_wait_of_its_address() -> None:
    pin, now, waits = Pin("123456"), 0.0, []
    for _ in range(12):
        assert pin.token("000000", "one", now) is None
        waits.append(pin.wait("one", now))
        now += waits[-1]
    assert waits[:4] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY, 8 * FIRST_DELAY]
    assert max(waits) == LONGEST_DELAY


def test_a_right_pin_is_not_looked_at_before_its_time() -> None:
    pin = Pin("123456")
    pin.token("000000", "one", 0.0)
    assert pin.token("123456", "one", 0.9 * FIRST_DELAY) is None
    assert pin.token("123456", "one", FIRST_DELAY) is not None
    assert pin.wait("one", FIRST_DELAY) == 0.0, "and forgives what was wrong"


def test_one_who_errs_does_not_keep_others_waiting() -> None:
    pin = Pin("123456")
    pin.token("000000", "one", 0.0)
    assert pin.token("123456", "two", 0.0) is not None


def test_many_addresses_together_are_slowed_too() -> None:
    pin, now = Pin("123456"), 0.0
    for number in range(FREE_FOR_ALL):
        pin.token("000000", f"address {number}", now)
    assert pin.wait("another", now) == 0.0
    for number in range(100):
        now += pin.wait(f"more {number}", now)
        pin.token("000000", f"more {number}", now)
    assert pin.wait("another", now) == LONGEST_FOR_ALL


def test_wrong_pins_are_forgotten_after_a_while() -> None:
    pin = Pin("123456")
    for moment in range(0, 50, 10):
        pin.token("000000", "one", float(moment))
    later = 50.0 + FORGOTTEN
    pin.token("000000", "one", later)
    assert pin.wait("one", later) == FIRST_DELAY


def test_no_flood_of_addresses_fills_the_memory() -> None:
    pin, now = Pin("123456"), 0.0
    for number in range(MOST_REMEMBERED + 50):
        now += pin.wait(str(number), now)
        pin.token("000000", str(number), now)
    assert len(pin._tries) == MOST_REMEMBERED


@given(st.text())
def test_any_text_is_a_wrong_pin(text: str) -> None:
    pin = Pin("123456")
    assert (pin.token(text, "one", 0.0) is None) == (text.strip() != "123456")
