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
from tests.app.runs.house import ME, SPEC, House
from tests.app.scripted import a_frame


def full(store: Store) -> None:
    """From now on the database can't grow: to SQLite that is a full disk."""
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def limit(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(store.engine, "checkout", limit)


async def test_a_full_disk_fails_the_run_and_leaves_the_server_up(house: House) -> None:
    before = (await house.runs.create_run(SPEC, ME)).id
    house.engine.end(before, State.FINISHED)
    await house.over(before)
    run = (await house.runs.create_run(SPEC, ME)).id
    house.engine.begin(run)
    house.engine.steps(run, 3)
    await house.told(run, state="running")
    full(house.store)
    house.engine.say(run, *(a_frame(step, width=3000) for step in range(50)))
    said = await house.told(run, state="failed")
    assert "the disk is full" in said["reason"]
    assert house.runs.trouble == "the disk is full"
    assert house.engine.orders == [(run, Action.STOP)]
    shown = await house.runs.run(run)
    assert shown.state == "failed"
    assert "the disk is full" in (shown.reason or "")
    with pytest.raises(NotNow, match="failed"):
        await house.runs.control_run(run, Action.RESUME, ME)
    assert (await house.runs.run(before)).state == "finished"
    page = await house.runs.events(run)
    assert [json.loads(text)["seq"] for text in page.events] == list(range(len(page.events)))


async def test_a_full_disk_takes_no_new_run_and_says_so(house: House) -> None:
    async def create_for_ever() -> None:
        while True:
            await house.runs.create_run(SPEC, ME)

    full(house.store)
    with pytest.raises(Unavailable, match="the disk is full"):
        await create_for_ever()
    assert {run.id for run in (await house.runs.runs(limit=200)).items} == set(house.engine.scripts)


async def test_a_failure_that_could_not_be_kept_is_kept_later(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runs.writer.RETRY", 0.0)
    event.listen(
        house.store.engine, "checkout", lambda c, *_: c.execute("PRAGMA busy_timeout = 0") and None
    )
    run, other = [(await house.runs.create_run(SPEC, ME)).id for _ in range(2)]
    for one in (run, other):
        house.engine.begin(one)
        house.engine.steps(one, 3)
        await house.told(one, state="running")
    await house.beat()
    thief = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    thief.execute("BEGIN IMMEDIATE")
    late = house.engine.scripts[run]
    house.engine.say(run, a_frame(4))
    said = await house.told(run, state="failed")
    assert "another program holds the database" in said["reason"]
    shown = await house.runs.run(run)
    assert (shown.state, shown.reason) == ("failed", said["reason"])
    row = house.store.run(run)
    assert row is not None
    assert row.state == "running"  # as far as the store knows
    thief.execute("ROLLBACK")
    thief.close()
    house.engine.scripts[run] = late
    house.engine.say(run, a_frame(5))  # comes too late: event 4 is lost
    house.engine.end(run, State.STOPPED)
    await house.beat()
    assert house.runs.trouble is None
    page = await house.runs.events(run)
    kinds = [json.loads(text)["type"] for text in page.events]
    assert kinds == ["frame", "frame", "frame", "failed"]
    shown = await house.runs.run(run)
    assert (shown.state, shown.reason) == ("failed", said["reason"])
    assert (await house.runs.run(other)).state == "running"
    house.engine.steps(other, 1)
    house.engine.end(other, State.FINISHED)
    assert await house.over(other) == [0, 1, 2, 3, 4]
