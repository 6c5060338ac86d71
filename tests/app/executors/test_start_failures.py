"""When the pool gives up starting workers."""

from __future__ import annotations

from app.executors.start_failures import MOST_FAILED, StartFailures


def test_after_so_many_failures_in_a_row_no_other_is_tried() -> None:
    failures = StartFailures()
    for _ in range(MOST_FAILED - 1):
        failures.failed("exit status 1")
    failures.succeeded()
    for _ in range(MOST_FAILED):
        assert not failures.given_up
        failures.failed("exit status 1")
    assert failures.given_up


def test_who_asks_again_gets_one_more() -> None:
    failures = StartFailures()
    for _ in range(MOST_FAILED):
        failures.failed("exit status 1")
    failures.try_again()
    tried = not failures.given_up
    failures.failed("killed by signal 9")
    assert (tried, failures.given_up) == (True, True)
    assert failures.complaint == "killed by signal 9"


def test_one_more_takes_nothing_from_those_that_are_left() -> None:
    failures = StartFailures()
    failures.try_again()
    for _ in range(MOST_FAILED):
        assert not failures.given_up
        failures.failed("exit status 1")


def test_what_a_worker_said_itself_explains_more_than_how_it_was_lost() -> None:
    failures = StartFailures()
    failures.reported("torch is not installed")
    failures.failed("exit status 1")
    assert failures.complaint == "torch is not installed"
    failures.failed("killed by signal 9")
    assert failures.complaint == "killed by signal 9"
