"""Gradient by depth at one step, on a log axis; exact zeros and lost values in lanes apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

import plotly.graph_objects as go

from app.figures.chart import Chart, merge, paints, y_label
from app.figures.numbers import (
    ENVELOPE_ABOVE,
    decade_step,
    decades,
    envelope,
    lane,
    positive,
    roomy,
    ticks,
)
from app.figures.series import Series
from app.figures.steps import end_labels
from app.figures.themes import Theme
from app.words import raw, t

NAME = "flowByDepth"
Json = dict[str, Any]
LANE = 0.09  # share of the height
GAP = 0.04
PIXELS = 600
TICKS = 6


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
        "annotations": _words(theme, "flow_norm"),
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


def _words(theme: Theme, quantity: str) -> list[Json]:
    """What is measured, and below the axis which way the gradient goes."""
    row = {"xref": "paper", "yref": "paper", "y": 0, "yanchor": "top", "yshift": -1.7 * theme.font}
    return [
        y_label(t(f"charts.quantity.{quantity}"), theme),
        {**row, "x": 0.5, "text": "\u27f5 " + t("charts.axis.backwards")},
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
            "hovertemplate": raw("charts.hover.zero"),
            "marker": {"color": theme.paper},
        },
        "lost": {
            **mark,
            "yaxis": "y3",
            "hovertemplate": raw("charts.hover.lost_flow"),
            "marker": {"symbol": "x-thin"},
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)


def lanes(zero: bool, lost: bool) -> Json:
    """How the height is shared when there are zeros or lost values to show."""
    low = LANE + GAP if zero else 0.0
    high = 1 - LANE - GAP if lost else 1.0
    return {
        "yaxis": {"domain": [low, high]},
        "yaxis2": {"domain": [0, LANE], "visible": zero},
        "yaxis3": {"domain": [1 - LANE, 1], "visible": lost},
    }


def depth_ticks(rows: int, fraction: bool, most: int) -> Json:
    """Numbers of layers, or fractions of the depth, between "input" and "output"."""
    last = 1 if fraction else rows - 1
    inner = [0.25, 0.5, 0.75] if fraction else ticks(0, last, most)
    between = [tick for tick in inner if 0.1 * last < tick < 0.9 * last]
    return {
        "tickmode": "array",
        "tickvals": [0, *between, last],
        "ticktext": [t("charts.axis.input"), *map(str, between), t("charts.axis.output")],
    }


def positions(count: int, fraction: bool) -> list[float]:
    """Where layers stand on the depth axis: by number from 0, or by fraction of the depth."""
    return [i / max(count - 1, 1) if fraction else float(i) for i in range(count)]


def figure(
    runs: Sequence[Series],
    theme: Theme,
    quantity: str = "flow_norm",
    step: int | None = None,
) -> go.Figure:
    """The quantity of finished runs in the last frame up to ``step`` (None: the last of all)."""
    shown = [(run, frame) for run in runs if (frame := frame_at(run, step)) is not None]
    values = [value for run in runs for frame in run.frames for value in frame[quantity]]
    low, high = decades(values) or (-1, 0)
    kinds = {lane(value) for _, frame in shown for value in frame[quantity]}
    fraction = len({len(frame[quantity]) for _, frame in shown}) > 1
    widest = max((len(frame[quantity]) for _, frame in shown), default=2)
    ends = []
    drawn: list[Json] = []
    for run, frame in shown:
        xs = positions(len(frame[quantity]), fraction)
        drawn += _traces(run, xs, frame[quantity], quantity, theme)
        last = frame[quantity][-1]
        if last is not None and positive(last):
            ends.append((run.label, log10(last)))
    axes = lanes("zero" in kinds, "lost" in kinds)
    bottom, top = axes["yaxis"]["domain"]
    least, most = roomy(low, high)
    places = [
        (label, bottom + (top - bottom) * (log - least) / (most - least)) for label, log in ends
    ]
    y_axis = {"range": [least, most], "dtick": decade_step(low, high, TICKS)}
    return CHART.figure(
        theme,
        drawn,
        **merge(axes, {"yaxis": y_axis}),
        xaxis={
            "range": [-0.02, 1.02] if fraction else [-0.5, widest - 0.5],
            **depth_ticks(widest, fraction, TICKS),
        },
        annotations=[*_words(theme, quantity), *end_labels(places, theme)],
    )


def frame_at(run: Series, step: int | None) -> Json | None:
    """The run's last frame at or before a step; None before the first."""
    frames = (frame for frame in reversed(run.frames) if step is None or frame["step"] <= step)
    return next(frames, None)


def _traces(
    run: Series, xs: list[float], values: list[float | None], quantity: str, theme: Theme
) -> list[Json]:
    paint = paints(theme)[run.role][run.variant % 5]
    names = [place["name"] for place in run.places(quantity)]
    about: Json = {"name": run.label, "meta": [run.label]}
    line = [value if positive(value) else None for value in values]
    if len(values) > ENVELOPE_ABOVE:
        x, y = envelope(xs, line, PIXELS)
        curve = CHART.trace(theme, "many", paint, x=x, y=y, **about)
    else:
        curve = CHART.trace(theme, "value", paint, x=xs, y=line, customdata=names, **about)
    traces = [curve]
    for kind in ("zero", "lost"):
        at = [i for i, value in enumerate(values) if lane(value) == kind]
        if at:
            traces.append(
                CHART.trace(
                    theme,
                    kind,
                    paint,
                    x=[xs[i] for i in at],
                    y=[0.5] * len(at),
                    customdata=[names[i] for i in at],
                    **about,
                )
            )
    return traces
