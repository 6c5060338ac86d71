"""Which runs a pool holds, and which worker has which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.executors import sizing
from app.executors.base import Refused
from app.executors.messages import Order
from app.executors.scheduled_run import ScheduledRun
from app.executors.worker_handle import WorkerHandle
from app.spec import RunSpec


class Assignments:
    """Runs that have not ended, and the workers that train some; the pool's lock guards it.

    ``size``: how many workers there are for runs that are not paused.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._runs: dict[str, ScheduledRun] = {}
        self._workers: dict[str, WorkerHandle] = {}  # of each run that has one

    def __contains__(self, run: str) -> bool:
        return run in self._runs

    def __iter__(self) -> Iterator[ScheduledRun]:
        return iter(self._runs.values())

    def __getitem__(self, run: str) -> ScheduledRun:
        """The run as the pool knows it.

        Raises:
            Refused: it has ended, or never was here.
        """
        if run not in self._runs:
            raise Refused("the engine does not hold this run")
        return self._runs[run]

    def hold(self, runs: Mapping[str, ScheduledRun]) -> None:
        """Take these on.

        Raises:
            Refused: one is here already.
        """
        if not self._runs.keys().isdisjoint(runs):
            raise Refused("the engine holds this run already")
        self._runs |= runs

    def amend(self, run: str, spec: RunSpec) -> None:
        """The run has this spec from now on."""
        entry = self._runs[run]
        entry.task = replace(entry.task, spec=spec)

    def forget(self, run: str) -> None:
        """The run has ended."""
        self._workers.pop(run, None)
        self._runs.pop(run).cancel()

    def give(self, entry: ScheduledRun, worker: WorkerHandle) -> None:
        """The worker has the run from now on."""
        worker.run = entry.task.run
        self._workers[worker.run] = worker

    def take(self, entry: ScheduledRun) -> None:
        """No worker has the run any more."""
        del self._workers[entry.task.run]

    def trained(self) -> list[ScheduledRun]:
        """The runs that have a worker."""
        return [self._runs[run] for run in self._workers]

    def worker(self, run: str) -> WorkerHandle | None:
        """Who has the run; None: nobody yet.

        Raises:
            Refused: it has ended, or never was here.
        """
        return self._workers.get(self[run].task.run)

    def run_of(self, worker: WorkerHandle) -> ScheduledRun | None:
        """Which run the worker has."""
        return self._runs[worker.run] if worker.run in self._workers else None

    def keep(self, worker: WorkerHandle) -> bool:
        """Whether a yielding run keeps the worker, and nothing will end that."""
        entry = self.run_of(worker)
        return entry is not None and entry.yields and not entry.stopping

    def order(self, run: str, order: Order) -> None:
        """Tell the worker that has the run; nobody, where none has it."""
        if worker := self._workers.get(run):
            worker.order(order)

    # --- How many.

    def wanted(self, urgent: int) -> int:
        """How many workers there should be where so many runs want one besides."""
        return sizing.wanted(self.size, self._yielding, len(self._workers) + urgent)

    def free(self, most: int | None) -> int:
        """How many more runs could train now; see ``sizing.free``."""
        training = len(self._workers) - self._parked
        return sizing.free(self.size, self._parked, training, most)

    def room(self, most: int | None) -> int:
        """How many workers could be free at best."""
        return sizing.room(self.size, self._parked, most)

    def vacant(self) -> int:
        """How many of the ``size`` places no run takes that trains or has only just paused."""
        return self.size - len(self._workers) + self._yielding

    def spare(self) -> int:
        """How many of the ``size`` places no run takes at all."""
        return self.size - len(self._workers)

    @property
    def _parked(self) -> int:
        return sum(entry.parked for entry in self)

    @property
    def _yielding(self) -> int:
        return sum(entry.yields for entry in self)
