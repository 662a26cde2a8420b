"""Normalisation joins the convolutions, and comes back, without moving a logit."""

import torch
from torch import nn

from tests.dream.training.small import TINY, network, tensors
from vjdream.dream.training.trainee import Trainee


def learnt() -> Trainee:
    """A trainee whose normalisation is anything but idle."""
    torch.manual_seed(1)
    trainee = Trainee(network()).train()
    for norm in trainee.norms.values():
        assert isinstance(norm, nn.BatchNorm2d)
        nn.init.uniform_(norm.weight, 0.5, 2)
        nn.init.uniform_(norm.bias, -1, 1)
    with torch.no_grad():
        for seed in range(20):
            trainee(tensors(8, seed=seed))
    return trainee.eval()


def test_every_convolution_but_the_logits_is_normalised() -> None:
    trainee = Trainee(network())
    assert [norm.num_features for norm in trainee.norms.values()] == [4, 4, 8]


def test_the_folded_network_is_the_trained_one() -> None:
    trainee, unseen = learnt(), tensors(5, side=24, seed=99)
    with torch.no_grad():
        told = trainee(unseen)
        folded = trainee.folded()
        torch.testing.assert_close(folded(unseen).mean((2, 3)), told, rtol=1e-4, atol=1e-5)
        bare = network()(unseen).mean((2, 3))
    assert (bare - told).abs().max() > 0.01  # normalisation did something


def test_a_folded_network_has_the_names_of_an_ordinary_one_and_no_more() -> None:
    trainee = learnt()
    assert trainee.folded().state_dict().keys() == network().state_dict().keys()
    assert trainee.folded().description == TINY


def test_folding_leaves_the_trained_network_as_it_was() -> None:
    trainee, unseen = learnt(), tensors(2)
    with torch.no_grad():
        before = trainee(unseen)
        trainee.folded()
        assert torch.equal(trainee(unseen), before)


def test_a_network_that_is_gone_on_with_tells_what_it_told() -> None:
    unseen, seen = tensors(5, seed=98), tensors(16, seed=97)
    with torch.no_grad():
        before, before_seen = network()(unseen).mean((2, 3)), network()(seen).mean((2, 3))
    trainee = Trainee(network())
    trainee.adopt(seen)
    with torch.no_grad():
        assert trainee.training
        torch.testing.assert_close(trainee(seen), before_seen, rtol=1e-3, atol=1e-4)
    trainee = Trainee(network())
    trainee.adopt(seen)
    with torch.no_grad():
        torch.testing.assert_close(trainee.eval()(unseen), before, rtol=1e-4, atol=1e-5)
        folded = trainee.folded()(unseen).mean((2, 3))
    torch.testing.assert_close(folded, before, rtol=1e-4, atol=1e-5)


def test_adopting_leaves_no_hook_behind() -> None:
    trainee = Trainee(network())
    trainee.adopt(tensors(8))
    biases = [norm.get_parameter("bias").clone() for norm in trainee.norms.values()]
    with torch.no_grad():
        trainee(tensors(8, seed=5))
    for norm, bias in zip(trainee.norms.values(), biases, strict=True):
        assert torch.equal(norm.get_parameter("bias"), bias)
