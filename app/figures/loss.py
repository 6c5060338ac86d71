"""Loss by step, on a log axis: a divergence and a late gain both stay readable."""

from __future__ import annotations

from typing import Any

from app.figures.chart import Chart, y_label
from app.figures.steps import gutter, x_axis
from app.figures.themes import Theme
from app.words import t

NAME = "lossByStep"
Json = dict[str, Any]


def _layout(theme: Theme) -> Json:
    return {
        "hovermode": "x",
        "xaxis": x_axis(),
        "yaxis": {
            "type": "log",
            "range": [-1, 1],
            "dtick": 1,
            "exponentformat": "power",
            "tickfont": {"size": theme.powers},
        },
        "annotations": [y_label(t("charts.axis.loss"), theme), gutter(theme)],
    }


def _kinds(theme: Theme) -> Json:
    """``batch``, or ``faint`` behind ``smooth``; ``train`` and ``test`` (whole sets); ``lost``
    where it diverged."""
    # What is pointed at is said by the page's readout; clicks are still heard.
    quiet = {"type": "scatter", "hoverinfo": "none"}
    line = {**quiet, "mode": "lines", "connectgaps": False}
    mark = {**quiet, "mode": "markers", "cliponaxis": False}
    return {
        "batch": line,
        "faint": {**line, "opacity": 0.3},
        "smooth": line,
        "train": mark,
        "test": {**mark, "marker": {"color": theme.paper}},
        "lost": {
            **mark,
            "marker": {"symbol": "x-thin", "size": theme.marker * 1.4},
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)
