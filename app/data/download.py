"""Published files fetched once: checked, and given their name only when whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from hashlib import file_digest
from pathlib import Path

from app.data.checksums import mismatch
from app.data.entry import DataEntry, File
from app.data.errors import DataError
from app.data.folders import shelves
from app.data.locked import free, locked
from app.data.mirror import MirrorFailed, receive
from app.data.registry import DATASETS
from app.data.status import part_of
from app.data.unpacking import unpack
from app.data.variants import find

MIRROR = "DEPTHSCOPE_MIRROR"  # an address to ask first: it serves the layout of a data folder
ROOM = 2**24  # bytes to leave free on the disk

Progress = Callable[[int, int], None]


def fetch(
    name: str,
    folder: Path,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Download what the folder lacks of a data set, and anew what is there but not as published.

    However many processes ask at once, one downloads and the others wait for it. ``progress`` is
    told bytes done and in all, several times a second, and ``cancelled`` is asked as often; from
    a thread of its own.

    Raises:
        Cancelled: ``cancelled`` said so; nothing half-written stays.
        DataError: no mirror had the file, whole and with its checksum, or the disk is full.
    """
    collect(DATASETS[name], folder, progress, cancelled, mend=True)


def collect(
    entry: DataEntry,
    folder: Path,
    progress: Progress,
    cancelled: Callable[[], bool],
    *,
    mend: bool = False,
) -> None:
    """As ``fetch``, for an entry; without ``mend`` every file that is there is left as it is."""
    published = entry.published
    if published is None or not _lacking(entry, folder, mend):
        return
    with locked(folder, entry.name, cancelled):
        lacking = _lacking(entry, folder, mend)  # by now: somebody may have got it meanwhile
        archive = published.archive if lacking else None
        brought = _whole(archive, folder) if archive else None
        coming = [] if brought else [archive] if archive else lacking
        total = sum(file.size for file in coming)
        _make_sure_of_room(entry, total + sum(file.size for file in lacking if archive), folder)
        done = 0
        for file in coming:
            so_far = partial(_further, progress, done, total)
            _download(entry, file, lacking, folder, so_far, cancelled)
            done += file.size
        if archive:
            packed = brought or folder / archive.path
            unpack(packed, lacking, folder, cancelled)
            if not brought:
                packed.unlink()
        progress(total, total)


def _lacking(entry: DataEntry, folder: Path, mend: bool) -> list[File]:
    """The files to get: those that are not there, and to mend also those that are others."""
    assert entry.published
    there = {file: find(file, shelves(folder)) for file in entry.published.files}
    return [file for file, found in there.items() if not found or (mend and mismatch(found))]


def _whole(archive: File, folder: Path) -> Path | None:
    """The archive that lies there, brought or left by an unpacking that was cut short.

    One that is not as published is as good as none; of some variants nothing is published.
    """
    found = find(archive, [folder])
    if found is None or (found.variant.sha256 and mismatch(found)):
        return None
    return found.path


def _make_sure_of_room(entry: DataEntry, size: int, folder: Path) -> None:
    if size and free(folder) < size + ROOM:
        raise DataError(
            f"{entry.title} needs {(size + ROOM) / 2**20:,.0f} MiB to download and unpack, "
            f"but only {free(folder) / 2**20:,.0f} MiB are free at {folder}",
            "make room there, or name another folder in DEPTHSCOPE_DATA",
        )


def _further(progress: Progress, before: int, total: int, size: int) -> None:
    progress(before + size, total)


def _download(
    entry: DataEntry,
    file: File,
    lacking: list[File],
    folder: Path,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Try one mirror after the other until the file is there, whole."""
    assert entry.published
    goal = folder / file.path
    addresses = [mirror + file.name for mirror in entry.published.mirrors]
    if own := os.environ.get(MIRROR):
        addresses.insert(0, f"{own.rstrip('/')}/{file.path}")
    goal.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(goal)  # one that a killed process left is written over
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
    still = [packed] if packed else lacking[lacking.index(file) :]
    files = " and ".join(f"{one.name} ({one.size:,} bytes)" for one in still)
    wrong = [
        found.variant.path
        for one in dict.fromkeys([*lacking, *still])
        if (found := find(one, shelves(folder)))
    ]
    damage = f"{' and '.join(wrong)}: not as published, and " if wrong else ""
    raise DataError(
        f"{damage}{entry.title} can't be downloaded ({'; '.join(failures)})",
        f"connect to the internet and try again, or put {files} into the folder {goal.parent}; "
        f"depthscope data check {entry.name} says whether they are as published",
    )


def _check(part: Path, file: File) -> None:
    size = part.stat().st_size
    with part.open("rb") as content:
        page = content.read(512).lstrip()[:1] == b"<"
        content.seek(0)
        found = file_digest(content, "sha256").hexdigest()
    if found == file.sha256:
        return
    if page:
        raise MirrorFailed("it answered with a web page instead of the file")
    if size != file.size:
        raise MirrorFailed(f"it sent {size:,} of {file.size:,} bytes")
    raise MirrorFailed("what it sent does not have the published checksum")
