"""Live changes over HTTP: who may, when, and what is said of what can't be."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.app.web.conftest import SMALL, Served
from tests.app.web.test_runs_api import ended

LR = {"optimizer.lr": 0.01}
TWINS = {"study": "twins", "base": SMALL}


def order(values: Any) -> dict[str, Any]:
    return {"action": "set", "values": values}


async def test_what_waits_is_changed_from_step_1_on_by_its_owner_alone(held: Served) -> None:
    async with held.browser() as owner, held.browser() as other:
        for kind, body in (("runs", SMALL), ("studies", TWINS)):
            made = (await owner.post(f"/api/{kind}", json=body)).json()
            control = f"/api/{kind}/{made['id']}/control"
            assert (await other.post(control, json=order(LR))).status_code == 403
            answer = await owner.post(control, json=order(LR))
            assert answer.status_code == 200
            spec = answer.json()["spec"]
            changes = spec["changes"] if kind == "runs" else spec["base"]["changes"]
            assert changes == [{"step": 1, "set": LR}]
            found = await other.get(f"/api/{kind}/{made['id']}")
            assert found.json()["spec"] == spec


async def test_after_the_end_nothing_is_changed(browser: httpx.AsyncClient) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, run)
    answer = await browser.post(f"/api/runs/{run}/control", json=order(LR))
    assert answer.status_code == 409
    assert (await browser.get(f"/api/runs/{run}")).json()["spec"]["changes"] == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (None, "values"),
        ({}, "values"),
        ([], "values"),
        ("optimizer.lr", "values"),
        ({"optimizer.lr": "0.1"}, "values.optimizer.lr"),
        ({"optimizer.lr": True}, "values.optimizer.lr"),
        ({"optimizer.lr": None}, "values.optimizer.lr"),
        ({"optimizer.lr": 0}, "values.optimizer.lr"),
        ({"optimizer.lr": 1e9}, "values.optimizer.lr"),
        ({"optimizer.beta1": 0.5}, "values.optimizer.beta1"),
        ({"lr": 0.5}, "values.lr"),
        ({"": 0.5}, "values."),
        ({"net.skip.strength.block1000": 0.5}, "values.net.skip.strength.block1000"),
        ({"net.skip.strength": 2}, "values.net.skip.strength"),
        ({f"net.skip.{n}": 1 for n in range(21)}, "values"),
    ],
)
async def test_bad_values_are_refused_by_their_names(held: Served, values: Any, field: str) -> None:
    async with held.browser() as browser:
        run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
        answer = await browser.post(f"/api/runs/{run}/control", json=order(values))
        assert answer.status_code == 422
        [problem] = answer.json()["problems"]
        assert problem["field"] == field
        assert problem["problem"]
        assert problem["allowed"]


@pytest.mark.parametrize(
    "body", [{"action": "set"}, {"action": "stop", "values": LR}, {**order(LR), "step": 5}]
)
async def test_values_go_with_set_alone(held: Served, body: dict[str, Any]) -> None:
    async with held.browser() as browser:
        run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
        answer = await browser.post(f"/api/runs/{run}/control", json=body)
        assert answer.status_code == 422
        assert {one["field"] for one in answer.json()["problems"]} <= {"values", "step"}
