"""Published files fetched once: checked, and given their name only when whole."""

from __future__ import annotations

import gzip
import os
import tarfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO

from app.data.entry import DataEntry, File
from app.data.errors import Cancelled, DataError
from app.data.locked import free, locked
from app.data.mirror import MirrorFailed, receive
from app.data.registry import DATASETS
from app.data.status import part_of, status_of, to_download

MIRROR = "DEPTHSCOPE_MIRROR"  # an address to ask first: it serves the layout of a data folder
ROOM = 2**24  # bytes to leave free on the disk

Progress = Callable[[int, int], None]


def fetch(
    name: str,
    folder: Path,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Download what the folder lacks of a data set; files that are there are left as they are.

    However many processes ask at once, one downloads and the others wait for it. ``progress`` is
    told bytes done and in all, several times a second, and ``cancelled`` is asked as often; from
    a thread of its own.

    Raises:
        Cancelled: ``cancelled`` said so; nothing half-written stays.
        DataError: no mirror had the file, whole and with its checksum, or the disk is full.
    """
    collect(DATASETS[name], folder, progress, cancelled)


def collect(
    entry: DataEntry, folder: Path, progress: Progress, cancelled: Callable[[], bool]
) -> None:
    """As ``fetch``, for an entry."""
    published = entry.published
    if published is None or not status_of(entry, folder).missing:
        return
    with locked(folder, entry.name, cancelled):
        missing = status_of(entry, folder).missing  # by now: somebody may have got it meanwhile
        lacking = [file for file in published.files if file.path in missing]
        total = to_download(entry, lacking)
        needed = total + (sum(file.size for file in lacking) if published.archive else 0) + ROOM
        if lacking and free(folder) < needed:
            raise DataError(
                f"{entry.title} needs {needed / 2**20:,.0f} MiB to download and unpack, "
                f"and {free(folder) / 2**20:,.0f} MiB are free at {folder}",
                "make room there, or name another folder in DEPTHSCOPE_DATA",
            )
        done = 0
        for file in [published.archive] if lacking and published.archive else lacking:
            _download(entry, file, folder, partial(_further, progress, done, total), cancelled)
            done += file.size
        if lacking and published.archive:
            _unpack(folder / published.archive.path, lacking, folder, cancelled)
        progress(total, total)


def _further(progress: Progress, before: int, total: int, size: int) -> None:
    progress(before + size, total)


def fingerprint(content: IO[bytes]) -> str:
    """The SHA-256 of what is read, in hexadecimal."""
    digest = sha256()
    while chunk := content.read(2**20):
        digest.update(chunk)
    return digest.hexdigest()


def _download(
    entry: DataEntry,
    file: File,
    folder: Path,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Try one mirror after the other until the file is there, whole."""
    assert entry.published
    goal = folder / file.path
    if goal.exists():  # an archive whose unpacking was cut short
        return
    addresses = [mirror + file.name for mirror in entry.published.mirrors]
    if own := os.environ.get(MIRROR):
        addresses.insert(0, f"{own.rstrip('/')}/{file.path}")
    part = _part(goal)
    failures = []
    try:
        for address in addresses:
            try:
                receive(address, part, file.size, progress, cancelled)
                _check(part, file)
            except MirrorFailed as failure:
                failures.append(f"{address}: {failure}")
            else:
                part.replace(goal)
                return
    finally:
        part.unlink(missing_ok=True)
    packed = entry.published.archive
    missing = status_of(entry, folder).missing
    lacking = [packed] if packed else [one for one in entry.published.files if one.path in missing]
    files = " and ".join(f"{one.name} ({one.size:,} bytes)" for one in lacking)
    raise DataError(
        f"{entry.title} can't be downloaded ({'; '.join(failures)})",
        f"connect to the internet and try again, or put {files} into the folder {goal.parent}; "
        f"depthscope data check {entry.name} says whether they are as published",
    )


def _part(goal: Path) -> Path:
    """Where a file is while it is not whole; one that a killed process left is written over."""
    goal.parent.mkdir(parents=True, exist_ok=True)
    return part_of(goal)


def _check(part: Path, file: File) -> None:
    size = part.stat().st_size
    with part.open("rb") as content:
        page = content.read(512).lstrip()[:1] == b"<"
        content.seek(0)
        found = fingerprint(content)
    if found == file.sha256:
        return
    if page:
        raise MirrorFailed("it answered with a web page instead of the file")
    if size != file.size:
        raise MirrorFailed(f"it sent {size:,} of {file.size:,} bytes")
    raise MirrorFailed("what it sent has not the published checksum")


def _unpack(archive: Path, files: list[File], folder: Path, cancelled: Callable[[], bool]) -> None:
    """Take these files out of an archive that was checked, then delete it.

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
            f"{archive} is no whole archive ({error})", "delete it, and it is downloaded again"
        ) from error
    archive.unlink()


def _take(
    packed: tarfile.TarFile,
    file: File,
    folder: Path,
    archive: Path,
    cancelled: Callable[[], bool],
) -> None:
    goal = folder / file.path
    part = _part(goal)
    try:
        with suppress(KeyError):
            if (inside := packed.extractfile(file.path)) is not None:
                _copy(inside, part, cancelled)
        _check_unpacked(part, file, archive)
        part.replace(goal)
    finally:
        part.unlink(missing_ok=True)


def _copy(inside: IO[bytes], part: Path, cancelled: Callable[[], bool]) -> None:
    with part.open("wb") as out:
        while chunk := inside.read(2**20):
            if cancelled():
                raise Cancelled
            out.write(chunk)


def _check_unpacked(part: Path, file: File, archive: Path) -> None:
    try:
        with part.open("rb") as content:
            if fingerprint(content) == file.sha256:
                return
            problem = "which has not the published checksum"
    except FileNotFoundError:
        problem = "which is not there"
    raise DataError(
        f"{archive.name} should hold {file.path}, {problem}",
        f"delete {archive} and get the data set again",
    )
