"""The folder of trained networks that are kept: one file a run, in the data folder."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from threading import Lock

SUFFIX = ".safetensors"
PART = f"{SUFFIX}.part"  # what a worker is writing

log = logging.getLogger(__name__)


class Networks:
    """Which runs' networks are kept, and for how long. Thread-safe.

    Workers write the files; here they are found, and taken away: with their runs, and the oldest
    of them where all take more than ``limit`` bytes (0: none is kept).
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._lock = Lock()
        self._open: set[str] = set()  # of runs whose workers may still write
        self._doomed: set[str] = set()  # of these, those that were deleted

    def clear(self, known: Callable[[Collection[str]], Collection[str]]) -> None:
        """Take away what a crash left: parts of files, and files of runs that are not ``known``."""
        with self._lock:
            for part in self._folder.glob(f"*{PART}"):
                _remove(part)
            runs = [path.name.removesuffix(SUFFIX) for path in self._files()]
            for run in set(runs) - set(known(runs)):
                _remove(self._at(run))
            self._trim()

    def expect(self, run: str) -> Path | None:
        """Where the run's worker is to keep its network; None: nowhere."""
        with self._lock:
            if not self._limit:
                return None
            self._open.add(run)
            return self._at(run)

    def forget(self, runs: Iterable[str]) -> None:
        """No worker got these runs."""
        with self._lock:
            self._open.difference_update(runs)

    def settle(self, run: str) -> None:
        """The run's worker is done with it."""
        with self._lock:
            self._open.discard(run)
            _remove(self._folder / f"{run}{PART}")
            if run in self._doomed:
                self._doomed.discard(run)
                _remove(self._at(run))
            else:
                self._trim()

    def delete(self, runs: Iterable[str]) -> None:
        """The runs are deleted, and their networks with them."""
        with self._lock:
            for run in runs:
                _remove(self._at(run))
                if run in self._open:
                    self._doomed.add(run)

    def path(self, run: str) -> Path | None:
        """The run's network, if it is kept."""
        path = self._at(run)
        return path if path.is_file() else None

    def size(self, run: str) -> int | None:
        """Bytes of the run's network, if it is kept."""
        try:
            return self._at(run).stat().st_size
        except OSError:
            return None

    def _at(self, run: str) -> Path:
        return self._folder / f"{run}{SUFFIX}"

    def _files(self) -> Iterator[Path]:
        return self._folder.glob(f"*{SUFFIX}")

    def _trim(self) -> None:
        found = [(path.stat().st_mtime_ns, path.stat().st_size, path) for path in self._files()]
        over = sum(size for _, size, _ in found) - self._limit
        # What alone is too large costs no other its place.
        for _, size, path in sorted(found, key=lambda one: (one[1] <= self._limit, one[0])):
            if over <= 0:
                return
            _remove(path)
            over -= size


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("the network %s can't be taken away: %s", path.name, error)
