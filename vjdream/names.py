"""Plain names: what a message may call a file. It never names a path."""

import re

LONGEST_NAME = 64
PLAIN = re.compile(r"[^\W_][\w -]{0,62}[\w-]|[^\W_]")
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""File names that Windows keeps for itself."""

RULE = f"letters, digits, spaces, - and _ make one, at most {LONGEST_NAME}"


def plain_name(text: str) -> str | None:
    """Return the name in the form that files have it, or None for what is no plain name."""
    name = text.strip().lower()
    return name if PLAIN.fullmatch(name) and not RESERVED.fullmatch(name) else None
