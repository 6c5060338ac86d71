"""Who starts when, apart from any process."""

from __future__ import annotations

from app.executors.base import Job, Task
from app.executors.line import Line
from app.executors.ticket import Ticket
from app.spec import RunSpec


def tickets(names: str, *, paused: bool = False) -> list[Ticket]:
    job = Job(tuple(Task(name, RunSpec()) for name in names), paused)
    return [Ticket(task, job, 0 if paused else None) for task in job.tasks]


def names(line: list[Ticket]) -> str:
    return "".join(ticket.task.run for ticket in line)


def line_of(*jobs: str) -> Line:
    line = Line()
    for job in jobs:
        line.join(tickets(job))
    return line


def test_those_who_came_first_start_first() -> None:
    line = line_of("a", "b", "c")
    assert names(line.take(free=2, room=2)) == "ab"
    assert names(line.tickets()) == "c"


def test_a_job_waits_until_all_of_it_can_start() -> None:
    line = line_of("ab", "c")
    assert line.take(free=1, room=2) == []
    assert names(line.take(free=2, room=2)) == "ab"


def test_a_job_larger_than_the_room_starts_when_all_of_the_room_is_free() -> None:
    line = line_of("abc", "d")
    assert line.take(free=1, room=2) == []
    assert names(line.take(free=2, room=2)) == "ab"
    assert names(line.take(free=1, room=2)) == "c"
    assert names(line.take(free=1, room=2)) == "d"


def test_who_was_paused_while_waiting_lets_others_go_first() -> None:
    line = line_of("ab", "c")
    for ticket in line.tickets()[:2]:
        ticket.hold_at = 0
    assert names(line.tickets()) == "cab"
    assert names(line.take(free=1, room=2)) == "c"
    assert not line.urgent()
    line.join(tickets("d", paused=True))  # to be stepped by hand, and for that it needs a worker
    assert line.urgent()
    assert names(line.tickets()) == "dab"
    line.tickets()[1].hold_at = None  # resumed
    assert names(line.take(free=3, room=2)) == "abd"


def test_nobody_starts_where_nothing_is_free() -> None:
    assert line_of("a").take(free=0, room=1) == []


def test_who_leaves_is_not_waited_for() -> None:
    line = line_of("ab", "c")
    line.leave(line.tickets()[0])
    assert names(line.take(free=1, room=2)) == "b"
    line.leave(line.tickets()[0])
    assert line.tickets() == []


def test_who_lost_the_worker_is_first_and_waits_for_no_twin() -> None:
    line = line_of("ab", "c")
    lost = line.take(free=2, room=2)[1]
    line.rejoin(lost)
    assert names(line.take(free=1, room=2)) == "b"


def test_all_can_be_sent_away() -> None:
    line = line_of("ab", "c")
    assert names(line.clear()) == "abc"
    assert line.take(free=3, room=3) == []
