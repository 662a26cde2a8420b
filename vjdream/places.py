"""Places for the files that a show leaves: never that of another one."""

from pathlib import Path

import platformdirs

from vjdream.errors import SessionError

MOST_NAMES = 10_000


def session_folder() -> Path:
    """Where recordings and snapshots go, unless another folder is asked for."""
    return platformdirs.user_documents_path() / "vjdream" / "sessions"


def free_place(folder: Path, name: str, suffix: str, beside: tuple[str, ...] = ()) -> Path:
    """Return where a new file can be: ``NAME``, else ``NAME 2`` and so on.

    Args:
        beside: suffixes of further files that are to lie there.

    Raises:
        SessionError: when the folder cannot be made, or is full of that name.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, MOST_NAMES):
            path = folder / f"{name}{'' if number == 1 else f' {number}'}{suffix}"
            if not any(path.with_name(path.name + more).exists() for more in ("", *beside)):
                return path
    except OSError as error:
        raise SessionError(f"folder {folder} cannot be used: {error.strerror}") from None
    raise SessionError(f"folder {folder} has {MOST_NAMES} files of the name '{name}'")
