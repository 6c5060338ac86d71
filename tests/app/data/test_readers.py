"""The file formats: what is read from small files, and what is said of damaged ones."""

import gzip

import numpy as np
import pytest

from app.data import cifar, idx
from app.data.errors import DataError
from tests.app.data import toys

IMAGES, LABELS = toys.idx(toys.pixels(7, 6, 5)), toys.idx(toys.classes(7))


def repacked(content: bytes, start: int, new: bytes) -> bytes:
    plain = gzip.decompress(content)
    return gzip.compress(plain[:start] + new + plain[start + len(new) :], mtime=0)


def test_idx_files_are_images_and_labels() -> None:
    x, y = idx.read(("images", IMAGES), ("labels", LABELS))
    assert np.array_equal(x[:, 0], toys.pixels(7, 6, 5))
    assert y.tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_idx_files_may_be_unpacked() -> None:
    x, y = idx.read(("images", gzip.decompress(IMAGES)), ("labels", gzip.decompress(LABELS)))
    assert np.array_equal(x[:, 0], toys.pixels(7, 6, 5))
    assert y.tolist() == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (
            repacked(IMAGES, 2, b"\x0d"),
            "images is not an IDX file of the right kind: it begins with 00000d03",
        ),
        (LABELS, "not an IDX file of the right kind: it begins with 00000801, not 00000803"),
        (gzip.compress(b"", mtime=0), "begins with , not"),
        (gzip.compress(b"\0\0\x08\x03\0\0", mtime=0), "says that it holds"),
        (repacked(IMAGES, 4, b"\xff\xff\xff\xff"), "4294967295 x 6 x 5 bytes, and 210 follow"),
        (repacked(IMAGES, 4, b"\0\0\0\x06"), "6 x 6 x 5 bytes, and 210 follow"),
        (IMAGES[:50], "not a complete gzip file"),
        (b"<html>", "not an IDX file of the right kind: it begins with 3c68746d"),
        (b"", "not an IDX file"),
        (IMAGES[:60] + b"????" + IMAGES[64:], "not a complete gzip file"),
        (toys.idx(toys.pixels(8, 6, 5)), "8 images, labels 7 labels"),
    ],
)
def test_a_damaged_idx_file_is_named_with_what_is_wrong(images: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        idx.read(("images", images), ("labels", LABELS))


def test_cifar_records_are_a_label_and_channels() -> None:
    pixels = toys.pixels(3, 3072)
    content = np.concatenate([[[3], [1], [2]], pixels], axis=1).astype(np.uint8).tobytes()
    x, y = cifar.read_10(("batch", content))
    assert y.tolist() == [3, 1, 2]
    assert x[2, 1, 5, 7] == pixels[2, 1024 + 5 * 32 + 7]


def test_cifar_100_has_a_coarse_label_before_the_fine_one() -> None:
    pixels = toys.pixels(2, 3072)
    content = np.concatenate([[[9, 90], [8, 80]], pixels], axis=1).astype(np.uint8).tobytes()
    x, y = cifar.read_100(("train", content))
    assert y.tolist() == [90, 80]
    assert np.array_equal(x.reshape(2, -1), pixels)


@pytest.mark.parametrize("content", [b"", bytes(3072), bytes(3074)])
def test_incomplete_records_are_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="not a whole number of records of 3073"):
        cifar.read_10(("batch", content))
