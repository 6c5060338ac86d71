"""Live changes: stored first, and at one step in twins."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from app.executors.base import Action, Refused, State
from app.runs import NotFound, NotNow, NotOwner, Run, changing
from app.spec import RunSpec
from app.store.errors import Unavailable
from app.studies.spec import DepthSpec, TwinsSpec
from app.validation import BadField
from tests.app.runs.harness import ME, SPEC, TWINS, YOU, Harness

LR = {"optimizer.lr": 0.5}
WEAK = {"net.skip.strength": 0.5}


def changes(run: Run) -> list[tuple[int, dict[str, float]]]:
    """What changes in a run, and when."""
    return [(change.step, change.set) for change in run.spec.changes]


async def twins(harness: Harness, *steps: int) -> tuple[str, list[str]]:
    """Twins that train, after so many steps each; their study and their ids."""
    study = await harness.runs.create_study(TWINS, ME)
    runs = [run.id for run in study.runs]
    for run, count in zip(runs, steps, strict=True):
        harness.engine.begin(run)
        harness.engine.steps(run, count)
        await harness.told(run, state="running")
    return study.id, runs


async def said(harness: Harness, run: str) -> list[dict[str, Any]]:
    """What the run said of changes."""
    events = [json.loads(text) for text in (await harness.runs.events(run)).events]
    return [
        event["set"] | {"step": event["step"]} for event in events if event["type"] == "changed"
    ]


async def test_a_run_is_changed_at_its_next_step(harness: Harness) -> None:
    run = await harness.runs.create_run(SPEC, ME)
    harness.engine.begin(run.id)
    harness.engine.steps(run.id, 7)
    after = await harness.runs.change_run(run.id, LR, ME)
    assert changes(after) == [(8, LR)]
    harness.engine.steps(run.id, 3)
    harness.engine.end(run.id, State.FINISHED)
    await harness.over(run.id)
    assert await said(harness, run.id) == [{**LR, "step": 8}]


async def test_twins_are_changed_at_the_step_that_both_can_meet(harness: Harness) -> None:
    study, (slow, quick) = await twins(harness, 4, 11)
    after = await harness.runs.change_study(study, LR, ME)
    assert isinstance(after.spec, TwinsSpec)
    assert [(one.step, one.set) for one in after.spec.base.changes] == [(12, LR)]
    assert [changes(run) for run in after.runs] == [[(12, LR)]] * 2
    assert harness.engine.reserved == []
    harness.engine.steps(slow, 10)
    harness.engine.steps(quick, 3)
    for run in (slow, quick):
        harness.engine.end(run, State.FINISHED)
    await harness.over(slow, quick)
    assert [await said(harness, run) for run in (slow, quick)] == [[{**LR, "step": 12}]] * 2


async def test_a_plain_twin_has_no_strength(harness: Harness) -> None:
    study, _ = await twins(harness, 1, 1)
    after = await harness.runs.change_study(study, {**LR, **WEAK}, ME)
    by_skip = {run.spec.net.skip.name: changes(run) for run in after.runs}
    assert by_skip == {"identity": [(2, {**LR, **WEAK})], "none": [(2, LR)]}
    alone = await harness.runs.create_run(RunSpec.model_validate({"net": {"skip": "none"}}), ME)
    with pytest.raises(BadField, match="no meaning with the skip none"):
        await harness.runs.change_run(alone.id, WEAK, ME)


async def test_what_waits_is_changed_from_its_first_step_on(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME)
    after = await harness.runs.change_study(study.id, LR, ME)
    assert [changes(run) for run in after.runs] == [[(1, LR)]] * 2
    assert [harness.engine.scripts[run.id].task.spec for run in after.runs] == [
        run.spec for run in after.runs
    ]


async def test_paused_twins_are_changed_at_their_next_step(harness: Harness) -> None:
    study = await harness.runs.create_study(TWINS, ME, paused=True)
    for run in study.runs:
        harness.engine.begin(run.id)
    await harness.settled(study.id, 0, 0)
    await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.settled(study.id, 1, 1)
    await harness.runs.change_study(study.id, LR, ME)
    await harness.runs.control_study(study.id, Action.STEP, ME)
    await harness.settled(study.id, 2, 2)
    assert [await said(harness, run.id) for run in study.runs] == [[{**LR, "step": 2}]] * 2


async def test_of_two_changes_at_one_step_the_last_wins(harness: Harness) -> None:
    study, _ = await twins(harness, 3, 5)
    rates = [0.1, 0.2, 0.3]
    await asyncio.gather(
        *(harness.runs.change_study(study, {"optimizer.lr": rate}, ME) for rate in rates)
    )
    after = await harness.runs.change_study(study, WEAK, ME)
    residual, plain = (changes(run) for run in after.runs)
    assert [step for step, _ in residual] == [6]
    assert residual == [(6, {"optimizer.lr": rates[-1], **WEAK})]
    assert plain == [(6, {"optimizer.lr": rates[-1]})]


async def test_nothing_is_ordered_that_was_not_stored(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, runs = await twins(harness, 2, 2)
    order: list[str] = []

    def refuse(*_: object) -> bool:
        order.append(f"store, {len(harness.engine.reserved)} wait")
        raise Unavailable("the disk is full")

    monkeypatch.setattr(harness.store, "amend", refuse)
    with pytest.raises(Unavailable):
        await harness.runs.change_study(study, LR, ME)
    assert order == ["store, 2 wait"]
    assert harness.engine.reserved == []
    assert [harness.engine.scripts[run].task.spec.changes for run in runs] == [(), ()]


async def test_where_one_twin_has_ended_neither_is_changed(harness: Harness) -> None:
    study, (first, second) = await twins(harness, 2, 2)
    harness.engine.end(first, State.FINISHED)
    with pytest.raises((NotNow, Refused)):  # whether the store knows it yet or not
        await harness.runs.change_study(study, LR, ME)
    await harness.told(first, state="finished")
    with pytest.raises(NotNow):
        await harness.runs.change_study(study, LR, ME)
    assert harness.engine.reserved == []
    assert changes(await harness.runs.run(second)) == []


async def test_after_the_last_step_nothing_can_be_changed(harness: Harness) -> None:
    study, _ = await twins(harness, SPEC.steps, 3)
    with pytest.raises(NotNow):
        await harness.runs.change_study(study, LR, ME)
    assert harness.engine.reserved == []


async def test_a_pair_that_is_deleted_meanwhile_is_not_changed(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, _ = await twins(harness, 2, 2)
    amend = harness.store.amend

    def late(*args: Any) -> bool:
        harness.store.delete_study(study)
        return amend(*args)

    monkeypatch.setattr(harness.store, "amend", late)
    with pytest.raises(NotNow):
        await harness.runs.change_study(study, LR, ME)
    with pytest.raises(NotFound):
        await harness.runs.change_study(study, LR, ME)


async def test_a_run_that_does_not_answer_holds_up_nobody_for_long(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "PATIENCE", 0.01)
    study, (first, _) = await twins(harness, 2, 2)
    harness.engine.speechless = {first}
    with pytest.raises(Refused, match="Try again"):
        await harness.runs.change_study(study, LR, ME)
    assert harness.engine.reserved == []


async def test_only_the_owner_changes_and_only_what_trains_together(harness: Harness) -> None:
    study, (first, _) = await twins(harness, 2, 2)
    with pytest.raises(NotOwner):
        await harness.runs.change_study(study, LR, YOU)
    with pytest.raises(NotNow, match="belongs to a study"):
        await harness.runs.change_run(first, LR, ME)
    with pytest.raises(BadField, match=r"values\.optimizer\.momentum"):
        await harness.runs.change_study(study, {"optimizer.momentum": 0.5}, ME)
    depths = await harness.runs.create_study(DepthSpec(base=SPEC, depths=(8,), seeds=(0,)), ME)
    with pytest.raises(NotNow, match="train together"):
        await harness.runs.change_study(depths.id, LR, ME)
