"""What a scripted run says of its measures."""

from __future__ import annotations

from collections.abc import Sequence

from app.events import Measured
from app.measures import MEASURES, USUAL


def usual(parts: Sequence[str], layers: Sequence[str]) -> tuple[Measured, ...]:
    """The measures that a run has unless told otherwise, at these parts and layers."""
    return tuple(
        Measured(
            name=name,
            title=MEASURES[name].title,
            summary=MEASURES[name].summary,
            unit=MEASURES[name].unit,
            scale=MEASURES[name].scale,
            relative=MEASURES[name].relative,
            at=MEASURES[name].at,
            places=tuple(parts if MEASURES[name].at == "part" else layers),
        )
        for name in USUAL
    )
