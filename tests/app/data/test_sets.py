"""Every data set is what its entry says."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from app.data.registry import DATASETS, EMBEDDED

CLASSED = [entry.name for entry in EMBEDDED if entry.classes]


@pytest.mark.parametrize("name", CLASSED)
def test_the_facts_of_the_entry_are_those_of_the_data(name: str) -> None:
    entry = DATASETS[name]
    data = entry.load()
    assert data.train_x.shape == (entry.train_size, *entry.shape)
    assert data.test_x.shape == (entry.test_size, *entry.shape)
    assert data.train_y.shape == (entry.train_size,)
    assert data.test_y.shape == (entry.test_size,)
    assert sorted(set(data.train_y)) == list(range(entry.classes))
    assert data.train_x.dtype == np.float32
    assert data.train_y.dtype == np.int64
    frequent = np.bincount(data.train_y).max() / entry.train_size
    assert entry.chance == pytest.approx(1 - frequent, abs=5e-4)


@pytest.mark.parametrize("name", [entry.name for entry in EMBEDDED])
def test_inputs_are_standardised_by_the_training_set(name: str) -> None:
    data = DATASETS[name].load()
    assert data.train_x.mean() == pytest.approx(0, abs=1e-5)
    assert data.train_x.std() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", CLASSED)
def test_the_first_hundred_examples_hold_every_class(name: str) -> None:
    data, classes = DATASETS[name].load(), DATASETS[name].classes
    assert len(set(data.train_y[:100])) == len(set(data.test_y[:100])) == classes


@pytest.mark.parametrize("name", [entry.name for entry in EMBEDDED])
def test_loading_twice_gives_the_same_split(name: str) -> None:
    first, second = DATASETS[name].load(), DATASETS[name].load()
    assert np.array_equal(first.train_x, second.train_x)
    assert np.array_equal(first.test_y, second.test_y)


def test_digits_are_scikit_learns_split_as_it_splits_them() -> None:
    images, labels = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        images, labels, test_size=360, stratify=labels, random_state=0
    )
    data = DATASETS["digits"].load()
    for mine, theirs in ((data.train_x, train_x), (data.test_x, test_x)):
        scaled = (theirs - train_x.mean()) / train_x.std()
        assert np.array_equal(mine, scaled.reshape(-1, 1, 8, 8).astype(np.float32))
    assert np.array_equal(data.train_y, train_y)
    assert np.array_equal(data.test_y, test_y)


def test_spirals_cannot_be_told_apart_by_a_line() -> None:
    data = DATASETS["spirals"].load()
    x = np.column_stack([data.train_x.astype(float), np.ones(len(data.train_x))])
    line, *_ = np.linalg.lstsq(x, data.train_y - 0.5, rcond=None)
    assert ((x @ line > 0) == data.train_y).mean() < 0.7


def test_identity_has_no_classes_and_answers_with_what_was_asked() -> None:
    entry = DATASETS["identity"]
    data = entry.load()
    assert (entry.classes, entry.outputs, entry.chance) == (0, 8, None)
    assert data.train_x.shape == (entry.train_size, *entry.shape)
    assert np.array_equal(data.train_x, data.train_y)
    assert np.array_equal(data.test_x, data.test_y)
    assert not np.isin(data.test_x, data.train_x).any()
