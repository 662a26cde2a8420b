"""The dream returns to what was seen some time ago."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from tests.dream.small import SIZE, dreamer, order
from tests.fakes import keyframe, plain
from vjdream.camera import Rates
from vjdream.dream.dreamer import Dreamer
from vjdream.exchange import Order, Rewind
from vjdream.frames import Keyframe

JPEG = 2.0
"""Levels by which a picture that was kept may differ in the mean."""

Asked = Callable[[float], Order]


def show(made: Dreamer, asked: Asked, until: float, since: float = 0.0) -> dict[float, Keyframe]:
    """Paint four keyframes a second from one moment until before another."""
    times = [number / 4 for number in range(round(since * 4), round(until * 4))]
    return {time: made.paint(asked(time), time) for time in times}


def dreaming(time: float) -> Order:
    return order(time, strength=2.0, seeds=0.0)


def rewound(times: int, seconds: float, **values: object) -> Asked:
    return lambda time: order(time, rewind=Rewind(times, seconds), **values)


def difference(one: Keyframe, other: Keyframe) -> float:
    """In levels, in the mean of all pixels."""
    return float(np.abs(one.picture.astype(int) - other.picture)[..., :3].mean())


def most_like(one: Keyframe, seen: dict[float, Keyframe]) -> float:
    """The moment at which the most similar picture was seen."""
    return min(seen, key=lambda moment: difference(one, seen[moment]))


def test_the_picture_of_that_time_is_seen_again() -> None:
    made = dreamer()
    seen = show(made, dreaming, 5.0)
    again = made.paint(rewound(1, 3.0, hold=True)(5.0), 5.0)
    assert difference(again, seen[2.0]) <= JPEG
    assert most_like(again, seen) == 2.0
    assert (again.time, again.steps) == (5.0, 0)


def test_from_there_the_dream_goes_on() -> None:
    made = dreamer()
    seen = show(made, dreaming, 5.0)
    asked = rewound(1, 3.0, strength=2.0, seeds=0.0)
    first = made.paint(asked(5.0), 5.0)
    later = show(made, asked, 6.5, 5.25)
    assert first.steps > 0
    assert difference(first, seen[2.0]) < difference(later[6.25], seen[2.0])


def test_it_counts_what_was_seen_not_what_was_dreamt() -> None:
    made = dreamer()
    seen = show(made, dreaming, 5.0)
    once = show(made, rewound(1, 3.0, hold=True), 6.0, 5.0)  # the picture of 2.0
    assert difference(once[5.75], seen[2.0]) <= JPEG
    twice = made.paint(rewound(2, 0.5, hold=True)(6.0), 6.0)
    assert difference(twice, once[5.5]) <= JPEG
    thrice = made.paint(rewound(3, 2.0, hold=True)(6.25), 6.25)
    assert most_like(thrice, {**seen, **once}) == 4.25


def test_it_is_heard_once() -> None:
    made, other = dreamer(), dreamer()
    show(made, dreaming, 5.0)
    asked = rewound(1, 3.0, strength=2.0, seeds=0.0, equaliser=0.0)
    made.paint(asked(5.0), 5.0)
    before = made.canvas.picture.clone()
    made.begin(asked(5.25), 5.25)
    assert torch.equal(made.canvas.picture, before)
    assert (made.rewinds, other.rewinds) == (1, 0)


def test_a_dreamer_that_is_new_hears_nothing_of_what_was_rewound_before_it() -> None:
    made = dreamer()
    show(made, rewound(0, 0.0, strength=2.0), 2.0)
    made.rewinds = 7
    before = made.canvas.picture.clone()
    made.begin(rewound(7, 1.0, hold=True)(2.0), 2.0)
    assert torch.equal(made.canvas.picture, before)


def test_without_a_history_the_picture_stays() -> None:
    made = dreamer()
    before = made.canvas.picture.clone()
    made.begin(rewound(1, 5.0, hold=True)(0.0), 0.0)
    assert torch.equal(made.canvas.picture, before)
    assert made.rewinds == 1


def test_further_back_than_can_be_remembered_lies_the_oldest_picture() -> None:
    made = dreamer()
    seen = show(made, dreaming, 4.0)
    again = made.paint(rewound(1, 3600.0, hold=True)(4.0), 4.0)
    assert difference(again, seen[0.0]) <= JPEG


def test_the_picture_is_seen_from_where_the_camera_is_now() -> None:
    """As it was then: the way that the camera has gone since does not move it."""
    rates = Rates(0.1, 0.05, 0.02, 0.0)
    made = dreamer()
    seen = show(made, lambda time: order(time, rates, strength=2.0), 3.0)
    asked = order(3.0, rates, rewind=Rewind(1, 2.0), hold=True)
    again = made.paint(asked, 3.0)
    assert again.viewpoint == asked.expected(3.0)
    assert difference(again, seen[1.0]) <= JPEG


@pytest.mark.parametrize(("optimizer", "square"), [("adam", 1.0), ("lsd", 0.0)])
def test_the_gradients_of_what_was_left_are_forgotten(optimizer: str, square: float) -> None:
    made = dreamer()
    show(made, lambda time: order(time, optimizer=optimizer), 2.0)
    assert made.canvas.moment.abs().max() > 0
    made.begin(rewound(1, 1.0, optimizer=optimizer)(2.0), 2.0)
    assert made.canvas.moment.abs().max() == 0
    assert torch.equal(made.canvas.square, torch.full_like(made.canvas.square, square))


def test_a_clearing_ends() -> None:
    made = dreamer()
    made.resume(keyframe(plain(SIZE, 255)))
    still = {"strength": 0.0, "balance": 0.0, "prior": 0.0, "seeds": 0.0}
    show(made, lambda time: order(time, **still), 2.0)
    made.paint(order(2.0, resets=1, **still), 2.0)
    assert made.canvas.picture.mean() < 0.95
    for time in (2.25, 2.5, 2.75):
        made.paint(order(time, resets=1, rewind=Rewind(1, 1.0), **still), time)
        assert made.canvas.picture.mean() > 0.99


def test_the_same_orders_give_the_same_bytes() -> None:
    pictures = []
    for _ in range(2):
        made = dreamer(3)
        show(made, lambda time: order(time, Rates(0.2), strength=2.0), 2.0)
        asked = order(2.0, Rates(0.2), rewind=Rewind(1, 1.2), strength=2.0)
        pictures.append(made.paint(asked, 2.0).picture)
    assert np.array_equal(*pictures)


def test_unfinished_keyframes_that_were_shown_can_be_returned_to() -> None:
    made = dreamer()
    asked = order(0.0, strength=2.0, seeds=0.0)
    made.begin(asked, 4.0)
    shown = []
    for done in range(4):
        made.advance(asked, 4.0, done)
        shown.append(made.finish(1.0 + done, 1))
    again = made.paint(rewound(1, 2.5, hold=True)(4.5), 4.5)
    assert difference(again, shown[1]) <= JPEG
