"""One's own images: a folder for each class, below ``images/NAME`` in the data folder."""

from __future__ import annotations

import random
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from app.data.entry import DataEntry
from app.data.errors import DataError, OtherSize, sayable
from app.data.folders import located, shelves
from app.data.imagefile import (
    RESIZE,
    SIXTEEN,
    TWELVE,
    Shape,
    brightest,
    check,
    pixels_of,
    shape_of,
)

if TYPE_CHECKING:
    from app.data.dataset import Bytes, Part

FOLDER = "folder:"
# What no system allows in a folder's name is no part of one, and hidden folders are no sets.
NAME = re.compile(r"""folder:[^\x00-\x20./\\:*?"<>|][^\x00-\x1f/\\:*?"<>|]{0,63}""")
NAMES = (
    'allowed: up to 64 letters, digits, spaces and signs, but not / \\ : * ? " < > |, '
    "and neither a space nor a dot at the start"
)
MOST_BYTES = 200  # of a name: a file's may have 255, and a decoded copy's is longer
SUFFIXES = {".png", ".jpg", ".jpeg"}
LITTER = {"thumbs.db", "desktop.ini"}  # what file managers leave
TEST_SHARE = 5  # one in so many is kept for testing
MOST = 2**31  # bytes of all images decoded
MOST_CLASSES = 256
AT_ONCE = 256  # images to a part
SOME = 256  # images whose headers are looked at before anybody trains
READING = 2  # changes when the same files give other pixels than before

Listing = dict[str, list[Path]]  # image files by class


def named(name: str) -> bool:
    """Whether a folder of images may have this name, ``folder:NAME``."""
    return bool(
        NAME.fullmatch(name)
        and name.isprintable()  # nothing that can't be seen, and only what UTF-8 can say
        and len(name.encode()) <= MOST_BYTES
    )


def scan(name: str, folder: Path, resize: int | None = None) -> DataEntry:
    """The facts of the images in ``images/NAME``, for the name ``folder:NAME``.

    One in five of each class, drawn once and for all, is kept for testing. ``resize``: what they
    are brought to (see ``imagefile.pixels_of``).

    Raises:
        OtherSize: its images are too large to be used as they are, one by one or all together.
        DataError: there is no such folder, it may not be read, it has fewer than two classes, a
            class has fewer than two images, or something is no image.
    """
    classes = _listing(name, folder)
    title = name.removeprefix(FOLDER)
    shape = shape_of(next(iter(classes.values()))[0], resize)
    train, test = _split(classes)
    if (len(train) + len(test)) * shape[0] * shape[1] * shape[2] > MOST:
        raise OtherSize(
            f"the images in {title} take more than {MOST / 2**30:g} GiB decoded",
            f"use fewer images, or smaller ones: {RESIZE}",
        )
    frequent = max(Counter(label for _, label in train).values())
    return DataEntry(
        name=name,
        title=title,
        noun="images",
        summary=f"Your own images, {'resized to ' if resize else ''}{shape[2]}x{shape[1]} pixels, "
        f"{len(classes)} classes.",
        kind="image",
        shape=shape,
        classes=len(classes),
        train_size=len(train),
        test_size=len(test),
        chance=1 - frequent / len(train),
        source=f"images/{title} in the data folder",
        licence="yours",
        citation="",
        labels=tuple(classes),
        pad=max(1, min(shape[1:]) // 8),
        flip=True,
        version=_version(classes),
        resize=resize,
        code="",
    )


def check_some(entry: DataEntry, folder: Path) -> None:
    """Look at the headers of a few hundred images, spread over all.

    Raises:
        OtherSize: one has another size than the first.
        DataError: one can't be used.
    """
    files = [*chain.from_iterable(_listing(entry.name, folder).values())]
    for file in files[:: -(-len(files) // SOME)]:
        check(file, shape_of(file, entry.resize), cast("Shape", entry.shape))


def titles(folder: Path) -> list[str]:
    """What the folders in ``images/`` are called, whether they may be called so or not.

    Raises:
        DataError: it may not be read.
    """
    with _allowed():
        places = [place for shelf in shelves(folder) if _is_folder(place := shelf / "images")]
        return sorted({path.name for place in places for path in _visible(place)})


def readers(
    entry: DataEntry, folder: Path
) -> tuple[Callable[[], Iterable[Part]], Callable[[], Iterable[Part]]]:
    """What reads the training and the test images, some at a time."""

    @cache
    def white() -> int:
        every = chain.from_iterable(_listing(entry.name, folder).values())
        return SIXTEEN if any(brightest(file) > TWELVE for file in every) else TWELVE

    def of(which: int) -> Callable[[], Iterable[Part]]:
        return lambda: _parts(_split(_listing(entry.name, folder))[which], entry, white)

    return of(0), of(1)


@contextmanager
def _allowed() -> Iterator[None]:
    """Say in words which file or folder may not be read."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{error.filename} can't be read ({(error.strerror or str(error)).lower()})",
            "allow the user who runs Depthscope to read it",
        ) from error


def _is_folder(path: Path) -> bool:
    """Whether it is a folder; unlike Path's own, never takes one that is forbidden for none."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _listing(name: str, folder: Path) -> Listing:
    if not named(name):
        raise DataError(f"there is no folder images/{name.removeprefix(FOLDER)}", NAMES)
    with _allowed():
        place = located(f"images/{name.removeprefix(FOLDER)}", folder)
        if not _is_folder(place):
            if place.exists():
                raise DataError(
                    f"{place} is not a folder", "put images into folders by set and class"
                )
            raise DataError(
                f"there is no folder {place}", "make it, with a folder of images for each class"
            )
        return _classes(place)


def _classes(place: Path) -> Listing:
    classes: Listing = {}
    for home in _visible(place):
        if not _is_folder(home):
            raise DataError(
                f"{home} lies outside the folders of the classes",
                "put images into folders by class",
            )
        if sayable(home.name) != home.name:
            raise DataError(f"the name of {home} is not UTF-8", "give the class another name")
        files = _visible(home)
        for file in files:
            if file.suffix.lower() not in SUFFIXES or not stat.S_ISREG(file.stat().st_mode):
                raise DataError(f"{file} is not an image", "allowed: .png, .jpg and .jpeg files")
        if len(files) < 2:
            raise DataError(
                f"{home} holds {len(files)} images", "each class needs two: to train and to test"
            )
        classes[home.name] = files
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise DataError(
            f"{place} holds {len(classes)} {'class' if len(classes) == 1 else 'classes'}",
            f"allowed: 2 to {MOST_CLASSES}, a folder of images for each",
        )
    return classes


def _visible(place: Path) -> list[Path]:
    return sorted(
        path
        for path in place.iterdir()
        if not path.name.startswith(".") and path.name.lower() not in LITTER
    )


def _split(classes: Listing) -> tuple[list[tuple[Path, int]], list[tuple[Path, int]]]:
    """Training and test files with their labels; always the same for the same names."""
    train, test = [], []
    for label, files in enumerate(classes.values()):
        mixed = random.Random(label).sample(files, len(files))
        kept = max(1, round(len(files) / TEST_SHARE))
        test += [(file, label) for file in mixed[:kept]]
        train += [(file, label) for file in mixed[kept:]]
    random.Random(0).shuffle(train)  # so that the first so many hold every class
    random.Random(1).shuffle(test)
    return train, test


def _version(classes: Listing) -> str:
    """What changes when a file does, or how files are read."""
    with _allowed():
        facts = [
            (name, file.name, (found := file.stat()).st_size, found.st_mtime_ns)
            for name, files in classes.items()
            for file in files
        ]
    return sha256(repr((READING, facts)).encode()).hexdigest()[:12]


def _parts(
    files: list[tuple[Path, int]], entry: DataEntry, white: Callable[[], int]
) -> Iterator[Part]:
    for start in range(0, len(files), AT_ONCE):
        yield partial(_pixels, files[start : start + AT_ONCE], entry, white)


def _pixels(
    files: list[tuple[Path, int]], entry: DataEntry, white: Callable[[], int]
) -> tuple[Bytes, Bytes]:
    import numpy as np

    shape = cast("Shape", entry.shape)
    x = np.stack([pixels_of(file, shape, white, entry.resize) for file, _ in files])
    return x, np.array([label for _, label in files], np.uint8)
