"""CIFAR's Python version: pickles of a dictionary, read without running anything they ask for.

A pickle is a program that may call whatever it names. These name numpy's way to rebuild an array,
and get stand-ins for it that only keep what they are given; a file that names anything else is
refused. What is read becomes the records of the binary version, which are checked against those
that were published.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from io import BytesIO
from typing import Any

from app.data.cifar import PIXELS


class _Kind:
    """Stands for a numpy dtype: keeps its name."""

    def __init__(self, name: object, *_: object) -> None:
        self.name = name

    def __setstate__(self, state: object) -> None:
        """The order of bytes: of no matter for single ones."""


class _Array:
    """Stands for a numpy array: keeps its parts."""

    parts: tuple[Any, ...] = ()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.parts = state

    def rows(self) -> bytes:
        """The bytes of an array of rows of pixels.

        Raises:
            ValueError: it is another.
        """
        _, shape, kind, fortran, raw = self.parts
        whole = isinstance(raw, bytes) and shape == (len(raw) // PIXELS, PIXELS)
        if not whole or kind.name not in ("u1", b"u1") or fortran or len(raw) % PIXELS:
            raise ValueError("holds no rows of pixels")
        return bytes(raw)


def _array(*_: object) -> _Array:
    return _Array()


def _encoded(text: str, encoding: str) -> bytes:
    """How later versions of Python write bytes in an old pickle."""
    if encoding not in ("latin1", b"latin1"):
        raise ValueError("holds text of another encoding")
    return text.encode("latin1")


_KNOWN: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy.core.multiarray", "_reconstruct"): _array,
    ("numpy._core.multiarray", "_reconstruct"): _array,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Kind,
    ("_codecs", "encode"): _encoded,
}


class _Asks(Exception):
    """The pickle names something that is none of CIFAR's."""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise _Asks(f"{module}.{name}") from None


def records_10(content: bytes) -> bytes:
    """A batch of CIFAR-10's Python version as records of the binary version.

    Raises:
        ValueError: it is none; the message goes on from "it".
    """
    return _records(content, "labels")


def records_100(content: bytes) -> bytes:
    """As ``records_10``, of CIFAR-100: records with both labels."""
    return _records(content, "coarse_labels", "fine_labels")


def _records(content: bytes, *labels: str) -> bytes:
    try:
        batch = _Reader(BytesIO(content), encoding="bytes").load()
        rows = _of(batch, "data").rows()
        columns = [bytes(_of(batch, name)) for name in labels]
    except _Asks as error:
        raise ValueError(
            f"asks for {error}, which no file of CIFAR does: it was not read any further"
        ) from None
    except Exception as error:  # an edge: a broken pickle makes its reader raise anything
        raise ValueError(f"is not a batch of CIFAR's Python version ({error})") from error
    count = len(rows) // PIXELS
    if any(len(column) != count for column in columns):
        raise ValueError(f"holds {count:,} images, and not as many labels")
    return b"".join(
        bytes(answer) + rows[place * PIXELS : (place + 1) * PIXELS]
        for place, answer in enumerate(zip(*columns, strict=True))
    )


def _of(batch: Any, name: str) -> Any:
    """A value by its name, which Python 2 wrote as bytes."""
    if not isinstance(batch, dict):
        raise ValueError("no dictionary")
    found = batch.get(name.encode(), batch.get(name))
    if not isinstance(found, list if name != "data" else _Array):
        raise ValueError(f"no {name}")
    return found
