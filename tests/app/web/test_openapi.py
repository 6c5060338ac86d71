from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema_rs
import pytest
from fastapi.routing import APIRoute

from app.spec import RunSpec
from app.studies.presets import PRESETS
from tests.app.web.conftest import SMALL, Served
from tests.app.web.test_runs_api import ended
from tests.app.web.test_studies_api import TWINS


@pytest.fixture
async def document(browser: httpx.AsyncClient) -> dict[str, Any]:
    """The description as served."""
    answer = await browser.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def valid(document: dict[str, Any], name: str, value: Any) -> None:
    """Hold a value against a named schema."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema_rs.validator_for(schema).validate(value)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for part in json.dumps(document).split('"$ref": "')[1:]:
        path = part.partition('"')[0].removeprefix("#/").split("/")
        found: Any = document
        for name in path:
            found = found[name]
        assert found


async def test_every_route_is_described(served: Served, document: dict[str, Any]) -> None:
    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    routes = {
        (method, route.path_format)
        for route in served.app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert described == routes
    assert ("POST", "/api/runs") in described


def test_every_operation_says_what_comes_back(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            for status, response in operation["responses"].items():
                assert response["description"]
                if status.startswith(("4", "5")):
                    assert list(response["content"]) == ["application/problem+json"]
            if method == "post" and not path.endswith("/download"):  # which needs no words
                assert operation["requestBody"]["required"] is True


async def test_what_comes_back_is_what_is_described(
    browser: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    run = (await browser.post("/api/runs", json=SMALL)).json()
    valid(document, "Run", run)
    valid(document, "Run", await ended(browser, run["id"]))
    valid(document, "RunPage", (await browser.get("/api/runs")).json())
    study = (await browser.post("/api/studies", json=TWINS)).json()
    valid(document, "Study", study)
    valid(document, "StudyPage", (await browser.get("/api/studies")).json())
    valid(document, "Plan", (await browser.post("/api/studies/plan", json=TWINS)).json())
    valid(document, "Description", (await browser.post("/api/describe", json=SMALL)).json())
    shown = (await browser.get("/api/data/digits/samples")).json()
    valid(document, "Samples", shown)
    offered = (await browser.get("/api/catalog")).json()
    valid(document, "Catalog", offered)
    assert document["components"]["schemas"]["Catalog"]["properties"].keys() == offered.keys()
    valid(document, "Health", (await browser.get("/healthz")).json())
    valid(document, "DataSets", (await browser.get("/api/data")).json())
    events = (await browser.get(f"/api/runs/{run['id']}/events")).json()
    valid(document, "EventPage", events)
    valid(document, "ProblemBody", (await browser.get("/nowhere")).json())


def test_what_is_written_is_what_may_be_sent(document: dict[str, Any]) -> None:
    for preset in PRESETS:
        valid(document, "StudySpec", preset.spec.model_dump(mode="json"))
    for body in ({}, {"data": "spirals"}, {"data": {"limit": 100}}, {"optimizer": "adam"}):
        valid(document, "RunSpec", body)
    valid(document, "RunSpec", RunSpec().model_dump(mode="json"))
    with pytest.raises(jsonschema_rs.ValidationError):
        valid(document, "RunSpec", {"colour": "red"})


def test_bodies_come_with_examples_that_work(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                name = content["schema"]["$ref"].rpartition("/")[2]
                assert "example" in content, path
                valid(document, name, content["example"])
