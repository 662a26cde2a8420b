"""Pacing of a show with a thousand idle and slow clients: `tools/benchmark.py clients`.

One show, phases of the same length: quiet, with clients, quiet, and so on. A third of them only
connect, a third send a byte of a request every two seconds, a third open a WebSocket and read
nothing.
"""

import argparse
import asyncio
import contextlib
import logging
import multiprocessing
import statistics
import urllib.request
from collections.abc import Coroutine
from multiprocessing.synchronize import Event
from time import monotonic, sleep
from typing import Any

import numpy as np
import psutil
from receiver import Receiver
from running_show import RunningShow, free_port

HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
BACK_AFTER = 10.0
"""Seconds until a client that was let go comes back."""

BYTE_EVERY = 2.0
"""Seconds between the bytes of a slow request."""

ADDRESSES = 200
"""Of the loopback range that they come from, since one address may open only some connections."""


async def _client(port: int, number: int, ended: asyncio.Event) -> None:
    """One client; when it is let go it comes back a while later, until the end."""
    source = (f"127.0.1.{1 + number % ADDRESSES}", 0)
    while not ended.is_set():
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
            request = HANDSHAKE.format(port=port).encode()
            if number % 3 == 2:
                writer.write(request)
            if number % 3 == 0:
                await _first(reader.read(1), ended)  # until it is let go
            elif number % 3 == 1:
                for byte in request:
                    if ended.is_set() or writer.is_closing() or reader.at_eof():
                        break
                    writer.write(bytes((byte,)))
                    await _wait(ended, BYTE_EVERY)
            else:
                await ended.wait()
            writer.close()
        await _wait(ended, BACK_AFTER)


async def _first(work: Coroutine[Any, Any, object], ended: asyncio.Event) -> None:
    tasks = [asyncio.ensure_future(work), asyncio.ensure_future(ended.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def _wait(ended: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), seconds)


def crowd(port: int, count: int, end: Event) -> None:
    """Open so many clients; the work of a process of its own."""

    async def work() -> None:
        ended = asyncio.Event()
        clients = [asyncio.create_task(_client(port, n, ended)) for n in range(count)]
        while not end.is_set():
            await asyncio.sleep(0.1)
        ended.set()
        await asyncio.gather(*clients, return_exceptions=True)

    logging.getLogger("asyncio").setLevel(logging.ERROR)  # of sockets that were closed
    asyncio.run(work())


def measure(options: argparse.Namespace) -> None:
    """Quiet, crowd, quiet, crowd, …; print the figures of each, and how far they lie apart."""
    spawn = multiprocessing.get_context("spawn")
    page = free_port()
    with RunningShow("--http-port", str(page)) as show:
        show.wait_until_dreaming()
        receiver = Receiver(show.name)
        list(receiver.frames(8.0, keep_every=10**9))
        quiet, crowded = [_phase("quiet", receiver, options.seconds)], []
        for _ in range(options.rounds):
            end = spawn.Event()
            sender = spawn.Process(target=crowd, args=(page, options.clients, end), daemon=True)
            sender.start()
            list(receiver.frames(5.0, keep_every=10**9))  # they connect
            crowded.append(_phase(f"{options.clients} clients", receiver, options.seconds))
            end.set()
            sender.join(60)
            quiet.append(_phase("quiet", receiver, options.seconds))
        apart = statistics.median(crowded) - statistics.median(quiet)
        print(f"the median p99 with clients is {apart:+.2f} ms from the median without")
        for number in range(options.kills):
            _kill(show, page, receiver, number + 1)
        receiver.close()


def _phase(name: str, receiver: Receiver, seconds: float) -> float:
    """Watch for some seconds; return the p99 of the intervals in milliseconds."""
    frames = receiver.frames(seconds, keep_every=10**9)
    gaps = np.diff([frame.timestamp for frame in frames]) * 1000
    p99 = float(np.percentile(gaps, 99))
    print(
        f"{name}: {1000 / gaps.mean():.2f} frames/s, interval median {np.median(gaps):.2f} ms, "
        f"p99 {p99:.2f} ms, longest {gaps.max():.2f} ms"
    )
    return p99


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
