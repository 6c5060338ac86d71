"""One's own images that are there: those that can be used, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.data.entry import DataEntry
from app.data.errors import DataError
from app.data.images import FOLDER, names, scan
from app.data.place import shelves


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
    """Look at every folder of images; of each, one image is opened."""
    usable, unusable = [], []
    for name in names(folder):
        try:
            usable.append(scan(name, folder))
        except DataError as error:
            why = error.public(folder)
            unusable.append(Unusable(name, name.removeprefix(FOLDER), why.problem, why.remedy))
    return OwnImages(tuple(usable), tuple(unusable))


def stamp(folder: Path) -> Hashable:
    """Changes when a folder of images or of a class gains, loses or renames something.

    It asks each folder's own time and no image's, so that it costs little for many images.
    """
    return tuple(sorted(_times(folder)))


def _times(folder: Path) -> Iterator[tuple[str, int]]:
    for shelf in shelves(folder):
        places = [shelf / "images"]
        for _ in range(3):  # images, then each set's folder, then each class's
            below: list[Path] = []
            for place in places:
                with suppress(OSError):  # gone meanwhile, or no folder
                    yield str(place), place.stat().st_mtime_ns
                    below += [inner for inner in place.iterdir() if inner.is_dir()]
            places = below
