"""What the charts over training steps share: the axis of steps and epochs, labels at the ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.figures.chart import HEIGHT, common
from app.figures.numbers import spread, ticks
from app.figures.series import Series
from app.figures.themes import Theme
from app.words import raw, t

Json = dict[str, Any]
TICKS = 6


def x_axis() -> Json:
    """Steps from 0; the epoch stands under each tick."""
    return {
        "range": [0, 1],
        "unifiedhovertitle": {"text": raw("charts.hover.step")},
    }


def gutter(theme: Theme) -> Json:
    """Names the two rows below the axis, in the corner left of its first tick."""
    return {
        "name": "steps",
        "text": f"{t('charts.axis.step')}<br>{t('charts.axis.epoch')}",
        "align": "right",
        "font": {"color": theme.muted},
        "xref": "paper",
        "x": 0,
        "xanchor": "right",
        "xshift": -0.7 * theme.font,
        "yref": "paper",
        "y": 0,
        "yanchor": "top",
        "yshift": -0.15 * theme.font,
    }


def step_ticks(low: float, high: float, per_epoch: int | None, most: int = TICKS) -> Json:
    """Ticks at round steps, each with its epoch below, as an axis takes them."""
    at = ticks(low, high, most)
    return {
        "tickmode": "array",
        "tickvals": at,
        "ticktext": [
            str(step) if not per_epoch else f"{step}<br>{epoch(step, per_epoch)}" for step in at
        ],
    }


def epoch(step: int, per_epoch: int) -> str:
    """The epoch reached after so many steps, to one decimal where it is not whole."""
    return f"{step / per_epoch:.1f}".removesuffix(".0")


def horizon(runs: Sequence[Series]) -> Json:
    """The axis of steps of finished runs: to the longest run's last step."""
    last = max([1, *(int(run.spec["steps"]) for run in runs)])
    per_epoch = next((run.per_epoch for run in runs if run.per_epoch), None)
    return {"range": [0, last], **step_ticks(0, last, per_epoch)}


def end_labels(ends: Sequence[tuple[str, float]], theme: Theme) -> list[Json]:
    """Names in ink at the right edge, each level with the end of its series.

    ``ends`` are (name, place) with places from 0 (bottom) to 1 (top); names that would cover each
    other are moved apart.
    """
    margin = common(theme)["margin"]
    tall = HEIGHT - margin["t"] - margin["b"]
    wanted = [(1 - place) * tall for _, place in ends]
    moved = spread(wanted, 1.15 * theme.font, 0, tall)
    return [
        {
            "text": label,
            "xref": "paper",
            "x": 1,
            "xanchor": "left",
            "xshift": theme.marker,
            "yref": "paper",
            "y": place,
            "yanchor": "middle",
            "yshift": round(before - after, 1),
        }
        for (label, place), before, after in zip(ends, wanted, moved, strict=True)
    ]
