"""Paused runs: when others may train in their place, and when they are to make room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from app.executors.base import State
from app.executors.scheduled_run import ScheduledRun
from app.executors.timeouts import Timeouts


class PausedRuns:
    """Timers of the paused runs; the pool's lock guards it.

    ``paused_long`` is called once a run was paused for ``timeouts.yield_after``, ``evict`` when its
    notice is over; both in a thread of their own.
    """

    def __init__(
        self,
        timeouts: Timeouts,
        paused_long: Callable[[ScheduledRun], None],
        evict: Callable[[ScheduledRun], None],
    ) -> None:
        self._timeouts = timeouts
        self._paused_long = paused_long
        self._evict = evict

    def moved(self, entry: ScheduledRun, state: State, step: int) -> None:
        """The run is running or paused; a run that is stepped by hand still yields."""
        was_parked = entry.parked
        entry.moved(state, step)
        if entry.stopping:
            return
        if entry.parked and not was_parked:
            entry.after(self._timeouts.yield_after, self._paused_long)
        elif entry.yields or not entry.parked:
            self._withdraw(entry)

    def give_notice(self, parked: Sequence[ScheduledRun], *, needed: bool) -> None:
        """Where workers are needed, give notice to the job that was paused longest."""
        noticed = [entry for entry in parked if entry.ends_at is not None]
        if needed and noticed and all(t in noticed for t in parked if t.job is noticed[0].job):
            return
        for entry in noticed:  # nobody waits any more, or somebody goes on with one of the job
            self._withdraw(entry)
        if needed:
            for entry in _longest(parked):
                entry.ends_at = monotonic() + self._timeouts.notice
                entry.after(self._timeouts.notice, self._evict)

    def _withdraw(self, entry: ScheduledRun) -> None:
        entry.ends_at = None
        entry.cancel()


def _longest(parked: Sequence[ScheduledRun]) -> list[ScheduledRun]:
    """The runs of the job that was paused longest."""
    jobs: dict[int, list[ScheduledRun]] = {}
    for entry in parked:
        jobs.setdefault(id(entry.job), []).append(entry)
    return min(jobs.values(), key=lambda job: max(entry.since for entry in job))
