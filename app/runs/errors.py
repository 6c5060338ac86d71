"""Why something can't be done with a run or study, in words for people."""

from __future__ import annotations


class NotFound(Exception):
    """There is no such run or study (any more)."""


class NotOwner(Exception):
    """Only who started it may do this."""


class NotNow(Exception):
    """It can't be done in the state in which the run or study is."""
