"""Batches of CIFAR's Python version, written opcode by opcode as Python 2 and its numpy did."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

PROTOCOL, STOP, MARK = b"\x80\x02", b".", b"("
DICT, LIST, TUPLE, SETITEMS, APPENDS, REDUCE, BUILD = b"}", b"]", b"t", b"u", b"e", b"R", b"b"
NONE, FALSE = b"N", b"\x89"


def text(content: bytes) -> bytes:
    """A string of Python 2."""
    if len(content) < 256:
        return b"U" + bytes([len(content)]) + content
    return b"T" + struct.pack("<i", len(content)) + content


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def numbers(values: list[int]) -> bytes:
    return LIST + MARK + b"".join(map(number, values)) + APPENDS


def named(module: str, name: str) -> bytes:
    """A global: what a pickle asks for."""
    return f"c{module}\n{name}\n".encode()


def array(content: NDArray[np.uint8], kind: bytes = b"u1") -> bytes:
    """An array as numpy rebuilds one: an empty one, and then its state."""
    start = named("numpy.core.multiarray", "_reconstruct") + MARK + named("numpy", "ndarray")
    start += MARK + number(0) + TUPLE + text(b"b") + TUPLE + REDUCE
    dtype = named("numpy", "dtype") + MARK + text(kind) + number(0) + number(1) + TUPLE + REDUCE
    state = number(3) + text(b"|") + NONE * 3 + number(-1) + number(-1) + number(0)
    dtype += MARK + state + TUPLE + BUILD
    shape = MARK + b"".join(map(number, content.shape)) + TUPLE
    raw = text(content.tobytes())
    return start + MARK + number(1) + shape + dtype + FALSE + raw + TUPLE + BUILD


def pickled(**parts: bytes) -> bytes:
    """A dictionary of these values."""
    items = b"".join(text(name.encode()) + value for name, value in parts.items())
    return PROTOCOL + DICT + MARK + items + SETITEMS + STOP


def batch_10(labels: list[int], rows: NDArray[np.uint8]) -> bytes:
    return pickled(
        batch_label=text(b"training batch 1 of 5"),
        labels=numbers(labels),
        data=array(rows),
        filenames=LIST + MARK + b"".join(text(b"a_%d.png" % n) for n in labels) + APPENDS,
    )


def batch_100(coarse: list[int], fine: list[int], rows: NDArray[np.uint8]) -> bytes:
    return pickled(fine_labels=numbers(fine), coarse_labels=numbers(coarse), data=array(rows))
