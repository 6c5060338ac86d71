"""What can be read of runs and studies: views, events in pages, listings."""

from __future__ import annotations

import json
import re

import pytest

from app.executors.base import Action, State
from app.mistakes import BadField
from app.runs import NotFound, Run
from app.spec import RunSpec
from tests.app.runs.house import ME, SPEC, TWINS, YOU, House


async def test_a_runs_json_is_what_the_protocol_says(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    house.engine.begin(run.id)
    house.engine.steps(run.id, 2)
    house.engine.end(run.id, State.FINISHED)
    await house.over(run.id)
    shown = json.loads((await house.runs.run(run.id)).model_dump_json())
    keys = "id state spec study step steps last_seq result reason created started ended place mine"
    assert list(shown) == keys.split()
    assert shown["mine"] is False
    assert shown["result"]["train_error"] == 0.25
    assert RunSpec.model_validate_json(json.dumps(shown["spec"])) == SPEC
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
    for name in ("created", "started", "ended"):
        assert moment.fullmatch(shown[name])
    assert "owner" not in shown
    assert shown["created"] <= shown["started"] <= shown["ended"]


async def test_events_come_in_pages(house: House) -> None:
    run = await house.runs.create_run(SPEC, ME)
    house.engine.begin(run.id)
    house.engine.steps(run.id, 10)
    house.engine.end(run.id, State.FINISHED)
    await house.over(run.id)
    page = await house.runs.events(run.id, limit=4)
    assert (len(page.events), page.next) == (4, 3)
    page = await house.runs.events(run.id, after=3)
    assert (len(page.events), page.next) == (7, None)


async def test_what_is_not_there_is_not_found(house: House) -> None:
    for asking in (
        house.runs.run("nowhere"),
        house.runs.study("nowhere"),
        house.runs.events("nowhere"),
        house.runs.control_run("nowhere", Action.STOP, ME),
        house.runs.control_study("nowhere", Action.STOP, ME),
        house.runs.delete_run("nowhere", ME),
        house.runs.delete_study("nowhere", ME),
    ):
        with pytest.raises(NotFound):
            await asking


async def test_listings_are_filtered_and_paged(house: House) -> None:
    runs = [await house.runs.create_run(SPEC, ME if i % 2 else YOU) for i in range(5)]
    study = await house.runs.create_study(TWINS, ME)
    seen: list[Run] = []
    cursor: str | None = None
    while True:
        page = await house.runs.runs(after=cursor, limit=3, viewer=ME)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [run.id for run in seen] == [run.id for run in (*reversed(study.runs), *reversed(runs))]
    assert [run.mine for run in seen] == [True, True, False, True, False, True, False]
    found = await house.runs.runs(study=study.id)
    assert {run.id for run in found.items} == {run.id for run in study.runs}
    assert (await house.runs.runs(study="depth")).items == ()
    assert len((await house.runs.runs(text="none convnet")).items) == 1
    assert (await house.runs.runs(state=State.FAILED)).items == ()
    studies = await house.runs.studies(study="twins", state=State.QUEUED, viewer=ME)
    assert [one.id for one in studies.items] == [study.id]
    assert studies.items[0] == await house.runs.study(study.id, viewer=ME)


@pytest.mark.parametrize("cursor", ["x", "", "-1", "1.5", "٣", "9" * 40, "\0"])
async def test_what_is_no_cursor_is_refused(house: House, cursor: str) -> None:
    with pytest.raises(BadField, match="cursor"):
        await house.runs.runs(after=cursor)
