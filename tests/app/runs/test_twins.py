"""Twins: one job, paused and stepped as one."""

from __future__ import annotations

import json

import pytest

from app.executors.base import Action, State
from app.runs import NotNow
from app.runs.views import Waits
from app.spec import RunSpec
from app.studies.spec import TwinsSpec
from tests.app.runs.harness import ME, TWINS, Harness


async def test_twins_are_one_job_and_come_in_the_plans_order(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME)
    [job] = harness.engine.jobs
    assert [task.run for task in job.tasks] == [run.id for run in study.runs]
    assert {run.spec.net.skip.name for run in study.runs} == {"none", "identity"}
    assert all(run.study == study.id for run in study.runs)
    assert (study.study, study.state, study.done, study.total) == ("twins", "queued", 0, 2)
    assert (study.waits, study.mine, study.ended) == (Waits(pairs=0, runs=0, seconds=0), True, None)
    keys = "id study spec state runs done total created ended waits ends_in mine"
    assert list(json.loads(study.model_dump_json())) == keys.split()


async def test_twins_that_pause_at_different_steps_are_brought_to_one(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME)
    slow, quick = (run.id for run in study.runs)
    harness.engine.inertia = {slow: 4, quick: 11}
    harness.engine.begin(slow)
    harness.engine.begin(quick)
    await harness.told(quick, state="running")
    await harness.runs.control_study(study.id, Action.PAUSE, ME)
    await harness.settled(study.id, 11, 11)
    assert harness.engine.aligned == [((slow, quick), 11)]


async def test_a_step_moves_both_twins_by_one(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME, paused=True)
    for run in study.runs:
        harness.engine.begin(run.id)
    await harness.settled(study.id, 0, 0)
    await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.settled(study.id, 1, 1)
    for _ in range(3):  # pressed faster than they can move
        await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.settled(study.id, 4, 4)


async def test_a_step_holds_twins_that_are_under_way(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME)
    slow, quick = (run.id for run in study.runs)
    harness.engine.inertia = {slow: 1, quick: 3}
    for run in (slow, quick):
        harness.engine.begin(run)
        await harness.told(run, state="running")
    await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.settled(study.id, 4, 4)


async def test_twins_that_wait_can_be_paused(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME)
    await harness.runs.control_study(study.id, Action.PAUSE, ME)
    for run in study.runs:
        harness.engine.begin(run.id)
    await harness.settled(study.id, 0, 0)
    await harness.runs.control_study(study.id, Action.RESUME, ME)
    for run in study.runs:
        await harness.told(run.id, state="running")


async def test_a_twin_whose_other_has_ended_is_stepped_alone(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME, paused=True)
    first, second = (run.id for run in study.runs)
    for run in (first, second):
        harness.engine.begin(run)
    harness.engine.end(first, State.FINISHED)
    await harness.told(first, state="finished")
    await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.told(second, state="paused", step=1)


async def test_the_last_step_finishes_both_twins(harness: Harness) -> None:
    study = await harness.runs.create_study(TwinsSpec(base=RunSpec(steps=1)), ME, paused=True)
    for run in study.runs:
        harness.engine.begin(run.id)
    await harness.settled(study.id, 0, 0)
    await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.over(*(run.id for run in study.runs))
    assert (await harness.runs.study(study.id)).state == "finished"
    with pytest.raises(NotNow):
        await harness.runs.control_study(study.id, Action.STEP, ME)


async def test_a_twin_led_apart_is_left_apart(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME, paused=True)
    first, second = (run.id for run in study.runs)
    for run in (first, second):
        harness.engine.begin(run)
    await harness.settled(study.id, 0, 0)
    await harness.runs.control_run(first, Action.STEP, ME)
    await harness.settled(study.id, 1, 0)
    await harness.runs.control_study(study.id, Action.PAUSE, ME)
    await harness.settled(study.id, 1, 1)
