"""What the charts compute, held against the same in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.figures import numbers as python
from tests.e2e.conftest import Logic


def pure(logic: Logic, call: str, arg: Any) -> Any:
    """The answer of a pure function of static/js/charts/numbers.js."""
    return logic(f"const n = await load('../charts/numbers'); return {call};", arg)


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
