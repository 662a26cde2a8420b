"""The presets of a show: those that ship, and the user's own, which win where names are the same.

Whoever plays over OSC names presets, never paths. A show that is on reads and writes files without
waiting for a disk: what has been read is kept, and what is saved is written by a thread of its own.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any

import platformdirs
import yaml

from vjdream import presets
from vjdream.errors import PresetError, VJDreamError, nearest
from vjdream.names import RULE, plain_name
from vjdream.parameters import TABLE, Parameter, State, Value
from vjdream.presets import DREAMNET, FIRST, Preset
from vjdream.vocabulary import FORMAT, Vocabulary
from vjdream.whole_file import write_whole

SUFFIX = ".yaml"
MOST_WAITING = 16
"""Presets that wait for the disk."""


def shipped_folder() -> Path:
    """Where the shipped presets lie: inside the installed package, or beside it in a checkout."""
    packaged = Path(__file__).parent / "presets"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "presets"


def user_folder() -> Path:
    """Where the user's own presets lie, unless another folder is asked for."""
    return platformdirs.user_documents_path() / "vjdream" / "presets"


def files(own: Path | None = None) -> dict[str, Path]:
    """All presets by name, in the order of names: shipped ones, and those in a folder."""
    found: dict[str, Path] = {}
    for folder in (shipped_folder(), own):
        try:
            paths = [] if folder is None else list(folder.glob(f"[!.]*{SUFFIX}"))
        except OSError:  # a folder that may not be looked into has no presets for us
            continue
        names = ((path.stem, path) for path in paths)
        found |= {name: path for name, path in names if name.isprintable() and name == name.strip()}
    return dict(sorted(found.items()))


def find(name: str, own: Path | None = None) -> Path:
    """Return the file of a preset given by name or path.

    Raises:
        PresetError: when there is none.
    """
    path = Path(name)
    if path.suffix in (SUFFIX, ".yml"):
        if path.is_file():
            return path
        raise PresetError(f"there is no preset file {path}")
    return _named(name, files(own))


def _named(name: str, known: dict[str, Path]) -> Path:
    path = known.get(name) or known.get(name.lower())
    if path is None:
        raise PresetError(
            f"no preset is called '{name[:60]}'{nearest(name[:60], known)} "
            f"(there are: {', '.join(known)})"
        )
    return path


class Library:
    """The presets of one show.

    Args:
        own: the folder of the user's presets; it is made when the first one is saved. None: there
            are only those that ship.
        network: what the classes and layers of the show belong to.
        first: the look of a show without a preset, in words of that network.
        running: what was chosen for this show of that which a ``start:`` section can choose.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        own: Path | None = None,
        network: str = DREAMNET,
        first: State = FIRST,
        running: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.own, self.first = own, first
        self._vocabulary, self._network, self._running = vocabulary, network, running
        self._files: dict[str, Path] | None = None
        self._read: dict[Path, tuple[tuple[int, int], Preset | PresetError]] = {}
        self._disk = ThreadPoolExecutor(1, "presets")  # it does what may take a while
        self._listing: Future[dict[str, Path]] | None = None
        self._writing: dict[str, tuple[Preset, Future[None]]] = {}

    def names(self) -> list[str]:
        """The presets by name; one that was put there just now may come a little later."""
        return sorted({*self._known(), *self._writing})

    def _known(self) -> dict[str, Path]:
        """The listing of a moment ago, while a new one is being made."""
        if self._files is None:
            self._files = files(self.own)
        if self._listing is None:
            self._listing = self._disk.submit(files, self.own)
        elif self._listing.done():
            self._files, self._listing = self._listing.result(), None
        return self._files

    def preload(self) -> None:
        """Read all presets, so that recalling one costs no frame; broken ones are passed over."""
        for path in self._known().values():
            try:
                self._preset(path)
            except VJDreamError:
                continue

    def new_to(self, preset: Preset) -> list[str]:
        """What of a preset's ``start:`` section this show has not."""
        return [key for key, value in preset.start.items() if self._running.get(key) != value]

    def load(self, name: str) -> Preset:
        """Return a preset by its name.

        Raises:
            PresetError: when there is none of that name, or it has mistakes.
        """
        waiting = self._writing.get(name) or self._writing.get(name.lower())
        if waiting is not None:
            return waiting[0]
        known = self._known()
        if name not in known and name.lower() not in known:
            self._files = known = files(self.own)
        return self._preset(_named(name, known))

    def _preset(self, path: Path) -> Preset:
        """Read a file, or know what was in it, mistakes included."""
        try:
            status = path.stat()
        except OSError as error:
            raise PresetError(f"preset {path} cannot be read: {error.strerror}") from None
        stamp = status.st_mtime_ns, status.st_size
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            content: Preset | PresetError
            try:
                content = presets.load(path, self._vocabulary, self._network, self.first)
            except PresetError as error:
                content = error
            self._read[path] = known = stamp, content
        if isinstance(known[1], PresetError):
            raise PresetError(str(known[1]))
        return known[1]

    def save(self, name: str, state: State, palette: tuple[str, ...]) -> Preset:
        """Save a look under a plain name; the disk follows a little later.

        Raises:
            PresetError: for a name that is no plain one.
        """
        if self.own is None:
            raise PresetError("this show has no folder for presets of your own")
        preset = self._preset_of(name, state, palette)
        name = preset.name
        if len(self._writing) >= MOST_WAITING:
            raise PresetError(f"preset '{name}' is not saved: the disk is still busy with others")
        path = self.own / f"{name}{SUFFIX}"
        self._writing[name] = preset, self._disk.submit(_write, path, text(preset))
        return preset

    def _preset_of(self, name: str, state: State, palette: tuple[str, ...]) -> Preset:
        """Return a look as a preset of that name.

        Raises:
            PresetError: for a name that is no plain one.
        """
        plain = plain_name(name)
        if plain is None:
            raise PresetError(f"'{name[:60]}' is no name for a preset: {RULE}")
        values = difference(state, self.first)
        about = f"{' and '.join(dict.fromkeys(state.classes[:2]))}, saved during a show"
        network = self._running.get("network", DREAMNET)
        start = {} if network == DREAMNET else {"network": network}
        return Preset(plain, about, values, start, (), palette)

    def problems(self, wait: bool = False) -> list[str]:
        """Return what went wrong with presets that have been saved; each is told once.

        Args:
            wait: until all is written.
        """
        sentences = []
        for name, (_, written) in list(self._writing.items()):
            if wait or written.done():
                error = written.exception()
                if error is not None:
                    sentences.append(str(error))
                elif self.own is not None and self._files is not None:
                    path = self.own / f"{name}{SUFFIX}"
                    self._files = dict(sorted((self._files | {name: path}).items()))
                    self._read.pop(path, None)  # its time may be that of the one before
                del self._writing[name]
        return sentences

    def close(self) -> None:
        """Finish what is being written."""
        self._disk.shutdown()


class RecordedLibrary(Library):
    """The presets of a session that is played: as they were when it was recorded.

    What the session saves is kept in memory: a replay must not replace anybody's files.

    Args:
        recorded: from when on, name and text of each preset that was loaded. The others are as for
            `Library`.

    Attributes:
        now: seconds of the session.
    """

    def __init__(
        self, recorded: Iterable[tuple[float, str, str]], *others: Any, **more: Any
    ) -> None:
        super().__init__(*others, **more)
        self.now = 0.0
        self._told: dict[str, list[tuple[float, Preset | PresetError]]] = {}
        self._saved: dict[str, Preset] = {}
        for time, name, content in recorded:
            self._told.setdefault(name, []).append((time, self._parsed(name, content)))

    def _parsed(self, name: str, content: str) -> Preset | PresetError:
        path = Path(name + SUFFIX)
        try:
            return presets.parse(content, path, self._vocabulary, self._network, self.first)
        except PresetError as error:
            return error

    def names(self) -> list[str]:
        return sorted({*super().names(), *self._told, *self._saved})

    def load(self, name: str) -> Preset:
        for known in (name, name.lower()):
            told = [preset for time, preset in self._told.get(known, ()) if time <= self.now]
            found = told[-1] if told else self._saved.get(known)
            if isinstance(found, PresetError):
                raise PresetError(str(found))
            if found is not None:
                return found
        return super().load(name)

    def save(self, name: str, state: State, palette: tuple[str, ...]) -> Preset:
        preset = self._preset_of(name, state, palette)
        self._saved[preset.name] = preset
        return preset


def difference(state: State, first: State) -> tuple[tuple[Parameter, Value], ...]:
    """The values of a look that are not those of `first`."""
    return tuple(
        (p, state.value(p))
        for p in TABLE.values()
        if p.scope == "look" and state.value(p) != first.value(p)
    )


def text(preset: Preset) -> str:
    """A preset as the text of its file."""
    lines = [f"# {' '.join(preset.about.split())}", f"vjdream: {FORMAT}"]
    if preset.start:
        lines += ["start:", *(f"  {_line(name, value)}" for name, value in preset.start.items())]
    lines += [_line(parameter.name, value) for parameter, value in preset.values]
    if preset.palette:
        lines.append(_line("palette", list(preset.palette)))
    return "\n".join(lines) + "\n"


def _line(name: str, value: Value | list[str]) -> str:
    if isinstance(value, float):  # OSC floats have seven digits
        value = float(f"{value:.7g}")
    shown = yaml.safe_dump(value, default_flow_style=True, width=10**6).removesuffix("\n...\n")
    return f"{name}: {shown.strip()}"


def _write(path: Path, content: str) -> None:
    """Write a whole file or nothing.

    Raises:
        PresetError: when the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content.encode())
    except OSError as error:
        raise PresetError(f"preset {path} cannot be saved: {error.strerror}") from None
