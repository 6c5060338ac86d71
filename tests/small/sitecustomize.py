"""Loaded by every Python process that has this folder in its path: MNIST is a small set of noise.

So a server and its workers, each a process of its own, can download it from a test's mirror.
"""

from __future__ import annotations

from typing import cast

from app.data.entry import DataEntry
from app.data.registry import DATASETS
from tests.app.data.toys import small_mnist

cast("dict[str, DataEntry]", DATASETS)["mnist"] = small_mnist()[0]
