"""Gradient of a trained network by the length of the paths it comes back on."""

from __future__ import annotations

from typing import Any

from app.figures.chart import Chart, y_label
from app.figures.themes import Theme
from app.words import raw, t

NAME = "paths"
Json = dict[str, Any]


def _layout(theme: Theme) -> Json:
    return {
        "hovermode": "closest",
        "xaxis": {"title": {"text": t("charts.paths.axis")}, "showgrid": False},
        "yaxis": {
            "range": [0, 100],
            "exponentformat": "power",
            "tickfont": {"size": theme.powers},
            "zeroline": True,
            "zerolinecolor": theme.grid,
        },
        "annotations": [y_label(t("charts.paths.y.share"), theme)],
    }


def _kinds(theme: Theme) -> Json:
    """``line``: a mark a length, joined, with meta (label,) and customdata (the length, the value
    in words); of single paths with the least and the greatest as ``error_y``. ``all``: how many of
    all paths have a length, behind."""
    scatter = {
        "type": "scatter",
        "cliponaxis": False,
        "hovertemplate": raw("charts.hover.paths"),
    }
    return {
        "line": {
            **scatter,
            "mode": "lines+markers",
            "line": {"width": theme.thin},
            "error_y": {"visible": False, "thickness": theme.thin, "width": 4},
        },
        "all": {
            **scatter,
            "mode": "lines",
            "line": {"width": theme.line, "color": theme.ghost},
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)
