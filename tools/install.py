"""From a fresh clone to a running show, or to passing tests, in one command.

    python3 tools/install.py run [OPTIONS OF vjdream run]
    python3 tools/install.py test

Makes a virtual environment (.venv, or $VJDREAM_VENV), installs vjdream into it, on Linux installs
the one system library that the NDI runtime needs when it is missing, and goes on with the show or
the tests. Needs nothing but Python 3.11 or newer.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = Path(os.environ.get("VJDREAM_VENV", ROOT / ".venv"))
BIN = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")


def call(*command: object) -> None:
    """Run a command and end with its exit code when it fails."""
    code = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def install_avahi() -> None:
    """Install what NDI's runtime links to on Linux; desktops have it, servers often lack it."""
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL("libavahi-client.so.3")
    except OSError:
        print("installing libavahi-client3, which NDI needs")
        as_root = [] if os.geteuid() == 0 else ["sudo"]
        if shutil.which("apt-get"):
            call(*as_root, "apt-get", "update", "-qq")
            call(*as_root, "apt-get", "install", "-y", "-qq", "libavahi-client3")
        elif shutil.which("dnf"):
            call(*as_root, "dnf", "install", "-y", "avahi-libs")
        else:
            print("please install the Avahi client library (libavahi-client.so.3) and try again")
            sys.exit(2)


def install(extras: str) -> None:
    """Make the environment and install vjdream into it."""
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check")
    call(*pip, "install", "--quiet", "--editable", f".{extras}")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before pip can say so
        sys.exit(f"vjdream needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    if sys.argv[1:2] not in (["run"], ["test"]):
        sys.exit(__doc__)
    install_avahi()
    if sys.argv[1] == "test":
        install("[test]")
        call(PYTHON, ROOT / "tools" / "check")
    else:
        install("")
        call(PYTHON, "-m", "vjdream", "run", *sys.argv[2:])


if __name__ == "__main__":
    main()
