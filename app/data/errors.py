"""What can be wrong with data, in words for people."""

from __future__ import annotations

import re
from pathlib import Path

from app.data.folders import below


class DataError(Exception):
    """Data that can't be had or read: ``problem`` says what is wrong, ``remedy`` what helps.

    Both can be said everywhere: what is not UTF-8 in the name of a file stands as a mark.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        problem, remedy = sayable(problem), sayable(remedy)
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy

    def public(self, folder: Path) -> DataError:
        """As everybody may read it: paths start below the data folder."""
        return DataError(below(self.problem, folder), below(self.remedy, folder))


class OtherSize(DataError):
    """Images that are too large or not of one size: could be used if they were brought to one."""


class Cancelled(Exception):
    """A download was given up because somebody asked for it."""


def sayable(text: str) -> str:
    """The text with a mark for each byte that Python could not read as UTF-8."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
