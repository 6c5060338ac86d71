"""Runs that stay before a step until it is known what changes there."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count

from app.executors.messages import Reserve, Reserved
from app.executors.worker_handle import WorkerHandle


@dataclass(frozen=True, slots=True)
class _Reservation:
    order: Reserve
    answer: Future[int | None] = field(default_factory=Future)


class Reservations:
    """From the question which step a change can meet to the order to go on; by run.

    The pool's lock guards it. Each question has a number: a worker that answers late answers no
    later question.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Reservation] = {}
        self._numbers = count()

    def open(self, run: str, worker: WorkerHandle | None) -> Future[int | None]:
        """Begin one; it takes the place of one that was not closed.

        Where no worker has the run yet, all its steps are to come.
        """
        self.drop(run)
        made = self._open[run] = _Reservation(Reserve(run, next(self._numbers)))
        if worker:
            worker.order(made.order)
        else:
            made.answer.set_result(1)
        return made.answer

    def of(self, run: str) -> Reserve | None:
        """What a worker that gets the run is told with it, for its first step not to come first."""
        return self._open[run].order if run in self._open else None

    def answered(self, news: Reserved) -> None:
        """A worker answered; where two had the run one after another, the first counts."""
        made = self._open.get(news.run)
        if made and made.order.number == news.number and not made.answer.done():
            made.answer.set_result(news.step)

    def drop(self, run: str) -> None:
        """The run goes on, or has ended; who still waits for an answer hears that there is none."""
        made = self._open.pop(run, None)
        if made and not made.answer.done():
            made.answer.set_result(None)
