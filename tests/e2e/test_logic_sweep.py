"""What the depth page works out, held against the server's own spec and plain arithmetic."""

from __future__ import annotations

import json
import statistics
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from app.spec import RunSpec, with_values
from app.studies.spec import STUDY_SPEC, DepthSpec, Sweepable, SweepSpec
from models.registry import FAMILIES
from models.spec import nearest
from tests.e2e.conftest import Logic

IMPORTS = """
const sweep = await load("sweep");
const { linkOf, planOf } = await load("sweeplink");
const points = await load("points");
const { trendOf, verdict } = await load("predict");
const said = await load("sweepwords");
"""

STUDIES: list[dict[str, Any]] = [
    {"study": "depth"},
    {"study": "depth", "depths": [4, 8], "base": {"net": {"family": "mlp"}, "steps": 30}},
    {"study": "depth", "skips": ["projection"], "seeds": [7], "base": {"optimizer": "adam"}},
    {"study": "sweep"},
    {"study": "sweep", "values": [0.5], "base": {"data": {"name": "digits", "limit": 100}}},
    {"study": "sweep", "field": "net.init", "values": ["he", "default"]},
    {"study": "sweep", "field": "batch_size", "values": [16, 64], "seeds": [1, 2]},
]


def base(**settings: Any) -> dict[str, Any]:
    return RunSpec.model_validate_json(json.dumps(settings)).model_dump(mode="json")


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: json.dumps(study)[:50])
def test_a_link_brings_every_sweep_back(logic: Logic, study: dict[str, Any]) -> None:
    spec = STUDY_SPEC.validate_json(json.dumps(study))
    body = f"""{IMPORTS}
        const link = linkOf(sweep.fromStudy(arg), catalog, "abcdefghij");
        const read = planOf(link, catalog);
        return {{ ...read, study: sweep.toStudy(read.plan), id: read.study }};
    """
    back = logic(body, spec.model_dump(mode="json"))
    assert back["problems"] == []
    assert back["id"] == "abcdefghij"
    assert STUDY_SPEC.validate_json(json.dumps(back["study"])) == spec


@pytest.mark.parametrize(
    "search", ["?values=7", "?values={}", "?values=[null]", "?depths=a,b", "?depht=8"]
)
def test_a_link_that_means_nothing_is_named_and_has_its_default(logic: Logic, search: str) -> None:
    read = logic(
        f"{IMPORTS} const r = planOf(arg, catalog); return [r.problems, sweep.toStudy(r.plan)]",
        search,
    )
    assert len(read[0]) == 1
    STUDY_SPEC.validate_json(json.dumps(read[1]))


@pytest.mark.parametrize("family", list(FAMILIES))
def test_what_is_offered_first_is_legal_for_every_field(logic: Logic, family: str) -> None:
    plan = {
        "field": "net.depth",
        "values": [8, 20, 56],
        "skips": ["none", "identity"],
        "seeds": [0],
    }
    for field in get_args(Sweepable):
        study = logic(
            f"{IMPORTS} return sweep.toStudy(sweep.moved(arg.plan, arg.field, catalog))",
            {"plan": {**plan, "base": base(net={"family": family})}, "field": field},
        )
        spec = STUDY_SPEC.validate_json(json.dumps(study))
        assert isinstance(spec, SweepSpec)
        assert spec.base.net.depth == 56


@pytest.mark.parametrize("family", list(FAMILIES))
def test_legal_depths_are_those_of_the_server(logic: Logic, family: str) -> None:
    depths = [-2, 0, *range(1, 140), 1024, 1025, 1202, 1203, 1208]
    body = f"""{IMPORTS}
        const rule = sweep.ruleFor("net.depth", arg.base, catalog);
        return arg.depths.map((d) => [sweep.allows(rule, d), sweep.nearest(rule, d)]);
    """
    answers = logic(body, {"base": base(net={"family": family}), "depths": depths})
    legal = FAMILIES[family].depths
    assert [allowed for allowed, _ in answers] == [depth in legal for depth in depths]
    assert [near for _, near in answers] == [nearest(legal, depth) for depth in depths]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("optimizer.lr", [0, -1, 1e-9, 100, 100.1]),
        ("optimizer.momentum", [0, 0.99, 1, -0.1]),
        ("optimizer.weight_decay", [0, 1, 1.01]),
        ("batch_size", [0, 1, 2, 2.5, 1437, 1438, 4096]),
        ("steps", [0, 1, 100_000, 100_001]),
        ("net.width", [0, 1, 1024, 1025]),
    ],
)
def test_legal_numbers_are_those_of_the_server(
    logic: Logic, field: str, values: list[float]
) -> None:
    def legal(value: float) -> bool:
        try:
            with_values(RunSpec(), {field: value})
        except ValidationError:
            return False
        return True

    body = f"""{IMPORTS}
        const rule = sweep.ruleFor(arg.field, arg.base, catalog);
        return arg.values.map((value) => sweep.allows(rule, value));
    """
    answers = logic(body, {"base": base(), "field": field, "values": values})
    assert answers == [legal(value) for value in values]


def test_a_plan_that_the_server_would_refuse_has_a_fault(logic: Logic) -> None:
    good = {"field": "net.depth", "values": [8], "skips": ["none"], "seeds": [0], "base": base()}
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, []),
        ({"values": []}, ["empty"]),
        ({"seeds": [], "skips": []}, ["empty", "empty"]),
        ({"values": [9]}, ["illegal"]),
        ({"values": list(range(8, 8 + 6 * 21, 6))}, ["many"]),
        ({"values": list(range(8, 8 + 6 * 20, 6)), "seeds": list(range(11))}, ["runs"]),
    ]
    for change, problems in cases:
        plan = {**good, **change}
        found = logic(f"{IMPORTS} return sweep.faults(arg, catalog)", plan)
        assert [fault["problem"] for fault in found] == problems
        study = logic(f"{IMPORTS} return sweep.toStudy(arg)", plan)
        try:
            STUDY_SPEC.validate_json(json.dumps(study))
            refused = False
        except ValidationError:
            refused = True
        assert refused == bool(problems)


def test_another_family_keeps_the_plan_legal(logic: Logic) -> None:
    plan = {"field": "net.depth", "values": [4, 10, 64], "skips": ["none"], "seeds": [0]}
    body = f"{IMPORTS} return sweep.toStudy(sweep.rebased(arg.plan, arg.base, catalog))"
    study = logic(body, {"plan": {**plan, "base": base(net={"family": "mlp"})}, "base": base()})
    spec = STUDY_SPEC.validate_json(json.dumps(study))
    assert isinstance(spec, DepthSpec)
    assert spec.depths == (8, 14, 68)


def run(seed: int = 0, skip: str = "none", depth: int = 8, **state: Any) -> dict[str, Any]:
    spec = base(net={"depth": depth, "skip": skip}, seed=seed)
    return {
        "id": f"{skip}{depth}{seed}", "spec": spec, "state": "queued", "step": 0, "steps": 200,
        "last_seq": -1, "result": None, "reason": None, "started": None, "place": None, **state,
    }  # fmt: skip


def done(error: float, **where: Any) -> dict[str, Any]:
    result = {"train_error": error, "step": 200, "count": 1000, "diverged": False}
    return run(**where, state="finished", step=200, result=result)


def test_events_make_the_result_and_twice_the_same_changes_nothing(logic: Logic) -> None:
    events = [
        {"seq": 0, "type": "started", "params": 5},
        {"seq": 1, "type": "evaluated", "step": 0, "train_error": 0.9, "count": 10},
        {
            "seq": 9,
            "type": "evaluated",
            "step": 200,
            "train_error": 0.25,
            "test_error": None,
            "count": 10,
        },
        {"seq": 10, "type": "finished", "step": 200, "diverged": False},
    ]
    body = f"{IMPORTS} return arg.events.reduce(points.afterEvent, arg.run)"
    once = logic(body, {"run": run(), "events": events})
    twice = logic(body, {"run": run(), "events": [*events, *events[1:]]})
    assert once == twice
    assert once["state"] == "finished"
    assert once["result"]["train_error"] == 0.25
    assert once["result"]["test_error"] is None
    assert once["result"]["evaluated"] == 200
    assert once["last_seq"] == 10


def test_a_late_state_message_does_not_wake_an_ended_run(logic: Logic) -> None:
    body = f'{IMPORTS} return points.afterState(arg, {{ state: "running", step: 3 }})'
    assert logic(body, done(0.5))["state"] == "finished"


def test_only_runs_that_did_all_their_steps_have_a_point(logic: Logic) -> None:
    lost = {"diverged": True, "became": "infinite", "step": 3}
    runs = [
        done(0.5),
        {**done(0.5, seed=1), "state": "stopped", "step": 90},
        {**done(0.9, seed=2), "result": {"train_error": None, **lost}},
        run(seed=3, state="failed", reason="out of memory"),
        run(seed=4, state="running", result={"train_error": 0.7}),
    ]
    body = f'{IMPORTS} return points.points(arg, "net.depth", "train_error")'
    found = logic(body, runs)
    assert [point["y"] for point in found] == [0.5, None, None, None, None]
    standings = ["finished", "stopped", "diverged", "failed", "running"]
    assert [point["standing"] for point in found] == standings
    assert found[2]["lost"] == "became infinite at step 3"


def test_means_and_ranges_are_those_of_the_seeds(logic: Logic) -> None:
    errors = {8: [0.02, 0.05, 0.01], 56: [0.7, 0.8, 0.75]}
    runs = [done(e, seed=s, depth=d) for d, es in errors.items() for s, e in enumerate(es)]
    body = f'{IMPORTS} return points.gathered(points.points(arg, "net.depth", "train_error"))'
    for cell in logic(body, runs):
        its = errors[cell["value"]]
        assert cell["mean"] == pytest.approx(statistics.mean(its))
        assert (cell["min"], cell["max"], cell["n"]) == (min(its), max(its), 3)


def test_time_left_is_what_the_rest_takes_at_the_pace_so_far(logic: Logic) -> None:
    # Depth 8 took 10 s; two of depth 16, twice the work each, remain, one of them half done.
    began = "2026-01-01T00:00:00Z"
    runs = [
        {**done(0.1), "started": began},
        run(depth=20, seed=1, state="running", step=100, started=began),
        run(depth=20, seed=2),
    ]
    body = f'{IMPORTS} return points.timeLeft(arg, Date.parse("2026-01-01T00:00:18Z"))'
    # 8 x 200 + 20 x 100 units of work in 18 s; 20 x 100 + 20 x 200 to go.
    assert logic(body, runs) == pytest.approx(18 * 6000 / 3600)
    assert logic(body, [run(), run(seed=1)]) is None


Cells = list[tuple[int, float, float]]  # depth, least and greatest error of the seeds


def cells(skip: str, of: Cells) -> list[dict[str, Any]]:
    return [
        {"skip": skip, "value": d, "n": 2, "min": a, "max": b, "mean": (a + b) / 2}
        for d, a, b in of
    ]


@pytest.mark.parametrize(
    ("of", "trend"),
    [
        ([(8, 0.0, 0.0), (56, 0.7, 0.8)], "rise"),
        ([(8, 0.3, 0.3), (56, 0.1, 0.1)], "fall"),
        ([(8, 0.01, 0.01), (56, 0.02, 0.02)], "stay"),
        ([(8, 0.1, 0.3), (56, 0.15, 0.35)], "stay"),  # less than the seeds differ
        ([(8, 0.0, 0.0), (20, 0.5, 0.5), (56, 0.01, 0.01)], "bent"),
        ([(8, 0.0, 0.0)], None),
        ([], None),
    ],
)
def test_a_trend_counts_only_beyond_the_spread_of_the_seeds(
    logic: Logic, of: Cells, trend: str | None
) -> None:
    assert logic(f"{IMPORTS} return trendOf(arg).trend", cells("none", of)) == trend


PLAIN: Cells = [(8, 0.0, 0.0), (56, 0.7, 0.8)]
FLAT: Cells = [(8, 0.0, 0.0), (56, 0.0, 0.01)]


@pytest.mark.parametrize(
    ("prediction", "plain", "residual", "key"),
    [
        ("rise", PLAIN, FLAT, "plain"),
        ("stay", PLAIN, FLAT, "residual"),
        ("fall", PLAIN, FLAT, "neither"),
        ("stay", FLAT, FLAT, "both"),
        ("rise", PLAIN[:1], FLAT, None),  # the deepest plain net is still to come
        ("rise", PLAIN, [], None),
        ("skipped", PLAIN, FLAT, None),
        ("", PLAIN, FLAT, None),
    ],
)
def test_a_prediction_is_judged_for_each_kind_of_network(
    logic: Logic, prediction: str, plain: Cells, residual: Cells, key: str | None
) -> None:
    both = [*cells("none", plain), *cells("identity", residual)]
    body = f"{IMPORTS} return verdict(arg.prediction, arg.cells, [56, 8])"
    judged = logic(body, {"prediction": prediction, "cells": both})
    assert (judged and judged["key"]) == key


DIGITS = {"noun": "digits", "task": "classification", "train_size": 1000}
POINTS = {"noun": "points", "task": "regression", "train_size": 1024}
PLAIN_GET = "after 200 steps, plain networks get"
SEEDS = "10 % (means of 1 or more seeds)"


def test_a_verdict_says_what_was_predicted_and_what_was_measured(logic: Logic) -> None:
    both = [*cells("none", PLAIN), *cells("identity", FLAT)]
    body = f"""{IMPORTS}
        const how = {{ steps: 200, n: 8, total: 8, measure: "train_error" }};
        return said.verdictWords(verdict("rise", arg, [8, 56]), how);
    """
    first, second = (text.replace("\N{NO-BREAK SPACE}", " ") for text in logic(body, both))
    assert first.startswith("You predicted that it rises")
    assert "Plain: rises from 0 % at 8 layers to 75 % at 56." in second
    assert "Residual: stays about the same, 0 % at 8 layers and 0.5 % at 56." in second
    assert second.endswith("Measured after 200 steps.")


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([], "Nothing is measured yet: predict, then press Train."),
        ([run()], "Training 1 network; the first points are on their way."),
        (
            [done(0.76, depth=56), done(0.002, depth=56, skip="identity"), done(0.0, depth=62)],
            f"At 56 layers, {PLAIN_GET} 76 % of the training digits wrong, residual ones 0.2 %.",
        ),
        (
            [done(0.5)],
            "At 8 layers, after 200 steps, plain networks get 50 % of the training digits wrong.",
        ),
        (
            [done(0.4), done(0.6, seed=1), done(0.1, skip="identity")],
            f"At 8 layers, {PLAIN_GET} 50 % of the training digits wrong, residual ones {SEEDS}.",
        ),
    ],
)
def test_the_takeaway_compares_at_the_deepest_depth_both_have(
    logic: Logic, runs: list[dict[str, Any]], text: str
) -> None:
    plan = {
        "field": "net.depth",
        "values": [8, 56, 62],
        "skips": ["none", "identity"],
        "base": base(),
    }
    body = f"{IMPORTS} return said.takeaway(arg.plan, arg.runs, arg.data)"
    found = logic(body, {"plan": plan, "runs": runs, "data": DIGITS})
    assert found.replace("\N{NO-BREAK SPACE}", " ") == text


def loss(value: float, count: int = 1024, **about: Any) -> dict[str, Any]:
    """A run of a regression: it has no error."""
    one = done(0.0, **about)
    result = {**one["result"], "train_error": None, "train_loss": value, "count": count}
    return {**one, "result": result}


LOSS_OF = "At 8 layers, after 200 steps, plain networks have a loss of 0.9 on"


@pytest.mark.parametrize(
    ("field", "count", "text"),
    [
        ("net.depth", 1024, f"{LOSS_OF} the training points, residual ones 0.01."),
        ("net.depth", 100, f"{LOSS_OF} 100 training points, residual ones 0.01."),
        (
            "net.width",
            1024,
            "Lowest training loss after 200 steps: plain 0.9 at width 8; residual 0.01 at width 8.",
        ),
    ],
)
def test_where_there_is_no_error_the_takeaway_speaks_of_the_loss(
    logic: Logic, field: str, count: int, text: str
) -> None:
    plan = {"field": field, "values": [8], "skips": ["none", "identity"], "base": base()}
    runs = [loss(0.9, count), loss(0.01, count, skip="identity")]
    body = f"{IMPORTS} return said.takeaway(arg.plan, arg.runs, arg.data)"
    assert logic(body, {"plan": plan, "runs": runs, "data": POINTS}) == text


def test_measures_without_an_error_are_losses(logic: Logic) -> None:
    body = "return (await load('points')).measuresOf(arg)"
    assert logic(body, POINTS) == ["train_loss", "test_loss"]
    assert logic(body, DIGITS)[0] == "train_error"


def test_a_verdict_on_losses_gives_losses(logic: Logic) -> None:
    both = [*cells("none", [(8, 0.1, 0.1), (56, 0.9, 1.1)]), *cells("identity", FLAT)]
    body = f"""{IMPORTS}
        const how = {{ steps: 200, n: 8, total: 8, measure: "train_loss" }};
        return said.verdictWords(verdict("rise", arg, [8, 56]), how);
    """
    assert "Plain: rises from 0.1 at 8 layers to 1 at 56." in logic(body, both)[1]


def test_a_sweep_of_images_that_are_not_here_says_so_and_breaks_nothing(logic: Logic) -> None:
    plan = {
        "field": "batch_size",
        "values": [16],
        "skips": ["none"],
        "seeds": [0],
        "base": base(data="folder:gone"),
    }
    body = f"""{IMPORTS}
        return [sweep.faults(arg, catalog), sweep.ruleFor("batch_size", arg.base, catalog)];
    """
    (fault,), rule = logic(body, plan)
    assert fault["field"] == "data"
    assert fault["why"].startswith("folder:gone is not on this machine")
    assert rule["max"] == 4096
