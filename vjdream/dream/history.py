"""The history: what the canvas looked like during the last minute of show time.

The performer can have the dream return to an earlier picture. Pictures are kept as JPEG: a minute
takes 15 to 20 MB at the usual 512 × 288, and 50 MB where nothing is smooth. Colours keep their full
resolution, because dreams are made of fine saturated ones; at half of it, as is usual for
photographs, the deviation from the original is up to four times as large.

The history lives in the dreamer's process. One that is started again begins an empty one.
"""

from collections import deque
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SPAN = 60.0
"""Seconds of show time that are kept."""

EVERY = 0.25
"""Seconds between pictures that are kept, however many keyframes there are."""

NEARLY = 0.02
"""Seconds that they may be nearer: the keyframes of a render fall on whole frames."""

ROUNDING = 1e-6
"""Seconds by which sums of times may be off."""

JPEG = (
    *(cv2.IMWRITE_JPEG_QUALITY, 95),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
)

Levels = NDArray[np.uint8]
"""(h, w, 3) BGR, the canvas as it is."""


class History:
    """Pictures by their moments of show time; the same pictures give the same bytes."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, bytes]] = deque()  # moments and JPEGs, the oldest first

    def wants(self, moment: float) -> bool:
        """Whether a picture of that moment would be kept: it is late enough after the last one."""
        return not self._kept or moment - self._kept[-1][0] >= EVERY - NEARLY - ROUNDING

    def keep(self, moment: float, picture: Levels) -> None:
        """Keep a picture, where it is wanted, and drop those that are too old by then."""
        if not self.wants(moment):
            return
        done, content = cv2.imencode(".jpg", picture, JPEG)
        assert done, f"a picture of {picture.shape} cannot be kept"
        self._kept.append((moment, content.tobytes()))
        while moment - self._kept[0][0] > SPAN + ROUNDING:
            self._kept.popleft()

    def nearest(self, moment: float) -> Levels | None:
        """Return the last picture not later than `moment`, else the oldest; None without any."""
        if not self._kept:
            return None
        earlier = [content for time, content in self._kept if time <= moment + ROUNDING]
        content = earlier[-1] if earlier else self._kept[0][1]
        return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR))

    def state_dict(self) -> dict[str, Any]:
        """Return all pictures as plain values."""
        return {
            "moments": [moment for moment, _ in self._kept],
            "pictures": [content for _, content in self._kept],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where another history was."""
        self._kept = deque(zip(state["moments"], state["pictures"], strict=True))
