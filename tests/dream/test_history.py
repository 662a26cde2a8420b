"""The history: which pictures are kept, and which one is found."""

import cv2
import numpy as np
import pytest

from vjdream.dream.history import EVERY, NEARLY, SPAN, History, Levels
from vjdream.vocabulary import DATA

MOST = int(SPAN / (EVERY - NEARLY)) + 1


def grey(level: int) -> Levels:
    return np.full((48, 64, 3), level, np.uint8)


def level(picture: Levels | None) -> int:
    assert picture is not None
    return round(float(picture.mean()))


def kept(history: History) -> list[float]:
    return list(history.state_dict()["moments"])


def at_rate(rate_hz: float, seconds: float) -> History:
    """Pictures so many times a second; each is as bright as the number of its second."""
    history = History()
    for number in range(round(seconds * rate_hz)):
        moment = number / rate_hz
        history.keep(moment, grey(int(moment) % 256))
    return history


def test_an_empty_history_has_no_picture() -> None:
    assert History().nearest(3.0) is None


def test_a_picture_is_found_by_its_moment_and_until_the_next() -> None:
    history = at_rate(4, 10)
    assert [level(history.nearest(moment)) for moment in (3.0, 3.9, 4.0 - 1e-9)] == [3, 3, 4]


def test_before_the_oldest_picture_the_oldest_is_found() -> None:
    history = History()
    history.keep(5.0, grey(50))
    history.keep(6.0, grey(60))
    assert level(history.nearest(1.0)) == 50


@pytest.mark.parametrize("rate_hz", [4, 7, 30, 60])
def test_ten_minutes_take_no_more_than_one_whatever_the_cadence(rate_hz: float) -> None:
    moments = kept(at_rate(rate_hz, 600))
    assert 200 <= len(moments) <= MOST
    assert moments[0] >= moments[-1] - SPAN
    assert np.diff(moments).min() >= EVERY - NEARLY - 1e-6


def test_four_keyframes_a_second_are_all_kept() -> None:
    assert kept(at_rate(4, 60)) == [number / 4 for number in range(240)]


def test_keyframes_that_fall_on_frames_are_all_kept() -> None:
    history, fps = History(), 30000 / 1001
    for number in range(40):
        frame = np.ceil(number / 4 * fps - 1e-9)
        history.keep(float(frame / fps), grey(number))
    assert len(kept(history)) == 40


def test_a_picture_too_near_to_the_last_one_replaces_nothing() -> None:
    history = History()
    for moment, brightness in ((1.0, 10), (1.1, 20), (0.4, 30), (1.25, 40)):
        history.keep(moment, grey(brightness))
    assert kept(history) == [1.0, 1.25]
    assert level(history.nearest(1.2)) == 10


def test_after_a_long_gap_what_is_too_old_is_gone() -> None:
    history = at_rate(4, 10)
    history.keep(65.0, grey(99))
    assert kept(history) == [*(number / 4 for number in range(20, 40)), 65.0]


def test_a_picture_comes_back_within_the_error_of_jpeg() -> None:
    picture = shipped()
    history = History()
    history.keep(0.0, picture)
    found = history.nearest(0.0)
    assert found is not None
    assert np.abs(found.astype(int) - picture).mean() < 2
    assert np.abs(found.astype(int) - picture).max() <= 16


def test_colours_as_fine_as_pixels_come_back() -> None:
    columns = np.arange(64) % 2 == 0
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, columns, 2] = picture[:, ~columns, 0] = 200  # red and blue lines
    history = History()
    history.keep(0.0, picture)
    found = history.nearest(0.0)
    assert found is not None
    assert np.abs(found.astype(int) - picture).max() < 25


def shipped() -> Levels:
    """The first dream at the usual size of a canvas."""
    picture = cv2.imread(str(DATA / "first.png"))
    assert picture is not None
    return np.asarray(cv2.resize(picture, (512, 288), interpolation=cv2.INTER_AREA), np.uint8)


def test_a_minute_takes_few_bytes() -> None:
    history, picture = History(), shipped()
    for number in range(4):
        history.keep(number / 4, picture)
    size = sum(len(content) for content in history.state_dict()["pictures"])
    assert size * 60 < 20e6


def test_even_noise_takes_fewer_bytes_than_its_levels() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (288, 512, 3), np.uint8)
    history = History()
    history.keep(0.0, noise)
    assert len(history.state_dict()["pictures"][0]) < noise.size


def test_the_same_pictures_give_the_same_bytes() -> None:
    one, other = History(), History()
    for history in (one, other):
        history.keep(0.0, shipped())
    assert one.state_dict() == other.state_dict()
