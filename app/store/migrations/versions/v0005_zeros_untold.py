"""Measures of earlier runs that did not tell what is exactly 0 from what underflowed say so.

The first runs that told it did so of the gradients by outputs and weights, and named the ``cpu``
among their versions. It stands by itself: later versions of the program must not change what it
makes.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Json = dict[str, Any]

EVENT = sa.table(
    "event",
    sa.column("run", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("type", sa.String),
    sa.column("payload", sa.LargeBinary),
)
TOLD = ("flow", "weight_grad", "update_ratio")


def upgrade() -> None:
    """Mark them in every run's first event; what does not read as one stays as it is."""
    connection = op.get_bind()
    query = sa.select(EVENT.c.run, EVENT.c.seq, EVENT.c.payload).where(EVENT.c.type == "started")
    for run, seq, payload in connection.execute(query).all():
        try:
            event = _marked(json.loads(payload))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
        text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
        connection.execute(
            sa.update(EVENT)
            .where(EVENT.c.run == run, EVENT.c.seq == seq)
            .values(payload=text.encode())
        )


def downgrade() -> None:
    """Nothing was changed that earlier versions would not leave unread."""


def _marked(event: Json) -> Json:
    told = TOLD if "cpu" in event["versions"] else ()
    measures = [
        {**one, "untold": True} if one["scale"] == "log" and one["name"] not in told else one
        for one in event["measures"]
    ]
    return {**event, "measures": measures}
