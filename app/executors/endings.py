"""The endings that no worker tells."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from app.executors.base import Batch, Sink
from app.spec import RunSpec

log = logging.getLogger(__name__)


class Endings:
    """Tells the sink of runs that end without a worker, in a thread where it blocks nobody else.

    ``tidy`` is given the spec of each run that ends because its worker died.
    """

    def __init__(self, sink: Sink, tidy: Callable[[RunSpec], None]) -> None:
        self._sink = sink
        self._tidy = tidy
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="endings")

    def waiting(self, ending: Batch) -> None:
        """A run ended before it had a worker: tell it soon."""
        self._thread.submit(self._sink.received, ending)

    def lost(self, ending: Batch, spec: RunSpec) -> None:
        """A run's worker died: tidy up after it, then tell, before this returns."""
        try:
            self._tidy(spec)
        except Exception:
            log.exception("what a lost worker left could not be taken away")
        self._sink.received(ending)

    def close(self) -> None:
        """Return when all is told."""
        self._thread.shutdown()
