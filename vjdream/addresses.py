"""Addresses of computers: other ones that are asked for, and this one's own."""

import ipaddress
import socket

from vjdream.errors import SettingsError


def is_number(text: str) -> bool:
    """Return whether a text is a whole number of a few plain digits."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def parse_address(text: str, what: str) -> tuple[str, int]:
    """Read ``HOST:PORT`` and look the host up once, so that no show ever waits for a name server.

    Raises:
        SettingsError: when it is not one, or no host has that name.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not is_number(port) or not 1 <= int(port) <= 65535:
        raise SettingsError(f"{what} needs HOST:PORT such as 192.168.1.20:9000, got '{text}'")
    try:
        return socket.gethostbyname(host), int(port)
    except OSError:
        raise SettingsError(f"{what}: no computer is known as '{host}'") from None


def parse_network(text: str) -> str:
    """Read a network as CIDR; a single address is one of its own.

    Raises:
        SettingsError: when it is none.
    """
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise SettingsError(
            f"--allow needs a network such as 192.168.1.0/24, got '{text[:40]}'"
        ) from None


def is_let_in(host: str, networks: tuple[str, ...]) -> bool:
    """Whether an address may come in: this computer always, others when a network has them.

    Without networks everybody may.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if not networks or address.is_loopback:
        return True
    return any(address in ipaddress.ip_network(network) for network in networks)


def own_address() -> str:
    """The address other machines of the local network reach this one by.

    Connecting a UDP socket sends nothing; it only chooses the way out.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a documentation address
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
