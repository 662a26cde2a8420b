# ruff: noqa: T201 - the Textport is where its report belongs
"""Builds the `vjdream` COMP inside TouchDesigner and saves it into your palette.

In the Textport (Alt-T), with the path of your checkout:

    VJDREAM_TD = r'C:/vjdream/touchdesigner'; exec(open(VJDREAM_TD + '/build_vjdream.py').read())

The folder may also be named by the environment variable VJDREAM_TD, or be the folder of the
project. `build` takes all that it needs of TouchDesigner as an argument, so that it can be tested
without. Python 3.9 and the standard library are all that is used.
"""

import builtins
import json
import os
import re
import runpy
import sys
from pathlib import Path

NAME = "vjdream"
EXTENSION = "VjdreamExt"

OPERATORS = (
    # type, name, place, file with its text
    ("ndiDAT", "ndi", (0, 0), ""),
    ("ndiinTOP", "ndiin", (200, 0), ""),
    ("outTOP", "out1", (400, 0), ""),
    ("textDAT", "table", (0, -150), "table.json"),
    ("textDAT", "vjdream_messages", (200, -150), "inside/vjdream_messages.py"),
    ("textDAT", EXTENSION, (400, -150), "inside/VjdreamExt.py"),
    ("oscoutDAT", "oscout", (0, -300), ""),
    ("oscinDAT", "oscin", (200, -300), ""),
    ("textDAT", "oscin_callbacks", (400, -300), "inside/oscin_callbacks.py"),
    ("parameterexecuteDAT", "parameters", (600, -300), "inside/parameters.py"),
)

EXPRESSIONS = (
    ("ndi", "extraips", "parent().par.Extraips"),
    ("ndiin", "name", "parent().par.Source"),
    ("ndiin", "extraips", "parent().par.Extraips"),
    ("oscout", "address", "parent().par.Address"),
    ("oscout", "port", "parent().par.Port"),
    ("oscout", "active", "parent().par.Active"),
    ("oscin", "port", "parent().par.Feedbackport"),
    ("oscin", "active", "parent().par.Active"),
)

VALUES = (
    ("vjdream_messages", "language", "python"),
    (EXTENSION, "language", "python"),
    ("oscin_callbacks", "language", "python"),
    ("oscin", "callbacks", "oscin_callbacks"),
    ("oscout", "callbacks", ""),
    ("ndi", "callbacks", ""),
    ("parameters", "op", ".."),
    ("parameters", "pars", "*"),
    ("parameters", "custom", True),
    ("parameters", "builtin", False),
    ("parameters", "valuechange", False),
    ("parameters", "valueschanged", True),
    ("parameters", "onpulse", True),
    ("parameters", "active", True),
)


class Checks:
    """What of VERIFY.md this build has seen to work, and what was not there."""

    def __init__(self):
        self._reasons = {}

    def passed(self, key):
        self._reasons.setdefault(key, [])

    def missing(self, key, what):
        self._reasons.setdefault(key, []).append(what)

    def attribute(self, par, name, value, key="custom-attributes"):
        """Set an attribute of a parameter; what this TouchDesigner does not take is noted."""
        self.passed(key)
        try:
            setattr(par, name, value)
        except Exception as error:  # its own kinds of errors, and one is no reason to end here
            self.missing(key, par.name + "." + name + ": " + str(error))

    def parameter(self, operator, type_, names):
        """Return the first parameter of an operator that exists under one of its names."""
        self.passed(type_)
        for name in names:
            found = operator.par[name]
            if found is not None:
                return found
        self.missing(type_, "no parameter '" + "' or '".join(names) + "'")
        return None

    def report(self, verify):
        """Return the numbered list of VERIFY.md with PASS or SKIP before each line."""
        lines = []
        for number, key, text in re.findall(r"^(\d+)\. `([\w-]+)` (.*)$", verify, re.MULTILINE):
            reasons = self._reasons.get(key, ["only a person can see it"])
            state = "SKIP " if reasons else "PASS "
            because = " [" + "; ".join(dict.fromkeys(reasons)) + "]" if reasons else ""
            lines.append(state + number.rjust(2) + ". " + text + because)
        return lines


def build(td, folder, table, checks=None):
    """Build the COMP and return it.

    Args:
        td: TouchDesigner's own names: `op` and the types of operators.
        folder: where this file lies, with `inside/` beside it, as a Path.
        table: the content of `table.json`.
    """
    checks = checks or Checks()
    parts = runpy.run_path(str(folder / "custom_parameters.py"))
    place = td["op"]("/project1") or td["op"]("/")
    former = place.op(NAME)
    if former:
        former.destroy()
    comp = place.create(td["baseCOMP"], NAME)
    if comp.name != NAME:
        checks.missing("operators", NAME + " became " + comp.name)
    parts["append_all"](comp, table, checks)
    checks.passed("custom-names")
    operators = create_all(td, comp, folder, table, checks)
    operators["out1"].setInputs([operators["ndiin"]])
    checks.passed("wired")
    extend(comp, checks)
    return comp


def create_all(td, comp, folder, table, checks):
    """Create the operators inside; return them by name."""
    made, types = {}, {}
    for type_, name, (x, y), source in OPERATORS:
        made[name] = operator = comp.create(td[type_], name)
        types[name] = type_
        if operator.name != name:
            checks.missing("operators", name + " became " + operator.name)
        for leftover in list(operator.docked):  # example callbacks that TouchDesigner adds
            leftover.destroy()
        operator.nodeX, operator.nodeY = x, y
        if name == "table":
            operator.text = json.dumps(table, indent=1, ensure_ascii=False)
        elif source:
            operator.text = (folder / source).read_text(encoding="utf-8")
    checks.passed("operators")
    for name, par, expression in EXPRESSIONS:
        found = checks.parameter(made[name], types[name], [par])
        if found is not None:
            checks.attribute(found, "expr", expression, types[name])
    for name, par, value in VALUES:
        found = checks.parameter(made[name], types[name], [par])
        if found is not None:
            checks.attribute(found, "val", value, types[name])
    return made


def extend(comp, checks):
    """Give the COMP its extension; builds before 2023 have other names for its parameters."""
    values = (
        (["ext0object", "extension1"], "op('./" + EXTENSION + "').module." + EXTENSION + "(me)"),
        (["ext0name", "extname1"], EXTENSION),
        (["ext0promote", "promoteextension1"], True),
        (["parentshortcut"], NAME),
    )
    for names, value in values:
        par = checks.parameter(comp, "COMP", names)
        if par is not None:
            checks.attribute(par, "val", value, "COMP")
    try:
        comp.initializeExtensions()
        sent = comp.ext.VjdreamExt.Sync()
        checks.passed("extension")
        if all(sent):
            checks.passed("sent")
        else:
            checks.missing("sent", "sendOSC returned " + repr(sent))
    except Exception as error:  # the report says it, and the COMP is kept to be looked at
        checks.missing("extension", str(error))
        checks.missing("sent", "there is no extension")


def save(comp, palette, checks):
    """Save the COMP into the user's palette; return the path of the file."""
    path = Path(palette) / NAME / (NAME + ".tox")
    comp.save(str(path), createFolders=True)
    if path.is_file():
        checks.passed("saved")
    else:
        checks.missing("saved", "there is no " + str(path))
    return path


def find_folder(names):
    """Return the folder of this file, which the Textport does not tell.

    Raises:
        RuntimeError: when it is none of those that are looked at.
    """
    named = os.environ.get("VJDREAM_TD") or names.get("VJDREAM_TD")
    project = Path(names["project"].folder)
    looked = [Path(named)] if named else [project, project / "touchdesigner"]
    for folder in looked:
        if (folder / "table.json").is_file() and (folder / "inside").is_dir():
            return folder
    raise RuntimeError(
        "vjdream: there is no table.json with inside/ in " + " or ".join(map(str, looked))
        + " - set VJDREAM_TD to the folder touchdesigner/ of your checkout"
    )  # fmt: skip


def touchdesigner_names(here):
    """Return TouchDesigner's names, wherever this build keeps them for the Textport."""
    td = sys.modules.get("td")
    return {**vars(builtins), **(vars(td) if td else {}), **here}


def run_in_textport(names):
    """Build, save and print VERIFY.md with what was seen; return the COMP."""
    folder, checks = find_folder(names), Checks()
    table = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    comp = build(names, folder, table, checks)
    path = save(comp, names["app"].userPaletteFolder, checks)
    verify = (folder / "VERIFY.md").read_text(encoding="utf-8")
    print("vjdream for TouchDesigner " + str(names["app"].version) + "." + str(names["app"].build))
    print("\n".join(checks.report(verify)))
    print("built " + comp.path + ", saved " + str(path) + " (Palette Browser > My Components)")
    return comp


_names = touchdesigner_names(globals())
if "app" in _names and "baseCOMP" in _names:
    run_in_textport(_names)
