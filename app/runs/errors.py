"""Why something can't be done with a run or study, in words for people."""

from __future__ import annotations


class NotFound(Exception):
    """There is no such run or study (any more)."""


class Unreadable(NotFound):
    """It is of an earlier version of the program, and this one can't read its configuration."""

    def __init__(self) -> None:
        super().__init__("This is of an earlier version of Depthscope, which this one can't read.")


class NotKept(NotFound):
    """The run's network is not there; the message says why."""


class NotOwner(Exception):
    """Only who started it may do this."""


class NotNow(Exception):
    """It can't be done in the state in which the run or study is."""
