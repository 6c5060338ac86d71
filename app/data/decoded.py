"""Whole sets as plain arrays on disk: decoded once, then mapped by every process that asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from app.data.checksums import verified
from app.data.dataset import Bytes, Dataset, Part
from app.data.entry import DataEntry, File
from app.data.errors import DataError
from app.data.leftovers import copies, decoding
from app.data.locked import locked
from app.data.status import part_of

VERSION = 1  # of the layout below "decoded"

_NAMES = ("train_x", "train_y", "test_x", "test_y")


def mapped(home: Path) -> Dataset:
    """The arrays of a decoded set. Images stay on disk until they are looked at.

    Mapped copy-on-write: processes share the pages, and none can change the files.
    """
    train_x, train_y, test_x, test_y = (
        np.load(home / f"{name}.npy", mmap_mode="c" if name.endswith("x") else None)
        for name in _NAMES
    )
    mean, std = np.load(home / "scale.npy").tolist()
    return Dataset(
        train_x=train_x,
        train_y=train_y.astype(np.int64),
        test_x=test_x,
        test_y=test_y.astype(np.int64),
        mean=tuple(mean),
        std=tuple(std),
    )


def once(
    folder: Path,
    name: str,
    entry: DataEntry,
    train: Callable[[], Iterable[Part]],
    test: Callable[[], Iterable[Part]],
) -> Path:
    """The folder of a decoded set, by ``name`` and the entry's version; made where it isn't there.

    ``train`` and ``test`` give what to read; the sizes are the entry's. A new version, of one's own
    images, takes the place of those before.

    Raises:
        DataError: the set is not what its entry says, or can't be written down.
    """
    stem = f"{name}-{entry.version}" if entry.version else name
    stem += f".{entry.resize}" if entry.resize else ""
    home = folder / "decoded" / f"{stem}-{VERSION}"
    if home.exists():
        return home
    with locked(folder, decoding(entry.name)):
        if not home.exists():
            part = part_of(home)
            rmtree(part, ignore_errors=True)  # what a killed process left
            part.mkdir(parents=True)
            try:
                _decode(part, entry, train(), test())
                part.rename(home)
                if entry.version:
                    _forget(entry, home.parent)
            finally:
                rmtree(part, ignore_errors=True)
    return home


def _forget(entry: DataEntry, homes: Path) -> None:
    """Delete the copies of a set of one's own images as it was before, whatever their size.

    Who has mapped one keeps what is mapped; where the system forbids it meanwhile, it stays.
    """
    for other in homes.iterdir():
        found = copies(entry.name).fullmatch(other.name)
        if found and found["version"] != entry.version:
            rmtree(other, ignore_errors=True)


def parts(entry: DataEntry, folder: Path, pieces: Sequence[Sequence[File]]) -> Iterable[Part]:
    """Readers of published files; each piece is checked and read when its turn comes."""
    module, _, function = entry.code.partition(":")
    read = cast("Callable[..., tuple[Bytes, Bytes]]", getattr(import_module(module), function))

    def part(piece: Sequence[File]) -> tuple[Bytes, Bytes]:
        return read(*((file.path, verified(entry.name, file, folder)) for file in piece))

    return (partial(part, piece) for piece in pieces)


def _decode(home: Path, entry: DataEntry, train: Iterable[Part], test: Iterable[Part]) -> None:
    counts = np.zeros((entry.shape[0], 256), np.int64)
    _write(home, "train", entry, entry.train_size, train, counts)
    _write(home, "test", entry, entry.test_size, test, None)
    scale = (entry.mean, entry.std) if entry.mean else _scale(counts)
    with (home / "scale.npy").open("wb") as out:
        np.save(out, np.array(scale, np.float64))
        _settle(out)


def _write(
    home: Path,
    split: str,
    entry: DataEntry,
    size: int,
    readers: Iterable[Part],
    counts: NDArray[np.int64] | None,
) -> None:
    """One split, part by part. Written, not mapped: a full disk is an error there, not a signal."""
    labels = []
    with (home / f"{split}_x.npy").open("wb") as out:
        header = {"descr": "|u1", "fortran_order": False, "shape": (size, *entry.shape)}
        np.lib.format.write_array_header_1_0(out, header)
        for read in readers:
            x, y = read()
            if x.shape[1:] != entry.shape or len(x) != len(y) or y.max() >= entry.classes:
                raise DataError(
                    f"{entry.name} holds images or labels that it should not",
                    f"expected: {entry.shape}, labels from 0 to {entry.classes - 1}",
                )
            out.write(np.ascontiguousarray(x).data)
            labels.append(y)
            if counts is not None and not entry.mean:
                for channel in range(len(counts)):
                    counts[channel] += np.bincount(x[:, channel].ravel(), minlength=256)
        _settle(out)
    y = np.concatenate(labels)
    if len(y) != size:
        raise DataError(f"{entry.name} holds {len(y):,} examples", f"expected: {size:,}")
    with (home / f"{split}_y.npy").open("wb") as out:
        np.save(out, y)
        _settle(out)


def _scale(counts: NDArray[np.int64]) -> tuple[list[float], list[float]]:
    """Mean and standard deviation by channel, from how often each value occurs."""
    values = np.arange(256)
    share = counts / counts.sum(1, keepdims=True)
    mean = share @ values
    variance = share @ values**2 - mean**2
    std = np.sqrt(np.maximum(variance, 0))
    return mean.tolist(), np.where(std > 0, std, 1).tolist()


def _settle(out: IO[bytes]) -> None:
    """Have the disk hold it before the folder gets its name."""
    out.flush()
    os.fsync(out.fileno())
