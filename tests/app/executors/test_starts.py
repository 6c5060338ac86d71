"""When the pool gives up starting workers."""

from __future__ import annotations

from app.executors.starts import FALSE_STARTS, Starts


def test_after_so_many_failures_in_a_row_no_other_is_tried() -> None:
    starts = Starts()
    for _ in range(FALSE_STARTS - 1):
        starts.failed("exit status 1")
    starts.succeeded()
    for _ in range(FALSE_STARTS):
        assert not starts.given_up
        starts.failed("exit status 1")
    assert starts.given_up


def test_who_asks_again_gets_one_more() -> None:
    starts = Starts()
    for _ in range(FALSE_STARTS):
        starts.failed("exit status 1")
    starts.try_again()
    tried = not starts.given_up
    starts.failed("killed by signal 9")
    assert (tried, starts.given_up) == (True, True)
    assert starts.complaint == "killed by signal 9"


def test_one_more_takes_nothing_from_those_that_are_left() -> None:
    starts = Starts()
    starts.try_again()
    for _ in range(FALSE_STARTS):
        assert not starts.given_up
        starts.failed("exit status 1")


def test_what_a_worker_said_itself_explains_more_than_how_it_was_lost() -> None:
    starts = Starts()
    starts.said("torch is not installed")
    starts.failed("exit status 1")
    assert starts.complaint == "torch is not installed"
    starts.failed("killed by signal 9")
    assert starts.complaint == "killed by signal 9"
