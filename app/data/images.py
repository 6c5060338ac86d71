"""One's own images: a folder for each class, below ``images/NAME`` in the data folder."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from app.data.entry import DataEntry
from app.data.errors import DataError
from app.data.place import located, shelves

if TYPE_CHECKING:
    from PIL import Image

    from app.data.dataset import Bytes
    from app.data.decoded import Part

FOLDER = "folder:"
NAME = re.compile(r"folder:[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
SUFFIXES = {".png", ".jpg", ".jpeg"}
LITTER = {"thumbs.db", "desktop.ini"}  # what file managers leave
TEST_SHARE = 5  # one in so many is kept for testing
LARGEST = 512  # pixels
MOST = 2**31  # bytes of all images decoded
MOST_CLASSES = 256
AT_ONCE = 256  # images to a part

Listing = dict[str, list[Path]]  # image files by class


def scan(name: str, folder: Path) -> DataEntry:
    """The facts of the images in ``images/NAME``, for the name ``folder:NAME``.

    One in five of each class, drawn once and for all, is kept for testing.

    Raises:
        DataError: there is no such folder, it has fewer than two classes, a class has fewer than
            two images, or something is no image.
    """
    classes = _listing(name, folder)
    title = name.removeprefix(FOLDER)
    shape = _shape(next(iter(classes.values()))[0])
    train, test = _split(classes)
    if (len(train) + len(test)) * shape[0] * shape[1] * shape[2] > MOST:
        raise DataError(
            f"the images in {title} take more than {MOST / 2**30:g} GiB decoded",
            "use smaller or fewer images",
        )
    frequent = max(Counter(label for _, label in train).values())
    return DataEntry(
        name=name,
        title=title,
        noun="images",
        summary=f"Your own images, {shape[2]}x{shape[1]} pixels, {len(classes)} classes.",
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
        code="",
    )


def names(folder: Path) -> list[str]:
    """The names of all folders of images, ``folder:NAME``."""
    places = [place for shelf in shelves(folder) if (place := shelf / "images").is_dir()]
    found = sorted({f"{FOLDER}{path.name}" for place in places for path in place.iterdir()})
    return [name for name in found if NAME.fullmatch(name)]


def readers(
    entry: DataEntry, folder: Path
) -> tuple[Callable[[], Iterable[Part]], Callable[[], Iterable[Part]]]:
    """What reads the training and the test images, some at a time."""

    def of(which: int) -> Callable[[], Iterable[Part]]:
        return lambda: _parts(_split(_listing(entry.name, folder))[which], entry.shape)

    return of(0), of(1)


def _listing(name: str, folder: Path) -> Listing:
    place = located(f"images/{name.removeprefix(FOLDER)}", folder)
    if not NAME.fullmatch(name) or not place.is_dir():
        raise DataError(
            f"there is no folder {place}", "make it, with a folder of images for each class"
        )
    classes: Listing = {}
    for home in _visible(place):
        if not home.is_dir():
            raise DataError(f"{home} lies beside the classes", "put images into folders by class")
        files = _visible(home)
        for file in files:
            if file.suffix.lower() not in SUFFIXES or not file.is_file():
                raise DataError(f"{file} is no image", "allowed: .png, .jpg and .jpeg files")
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
    """What changes when a file does."""
    facts = [
        (name, file.name, (found := file.stat()).st_size, found.st_mtime_ns)
        for name, files in classes.items()
        for file in files
    ]
    return sha256(repr(facts).encode()).hexdigest()[:12]


@contextmanager
def _opened(file: Path) -> Iterator[Image.Image]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file) as image:
            yield image
    except (UnidentifiedImageError, SyntaxError, ValueError, OSError) as error:
        raise DataError(
            f"{file} can't be read as an image ({error})", "replace or delete it"
        ) from error


def _shape(file: Path) -> tuple[int, int, int]:
    """(channels, height, width) of an image: one channel where it is grey, else three."""
    with _opened(file) as image:
        width, height = image.size
        channels = 1 if image.mode in ("1", "L", "LA") else 3
    if max(width, height) > LARGEST:
        raise DataError(
            f"{file} has {width}x{height} pixels", f"at most {LARGEST}x{LARGEST} are allowed"
        )
    return channels, height, width


def _parts(files: list[tuple[Path, int]], shape: tuple[int, ...]) -> Iterator[Part]:
    for start in range(0, len(files), AT_ONCE):
        yield partial(_pixels, files[start : start + AT_ONCE], shape)


def _pixels(files: list[tuple[Path, int]], shape: tuple[int, ...]) -> tuple[Bytes, Bytes]:
    import numpy as np

    x = np.empty((len(files), *shape), np.uint8)
    for place, (file, _) in zip(x, files, strict=True):
        found = _shape(file)
        if found != shape:
            raise DataError(
                f"{file} has {_size(found)}, and the first image {_size(shape)}",
                "all must have one size, and all be grey or all in colour",
            )
        with _opened(file) as image:
            pixels = np.asarray(image.convert("L" if shape[0] == 1 else "RGB"))
        place[:] = pixels if shape[0] == 1 else pixels.transpose(2, 0, 1)
    return x, np.array([label for _, label in files], np.uint8)


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[2]}x{shape[1]} pixels {'in grey' if shape[0] == 1 else 'in colour'}"
