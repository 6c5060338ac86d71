"""Who is served before a run that waits, and about how long that takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import inf, isfinite

from app.executors.base import Queue
from app.runs.views import Waits


def forecast(
    queue: Queue,
    left: Sequence[float | None],
    needed: Callable[[str], float | None],
) -> Mapping[str, Waits]:
    """Where each run of the queue stands.

    ``left``: seconds that each run which trains still needs, None where that is not known.
    ``needed``: seconds that a run which waits will need, or None. Where a wait depends on what is
    not known, it has no seconds.
    """
    found: dict[str, Waits] = {}
    free = _free(queue, left)
    pairs = runs = 0
    start = 0.0
    for job in queue.jobs:
        # The job starts once all of it can, and none that came later starts before it.
        first = [heappop(free) for _ in job[: len(free)]]
        start = max([start, *first])
        seconds = _rough(start) if isfinite(start) else None
        for place, run in enumerate(job):
            found[run] = Waits(pairs=pairs, runs=runs, seconds=seconds)
            begins = start if place < len(first) else max(start, heappop(free))
            need = needed(run)
            heappush(free, inf if need is None else begins + need)
        if len(job) > 1:
            pairs += 1
        else:
            runs += 1
    return found


def _free(queue: Queue, left: Sequence[float | None]) -> list[float]:
    """In how many seconds each of the engine's places is free."""
    training = sorted(inf if seconds is None else seconds for seconds in left)
    # Where paused runs keep every worker, those that are to make room say when.
    kept = max(0, queue.workers - len(training) - queue.free)
    others = [0.0] * queue.free + sorted(queue.ending.values())[:kept]
    # Who went on after a pause may train beside a substitute: nobody follows the first of these.
    free = [*others, *training[max(0, len(training) - queue.workers) :]] or [inf]
    heapify(free)
    return free


def _rough(seconds: float) -> int:
    """As exact as it can be meant: half minutes up to two, then minutes."""
    unit = 30 if seconds < 120 else 60
    return unit * int(seconds / unit + 0.5)
