"""Gradient by depth at one step, on a log axis; exact zeros and lost values in lanes apart."""

from __future__ import annotations

from typing import Any

from app.figures.chart import Chart, y_label
from app.figures.themes import Theme
from app.words import raw, t

NAME = "flowByDepth"
Json = dict[str, Any]


def _layout(theme: Theme) -> Json:
    return {
        "xaxis": {"range": [-0.5, 1], "anchor": "free", "position": 0, "tickangle": 0},
        "yaxis": {
            "type": "log",
            "range": [-1, 0],
            "exponentformat": "power",
            "tickfont": {"size": theme.powers},
            "dtick": 1,
        },
        "yaxis2": _lane(t("charts.axis.zero")),
        "yaxis3": _lane(t("charts.axis.lost")),
        "annotations": _words(theme),
        "shapes": [_rule(theme)],
    }


def _rule(theme: Theme) -> Json:
    """A level line over the whole width that values are read against; hidden until it has a place.
    What it means is said above the chart: a label would lie on the curves, which start there."""
    return {
        "type": "line",
        "visible": False,
        "layer": "below",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 1,
        "y1": 1,
        "line": {"color": theme.muted, "width": theme.thin, "dash": "solid"},
    }


def _lane(title: str) -> Json:
    """A strip without numbers; hidden until something falls into it."""
    return {
        "range": [0, 1],
        "fixedrange": True,
        "showgrid": False,
        "tickvals": [0.5],
        "ticktext": [title],
        "ticks": "",
        "visible": False,
    }


def _words(theme: Theme) -> list[Json]:
    """What is measured, and below the axis which way the gradient goes."""
    row = {"xref": "paper", "yref": "paper", "y": 0, "yanchor": "top", "yshift": -1.7 * theme.font}
    return [
        y_label(t("charts.quantity.flow"), theme),
        {**row, "x": 0.5, "text": "\u27f5 " + t("charts.axis.backwards"), "name": "way"},
    ]


def _kinds(theme: Theme) -> Json:
    """``value`` on the log axis, ``many`` the same above 200 layers, ``zero`` and ``lost`` in their
    lanes; each with meta (label,) and customdata the place's name."""
    curve = {"type": "scatter", "connectgaps": False}
    mark = {"type": "scatter", "mode": "markers"}
    value = {"hovertemplate": raw("charts.hover.flow")}
    return {
        "value": {
            **curve,
            **value,
            "mode": "lines+markers",
            "marker": {"size": 0.75 * theme.marker, "maxdisplayed": 16},
        },
        "many": {**curve, **value, "mode": "lines", "line": {"width": max(1, theme.line / 2)}},
        "zero": {
            **mark,
            "yaxis": "y2",
            "hovertemplate": raw("charts.hover.flow"),
            "marker": {"color": theme.paper},
        },
        "lost": {
            **mark,
            "yaxis": "y3",
            "hovertemplate": raw("charts.hover.flow"),
            "marker": {"symbol": "x-thin"},
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)
