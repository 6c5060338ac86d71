"""Runs and studies as others see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.analyses.spec import ANALYSIS_SPEC
from app.events import Result
from app.executors.base import ENDED, State
from app.runs.errors import Unreadable
from app.spec import STORED, RunSpec
from app.store.records import PRECEDENCE, RunRow, StudyRow
from app.studies.spec import STUDY_SPEC, StudySpec


class View(BaseModel):
    """Frozen."""

    model_config = ConfigDict(frozen=True)


class Waits(View):
    """Who is served before a run that waits for a worker, and about how long that takes."""

    pairs: int  # pairs of networks before it
    runs: int  # single networks before it
    seconds: int | None  # rounded; None where nothing tells


class Outlook(View):
    """What lies before a run that has not ended."""

    waits: Waits | None = None
    ends_in: int | None = None


NO_OUTLOOK = Outlook()


class Run(View):
    """One run: what it is, where it stands, and what came of it. Times are in UTC."""

    id: str
    state: State
    spec: RunSpec
    analysis: dict[str, Any] | None  # what it asks of a trained network of this spec, if it does
    study: str | None
    step: int
    steps: int
    last_seq: int  # -1: no event yet
    result: Result | None
    reason: str | None  # why it stopped, failed or was interrupted
    network: int | None  # bytes of its network, where that is kept
    created: datetime
    started: datetime | None
    ended: datetime | None
    waits: Waits | None  # None where it doesn't wait
    ends_in: int | None  # seconds until it is stopped: it is paused, and others wait for its worker
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
    waits: Waits | None  # of the first of its runs that waits
    ends_in: int | None  # of the first of its runs that is to make room
    mine: bool


Item = TypeVar("Item")


class Page(View, Generic[Item]):
    """A part of a listing; ``next`` is the cursor to go on with, None at the end.

    ``unreadable`` are the ids of those that are of an earlier version, which can't be read.
    """

    items: tuple[Item, ...]
    unreadable: tuple[str, ...] = ()
    next: str | None


class RunPage(Page[Run]):
    """Runs, newest first. ``next`` is the ``after`` of the next page; null on the last."""


class StudyPage(Page[Study]):
    """Studies, newest first. ``next`` is the ``after`` of the next page; null on the last.

    A page is shorter than its limit where its studies have many runs.
    """


class EventPage(View):
    """A part of what a run said, as encoded; ``next`` is the cursor to go on with."""

    events: list[bytes]
    next: int | None


# Specs are frozen, and a study's runs, twins and repetitions share them.
_run_spec = lru_cache(4096)(partial(RunSpec.model_validate_json, context=STORED))
_study_spec = lru_cache(512)(partial(STUDY_SPEC.validate_json, context=STORED))
_analysis_spec = lru_cache(512)(partial(ANALYSIS_SPEC.validate_json, context=STORED))
_result = lru_cache(1024)(Result.model_validate_json)


def view_run(row: RunRow, outlook: Outlook, viewer: str | None, network: int | None = None) -> Run:
    """The run as ``viewer`` sees it; ``network``: bytes of its network, where that is kept.

    Raises:
        Unreadable: its configuration is not one of this version.
    """
    try:
        spec = _run_spec(row.spec)
        asked = None if row.analysis is None else _analysis_spec(row.analysis)
    except ValidationError as error:
        raise Unreadable from error
    return Run(
        id=row.id,
        state=State(row.state),
        spec=spec,
        analysis=asked and asked.plain(),
        study=row.study,
        step=row.step,
        steps=asked.steps(spec) if asked else spec.steps,
        last_seq=row.last_seq,
        result=None if row.result is None else _result(row.result),
        reason=row.reason,
        network=network,
        created=row.created,
        started=row.started,
        ended=row.ended,
        waits=outlook.waits,
        ends_in=outlook.ends_in,
        mine=row.owner == viewer,
    )


def overall(runs: Iterable[Run]) -> State:
    """The state of a study: that of the run which says most of it."""
    return min((run.state for run in runs), key=PRECEDENCE.index, default=State.FINISHED)


def view_study(row: StudyRow, runs: Sequence[Run], viewer: str | None) -> Study:
    """The study as ``viewer`` sees it; its state is its runs'.

    Raises:
        Unreadable: its configuration is not one of this version.
    """
    try:
        spec = _study_spec(row.spec)
    except ValidationError as error:
        raise Unreadable from error
    endings = [run.ended for run in runs if run.ended is not None and run.state in ENDED]
    return Study(
        id=row.id,
        study=row.kind,
        spec=spec,
        state=overall(runs),
        runs=tuple(runs),
        done=sum(run.state in ENDED for run in runs),
        total=len(runs),
        created=row.created,
        ended=max(endings) if len(endings) == len(runs) and endings else None,
        waits=next((run.waits for run in runs if run.waits is not None), None),
        ends_in=min((run.ends_in for run in runs if run.ends_in is not None), default=None),
        mine=row.owner == viewer,
    )
