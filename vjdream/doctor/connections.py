"""What connects a show with other programs and computers: NDI, mDNS, ports, buffers, firewalls."""

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vjdream.clock import RealtimeClock
from vjdream.doctor.findings import FINE, HINT, Finding

if TYPE_CHECKING:
    from vjdream.outputs.ndi import Sighting
    from vjdream.settings import Settings

NDI_PORTS = range(5960, 5970)
"""The first is asked for names; sources take the next ones that are free."""

MDNS_PORT = 5353
EVERY_ADDRESS = ""
MEGABYTE = 2**20
PATIENCE = 2.0
"""Seconds that mDNS may take to announce a source."""


def ndi() -> Iterator[Finding]:
    """Load the NDI runtime, open a source and look for it.

    Raises:
        OutputError: when the runtime does not load or no source can be opened.
    """
    from vjdream.inputs.ndi import THIS_COMPUTER
    from vjdream.outputs.ndi import load_library, look_for

    library: Any = load_library()
    yield Finding("NDI", FINE, str(library.version()))
    clock = RealtimeClock()
    yield ndi_source(look_for(library, "vjdream doctor", THIS_COMPUTER, clock, PATIENCE))


def ndi_source(sighting: "Sighting") -> Finding:
    """Say whether a source that opens is found."""
    if sighting.announced:
        return Finding("NDI source", FINE, "a source opens, and is found by its name")
    if sighting.addressed:
        sentence = "a source opens, but is found by this computer's address only - see mDNS"
        return Finding("NDI source", HINT, sentence)
    return Finding(
        "NDI source", HINT,
        "a source opens, but is not found - end other NDI programs and try again, and look for a "
        "group or a discovery server in the NDI Access Manager",
    )  # fmt: skip


def mdns(system: str, avahi: Path, address: str) -> Finding:
    """Look for what announces sources to other computers.

    Args:
        system: as `sys.platform` names it.
        avahi: the socket of Linux's avahi-daemon.
        address: of this computer.
    """
    if system == "darwin":
        return Finding("mDNS", FINE, "Bonjour is a part of macOS")
    if system == "win32":
        return Finding("mDNS", FINE, "the NDI runtime brings its own")
    if avahi.exists():
        return Finding("mDNS", FINE, "avahi-daemon runs")
    known = f": {address}" if not address.startswith("127.") else ", once it is in a network"
    return Finding(
        "mDNS", HINT,
        "avahi-daemon does not run, so receivers do not find the source by its name - "
        f"sudo apt install avahi-daemon, or receivers need this computer's address{known}",
    )  # fmt: skip


def own_address() -> str:
    """The address that other computers reach this one by."""
    from vjdream.addresses import own_address

    return own_address()


def osc_port(settings: "Settings") -> Finding:
    """Open the port as a show would, and close it.

    Raises:
        SettingsError: when it cannot be opened.
    """
    from vjdream.control.osc import OscPort

    host = "0.0.0.0" if settings.lan else "127.0.0.1"  # noqa: S104 - only with --lan
    port = OscPort(host, settings.osc_port)
    port.close()
    return Finding("OSC port", FINE, f"udp {port.port} is free")


def page_port(port: int, is_free: Callable[[int], bool]) -> Iterator[Finding]:
    """Look whether the web page and OSCQuery get their port."""
    if port == 0:
        return
    if is_free(port):
        yield Finding("page port", FINE, f"tcp {port} is free")
        return
    sentence = f"tcp {port} is taken, so there is no page - end the other program, or --http-port"
    yield Finding("page port", HINT, sentence)


def ndi_ports(is_free: Callable[[int], bool]) -> Finding:
    """Look for a port that a new source may take."""
    free = sum(map(is_free, NDI_PORTS))
    shown = f"tcp {NDI_PORTS[0]} to {NDI_PORTS[-1]}"
    if free:
        return Finding("NDI ports", FINE, f"{free} of {shown} are free")
    sentence = f"none of {shown} is free - end NDI programs, or open more ports in firewalls"
    return Finding("NDI ports", HINT, sentence)


def is_free(port: int) -> bool:
    """Whether a program could listen at a TCP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((EVERY_ADDRESS, port))
        except OSError:
            return False
    return True


def receive_buffer(limit: Path) -> Iterator[Finding]:
    """Compare Linux's limit with what OSC asks for; other systems have no such file, and room."""
    from vjdream.control.osc import RECEIVE_BUFFER

    if not limit.exists():
        return
    allowed = int(limit.read_text(encoding="ascii"))
    shown = f"{allowed / MEGABYTE:.3g} MB"
    if allowed >= RECEIVE_BUFFER:
        yield Finding("receive buffer", FINE, shown)
        return
    yield Finding(
        "receive buffer", HINT,
        f"{shown}, so a burst of OSC may be lost - "
        f"sudo sysctl -w net.core.rmem_max={RECEIVE_BUFFER}",
    )  # fmt: skip


def firewall(system: str, root: Path, port: int, page: int = 0) -> Finding:
    """Look for a firewall, as far as everybody may see it.

    Args:
        system: as `sys.platform` names it.
        root: of the file system.
        port: of OSC.
        page: of the web page, 0 for none.
    """
    if system == "win32":
        # the python.exe of a virtual environment only starts this one
        program = getattr(sys, "_base_executable", sys.executable)
        rule = f"New-NetFirewallRule -DisplayName vjdream -Program '{program}' -Action Allow"
        sentence = f"other computers need a rule: as an administrator in PowerShell, {rule}"
        return Finding("firewall", HINT, sentence)
    if system == "darwin":
        sentence = "when macOS asks whether Python may accept connections, allow it"
        return Finding("firewall", HINT, sentence)
    try:
        ufw = (root / "etc/ufw/ufw.conf").read_text(encoding="utf-8").lower().split()
    except OSError:
        ufw = []
    if "enabled=yes" in ufw:
        rules = "; ".join(f"sudo ufw allow {ports}" for ports in _opened(port, page, ":"))
        return Finding("firewall", HINT, f"ufw is on, for other computers: {rules}")
    if any((root / path).exists() for path in ("run/firewalld", "run/firewalld.pid")):
        rules = " ".join(f"--add-port={ports}" for ports in _opened(port, page, "-"))
        sentence = f"firewalld is on, for other computers: sudo firewall-cmd {rules}"
        return Finding("firewall", HINT, sentence)
    return Finding("firewall", FINE, "neither ufw nor firewalld is on")


def _opened(port: int, page: int, to: str) -> list[str]:
    """The ports that other computers use; `to` joins the ends of a range."""
    ndi = f"{NDI_PORTS[0]}{to}{NDI_PORTS[-1]}"
    pages = [f"{page}/tcp"] if page else []
    return [f"{port}/udp", *pages, f"{MDNS_PORT}/udp", f"{ndi}/tcp", f"{ndi}/udp"]
