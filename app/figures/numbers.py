"""Pure computations behind the charts; static/js/charts/numbers.js has the same for the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from math import ceil, floor, isfinite, log10

Number = float | None  # None: not finite
Decades = tuple[int, int]

COLUMNS = 400  # a heatmap's most
ENVELOPE_ABOVE = 200  # layers
EDGE = 0.04  # of a log range


def positive(value: Number) -> bool:
    """Whether a value has a place on a log axis."""
    return value is not None and isfinite(value) and value > 0


def lane(value: Number) -> str:
    """Where a value is drawn: "value", "zero" (exactly 0), or "lost" (not finite)."""
    if value is None or not isfinite(value):
        return "lost"
    return "value" if value > 0 else "zero"


def decades(values: Iterable[Number]) -> Decades | None:
    """The whole decades (powers of ten, low and high) that hold the positive values.

    None where no value is positive.
    """
    logs = [log10(value) for value in values if value is not None and positive(value)]
    if not logs:
        return None
    low, high = floor(min(logs)), ceil(max(logs))
    return (low - 1, high) if low == high else (low, high)


def roomy(low: int, high: int) -> tuple[float, float]:
    """A range of decades with a little room at both ends, so that no mark on its edge is cut."""
    edge = EDGE * (high - low)
    return low - edge, high + edge


def decade_step(low: int, high: int, most: int) -> int:
    """How many decades from one tick of a log axis to the next, for at most ``most`` ticks."""
    return max(1, ceil((high - low) / most))


def columns(frames: int, limit: int = COLUMNS) -> list[int]:
    """Which of so many frames make a heatmap's columns: the last of each group, never a mean.

    Groups are powers of two long, so that columns stay where they are while a run grows.
    """
    stride = 1
    while ceil(frames / stride) > limit:
        stride *= 2
    return [min(start + stride, frames) - 1 for start in range(0, frames, stride)]


def envelope(
    xs: Sequence[float], ys: Sequence[Number], limit: int
) -> tuple[list[float], list[Number]]:
    """At most about ``2 * limit`` of the points: the least and the greatest of each column.

    Points are kept, never averaged; a value that is not finite stays as a gap.
    """
    if len(xs) <= 2 * limit:
        return list(xs), list(ys)
    kept: list[int] = []
    for column in range(limit):
        first, last = column * len(xs) // limit, (column + 1) * len(xs) // limit
        kept += _extremes(ys, first, last)
    return [xs[i] for i in kept], [ys[i] for i in kept]


def _extremes(ys: Sequence[Number], first: int, last: int) -> list[int]:
    """Indices of the least, the greatest and the first gap in ``[first, last)``, in order."""
    values = [(y, i) for i in range(first, last) if (y := ys[i]) is not None]
    gaps = [i for i in range(first, last) if ys[i] is None]
    ends = [min(values)[1], max(values, key=lambda pair: (pair[0], -pair[1]))[1]] if values else []
    return sorted({*ends, *gaps[:1]})


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places (pixels) moved apart to at least ``gap``, in order, as little as may be.

    Stays within ``low`` to ``high`` where there is room.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [0.0] * len(places)
    below = low - gap
    for i in order:
        below = moved[i] = max(places[i], below + gap)
    above = high + gap
    for i in reversed(order):
        above = moved[i] = min(moved[i], above - gap)
    return moved


def ticks(low: float, high: float, most: int) -> list[int]:
    """Round whole numbers from ``low`` to ``high``: steps of 1, 2 or 5 times a power of ten."""
    steps = (lead * 10**power for power in count() for lead in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= most)
    return list(range(ceil(low / step) * step, floor(high) + 1, step))
