"""Sweeps: a job a run, stopped together and never held."""

from __future__ import annotations

import pytest

from app.executors.base import Action, State
from app.mistakes import BadField
from app.runs import NotNow
from app.studies.spec import DepthSpec
from tests.app.runs.house import ME, SPEC, House


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


async def test_a_sweep_can_be_stopped_but_not_stepped(house: House) -> None:
    study = await house.runs.create_study(DepthSpec(base=SPEC, depths=(8,)), ME)
    with pytest.raises(NotNow, match="twins"):
        await house.runs.control_study(study.id, Action.STEP, ME)
    await house.runs.control_study(study.id, Action.STOP, ME)
    await house.over(*(run.id for run in study.runs))
    assert (await house.runs.study(study.id)).state == "stopped"
