"""`vjdream doctor`: examines this computer for a show; each thing is fine, or it says what to do.

An examination is a small function that is given what it looks at, so every sentence can be tested
on a healthy computer; `examine` hands it the real things. None of them needs an administrator, and
none leaves anything behind. Native libraries are reached through their doors and when they are
needed only, torch in a process of its own: what is missing or broken costs its own lines alone.
"""

import platform
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vjdream.doctor import computer, connections, programs, speed
from vjdream.doctor.findings import BROKEN, Examination, Finding, Level, each

if TYPE_CHECKING:
    from vjdream.settings import Settings

__all__ = ["BROKEN", "Finding", "Level", "examine"]


def examine(
    settings: "Settings | None", folders: Mapping[str, Path], seconds: float = 2.0
) -> Iterator[Finding]:
    """Examine everything that a show with these settings needs; what takes longest comes last.

    Args:
        settings: None where they cannot be made, because OpenCV or NumPy is missing; then what
            needs these is left out.
        folders: what vjdream writes to, by what it writes there.
        seconds: that the dreamer's speed is measured for.
    """
    system, root = sys.platform, Path("/")
    limit, shared = root / "proc/sys/net/core/rmem_max", root / "dev/shm"
    avahi = root / "run/avahi-daemon/socket"
    version, name = sys.version_info[:3], platform.platform(terse=True)
    examinations: list[Examination] = [
        ("Python", lambda: [programs.python(version, name)]),
        ("opencv", lambda: programs.package("opencv-python-headless", programs.opencv)),
        ("networks", lambda: [programs.networks()]),
        ("memory", lambda: computer.memory(computer.free_memory())),
        *((what, lambda w=what, f=f: [computer.folder(w, f)]) for what, f in folders.items()),
        ("receive buffer", lambda: connections.receive_buffer(limit)),
    ]
    if settings is not None:
        page = settings.http_port
        examinations += [
            ("NDI ports", lambda: [connections.ndi_ports(connections.is_free)]),
            ("NDI", connections.ndi),
            ("mDNS", lambda: [connections.mdns(system, avahi, connections.own_address())]),
            ("OSC port", lambda: [connections.osc_port(settings)]),
            ("page port", lambda: connections.page_port(page, connections.is_free)),
            ("firewall", lambda: [connections.firewall(system, root, settings.osc_port, page)]),
            ("shared memory", lambda: [computer.shared_memory(settings, shared)]),
            ("picture", lambda: [speed.picture(speed.frame_seconds(settings), settings)]),
        ]
    yield from each([*examinations, ("torch", lambda: speed.dreaming(settings, root, seconds))])
