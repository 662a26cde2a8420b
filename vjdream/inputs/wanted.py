"""Which NDI source is meant by ``NAME`` or ``HOST:PORT``: pure matching of words."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from vjdream.errors import SettingsError

ADDRESS = re.compile(r"([A-Za-z0-9._-]+):([0-9]{1,5})")
PORTS = 65535


@dataclass(frozen=True, slots=True)
class Wanted:
    """An NDI source by its name, or by its address where names do not travel."""

    name: str = ""  # "HOST (SOURCE)", "SOURCE", or a part of it
    address: str = ""  # "HOST:PORT"

    def __str__(self) -> str:
        return self.name or self.address


def parse_wanted(text: str) -> Wanted:
    """Read what follows ``ndi:``.

    Raises:
        SettingsError: without a name, or with an address that cannot be one.
    """
    text = text.strip()
    if not text:
        raise SettingsError("--input ndi: lacks a name (allowed: ndi:NAME, ndi:HOST:PORT)")
    if ":" not in text:  # which no name contains
        return Wanted(name=text)
    address = ADDRESS.fullmatch(text)
    if address is None or not 0 < int(address[2]) <= PORTS:
        raise SettingsError(
            f"--input ndi:{text} is neither ndi:NAME nor ndi:HOST:PORT with a port up to {PORTS}"
        )
    return Wanted(address=text)


def choose(wanted: str, names: Collection[str]) -> tuple[str, bool] | None:
    """Find the full name "HOST (SOURCE)" that fits best, in any case of letters.

    Returns:
        The full name, and whether `wanted` is the whole of it or of the source's own name and not
        just a part; None when nothing fits.
    """
    wanted = wanted.casefold()
    ranked = []
    for name in names:
        full = name.casefold()
        own = full.partition(" (")[2].removesuffix(")")
        if wanted in full:
            ranked.append((0 if wanted == full else 1 if wanted == own else 2, len(name), name))
    if not ranked:
        return None
    rank, _, name = min(ranked)  # the shortest has the least that was not asked for
    return name, rank < 2
