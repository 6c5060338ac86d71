"""The queue of jobs that wait for workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from app.executors.scheduled_run import ScheduledRun


@dataclass(slots=True)
class _Job:
    runs: deque[ScheduledRun]
    begun: bool = False

    @property
    def patient(self) -> bool:
        """Whether all of it can wait until nobody else does."""
        return not self.begun and all(entry.patient for entry in self.runs)


class JobQueue:
    """First come, first served; the runs of a job start together where there is room.

    Those that were paused while they waited stand behind those that would train.
    """

    def __init__(self) -> None:
        self._jobs: deque[_Job] = deque()

    def join(self, runs: Iterable[ScheduledRun]) -> None:
        """Queue a job."""
        self._jobs.append(_Job(deque(runs)))

    def rejoin(self, entry: ScheduledRun) -> None:
        """Put a run first again that lost its worker before it began."""
        self._jobs.appendleft(_Job(deque([entry]), begun=True))

    def leave(self, entry: ScheduledRun) -> None:
        """Take a run out of the queue."""
        job = next(job for job in self._jobs if entry in job.runs)
        job.runs.remove(entry)
        if not job.runs:
            self._jobs.remove(job)

    def urgent(self) -> int:
        """How many runs wait that were not paused meanwhile."""
        return sum(len(job.runs) for job in self._jobs if not job.patient)

    def take(self, free: int, room: int, spare: int) -> list[ScheduledRun]:
        """Take out the runs that start now.

        ``free``: workers without a run. ``room``: how many could be free at best; a job waits
        until all of it, or as much of it as there is ever room for, can start. ``spare``: how many
        of these workers are nobody's substitute; who was paused meanwhile takes no other.
        """
        taken: list[ScheduledRun] = []
        for job in self._in_order() if free > 0 else ():
            if job.patient:
                free = min(free, spare - len(taken))
            if free <= 0 or (not job.begun and min(len(job.runs), room) > free):
                break
            job.begun = True
            while job.runs and free > 0:
                taken.append(job.runs.popleft())
                free -= 1
            if not job.runs:
                self._jobs.remove(job)
        return taken

    def clear(self) -> list[ScheduledRun]:
        """Empty the queue; returns its runs in order."""
        runs = self.runs()
        self._jobs.clear()
        return runs

    def jobs(self) -> list[list[ScheduledRun]]:
        """All runs in order, those of one job together."""
        return [list(job.runs) for job in self._in_order()]

    def runs(self) -> list[ScheduledRun]:
        """All runs in order."""
        return [entry for job in self._in_order() for entry in job.runs]

    def _in_order(self) -> list[_Job]:
        return sorted(self._jobs, key=lambda job: job.patient)
