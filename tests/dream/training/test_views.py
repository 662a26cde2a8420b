"""Views of pictures, and attacks on them."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.dream.training.small import network, pictures, tensors
from vjdream.dream.training.examination import Means
from vjdream.dream.training.views import attacked, random_views


def stored(count: int, seed: int = 0) -> Tensor:
    return torch.from_numpy(pictures(count, seed=seed)).permute(0, 3, 1, 2)


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_same_chance_gives_the_same_views() -> None:
    assert torch.equal(random_views(stored(4), 12, chance()), random_views(stored(4), 12, chance()))


def test_other_chance_gives_other_views() -> None:
    one, other = (random_views(stored(4), 12, chance(seed)) for seed in (1, 2))
    assert (one - other).abs().mean() > 0.05


def test_each_picture_of_a_batch_is_seen_in_its_own_way() -> None:
    same = stored(1).expand(3, -1, -1, -1)
    one, two, three = random_views(same, 12, chance())
    assert min((one - two).abs().mean(), (one - three).abs().mean()) > 0.03


@pytest.mark.parametrize("value", [0, 255])
def test_views_stay_between_black_and_white(value: int) -> None:
    views = random_views(torch.full((8, 3, 16, 16), value, dtype=torch.uint8), 20, chance())
    assert views.shape == (8, 3, 20, 20)
    assert 0 <= views.min() <= views.max() <= 1


def test_views_keep_the_colours_of_a_picture() -> None:
    red = torch.zeros(8, 3, 16, 16, dtype=torch.uint8)
    red[:, 0] = 180
    views = random_views(red, 16, chance())
    assert (views[:, 0].mean((1, 2)) > 0.5).all()
    assert (views[:, 1:].mean((1, 2, 3)) < 0.05).all()


@pytest.mark.parametrize("steps", [0, 1, 3])
@pytest.mark.parametrize("epsilon", [0.01, 0.5, 5.0])
def test_an_attack_stays_within_its_length_and_is_a_picture(epsilon: float, steps: int) -> None:
    seen = tensors(6)
    truth = torch.arange(6) % 3
    harder = attacked(Means(network()), seen, truth, epsilon, steps, chance())
    lengths = (harder - seen).flatten(1).norm(dim=1)
    assert (lengths > 0).all()
    assert (lengths <= epsilon * 1.001).all()
    assert 0 <= harder.min() <= harder.max() <= 1
    assert not harder.requires_grad


def test_an_attack_makes_pictures_harder_to_tell_than_chance_does() -> None:
    model, seen = Means(network()), tensors(6)
    truth = torch.arange(6) % 3

    def loss(changed: Tensor) -> Tensor:
        with torch.no_grad():
            return functional.cross_entropy(model(changed), truth, reduction="none")

    tried = attacked(model, seen, truth, 2.0, 3, chance())
    thrown = attacked(model, seen, truth, 2.0, 0, chance())
    assert (loss(tried) > loss(seen)).all()
    assert (loss(tried) > loss(thrown)).all()


def test_an_attack_leaves_no_gradient_in_the_network() -> None:
    model = network()
    attacked(Means(model), tensors(2), torch.tensor([0, 1]), 1.0, 2, chance())
    assert all(weight.grad is None for weight in model.parameters())


def test_the_same_chance_gives_the_same_attack() -> None:
    model, truth = Means(network()), torch.tensor([0, 1])
    one, other = (attacked(model, tensors(2), truth, 1.0, 2, chance(3)) for _ in range(2))
    assert torch.equal(one, other)
