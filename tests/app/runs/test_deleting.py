"""What is deleted stops first being there, then training."""

from __future__ import annotations

import asyncio

import pytest

from app.executors.base import Action, State
from app.runs import NotFound
from app.store.errors import Unavailable
from tests.app.runs.harness import ME, SPEC, TWINS, Harness
from tests.app.scripted import a_frame


async def test_deleting_a_run_stops_it_and_drops_what_it_says_late(harness: Harness) -> None:
    run = (await harness.runs.create_run(SPEC, ME)).id
    harness.engine.begin(run)
    harness.engine.steps(run, 3)
    await harness.told(run, state="running")
    following = asyncio.create_task(harness.over(run))
    script = harness.engine.scripts[run]
    await harness.runs.delete_run(run, ME)
    assert harness.engine.orders == [(run, Action.STOP)]
    await following
    harness.engine.scripts[run] = script  # a worker that was slow to obey
    harness.engine.say(run, a_frame(9))
    harness.engine.end(run, State.STOPPED)
    await harness.flush()
    with pytest.raises(NotFound):
        await harness.runs.run(run)
    assert harness.store.events(run) is None
    assert harness.runs.trouble is None


async def test_what_can_not_be_deleted_goes_on(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: str) -> None:
        raise Unavailable("the disk is full")

    study = await harness.runs.create_study(TWINS, ME)
    run = study.runs[0].id
    harness.engine.begin(run)
    for name in ("delete_run", "delete_study"):
        monkeypatch.setattr(harness.store, name, full)
    with pytest.raises(Unavailable):
        await harness.runs.delete_run(run, ME)
    with pytest.raises(Unavailable):
        await harness.runs.delete_study(study.id, ME)
    assert harness.engine.orders == []
    harness.engine.steps(run, 3)
    harness.engine.end(run, State.FINISHED)
    assert (await harness.told(run, state="finished"))["step"] == 3


async def test_a_run_that_ended_can_be_deleted(harness: Harness) -> None:
    run = (await harness.runs.create_run(SPEC, ME)).id
    harness.engine.end(run, State.FINISHED)
    await harness.over(run)
    await harness.runs.delete_run(run, ME)
    assert (await harness.runs.runs()).items == ()


async def test_stopping_and_deleting_a_study_act_on_all_its_runs(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME)
    harness.engine.begin(study.runs[0].id)
    await harness.runs.control_study(study.id, Action.STOP, ME)
    await harness.over(*(run.id for run in study.runs))
    assert (await harness.runs.study(study.id)).state == "stopped"
    await harness.runs.delete_study(study.id, ME)
    assert (await harness.runs.studies()).items == ()
    assert (await harness.runs.runs()).items == ()
