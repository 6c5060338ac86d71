"""A data set in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Part = Callable[[], tuple[Bytes, Bytes]]  # reads some examples and their labels
Answers = NDArray[np.int64] | NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Examples and labels, split once and for all.

    ``train_x``, ``test_x``: (n, *shape), float32 of zero mean and unit variance over all the
    values of the training set; or, where ``mean`` and ``std`` are given (by channel), bytes that
    become so by ``(x - mean) / std``. ``train_y``, ``test_y``: int64, (n,), classes from 0; of a
    regression float32, (n, outputs).
    """

    train_x: NDArray[np.float32] | Bytes
    train_y: Answers
    test_x: NDArray[np.float32] | Bytes
    test_y: Answers
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()


def standardised(
    train_x: NDArray[np.floating],
    train_y: NDArray[np.integer],
    test_x: NDArray[np.floating],
    test_y: NDArray[np.integer],
) -> Dataset:
    """The data set with its inputs scaled by the training set's mean and standard deviation."""
    mean, std = train_x.mean(), train_x.std()
    return Dataset(
        train_x=((train_x - mean) / std).astype(np.float32),
        train_y=train_y.astype(np.int64),
        test_x=((test_x - mean) / std).astype(np.float32),
        test_y=test_y.astype(np.int64),
    )
