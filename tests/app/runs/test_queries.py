"""What can be read of runs and studies: views, events in pages, listings."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import ValidationError

from app.executors.base import Action, State
from app.runs import NotFound, Run
from app.spec import RunSpec
from app.store.records import NewRun, NewStudy
from app.studies.spec import TwinsSpec
from app.validation import BadField
from tests.app.runs.harness import ME, SPEC, TWINS, YOU, Harness


async def test_a_runs_json_is_what_the_protocol_says(harness: Harness) -> None:
    run = await harness.runs.create_run(SPEC, ME)
    harness.engine.begin(run.id)
    harness.engine.steps(run.id, 2)
    harness.engine.end(run.id, State.FINISHED)
    await harness.over(run.id)
    shown = json.loads((await harness.runs.run(run.id)).model_dump_json())
    keys = (
        "id state spec analysis study step steps last_seq result reason network created started "
        "ended waits ends_in mine"
    )
    assert list(shown) == keys.split()
    assert shown["mine"] is False
    assert shown["result"]["train_error"] == 0.25
    assert RunSpec.model_validate_json(json.dumps(shown["spec"])) == SPEC
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
    for name in ("created", "started", "ended"):
        assert moment.fullmatch(shown[name])
    assert "owner" not in shown
    assert shown["created"] <= shown["started"] <= shown["ended"]


async def test_events_come_in_pages(harness: Harness) -> None:
    run = await harness.runs.create_run(SPEC, ME)
    harness.engine.begin(run.id)
    harness.engine.steps(run.id, 10)
    harness.engine.end(run.id, State.FINISHED)
    await harness.over(run.id)
    page = await harness.runs.events(run.id, limit=4)
    assert (len(page.events), page.next) == (4, 3)
    page = await harness.runs.events(run.id, after=3)
    assert (len(page.events), page.next) == (7, None)


async def test_what_is_not_there_is_not_found(harness: Harness) -> None:
    for asking in (
        harness.runs.run("nowhere"),
        harness.runs.study("nowhere"),
        harness.runs.events("nowhere"),
        harness.runs.control_run("nowhere", Action.STOP, ME),
        harness.runs.control_study("nowhere", Action.STOP, ME),
        harness.runs.delete_run("nowhere", ME),
        harness.runs.delete_study("nowhere", ME),
    ):
        with pytest.raises(NotFound):
            await asking


async def test_listings_are_filtered_and_paged(harness: Harness) -> None:
    runs = [await harness.runs.create_run(SPEC, ME if i % 2 else YOU) for i in range(5)]
    study = await harness.runs.create_study(TWINS, ME)
    seen: list[Run] = []
    cursor: str | None = None
    while True:
        page = await harness.runs.runs(after=cursor, limit=3, viewer=ME)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [run.id for run in seen] == [run.id for run in (*reversed(study.runs), *reversed(runs))]
    assert [run.mine for run in seen] == [True, True, False, True, False, True, False]
    found = await harness.runs.runs(study=study.id)
    assert {run.id for run in found.items} == {run.id for run in study.runs}
    assert (await harness.runs.runs(study="depth")).items == ()
    assert len((await harness.runs.runs(text='"skip":"none" convnet')).items) == 1
    assert (await harness.runs.runs(state=State.FAILED)).items == ()
    studies = await harness.runs.studies(study="twins", state=State.QUEUED, viewer=ME)
    assert [one.id for one in studies.items] == [study.id]
    assert studies.items[0] == await harness.runs.study(study.id, viewer=ME)


@pytest.mark.parametrize("cursor", ["x", "", "-1", "1.5", "٣", "9" * 40, "\0"])
async def test_what_is_no_cursor_is_refused(harness: Harness, cursor: str) -> None:
    with pytest.raises(BadField, match="cursor"):
        await harness.runs.runs(after=cursor)


async def test_what_had_a_choice_without_effect_when_it_was_stored_is_read_without(
    harness: Harness,
) -> None:
    """As version 2 took it at first; bodies that have one are refused."""
    usual = RunSpec.model_validate({"net": {"norm": "none"}})
    config = json.loads(usual.model_dump_json())
    config["net"]["placement"] = "norm-after-addition"
    with pytest.raises(ValidationError, match="would change nothing"):
        RunSpec.model_validate_json(json.dumps(config))
    study = NewStudy("s", "twins", json.dumps({"study": "twins", "base": config}), ME)
    harness.store.add([NewRun("r", json.dumps(config), ME)], study)

    (run,) = (await harness.runs.runs(viewer=ME)).items
    (found,) = (await harness.runs.studies(viewer=ME)).items
    assert run.spec == usual
    assert found.spec == TwinsSpec(base=usual)
    assert found.runs == (run,)


async def test_what_fits_together_in_no_version_stays_unreadable(harness: Harness) -> None:
    config = json.loads(SPEC.model_dump_json())
    config["net"] |= {"norm": "none", "init": "zero-gamma"}
    harness.store.add([NewRun("r", json.dumps(config), ME)])
    page = await harness.runs.runs(viewer=ME)
    assert (page.items, page.unreadable) == ((), ("r",))
