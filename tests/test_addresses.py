"""Networks that are let in."""

import pytest

from vjdream.addresses import is_let_in, parse_network
from vjdream.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.168.1.0/24", "192.168.1.0/24"),
        ("192.168.1.77/24", "192.168.1.0/24"),
        (" 10.0.0.5 ", "10.0.0.5/32"),
        ("fe80::/10", "fe80::/10"),
    ],
)
def test_a_network_is_cidr_or_one_address(text: str, network: str) -> None:
    assert parse_network(text) == network


@pytest.mark.parametrize("text", ["", "home", "192.168.1.0/33", "300.1.1.1", "1.2.3.4/24/8"])
def test_what_is_no_network_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match=r"--allow needs a network such as 192\.168\.1\.0/24"):
        parse_network(text)


def test_networks_let_in_who_is_in_them_and_this_computer_always() -> None:
    allowed = ("192.168.1.0/24", "10.0.0.5/32")
    assert is_let_in("192.168.1.7", allowed)
    assert is_let_in("10.0.0.5", allowed)
    assert is_let_in("127.0.0.1", allowed) and is_let_in("::1", allowed)
    assert not is_let_in("192.168.2.7", allowed)
    assert not is_let_in("fe80::1", allowed)
    assert not is_let_in("nobody", allowed)


def test_without_networks_everybody_is_let_in() -> None:
    assert is_let_in("8.8.8.8", ())
