"""An output that writes every frame as a PNG into a folder."""

import contextlib
from pathlib import Path

import cv2

from vjdream.errors import OutputError
from vjdream.frames import Frame

COMPRESSION = 3


class PictureFolder:
    """Writes ``frame-000000.png`` and so on, each of them whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.late = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise OutputError(f"cannot write into {folder}: {error.strerror}") from None

    def send(self, frame: Frame, deadline: float) -> None:
        path = self.folder / f"frame-{frame.number:06d}.png"
        part = path.with_name(f".{path.name}.part")  # a render that is killed leaves only this
        encoded, content = cv2.imencode(
            ".png", frame.picture[..., :3], [cv2.IMWRITE_PNG_COMPRESSION, COMPRESSION]
        )
        try:
            assert encoded
            part.write_bytes(content.tobytes())
            part.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise OutputError(f"cannot write {path}: {error.strerror}") from None

    def connections(self) -> int:
        return 0

    def describe(self) -> str:
        return f"pictures in {self.folder}"

    def close(self) -> None:
        pass
