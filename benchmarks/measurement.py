"""What a measurement gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """One row of the table: ``measured`` is to be at most ``reach``, both in ``unit``."""

    what: str
    measured: float
    reach: float | None = None
    unit: str = ""
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether it is within reach; None where there is nothing to reach."""
        return None if self.reach is None else self.measured <= self.reach

    def text(self, value: float | None) -> str:
        """A value with its unit."""
        if value is None:
            return ""
        places = 0 if value in (0, 1) or abs(value) >= 100 else 2 if abs(value) >= 0.1 else 3
        return f"{value:.{places}f} {self.unit}".strip()


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of all are at or below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
