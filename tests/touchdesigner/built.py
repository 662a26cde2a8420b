"""The component as the real builder builds it against the fake."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.touchdesigner.fake import World
from tests.touchdesigner.fake_operators import Operator

FOLDER = Path(__file__).parents[2] / "touchdesigner"
TABLE: dict[str, Any] = json.loads((FOLDER / "table.json").read_text(encoding="utf-8"))


def module(path: str) -> ModuleType:
    """Import one of the files that TouchDesigner runs."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, FOLDER / path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def built(folder: Path, table: dict[str, Any] = TABLE) -> tuple[World, Operator]:
    """Build the component; let its first frames pass and forget what they sent."""
    world = World(folder)
    comp = module("build_vjdream.py").build(world.names(), FOLDER, table)
    world.frame()
    world.advance(1.0)
    world.take()
    return world, comp


def tree(comp: Operator) -> dict[str, Any]:
    """What was built, as plain values; texts are named by the file that they came from."""
    files = {path.read_text(encoding="utf-8"): path for path in (FOLDER / "inside").glob("*.py")}
    return {
        "name": comp.name,
        "type": comp.OPType,
        "custom": [
            {
                name: getattr(par, name)
                for name in (
                    "page", "style", "name", "label", "help", "default", "val", "min", "max",
                    "normMin", "normMax", "clampMin", "clampMax", "menuNames", "menuLabels",
                    "readOnly", "startSection",
                )
            }
            for par in comp.custom.values()
        ],
        "operators": [
            {
                "name": o.name,
                "type": o.OPType,
                "parameters": {p.name: p.expr or p.val for p in o.par if p.expr or p.val},
                "text": str(files[o.text].relative_to(FOLDER).as_posix()) if o.text in files
                else "the table" if o.text else "",
                "inputs": [i.name for i in o.inputs],
            }
            for o in comp.children.values()
        ],
        "parameters": {p.name: p.val for p in comp.par if p.name not in comp.custom and p.val},
    }  # fmt: skip
