"""Runs and studies as others see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from app.events import Result
from app.executors.base import ENDED, State
from app.spec import RunSpec
from app.store.records import PRECEDENCE, RunRow, StudyRow
from app.studies.spec import STUDY_SPEC, StudySpec


class View(BaseModel):
    """Frozen."""

    model_config = ConfigDict(frozen=True)


class Run(View):
    """One run: what it is, where it stands, and what came of it. Times are in UTC."""

    id: str
    state: State
    spec: RunSpec
    study: str | None
    step: int
    steps: int
    last_seq: int  # -1: no event yet
    result: Result | None
    reason: str | None  # why it stopped or failed
    created: datetime
    started: datetime | None
    ended: datetime | None
    place: int | None  # in the queue, from 1; None where it doesn't wait
    mine: bool  # whether the viewer started it


class Study(View):
    """Several runs that answer one question. Times are in UTC."""

    id: str
    study: str  # which kind: twins, depth, sweep
    spec: StudySpec
    state: State  # running if any run is, else paused if any is, else queued, failed, ...
    runs: tuple[Run, ...]  # in the order of the plan
    done: int  # how many runs have ended
    total: int
    created: datetime
    ended: datetime | None
    place: int | None  # of the first of its runs that waits
    mine: bool


Item = TypeVar("Item")


class Page(View, Generic[Item]):
    """A part of a listing; ``next`` is the cursor to go on with, None at the end."""

    items: tuple[Item, ...]
    next: str | None


class EventPage(View):
    """A part of what a run said, as encoded; ``next`` is the cursor to go on with."""

    events: list[bytes]
    next: int | None


# Specs are frozen, and a study's runs, twins and repetitions share them.
_run_spec = lru_cache(4096)(RunSpec.model_validate_json)
_study_spec = lru_cache(512)(STUDY_SPEC.validate_json)
_result = lru_cache(1024)(Result.model_validate_json)


def view_run(row: RunRow, place: int | None, viewer: str | None) -> Run:
    """The run as ``viewer`` sees it."""
    spec = _run_spec(row.spec)
    return Run(
        id=row.id,
        state=State(row.state),
        spec=spec,
        study=row.study,
        step=row.step,
        steps=spec.steps,
        last_seq=row.last_seq,
        result=None if row.result is None else _result(row.result),
        reason=row.reason,
        created=row.created,
        started=row.started,
        ended=row.ended,
        place=place,
        mine=row.owner == viewer,
    )


def overall(runs: Iterable[Run]) -> State:
    """The state of a study: that of the run which says most of it."""
    return min((run.state for run in runs), key=PRECEDENCE.index, default=State.FINISHED)


def view_study(row: StudyRow, runs: Sequence[Run], viewer: str | None) -> Study:
    """The study as ``viewer`` sees it; its state is its runs'."""
    endings = [run.ended for run in runs if run.ended is not None and run.state in ENDED]
    return Study(
        id=row.id,
        study=row.kind,
        spec=_study_spec(row.spec),
        state=overall(runs),
        runs=tuple(runs),
        done=sum(run.state in ENDED for run in runs),
        total=len(runs),
        created=row.created,
        ended=max(endings) if len(endings) == len(runs) and endings else None,
        place=min((run.place for run in runs if run.place is not None), default=None),
        mine=row.owner == viewer,
    )
