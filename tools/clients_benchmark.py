"""Pacing of a show with a thousand idle and slow clients: `tools/benchmark.py clients`.

One show, three phases of the same length: quiet, with clients, quiet. A third of them only connect,
a third send a byte of a request every second, a third open a WebSocket and read nothing.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import urllib.request
from multiprocessing.synchronize import Event
from time import monotonic, sleep

import numpy as np
import psutil
from receiver import Receiver
from running_show import RunningShow, free_port

HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ADDRESSES = 200
"""Of the loopback range that they come from, since one address may open only some connections."""


async def _client(port: int, number: int, ended: asyncio.Event) -> None:
    """One client; whatever the show does to it, it goes on until the end."""
    source = (f"127.0.1.{1 + number % ADDRESSES}", 0)
    while not ended.is_set():
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
            request = HANDSHAKE.format(port=port).encode()
            if number % 3 == 1:
                for byte in request:
                    writer.write(bytes((byte,)))
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(ended.wait(), 1.0)
                        break
            elif number % 3 == 2:
                writer.write(request)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 30.0)
            writer.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), 1.0)


def crowd(port: int, count: int, begin: Event, end: Event) -> None:
    """Open so many clients; the work of a process of its own."""

    async def work() -> None:
        ended = asyncio.Event()
        clients = [asyncio.create_task(_client(port, n, ended)) for n in range(count)]
        while not end.is_set():
            await asyncio.sleep(0.1)
        ended.set()
        await asyncio.gather(*clients, return_exceptions=True)

    begin.wait(120)
    asyncio.run(work())


def measure(options: argparse.Namespace) -> None:
    """Quiet, crowd, quiet; print the figures of each."""
    spawn = multiprocessing.get_context("spawn")
    begin, end = spawn.Event(), spawn.Event()
    page = free_port()
    with RunningShow("--http-port", str(page)) as show:
        sender = spawn.Process(target=crowd, args=(page, options.clients, begin, end), daemon=True)
        sender.start()
        show.wait_until_dreaming()
        receiver = Receiver(show.name)
        list(receiver.frames(8.0, keep_every=10**9))
        found = []
        for name in ("quiet", f"{options.clients} clients", "quiet again"):
            if name != "quiet" and not begin.is_set():
                begin.set()
                list(receiver.frames(3.0, keep_every=10**9))  # they connect
            elif begin.is_set():
                end.set()
                sender.join(60)
            frames = receiver.frames(options.seconds, keep_every=10**9)
            gaps = np.diff([frame.timestamp for frame in frames]) * 1000
            found.append(float(np.percentile(gaps, 99)))
            print(
                f"{name}: {1000 / gaps.mean():.2f} frames/s, interval median {np.median(gaps):.2f} "
                f"ms, p99 {found[-1]:.2f} ms, longest {gaps.max():.2f} ms"
            )
        print(
            f"p99 with clients is {found[1] - found[0]:+.2f} ms from quiet and "
            f"{found[1] - found[2]:+.2f} ms from quiet again"
        )
        for number in range(options.kills):
            _kill(show, page, receiver, number + 1)
        receiver.close()


def _kill(show: RunningShow, page: int, receiver: Receiver, number: int) -> None:
    """Kill the surfaces with signal 9, look at the frames around it, wait for the page."""
    children = psutil.Process(show.process.pid).children()
    (surfaces,) = [
        c for c in children if any(s.laddr.port == page for s in c.net_connections("tcp"))
    ]
    list(receiver.frames(2.0, keep_every=10**9))
    surfaces.kill()
    killed = monotonic()
    frames = list(receiver.frames(4.0, keep_every=10**9))
    gaps = np.diff([frame.timestamp for frame in frames]) * 1000
    while True:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{page}/?HOST_INFO", timeout=5).close()
            break
        sleep(0.1)
    print(
        f"surfaces killed {number}: {len(frames)} frames in 4 s, longest gap {gaps.max():.1f} ms, "
        f"the page is back within {monotonic() - killed:.1f} s"
    )
