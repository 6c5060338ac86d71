"""How much may wait for a worker: enough for a class, too little for a loop around curl."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.web.problems import Problem

MOST_EACH = 400  # two of the largest studies
MOST_TOGETHER = 2000
RETRY_AFTER = "10"  # seconds


class Waiting:
    """Knows who started the runs that wait. Only for the server's own loop."""

    def __init__(
        self,
        queue: Callable[[], list[str]],
        most_each: int = MOST_EACH,
        most_together: int = MOST_TOGETHER,
    ) -> None:
        self._queue = queue
        self._most_each = most_each
        self._most_together = most_together
        self._owners: dict[str, str] = {}  # of runs that waited when last looked at
        self._coming: dict[str, int] = {}  # runs by owner that are being created

    @contextmanager
    def room(self, owner: str, count: int) -> Iterator[list[str]]:
        """Keep room for ``count`` runs while they are created; fill the list with their ids.

        Raises:
            Problem: 429, too much waits already.
        """
        waiting = self._queue()
        self._owners = {run: self._owners[run] for run in waiting if run in self._owners}
        together = len(waiting) + sum(self._coming.values()) + count
        each = list(self._owners.values()).count(owner) + self._coming.get(owner, 0) + count
        for sum_, most, whose in (
            (each, self._most_each, "of yours"),
            (together, self._most_together, "of everybody"),
        ):
            if sum_ > most:
                raise Problem(
                    429,
                    f"At most {most} runs {whose} may wait at a time; "
                    "stop some of them, or wait until some are done.",
                    headers={"retry-after": RETRY_AFTER},
                )
        created: list[str] = []
        self._coming[owner] = self._coming.get(owner, 0) + count
        try:
            yield created
        finally:
            self._owners.update(dict.fromkeys(created, owner))
            self._coming[owner] -= count
            if not self._coming[owner]:
                del self._coming[owner]
