"""Runs and studies that were trained before: in a server's data folder, or in a file of events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.problems import Usage
from app.cli.text import text_of
from app.events import ENDINGS, EVENT, NOTHING, Result, Started
from app.executors.base import State
from app.runs.errors import Unreadable
from app.runs.views import NO_OUTLOOK, Run, Study, overall, view_run, view_study
from app.store.store import Store
from app.studies.spec import STUDY_SPEC

if TYPE_CHECKING:
    from sqlalchemy import URL

Events = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Recording:
    """A run or a study, and by run everything that was said."""

    of: Run | Study
    events: dict[str, Events]


def from_store(url: str | URL, name: str) -> Recording | None:
    """The run or study of this id in a database, which a server may be using; None: there is none.

    Raises:
        StoreError: the database can't be read.
        Usage: it is of an earlier version, which can't be read.
    """
    with closing(Store(url)) as store:
        store.open(owner=False)
        try:
            if row := store.run(name):
                return Recording(view_run(row, NO_OUTLOOK, None), {name: _events(store, name)})
            if found := store.study(name):
                runs = [view_run(run, NO_OUTLOOK, None) for run in store.runs_of([name])]
                events = {run.id: _events(store, run.id) for run in runs}
                return Recording(view_study(found, runs, None), events)
        except Unreadable as error:
            raise Usage([f"{name}: {error}"]) from None
    return None


def _events(store: Store, run: str) -> Events:
    found: Events = []
    after, more = -1, True
    while more and (page := store.events(run, after)) is not None:
        found += [json.loads(payload) for payload in page.payloads]
        after, more = page.last, page.more
    return found


def from_file(path: Path) -> Recording:
    """What ``depthscope train --json`` or ``depthscope study ... --json`` printed.

    Raises:
        Usage: the file holds something else.
    """
    study: dict[str, Any] | None = None
    events: dict[str, Events] = {}
    try:
        for line in filter(str.strip, StringIO(text_of(path))):  # at \n alone, as JSON lines end
            said = json.loads(line)
            if said["type"] == "study":
                study = said
            else:
                events.setdefault(said["run"], []).append(said)
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        runs = [
            _run(name, said, path.stem if study else None, made) for name, said in events.items()
        ]
        if study is not None:
            in_order = sorted(runs, key=lambda run: study["runs"].index(run.id))
            return Recording(_study(path.stem, study, in_order, made), events)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        StopIteration,
        RecursionError,
    ) as error:
        raise Usage([f"{path}: is not a file of events; allowed: what --json prints"]) from error
    if len(runs) != 1:
        raise Usage([f"{path}: holds {len(runs)} runs; allowed: one run, or a study"])
    return Recording(runs[0], events)


def _run(name: str, said: Events, study: str | None, made: datetime) -> Run:
    """The run as a server would show it; the file does not tell when it was trained."""
    events = [EVENT.validate_json(json.dumps(one)) for one in said]
    started = next(event for event in events if isinstance(event, Started))
    result = reduce(Result.after, events, NOTHING)
    ending = events[-1] if isinstance(events[-1], ENDINGS) else None
    return Run(
        id=name,
        state=State(ending.type) if ending else State.INTERRUPTED,
        spec=started.spec,
        analysis=started.analysis,
        study=study,
        step=result.step,
        steps=started.spec.steps if started.analysis is None else result.step,
        last_seq=said[-1]["seq"],
        result=result,
        reason=getattr(ending, "reason", None),
        network=None,
        created=made,
        started=None,
        ended=None,
        waits=None,
        ends_in=None,
        mine=False,
    )


def _study(name: str, said: dict[str, Any], runs: Sequence[Run], made: datetime) -> Study:
    spec = STUDY_SPEC.validate_json(json.dumps(said["spec"]))
    return Study(
        id=name,
        study=spec.study,
        spec=spec,
        state=overall(runs),
        runs=tuple(runs),
        done=len(runs),
        total=len(said["runs"]),
        created=made,
        ended=None,
        waits=None,
        ends_in=None,
        mine=False,
    )
