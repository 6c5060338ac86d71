"""What a configuration takes as a change, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from app.spec import RunSpec, with_change, with_skip, with_values
from app.spec.changes import changeable
from app.spec.fields import live_fields
from app.spec.run import MAX_CHANGES
from app.studies.spec import TwinsSpec
from app.studies.twins import plan
from app.validation import BadField, problems
from models.skips import ADDING, SKIPS

LR = "optimizer.lr"
STRENGTH = "net.skip.strength"


def changed(values: dict[str, Any], skip: Any = "identity", **more: Any) -> RunSpec:
    config = {"net": {"depth": 8, "skip": skip}, "changes": ({"step": 1, "set": values},), **more}
    return RunSpec.model_validate(config)


@pytest.mark.parametrize(
    ("values", "skip", "problem", "allowed"),
    [
        ({LR: 0}, "identity", "is out of range", "more than 0, at most 100"),
        ({LR: 101}, "identity", "is out of range", "more than 0, at most 100"),
        ({"optimizer.weight_decay": -1}, "none", "is out of range", "0 to 1"),
        ({"optimizer.momentum": 0.5}, "none", "can't be changed while it trains", LR),
        ({"net.depth": 20}, "identity", "can't be changed while it trains", STRENGTH),
        ({"net.skip.shortcut": 0.5}, "identity", "can't be changed while it trains", STRENGTH),
        ({"net.skip.shortcut": 3}, "scaled", "is out of range", "0 to 2"),
        ({STRENGTH: 1.01}, "identity", "is out of range", "0 to 1"),
        ({STRENGTH: 0.5}, "none", "no meaning with the skip none", "with the skips identity"),
        ({STRENGTH: 0.5}, "highway", "no meaning with the skip highway", "identity"),
        ({f"{STRENGTH}.block4": 1}, "identity", "names no block", ".block1 to .block3"),
        ({f"{STRENGTH}.block0": 1}, "identity", "names no block", ".block1 to .block3"),
        ({f"{STRENGTH}ened": 1}, "identity", "can't be changed while it trains", STRENGTH),
        ({LR: True}, "identity", "is not a number", "a number"),
        ({LR: None}, "identity", "is not a number", "a number"),
        ({LR: float("nan")}, "identity", "is not a finite number", "a finite number"),
        ({}, "identity", "has too few entries", "at least 1"),
    ],
)
def test_what_can_not_be_changed_is_refused_by_name(
    values: dict[str, Any], skip: str, problem: str, allowed: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        changed(values, skip)
    [said] = problems(refused.value)
    field = ".".join(["changes.0.set", *values])
    assert said["field"] == field
    assert problem in said["problem"]
    assert allowed in said["allowed"]


def test_strengths_are_those_of_skips_that_add() -> None:
    for skip in SKIPS:
        spec = RunSpec.model_validate({"net": {"skip": skip}})
        assert (STRENGTH in changeable(spec.net, spec.optimizer)) == (skip in ADDING)


def test_what_is_listed_as_live_is_what_can_be_changed() -> None:
    for skip in SKIPS:
        for optimizer in ("sgd", "adam"):
            spec = RunSpec.model_validate({"net": {"skip": skip}, "optimizer": optimizer})
            names = {"net.skip": skip, "optimizer": optimizer}
            listed = {
                field.path: (field.minimum, field.maximum, field.above)
                for field in live_fields()
                if all(names[path] in allowed for path, allowed in field.when.items())
            }
            takes = {
                path: (what.minimum, what.maximum, what.above)
                for path, what in changeable(spec.net, spec.optimizer).items()
                if ".block" not in path
            }
            assert listed == takes


def test_a_twin_takes_what_it_has_a_setting_for() -> None:
    base = changed({LR: 0.5, STRENGTH: 0.5})
    base = with_change(base, 9, {f"{STRENGTH}.block2": 0.25})
    own, twin = plan(TwinsSpec(base=base))
    assert own.changes == base.changes
    assert [(change.step, change.set) for change in twin.changes] == [(1, {LR: 0.5})]
    assert with_skip(base, "rezero").changes == base.changes


def test_other_values_keep_the_changes_that_still_have_a_meaning() -> None:
    spec = with_change(changed({f"{STRENGTH}.block3": 0.5}), 50, {LR: 0.5})
    assert with_values(spec, {"seed": 5}).changes == spec.changes
    assert [change.step for change in with_values(spec, {"steps": 40}).changes] == [1]
    branch = {"net.branch": "single", "net.depth": 5}
    assert with_values(spec, branch).changes == spec.changes
    assert [change.step for change in with_values(spec, {"net.skip": "concat"}).changes] == [50]


def test_there_are_at_most_so_many_changes() -> None:
    spec = RunSpec()
    for step in range(1, MAX_CHANGES + 1):
        spec = with_change(spec, step, {LR: 0.5})
    assert with_change(spec, MAX_CHANGES, {LR: 0.25}).changes[-1].set == {LR: 0.25}
    with pytest.raises(BadField, match="one change too many"):
        with_change(spec, MAX_CHANGES + 1, {LR: 0.5})
