"""Two spirals in the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import Dataset, standardised

TURNS = 1.5
NOISE = 0.02  # standard deviation, where the spirals' outer radius is 1


def load() -> Dataset:
    """1,024 training and 512 test points, (2,), half of them of each class."""
    rng = np.random.default_rng(0)
    return standardised(*_points(512, rng), *_points(256, rng))


def _points(each: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    radius = np.sqrt(rng.uniform(0.01, 1, 2 * each))  # even over the plane
    label = np.arange(2 * each) % 2  # in turn, so that the first so many hold both
    angle = 2 * np.pi * TURNS * radius + np.pi * label
    points = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return points + rng.normal(0, NOISE, points.shape), label
