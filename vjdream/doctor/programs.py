"""Programs that a show is made of: Python, packages, and the weights of networks."""

from collections.abc import Callable, Iterator

from vjdream.doctor.findings import BROKEN, FINE, Finding, Level, told
from vjdream.weights import PUBLISHED, installed_weights

LEAST = {
    "python": "3.11",
    "torch": "2.8",
    "torchvision": "0.23",
    "opencv-python-headless": "4.10",
}
"""Versions that pyproject.toml asks for; a test compares."""


def python(version: tuple[int, ...], system: str) -> Finding:
    """Compare Python's version with what vjdream needs.

    Args:
        system: the operating system, in words.
    """
    shown = f"{'.'.join(map(str, version))} on {system}"
    if version < _numbers(LEAST["python"]):
        sentence = f"{shown} is too old - install Python {LEAST['python']} or newer"
        return Finding("Python", BROKEN, sentence)
    return Finding("Python", FINE, shown)


def package(name: str, version: Callable[[], str], level: Level = BROKEN) -> Iterator[Finding]:
    """Load a package.

    Args:
        version: loads it and returns its version.
        level: of a package that cannot be used.
    """
    topic = name.partition("-")[0]
    try:
        found = version()
    except Exception as error:  # a damaged package raises anything
        fix = f"pip install '{name}>={LEAST[name]}'"
        yield Finding(topic, level, f"does not load ({told(error)}) - {fix}")
        return
    if _numbers(found) < _numbers(LEAST[name]):
        fix = f"pip install --upgrade '{name}>={LEAST[name]}'"
        yield Finding(topic, level, f"{found} is too old - {fix}")
    else:
        yield Finding(topic, FINE, found)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version: 2.8.0+cpu is (2, 8, 0)."""
    parts = version.partition("+")[0].split(".")
    return tuple(int(part) for part in parts if part.isdecimal())


def opencv() -> str:
    """Import OpenCV and return its version."""
    import cv2

    return str(cv2.__version__)


def networks() -> Finding:
    """Tell which networks can be played at once."""
    from vjdream.vocabulary import networks

    here, missing = list[str](), list[str]()
    for name, path in networks().items():
        known = PUBLISHED.get(name)
        file = installed_weights(known.file_name) if known else path.with_suffix(".safetensors")
        (here if file is not None and file.is_file() else missing).append(name)
    lost = [name for name in missing if name not in PUBLISHED]
    if lost or not here:
        what = ", ".join(lost) or "every network"
        sentence = f"{what} lacks the weights that vjdream ships - install vjdream again"
        return Finding("networks", BROKEN, sentence)
    more = f"; vjdream fetch NAME gets {', '.join(missing)}" if missing else ""
    return Finding("networks", FINE, f"{', '.join(here)}{more}")
