from __future__ import annotations

import csv
import io
import json

import httpx
import pytest

from tests.app.web.conftest import SMALL
from tests.app.web.scripted import FRAMES
from tests.app.web.test_runs_api import ended
from tests.app.web.test_studies_api import TWINS


@pytest.fixture
async def run(browser: httpx.AsyncClient) -> str:
    """A run that has ended."""
    found: str = (await browser.post("/api/runs", json=SMALL)).json()["id"]
    await ended(browser, found)
    return found


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("json", "application/json"), ("csv", "text/csv"), ("html", "text/html")],
)
async def test_a_run_can_be_taken_home(
    browser: httpx.AsyncClient, run: str, kind: str, media_type: str
) -> None:
    answer = await browser.get(f"/api/runs/{run}/export?format={kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.endswith(f'.{kind}"')
    assert answer.content


async def test_the_json_holds_the_run_and_all_it_said(browser: httpx.AsyncClient, run: str) -> None:
    found = json.dumps((await browser.get(f"/api/runs/{run}/export")).json())
    for event in (await browser.get(f"/api/runs/{run}/events")).json()["events"]:
        assert json.dumps(event) in found


async def test_the_csv_of_twins_holds_both(browser: httpx.AsyncClient) -> None:
    study = (await browser.post("/api/studies", json=TWINS)).json()
    runs = [one["id"] for one in study["runs"]]
    for one in runs:
        await ended(browser, one)
    answer = await browser.get(f"/api/studies/{study['id']}/export?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    for one in runs:
        losses = [row for row in rows if row["run"] == one and row["measure"] == "batch_loss"]
        assert len(losses) == FRAMES


async def test_there_are_three_formats(browser: httpx.AsyncClient, run: str) -> None:
    answer = await browser.get(f"/api/runs/{run}/export?format=exe")
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == "format"
    for kind in ("json", "csv", "html"):
        assert kind in answer.json()["problems"][0]["allowed"]
