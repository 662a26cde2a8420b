"""Write what is derived from the table of parameters into the README.

python tools/generate.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BEGIN = "<!-- the table: written by tools/generate.py -->\n"
END = "<!-- end of the table -->\n"


def with_table(readme: str, table: str) -> str:
    """Return the README with everything between the two marks replaced."""
    before, _, rest = readme.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit("README.md has lost the marks around the table")
    return before + BEGIN + "\n" + table + "\n" + END + after


def main() -> None:
    from vjdream.parameters import markdown

    path = ROOT / "README.md"
    path.write_text(with_table(path.read_text(encoding="utf-8"), markdown()), encoding="utf-8")


if __name__ == "__main__":
    main()
