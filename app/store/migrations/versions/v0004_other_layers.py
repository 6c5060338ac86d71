"""Layers beside the main path are ``other_layers``, and each says what it is there for.

They were called ``projections`` when skips had nothing else, and then said ``conv`` or ``linear``.
It stands by itself: later versions of the program must not change what it makes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
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
OLD, NEW = "projections", "other_layers"
PLAIN = ("conv", "linear")  # what projections were told as


def upgrade() -> None:
    """Rename them in every run's first event; what has none stays as it is."""
    _rewrite(_renamed)


def downgrade() -> None:
    """Give them their old name."""
    _rewrite(lambda event: {OLD if key == NEW else key: value for key, value in event.items()})


def _rewrite(change: Callable[[Json], Json]) -> None:
    connection = op.get_bind()
    query = sa.select(EVENT.c.run, EVENT.c.seq, EVENT.c.payload).where(EVENT.c.type == "started")
    for run, seq, payload in connection.execute(query).all():
        try:
            event = change(json.loads(payload))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
        text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
        if text.encode() != payload:
            connection.execute(
                sa.update(EVENT)
                .where(EVENT.c.run == run, EVENT.c.seq == seq)
                .values(payload=text.encode())
            )


def _renamed(event: Json) -> Json:
    layers = [
        {**layer, "kind": "projection" if layer["kind"] in PLAIN else layer["kind"]}
        for layer in event[OLD]
    ]
    return {NEW if key == OLD else key: layers if key == OLD else value
            for key, value in event.items()}  # fmt: skip
