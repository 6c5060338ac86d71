"""A store that can't take what is said: a full disk, a database that another program holds."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.executors.base import Action, State
from app.runs import NotNow
from app.store.errors import Unavailable
from app.store.store import Store
from tests.app.runs.harness import ME, SPEC, Harness
from tests.app.scripted import a_frame


def full(store: Store) -> None:
    """From now on the database can't grow: to SQLite that is a full disk."""
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def limit(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(store.engine, "checkout", limit)


async def test_a_full_disk_fails_the_run_and_leaves_the_server_up(harness: Harness) -> None:
    before = (await harness.runs.create_run(SPEC, ME)).id
    harness.engine.end(before, State.FINISHED)
    await harness.over(before)
    run = (await harness.runs.create_run(SPEC, ME)).id
    harness.engine.begin(run)
    harness.engine.steps(run, 3)
    await harness.told(run, state="running")
    full(harness.store)
    harness.engine.say(run, *(a_frame(step, width=3000) for step in range(50)))
    said = await harness.told(run, state="failed")
    assert "the disk is full" in said["reason"]
    assert harness.runs.trouble == "the disk is full"
    assert harness.engine.orders == [(run, Action.STOP)]
    shown = await harness.runs.run(run)
    assert shown.state == "failed"
    assert "the disk is full" in (shown.reason or "")
    with pytest.raises(NotNow, match="failed"):
        await harness.runs.control_run(run, Action.RESUME, ME)
    assert (await harness.runs.run(before)).state == "finished"
    page = await harness.runs.events(run)
    assert [json.loads(text)["seq"] for text in page.events] == list(range(len(page.events)))


async def test_a_full_disk_takes_no_new_run_and_says_so(harness: Harness) -> None:
    async def create_for_ever() -> None:
        while True:
            await harness.runs.create_run(SPEC, ME)

    full(harness.store)
    with pytest.raises(Unavailable, match="the disk is full"):
        await create_for_ever()
    assert {run.id for run in (await harness.runs.runs(limit=200)).items} == set(
        harness.engine.scripts
    )


async def test_a_failure_that_could_not_be_kept_is_kept_later(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runs.writer.RETRY", 0.0)
    event.listen(
        harness.store.engine,
        "checkout",
        lambda c, *_: c.execute("PRAGMA busy_timeout = 0") and None,
    )
    run, other = [(await harness.runs.create_run(SPEC, ME)).id for _ in range(2)]
    for one in (run, other):
        harness.engine.begin(one)
        harness.engine.steps(one, 3)
        await harness.told(one, state="running")
    await harness.flush()
    thief = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    thief.execute("BEGIN IMMEDIATE")
    late = harness.engine.scripts[run]
    harness.engine.say(run, a_frame(4))
    said = await harness.told(run, state="failed")
    assert "another program holds the database" in said["reason"]
    shown = await harness.runs.run(run)
    assert (shown.state, shown.reason) == ("failed", said["reason"])
    row = harness.store.run(run)
    assert row is not None
    assert row.state == "running"  # as far as the store knows
    thief.execute("ROLLBACK")
    thief.close()
    harness.engine.scripts[run] = late
    harness.engine.say(run, a_frame(5))  # comes too late: event 4 is lost
    harness.engine.end(run, State.STOPPED)
    await harness.flush()
    assert harness.runs.trouble is None
    page = await harness.runs.events(run)
    kinds = [json.loads(text)["type"] for text in page.events]
    assert kinds == ["frame", "frame", "frame", "failed"]
    shown = await harness.runs.run(run)
    assert (shown.state, shown.reason) == ("failed", said["reason"])
    assert (await harness.runs.run(other)).state == "running"
    harness.engine.steps(other, 1)
    harness.engine.end(other, State.FINISHED)
    assert await harness.over(other) == [0, 1, 2, 3, 4]
