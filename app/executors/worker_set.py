"""The workers of a pool: as many as it wants, and spare ones kept warm for a while."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Timer
from time import monotonic

from app.executors.messages import News, Setup
from app.executors.start_failures import StartFailures
from app.executors.worker_handle import WorkerHandle


class WorkerSet:
    """Starts and dismisses workers; the pool's lock guards it.

    ``linger``: seconds that a worker without a run stays where more are here than are wanted;
    then ``trim`` is called in a thread of its own, to look again.
    """

    def __init__(
        self,
        setup: Setup,
        heard: Callable[[WorkerHandle, News], None],
        lost: Callable[[WorkerHandle, str], None],
        trim: Callable[[], None],
        *,
        linger: float,
    ) -> None:
        self.current: set[WorkerHandle] = set()
        self.leaving: set[WorkerHandle] = set()  # dismissed, or lost and that is being told
        self.start_failures = StartFailures()
        self._new = partial(WorkerHandle, setup, heard, lost)
        self._trim = trim
        self._linger = linger
        self._timer: Timer | None = None

    @property
    def most(self) -> int | None:
        """How many workers there are if no more can start, else None."""
        return len(self.current) if self.start_failures.given_up else None

    def start(self, count: int) -> None:
        """Start workers until there are so many, unless none can start."""
        while len(self.current) < count and not self.start_failures.given_up:
            self.current.add(self._new())

    def idle(self) -> list[WorkerHandle]:
        """The workers that can take a run now."""
        return [worker for worker in self.current if worker.ready and worker.run is None]

    def release(self, worker: WorkerHandle) -> None:
        """The worker's run is over."""
        worker.run = None
        worker.idle_since = monotonic()

    def trim(self, count: int) -> None:
        """Dismiss workers that were idle for long, where there are more than ``count``."""
        idle = sorted(self.idle(), key=lambda worker: worker.idle_since)
        surplus = idle[: max(0, len(self.current) - count)]
        for worker in list(surplus):
            if monotonic() - worker.idle_since >= self._linger:
                self.dismiss(worker)
                surplus.remove(worker)
        if surplus and self._timer is None:
            self._timer = Timer(self._linger, self._again)
            self._timer.daemon = True
            self._timer.start()

    def dismiss(self, worker: WorkerHandle) -> None:
        """Dismiss a worker that has no run."""
        self.current.discard(worker)
        self.leaving.add(worker)
        worker.dismiss()

    def close(self) -> list[WorkerHandle]:
        """Dismiss all workers without a run; returns all whose end is to be awaited."""
        if self._timer:
            self._timer.cancel()
        here = [*self.current, *self.leaving]
        for worker in self.current:
            if worker.run is None:
                worker.dismiss()
        return here

    def lost(self, worker: WorkerHandle, how: str) -> None:
        """The worker's process is gone."""
        self.current.discard(worker)
        self.leaving.add(worker)
        if not worker.ready and not worker.dismissed:
            self.start_failures.failed(how)

    def _again(self) -> None:
        self._timer = None
        self._trim()
