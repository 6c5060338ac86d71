"""What can be done with a run, on an engine that a test leads."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from app.executors.base import Action, Queue, Refused, State
from app.live import Live
from app.runs import NotNow, NotOwner, Runs
from app.runs.service import new_id
from app.runs.views import Waits
from app.store.networks import Networks
from app.store.store import Store
from tests.app.runs.harness import ME, SPEC, TWINS, YOU, Harness
from tests.app.scripted import Scripted


async def test_a_new_run_waits_in_the_queue(harness: Harness) -> None:
    run = await harness.runs.create_run(SPEC, ME)
    assert run == await harness.runs.run(run.id, viewer=ME)
    assert (run.state, run.step, run.steps, run.last_seq) == ("queued", 0, 50, -1)
    assert (run.spec, run.mine, run.study) == (SPEC, True, None)
    assert run.waits == Waits(pairs=0, runs=0, seconds=0)
    [job] = harness.engine.jobs
    assert [(task.run, task.spec, task.first_seq) for task in job.tasks] == [(run.id, SPEC, 0)]
    assert not job.paused


async def test_what_a_run_says_is_kept_and_told(harness: Harness) -> None:
    run = await harness.runs.create_run(SPEC, ME)
    following = asyncio.create_task(harness.over(run.id))
    harness.engine.begin(run.id)
    await harness.told(run.id, state="running", waits=None)
    harness.engine.steps(run.id, 30)
    harness.engine.end(run.id, State.FINISHED)
    assert await following == list(range(31))
    page = await harness.runs.events(run.id)
    assert [json.loads(text)["seq"] for text in page.events] == list(range(31))
    assert page.next is None
    shown = await harness.runs.run(run.id)
    assert (shown.state, shown.step, shown.last_seq) == ("finished", 30, 30)
    assert shown.result is not None


async def test_a_failure_says_why(harness: Harness) -> None:
    run = await harness.runs.create_run(SPEC, ME)
    harness.engine.begin(run.id)
    harness.engine.end(run.id, State.FAILED, "the worker died")
    said = await harness.told(run.id, state="failed")
    assert said["reason"] == "the worker died"
    assert (await harness.runs.run(run.id)).reason == "the worker died"


async def test_only_who_started_it_may_control_or_delete_it(harness: Harness) -> None:
    run = await harness.runs.create_run(SPEC, ME)
    study = await harness.runs.create_study(TWINS, ME)
    for asking in (
        harness.runs.control_run(run.id, Action.STOP, YOU),
        harness.runs.control_study(study.id, Action.STOP, YOU),
        harness.runs.delete_run(run.id, YOU),
        harness.runs.delete_study(study.id, YOU),
    ):
        with pytest.raises(NotOwner):
            await asking
    assert harness.engine.orders == []
    assert not (await harness.runs.run(run.id, viewer=YOU)).mine


async def test_a_run_is_paused_stepped_resumed_and_stopped(harness: Harness) -> None:
    run = (await harness.runs.create_run(SPEC, ME, paused=True)).id
    assert harness.engine.jobs[0].paused
    harness.engine.begin(run)
    await harness.told(run, state="paused", step=0)
    await harness.runs.control_run(run, Action.STEP, ME)
    await harness.told(run, state="paused", step=1)
    await harness.runs.control_run(run, Action.RESUME, ME)
    await harness.told(run, state="running")
    await harness.runs.control_run(run, Action.STOP, ME)
    await harness.told(run, state="stopped", step=1, reason="by its owner")
    assert (await harness.runs.run(run)).reason == "by its owner"
    with pytest.raises(NotNow, match="stopped"):
        await harness.runs.control_run(run, Action.RESUME, ME)


async def test_waiting_runs_hear_who_is_before_them_as_it_changes(harness: Harness) -> None:
    harness.engine.workers = 1
    first, second, third = [(await harness.runs.create_run(SPEC, ME)).id for _ in range(3)]
    waits = (await harness.runs.run(third)).waits
    assert waits == Waits(pairs=0, runs=2, seconds=None)  # no such run was ever seen
    harness.engine.begin(first)
    await harness.told(third, waits={"pairs": 0, "runs": 1, "seconds": None})
    assert (await harness.runs.run(first)).waits is None
    await harness.runs.control_run(second, Action.STOP, ME)
    await harness.told(third, waits={"pairs": 0, "runs": 0, "seconds": None})


async def test_the_queue_counts_pairs(harness: Harness) -> None:
    harness.engine.workers = 2
    pairs = [await harness.runs.create_study(TWINS, ME) for _ in range(4)]
    alone = await harness.runs.create_run(SPEC, ME)
    for run in pairs[0].runs:
        harness.engine.begin(run.id)
    fourth = pairs[3].runs[1].id
    await harness.told(fourth, waits={"pairs": 2, "runs": 0, "seconds": None})
    shown = await harness.runs.study(pairs[3].id)
    assert shown.waits == Waits(pairs=2, runs=0, seconds=None)
    assert (await harness.runs.run(alone.id)).waits == Waits(pairs=3, runs=0, seconds=None)


async def test_a_paused_run_hears_that_it_is_to_make_room(harness: Harness) -> None:
    run = (await harness.runs.create_run(SPEC, ME, paused=True)).id
    harness.engine.begin(run)
    await harness.told(run, state="paused", ends_in=None)
    harness.engine.ending[run] = 100.0
    other = await harness.runs.create_run(SPEC, ME)  # which waits for it
    assert other.waits == Waits(pairs=0, runs=0, seconds=90)
    await harness.told(run, state="paused", ends_in=120)
    assert (await harness.runs.run(run)).ends_in == 120
    harness.engine.ending.clear()
    await harness.runs.control_run(run, Action.RESUME, ME)
    await harness.told(run, state="running", ends_in=None)


async def test_the_queue_is_looked_at_again_after_a_look_that_failed(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = await harness.runs.create_run(SPEC, ME, paused=True)
    harness.engine.begin(run.id)
    await harness.told(run.id, state="paused", ends_in=None)
    queue = harness.engine.queue
    looks: list[str] = []

    def failing_once() -> Queue:
        looks.append("look")
        if len(looks) == 1:
            raise RuntimeError("a look went wrong")
        return queue()

    monkeypatch.setattr(harness.engine, "queue", failing_once)
    harness.engine.ending[run.id] = 100.0
    await harness.told(run.id, ends_in=120)  # though nothing happens
    assert "a look went wrong" in caplog.text


async def test_a_closing_server_takes_no_run(harness: Harness) -> None:
    harness.engine.close()
    with pytest.raises(Refused):
        await harness.runs.create_run(SPEC, ME)
    with pytest.raises(Refused):
        await harness.runs.create_study(TWINS, ME)
    assert (await harness.runs.runs()).items == ()
    assert (await harness.runs.studies()).items == ()


async def test_closing_interrupts_every_run_and_keeps_what_it_said(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.open()
    engine = Scripted()
    runs = Runs(engine, store, Live(), Networks(tmp_path / "networks", 10**6))
    await runs.start()
    run, waiting = [(await runs.create_run(SPEC, ME)).id for _ in range(2)]
    engine.begin(run)
    engine.steps(run, 20)
    following = asyncio.create_task(anext(runs.follow([run], {run: 18})))
    await runs.close()
    assert await following
    row, other = store.run(run), store.run(waiting)
    assert row is not None
    assert (row.state, row.step, row.last_seq) == ("interrupted", 20, 19)
    assert row.reason == "the engine closed"
    assert other is not None
    assert (other.state, other.last_seq, other.started) == ("interrupted", -1, None)
    assert store.interrupt_unfinished() == 0
    store.close()


async def test_descriptions_are_the_engines(harness: Harness) -> None:
    assert await harness.runs.describe(SPEC) == {"spec": SPEC.model_dump(mode="json")}
    assert await harness.runs.samples("digits", 3) == {"data": "digits", "count": 3}


def test_ids_are_ten_letters_of_base32() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z2-7]{10}", name) for name in ids)
