"""The data folder: one server owns it, and it must be writable."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from app.store.errors import FolderTaken, FolderUnusable

MIN_FREE = 64 * 2**20  # bytes: about fifty runs of 56 layers


def claim(folder: Path) -> BaseFileLock:
    """Make ``folder`` this process's own until the lock is released or the process ends.

    Raises:
        FolderTaken: another server owns it.
        FolderUnusable: it can't be made, written, or locked.
    """
    prepare(folder)
    lock = FileLock(folder / "depthscope.lock", blocking=False, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise FolderTaken(
            f"another Depthscope uses this folder: {folder}; stop it, or choose another folder"
        ) from error
    except OSError as error:
        raise FolderUnusable(f"the folder {folder} can't be locked: {error.strerror}") from error
    return lock


def prepare(folder: Path, min_free: int = MIN_FREE) -> None:
    """Make ``folder`` where it is missing, and see that ``min_free`` bytes can be written there.

    Raises:
        FolderUnusable: no; says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as probe:
            probe.write(bytes(4096))
            probe.flush()
            os.fsync(probe.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise FolderUnusable(
            f"the folder {folder} can't be written: {error.strerror}; choose another folder"
        ) from error
    if free < min_free:
        raise FolderUnusable(
            f"the disk of {folder} is nearly full: {free / 2**20:.0f} MiB free, "
            f"{min_free / 2**20:.0f} MiB needed"
        )
