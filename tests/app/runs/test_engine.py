"""The service on the real engine: worker processes that really train."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio
from safetensors import safe_open

from app.analyses.spec import ANALYSIS_SPEC
from app.events import EVENT, Started
from app.executors.base import Action
from app.executors.local import LocalExecutor
from app.live import Live
from app.runs import Runs, Study
from app.spec import RunSpec
from app.store.networks import Networks
from app.store.store import Store
from app.studies.spec import TwinsSpec
from models.families import net_spec

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.processes]

ME = "me"
SMALL = RunSpec(net=net_spec(family="mlp", depth=4, width=16), steps=60)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Runs]:
    folder = tmp_path_factory.mktemp("data")
    store = Store(f"sqlite:///{folder / 'store.sqlite'}")
    store.open()
    runs = Runs(LocalExecutor(2), store, Live(), Networks(folder / "networks", 10**6))
    await runs.start()
    yield runs
    await runs.close()
    store.close()


async def state_message(
    runs: Runs, study: Study
) -> AsyncGenerator[dict[str, tuple[str, int]], None]:
    """Where the study's runs stand, each time one of them is told to stand elsewhere."""
    progress: dict[str, tuple[str, int]] = {}
    async with aclosing(runs.follow([run.id for run in study.runs], {})) as following:
        async for text in following:
            said = json.loads(text)
            if isinstance(said, dict):
                progress[said["run"]] = (said["state"], said["step"])
                yield progress


async def paused(runs: Runs, study: Study, above: int = -1) -> int:
    """Wait until both are paused at one step after ``above``; returns it."""
    async with aclosing(state_message(runs, study)) as changes:
        async for progress in changes:
            first, *others = progress.values()
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


async def test_a_trained_network_is_kept_until_its_run_is_deleted(runs: Runs) -> None:
    run = await runs.create_run(SMALL, ME)
    async for _ in runs.follow([run.id], {}):
        pass
    path = await runs.network(run.id)
    with safe_open(path, framework="np") as file:
        assert RunSpec.model_validate_json(file.metadata()["spec"]) == SMALL
    assert (await runs.run(run.id)).network == path.stat().st_size
    await runs.delete_run(run.id, ME)
    assert not path.exists()


async def test_an_analysis_of_a_network_lives_as_a_run_does(runs: Runs) -> None:
    run = await runs.create_run(SMALL, ME)
    async for _ in runs.follow([run.id], {}):
        pass
    whole = (await runs.run(run.id)).result
    body = {"analysis": "lesion", "of": run.id, "swaps": "no"}
    asked = await runs.create_analysis(ANALYSIS_SPEC.validate_python(body), ME)
    assert (asked.steps, asked.spec) == (1, SMALL)
    async for _ in runs.follow([asked.id], {}):
        pass
    page = await runs.events(asked.id)
    said = [EVENT.validate_json(event) for event in page.events]
    assert [event.type for event in said] == ["started", "evaluated", "result", "finished"]
    shown = await runs.run(asked.id)
    assert (shown.state, shown.step, shown.network) == ("finished", 1, None)
    assert whole is not None
    assert shown.result is not None
    assert shown.result.test_error == whole.test_error
    await runs.delete_run(asked.id, ME)
    await runs.delete_run(run.id, ME)


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
    async with aclosing(state_message(runs, study)) as changes:
        async for progress in changes:
            if [state for state, _ in progress.values()] == ["running", "running"]:
                break
    await runs.control_study(study.id, Action.PAUSE, ME)
    step = await paused(runs, study)
    await runs.control_study(study.id, Action.STEP, ME)
    assert await paused(runs, study, above=step) == step + 1
    await runs.delete_study(study.id, ME)
    assert (await runs.studies(text=study.id)).items == ()


async def measured(runs: Runs, study: Study) -> list[list[dict[str, Any]]]:
    """All that each run of the study said of its steps, but for the time; to the end."""
    told = [json.loads(text) async for text in runs.follow([run.id for run in study.runs], {})]
    events = [event for text in told if isinstance(text, list) for event in text]
    return [
        [
            {key: value for key, value in event.items() if key not in ("run", "time")}
            for event in events
            if event["run"] == run.id and event["type"] not in ("started", "predicted")
        ]
        for run in study.runs
    ]


async def test_twins_that_were_changed_while_they_trained_are_repeated_by_their_spec(
    runs: Runs,
) -> None:
    study = await runs.create_study(TwinsSpec(base=SMALL), ME, paused=True)
    await paused(runs, study)
    for _ in range(3):
        await runs.control_study(study.id, Action.STEP, ME)
    assert await paused(runs, study, above=2) == 3
    weak, fast = {"net.skip.strength": 0.5, "optimizer.lr": 0.2}, {"optimizer.lr": 0.01}
    await runs.change_study(study.id, weak, ME)
    await runs.control_study(study.id, Action.STEP, ME)
    assert await paused(runs, study, above=3) == 4
    await runs.control_study(study.id, Action.RESUME, ME)
    study = await runs.change_study(study.id, fast, ME)
    assert isinstance(study.spec, TwinsSpec)
    first, second = study.spec.base.changes
    assert (first.step, first.set, second.set) == (4, weak, fast)
    said = await measured(runs, study)
    changed = [[event["step"] for event in one if event["type"] == "changed"] for one in said]
    assert changed[0] == changed[1] == [change.step for change in study.spec.base.changes]
    again = await runs.create_study(study.spec, ME)
    assert await measured(runs, again) == said
