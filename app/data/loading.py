"""From a name to the data set in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.data import decoded
from app.data.dataset import Dataset
from app.data.download import collect
from app.data.entry import DataEntry
from app.data.errors import DataError
from app.data.folders import data_folder
from app.data.images import FOLDER, readers
from app.data.status import parts_here, status_of


def load(entry: DataEntry, kept: int | None = None, folder: Path | None = None) -> Dataset:
    """The data set; of its training examples at least the first ``kept`` (None: all).

    A published set must have been fetched (see ``fetch``).

    Raises:
        DataError: a file is missing, damaged, or not what it should be.
    """
    folder = folder or data_folder()
    if entry.name.startswith(FOLDER):
        train, test = readers(entry, folder)
        home = decoded.once(folder, entry.name.replace(":", "-"), entry, train, test)
        return decoded.mapped(home)
    if entry.published is None:
        return entry.load()
    have = pieces(entry, folder, kept)
    published = entry.published
    if have < len(published.train):  # the first parts are enough for what is kept
        share = entry.train_size * have // len(published.train)
        entry = replace(entry, train_size=share)
    home = decoded.once(
        folder,
        f"{entry.name}.{entry.train_size}",
        entry,
        lambda: decoded.parts(entry, folder, published.train[:have]),
        lambda: decoded.parts(entry, folder, [published.test]),
    )
    return decoded.mapped(home)


def pieces(entry: DataEntry, folder: Path, kept: int | None) -> int:
    """How many of the training set's parts to use: all, or as many as are there if they are enough.

    Raises:
        DataError: too few are there; names what is missing.
    """
    assert entry.published
    train = entry.published.train
    have = parts_here(entry, folder)
    examples = entry.train_size * have // len(train)
    if have and (have == len(train) or (kept or entry.train_size) <= examples):
        return have
    enough = (
        f", or keep at most {examples:,} training examples (limit), which are there" if have else ""
    )
    missing = ", ".join(status_of(entry, folder).missing)
    raise DataError(
        f"{entry.title} is not complete in {folder}: {missing} missing",
        f"get it with: depthscope data get {entry.name}{enough}",
    )


def ready(entry: DataEntry, kept: int | None = None, folder: Path | None = None) -> bool:
    """Whether ``load`` has all its files."""
    if entry.published is None:
        return True
    try:
        return pieces(entry, folder or data_folder(), kept) > 0
    except DataError:
        return False


def obtain(
    entry: DataEntry,
    kept: int | None,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Download what ``load`` lacks.

    Raises:
        Cancelled: ``cancelled`` said so.
        DataError: it can't be had.
    """
    if not ready(entry, kept):
        collect(entry, data_folder(), progress, cancelled)
