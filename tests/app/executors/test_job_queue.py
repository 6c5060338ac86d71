"""Who starts when, apart from any process."""

from __future__ import annotations

from app.executors.base import Job, Task
from app.executors.job_queue import JobQueue
from app.executors.scheduled_run import ScheduledRun
from app.spec import RunSpec


def runs(names: str, *, paused: bool = False) -> list[ScheduledRun]:
    job = Job(tuple(Task(name, RunSpec()) for name in names), paused)
    return [ScheduledRun(task, job, 0 if paused else None) for task in job.tasks]


def names(entry: list[ScheduledRun]) -> str:
    return "".join(one.task.run for one in entry)


def queue_of(*jobs: str) -> JobQueue:
    queue = JobQueue()
    for job in jobs:
        queue.join(runs(job))
    return queue


def test_those_who_came_first_start_first() -> None:
    queue = queue_of("a", "b", "c")
    assert names(queue.take(free=2, room=2, spare=3)) == "ab"
    assert names(queue.runs()) == "c"


def test_a_job_waits_until_all_of_it_can_start() -> None:
    queue = queue_of("ab", "c")
    assert queue.take(free=1, room=2, spare=3) == []
    assert names(queue.take(free=2, room=2, spare=3)) == "ab"


def test_a_job_larger_than_the_room_starts_when_all_of_the_room_is_free() -> None:
    queue = queue_of("abc", "d")
    assert queue.take(free=1, room=2, spare=3) == []
    assert names(queue.take(free=2, room=2, spare=3)) == "ab"
    assert names(queue.take(free=1, room=2, spare=3)) == "c"
    assert names(queue.take(free=1, room=2, spare=3)) == "d"


def test_who_was_paused_while_waiting_lets_others_go_first() -> None:
    queue = queue_of("ab", "c")
    for entry in queue.runs()[:2]:
        entry.hold_at = 0
    assert names(queue.runs()) == "cab"
    assert names(queue.take(free=1, room=2, spare=3)) == "c"
    assert queue.urgent() == 0
    queue.join(runs("d", paused=True))  # to be stepped by hand, and for that it needs a worker
    assert queue.urgent() == 1
    assert names(queue.runs()) == "dab"
    queue.runs()[1].hold_at = None  # resumed
    assert names(queue.take(free=3, room=2, spare=3)) == "abd"


def test_who_was_paused_while_waiting_takes_no_substitute() -> None:
    queue = queue_of("a", "b")
    queue.runs()[0].hold_at = 0
    assert names(queue.take(free=2, room=2, spare=1)) == "b"
    assert names(queue.take(free=1, room=2, spare=1)) == "a"


def test_nobody_starts_where_nothing_is_free() -> None:
    assert queue_of("a").take(free=0, room=1, spare=3) == []


def test_who_leaves_is_not_waited_for() -> None:
    queue = queue_of("ab", "c")
    queue.leave(queue.runs()[0])
    assert names(queue.take(free=1, room=2, spare=3)) == "b"
    queue.leave(queue.runs()[0])
    assert queue.runs() == []


def test_who_lost_the_worker_is_first_and_waits_for_no_twin() -> None:
    queue = queue_of("ab", "c")
    lost = queue.take(free=2, room=2, spare=3)[1]
    queue.rejoin(lost)
    assert names(queue.take(free=1, room=2, spare=3)) == "b"


def test_all_can_be_sent_away() -> None:
    queue = queue_of("ab", "c")
    assert names(queue.clear()) == "abc"
    assert queue.take(free=3, room=3, spare=3) == []
