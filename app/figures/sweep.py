"""Error against depth, or against any one other field: every run's own point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.chart import Chart, paints, y_label
from app.figures.error import chance_label, chance_line
from app.figures.steps import end_labels
from app.figures.themes import Theme
from app.figures.words import raw, t

NAME = "errorByDepth"
Json = dict[str, Any]
LOG_FIELDS = ("optimizer.lr", "batch_size", "steps", "net.width")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One run of a sweep. ``y`` is a fraction for errors; None where there is no measurement."""

    run: str
    label: str  # of its curve: one for each skip
    role: str
    value: int | float | str
    seed: int
    y: float | None
    count: int | None = None  # examples that y was measured on


def _layout(theme: Theme) -> Json:
    return {
        "hovermode": "closest",
        "xaxis": {"title": {"text": t("charts.field.net_depth")}, "showgrid": False},
        "yaxis": {
            "range": [0, 100],
            "dtick": 25 if theme.font < 20 else 50,
            "ticksuffix": " %",
        },
        "annotations": [y_label(t("charts.measure.train_error"), theme)],
    }


def _kinds(theme: Theme) -> Json:
    """``run``: one mark a run, with meta (label,) and customdata (run, seed, number wrong, of how
    many). ``mean``: a line through the means, its bars from the least to the greatest of the seeds,
    with customdata n. ``lost``: a run that became infinite."""
    mark = {"type": "scatter", "mode": "markers", "cliponaxis": False}
    return {
        "run": {**mark, "opacity": 0.75, "hovertemplate": raw("charts.hover.run")},
        "run_loss": {**mark, "opacity": 0.75, "hovertemplate": raw("charts.hover.run_loss")},
        "mean": {
            "type": "scatter",
            "mode": "lines",
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


def scale(field: str, values: Sequence[int | float | str]) -> str:
    """The x axis of a field: "linear", "log" or "category"."""
    if any(isinstance(value, str) for value in values):
        return "category"
    numbers = [value for value in values if not isinstance(value, str)]
    return "log" if field in LOG_FIELDS and min(numbers, default=0) > 0 else "linear"


def figure(
    points: Sequence[Point], theme: Theme, *, field: str, measure: str, chance: float | None
) -> go.Figure:
    """The sweep of ``field``, measured by ``measure`` ("train_error", "test_loss", ...)."""
    is_error = measure.endswith("error")
    drawn: list[Json] = []
    ends = []
    labels = list(dict.fromkeys(point.label for point in points))
    seen: dict[str, int] = {}
    for label in labels:
        its = [point for point in points if point.label == label and point.y is not None]
        if not its:
            continue
        role = its[0].role
        paint = paints(theme)[role][seen.get(role, 0) % 5]
        seen[role] = seen.get(role, 0) + 1
        drawn += _curve(its, label, paint, theme, is_error)
        ends.append((label, drawn[-2]["y"][-1]))
    values = list(dict.fromkeys(point.value for point in points))
    kind = scale(field, values)
    axis: Json = {"type": kind, "title": {"text": t(f"charts.field.{field.replace('.', '_')}")}}
    if kind != "category":
        axis |= {"tickvals": values, "ticktext": [str(value) for value in values]}
    top = 100.0 if is_error else 1.08 * max((y for trace in drawn for y in trace["y"]), default=1)
    y_axis: Json = {} if is_error else {"range": [0, top], "dtick": None, "ticksuffix": ""}
    notes = [
        y_label(t(f"charts.measure.{measure}"), theme),
        *end_labels([(label, y / top) for label, y in ends], theme),
    ]
    shapes: list[Json] = []
    if is_error and chance is not None:
        shapes = [chance_line(chance)]
        notes.append({**chance_label(chance), "x": 0.01, "xanchor": "left"})
    return CHART.figure(theme, drawn, xaxis=axis, yaxis=y_axis, annotations=notes, shapes=shapes)


def _curve(
    points: list[Point], label: str, paint: Json, theme: Theme, is_error: bool
) -> list[Json]:
    """The line of means, then the runs themselves."""
    unit = 100 if is_error else 1
    cells: dict[int | float | str, list[float]] = {}
    for point in points:
        if point.y is not None:
            cells.setdefault(point.value, []).append(unit * point.y)
    at = sorted(cells, key=lambda value: (isinstance(value, str), value))
    if any(isinstance(value, str) for value in at):
        at = list(cells)
    means = [sum(cells[value]) / len(cells[value]) for value in at]
    bars = {
        "array": [max(cells[x]) - mean for x, mean in zip(at, means, strict=True)],
        "arrayminus": [mean - min(cells[x]) for x, mean in zip(at, means, strict=True)],
        "color": paint["line"]["color"],
    }
    about: Json = {"name": label, "meta": [label]}
    mean = CHART.trace(theme, "mean", paint, x=at, y=means, error_y=bars, **about)
    runs = CHART.trace(
        theme,
        "run" if is_error else "run_loss",
        paint,
        x=[point.value for point in points],
        y=[unit * (point.y or 0) for point in points],
        customdata=[
            [point.run, point.seed, round((point.y or 0) * (point.count or 0)), point.count]
            for point in points
        ],
        **about,
    )
    return [mean, runs]
