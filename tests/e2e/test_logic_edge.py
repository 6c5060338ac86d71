"""When a sweep's best value is only the end of what was tried."""

from __future__ import annotations

from typing import Any

import pytest

from app.spec import RunSpec, with_values
from tests.e2e.conftest import Logic

Means = dict[float, float | None]  # value -> training error; None: the network diverged


def runs(field: str, means: Means, skip: str = "none", state: str = "finished") -> list[Any]:
    """An ended run for each value."""
    made = []
    for value, error in means.items():
        spec = with_values(RunSpec(), {field: value, "net.skip": skip})
        result = {"train_error": error, "diverged": error is None, "count": 1000, "step": 200}
        made.append(
            {"id": f"{skip}{value}", "spec": spec.model_dump(mode="json"), "state": state,
             "step": 200, "steps": 200, "last_seq": 9, "result": result, "reason": None}
        )  # fmt: skip
    return made


def edges(logic: Logic, field: str, all_runs: list[Any]) -> list[Any]:
    body = """
        const { edges } = await load("edge");
        const { ruleFor } = await load("sweep");
        const [{ spec }] = arg.runs;
        const rule = ruleFor(arg.field, spec, catalog);
        return edges({ field: arg.field }, arg.runs, "train_error", rule);
    """
    found: list[Any] = logic(body, {"field": field, "runs": all_runs})
    return found


@pytest.mark.parametrize(
    ("field", "means", "end"),
    [
        ("optimizer.lr", {0.01: 0.1, 0.05: 0.2, 0.1: 0.3}, "least"),
        ("optimizer.lr", {0.01: 0.3, 0.05: 0.2, 0.1: 0.1}, "greatest"),
        ("optimizer.lr", {0.1: 0.3, 0.01: 0.1, 0.05: 0.2}, "least"),  # in any order
        ("optimizer.lr", {0.01: 0.3, 0.05: 0.1, 0.1: 0.2}, None),
        # It was tried where it diverged: what did best before that is no end.
        ("optimizer.lr", {0.01: 0.3, 0.05: 0.1, 0.1: None}, None),
        ("optimizer.lr", {0.01: None, 0.05: None, 0.1: 0.1}, "greatest"),
        ("optimizer.lr", {0.01: None, 0.05: None}, None),
        ("optimizer.lr", {0.01: 0.1, 0.05: 0.1, 0.1: 0.3}, None),  # as good within
        ("optimizer.lr", {0.01: 0.1}, None),  # nothing beside it
        ("steps", {50: 0.3, 100: 0.2}, "greatest"),
        # There is nothing below 0, nor a depth that is best.
        ("optimizer.weight_decay", {0: 0.1, 0.001: 0.2}, None),
        ("optimizer.weight_decay", {0.0001: 0.1, 0.001: 0.2}, "least"),
        ("net.depth", {8: 0.1, 20: 0.2}, None),
    ],
)
def test_the_best_is_at_an_end_where_nothing_beyond_was_tried(
    logic: Logic, field: str, means: Means, end: str | None
) -> None:
    found = edges(logic, field, runs(field, means))
    assert [one["end"] for one in found] == ([end] if end else [])


def test_each_kind_of_network_has_its_own_end(logic: Logic) -> None:
    both = [
        *runs("optimizer.lr", {0.01: 0.1, 0.1: 0.2}),
        *runs("optimizer.lr", {0.01: 0.2, 0.1: 0.1}, "identity"),
    ]
    assert edges(logic, "optimizer.lr", both) == [
        {"skip": "none", "value": 0.01, "end": "least"},
        {"skip": "identity", "value": 0.1, "end": "greatest"},
    ]


def test_nothing_is_said_of_a_sweep_that_goes_on(logic: Logic) -> None:
    first = runs("optimizer.lr", {0.01: 0.1})
    assert edges(logic, "optimizer.lr", first + runs("optimizer.lr", {0.1: 0.2})) != []
    going = runs("optimizer.lr", {0.1: None}, state="running")
    assert edges(logic, "optimizer.lr", first + going) == []


def test_names_have_no_ends(logic: Logic) -> None:
    field = "net.init"
    named = runs(field, {"he": 0.1, "default": 0.2})  # type: ignore[dict-item]
    assert edges(logic, field, named) == []


def test_only_networks_that_the_sentence_before_named_are_said_to_be_at_an_end(
    logic: Logic,
) -> None:
    field = "optimizer.lr"
    skips = ["none", "identity", "projection"]
    all_runs = [one for skip in skips for one in runs(field, {0.01: 0.1, 0.05: 0.2}, skip)]
    assert {one["skip"] for one in edges(logic, field, all_runs)} == set(skips)
    body = """
        const said = await load("sweepwords");
        const plan = { field: arg.field, skips: arg.skips, base: arg.runs[0].spec };
        const data = { task: "classification", noun: "digits" };
        const ends = said.edgeWords(plan, arg.runs, data, catalog);
        return [said.takeaway(plan, arg.runs, data), ...ends];
    """
    best, *ends = logic(body, {"field": field, "skips": skips, "runs": all_runs})
    assert best.endswith("plain 10\u00a0% at lr 0.01; residual 10\u00a0% at lr 0.01.")
    assert ends == [
        "For plain + residual that is the smallest value that was tried: try smaller ones."
    ]
