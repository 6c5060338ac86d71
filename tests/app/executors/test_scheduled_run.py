"""What is to be done with a run later, against who changes that at the last moment."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock

import pytest

from app.executors.base import Job, Task
from app.executors.scheduled_run import ScheduledRun
from tests.contracts.fake_training import spec


def put_off(entry: ScheduledRun) -> None:
    entry.after(3600, lambda _: None)


@pytest.mark.parametrize(
    ("meanwhile", "due"),
    [(lambda _: None, True), (ScheduledRun.cancel, False), (put_off, False)],
    ids=["nothing", "cancelled", "put off"],
)
def test_what_was_put_off_while_it_waited_for_the_lock_is_not_due(
    meanwhile: Callable[[ScheduledRun], None], due: bool
) -> None:
    entry = _entry()
    lock, began, found = Lock(), Event(), SimpleQueue[bool]()

    def act(entry: ScheduledRun) -> None:
        began.set()
        with lock:
            found.put(entry.due)

    with lock:
        entry.after(0, act)
        began.wait()
        meanwhile(entry)
    assert found.get() is due
    entry.cancel()


def _entry() -> ScheduledRun:
    task = Task("r", spec())
    return ScheduledRun(task, Job((task,)))
