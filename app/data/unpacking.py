"""Published files out of the archive that they come in."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from app.data.checksums import mismatch
from app.data.entry import File
from app.data.errors import Cancelled, DataError
from app.data.status import part_of
from app.data.variants import Found, variants


def unpack(
    archive: Path, files: Iterable[File], folder: Path, cancelled: Callable[[], bool]
) -> None:
    """Take these files out of an archive, in the variant that it has.

    Raises:
        Cancelled: ``cancelled`` said so; the archive stays, to be unpacked another time.
        DataError: the archive lacks one, or holds another one than published.
    """
    try:
        with tarfile.open(archive) as packed:
            for file in files:
                _take(packed, file, folder, archive, cancelled)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{archive} is not a complete archive ({error})",
            "delete it and get the data set again",
        ) from error


def _take(
    packed: tarfile.TarFile,
    file: File,
    folder: Path,
    archive: Path,
    cancelled: Callable[[], bool],
) -> None:
    for variant in variants(file):
        try:
            inside = packed.extractfile(variant.path)
        except KeyError:
            continue
        if inside is None:  # a folder
            continue
        goal = folder / variant.path
        goal.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(goal)
        try:
            _copy(inside, part, cancelled)
            if problem := mismatch(Found(variant, part, part.stat().st_size)):
                raise _wrong(archive, variant.path, f"which {problem}")
            part.replace(goal)
        finally:
            part.unlink(missing_ok=True)
        return
    raise _wrong(archive, file.path, "which is not there")


def _copy(inside: IO[bytes], part: Path, cancelled: Callable[[], bool]) -> None:
    with part.open("wb") as out:
        while chunk := inside.read(2**20):
            if cancelled():
                raise Cancelled
            out.write(chunk)


def _wrong(archive: Path, path: str, problem: str) -> DataError:
    return DataError(
        f"{archive.name} should hold {path}, {problem}",
        f"delete {archive} and get the data set again",
    )
