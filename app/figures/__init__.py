"""Every chart, defined once: the page fills it with live data, an export with a finished run's."""

from __future__ import annotations

from typing import Any

from app.figures import error, flow, heatmap, loss, sweep
from app.figures.themes import THEMES

CHARTS = {module.NAME: module.CHART for module in (error, loss, flow, heatmap, sweep)}


def all_figures() -> dict[str, dict[str, Any]]:
    """Every chart by its name, ready for JSON.

    A chart is ``{"name", "config", "themes"}``; ``themes`` has, for light, dark and projector,
    the ``layout``, the ``traces`` by kind without data, the ``paints`` by role (see
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
