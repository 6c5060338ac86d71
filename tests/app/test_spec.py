"""The configuration: its canonical form, and what it says of every kind of mistake."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.spec import RunSpec, with_values
from app.studies.spec import STUDY_SPEC
from app.validation import problems

DESIGNED = {
    "version": 2,
    "net": {
        "family": "convnet",
        "depth": 56,
        "width": 8,
        "skip": "identity",
        "branch": "basic",
        "placement": "original",
        "tail": "none",
        "norm": "batch",
        "activation": "relu",
        "init": "he",
        "downsample": "pad",
    },
    "data": "digits",
    "optimizer": {"name": "sgd", "lr": 0.05, "momentum": 0.9, "weight_decay": 0.0001},
    "batch_size": 64,
    "steps": 200,
    "every": None,
    "evaluate": {"every": None, "limit": 2000, "samples": None, "statistics": "plain"},
    "measures": ["flow", "weight_grad", "update_ratio"],
    "changes": [],
    "seed": 0,
    "device": "auto",
}


def refused(body: str) -> list[dict[str, str]]:
    with pytest.raises(ValidationError) as error:
        RunSpec.model_validate_json(body)
    return problems(error.value)


def refused_study(body: str) -> list[dict[str, str]]:
    with pytest.raises(ValidationError) as error:
        STUDY_SPEC.validate_json(body)
    return problems(error.value)


def test_the_defaults_are_those_of_version_2() -> None:
    assert RunSpec().model_dump(mode="json") == DESIGNED
    assert json.loads(RunSpec.model_validate_json("{}").model_dump_json()) == DESIGNED


def test_a_choice_is_a_name_or_an_object_with_a_name() -> None:
    by_object = '{"net": {"skip": {"name": "identity"}}, "data": {"name": "digits"}}'
    assert RunSpec.model_validate_json(by_object) == RunSpec()
    assert RunSpec.model_validate_json('{"optimizer": "adam"}').optimizer.name == "adam"


def test_what_is_written_reads_back_the_same() -> None:
    for values in (
        {"data": {"name": "digits", "limit": 100}},
        {"data": {"name": "cifar-10", "augment": True, "label_noise": 0.1}},
        {"data": "folder:my-own"},
        {"optimizer": "adam"},
        {},
    ):
        spec = with_values(RunSpec(), values)
        assert RunSpec.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("body", "field", "allowed"),
    [
        ('{"net": {"depth": 57}}', "net.depth", "nearest: 56 and 62"),
        ('{"net": {"depth": true}}', "net.depth", "3 to 1,202"),
        ('{"net": {"depth": "7"}}', "net.depth", "whole number"),
        ('{"net": {"skip": "zigzag"}}', "net.skip", "none, identity, projection"),
        ('{"net": {"wings": 2}}', "net.wings", "depth, width, skip"),
        ('{"steps": -1}', "steps", "at least 1"),
        ('{"steps": 1e9}', "steps", "whole number"),
        ('{"steps": 200.5}', "steps", "whole number"),
        ('{"seed": 99999999999999999999}', "seed", "at most 4,294,967,295"),
        ('{"optimizer": {"lr": 1e999}}', "optimizer.lr", "finite"),
        ('{"optimizer": {"lr": NaN}}', "optimizer.lr", "finite"),
        ('{"optimizer": {"lr": 0}}', "optimizer.lr", "more than 0"),
        ('{"optimizer": {"momentum": 1}}', "optimizer.momentum", "less than 1"),
        ('{"optimizer": "newton"}', "optimizer", "sgd, adam"),
        ('{"data": "imagenet"}', "data", "digits, spirals"),
        ('{"data": "spirals"}', "data", "allowed for convnet: digits"),
        ('{"data": "folder:../x"}', "data", "folder:NAME"),
        ('{"data": {"name": "moons", "augment": true}}', "data.augment", "digits, mnist"),
        (
            '{"net": {"family": "mlp"}, "data": {"name": "identity", "label_noise": 0.5}}',
            "data.label_noise",
            "allowed: 0",
        ),
        ('{"data": {"label_noise": 1.01}}', "data.label_noise", "at most 1"),
        ('{"evaluate": {"statistics": "augmented"}}', "evaluate.statistics", "data.augment"),
        (
            '{"net": {"norm": "none"}, "evaluate": {"statistics": "augmented"}}',
            "evaluate.statistics",
            "the norm batch",
        ),
        ('{"data": {"augment": 1}}', "data.augment", "true, false"),
        ('{"batch_size": 2000}', "batch_size", "1 to 1437"),
        ('{"batch_size": 1}', "batch_size", "2 or more"),
        ('{"steps": 100000, "every": 12, "net": {"depth": 1202}}', "every", "13 or more"),
        ('{"version": 3}', "version", "2"),
        (
            '{"steps": 9, "changes": [{"step": 10, "set": {"optimizer.lr": 1}}]}',
            "changes",
            "1 to 9",
        ),
        ('{"wings": 2}', "wings", "fields"),
        ('{"seed": "\\ud800"}', "", "valid"),
        ("{", "", "JSON"),
        ("[]", "", "object"),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(body: str, field: str, allowed: str) -> None:
    first = refused(body)[0]
    assert first["field"] == field
    assert allowed in first["allowed"] or allowed in first["problem"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"study": "depth", "depths": [8, 9]}', "depths"),
        ('{"study": "depth", "depths": [8, 8]}', "depths"),
        ('{"study": "depth", "depths": []}', "depths"),
        ('{"study": "depth", "seeds": [' + "0," * 20 + "1]}", "seeds"),
        ('{"study": "depth", "skips": ["hop"]}', "skips"),
        ('{"study": "depth", "seeds": [-1]}', "seeds.0"),
        ('{"study": "depth", "base": {"net": {"width": 0}}}', "base.net.width"),
        ('{"study": "twins", "against": "identity"}', "against"),
        ('{"study": "sweep", "field": "optimizer.lr", "values": [0.1, 0]}', "values"),
        ('{"study": "sweep", "field": "batch_size", "values": [0.5]}', "values"),
        ('{"study": "sweep", "field": "device"}', "field"),
    ],
)
def test_a_studys_mistake_is_named(body: str, field: str) -> None:
    assert refused_study(body)[0]["field"] == field


def test_a_study_of_too_many_runs_is_refused() -> None:
    depths, seeds = [8 + 6 * n for n in range(20)], list(range(20))
    body = json.dumps({"study": "depth", "depths": depths, "seeds": seeds})
    assert "at most 200 runs" in refused_study(body)[0]["allowed"]


@pytest.mark.parametrize("secret", ["<script>alert(1)</script>", "x" * 50])
def test_no_answer_repeats_what_was_sent(secret: str) -> None:
    for config in ({"net": {"skip": secret}}, {"data": secret}, {"steps": secret}):
        assert secret not in json.dumps(refused(json.dumps(config)))


def test_a_value_is_replaced_by_its_path() -> None:
    changed = with_values(RunSpec(), {"net.depth": 8, "optimizer.lr": 0.1})
    expected: dict[str, Any] = json.loads(json.dumps(DESIGNED))
    expected["net"]["depth"], expected["optimizer"]["lr"] = 8, 0.1
    assert changed.model_dump(mode="json") == expected
