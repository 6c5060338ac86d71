"""What a sweep may be, held against the server's own spec."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from app.spec import RunSpec, with_values
from app.studies.spec import STUDY_SPEC, DepthSpec, Sweepable, SweepSpec
from models.registry import FAMILIES
from models.spec import nearest
from tests.e2e.conftest import Logic
from tests.e2e.sweeps import IMPORTS, base

STUDIES: list[dict[str, Any]] = [
    {"study": "depth"},
    {"study": "depth", "depths": [4, 8], "base": {"net": {"family": "mlp"}, "steps": 30}},
    {"study": "depth", "skips": ["projection"], "seeds": [7], "base": {"optimizer": "adam"}},
    {"study": "sweep"},
    {"study": "sweep", "values": [0.5], "base": {"data": {"name": "digits", "limit": 100}}},
    {"study": "sweep", "field": "net.init", "values": ["he", "default"]},
    {"study": "sweep", "field": "batch_size", "values": [16, 64], "seeds": [1, 2]},
]


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
