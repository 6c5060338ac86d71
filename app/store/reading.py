"""Reads what a run said."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.store.records import Events
from app.store.tables import EVENT, FRAME, RUN


def events(
    connection: Connection, run: str, after: int, limit: int, max_bytes: int, frames: bool
) -> Events | None:
    """What the run said after event ``after``, or None where there is no such run.

    At most ``limit`` events and about ``max_bytes``, but one at least; without its frames where
    ``frames`` is false.
    """
    wanted = (
        select(EVENT.c.seq, EVENT.c.payload)
        .where(EVENT.c.run == run, EVENT.c.seq > after)
        .order_by(EVENT.c.seq)
        .limit(limit + 1)
    )
    if not frames:
        wanted = wanted.where(EVENT.c.type != FRAME)
    # Read first: what is committed between the two reads must not be skipped.
    last = connection.scalar(select(RUN.c.last_seq).where(RUN.c.id == run))
    if last is None:
        return None
    payloads: list[bytes] = []
    size = 0
    covered = after
    # Row by row: a frame may be large, and a thousand of them too large.
    with connection.execution_options(yield_per=32).execute(wanted) as rows:
        for seq, payload in rows:
            size += len(payload)
            if payloads and (len(payloads) == limit or size > max_bytes):
                return Events(tuple(payloads), covered, more=True)
            payloads.append(bytes(payload))
            covered = seq
    return Events(tuple(payloads), max(covered, last), more=False)
