"""Parameters as TouchDesigner has them, strictly: what the real ones reject is rejected here.

Names are TouchDesigner's own, from Derivative's documentation.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

NAME = re.compile("[A-Z][a-z0-9]*")


class ParMode(Enum):
    CONSTANT = 0
    EXPRESSION = 1
    EXPORT = 2
    BIND = 3


class TouchDesignerError(Exception):
    """Where TouchDesigner raises its tdError."""


class Par:
    """One parameter. Attributes that the real one lacks raise AttributeError."""

    __slots__ = (
        "_clamp_max", "_clamp_min", "_expr", "_mode", "_on_change", "_on_pulse", "_value",
        "default", "help", "label", "max", "menuLabels", "menuNames", "min", "name", "normMax",
        "normMin", "owner", "page", "readOnly", "startSection", "style",
    )  # fmt: skip

    def __init__(self, owner: Any, name: str, style: str, label: str = "", page: str = "") -> None:
        self.owner, self.name, self.style = owner, name, style
        self.label, self.page = label or name, page
        self.default = self._value = {"Float": 0.0, "Int": 0, "Toggle": False}.get(style, "")
        self.min, self.max, self.normMin, self.normMax = 0.0, 1.0, 0.0, 1.0
        self._clamp_min = self._clamp_max = False
        self.menuNames: list[str] = []
        self.menuLabels: list[str] = []
        self.help, self.startSection, self.readOnly = "", False, False
        self._mode, self._expr = ParMode.CONSTANT, ""
        self._on_change: Callable[[Par, Any], None] = lambda par, before: None
        self._on_pulse: Callable[[Par], None] = lambda par: None

    @property
    def clampMin(self) -> bool:
        return self._clamp_min

    @clampMin.setter
    def clampMin(self, on: bool) -> None:
        self._clamp_min = on

    @property
    def clampMax(self) -> bool:
        return self._clamp_max

    @clampMax.setter
    def clampMax(self, on: bool) -> None:
        self._clamp_max = on

    @property
    def mode(self) -> ParMode:
        return self._mode

    @property
    def expr(self) -> str:
        return self._expr

    @expr.setter
    def expr(self, code: str) -> None:
        self._expr, self._mode = code, ParMode.EXPRESSION

    @property
    def val(self) -> Any:
        return self._value

    @val.setter
    def val(self, value: Any) -> None:
        """Take a value of the parameter's kind; an expression is lost, as in TouchDesigner."""
        value = self._fitting(value)
        before, self._value, self._mode = self._value, value, ParMode.CONSTANT
        if value != before:
            self._on_change(self, before)

    def _fitting(self, value: Any) -> Any:
        if self.style in ("Float", "Int"):
            if isinstance(value, str):
                raise TouchDesignerError(f"{self.name} needs a number, got {value!r}")
            value = float(value) if self.style == "Float" else int(value)
            value = max(value, self.min) if self._clamp_min else value
            return min(value, self.max) if self._clamp_max else value
        if self.style == "Toggle":
            return bool(value)
        if self.style == "Pulse":
            raise TouchDesignerError(f"{self.name} is a pulse")
        if not isinstance(value, str):
            raise TouchDesignerError(f"{self.name} needs text, got {value!r}")
        if self.style == "Menu" and value not in self.menuNames:
            raise TouchDesignerError(f"{self.name} has no menu item {value!r}")
        return value

    def eval(self) -> Any:
        if self._mode is ParMode.EXPRESSION:
            found = self.owner.evaluate(self._expr)
            return found.eval() if isinstance(found, Par) else found
        return self._value

    def pulse(self) -> None:
        if self.style != "Pulse":
            raise TouchDesignerError(f"{self.name} is no pulse")
        self._on_pulse(self)


class ParGroup(tuple[Par, ...]):
    """What `append…` returns; element by element."""


class Page:
    """A page of custom parameters. There are no keywords for default, range or menus."""

    def __init__(self, comp: Any, name: str) -> None:
        self._comp, self.name = comp, name

    def _append(self, style: str, name: str, label: str | None, size: int = 1) -> ParGroup:
        if not NAME.fullmatch(name):
            raise TouchDesignerError(f"'{name}' is no name for a custom parameter")
        names = [name] if size == 1 else [f"{name}{i}" for i in range(1, size + 1)]
        return ParGroup(self._comp.add_custom(n, style, label or n, self.name) for n in names)

    def appendFloat(
        self,
        name: str,
        label: str | None = None,
        size: int = 1,
        order: int | None = None,
        replace: bool = True,
    ) -> ParGroup:
        return self._append("Float", name, label, size)

    def appendInt(
        self,
        name: str,
        label: str | None = None,
        size: int = 1,
        order: int | None = None,
        replace: bool = True,
    ) -> ParGroup:
        return self._append("Int", name, label, size)

    def appendStr(
        self, name: str, label: str | None = None, order: int | None = None, replace: bool = True
    ) -> ParGroup:
        return self._append("Str", name, label)

    def appendStrMenu(
        self, name: str, label: str | None = None, order: int | None = None, replace: bool = True
    ) -> ParGroup:
        return self._append("StrMenu", name, label)

    def appendMenu(
        self, name: str, label: str | None = None, order: int | None = None, replace: bool = True
    ) -> ParGroup:
        return self._append("Menu", name, label)

    def appendToggle(
        self, name: str, label: str | None = None, order: int | None = None, replace: bool = True
    ) -> ParGroup:
        return self._append("Toggle", name, label)

    def appendPulse(
        self, name: str, label: str | None = None, order: int | None = None, replace: bool = True
    ) -> ParGroup:
        return self._append("Pulse", name, label)


class ParCollection:
    """``o.par``: a missing name is None in brackets, and AttributeError after a dot."""

    def __init__(self) -> None:
        object.__setattr__(self, "_pars", {})

    def __getitem__(self, name: str) -> Par | None:
        found: Par | None = self._pars.get(name)
        return found

    def __getattr__(self, name: str) -> Par:
        if name.startswith("_") or name not in self._pars:
            raise AttributeError(f"there is no parameter {name}")
        par: Par = self._pars[name]
        return par

    def __setattr__(self, name: str, value: Any) -> None:
        getattr(self, name).val = value

    def __iter__(self) -> Iterator[Par]:
        return iter(self._pars.values())
