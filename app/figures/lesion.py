"""Error of a trained network after its blocks were removed or swapped."""

from __future__ import annotations

from typing import Any

from app.figures.chart import Chart, percent_axis, y_label
from app.figures.themes import Theme
from app.words import raw, t

NAME = "lesion"
Json = dict[str, Any]


def _layout(theme: Theme) -> Json:
    return {
        "hovermode": "closest",
        "xaxis": {"title": {"text": t("charts.lesion.axis.remove")}, "showgrid": False},
        "yaxis": percent_axis(theme),
        "annotations": [y_label(t("charts.measure.test_error"), theme)],
    }


def _kinds(theme: Theme) -> Json:
    """``point``: one mark a result, with meta (label,) and customdata (what was done, the value in
    words). ``line``: what joins them. ``intact``: the network as it was trained, right across."""
    scatter = {"type": "scatter", "cliponaxis": False}
    return {
        "point": {**scatter, "mode": "markers", "hovertemplate": raw("charts.hover.lesion")},
        "line": {**scatter, "mode": "lines", "hoverinfo": "skip", "connectgaps": False,
                 "line": {"width": theme.thin}},
        "intact": {**scatter, "mode": "lines", "hoverinfo": "skip", "opacity": 0.7,
                   "line": {"width": theme.thin}},
    }  # fmt: skip


CHART = Chart(layout=_layout, kinds=_kinds)
