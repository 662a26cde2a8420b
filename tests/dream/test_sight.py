"""What the network sees in each region, from the logits that a step asks for anyway."""

import pytest
import torch

from tests.dream.small import SIZE, dreamer, order
from tests.fakes import keyframe, plain
from vjdream.dream.sight import NOTHING, recognised, region_logits

SLUGS = ("red", "green", "blue")


def test_a_region_s_logits_are_their_mean_over_its_places() -> None:
    logits = torch.zeros(1, 3, 2, 2)
    logits[0, 0, 0] = 4.0  # red above
    logits[0, 1, 1] = 2.0  # green below
    masks = torch.tensor([[[1.0, 1.0], [0.0, 0.0]], [[0.5, 0.5], [1.0, 1.0]]])
    means = region_logits(logits, masks)
    assert means.tolist() == [[4.0, 0.0, 0.0], [pytest.approx(4 / 3), pytest.approx(4 / 3), 0.0]]


def test_a_region_sees_its_largest_logit_and_is_as_sure_as_its_softmax() -> None:
    means = torch.tensor([[0.0, 3.0, 0.0], [1.0, 0.0, 1.0]])
    seen = recognised(means, (0, 2), SLUGS)
    sure = torch.softmax(means[0], 0).max().item()
    assert seen[0] == ("green", pytest.approx(sure, abs=1e-4))
    assert seen[1] == ("", 0.0) == seen[3]
    assert seen[2][0] in ("red", "blue")


def test_without_regions_nothing_is_seen() -> None:
    assert recognised(torch.zeros(0, 3), (), SLUGS) == NOTHING


def test_a_dreamer_tells_what_it_sees_where_it_dreams() -> None:
    made = dreamer()
    made.resume(keyframe(plain(SIZE, 20, 30, 240)))  # red
    seen = made.paint(order(split_shape="line"), 0.0).seen
    assert [slug for slug, _ in seen] == ["red", "red", "", ""]
    assert all(0.15 < share <= 1 for slug, share in seen if slug)


def test_it_looks_five_times_a_second_at_most() -> None:
    made = dreamer()
    painted = (made.paint(order(number / 30, keyframes=30), number / 30) for number in range(30))
    looked = [number for number, keyframe in enumerate(painted) if keyframe.seen]
    assert looked == [0, 6, 12, 18, 24]


@pytest.mark.parametrize(
    "values",
    [
        {"mode": "layer", "layer": "colours"},
        {"hold": True},
        {"weight_1": 0.0, "split_shape": "whole"},
    ],
)
def test_where_no_class_is_dreamt_nothing_is_said(values: dict[str, object]) -> None:
    assert dreamer().paint(order(**values), 0.0).seen == ()
