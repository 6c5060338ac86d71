"""Which examples are shown, against the same worked out by hand."""

import numpy as np
import pytest

from app.data.loading import load
from app.data.registry import DATASETS
from app.data.samples import choose


def test_each_class_gives_its_first_example_then_each_its_second() -> None:
    classes = np.array([2, 2, 0, 1, 0, 2, 1, 0])
    assert choose(classes, 3).tolist() == [2, 3, 0]
    assert choose(classes, 5).tolist() == [2, 3, 0, 4, 6]
    assert choose(classes, 8).tolist() == [2, 3, 0, 4, 6, 1, 7, 5]


def test_a_class_that_has_no_more_leaves_its_turn_to_the_others() -> None:
    assert choose(np.array([0, 0, 0, 5]), 4).tolist() == [0, 3, 1, 2]


def test_there_are_no_more_than_there_are() -> None:
    assert choose(np.array([1, 0]), 20).tolist() == [1, 0]
    assert choose(np.array([1, 0]), 0).tolist() == []


def test_of_a_hundred_classes_come_the_first() -> None:
    classes = np.arange(1000)[::-1] % 100
    assert classes[choose(classes, 10)].tolist() == list(range(10))


def test_of_a_regression_come_the_first() -> None:
    assert choose(np.zeros((12, 8), np.float32), 4).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("name", "each"), [("digits", 1), ("spirals", 5), ("moons", 5)])
def test_ten_of_a_set_hold_every_class_as_often(name: str, each: int) -> None:
    answers = load(DATASETS[name]).test_y
    counts = np.bincount(answers[choose(answers, 10)].astype(np.int64))
    assert counts.tolist() == [each] * DATASETS[name].classes
