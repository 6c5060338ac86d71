"""Gradient by depth and step, runs side by side on one colour range (log10)."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

import plotly.graph_objects as go

from app.figures.chart import Chart, merge
from app.figures.flow import depth_ticks
from app.figures.numbers import columns, decade_step, decades, lane, positive
from app.figures.series import Series
from app.figures.steps import gutter, step_ticks
from app.figures.themes import SCALE, Theme
from app.words import raw, t

NAME = "flowHeatmap"
Json = dict[str, Any]
TICKS = 8
BETWEEN = 0.05  # share of the width between two panels


def _layout(theme: Theme) -> Json:
    return {
        "hovermode": "closest",
        "xaxis": {"showgrid": False},
        "yaxis": {"showgrid": False},
        "annotations": [gutter(theme)],
        "coloraxis": {
            "colorscale": [list(stop) for stop in SCALE],
            "cmin": -1,
            "cmax": 0,
            "colorbar": {
                "thickness": theme.font,
                "outlinewidth": 0,
                "tickprefix": "10<sup>",
                "ticksuffix": "</sup>",
                "ticks": "outside",
                "ticklen": 4,
                "dtick": 1,
                "tickfont": {"color": theme.muted, "size": theme.font},
                "title": {"side": "right", "font": {"size": theme.font}},
            },
        },
    }


def _kinds(theme: Theme) -> Json:
    """``value`` holds log10; ``zero`` and ``lost`` hold 1 where so, else None, in one colour each.

    ``customdata`` is the place's name by row; ``meta`` (label,).
    """
    cells = {"type": "heatmap", "hoverongaps": False, "zsmooth": False}
    flat = {**cells, "showscale": False, "zmin": 0, "zmax": 1}
    return {
        "value": {
            **cells,
            "coloraxis": "coloraxis",
            "hovertemplate": raw("charts.hover.heat"),
        },
        "zero": {
            **flat,
            "colorscale": [[0, theme.ghost], [1, theme.ghost]],
            "hovertemplate": raw("charts.hover.heat_zero"),
        },
        "lost": {
            **flat,
            "colorscale": [[0, theme.ink], [1, theme.ink]],
            "hovertemplate": raw("charts.hover.heat_lost"),
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)


def panels(count: int) -> list[list[float]]:
    """The share of the width, from and to, of each of ``count`` panels."""
    width = (1 - BETWEEN * (count - 1)) / max(count, 1)
    starts = [i * (width + BETWEEN) for i in range(count)]
    return [[start, start + width] for start in starts]


def figure(runs: Sequence[Series], theme: Theme, quantity: str = "flow_norm") -> go.Figure:
    """The quantity of finished runs at every step, input at the bottom."""
    shown = [run for run in runs if run.frames]
    values = (value for run in shown for frame in run.frames for value in frame[quantity])
    low, high = decades(values) or (-1, 0)
    layout: Json = {
        "coloraxis": {
            "cmin": low,
            "cmax": high,
            "colorbar": {
                "title": {"text": t(f"charts.quantity.{quantity}")},
                "dtick": decade_step(low, high, TICKS),
            },
        },
        "annotations": [gutter(theme)],
    }
    drawn: list[Json] = []
    prototype = _layout(theme)
    for i, (run, domain) in enumerate(zip(shown, panels(len(shown)), strict=True)):
        number = "" if i == 0 else str(i + 1)
        last = int(run.spec["steps"])
        rows = len(run.frames[0][quantity])
        layout[f"xaxis{number}"] = merge(
            prototype["xaxis"],
            {
                "domain": domain,
                "anchor": f"y{number}",
                "range": [0.5, max(last, 1) + 0.5],
                **step_ticks(0, last, run.per_epoch, 4),
            },
        )
        layout[f"yaxis{number}"] = merge(
            prototype["yaxis"],
            {
                "anchor": f"x{number}",
                "range": [-0.5, rows - 0.5],
                **depth_ticks(rows, fraction=False, most=6),
            },
        )
        layout["annotations"].append(
            {
                "text": run.label,
                "xref": "paper",
                "x": domain[0],
                "xanchor": "left",
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "yshift": 0.35 * theme.font,
            }
        )
        drawn += _traces(run, quantity, theme, {"xaxis": f"x{number}", "yaxis": f"y{number}"})
    return CHART.figure(theme, drawn, **layout)


def _traces(run: Series, quantity: str, theme: Theme, axes: Json) -> list[Json]:
    kept = [run.frames[i] for i in columns(len(run.frames))]
    table = [[frame[quantity][row] for frame in kept] for row in range(len(kept[0][quantity]))]
    names = [place["name"] for place in run.places(quantity)]
    about: Json = {
        **axes,
        "x": [frame["step"] for frame in kept],
        "y": list(range(len(table))),
        "name": run.label,
        "meta": [run.label],
        "customdata": [[name] * len(kept) for name in names],
    }
    logs = [[log10(v) if v is not None and positive(v) else None for v in row] for row in table]
    traces = [CHART.trace(theme, "value", z=logs, **about)]
    for kind in ("zero", "lost"):
        marked = [[1 if lane(value) == kind else None for value in row] for row in table]
        if any(cell for row in marked for cell in row):
            traces.append(CHART.trace(theme, kind, z=marked, **about))
    return traces
