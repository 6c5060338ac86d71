"""How long who waits has to wait, against schedules that were worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

from app.executors.base import Queue
from app.runs.forecast import forecast


def each(seconds: float | None) -> Callable[[str], float | None]:
    """Every run needs as long."""
    return lambda _: seconds


def seconds(
    queue: Queue, left: list[float | None], needed: Callable[[str], float | None]
) -> dict[str, int | None]:
    return {run: waits.seconds for run, waits in forecast(queue, left, needed).items()}


def pairs(*names: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(name) for name in names)


def test_a_pair_waits_for_the_slower_of_those_who_train() -> None:
    queue = Queue(pairs("ab"), workers=2)
    assert seconds(queue, [30.0, 90.0], each(60.0)) == {"a": 90, "b": 90}


def test_pairs_follow_one_another() -> None:
    queue = Queue(pairs("ab", "cd", "ef"), workers=2)
    assert seconds(queue, [60.0, 60.0], each(120.0)) == dict(
        zip("abcdef", [60, 60, 180, 180, 300, 300], strict=True)
    )


def test_two_pairs_train_at_once_where_there_are_workers() -> None:
    queue = Queue(pairs("ab", "cd"), workers=4)
    left: list[float | None] = [60.0, 60.0, 120.0, 120.0]
    assert seconds(queue, left, each(600.0)) == {"a": 60, "b": 60, "c": 120, "d": 120}


def test_nobody_starts_before_who_came_first() -> None:
    queue = Queue(pairs("ab", "c"), workers=2)
    assert seconds(queue, [60.0, 240.0], each(60.0)) == {"a": 240, "b": 240, "c": 300}


def test_a_job_larger_than_the_engine_starts_with_what_there_is() -> None:
    queue = Queue(pairs("abc", "d"), workers=2)
    assert seconds(queue, [60.0, 60.0], each(60.0)) == {"a": 60, "b": 60, "c": 60, "d": 120}


def test_what_is_not_known_is_not_made_up() -> None:
    queue = Queue(pairs("ab", "cd"), workers=2)
    assert seconds(queue, [60.0, None], each(60.0)) == dict.fromkeys("abcd")
    assert seconds(queue, [60.0, 60.0], each(None)) == {"a": 60, "b": 60, "c": None, "d": None}


def test_what_is_not_known_matters_only_to_who_waits_for_it() -> None:
    queue = Queue(pairs("a", "b"), workers=2)
    assert seconds(queue, [60.0, None], each(60.0)) == {"a": 60, "b": 120}


def test_where_paused_runs_keep_all_workers_their_notice_tells() -> None:
    queue = Queue(pairs("ab"), workers=2, ending={"x": 75.0, "y": 75.0})
    assert seconds(queue, [], each(60.0)) == {"a": 90, "b": 90}


def test_where_the_others_are_paused_who_waits_follows_the_one_that_trains() -> None:
    queue = Queue(pairs("a"), workers=2, free=0)
    assert seconds(queue, [100.0], each(60.0)) == {"a": 90}


def test_a_worker_that_is_free_serves_the_first_at_once() -> None:
    queue = Queue(pairs("a", "b"), workers=2, free=1)
    assert seconds(queue, [100.0], each(60.0)) == {"a": 0, "b": 60}


def test_who_trains_beside_a_substitute_gives_nobody_a_place() -> None:
    queue = Queue(pairs("a"), workers=1)
    assert seconds(queue, [30.0, 120.0], each(60.0)) == {"a": 120}


def test_pairs_and_single_runs_are_counted_apart() -> None:
    queue = Queue(pairs("ab", "c", "d", "ef"), workers=2)
    found = forecast(queue, [60.0, 60.0], each(60.0))
    assert [(found[run].pairs, found[run].runs) for run in "abcdef"] == [
        (0, 0),
        (0, 0),
        (1, 0),
        (1, 1),
        (1, 2),
        (1, 2),
    ]
