"""The guide: a picture whose features a layer's dream can follow."""

from functools import lru_cache

import cv2
import torch
from torch import Tensor

from vjdream.dream.looks import FINEST_LINES
from vjdream.dream.networks import Network
from vjdream.dream.objective import sampled
from vjdream.errors import SettingsError
from vjdream.paths import expanded

MOST_FEATURES = 512
"""Features that each place of the dream is compared with."""


class Guide:
    """What the network sees in a picture, layer by layer.

    Args:
        picture: (1, 3, h, w) in 0..1.
    """

    def __init__(self, network: Network, picture: Tensor) -> None:
        self._network, self._picture = network, picture
        self.features = lru_cache(maxsize=4)(self._features)

    def _features(self, layer: str) -> Tensor:
        """Features (n, channels) of a layer, spread evenly over the picture."""
        with torch.no_grad():
            activation = self._network.activation(self._picture, layer)[0].float()
        every = sampled(activation).clamp(min=0)
        chosen = torch.linspace(0, len(every) - 1, min(len(every), MOST_FEATURES)).long()
        return every[chosen.to(every.device)].contiguous()


def read_picture(path: str, device: torch.device) -> Tensor:
    """Read a picture for the network, (1, 3, h, w) in 0..1, about as many lines as a look has.

    Raises:
        SettingsError: when it cannot be read.
    """
    content = cv2.imread(str(expanded(path)), cv2.IMREAD_COLOR)
    if content is None:
        raise SettingsError(f"--guide {path} is no picture that can be read")
    scale = min(1.0, FINEST_LINES / min(content.shape[:2]))
    small = cv2.resize(content, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    rgb = torch.from_numpy(small[..., ::-1].copy())
    return (rgb.permute(2, 0, 1)[None].float() / 255).to(device)
