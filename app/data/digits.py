"""Handwritten digits: scikit-learn's 1,797 real images of 8x8 pixels."""

from __future__ import annotations

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from app.data.dataset import Dataset, standardised


def load() -> Dataset:
    """1,437 training and 360 test images, (1, 8, 8), classes in equal share in both."""
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 1, 8, 8)
    train_x, test_x, train_y, test_y = train_test_split(
        images, labels, test_size=360, stratify=labels, random_state=0
    )
    return standardised(train_x, train_y, test_x, test_y)
