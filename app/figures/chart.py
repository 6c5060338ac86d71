"""What a chart is before it has data: a layout, kinds of traces, and what paints its series.

The page fills it (static/js/charts/): a drawn trace is its kind laid over the paint of its series,
plus data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.themes import Theme

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart: ``layout(theme)`` and ``kinds(theme)`` are plain dictionaries in Plotly's terms."""

    layout: Callable[[Theme], Json]
    kinds: Callable[[Theme], Mapping[str, Json]]

    def config(self) -> Json:
        """Plotly's configuration: no mode bar, no logo, nowhere to upload to."""
        return {
            "displayModeBar": False,
            "displaylogo": False,
            "plotlyServerURL": "",
            "responsive": False,  # the page measures its own elements
            "doubleClick": "reset",
            "scrollZoom": False,
        }

    def themed(self, theme: Theme) -> Json:
        """Layout, trace kinds and brush in one look; checked by Plotly's own validators.

        Raises:
            ValueError: Plotly does not know an attribute or value.
        """
        layout = merge(common(theme), self.layout(theme))
        return {
            "layout": go.Figure(layout=layout).to_plotly_json()["layout"],
            "traces": {kind: _checked(trace) for kind, trace in self.kinds(theme).items()},
            "brush": brush(theme),
            "ink": theme.ink,
            "muted": theme.muted,
            "paper": theme.paper,
            "grid": theme.grid,
            "font": theme.font,
        }


def _checked(trace: Json) -> Json:
    drawn: Json = go.Figure(data=[trace]).to_plotly_json()["data"][0]
    return drawn


def merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> Json:
    """``over`` laid over ``under``, dictionary by dictionary; neither is changed."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(below, value) if both else value  # type: ignore[arg-type]
    return merged


def brush(theme: Theme) -> Json:
    """What series are painted with, beside the dash and marker of their skips: the shades of each
    hue (one for each line of a skip), the grey of ghosts, and sizes in pixels."""
    return {
        "hues": {hue: theme.shades(hue) for hue in theme.hues},
        "ghost": theme.ghost,
        "width": theme.line,
        "thin": theme.thin,
        "size": theme.marker,
        "edge": max(1.5, theme.line * 0.7),
    }


def common(theme: Theme) -> Json:
    """What all charts share: fonts, colours, quiet axes, hover in ink, no legend of Plotly's."""
    axis = {
        "gridcolor": theme.grid,
        "linecolor": theme.muted,
        "tickcolor": theme.muted,
        "ticks": "outside",
        "ticklen": 4,
        "showline": True,
        "zeroline": False,
        "tickfont": {"color": theme.muted, "size": theme.font},
        "title": {"standoff": 6, "font": {"color": theme.ink, "size": theme.font}},
    }
    em = theme.font
    return {
        "template": {
            "layout": {
                "font": {"family": "system-ui, sans-serif", "size": em, "color": theme.ink},
                "paper_bgcolor": "rgba(0,0,0,0)",
                "plot_bgcolor": "rgba(0,0,0,0)",
                "xaxis": axis,
                "yaxis": axis,
                "hoverlabel": {
                    "bgcolor": theme.paper,
                    "bordercolor": theme.muted,
                    "font": {"color": theme.ink, "size": em},
                    "align": "left",
                },
                "annotationdefaults": {
                    "showarrow": False,
                    "font": {"color": theme.ink, "size": em},
                    "arrowcolor": theme.muted,
                },
                "shapedefaults": {
                    "line": {"color": theme.muted, "width": max(1, theme.line / 2), "dash": "dot"}
                },
            }
        },
        "margin": {"l": round(3.9 * em), "r": round(6.2 * em), "t": round(1.9 * em),
                   "b": round(3.3 * em), "pad": 0},
        "showlegend": False,
        "hovermode": "x unified",
        "dragmode": "zoom",
        "uirevision": "kept",
    }  # fmt: skip


def percent_axis(theme: Theme) -> Json:
    """The y axis of what lies between 0 and 100 %."""
    return {"range": [0, 100], "dtick": 25 if theme.font < 20 else 50, "ticksuffix": " %"}


def y_label(text: str, theme: Theme) -> Json:
    """What the y axis shows, above it and upright: easier to read than turned text."""
    return {
        "name": "y",
        "text": text,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": -3.4 * theme.font,
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 0.35 * theme.font,
    }
