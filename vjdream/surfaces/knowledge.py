"""What surfaces know beside the values: the network's words, the presets, and the tree of both."""

import asyncio
import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vjdream.messages import Argument
from vjdream.parameters import COMMANDS, REPORTS, ROOT, as_plain
from vjdream.preset_library import files
from vjdream.surfaces.shelf import about, picture, pictured
from vjdream.surfaces.tree import Tree, changed
from vjdream.vocabulary import Descriptor, load_descriptor

PRESET = ROOT + "state/preset"
LATER = (0.5, 2.0)
"""Seconds after a preset was saved when its file may be there."""

Told = Callable[[str], None]


class Knowledge:
    """Knows the words and presets of a show; reads files in threads once the show is on.

    Args:
        network, class_list: as in the settings.
        preset_folder: of the user's own presets.

    Raises:
        WeightsError: when the network's descriptor cannot be read.
    """

    def __init__(
        self, network: str, class_list: str | None = None, preset_folder: str | None = None
    ) -> None:
        self._folder = Path(preset_folder) if preset_folder is not None else None
        self._callbacks: list[Told] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.descriptor: Descriptor = load_descriptor(network, class_list)
        self._presets = files(self._folder)
        self.tree = self._grown()

    def _grown(self) -> Tree:
        classes = [entry.slug for entry in self.descriptor.classes]
        layers = [layer.name for layer in self.descriptor.layers]
        return Tree(classes, layers, list(self._presets))

    def listen(self, callback: Told) -> None:
        """Let `callback(path)` be called when what is below a path of the tree has changed."""
        self._callbacks.append(callback)

    def hear(self, address: str, arguments: tuple[Argument, ...], author: str) -> None:
        """Look for new presets when one has been loaded or saved."""
        if address == PRESET:
            task = asyncio.create_task(self._look_later())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def change_network(self, network: str, class_list: str | None = None) -> None:
        """Take the words of another network, and let clients know.

        Raises:
            WeightsError: when its descriptor cannot be read; nothing changes then.
        """
        self.descriptor = await asyncio.to_thread(load_descriptor, network, class_list)
        self._replant()

    async def look(self) -> None:
        """Look which presets there are now, and let clients know of new ones."""
        presets = await asyncio.to_thread(files, self._folder)
        if presets != self._presets:
            self._presets = presets
            self._replant()

    async def _look_later(self) -> None:
        for pause in LATER:
            await asyncio.sleep(pause)
            await self.look()

    def _replant(self) -> None:
        before, self.tree = self.tree, self._grown()
        paths = changed(before, self.tree)
        if paths:
            for callback in self._callbacks:
                callback(posixpath.commonpath(paths))

    # -- for the web page -------------------------------------------------------------------------

    def table(self) -> dict[str, Any]:
        """The three tables and the network's name."""
        return {
            "network": self.descriptor.name,
            "parameters": as_plain(),
            "commands": [
                {
                    "name": c.name, "addresses": list(c.addresses), "shown": c.shown,
                    "arguments": c.arguments, "help": c.help, "example": list(c.example),
                    "numbers": c.numbers, "listed": c.listed,
                }
                for c in COMMANDS.values()
            ],
            "reports": [
                {"name": r.name, "address": r.address, "type": r.osc_type, "help": r.help}
                for r in REPORTS
            ],
        }  # fmt: skip

    def classes(self) -> list[dict[str, Any]]:
        """The classes of the network with their numbers and other names."""
        return [
            {"slug": c.slug, "name": c.name, "synonyms": list(c.synonyms), "number": number}
            for number, c in enumerate(self.descriptor.classes)
        ]

    async def presets(self) -> list[dict[str, Any]]:
        """The presets that there are now."""
        await self.look()
        return await asyncio.to_thread(self._described, self._presets)

    def _described(self, presets: dict[str, Path]) -> list[dict[str, Any]]:
        return [
            {"name": name, "about": about(path), "thumbnail": _address(name, path)}
            for name, path in presets.items()
        ]

    async def thumbnail(self, name: str) -> bytes | None:
        """Return the picture of a preset that is known, or None."""
        path = self._presets.get(name)
        return None if path is None else await asyncio.to_thread(picture, path)


def _address(name: str, preset: Path) -> str | None:
    """Where the page finds the picture of a preset."""
    return f"/ui/thumbnails/{quote(name, safe='')}.jpg" if pictured(preset) else None
