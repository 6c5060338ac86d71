"""Every interface answers for what version 1 left in the database."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from app.live import Live
from app.runs import Runs
from app.settings import Settings
from app.store.networks import Networks
from app.store.store import Store
from app.web.server import make_context
from tests.app.store.version1 import put
from tests.app.web.conftest import Served
from tests.app.web.scripted import ScriptedExecutor


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that visits a server with version 1's database, and a run that nobody can read."""
    path = tmp_path / "depthscope.sqlite"
    put(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE run SET spec = '{\"version\":7}' WHERE number = 1")
        database.commit()
    store = Store(f"sqlite:///{path}")
    store.open()
    executor = ScriptedExecutor(go=True)
    runs = Runs(executor, store, Live(), Networks(tmp_path / "networks", 10**6))
    context = make_context(Settings(data=tmp_path), runs, runs.waiting, None)
    await runs.start()
    async with Served(context, executor).browser() as client:
        yield client
    await runs.close()
    store.close()


async def test_lists_hold_all_that_can_be_read_and_name_the_rest(
    browser: httpx.AsyncClient,
) -> None:
    runs, studies = [(await browser.get(f"/api/{kind}")).json() for kind in ("runs", "studies")]
    assert (len(runs["items"]), len(runs["unreadable"])) == (7, 1)
    assert (len(studies["items"]), len(studies["unreadable"])) == (3, 1)
    assert {run["spec"]["version"] for run in runs["items"]} == {2}
    for kind, page in (("runs", runs), ("studies", studies)):
        (unreadable,) = page["unreadable"]
        answer = await browser.get(f"/api/{kind}/{unreadable}")
        assert answer.status_code == 404
        assert "earlier version" in answer.json()["detail"]
    assert (await browser.get(f"/api/runs/{runs['unreadable'][0]}/events")).status_code == 200


@pytest.mark.parametrize("kind", ["runs", "studies"])
async def test_each_can_be_looked_at_and_taken_home(browser: httpx.AsyncClient, kind: str) -> None:
    for one in (await browser.get(f"/api/{kind}")).json()["items"]:
        address = f"/api/{kind}/{one['id']}"
        assert (await browser.get(address)).json() == one
        table = await browser.get(f"{address}/export?format=csv")
        rows = list(csv.DictReader(io.StringIO(table.text)))
        assert {"batch_loss", "flow", "weight_grad", "train_loss"} <= {r["measure"] for r in rows}
        whole = (await browser.get(f"{address}/export?format=json")).json()
        for events in whole["events"].values():
            assert events[0]["spec"]["version"] == 2
            assert [event["seq"] for event in events] == list(range(len(events)))
        page = await browser.get(f"{address}/export?format=html")
        assert page.status_code == 200
        assert json.dumps(one["id"]) in page.text


@pytest.mark.parametrize("page", ["/", "/runs", "/depth"])
async def test_pages_answer(browser: httpx.AsyncClient, page: str) -> None:
    assert (await browser.get(page)).status_code == 200


async def test_a_body_of_version_1_trains_what_it_meant(browser: httpx.AsyncClient) -> None:
    net = {"family": "mlp", "depth": 4, "width": 4, "downsample": "pad", "block": "basic"}
    for version in ({}, {"version": 1}):
        answer = await browser.post("/api/runs", json={**version, "net": net, "steps": 4})
        assert answer.status_code == 201
        spec = answer.json()["spec"]
        assert spec["version"] == 2
        assert not {"downsample", "block"} & set(spec["net"])
        assert (await browser.post("/api/runs", json=spec)).json()["spec"] == spec
