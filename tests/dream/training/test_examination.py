"""Examining a network: what it is asked, and what is counted."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.dream.training.small import TINY, examples, network
from vjdream.dream.dreamnet import DreamNet
from vjdream.dream.training.examination import Result, examine
from vjdream.dream.training.trainer import Examples


class Eye(DreamNet):
    """Tells a picture by its brightest colour; sees no attack."""

    def __init__(self, blind: bool = False) -> None:
        super().__init__(TINY)
        self._blind = blind

    def forward(self, picture: Tensor) -> Tensor:
        return picture * (0 if self._blind else 50)


def test_who_sees_all_is_told_so() -> None:
    result = examine(Eye(), examples(4), epsilon=0.1, seed=1)
    assert (result.clean, result.robust, result.pictures) == (1.0, 1.0, 12)
    assert result.confusion.tolist() == (np.eye(3, dtype=int) * 4).tolist()
    assert result.shares().tolist() == [1, 1, 1]
    assert result.worst(["red", "green", "blue"]) == ()


def test_who_is_blind_tells_one_class_only() -> None:
    result = examine(Eye(blind=True), examples(4), epsilon=0, seed=1)
    assert result.clean == pytest.approx(1 / 3)
    assert result.robust is None
    assert result.shares().tolist() == [1, 0, 0]
    names = ["red", "green", "blue"]
    assert result.worst(names) == ("green as red: 4 of 4", "blue as red: 4 of 4")
    assert result.worst(names, count=1) == ("green as red: 4 of 4",)


def test_an_attack_fools_who_can_be_fooled() -> None:
    result = examine(Eye(), examples(4), epsilon=60.0, seed=1)
    assert result.clean == 1
    assert result.robust is not None
    assert result.robust < 0.5


def test_a_few_examples_are_spread_over_all_classes() -> None:
    result = examine(network(), examples(10), epsilon=0, seed=1, most=6)
    assert result.confusion.sum(axis=1).tolist() == [2, 2, 2]
    assert result.pictures == 6


def test_the_size_of_a_batch_does_not_matter_to_what_is_counted() -> None:
    assert examine(Eye(), examples(4), 0, seed=1, batch=5).pictures == 12


def test_an_examination_is_the_same_each_time() -> None:
    one, other = (examine(network(), examples(4), 0.5, seed=1) for _ in range(2))
    assert one.confusion.tolist() == other.confusion.tolist()
    assert (one.clean, one.robust) == (other.clean, other.robust)


def test_an_examination_teaches_nothing() -> None:
    pupil = network()
    before = {name: value.clone() for name, value in pupil.state_dict().items()}
    examine(pupil, examples(2), 0.5, seed=1)
    assert all(torch.equal(value, before[name]) for name, value in pupil.state_dict().items())
    assert all(weight.grad is None for weight in pupil.parameters())


def test_a_class_that_nobody_asked_about_has_no_share() -> None:
    chosen = np.flatnonzero(examples().labels < 2)
    some = Examples(examples().pictures[chosen], examples().labels[chosen])
    result = examine(Eye(), some, 0, seed=1)
    assert result.shares().tolist() == [1, 1, 0]
    assert isinstance(result, Result)
