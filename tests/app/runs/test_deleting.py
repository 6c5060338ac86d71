"""What is deleted stops first being there, then training."""

from __future__ import annotations

import asyncio

import pytest

from app.executors.base import Action, State
from app.runs import NotFound
from app.store.errors import Unavailable
from tests.app.runs.house import ME, SPEC, TWINS, House
from tests.app.scripted import a_frame


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


async def test_stopping_and_deleting_a_study_act_on_all_its_runs(house: House) -> None:
    study = await house.runs.create_study(TWINS, ME)
    house.engine.begin(study.runs[0].id)
    await house.runs.control_study(study.id, Action.STOP, ME)
    await house.over(*(run.id for run in study.runs))
    assert (await house.runs.study(study.id)).state == "stopped"
    await house.runs.delete_study(study.id, ME)
    assert (await house.runs.studies()).items == ()
    assert (await house.runs.runs()).items == ()
