# ruff: noqa: N803 - the names of arguments are TouchDesigner's
"""A small TouchDesigner around the operators: global names, frames, delayed code, OSC bytes.

It is strict where the real one is. What it cannot know is in ``touchdesigner/VERIFY.md``.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pythonosc.osc_message import OscMessage

from tests.touchdesigner.fake_operators import PARAMETERS, Operator
from tests.touchdesigner.fake_parameters import Par, ParMode


class World:
    """TouchDesigner around the operators: its global names, its frames, its clock, its network."""

    def __init__(self, folder: Path, parameters: dict[str, str] | None = None) -> None:
        self.parameters = parameters or PARAMETERS
        self.folder = folder
        self.root = Operator(self, "baseCOMP", "", None)
        self.project = self.root.create("baseCOMP", "project1")
        self.sent: list[bytes] = []
        self.sources = ["name"]
        self.complaints: list[str] = []
        self._changes: list[tuple[Par, Any]] = []
        self._later: list[tuple[float, Callable[[], Any]]] = []
        self._now = 0.0

    def names(self, me: Operator | None = None) -> dict[str, Any]:
        """What every script finds without importing it."""
        home = me if me is None or me.OPType.endswith("COMP") else me.parent()
        return {
            **{type_: type_ for type_ in self.parameters},
            "op": lambda path: self._found(path, home),
            "me": me,
            "parent": (lambda: None) if me is None else me.parent,
            "run": self.run,
            "debug": lambda *words: self.complaints.append(" ".join(map(str, words))),
            "ParMode": ParMode,
            "project": SimpleNamespace(folder=str(self.folder)),
            "app": SimpleNamespace(
                version="2023", build="12000", userPaletteFolder=str(self.folder / "palette")
            ),
        }

    def _found(self, path: str, home: Operator | None) -> Operator | None:
        if path.startswith("/"):
            found: Operator | None = self.root
            for part in path.strip("/").split("/"):
                found = found.op(part) if found and part else found
            return found
        return home.op(path) if home else None

    def run(
        self, code: str, *arguments: Any, delayFrames: int = 0, delayMilliSeconds: int = 0
    ) -> None:
        at = self._now + delayFrames / 60 + delayMilliSeconds / 1000
        names = self.names() | {"args": arguments}
        self._later.append((at, lambda: exec(code, names)))

    # -- time -------------------------------------------------------------------------------------

    def changed(self, par: Par, before: Any) -> None:
        self._changes.append((par, before))

    def pulsed(self, par: Par) -> None:
        for dat in self._watching(par.owner, "onpulse"):
            dat.module.onPulse(par)

    def frame(self) -> None:
        """End a frame: Parameter Execute DATs are told once of all that changed in it."""
        changes, self._changes = self._changes, []
        for owner in {par.owner for par, _ in changes}:
            for dat in self._watching(owner, "valueschanged"):
                mine = {par.name: (par, before) for par, before in changes if par.owner is owner}
                dat.module.onValuesChanged(list(mine.values()))

    def advance(self, seconds: float) -> None:
        """Let time pass, in which delayed code runs."""
        until = self._now + seconds
        while due := sorted((job for job in self._later if job[0] <= until), key=lambda j: j[0]):
            self._later.remove(due[0])
            self._now = due[0][0]
            due[0][1]()
            self.frame()
        self._now = until

    def receive(self, packet: bytes) -> None:
        """Let every OSC In DAT hear one message."""
        message = OscMessage(packet)
        for dat in self._all("oscinDAT"):
            home = dat.parent()
            callbacks = home.op(dat.par.callbacks.eval()) if home else None
            if dat.par.active.eval() and callbacks is not None:
                peer = SimpleNamespace(address="127.0.0.1", port=7700)
                arguments = list(message.params)
                callbacks.module.onReceiveOSC(
                    dat, 0, str(packet), packet, self._now, message.address, arguments, peer
                )

    def take(self) -> list[bytes]:
        """Return what was sent since the last time."""
        sent, self.sent = self.sent, []
        return sent

    def _watching(self, owner: Operator, what: str) -> list[Operator]:
        """The active Parameter Execute DATs inside a component that watch its own parameters."""
        found = [o for o in owner.children.values() if o.OPType == "parameterexecuteDAT"]
        wanted = ("active", "custom", what)
        return [
            dat for dat in found
            if all(dat.par[name].eval() for name in wanted) and dat.par.op.eval() == ".."
        ]  # fmt: skip

    def _all(self, type_: str) -> list[Operator]:
        found, open_ = [], [self.root]
        while open_:
            operator = open_.pop()
            found += [operator] if operator.OPType == type_ else []
            open_ += operator.children.values()
        return found
