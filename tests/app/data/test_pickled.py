"""CIFAR's Python version: read as numpy would read it, with nothing run that it asks for."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from app.data import cifar
from app.data.pickled import records_10, records_100
from tests.app.data import toys
from tests.app.data.batches import (
    DICT,
    MARK,
    PROTOCOL,
    REDUCE,
    SETITEMS,
    STOP,
    TUPLE,
    array,
    batch_10,
    batch_100,
    named,
    numbers,
    pickled,
    text,
)
from tests.app.data.forbidden import posix

ROWS = toys.pixels(7, 3072)
LABELS = [3, 1, 4, 1, 5, 9, 2]


def test_a_batch_is_what_pickle_and_numpy_make_of_it() -> None:
    batch = batch_10(LABELS, ROWS)
    known = pickle.loads(batch, encoding="bytes")
    assert np.array_equal(known[b"data"], ROWS)
    assert known[b"labels"] == LABELS

    x, y = cifar.read_10(("records", records_10(batch)))

    assert np.array_equal(x.reshape(7, 3072), known[b"data"])
    assert y.tolist() == LABELS


def test_of_cifar_100_both_labels_are_kept() -> None:
    records = records_100(batch_100([9] * 7, LABELS, ROWS))
    assert records[::3074] == bytes([9] * 7)
    x, y = cifar.read_100(("records", records))
    assert y.tolist() == LABELS
    assert np.array_equal(x.reshape(7, 3072), ROWS)


@pytest.mark.parametrize("protocol", range(2, 5))
def test_a_batch_that_was_written_anew_is_read(protocol: int) -> None:
    batch = pickle.dumps({"labels": LABELS, "data": ROWS}, protocol=protocol)
    assert records_10(batch) == records_10(batch_10(LABELS, ROWS))


@posix
def test_nothing_that_a_batch_asks_for_is_run(tmp_path: Path) -> None:
    left = tmp_path / "was here"
    call = named("posix", "mkdir") + MARK + text(os.fsencode(left)) + TUPLE + REDUCE
    evil = PROTOCOL + DICT + MARK + text(b"data") + call + SETITEMS + STOP
    assert b"mkdir" in evil
    with pytest.raises(ValueError, match=r"asks for posix.mkdir, which no file of CIFAR does"):
        records_10(evil)
    assert not left.exists()
    pickle.loads(evil)  # it would have been
    assert left.exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("builtins", "eval"),
        ("__builtin__", "eval"),
        ("numpy", "load"),
        ("numpy", "ndarray.tofile"),
        ("numpy.core.multiarray", "scalar"),
        ("app.data.pickled", "records_10"),
        ("copyreg", "_reconstructor"),
    ],
)
def test_whatever_else_is_asked_for_is_refused_by_name(module: str, name: str) -> None:
    with pytest.raises(ValueError, match="which no file of CIFAR does"):
        records_10(pickled(data=named(module, name), labels=numbers(LABELS)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a batch"),
        (b"<html>", "is not a batch"),
        (batch_10(LABELS, ROWS)[:-9], "is not a batch"),
        (pickle.dumps([1, 2]), "no dictionary"),
        (pickled(labels=numbers(LABELS)), "no data"),
        (pickled(data=array(ROWS)), "no labels"),
        (pickled(data=array(ROWS), labels=text(b"3141592")), "no labels"),
        (pickled(data=array(ROWS), labels=numbers([1, 2, 300, 4, 5, 6, 7])), "is not a batch"),
        (pickled(data=array(ROWS), labels=numbers([1, 2])), "not as many labels"),
        (pickled(data=array(ROWS[:, :3000]), labels=numbers(LABELS)), "no rows of pixels"),
        (pickled(data=array(ROWS, b"i2"), labels=numbers(LABELS)), "no rows of pixels"),
        (pickled(data=array(ROWS, b"O8"), labels=numbers(LABELS)), "no rows of pixels"),
    ],
)
def test_what_is_no_batch_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        records_10(content)
