"""Gradient by depth and step, runs side by side on one colour range (log10)."""

from __future__ import annotations

from typing import Any

from app.figures.chart import Chart
from app.figures.steps import gutter
from app.figures.themes import RATIO_DECADES, RATIO_SCALE, SCALE, Theme
from app.words import raw, t

NAME = "flowHeatmap"
Json = dict[str, Any]


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
        "coloraxis2": _ratios(theme),
    }


def _ratios(theme: Theme) -> Json:
    """The colours of what is shown beside the last block's: the same on every page."""
    powers = range(-RATIO_DECADES, RATIO_DECADES + 1)
    return {
        "colorscale": [list(stop) for stop in RATIO_SCALE],
        "cmin": -RATIO_DECADES,
        "cmax": RATIO_DECADES,
        "colorbar": {
            "thickness": theme.font,
            "outlinewidth": 0,
            "ticks": "outside",
            "ticklen": 4,
            "tickvals": list(powers),
            "ticktext": [_beside(power) for power in powers],
            "tickfont": {"color": theme.muted, "size": theme.font},
        },
    }


def _beside(power: int) -> str:
    """A factor of ten to some power in words, on two lines; those at the ends stand for more."""
    if power == 0:
        return t("charts.heat.same")
    way = "larger" if power > 0 else "smaller"
    most = "_most" if abs(power) == RATIO_DECADES else ""
    return t(f"charts.heat.{way}{most}", factor=f"{10 ** abs(power):,}")


def _kinds(theme: Theme) -> Json:
    """``value`` and ``ratio`` hold log10, ``even`` the values; ``zero``, ``lost`` and
    ``none`` (nothing to be measured) hold 1 where so, else None, in one colour each, and their
    signs (``zero_sign``) stand on them: no colour says it alone.

    ``customdata`` is the place's name by row; ``meta`` (label,).
    """
    cells = {"type": "heatmap", "hoverongaps": False, "zsmooth": False}
    sign = {"type": "scatter", "mode": "text", "hoverinfo": "skip"}
    flat = {**cells, "showscale": False, "zmin": 0, "zmax": 1}
    return {
        "value": {
            **cells,
            "coloraxis": "coloraxis",
            "hovertemplate": raw("charts.hover.heat"),
        },
        "even": {
            **cells,
            "coloraxis": "coloraxis",
            "hovertemplate": raw("charts.hover.heat_even"),
        },
        "ratio": {
            **cells,
            "coloraxis": "coloraxis2",
            "hovertemplate": raw("charts.hover.heat_ratio"),
        },
        "zero_sign": {**sign, "textfont": {"color": theme.ink, "size": theme.font}},
        "none_sign": {**sign, "textfont": {"color": theme.ink, "size": theme.font}},
        "lost_sign": {**sign, "textfont": {"color": theme.paper, "size": theme.font}},
        "zero": {
            **flat,
            "colorscale": [[0, theme.ghost], [1, theme.ghost]],
            "hovertemplate": raw("charts.hover.heat_zero"),
        },
        "none": {
            **flat,
            "colorscale": [[0, theme.paper], [1, theme.paper]],
            "hovertemplate": raw("charts.hover.heat_none"),
        },
        "lost": {
            **flat,
            "colorscale": [[0, theme.ink], [1, theme.ink]],
            "hovertemplate": raw("charts.hover.heat_lost"),
        },
    }


CHART = Chart(layout=_layout, kinds=_kinds)
