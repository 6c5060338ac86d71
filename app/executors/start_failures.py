"""Failed starts of workers in a row, and whether to try again."""

from __future__ import annotations

MOST_FAILED = 3  # workers lost in a row before they were ready: after that none is started


class StartFailures:
    """``complaint``: why the last start failed, in words for people."""

    def __init__(self) -> None:
        self.complaint = ""
        self._reported = ""
        self._failed = 0

    @property
    def given_up(self) -> bool:
        """Whether too many failed in a row."""
        return self._failed >= MOST_FAILED

    def succeeded(self) -> None:
        """A worker is ready."""
        self._failed = 0

    def reported(self, reason: str) -> None:
        """A worker says itself why it can't start; it will be lost."""
        self._reported = reason

    def failed(self, how: str) -> None:
        """A worker was lost before it was ready; what it said itself explains more."""
        self.complaint, self._reported = self._reported or how, ""
        self._failed += 1

    def try_again(self) -> None:
        """Allow one more after it was given up: what was missing may be there by now."""
        self._failed = min(self._failed, MOST_FAILED - 1)
