"""Every class can be drawn, and drawn again."""

import re

import numpy as np
import pytest
from drawings import CLASSES, DrawnClass, drawing

KINDS = pytest.mark.parametrize("kind", range(len(CLASSES)), ids=[c.slug for c in CLASSES])


@KINDS
def test_a_drawing_is_a_picture_with_contrast(kind: int) -> None:
    picture = drawing(kind, number=0, seed=11, size=64)
    assert picture.shape == (64, 64, 3)
    assert picture.dtype == np.float32
    assert np.isfinite(picture).all()
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert picture.std() > 0.03


@KINDS
def test_the_same_seed_draws_the_same_picture_and_another_number_another(kind: int) -> None:
    first = drawing(kind, number=3, seed=11, size=48)
    assert np.array_equal(first, drawing(kind, number=3, seed=11, size=48))
    assert not np.allclose(first, drawing(kind, number=4, seed=11, size=48), atol=0.02)


def test_slugs_are_plain_words_and_unique() -> None:
    slugs = [drawn.slug for drawn in CLASSES]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch("[a-z0-9_]+", slug) for slug in slugs)


def test_no_word_asks_for_two_classes() -> None:
    def words(drawn: DrawnClass) -> list[str]:
        return [drawn.slug, *drawn.synonyms]

    every = [word for drawn in CLASSES for word in words(drawn)]
    assert len(set(every)) == len(every)
