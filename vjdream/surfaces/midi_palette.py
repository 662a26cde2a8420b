"""What the pads play: found out on this side, so that a lamp can say what its pad would do."""

from pathlib import Path

from vjdream import presets
from vjdream.errors import VJDreamError
from vjdream.messages import Argument
from vjdream.preset_library import Library, find
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor


class PadPalette:
    """The classes of the preset that plays, or all of the network where it names none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._own = None if settings.preset_folder is None else Path(settings.preset_folder)
        self._told: tuple[Argument, ...] = ()
        self._of(settings.network, settings.class_list)

    def _of(self, network: str, class_list: str | None) -> None:
        descriptor = load_descriptor(network, class_list)
        self._vocabulary, self._network = descriptor.vocabulary, network
        self._library = Library(self._vocabulary, self._own, network)
        self.every = tuple(entry.slug for entry in descriptor.classes)
        self.classes = self.every

    def change_network(self, network: str, class_list: str | None) -> None:
        """Play the words of another network from now on.

        Raises:
            WeightsError: when its descriptor cannot be read.
        """
        before = self._library
        self._of(network, class_list)
        before.close()
        self.follow(self._told)

    def follow(self, told: tuple[Argument, ...]) -> None:
        """Take the palette of the preset that the engine has told; it may read a small file."""
        self._told = told
        name = told[0] if told else ""
        if not isinstance(name, str) or not name:
            self.classes = self.every
            return
        try:
            self.classes = self._named(name) or self.every
        except VJDreamError:
            return  # saved just now, perhaps: such a one keeps the palette

    def close(self) -> None:
        """End the library's reading."""
        self._library.close()

    def _named(self, name: str) -> tuple[str, ...]:
        started_with = self._settings.preset
        if started_with is not None and Path(started_with).stem == name:
            path = find(started_with, self._own)
            return presets.load(path, self._vocabulary, self._network).palette
        return self._library.load(name).palette
