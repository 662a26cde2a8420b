"""Write everything that is derived from the table of parameters.

python tools/generate.py
"""

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tools"))

import generate_addresses  # noqa: E402 - they import vjdream from this checkout
import generate_chataigne  # noqa: E402
import generate_open_stage_control  # noqa: E402
import generate_table  # noqa: E402

from vjdream.parameters import markdown  # noqa: E402

BEGIN = "<!-- the table: written by tools/generate.py -->\n"
END = "<!-- end of the table -->\n"


def with_table(readme: str, table: str) -> str:
    """Return the README with everything between the two marks replaced."""
    before, _, rest = readme.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit("README.md has lost the marks around the table")
    return before + BEGIN + "\n" + table + "\n" + END + after


def readme() -> str:
    """Return the README with the table of today."""
    return with_table((ROOT / "README.md").read_text(encoding="utf-8"), markdown())


FILES: dict[str, Callable[[], str]] = {
    "README.md": readme,
    "touchdesigner/table.json": generate_table.table,
    "tools/surfaces/vjdream.json": generate_open_stage_control.session,
    "tools/surfaces/chataigne/module.json": generate_chataigne.module,
    f"tools/surfaces/chataigne/{generate_chataigne.SCRIPT}": generate_chataigne.script,
    "tools/surfaces/addresses.md": generate_addresses.addresses,
}
"""What is written, by its path in the repository."""


def main() -> None:
    for name, text in FILES.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
