"""Discovery: hosts find the show, and the show finds hosts."""

import asyncio
import socket

import pytest
from zeroconf import Error, IPVersion, ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from tests.surfaces.fake_stage import play
from vjdream.surfaces import discovery as discovery_module
from vjdream.surfaces.discovery import OSC, OSCQUERY, Discovery, instance_name


@pytest.fixture
def multicast() -> None:
    """This computer has it; where there is none, there is nothing to find."""

    async def scene() -> None:
        zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only)
        await zeroconf.async_close()

    try:
        play(scene())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.sendto(b"", ("224.0.0.251", 5353))
    except (OSError, Error) as error:
        pytest.skip(f"no multicast: {error}")


async def found(kind: str, name: str) -> AsyncServiceInfo:
    """Browse until a service of that name is there."""
    zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only)
    names: asyncio.Queue[str] = asyncio.Queue()

    def seen(zeroconf, service_type, name, state_change) -> None:  # type: ignore[no-untyped-def]
        if state_change is not ServiceStateChange.Removed:
            names.put_nowait(name)

    browser = AsyncServiceBrowser(zeroconf.zeroconf, kind, handlers=[seen])
    try:
        while (heard := await names.get()) != f"{name}.{kind}":
            pass
        info = AsyncServiceInfo(kind, heard)
        assert await info.async_request(zeroconf.zeroconf, 5000)
        return info
    finally:
        await browser.async_cancel()
        await zeroconf.async_close()


def test_hosts_on_this_computer_find_a_show_that_only_it_can_reach(multicast: None) -> None:
    async def scene() -> None:
        show = Discovery("test 22120", 22120, 22121, False, lambda ports: None)
        await show.open()
        try:
            assert show._zeroconf is not None
            senders = [sender.sock for sender in show._zeroconf.zeroconf.engine.senders]
            ttl = socket.IPPROTO_IP, socket.IP_MULTICAST_TTL
            assert senders and {sender.getsockopt(*ttl) for sender in senders} == {0}
            query = await found(OSCQUERY, instance_name("test 22120"))
            assert query.port == 22121
            assert query.parsed_addresses() == ["127.0.0.1"]
            osc = await found(OSC, instance_name("test 22120"))
            assert osc.port == 22120
        finally:
            await show.close()

    play(scene(), 60.0)


def test_the_osc_port_that_another_host_advertises_is_told(multicast: None) -> None:
    """TouchOSC listens at another port than it sends from. Other shows are none of our surfaces."""

    async def scene() -> None:
        told: asyncio.Queue[dict[str, int]] = asyncio.Queue()
        show = Discovery("test 22122", 22122, 0, True, told.put_nowait)
        await show.open()
        other = Discovery("test 22126", 22126, 0, False, lambda ports: None)
        await other.open()
        tablet = AsyncZeroconf(ip_version=IPVersion.V4Only)
        info = AsyncServiceInfo(
            OSC,
            f"Tablet 22123 (TouchOSC).{OSC}",
            port=22123,
            server="tablet-22123.local.",
            parsed_addresses=["192.0.2.77"],
        )
        try:
            await (await tablet.async_register_service(info))
            while (await told.get()).get("192.0.2.77") != 22123:
                pass
            await (await tablet.async_unregister_service(info))
            while "192.0.2.77" in await told.get():
                pass
            assert not {22122, 22126} & {port for _, port in show._found.values()}
        finally:
            await other.close()
            await show.close()
            await tablet.async_close()

    play(scene(), 60.0)


def test_a_network_without_multicast_is_a_note(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise OSError(19, "No such device")

    monkeypatch.setattr(discovery_module, "AsyncZeroconf", refuse)

    async def scene() -> None:
        show = Discovery("test", 22124, 22125, True, lambda ports: None)
        await show.open()
        await show.close()

    play(scene())
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "hosts cannot find this show by themselves" in record.getMessage()
    assert "No such device" in record.getMessage()


def test_names_fit_into_a_label() -> None:
    assert instance_name("vjdream").endswith("(vjdream)")
    for name in ("x" * 200, "dröm" * 40, "a.b.c", ""):
        label = instance_name(name)
        assert 0 < len(label.encode()) <= 63 and "." not in label
