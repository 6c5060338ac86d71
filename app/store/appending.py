"""Writes what runs say: many batches in one transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from math import isfinite
from typing import Any, cast

from sqlalchemy import Connection, Executable, bindparam, select, update

from app.store.errors import Hole
from app.store.records import QUEUED, UNFINISHED, Batch, Move
from app.store.tables import EVENT, RUN

DIALECTS = ("sqlite", "postgresql")


@cache
def _insert_event(dialect: str) -> Executable:
    """Writing an event twice is harmless. A second ending is another matter: it must fail."""
    # Both dialects write the clause alike; each is large, so only the one in use is loaded.
    made: Any = import_module(f"sqlalchemy.dialects.{dialect}").insert(EVENT)
    return cast("Executable", made.on_conflict_do_nothing(index_elements=["run", "seq"]))


_STANDING = ("state", "step", "last_seq", "result", "reason", "started", "ended")
_RUNS = select(RUN.c.id, *(RUN.c[name] for name in _STANDING))
_UPDATE_RUN = (
    update(RUN)
    .where(RUN.c.id == bindparam("_id"))
    .values({name: bindparam(name) for name in _STANDING})
)

# "type" is the third member of every event, after its run and number.
_TYPE = re.compile(rb'"type":"([a-z_]+)"')


def append(
    connection: Connection, batches: Sequence[Batch], moves: Sequence[Move]
) -> frozenset[str]:
    """Keep the events, and where each run stands after them and then after its move.

    Returns the runs that took something in vain: deleted meanwhile, or ended before.

    Raises:
        Hole: events are missing between what is stored and a batch.
    """
    ids = {batch.run for batch in batches} | {move.run for move in moves}
    rows = connection.execute(_RUNS.where(RUN.c.id.in_(ids)).with_for_update())
    runs = {row.id: dict(row._mapping) for row in rows}
    now = datetime.now(UTC)
    refused = set(ids - runs.keys())
    events: list[dict[str, Any]] = []
    for batch in batches:
        if batch.run in refused:
            continue
        run = runs[batch.run]
        if batch.last_seq <= run["last_seq"] and batch.events:
            continue  # written before
        if run["state"] not in UNFINISHED:
            refused.add(batch.run)
            continue
        if batch.first_seq > run["last_seq"] + 1:
            raise Hole(f"event {run['last_seq'] + 1} of run {batch.run} is missing")
        events += _rows(batch)
        _follow(run, batch, now)
    for move in moves:
        if move.run not in refused and runs[move.run]["state"] in UNFINISHED:
            run = runs[move.run]
            run["state"], run["step"] = move.state, max(move.step, run["step"])
            if move.state != QUEUED:
                run["started"] = run["started"] or now
    if events:
        connection.execute(_insert_event(connection.dialect.name), events)
    if runs:
        connection.execute(_UPDATE_RUN, [{"_id": run.pop("id"), **run} for run in runs.values()])
    return frozenset(refused)


def _rows(batch: Batch) -> list[dict[str, Any]]:
    return [
        {"run": batch.run, "seq": seq, "type": kind(payload), "payload": payload}
        for seq, payload in enumerate(batch.events, batch.first_seq)
    ]


def _follow(run: dict[str, Any], batch: Batch, now: datetime) -> None:
    run["last_seq"] = batch.last_seq
    run["step"] = max(batch.step, run["step"])
    if batch.events:
        run["started"] = run["started"] or now
    if batch.result is not None:
        run["result"] = _json(batch.result)
    if batch.ending is not None:
        run["state"], run["reason"], run["ended"] = str(batch.ending), batch.reason, now


def kind(payload: bytes) -> str:
    """The type of an encoded event.

    Raises:
        ValueError: it has none where it belongs.
    """
    found = _TYPE.search(payload, 0, 200)
    if found is None:
        raise ValueError("an event without a type")
    return found[1].decode()


def _json(result: Mapping[str, Any]) -> str:
    finite = {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in result.items()
    }
    return json.dumps(finite, allow_nan=False)
