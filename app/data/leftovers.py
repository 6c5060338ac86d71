"""What killed processes leave half-done of a data set, taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from shutil import rmtree

from app.data.images import FOLDER
from app.data.locked import if_free
from app.data.registry import DATASETS
from app.data.status import part_of
from app.data.variants import variants


def clear(name: str, folder: Path) -> None:
    """Delete what is half downloaded or half decoded of a data set.

    Where somebody works on it now, what there is belongs to them, and stays.

    Raises:
        OSError: it can't be deleted.
    """
    if parts := [*_downloaded(name, folder)]:
        with if_free(folder, name) as free:
            for part in parts if free else ():
                part.unlink(missing_ok=True)
    if parts := [*_decoded(name, folder)]:
        with if_free(folder, decoding(name)) as free:
            for part in parts if free else ():
                rmtree(part)


def clear_all(folder: Path) -> None:
    """As ``clear``, of every data set, and of images that may be gone by now."""
    for name in (*DATASETS, *sorted(_own(folder))):
        clear(name, folder)


def _own(folder: Path) -> Iterator[str]:
    """The names of one's own images of which something is half decoded."""
    home = folder / "decoded"
    for part in home.iterdir() if home.is_dir() else ():
        if found := re.fullmatch(r"\.folder-(.+)-[0-9a-f]{12}(\.\d+)?-\d+\.part", part.name):
            yield FOLDER + found[1]


def decoding(name: str) -> str:
    """The lock of who decodes a data set; another may be downloading more of it meanwhile."""
    return f"{name}.decoding"


def copies(name: str) -> re.Pattern[str]:
    """Names of a data set's decoded copies, of any number of examples, any version and any size."""
    version = r"-(?P<version>[0-9a-f]{12})(\.\d+)?"
    return re.compile(rf"{re.escape(name.replace(':', '-'))}(\.\d+|{version})-\d+")


def _downloaded(name: str, folder: Path) -> Iterator[Path]:
    published = DATASETS[name].published if name in DATASETS else None
    if published:
        archive = [published.archive] if published.archive else []
        for variant in chain.from_iterable(map(variants, (*published.files, *archive))):
            if (part := part_of(folder / variant.path)).exists():
                yield part


def _decoded(name: str, folder: Path) -> Iterator[Path]:
    home = folder / "decoded"
    for part in home.iterdir() if home.is_dir() else ():
        inner = part.name.removeprefix(".").removesuffix(".part")
        if part == part_of(home / inner) and copies(name).fullmatch(inner):
            yield part
