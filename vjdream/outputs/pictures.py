"""An output that writes every frame as a PNG into a folder."""

from pathlib import Path

import cv2

from vjdream.errors import OutputError
from vjdream.frames import Frame
from vjdream.whole_file import write_whole

FRAMES = "frame-*.png"

FAST = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
)
"""For dreams, which repeat nothing: half the time of level 3 without a strategy, and smaller."""


class PictureFolder:
    """Writes ``frame-000000.png`` and so on, each of them whole or not at all.

    Args:
        goes_on: frames that are there already are of the same show; else there must be none.
    """

    def __init__(self, folder: Path, goes_on: bool = False) -> None:
        self.folder = folder
        self.late = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".writable"
            probe.touch()
            probe.unlink()
            taken = not goes_on and any(folder.glob(FRAMES))
        except OSError as error:
            raise OutputError(f"cannot write into {folder}: {error.strerror}") from None
        if taken:
            raise OutputError(f"there are frames in {folder} already - choose another folder")

    def path(self, number: int) -> Path:
        """Where the frame of that number is."""
        return self.folder / f"frame-{number:06d}.png"

    def send(self, frame: Frame, deadline: float) -> None:
        path = self.path(frame.number)
        encoded, content = cv2.imencode(".png", frame.picture[..., :3], FAST)
        assert encoded
        try:
            write_whole(path, content.tobytes(), lasting=False)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from None

    def connections(self) -> int:
        return 0

    def describe(self) -> str:
        return f"pictures in {self.folder}"

    def close(self) -> None:
        pass
