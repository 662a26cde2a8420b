"""The score of a logit map, in numbers that can be checked by hand."""

import pytest
import torch
from torch import Tensor

from tests.fakes import TinyNetwork
from vjdream.dream.objective import MOST_PLACES, LayerScore, RegionScore, Target, sampled

ROWS, COLUMNS = 2, 3


def logit_map(*values: float) -> Tensor:
    """A map that is the same everywhere: one value per class."""
    return torch.tensor(values).view(1, -1, 1, 1).expand(1, len(values), ROWS, COLUMNS)


def only(number: int) -> Target:
    """One class alone."""
    return ((number, 1.0),)


def everywhere(regions: int = 1) -> Tensor:
    return torch.ones(regions, ROWS, COLUMNS)


def test_a_region_between_two_classes_climbs_both_by_their_shares() -> None:
    logits = logit_map(5.0, 7.0, 3.0)
    both = ((0, 0.25), (2, 0.75))
    own = RegionScore.of_own_regions(everywhere(), (both,), 0.0, 3)
    assert float(own(logits)) == pytest.approx(0.25 * 5 + 0.75 * 3)
    of_2015 = RegionScore.of_2015(everywhere(), (both,), (2.0,), 0.0, 3)
    assert float(of_2015(logits)) == pytest.approx(2 * (0.25 * 5 + 0.75 * 3))


def test_one_region_scores_the_mean_logit_of_its_class() -> None:
    score = RegionScore.of_own_regions(everywhere(), (only(1),), 0.0, 3)
    assert float(score(logit_map(5.0, 7.0, 3.0))) == pytest.approx(7.0)


def test_suppress_subtracts_the_mean_of_all_logits() -> None:
    score = RegionScore.of_own_regions(everywhere(), (only(1),), 2.0, 3)
    assert float(score(logit_map(5.0, 7.0, 3.0))) == pytest.approx(7.0 - 2.0 * 5.0)


def test_each_region_takes_the_logits_of_its_own_place() -> None:
    logits = torch.zeros(1, 2, ROWS, COLUMNS)
    logits[0, 0, 0], logits[0, 1, 1] = 3.0, 5.0  # class 0 on top, class 1 below
    masks = torch.zeros(2, ROWS, COLUMNS)
    masks[0, 0], masks[1, 1] = 1.0, 1.0
    score = RegionScore.of_own_regions(masks, (only(0), only(1)), 0.0, 2)
    assert float(score(logits)) == pytest.approx(3.0 / 2 + 5.0 / 2)


def test_the_whole_divided_among_regions_scores_like_the_whole() -> None:
    logits = torch.randn(1, 4, ROWS, COLUMNS, generator=torch.Generator().manual_seed(1))
    part = torch.rand(ROWS, COLUMNS, generator=torch.Generator().manual_seed(2))
    halves = RegionScore.of_own_regions(torch.stack([part, 1 - part]), (only(2), only(2)), 0.5, 4)
    whole = RegionScore.of_own_regions(everywhere(), (only(2),), 0.5, 4)
    assert float(halves(logits)) == pytest.approx(float(whole(logits)), abs=1e-6)


def test_the_gradient_of_the_tiny_network_is_the_number_it_must_be() -> None:
    picture = torch.full((1, 3, 32, 48), 0.5, requires_grad=True)
    score = RegionScore.of_own_regions(everywhere(), (only(0),), 0.0, 6)
    score(TinyNetwork().logits(picture)).backward()
    assert picture.grad is not None
    expected = torch.zeros(1, 3, 32, 48)
    expected[:, 0] = 1 / (32 * 48)  # the mean over places of the means of 16×16 pixels
    assert torch.allclose(picture.grad, expected)


def test_nothing_to_want_scores_zero() -> None:
    score = RegionScore.of_own_regions(torch.zeros(1, ROWS, COLUMNS), (only(0),), 1.0, 2)
    assert float(score(logit_map(9.0, 1.0))) == 0.0


def test_half_precision_logits_are_summed_in_full() -> None:
    logits = torch.full((1, 2, 64, 64), 300.0, dtype=torch.bfloat16)
    score = RegionScore.of_own_regions(torch.ones(1, 64, 64), (only(0),), 0.0, 2)(logits)
    assert score.dtype == torch.float32
    assert float(score) == pytest.approx(300.0)


def test_in_2015_each_half_counted_its_own_mean_and_everything_was_pushed_down() -> None:
    logits = torch.randn(1, 4, 3, 2, generator=torch.Generator().manual_seed(3))
    masks = torch.zeros(2, 3, 2)
    masks[0, 1:], masks[1, :1] = 1.0, 1.0  # two rows below, one above
    score = RegionScore.of_2015(masks, (only(2), only(0)), (1.0, 1.0), 1.0, 4)(logits)
    expected = logits[0, 2, 1:].mean() + logits[0, 0, :1].mean() - logits.mean()
    assert float(score) == pytest.approx(float(expected), abs=1e-6)


def test_a_weight_multiplies_its_region_as_in_2015() -> None:
    score = RegionScore.of_2015(everywhere(), (only(0),), (1.5,), 0.0, 2)
    assert float(score(logit_map(4.0, 0.0))) == pytest.approx(6.0)


def activation() -> Tensor:
    return torch.tensor([[[1.0, -2.0], [3.0, 0.0]], [[-1.0, -1.0], [2.0, 4.0]]])[None]


def test_a_whole_layer_scores_the_mean_square_of_what_the_rectifier_lets_through() -> None:
    assert float(LayerScore()(activation())) == pytest.approx((1 + 9 + 4 + 16) / 8)


def test_one_channel_scores_its_mean_also_below_zero() -> None:
    score = LayerScore(channel=torch.tensor([1.0, 0.0]))
    assert float(score(activation())) == pytest.approx(0.5)
    asked = activation().requires_grad_(True)
    (gradient,) = torch.autograd.grad(score(asked), asked)
    assert torch.equal(gradient[0, 0], torch.full((2, 2), 0.25))
    assert torch.equal(gradient[0, 1], torch.zeros(2, 2))


def test_a_guide_pulls_each_place_to_the_feature_it_is_most_like() -> None:
    guide = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    asked = activation().requires_grad_(True)
    score = LayerScore(guide=guide, follow=torch.tensor(1.0))(asked)
    (gradient,) = torch.autograd.grad(score, asked)
    first, second = gradient[0]
    assert bool((first[0, 0] > 0) & (second[0, 0] == 0))  # most like the first feature
    assert bool((first[1, 1] == 0) & (second[1, 1] > 0))  # most like the second


def test_a_guide_that_is_not_followed_changes_nothing_but_the_size() -> None:
    guide, asked = torch.rand(5, 2), activation().requires_grad_(True)
    (alone,) = torch.autograd.grad(LayerScore()(asked), asked)
    unheeded = LayerScore(guide=guide, follow=torch.tensor(0.0))
    (beside,) = torch.autograd.grad(unheeded(asked), asked)
    assert torch.allclose(beside / beside.norm(), alone / alone.norm())


@pytest.mark.parametrize("size", [(10, 12), (400, 500), (129, 128)])
def test_features_are_sampled_where_there_are_too_many(size: tuple[int, int]) -> None:
    features = sampled(torch.zeros(3, *size))
    assert features.shape[1] == 3
    assert len(features) <= 1.05 * MOST_PLACES
    assert len(features) == size[0] * size[1] or len(features) > MOST_PLACES / 6
