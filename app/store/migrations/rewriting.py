"""Rewriting what is stored as JSON, the same for every migration: which says what changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

Json = dict[str, Any]
Change = Callable[[Json], Json]  # to a new object: what it is given stays as it is

EVENT = sa.table(
    "event",
    sa.column("run", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("type", sa.String),
    sa.column("payload", sa.LargeBinary),
)
AT_ONCE = 500


def rewrite_events(connection: sa.Connection, kind: str, change: Change) -> None:
    """Change the events of this kind, a few at a time: there may be many."""
    key = sa.tuple_(EVENT.c.run, EVENT.c.seq)
    few = (
        sa.select(EVENT.c.run, EVENT.c.seq, EVENT.c.payload)
        .where(EVENT.c.type == kind)
        .order_by(EVENT.c.run, EVENT.c.seq)
        .limit(AT_ONCE)
    )
    after = ("", -1)
    while rows := connection.execute(few.where(key > sa.tuple_(*map(sa.literal, after)))).all():
        for run, seq, payload in rows:
            if (text := changed(payload, change)) is not None:
                connection.execute(
                    sa.update(EVENT)
                    .where(EVENT.c.run == run, EVENT.c.seq == seq)
                    .values(payload=text.encode())
                )
        after = (rows[-1].run, rows[-1].seq)


def changed(text: str | bytes, change: Change) -> str | None:
    """The JSON after ``change``, as the program writes it.

    None where nothing changed, or where it does not read as what ``change`` is for.
    """
    try:
        before = json.loads(text)
        after = change(before)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return None if after == before else json.dumps(after, separators=(",", ":"), ensure_ascii=False)
