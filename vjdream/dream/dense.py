"""A fully connected layer, slid over a map as a wide convolution: one matrix product each way.

VGG's first dense layer is a 7x7 convolution of 512 to 4096 channels (Long, Shelhamer and Darrell
2015). On a processor the usual convolution reorders its 100 million weights in every call; laying
the windows out as rows and multiplying once by the matrix as it is takes about half as long.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class WideConvolution(nn.Module):
    """A convolution with a wide, odd kernel and the same size out as in.

    Attributes:
        weight: (out, in, side, side).
        bias: (out,).
    """

    def __init__(self, channels: int, width: int, side: int) -> None:
        super().__init__()
        self.side = side
        self.weight = nn.Parameter(torch.empty(width, channels, side, side), requires_grad=False)
        self.bias = nn.Parameter(torch.empty(width), requires_grad=False)
        self._matrix: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:  # (1, in, h, w) -> (1, out, h, w)
        if x.device.type != "cpu":
            return functional.conv2d(x, self.weight, self.bias, padding=self.side // 2)
        mapped: Tensor = _AsProduct.apply(x, self._as_matrix(), self.bias, self.side)
        return mapped

    def _as_matrix(self) -> Tensor:
        """The weights as (out, side * side * in), in the order in which windows are laid out.

        They replace the kernel's own memory: 400 MB are not kept twice.
        """
        matrix = self._matrix
        if matrix is None or matrix.dtype != self.weight.dtype:
            matrix = self.weight.permute(0, 2, 3, 1).flatten(1).contiguous()
            kernel = matrix.view(len(matrix), self.side, self.side, -1).permute(0, 3, 1, 2)
            self._matrix, self.weight.data = matrix, kernel
        return matrix


class _AsProduct(torch.autograd.Function):
    """Windows as rows, times the matrix; the way back adds each window where it came from."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, matrix: Tensor, bias: Tensor, side: int) -> Tensor:
        channels, height, width = x.shape[1:]
        margin = side // 2
        padded = functional.pad(x, (margin,) * 4)[0].permute(1, 2, 0).contiguous()
        row, column, _ = padded.stride()
        windows = padded.as_strided(
            (height, width, side, side, channels), (row, column, row, column, 1)
        )
        ctx.save_for_backward(matrix)
        ctx.side = side
        mapped = functional.linear(windows.reshape(height * width, -1), matrix, bias)
        return mapped.view(1, height, width, -1).permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None]:
        (matrix,), side = ctx.saved_tensors, ctx.side
        gradient = gradients[0][0].permute(1, 2, 0)  # (h, w, out)
        height, width = gradient.shape[:2]
        windows = (gradient.reshape(height * width, -1) @ matrix).view(
            height, width, side, side, -1
        )
        total = windows.new_zeros(
            (height + side - 1, width + side - 1, windows.shape[-1]), dtype=torch.float32
        )
        for i in range(side):
            for j in range(side):
                total[i : i + height, j : j + width] += windows[:, :, i, j]
        margin = side // 2
        inner = total[margin : margin + height, margin : margin + width]
        return inner.permute(2, 0, 1)[None].to(gradient.dtype), None, None, None
