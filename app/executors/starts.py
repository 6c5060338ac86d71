"""How the starts of workers went, and whether another is worth it."""

from __future__ import annotations

FALSE_STARTS = 3  # workers lost in a row before they were ready: after that none is started


class Starts:
    """``complaint``: why the last worker that was lost did not start, for people."""

    def __init__(self) -> None:
        self.complaint = ""
        self._said = ""
        self._failed = 0

    @property
    def given_up(self) -> bool:
        """Whether too many failed in a row."""
        return self._failed >= FALSE_STARTS

    def succeeded(self) -> None:
        """A worker is ready."""
        self._failed = 0

    def said(self, reason: str) -> None:
        """A worker says itself why it can't start; it will be lost."""
        self._said = reason

    def failed(self, how: str) -> None:
        """A worker was lost before it was ready; what it said itself explains more."""
        self.complaint, self._said = self._said or how, ""
        self._failed += 1

    def try_again(self) -> None:
        """Allow one more after it was given up: what was missing may be there by now."""
        self._failed = min(self._failed, FALSE_STARTS - 1)
