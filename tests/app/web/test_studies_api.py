from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.data.folders import VARIABLE
from app.runs import queries
from app.runs.active_runs import ActiveRuns
from app.runs.views import Outlook
from app.studies.registry import plan
from app.studies.spec import STUDY_SPEC
from tests.app.data.test_own import put
from tests.app.web.conftest import SMALL, Served
from tests.app.web.test_runs_api import until

TWINS: dict[str, Any] = {"study": "twins", "base": SMALL}
DEPTH: dict[str, Any] = {
    "study": "depth",
    "base": SMALL,
    "depths": [4, 8],
    "skips": ["none", "identity"],
    "seeds": [0, 1],
}


async def test_twins_are_one_study_of_two_runs(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/api/studies", json=TWINS)
    assert answer.status_code == 201
    study = answer.json()
    assert answer.headers["location"] == f"/api/studies/{study['id']}"
    assert study["study"] == "twins"
    assert study["total"] == 2
    assert [run["spec"]["net"]["skip"] for run in study["runs"]] == ["identity", "none"]
    assert {run["study"] for run in study["runs"]} == {study["id"]}

    async def is_finished() -> bool:
        found = (await browser.get(f"/api/studies/{study['id']}")).json()
        return bool(found["state"] == "finished" and found["done"] == 2)

    await until(is_finished)


async def test_images_that_are_not_there_or_too_few_are_refused_before_anything_is_kept(
    browser: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    put(tmp_path, "own", count=6)  # ten to train on
    few = {**SMALL, "net": {"family": "convnet", "depth": 8, "width": 4}, "batch_size": 8}
    own, none = {**few, "data": "folder:own"}, {**few, "data": "folder:none"}
    no_folder = {
        "problem": "there is no folder images/none",
        "allowed": "make it, with a folder of images for each class",
    }
    too_large = "is larger than the training set"
    for address, body, expected in (
        ("runs", none, {"field": "data", **no_folder}),
        ("runs", {**own, "batch_size": 11}, {"field": "batch_size", "problem": too_large}),
        ("studies", {**TWINS, "base": none}, {"field": "base.data", **no_folder}),
        (
            "studies",
            {"study": "sweep", "base": own, "field": "batch_size", "values": [4, 11]},
            {"field": "values", "problem": f"batch_size {too_large}"},
        ),
    ):
        answer = await browser.post(f"/api/{address}", json=body)
        assert answer.status_code == 422, body
        (found,) = answer.json()["problems"]
        assert found.items() >= expected.items()
    assert (await browser.get("/api/runs")).json()["items"] == []
    assert (await browser.post("/api/studies", json={**TWINS, "base": own})).status_code == 201
    # what the base has of a swept field trains nowhere
    base = {**own, "batch_size": 64}
    body = {"study": "sweep", "field": "batch_size", "values": [4, 10], "base": base}
    assert (await browser.post("/api/studies", json=body)).status_code == 201


async def test_a_device_that_is_not_here_is_refused_before_anything_is_kept(
    browser: httpx.AsyncClient, served: Served
) -> None:
    cuda = {**SMALL, "device": "cuda"}
    for address, body, field in (
        ("runs", cuda, "device"),
        ("studies", {**TWINS, "base": cuda}, "base.device"),
        ("studies", {"study": "depth", "depths": [4], "base": cuda}, "base.device"),
    ):
        answer = await browser.post(f"/api/{address}", json=body)
        assert answer.status_code == 422
        assert answer.json()["problems"] == [
            {
                "field": field,
                "problem": "there is no CUDA device here",
                "allowed": "allowed: auto, cpu",
            }
        ]
    assert (await browser.get("/api/runs")).json()["items"] == []
    for known in (("cpu", "cuda"), None):  # None: no worker has told yet, so the run will
        served.executor.known = known
        assert (await browser.post("/api/runs", json=cuda)).status_code == 201


async def test_a_plan_says_what_would_train(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/api/studies/plan", json=DEPTH)
    assert answer.status_code == 200
    expected = plan(STUDY_SPEC.validate_json(json.dumps(DEPTH)))
    assert answer.json() == {"runs": [run.model_dump(mode="json") for run in expected]}
    assert len(answer.json()["runs"]) == 8
    assert (await browser.get("/api/runs")).json()["items"] == []


async def test_studies_are_listed_and_filtered(browser: httpx.AsyncClient) -> None:
    twins = (await browser.post("/api/studies", json=TWINS)).json()["id"]
    depth = (await browser.post("/api/studies", json=DEPTH)).json()["id"]
    listed = (await browser.get("/api/studies")).json()
    assert [study["id"] for study in listed["items"]] == [depth, twins]
    runs = (await browser.get(f"/api/runs?study={twins}")).json()["items"]
    assert len(runs) == 2
    assert len((await browser.get("/api/runs?study=depth")).json()["items"]) == 8


async def test_a_page_of_studies_is_bounded_by_their_runs(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_RUNS", 10)
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    specs = (TWINS, DEPTH, TWINS, TWINS, TWINS)
    made = [(await browser.post("/api/studies", json=spec)).json()["id"] for spec in specs]
    found: list[list[str]] = []
    after: str | None = ""
    while after is not None:
        page = (await browser.get(f"/api/studies?limit=4{after and f'&after={after}'}")).json()
        found.append([study["id"] for study in page["items"]])
        assert all(len(study["runs"]) == study["total"] for study in page["items"])
        after = page["next"]
    newest = made[::-1]
    assert found == [newest[:3], newest[3:]]
    monkeypatch.setattr(queries, "MOST_RUNS", 1)
    assert len((await browser.get("/api/studies")).json()["items"]) == 1


async def test_the_desk_is_asked_on_the_loop_alone(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[int] = set()
    outlook, broken = ActiveRuns.outlook, ActiveRuns.broken

    def noted_outlook(active: ActiveRuns, run: str) -> Outlook:
        asked.add(threading.get_ident())
        return outlook(active, run)

    def noted_broken(active: ActiveRuns, run: str) -> str | None:
        asked.add(threading.get_ident())
        return broken(active, run)

    monkeypatch.setattr(ActiveRuns, "outlook", noted_outlook)
    monkeypatch.setattr(ActiveRuns, "broken", noted_broken)
    async with served.browser() as browser:
        study = (await browser.post("/api/studies", json=TWINS)).json()
        for path in ("/api/runs", "/api/studies", f"/api/studies/{study['id']}"):
            assert (await browser.get(path)).status_code == 200
    assert asked == {threading.get_ident()}


async def test_a_study_goes_with_all_its_runs(held: Served) -> None:
    async with held.browser() as owner, held.browser() as other:
        study = (await owner.post("/api/studies", json=TWINS)).json()
        url = f"/api/studies/{study['id']}"
        assert (await other.delete(url)).status_code == 403
        assert (await other.post(f"{url}/control", json={"action": "stop"})).status_code == 403
        assert (await owner.delete(url)).status_code == 204
        assert (await owner.get(url)).status_code == 404
        for run in study["runs"]:
            assert (await owner.get(f"/api/runs/{run['id']}")).status_code == 404


async def test_stopping_a_study_stops_each_run(held: Served) -> None:
    async with held.browser() as owner:
        study = (await owner.post("/api/studies", json=TWINS)).json()
        url = f"/api/studies/{study['id']}"
        assert (await owner.post(f"{url}/control", json={"action": "stop"})).status_code == 200

        async def is_stopped() -> bool:
            found = (await owner.get(url)).json()
            return {run["state"] for run in found["runs"]} == {"stopped"}

        await until(is_stopped)


NO_SKIP = {"study": "twins", "against": "identity"}


@pytest.mark.parametrize(
    ("study", "field", "problem"),
    [
        ({"study": "twins", "base": {"net": {"depth": "7"}}}, "base.net.depth", "whole number"),
        (
            {**NO_SKIP, "base": {"net": {"skip": "none", "init": "zero-gamma"}}},
            "base.net.init",
            "zero-gamma needs a skip that adds",
        ),
        (
            {**NO_SKIP, "base": {"net": {"skip": "highway", "norm": "none", "init": "fixup"}}},
            "base.net.init",
            "fixup needs a skip that adds",
        ),
        (
            {**NO_SKIP, "base": {"net": {"skip": "none", "tail": {"name": "stochastic-depth"}}}},
            "base.net.tail",
            "stochastic-depth needs a skip that adds",
        ),
        (
            {"study": "depth", "base": {"net": {"tail": {"name": "stochastic-depth", "alpha": 1}}}},
            "base.net.tail.alpha",
            "is no setting of stochastic-depth",
        ),
        (
            {"study": "sweep", "field": "net.tail", "values": ["none", "stochastic-depth"]},
            "values",
            "stochastic-depth can't go with the skip none",
        ),
        (
            {
                "study": "sweep",
                "base": {"net": {"init": "zero-gamma"}},
                "field": "net.norm",
                "values": ["none"],
            },
            "values",
            "net.init zero-gamma needs a norm with a scale",
        ),
        ({"study": "sweep", "values": [0.1, {}]}, "values.1", "neither a number nor a name"),
        ({"study": "twins", "against": {"name": "none"}}, "against", "is not text"),
        ({"study": "twins", "against": "bridge"}, "against", "unknown skip"),
        ({"study": "twins", "base": []}, "base", "is not an object"),
        ({"study": "race"}, "study", "is not a known name"),
        ({"study": None}, "study", "is not a known name"),
        ({}, "study", "is missing"),
    ],
)
async def test_a_study_says_which_field_is_wrong(
    browser: httpx.AsyncClient, study: dict[str, Any], field: str, problem: str
) -> None:
    for path in ("/api/studies", "/api/studies/plan"):
        answer = await browser.post(path, json=study)
        assert answer.status_code == 422
        (found,) = answer.json()["problems"]
        assert found["field"] == field
        assert problem in found["problem"]


async def test_twins_are_planned_where_the_base_has_what_only_goes_with_its_skip(
    browser: httpx.AsyncClient,
) -> None:
    net = {"init": "zero-gamma", "tail": "stochastic-depth"}
    for against in ("none", "highway"):
        study = {"study": "twins", "base": {"net": net}, "against": against}
        first, twin = (await browser.post("/api/studies/plan", json=study)).json()["runs"]
        assert (first["net"]["init"], first["net"]["tail"]) == ("zero-gamma", "stochastic-depth")
        assert twin == {
            **first,
            "net": {**first["net"], "skip": against, "init": "he", "tail": "none"},
        }
