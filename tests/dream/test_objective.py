"""The score of a logit map, in numbers that can be checked by hand."""

import pytest
import torch
from torch import Tensor

from tests.fakes import TinyNetwork
from vjdream.dream.objective import RegionScore

ROWS, COLUMNS = 2, 3


def logit_map(*values: float) -> Tensor:
    """A map that is the same everywhere: one value per class."""
    return torch.tensor(values).view(1, -1, 1, 1).expand(1, len(values), ROWS, COLUMNS)


def everywhere(regions: int = 1) -> Tensor:
    return torch.ones(regions, ROWS, COLUMNS)


def test_one_region_scores_the_mean_logit_of_its_class() -> None:
    score = RegionScore(everywhere(), (1,), (1.0,), 0.0)
    assert float(score(logit_map(5.0, 7.0, 3.0))) == pytest.approx(7.0)


def test_suppress_subtracts_the_mean_of_all_logits() -> None:
    score = RegionScore(everywhere(), (1,), (1.0,), 2.0)
    assert float(score(logit_map(5.0, 7.0, 3.0))) == pytest.approx(7.0 - 2.0 * 5.0)


def test_a_weight_multiplies_its_region() -> None:
    score = RegionScore(everywhere(), (0,), (1.5,), 0.0)
    assert float(score(logit_map(4.0, 0.0))) == pytest.approx(6.0)


def test_each_region_takes_the_logits_of_its_own_place() -> None:
    logits = torch.zeros(1, 2, ROWS, COLUMNS)
    logits[0, 0, 0], logits[0, 1, 1] = 3.0, 5.0  # class 0 on top, class 1 below
    masks = torch.zeros(2, ROWS, COLUMNS)
    masks[0, 0], masks[1, 1] = 1.0, 1.0
    score = RegionScore(masks, (0, 1), (1.0, 1.0), 0.0)
    assert float(score(logits)) == pytest.approx(3.0 / 2 + 5.0 / 2)


def test_the_whole_divided_among_regions_scores_like_the_whole() -> None:
    logits = torch.randn(1, 4, ROWS, COLUMNS, generator=torch.Generator().manual_seed(1))
    part = torch.rand(ROWS, COLUMNS, generator=torch.Generator().manual_seed(2))
    halves = RegionScore(torch.stack([part, 1 - part]), (2, 2), (1.0, 1.0), 0.5)
    whole = RegionScore(everywhere(), (2,), (1.0,), 0.5)
    assert float(halves(logits)) == pytest.approx(float(whole(logits)), abs=1e-6)


def test_the_gradient_of_the_tiny_network_is_the_number_it_must_be() -> None:
    picture = torch.full((1, 3, 32, 48), 0.5, requires_grad=True)
    score = RegionScore(everywhere(), (0,), (1.0,), 0.0)
    score(TinyNetwork().logits(picture)).backward()
    assert picture.grad is not None
    expected = torch.zeros(1, 3, 32, 48)
    expected[:, 0] = 1 / (32 * 48)  # the mean over places of the means of 16×16 pixels
    assert torch.allclose(picture.grad, expected)


def test_nothing_to_want_scores_zero() -> None:
    score = RegionScore(torch.zeros(1, ROWS, COLUMNS), (0,), (1.0,), 1.0)
    assert float(score(logit_map(9.0, 1.0))) == 0.0


def test_half_precision_logits_are_summed_in_full() -> None:
    logits = torch.full((1, 2, 64, 64), 300.0, dtype=torch.bfloat16)
    score = RegionScore(torch.ones(1, 64, 64), (0,), (1.0,), 0.0)(logits)
    assert score.dtype == torch.float32
    assert float(score) == pytest.approx(300.0)
