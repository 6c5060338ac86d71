"""Which data sets are there, without reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.data.entry import DataEntry, File
from app.data.registry import DATASETS


class Presence(StrEnum):
    """How much of a data set is on this machine."""

    EMBEDDED = "embedded"  # comes with the program
    PRESENT = "present"
    PARTIAL = "partial"  # some of its files
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Status:
    """What there is of a data set: bytes on disk, bytes to download, and the files that lack.

    ``damaged``: files that are there with another size than published.
    """

    name: str
    presence: Presence
    bytes: int
    download: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


def status(folder: Path) -> Mapping[str, Status]:
    """Every registered data set's status, by its name."""
    return {name: status_of(entry, folder) for name, entry in DATASETS.items()}


def status_of(entry: DataEntry, folder: Path) -> Status:
    """One data set's status."""
    if entry.published is None:
        return Status(entry.name, Presence.EMBEDDED, 0, 0)
    files = entry.published.files
    found = {file: size for file in files if (size := _size(file, folder)) is not None}
    lacking = [file for file in files if file not in found]
    presence = Presence.PRESENT if not lacking else Presence.PARTIAL if found else Presence.MISSING
    return Status(
        entry.name,
        presence,
        sum(found.values()),
        to_download(entry, lacking),
        tuple(file.path for file in lacking),
        tuple(file.path for file, size in found.items() if size != file.size),
    )


def to_download(entry: DataEntry, lacking: list[File]) -> int:
    """Bytes to download for these files: where they come packed, those of the archive."""
    assert entry.published
    if lacking and entry.published.archive:
        return entry.published.archive.size
    return sum(file.size for file in lacking)


def _size(file: File, folder: Path) -> int | None:
    try:
        return (folder / file.path).stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None
