"""The canvas: the picture being dreamt and the optimizer's memory of it, moved by one camera.

Adam's moments belong to places of the picture, so whatever carries the picture carries them too
(Kingma & Ba 2015; there is no bias correction, because the moments live on from keyframe to
keyframe).
"""

import dataclasses
import math
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from vjdream.camera import OVERSCAN, Pose, Viewpoint, pixel_matrix
from vjdream.dream.beyond import Beyond
from vjdream.dream.equaliser import equalised
from vjdream.dream.pace import BALANCE, EVENNESS, KEEP, KEEP_SQUARE, RATE_NOW, STRENGTH
from vjdream.dream.resample import Method, warp
from vjdream.frames import Picture, Size, published_size

SATURATION = 0.13
"""Deviation of colours from grey to which `balance` draws a canvas that has more. The photographs
that the prior is fitted on have up to 0.11."""

CONTRAST = 0.22
BRIGHTNESS = 0.45
"""Deviation and mean of photographs in 0..1, roughly."""

SEED_ROWS = (5, 10, 20)
"""Forms per height of what is sown: large, middle and small."""

CALM_GRID = (9, 16)
CALM = 0.06
"""Deviation of the light in one place of the grid above which nothing is sown."""

FLOOR = 0.1
"""Of the mean deviation: pixels whose gradient is smaller do not gain from evenness."""

STEP_2015 = 5.0 / 255
NEW_2015, NEW_SQUARE_2015 = 0.9, 0.999
TINY_2015 = 1e-8 * 255
"""The 2015 system's step of 5 grey levels, its weights of what is new, and its epsilon."""

PAINTED = ("picture", "moment", "square")
"""What a step changes."""


class Canvas:
    """Picture, first and second moments, and the viewpoint that they are painted at.

    Attributes:
        picture: (1, 3, h, w) in 0..1, RGB.
        cover: how many times the canvas's height covers the view.
    """

    def __init__(self, size: Size, output: Size, device: torch.device, seed: int = 0) -> None:
        self.size, self.output = size, output
        self.picture = torch.full((1, 3, size.height, size.width), 0.5, device=device)
        self.cover = OVERSCAN * max(
            1.0, (output.width / output.height) / (size.width / size.height)
        )
        self.viewpoint = Viewpoint()
        self._beyond = Beyond(size, self.cover, seed, device)
        self.moment = torch.zeros_like(self.picture)
        self.square = torch.full_like(self.picture, 1.0)

    def forget(self, square: float = 1.0) -> None:
        """Forget the gradients of the past."""
        self.moment = torch.zeros_like(self.picture)
        self.square = torch.full_like(self.picture, square)

    def clear(self, share: float) -> None:
        """Fade by a `share` 0..1 towards what lies beyond the canvas: soft clouds, half lit."""
        grey = torch.full_like(self.picture, BRIGHTNESS)
        clouds = self._beyond.fill(grey, torch.zeros_like(grey[:, :1]), self.viewpoint.pose)
        self.picture = torch.lerp(self.picture, clouds, share)
        self.forget()

    def painted(self) -> tuple[Tensor, Tensor, Tensor]:
        """Picture and moments: what a step changes."""
        return self.picture, self.moment, self.square

    def repaint(self, painted: tuple[Tensor, Tensor, Tensor]) -> None:
        """Put other tensors in their place."""
        self.picture, self.moment, self.square = painted

    def show(self, picture: Picture, viewpoint: Viewpoint) -> None:
        """Start from a published picture, which covers the view `OVERSCAN` times."""
        target, source = (self.size.width, self.size.height), picture.shape[1::-1]
        matrix = pixel_matrix(Pose(), target, source, OVERSCAN, self.cover)
        sigma = 0.4 * max(0.0, matrix[0, 0] - 1)  # in pixels of the larger picture: no aliases
        softened = cv2.GaussianBlur(picture, (0, 0), sigma) if sigma > 0.1 else picture
        fitted = cv2.warpAffine(
            softened,
            matrix,
            target,
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT,
        )
        self.take_levels(np.asarray(fitted[..., :3], np.uint8))
        self.viewpoint = viewpoint
        self.forget()

    def carry(self, viewpoint: Viewpoint, method: Method = "cubic") -> None:
        """Move the camera: resample picture and moments; what comes into view is sown anew."""
        relative = viewpoint.seen_from(self.viewpoint)
        self.viewpoint = viewpoint
        matrix, (height, width) = self._normalised(relative), self.picture.shape[-2:]
        everywhere = torch.ones_like(self.picture)
        inside = warp(everywhere, matrix, height, width, "linear", mirrored=False)[:, :1]
        moved = warp(self.picture, matrix, height, width, method).clamp_(0, 1)
        self.picture = self._beyond.fill(moved, inside, viewpoint.pose)
        self.moment = warp(self.moment, matrix, height, width, "linear")
        self.square = warp(self.square, matrix, height, width, "linear")

    def _normalised(self, relative: Pose) -> Tensor:
        """A pose in picture heights as a matrix between normalised coordinates (-1..1)."""
        to_heights = self._to_heights()
        matrix = np.linalg.inv(to_heights) @ np.vstack([relative.matrix(), [0, 0, 1]]) @ to_heights
        return torch.from_numpy(matrix).to(self.picture.device)

    def _to_heights(self) -> NDArray[np.float64]:
        half_height = self.cover / 2
        return np.diag([half_height * self.size.width / self.size.height, half_height, 1.0])

    def in_view(self, viewpoint: Viewpoint) -> NDArray[np.float64]:
        """The matrix from the canvas (-1..1) to the view from there, in heights from its middle."""
        relative = viewpoint.rebased(self.viewpoint).seen_from(viewpoint.pose)
        return np.vstack([relative.matrix(), [0, 0, 1]]) @ self._to_heights()

    def travelled(self, viewpoint: Viewpoint) -> float:
        """How far a corner of the view has moved since the last `carry`, in heights."""
        aspect = self.output.width / self.output.height
        relative = viewpoint.seen_from(self.viewpoint)
        corners = [(sx * aspect / 2, sy / 2) for sx in (-1, 1) for sy in (-1, 1)]
        return max(math.dist(relative.apply(*corner), corner) for corner in corners)

    def blur(self, deviation: float) -> None:
        """Soften by a Gaussian whose deviation is given in picture heights."""
        sigma = deviation * self.size.height / self.cover
        if sigma < 0.02:
            return
        kernel = _gaussian(sigma).to(self.picture.device)
        radius = len(kernel) // 2
        weights = kernel.expand(3, 1, -1)
        padded = functional.pad(self.picture, (radius,) * 4, mode="replicate")
        rows = functional.conv2d(padded, weights[:, :, None, :], groups=3)
        self.picture = functional.conv2d(rows, weights[:, :, :, None], groups=3)

    def balance(self, pace: Tensor) -> None:
        """Draw mean, contrast and saturation towards those of a vivid photograph.

        Endless ascent drives every pixel to a limit; this keeps the middle tones. Contrast and
        saturation are only ever lowered: what the network leaves flat stays flat.
        """
        share = pace[BALANCE]
        mean = self.picture.mean(dim=(2, 3), keepdim=True)  # of each colour
        deviation = (self.picture - mean).square().mean().sqrt()
        gain = 1 + share * ((CONTRAST / (deviation + 1e-6)).clamp(max=1.0) - 1)
        shift = share * (BRIGHTNESS - mean.mean())
        picture = (self.picture - mean) * gain + mean + shift
        grey = picture.mean(dim=1, keepdim=True)
        colours = picture - grey
        saturation = colours.square().mean().sqrt()
        pale = 1 + share * ((SATURATION / (saturation + 1e-6)).clamp(max=1.0) - 1)
        self.picture = (grey + colours * pale).clamp_(0, 1)

    def equalise(self, share: float) -> None:
        """Draw the strengths of the octaves of detail towards those of photographs.

        A soft equaliser: what ascent and resampling add and take away, hour after hour, would end
        in grain or in mush.

        Args:
            share: of the way, 0..1.
        """
        if share <= 0:
            return
        self.picture = equalised(self.picture, share).clamp_(0, 1)

    def sow(self, amount: float, seconds: float, dice: torch.Generator) -> None:
        """Sow smooth random forms where the canvas is calm.

        A network finds nothing to climb in an even area: what it would call background stays so
        for ever unless something is there to begin from.

        Args:
            amount: deviation after one second, in hundredths.
            dice: a generator on the CPU, so that every device sows the same.
        """
        if amount <= 0:
            return
        height, width = self.size.height, self.size.width
        coarse = (height // 4, width // 4)  # what is sown is smooth
        forms = torch.zeros(1, 3, *coarse)
        for rows in SEED_ROWS:
            columns = max(2, round(rows * width / height))
            grains = torch.randn(1, 3, rows, columns, generator=dice)
            forms += functional.interpolate(grains, coarse, mode="bicubic")
        luma = self.picture.mean(dim=1, keepdim=True)  # (1, 1, h, w)
        around = functional.adaptive_avg_pool2d(luma, CALM_GRID)
        square = functional.adaptive_avg_pool2d(luma.square(), CALM_GRID)
        deviation = (square - around.square()).clamp(min=0).sqrt()
        calm = (1 - deviation / CALM).clamp(min=0)
        forms = forms.to(calm.device) * functional.interpolate(calm, coarse, mode="bilinear")
        size = 0.01 * amount * math.sqrt(seconds)
        sown = functional.interpolate(size * forms, (height, width), mode="bilinear")
        self.picture = (self.picture + sown).clamp_(0, 1)

    def climb(self, gradient: Tensor, pace: Tensor) -> None:
        """Take one step of Adam up a gradient of about unit deviation."""
        self.moment.lerp_(gradient, 1 - pace[KEEP])
        self.square.lerp_(gradient.square(), 1 - pace[KEEP_SQUARE])
        mean_square = self.square.mean().clamp(min=1e-12)  # nothing asked for a while
        relative = (self.square / mean_square).add_(FLOOR**2)
        direction = self.moment * relative.pow_(-pace[EVENNESS] / 2)
        self.picture = (self.picture + pace[RATE_NOW] * direction).clamp_(0, 1)

    def climb_as_in_2015(self, gradient: Tensor, pace: Tensor, place: int) -> None:
        """Take one step by the 2015 system's rule up a gradient of any size.

        It is Adam with the weights of old and new exchanged: the moment is nine tenths what is
        new, so that nearly every pixel moves by the whole step, up or down.

        Args:
            place: of this step since `forget`, from 0, for the bias correction.
        """
        old, old_square = 1 - NEW_2015, 1 - NEW_SQUARE_2015
        self.moment = NEW_2015 * gradient + old * self.moment
        self.square = NEW_SQUARE_2015 * gradient.square() + old_square * self.square
        moment = self.moment / (1 - old ** (place + 1))
        square = self.square / (1 - old_square ** (place + 1))
        direction = moment / (square.sqrt() + TINY_2015)
        self.picture = (self.picture + STEP_2015 * pace[STRENGTH] * direction).clamp(0, 1)

    def levels(self) -> NDArray[np.uint8]:
        """The picture as it is, uint8 (h, w, 3) BGR."""
        levels = (self.picture[0] * 255 + 0.5).clamp(0, 255).to(torch.uint8)
        return np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy()[..., ::-1])

    def take_levels(self, levels: NDArray[np.uint8]) -> None:
        """Put another picture in the place of this one, uint8 (h, w, 3) BGR."""
        rgb = np.ascontiguousarray(levels[..., ::-1])
        picture = torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 255
        self.picture = picture.to(self.picture.device).contiguous()

    def publish(self) -> Picture:
        """The picture for the stage: `OVERSCAN` times the output's size, uint8 BGRX."""
        canvas = np.full((self.size.height, self.size.width, 4), 255, np.uint8)
        canvas[..., :3] = self.levels()
        width, height = published_size(self.output)
        scale = height / OVERSCAN * self.cover / self.size.height
        # of the same parity as what is cut out of it, so that the middle stays the middle
        wide = max(width, 2 * round((self.size.width * scale - width) / 2) + width)
        high = max(height, 2 * round((self.size.height * scale - height) / 2) + height)
        method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        scaled = cv2.resize(canvas, (wide, high), interpolation=method)
        left, top = (wide - width) // 2, (high - height) // 2
        return np.ascontiguousarray(scaled[top : top + height, left : left + width], np.uint8)

    def state_dict(self) -> dict[str, Any]:
        """Return all that changes, as plain values and tensors on the CPU."""
        tensors = {name: getattr(self, name).to("cpu", copy=True) for name in PAINTED}
        return {**tensors, "viewpoint": dataclasses.astuple(self.viewpoint)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where another canvas of this size was."""
        for name in PAINTED:
            setattr(self, name, state[name].to(self.picture.device, copy=True))
        pose, chart, origin = state["viewpoint"]
        self.viewpoint = Viewpoint(Pose(*pose), chart, Pose(*origin))


def _gaussian(sigma: float) -> Tensor:
    """A kernel of that deviation in pixels; below half a pixel three taps of the same variance."""
    if sigma < 0.5:
        side = sigma**2 / 2
        return torch.tensor([side, 1 - 2 * side, side])
    radius = math.ceil(3 * sigma)
    taps = torch.arange(-radius, radius + 1, dtype=torch.float32)
    kernel = torch.exp(-(taps**2) / (2 * sigma**2))
    return kernel / kernel.sum()
