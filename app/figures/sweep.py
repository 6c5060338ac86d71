"""Error against depth, or against any one other field: every run's own point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import plotly.graph_objects as go

from app.figures.chart import Chart, paints, y_label
from app.figures.error import chance_label, chance_line
from app.figures.steps import end_labels
from app.figures.themes import Theme
from app.words import raw, t
from models.spec import CHOICES

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
    lost: str | None = None  # what its loss did that stopped being finite, in words
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
    many). ``mean``: a line through the means. ``bars``: from the least to the greatest of the
    seeds, where there are several. ``lost``: a run that diverged,
    with what its loss did as a third of customdata."""
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


def scale(field: str, values: Sequence[int | float | str]) -> str:
    """The x axis of a field: "linear", "log" or "category"."""
    if any(isinstance(value, str) for value in values):
        return "category"
    numbers = [value for value in values if not isinstance(value, str)]
    return "log" if field in LOG_FIELDS and min(numbers, default=0) > 0 else "linear"


def names(field: str, values: Sequence[int | float | str]) -> list[str]:
    """The values as they stand on the axis: a choice by its title."""
    entries = CHOICES.get(field.removeprefix("net."), {})
    return [entries[name].title if name in entries else name for name in map(str, values)]


def figure(
    points: Sequence[Point], theme: Theme, *, field: str, measure: str, chance: float | None
) -> go.Figure:
    """The sweep of ``field``, measured by ``measure`` ("train_error", "test_loss", ...)."""
    is_error = measure.endswith("error")
    top = 100.0 if is_error else 1.08 * max([0.1, *(p.y for p in points if p.y is not None)])
    drawn: list[Json] = []
    ends = []
    seen: dict[str, int] = {}
    for label in dict.fromkeys(point.label for point in points):
        its = [point for point in points if point.label == label]
        role = its[0].role
        paint = paints(theme)[role][seen.get(role, 0) % 5]
        seen[role] = seen.get(role, 0) + 1
        if at := _means(its, 100 if is_error else 1):
            drawn += _curve(its, at, label, paint, theme, is_error)
            ends.append((label, list(at.values())[-1].mean / top))
        if lost := [point for point in its if point.lost]:
            drawn.append(_lost(lost, top, label, paint, theme))
    values = list(dict.fromkeys(point.value for point in points))
    kind = scale(field, values)
    axis: Json = {
        "type": kind,
        "title": {"text": t(f"charts.field.{field.replace('.', '_')}")},
        "tickmode": "array",
        "tickvals": values,
        "ticktext": names(field, values),
    }
    if kind == "category":
        axis |= {
            "categoryorder": "array",
            "categoryarray": values,
            "range": [-0.5, len(values) - 0.5],
        }
    y_axis: Json = {} if is_error else {"range": [0, top], "dtick": None, "ticksuffix": ""}
    notes = [y_label(t(f"charts.measure.{measure}"), theme), *end_labels(ends, theme)]
    shapes: list[Json] = []
    if is_error and chance is not None:
        shapes = [chance_line(chance)]
        notes.append({**chance_label(chance), "x": 0.01, "xanchor": "left"})
    return CHART.figure(theme, drawn, xaxis=axis, yaxis=y_axis, annotations=notes, shapes=shapes)


class Cell(NamedTuple):
    """What the seeds measured at one value."""

    least: float
    mean: float
    most: float
    n: int


Cells = dict[int | float | str, Cell]


def _means(points: list[Point], unit: int) -> Cells:
    """What was measured by value: numbers rise, names stay in the order of the plan."""
    cells: dict[int | float | str, list[float]] = {}
    for point in points:
        if point.y is not None:
            cells.setdefault(point.value, []).append(unit * point.y)
    rising = all(not isinstance(value, str) for value in cells)
    at = sorted(cells, key=float) if rising else list(cells)
    return {x: Cell(min(ys), sum(ys) / len(ys), max(ys), len(ys)) for x in at for ys in [cells[x]]}


def _curve(
    points: list[Point], at: Cells, label: str, paint: Json, theme: Theme, is_error: bool
) -> list[Json]:
    """The line of means, bars where there are several seeds, and the runs themselves."""
    unit = 100 if is_error else 1
    about: Json = {"name": label, "meta": [label]}
    means = [cell.mean for cell in at.values()]
    traces = [CHART.trace(theme, "mean", paint, x=list(at), y=means, **about)]
    if several := {x: cell for x, cell in at.items() if cell.n > 1}:
        means = [cell.mean for cell in several.values()]
        bars = {
            "array": [cell.most - cell.mean for cell in several.values()],
            "arrayminus": [cell.mean - cell.least for cell in several.values()],
            "color": paint["line"]["color"],
        }
        traces.append(
            CHART.trace(theme, "bars", paint, x=list(several), y=means, error_y=bars, **about)
        )
    measured = [(point, point.y) for point in points if point.y is not None]
    runs = CHART.trace(
        theme,
        "run" if is_error else "run_loss",
        paint,
        x=[point.value for point, _ in measured],
        y=[unit * y for _, y in measured],
        customdata=[
            [point.run, point.seed, round(y * (point.count or 0)), point.count]
            for point, y in measured
        ],
        **about,
    )
    return [*traces, runs]


def _lost(points: list[Point], top: float, label: str, paint: Json, theme: Theme) -> Json:
    """Runs that diverged, at the upper edge."""
    return CHART.trace(
        theme,
        "lost",
        paint,
        x=[point.value for point in points],
        y=[top] * len(points),
        customdata=[[point.run, point.seed, point.lost] for point in points],
        name=label,
        meta=[label],
    )
