"""Finding one another on the network: the show announces itself and looks for surfaces' OSC ports.

A show that only this computer can reach is announced to this computer alone: its packets live for
no hop. A network without multicast is no error, only a note.
"""

import asyncio
import logging
import socket
from collections.abc import Callable

import ifaddr
from zeroconf import Error as ZeroconfError
from zeroconf import IPVersion, NonUniqueNameException, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from vjdream.surfaces.doors import LOOPBACK, advertised_name

log = logging.getLogger("vjdream.surfaces")

OSCQUERY, OSC = "_oscjson._tcp.local.", "_osc._udp.local."
SHOW = "/vjdream"
PROPERTIES = {"txtvers": "1", "version": "1.1", "uri": SHOW, "types": "ifsbhdTFN"}
LONGEST_LABEL = 63
"""Bytes of an instance's name."""

PATIENCE = 3000
"""Milliseconds for the addresses of a service to be told."""

MOST_FOUND = 64

Told = Callable[[dict[str, int]], None]
"""Is handed the OSC port of each address that advertises one."""


def instance_name(name: str) -> str:
    """Return the show's name among others, as NDI would show it: ``COMPUTER (vjdream)``."""
    host = socket.gethostname().partition(".")[0].upper()
    raw = f"{host} ({name})".replace(".", "-").encode()[:LONGEST_LABEL]
    return raw.decode("utf-8", "ignore").strip() or "vjdream"


def own_addresses() -> list[str]:
    """Return this computer's IPv4 addresses that others may reach it by."""
    addresses = [
        str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4
    ]
    return [address for address in addresses if not address.startswith("127.")]


class Discovery:
    """Announces one show, and finds the OSC ports of others when others are let in.

    Args:
        name: of the show.
        osc_port, http_port: where it listens; 0: nowhere.
        told: is called when the ports that others advertise have changed.
    """

    def __init__(self, name: str, osc_port: int, http_port: int, lan: bool, told: Told) -> None:
        self._instance = instance_name(name)
        self._ports = {OSC: osc_port, OSCQUERY: http_port}
        self._lan, self._told = lan, told
        self._zeroconf: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._own: set[str] = set()
        self._found: dict[str, tuple[tuple[str, ...], int]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Announce and look; what goes wrong is told and changes nothing else."""
        try:
            self._zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only)
            await self._zeroconf.zeroconf.async_wait_for_start()
            if not self._lan:
                _keep_inside(self._zeroconf.zeroconf)
            for kind, port in self._ports.items():
                if port:
                    await self._announce(self._zeroconf, kind, port)
            if self._lan:
                self._browser = AsyncServiceBrowser(
                    self._zeroconf.zeroconf, OSC, handlers=[self._seen]
                )
        except (OSError, ZeroconfError, AttributeError, TimeoutError) as error:
            log.warning(
                "hosts cannot find this show by themselves, since this network has no multicast "
                "(%s) - give them its address",
                error or type(error).__name__,
            )
            await self.close()

    async def close(self) -> None:
        """Take the announcements back."""
        zeroconf, self._zeroconf = self._zeroconf, None
        for task in self._asking:
            task.cancel()
        if self._browser is not None:
            await self._browser.async_cancel()
        if zeroconf is not None:
            await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()

    async def _announce(self, zeroconf: AsyncZeroconf, kind: str, port: int) -> None:
        addresses = own_addresses() if self._lan else []
        info = AsyncServiceInfo(
            kind,
            f"{self._instance}.{kind}",
            port=port,
            properties=PROPERTIES if kind == OSC else {"txtvers": "1"},
            server=f"{advertised_name()}.",
            parsed_addresses=addresses or [LOOPBACK],
        )
        try:
            await (await zeroconf.async_register_service(info, allow_name_change=True))
        except NonUniqueNameException:
            log.warning("another show on this network is called %s", self._instance)
        self._own.add(info.name)

    def _seen(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        """A service has come, changed or gone."""
        if name in self._own:
            return
        if state_change is ServiceStateChange.Removed:
            if self._found.pop(name, None) is not None:
                self._tell()
            return
        if len(self._asking) < MOST_FOUND:
            task = asyncio.create_task(self._ask(zeroconf, service_type, name))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def _ask(self, zeroconf: Zeroconf, service_type: str, name: str) -> None:
        """Ask a service for its addresses and port."""
        info = AsyncServiceInfo(service_type, name)
        if not await info.async_request(zeroconf, PATIENCE) or not info.port:
            return
        if (info.properties or {}).get(b"uri") == SHOW.encode():
            return  # another show: told of our changes, it would make them its own
        addresses = tuple(info.parsed_addresses(IPVersion.V4Only))
        if self._found.get(name) == (addresses, info.port):
            return
        if name in self._found or len(self._found) < MOST_FOUND:
            self._found[name] = addresses, info.port
            self._tell()

    def _tell(self) -> None:
        self._told(
            {address: port for addresses, port in self._found.values() for address in addresses}
        )


def _keep_inside(zeroconf: Zeroconf) -> None:
    """Let multicast packets live for no hop: they reach programs on this computer and no other."""
    for sender in zeroconf.engine.senders:
        sender.sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
