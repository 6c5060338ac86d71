"""The IDX format of MNIST and its kin, gzipped or not."""

from __future__ import annotations

import gzip
import zlib
from math import prod

import numpy as np

from app.data.dataset import Bytes
from app.data.errors import DataError

IMAGES, LABELS = 0x0803, 0x0801  # magic numbers: unsigned bytes in three dimensions, in one
GZIP = b"\x1f\x8b"  # how such a file begins
REMEDY = "delete it and get the data set again"


def read(images: tuple[str, bytes], labels: tuple[str, bytes]) -> tuple[Bytes, Bytes]:
    """Images, (n, 1, height, width), and labels, (n,), from the (name, content) of two files.

    Raises:
        DataError: a file is no IDX of its kind, or the two don't belong together.
    """
    x, y = _array(*images, IMAGES), _array(*labels, LABELS)
    if len(x) != len(y):
        raise DataError(f"{images[0]} holds {len(x)} images, {labels[0]} {len(y)} labels", REMEDY)
    return x[:, None], y


def _unpacked(name: str, packed: bytes) -> bytes:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{name} is not a complete gzip file ({error})", REMEDY) from error


def _array(name: str, packed: bytes, magic: int) -> Bytes:
    content = _unpacked(name, packed) if packed[:2] == GZIP else packed
    found = int.from_bytes(content[:4], "big")
    if len(content) < 4 or found != magic:
        raise DataError(
            f"{name} is not an IDX file of the right kind: it begins with {content[:4].hex()}, "
            f"not {magic:08x}",
            REMEDY,
        )
    start = 4 + 4 * (magic & 0xFF)
    shape = [int.from_bytes(content[n : n + 4], "big") for n in range(4, start, 4)]
    if len(content) != start + prod(shape):
        raise DataError(
            f"{name} says that it holds {' x '.join(map(str, shape))} bytes, "
            f"and {max(0, len(content) - start)} follow",
            REMEDY,
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
