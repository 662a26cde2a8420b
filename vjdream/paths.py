"""Paths as people type them, and what is wrong with them."""

import os
import shlex
import subprocess
from pathlib import Path


def expanded(name: str) -> Path:
    """Return a path that may begin with ``~``; one of nobody's home is taken as it stands."""
    return Path(os.path.expanduser(name))  # noqa: PTH111 - Path.expanduser refuses an unknown ~user


def quoted(path: Path, system: str = os.name) -> str:
    """Return a path as a word that the system's command line takes."""
    name = str(path)
    return subprocess.list2cmdline([name]) if system == "nt" else shlex.quote(name)


def flaw(path: Path, folder: bool = False) -> str | None:
    """Say what is wrong with a path that is to be a file, or a folder; None: nothing is."""
    try:
        if path.is_dir() if folder else path.is_file():
            return None
        if not path.exists():
            return "does not exist"
    except OSError as error:  # a name that is too long, a folder that nobody may look into
        return f"cannot be read: {error.strerror}"
    return "is no folder" if folder else "is a folder" if path.is_dir() else "is no file"
