"""A data set that is not there yet, downloaded before a run starts."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Flag
from threading import Thread

from app.data.errors import Cancelled, DataError
from app.data.loading import obtain, ready
from app.mistakes import of_data
from app.training.setup import Plan

LOOK = 0.05  # seconds between two yields
LEAVE = 0.3  # seconds to take away what was half-written; a worker has some more to obey a stop


def fetched(plan: Plan) -> Iterator[None]:
    """Yield while the plan's data set is downloaded; not at all where it is there.

    Closed in the middle, it gives the download up and takes away what was half-written. Where its
    process is ended before it could, whoever ended it does (``download.clear``).

    Raises:
        BadField: it can't be had; says why and what to do.
    """
    kept = plan.spec.data.kept(plan.data.train_size)
    if ready(plan.data, kept):
        return
    cancelled = Flag()
    failures: list[Exception] = []

    def get() -> None:
        try:
            obtain(plan.data, kept, lambda done, total: None, cancelled.is_set)
        except (DataError, Cancelled) as error:
            failures.append(error)

    thread = Thread(target=get, name="fetch", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            yield
            thread.join(LOOK)
    finally:
        cancelled.set()
        thread.join(LEAVE)
    for failure in failures:
        assert isinstance(failure, DataError)  # who cancels has left
        raise of_data(failure) from failure
