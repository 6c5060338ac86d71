"""The binary version of CIFAR-10 and CIFAR-100: records of labels and 3,072 pixel values."""

from __future__ import annotations

import numpy as np

from app.data.dataset import Bytes
from app.data.errors import DataError

SHAPE = (3, 32, 32)  # channel by channel, row by row
PIXELS = 3 * 32 * 32


def read_10(file: tuple[str, bytes]) -> tuple[Bytes, Bytes]:
    """Images, (n, 3, 32, 32), and labels, (n,), from a file's name and content.

    Raises:
        DataError: the file is not made of whole records.
    """
    return _records(*file, labels=1)


def read_100(file: tuple[str, bytes]) -> tuple[Bytes, Bytes]:
    """As ``read_10``; of the two labels, coarse and fine, the fine one.

    Raises:
        DataError: the file is not made of whole records.
    """
    return _records(*file, labels=2)


def _records(name: str, content: bytes, labels: int) -> tuple[Bytes, Bytes]:
    record = labels + PIXELS
    if not content or len(content) % record:
        raise DataError(
            f"{name} has {len(content)} bytes, which is not a whole number of records of {record}",
            "delete it and get the data set again",
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, record)
    return records[:, labels:].reshape(-1, *SHAPE), records[:, labels - 1]
