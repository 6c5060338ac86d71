"""Handwritten digits: scikit-learn's 1,797 real images of 8x8 pixels.

Its file is read and split here: all of scikit-learn would take a second of each worker's start.
"""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import Dataset, standardised

TEST = 360
Rows = NDArray[np.int64]


def load() -> Dataset:
    """1,437 training and 360 test images, (1, 8, 8), classes in equal share in both."""
    found = find_spec("sklearn")
    assert found is not None
    assert found.origin is not None
    with gzip.open(Path(found.origin).parent / "datasets/data/digits.csv.gz") as file:
        table = np.loadtxt(file, delimiter=",")
    images, labels = table[:, :-1].reshape(-1, 1, 8, 8), table[:, -1].astype(int)
    train, test = split(labels, TEST)
    return standardised(images[train], labels[train], images[test], labels[test])


def split(labels: Rows, size: int) -> tuple[Rows, Rows]:
    """Rows to train on and rows to test, as scikit-learn's ``train_test_split`` draws them.

    ``size`` of them are to test, each class in its share, by the seed 0.
    """
    draws = np.random.RandomState(0)
    counts = np.bincount(labels)
    train, test = [], []
    for label, kept in enumerate(_shares(counts, len(labels) - size, draws)):
        rows = np.flatnonzero(labels == label)[draws.permutation(counts[label])]
        train.append(rows[:kept])
        test.append(rows[kept:])
    return draws.permutation(np.concatenate(train)), draws.permutation(np.concatenate(test))


def _shares(counts: Rows, total: int, draws: np.random.RandomState) -> Rows:
    """How many of each class, ``total`` together: by largest remainders, drawn among equal ones."""
    exact = counts / counts.sum() * total
    shares: Rows = np.floor(exact).astype(np.int64)
    remainders = exact - shares
    for value in np.unique(remainders)[::-1]:
        if left := total - shares.sum():
            (equal,) = np.nonzero(remainders == value)
            shares[draws.choice(equal, min(len(equal), left), replace=False)] += 1
    return shares
