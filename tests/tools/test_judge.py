"""The judge: crops that lie where they should, numbers that follow its logits, files."""

import argparse
import json
from pathlib import Path

import judge as judge_module
import numpy as np
import pytest
import torch
from judge import BOTTOM, TOP, WHOLE, Judge, JudgeNet, Region, Shape, _crops
from torch import Tensor
from train_judge import accuracy, changed, fit, recoloured

SLUGS = ("red", "green", "blue")


class Reddest(JudgeNet):
    """Logits are ten times the mean colours of a crop."""

    def forward(self, crops: Tensor) -> Tensor:
        return 10 * crops.mean((2, 3))


@pytest.fixture
def judge() -> Judge:
    return Judge(Reddest(Shape(3, 4, (4, 4), 4)), SLUGS)


def picture() -> np.ndarray:
    """Red above, blue below, as BGRX."""
    frame = np.full((360, 640, 4), 255, np.uint8)
    frame[:180, :, :3] = (0, 0, 255)
    frame[180:, :, :3] = (255, 0, 0)
    return frame


def small() -> Judge:
    torch.manual_seed(5)
    network = JudgeNet(Shape(3, 8, (8, 16), 12))
    for _ in range(3):  # running means that are not those of the beginning
        network(torch.rand(8, 3, 64, 64))
    return Judge(network, SLUGS, {"clean_accuracy": 0.5})


def test_each_half_is_judged_by_its_own_colour(judge: Judge) -> None:
    top, bottom = (judge.probabilities(picture(), region) for region in (TOP, BOTTOM))
    assert top[0] == pytest.approx(1 / (1 + 2 * np.exp(-10)), abs=1e-6)
    assert bottom[2] == pytest.approx(top[0], abs=1e-6)
    assert top.sum() == pytest.approx(1)
    assert judge.preference(picture(), TOP, "red", "blue") > 0.99
    assert judge.preference(picture(), BOTTOM, "red", "blue") < -0.99


def test_the_whole_picture_has_some_of_both(judge: Judge) -> None:
    found = judge.probabilities(picture(), WHOLE)
    assert 0.2 < found[0] < 0.8
    assert found[1] < 0.1


def test_ranks_count_from_one_and_equals_come_before(judge: Judge) -> None:
    found = np.array([0.5, 0.25, 0.25])
    assert [judge.rank(found, slug) for slug in SLUGS] == [1, 3, 3]


def test_the_same_seed_cuts_the_same_crops() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (360, 640, 4), np.uint8)
    first, again, other = ([*_crops(frame, WHOLE, seed)] for seed in (0, 0, 1))
    assert [crop.shape[0] for crop in first] == [11, 11, 10]
    assert [tuple(crop.shape[1:]) for crop in first] == [(3, side, side) for side in (64, 80, 96)]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])


def test_crops_never_leave_their_region() -> None:
    frame = np.zeros((360, 640, 4), np.uint8)
    frame[200:300, 320:480] = 255
    inside = Region(200 / 360, 300 / 360, 320 / 640, 480 / 640)
    assert min(float(crop.min()) for crop in _crops(frame, inside, 3)) > 0.99


def test_a_region_smaller_than_a_crop_is_enlarged() -> None:
    frame = np.full((180, 320, 4), 128, np.uint8)
    sides = [crop.shape[-1] for crop in _crops(frame, Region(0.4, 0.5, 0.4, 0.5), 0)]
    assert sides == [64, 80, 96]


def test_a_judge_that_is_read_again_says_the_same(tmp_path: Path) -> None:
    before = small()
    path = tmp_path / "data" / "judge.safetensors"
    before.save(path)
    after = Judge.load(path)
    assert after.slugs == SLUGS
    assert after.about == {"clean_accuracy": 0.5}
    assert np.allclose(after.probabilities(picture()), before.probabilities(picture()), atol=1e-3)
    assert json.loads(path.with_suffix(".json").read_text())["classes"] == list(SLUGS)
    assert [one.name for one in path.parent.glob("*.partial")] == []


def test_a_judge_knows_only_what_it_was_trained_on(judge: Judge) -> None:
    assert judge.knows("blue")
    assert not judge.knows("yellow")
    with pytest.raises(KeyError):
        judge.place("yellow")
    with pytest.raises(ValueError, match="3 logits needs as many names, got 2"):
        Judge(JudgeNet(Shape(3, 4, (4,), 4)), SLUGS[:2])


def test_without_a_judge_the_sentence_says_how_to_train_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"train_judge\.py"):
        Judge.load(tmp_path / "judge.safetensors")


def test_the_judge_is_no_dreamnet() -> None:
    kinds = {type(module).__name__ for module in JudgeNet(Shape(3)).modules()}
    assert {"BatchNorm2d", "SiLU", "Residual", "Linear"} <= kinds
    assert JudgeNet(Shape(75))(torch.rand(2, 3, 96, 80)).shape == (2, 75)
    parameters = sum(weight.numel() for weight in JudgeNet(Shape(75)).parameters())
    assert 1e6 < parameters < 2e6


def test_hues_turn_and_luma_stays() -> None:
    views = torch.rand(2, 3, 8, 8)
    nothing, much = torch.zeros(2, 1, 1, 1), torch.full((2, 1, 1, 1), 0.3)
    shares = torch.tensor([0.299, 0.587, 0.114])[:, None, None]
    assert torch.allclose(recoloured(views, nothing, nothing + 1), views, atol=1e-6)
    turned = recoloured(views, much, nothing + 1)
    assert torch.allclose((turned * shares).sum(1), (views * shares).sum(1), atol=1e-5)
    assert (turned - views).abs().max() > 0.05
    grey = recoloured(views, much, nothing)
    assert (grey.amax(1) - grey.amin(1)).max() < 1e-5


def test_views_are_changed_within_the_range_and_repeatably() -> None:
    views = torch.rand(16, 3, 64, 64)
    first, again = (changed(views, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first, again)
    assert first.shape == views.shape
    assert (first.min(), first.max()) >= (0, 0)
    assert first.max() <= 1
    assert ((first - views).abs().mean((1, 2, 3)) > 1e-3).all()


@pytest.mark.parametrize("epsilon", [0.0, 0.6])
def test_a_few_batches_teach_red_from_blue(epsilon: float) -> None:
    torch.manual_seed(1)
    pictures = np.zeros((32, 112, 112, 3), np.uint8)
    pictures[0::2, :, :, 0] = 200  # red
    pictures[1::2, :, :, 2] = 200  # blue
    network = JudgeNet(Shape(2, 16, (16, 32), 16)).to(memory_format=torch.channels_last)
    heard: list[tuple[int, int]] = []
    arguments = argparse.Namespace(seed=1, batch=8, epochs=12, rate=1e-2, epsilon=epsilon)
    fit(network, pictures, 2, arguments, lambda done, total: heard.append((done, total)))
    assert heard == [(n, 48) for n in range(1, 49)]
    network.train()
    assert accuracy(network, pictures, 2, 3)[0] > 0.9
    assert network.training


def test_the_shipped_judge_tells_the_classes_that_are_drawn() -> None:
    if not judge_module.JUDGE.is_file():
        pytest.skip("no judge has been trained yet")
    from drawings import CLASSES

    shipped = Judge.load()
    assert set(shipped.slugs) <= {drawn.slug for drawn in CLASSES}
    assert shipped.about["clean_accuracy"] > 0.75  # chance is 1 in 80
