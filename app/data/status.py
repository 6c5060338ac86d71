"""Which data sets are there, without reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.data.entry import DataEntry, File
from app.data.folders import shelves
from app.data.locked import held
from app.data.registry import DATASETS
from app.data.variants import find, size_of


class Presence(StrEnum):
    """How much of a data set is on this machine."""

    EMBEDDED = "embedded"  # comes with the program
    PRESENT = "present"
    PARTIAL = "partial"  # some of its files
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Status:
    """What there is of a data set: bytes on disk, bytes to download, and the files that lack.

    ``examples``: how many training examples can be trained on as it is; of some sets a part will
    do. ``damaged``: files that are there with another size than published.
    """

    name: str
    presence: Presence
    bytes: int
    download: int
    examples: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """How much of a data set has come: bytes done, and in all."""

    done: int
    total: int


def status(folder: Path) -> Mapping[str, Status]:
    """Every registered data set's status, by its name."""
    return {name: status_of(entry, folder) for name, entry in DATASETS.items()}


def status_of(entry: DataEntry, folder: Path) -> Status:
    """One data set's status."""
    if entry.published is None:
        return Status(entry.name, Presence.EMBEDDED, 0, 0, entry.train_size)
    files = entry.published.files
    found = {file: there for file in files if (there := find(file, shelves(folder)))}
    lacking = [file for file in files if file not in found]
    presence = Presence.PRESENT if not lacking else Presence.PARTIAL if found else Presence.MISSING
    return Status(
        entry.name,
        presence,
        sum(there.size for there in found.values()),
        to_download(entry, lacking),
        entry.train_size * parts_here(entry, folder) // len(entry.published.train),
        tuple(file.path for file in lacking),
        tuple(there.variant.path for there in found.values() if there.damaged),
    )


def coming(entry: DataEntry, folder: Path) -> Coming | None:
    """How far a set's download is that goes on now, in whichever process; None where none does."""
    return so_far(entry, folder) if entry.published and held(folder, entry.name) else None


def so_far(entry: DataEntry, folder: Path) -> Coming:
    """How much of a set's files is there, with what is being written."""
    assert entry.published
    published = entry.published
    files = [published.archive] if published.archive else published.files
    total = sum(file.size for file in files)
    return Coming(min(total, sum(_come(file, folder) for file in files)), total)


def parts_here(entry: DataEntry, folder: Path) -> int:
    """How many parts of the training set can be used, from the first on; 0 without the test set."""
    assert entry.published
    train, test = entry.published.train, entry.published.test
    if any(find(file, shelves(folder)) is None for file in test):
        return 0
    lacking = (any(find(file, shelves(folder)) is None for file in part) for part in train)
    return next((have for have, lacks in enumerate(lacking) if lacks), len(train))


def part_of(path: Path) -> Path:
    """Where a file is while it is not whole."""
    return path.with_name(f".{path.name}.part")


def to_download(entry: DataEntry, lacking: list[File]) -> int:
    """Bytes to download for these files: where they come packed, those of the archive."""
    assert entry.published
    if lacking and entry.published.archive:
        return entry.published.archive.size
    return sum(file.size for file in lacking)


def _come(file: File, folder: Path) -> int:
    """Bytes of a file that have come; it may get its name between the two looks."""
    part = size_of(part_of(folder / file.path))
    if part is not None:
        return min(file.size, part)
    there = find(file, shelves(folder))
    return file.size if there and not there.damaged else 0
