"""The service on the real engine: worker processes that really train."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from app.events import EVENT, Started
from app.executors.base import Action
from app.executors.local import LocalExecutor
from app.live import Live
from app.runs import Runs, Study
from app.spec import RunSpec
from app.store.store import Store
from app.studies.spec import TwinsSpec
from models.spec import NetSpec

pytestmark = pytest.mark.asyncio(loop_scope="module")

ME = "me"
SMALL = RunSpec(net=NetSpec(family="mlp", depth=4, width=16), steps=60)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Runs]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('data') / 'store.sqlite'}")
    store.open()
    runs = Runs(LocalExecutor(2), store, Live())
    await runs.start()
    yield runs
    await runs.close()
    store.close()


async def standing(runs: Runs, study: Study) -> AsyncGenerator[dict[str, tuple[str, int]], None]:
    """Where the study's runs stand, each time one of them is told to stand elsewhere."""
    stands: dict[str, tuple[str, int]] = {}
    async with aclosing(runs.follow([run.id for run in study.runs], {})) as following:
        async for text in following:
            said = json.loads(text)
            if isinstance(said, dict):
                stands[said["run"]] = (said["state"], said["step"])
                yield stands


async def paused(runs: Runs, study: Study, above: int = -1) -> int:
    """Wait until both are paused at one step after ``above``; returns it."""
    async with aclosing(standing(runs, study)) as changes:
        async for stands in changes:
            first, *others = stands.values()
            if others == [first] and first[0] == "paused" and first[1] > above:
                return first[1]
    raise AssertionError("the runs ended")


async def test_a_run_trains_to_its_end_and_is_told_without_a_hole(runs: Runs) -> None:
    run = await runs.create_run(SMALL, ME)
    told = [json.loads(text) async for text in runs.follow([run.id], {})]
    events = [event for text in told if isinstance(text, list) for event in text]
    assert [event["seq"] for event in events] == list(range(len(events)))
    kept = await runs.events(run.id)
    assert [json.loads(text) for text in kept.events] == events
    first = EVENT.validate_json(kept.events[0])
    assert isinstance(first, Started)
    assert first.spec == SMALL
    shown = await runs.run(run.id)
    assert (shown.state, shown.step, shown.last_seq) == ("finished", 60, len(events) - 1)
    assert shown.result is not None
    assert shown.result.train_error is not None
    assert shown.result.params == first.params


async def test_twins_start_held_and_step_together(runs: Runs) -> None:
    study = await runs.create_study(TwinsSpec(base=SMALL), ME, paused=True)
    assert await paused(runs, study) == 0
    for step in (1, 2):
        await runs.control_study(study.id, Action.STEP, ME)
        assert await paused(runs, study, above=step - 1) == step
    for _ in range(3):
        await runs.control_study(study.id, Action.STEP, ME)
    assert await paused(runs, study, above=4) == 5
    await runs.control_study(study.id, Action.RESUME, ME)
    async with aclosing(runs.follow([run.id for run in study.runs], {})) as following:
        async for _ in following:
            pass
    study = await runs.study(study.id)
    assert study.state == "finished"
    assert [run.step for run in study.runs] == [60, 60]


async def test_twins_pause_at_one_step(runs: Runs) -> None:
    long = SMALL.model_copy(update={"steps": 100_000})
    study = await runs.create_study(TwinsSpec(base=long), ME)
    async with aclosing(standing(runs, study)) as changes:
        async for stands in changes:
            if [state for state, _ in stands.values()] == ["running", "running"]:
                break
    await runs.control_study(study.id, Action.PAUSE, ME)
    step = await paused(runs, study)
    await runs.control_study(study.id, Action.STEP, ME)
    assert await paused(runs, study, above=step) == step + 1
    await runs.delete_study(study.id, ME)
    assert (await runs.studies(text=study.id)).items == ()
