"""What the charts over training steps share: the axis of steps and epochs."""

from __future__ import annotations

from typing import Any

from app.figures.themes import Theme
from app.words import t

Json = dict[str, Any]


def x_axis() -> Json:
    """Steps from 0; the epoch stands under each tick."""
    return {"range": [0, 1]}


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
