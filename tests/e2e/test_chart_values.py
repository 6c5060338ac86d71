"""What charts draw is what was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.e2e.stage import PLAIN, RESIDUAL, SWEEP, Json, Stage, events, spec

SERIES = (PLAIN, RESIDUAL)


def told(kind: str, seed: int = 0) -> list[Json]:
    """The events of this kind that the stage's pair said: plain is seed 0, residual seed 1."""
    skip = ("none", "identity")[seed]
    return [event for event in events(spec(skip), seed=seed) if event["type"] == kind]


def test_errors_are_drawn_in_per_cent_at_their_steps_and_counted(twins: Stage) -> None:
    twins.mount("errorByStep", chance=0.898)
    drawn = twins.show("errorByStep", list(SERIES))
    assert len(drawn["data"]) == 6
    for seed, (batch, train, test) in enumerate((drawn["data"][:3], drawn["data"][3:])):
        frames, seen = told("frame", seed), told("evaluated", seed)
        assert batch["x"] == [frame["step"] for frame in frames]
        np.testing.assert_allclose(batch["y"], [100 * frame["error"][0] for frame in frames])
        for which, trace in (("train", train), ("test", test)):
            assert trace["x"] == [event["step"] for event in seen]
            errors = [event[f"{which}_error"] for event in seen]
            np.testing.assert_allclose(trace["y"], np.multiply(errors, 100))
    layout = drawn["layout"]
    assert layout["yaxis"]["range"] == [0, 100]
    assert layout["xaxis"]["range"] == [0, 40]
    assert layout["shapes"][0]["y0"] == pytest.approx(89.8)
    # 22 steps are an epoch.
    epochs = dict(zip(layout["xaxis"]["tickvals"], layout["xaxis"]["ticktext"], strict=True))
    assert epochs[10] == "10<br>0.45"
    assert epochs[0] == "0<br>0"


def test_a_gradient_by_depth_is_drawn_as_it_was_measured(twins: Stage) -> None:
    twins.mount("flowByDepth")
    drawn = twins.show("flowByDepth", list(SERIES), scale="absolute")
    lows, highs = [], []
    for seed, trace in enumerate(drawn["data"]):
        values = told("frame", seed)[-1]["measures"]["flow"]
        assert trace["x"] == list(range(len(values)))
        np.testing.assert_allclose(trace["y"], values)
        names = [point["name"] for point in told("started", seed)[0]["points"]]
        assert [said.split(":")[0] for said in trace["customdata"]] == [
            name.replace("block", "block ") for name in names
        ]
        logs = np.log10([frame["measures"]["flow"] for frame in told("frame", seed)])
        lows.append(logs.min())
        highs.append(logs.max())
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low == pytest.approx(np.floor(min(lows)), abs=0.5)
    assert high == pytest.approx(np.ceil(max(highs)), abs=0.5)


def test_a_heatmap_is_coloured_by_the_power_of_ten_on_one_scale(twins: Stage) -> None:
    twins.mount("flowHeatmap", width=900)
    drawn = twins.show("flowHeatmap", list(SERIES), scale="absolute")
    for seed, trace in enumerate(drawn["data"]):
        frames = told("frame", seed)
        assert trace["x"] == [frame["step"] for frame in frames]
        expected = np.log10([frame["measures"]["flow"] for frame in frames]).T
        np.testing.assert_allclose(trace["z"], expected)
        assert trace["coloraxis"] == "coloraxis"
    logs = np.log10([f["measures"]["flow"] for seed in (0, 1) for f in told("frame", seed)])
    scale = drawn["layout"]["coloraxis"]
    assert (scale["cmin"], scale["cmax"]) == (np.floor(logs.min()), np.ceil(logs.max()))


@pytest.mark.parametrize("measure", ["train_error", "train_loss"])
def test_a_sweep_draws_every_run_with_means_and_extremes(stage: Stage, measure: str) -> None:
    data: dict[str, Any] = {**SWEEP, "measure": measure}
    stage.mount("errorByDepth")
    mean, bars, runs, lost = stage.update("errorByDepth", data)["data"]
    unit = 100 if measure.endswith("error") else 1
    ys = {at: [p["y"] * unit for p in data["points"] if p["value"] == at] for at in (8, 20)}
    assert mean["x"] == bars["x"] == [8, 20]
    np.testing.assert_allclose(mean["y"], [np.mean(ys[8]), np.mean(ys[20])])
    tops = np.add(bars["y"], bars["error_y"]["array"])
    bottoms = np.subtract(bars["y"], bars["error_y"]["arrayminus"])
    np.testing.assert_allclose(tops, [max(ys[8]), max(ys[20])])
    np.testing.assert_allclose(bottoms, [min(ys[8]), min(ys[20])], atol=1e-12)
    np.testing.assert_allclose(runs["y"], [*ys[8], *ys[20]])
    assert lost["x"] == [56]
    assert lost["customdata"] == [["run560", 0, "became NaN at step 7"]]


def test_a_rate_is_swept_on_a_log_axis(stage: Stage) -> None:
    points = [{**p, "value": v} for p, v in zip(SWEEP["points"], (0.01, 0.1, 1.0), strict=False)]
    stage.mount("errorByDepth")
    data = {**SWEEP, "field": "optimizer.lr", "values": [0.01, 0.1, 1.0], "points": points}
    assert stage.update("errorByDepth", data)["layout"]["xaxis"]["type"] == "log"
