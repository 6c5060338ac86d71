"""Error by step: each batch's own as a line, whole sets as marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from app.figures.chart import Chart, paints, y_label
from app.figures.numbers import envelope
from app.figures.series import Series
from app.figures.steps import end_labels, gutter, horizon, x_axis
from app.figures.themes import Theme
from app.words import raw, t

NAME = "errorByStep"
Json = dict[str, Any]
POINTS = 1000  # columns of a line's envelope


def _layout(theme: Theme) -> Json:
    return {
        "xaxis": x_axis(),
        "yaxis": {
            "range": [0, 100],
            "dtick": 25 if theme.font < 20 else 50,
            "ticksuffix": " %",
        },
        "annotations": [y_label(t("charts.axis.error"), theme), gutter(theme)],
    }


def _kinds(theme: Theme) -> Json:
    """Kinds in per cent: ``batch`` has meta (label, batch size) and customdata the number wrong;
    ``train`` and ``test`` meta (label,) and customdata (number wrong, of how many)."""
    line = {"type": "scatter", "mode": "lines", "connectgaps": False}
    mark = {"type": "scatter", "mode": "markers", "cliponaxis": False}
    return {
        "batch": {**line, "hovertemplate": raw("charts.hover.batch_error")},
        "faint": {**line, "hovertemplate": raw("charts.hover.batch_error"), "opacity": 0.3},
        "smooth": {**line, "hoverinfo": "skip"},
        "train": {**mark, "hovertemplate": raw("charts.hover.train_error")},
        "test": {
            **mark,
            "hovertemplate": raw("charts.hover.test_error"),
            "marker": {"color": theme.paper},
        },
        "end": {**mark, "hoverinfo": "skip", "marker": {"size": theme.marker * 0.75}},
    }


CHART = Chart(layout=_layout, kinds=_kinds)


def figure(runs: Sequence[Series], theme: Theme) -> go.Figure:
    """The chart of finished runs."""
    drawn = [trace for run in runs for trace in _traces(run, theme)]
    ends = [(run.label, end) for run in runs if (end := _end(run)) is not None]
    chance = runs[0].chance if runs else None
    return CHART.figure(
        theme,
        drawn,
        xaxis=horizon(runs),
        shapes=[chance_line(chance)] if chance is not None else [],
        annotations=[
            *_layout(theme)["annotations"],
            *end_labels(ends, theme),
            *([chance_label(chance)] if chance is not None else []),
        ],
    )


def _traces(run: Series, theme: Theme) -> list[Json]:
    paint = paints(theme)[run.role][run.variant % 5]
    batch = int(run.spec["batch_size"])
    steps, values = envelope(range(1, len(run.error) + 1), run.error, POINTS)
    return [
        CHART.trace(
            theme,
            "batch",
            paint,
            name=run.label,
            x=steps,
            y=[per_cent(value) for value in values],
            meta=[run.label, batch],
            customdata=[None if value is None else round(value * batch) for value in values],
        ),
        *(_marks(run, theme, paint, which) for which in ("train", "test")),
    ]


def _marks(run: Series, theme: Theme, paint: Json, which: str) -> Json:
    size = "count" if which == "train" else "test_count"
    seen = [e for e in run.evaluations if e.get(f"{which}_error") is not None]
    return CHART.trace(
        theme,
        which,
        paint,
        name=run.label,
        x=[e["step"] for e in seen],
        y=[per_cent(e[f"{which}_error"]) for e in seen],
        meta=[run.label],
        customdata=[[round(e[f"{which}_error"] * e[size]), e[size]] for e in seen],
    )


def _end(run: Series) -> float | None:
    """Where the label goes: level with the last evaluation of the training set."""
    for event in reversed(run.evaluations):
        if event.get("train_error") is not None:  # a regression has none
            return float(event["train_error"])
    return None


def per_cent(fraction: float | None) -> float | None:
    """A fraction as per cent; None stays None."""
    return None if fraction is None else 100 * fraction


def chance_line(chance: float) -> Json:
    """A dotted line at the error of a guess."""
    y = 100 * chance
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "layer": "below"}


def chance_label(chance: float) -> Json:
    """What the dotted line is."""
    return {
        "text": t("charts.axis.chance"),
        "xref": "paper",
        "x": 0.99,
        "xanchor": "right",
        "y": 100 * chance,
        "yanchor": "bottom",
    }
