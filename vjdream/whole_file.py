"""Files that are there whole or not at all, whatever becomes of the program."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes | memoryview, lasting: bool = True) -> None:
    """Write a file, in place of one that may be there.

    Args:
        lasting: wait until it would survive a power cut.

    Raises:
        OSError: when it cannot be written; what was there stays.
    """
    part = path.with_name(f".{path.name}.part")  # whoever is killed leaves one at most
    try:
        with part.open("wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
