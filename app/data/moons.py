"""Two half circles in the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import Dataset, standardised

NOISE = 0.1  # standard deviation, where a circle's radius is 1


def load() -> Dataset:
    """1,024 training and 512 test points, (2,), half of them of each class."""
    rng = np.random.default_rng(0)
    return standardised(*_points(512, rng), *_points(256, rng))


def _points(each: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    angle = rng.uniform(0, np.pi, 2 * each)
    label = np.arange(2 * each) % 2  # in turn, so that the first so many hold both
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    points = np.where(label[:, None] == 0, upper, [1.0, 0.5] - upper)
    return points + rng.normal(0, NOISE, points.shape), label
