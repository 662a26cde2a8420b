"""Teaching batch by batch, and going on as if nothing had been."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from tests.dream.training.small import COURSE, examples, network, tensors
from vjdream.dream.training.trainee import Trainee
from vjdream.dream.training.trainer import Examples, Trainer
from vjdream.errors import WeightsError


def trainer(seed: int = 0, experienced: bool = False) -> Trainer:
    return Trainer(network(seed), examples(), COURSE, experienced=experienced)


def taught(whom: Trainer, until: int) -> Trainer:
    while whom.done < until:
        whom.teach()
    return whom


def flat(state: object, name: str = "") -> dict[str, object]:
    """All that is in a state dict, by its way there."""
    if isinstance(state, dict):
        entries = [(f"{name}/{key}", value) for key, value in state.items()]
    elif isinstance(state, list | tuple):
        entries = [(f"{name}/{place}", value) for place, value in enumerate(state)]
    else:
        return {name: state}
    return {k: v for key, value in entries for k, v in flat(value, key).items()}


def assert_same(one: Trainer, other: Trainer) -> None:
    ours, theirs = flat(one.state_dict()), flat(other.state_dict())
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        if isinstance(value, Tensor):
            assert isinstance(theirs[name], Tensor)
            assert torch.equal(value, theirs[name]), name  # type: ignore[arg-type]
        else:
            assert value == theirs[name], name


@pytest.mark.parametrize("experienced", [False, True])
@pytest.mark.parametrize("batches", [0, 1, 4, 6])
def test_an_interrupted_training_goes_on_to_the_same_bits(batches: int, experienced: bool) -> None:
    whole = taught(trainer(experienced=experienced), 6)
    file = io.BytesIO()
    torch.save(taught(trainer(experienced=experienced), batches).state_dict(), file)
    state = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    later = trainer(seed=9)  # whatever it began with is forgotten
    later.load_state_dict(state)
    assert later.done == batches
    assert_same(taught(later, 6), whole)


def test_chance_depends_on_nothing_but_the_course() -> None:
    once = taught(trainer(), 3)
    torch.manual_seed(77)
    np.random.seed(77)
    again = taught(trainer(), 3)
    assert_same(once, again)


def test_another_seed_is_another_training() -> None:
    other = Trainer(network(), examples(), replace(COURSE, seed=2))
    ours, theirs = (taught(one, 2).network().logits.weight for one in (trainer(), other))
    assert not torch.equal(ours, theirs)


def test_a_training_of_another_course_is_not_gone_on_with() -> None:
    other = Trainer(network(), examples(), replace(COURSE, rate=0.5))
    with pytest.raises(AssertionError):
        other.load_state_dict(trainer().state_dict())


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.int64]]:
    """Labels of all batches that are taught."""
    seen: list[NDArray[np.int64]] = []
    batch = Examples.batch

    def watched(
        self: Examples, chosen: NDArray[np.int64], device: torch.device
    ) -> tuple[Tensor, Tensor]:
        stored, truth = batch(self, chosen, device)
        seen.append(truth.numpy())
        return stored, truth

    monkeypatch.setattr(Examples, "batch", watched)
    return seen


@pytest.mark.parametrize(("size", "most", "least"), [(6, 2, 2), (8, 3, 2), (2, 1, 0)])
def test_a_batch_holds_all_classes_evenly(
    batches: list[NDArray[np.int64]], size: int, most: int, least: int
) -> None:
    uneven = examples(9)
    rare = np.flatnonzero(uneven.labels > 0)[::9]  # one or two of the later classes
    chosen = np.concatenate([np.flatnonzero(uneven.labels == 0), rare])
    few = Examples(uneven.pictures[chosen], uneven.labels[chosen])
    taught(Trainer(network(), few, replace(COURSE, batch=size)), 5)
    assert len(batches) == 5
    for labels in batches:
        counts = np.bincount(labels, minlength=3)
        assert counts.sum() == size
        assert (counts.max(), counts.min()) == (most, least)


def test_different_batches_hold_different_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []
    batch = Examples.batch

    def watched(self: Examples, chosen: NDArray[np.int64], device: torch.device) -> object:
        seen.append(tuple(chosen.tolist()))
        return batch(self, chosen, device)

    monkeypatch.setattr(Examples, "batch", watched)
    taught(Trainer(network(), examples(9), COURSE), 5)
    assert len(set(seen)) == 5


@pytest.mark.parametrize("epsilon", [0.0, 0.5])
def test_a_network_learns_what_it_is_taught(epsilon: float) -> None:
    course = replace(COURSE, batches=40, batch=12, epsilon=epsilon, ramp=1)
    pupil = Trainer(network(), examples(), course)
    lessons = [pupil.teach() for _ in range(40)]
    assert np.mean([lesson.told for lesson in lessons[-10:]]) > 0.8
    late, early = (np.mean([one.loss for one in some]) for some in (lessons[-5:], lessons[:5]))
    assert late < early - 0.2


def test_the_network_of_a_training_is_the_one_that_was_taught() -> None:
    pupil = taught(trainer(), 5)
    learnt = pupil.network()
    twin = Trainee(network())
    twin.load_state_dict(pupil.state_dict()["model"])
    with torch.no_grad():
        expected = twin.eval()(tensors(4))
        torch.testing.assert_close(learnt(tensors(4)).mean((2, 3)), expected, rtol=1e-3, atol=1e-4)


def test_looking_at_the_network_does_not_change_the_training() -> None:
    looked = taught(trainer(), 2)
    looked.network()
    assert_same(taught(looked, 4), taught(trainer(), 4))


def test_a_network_that_cannot_be_folded_is_refused() -> None:
    pupil = taught(trainer(), 1)
    pupil.state_dict()["model"]["norms.head.weight"].fill_(float("nan"))
    with pytest.raises(WeightsError, match=r"folding moved a logit by nan \(allowed: 0\.02\)"):
        pupil.network()


def test_a_class_without_a_picture_is_refused() -> None:
    with pytest.raises(WeightsError, match="every class needs at least one picture"):
        Trainer(network(), examples(kinds=2), COURSE)
