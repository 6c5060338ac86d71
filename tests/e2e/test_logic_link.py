"""The link holds the whole configuration: what the page writes, the server's own spec agrees to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.figures.link import link
from app.spec import RunSpec
from app.studies.spec import STUDY_SPEC, TwinsSpec
from tests.e2e.conftest import Logic

PARSE = """
const { studyFieldsOf } = await load("fields");
const { parse, write } = await load("link");
const { studySpec, studyValues } = await load("spec");
const { complete } = await load("lab");
const table = studyFieldsOf(catalog, "twins");
"""

SPECS: list[dict[str, Any]] = [
    {},
    {"net": {"family": "mlp", "depth": 32, "width": 32, "norm": "none", "init": "default"}},
    {"optimizer": {"name": "adam", "lr": 0.01, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.1}},
    {"optimizer": {"name": "sgd", "lr": 1e-5, "momentum": 0.0, "weight_decay": 0.0}},
    {"data": {"name": "digits", "limit": 100, "shuffle": False}, "batch_size": 10},
    {"data": "spirals", "net": {"family": "mlp", "depth": 4}},
    {"every": 3, "evaluate": {"every": 7, "limit": 50}, "seed": 2**32 - 1, "steps": 1},
    {"changes": [{"step": 5, "set": {"optimizer.lr": 0.5}}], "device": "cpu"},
    {"net": {"skip": "projection", "downsample": "project", "activation": "tanh"}},
]


def twins(base: dict[str, Any]) -> TwinsSpec:
    return TwinsSpec.model_validate_json(json.dumps({"base": base}))


@pytest.mark.parametrize("base", SPECS, ids=lambda base: json.dumps(base)[:40])
def test_a_link_carries_every_setting(logic: Logic, base: dict[str, Any]) -> None:
    spec = twins(base)
    body = f"""{PARSE}
        const values = complete(arg, table);
        const link = write(values, table);
        const read = parse(link, table);
        return {{ link, problems: read.problems, study: studySpec("twins", table, read.values) }};
    """
    said = logic(body, spec.model_dump(mode="json"))
    assert said["problems"] == []
    assert TwinsSpec.model_validate_json(json.dumps(said["study"])) == spec


@pytest.mark.parametrize("base", SPECS, ids=lambda base: json.dumps(base)[:40])
def test_an_exported_page_leads_back_to_what_it_shows(logic: Logic, base: dict[str, Any]) -> None:
    spec = twins(base)
    path = link({"study": "twins", "runs": [], "spec": spec.model_dump(mode="json")})
    assert path.startswith("/?v=1&")
    body = f"""{PARSE}
        const read = parse(new URL(arg, "http://localhost").search, table);
        return {{ problems: read.problems, study: studySpec("twins", table, read.values) }};
    """
    said = logic(body, path)
    assert said["problems"] == []
    assert TwinsSpec.model_validate_json(json.dumps(said["study"])) == spec


@pytest.mark.parametrize(("skip", "other"), [("none", "identity"), ("projection", "projection")])
def test_an_exported_run_leads_to_itself_beside_its_twin(
    logic: Logic, skip: str, other: str
) -> None:
    spec = RunSpec.model_validate_json(json.dumps({"net": {"skip": skip, "depth": 20}}))
    path = link({"study": None, "spec": spec.model_dump(mode="json")})
    body = f"""{PARSE}
        const {{ values }} = parse(new URL(arg, "http://localhost").search, table);
        return [values["net.skip"], values.against, values["net.depth"]];
    """
    assert logic(body, path) == [other, "none", 20]


@pytest.mark.parametrize(
    "study",
    [
        {"study": "depth", "depths": [4, 8], "seeds": [0, 2], "base": {"net": {"family": "mlp"}}},
        {"study": "sweep", "values": [0.5, 1], "skips": ["none"]},
        {"study": "sweep", "field": "net.init", "values": ["he", "default"]},
    ],
)
def test_an_exported_sweep_leads_to_its_plan(logic: Logic, study: dict[str, Any]) -> None:
    spec = STUDY_SPEC.validate_json(json.dumps(study))
    path = link({"study": spec.study, "runs": [], "spec": spec.model_dump(mode="json")})
    assert path.startswith("/depth?v=1&")
    body = """
        const { planOf } = await load("sweeplink");
        const { toStudy } = await load("sweep");
        const { plan, problems } = planOf(new URL(arg, "http://localhost").search, catalog);
        return { problems, study: toStudy(plan) };
    """
    said = logic(body, path)
    assert said["problems"] == []
    assert STUDY_SPEC.validate_json(json.dumps(said["study"])) == spec


def test_a_link_without_settings_is_the_default_run(logic: Logic) -> None:
    said = logic(f"{PARSE} return studySpec('twins', table, parse('', table).values)")
    assert RunSpec.model_validate_json(json.dumps(said["base"])) == RunSpec()
    assert said["against"] == "none"


def test_a_link_says_only_what_differs(logic: Logic) -> None:
    spec = twins({"net": {"depth": 20}, "optimizer": "adam", "data": "digits"})
    link = logic(f"{PARSE} return write(complete(arg, table), table)", spec.model_dump(mode="json"))
    assert link == "?v=1&net.depth=20&optimizer=adam"


def test_a_link_may_name_a_pair_that_is_shown(logic: Logic) -> None:
    body = f"{PARSE} return write(parse('', table).values, table, {{ study: 'abc' }})"
    assert logic(body) == "?v=1&study=abc"
    assert logic(f"{PARSE} return parse('?v=1&study=abc', table)")["study"] == "abc"


@pytest.mark.parametrize(
    ("link", "name", "fault"),
    [
        ("?net.depth=many", "net.depth", "integer"),
        ("?net.depth=", "net.depth", "integer"),
        ("?net.depth=0x20", "net.depth", "integer"),
        ("?net.depth=5.5", "net.depth", "integer"),
        ("?net.depth=99999", "net.depth", "range"),
        ("?optimizer.lr=0", "optimizer.lr", "range"),
        ("?optimizer.lr=1e999", "optimizer.lr", "number"),
        ("?optimizer.momentum=1", "optimizer.momentum", "range"),
        ("?net.skip=magic", "net.skip", "choice"),
        ("?data.shuffle=yes", "data.shuffle", "boolean"),
        ("?colour=red", "colour", "unknown"),
        ("?optimizer=adam&optimizer.momentum=0.5", "optimizer.momentum", "absent"),
        ("?changes=%5B", "changes", "json"),
        ("?v=2", "v", "version"),
        ("?__proto__=1", "__proto__", "unknown"),
    ],
)
def test_what_a_link_says_wrong_is_told_and_takes_its_default(
    logic: Logic, link: str, name: str, fault: str
) -> None:
    said = logic(f"{PARSE} return parse(arg, table)", link)
    assert [(one["name"], one["fault"]) for one in said["problems"]] == [(name, fault)]
    default = logic(f"{PARSE} return parse('', table).values")
    for path in ("net.depth", "net.skip", "data.shuffle", "changes"):
        assert said["values"][path] == default[path]


def test_every_setting_of_a_run_is_in_the_table(logic: Logic) -> None:
    flat = logic(
        "const { flatten } = await load('spec'); return flatten(arg)",
        RunSpec().model_dump(mode="json"),
    )
    paths = logic(
        "const { fieldsOf } = await load('fields'); return fieldsOf(catalog).map((f) => f.path)"
    )
    # The bare name of the data set stands for its parameters as well.
    assert set(flat) <= set(paths)
    assert {"data.limit", "data.shuffle", "optimizer.beta1", "evaluate.limit"} <= set(paths)


def test_every_setting_has_words(logic: Logic) -> None:
    body = """
        const { studyFieldsOf } = await load("fields");
        const { has } = await load("words");
        const fields = ["twins", "depth", "sweep"].flatMap((name) => studyFieldsOf(catalog, name));
        const paths = fields.filter(({ study, path }) => !study || path === "against");
        return paths.map(({ path }) => path).filter((path) => !has(`common.fields.${path}`));
    """
    assert logic(body) == []
