"""The page and the export draw the same traces from the same events."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from app.figures import error, flow, heatmap, sweep
from app.figures.series import gather, labelled
from app.figures.themes import THEMES
from tests.e2e.stage import PLAIN, RESIDUAL, SWEEP, Stage, events, spec


def flat(data: Any) -> Any:
    """A figure's data as JSON has it."""
    return json.loads(json.dumps(data))


class TestSameAsExport:
    """The page and the export draw the same traces from the same events."""

    def runs(self) -> Any:
        skips = ("none", "identity")
        return labelled([gather(spec(s), events(spec(s), seed=i)) for i, s in enumerate(skips)])

    def test_error(self, twins: Stage) -> None:
        twins.mount("errorByStep", chance=0.898)
        drawn = twins.show("errorByStep", [PLAIN, RESIDUAL])
        exported = flat(error.figure(self.runs(), THEMES["light"]).to_plotly_json())
        assert len(drawn["data"]) == len(exported["data"]) == 6
        for one, other in zip(drawn["data"], exported["data"], strict=True):
            assert one["x"] == other["x"]
            assert one["y"] == pytest.approx(other["y"])
            assert one["customdata"] == other["customdata"]
            assert (one["line"], one["marker"]) == (other["line"], other["marker"])
        assert drawn["layout"]["yaxis"]["range"] == [0, 100]
        assert drawn["layout"]["xaxis"]["range"] == exported["layout"]["xaxis"]["range"]

    def test_flow(self, twins: Stage) -> None:
        twins.mount("flowByDepth")
        drawn = twins.show("flowByDepth", [PLAIN, RESIDUAL])
        exported = flat(flow.figure(self.runs(), THEMES["light"]).to_plotly_json())
        for one, other in zip(drawn["data"], exported["data"], strict=True):
            assert one["x"] == other["x"]
            assert one["y"] == pytest.approx(other["y"])
            assert one["customdata"] == other["customdata"]
        assert drawn["layout"]["yaxis"]["range"] == pytest.approx(
            exported["layout"]["yaxis"]["range"]
        )

    def test_heatmap(self, twins: Stage) -> None:
        twins.mount("flowHeatmap", width=900)
        drawn = twins.show("flowHeatmap", [PLAIN, RESIDUAL])
        exported = flat(heatmap.figure(self.runs(), THEMES["light"]).to_plotly_json())
        for one, other in zip(drawn["data"], exported["data"], strict=True):
            np.testing.assert_allclose(one["z"], other["z"])
            assert one["x"] == other["x"]
        for edge in ("cmin", "cmax"):
            assert drawn["layout"]["coloraxis"][edge] == exported["layout"]["coloraxis"][edge]

    @pytest.mark.parametrize("measure", ["train_error", "train_loss"])
    def test_sweep(self, stage: Stage, measure: str) -> None:
        data = {**SWEEP, "measure": measure}
        stage.mount("errorByDepth")
        drawn = stage.update("errorByDepth", data)
        keys = ("run", "label", "role", "value", "seed", "y", "count")
        points = [
            sweep.Point(**{key: point[key] for key in keys}, lost=point.get("lost"))
            for point in data["points"]
        ]
        figure = sweep.figure(
            points, THEMES["light"], field="net.depth", measure=measure, chance=SWEEP["chance"]
        )
        exported = flat(figure.to_plotly_json())
        assert len(drawn["data"]) == len(exported["data"]) == 4
        for one, other in zip(drawn["data"], exported["data"], strict=True):
            assert one["x"] == other["x"]
            assert one["y"] == pytest.approx(other["y"])
            assert one.get("customdata") == other.get("customdata")
            assert one["marker"] == other["marker"]
        for axis in ("tickvals", "ticktext"):
            assert drawn["layout"]["xaxis"][axis] == exported["layout"]["xaxis"][axis]
