"""Every setting of a configuration, given what it can't be: refused by name, and not repeated."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.spec.fields import Field, run_fields
from app.spec.values import put, shallow

Json = dict[str, Any]

SECRET = "xxxxx"
# As raw JSON text: not all of it is JSON.
HUGE = "1" + "0" * 40
NO_NUMBER = ["NaN", "-Infinity", "1e999"]
NO_VALUE = ["[]", "[[]]", f'["{SECRET}"]', f'{{"{SECRET}": 1}}', '{"name": null}']
WRONG = {
    "integer": ["{}", "true", "0.5", '"7"', f'"{SECRET}"', '""', HUGE, f"-{HUGE}", *NO_NUMBER],
    "number": ["{}", "true", '"7"', f'"{SECRET}"', '""', HUGE, f"-{HUGE}", "1e30", *NO_NUMBER],
    "boolean": ["{}", "0", "1", '"true"', f'"{SECRET}"', HUGE, *NO_NUMBER],
    "choice": ["true", "7", f'"{SECRET}"', '""', f'{{"name": "{SECRET}"}}', '{"name": []}', HUGE],
    "list": ["{}", "true", "7", f'"{SECRET}"', "[null]", "[NaN]", "[7]", f"[[{HUGE}]]"],
    "json": ["{}", "true", "7", f'"{SECRET}"', "[null]", "[{}]", '[{"step": 1}]', f"[{HUGE}]"],
}
EMPTY = {"list", "json"}  # an empty one is a list


async def refused(browser: httpx.AsyncClient, body: Json, text: str) -> list[dict[str, str]]:
    """What is wrong with the body where it has this JSON in place of the marker."""
    sent = json.dumps(body).replace('"@@"', text)
    answer = await browser.post(
        "/api/runs", content=sent, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422, (sent, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    problems: list[dict[str, str]] = answer.json()["problems"]
    assert problems
    for problem in problems:
        assert SECRET not in problem["problem"] + problem["allowed"], sent
        assert HUGE not in problem["problem"] + problem["allowed"], sent
        assert "Input" not in problem["allowed"], sent  # pydantic's words
    return problems


def body_of(field: Field, value: Any = "@@", **others: str) -> Json:
    """A configuration in which the field exists and has this value."""
    body: Json = {"version": 2}
    named = {path: names[0] for path, names in field.when.items()} | others
    for path in sorted(named, key=shallow):
        put(body, path, named[path])
    put(body, field.path, value)
    return body


def about(field: Field) -> str:
    return ",".join([field.path, *(names[0] for names in field.when.values())])


async def test_every_setting_refuses_what_it_can_not_be(browser: httpx.AsyncClient) -> None:
    for field in run_fields():
        for text in [*NO_VALUE, *WRONG[field.kind], *([] if field.nullable else ["null"])]:
            if text == "[]" and field.kind in EMPTY:
                continue
            problems = await refused(browser, body_of(field), text)
            fields = [problem["field"] for problem in problems]
            named = [one for one in fields if f"{one}.".startswith(f"{field.path}.")]
            assert named == fields, (about(field), text)
    assert (await browser.get("/api/runs")).json()["items"] == []


async def test_a_parameter_goes_with_no_other_choice(browser: httpx.AsyncClient) -> None:
    for field in run_fields():
        if not field.when or field.path == "net.depth":
            continue
        owner, names = list(field.when.items())[-1]
        others = {one.path: one for one in run_fields()}[owner].choices
        having = {
            name
            for one in run_fields()
            if one.path == field.path
            for name in one.when.get(owner, others)
        }
        assert set(names) <= having
        for other in set(others) - having:
            body = body_of(field, field.default, **{owner: other})
            problems = await refused(browser, body, "")
            assert [problem["field"] for problem in problems] == [field.path], about(field)


@pytest.mark.parametrize(
    ("net", "field", "problem", "allowed"),
    [
        (
            {"family": "mlp", "branch": "bottleneck"},
            "net.branch",
            "bottleneck is made of convolutions",
            "allowed with family: convnet",
        ),
        (
            {"placement": "pre-activation", "norm": "none"},
            "net.placement",
            "pre-activation without a norm is the same as activation-only",
            "allowed with norm: batch, layer, group, rms, dyt, scalar",
        ),
        *(
            (
                {"skip": skip, "downsample": down},
                "net.downsample",
                f"{down} would change nothing with a skip that never uses it",
                "allowed with skip: identity, scaled, ",
            )
            for skip in ("none", "projection", "concat")
            for down in ("project", "error")
        ),
        (
            {"skip": "none", "placement": "pre-activation"},
            "net.placement",
            "pre-activation is the same as original in a plain network",
            "allowed with skip: identity, projection, scaled, ",
        ),
        (
            {"skip": "attention", "placement": "norm-after-addition"},
            "net.placement",
            "norm-after-addition would change nothing where nothing is added",
            "allowed with skip: identity, projection, scaled, ",
        ),
        (
            {"family": "mlp", "skip": "concat", "placement": "activation-only"},
            "net.placement",
            "activation-only is the same as original where vectors are concatenated",
            "allowed with skip: none, identity, projection, ",
        ),
        (
            {"norm": "scalar", "placement": "norm-after-addition"},
            "net.placement",
            "norm-after-addition without a norm to move would change nothing",
            "allowed with norm: batch, layer, group, rms, dyt",
        ),
        (
            {"tail": {"name": "stochastic-depth", "survival": 0.8}, "skip": "concat"},
            "net.tail",
            "stochastic-depth needs a skip that adds, so that a branch can be left out",
            "allowed with skip: identity, projection, scaled, ",
        ),
        (
            {"family": "mlp", "tail": "squeeze-excitation"},
            "net.tail",
            "squeeze-excitation takes means over an image's pixels",
            "allowed with family: convnet",
        ),
        (
            {"init": "zero-gamma", "norm": "none"},
            "net.init",
            "zero-gamma needs a norm with a scale",
            "allowed with norm: batch, layer, group, rms, dyt",
        ),
        (
            {"init": "fixup", "norm": "scalar", "skip": "rezero"},
            "net.init",
            "fixup needs a skip that adds, with no learned factor of its own",
            "allowed with skip: identity, projection, scaled, ",
        ),
        (
            {"norm": {"name": "group", "groups": 3}},
            "net.norm.groups",
            "does not divide the width",
            "allowed for 8: 2, 4, 8",
        ),
    ],
)
async def test_an_unmet_need_is_said_with_what_fits(
    browser: httpx.AsyncClient, net: Json, field: str, problem: str, allowed: str
) -> None:
    (found,) = await refused(browser, {"net": net}, "")
    assert (found["field"], found["problem"]) == (field, problem)
    assert found["allowed"].startswith(allowed)


async def test_every_mistake_is_named_at_once(browser: httpx.AsyncClient) -> None:
    net = {
        "depth": "deep",
        "skip": {"name": "scaled", "shortcut": 9, "branch": [], "alpha": 1},
        "tail": None,
    }
    problems = await refused(browser, {"net": net, "steps": 0, "measures": ["loss"]}, "")
    assert sorted(problem["field"] for problem in problems) == [
        "measures.0",
        "net.depth",
        "net.skip.alpha",
        "net.skip.branch",
        "net.skip.shortcut",
        "net.tail",
        "steps",
    ]


async def test_a_choice_without_a_name_is_the_usual_one_only_where_that_is_said(
    browser: httpx.AsyncClient,
) -> None:
    for path in ("net.skip", "net.norm", "net.init", "net.branch", "net.activation"):
        field = {one.path: one for one in run_fields()}[path]
        (problem,) = await refused(browser, body_of(field), "{}")
        assert problem["field"] == path
        assert problem["allowed"] == f"allowed: {', '.join(field.choices)}"


@pytest.mark.parametrize(
    ("body", "field", "allowed"),
    [
        ({"stepz": 5}, "stepz", "; nearest: steps"),
        (
            {"optimizer": {"name": "adam", "lrr": 1}},
            "optimizer.lrr",
            "; nearest: lr",
        ),
        ({"net": {"widht": 4}}, "net.widht", "; nearest: width"),
        (
            {"net": {"skip": {"name": "hyper", "copy": 2}}},
            "net.skip.copy",
            "allowed: copies; nearest: copies",
        ),
        ({"qqq": 1}, "qqq", "allowed: the paths of `fields` at /api/catalog"),
    ],
)
async def test_an_unknown_field_is_told_which_are_near(
    browser: httpx.AsyncClient, body: dict[str, Any], field: str, allowed: str
) -> None:
    (problem,) = await refused(browser, body, "")
    assert problem["field"] == field
    assert problem["allowed"].endswith(allowed)
