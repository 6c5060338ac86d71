"""One's own images that are there: those that can be used, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.data.entry import DataEntry
from app.data.errors import DataError, OtherSize, sayable
from app.data.folders import shelves
from app.data.images import FOLDER, NAMES, check_some, named, scan, titles

USUAL = 64  # pixels high and wide


@dataclass(frozen=True, slots=True)
class Unusable:
    """A folder of images that no network can train on, and why."""

    name: str
    title: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class OwnImages:
    """What lies in ``images/`` of the data folder."""

    usable: tuple[DataEntry, ...] = ()
    unusable: tuple[Unusable, ...] = ()


def own_images(folder: Path) -> OwnImages:
    """Look at every folder of images; of each, a few hundred images are opened.

    Those that can't be used as they are, but could be if they were brought to one size, are said
    to be of a usual one (``DataEntry.resize``).
    """
    usable: list[DataEntry] = []
    unusable: list[Unusable] = []
    try:
        found = titles(folder)
    except DataError as error:
        return OwnImages(unusable=(_unusable("images", error.public(folder)),))
    for title in found:
        one = look(FOLDER + title, folder)
        if isinstance(one, Unusable):
            unusable.append(one)
        else:
            usable.append(one)
    return OwnImages(tuple(usable), tuple(unusable))


def look(name: str, folder: Path) -> DataEntry | Unusable:
    """What is to be said of one folder of images, ``folder:NAME``."""
    title = name.removeprefix(FOLDER)
    try:
        if not named(name):
            raise DataError("a folder of images can't have this name", NAMES)
        return _scanned(name, folder)
    except DataError as error:
        return _unusable(title, error.public(folder))


def _scanned(name: str, folder: Path) -> DataEntry:
    """As they are where they have one size, else as they would be, brought to a usual one."""
    try:
        entry = scan(name, folder)
        check_some(entry, folder)
    except OtherSize:
        entry = scan(name, folder, USUAL)
        check_some(entry, folder)
    return entry


def _unusable(title: str, why: DataError) -> Unusable:
    return Unusable(sayable(FOLDER + title), sayable(title), why.problem, why.remedy)


def stamp(folder: Path) -> Hashable:
    """Changes when a folder of images or of a class gains, loses or renames something.

    When its rights do, too. It asks each folder's own times and no image's, so that it costs
    little for many images.
    """
    return tuple(sorted(_times(folder)))


def _times(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for shelf in shelves(folder):
        places = [shelf / "images"]
        for _ in range(3):  # images, then each set's folder, then each class's
            below: list[Path] = []
            for place in places:
                with suppress(OSError):  # gone meanwhile, no folder, or not to be read
                    found = place.stat()
                    yield str(place), (found.st_mtime_ns, found.st_ctime_ns)
                    below += [inner for inner in place.iterdir() if inner.is_dir()]
            places = below
