"""Paths as people type them."""

import os
from pathlib import Path


def expanded(name: str) -> Path:
    """Return a path that may begin with ``~``; one of nobody's home is taken as it stands."""
    return Path(os.path.expanduser(name))  # noqa: PTH111 - Path.expanduser refuses an unknown ~user
