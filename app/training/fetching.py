"""A data set that is not there yet, downloaded before a run starts."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Flag
from threading import Thread

from app.data.errors import Cancelled, DataError
from app.data.loading import obtain, ready
from app.training.setup import Plan
from app.validation import of_data

LOOK = 0.05  # seconds between two yields


def fetched(plan: Plan) -> Iterator[None]:
    """Yield while the plan's data set is downloaded; not at all where it is there.

    Closed in the middle, it gives the download up and returns when what was half-written is gone.
    A mirror that does not answer can delay that: who can't wait ends the process, and takes that
    away (see ``leftovers``).

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
        thread.join()
    for failure in failures:
        assert isinstance(failure, DataError)  # who cancels has left
        raise of_data(failure) from failure
