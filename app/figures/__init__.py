"""How every chart looks. Pages and exported files fill them with data (static/js/charts/)."""

from __future__ import annotations

from typing import Any

from app.figures import error, flow, heatmap, lesion, loss, paths, sweep
from app.figures.themes import THEMES

CHARTS = {
    module.NAME: module.CHART for module in (error, loss, flow, heatmap, sweep, lesion, paths)
}


def all_figures() -> dict[str, dict[str, Any]]:
    """Every chart by its name, ready for JSON.

    A chart is ``{"name", "config", "themes"}``; ``themes`` has, for light, dark and projector,
    the ``layout``, the ``traces`` by kind without data, the ``brush`` of its series (see
    :mod:`app.figures.chart`) and the colours that the page needs beside them.
    """
    return {
        name: {
            "name": name,
            "config": chart.config(),
            "themes": {theme.name: chart.themed(theme) for theme in THEMES.values()},
        }
        for name, chart in CHARTS.items()
    }
