"""What a worker runs: a generator of events that computes in one thread."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from app.events import Event
from app.training.device import one_thread


class Program(Iterator[Event | None]):
    """A run in progress: after every step or batch the next event, or None.

    To pause is not to call ``next``; to stop is ``close()``. ``step`` counts what was done; it
    grows at the yield after it. ``next`` computes in one thread, and leaves the caller's number
    as it was.
    """

    def __init__(self, events: Generator[Event | None]) -> None:
        self.step = 0
        self._events = events

    def __next__(self) -> Event | None:
        with one_thread():
            return next(self._events)

    def close(self) -> None:
        """Stop: nothing comes any more."""
        self._events.close()
