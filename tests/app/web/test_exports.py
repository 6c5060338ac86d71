from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.runs.views import EventPage
from app.store.errors import Unavailable
from app.web import exports
from tests.app.web.conftest import BASE, SMALL, Served, serving
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


async def test_the_page_leads_back_to_the_server_it_came_from(
    browser: httpx.AsyncClient, run: str
) -> None:
    page = (await browser.get(f"/api/runs/{run}/export?format=html")).text
    assert f'"address":"{BASE}/"' in page


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


async def test_a_page_leads_back_to_where_others_open_it(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, shared="http://lesson:8000") as served,
        served.browser() as browser,
    ):
        made = (await browser.post("/api/runs", json=SMALL)).json()["id"]
        await ended(browser, made)
        page = (await browser.get(f"/api/runs/{made}/export?format=html")).text
    assert '"address":"http://lesson:8000/"' in page


async def test_there_are_three_formats(browser: httpx.AsyncClient, run: str) -> None:
    answer = await browser.get(f"/api/runs/{run}/export?format=exe")
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == "format"
    for kind in ("json", "csv", "html"):
        assert kind in answer.json()["problems"][0]["allowed"]


async def test_too_much_for_a_page_is_still_a_file(
    browser: httpx.AsyncClient, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_HTML", 1000)
    refused = await browser.get(f"/api/runs/{run}/export?format=html")
    assert refused.status_code == 422
    (problem,) = refused.json()["problems"]
    assert problem["field"] == "format"
    for kind in ("json", "csv"):
        assert kind in problem["allowed"]
        assert (await browser.get(f"/api/runs/{run}/export?format={kind}")).status_code == 200


async def test_a_file_is_sent_while_it_is_made(
    served: Served, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.figures.export.PART", 1)
    read = served.context.runs.events
    asked: list[int] = []
    sent: list[int] = []  # how often the store had been asked when each part left

    async def one_by_one(run: str, after: int = -1, limit: int = 1) -> EventPage:
        asked.append(after)
        return await read(run, after, 1)

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message.get("body"):
                sent.append(len(asked))
            await send(message)

        await served.app(scope, receive, noted)

    monkeypatch.setattr(served.context.runs, "events", one_by_one)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(watched), base_url=BASE) as client:
        said = (await client.get(f"/api/runs/{run}/export")).json()["events"][run]
    assert [event["seq"] for event in said] == list(range(FRAMES + 3))
    assert sent[0] < sent[len(sent) // 2] < sent[-1]


async def test_what_can_not_be_read_is_no_file(
    served: Served, browser: httpx.AsyncClient, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(*_: object) -> EventPage:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(served.context.runs, "events", unavailable)
    for kind in ("json", "csv", "html"):
        answer = await browser.get(f"/api/runs/{run}/export?format={kind}")
        assert answer.status_code == 503


async def test_a_spreadsheet_may_want_decimal_commas(browser: httpx.AsyncClient, run: str) -> None:
    address = f"/api/runs/{run}/export?format=csv"
    point = (await browser.get(address)).text
    comma = (await browser.get(f"{address}&decimal=comma")).text
    assert (await browser.get(f"{address}&decimal=point")).text == point
    first, second = (
        [row["value"] for row in csv.DictReader(io.StringIO(text), delimiter=separator)]
        for text, separator in ((point, ","), (comma, ";"))
    )
    assert [value.replace(",", ".") for value in second] == first
    assert second != first


@pytest.mark.parametrize(
    "query", ["format=csv&decimal=semicolon", "decimal=comma", "format=html&decimal=point"]
)
async def test_a_decimal_mark_that_can_not_be_names_the_field(
    browser: httpx.AsyncClient, run: str, query: str
) -> None:
    answer = await browser.get(f"/api/runs/{run}/export?{query}")
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert problem["field"] == "decimal"
    assert "csv" in problem["allowed"] or "comma" in problem["allowed"]
