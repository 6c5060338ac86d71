"""What can be wrong with data, in words for people."""

from __future__ import annotations

from pathlib import Path

from app.data.place import below


class DataError(Exception):
    """Data that can't be had or read: ``problem`` says what is wrong, ``remedy`` what helps."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy

    def public(self, folder: Path) -> DataError:
        """As everybody may read it: paths start below the data folder."""
        return DataError(below(self.problem, folder), below(self.remedy, folder))


class Cancelled(Exception):
    """A download was given up because somebody asked for it."""
