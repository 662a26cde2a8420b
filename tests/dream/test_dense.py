"""The wide convolution: the same numbers as a convolution, both ways."""

import pytest
import torch
from torch.nn import functional

from vjdream.dream.dense import WideConvolution


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (9, 5)])
@pytest.mark.parametrize("side", [3, 7])
def test_it_equals_a_padded_convolution_forward_and_backward(
    size: tuple[int, int], side: int
) -> None:
    dice = torch.Generator().manual_seed(1)
    wide = WideConvolution(6, 11, side)
    wide.weight.data.copy_(torch.randn(11, 6, side, side, generator=dice))
    wide.bias.data.copy_(torch.randn(11, generator=dice))
    kernel, bias = wide.weight.clone(), wide.bias.clone()
    x = torch.randn(1, 6, *size, generator=dice).requires_grad_(True)
    asked = torch.randn(1, 11, *size, generator=dice)
    expected = functional.conv2d(x, kernel, bias, padding=side // 2)
    mapped = wide(x)
    assert torch.allclose(mapped, expected, rtol=1e-4, atol=1e-4)
    (theirs,) = torch.autograd.grad((expected * asked).sum(), x)
    (ours,) = torch.autograd.grad((mapped * asked).sum(), x)
    assert torch.allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_its_weights_stay_what_they_are_when_it_is_used_and_converted() -> None:
    wide = WideConvolution(4, 5, 3)
    wide.weight.data.normal_(generator=torch.Generator().manual_seed(2))
    wide.bias.data.zero_()
    before = wide.weight.clone()
    x = torch.ones(1, 4, 6, 6)
    single = wide(x)
    assert torch.equal(wide.weight, before)
    wide = wide.to(torch.float64, memory_format=torch.channels_last)  # type: ignore[call-overload]
    assert torch.allclose(wide(x.double()).float(), single, atol=1e-5)
