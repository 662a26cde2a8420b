# ruff: noqa: N803 - the names of arguments are TouchDesigner's
"""Operators as TouchDesigner has them: unknown types, parameters and keywords are rejected.

All names are from Derivative's documentation.
"""

import re
import struct
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.touchdesigner.fake_parameters import Page, Par, ParCollection, TouchDesignerError

if TYPE_CHECKING:
    from tests.touchdesigner.fake import World

PARAMETERS: dict[str, str] = {
    "ndiinTOP": "active name extraips bandwidth hwdecode inputpixelformat grouptable audiobuflen",
    "outTOP": "label",
    "ndiDAT": "callbacks extraips persistence language",
    "oscoutDAT": "active protocol address port localaddress shared callbacks",
    "oscinDAT": "active protocol address port localaddress addscope typetag splitbundle "
    "splitmessage bundletimestamp callbacks executeloc clamp maxlines clear",
    "parameterexecuteDAT": "active op pars valuechange valueschanged onpulse expressionchange "
    "modechange custom builtin executeloc fromop",
    "textDAT": "file syncfile loadonstart write language extension",
    "baseCOMP": "parentshortcut opshortcut ext0object ext0name ext0promote reinitextensions "
    "initextonstart enableexternaltox externaltox reloadcustom relpath",
}
"""The parameters of each type of operator that we know by their script names."""

STYLES = {
    **dict.fromkeys(("port", "maxlines"), "Int"),
    **dict.fromkeys(("write", "clear", "reinitextensions"), "Pulse"),
    **dict.fromkeys(
        (
            "active",
            "valuechange",
            "valueschanged",
            "onpulse",
            "custom",
            "builtin",
            "ext0promote",
            "promoteextension1",
        ),
        "Toggle",
    ),
}
"""Those that hold no text."""

EXTENSION = ("ext0object", "ext0name", "ext0promote")
OLD_EXTENSION = ("extension1", "extname1", "promoteextension1")
"""The parameters of a component's extension, and what they were called before 2023."""

ALSO_MADE = {"oscinDAT": "_callbacks", "oscoutDAT": "_callbacks", "ndiDAT": "_callbacks"}
"""Types whose creation leaves an example docked beside them."""


class Operator:
    """One operator of any family."""

    def __init__(self, world: "World", type_: str, name: str, parent: "Operator | None") -> None:
        self._world, self.OPType, self.name, self._parent = world, type_, name, parent
        self.nodeX = self.nodeY = 0
        self.valid, self.text = True, ""
        self.docked: list[Operator] = []
        self.inputs: list[Operator] = []
        self.children: dict[str, Operator] = {}
        self.par = ParCollection()
        for par in world.parameters[type_].split():
            style = STYLES.get(par, "Str")
            self.par._pars[par] = Par(self, par, style)
        again = self.par["reinitextensions"]
        if again is not None:
            again._on_pulse = lambda par: self.initializeExtensions()
        self.custom: dict[str, Par] = {}
        self.ext = SimpleNamespace()
        self._promote: Par | None = None
        self._module: tuple[str, ModuleType] | None = None

    @property
    def path(self) -> str:
        return "/" if self._parent is None else f"{self._parent.path.rstrip('/')}/{self.name}"

    # -- the network ------------------------------------------------------------------------------

    def create(self, type_: Any, name: str, initialize: bool = True) -> "Operator":
        """Create an operator; a name that is taken gets the next number, without a word."""
        if type_ not in self._world.parameters:
            raise TouchDesignerError(f"there is no operator type {type_}")
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name):
            raise TouchDesignerError(f"'{name}' is no name for an operator")
        stem, number = name.rstrip("0123456789"), 1
        while name in self.children:
            name, number = f"{stem}{number}", number + 1
        made = self.children[name] = Operator(self._world, type_, name, self)
        if type_ in ALSO_MADE and initialize:
            made.docked.append(self.create("textDAT", name + ALSO_MADE[type_]))
        return made

    def destroy(self) -> None:
        assert self._parent is not None
        self.valid = False
        del self._parent.children[self.name]
        for operator in self._parent.children.values():
            if self in operator.docked:
                operator.docked.remove(self)

    def op(self, path: str) -> "Operator | None":
        return self.children.get(path.removeprefix("./"))

    def parent(self) -> "Operator | None":
        return self._parent

    def setInputs(self, operators: "list[Operator]") -> None:
        if any(o.OPType[-3:] != self.OPType[-3:] for o in operators):
            raise TouchDesignerError("operators of two families cannot be connected")
        self.inputs = list(operators)

    def save(self, filepath: str, createFolders: bool = False, password: str | None = None) -> Path:
        path = Path(filepath)
        if createFolders:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a component")
        return path

    # -- custom parameters ------------------------------------------------------------------------

    def appendCustomPage(self, name: str) -> Page:
        if not self.OPType.endswith("COMP"):
            raise TouchDesignerError("only components have custom pages")
        return Page(self, name)

    def add_custom(self, name: str, style: str, label: str, page: str) -> Par:
        par = Par(self, name, style, label, page)
        par._on_change = self._world.changed
        par._on_pulse = self._world.pulsed
        self.custom.pop(name, None)  # replace=True, and it moves to the end of its page
        self.custom[name] = self.par._pars[name] = par
        return par

    # -- code -------------------------------------------------------------------------------------

    def evaluate(self, code: str) -> Any:
        return eval(code, self._world.names(self))

    @property
    def module(self) -> ModuleType:
        """The DAT's text as a module, made anew when the text has changed."""
        if self._module is None or self._module[0] != self.text:
            module = ModuleType(self.name)
            module.__dict__.update(self._world.names(self))
            exec(compile(self.text, self.path, "exec"), module.__dict__)
            self._module = self.text, module
        return self._module[1]

    def initializeExtensions(self, index: int | None = None) -> None:
        code, name, self._promote = (
            self.par[new] or getattr(self.par, old)
            for new, old in zip(EXTENSION, OLD_EXTENSION, strict=True)
        )
        setattr(self.ext, name.eval(), self.evaluate(code.eval()))

    def __getattr__(self, name: str) -> Any:
        """Promoted members of the extension: those with a capital."""
        ext = self.__dict__.get("ext")
        if name[:1].isupper() and ext is not None and self._promote and self._promote.eval():
            for extension in vars(ext).values():
                return getattr(extension, name)
        raise AttributeError(f"{self.OPType} has no {name}")

    # -- what single types can do -----------------------------------------------------------------

    def sendOSC(
        self,
        address: str,
        values: list[Any],
        *,
        asBundle: bool = False,
        useNonStandardTypes: bool = True,
        use64BitPrecision: bool = False,
    ) -> int:
        if self.OPType != "oscoutDAT":
            raise AttributeError("only an OSC Out DAT sends OSC")
        if not self.par.active.eval():
            return 0
        assert not asBundle and not use64BitPrecision
        packet = encoded(address, values, useNonStandardTypes)
        self._world.sent.append(packet)
        return len(packet)

    @property
    def numRows(self) -> int:
        return len(self._world.sources)

    @property
    def numCols(self) -> int:
        return 2

    def __getitem__(self, cell: tuple[int, int]) -> SimpleNamespace:
        """A cell of the NDI DAT: the name of a source, and what else may stand beside it."""
        row, column = cell
        return SimpleNamespace(val=self._world.sources[row] if column else str(row))


def encoded(address: str, values: list[Any], non_standard: bool) -> bytes:
    """Return one message as TouchDesigner sends it."""
    tags, body = ",", b""
    for value in values:
        if isinstance(value, bool) and non_standard:
            tags += "T" if value else "F"
        elif isinstance(value, int):  # booleans too
            tags, body = tags + "i", body + struct.pack(">i", value)
        elif isinstance(value, float):
            tags, body = tags + "f", body + struct.pack(">f", value)
        elif isinstance(value, str):
            tags, body = tags + "s", body + _padded(value)
        else:
            raise TouchDesignerError(f"{value!r} cannot be sent")
    return _padded(address) + _padded(tags) + body


def _padded(text: str) -> bytes:
    raw = text.encode()
    return raw + bytes(4 - len(raw) % 4)
