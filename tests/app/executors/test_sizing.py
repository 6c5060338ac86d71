"""How many workers there are, case by case."""

from __future__ import annotations

import pytest

from app.executors.sizing import SUBSTITUTES, free, room, wanted


@pytest.mark.parametrize(
    ("yielding", "runs", "workers"),
    [
        (0, 0, 2),
        (0, 9, 2),  # who waits gets no worker more
        (1, 2, 2),  # nobody waits: no substitute
        (1, 3, 3),  # somebody does
        (2, 3, 3),
        (2, 9, 4),
        (9, 20, 2 + SUBSTITUTES),
    ],
)
def test_a_substitute_is_for_who_would_train_on_it(yielding: int, runs: int, workers: int) -> None:
    assert wanted(2, yielding, runs) == workers


@pytest.mark.parametrize(
    ("parked", "most", "free"),
    [
        (0, None, 2),
        (SUBSTITUTES, None, 2),
        (1 + SUBSTITUTES, None, 1),
        (2 + SUBSTITUTES, None, 1),  # when one makes room
        (0, 1, 1),
        (1, 2, 1),
    ],
)
def test_a_job_waits_for_no_more_than_can_be_free(parked: int, most: int | None, free: int) -> None:
    assert room(2, parked, most) == free


@pytest.mark.parametrize(
    ("parked", "training", "most", "more"),
    [
        (0, 0, None, 2),
        (0, 1, None, 1),
        (1, 1, None, 1),  # on a substitute
        (SUBSTITUTES, 0, None, 2),
        (1 + SUBSTITUTES, 0, None, 1),
        (1 + SUBSTITUTES, 1, None, 0),  # all workers and substitutes have a run
        (2 + SUBSTITUTES, 0, None, 0),
        (1, 3, None, 0),  # some went on after a pause
        (1, 0, 1, 0),  # no substitute can start
    ],
)
def test_more_runs_train_where_a_worker_is_or_can_start(
    parked: int, training: int, most: int | None, more: int
) -> None:
    assert free(2, parked, training, most) == more
