"""Error against depth, or against any one other field: every run's own point."""

from __future__ import annotations

from typing import Any

from app.figures.chart import Chart, percent_axis, y_label
from app.figures.themes import Theme
from app.words import raw, t

NAME = "errorByDepth"
Json = dict[str, Any]


def _layout(theme: Theme) -> Json:
    return {
        "hovermode": "closest",
        "xaxis": {"title": {"text": t("charts.field.net_depth")}, "showgrid": False},
        "yaxis": percent_axis(theme),
        "annotations": [y_label(t("charts.measure.train_error"), theme)],
    }


def _kinds(theme: Theme) -> Json:
    """``run``: one mark a run, with meta (label,) and customdata (run, seed, number wrong, of how
    many). ``mean``: a line through the means. ``bars``: from the least to the greatest of the
    seeds, where there are several. ``lost``: a run that diverged, with what its loss did as a third
    of customdata."""
    mark = {"type": "scatter", "mode": "markers", "cliponaxis": False}
    return {
        "run": {**mark, "opacity": 0.75, "hovertemplate": raw("charts.hover.run")},
        "run_loss": {**mark, "opacity": 0.75, "hovertemplate": raw("charts.hover.run_loss")},
        "mean": {"type": "scatter", "mode": "lines", "hoverinfo": "skip"},
        "bars": {
            "type": "scatter",
            "mode": "none",
            "hoverinfo": "skip",
            "error_y": {
                "type": "data",
                "symmetric": False,
                "thickness": max(1.5, theme.line / 2),
                "width": theme.marker,
            },
        },
        "lost": {
            **mark,
            "hovertemplate": raw("charts.hover.run_lost"),
            "marker": {"symbol": "x-thin", "size": theme.marker * 1.4},
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)
