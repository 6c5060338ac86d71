"""The service: what can be done with runs and studies, on an engine that a test leads."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.executors.base import Action, Refused, State
from app.live import Live
from app.mistakes import BadField
from app.runs import NotFound, NotNow, NotOwner, Run, Runs, Study
from app.runs.service import new_id
from app.spec import RunSpec
from app.store.errors import Unavailable
from app.store.store import Store
from app.studies.spec import DepthSpec, TwinsSpec
from tests.app.scripted import Scripted, a_frame

ME, YOU = "me", "you"
SPEC = RunSpec(steps=50)
TWINS = TwinsSpec(base=SPEC)


@dataclass
class House:
    """The service and its parts."""

    runs: Runs
    engine: Scripted
    store: Store

    async def told(self, run: str, **wanted: Any) -> dict[str, Any]:
        """Wait until the run is told to stand like this."""
        async with aclosing(self.runs.follow([run], {})) as following:
            async for text in following:
                said = json.loads(text)
                if isinstance(said, dict) and wanted.items() <= said.items():
                    return said
        raise AssertionError(f"{run} ended without {wanted}")

    async def over(self, *runs: str) -> list[int]:
        """Follow the runs to their ends; the numbers of the events that came."""
        messages = [json.loads(text) async for text in self.runs.follow(runs, {})]
        return [event["seq"] for text in messages if isinstance(text, list) for event in text]

    async def settled(self, study: str, *steps: int) -> Study:
        """Wait until the study's runs are paused after so many steps."""
        while True:
            found = await self.runs.study(study, viewer=ME)
            if [(run.state, run.step) for run in found.runs] == [("paused", s) for s in steps]:
                return found
            await self.beat()

    async def beat(self) -> None:
        """Wait for the writer's next round, by a run that lives only for that."""
        run = await self.runs.create_run(SPEC, "nobody")
        self.engine.end(run.id, State.FINISHED)
        await self.told(run.id, state="finished")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.open()
    engine = Scripted()
    runs = Runs(engine, store, Live())
    await runs.start()
    yield House(runs, engine, store)
    await runs.close()
    store.close()


async def test_a_new_run_waits_in_the_queue(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    assert run == await house.runs.run(run.id, viewer=ME)
    assert (run.state, run.step, run.steps, run.last_seq) == ("queued", 0, 50, -1)
    assert (run.spec, run.place, run.mine, run.study) == (SPEC, 1, True, None)
    [job] = house.engine.jobs
    assert [(task.run, task.spec, task.first_seq) for task in job.tasks] == [(run.id, SPEC, 0)]
    assert not job.paused


async def test_a_runs_json_is_what_the_protocol_says(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    house.engine.begin(run.id)
    house.engine.steps(run.id, 2)
    house.engine.end(run.id, State.FINISHED)
    await house.over(run.id)
    shown = json.loads((await house.runs.run(run.id)).model_dump_json())
    keys = "id state spec study step steps last_seq result reason created started ended place mine"
    assert list(shown) == keys.split()
    assert shown["mine"] is False
    assert shown["result"]["train_error"] == 0.25
    assert RunSpec.model_validate_json(json.dumps(shown["spec"])) == SPEC
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
    for name in ("created", "started", "ended"):
        assert moment.fullmatch(shown[name])
    assert "owner" not in shown
    assert shown["created"] <= shown["started"] <= shown["ended"]


async def test_what_a_run_says_is_kept_and_told(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    following = asyncio.create_task(house.over(run.id))
    house.engine.begin(run.id)
    await house.told(run.id, state="running", place=None)
    house.engine.steps(run.id, 30)
    house.engine.end(run.id, State.FINISHED)
    assert await following == list(range(31))
    page = await house.runs.events(run.id)
    assert [json.loads(text)["seq"] for text in page.events] == list(range(31))
    assert page.next is None
    shown = await house.runs.run(run.id)
    assert (shown.state, shown.step, shown.last_seq) == ("finished", 30, 30)
    assert shown.result is not None


async def test_events_come_in_pages(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    house.engine.begin(run.id)
    house.engine.steps(run.id, 10)
    house.engine.end(run.id, State.FINISHED)
    await house.over(run.id)
    page = await house.runs.events(run.id, limit=4)
    assert (len(page.events), page.next) == (4, 3)
    page = await house.runs.events(run.id, after=3)
    assert (len(page.events), page.next) == (7, None)


async def test_a_failure_says_why(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    house.engine.begin(run.id)
    house.engine.end(run.id, State.FAILED, "the worker died")
    said = await house.told(run.id, state="failed")
    assert said["reason"] == "the worker died"
    assert (await house.runs.run(run.id)).reason == "the worker died"


async def test_what_is_not_there_is_not_found(house: House) -> None:
    for asking in (
        house.runs.run("nowhere"),
        house.runs.study("nowhere"),
        house.runs.events("nowhere"),
        house.runs.control_run("nowhere", Action.STOP, ME),
        house.runs.control_study("nowhere", Action.STOP, ME),
        house.runs.delete_run("nowhere", ME),
        house.runs.delete_study("nowhere", ME),
    ):
        with pytest.raises(NotFound):
            await asking


async def test_only_who_started_it_may_control_or_delete_it(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    study = await house.runs.create_study(TWINS, ME)
    for asking in (
        house.runs.control_run(run.id, Action.STOP, YOU),
        house.runs.control_study(study.id, Action.STOP, YOU),
        house.runs.delete_run(run.id, YOU),
        house.runs.delete_study(study.id, YOU),
    ):
        with pytest.raises(NotOwner):
            await asking
    assert house.engine.orders == []
    assert not (await house.runs.run(run.id, viewer=YOU)).mine


async def test_a_run_is_paused_stepped_resumed_and_stopped(house: House) -> None:
    run = (await house.runs.create_run(SPEC, ME, paused=True)).id
    assert house.engine.jobs[0].paused
    house.engine.begin(run)
    await house.told(run, state="paused", step=0)
    await house.runs.control_run(run, Action.STEP, ME)
    await house.told(run, state="paused", step=1)
    await house.runs.control_run(run, Action.RESUME, ME)
    await house.told(run, state="running")
    await house.runs.control_run(run, Action.STOP, ME)
    await house.told(run, state="stopped", step=1)
    with pytest.raises(NotNow, match="stopped"):
        await house.runs.control_run(run, Action.RESUME, ME)


async def test_deleting_a_run_stops_it_and_drops_what_it_says_late(house: House) -> None:
    run = (await house.runs.create_run(SPEC, ME)).id
    house.engine.begin(run)
    house.engine.steps(run, 3)
    await house.told(run, state="running")
    following = asyncio.create_task(house.over(run))
    script = house.engine.scripts[run]
    await house.runs.delete_run(run, ME)
    assert house.engine.orders == [(run, Action.STOP)]
    await following
    house.engine.scripts[run] = script  # a worker that was slow to obey
    house.engine.say(run, a_frame(9))
    house.engine.end(run, State.STOPPED)
    await house.beat()
    with pytest.raises(NotFound):
        await house.runs.run(run)
    assert house.store.events(run) is None
    assert house.runs.trouble is None


async def test_what_can_not_be_deleted_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: str) -> None:
        raise Unavailable("the disk is full")

    study = await house.runs.create_study(TWINS, ME)
    run = study.runs[0].id
    house.engine.begin(run)
    for name in ("delete_run", "delete_study"):
        monkeypatch.setattr(house.store, name, full)
    with pytest.raises(Unavailable):
        await house.runs.delete_run(run, ME)
    with pytest.raises(Unavailable):
        await house.runs.delete_study(study.id, ME)
    assert house.engine.orders == []
    house.engine.steps(run, 3)
    house.engine.end(run, State.FINISHED)
    assert (await house.told(run, state="finished"))["step"] == 3


async def test_a_run_that_ended_can_be_deleted(house: House) -> None:
    run = (await house.runs.create_run(SPEC, ME)).id
    house.engine.end(run, State.FINISHED)
    await house.over(run)
    await house.runs.delete_run(run, ME)
    assert (await house.runs.runs()).items == ()


async def test_twins_are_one_job_and_come_in_the_plans_order(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME)
    [job] = house.engine.jobs
    assert [task.run for task in job.tasks] == [run.id for run in study.runs]
    assert {run.spec.net.skip for run in study.runs} == {"none", "identity"}
    assert all(run.study == study.id for run in study.runs)
    assert (study.study, study.state, study.done, study.total) == ("twins", "queued", 0, 2)
    assert (study.place, study.mine, study.ended) == (1, True, None)
    keys = "id study spec state runs done total created ended place mine"
    assert list(json.loads(study.model_dump_json())) == keys.split()


async def test_a_sweep_is_a_job_a_run_in_the_plans_order(house: House) -> None:
    spec = DepthSpec(base=SPEC, depths=(8, 20), seeds=(0, 1))
    study = await house.runs.create_study(spec, ME)
    assert [job.tasks[0].run for job in house.engine.jobs] == [run.id for run in study.runs]
    assert [run.place for run in study.runs] == list(range(1, 9))
    first, second, *rest = (run.id for run in study.runs)
    house.engine.begin(first)
    house.engine.end(second, State.FINISHED)
    await house.told(second, state="finished")
    study = await house.runs.study(study.id)
    assert (study.state, study.done, study.total, study.place) == ("running", 1, 8, 1)
    house.engine.end(first, State.FINISHED)
    for run in rest:
        house.engine.end(run, State.STOPPED if run == rest[0] else State.FINISHED)
    await house.over(first, *rest)
    study = await house.runs.study(study.id)
    assert (study.state, study.done, study.place) == ("stopped", 8, None)
    assert study.ended == max(run.ended for run in study.runs if run.ended)


async def test_only_twins_are_held_before_their_first_step(house: House) -> None:
    with pytest.raises(BadField, match="twins"):
        await house.runs.create_study(DepthSpec(base=SPEC), ME, paused=True)
    assert (await house.runs.studies()).items == ()
    assert house.engine.jobs == []


async def test_waiting_runs_hear_their_place_as_it_changes(house: House) -> None:
    first, second, third = [(await house.runs.create_run(SPEC, ME)).id for _ in range(3)]
    assert (await house.runs.run(third)).place == 3
    house.engine.begin(first)
    await house.told(third, place=2)
    assert (await house.runs.run(first)).place is None
    await house.runs.control_run(second, Action.STOP, ME)
    await house.told(third, place=1)


async def test_twins_that_pause_at_different_steps_are_brought_to_one(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME)
    slow, quick = (run.id for run in study.runs)
    house.engine.inertia = {slow: 4, quick: 11}
    house.engine.begin(slow)
    house.engine.begin(quick)
    await house.told(quick, state="running")
    await house.runs.control_study(study.id, Action.PAUSE, ME)
    await house.settled(study.id, 11, 11)
    assert house.engine.aligned == [((slow, quick), 11)]


async def test_a_step_moves_both_twins_by_one(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME, paused=True)
    for run in study.runs:
        house.engine.begin(run.id)
    await house.settled(study.id, 0, 0)
    await house.runs.control_study(study.id, Action.STEP, ME)
    await house.settled(study.id, 1, 1)
    for _ in range(3):  # pressed faster than they can move
        await house.runs.control_study(study.id, Action.STEP, ME)
    await house.settled(study.id, 4, 4)


async def test_a_step_holds_twins_that_are_under_way(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME)
    slow, quick = (run.id for run in study.runs)
    house.engine.inertia = {slow: 1, quick: 3}
    for run in (slow, quick):
        house.engine.begin(run)
        await house.told(run, state="running")
    await house.runs.control_study(study.id, Action.STEP, ME)
    await house.settled(study.id, 4, 4)


async def test_twins_that_wait_can_be_paused(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME)
    await house.runs.control_study(study.id, Action.PAUSE, ME)
    for run in study.runs:
        house.engine.begin(run.id)
    await house.settled(study.id, 0, 0)
    await house.runs.control_study(study.id, Action.RESUME, ME)
    for run in study.runs:
        await house.told(run.id, state="running")


async def test_a_twin_whose_other_has_ended_is_stepped_alone(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME, paused=True)
    first, second = (run.id for run in study.runs)
    for run in (first, second):
        house.engine.begin(run)
    house.engine.end(first, State.FINISHED)
    await house.told(first, state="finished")
    await house.runs.control_study(study.id, Action.STEP, ME)
    await house.told(second, state="paused", step=1)


async def test_the_last_step_finishes_both_twins(house: House) -> None:
    study = await house.runs.create_study(TwinsSpec(base=RunSpec(steps=1)), ME, paused=True)
    for run in study.runs:
        house.engine.begin(run.id)
    await house.settled(study.id, 0, 0)
    await house.runs.control_study(study.id, Action.STEP, ME)
    await house.over(*(run.id for run in study.runs))
    assert (await house.runs.study(study.id)).state == "finished"
    with pytest.raises(NotNow):
        await house.runs.control_study(study.id, Action.STEP, ME)


async def test_a_twin_led_apart_is_left_apart(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME, paused=True)
    first, second = (run.id for run in study.runs)
    for run in (first, second):
        house.engine.begin(run)
    await house.settled(study.id, 0, 0)
    await house.runs.control_run(first, Action.STEP, ME)
    await house.settled(study.id, 1, 0)
    await house.runs.control_study(study.id, Action.PAUSE, ME)
    await house.settled(study.id, 1, 1)


async def test_stopping_and_deleting_a_study_act_on_all_its_runs(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME)
    house.engine.begin(study.runs[0].id)
    await house.runs.control_study(study.id, Action.STOP, ME)
    await house.over(*(run.id for run in study.runs))
    assert (await house.runs.study(study.id)).state == "stopped"
    await house.runs.delete_study(study.id, ME)
    assert (await house.runs.studies()).items == ()
    assert (await house.runs.runs()).items == ()


async def test_a_sweep_can_be_stopped_but_not_stepped(house: House) -> None:
    study = await house.runs.create_study(DepthSpec(base=SPEC, depths=(8,)), ME)
    with pytest.raises(NotNow, match="twins"):
        await house.runs.control_study(study.id, Action.STEP, ME)
    await house.runs.control_study(study.id, Action.STOP, ME)
    await house.over(*(run.id for run in study.runs))
    assert (await house.runs.study(study.id)).state == "stopped"


async def test_listings_are_filtered_and_paged(house: House) -> None:
    runs = [await house.runs.create_run(SPEC, ME if i % 2 else YOU) for i in range(5)]
    study = await house.runs.create_study(TWINS, ME)
    seen: list[Run] = []
    cursor: str | None = None
    while True:
        page = await house.runs.runs(after=cursor, limit=3, viewer=ME)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [run.id for run in seen] == [run.id for run in (*reversed(study.runs), *reversed(runs))]
    assert [run.mine for run in seen] == [True, True, False, True, False, True, False]
    found = await house.runs.runs(study=study.id)
    assert {run.id for run in found.items} == {run.id for run in study.runs}
    assert (await house.runs.runs(study="depth")).items == ()
    assert len((await house.runs.runs(text="none convnet")).items) == 1
    assert (await house.runs.runs(state=State.FAILED)).items == ()
    studies = await house.runs.studies(study="twins", state=State.QUEUED, viewer=ME)
    assert [one.id for one in studies.items] == [study.id]
    assert studies.items[0] == await house.runs.study(study.id, viewer=ME)


@pytest.mark.parametrize("cursor", ["x", "", "-1", "1.5", "٣", "9" * 40, "\0"])
async def test_what_is_no_cursor_is_refused(house: House, cursor: str) -> None:
    with pytest.raises(BadField, match="cursor"):
        await house.runs.runs(after=cursor)


async def test_a_closing_server_takes_no_run(house: House) -> None:
    house.engine.close()
    with pytest.raises(Refused):
        await house.runs.create_run(SPEC, ME)
    with pytest.raises(Refused):
        await house.runs.create_study(TWINS, ME)
    assert (await house.runs.runs()).items == ()
    assert (await house.runs.studies()).items == ()


async def test_closing_ends_every_run_and_keeps_what_it_said(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.open()
    engine = Scripted()
    runs = Runs(engine, store, Live())
    await runs.start()
    run = (await runs.create_run(SPEC, ME)).id
    engine.begin(run)
    engine.steps(run, 20)
    following = asyncio.create_task(anext(runs.follow([run], {run: 19})))
    await runs.close()
    assert await following
    row = store.run(run)
    assert row is not None
    assert (row.state, row.last_seq) == ("stopped", 20)
    assert store.interrupt_unfinished() == 0
    store.close()


async def test_descriptions_are_the_engines(house: House) -> None:
    assert await house.runs.describe(SPEC) == {"spec": SPEC.model_dump(mode="json")}
    assert await house.runs.samples("digits", 3) == {"data": "digits", "count": 3}


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


def test_ids_are_ten_letters_of_base32() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z2-7]{10}", name) for name in ids)
