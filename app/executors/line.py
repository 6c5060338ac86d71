"""The runs that wait for a worker."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from app.executors.ticket import Ticket


@dataclass(slots=True)
class _Job:
    tickets: deque[Ticket]
    begun: bool = False

    @property
    def patient(self) -> bool:
        """Whether all of it can wait until nobody else does."""
        return not self.begun and all(ticket.patient for ticket in self.tickets)


class Line:
    """First come, first served; the runs of a job start together where there is room.

    Those that were paused while they waited stand behind those that would train.
    """

    def __init__(self) -> None:
        self._jobs: deque[_Job] = deque()

    def join(self, tickets: Iterable[Ticket]) -> None:
        """Queue a job."""
        self._jobs.append(_Job(deque(tickets)))

    def rejoin(self, ticket: Ticket) -> None:
        """Put back first who lost the worker before it began."""
        self._jobs.appendleft(_Job(deque([ticket]), begun=True))

    def leave(self, ticket: Ticket) -> None:
        """Take this one out of the line."""
        job = next(job for job in self._jobs if ticket in job.tickets)
        job.tickets.remove(ticket)
        if not job.tickets:
            self._jobs.remove(job)

    def urgent(self) -> bool:
        """Whether anybody waits who was not paused meanwhile."""
        return any(not job.patient for job in self._jobs)

    def take(self, free: int, room: int) -> list[Ticket]:
        """Those that start now.

        ``free``: workers without a run. ``room``: how many could be free at best; a job waits
        until all of it, or as much of it as there is ever room for, can start.
        """
        taken: list[Ticket] = []
        for job in self._in_order() if free > 0 else ():
            if free <= 0 or (not job.begun and min(len(job.tickets), room) > free):
                break
            job.begun = True
            while job.tickets and free > 0:
                taken.append(job.tickets.popleft())
                free -= 1
            if not job.tickets:
                self._jobs.remove(job)
        return taken

    def clear(self) -> list[Ticket]:
        """Send everybody away; returns who that was, in order."""
        tickets = self.tickets()
        self._jobs.clear()
        return tickets

    def tickets(self) -> list[Ticket]:
        """All, in order."""
        return [ticket for job in self._in_order() for ticket in job.tickets]

    def _in_order(self) -> list[_Job]:
        return sorted(self._jobs, key=lambda job: job.patient)
