"""Every chart: what the design's Look asks of it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from app.figures import CHARTS, all_figures, error, flow, heatmap, loss, sweep
from app.figures.series import Series, gather, labelled
from app.figures.sweep import Point
from app.figures.themes import THEMES, Theme
from tests.app.figures.events import said, spec

LIGHT = THEMES["light"]


def series(skip: str = "none", **values: Any) -> Series:
    """A gathered run; values for the run's events, see events.said."""
    of = spec(skip)
    return gather(json.loads(of.model_dump_json()), said(of=of, **values))


def named(figure: Any, kind: str, chart: str | None = None) -> list[dict[str, Any]]:
    """The traces of a figure whose hover text is of this kind (of this chart's)."""
    template = next(
        chart.kinds(LIGHT)[kind]["hovertemplate"]
        for chart in ([CHARTS[chart]] if chart else CHARTS.values())
        if kind in chart.kinds(LIGHT) and "hovertemplate" in chart.kinds(LIGHT)[kind]
    )
    return [
        trace for trace in figure.to_plotly_json()["data"] if trace.get("hovertemplate") == template
    ]


def test_all_charts_are_ready_for_json_in_all_themes() -> None:
    figures = json.loads(json.dumps(all_figures(), allow_nan=False))
    assert set(figures) == {
        "errorByStep",
        "lossByStep",
        "flowByDepth",
        "flowHeatmap",
        "errorByDepth",
    }
    for figure in figures.values():
        assert set(figure["themes"]) == {"light", "dark", "projector"}


def test_no_chart_needs_eval_or_can_upload_anything() -> None:
    text = json.dumps(all_figures())
    assert "scattergl" not in text
    for figure in all_figures().values():
        assert figure["config"]["plotlyServerURL"] == ""
        assert figure["config"]["displayModeBar"] is False


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_roles_differ_by_colour_and_dash_and_marker(theme: Theme) -> None:
    paints = CHARTS["errorByStep"].themed(theme)["paints"]
    looks = {
        role: (
            paints[role][0]["line"]["color"],
            paints[role][0]["line"]["dash"],
            paints[role][0]["marker"]["symbol"],
        )
        for role in ("plain", "residual", "other")
    }
    for i in range(3):
        assert len({look[i] for look in looks.values()}) == 3
    assert looks["plain"][1:] == ("dash", "square")
    assert looks["residual"][1:] == ("solid", "circle")


def test_plain_and_residual_are_vermillion_and_blue() -> None:
    paints = CHARTS["flowByDepth"].themed(LIGHT)["paints"]
    assert paints["plain"][0]["line"]["color"].upper() == "#D55E00"
    assert paints["residual"][0]["line"]["color"].upper() == "#0072B2"


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_every_line_stands_out_from_the_paper(theme: Theme) -> None:
    # WCAG 2.2, 1.4.11: 3:1 for graphics. The palest of five variants still is told by its label.
    for role in theme.roles:
        for shade in theme.shades(role)[:3]:
            assert contrast(shade, theme.paper) >= 2.2
        assert contrast(theme.roles[role], theme.paper) >= 3
    assert contrast(theme.ink, theme.paper) >= 7
    assert contrast(theme.muted, theme.paper) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two ``#rrggbb``."""

    def luminance(colour: str) -> float:
        channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return float(linear @ [0.2126, 0.7152, 0.0722])

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_projector_has_large_text_and_thick_lines() -> None:
    for chart in CHARTS.values():
        themed = chart.themed(THEMES["projector"])
        assert themed["layout"]["template"]["layout"]["font"]["size"] >= 22
        for paints in (themed["paints"]["plain"], themed["paints"]["ghost"].values()):
            assert all(paint["line"]["width"] >= 4 for paint in paints)


def test_error_axis_is_0_to_100_per_cent_with_chance_marked() -> None:
    figure = error.figure(labelled([series()]), LIGHT)
    assert list(figure.layout.yaxis.range) == [0, 100]
    assert figure.layout.shapes[0].y0 == pytest.approx(89.8)
    assert "chance" in [note.text for note in figure.layout.annotations]


def test_hover_counts_the_wrong_ones() -> None:
    figure = error.figure(labelled([series()]), LIGHT)
    (train,) = named(figure, "train")
    assert train["customdata"] == [[900, 1000], [250, 1000]]
    (test,) = named(figure, "test")
    assert test["customdata"] == [[162, 360], [45, 360]]
    (batch,) = named(figure, "batch")
    assert batch["customdata"] == [32, 32, 32]
    assert batch["meta"] == ["plain", 64]


def test_steps_carry_their_epoch() -> None:
    axis = error.figure(labelled([series()]), LIGHT).layout.xaxis
    assert list(axis.tickvals) == [0, 1, 2, 3]
    assert list(axis.ticktext) == ["0<br>0", "1<br>0", "2<br>0.1", "3<br>0.1"]


def test_a_flow_of_zero_is_a_marked_zero_and_never_a_small_number() -> None:
    figure = flow.figure(labelled([series(flow=(1e-30, 0.0, None))]), LIGHT)
    (zero,) = named(figure, "zero")
    (lost,) = [t for t in figure.to_plotly_json()["data"] if t.get("yaxis") == "y3"]
    assert (zero["x"], zero["yaxis"], zero["customdata"]) == ([1], "y2", ["block1"])
    assert (lost["x"], lost["customdata"]) == ([2], ["head"])
    (curve,) = named(figure, "value")[:1]
    assert curve["y"] == [1e-30, None, None]
    low, high = figure.layout.yaxis.range
    assert low <= -30 <= high
    assert figure.layout.yaxis2.visible
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]


def test_twins_share_the_range_and_networks_of_one_depth_count_layers() -> None:
    runs = labelled([series(flow=(1e-7, 1e-4, 0.5)), series("identity", flow=(0.2, 0.3, 0.5))])
    figure = flow.figure(runs, LIGHT)
    low, high = figure.layout.yaxis.range
    assert low == pytest.approx(-7, abs=0.5)
    assert high == pytest.approx(0, abs=0.5)
    assert [run.label for run in runs] == ["plain", "residual"]


def test_heatmaps_share_one_colour_range_in_decades() -> None:
    runs = labelled([series(flow=(1e-7, 1e-4, 0.5)), series("identity", flow=(0.2, 0.0, 0.5))])
    figure = heatmap.figure(runs, LIGHT)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (-7, 0)
    plain, residual, zero = figure.to_plotly_json()["data"]
    assert plain["coloraxis"] == residual["coloraxis"]
    np.testing.assert_allclose(np.array(plain["z"], float)[:, 0], np.log10([1e-7, 1e-4, 0.5]))
    assert residual["z"][1] == [None, None, None]
    assert zero["z"][1] == [1, 1, 1]


def test_a_divergence_is_marked_at_its_step() -> None:
    figure = loss.figure(labelled([series(diverged=True)]), LIGHT)
    (marked,) = named(figure, "lost", "lossByStep")
    assert marked["x"] == [3]
    assert marked["meta"][1] == "stopped being a number at step 3"


def test_runs_are_told_apart_by_what_differs() -> None:
    wide = gather(json.loads(spec("none", **{"net.width": 32}).model_dump_json()), ())
    runs = labelled([series(), wide, series("identity")])
    assert [run.label for run in runs] == ["plain, width 8", "plain, width 32", "residual, width 8"]
    assert [run.variant for run in runs] == [0, 1, 0]


def points(errors: dict[int, list[float]]) -> list[Point]:
    """A sweep's points: errors by depth, one a seed."""
    return [
        Point(run=f"r{depth}{seed}", label="plain", role="plain", value=depth, seed=seed, y=y)
        for depth, ys in errors.items()
        for seed, y in enumerate(ys)
    ]


def test_a_sweep_shows_every_run_and_bars_that_stay_within_0_and_100_per_cent() -> None:
    errors = {8: [0.0, 0.01, 0.0], 56: [0.7, 1.0, 0.9]}
    figure = sweep.figure(
        points(errors), LIGHT, field="net.depth", measure="train_error", chance=0.9
    )
    mean, bars, runs = figure.to_plotly_json()["data"]
    assert len(runs["x"]) == 6
    assert bars["y"] == mean["y"]
    tops = np.add(bars["y"], bars["error_y"]["array"])
    bottoms = np.subtract(bars["y"], bars["error_y"]["arrayminus"])
    np.testing.assert_allclose(tops, [1, 100])
    np.testing.assert_allclose(bottoms, [0, 70])


def test_one_seed_has_no_bar() -> None:
    some = points({8: [0.1, 0.2], 56: [0.7]})
    figure = sweep.figure(some, LIGHT, field="net.depth", measure="train_error", chance=0.9)
    mean, bars, _ = figure.to_plotly_json()["data"]
    assert mean["x"] == [8, 56]
    assert bars["x"] == [8]


def test_a_run_that_diverged_is_marked_at_the_upper_edge_and_in_no_mean() -> None:
    at: dict[str, Any] = {"value": 56, "seed": 1, "y": None, "lost": "became infinite at step 3"}
    lost = Point(run="r561", label="plain", role="plain", **at)
    only = Point(run="r562", label="residual", role="residual", **at)
    some = [*points({56: [0.7]}), lost, only]
    figure = sweep.figure(some, LIGHT, field="net.depth", measure="train_error", chance=0.9)
    marked = named(figure, "lost", "errorByDepth")
    assert [(one["name"], one["x"], one["y"]) for one in marked] == [
        ("plain", [56], [100]),
        ("residual", [56], [100]),
    ]
    assert marked[0]["customdata"] == [["r561", 1, "became infinite at step 3"]]
    assert figure.to_plotly_json()["data"][0]["y"] == [70]


def test_names_are_swept_by_their_titles() -> None:
    some = [
        Point(run=init, label="plain", role="plain", value=init, seed=0, y=0.5)
        for init in ("he", "default")
    ]
    figure = sweep.figure(some, LIGHT, field="net.init", measure="train_error", chance=0.9)
    axis = figure.layout.xaxis
    assert list(axis.tickvals) == list(axis.categoryarray) == ["he", "default"]
    assert list(axis.ticktext) == ["He", "PyTorch's default"]


def test_a_rate_is_swept_on_a_log_axis_and_a_name_on_categories() -> None:
    assert sweep.scale("optimizer.lr", (0.01, 0.1)) == "log"
    assert sweep.scale("optimizer.weight_decay", (0.0, 0.1)) == "linear"
    assert sweep.scale("net.depth", (8, 56)) == "linear"
    assert sweep.scale("net.norm", ("none", "batch")) == "category"
