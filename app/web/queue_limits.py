"""How much may wait for a worker: enough for a class, too little for a loop around curl.

It is counted three times: by browser, so that nobody keeps a class waiting by accident; by the
machine that asks, since a program without a cookie is a new browser each time; and together. A
machine's share is generous, for a class may come through one address (a proxy, a container's
network), and yet leaves as much again for the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.web.owners import Visitor
from app.web.problems import Problem

MOST_EACH = 400  # of one browser: two of the largest studies
MOST_TOGETHER = 2000
MOST_MACHINE = MOST_TOGETHER // 2  # of all that comes from one address
RETRY_AFTER = "10"  # seconds


class QueueLimits:
    """Knows who started the runs that wait. Only for the server's own loop."""

    def __init__(
        self,
        queue: Callable[[], list[str]],
        most_each: int = MOST_EACH,
        most_machine: int = MOST_MACHINE,
        most_together: int = MOST_TOGETHER,
    ) -> None:
        self._queue = queue
        self._most_each = most_each
        self._most_machine = most_machine
        self._most_together = most_together
        self._from: dict[str, tuple[str, str]] = {}  # who, and whence: runs that lately waited
        self._coming: Counter[tuple[str, str]] = Counter()  # runs that are being created

    @contextmanager
    def room(self, who: Visitor, count: int) -> Iterator[list[str]]:
        """Keep room for ``count`` runs while they are created; fill the list with their ids.

        Raises:
            Problem: 429, too much waits already.
        """
        visitor = (who.owner(), who.machine)
        waiting = self._queue()
        self._from = {run: self._from[run] for run in waiting if run in self._from}
        known = Counter(self._from.values()) + self._coming
        for waits, most, whose in (
            (_of(known, 0, visitor), self._most_each, "of your runs"),
            (_of(known, 1, visitor), self._most_machine, "runs from one address"),
            (len(waiting) + self._coming.total(), self._most_together, "runs in all"),
        ):
            if waits + count > most:
                raise Problem(
                    429,
                    f"At most {most} {whose} can wait at a time; "
                    "stop some, or try again when some have ended.",
                    headers={"retry-after": RETRY_AFTER},
                )
        created: list[str] = []
        self._coming[visitor] += count
        try:
            yield created
        finally:
            self._from.update(dict.fromkeys(created, visitor))
            self._coming[visitor] -= count
            if not self._coming[visitor]:
                del self._coming[visitor]


def _of(known: Counter[tuple[str, str]], part: int, visitor: tuple[str, str]) -> int:
    """How many runs have this part of who they come from in common with the visitor."""
    return sum(runs for whose, runs in known.items() if whose[part] == visitor[part])
