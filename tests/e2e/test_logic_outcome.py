"""What the list says of a sweep: at which values, and what came of each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.studies.registry import plan
from app.studies.spec import STUDY_SPEC
from tests.e2e.conftest import Logic

Json = dict[str, Any]


def lines(logic: Logic, study: Json, errors: list[float | None]) -> list[str]:
    """Of a study whose runs, in the order of its plan, came to these errors (None: none yet)."""
    spec = STUDY_SPEC.validate_json(json.dumps(study))
    runs = []
    for run, error in zip(plan(spec), errors, strict=True):
        result = None if error is None else {"train_error": error, "step": 20, "evaluated": 20}
        state = "running" if error is None else "finished"
        own = json.loads(run.model_dump_json())
        runs.append(
            {"id": "a", "spec": own, "state": state, "step": 20, "steps": 20, "result": result}
        )
    body = """
        const { outcomeLines } = await load("outcome");
        return outcomeLines(arg.spec, arg.runs, "train_error");
    """
    said: list[str] = logic(body, {"spec": json.loads(spec.model_dump_json()), "runs": runs})
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in said]


def by_value(study: Json, errors: dict[tuple[Any, str], float | None], field: str) -> list[Any]:
    """Errors by value and skip, in the order of the study's plan."""
    spec = STUDY_SPEC.validate_json(json.dumps(study))
    found = []
    for run in plan(spec):
        value: Any = json.loads(run.model_dump_json())
        for part in field.split("."):
            value = value[part]
        found.append(errors[value, run.net.skip])
    return found


@pytest.mark.parametrize(
    ("study", "field", "plain", "residual", "said"),
    [
        (
            {"study": "depth", "depths": [8, 20, 56], "seeds": [0]},
            "net.depth",
            {8: 0.1, 20: 0.2, 56: 0.7},
            {8: 0.1, 20: 0.05, 56: None},
            [
                "training error at depth 8, 20, 56",
                "plain: 10 %, 20 %, 70 %",
                "residual: 10 %, 5 %, –",
            ],
        ),
        (
            {"study": "sweep", "field": "optimizer.lr", "values": [0.1, 0.01], "seeds": [0, 1]},
            "optimizer.lr",
            {0.1: 0.1, 0.01: 0.2},
            {0.1: None, 0.01: None},
            ["mean training error at learning rate 0.01, 0.1", "plain: 20 %, 10 %"],
        ),
        (
            {"study": "sweep", "field": "net.init", "values": ["xavier", "he"], "seeds": [0]},
            "net.init",
            {"xavier": 0.3, "he": 0.1},
            {"xavier": 0.2, "he": 0.4},
            [
                "training error with Xavier init, He init",
                "plain: 30 %, 10 %",
                "residual: 20 %, 40 %",
            ],
        ),
        (
            {"study": "depth", "depths": [8, 14, 20, 26, 32, 38, 44], "seeds": [0]},
            "net.depth",
            {8: 0.2, 14: 0.1, 20: 0.3, 26: 0.4, 32: 0.5, 38: 0.7, 44: 0.6},
            {8: 0.1, 14: 0.1, 20: 0.1, 26: 0.1, 32: 0.1, 38: 0.1, 44: 0.2},
            [
                "training error at depth 8 to 44",
                "plain: 10 % at 14 to 70 % at 38",
                "residual: 10 % at 8 to 20 % at 44",
            ],
        ),
        (
            {"study": "depth", "depths": [8, 14, 20, 26, 32, 38, 44], "seeds": [0]},
            "net.depth",
            {8: 0.2, 14: None, 20: 0.3, 26: None, 32: None, 38: None, 44: None},
            {8: 0.1, 14: 0.1, 20: 0.1, 26: 0.1, 32: 0.1, 38: 0.1, 44: 0.1},
            [
                "training error at depth 8 to 44",
                "plain: 20 % at 8, 30 % at 20",
                "residual: 10 % at each",
            ],
        ),
    ],
)
def test_results_stand_beside_the_values_they_were_measured_at(
    logic: Logic, study: Json, field: str, plain: Json, residual: Json, said: list[str]
) -> None:
    both = {"none": plain, "identity": residual}
    errors = {(value, skip): error for skip, own in both.items() for value, error in own.items()}
    assert lines(logic, study, by_value(study, errors, field)) == said


def test_nothing_is_said_before_anything_is_measured(logic: Logic) -> None:
    study = {"study": "depth", "depths": [8, 20], "skips": ["identity"], "seeds": [0]}
    assert lines(logic, study, [None, None]) == []
