"""Questions to trained networks, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.app.web.conftest import SMALL, Served
from tests.app.web.test_networks import kept
from tests.app.web.test_runs_api import ended

NOBODY = "aaaaaaaaaa"
RUN = "allowed: the id of a run that was trained here"
TRAINED = "allowed: a run that was trained here and whose network is kept"


async def test_an_analysis_is_a_run_of_the_same_list(
    served: Served, browser: httpx.AsyncClient
) -> None:
    run = await kept(served, browser)
    answer = await browser.post("/api/analyses", json={"analysis": "lesion", "of": run, "most": 1})
    assert answer.status_code == 201
    created = answer.json()
    assert answer.headers["location"] == f"/api/runs/{created['id']}"
    assert created["analysis"] == {
        "analysis": "lesion",
        "of": run,
        "trained": SMALL["steps"],
        "swaps": "yes",
        "most": 1,
        "draws": 3,
        "seed": 0,
        "statistics": "intact",
    }
    assert created["steps"] == 1  # one block: nothing to swap it with
    assert created["spec"] == (await browser.get(f"/api/runs/{run}")).json()["spec"]
    await ended(browser, created["id"])
    listed = (await browser.get("/api/runs")).json()["items"]
    assert [one["id"] for one in listed] == [created["id"], run]
    assert [one["analysis"] is None for one in listed] == [False, True]
    other = await browser.get(f"/api/runs/{created['id']}/network")
    assert other.status_code == 404
    assert (await browser.delete(f"/api/runs/{created['id']}")).status_code == 204


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, [("analysis", "is missing", "allowed: lesion, paths"), ("of", "is missing", RUN)]),
        (
            {"analysis": "scalpel", "of": NOBODY},
            [("analysis", "is not a known name", "allowed: lesion, paths")],
        ),
        ({"analysis": "lesion", "of": 3}, [("of", "is not the id of a run", RUN)]),
        ({"analysis": "lesion", "of": NOBODY}, [("of", "there is no such run", TRAINED)]),
        (
            {"analysis": "lesion", "of": NOBODY, "most": 0, "size": 3},
            [
                ("most", "is out of range", "allowed: 1 to 600"),
                ("size", "is no setting of the analysis lesion",
                 "allowed: swaps, most, draws, seed, statistics"),
            ],
        ),
    ],
)  # fmt: skip
async def test_what_can_not_be_asked_is_named(
    browser: httpx.AsyncClient, body: dict[str, Any], said: list[tuple[str, str, str]]
) -> None:
    answer = await browser.post("/api/analyses", json=body)
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert [(one["field"], one["problem"], one["allowed"]) for one in problems] == said


async def refusal(browser: httpx.AsyncClient, run: str) -> str:
    """Why this run can't be analysed."""
    answer = await browser.post("/api/analyses", json={"analysis": "lesion", "of": run})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["field"], problem["allowed"]) == ("of", TRAINED)
    return str(problem["problem"])


async def test_a_run_without_a_network_can_not_be_asked(
    served: Served, browser: httpx.AsyncClient
) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, run)
    assert await refusal(browser, run) == (
        "The network of this run is not kept (any more): the newest ones are"
    )
    await browser.delete(f"/api/runs/{run}")
    assert await refusal(browser, run) == "there is no such run"


async def test_an_analysis_can_not_be_asked(served: Served, browser: httpx.AsyncClient) -> None:
    run = await kept(served, browser)
    asked = await browser.post("/api/analyses", json={"analysis": "lesion", "of": run})
    assert await refusal(browser, asked.json()["id"]) == "is an analysis itself"


async def test_a_run_that_goes_on_can_not_be_asked(held: Served) -> None:
    async with held.browser() as browser:
        run = (await browser.post("/api/runs", json=SMALL)).json()["id"]
        assert (
            await refusal(browser, run)
            == "This run has not ended yet: its network is kept at its end"
        )
