"""One process at a time gets or decodes a data set."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import disk_usage
from threading import Lock

from filelock import FileLock, Timeout

from app.data.errors import Cancelled, DataError

# How a disk says that it, a quota, or a limit on files is full.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_looking = Lock()


@contextmanager
def locked(
    folder: Path, name: str, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Hold the data set's lock; whatever the file system refuses meanwhile is said in words.

    The system frees the lock of a process that was killed.

    Raises:
        Cancelled: while it waited.
        DataError: the disk is full, or the folder can't be written.
    """
    try:
        path = _path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(poll_interval=0.05, cancel_check=cancelled)
        except Timeout:
            raise Cancelled from None
        try:
            yield
        finally:
            lock.release()
    except OSError as error:
        raise in_words(error, folder) from error


@contextmanager
def if_free(folder: Path, name: str) -> Iterator[bool]:
    """Hold the data set's lock where nobody else does, in whichever process; gives whether so.

    Makes no file: where there is none, nobody holds it.

    Raises:
        OSError: the lock may not be opened, so that nobody can tell.
    """
    path = _path(folder, name)
    with _looking, ExitStack() as holding:  # two at once would take each other for the holder
        try:
            if path.exists():
                holding.enter_context(FileLock(path, timeout=0))
            free = True
        except Timeout:
            free = False
        yield free


def held(folder: Path, name: str) -> bool:
    """Whether somebody holds the data set's lock now; False for who may not open it."""
    try:
        with if_free(folder, name) as free:
            return not free
    except OSError:
        return False


def _path(folder: Path, name: str) -> Path:
    return folder / "locks" / f"{name.replace(':', '-')}.lock"


def in_words(error: OSError, folder: Path) -> DataError:
    """Why the data folder could not be used."""
    if error.errno in FULL:
        return DataError(
            f"the disk is full: {free(folder) / 2**20:,.0f} MiB are free at {folder}",
            "make room there, or name another folder in DEPTHSCOPE_DATA",
        )
    return DataError(
        f"{folder} can't be used ({error.strerror or error})",
        "allow writing there, or name another folder in DEPTHSCOPE_DATA",
    )


def free(folder: Path) -> int:
    """Bytes that are free where the folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return disk_usage(folder).free
