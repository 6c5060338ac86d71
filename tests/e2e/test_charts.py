"""The charts in a real browser, under the page's own security rules."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from app.figures import error, flow, heatmap, sweep
from app.figures import numbers as python
from app.figures.series import gather, labelled
from app.figures.themes import THEMES
from tests.e2e.conftest import Watch
from tests.e2e.stage import Stage, events, spec

Json = dict[str, Any]
Logic = Callable[..., Any]
PLAIN: Json = {"run": "p", "label": "plain", "role": "plain"}
RESIDUAL: Json = {"run": "r", "label": "residual", "role": "residual"}


@pytest.fixture(scope="module")
def house(browser: Browser, server: str) -> Iterator[Stage]:
    """One page for all these tests; it must never complain nor ask another host."""
    watch = Watch(server)
    visitor = browser.new_context(base_url=server, viewport={"width": 1366, "height": 768})
    page = visitor.new_page()
    watch.follow(page)
    yield Stage(page)
    visitor.close()
    assert watch.unexpected() == []


@pytest.fixture
def stage(house: Stage) -> Stage:
    """An empty stage for charts."""
    house.clear()
    return house


@pytest.fixture
def twins(stage: Stage) -> Stage:
    """A stage with a finished pair."""
    stage.tell("p", spec("none"), events(spec("none")))
    stage.tell("r", spec("identity"), events(spec("identity"), seed=1))
    return stage


def pure(logic: Logic, call: str, arg: Any) -> Any:
    """The answer of a pure function of static/js/charts/numbers.js."""
    return logic(f"const n = await load('../charts/numbers'); return {call};", arg)


def flat(data: Any) -> Any:
    """A figure's data as JSON has it."""
    return json.loads(json.dumps(data))


class TestNumbers:
    """static/js/charts/numbers.js against app/figures/numbers.py, which numpy holds to account."""

    @pytest.mark.parametrize("seed", range(3))
    def test_decades(self, logic: Logic, seed: int) -> None:
        values = (10 ** np.random.default_rng(seed).uniform(-40, 5, 50)).tolist()
        values += [0, None]
        assert pure(logic, "n.decades(arg)", values) == list(python.decades(values) or ())
        assert pure(logic, "n.decades(arg, [-50, 9])", values) == [-50, 9]
        assert pure(logic, "n.decades([0, null])", None) is None

    @pytest.mark.parametrize("count", [1, 400, 401, 999, 100_000])
    def test_columns(self, logic: Logic, count: int) -> None:
        assert pure(logic, "n.columns(arg)", count) == python.columns(count)

    @pytest.mark.parametrize("size", [10, 601, 1202])
    def test_envelope(self, logic: Logic, size: int) -> None:
        values: list[float | None] = np.random.default_rng(size).normal(size=size).tolist()
        values[size // 2] = None
        expected, _ = python.envelope(range(size), values, 100)
        assert pure(logic, "n.envelope(arg, 100)", values) == expected

    def test_spread(self, logic: Logic) -> None:
        places = [50.0, 52.0, 49.0, 99.0]
        assert pure(logic, "n.spread(arg, 15, 0, 100)", places) == pytest.approx(
            python.spread(places, 15, 0, 100)
        )

    @pytest.mark.parametrize(("low", "high", "most"), [(0, 200, 6), (37, 61, 5), (0, 100_000, 7)])
    def test_ticks(self, logic: Logic, low: int, high: int, most: int) -> None:
        assert pure(logic, "n.ticks(...arg)", [low, high, most]) == python.ticks(low, high, most)

    def test_lanes(self, logic: Logic) -> None:
        values = [0, 1e-30, None, 2.0]
        assert pure(logic, "arg.map(n.lane)", values) == [python.lane(v) for v in values]


class TestNames:
    """static/js/charts/series.js: names where there is no room for them."""

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["plain", "residual"], ["plain", "residual"]),
            (["plain, width 16", "residual"], ["plain, wi…", "residual"]),
            (["residual, momentum 0.9", "residual, momentum 0.5"], ["…entum 0.9", "…entum 0.5"]),
            (["residual, lr 0.1, width 16"], ["residual,…"]),
            (
                ["residual, lr 0.1, seed 10000", "residual, lr 0.2, seed 10000"],
                ["1 residua…", "2 residua…"],
            ),
        ],
    )
    def test_cut_names_stay_apart(
        self, logic: Logic, names: list[str], expected: list[str]
    ) -> None:
        body = "return (await load('../charts/series')).shortened(arg, 10)"
        assert logic(body, names) == expected

    @pytest.mark.parametrize(
        ("most", "places"), [(2, []), (3.7, [28]), (4.9, [28]), (6, [10, 20, 30, 40, 50])]
    )
    def test_where_there_is_little_room_one_tick_stands_between_the_ends(
        self, logic: Logic, most: float, places: list[int]
    ) -> None:
        body = "return (await load('../charts/flowByDepth')).depthTicks(57, false, arg).tickvals"
        assert logic(body, most) == [0, *places, 56]


class TestSmoothing:
    """Against the definition: weights that fall by ``amount`` a step, scaled to sum to one."""

    AMOUNT = 0.8

    def expected(self, ys: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        means = []
        for i in range(len(ys)):
            weights = self.AMOUNT ** np.arange(i, -1, -1.0)
            means.append(np.average(ys[: i + 1], weights=weights))
        return np.array(means)

    def test_it_is_the_weighted_mean_of_what_came_before(self, logic: Logic) -> None:
        ys = np.random.default_rng(0).normal(size=50)
        got = pure(logic, f"n.smooth(arg, {self.AMOUNT})", ys.tolist())
        np.testing.assert_allclose(got, self.expected(ys))

    def test_zero_changes_nothing(self, logic: Logic) -> None:
        ys = [3.0, 1.0, 2.0]
        assert pure(logic, "n.smooth(arg, 0)", ys) == ys

    def test_it_averages_logarithms_on_a_log_axis(self, logic: Logic) -> None:
        ys = 10 ** np.random.default_rng(1).uniform(-6, 0, 40)
        got = pure(logic, f"n.smooth(arg, {self.AMOUNT}, true)", ys.tolist())
        np.testing.assert_allclose(got, np.exp(self.expected(np.log(ys))))

    def test_nothing_crosses_a_divergence(self, logic: Logic) -> None:
        before, after = [1e9, 2e9], [1.0, 3.0]
        got = pure(logic, f"n.smooth(arg, {self.AMOUNT})", [*before, None, *after])
        assert got[2] is None
        np.testing.assert_allclose(got[3:], self.expected(np.array(after)))


class TestTime:
    """static/js/charts/time.js: a frame of step s is measured after s - 1 updates."""

    def time(self, logic: Logic, call: str, arg: Any = None) -> Any:
        return logic(f"const time = await load('../charts/time'); return {call};", arg)

    def test_place_0_is_before_the_first_update_and_shows_the_frame_of_step_1(
        self, logic: Logic
    ) -> None:
        assert self.time(logic, "time.stepAt(0)") == 1
        assert self.time(logic, "time.placeWords(0, 9, 'flow_norm').key") == "start"
        after = self.time(logic, "time.placeWords(4, 9, 'flow_norm')")
        assert after == {"key": "after", "values": {"n": 4, "steps": 9}}

    def test_an_update_belongs_to_its_step(self, logic: Logic) -> None:
        update = self.time(logic, "time.placeWords(0, 9, 'update_ratio')")
        assert update == {"key": "update", "values": {"n": 1, "steps": 9}}

    @pytest.mark.parametrize(
        ("runs", "expected"),
        [
            ([], 0),
            ([(0, False)], 0),
            ([(12, True), (3, True)], 11),
            ([(12, False), (9, False)], 8),
            ([(12, True), (9, False)], 8),
        ],
    )
    def test_runs_that_still_train_are_seen_at_a_step_that_all_have_reached(
        self, logic: Logic, runs: list[tuple[int, bool]], expected: int
    ) -> None:
        histories = [
            {"frames": [{"step": s} for s in range(1, last + 1)], "ended": ended}
            for last, ended in runs
        ]
        assert self.time(logic, "time.lastPlace(arg)", histories) == expected

    def test_a_step_on_an_axis_becomes_a_place_that_there_is(self, logic: Logic) -> None:
        assert self.time(logic, "[0, 1, 7.4, 99].map((s) => time.placeOf(s, 10))") == [0, 0, 6, 10]


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
            sweep.Point(
                **{key: point[key] for key in keys}, diverged=point["standing"] == "diverged"
            )
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


def test_names_are_swept_by_their_titles_and_one_seed_has_no_bar(stage: Stage) -> None:
    points = [
        {**point, "value": value}
        for point, value in zip(SWEEP["points"][1:3], ("he", "default"), strict=True)
    ]
    stage.mount("errorByDepth", width=900)
    drawn = stage.update(
        "errorByDepth",
        {
            **SWEEP,
            "field": "net.init",
            "values": ["he", "default"],
            "titles": ["He", "PyTorch's default"],
            "points": points,
        },
    )
    assert not any("error_y" in trace for trace in drawn["data"])
    ticks = stage.page.locator(".plot .xtick text")
    expect(ticks).to_have_text(["He", "PyTorch's default"])
    assert "PyTorch's default: 3\xa0%" in stage.page.locator(".plot p").inner_text()


def test_hovering_an_evaluation_says_how_many_were_wrong(twins: Stage) -> None:
    twins.mount("errorByStep", width=900)
    drawn = twins.show("errorByStep", [PLAIN])
    train = next(t for t in drawn["data"] if "training set" in t["hovertemplate"])
    assert train["customdata"][0] == [int(1437 * 0.9), 1437]
    twins.page.evaluate(
        "Plotly.Fx.hover(charts.errorByStep.view.plot, [{curveNumber: 1, pointNumber: 0}])"
    )
    expect(twins.page.locator(".hoverlayer")).to_contain_text("1293 of 1437 wrong")


def test_a_zoom_and_a_hidden_series_outlive_live_updates(stage: Stage) -> None:
    of = spec("none")
    said = events(of)
    stage.tell("p", of, said[:20])
    stage.tell("r", spec("identity"), events(spec("identity"), upto=15))
    stage.mount("lossByStep")
    stage.show("lossByStep", [PLAIN, RESIDUAL])
    page = stage.page
    page.evaluate(
        "Plotly.relayout(charts.lossByStep.view.plot, {'xaxis.range[0]': 2, 'xaxis.range[1]': 9})"
    )
    page.locator(".plot-menu summary").click()
    page.get_by_label("residual").uncheck()
    stage.tell("p", of, said)
    drawn = stage.show("lossByStep", [PLAIN, RESIDUAL])
    assert drawn["layout"]["xaxis"]["range"] == [2, 9]
    assert {trace["name"] for trace in drawn["data"]} == {"plain"}
    page.get_by_role("button", name="Whole view").click()
    expect(page.locator(".plot-menu summary")).to_be_focused()
    drawn = stage.drawn("lossByStep")
    assert drawn["layout"]["xaxis"]["range"] == [0, of["steps"]]


def test_dragging_zooms_and_a_double_click_shows_all_again(twins: Stage) -> None:
    twins.mount("lossByStep")
    twins.show("lossByStep", [PLAIN])
    box = twins.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    mouse, y = twins.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.25, y)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.5, y, steps=4)
    mouse.up()
    twins.page.wait_for_function("() => Object.keys(charts.lossByStep.view.zoom).length")
    low, high = twins.drawn("lossByStep")["layout"]["xaxis"]["range"]
    assert (low, high) == (pytest.approx(10, abs=0.5), pytest.approx(20, abs=0.5))
    mouse.dblclick(box["x"] + box["width"] / 2, y)
    twins.page.wait_for_function("() => !Object.keys(charts.lossByStep.view.zoom).length")
    assert twins.drawn("lossByStep")["layout"]["xaxis"]["range"] == [0, 40]


def test_a_range_grows_by_decades_and_never_shrinks_while_a_run_lasts(stage: Stage) -> None:
    of = spec("none", steps=3)
    said = events(of, upto=3)
    frames = [event for event in said if event["type"] == "frame"]
    for frame, size in zip(frames, (1e-2, 1e-9, 1e-2), strict=True):
        frame["flow_norm"] = [size] * len(frame["flow_norm"])
    stage.mount("flowByDepth")
    ranges = []
    for frame in frames:
        stage.tell("p", of, [e for e in said if e["seq"] <= frame["seq"]])
        low, high = stage.show("flowByDepth", [PLAIN])["layout"]["yaxis"]["range"]
        ranges.append((round(low), round(high)))
    assert ranges == [(-3, -2), (-9, -2), (-9, -2)]


def test_zeros_have_a_lane_of_their_own(stage: Stage) -> None:
    of = spec("none")
    stage.tell("p", of, events(of, zeros=2))
    stage.mount("flowByDepth")
    drawn = stage.show("flowByDepth", [PLAIN])
    curve, zero = drawn["data"]
    assert curve["y"][:2] == [None, None]
    assert (zero["x"], zero["yaxis"]) == ([0, 1], "y2")
    assert drawn["layout"]["yaxis2"]["visible"]
    assert "2 layers are exactly 0" in stage.page.locator(".plot p").inner_text()


def test_networks_of_different_depth_are_compared_on_the_fraction_of_depth(stage: Stage) -> None:
    for run, depth in (("p", 8), ("r", 20)):
        stage.tell(run, spec("none", depth), events(spec("none", depth)))
    stage.mount("flowByDepth")
    drawn = stage.show("flowByDepth", [PLAIN, RESIDUAL])
    assert [(trace["x"][0], trace["x"][-1]) for trace in drawn["data"]] == [(0, 1), (0, 1)]


def test_more_than_200_layers_are_drawn_as_their_least_and_greatest(stage: Stage) -> None:
    of = spec("none", 1202, 2)
    said = events(of, upto=2)
    stage.tell("p", of, said)
    stage.mount("flowByDepth", width=300)
    (curve,) = stage.show("flowByDepth", [PLAIN], quantity="grad_norm")["data"]
    values = said[-1]["grad_norm"]
    assert len(curve["y"]) < 1202
    assert set(curve["y"]) <= set(values)
    assert min(curve["y"]) == min(values)
    assert max(curve["y"]) == max(values)


@pytest.mark.parametrize("odd", [0.0, None, 1e-30, 1e30])
def test_one_layer_in_a_thousand_cannot_vanish_from_a_heatmap(logic: Logic, odd: Any) -> None:
    layers = [10.0 ** (i % 7 - 3) for i in range(1202)]
    body = """
        const { couple, groups } = await load("../charts/numbers");
        const shown = (ys) => groups(ys.length, 100).flatMap((group) => couple(ys, group));
        const all = arg.layers;
        return all.map((_, i) => shown(all.with(i, arg.odd)).filter((at) => at === i).length);
    """
    times = logic(body, {"layers": layers, "odd": odd})
    assert len(times) == 1202
    assert all(times)


def test_a_group_of_layers_is_shown_by_its_least_and_greatest(logic: Logic) -> None:
    random = np.random.default_rng(0)
    layers = (10 ** random.uniform(-9, 3, 457)).tolist()
    body = """
        const { couple, groups } = await load("../charts/numbers");
        return groups(arg.length, 100).map((group) => [group, couple(arg, group)]);
    """
    seen = 0
    for (start, end), couple in logic(body, layers):
        assert start == seen
        seen = end
        part = layers[start:end]
        assert sorted(couple) == couple
        assert {layers[i] for i in couple} == {min(part), max(part)}
    assert seen == 457


def test_a_heatmap_of_more_than_200_layers_says_which_it_shows(stage: Stage) -> None:
    of = spec("none", 1202, 2)
    said = events(of, upto=2)
    dead = 777
    for event in said:
        if event["type"] == "frame":
            event["grad_norm"][dead] = 0.0
    stage.tell("p", of, said)
    stage.mount("flowHeatmap", width=900)
    value, zero = stage.show("flowHeatmap", [PLAIN], quantity="grad_norm")["data"]
    assert len(value["y"]) == 200
    cells = [
        (step, name)
        for marks, names in zip(zero["z"], zero["customdata"], strict=True)
        for step, mark, name in zip(zero["x"], marks, names, strict=True)
        if mark
    ]
    name = f"{said[0]['layers'][dead]['name']}, the least of 13 layers"
    assert sorted(cells) == [(1, name), (2, name)]
    last = said[-1]["grad_norm"]
    shown = {round(10 ** row[-1], 12) for row in value["z"] if row[-1] is not None}
    assert shown <= {round(one, 12) for one in last}
    area = stage.page.locator(".plot-area").bounding_box()
    assert area is not None
    stage.page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    stage.page.wait_for_function("heard.length > 0")
    said_there = stage.page.locator(".hovertext").text_content() or ""
    names = [layer["name"] for layer in said[0]["layers"]]
    found = re.search(r"(stem|head|block\d+\.\d), the (?:least|greatest) of 13 layers", said_there)
    assert found is not None, said_there
    blocks = [point["name"] for point in said[0]["points"]]
    own = said[0]["layers"][names.index(found[1])]["block"]
    assert stage.heard[-1] == ["hover", blocks.index(own)]
    note = stage.page.locator(".plot .annotation-text", has_text="plain")
    expect(note).to_have_text(
        "plain (grey: exactly 0; of every 13 layers, the least and the greatest)"
    )


def test_the_pair_before_stays_as_a_grey_ghost_below(twins: Stage) -> None:
    twins.mount("errorByStep")
    before = {"run": "r", "label": "residual before", "role": "residual", "ghost": True}
    drawn = twins.show("errorByStep", [PLAIN, before])
    first = drawn["data"][0]
    assert first["name"] == "residual before"
    assert first["line"]["color"] == THEMES["light"].ghost
    assert first["hoverinfo"] == "skip"
    labels = [note["text"] for note in drawn["layout"]["annotations"]]
    assert "plain" in labels
    assert "residual before" not in labels


def test_smoothing_keeps_the_raw_line_and_leaves_evaluations_alone(twins: Stage) -> None:
    twins.mount("errorByStep")
    raw = twins.show("errorByStep", [PLAIN])["data"]
    twins.page.evaluate("charts.errorByStep.see({smoothing: 0.9})")
    faint, smooth, train, test = twins.drawn("errorByStep")["data"]
    assert faint["y"] == raw[0]["y"]
    assert faint["opacity"] < 1
    assert smooth["y"] != raw[0]["y"]
    assert (train["y"], test["y"]) == (raw[1]["y"], raw[2]["y"])


def test_a_divergence_is_marked_at_its_step_and_the_line_ends_there(stage: Stage) -> None:
    of = spec("none")
    stage.tell("p", of, events(of, upto=12, diverged=True))
    stage.mount("lossByStep")
    drawn = stage.show("lossByStep", [PLAIN])
    assert drawn["data"][0]["y"][11] is None
    assert drawn["data"][-1]["x"] == [12]
    assert "stopped being finite at step 12" in stage.page.locator(".plot p").inner_text()


@pytest.mark.parametrize("chart", ["lossByStep", "flowByDepth"])
def test_powers_of_ten_stand_apart_over_thirty_decades_on_a_small_chart(
    stage: Stage, chart: str
) -> None:
    of = spec("none")
    said = events(of, upto=3, diverged=True)
    for step, frame in enumerate(event for event in said if event["type"] == "frame"):
        frame["loss"] = [None if step == 2 else 10.0 ** (29 * step)]
        frame["flow_norm"] = [10.0 ** (12 * step)] * len(frame["flow_norm"])
    stage.tell("p", of, said)
    stage.page.locator("#theme-choice").select_option("projector")
    stage.mount(chart, width=900, height=220)
    stage.show(chart, [PLAIN])
    boxes = stage.page.locator(".plot .ytick text").all()
    places = [box.bounding_box() for box in boxes]
    tops = sorted((place["y"], place["y"] + place["height"]) for place in places if place)
    assert len(tops) >= 2
    assert all(bottom <= top for (_, bottom), (top, _) in pairwise(tops))


def test_pointing_at_a_layer_names_it_and_highlighting_marks_it(twins: Stage) -> None:
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN, RESIDUAL])
    box = twins.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    points = 5
    twins.page.mouse.move(box["x"] + box["width"] * 2.5 / points, box["y"] + box["height"] / 2)
    twins.page.wait_for_function("() => heard.length")
    assert twins.heard[-1] == ["hover", 2]
    twins.page.evaluate("charts.flowByDepth.highlight(2)")
    mark = twins.page.locator(".plot-mark").bounding_box()
    assert mark
    middle = mark["x"] + mark["width"] / 2
    assert middle == pytest.approx(box["x"] + box["width"] * 2.5 / points, abs=2)
    twins.page.evaluate("charts.flowByDepth.highlight(null)")
    expect(twins.page.locator(".plot-mark")).to_have_count(0)


def test_a_layer_is_marked_with_all_its_weights(twins: Stage) -> None:
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN], quantity="grad_norm")
    box = twins.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    twins.page.evaluate("charts.flowByDepth.highlight(1)")  # block1: layers 1 and 2 of 8
    mark = twins.page.locator(".plot-mark").bounding_box()
    assert mark
    assert mark["width"] == pytest.approx(box["width"] * 1.8 / 8, abs=2)


def test_the_heatmap_marks_a_layer_in_every_panel(twins: Stage) -> None:
    twins.mount("flowHeatmap", width=900)
    twins.show("flowHeatmap", [PLAIN, RESIDUAL])
    twins.page.evaluate("charts.flowHeatmap.highlight(0)")
    expect(twins.page.locator(".plot-mark")).to_have_count(2)


def test_a_heatmap_keeps_to_400_columns(stage: Stage) -> None:
    of = spec("none", steps=900)
    stage.tell("p", of, events(of))
    stage.mount("flowHeatmap", width=900)
    (cells,) = stage.show("flowHeatmap", [PLAIN])["data"]
    assert len(cells["x"]) <= 400
    assert cells["x"][-1] == 900


SWEEP: Json = {
    "measure": "train_error",
    "field": "net.depth",
    "values": [8, 20, 56],
    "chance": 0.898,
    "points": [
        {
            "run": f"run{depth}{seed}",
            "skip": "none",
            "label": "plain",
            "role": "plain",
            "value": depth,
            "seed": seed,
            "standing": "finished",
            "y": y,
            "count": 1437,
        }
        for depth, ys in ((8, (0.0, 0.01)), (20, (0.03, 0.05)))
        for seed, y in enumerate(ys)
    ]
    + [
        {
            "run": "run560",
            "skip": "none",
            "label": "plain",
            "role": "plain",
            "value": 56,
            "seed": 0,
            "standing": "diverged",
            "y": None,
            "count": None,
        }
    ],
}


def test_a_sweep_has_a_point_for_every_run_and_opens_it(stage: Stage) -> None:
    stage.mount("errorByDepth")
    drawn = stage.update("errorByDepth", SWEEP)
    mean, bars, runs, lost = drawn["data"]
    assert mean["y"] == pytest.approx([0.5, 4])
    assert bars["error_y"]["array"] == pytest.approx([0.5, 1])
    assert [data[0] for data in runs["customdata"]] == ["run80", "run81", "run200", "run201"]
    assert runs["customdata"][1][2:] == [14, 1437]
    assert lost["x"] == [56]
    assert drawn["layout"]["yaxis"]["range"] == [0, 100]
    box = stage.page.locator(".plot .nsewdrag").bounding_box()
    assert box
    low, high = drawn["layout"]["xaxis"]["range"]
    stage.page.mouse.click(
        box["x"] + box["width"] * (20 - low) / (high - low), box["y"] + box["height"] * 0.95
    )
    stage.page.wait_for_function("() => heard.some(([what]) => what === 'point')")
    assert stage.heard[-1] in (["point", "run200"], ["point", "run201"])


def test_the_table_of_a_sweep_says_in_words_how_a_run_without_a_value_stands(stage: Stage) -> None:
    stage.mount("errorByDepth")
    stopped = {**SWEEP["points"][-1], "run": "run561", "seed": 1, "standing": "stopped"}
    stage.update("errorByDepth", {**SWEEP, "points": [*SWEEP["points"], stopped]})
    stage.page.evaluate("charts.errorByDepth.table()")
    rows = stage.page.locator("dialog tbody tr")
    expect(rows.filter(has_text="run560")).to_contain_text("Became infinite")
    expect(rows.filter(has_text="run561")).to_contain_text("Stopped")
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_role("dialog")).to_have_count(0)


def test_a_chart_saves_as_png_and_svg(twins: Stage) -> None:
    twins.mount("errorByStep")
    twins.show("errorByStep", [PLAIN, RESIDUAL])
    png, svg = twins.page.evaluate(
        """async () => Promise.all(["png", "svg"].map(async (format) => {
            const blob = await charts.errorByStep.image(format);
            const bytes = new Uint8Array(await blob.arrayBuffer());
            return [blob.type, btoa(String.fromCharCode(...bytes.slice(0, 8))), await blob.text()];
        }))"""
    )
    assert png[0] == "image/png"
    assert base64.b64decode(png[1]) == b"\x89PNG\r\n\x1a\n"
    assert svg[0] == "image/svg+xml"
    assert "Error by step" in svg[2]
    assert "#d55e00" in svg[2].lower() or "rgb(213, 94, 0)" in svg[2]
    with twins.page.expect_download() as download:
        twins.page.locator(".plot-menu summary").click()
        twins.page.get_by_role("button", name="Save as SVG").click()
    assert download.value.suggested_filename == "depthscope-errorByStep.svg"
    expect(twins.page.locator(".plot-menu summary")).to_be_focused()


def test_a_table_holds_what_the_chart_shows(twins: Stage) -> None:
    twins.mount("errorByStep")
    twins.show("errorByStep", [PLAIN, RESIDUAL])
    twins.page.locator(".plot-menu summary").click()
    twins.page.get_by_role("button", name="Data table").click()
    dialog = twins.page.get_by_role("dialog", name="Error by step")
    heads = dialog.get_by_role("columnheader").all_inner_texts()
    assert heads[:4] == ["step", "plain, batch", "plain, training set", "plain, test set"]
    first = dialog.get_by_role("row").nth(1)
    assert first.get_by_role("cell").nth(1).inner_text() == "90\u00a0%"
    twins.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    # By keyboard one is where one was.
    expect(twins.page.locator(".plot-menu summary")).to_be_focused()


def test_a_chart_says_in_words_what_it_shows(twins: Stage) -> None:
    twins.mount("errorByStep")
    twins.show("errorByStep", [PLAIN])
    chart = twins.page.get_by_role("img", name="Error by step")
    described = chart.get_attribute("aria-describedby")
    words = twins.page.locator(f"#{described}").inner_text()
    assert words.startswith("plain: after 40 steps, 12\u00a0% of the training set wrong")


@pytest.mark.parametrize("theme", ["dark", "projector"])
def test_a_chart_follows_the_theme(twins: Stage, theme: str) -> None:
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN])
    twins.page.locator("#theme-choice").select_option(theme)
    drawn = twins.drawn("flowByDepth")
    assert drawn["data"][0]["line"]["color"] == THEMES[theme].roles["plain"]
    assert drawn["layout"]["template"]["layout"]["font"]["size"] == THEMES[theme].font


def test_many_updates_are_one_drawing_and_one_chart_is_drawn_a_frame(twins: Stage) -> None:
    for name in ("errorByStep", "lossByStep", "flowByDepth"):
        twins.mount(name)
        twins.show(name, [PLAIN, RESIDUAL])
    frames = twins.page.evaluate(
        """async () => {
            const { schedule } = await stage.load("charts/scheduler");
            const drawn = [];
            const keys = [{}, {}, {}];
            await new Promise((done) => {
                for (let i = 0; i < 10; i += 1) {
                    for (const [k, key] of keys.entries()) {
                        schedule(key, () => {
                            drawn.push([k, i, document.timeline.currentTime]);
                            if (drawn.length === keys.length) done();
                        });
                    }
                }
            });
            return drawn;
        }"""
    )
    assert sorted(frame[:2] for frame in frames) == [[0, 9], [1, 9], [2, 9]]
    assert len({frame[2] for frame in frames}) == 3


def test_a_chart_out_of_sight_is_drawn_when_it_comes_into_sight(twins: Stage) -> None:
    twins.mount("errorByStep", height=3000)
    twins.mount("lossByStep")
    twins.page.evaluate("(all) => stage.show(...all)", ["lossByStep", [PLAIN], {}])
    twins.show("errorByStep", [PLAIN])
    assert not twins.page.evaluate("charts.lossByStep.view.settled")
    twins.page.locator(".plot").nth(1).scroll_into_view_if_needed()
    assert twins.drawn("lossByStep")["data"]


def test_a_chart_grows_no_page_however_often_it_is_drawn_and_leaves_nothing(twins: Stage) -> None:
    count = "document.querySelectorAll('*').length"
    empty = twins.page.evaluate(count)
    twins.mount("flowByDepth")
    twins.show("flowByDepth", [PLAIN, RESIDUAL])
    first = twins.page.evaluate(count)
    for step in range(1, 12):
        twins.show("flowByDepth", [PLAIN, RESIDUAL], step=step)
    twins.show("flowByDepth", [PLAIN, RESIDUAL])
    assert twins.page.evaluate(count) == first
    twins.page.evaluate("charts.flowByDepth.destroy()")
    left = twins.page.evaluate(count) - empty
    assert left <= 12  # the box of the test, and what Plotly keeps to measure text with
