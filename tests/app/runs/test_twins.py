"""Twins: one job, paused and stepped as one."""

from __future__ import annotations

import json

import pytest

from app.executors.base import Action, State
from app.runs import NotNow
from app.spec import RunSpec
from app.studies.spec import TwinsSpec
from tests.app.runs.house import ME, TWINS, House


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
