"""Sweeps: a job a run, stopped together and never held."""

from __future__ import annotations

import pytest

from app.executors.base import Action, State
from app.runs import NotNow
from app.runs.views import Waits
from app.studies.spec import DepthSpec
from app.validation import BadField
from tests.app.runs.harness import ME, SPEC, Harness


async def test_a_sweep_is_a_job_a_run_in_the_plans_order(harness: Harness) -> None:
    spec = DepthSpec(base=SPEC, depths=(8, 20), seeds=(0, 1))
    study = await harness.runs.create_study(spec, ME)
    assert [job.tasks[0].run for job in harness.engine.jobs] == [run.id for run in study.runs]
    assert [run.waits and run.waits.runs for run in study.runs] == list(range(8))
    first, second, *rest = (run.id for run in study.runs)
    harness.engine.begin(first)
    harness.engine.end(second, State.FINISHED)
    await harness.told(second, state="finished")
    study = await harness.runs.study(study.id)
    assert (study.state, study.done, study.total) == ("running", 1, 8)
    assert study.waits == Waits(pairs=0, runs=0, seconds=0)
    harness.engine.end(first, State.FINISHED)
    for run in rest:
        harness.engine.end(run, State.STOPPED if run == rest[0] else State.FINISHED)
    await harness.over(first, *rest)
    study = await harness.runs.study(study.id)
    assert (study.state, study.done, study.waits) == ("stopped", 8, None)
    assert study.ended == max(run.ended for run in study.runs if run.ended)


async def test_only_twins_are_held_before_their_first_step(harness: Harness) -> None:
    with pytest.raises(BadField, match="twins"):
        await harness.runs.create_study(DepthSpec(base=SPEC), ME, paused=True)
    assert (await harness.runs.studies()).items == ()
    assert harness.engine.jobs == []


async def test_a_sweep_can_be_stopped_but_not_stepped(harness: Harness) -> None:
    study = await harness.runs.create_study(DepthSpec(base=SPEC, depths=(8,)), ME)
    with pytest.raises(NotNow, match="twins"):
        await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.runs.control_study(study.id, Action.STOP, ME)
    await harness.over(*(run.id for run in study.runs))
    assert (await harness.runs.study(study.id)).state == "stopped"
