"""Error by step: each batch's own as a line, whole sets as marks."""

from __future__ import annotations

from typing import Any

from app.figures.chart import Chart, percent_axis, y_label
from app.figures.steps import gutter, x_axis
from app.figures.themes import Theme
from app.words import t

NAME = "errorByStep"
Json = dict[str, Any]


def _layout(theme: Theme) -> Json:
    return {
        "hovermode": "x",
        "xaxis": x_axis(),
        "yaxis": percent_axis(theme),
        "annotations": [y_label(t("charts.axis.error"), theme), gutter(theme)],
    }


def _kinds(theme: Theme) -> Json:
    """Kinds in per cent: ``batch``, or ``faint`` behind ``smooth``; ``train`` and ``test`` (whole
    sets)."""
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
    }


CHART = Chart(layout=_layout, kinds=_kinds)
