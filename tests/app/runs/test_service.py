"""What can be done with a run, on an engine that a test leads."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from app.executors.base import Action, Refused, State
from app.live import Live
from app.runs import NotNow, NotOwner, Runs
from app.runs.service import new_id
from app.store.store import Store
from tests.app.runs.house import ME, SPEC, TWINS, YOU, House
from tests.app.scripted import Scripted


async def test_a_new_run_waits_in_the_queue(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    assert run == await house.runs.run(run.id, viewer=ME)
    assert (run.state, run.step, run.steps, run.last_seq) == ("queued", 0, 50, -1)
    assert (run.spec, run.place, run.mine, run.study) == (SPEC, 1, True, None)
    [job] = house.engine.jobs
    assert [(task.run, task.spec, task.first_seq) for task in job.tasks] == [(run.id, SPEC, 0)]
    assert not job.paused


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


async def test_a_failure_says_why(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    house.engine.begin(run.id)
    house.engine.end(run.id, State.FAILED, "the worker died")
    said = await house.told(run.id, state="failed")
    assert said["reason"] == "the worker died"
    assert (await house.runs.run(run.id)).reason == "the worker died"


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


async def test_waiting_runs_hear_their_place_as_it_changes(house: House) -> None:
    first, second, third = [(await house.runs.create_run(SPEC, ME)).id for _ in range(3)]
    assert (await house.runs.run(third)).place == 3
    house.engine.begin(first)
    await house.told(third, place=2)
    assert (await house.runs.run(first)).place is None
    await house.runs.control_run(second, Action.STOP, ME)
    await house.told(third, place=1)


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


def test_ids_are_ten_letters_of_base32() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z2-7]{10}", name) for name in ids)
