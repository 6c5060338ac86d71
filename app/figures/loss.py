"""Loss by step, on a log axis: a divergence and a late gain both stay readable."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

import plotly.graph_objects as go

from app.figures.chart import Chart, paints, y_label
from app.figures.numbers import decade_step, decades, envelope, positive, roomy
from app.figures.series import Series
from app.figures.steps import end_labels, gutter, horizon, x_axis
from app.figures.themes import Theme
from app.words import divergence, raw, t

NAME = "lossByStep"
Json = dict[str, Any]
TICKS = 8
POINTS = 1000  # columns of a line's envelope


def _layout(theme: Theme) -> Json:
    return {
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
    """``batch`` and ``train``, ``test`` (whole sets), each with meta (label,)."""
    line = {"type": "scatter", "mode": "lines", "connectgaps": False}
    mark = {"type": "scatter", "mode": "markers", "cliponaxis": False}
    return {
        "batch": {**line, "hovertemplate": raw("charts.hover.batch_loss")},
        "faint": {**line, "hovertemplate": raw("charts.hover.batch_loss"), "opacity": 0.3},
        "smooth": {**line, "hoverinfo": "skip"},
        "train": {**mark, "hovertemplate": raw("charts.hover.train_loss")},
        "test": {
            **mark,
            "hovertemplate": raw("charts.hover.test_loss"),
            "marker": {"color": theme.paper},
        },
        "end": {**mark, "hoverinfo": "skip", "marker": {"size": theme.marker * 0.75}},
        "lost": {
            **mark,
            "hovertemplate": raw("charts.hover.lost"),
            "marker": {"symbol": "x-thin", "size": theme.marker * 1.4},
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)


def figure(runs: Sequence[Series], theme: Theme) -> go.Figure:
    """The chart of finished runs."""
    values = [
        value
        for run in runs
        for value in (
            *run.loss,
            *(e[key] for e in run.evaluations for key in ("train_loss", "test_loss")),
        )
    ]
    low, high = decades(values) or (-1, 1)
    bottom, top = roomy(low, high)
    drawn = [trace for run in runs for trace in _traces(run, theme, 10.0**high)]
    ends = [
        (run.label, (log10(y) - bottom) / (top - bottom))
        for run in runs
        if (y := _end(run)) is not None
    ]
    return CHART.figure(
        theme,
        drawn,
        xaxis=horizon(runs),
        yaxis={
            "range": [bottom, top],
            "dtick": decade_step(low, high, TICKS),
        },
        annotations=[*_layout(theme)["annotations"], *end_labels(ends, theme)],
    )


def _traces(run: Series, theme: Theme, top: float) -> list[Json]:
    paint = paints(theme)[run.role][run.variant % 5]
    steps, values = envelope(range(1, len(run.loss) + 1), run.loss, POINTS)
    about: Json = {"name": run.label, "meta": [run.label]}
    line = [value if positive(value) else None for value in values]
    traces = [CHART.trace(theme, "batch", paint, x=steps, y=line, **about)]
    for which in ("train", "test"):
        seen = [e for e in run.evaluations if positive(e[f"{which}_loss"])]
        x, y = [e["step"] for e in seen], [e[f"{which}_loss"] for e in seen]
        traces.append(CHART.trace(theme, which, paint, x=x, y=y, **about))
    if run.ending and run.ending.get("diverged"):
        at = {"x": [run.ending["step"]], "y": [top]}
        words = divergence(run.ending["step"], run.ending.get("became"))
        traces.append(
            CHART.trace(theme, "lost", paint, **at, **about | {"meta": [run.label, words]})
        )
    return traces


def _end(run: Series) -> float | None:
    """The last loss that has a place on the axis."""
    return next((value for value in reversed(run.loss) if positive(value)), None)
